"""PNG files of pictures: every row as it is, which figures compress best and fastest with."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

EFFORT: Final = 3
"""Of compression, from 1 to 9: about the size of the usual 6 in half the time."""
_BAND: Final = 32
"""Rows that are compressed at a time."""
_METRE: Final = 0.0254
"""An inch [m]."""


def png_bytes(
    pixels: np.ndarray[tuple[int, int, int], np.dtype[np.uint8]], dpi: float, about: Mapping[str, str]
) -> bytes:
    r"""Return a picture as a PNG file, which the same pixels make the same of.

    Parameters
    ----------
    pixels : array, shape (rows, columns, 4)
        Red, green, blue and how opaque; where all is opaque, that is left out.
    dpi : float
        Dots per inch, which the file says of itself.
    about : mapping of keyword -> text
        What else it says of itself.

    Notes
    -----
    Rows are not filtered: most of a figure is white, and filters that predict a pixel from its neighbours turn runs of
    one colour at edges of letters into bytes that do not repeat. See the PNG specification (third edition), 9 and 11.

    Examples
    --------
    >>> import numpy as np
    >>> made = png_bytes(np.full((2, 3, 4), 255, dtype=np.uint8), 150.0, {"Software": "netcea"})
    >>> made[:4], made[16:24]
    (b'\x89PNG', b'\x00\x00\x00\x03\x00\x00\x00\x02')
    """
    rows, columns, _ = pixels.shape
    opaque = bool(pixels[..., 3].min() == 255)
    a_metre = round(dpi / _METRE)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">2I5B", columns, rows, 8, 2 if opaque else 6, 0, 0, 0)),
            *(_chunk(*_text(keyword, text)) for keyword, text in about.items()),
            _chunk(b"pHYs", struct.pack(">2IB", a_metre, a_metre, 1)),
            _chunk(b"IDAT", _compressed(pixels, 3 if opaque else 4)),
            _chunk(b"IEND", b""),
        )
    )


def _compressed(pixels: np.ndarray[tuple[int, int, int], np.dtype[np.uint8]], channels: int) -> bytes:
    """Return the rows of a picture compressed, each after a sign that it is not filtered.

    A band of rows at a time stays in the processor's cache.
    """
    columns = pixels.shape[1]
    packed, found = zlib.compressobj(EFFORT), []
    lines: np.ndarray[tuple[int, int], Any] = np.zeros((_BAND, 1 + columns * channels), dtype=np.uint8)
    for start in range(0, len(pixels), _BAND):
        band = pixels[start : start + _BAND]
        for channel in range(channels):  # in long strides, which are quicker than three bytes at a time
            lines[: len(band), 1 + channel :: channels] = band[..., channel]
        found.append(packed.compress(lines[: len(band)].data))
    return b"".join([*found, packed.flush()])


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _text(keyword: str, text: str) -> tuple[bytes, bytes]:
    """Return kind and content of a part that says something: Latin letters as they are, others in UTF-8."""
    try:
        return b"tEXt", keyword.encode("latin-1") + b"\0" + text.encode("latin-1")
    except UnicodeEncodeError:
        return b"iTXt", keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode()
