"""The Word file as a package: opened from a template or made anew, saved so that its bytes are reproducible."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from netcea.errors import Place, shortened
from netcea.storage.regular_file import read_regular

if TYPE_CHECKING:
    from docx.document import Document

OLDEST: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP archive can name."""
LARGEST_TEMPLATE: Final = 50_000_000
LARGEST_UNPACKED: Final = 500_000_000
"""Of a template, as it is and unpacked. [bytes]"""
LONGEST_PROPERTY: Final = 255
"""What a property of an Office file holds. [characters]"""
_NEEDED: Final = frozenset({"[Content_Types].xml", "word/document.xml"})


def opened(template: Path | None) -> Document:
    """Return an empty document with the styles, page and headers of a template, or of none.

    Parameters
    ----------
    template : Path or None
        A .docx file; its text is left out.

    Raises
    ------
    InputError
        The template is not a Word document.
    """
    import docx

    document = docx.Document() if template is None else _read(template)
    body = document.element.body
    for child in list(body):
        if not child.tag.endswith("}sectPr"):
            body.remove(child)
    return document


def _read(template: Path) -> Document:
    """Read a template; whatever is wrong with it is one message."""
    import docx

    place = Place(str(template))
    try:
        found = _fault_of(data := read_regular(template, LARGEST_TEMPLATE))
    except FileNotFoundError:
        raise place.error("no such file", "a Word document (.docx) with styles") from None
    except OSError as error:
        found = f"a file that cannot be read ({error.strerror})"
    if not found:
        try:
            document = docx.Document(io.BytesIO(data))
            _ = [style.name for style in document.styles]
            _in_numbers(document.sections[-1])
        except Exception as error:  # noqa: BLE001 - python-docx answers a broken file with whatever comes first
            found = f"a file that cannot be read as a Word document ({type(error).__name__})"
        else:
            return document
    hint = "open it in Word and save it as .docx, or leave --template out"
    raise place.error(found, "a Word document (.docx) with styles", hint)


def _in_numbers(section: Any) -> None:
    """Write the page's size and margins as numbers: Word may have them with a unit, such as 21cm."""
    sides = ("page_width", "page_height", "left_margin", "right_margin", "top_margin", "bottom_margin", "gutter")
    for name in sides:
        if (found := getattr(section, name)) is not None:
            setattr(section, name, found)


def _fault_of(data: bytes) -> str:
    """Say why bytes are no Word document; nothing where they may be."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            size = sum(info.file_size for info in archive.infolist())
            kinds = archive.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return "a file that is no Word document"
    if not names >= _NEEDED:
        return "a file that is no Word document"
    if size > LARGEST_UNPACKED:
        return f"a file that unpacks to {size:,} bytes"
    if b"wordprocessingml.template" in kinds or b"macroEnabled" in kinds:
        return "a template (.dotx) or a document with macros"
    return ""


def about(document: Document, *, title: str, author: str, subject: str, keywords: str, date: dt.date) -> None:
    """Say in the file what it is.

    Parameters
    ----------
    document : Document
        Whose properties are set.
    title, author, subject, keywords : str
        What it is, who hands it in, of which run it is.
    date : date
        Of the document.
    """
    at = dt.datetime(date.year, date.month, date.day)  # noqa: DTZ001 - a document's date has no time zone
    found: Any = document.core_properties
    found.title, found.author = shortened(title, LONGEST_PROPERTY), shortened(author, LONGEST_PROPERTY)
    found.subject, found.keywords = shortened(subject, LONGEST_PROPERTY), shortened(keywords, LONGEST_PROPERTY)
    found.last_modified_by, found.comments, found.category = found.author, "", "Cost-effectiveness analysis"
    found.language, found.revision = "en-GB", 1
    found.created = found.modified = at
    found.last_printed = at


def saved(document: Document) -> bytes:
    """Return the bytes of the file; the same document has the same.

    Parameters
    ----------
    document : Document
        As it is to be.
    """
    made, out = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            info = zipfile.ZipInfo(name, OLDEST)
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return out.getvalue()
