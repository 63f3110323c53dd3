"""The layout of a CSV file: what separates its columns, where its header stands, what R and Excel add."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from netcea.errors import InputError, Place
from netcea.storage.delimited.lines import MOST_COLUMNS
from netcea.storage.delimited.numbers import number

SAMPLE: Final = 1000
"""Lines from which the layout of a long file is told."""
_SEPARATORS: Final = (",", ";", "\t", "|", " ")
_ROW_NAMES: Final = frozenset(("", "x", "...1", "unnamed: 0", "rownames", "row.names", "rowname", "row", "index"))
_UNCLOSED: Final = "a quote that is not closed, or text after a closing quote"


@dataclass(frozen=True)
class Layout:
    """How the rows of a file are read.

    Attributes
    ----------
    separator : str
        Of columns.
    names : tuple of str
        Of the columns, as in the header, without row names.
    header_line : int
        1-based; rows follow it. 0 in an empty file.
    row_names : bool
        Whether each row begins with a name or number of its own, which is passed over.
    """

    separator: str
    names: tuple[str, ...]
    header_line: int
    row_names: bool = False

    def rows(self, lines: Iterable[str], first_line: int, place: Place) -> Iterator[tuple[int, list[str]]]:
        """Yield line and cells of each row; blank ones are left out, and empty cells beyond the last column.

        Parameters
        ----------
        lines : iterable of str
            Below the header, or some of them.
        first_line : int
            Number of the first, counted from 1.
        place : Place
            Of the file.

        Yields
        ------
        tuple of (int, list of str)
            Line, and its cells without spaces around them.

        Raises
        ------
        InputError
            A quote that is not closed.
        """
        width = len(self.names) + self.row_names
        for line, cells in _split(lines, self.separator, first_line, place):
            while len(cells) > width and not cells[-1]:
                cells.pop()
            yield line, cells[1:] if self.row_names else cells


def layout_of(lines: Sequence[str], place: Place, known: Sequence[str] = ()) -> Layout:
    r"""Return the layout of a file from its first lines.

    Parameters
    ----------
    lines : sequence of str
        The first ones, or all.
    place : Place
        Of the file.
    known : sequence of str
        Names that columns may have.

    Returns
    -------
    Layout
        Without names in an empty file.

    Raises
    ------
    InputError
        No header.

    Examples
    --------
    >>> layout_of(['"";"age";"qx"', '"1";50;0,01', '"2";51;0,02'], Place("x.csv"))
    Layout(separator=';', names=('age', 'qx'), header_line=1, row_names=True)
    """
    start, separator = _before_header(lines)
    if start == len(lines):
        return Layout(",", (), 0)
    sample = list(lines[start : start + SAMPLE])
    separator = separator or _separator_of(sample)
    header = [cells for _, cells in _split(sample[:1], separator, start + 1, place)]
    if not header:  # a row of empty cells in quotes
        raise Place(place.file, start + 1).error("a first row without a name", "the names of the columns")
    names = header[0]
    while len(names) > 1 and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise Place(place.file, start + 1).error(f"{len(names):,} columns", f"at most {MOST_COLUMNS:,}")
    _check_header(names, separator, Place(place.file, start + 1), known)
    try:
        body = list(_split(sample[1:], separator, start + 2, place))
    except InputError:  # told when the rows are read
        body = []
    named = _are_row_names(names[0], [cells[0] for _, cells in body], known)
    quoted = all(line.startswith('"') or separator != "," for line in sample[1:] if line.strip())
    unnamed = quoted and len(names) > 1 and _has_row_numbers(body, len(names))
    return Layout(separator, tuple(names[1:] if named else names), start + 1, named or unnamed)


def _check_header(names: Sequence[str], separator: str, place: Place, known: Sequence[str]) -> None:
    """Refuse a first row of numbers: the header is missing."""
    numbers = any(number(name, mark) is not None for name in names for mark in (".", ","))
    if numbers and set(map(_simple, names)).isdisjoint(map(_simple, known)):
        first = ", ".join(names[:4])
        line = separator.join(known) if 0 < len(known) < 10 else "the names of the columns"
        raise place.error(
            f"no header, but '{first[:60]}'", "the names of the columns", f"put the line {line} before it"
        )


def matched(names: Sequence[str], known: Iterable[str]) -> dict[str, str]:
    """Return name in the file -> known name, for names that differ only in case or in what stands between words.

    Parameters
    ----------
    names : sequence of str
        Of the header.
    known : iterable of str
        What columns may be called.

    Returns
    -------
    dict of str -> str
        Without those that are known as they are, and those that could be several.

    Examples
    --------
    >>> matched(["Age", "qx male", "qx_female"], ["age", "qx_male", "qx_female"])
    {'Age': 'age', 'qx male': 'qx_male'}
    """
    alike: dict[str, list[str]] = {}
    for name in known:
        alike.setdefault(_simple(name), []).append(name)
    exact = {name for options in alike.values() for name in options} & set(names)
    found = {name: alike.get(_simple(name), []) for name in names if name not in exact}
    taken = Counter(options[0] for options in found.values() if len(options) == 1)
    return {
        name: options[0]
        for name, options in found.items()
        if len(options) == 1 and options[0] not in exact and taken[options[0]] == 1
    }


def _simple(name: str) -> str:
    return re.sub(r"[\s.\-_]+", "_", name.casefold())


def _before_header(lines: Sequence[str]) -> tuple[int, str]:
    """Return how many lines come before the header, and the separator that Excel's ``sep=;`` names."""
    separator = ""
    for count, line in enumerate(lines):
        text = line.strip("\r\n")
        if re.fullmatch(r"(?i)sep=[,;|\t]", text):
            separator = text[4]
        elif text.strip(" \t,;") and not text.lstrip().startswith(("#", '"#')):
            return count, separator
    return len(lines), separator


def _separator_of(sample: Sequence[str]) -> str:
    """Return what cuts the header into several columns, and most rows into as many."""
    best, most = ",", (0, 0)
    for separator in _SEPARATORS:
        width = len(_cut(sample[0], separator))
        if width < 2:
            continue
        rows = [line for line in sample[1:] if line.strip()]
        fit = sum(len(_cut(line, separator)) in (width, width + 1) for line in rows)
        if separator == " " and (most > (0, 0) or fit < len(rows) or not rows):
            continue
        if (fit, width) > most:
            best, most = separator, (fit, width)
    return best


def _cut(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=separator == " "), [])
    except csv.Error:
        return []


def _split(lines: Iterable[str], separator: str, first_line: int, place: Place) -> Iterator[tuple[int, list[str]]]:
    """Yield line and cells; rows without any text are left out."""
    ended = (line if line.endswith("\n") else f"{line}\n" for line in lines)
    reader = csv.reader(ended, delimiter=separator, strict=True, skipinitialspace=separator == " ")
    line = first_line
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield line, stripped
            line = first_line + reader.line_num
    except csv.Error as error:
        where = Place(place.file, line)
        if "field limit" in str(error):
            found, expected = f"a cell of more than {csv.field_size_limit():,} characters", "a number or a name"
            raise where.error(found, expected, "is a quote not closed?") from None
        raise where.error(_UNCLOSED, 'cells such as 1.5 or "text"', "check the quotes") from None


def _are_row_names(name: str, cells: Sequence[str], known: Sequence[str]) -> bool:
    """Say whether the first column holds row names: it has no name, or that of R or pandas, and different numbers."""
    if name.lower() not in _ROW_NAMES or name in known or not cells:
        return False
    numbered = all(cell.isdigit() for cell in cells) and len(set(cells)) == len(cells)
    return numbered or (not name and not any(cells))


def _has_row_numbers(body: Sequence[tuple[int, list[str]]], width: int) -> bool:
    """Say whether each row has one cell more than the header, in front: 1, 2, 3 ..."""
    firsts = [cells[0] for _, cells in body if len(cells) == width + 1 and cells[-1]]
    return bool(body) and firsts == [str(i) for i in range(1, len(body) + 1)]
