"""How the bytes of a CSV file are text: UTF-8, UTF-16 or Windows-1252, with or without a byte order mark."""

from __future__ import annotations

import codecs
from typing import Final

from netcea.errors import Place

OTHER_FORMATS: Final = {
    b"PK\x03\x04": ("a zip archive or an Excel workbook", "save the sheet as CSV UTF-8"),
    b"\xd0\xcf\x11\xe0": ("an old Excel or Word document", "save the sheet as CSV UTF-8"),
    b"\x1f\x8b": ("a compressed file", "unpack it first"),
    b"PAR1": ("a Parquet file", "give it the ending .parquet"),
}
"""First bytes of files that are no text -> what they are, and what to do."""
_MARKS: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Byte order mark -> encoding; longer marks first."""


def encoding_of(data: bytes, place: Place, *, whole: bool = True) -> str:
    r"""Return the encoding of a file from its bytes, or from its first ones.

    Parameters
    ----------
    data : bytes
        What the file begins with.
    place : Place
        Of the file.
    whole : bool
        Whether these are all its bytes: else the last character may be cut.

    Returns
    -------
    str
        As Python calls it.

    Raises
    ------
    InputError
        A file of another kind.

    Examples
    --------
    >>> [encoding_of(text, Place("x.csv")) for text in (b"\xef\xbb\xbfage", b"a\x00g\x00e\x00", b"caf\xe9")]
    ['utf-8-sig', 'utf-16-le', 'cp1252']
    """
    for start, (what, suggestion) in OTHER_FORMATS.items():
        if data.startswith(start):
            raise place.error(what, "CSV text", suggestion)
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return encoding
    head = data[:200]
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if len(head) > 3 and zeros.count(0) >= 0.8 * len(zeros):
            return encoding
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=whole)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def decoded(data: bytes, place: Place) -> str:
    r"""Return the text of a file, with Unix line ends.

    Parameters
    ----------
    data : bytes
        All of the file.
    place : Place
        Of the file.

    Returns
    -------
    str
        Without a byte order mark.

    Raises
    ------
    InputError
        A file of another kind, or bytes that are no text.

    Examples
    --------
    >>> decoded("age\r\n50".encode("utf-16"), Place("x.csv"))
    'age\n50'
    """
    encoding = encoding_of(data, place)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise place.error("bytes that are no text", "CSV text", "save it as CSV UTF-8") from None
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
