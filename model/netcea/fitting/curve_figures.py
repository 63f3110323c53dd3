"""What a curve says of published figures, on their working scales, with its derivatives by the parameters.

Every family that can be fitted to patients has its cumulative hazard H and log h with their derivatives
(`Distribution.likelihood_terms`); those of figures follow from them by the chain rule and the implicit function
theorem, whatever the figure and whatever the family.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.fitting.cox import cox_limit, expected_score, observation_nodes
from netcea.fitting.figure_slopes import score_slopes
from netcea.fitting.published_figures import Figure
from netcea.survival.base import Distribution
from netcea.survival.integrate import LOG_RANGE
from netcea.survival.jets import Jet, exp
from netcea.survival.parameter import Parameters

PANELS: Final = 60
"""Of the quadrature of a restricted mean, besides those that end at knots and breaks."""
NODES: Final = 8
"""On each."""


@dataclass(frozen=True)
class CurveJet:
    """A curve at some parameters, with its derivatives by those of a fit.

    Attributes
    ----------
    model : Distribution
    parameters : mapping of str -> Array ()
        Every parameter of the family. [as the family says]
    real : tuple of Jet
        The same on their real lines, with derivatives by the parameters of the fit. [log, logit or as published]
    log_ratio : Jet or None
        By which the hazard of these parameters is multiplied; None: not at all. [log]
    kinks : tuple of float
        Times at which the curve is not smooth. [unit of time]

    Examples
    --------
    An exponential with a rate of 1/2; one of the logarithm of the rate takes one of that of the median.

    >>> from netcea.survival import exponential
    >>> from netcea.survival.jets import variables
    >>> curve = CurveJet(exponential, {"rate": np.array(0.5)}, tuple(variables([np.log(0.5)])))
    >>> value, slope = curve.says(Figure("median", 1.0))
    >>> round(float(np.exp(value)), 4), slope.round(12).tolist()  # log 2 / 0.5
    (1.3863, [-1.0])
    """

    model: Distribution
    parameters: Parameters
    real: tuple[Jet, ...]
    log_ratio: Jet | None = None
    kinks: tuple[float, ...] = ()

    @property
    def ratio(self) -> float:
        """By which the hazard of the parameters is multiplied. [ratio]"""
        return 1.0 if self.log_ratio is None else float(np.exp(self.log_ratio.value[0]))

    def terms(self, t: Array) -> tuple[Jet, Jet]:
        """Cumulative hazard and logarithm of the hazard at times.

        Parameters
        ----------
        t : Array (time,)
            Above 0. [unit of time]

        Returns
        -------
        tuple of Jet (time,)
            [1], [log(1 / unit of time)]
        """
        h, log_hazard = self.model.likelihood_terms(t, self.real)
        if self.log_ratio is not None:
            h, log_hazard = h * exp(self.log_ratio), log_hazard + self.log_ratio
        return self._whole(h, t), self._whole(log_hazard, t)

    @staticmethod
    def _whole(jet: Jet, t: Array) -> Jet:
        """Return a jet whose slopes have a value for each time."""
        return Jet(np.broadcast_to(jet.value, t.shape), np.broadcast_to(jet.slope, (len(jet.slope), len(t))))

    def survival(self, t: Array) -> Array:
        """Survival at times.

        Parameters
        ----------
        t : Array (time,)
            Not negative. [unit of time]

        Returns
        -------
        Array (time,)
            [share]
        """
        return np.asarray(np.exp(-self.ratio * self.model.cumulative_hazard(t, self.parameters)))

    def hazard(self, t: Array) -> Array:
        """Hazard at times.

        Parameters
        ----------
        t : Array (time,)
            Not negative. [unit of time]

        Returns
        -------
        Array (time,)
            [1 / unit of time]
        """
        return np.asarray(self.ratio * self.model.hazard(t, self.parameters))

    def quantile(self, failed: float) -> float:
        """Time by which a share has failed.

        Parameters
        ----------
        failed : float
            Between 0 and 1. [share]

        Returns
        -------
        float
            Infinite where it never does. [unit of time]
        """
        of_base = failed if self.log_ratio is None else -np.expm1(np.log1p(-failed) / self.ratio)
        return float(self.model.quantile(np.array(of_base), self.parameters))

    def says(self, figure: Figure) -> tuple[float, Array]:
        """Return what the curve says of a figure of its own, and the derivatives.

        Parameters
        ----------
        figure : Figure
            No hazard ratio.

        Returns
        -------
        value : float
            [working scale]
        slope : Array (parameter,)
            [working scale / real line]
        """
        return SAYS[figure.kind](self, figure)


def _log_quantile(curve: CurveJet, figure: Figure) -> tuple[float, Array]:
    """Return log q, with H(q) = -log(1 - p): d log q = -dH / (h q)."""
    q = curve.quantile(0.5 if figure.failed is None else figure.failed)
    if not 0.0 < q < np.inf:
        return np.inf, np.full(len(curve.real[0].slope), np.nan)
    h, log_hazard = curve.terms(np.array([q]))
    return float(np.log(q)), -h.slope[:, 0] * np.exp(-log_hazard.value[0]) / q


def _log_cumulative_hazard(curve: CurveJet, figure: Figure) -> tuple[float, Array]:
    """Return log H(t) = log(-log S(t)): d log H = dH / H."""
    t = np.array([figure.time or 0.0])
    h = curve.terms(t)[0].slope[:, 0]
    value = curve.ratio * curve.model.cumulative_hazard(t, curve.parameters)
    return float(np.log(value[0])), h / value[0]


def _log_restricted_mean(curve: CurveJet, figure: Figure) -> tuple[float, Array]:
    """Return the logarithm of the area A under S until a time: dA = -integral of S dH."""
    time = figure.time or 0.0
    t, weight = _area_nodes(time, tuple(kink for kink in curve.kinks if kink < time))
    h = curve.terms(t)[0]
    survival = np.exp(-h.value)
    area = float((weight * survival).sum())
    moved = np.where(survival > 0.0, survival * h.slope, 0.0)
    return float(np.log(area)), -(moved @ weight) / area


SAYS: Final[Mapping[str, Callable[[CurveJet, Figure], tuple[float, Array]]]] = {
    "median": _log_quantile,
    "quantile": _log_quantile,
    "survival_at": _log_cumulative_hazard,
    "restricted_mean": _log_restricted_mean,
}
"""Kind of a figure -> what a curve says of it."""


@lru_cache(maxsize=64)
def _area_nodes(time: float, kinks: tuple[float, ...]) -> tuple[Array, Array]:
    """Return nodes and weights of an area from 0 to a time, even in log time, with panels that end at kinks."""
    x = np.log(time) - np.linspace(LOG_RANGE, 0.0, PANELS + 1)
    inside = np.log(np.array([kink for kink in kinks if kink > 0.0])) if kinks else np.zeros(0)
    edges = np.unique(np.concatenate([x, inside[inside > x[0]]]))
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    half = np.diff(edges)[:, None] / 2.0
    t = np.exp((edges[:-1, None] + half) + half * nodes)
    return t.ravel(), (half * weights * t).ravel()


def log_hazard_ratio(
    arm: CurveJet, other: CurveJet, share: float | None, follow_up: float | None, *, proportional: bool
) -> tuple[float, Array]:
    """Log hazard ratio of two curves with its derivatives: exact where hazards are proportional, else Cox's limit.

    Parameters
    ----------
    arm, other : CurveJet
        The arm whose ratio it is, and the one it is compared with.
    share : float or None
        Patients of the first among those of both; not needed for proportional hazards. [share]
    follow_up : float or None
        Median follow-up, the same; censoring is uniform from 0 to twice this. [unit of time]
    proportional : bool
        Whether the ratio is the same at all times.

    Returns
    -------
    value : float
        [log]
    slope : Array (parameter,)
        [log / real line]

    Notes
    -----
    The limit beta is the root of the expected score U(beta; theta), hence dbeta = -(dU / dtheta) / (dU / dbeta).

    References
    ----------
    Struthers and Kalbfleisch (1986), Biometrika 73:363-369.

    Examples
    --------
    >>> from netcea.survival import exponential
    >>> from netcea.survival.jets import variables
    >>> rates = variables(np.log([0.5, 0.25]))
    >>> curves = [CurveJet(exponential, {"rate": np.exp(x.value)}, (x,)) for x in rates]
    >>> value, slope = log_hazard_ratio(curves[1], curves[0], None, None, proportional=True)
    >>> round(float(np.exp(value)), 12), slope.round(12).tolist()
    (0.5, [-1.0, 1.0])
    >>> value, slope = log_hazard_ratio(curves[1], curves[0], 0.5, 2.0, proportional=False)
    >>> round(float(np.exp(value)), 12), slope.round(9).tolist()
    (0.5, [-1.0, 1.0])
    """
    if proportional:
        t = np.array([1.0 if follow_up is None else follow_up])
        (h1, _), (h0, _) = arm.terms(t), other.terms(t)
        return float(np.log(h1.value[0] / h0.value[0])), (h1.slope / h1.value - h0.slope / h0.value)[:, 0]
    last = 2.0 * (follow_up or 0.0)
    score = expected_score(
        lambda t: (other.survival(t), arm.survival(t)), lambda t: (other.hazard(t), arm.hazard(t)), share or 0.0, last
    )
    t, _ = observation_nodes(last)
    value = float(np.log(cox_limit(score)))
    by_arm, by_other, by_ratio = score_slopes(arm.terms(t), other.terms(t), value, share or 0.0, last)
    return value, -(by_arm + by_other) / by_ratio


def kinks_of(model: Distribution) -> tuple[float, ...]:
    """Times of a family's knots or breaks.

    Parameters
    ----------
    model : Distribution
        With its structure.

    Returns
    -------
    tuple of float
        [unit of time]

    Examples
    --------
    >>> from netcea.survival.distributions import distribution
    >>> kinks_of(distribution("piecewise_exponential", breaks=[1.0, 2.0]))
    (1.0, 2.0)
    """
    constants = model.constants
    return tuple(float(np.exp(c)) if name.startswith("knot") else float(c) for name, c in constants.items())


def jets_of(values: Sequence[float], size: int) -> list[Jet]:
    """Numbers that are given, as jets: no parameter of a fit moves them.

    Parameters
    ----------
    values : sequence of float
        [real line]
    size : int
        Parameters of the fit. [1]

    Returns
    -------
    list of Jet
        [real line]

    Examples
    --------
    >>> jets_of([2.0], 3)[0].slope.tolist()
    [[0.0], [0.0], [0.0]]
    """
    return [Jet(np.array([float(value)]), np.zeros((size, 1))) for value in values]
