"""Lines of a CSV file that may be of any size: none is longer than memory allows, and all of them are text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Final

from netcea.errors import InputError, Place

LONGEST: Final = 10_000_000
"""Of a line. [characters]"""
MOST_COLUMNS: Final = 100_000
"""Of a table."""
MOST_BLANK: Final = 1_000_000
"""Lines without text, one after the other."""
MOST_IN_QUOTES: Final = 1_000
"""Lines that one quoted cell may go over."""


def read_lines(file: IO[str], place: Place, first_line: int = 1) -> Iterator[str]:
    r"""Yield the lines of a file, each with its end.

    Parameters
    ----------
    file : text file
        At the beginning of a line.
    place : Place
        Of the file.
    first_line : int
        Number of the first, counted from 1.

    Yields
    ------
    str
        Of at most `LONGEST` characters.

    Raises
    ------
    InputError
        A longer line, a NUL character, too many lines without text.

    Examples
    --------
    >>> import io
    >>> list(read_lines(io.StringIO("age,qx\n50,0.1"), Place("x.csv")))
    ['age,qx\n', '50,0.1']
    """
    blank, number = 0, first_line
    while line := file.readline(LONGEST + 1):
        blank = blank + 1 if line.isspace() else 0
        if len(line) > LONGEST or "\0" in line or blank > MOST_BLANK:
            raise _fault_of(line, Place(place.file, number))
        yield line
        number += 1


def _fault_of(line: str, where: Place) -> InputError:
    """Return what is wrong with a line that is too long, no text, or one blank line too many."""
    if len(line) > LONGEST:
        hint = "is it a table of numbers, with an end to each line?"
        return where.error(f"a line of more than {LONGEST:,} characters", f"at most {LONGEST:,}", hint)
    if "\0" in line:
        return where.error(f"a NUL character in column {line.index(chr(0)) + 1}", "printable text")
    return where.error(f"more than {MOST_BLANK:,} lines without text", "rows of numbers")


def some_lines(lines: Iterator[str], most: int) -> list[str]:
    r"""Return the next lines of a file: so many, and those that end a quoted cell in the last of them.

    Parameters
    ----------
    lines : iterator of str
        Of `read_lines`; moved on.
    most : int
        How many.

    Returns
    -------
    list of str
        Empty at the end of the file.

    Examples
    --------
    >>> some_lines(iter(['1,"a\n', 'b"\n', '2,c\n']), 1)
    ['1,"a\n', 'b"\n']
    """
    found: list[str] = []
    size = quotes = 0
    for line in lines:
        found.append(line)
        size += len(line)
        quotes += line.count('"')
        is_enough = len(found) >= most or size > LONGEST
        if is_enough and (quotes % 2 == 0 or len(found) >= most + MOST_IN_QUOTES):
            break
    return found
