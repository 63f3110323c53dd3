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
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.decision.value_of_information.regression import OrthonormalDesign, smooth_coefficients

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
class Part:
    """What some sources explain of each response, as coefficients.

    Attributes
    ----------
    design : OrthonormalDesign or None
        None where no source varies.
    coefficients : Array (response, orthonormal column)
        Of its columns. [the responses' units]

    Examples
    --------
    >>> from netcea.decision.value_of_information.evppi import Regressors
    >>> part = Part(Regressors.of([np.repeat([0.0, 1.0], 50)]).design, np.array([[10.0], [0.0]]))
    >>> part.explains.tolist(), part.sums_of_squares.tolist()
    ([True, False], [100.0, 0.0])
    >>> values = np.zeros((2, 100))
    >>> part.add_to(values)
    >>> np.abs(values[:, -1]).round(6).tolist()  # 10 / sqrt(100 draws)
    [1.0, 0.0]
    """

    design: OrthonormalDesign | None
    coefficients: Array

    @classmethod
    def nothing(cls, design: OrthonormalDesign | None, responses: int) -> Part:
        """Part that explains nothing.

        Parameters
        ----------
        design : OrthonormalDesign or None
            Of the sources.
        responses : int
            Number of responses.

        Returns
        -------
        Part
            With coefficients of 0.
        """
        return cls(design, np.zeros((responses, 0 if design is None else len(design.roughness))))

    @property
    def explains(self) -> NDArray[np.bool_]:
        """Whether it explains anything of each response, Array (response,) of bool. [1]"""
        return np.asarray(np.any(self.coefficients != 0.0, axis=1), dtype=np.bool_)

    @property
    def sums_of_squares(self) -> Array:
        """How much of each response it explains, Array (response,). [the responses' units squared]"""
        return np.asarray(np.vecdot(self.coefficients, self.coefficients), dtype=np.float64)

    def add_to(self, values: Array, sign: float = 1.0) -> None:
        """Add it to values in place, or take it away.

        Parameters
        ----------
        values : Array (response, draw)
            [the responses' units]
        sign : float
            1 or -1. [1]
        """
        some = self.explains
        if self.design is not None and np.any(some):
            values[some] += self.design.expand(sign * self.coefficients[some])


@dataclass(frozen=True)
class AdditiveParts:
    """What sources and pairs of sources explain of each response.

    Attributes
    ----------
    parts : mapping of tuple of int -> Part
        Of the number of a source, or of both of a pair. Where a source explains no more than noise would, nothing.
    explained : Array (response, draw)
        What they explain together, with mean 0 over draws. [the responses' units]

    References
    ----------
    Hastie, Tibshirani (1986), Statistical Science 1:297-310 (additive regression).
    """

    parts: Mapping[tuple[int, ...], Part]
    explained: Array

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
        ...     return Regressors.of(x[list(sources)]).design
        >>> found = AdditiveParts.of(design_of, 2, (10.0 * x[0] + 4.0 * x[1])[np.newaxis])
        >>> [(sources, found.part(sources)[0, [0, -1]].round(3).tolist()) for sources in found.parts]
        [((0,), [-5.0, 5.0]), ((1,), [-2.0, 2.0])]
        """
        centred = responses - responses.mean(axis=1, keepdims=True)
        rest = centred.copy()
        least = ROUNDING**2 * np.vecdot(rest, rest)
        numbers: list[tuple[int, ...]] = [(at,) for at in range(count)]
        parts = {number: Part.nothing(design_of(number), len(rest)) for number in numbers}
        for _ in range(SWEEPS):
            if _sweep(parts, rest, least):
                break
        pairs = {pair: Part.nothing(design_of(pair), len(rest)) for pair in _pairs(parts)}
        for _ in range(SWEEPS_OF_PAIRS):
            settled = _sweep(pairs, rest, least)
            pairs = {pair: part for pair, part in pairs.items() if np.any(part.explains)}
            if _sweep(parts, rest, least) and settled:
                break
        return cls(parts | pairs, centred - rest)

    def part(self, sources: tuple[int, ...]) -> Array:
        """What one source or pair explains.

        Parameters
        ----------
        sources : tuple of int
            As in `parts`.

        Returns
        -------
        Array (response, draw)
            With mean 0 over draws. [the responses' units]
        """
        found = np.zeros_like(self.explained)
        self.parts[sources].add_to(found)
        return found

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
        >>> from netcea.decision.value_of_information.evppi import Regressors
        >>> design = Regressors.of([np.repeat([-1.0, 1.0], 50)]).design
        >>> found = AdditiveParts.of(lambda _: design, 1, np.repeat([[-5.0, 5.0]], 50, axis=1))
        >>> found.without({1})[0, [0, -1]].round(6).tolist(), found.without({0})[0, [0, -1]].tolist()
        ([-5.0, 5.0], [0.0, 0.0])
        """
        left_out = {*sources}
        found = self.explained.copy()
        others = np.zeros(len(found), dtype=np.bool_)
        for members, part in self.parts.items():
            if left_out.isdisjoint(members):
                others |= part.explains
            else:
                part.add_to(found, -1.0)
        found[~others] = 0.0
        return found


def _pairs(parts: Mapping[tuple[int, ...], Part]) -> list[tuple[int, ...]]:
    """Return the pairs of the sources that explain most of each response, largest first."""
    sources = [source for (source,) in parts]
    found: dict[tuple[int, ...], None] = {}
    for explained in np.array([part.sums_of_squares for part in parts.values()]).reshape(len(sources), -1).T:
        most = [sources[at] for at in np.argsort(-explained, kind="stable")[:IN_PAIRS] if explained[at] > 0.0]
        found |= dict.fromkeys(tuple(sorted(pair)) for pair in combinations(most, 2))
    return list(found)


def _sweep(parts: dict[tuple[int, ...], Part], rest: Array, least: Array) -> bool:
    """Fit every part again to what the others leave, in place, and say whether that changed little.

    Parts of no more than `least`, Array (response,), in sums of squares are rounding, and 0.
    """
    before = rest.copy()
    for sources, part in parts.items():
        if part.design is not None:
            design = part.design.held()
            parts[sources] = _fitted(part, design, rest, least)
            Part(design, part.coefficients - parts[sources].coefficients).add_to(rest)
    moved = rest - before
    return bool(np.all(np.vecdot(moved, moved) <= SETTLED**2 * np.vecdot(rest, rest)))


def _fitted(part: Part, held: OrthonormalDesign, rest: Array, least: Array) -> Part:
    """Return a part fitted to what others leave: `rest`, Array (response, draw), and the part as it was.

    With orthonormal columns Z, of y + Z b the coefficients are Z'y + b and the square is y'y + 2 b'Z'y + b'b.
    """
    of_rest = held.project(rest)
    totals = np.vecdot(rest, rest) + 2.0 * np.vecdot(part.coefficients, of_rest) + part.sums_of_squares
    gamma = max(0.5 * math.log(rest.shape[1]), 1.0)
    found = smooth_coefficients(held, of_rest + part.coefficients, totals, gamma)
    return Part(part.design, np.where((np.vecdot(found, found) > least)[:, np.newaxis], found, 0.0))
