"""A dear cumulative hazard at many times from its values at few: its logarithm, interpolated in the logarithm of time.

Between two times its logarithm is an analytic function of log time, of which a polynomial through 16 Chebyshev nodes
leaves nothing out. Where the last coefficients say otherwise, row by row, the piece is halved; in short pieces each
time is worked out. A row's result depends on its own curve and on the times, not on the rows beside it.

References
----------
Trefethen (2019), Approximation theory and approximation practice, SIAM: chapters 3, 4 and 8 (Chebyshev interpolants,
their coefficients, geometric convergence).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.survival.elementwise import exp_in_place, quietly

OfParameters: TypeAlias = Callable[..., Array]

MANY: Final = 64
"""From so many times on they are taken together."""
NODES: Final = 16
"""Of each piece."""
FEWEST: Final = 24
"""Times of a piece; of fewer each is worked out, which costs no more."""
WIDTH: Final = 1.0
"""Of a piece before it is halved. [log(unit of time)]"""
NARROWEST: Final = 1.0 / 16.0
"""Of a piece; half of it is worked out time by time. [log(unit of time)]"""
NEGLIGIBLE: Final = 1e-13
"""Last coefficients of the logarithm of a cumulative hazard; what is left out is smaller by some powers."""

_ANGLES = np.pi * (np.arange(NODES) + 0.5) / NODES
_AT_NODES = 2.0 / NODES * np.cos(np.outer(np.arange(NODES), _ANGLES))
_AT_NODES[0] /= 2.0
"""Coefficient x node: values at the nodes -> Chebyshev coefficients."""
_LAST_TWO = np.ascontiguousarray(_AT_NODES[-2:].T)


@dataclass(frozen=True)
class _Piece:
    """Neighbouring times: the columns from `first` to before `last`, whose log times are from `low` to `high`."""

    first: int
    last: int
    low: float
    high: float
    nodes: Array
    """Log times at which a curve is worked out, (node,)."""
    weights: Array
    """Of the value at each node in that at each time, (node, time)."""


@dataclass(frozen=True)
class _Grid:
    """Times, with the pieces into which they were cut."""

    x: Array
    """Log times, (time,)."""
    cut: dict[tuple[float, float], _Piece] = field(default_factory=dict)

    def piece(self, low: float, high: float) -> _Piece:
        """Return the piece of the times after `low`, up to `high`."""
        if (low, high) not in self.cut:
            first, last = (int(i) for i in np.searchsorted(self.x, [low, high], side="right"))
            middle, half = (low + high) / 2.0, (high - low) / 2.0
            place = np.clip((self.x[first:last] - middle) / half, -1.0, 1.0)
            terms = np.cos(np.arange(NODES)[:, np.newaxis] * np.arccos(place))
            weights = np.einsum("kj,kc->jc", _AT_NODES, terms)
            self.cut[low, high] = _Piece(first, last, low, high, middle + half * np.cos(_ANGLES), weights)
        return self.cut[low, high]

    def widest(self) -> list[_Piece]:
        """Return the pieces from the last time back, as long as each has enough times."""
        pieces: list[_Piece] = []
        high = float(self.x[-1])
        while (piece := self.piece(high - WIDTH, high)).last - piece.first >= FEWEST:
            pieces.append(piece)
            high -= WIDTH
        return pieces


@lru_cache(maxsize=4)
def _grid(times: bytes) -> _Grid:
    with np.errstate(divide="ignore"):
        return _Grid(np.log(np.frombuffer(times, dtype=np.float64)))


@quietly
def cumulative_hazard_in_log_time(at: OfParameters, t: Array, *parameters: Array) -> Array:
    """Cumulative hazard of a smooth family at any times; where they are many, from few of them.

    Parameters
    ----------
    at : callable (log times, *parameters) -> Array (draw, time)
        The family's own, elementwise, from the logarithms of times [log(unit of time)]. [1]
    t : Array (1, time) or (draw, time)
        Not negative. Taken together are those that all rows share, do not fall, and are 64 or more. [unit of time]
    *parameters : Array (draw, 1) or (1, 1)
        Of the family. [as the family says]

    Returns
    -------
    Array (draw, time)
        From 0; within some 1e-13 of what `at` gives, relative. [1]

    Examples
    --------
    >>> t = np.linspace(0.0, 40.0, 481)[np.newaxis]
    >>> power = np.array([[1.2], [0.7]])
    >>> h = cumulative_hazard_in_log_time(lambda x, power: np.exp(power * x), t, power)
    >>> bool(np.allclose(h, t**power, rtol=1e-13, atol=0.0))
    True
    """
    if not _are_many(t):
        return at(np.asarray(np.log(t)), *parameters)
    curves = _Curves(at, [np.atleast_2d(column) for column in np.broadcast_arrays(*parameters)])
    grid = _grid(np.ascontiguousarray(t, dtype=np.float64).tobytes())
    pieces = grid.widest()
    alone = pieces[-1].first if pieces else t.shape[1]
    every = np.arange(len(curves.parameters[0]))
    found = curves.at(np.concatenate([grid.x[:alone], *(piece.nodes for piece in pieces)]), every)
    h = np.empty((len(every), t.shape[1]))
    h[:, :alone] = found[:, :alone]
    for i, piece in enumerate(pieces):
        _fill(h, every, piece, found[:, alone + i * NODES : alone + (i + 1) * NODES], grid, curves)
    return h


def _are_many(t: Array) -> bool:
    if np.ndim(t) != 2 or t.shape[0] != 1 or t.shape[1] < MANY:
        return False
    return bool(t[0, 0] >= 0.0 and np.isfinite(t[0, -1]) and (t[0, 1:] >= t[0, :-1]).all())


@dataclass(frozen=True)
class _Curves:
    """A family's cumulative hazard and the parameters of every row."""

    function: OfParameters
    parameters: list[Array]

    def at(self, x: Array, rows: NDArray[np.intp]) -> Array:
        """Return the cumulative hazard of some rows at log times, Array (row, time)."""
        return self.function(x[np.newaxis], *(column[rows] for column in self.parameters))


def _fill(h: Array, rows: NDArray[np.intp], piece: _Piece, values: Array, grid: _Grid, curves: _Curves) -> None:
    """Write some rows of a piece from the values at its nodes; halve it for those that need it."""
    logarithms = np.log(values)
    last = np.abs(np.einsum("rj,jk->rk", logarithms, _LAST_TWO)).max(axis=1)
    smooth = last < NEGLIGIBLE  # not where it is no number
    if smooth.all() and len(rows) == len(h):
        written = h[:, piece.first : piece.last]
        exp_in_place(np.einsum("rj,jc->rc", logarithms, piece.weights, out=written))
        return
    if smooth.any():
        h[rows[smooth], piece.first : piece.last] = np.exp(np.einsum("rj,jc->rc", logarithms[smooth], piece.weights))
    rough = rows[~smooth]
    if len(rough):
        middle = (piece.low + piece.high) / 2.0
        for low, high in ((piece.low, middle), (middle, piece.high)):
            _halve(h, rough, grid.piece(low, high), grid, curves)


def _halve(h: Array, rows: NDArray[np.intp], half: _Piece, grid: _Grid, curves: _Curves) -> None:
    """Write some rows of half a piece: by its own nodes, or time by time where it is short."""
    if half.last - half.first >= FEWEST and half.high - half.low >= NARROWEST:
        _fill(h, rows, half, curves.at(half.nodes, rows), grid, curves)
    elif half.last > half.first:
        h[rows, half.first : half.last] = curves.at(grid.x[half.first : half.last], rows)
