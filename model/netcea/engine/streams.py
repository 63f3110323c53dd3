"""Streams: units of exposure per patient (years of person-time, patients, packs), for many rows of parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from netcea.arrays import Array


def weighted_sum(x: Array, weights: Array) -> Array:
    """Sum over time of x times weights: each row is summed by itself, in one order.

    So a row's sum does not depend, to the last bit, on the rows beside it; a matrix product's may.

    Parameters
    ----------
    x : Array (draw, T)
        Such as occupancy at the edges.
    weights : Array (T,), (1, T) or (draw, T)
        Such as person-time for each edge. [years]

    Returns
    -------
    Array (draw,)
        In the unit of the weights. [years]

    Examples
    --------
    >>> weighted_sum(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, 1.0])).tolist()
    [12.0, 34.0]
    """
    return np.asarray(np.vecdot(x, weights), dtype=np.float64)


def both_sums(x: Array, weights: Array) -> tuple[Array, Array]:
    """Sum over time by two sets of weights, discounted and not: each row is read once, each sum as of `weighted_sum`.

    Parameters
    ----------
    x : Array (draw, T)
        Such as occupancy at the edges.
    weights : Array (2, T), (1, 2, T) or (draw, 2, T)
        Such as person-time for each edge. [years]

    Returns
    -------
    tuple of Array (draw,)
        In the unit of the weights. [years]

    Examples
    --------
    >>> [each.tolist() for each in both_sums(np.array([[1.0, 2.0]]), np.array([[10.0, 1.0], [20.0, 2.0]]))]
    [[12.0], [24.0]]
    """
    both = np.vecdot(x[:, np.newaxis, :], weights)
    return both[:, 0], both[:, 1]


@dataclass(frozen=True)
class Stream:
    """Units of exposure per patient: summed over time, and on request cycle by cycle.

    Attributes
    ----------
    discounted, undiscounted : Array (draw,) or (1,)
        Years of person-time, patients, or packs; `discounted` with the rate of costs, unless asked otherwise.
    per_cycle : callable () -> (discounted, undiscounted), each Array (draw, N) or (1, N)
    at_moments : callable () -> (times, undiscounted), Array (m,) [years] and Array (draw, m) or (1, m), or None
        Of what comes at moments, such as packs; None of what is spread over the cycles.
    """

    discounted: Array
    undiscounted: Array
    per_cycle: Callable[[], tuple[Array, Array]]
    at_moments: Callable[[], tuple[Array, Array]] | None = None


def stacked(rows: Sequence[Stream]) -> Stream:
    """Return streams of one row each as one stream of all of them.

    Parameters
    ----------
    rows : sequence of Stream
        At least one.

    Returns
    -------
    Stream
        Its arrays have the rows in their order.
    """

    def per_cycle() -> tuple[Array, Array]:
        cycles = [row.per_cycle() for row in rows]
        return np.concatenate([c[0] for c in cycles]), np.concatenate([c[1] for c in cycles])

    return Stream(
        np.concatenate([row.discounted for row in rows]), np.concatenate([row.undiscounted for row in rows]), per_cycle
    )


class DeferredStream:
    """A stream of many rows that is handed out before it is known: zeros, until every block of rows has been filled in.

    Parameters
    ----------
    n : int
        Number of rows.

    Attributes
    ----------
    discounted, undiscounted : Array (draw,)
        As in `Stream`.

    Examples
    --------
    >>> stream = DeferredStream(3)
    >>> two = np.array([1.0, 2.0])
    >>> stream.fill(slice(1, 3), Stream(two, two, lambda: (two, two)))
    >>> stream.discounted.tolist()
    [0.0, 1.0, 2.0]
    """

    def __init__(self, n: int) -> None:
        self.discounted: Array = np.zeros(n)
        self.undiscounted: Array = np.zeros(n)

    def fill(self, rows: slice, block: Stream) -> None:
        """Write what is known of a block of rows.

        Parameters
        ----------
        rows : slice
            Of the block.
        block : Stream
            In these rows.
        """
        self.discounted[rows] = block.discounted
        self.undiscounted[rows] = block.undiscounted
