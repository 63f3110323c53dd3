"""Curves of one arm or several through any mix of medians, quantiles, landmarks, restricted means, hazard ratios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from netcea.arrays import Array
from netcea.fitting.arm_curves import ArmCurves
from netcea.fitting.curve_figures import CurveJet, log_hazard_ratio
from netcea.fitting.least_squares import estimate
from netcea.fitting.published_figures import (
    Figure,
    FigureFit,
    NotIdentified,
    SummaryFit,
    TooFew,
    check_figures,
    covariance_of,
    weighed_words,
)
from netcea.fitting.trial import HazardRatio
from netcea.plain_number import read
from netcea.survival.base import Distribution
from netcea.survival.elementwise import quietly

ALL: Final = "all"
"""The arm of a curve that has no other beside it."""
CHECKED: Final = np.geomspace(1e-3, 10.0, 80)
"""Times, as multiples of the last figure's, at which a fitted curve must not rise."""


class ArmFigure(NamedTuple):
    """A published figure of one arm.

    Attributes
    ----------
    arm : str
    figure : Figure
        No hazard ratio.
    """

    arm: str
    figure: Figure


class Observed(NamedTuple):
    """How long and how many patients were seen, on which the limit of Cox's estimator rests.

    Attributes
    ----------
    patients : mapping of str -> float
        Randomised to each arm. [patients]
    follow_up : float
        Median; censoring is taken as uniform from 0 to twice this. [unit of time]
    """

    patients: Mapping[str, float]
    follow_up: float


def fit_figures(
    model: Distribution,
    figures: Sequence[ArmFigure | HazardRatio],
    arms: Sequence[str] = (ALL,),
    correlation: Array | None = None,
    observed: Observed | None = None,
    fixed: Mapping[str, float] | None = None,
    through: Sequence[int] | None = None,
    name: str = "",
    near: Array | None = None,
) -> SummaryFit:
    """Fit the curves of one arm or several to any figures, in any family.

    As many figures as parameters are met exactly; more are weighed by their covariance; fewer are refused. The arms
    share every parameter but one (`netcea.fitting.arm_curves.ArmCurves`).

    Parameters
    ----------
    model : Distribution
        With its structure.
    figures : sequence of ArmFigure or HazardRatio
        One unit of time throughout.
    arms : sequence of str
        The reference arm first.
    correlation : Array (figure, figure), optional
        Of all figures on their working scales, -1 to 1; independent when left out. [1]
    observed : Observed, optional
        Needed for hazard ratios of families in which hazards are not in proportion.
    fixed : mapping of str -> float, optional
        Parameters that are given. [as the family says]
    through : sequence of int, optional
        Which figures are met exactly, as many as parameters; the others are reported, not used.
    name : str
        Of the family with its structure, for the result; the family's own when left out.
    near : Array (parameter,), optional
        The estimate at figures much like these, from which to look first. [real line]

    Returns
    -------
    SummaryFit
        Estimates, their covariance and how they follow the figures, and what the curves say of every figure.

    Raises
    ------
    NotIdentified
        The figures contradict each other, or do not determine the curves: with what to add.

    Notes
    -----
    With y the figures on their working scales, V their covariance, g the curves' and J its derivatives with respect to
    the parameters on the real line: the estimate minimises (g - y)' V^-1 (g - y) and its covariance is (J' V^-1 J)^-1;
    J^-1 V J^-T where the figures are met exactly (the delta method). Hazard ratios of families without proportional
    hazards are the limit of Cox's estimator.

    References
    ----------
    Struthers and Kalbfleisch (1986), Biometrika 73:363-369.

    Examples
    --------
    Three figures for the two parameters of a Weibull: none is met exactly.

    >>> from netcea.survival import weibull
    >>> given = [Figure("median", 10.0, 0.1), Figure("survival_at", 0.2, 0.1, 24.0), Figure("restricted_mean", 9.0,
    ...     0.05, 12.0)]
    >>> fit = fit_figures(weibull, [ArmFigure("all", figure) for figure in given])
    >>> [round(item.miss_in_standard_errors, 2) for item in fit.figures], fit.degrees_of_freedom
    ([1.0, 0.34, -0.89], 1)
    """
    whole = _Figures(ArmCurves(model, tuple(arms), fixed or {}), tuple(figures), observed)
    published = [item.figure for item in figures]
    check_figures(published)
    whole.check()
    used = _used(whole, published, through)
    starts = whole.curves.starts(whole.medians(), whole.lowest())
    said = _Kept(whole, used)
    if near is not None:
        starts = [near, *starts]
    found = estimate(
        lambda theta: said(theta)[0],
        np.array([published[i].working for i in used]),
        covariance_of(published, correlation)[np.ix_(used, used)],
        starts,
        lambda theta: said(theta)[1],
        whole.curves.names,
        agreeing=2 if near is None else 1,
    )
    theta = found.parameters
    whole.check_falling(theta)
    modelled = whole.say(theta, range(len(published)))[0]
    fits = (FigureFit(f, f.at_working(float(modelled[i])).value, i in used) for i, f in enumerate(published))
    influence = np.zeros((len(theta), len(published)))
    influence[:, used] = found.influence
    curves = whole.curves
    return SummaryFit(
        name or model.name,
        curves.names,
        curves.scales,
        theta,
        found.covariance,
        tuple(fits),
        _note(len(used), len(theta), len(published), found.chi_square),
        curves.curves,
        influence,
        found.chi_square,
    )


def _used(whole: _Figures, published: Sequence[Figure], through: Sequence[int] | None) -> list[int]:
    """Return which figures are used."""
    size, family = len(whole.curves.names), whole.curves.model.name
    used = list(range(len(published))) if through is None else list(through)
    if not set(used) <= set(range(len(published))) or len(set(used)) < len(used):
        raise NotIdentified(f"through names figures {used}; expected different ones of 0 to {len(published) - 1}")
    if len(used) < size:
        several = f" for {len(whole.curves.arms)} arms" if len(whole.curves.arms) > 1 else ""
        more = size - len(used)
        raise TooFew(
            f"parameters of a {family}{several}: {size}; figures: {len(used)}: they do not identify it; add "
            f"{more} figure{'s' if more > 1 else ''}, such as survival or a restricted mean at another time"
        )
    if through is not None and len(used) > size:
        raise NotIdentified(
            f"parameters of a {family}: {size}; figures to go through: {len(used)}: not all can be met exactly"
        )
    if size == 1 and len(used) > 1 and any(not figure.se for figure in published):
        return [0]  # what has no interval has no weight
    return used


def _note(used: int, size: int, published: int, chi_square: float) -> str:
    if used > size:
        return weighed_words(used, size, chi_square)
    if used < published and size == 1:
        return "one parameter: the curve goes through the first figure; the others are not used"
    return ""


class _Figures(NamedTuple):
    """Figures of the curves of arms, and what the curves say of them."""

    curves: ArmCurves
    figures: tuple[ArmFigure | HazardRatio, ...]
    observed: Observed | None

    # ------------------------------------------------------------------------------------------ checks
    def check(self) -> None:
        """Refuse figures of no arm, ratios that nothing tells the limit of, survivals that do not fall."""
        arms = self.curves.arms
        for item in self.figures:
            named = (item.arm, item.versus) if isinstance(item, HazardRatio) else (item.arm,)
            if not set(named) <= set(arms) or len(set(named)) < len(named):
                raise NotIdentified(f"a figure of {' and '.join(named)}; expected of the arms {', '.join(arms)}")
            if isinstance(item, HazardRatio) != (item.figure.kind == "hazard_ratio"):
                raise NotIdentified("a hazard ratio belongs to a trial, not to one curve")
        if self.observed is None and not self.curves.proportional and any(self.ratios()):
            raise NotIdentified(
                f"hazards of a {self.curves.model.name} are not in proportion: its hazard ratio depends on the "
                "patients of each arm and on the median follow-up; add both"
            )
        for arm in arms:
            _check_falling([item.figure for item in self.figures if not self._is_ratio(item) and item.arm == arm])

    @staticmethod
    def _is_ratio(item: ArmFigure | HazardRatio) -> bool:
        return isinstance(item, HazardRatio)

    def ratios(self) -> list[HazardRatio]:
        """Return the hazard ratios."""
        return [item for item in self.figures if isinstance(item, HazardRatio)]

    @quietly
    def check_falling(self, theta: Array) -> None:
        """Refuse a curve that rises: a spline, or a Q so far out that nothing is known of it."""
        last = max([f.figure.time or f.figure.value for f in self.figures if not self._is_ratio(f)], default=1.0)
        for curve in self.curves.at(theta).values():
            hazard = curve.hazard(last * CHECKED)
            if not np.all(np.isfinite(hazard)) or np.any(hazard < 0.0):
                raise NotIdentified("the curve that meets the figures rises somewhere: another family, or fewer knots")

    # ------------------------------------------------------------------------------------------ what curves say
    @quietly
    def say(self, theta: Array, which: Sequence[int]) -> tuple[Array, Array]:
        """Return what parameters say of figures, and the derivatives.

        Parameters
        ----------
        theta : Array (parameter,)
            [real line]
        which : sequence of int
            Numbers of figures.

        Returns
        -------
        values : Array (figure,)
            [working scale]
        slopes : Array (figure, parameter)
            [working scale / real line]
        """
        curves = self.curves.at(np.asarray(theta, dtype=np.float64))
        said = [self._says(self.figures[i], curves) for i in which]
        return np.array([value for value, _ in said]), np.array([slope for _, slope in said])

    def _says(self, item: ArmFigure | HazardRatio, curves: Mapping[str, CurveJet]) -> tuple[float, Array]:
        """Return what curves say of a figure on its working scale."""
        said, slope = self._on_logarithms(item, curves)
        if not item.figure.plain:
            return said, slope
        value = item.figure._replace(plain=False).at_working(said).value
        falls = item.figure.kind == "survival_at"
        return value, slope * (value * np.log(value) if falls else value)  # S = exp(-H): dS = -S H dlog H

    def _on_logarithms(self, item: ArmFigure | HazardRatio, curves: Mapping[str, CurveJet]) -> tuple[float, Array]:
        if isinstance(item, ArmFigure):
            return curves[item.arm].says(item.figure)
        observed, share = self.observed, None
        if observed is not None:
            of = observed.patients
            share = of[item.arm] / (of[item.arm] + of[item.versus])
        follow_up = None if observed is None else observed.follow_up
        arm, other = curves[item.arm], curves[item.versus]
        return log_hazard_ratio(arm, other, share, follow_up, proportional=self.curves.proportional)

    # ------------------------------------------------------------------------------------------ where to begin
    def medians(self) -> dict[str, float]:
        """Return about the median of each arm; of one without figures of its own from a ratio. [unit of time]"""
        found: dict[str, float] = {}
        for item in self.figures:
            if isinstance(item, ArmFigure):
                found.setdefault(item.arm, _about_median(item.figure))
        for ratio in self.ratios() * len(self.curves.arms):
            if ratio.versus in found:
                found.setdefault(ratio.arm, found[ratio.versus] / ratio.figure.value)
            elif ratio.arm in found:
                found[ratio.versus] = found[ratio.arm] * ratio.figure.value
        missing = [arm for arm in self.curves.arms if arm not in found]
        if missing:
            raise NotIdentified(f"neither a figure nor a hazard ratio to an arm with one places {', '.join(missing)}")
        return found

    def lowest(self) -> float:
        """Return the lowest survival that a figure gives. [share]"""
        found = [
            1.0 - (item.figure.failed or 0.5) for item in self.figures if item.figure.kind in ("median", "quantile")
        ]
        found += [item.figure.value for item in self.figures if item.figure.kind == "survival_at"]
        return min(found, default=0.5)


class _Kept:
    """What curves say of the figures that are used, kept where it is asked for twice."""

    def __init__(self, figures: _Figures, used: Sequence[int]) -> None:
        self.figures, self.used = figures, used
        self.last: tuple[bytes, tuple[Array, Array]] = (b"", (np.zeros(0), np.zeros(0)))

    def __call__(self, theta: Array) -> tuple[Array, Array]:
        key = theta.tobytes()
        if key != self.last[0]:
            self.last = (key, self.figures.say(theta, self.used))
        return self.last[1]


def _about_median(figure: Figure) -> float:
    """Return the median that an exponential has which meets a figure, about. [unit of time]"""
    if figure.kind == "median":
        return figure.value
    if figure.kind == "quantile":
        return float(figure.value * np.log(2.0) / -np.log1p(-(figure.failed or 0.5)))
    if figure.kind == "survival_at":
        return float((figure.time or 1.0) * np.log(2.0) / -np.log(figure.value))
    return float(figure.value * np.log(2.0))


def _check_falling(figures: Sequence[Figure]) -> None:
    """Refuse survivals of one arm that do not fall with time."""
    points = [(0.0, 1.0)]
    points += [(f.value, 0.5) for f in figures if f.kind == "median"]
    points += [(f.value, 1.0 - (f.failed or 0.0)) for f in figures if f.kind == "quantile"]
    points += [(f.time or 0.0, f.value) for f in figures if f.kind == "survival_at"]
    points.sort()
    for (t0, s0), (t1, s1) in pairwise(points):
        if not (t1 > t0 and s1 < s0):
            raise NotIdentified(
                f"survival does not fall from {read(s0)} at {read(t0)} to "
                f"{read(s1)} at {read(t1)}: no curve goes through both"
            )
