"""Exponential distribution: a constant hazard."""

from __future__ import annotations

import numpy as np

from netcea.arrays import Array
from netcea.survival.distribution import Distribution, Parameter, Parameters
from netcea.survival.elementwise import LOG_2, constant_hazard_area, hazard_to_reach, quietly
from netcea.survival.spreadsheet import Refs


@quietly
def cumulative_hazard(t: Array, parameters: Parameters) -> Array:
    """Cumulative hazard H(t) = rate t.

    Parameters
    ----------
    t : Array (1, time) or (draw, time)
        Not negative. [unit of time]
    parameters : mapping
        ``rate`` : Array (draw, 1), above 0. [1 / unit of time]

    Examples
    --------
    >>> float(cumulative_hazard(np.array(4.0), {"rate": np.array(0.5)}))
    2.0
    """
    return np.asarray(parameters["rate"] * t)


def hazard(t: Array, parameters: Parameters) -> Array:
    """Hazard h(t) = rate. [1 / unit of time].

    Examples
    --------
    >>> hazard(np.array([[0.0, 9.0]]), {"rate": np.array(0.5)}).tolist()
    [[0.5, 0.5]]
    """
    return parameters["rate"] + np.zeros(np.shape(t))


@quietly
def quantile(p: Array, parameters: Parameters) -> Array:
    """Time by which a share p has failed: -log(1 - p) / rate. [unit of time].

    Examples
    --------
    >>> round(float(quantile(np.array(0.5), {"rate": np.array(0.5)})), 4)  # 0.6931 / 0.5
    1.3863
    """
    return np.asarray(hazard_to_reach(p) / parameters["rate"])


def restricted_mean(t: Array, parameters: Parameters) -> Array:
    """Area under S from 0 to t: (1 - exp(-rate t)) / rate. [unit of time].

    Examples
    --------
    >>> round(float(restricted_mean(np.array(2.0), {"rate": np.array(0.5)})), 4)  # (1 - 1/e) / 0.5
    1.2642
    """
    return constant_hazard_area(parameters["rate"], t)


def with_median(median: Array, shape_parameters: Parameters) -> dict[str, Array]:  # noqa: ARG001 - the contract's
    """Parameters of the exponential with this median: rate = log 2 / median.

    Examples
    --------
    >>> round(float(with_median(np.array(2.0), {})["rate"]), 4)
    0.3466
    """
    return {"rate": LOG_2 / median}


def formula(t: str, refs: Refs) -> str:
    """Cumulative hazard as a spreadsheet formula."""
    return f"{refs['rate']}*({t})"


def median_formula(refs: Refs) -> str:
    """Median as a spreadsheet formula."""
    return f"LN(2)/{refs['rate']}"


def with_median_formula(median: str, refs: Refs) -> dict[str, str]:  # noqa: ARG001 - the contract's
    """Parameters with this median as spreadsheet formulas."""
    return {"rate": f"LN(2)/{median}"}


EXPONENTIAL = Distribution(
    name="exponential",
    parameters=(Parameter("rate", "log"),),
    cumulative_hazard=cumulative_hazard,
    hazard=hazard,
    quantile=quantile,
    restricted_mean=restricted_mean,
    proportional_hazards=True,
    with_median=with_median,
    formula=formula,
    median_formula=median_formula,
    with_median_formula=with_median_formula,
)
