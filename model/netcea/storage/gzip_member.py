"""One member of a gzip file: the same bytes whenever and wherever it is made."""

from __future__ import annotations

import gzip
import io
from typing import Final

LEVEL: Final = 1
"""Level 6 takes four times as long and saves a twentieth of numbers."""


def gzip_member(data: bytes) -> bytes:
    """Return data compressed, without a time or a name; members one after the other are a gzip file.

    Parameters
    ----------
    data : bytes
        Of any length.

    Examples
    --------
    >>> gzip.decompress(gzip_member(b"one,") + gzip_member(b"two"))
    b'one,two'
    """
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=LEVEL, mtime=0, filename="") as file:
        file.write(data)
    return out.getvalue()
