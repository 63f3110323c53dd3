"""A telling sample in the default suite, everything in the slow one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import product
from typing import Any

import pytest


def mostly_slow(values: Iterable[Any], kept: Collection[Any]) -> list[Any]:
    """Return parameters of a test, those that are not kept marked as slow.

    Parameters
    ----------
    values : iterable
        Each a parameter, or a tuple of several.
    kept : collection
        Those that every run of the tests tries.
    """
    values = list(values)
    missing = [one for one in kept if one not in values]
    assert not missing, f"kept, but not among the values: {missing}"
    return [
        one if one in kept else pytest.param(*(one if isinstance(one, tuple) else (one,)), marks=pytest.mark.slow)
        for one in values
    ]


def grid_mostly_slow(*axes: Iterable[Any]) -> list[Any]:
    """Return every combination; kept are as many as the longest axis has values, each value of each axis among them."""
    values = [list(axis) for axis in axes]
    kept = [tuple(axis[i % len(axis)] for axis in values) for i in range(max(map(len, values)))]
    return mostly_slow(product(*values), kept)
