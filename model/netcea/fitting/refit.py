"""A fit made again at other figures: some at given values, the others where their correlations put them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.fitting.numerics import conditional_shift
from netcea.fitting.published_figures import Figure, SummaryFit, covariance_of
from netcea.fitting.trial import HazardRatio, Trial


@dataclass(frozen=True)
class Refit:
    """A fit to published figures that can be made again at other values of them.

    Attributes
    ----------
    figures : tuple of Figure
        As published.
    used : tuple of bool
        Whether the fit is made to meet each.
    correlation : tuple of tuple of float, or None
        Of the figures on their working scales; None where they are independent. [1]
    fit : function of figures
        Fits them; it can be sent to another process.

    Examples
    --------
    Two medians with a correlation of 0.5; where the first is one standard error higher, the second is half of one:

    >>> from netcea.fitting import Figure
    >>> figures = Figure("median", 5.0, 0.1), Figure("median", 9.0, 0.2)
    >>> refit = Refit(figures, (True, True), ((1.0, 0.5), (0.5, 1.0)), lambda figures: None)
    >>> [round(float(f.value), 4) for f in refit.at({0: 5.0 * np.exp(0.1)})]  # 9 exp(0.5 x 0.2)
    [5.5259, 9.9465]
    """

    figures: tuple[Figure, ...]
    used: tuple[bool, ...]
    correlation: tuple[tuple[float, ...], ...] | None
    fit: Callable[[tuple[Figure, ...]], SummaryFit]

    def at(self, values: Mapping[int, float]) -> tuple[Figure, ...]:
        """Figures of which some have given values and the others their conditional means.

        Parameters
        ----------
        values : mapping of int to float
            Number of a figure, from 0 -> its value. [as published]

        Returns
        -------
        tuple of Figure
            In their order.

        Notes
        -----
        On the working scales, y of the others = m + C_og C_gg^+ (y_g - m_g), with m the published figures and C their
        covariance; the pseudo-inverse leaves the others alone where a given figure is known exactly. A figure whose
        error is not its standard error times a deviate (`Figure.halves`) goes in, and comes out, by its deviate.
        """
        given = sorted(values)
        moved = {i: self.figures[i]._replace(value=float(values[i])) for i in given}
        covariance = covariance_of(self.figures, None if self.correlation is None else np.array(self.correlation))
        shift = np.array([self._straight(i, moved[i].working - self.figures[i].working) for i in given])
        away = conditional_shift(covariance, given, shift)
        return tuple(
            moved[i] if i in moved else figure.at_working(figure.working + self._bent(i, float(away[i])))
            for i, figure in enumerate(self.figures)
        )

    def _straight(self, i: int, shift: float) -> float:
        """Return a figure's shift as if its error was its standard error times its deviate."""
        figure = self.figures[i]
        return shift if figure.halves is None else figure.error * figure.deviate(shift)

    def _bent(self, i: int, shift: float) -> float:
        """Return a figure's shift, given what it were if its error was its standard error times its deviate."""
        figure = self.figures[i]
        return shift if figure.halves is None else figure.shift(shift / figure.error)

    def parameters(self, values: Mapping[int, float]) -> Array:
        """Parameters of the fit at other figures.

        Parameters
        ----------
        values : mapping of int to float
            See `at`. [as published]

        Returns
        -------
        Array (parameter,)
            [real line]

        Raises
        ------
        NotIdentified
            No curve of the family meets these figures.
        """
        return self.fit(self.at(values)).real_line


STEP: Final = 1e-5
"""Step of a derivative with respect to a figure. [working scale]"""


def figure_slopes(refit: Refit, used: Sequence[int]) -> Array:
    """Derivatives of a fit's parameters with respect to figures, by central differences.

    Parameters
    ----------
    refit : Refit
        The fit.
    used : sequence of int
        Numbers of the figures.

    Returns
    -------
    Array (parameter, figure)
        [real line / working scale]

    Raises
    ------
    NotIdentified
        No curve of the family meets figures so near.

    Examples
    --------
    The scale of an exponential is its median / log 2: one of the logarithm for one.

    >>> from netcea.fitting import fit_curve
    >>> refit = Refit((Figure("median", 5.0, 0.1),), (True,), None, lambda figures: fit_curve("exponential", figures))
    >>> figure_slopes(refit, [0]).round(6).tolist()
    [[-1.0]]
    """

    def at(i: int, step: float) -> Array:
        figures = list(refit.figures)
        figures[i] = figures[i].at_working(figures[i].working + step)
        return refit.fit(tuple(figures)).real_line

    return np.array([(at(i, STEP) - at(i, -STEP)) / (2.0 * STEP) for i in used]).T


def with_figures(trial: Trial, figures: tuple[Figure, ...]) -> Trial:
    """A trial with other figures, in the order of `Trial.figures`.

    Parameters
    ----------
    trial : Trial
        As published.
    figures : tuple of Figure
        In its place. [unit of time] or 1

    Returns
    -------
    Trial
        Arms, patients and follow-up are as they were. [unit of time]

    Raises
    ------
    NotIdentified
        Figures that no trial can have.

    Examples
    --------
    >>> trial = Trial(("placebo",), (Figure("median", 5.0, 0.1),), (), (30,), 12.0)
    >>> with_figures(trial, (Figure("median", 6.0, 0.1),)).medians[0].value
    6.0
    """
    left = iter(figures)
    medians = tuple(None if median is None else next(left) for median in trial.medians)
    further = tuple((arm, next(left)) for arm, _ in trial.further)
    ratios = tuple(HazardRatio(ratio.arm, ratio.versus, next(left)) for ratio in trial.hazard_ratios)
    return replace(trial, medians=medians, further=further, hazard_ratios=ratios)
