"""A workbook that somebody sent: an archive of XML that is read only if it is what it says, and only as far as needed.

Every .xlsx that netcea reads goes through `open_archive`. What is not needed (pictures, charts, sheets that only show
results) is never unpacked. XML is read as a stream by the standard library's expat, which fetches nothing from outside;
a document type, in which entities by which a small file can grow without end are defined, is refused where it begins.
"""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.parsers import expat

from netcea.errors import InputError, Place, Problem, shortened
from netcea.storage.regular_file import read_regular
from netcea.visible_text import visible

MEGABYTE: Final = 10**6
MOST_BYTES: Final = 60 * MEGABYTE
"""Of the file; a workbook of 28 scenarios and 10,000 draws has a tenth of it."""
MOST_UNPACKED: Final = 400 * MEGABYTE
"""Of all parts together; such a workbook has a tenth of it."""
MOST_OF_A_PART: Final = 100 * MEGABYTE
"""Of a part that is read; the largest sheet of such a workbook has a tenth of it."""
MOST_TIMES_PACKED: Final = 300
"""Of a part of more than a megabyte, unpacked; sheets have 10 to 50."""
MOST_PARTS: Final = 2000
MOST_OF_DIRECTORY: Final = 400 * MOST_PARTS
"""Of the archive's list of its parts. [bytes]"""
MOST_ELEMENTS: Final = 1_500_000
"""Of XML that is read, in all parts together; the model's sheets of 28 scenarios have a quarter of it."""
DEEPEST: Final = 64
"""Elements within elements."""
PIECE: Final = 1 << 16
"""Of XML that is read at once. [bytes]"""
OLD_OR_ENCRYPTED: Final = b"\xd0\xcf\x11\xe0"
CONTENT_TYPES: Final = "[Content_Types].xml"
MAIN: Final = "xl/workbook.xml"
MAIN_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
KINDS: Final = {
    "vbaproject": ("a workbook with macros", "save it as .xlsx, which has none"),
    "xl/macrosheets/": ("a workbook with macros", "save it as .xlsx, which has none"),
    "externallinks/": ("links to other workbooks", "remove them (Excel: Data, Edit links, Break link)"),
    "/embeddings/": ("a workbook with other files in it", "delete the embedded objects"),
    "encryptedpackage": ("an encrypted workbook", "save it without a password"),
}
"""What the name of a part says -> what it is, what to do."""
ARCHIVES: Final = (".zip", ".xlsx", ".xlsm", ".xlsb", ".xls", ".docx", ".gz", ".7z", ".rar", ".tar")

XML: Final = (".xml", ".rels", ".vml")

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def not_a_workbook(shown_as: str, found: str, suggestion: str = "") -> Problem:
    """Return why a file is not read."""
    return Place(shown_as).problem(found, "an Excel workbook (.xlsx) that `netcea export` wrote", suggestion)


class _UnreadableError(Exception):
    """XML that is not read, and why."""


@dataclass
class Archive:
    """The parts of a workbook; each is unpacked when it is read.

    Attributes
    ----------
    shown_as : str
        The file as the user named it.
    """

    shown_as: str
    _zip: zipfile.ZipFile
    _elements: int = field(default=0)

    @property
    def names(self) -> frozenset[str]:
        """Return the names of all parts."""
        return frozenset(self._zip.namelist())

    def wrong(self, found: str, suggestion: str = "") -> InputError:
        """Return why the file is not read."""
        return InputError(not_a_workbook(self.shown_as, found, suggestion))

    def read(self, name: str, start: Start, end: End | None = None, text: Text | None = None) -> None:
        """Read a part of XML from its beginning to its end.

        Parameters
        ----------
        name : str
        start : function of (name of an element, its attributes)
            Names are without their namespace.
        end : function of name of an element
        text : function of text

        Raises
        ------
        InputError
            No such part, damaged, too large, too many elements, a document type, not in UTF-8.
        """
        self._feed(name, self._parser(start, end, text))

    def check_beginning(self, name: str) -> None:
        """See that a part is XML without a document type, up to its first element.

        Raises
        ------
        InputError
            It is not.
        """
        begun, counted = False, self._elements

        def start(_name: str, _attributes: dict[str, str]) -> None:
            nonlocal begun
            begun = True

        self._feed(name, self._parser(start, None, None), lambda: begun)
        self._elements = counted

    def _feed(self, name: str, parser: expat.XMLParserType, enough: Callable[[], bool] = lambda: False) -> None:
        try:
            with self._zip.open(_of_limited_size(self._zip.getinfo(name))) as part:
                while not enough() and (piece := part.read(PIECE)):
                    parser.Parse(piece, False)
                if not enough():
                    parser.Parse(b"", True)
        except KeyError:
            raise self.wrong(f"a workbook without its part {_shown(name)}") from None
        except InputError:
            raise
        except Exception as error:  # whatever damaged archives and XML raise, from zlib to a number that is none
            raise self.wrong(f"a workbook that cannot be read, in {_shown(name)}: {_shown(str(error))}") from error

    def _parser(self, start: Start, end: End | None, text: Text | None) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        depth = 0

        def begin(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            self._elements += 1
            if depth > DEEPEST or self._elements > MOST_ELEMENTS:
                raise _UnreadableError(f"more than {MOST_ELEMENTS:,} elements, or {DEEPEST} within one another")
            start(name.rpartition(":")[2], attributes)

        def finish(name: str) -> None:
            nonlocal depth
            depth -= 1
            if end is not None:
                end(name.rpartition(":")[2])

        parser.StartElementHandler = begin
        parser.EndElementHandler = finish
        if text is not None:
            parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _refuse_document_type
        parser.XmlDeclHandler = _refuse_other_encodings
        return parser


def _of_limited_size(part: zipfile.ZipInfo) -> zipfile.ZipInfo:
    if part.file_size > MOST_OF_A_PART:
        raise _UnreadableError(f"it has more than {MOST_OF_A_PART // MEGABYTE} MB")
    return part


def _refuse_document_type(*_: object) -> None:
    raise _UnreadableError("XML with a document type or entities, which no spreadsheet program writes")


def _refuse_other_encodings(_version: str, encoding: str | None, _standalone: int) -> None:
    if (encoding or "utf-8").lower() not in ("utf-8", "utf8", "us-ascii"):
        raise _UnreadableError("XML that is not in UTF-8")


def _shown(text: str) -> str:
    return visible(shortened(text))


def read_bytes(path: Path, shown_as: str) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    InputError
        No such file, not an ordinary file, too large.
    """
    if not path.is_file():
        what = "a folder" if path.is_dir() else "a device or a pipe" if path.exists() else "no such file"
        raise Place(shown_as).error(what, "an Excel workbook that `netcea export` wrote")
    if path.stat().st_size > MOST_BYTES:
        found = f"a file of more than {MOST_BYTES // MEGABYTE} MB"
        raise InputError(not_a_workbook(shown_as, found, "is it the right file?"))
    try:
        return read_regular(path, MOST_BYTES)
    except OSError as error:
        raise InputError(not_a_workbook(shown_as, f"a file that cannot be read ({error.strerror})")) from error


def open_archive(data: bytes, shown_as: str) -> Archive:
    """Return the parts of a workbook, of which none is unpacked yet but the list of their kinds.

    Raises
    ------
    InputError
        Not an .xlsx file, encrypted, with macros or external links, too large, or damaged.
    """
    if data.startswith(OLD_OR_ENCRYPTED):
        what = "an encrypted workbook or one of the old .xls format"
        raise InputError(not_a_workbook(shown_as, what, "save it as .xlsx without a password"))
    _refuse_long_directory(data, shown_as)
    try:
        archive = Archive(shown_as, zipfile.ZipFile(io.BytesIO(data)))
    except Exception as error:  # whatever a damaged archive raises
        found = f"a file that is no .xlsx or is damaged ({_shown(str(error))})"
        raise InputError(not_a_workbook(shown_as, found)) from error
    parts = archive._zip.infolist()  # noqa: SLF001 - the archive that was made here
    reason = _of_all(parts) or next((reason for part in parts if (reason := _of_one(part)) is not None), None)
    if reason is not None:
        raise archive.wrong(*reason)
    if CONTENT_TYPES not in archive.names or MAIN not in archive.names:
        raise archive.wrong("an archive that is not an Excel workbook")
    for name in sorted(archive.names):
        if name.lower().endswith(XML):
            archive.check_beginning(name)
    _refuse_other_types(archive)
    return archive


def _refuse_long_directory(data: bytes, shown_as: str) -> None:
    """Refuse an archive by the record at its end, before its list of parts is read: millions of them take minutes."""
    at = data.rfind(b"PK\x05\x06")
    if at < 0:
        return  # zipfile says so
    count, size = int.from_bytes(data[at + 10 : at + 12], "little"), int.from_bytes(data[at + 12 : at + 16], "little")
    of_64_bits = data[max(at - 20, 0) : at].startswith(b"PK\x06\x07")
    if count > MOST_PARTS or size > MOST_OF_DIRECTORY or of_64_bits:
        raise InputError(not_a_workbook(shown_as, "an archive with too many parts", "is it a zip bomb?"))


def _of_all(parts: list[zipfile.ZipInfo]) -> tuple[str, str] | None:
    """Return what is wrong with the parts together, and what to do."""
    names = [part.filename.lower() for part in parts]
    if len(parts) > MOST_PARTS or len(set(names)) < len(names):
        return "an archive with too many parts, or parts of the same name", ""
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        return f"an archive that unpacks to more than {MOST_UNPACKED // MEGABYTE} MB", "is it a zip bomb?"
    return None


def _of_one(part: zipfile.ZipInfo) -> tuple[str, str] | None:
    """Return what is wrong with a part, and what to do."""
    name = part.filename
    lower = name.lower()
    if part.flag_bits & 1:
        return "an archive with a password", "save it without"
    for word, reason in KINDS.items():
        if word in lower:
            return reason
    if stat.S_ISLNK(part.external_attr >> 16):
        return f"a link in place of a part, {_shown(name)}", ""
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
        return f"a part that lies outside the archive, {_shown(name)}", ""
    if lower.endswith(ARCHIVES):
        return f"another archive inside, {_shown(name)}", "delete the embedded objects"
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return f"a part that is packed as no spreadsheet program does, {_shown(name)}", ""
    if part.file_size > max(MEGABYTE, MOST_TIMES_PACKED * part.compress_size):
        return f"a part that unpacks to more than {MOST_TIMES_PACKED} times its size, {_shown(name)}", "a zip bomb?"
    return None


def _refuse_other_types(archive: Archive) -> None:
    """Refuse what says that it is something else than a workbook without macros."""
    found: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "Override" and attributes.get("PartName") == f"/{MAIN}":
            found.append(attributes.get("ContentType", ""))

    archive.read(CONTENT_TYPES, start)
    if any("macroEnabled" in kind for kind in found):
        raise archive.wrong(*KINDS["vbaproject"])
    if found != [MAIN_TYPE]:
        raise archive.wrong("an archive whose content types do not say that it is a workbook", "save it as .xlsx")
