"""A submission as one Word document: title, contents, sections, bibliography; numbered and marked throughout."""

from __future__ import annotations

import copy
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from netcea.reporting.number_format import plain
from netcea.submission.abbreviations import abbreviation_blocks
from netcea.submission.bibliography import Bibliography
from netcea.submission.blocks import Block, FigureBlock, Heading, Paragraph, TableBlock
from netcea.submission.document.contents import contents_xml
from netcea.submission.document.figures import WIDEST_FIGURE, figure_png
from netcea.submission.document.front import TITLE, foot_xml, head_xml, title_blocks
from netcea.submission.document.labels import Labels, labels_of, source_bookmark
from netcea.submission.document.layout import Page, parts_of_document
from netcea.submission.document.looks import TABLE_STYLE, style_ids
from netcea.submission.document.markup import NAMESPACES, bookmarked, paragraph, picture, run, sequence
from netcea.submission.document.package import about, opened, saved
from netcea.submission.document.tables import Looks, table_xml
from netcea.submission.sections import blocks_of
from netcea.submission.submission import Submission

if TYPE_CHECKING:
    from docx.document import Document

PARAGRAPHS: Final = {
    "text": "Normal",
    "list": "List Bullet",
    "note": "Table Note",
    "to_be_completed": "To Be Completed",
}
"""Style of a paragraph -> the style of Word that it has."""
SOURCES: Final = "References"
FIRST_BOOKMARK: Final = 1000


@dataclass(frozen=True)
class Written:
    """A document that was made.

    Attributes
    ----------
    data : bytes
        Of the .docx file.
    missing_styles : tuple of str
        Styles that the template has not: netcea's own stand in their place.
    """

    data: bytes
    missing_styles: tuple[str, ...] = ()


def document_of(
    submission: Submission, *, template: Path | None = None, author: str = "", date: dt.date | None = None
) -> Written:
    """Return a submission as a Word document.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    template : Path, optional
        A company's .docx file: its styles, page and headers are taken, its text is not.
    author : str
        Who hands it in, as the file's properties say it.
    date : date, optional
        Of the document; today when left out.

    Raises
    ------
    InputError
        The template is no Word document.
    """
    document = opened(template)
    ids, missing = style_ids(document, of_template=template is not None)
    date = date or dt.datetime.now(tz=dt.UTC).date()
    front, sections, scenario = title_blocks(submission, date), blocks_of(submission), submission.scenario
    short = abbreviation_blocks([*front, *sections], scenario.abbreviations, scenario.bibliography)
    blocks = [*front, *short, *sections, Heading(SOURCES, 1, "references")]
    _Writer(document, ids, blocks, submission, Page.of(document, of_template=template is not None)).write(date)
    about(
        document,
        title=f"{TITLE}: {plain(scenario.file.name)}",
        author=author or "netcea",
        subject=plain(scenario.file.decision_problem.population),
        keywords=f"digest {scenario.digest}",
        date=date,
    )
    return Written(saved(document), tuple(missing) if template is not None else ())


class _Writer:
    """Puts blocks into the body of a document, one after another."""

    def __init__(
        self, document: Document, ids: Mapping[str, str], blocks: Sequence[Block], submission: Submission, page: Page
    ) -> None:
        self.document, self.ids, self.blocks, self.submission, self.page = document, ids, blocks, submission, page
        self.labels: Labels = labels_of(blocks, Bibliography.of(submission.scenario, blocks))
        self.looks = Looks(ids[TABLE_STYLE], ids["Table Text"], ids["Table Heading"], ids["Table Note"])
        self.bookmark = FIRST_BOOKMARK
        self.drawings = 0
        self.numbers = {"Table": 0, "Figure": 0}
        self.number_of_block = {id(block): n for n, block in enumerate(blocks, 1)}

    def write(self, date: dt.date) -> None:
        """Write every block, the bibliography, headers and footers."""
        parts = parts_of_document(self.blocks, self.page, self.labels)
        for n, (lying, part) in enumerate(parts):
            for block in part:
                self._append(self._block(block, lying=lying))
            if n < len(parts) - 1:
                self._turn(lying=lying)
        self._append(self._bibliography())
        self._end(date, lying=parts[-1][0])

    # ------------------------------------------------------------------------------------------------ blocks
    def _block(self, block: Block, *, lying: bool) -> str:
        if isinstance(block, Heading):
            return self._heading(block)
        if isinstance(block, Paragraph):
            return paragraph(self.ids[PARAGRAPHS[block.style]], self.labels.runs(block.text))
        if isinstance(block, TableBlock):
            room, _ = self.page.room(lying=lying)
            marking = self.submission.mark if block.table.marking else ""
            return self._caption("Table", block, marking) + table_xml(block, room, self.looks, self.labels)
        return self._figure(block, lying=lying)

    def _heading(self, block: Heading) -> str:
        """Return a heading; the contents stand below the title of the document's own."""
        if block.level == 0:
            words = {"title": "Title", "subtitle": "Subtitle"}
            return paragraph(self.ids[words[block.key]], run(block.text))
        if block.key == "contents":
            return contents_xml(self.blocks, self.labels, self.ids)
        label = self.labels.by_key[block.key or f"heading {self.number_of_block[id(block)]}"]
        rest = block.text.removeprefix(label.shown)
        inside = bookmarked(label.bookmark, self._next_bookmark(), run(label.shown)) + (run(rest) if rest else "")
        return paragraph(self.ids[f"Heading {min(block.level, 3)}"], inside)

    def _caption(self, kind: str, block: TableBlock | FigureBlock, marking: str) -> str:
        self.numbers[kind] += 1
        label = self.labels.by_key[f"{kind} {self.numbers[kind]}"]
        number = bookmarked(label.bookmark, self._next_bookmark(), run(f"{kind} ") + sequence(kind, label.number))
        mark = f" [{marking}]" if marking else ""
        return paragraph(self.ids["Caption"], f"{number}{run(': ')}{self.labels.runs(block.caption)}{run(mark)}")

    def _figure(self, block: FigureBlock, *, lying: bool) -> str:
        png, ratio = figure_png(block)
        width, height = self.page.room(lying=lying)
        wide = min(width, WIDEST_FIGURE, (height - 2.0) / ratio)
        relation, _ = self.document.part.get_or_add_image(io.BytesIO(png))
        self.drawings += 1
        alt = self.labels.plain(block.alt)
        drawn = picture(relation, self.drawings, f"Figure {self.drawings}", alt, (wide, wide * ratio))
        return self._caption("Figure", block, self.submission.mark) + paragraph(self.ids["Figure"], drawn)

    def _bibliography(self) -> str:
        made = []
        for source in self.labels.bibliography.sources:
            at = bookmarked(source_bookmark(source.number), self._next_bookmark(), run(str(source.number)))
            made.append(paragraph(self.ids["Bibliography"], f"{run('[')}{at}{run(f'] {source.citation}')}"))
        return "".join(made) or paragraph(self.ids["Normal"], run("No source is cited."))

    # --------------------------------------------------------------------------------------------- the body
    def _append(self, xml: str) -> None:
        from docx.oxml import parse_xml

        end = self.document.element.body.sectPr
        for element in list(parse_xml(f"<w:body {NAMESPACES}>{xml}</w:body>")):
            end.addprevious(element)

    def _turn(self, *, lying: bool) -> None:
        """End a stretch of pages: the last paragraph of it says how they lie."""
        from docx.oxml import OxmlElement

        last = self.document.element.body.sectPr.getprevious()
        properties = last.get_or_add_pPr()
        section = copy.deepcopy(self.page.lying if lying else self.page.upright)
        if not self.document.element.body.xpath("./w:p/w:pPr/w:sectPr"):
            self._with_heads(section)
        mark = OxmlElement("w:sectPr")
        for child in section:
            mark.append(child)
        properties.append(mark)

    def _with_heads(self, section: Any) -> None:
        """Give the first section the headers and footers of the document: those that follow take them from it."""
        own = self.document.element.body.sectPr
        for child in reversed([c for c in own if c.tag.rpartition("}")[2] in ("headerReference", "footerReference")]):
            section.insert(0, child)
        first = next((c for c in own if c.tag.endswith("}titlePg")), None)
        if first is not None:
            section.append(first)

    def _end(self, date: dt.date, *, lying: bool) -> None:
        """Turn the last pages, and write headers and footers."""
        body, section = self.document.element.body, self.document.sections[0]
        heads = {"header": head_xml(self.submission, self.ids), "footer": foot_xml(self.submission, date, self.ids)}
        for kind, xml in heads.items():
            _put(getattr(section, kind), xml)
            if section.different_first_page_header_footer:
                _put(getattr(section, f"first_page_{kind}"), xml)
        if len(self.document.sections) > 1:
            last = body.sectPr
            for child in list(last):
                last.remove(child)
            for child in copy.deepcopy(self.page.lying if lying else self.page.upright):
                last.append(child)

    def _next_bookmark(self) -> int:
        self.bookmark += 1
        return self.bookmark


def _put(part: Any, xml: str) -> None:
    """Put paragraphs below what a header or footer has already; an empty one goes."""
    from docx.oxml import parse_xml

    part.is_linked_to_previous = False
    element = part._element  # noqa: SLF001 - python-docx has no other way to append XML
    for child in list(element):
        if child.tag.endswith("}p") and not "".join(child.itertext()).strip() and not child.xpath(".//w:drawing"):
            element.remove(child)
    for child in list(parse_xml(f"<w:body {NAMESPACES}>{xml}</w:body>")):
        element.append(child)
    if not len(element):
        element.append(parse_xml(f"<w:p {NAMESPACES}/>"))
