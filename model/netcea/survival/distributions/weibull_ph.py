"""Weibull distribution, proportional-hazards form: S(t) = exp(-scale t^shape)."""

from __future__ import annotations

import numpy as np

from netcea.arrays import Array
from netcea.survival.distribution import Distribution, Parameter, Parameters
from netcea.survival.distributions import weibull
from netcea.survival.elementwise import LOG_2, exp_into, hazard_to_reach, into, powered, quietly
from netcea.survival.spreadsheet import Refs


@quietly
def cumulative_hazard(t: Array, parameters: Parameters) -> Array:
    """Cumulative hazard H(t) = scale t^shape.

    Parameters
    ----------
    t : Array (1, time) or (draw, time)
        Not negative. [unit of time]
    parameters : mapping
        ``shape`` : Array (draw, 1), above 0. [1]
        ``scale`` : Array (draw, 1), above 0. [1 / unit of time^shape]

    Examples
    --------
    >>> round(float(cumulative_hazard(np.array(3.0), {"shape": np.array(2.0), "scale": np.array(0.5)})), 12)
    4.5
    """
    log_h = np.asarray(parameters["shape"] * np.log(t))
    return exp_into(into(np.add, log_h, np.log(parameters["scale"])))


@quietly
def hazard(t: Array, parameters: Parameters) -> Array:
    """Hazard h(t) = shape scale t^(shape - 1). [1 / unit of time].

    Examples
    --------
    >>> round(float(hazard(np.array(3.0), {"shape": np.array(2.0), "scale": np.array(0.5)})), 12)
    3.0
    """
    shape = parameters["shape"]
    return shape * parameters["scale"] * powered(shape - 1.0, np.log(t))


@quietly
def quantile(p: Array, parameters: Parameters) -> Array:
    """Time by which a share p has failed: (-log(1 - p) / scale)^(1 / shape). [unit of time].

    Examples
    --------
    >>> one = {"shape": np.array(1.0), "scale": np.array(0.5)}
    >>> round(float(quantile(np.array(0.5), one)), 4)  # 0.6931 / 0.5
    1.3863
    """
    return np.asarray(np.exp((np.log(hazard_to_reach(p)) - np.log(parameters["scale"])) / parameters["shape"]))


def restricted_mean(t: Array, parameters: Parameters) -> Array:
    """Area under S from 0 to t, as for the Weibull whose scale is scale^(-1 / shape). [unit of time].

    Examples
    --------
    >>> one = {"shape": np.array(1.0), "scale": np.array(0.5)}
    >>> round(float(restricted_mean(np.array(2.0), one)), 4)  # (1 - 1/e) / 0.5
    1.2642
    """
    shape, scale = parameters["shape"], parameters["scale"]
    return weibull.area(t, cumulative_hazard(t, parameters), shape, np.asarray(-np.log(scale) / shape))


def with_median(median: Array, shape_parameters: Parameters) -> dict[str, Array]:
    """Parameters of the Weibull with this median and ``shape``: scale = log 2 / median^shape.

    Examples
    --------
    >>> round(float(with_median(np.array(2.0), {"shape": np.array(2.0)})["scale"]), 4)  # 0.6931 / 4
    0.1733
    """
    shape = shape_parameters["shape"]
    return {"shape": shape, "scale": np.asarray(LOG_2 * np.exp(-shape * np.log(median)))}


def formula(t: str, refs: Refs) -> str:
    """Cumulative hazard as a spreadsheet formula."""
    return f"{refs['scale']}*({t})^{refs['shape']}"


def median_formula(refs: Refs) -> str:
    """Median as a spreadsheet formula."""
    return f"(LN(2)/{refs['scale']})^(1/{refs['shape']})"


def with_median_formula(median: str, refs: Refs) -> dict[str, str]:
    """Parameters with this median as spreadsheet formulas."""
    return {"shape": refs["shape"], "scale": f"LN(2)/{median}^{refs['shape']}"}


WEIBULL_PH = Distribution(
    name="weibull_ph",
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
