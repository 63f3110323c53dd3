"""Person-time in windows of time that may differ from row to row: only the cycles near their ends are worked out."""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.cohort.timeline import edge_weights, window_fraction

STEP: Final = 64
"""Cycles by which what is worked out grows, so that rows whose windows end at about the same time go together."""
Rows: TypeAlias = slice | NDArray[np.intp]


class WindowsAlike(NamedTuple):
    """Rows whose windows have their ends in the same first cycles.

    Attributes
    ----------
    rows : slice or integer array
        Which.
    cycles : int
        So many from the first hold both ends, but for one beyond the horizon.
    fraction : Array (1, cycles) or (row, cycles)
        Share of each of these cycles that lies in the window.
    goes_on : bool
        Whether all later cycles lie in it.
    """

    rows: Rows
    cycles: int
    fraction: Array
    goes_on: bool


def windows_alike(edges: Array, from_years: Array, to_years: Array) -> tuple[WindowsAlike, ...]:
    """Group windows by the cycles that hold their ends: of a row it depends on that row alone.

    Parameters
    ----------
    edges : Array (N + 1,)
        Of the cycles. [years]
    from_years, to_years : Array (1, 1) or (draw, 1)
        The end may be inf. [years]

    Returns
    -------
    tuple of WindowsAlike
        Every row is in one of them.

    Examples
    --------
    >>> edges = np.arange(201.0)
    >>> found = windows_alike(edges, np.zeros((1, 1)), np.array([[1.5], [100.0], [np.inf]]))
    >>> [(each.cycles, each.goes_on, each.fraction.sum().item()) for each in found]
    [(0, True, 0.0), (64, False, 1.5), (128, False, 100.0)]
    """
    n, horizon = len(edges) - 1, edges[-1]
    low, high = np.broadcast_arrays(from_years[:, 0], to_years[:, 0])
    goes_on = (high >= horizon) & (low < horizon)
    latest = np.where(goes_on, low, np.minimum(high, horizon))
    held = np.searchsorted(edges, latest, side="left")
    groups = np.minimum(-(-held // STEP) * STEP, n) * 2 + goes_on
    return tuple(
        _alike(edges, from_years, to_years, groups == group, group // 2, bool(group % 2))
        for group in sorted(set(groups.tolist()))
    )


def _alike(
    edges: Array, from_years: Array, to_years: Array, which: NDArray[np.bool_], cycles: int, goes_on: bool
) -> WindowsAlike:
    rows: Rows = slice(None) if which.all() else np.flatnonzero(which)
    low, high = (x if len(x) == 1 else x[rows] for x in (from_years, to_years))
    return WindowsAlike(rows, cycles, window_fraction(edges[: cycles + 1], low, high), goes_on)


def person_time_within(
    share: Array, windows: tuple[WindowsAlike, ...], start: Array, end: Array, factor: Array
) -> Array:
    """Person-time in windows: sum over cycles of factor x share in the window x (start_i X_i-1 + end_i X_i).

    Parameters
    ----------
    share : Array (draw, N + 1) or (1, N + 1)
        Of the cohort, X, at the edges.
    windows : tuple of WindowsAlike
        Of these rows.
    start, end : Array (N,)
        Of `netcea.cohort.timeline.person_time_weights`. [years]
    factor : Array (1, N) or (draw, N)
        What a year in each cycle counts: discount factor x utility norm ...

    Returns
    -------
    Array (draw,)
        [years]

    Examples
    --------
    Alive for 200 years; counted from year 1.5, until year 100.

    >>> edges, half = np.arange(201.0), np.full(200, 0.5)
    >>> alike = windows_alike(edges, np.array([[1.5], [0.0]]), np.array([[np.inf], [100.0]]))
    >>> person_time_within(np.ones((1, 201)), alike, half, half, np.ones((1, 200))).tolist()
    [198.5, 100.0]
    """
    own = sum(len(each.fraction if isinstance(each.rows, slice) else each.rows) for each in windows)
    found = np.empty(max(len(share), len(factor), own))
    for rows_, cycles, fraction, goes_on in windows:
        here, counts = (x if len(x) == 1 else x[rows_] for x in (share, factor))
        weights = edge_weights(start[:cycles], end[:cycles], fraction * counts[:, :cycles])
        inside = np.vecdot(here[:, : cycles + 1], weights)
        if goes_on and cycles < len(start):
            later = edge_weights(start[cycles:], end[cycles:], counts[:, cycles:])
            inside = inside + np.vecdot(here[:, cycles:], later)
        found[rows_] = inside
    return found
