"""A text file a user hands in: its text and digest, or every reason why it cannot be read."""

from __future__ import annotations

import hashlib
import re
import stat
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from netcea.errors import InputError, Place, Problem, did_you_mean
from netcea.storage.delimited.encoding import OTHER_FORMATS

MAX_BYTES = 5_000_000

# Control characters, lone surrogates, a byte order mark inside the text, and the line ends U+0085, U+2028 and
# U+2029, which YAML counts as lines and an editor does not.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_OTHER_FORMATS = {
    b"\xff\xfe": ("UTF-16 text", "save it as UTF-8"),
    b"\xfe\xff": ("UTF-16 text", "save it as UTF-8"),
    **OTHER_FORMATS,
}


class TextFile(NamedTuple):
    """The text of a file, with Unix line ends, and the SHA-256 of its bytes."""

    text: str
    sha256: str


def read_text(path: Path, shown_as: str) -> TextFile:
    """Text of a UTF-8 file of at most 5 MB; a byte order mark and Windows line ends are accepted.

    Parameters
    ----------
    path : Path
        Of the file.
    shown_as : str
        What messages call it.

    Raises
    ------
    InputError
        No such file, a folder, no permission, too large, not UTF-8, or characters that no editor shows.
    """
    return _decoded(read_bytes(path, shown_as), shown_as)


@lru_cache(maxsize=512)
def _decoded(data: bytes, shown_as: str) -> TextFile:
    """Return the text of a file's bytes; the same bytes are gone through once."""
    text = _utf_8(data, shown_as).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    check_characters(text, shown_as)
    return TextFile(text, hashlib.sha256(data).hexdigest())


def check_characters(text: str, shown_as: str, *, numbered: bool = True) -> None:
    r"""Refuse characters that no editor shows; ``numbered=False`` for text that has no lines of its own.

    Parameters
    ----------
    text : str
        What is to be read.
    shown_as : str
        What messages call the place it comes from.
    numbered : bool
        Whether it has lines of its own, which messages name.

    Examples
    --------
    >>> check_characters("a: 1\nb: \x07", "a.yaml")
    Traceback (most recent call last):
    netcea.errors.InputError: a.yaml:2
      found the invisible character U+0007 in column 4; expected printable text; delete it
    """
    problems = []
    for number, line in enumerate(text.split("\n"), start=1):
        if match := _FORBIDDEN.search(line):
            what = "a NUL character" if match[0] == "\0" else f"the invisible character U+{ord(match[0]):04X}"
            found = f"{what} in column {match.start() + 1}"
            line_number = number if numbered else 0
            problems.append(Problem(shown_as, line_number, "", found, "printable text", "delete it"))
    if problems:
        raise InputError(_shortened(problems))


def read_bytes(path: Path, shown_as: str) -> bytes:
    """Bytes of a file of at most 5 MB.

    Parameters
    ----------
    path : Path
        Of the file.
    shown_as : str
        What messages call it.

    Raises
    ------
    InputError
        No such file, a folder, no permission, too large.
    """
    place = Place(shown_as)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise place.error("a folder", "a file", "name a file in it")
        if not stat.S_ISREG(mode):
            raise place.error("a device or a pipe", "an ordinary file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise place.error(*_missing(path)) from error
    except PermissionError as error:
        hint = "ask for permission to read it, or close the program that has it open"
        raise place.error("a file you may not read", "a readable file", hint) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise place.error(f"an error ({reason})", "a readable file") from error
    if len(data) > MAX_BYTES:
        expected = f"at most {MAX_BYTES // 1_000_000} MB of text"
        raise place.error("a larger file", expected, "is it the right file?")
    return data


def _missing(path: Path) -> tuple[str, str, str]:
    """Return what was found and expected where there is no file, and a suggestion."""
    folder = path.parent
    if not folder.is_dir():
        return f"no folder '{folder}'", "a file", "check the path"
    try:
        siblings = sorted(entry.name for entry in folder.iterdir())
    except OSError:
        siblings = []
    return "no such file", "a file", did_you_mean(path.name, siblings) or "check the path"


def _utf_8(data: bytes, shown_as: str) -> str:
    for start, (what, suggestion) in _OTHER_FORMATS.items():
        if data.startswith(start):
            raise Place(shown_as).error(what, "UTF-8 text", suggestion)
    if len(data) >= 2 and data.count(0, 0, 200) >= len(data[:200]) // 2:
        raise Place(shown_as).error("UTF-16 text", "UTF-8 text", "save it as UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(_shortened(_undecodable(data, shown_as))) from None


def _undecodable(data: bytes, shown_as: str) -> list[Problem]:
    problems = []
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    for number, line in enumerate(lines, start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            byte = line[error.start : error.start + 1]
            guess = byte.decode("cp1252", errors="replace")
            found = f"byte 0x{byte.hex().upper()} at byte {error.start + 1} of the line, which is not UTF-8"
            suggestion = f"save the file as UTF-8 (in Windows-1252 this byte is '{guess}')"
            problems.append(Problem(shown_as, number, "", found, "UTF-8 text", suggestion))
    return problems


def _shortened(problems: list[Problem], most: int = 10) -> list[Problem]:
    if len(problems) <= most:
        return problems
    rest = f"the same fault in {len(problems) - most} more lines"
    return [*problems[:most], Problem(problems[0].file, 0, "", rest)]
