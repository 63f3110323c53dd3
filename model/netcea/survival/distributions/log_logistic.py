"""Log-logistic distribution: S(t) = 1 / (1 + (t / scale)^shape)."""

from __future__ import annotations

import numpy as np

from netcea.arrays import Array
from netcea.survival.distribution import Distribution, Parameter, Parameters
from netcea.survival.elementwise import into, powered, quietly
from netcea.survival.integrate import integral
from netcea.survival.spreadsheet import Refs

NEGLIGIBLE_EXPONENT = 45.0


@quietly
def _log_odds(t: Array, parameters: Parameters) -> Array:
    return into(np.multiply, np.asarray(np.log(t) - np.log(parameters["scale"])), parameters["shape"])


@quietly
def cumulative_hazard(t: Array, parameters: Parameters) -> Array:
    """Cumulative hazard H(t) = log(1 + (t / scale)^shape).

    Parameters
    ----------
    t : Array (1, time) or (draw, time)
        Not negative. [unit of time]
    parameters : mapping
        ``shape`` : Array (draw, 1), above 0. [1]
        ``scale`` : Array (draw, 1), above 0, the median. [unit of time]

    Examples
    --------
    >>> round(float(cumulative_hazard(np.array(3.0), {"shape": np.array(2.0), "scale": np.array(3.0)})), 4)
    0.6931
    """
    return into(np.logaddexp, _log_odds(t, parameters), 0.0)


@quietly
def hazard(t: Array, parameters: Parameters) -> Array:
    """Hazard h(t) = (shape / scale) (t / scale)^(shape - 1) S(t). [1 / unit of time].

    Examples
    --------
    >>> round(float(hazard(np.array(3.0), {"shape": np.array(2.0), "scale": np.array(3.0)})), 4)  # 2/3 x 1/2
    0.3333
    """
    shape, scale = np.asarray(parameters["shape"]), parameters["scale"]
    log_ratio = np.asarray(np.log(t) - np.log(scale))
    early = log_ratio < 0.0
    survival = np.exp(-np.logaddexp(0.0, shape * np.minimum(log_ratio, 0.0)))
    rising = powered(shape - 1.0, np.minimum(log_ratio, 0.0)) * survival
    late = np.maximum(log_ratio, 0.0)
    falling = np.exp(-late - np.log1p(np.exp(-shape * late)))
    return np.asarray(shape / scale * np.where(early, rising, falling))


@quietly
def quantile(p: Array, parameters: Parameters) -> Array:
    """Time by which a share p has failed: scale (p / (1 - p))^(1 / shape). [unit of time].

    Examples
    --------
    >>> round(float(quantile(np.array(0.8), {"shape": np.array(2.0), "scale": np.array(3.0)})), 12)  # 3 x 2
    6.0
    """
    p = np.asarray(p, dtype=np.float64)
    return np.asarray(parameters["scale"] * np.exp((np.log(p) - np.log1p(-p)) / parameters["shape"]))


@quietly
def restricted_mean(t: Array, parameters: Parameters) -> Array:
    """Area under S from 0 to t. [unit of time].

    Notes
    -----
    Up to the median t S(t) 2F1(1, 1; 1 + 1 / shape; F(t)) by its series, whose terms are all positive; beyond
    the median by Gauss-Legendre quadrature in y = shape log(t / scale). (The incomplete beta function would
    do for shape > 1 only, and badly near 1.)

    Examples
    --------
    >>> one = {"shape": np.array(1.0), "scale": np.array(2.0)}
    >>> round(float(restricted_mean(np.array(6.0), one)), 4)  # 2 log(1 + 6/2)
    2.7726
    """
    shape, scale = np.asarray(parameters["shape"]), parameters["scale"]
    y = _log_odds(t, parameters)
    first = np.minimum(t, scale)
    failed = np.exp(-np.logaddexp(0.0, -np.minimum(y, 0.0)))
    term: Array = np.ones(())
    total = term
    for n in range(1, 60):
        term = term * failed * (n / (n + 1.0 / shape))
        total = total + term
    decay = np.maximum(1.0 - 1.0 / shape, 1e-300)
    end = np.minimum(np.maximum(y, 0.0), NEGLIGIBLE_EXPONENT / decay)

    def density(u: Array) -> Array:
        return np.asarray(np.exp(u / shape - np.logaddexp(0.0, u)))

    later = integral(density, np.zeros(()), end, 48, "start")
    return np.asarray(first * (1.0 - failed) * total + scale / shape * later)


def with_median(median: Array, shape_parameters: Parameters) -> dict[str, Array]:
    """Parameters of the log-logistic with this median and ``shape``: scale = median.

    Examples
    --------
    >>> float(with_median(np.array(2.0), {"shape": np.array(3.0)})["scale"])
    2.0
    """
    return {"shape": shape_parameters["shape"], "scale": median}


def formula(t: str, refs: Refs) -> str:
    """Cumulative hazard as a spreadsheet formula."""
    return f"LN(1+(({t})/{refs['scale']})^{refs['shape']})"


def median_formula(refs: Refs) -> str:
    """Median as a spreadsheet formula."""
    return refs["scale"]


def with_median_formula(median: str, refs: Refs) -> dict[str, str]:
    """Parameters with this median as spreadsheet formulas."""
    return {"shape": refs["shape"], "scale": median}


LOG_LOGISTIC = Distribution(
    name="log_logistic",
    parameters=(Parameter("shape", "log"), Parameter("scale", "log")),
    cumulative_hazard=cumulative_hazard,
    hazard=hazard,
    quantile=quantile,
    restricted_mean=restricted_mean,
    with_median=with_median,
    shape_parameters=("shape",),
    formula=formula,
    median_formula=median_formula,
    with_median_formula=with_median_formula,
)
