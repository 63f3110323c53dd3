"""Gamma distribution: S(t) is the upper regularised incomplete gamma function of (shape, rate t)."""

from __future__ import annotations

from functools import partial

import numpy as np
from scipy import special

from netcea.arrays import Array
from netcea.survival import standard_generalised_gamma as standard
from netcea.survival.distribution import Distribution, Parameter, Parameters
from netcea.survival.elementwise import quietly
from netcea.survival.spreadsheet import Let, Refs, after_start, gamma_median, in_one, minus_log_upper_gamma


@quietly
def _standard(t: Array, parameters: Parameters) -> tuple[Array, Array]:
    """Return w and Q of the generalised gamma: Q = shape^(-1/2), w = log(rate t / shape) / Q."""
    shape = np.asarray(parameters["shape"], dtype=np.float64)
    root = np.sqrt(shape)
    return np.asarray((np.log(t) + np.log(parameters["rate"]) - np.log(shape)) * root), 1.0 / root


def cumulative_hazard(t: Array, parameters: Parameters) -> Array:
    """Cumulative hazard H(t) = -log Q(shape, rate t), Q the upper regularised incomplete gamma function.

    Parameters
    ----------
    t : Array (1, time) or (draw, time)
        Not negative. [unit of time]
    parameters : mapping
        ``shape`` : Array (draw, 1), above 0. [1]
        ``rate`` : Array (draw, 1), above 0. [1 / unit of time]

    Examples
    --------
    >>> erlang = {"shape": np.array(2.0), "rate": np.array(1.0)}  # S = (1 + t) exp(-t)
    >>> round(float(cumulative_hazard(np.array(1.0), erlang)), 4)  # 1 - log 2
    0.3069
    """
    return standard.hazards(*_standard(t, parameters))[0]


@quietly
def hazard(t: Array, parameters: Parameters) -> Array:
    """Hazard h(t) = f(t) / S(t). [1 / unit of time].

    Examples
    --------
    >>> erlang = {"shape": np.array(2.0), "rate": np.array(1.0)}  # h = t / (1 + t)
    >>> round(float(hazard(np.array(1.0), erlang)), 12)
    0.5
    """
    shape, rate = np.asarray(parameters["shape"]), parameters["rate"]
    at_zero = np.where(shape < 1.0, np.inf, np.where(shape == 1.0, rate, 0.0))
    later = np.asarray(t) > 0.0
    h = standard.hazards(*_standard(t, parameters))[1]
    return np.asarray(np.where(later, h * np.sqrt(shape) / np.where(later, t, 1.0), at_zero))


def quantile(p: Array, parameters: Parameters) -> Array:
    """Time by which a share p has failed. [unit of time].

    Examples
    --------
    >>> exponential = {"shape": np.array(1.0), "rate": np.array(0.5)}
    >>> round(float(quantile(np.array(0.5), exponential)), 4)  # 0.6931 / 0.5
    1.3863
    """
    shape = np.asarray(parameters["shape"], dtype=np.float64)
    q = 1.0 / np.sqrt(shape)
    return np.asarray(shape / parameters["rate"] * np.exp(q * standard.quantile(p, q)))


def restricted_mean(t: Array, parameters: Parameters) -> Array:
    """Area under S from 0 to t: t S(t) + (shape / rate) P(shape + 1, rate t). [unit of time].

    P is the lower regularised incomplete gamma function.

    Examples
    --------
    >>> exponential = {"shape": np.array(1.0), "rate": np.array(0.5)}
    >>> round(float(restricted_mean(np.array(2.0), exponential)), 4)  # (1 - 1/e) / 0.5
    1.2642
    """
    shape, rate = np.asarray(parameters["shape"]), parameters["rate"]
    failed = shape / rate * special.gammainc(shape + 1.0, rate * t)
    return np.asarray(t * np.exp(-cumulative_hazard(t, parameters)) + failed)


def with_median(median: Array, shape_parameters: Parameters) -> dict[str, Array]:
    """Parameters of the gamma with this median and ``shape``: rate = P^-1(shape, 1/2) / median.

    Examples
    --------
    >>> round(float(with_median(np.array(2.0), {"shape": np.array(1.0)})["rate"]), 4)  # 0.6931 / 2
    0.3466
    """
    unit = quantile(np.array(0.5), {"shape": shape_parameters["shape"], "rate": np.ones(())})
    return {"shape": shape_parameters["shape"], "rate": np.asarray(unit / median)}


def steps(t: str, refs: Refs, let: Let) -> str:
    """Cumulative hazard as a spreadsheet formula."""
    return after_start(t, minus_log_upper_gamma(refs["shape"], let("u", f"{refs['rate']}*({t})")))


def median_formula(refs: Refs) -> str:
    """Median as a spreadsheet formula."""
    return f"{gamma_median(refs['shape'])}/{refs['rate']}"


def with_median_formula(median: str, refs: Refs) -> dict[str, str]:
    """Parameters with this median as spreadsheet formulas."""
    return {"shape": refs["shape"], "rate": f"{gamma_median(refs['shape'])}/{median}"}


GAMMA = Distribution(
    name="gamma",
    parameters=(Parameter("shape", "log"), Parameter("rate", "log")),
    cumulative_hazard=cumulative_hazard,
    hazard=hazard,
    quantile=quantile,
    restricted_mean=restricted_mean,
    with_median=with_median,
    shape_parameters=("shape",),
    formula=partial(in_one, steps),
    steps=steps,
    median_formula=median_formula,
    with_median_formula=with_median_formula,
)
