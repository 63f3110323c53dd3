"""Arrays as bytes: the same again, or recognised as damaged; nothing in them is run and no memory is taken for them."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcea.storage.array_file import FIRST_LINE, DamagedError, arrays_as_bytes, arrays_from_bytes

ARRAYS = {"a": np.arange(6.0).reshape(2, 3), "b": np.array([], np.uint8), "c": np.array([np.nan, -0.0, 1e-320])}


def sealed(header: object, blocks: bytes = b"") -> bytes:
    """Return bytes whose SHA-256 is right."""
    rest = json.dumps(header).encode() + b"\n" + blocks
    return b"\n".join((FIRST_LINE, hashlib.sha256(rest).hexdigest().encode(), rest))


def test_the_same_again():
    about, found = arrays_from_bytes(arrays_as_bytes({"x": [1, "a"]}, ARRAYS))
    assert about == {"x": [1, "a"]}
    assert {n: (a.dtype, a.shape, a.tobytes()) for n, a in found.items()} == {
        n: (a.dtype, a.shape, a.tobytes()) for n, a in ARRAYS.items()
    }


@given(st.integers(0, 400), st.integers(1, 255))
def test_every_changed_byte_is_found(at, by):
    data = bytearray(arrays_as_bytes({}, ARRAYS))
    data[at % len(data)] ^= by
    with pytest.raises(DamagedError):
        arrays_from_bytes(bytes(data))


@pytest.mark.parametrize(
    "header",
    [
        None,
        [],
        {"about": {}},
        {"about": 1, "arrays": []},
        {"about": {}, "arrays": [["a", "object", [1]]]},
        {"about": {}, "arrays": [["a", "float64", [10**15]]]},
        {"about": {}, "arrays": [["a", "float64", [-1]]]},
        {"about": {}, "arrays": [["a", "float64", [True]]]},
        {"about": {}, "arrays": [["a", "float64", [1] * 5]]},
        {"about": {}, "arrays": [["a", ["float64"], [1]]]},
        {"about": {}, "arrays": [["a", "uint8", [4]], ["a", "uint8", [4]]]},
        {"about": {}, "arrays": [["a", "uint8", [4]]]},
    ],
)
def test_headers_that_nobody_wrote(header):
    with pytest.raises(DamagedError):
        arrays_from_bytes(sealed(header, b"12345678"))
