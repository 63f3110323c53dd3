"""The styles of the document: those of a company's template where it has them, netcea's own otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, count
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from docx.document import Document

FONT: Final = "Arial"
INK: Final = "1B1B1B"
ACCENT: Final = "0B3C5D"
PALE: Final = "DCE6EE"
GREY: Final = "5A5A5A"
CALL: Final = "7A3E00"
LANGUAGE: Final = "en-GB"


@dataclass(frozen=True)
class Look:
    """How a paragraph style looks where the template has none of its name.

    Attributes
    ----------
    size : float
        Of the letters. [points]
    before, after : float
        Space. [points]
    colour : str
    bold, italic, keep_next : bool
    outline : int or None
        Level in the table of contents, from 0.
    indent : float
        [cm]
    shade : str
        Colour behind it; empty for none.
    """

    size: float = 10.0
    before: float = 0.0
    after: float = 6.0
    colour: str = INK
    bold: bool = False
    italic: bool = False
    keep_next: bool = False
    outline: int | None = None
    indent: float = 0.0
    shade: str = ""


STYLES: Final[Mapping[str, Look]] = {
    "Normal": Look(),
    "Title": Look(24.0, 60.0, 10.0, ACCENT, bold=True),
    "Subtitle": Look(13.0, 0.0, 16.0, GREY),
    "Heading 1": Look(16.0, 18.0, 8.0, ACCENT, bold=True, keep_next=True, outline=0),
    "Heading 2": Look(13.0, 14.0, 6.0, ACCENT, bold=True, keep_next=True, outline=1),
    "Heading 3": Look(11.0, 10.0, 4.0, ACCENT, bold=True, keep_next=True, outline=2),
    "TOC Heading": Look(14.0, 16.0, 8.0, ACCENT, bold=True, keep_next=True),
    "toc 1": Look(10.0, 4.0, 1.0, bold=True),
    "toc 2": Look(9.5, 0.0, 1.0, indent=0.5),
    "toc 3": Look(9.0, 0.0, 1.0, indent=1.0),
    "table of figures": Look(9.0, 0.0, 1.0),
    "Caption": Look(9.0, 10.0, 4.0, ACCENT, bold=True, keep_next=True),
    "List Bullet": Look(10.0, 0.0, 3.0, indent=0.6),
    "Table Text": Look(8.0, 1.0, 1.0),
    "Table Heading": Look(8.0, 2.0, 2.0, ACCENT, bold=True, keep_next=True),
    "Table Note": Look(7.5, 2.0, 8.0, GREY),
    "Figure": Look(10.0, 0.0, 4.0),
    "To Be Completed": Look(10.0, 2.0, 6.0, CALL, italic=True, shade="FFF3DC"),
    "Bibliography": Look(9.0, 0.0, 3.0, indent=0.9),
    "header": Look(8.0, 0.0, 0.0, GREY),
    "footer": Look(7.5, 0.0, 0.0, GREY),
}
"""Paragraph styles of the document -> how each looks unless a template says otherwise."""
TABLE_STYLE: Final = "netcea Table"
OWN: Final = ("Table Text", "Table Heading", "Table Note", "Figure", "To Be Completed", "Bibliography", TABLE_STYLE)
"""Styles that no word processor has by itself: a template that does not know them is not at fault."""


def style_ids(document: Document, *, of_template: bool) -> tuple[dict[str, str], list[str]]:
    """Make sure that every style is there; return name -> its id, and the names that a template lacks.

    Parameters
    ----------
    document : Document
        Of python-docx.
    of_template : bool
        Whether styles that are there stay as they are.
    """
    from docx.enum.style import WD_STYLE_TYPE

    there = {style.name: style for style in document.styles}
    lower = {str(name).lower(): style for name, style in there.items()}
    ids, missing = {}, []
    for name, look in STYLES.items():
        style = there.get(name) or lower.get(name.lower())
        if style is None or style.type != WD_STYLE_TYPE.PARAGRAPH:
            missing.append(name)
            style = _added(document, name, WD_STYLE_TYPE.PARAGRAPH)
            _dress(document, style, name, look)
        elif not of_template:
            _dress(document, style, name, look)
        ids[name] = style.style_id
    table = there.get(TABLE_STYLE)
    if table is None or table.type != WD_STYLE_TYPE.TABLE:
        missing.append(TABLE_STYLE)
        table = _added(document, TABLE_STYLE, WD_STYLE_TYPE.TABLE)
        _dress_table(table)
    ids[TABLE_STYLE] = table.style_id
    return ids, missing


def _added(document: Document, name: str, kind: Any) -> Any:
    """Add a style; where one of another kind has its name or its id, one whose name says that it is netcea's."""
    taken = {str(text).lower() for style in document.styles for text in (style.name, style.style_id)}
    names = chain((name, f"netcea {name}"), (f"netcea {name} {n}" for n in count(2)))
    free = next(text for text in names if not {text.lower(), text.replace(" ", "").lower()} & taken)
    return document.styles.add_style(free, kind)


def _dress(document: Document, style: Any, name: str, look: Look) -> None:
    """Give a paragraph style its looks, in place of those it has."""
    from docx.oxml import parse_xml

    from netcea.submission.document.lengths import TWIPS
    from netcea.submission.document.markup import NAMESPACES

    element = style.element
    for tag in ("pPr", "rPr"):
        for child in element.findall(f"{{{_W}}}{tag}"):
            element.remove(child)
    keep = "<w:keepNext/><w:keepLines/>" if look.keep_next else ""
    bullet = f'<w:numPr><w:numId w:val="{_bullets(document)}"/></w:numPr>' if name == "List Bullet" else ""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{look.shade}"/>' if look.shade else ""
    spacing = f'<w:spacing w:before="{round(20 * look.before)}" w:after="{round(20 * look.after)}"/>'
    hanging = round(look.indent * TWIPS) if name in ("List Bullet", "Bibliography") else 0
    indent = f'<w:ind w:left="{round(look.indent * TWIPS)}" w:hanging="{hanging}"/>' if look.indent else ""
    outline = f'<w:outlineLvl w:val="{look.outline}"/>' if look.outline is not None else ""
    paragraph = f"<w:pPr {NAMESPACES}>{keep}{bullet}{shade}{spacing}{indent}{outline}</w:pPr>"
    font = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'
    looks = ("<w:b/>" if look.bold else "") + ("<w:i/>" if look.italic else "")
    size = f'<w:sz w:val="{round(2 * look.size)}"/><w:szCs w:val="{round(2 * look.size)}"/>'
    letters = f'<w:rPr {NAMESPACES}>{font}{looks}<w:color w:val="{look.colour}"/>{size}</w:rPr>'
    at = _after_head(element)
    element.insert(at, parse_xml(paragraph))
    element.insert(at + 1, parse_xml(letters))


_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEAD: Final = frozenset(
    f"{{{_W}}}{tag}"
    for tag in ("name", "aliases", "basedOn", "next", "link", "autoRedefine", "hidden", "uiPriority", "semiHidden")
) | frozenset(f"{{{_W}}}{tag}" for tag in ("unhideWhenUsed", "qFormat", "locked", "personal", "rsid"))
"""What stands in a style before its properties."""


def _after_head(element: Any) -> int:
    return sum(child.tag in _HEAD for child in element)


def _bullets(document: Document) -> int:
    """Return the id of a new list of bullets."""
    from docx.oxml import parse_xml

    from netcea.submission.document.markup import NAMESPACES

    numbering = _numbering(document)
    known = [int(n) for n in numbering.xpath("./w:abstractNum/@w:abstractNumId")]
    used = [int(n) for n in numbering.xpath("./w:num/@w:numId")]
    abstract, number = max(known, default=0) + 1, max(used, default=0) + 1
    level = (
        f'<w:abstractNum {NAMESPACES} w:abstractNumId="{abstract}"><w:multiLevelType w:val="singleLevel"/>'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="&#8226;"/>'
        '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="340" w:hanging="340"/></w:pPr></w:lvl></w:abstractNum>'
    )
    first = next(iter(numbering.xpath("./w:num")), None)
    made = parse_xml(level)
    numbering.append(made) if first is None else first.addprevious(made)
    numbering.append(parse_xml(f'<w:num {NAMESPACES} w:numId="{number}"><w:abstractNumId w:val="{abstract}"/></w:num>'))
    return number


def _numbering(document: Document) -> Any:
    """Return the lists of a document; a template may have none."""
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.oxml import parse_xml
    from docx.parts.numbering import NumberingPart

    from netcea.submission.document.markup import NAMESPACES

    part = document.part
    if not any(rel.reltype == RELATIONSHIP_TYPE.NUMBERING for rel in part.rels.values()):
        empty = parse_xml(f"<w:numbering {NAMESPACES}/>")
        name = PackURI("/word/numbering.xml")
        made = NumberingPart(name, CONTENT_TYPE.WML_NUMBERING, empty, part.package)
        part.relate_to(made, RELATIONSHIP_TYPE.NUMBERING)
    return part.numbering_part.element


def _dress_table(style: Any) -> None:
    """Give the table style thin lines between rows and a pale heading row."""
    from docx.oxml import parse_xml

    from netcea.submission.document.markup import NAMESPACES

    line = 'w:val="single" w:sz="4" w:space="0" w:color="B7C4CE"'
    borders = (
        f"<w:tblBorders><w:top {line}/><w:bottom {line}/><w:insideH {line}/></w:tblBorders>"
        '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>'
    )
    first = (
        f'<w:tblStylePr {NAMESPACES} w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{PALE}"/><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
    )
    style.element.append(parse_xml(f"<w:tblPr {NAMESPACES}>{borders}</w:tblPr>"))
    style.element.append(parse_xml(first))
