"""The XML of a paragraph's parts: runs, bookmarks, fields that Word and LibreOffice work out again."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from netcea.submission.document.lengths import EMU
from netcea.visible_text import visible

NAMESPACES: Final = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)


def run(text: str, *, bold: bool = False, style: str = "") -> str:
    """Return text that looks the same throughout.

    Parameters
    ----------
    text : str
        Plain; a new line breaks the line.
    bold : bool
        Whether it is bold.
    style : str
        Id of a character style; empty for none.

    Examples
    --------
    >>> run("a < b")
    '<w:r><w:t xml:space="preserve">a &lt; b</w:t></w:r>'
    """
    looks = (f"<w:rStyle w:val={quoteattr(style)}/>" if style else "") + ("<w:b/>" if bold else "")
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(visible(line))}</w:t>' for line in text.split("\n") if line or text
    )
    return f"<w:r>{f'<w:rPr>{looks}</w:rPr>' if looks else ''}{lines}</w:r>"


def field(instruction: str, shown: str, *, bold: bool = False) -> str:
    r"""Return a field with what it shows until it is worked out again.

    Parameters
    ----------
    instruction : str
        Such as ``REF _Ref1 \h``.
    shown : str
        Its result now.
    bold : bool
        Whether that is bold.
    """
    return f"<w:fldSimple w:instr={quoteattr(f' {instruction} ')}>{run(shown, bold=bold)}</w:fldSimple>"


def sequence(name: str, number: int) -> str:
    """Return the number of a caption, which Word counts.

    Parameters
    ----------
    name : str
        Of the sequence: 'Table', 'Figure'.
    number : int
        That it comes to.
    """
    return field(rf"SEQ {name} \* ARABIC", str(number))


def reference(bookmark: str, shown: str) -> str:
    """Return a cross-reference: what stands in a bookmark, and a link to it.

    Parameters
    ----------
    bookmark : str
        Its name.
    shown : str
        What stands there.
    """
    return field(rf"REF {bookmark} \h", shown)


def bookmarked(name: str, number: int, inside: str) -> str:
    """Return parts of a paragraph in a bookmark.

    Parameters
    ----------
    name : str
        At most 40 letters, digits and underscores; one that begins with an underscore is not listed.
    number : int
        Unique in the document.
    inside : str
        XML of the parts.
    """
    start = f'<w:bookmarkStart w:id="{number}" w:name={quoteattr(name)}/>'
    return f'{start}{inside}<w:bookmarkEnd w:id="{number}"/>'


def paragraph(style: str, inside: str, extra: str = "") -> str:
    """Return a paragraph.

    Parameters
    ----------
    style : str
        Id of its style.
    inside : str
        XML of its parts.
    extra : str
        XML of further properties, in the order of the schema.
    """
    return f"<w:p><w:pPr><w:pStyle w:val={quoteattr(style)}/>{extra}</w:pPr>{inside}</w:p>"


def field_begin(instruction: str) -> str:
    """Return the beginning of a field over several paragraphs.

    Parameters
    ----------
    instruction : str
        Of the field.
    """
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


FIELD_END: Final = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def link(bookmark: str, inside: str) -> str:
    """Return parts of a paragraph that lead to a bookmark.

    Parameters
    ----------
    bookmark : str
        Its name.
    inside : str
        XML of the parts.
    """
    return f'<w:hyperlink w:anchor={quoteattr(bookmark)} w:history="1">{inside}</w:hyperlink>'


def picture(relation: str, number: int, name: str, alt: str, size: tuple[float, float]) -> str:
    """Return a picture in the line, with what it shows in words.

    Parameters
    ----------
    relation : str
        Id of the relationship to its file.
    number : int
        Unique among the drawings of the document.
    name, alt : str
        Its name, and what it shows.
    size : tuple of float
        Width and height. [cm]
    """
    cx, cy = (round(length * EMU) for length in size)
    words, called = quoteattr(visible(alt)), quoteattr(visible(name))
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{cx}" cy="{cy}"/>'
        f'<wp:docPr id="{number}" name={called} descr={words}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name={called} descr={words}/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )
