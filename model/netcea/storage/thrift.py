"""Values as Thrift's compact protocol writes them: the footer and the page headers of a Parquet file.

References
----------
Apache Thrift, compact protocol: doc/specs/thrift-compact-protocol.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

Value: TypeAlias = tuple[int, bytes]
"""Code of a type, and the bytes of a value of it."""

_I32: Final = 5
_I64: Final = 6
_BINARY: Final = 8
_LIST: Final = 9
_STRUCT: Final = 12
_LONG: Final = 15
"""Length from which on a list says its length in a number of its own."""


def i32(number: int) -> Value:
    r"""Return a whole number of 32 bits.

    Parameters
    ----------
    number : int
        Negative ones too.

    Examples
    --------
    >>> i32(1), i32(-1), i32(150)
    ((5, b'\x02'), (5, b'\x01'), (5, b'\xac\x02'))
    """
    return _I32, _zigzag(number)


def i64(number: int) -> Value:
    r"""Return a whole number of 64 bits.

    Parameters
    ----------
    number : int
        Negative ones too.

    Examples
    --------
    >>> i64(64)
    (6, b'\x80\x01')
    """
    return _I64, _zigzag(number)


def text(words: str) -> Value:
    r"""Return a text.

    Parameters
    ----------
    words : str
        Written as UTF-8.

    Examples
    --------
    >>> text("£")
    (8, b'\x02\xc2\xa3')
    """
    data = words.encode()
    return _BINARY, _varint(len(data)) + data


def listed(values: Sequence[Value]) -> Value:
    r"""Return a list.

    Parameters
    ----------
    values : sequence of Value
        At least one, all of one type.

    Examples
    --------
    >>> listed([i32(0), i32(1)])
    (9, b'%\x00\x02')
    """
    kind, count = values[0][0], len(values)
    head = bytes([count << 4 | kind]) if count < _LONG else bytes([_LONG << 4 | kind]) + _varint(count)
    return _LIST, head + b"".join(data for _, data in values)


def struct(fields: Mapping[int, Value]) -> Value:
    r"""Return a struct.

    Parameters
    ----------
    fields : mapping of int -> Value
        By their numbers, rising from 1 by at most 15.

    Examples
    --------
    >>> struct({1: i32(1), 3: text("a")})
    (12, b'\x15\x02(\x01a\x00')
    """
    out, last = bytearray(), 0
    for number, (kind, data) in fields.items():
        out.append(number - last << 4 | kind)
        out += data
        last = number
    return _STRUCT, bytes(out) + b"\0"


def _zigzag(number: int) -> bytes:
    return _varint(2 * number if number >= 0 else -2 * number - 1)


def _varint(number: int) -> bytes:
    """Return seven bits a byte, the last ones first; all but the last byte have their highest bit set."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)
