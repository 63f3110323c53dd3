"""Weibull distribution, accelerated-failure-time form: S(t) = exp(-(t / scale)^shape)."""

from __future__ import annotations

import numpy as np

from netcea.arrays import Array
from netcea.survival.distribution import Distribution, Parameter, Parameters
from netcea.survival.elementwise import LOG_2, exp_into, hazard_to_reach, into, powered, quietly
from netcea.survival.spreadsheet import Refs


@quietly
def cumulative_hazard(t: Array, parameters: Parameters) -> Array:
    """Cumulative hazard H(t) = (t / scale)^shape.

    Parameters
    ----------
    t : Array (1, time) or (draw, time)
        Not negative. [unit of time]
    parameters : mapping
        ``shape`` : Array (draw, 1), above 0. [1]
        ``scale`` : Array (draw, 1), above 0. [unit of time]

    Examples
    --------
    >>> round(float(cumulative_hazard(np.array(6.0), {"shape": np.array(2.0), "scale": np.array(3.0)})), 12)
    4.0
    """
    log_ratio = np.log(t) - np.log(parameters["scale"])
    return exp_into(into(np.multiply, log_ratio, parameters["shape"]))


@quietly
def hazard(t: Array, parameters: Parameters) -> Array:
    """Hazard h(t) = (shape / scale) (t / scale)^(shape - 1). [1 / unit of time].

    Examples
    --------
    >>> round(float(hazard(np.array(6.0), {"shape": np.array(2.0), "scale": np.array(3.0)})), 12)  # 2/3 x 2
    1.333333333333
    """
    shape, scale = parameters["shape"], parameters["scale"]
    return shape / scale * powered(shape - 1.0, np.log(t) - np.log(scale))


@quietly
def quantile(p: Array, parameters: Parameters) -> Array:
    """Time by which a share p has failed: scale (-log(1 - p))^(1 / shape). [unit of time].

    Examples
    --------
    >>> one = {"shape": np.array(1.0), "scale": np.array(2.0)}
    >>> round(float(quantile(np.array(0.5), one)), 4)  # 2 x 0.6931
    1.3863
    """
    return np.asarray(parameters["scale"] * np.exp(np.log(hazard_to_reach(p)) / parameters["shape"]))


def restricted_mean(t: Array, parameters: Parameters) -> Array:
    """Area under S from 0 to t. [unit of time].

    Notes
    -----
    t S(t) + scale Gamma(1 + 1 / shape) P(1 + 1 / shape, H(t)); P is the lower regularised incomplete gamma
    function.

    Examples
    --------
    >>> one = {"shape": np.array(1.0), "scale": np.array(2.0)}
    >>> round(float(restricted_mean(np.array(2.0), one)), 4)  # 2 (1 - 1/e)
    1.2642
    """
    return area(t, cumulative_hazard(t, parameters), parameters["shape"], np.log(parameters["scale"]))


@quietly
def area(t: Array, h: Array, shape: Array, log_scale: Array) -> Array:
    """Area under a Weibull curve from 0 to t, from H(t), the shape and the logarithm of the scale.

    Examples
    --------
    >>> round(float(area(np.array(2.0), np.array(1.0), np.array(1.0), np.log(2.0))), 4)
    1.2642
    """
    from scipy import special

    k = 1.0 + 1.0 / np.asarray(shape)
    failed = np.exp(log_scale + special.gammaln(k) + np.log(special.gammainc(k, h)))
    return np.asarray(t * np.exp(-h) + failed)


def with_median(median: Array, shape_parameters: Parameters) -> dict[str, Array]:
    """Parameters of the Weibull with this median and ``shape``: scale = median / (log 2)^(1 / shape).

    Examples
    --------
    >>> round(float(with_median(np.array(2.0), {"shape": np.array(1.0)})["scale"]), 4)  # 2 / 0.6931
    2.8854
    """
    shape = shape_parameters["shape"]
    return {"shape": shape, "scale": np.asarray(median * np.exp(-np.log(LOG_2) / shape))}


def formula(t: str, refs: Refs) -> str:
    """Cumulative hazard as a spreadsheet formula."""
    return f"(({t})/{refs['scale']})^{refs['shape']}"


def median_formula(refs: Refs) -> str:
    """Median as a spreadsheet formula."""
    return f"{refs['scale']}*LN(2)^(1/{refs['shape']})"


def with_median_formula(median: str, refs: Refs) -> dict[str, str]:
    """Parameters with this median as spreadsheet formulas."""
    return {"shape": refs["shape"], "scale": f"{median}/LN(2)^(1/{refs['shape']})"}


WEIBULL = Distribution(
    name="weibull",
    parameters=(Parameter("shape", "log"), Parameter("scale", "log")),
    cumulative_hazard=cumulative_hazard,
    hazard=hazard,
    quantile=quantile,
    restricted_mean=restricted_mean,
    proportional_hazards=True,
    with_median=with_median,
    shape_parameters=("shape",),
    formula=formula,
    median_formula=median_formula,
    with_median_formula=with_median_formula,
)
