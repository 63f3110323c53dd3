"""What independent sources explain of outcomes, one by one and in pairs: an additive regression of control variates.

Costs are straight lines in prices and use, and outcomes are nearly sums of what single sources and pairs do. What other
sources do is independent of the quantities that might be known: taken out of net benefit, it leaves EVPPI as it is and
takes most of the noise from the regression.

References
----------
Hastie, Tibshirani (1986), Statistical Science 1:297-310 (backfitting).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import combinations
from typing import Final, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.decision.value_of_information.regression import OrthonormalDesign, smooth_parts

SWEEPS: Final = 6
"""Times that every part of single sources is fitted again, at most."""
SWEEPS_OF_PAIRS: Final = 3
SETTLED: Final = 1e-3
"""A sweep that changes what is left by no more than this share is the last."""
ROUNDING: Final = 1e-5
"""A part of so small a share of a response's standard deviation is 0."""
IN_PAIRS: Final = 6
"""Sources that explain most of a response, whose pairs are fitted too."""

DesignOf: TypeAlias = Callable[[tuple[int, ...]], OrthonormalDesign | None]
"""The regression columns of some sources, by their numbers; None where none varies."""


@dataclass(frozen=True)
class AdditiveParts:
    """What sources and pairs of sources explain of each response.

    Attributes
    ----------
    sources : tuple of tuple of int
        Of each part: the number of its source, or of both.
    parts : Array (part, response, draw)
        With mean 0 over draws; 0 where a source explains no more than noise would. [the responses' units]
    """

    sources: tuple[tuple[int, ...], ...]
    parts: Array

    @classmethod
    def of(cls, design_of: DesignOf, count: int, responses: Array) -> AdditiveParts:
        """Fit the parts of all sources together, by backfitting.

        Parameters
        ----------
        design_of : callable (tuple of int) -> OrthonormalDesign or None
            The regression columns of a source or a pair.
        count : int
            Number of sources.
        responses : Array (response, draw)
            Outcomes. [any units]

        Returns
        -------
        AdditiveParts
            Of every source, and of the pairs that explain something. [the responses' units]

        Notes
        -----
        A part enters only where it improves GCV with degrees of freedom that count log(n) / 2 times, as BIC counts
        them: control variates that followed noise would take it out of other regressions too.

        Examples
        --------
        >>> from netcea.decision.value_of_information.evppi import Regressors
        >>> x = np.array([np.tile([0.0, 1.0], 50), np.repeat([0.0, 1.0], 50)])  # every pair of two values
        >>> def design_of(sources):
        ...     return Regressors.of(x[list(sources)].T).design
        >>> found = AdditiveParts.of(design_of, 2, (10.0 * x[0] + 4.0 * x[1])[np.newaxis])
        >>> found.sources, found.parts[:, 0, [0, -1]].round(3).tolist()
        (((0,), (1,)), [[-5.0, 5.0], [-2.0, 2.0]])
        """
        rest = responses - responses.mean(axis=1, keepdims=True)
        parts: dict[tuple[int, ...], Array] = {(at,): np.zeros_like(rest) for at in range(count)}
        least = ROUNDING**2 * np.vecdot(rest, rest)
        for _ in range(SWEEPS):
            if _sweep(design_of, parts, rest, least):
                break
        pairs = {pair: np.zeros_like(rest) for pair in _pairs(parts, count)}
        for _ in range(SWEEPS_OF_PAIRS):
            settled = _sweep(design_of, pairs, rest, least)
            pairs = {pair: part for pair, part in pairs.items() if np.any(part)}
            if _sweep(design_of, parts, rest, least) and settled:
                break
        found = parts | pairs
        return cls(tuple(found), np.array(list(found.values())))

    def without(self, sources: Collection[int]) -> Array:
        """What all other sources explain.

        Parameters
        ----------
        sources : collection of int
            Numbers of sources that are left out, with every pair that they are in.

        Returns
        -------
        Array (response, draw)
            With mean 0 over draws. [the responses' units]

        Examples
        --------
        >>> AdditiveParts(((0,), (1,)), np.array([[[1.0, -1.0]], [[5.0, -5.0]]])).without({0}).tolist()
        [[5.0, -5.0]]
        """
        found = np.zeros(self.parts.shape[1:])
        for members, part in zip(self.sources, self.parts, strict=True):
            if not {*members} & {*sources}:
                found += part
        return found


def _pairs(parts: dict[tuple[int, ...], Array], count: int) -> list[tuple[int, ...]]:
    """Return the pairs of the sources that explain most of each response, largest first."""
    variances = np.array([parts[(at,)].var(axis=1) for at in range(count)]).reshape(count, -1)
    found: dict[tuple[int, ...], None] = {}
    for variance in variances.T:
        most = [int(at) for at in np.argsort(-variance, kind="stable")[:IN_PAIRS] if variance[at] > 0.0]
        found |= dict.fromkeys(tuple(sorted(pair)) for pair in combinations(most, 2))
    return list(found)


def _sweep(design_of: DesignOf, parts: dict[tuple[int, ...], Array], rest: Array, least: Array) -> bool:
    """Fit every part again to what the others leave, in place, and say whether that changed little.

    Parts of no more than `least`, Array (response,), in sums of squares are rounding, and 0.
    """
    before = rest.copy()
    for sources, part in parts.items():
        rest += part
        found = _part(design_of(sources), rest)
        part[:] = np.where((np.vecdot(found, found) > least)[:, np.newaxis], found, 0.0)
        rest -= part
    moved = rest - before
    return bool(np.all(np.vecdot(moved, moved) <= SETTLED**2 * np.vecdot(rest, rest)))


def _part(design: OrthonormalDesign | None, rest: Array) -> Array:
    """Return what a source explains of what others leave, Array (response, draw)."""
    if design is None:
        return np.zeros_like(rest)
    return smooth_parts(design, rest, max(0.5 * math.log(rest.shape[1]), 1.0))
