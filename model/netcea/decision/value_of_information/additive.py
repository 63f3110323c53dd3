"""What each independent source explains of outcomes: an additive regression, whose parts are control variates.

Costs are straight lines in prices and use, and most outcomes are nearly sums of what single sources do. What all other
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
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.decision.value_of_information.regression import OrthonormalDesign, penalised_fits

SWEEPS: Final = 6
"""Times that every part is fitted again, at most."""
SETTLED: Final = 1e-3
"""A sweep that changes what is left by no more than this share is the last."""


@dataclass(frozen=True)
class AdditiveParts:
    """What each source explains of each response.

    Attributes
    ----------
    parts : Array (source, response, draw)
        With mean 0 over draws; 0 where a source explains no more than noise would. [the responses' units]
    """

    parts: Array

    @classmethod
    def of(cls, design_of: Callable[[int], OrthonormalDesign | None], count: int, responses: Array) -> AdditiveParts:
        """Fit the parts of all sources together, by backfitting.

        Parameters
        ----------
        design_of : callable (int) -> OrthonormalDesign or None
            The regression columns of a source, by its number; None where it does not vary.
        count : int
            Number of sources.
        responses : Array (response, draw)
            Outcomes. [any units]

        Returns
        -------
        AdditiveParts
            Of every source. [the responses' units]

        Notes
        -----
        A part enters only where it improves GCV with degrees of freedom that count log(n) / 2 times, as BIC counts
        them: control variates that followed noise would take it out of other regressions too.

        Examples
        --------
        >>> from netcea.decision.value_of_information.evppi import Regressors
        >>> x = np.array([np.tile([0.0, 1.0], 50), np.repeat([0.0, 1.0], 50)])  # every pair of two values
        >>> designs = [Regressors.of(column[:, np.newaxis]).design for column in x]
        >>> found = AdditiveParts.of(designs.__getitem__, 2, (10.0 * x[0] + 4.0 * x[1])[np.newaxis])
        >>> found.parts[:, 0, [0, -1]].round(3).tolist()
        [[-5.0, 5.0], [-2.0, 2.0]]
        """
        parts = np.zeros((count, *responses.shape))
        rest = responses - responses.mean(axis=1, keepdims=True)
        for _ in range(SWEEPS):
            before = rest.copy()
            for source in range(count):
                rest += parts[source]
                parts[source] = _part(design_of(source), rest)
                rest -= parts[source]
            moved, left = np.vecdot(rest - before, rest - before), np.vecdot(rest, rest)
            if np.all(moved <= SETTLED**2 * left):
                break
        return cls(parts)

    def without(self, sources: Collection[int]) -> Array:
        """What all other sources explain.

        Parameters
        ----------
        sources : collection of int
            Numbers of sources that are left out.

        Returns
        -------
        Array (response, draw)
            With mean 0 over draws. [the responses' units]

        Examples
        --------
        >>> AdditiveParts(np.array([[[1.0, -1.0]], [[5.0, -5.0]]])).without({0}).tolist()
        [[5.0, -5.0]]
        """
        kept = [source for source in range(len(self.parts)) if source not in sources]
        return np.asarray(self.parts[kept].sum(axis=0), dtype=np.float64)


def _part(design: OrthonormalDesign | None, rest: Array) -> Array:
    """Return what a source explains of what others leave, Array (response, draw)."""
    if design is None:
        return np.zeros_like(rest)
    fits = penalised_fits(design, rest, gamma=max(0.5 * math.log(rest.shape[1]), 1.0))
    return np.array([fit.fitted - fit.fitted.mean() if fit.improvement > 0.0 else np.zeros(len(y)) for fit, y in zip(fits, rest, strict=True)])
