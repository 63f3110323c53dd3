"""Hazard ratios that change with time: one for each interval, exact at every time and not only at the cycles' edges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netcea.arrays import Array


def in_order(ends: Sequence[Array]) -> list[Array]:
    """Ends of intervals, none before the one before: where a draw swaps two, the interval between them is empty.

    Parameters
    ----------
    ends : sequence of Array (draw, 1) or (1, 1)
        When each ratio but the last ceases to hold. [years]

    Returns
    -------
    list of Array (draw, 1) or (1, 1)
        [years]

    Examples
    --------
    >>> [e.tolist() for e in in_order([np.array([[1.0], [3.0]]), np.array([[2.0]])])]
    [[[1.0], [3.0]], [[2.0], [3.0]]]
    """
    found: list[Array] = []
    for end in ends:
        found.append(np.maximum(found[-1], end) if found else end)
    return found


def by_interval(
    reference: Array, t: Array, ratios: Sequence[Array], ends: Sequence[Array], at_ends: Sequence[Array]
) -> Array:
    """Cumulative hazard of a curve whose hazard is another's times a ratio that depends on the interval.

    Parameters
    ----------
    reference : Array (draw, time)
        Cumulative hazard of the other curve. [1]
    t : Array (1, time) or (draw, time)
        Its times. [years]
    ratios : sequence of Array (draw, 1) or (1, 1)
        One for each interval. [ratio]
    ends : sequence of Array (draw, 1) or (1, 1)
        When each interval but the last ends, rising (`in_order`). [years]
    at_ends : sequence of Array (draw, 1) or (1, 1)
        Cumulative hazard of the other curve then. [1]

    Returns
    -------
    Array (draw, time)
        [1]

    Notes
    -----
    H(t) = sum over intervals k of r_k (H_ref(min(t, T_k)) - H_ref(min(t, T_k-1))), T_0 = 0 and the last T infinite.
    Nothing is approximated: the rise of the cycle that holds an end is split there. Once nobody is left in the
    reference nobody is left, whatever later ratios are.

    Examples
    --------
    A hazard of 1 a year with a ratio of 0.5 for 2 years and 2 from then on.

    >>> t = np.array([[0.0, 1.0, 2.0, 2.5]])
    >>> two = np.array([[2.0]])
    >>> by_interval(t, t, [np.array([[0.5]]), two], [two], [two]).tolist()
    [[0.0, 0.5, 1.0, 2.0]]
    """
    before: Array = np.zeros((1, 1))
    total: Array = np.zeros((1, 1))
    last = len(ratios) - 1
    for k, ratio in enumerate(ratios):
        reached = reference if k == last else np.where(t <= ends[k], reference, at_ends[k])
        with np.errstate(invalid="ignore"):
            rise = np.where(np.isposinf(before), 0.0, reached - before)
        total = total + ratio * rise
        before = reached
    return total
