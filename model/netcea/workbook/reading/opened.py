"""A workbook's sheets and names as they stand in the file, without formats, comments, pictures and charts.

openpyxl, which writes workbooks, is no reader of untrusted ones: cells merged over a whole sheet, or one stray cell at
its far end, make it fill memory. Here a cell is what the file says of it, and there are no others.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from netcea.workbook.reading.sheet_cells import SheetCells, SheetReader
from netcea.workbook.reading.untrusted import MAIN, Archive, open_archive

RELATIONS: Final = "xl/_rels/workbook.xml.rels"
WORKSHEET, STRINGS, STYLES = "worksheet", "sharedStrings", "styles"
MOST_SHEETS: Final = 500
MOST_NAMES: Final = 50_000
LONGEST_FORMAT: Final = 1000


@dataclass(frozen=True)
class OpenedWorkbook:
    """A workbook that somebody sent.

    Attributes
    ----------
    archive : Archive
    parts : mapping of title of a sheet -> its part
        In the order of the workbook; sheets of charts have an empty one.
    names : mapping of name -> what it refers to
        Of the whole workbook.
    local_names : tuple of (title of a sheet, name)
        Of one sheet.
    full_precision : bool
        Whether it calculates with numbers as they are, not as they are displayed.
    strings, styles : str
        Parts with texts and formats; empty where there are none.
    """

    archive: Archive
    parts: Mapping[str, str]
    names: Mapping[str, str]
    local_names: tuple[tuple[str, str], ...]
    full_precision: bool
    strings: str = ""
    styles: str = ""
    _sheets: dict[str, SheetCells] = field(default_factory=dict)

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the titles of its sheets."""
        return tuple(self.parts)

    def sheet(self, title: str) -> SheetCells:
        """Return the cells of a sheet.

        Raises
        ------
        InputError
            They cannot be read.
        KeyError
            There is no such sheet.
        """
        if title not in self._sheets:
            part = self.parts[title]
            reader = SheetReader(title, self._texts, self._dates)
            if part:
                self.archive.read(part, reader.start, reader.end, reader.text)
            self._sheets[title] = reader.found
        return self._sheets[title]

    @cached_property
    def _texts(self) -> list[str]:
        """Texts that cells share."""
        found: list[str] = []
        pieces: list[str] = []
        open_elements: list[str] = []

        def start(name: str, _: dict[str, str]) -> None:
            open_elements.append(name)
            if name == "si":
                pieces.clear()

        def end(name: str) -> None:
            open_elements.pop()
            if name == "si":
                found.append("".join(pieces))

        def text(piece: str) -> None:
            if open_elements[-1:] == ["t"] and "rPh" not in open_elements:
                pieces.append(piece)

        if self.strings:
            self.archive.read(self.strings, start, end, text)
        return found

    @cached_property
    def _dates(self) -> list[bool]:
        """Of each format of cells, whether it shows numbers as dates or times."""
        formats: dict[int, str] = dict(BUILTIN_FORMATS)
        found: list[bool] = []
        open_elements: list[str] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            open_elements.append(name)
            if name == "numFmt" and "numFmts" in open_elements:
                formats[int(attributes["numFmtId"])] = attributes["formatCode"][:LONGEST_FORMAT]
            elif name == "xf" and "cellXfs" in open_elements:
                found.append(bool(is_date_format(formats.get(int(attributes.get("numFmtId", 0)), "General"))))

        def end(_: str) -> None:
            open_elements.pop()

        if self.styles:
            self.archive.read(self.styles, start, end)
        return found


def open_workbook(data: bytes, shown_as: str) -> OpenedWorkbook:
    """Return a workbook of which names and titles were read, and no cells yet.

    Parameters
    ----------
    data : bytes
        The file.
    shown_as : str
        As the user named it.

    Raises
    ------
    InputError
        Not an .xlsx file, encrypted, with macros or external links, too large, or not readable.
    """
    archive = open_archive(data, shown_as)
    parts = _related(archive)
    reader = _MainReader()
    archive.read(MAIN, reader.start, reader.end, reader.text)
    titles = [title for title, _ in reader.sheets]
    if len({title.lower() for title in titles}) < len(titles) or len(titles) > MOST_SHEETS:
        raise archive.wrong("sheets of the same name, or too many sheets")
    names = [name.lower() for name, _, local in reader.names if local is None]
    if len(set(names)) < len(names) or len(reader.names) > MOST_NAMES:
        raise archive.wrong("a name that is defined twice, or too many names")
    sheets = {}
    for title, relation in reader.sheets:
        kind, part = parts.get(relation, ("", ""))
        sheets[title] = part if kind == WORKSHEET else ""
    at = [part for part in sheets.values() if part]
    if len(set(at)) < len(at):
        raise archive.wrong("two sheets that are one part")
    others = {kind: part for kind, part in parts.values() if kind in (STRINGS, STYLES)}
    local = tuple((_title(titles, number), name) for name, _, number in reader.names if number is not None)
    return OpenedWorkbook(
        archive,
        sheets,
        {name: text for name, text, number in reader.names if number is None},
        local,
        reader.full_precision,
        others.get(STRINGS, ""),
        others.get(STYLES, ""),
    )


def _title(titles: list[str], number: str) -> str:
    return titles[int(number)] if number.isdecimal() and len(number) < 5 and int(number) < len(titles) else "?"


def _related(archive: Archive) -> dict[str, tuple[str, str]]:
    """Return the workbook's relations: identifier -> (kind, part)."""
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name != "Relationship":
            return
        kind, target = attributes["Type"].rpartition("/")[2], attributes["Target"]
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if kind in (WORKSHEET, STRINGS, STYLES):
            if attributes.get("TargetMode", "Internal") != "Internal" or part not in archive.names:
                raise archive.wrong(f"a workbook whose {kind} lies outside of it")
            found[attributes["Id"]] = kind, part

    archive.read(RELATIONS, start)
    return found


class _MainReader:
    """What stands in the part that lists sheets and names."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.names: list[tuple[str, str, str | None]] = []
        self.full_precision = True
        self._open: list[str] = []
        self._text: list[str] = []
        self._name: tuple[str, str | None] = ("", None)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        within, self._open = self._open[-1:], [*self._open, name]
        if name == "sheet" and within == ["sheets"]:
            relation = next(value for key, value in attributes.items() if key.endswith(":id"))
            self.sheets.append((attributes["name"], relation))
        elif name == "definedName" and within == ["definedNames"]:
            self._name, self._text = (attributes["name"], attributes.get("localSheetId")), []
        elif name == "calcPr":
            self.full_precision = attributes.get("fullPrecision", "1") not in ("0", "false")

    def end(self, name: str) -> None:
        """End an element."""
        self._open.pop()
        if name == "definedName" and self._open[-1:] == ["definedNames"]:
            self.names.append((self._name[0], "".join(self._text), self._name[1]))

    def text(self, piece: str) -> None:
        """Take text."""
        if self._open[-1:] == ["definedName"]:
            self._text.append(piece)
