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
    low, high = from_years[:, 0], to_years[:, 0]
    goes_on = (high >= horizon) & (low < horizon)
    latest = np.where(goes_on, low, np.minimum(high, horizon))
    held = np.searchsorted(edges, latest, side="left")
    groups = np.minimum(-(-held // STEP) * STEP, n) * 2 + goes_on
    first = int(groups[0])
    if (groups == first).all():
        return (_alike(edges, from_years, to_years, slice(None), first // 2, bool(first % 2)),)
    return tuple(
        _alike(edges, from_years, to_years, np.flatnonzero(groups == group), group // 2, bool(group % 2))
        for group in sorted(set(groups.tolist()))
    )


def _alike(edges: Array, from_years: Array, to_years: Array, rows: Rows, cycles: int, goes_on: bool) -> WindowsAlike:
    low, high = (x if len(x) == 1 else x[rows] for x in (from_years, to_years))
    return WindowsAlike(rows, cycles, window_fraction(edges[: cycles + 1], low, high), goes_on)


class WeightsWithin(NamedTuple):
    """Edge weights of rows whose windows are alike.

    Attributes
    ----------
    rows : slice or integer array
        Which.
    inside : Array (row or 1, measure, cycles + 1)
        Of the first edges. [years]
    later : Array (row or 1, measure, edge) or None
        Of the edges from the last of these on; None where nothing lies in the window there. [years]
    """

    rows: Rows
    inside: Array
    later: Array | None


def weights_within(
    windows: tuple[WindowsAlike, ...], start: Array, end: Array, factor: Array
) -> tuple[WeightsWithin, ...]:
    """Edge weights of person-time in windows: of a row they depend on that row alone.

    Parameters
    ----------
    windows : tuple of WindowsAlike
        Of these rows.
    start, end : Array (N,)
        Of `netcea.cohort.timeline.person_time_weights`. [years]
    factor : Array (1, measure, N) or (draw, measure, N)
        What a year in each cycle counts: discount factor x utility norm ...; of one measure or more.

    Returns
    -------
    tuple of WeightsWithin
        For `summed_within`.

    Examples
    --------
    >>> edges, half = np.arange(3.0), np.full(2, 0.5)
    >>> alike = windows_alike(edges, np.zeros((1, 1)), np.array([[1.5]]))
    >>> [each.inside.tolist() for each in weights_within(alike, half, half, np.ones((1, 1, 2)))]
    [[[[0.5, 0.75, 0.25]]]]
    """
    found = []
    for rows, cycles, fraction, goes_on in windows:
        counts = factor if len(factor) == 1 else factor[rows]
        part = fraction[:, np.newaxis, :] * counts[..., :cycles]
        later = counts[..., cycles:] if goes_on and cycles < len(start) else None
        found.append(
            WeightsWithin(
                rows,
                edge_weights(start[:cycles], end[:cycles], part),
                None if later is None else edge_weights(start[cycles:], end[cycles:], later),
            )
        )
    return tuple(found)


def summed_within(share: Array, weights: tuple[WeightsWithin, ...]) -> Array:
    """Person-time in windows by weights that are known.

    Parameters
    ----------
    share : Array (draw, N + 1) or (1, N + 1)
        Of the cohort, at the edges.
    weights : tuple of WeightsWithin
        Of `weights_within`.

    Returns
    -------
    Array (draw, measure)
        [years]

    Examples
    --------
    >>> weights = WeightsWithin(slice(None), np.array([[[0.5, 0.75, 0.25]]]), None)
    >>> summed_within(np.array([[1.0, 0.8, 0.4]]), (weights,)).round(12).tolist()
    [[1.2]]
    """
    own = sum(len(each.inside if isinstance(each.rows, slice) else each.rows) for each in weights)
    found = np.empty((max(len(share), own), weights[0].inside.shape[1]))
    for rows, inside, later in weights:
        here = (share if len(share) == 1 else share[rows])[:, np.newaxis, :]
        first = inside.shape[-1]
        years = np.vecdot(here[..., :first], inside)
        found[rows] = years if later is None else years + np.vecdot(here[..., first - 1 :], later)
    return found


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
    weights = weights_within(windows, start, end, factor[:, np.newaxis, :])
    years: Array = summed_within(share, weights)[:, 0]
    return years
