"""Log-normal distribution: the logarithm of time is normal."""

from __future__ import annotations

import numpy as np
from scipy import special

from netcea.arrays import Array
from netcea.survival.distribution import Distribution, Parameter, Parameters
from netcea.survival.elementwise import into, quietly
from netcea.survival.spreadsheet import Refs, after_start, minus_log_normal_tail
from netcea.survival.uniform_expansion import normal_hazard


@quietly
def _z(t: Array, parameters: Parameters) -> Array:
    return into(np.divide, np.asarray(np.log(t) - parameters["meanlog"]), parameters["sdlog"])


@quietly
def cumulative_hazard(t: Array, parameters: Parameters) -> Array:
    """Cumulative hazard H(t) = -log Phi(-z), z = (log t - meanlog) / sdlog.

    Parameters
    ----------
    t : Array (1, time) or (draw, time)
        Not negative. [unit of time]
    parameters : mapping
        ``meanlog`` : Array (draw, 1), mean of log time. [log(unit of time)]
        ``sdlog`` : Array (draw, 1), standard deviation of log time, above 0. [1]

    Examples
    --------
    >>> round(float(cumulative_hazard(np.array(1.0), {"meanlog": np.array(0.0), "sdlog": np.array(2.0)})), 4)
    0.6931
    """
    z = _z(t, parameters)
    log_s = special.log_ndtr(np.negative(z, out=z))
    return np.asarray(np.subtract(0.0, log_s, out=log_s) if np.ndim(log_s) else 0.0 - log_s)


@quietly
def hazard(t: Array, parameters: Parameters) -> Array:
    """Hazard h(t) = phi(z) / (sdlog t Phi(-z)); 0 at t = 0. [1 / unit of time].

    Examples
    --------
    >>> standard = {"meanlog": np.array(0.0), "sdlog": np.array(1.0)}
    >>> round(float(hazard(np.array(1.0), standard)), 4)  # 0.3989 / 0.5
    0.7979
    """
    later = np.asarray(t) > 0.0
    per_log_time = np.where(later, normal_hazard(_z(t, parameters)), 0.0) / parameters["sdlog"]
    return np.asarray(per_log_time / np.where(later, t, 1.0))


def quantile(p: Array, parameters: Parameters) -> Array:
    """Time by which a share p has failed: exp(meanlog + sdlog Phi^-1(p)). [unit of time].

    Examples
    --------
    >>> standard = {"meanlog": np.array(0.0), "sdlog": np.array(1.0)}
    >>> float(quantile(np.array(0.5), standard))
    1.0
    """
    return np.asarray(np.exp(parameters["meanlog"] + parameters["sdlog"] * special.ndtri(p)))


@quietly
def restricted_mean(t: Array, parameters: Parameters) -> Array:
    """Area under S from 0 to t: t S(t) + exp(meanlog + sdlog^2 / 2) Phi(z - sdlog). [unit of time].

    Examples
    --------
    >>> standard = {"meanlog": np.array(0.0), "sdlog": np.array(1.0)}
    >>> round(float(restricted_mean(np.array(1.0), standard)), 4)  # 0.5 + 1.6487 x 0.1587
    0.7616
    """
    sdlog = np.asarray(parameters["sdlog"])
    log_failed = parameters["meanlog"] + sdlog**2 / 2.0 + special.log_ndtr(_z(t, parameters) - sdlog)
    return np.asarray(t * np.exp(-cumulative_hazard(t, parameters)) + np.exp(log_failed))


def with_median(median: Array, shape_parameters: Parameters) -> dict[str, Array]:
    """Parameters of the log-normal with this median and ``sdlog``: meanlog = log median.

    Examples
    --------
    >>> float(with_median(np.array(1.0), {"sdlog": np.array(2.0)})["meanlog"])
    0.0
    """
    return {"meanlog": np.asarray(np.log(median)), "sdlog": shape_parameters["sdlog"]}


def formula(t: str, refs: Refs) -> str:
    """Cumulative hazard as a spreadsheet formula."""
    return after_start(t, minus_log_normal_tail(f"((LN({t})-{refs['meanlog']})/{refs['sdlog']})"))


def median_formula(refs: Refs) -> str:
    """Median as a spreadsheet formula."""
    return f"EXP({refs['meanlog']})"


def with_median_formula(median: str, refs: Refs) -> dict[str, str]:
    """Parameters with this median as spreadsheet formulas."""
    return {"meanlog": f"LN({median})", "sdlog": refs["sdlog"]}


LOG_NORMAL = Distribution(
    name="log_normal",
    parameters=(Parameter("meanlog", "identity"), Parameter("sdlog", "log")),
    cumulative_hazard=cumulative_hazard,
    hazard=hazard,
    quantile=quantile,
    restricted_mean=restricted_mean,
    with_median=with_median,
    shape_parameters=("sdlog",),
    formula=formula,
    median_formula=median_formula,
    with_median_formula=with_median_formula,
)
