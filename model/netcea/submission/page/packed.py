"""Numbers of draws as compressed text: whole multiples of a step, byte by byte of each, deflated, in base 64."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from netcea.arrays import Array
from netcea.decision.incremental import COST_DECIMALS, QALY_DECIMALS

COSTS: Final = 10.0**COST_DECIMALS
"""Steps in a pound: costs closer than a step are the same to the decision rules. [1/GBP]"""
QALYS: Final = 10.0**QALY_DECIMALS
"""Steps in a QALY. [1/QALY]"""
LEVEL: Final = 6
EXACT: Final = 2.0**53
"""Whole numbers below it are exact in a double."""


@dataclass(frozen=True)
class Packed:
    """Columns of numbers, packed.

    Attributes
    ----------
    text : str
        Base 64 of the deflated bytes (without header): for each column its bytes, the least significant first, each
        of every row.
    columns : tuple of mapping
        Of each: `steps` per unit, `least` (whole number of steps taken off), `bytes` per number.
    """

    text: str
    columns: tuple[dict[str, Any], ...]


def packed(columns: Sequence[tuple[Array, float]]) -> Packed:
    """Pack columns of numbers, each to whole multiples of its step.

    Parameters
    ----------
    columns : sequence of (Array (row,), float)
        Finite numbers of at least one row, and steps per unit; a tenth of it, or less, where a column has numbers with
        more steps than a double counts exactly.

    Examples
    --------
    >>> found = packed([(np.array([1.5, 2.0, 1.5]), 10.0)])
    >>> found.columns
    ({'steps': 10.0, 'least': 15, 'bytes': 1},)
    >>> unpacked(found, 3)[0].tolist()
    [1.5, 2.0, 1.5]
    """
    planes, about = [], []
    for values, steps in columns:
        largest = float(np.abs(values).max())
        while largest * steps >= EXACT:
            steps /= 10.0  # noqa: PLW2901 - coarser, where numbers are far too large for pounds and pence
        whole = np.rint(values * steps).astype(np.int64)
        least = int(whole.min())
        offset = (whole - least).astype(np.uint64)
        width = max(1, (int(offset.max(initial=0)).bit_length() + 7) // 8)
        planes += [((offset >> np.uint64(8 * byte)) & np.uint64(255)).astype(np.uint8) for byte in range(width)]
        about.append({"steps": steps, "least": least, "bytes": width})
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = b"".join(plane.tobytes() for plane in planes)
    return Packed(base64.b64encode(deflate.compress(data) + deflate.flush()).decode("ascii"), tuple(about))


def unpacked(found: Packed, rows: int) -> list[Array]:
    """Return the columns again, as the page reads them.

    Parameters
    ----------
    found : Packed
        Of `packed`.
    rows : int
        Of each column.
    """
    data = zlib.decompress(base64.b64decode(found.text), -zlib.MAX_WBITS)
    at, columns = 0, []
    for column in found.columns:
        whole = np.zeros(rows, np.int64)
        for byte in range(column["bytes"]):
            whole += np.frombuffer(data, np.uint8, rows, at).astype(np.int64) << (8 * byte)
            at += rows
        columns.append((whole + column["least"]) / column["steps"])
    return columns
