"""Slides as a PowerPoint file: titles, pictures with alternative text, tables with heading rows, notes, a footer."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Sequence
from typing import Any, Final

from netcea.errors import Place
from netcea.reporting.number_format import plain
from netcea.submission.blocks import FigureBlock, Paragraph, TableBlock, parts_of
from netcea.submission.document.figures import figure_png
from netcea.submission.document.lengths import EMU
from netcea.submission.document.package import about, saved
from netcea.submission.document.tables import headings_of, texts_in
from netcea.submission.slides.contents import slides_of
from netcea.submission.slides.fit import SIZES, column_widths, row_heights, table_fit, text_height
from netcea.submission.slides.slide import Part, Slide
from netcea.submission.submission import Submission
from netcea.version import __version__

INSTALL: Final = "install it with `pip install netcea[slides]`, or leave --slides out"
WIDTH, HEIGHT = 33.867, 19.05
"""Of a slide, 16 to 9. [cm]"""
EDGE: Final = 1.3
TOP: Final = 3.1
"""Where the parts of a slide begin, below its title. [cm]"""
BOTTOM: Final = 17.7
"""Where they end, above the footer. [cm]"""
GAP: Final = 0.8
CAPTION: Final = 0.9
"""Of a caption above its figure or table. [cm]"""
FONT: Final = "Arial"
INK, GREY, BLUE, RED, PALE = "222222", "595959", "0072B2", "B00020", "EAF2F8"
DIGITS: Final = 12
"""Of the digest, where it identifies a run to the eye."""
TITLE_ONLY: Final = 5
"""Layout of python-pptx's own template: a title and nothing else."""

Box = tuple[float, float, float, float]
"""Left, top, width, height. [cm]"""


def slides_bytes(submission: Submission, *, author: str = "", date: dt.date | None = None) -> bytes:
    """Return the slides of a submission as a .pptx file; the same run and date give the same bytes.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    author : str
        Who hands it in, as the file's properties say it.
    date : date, optional
        Of the slides; today when left out.

    Raises
    ------
    InputError
        python-pptx is not installed.
    """
    return _Deck(submission, date or dt.date.today()).write(author)  # noqa: DTZ011 - a day, as people write it


def check_installed() -> None:
    """Refuse slides where python-pptx is not installed.

    Raises
    ------
    InputError
        It is not.
    """
    try:
        import pptx  # noqa: F401
    except ImportError:
        raise Place("--slides").error("slides (.pptx)", "python-pptx, which writes them", INSTALL) from None


class _Deck:
    """A presentation that is being written."""

    def __init__(self, submission: Submission, date: dt.date) -> None:
        check_installed()
        import pptx
        from pptx.util import Emu

        self.submission, self.date = submission, date
        self.file: Any = pptx.Presentation()
        self.file.slide_width, self.file.slide_height = Emu(_emu(WIDTH)), Emu(_emu(HEIGHT))
        self.count = 0

    def write(self, author: str) -> bytes:
        """Write every slide and return the file."""
        scenario = self.submission.scenario
        self._title()
        for slide in slides_of(self.submission):
            self._slide(slide)
        about(
            self.file,
            title=f"{plain(scenario.file.title)}: slides",
            author=author,
            subject=plain(scenario.file.decision_problem.population),
            keywords=f"netcea {__version__}, digest {scenario.digest}",
            date=self.date,
        )
        return saved(self.file)

    # -------------------------------------------------------------------------------------------------- slides
    def _new(self, title: str) -> Any:
        from pptx.enum.text import PP_ALIGN

        slide = self.file.slides.add_slide(self.file.slide_layouts[TITLE_ONLY])
        self.count += 1
        shape = slide.shapes.title
        _place(shape, (EDGE, 1.0, WIDTH - 2 * EDGE, 1.6))
        shape.text_frame.word_wrap, shape.text_frame.margin_left = True, 0
        self._write(shape.text_frame, [title], 28.0, bold=True)
        shape.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        self._head(slide)
        return slide

    def _title(self) -> None:
        scenario, problem = self.submission.scenario, self.submission.scenario.file.decision_problem
        slide = self._new(plain(scenario.file.title))
        lines = [
            f"{plain(problem.intervention)} compared with {plain('; '.join(problem.comparators))}",
            plain(problem.population),
            f"Judged by {scenario.method_pack.name}, from the perspective of {scenario.file.perspective}",
            f"netcea {__version__}, digest {scenario.digest}",
            "Every figure and table is of one run; the digest at the foot names it.",
        ]
        if scenario.prices.marking:
            lines.append(plain(scenario.prices.marking))
        self._text(slide, lines, (EDGE, TOP + 1.0, WIDTH - 2 * EDGE, BOTTOM - TOP - 1.0), most=20.0)
        self._end(slide, (f"Scenario {plain(scenario.source)}, numbers from {plain(scenario.inputs_folder)}.",))

    def _slide(self, made: Slide) -> None:
        slide = self._new(made.title)
        texts = list(dict.fromkeys(part for part in made.parts if isinstance(part, Paragraph)))
        shown = [part for part in made.parts if not isinstance(part, Paragraph)]
        room: Box = (EDGE, TOP, WIDTH - 2 * EDGE, BOTTOM - TOP)
        if not shown:
            self._text(slide, [_words(text.text) for text in texts], room, bullets=len(texts) > 1)
        elif made.layout == "below" or len(made.parts) == 1:
            self._stacked(slide, made.parts, room)
        else:
            self._beside(slide, made.parts, room)
        self._end(slide, made.notes)

    def _beside(self, slide: Any, parts: Sequence[Part], room: Box) -> None:
        left, top, width, height = room
        figures = [isinstance(part, FigureBlock) for part in parts]
        share = 0.5 if all(figures) or not any(figures) else 0.58
        first = (width - GAP) * share
        self._part(slide, parts[0], (left, top, first, height))
        self._part(slide, parts[1], (left + first + GAP, top, width - GAP - first, height))

    def _stacked(self, slide: Any, parts: Sequence[Part], room: Box) -> None:
        left, top, width, height = room
        spare = height - GAP * (len(parts) - 1)
        wanted = next(fits for size in SIZES if (fits := _heights(parts, width, height, size)) or size == SIZES[-1])
        wanted = wanted or [height / len(parts)] * len(parts)
        scale = min(1.0, spare / sum(wanted))
        for part, tall in zip(parts, wanted, strict=True):
            self._part(slide, part, (left, top, width, tall * scale))
            top += tall * scale + GAP

    # --------------------------------------------------------------------------------------------------- parts
    def _part(self, slide: Any, part: Part, box: Box) -> None:
        if isinstance(part, Paragraph):
            self._text(slide, [_words(part.text)], box)
            return
        if isinstance(part, FigureBlock):
            self._picture(slide, part, box)  # it has its title in it
            return
        left, top, width, height = box
        self._text(slide, [_words(part.caption)], (left, top, width, CAPTION), most=14.0, bold=True, colour=GREY)
        self._table(slide, part, (left, top + CAPTION, width, height - CAPTION))

    def _picture(self, slide: Any, part: FigureBlock, box: Box) -> None:
        left, top, width, height = box
        data, ratio = figure_png(part)
        wide = min(width, height / ratio)
        picture = slide.shapes.add_picture(io.BytesIO(data), *map(_emu, (left, top, wide, wide * ratio)))
        picture.name = f"Figure {part.name}"
        _described(picture._element.nvPicPr.cNvPr, part.alt)  # noqa: SLF001 - python-pptx has no way to say it

    def _table(self, slide: Any, part: TableBlock, box: Box) -> None:
        left, top, width, height = box
        rows, whole = _rows(part)
        size, widths, kept = table_fit(rows, whole, (width, height - CAPTION), part.widths)
        rows = rows[: kept + 1]
        tall = row_heights(rows, widths, size)
        frame = slide.shapes.add_table(len(rows), len(widths), *map(_emu, (left, top, sum(widths), sum(tall))))
        frame.name = f"Table {part.table.name}"
        _described(frame._element.nvGraphicFramePr.cNvPr, _words(part.caption))  # noqa: SLF001 - as above
        self._cells(frame.table, rows, whole, size)
        for column, wide in zip(frame.table.columns, widths, strict=True):
            column.width = _emu(wide)
        for row, high in zip(frame.table.rows, tall, strict=True):
            row.height = _emu(high)
        left_out = len(part.table.rows) - kept
        if left_out:
            words = f"{left_out} more rows: table {part.table.name}."
            self._text(slide, [words], (left, top + sum(tall) + 0.1, width, CAPTION), most=11.0, colour=GREY)

    def _cells(self, table: Any, rows: Sequence[Sequence[str]], whole: Sequence[bool], size: float) -> None:
        from pptx.enum.text import PP_ALIGN

        table.horz_banding = False
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                cell = table.cell(r, c)
                cell.margin_left = cell.margin_right = _emu(0.15)
                cell.margin_top = cell.margin_bottom = _emu(0.07)
                _fill(cell, BLUE if r == 0 else PALE if r % 2 == 0 else "FFFFFF")
                self._write(cell.text_frame, [text], size, bold=r == 0, colour="FFFFFF" if r == 0 else INK)
                if whole[c]:
                    cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT

    # --------------------------------------------------------------------------------------------------- words
    def _text(
        self,
        slide: Any,
        lines: Sequence[str],
        box: Box,
        *,
        most: float = SIZES[0],
        bold: bool = False,
        colour: str = INK,
        bullets: bool = False,
    ) -> None:
        """Write paragraphs into a box, at the largest size at which they stay in it."""
        _, _, width, height = box
        sizes = [size for size in SIZES if size <= most] or [most]
        size = next((s for s in sizes if text_height(lines, width - 0.5, s) <= height), sizes[-1])
        shape = slide.shapes.add_textbox(*map(_emu, box))
        shape.text_frame.word_wrap = True
        shape.text_frame.margin_left = shape.text_frame.margin_top = 0
        shown = [f"• {line}" for line in lines] if bullets else lines
        self._write(shape.text_frame, shown, size, bold=bold, colour=colour)

    def _write(self, frame: Any, lines: Sequence[str], size: float, *, bold: bool = False, colour: str = INK) -> None:
        from pptx.enum.lang import MSO_LANGUAGE_ID
        from pptx.util import Pt

        for n, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
            run = paragraph.add_run()
            run.text = line
            font = run.font
            font.name, font.size, font.bold = FONT, Pt(size), bold
            font.color.rgb = _colour(colour)
            font.language_id = MSO_LANGUAGE_ID.ENGLISH_UK
            if n:
                paragraph.space_before = Pt(size * 0.5)

    def _head(self, slide: Any) -> None:
        """Mark a slide of a confidential or of a redacted run, above its title."""
        words = "REDACTED" if self.submission.redacted else self.submission.mark
        if words:
            self._text(slide, [words], (EDGE, 0.35, WIDTH - 2 * EDGE, 0.7), most=12.0, bold=True, colour=RED)

    def _end(self, slide: Any, notes: Sequence[str]) -> None:
        """Write the footer and the speaker's notes."""
        scenario = self.submission.scenario
        run = f"netcea {__version__} | digest {scenario.digest[:DIGITS]}"
        words = f"{run} | {self.date.day} {self.date:%B %Y} | {self.count}"
        self._text(slide, [words], (EDGE, 18.1, WIDTH - 2 * EDGE, 0.7), most=10.0, colour=GREY)
        marking = [plain(scenario.prices.marking)] if scenario.prices.marking else []
        told = [*marking, *map(_words, notes), f"Digest of the run: {scenario.digest}."]
        slide.notes_slide.notes_text_frame.text = "\n".join(told)


def _heights(parts: Sequence[Part], width: float, room: float, size: float) -> list[float]:
    """Return the heights of parts below one another [cm]; nothing where they do not fit at this size of letters."""
    found = [_height(part, width, room, size) for part in parts]
    return found if sum(found) <= room - GAP * (len(parts) - 1) else []


def _height(part: Part, width: float, room: float, size: float) -> float:
    if isinstance(part, Paragraph):
        return text_height([_words(part.text)], width - 0.5, size)
    if isinstance(part, FigureBlock):
        return room * 0.55
    rows, whole = _rows(part)
    columns = [list(cells) for cells in zip(*rows, strict=True)]
    widths, broken = column_widths(columns, whole, size, width, part.widths)
    return math.inf if broken else CAPTION * 2 + sum(row_heights(rows, widths, size))


def _rows(part: TableBlock) -> tuple[list[list[str]], list[bool]]:
    """Return heading and rows of a table as they are read, and which of its columns are numbers."""
    rows = [[_words(text) for text in texts] for texts in (headings_of(part), *texts_in(part.table))]
    return rows, [column.format != "text" for column in part.table.columns]


def _words(text: str) -> str:
    """Return text without marks of references and sources."""
    return plain("".join(value for kind, value in parts_of(text) if kind == "text"))


def _emu(centimetres: float) -> int:
    return round(centimetres * EMU)


def _place(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = map(_emu, box)


def _described(element: Any, alt: str) -> None:
    element.set("descr", alt)


def _fill(cell: Any, colour: str) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = _colour(colour)


def _colour(digits: str) -> Any:
    from pptx.dml import color

    made: Any = color.RGBColor
    return made.from_string(digits)
