"""Arrays with a few words about them, as bytes: data and nothing else, whole or recognised as damaged.

Three lines of text (what it is, SHA-256 of the rest, a JSON header with names, types and shapes), then the arrays.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

AnyArray: TypeAlias = NDArray[np.float64] | NDArray[np.uint8]

FIRST_LINE: Final = b"netcea arrays 1"
TYPES: Final[dict[str, np.dtype[Any]]] = {"float64": np.dtype("<f8"), "uint8": np.dtype("u1")}
"""Name of a type -> how it lies on disk."""
MOST_AXES: Final = 3


class DamagedError(ValueError):
    """Bytes that are not those of arrays as they were written, or not of these arrays."""


def arrays_as_bytes(about: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> bytes:
    """Return arrays as bytes.

    Parameters
    ----------
    about : mapping
        What JSON can hold: what the arrays are.
    arrays : mapping of str -> Array
        Numbers (float64) or bytes (uint8), of at most three axes.

    Examples
    --------
    >>> data = arrays_as_bytes({"draws": 2}, {"costs": np.array([1.0, 2.0])})
    >>> arrays_from_bytes(data)
    ({'draws': 2}, {'costs': array([1., 2.])})
    """
    entries = [[name, array.dtype.name, list(array.shape)] for name, array in arrays.items()]
    header = json.dumps({"about": about, "arrays": entries}).encode()
    blocks = (np.ascontiguousarray(array, TYPES[array.dtype.name]).tobytes() for array in arrays.values())
    rest = b"".join((header, b"\n", *blocks))
    return b"\n".join((FIRST_LINE, hashlib.sha256(rest).hexdigest().encode(), rest))


def arrays_from_bytes(data: bytes) -> tuple[dict[str, Any], dict[str, AnyArray]]:
    """Return what was said about arrays, and the arrays.

    Parameters
    ----------
    data : bytes
        From anywhere: nothing in them is run, and no more memory is taken than they have.

    Raises
    ------
    DamagedError
        They are not as `arrays_as_bytes` makes them.
    """
    first, _, rest = data.partition(b"\n")
    digest, _, rest = rest.partition(b"\n")
    if first != FIRST_LINE or hashlib.sha256(rest).hexdigest().encode() != digest:
        raise DamagedError("no arrays as they were written")
    header, _, blocks = rest.partition(b"\n")
    try:
        found = json.loads(header)
        about, entries = (
            dict(found["about"]),
            [(str(name), TYPES[kind], shape) for name, kind, shape in found["arrays"]],
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DamagedError(f"no header of arrays ({error})") from None
    return about, _cut(blocks, entries)


def _cut(blocks: bytes, entries: list[tuple[str, np.dtype[Any], Any]]) -> dict[str, AnyArray]:
    found: dict[str, AnyArray] = {}
    start = 0
    for name, kind, shape in entries:
        count = math.prod(_checked(shape))
        stop = start + count * kind.itemsize
        if name in found or stop > len(blocks):
            raise DamagedError("arrays that are longer than the file, or two of one name")
        found[name] = (
            np.frombuffer(blocks, kind, count, start).reshape(shape).astype(kind.newbyteorder("="), copy=False)
        )
        start = stop
    if start != len(blocks):
        raise DamagedError("a file that is longer than its arrays")
    return found


def _checked(shape: Any) -> list[int]:
    if not isinstance(shape, list) or len(shape) > MOST_AXES or any(type(n) is not int or n < 0 for n in shape):
        raise DamagedError(f"the shape {shape!r}")
    return shape
