"""Gompertz distribution: a hazard that grows or falls exponentially; a falling one leaves some cured."""

from __future__ import annotations

import numpy as np

from netcea.arrays import Array
from netcea.survival.distribution import Distribution, Parameter, Parameters
from netcea.survival.elementwise import LOG_2, hazard_to_reach, into, quietly
from netcea.survival.integrate import integral
from netcea.survival.spreadsheet import Refs

NEGLIGIBLE_HAZARD = 45.0
"""exp(-45) = 3e-20: what lies beyond adds nothing to a restricted mean."""


def _not_zero(shape: Array) -> Array:
    """Return the shape, or 1e-100 where it is nearer to 0: there every formula gives the exponential."""
    return np.asarray(np.where(np.abs(shape) < 1e-100, 1e-100, shape))


@quietly
def cumulative_hazard(t: Array, parameters: Parameters) -> Array:
    """Cumulative hazard H(t) = (rate / shape) (exp(shape t) - 1); rate t at shape 0.

    Parameters
    ----------
    t : Array (1, time) or (draw, time)
        Not negative. [unit of time]
    parameters : mapping
        ``shape`` : Array (draw, 1), any sign. [1 / unit of time]
        ``rate`` : Array (draw, 1), above 0, the hazard at t = 0. [1 / unit of time]

    Examples
    --------
    >>> float(cumulative_hazard(np.array(4.0), {"shape": np.array(0.0), "rate": np.array(0.5)}))
    2.0
    >>> growing = {"shape": np.array(1.0), "rate": np.array(0.5)}
    >>> round(float(cumulative_hazard(np.array(1.0), growing)), 4)  # 0.5 (e - 1)
    0.8591
    """
    shape = _not_zero(parameters["shape"])
    h = np.asarray(shape * t)
    return into(np.multiply, np.expm1(h, out=h), parameters["rate"] / shape)


@quietly
def hazard(t: Array, parameters: Parameters) -> Array:
    """Hazard h(t) = rate exp(shape t). [1 / unit of time].

    Examples
    --------
    >>> round(float(hazard(np.array(1.0), {"shape": np.array(1.0), "rate": np.array(0.5)})), 4)  # e / 2
    1.3591
    """
    return np.asarray(parameters["rate"] * np.exp(parameters["shape"] * t))


@quietly
def _time_of(h: Array, parameters: Parameters) -> Array:
    """Return the time at which the cumulative hazard is h, inf where it never is."""
    shape = _not_zero(parameters["shape"])
    growth = np.asarray(shape * h / parameters["rate"])
    return np.asarray(np.where(growth <= -1.0, np.inf, np.log1p(np.maximum(growth, -1.0)) / shape))


def quantile(p: Array, parameters: Parameters) -> Array:
    """Time by which a share p has failed; inf if never. [unit of time].

    log(1 - shape log(1 - p) / rate) / shape.

    Examples
    --------
    >>> cured = {"shape": np.array(-1.0), "rate": np.array(0.5)}  # exp(-0.5) = 61% never fail
    >>> [round(float(quantile(np.array(p), cured)), 4) for p in (0.3, 0.5)]
    [1.2495, inf]
    """
    return _time_of(hazard_to_reach(p), parameters)


@quietly
def restricted_mean(t: Array, parameters: Parameters) -> Array:
    """Area under S from 0 to t. [unit of time].

    Notes
    -----
    Gauss-Legendre quadrature, which unlike the exponential integrals is continuous at shape 0. It ends where
    S is negligible or, for a falling hazard, constant; from there on the area is that constant times the
    time left.

    Examples
    --------
    >>> exponential = {"shape": np.array(0.0), "rate": np.array(0.5)}
    >>> round(float(restricted_mean(np.array(2.0), exponential)), 4)  # (1 - 1/e) / 0.5
    1.2642
    """
    shape = np.asarray(parameters["shape"])
    level = np.where(shape < 0.0, -NEGLIGIBLE_HAZARD / np.minimum(shape, -1e-300), np.inf)
    end = np.minimum(np.minimum(t, level), _time_of(np.array(NEGLIGIBLE_HAZARD), parameters))

    def survival(u: Array) -> Array:
        return np.exp(-cumulative_hazard(u, parameters))

    return np.asarray(integral(survival, np.zeros(()), end, 48, "start") + (t - end) * survival(end))


@quietly
def with_median(median: Array, shape_parameters: Parameters) -> dict[str, Array]:
    """Parameters of the Gompertz with this median and ``shape``.

    rate = shape log 2 / (exp(shape median) - 1); log 2 / median at shape 0.

    Examples
    --------
    >>> round(float(with_median(np.array(2.0), {"shape": np.array(0.0)})["rate"]), 4)  # 0.6931 / 2
    0.3466
    """
    shape = _not_zero(shape_parameters["shape"])
    return {"shape": shape_parameters["shape"], "rate": np.asarray(LOG_2 * shape / np.expm1(shape * median))}


def formula(t: str, refs: Refs) -> str:
    """Cumulative hazard as a spreadsheet formula; a series where shape x time is small, which has no EXPM1."""
    shape, rate = refs["shape"], refs["rate"]
    x = f"{shape}*({t})"
    near = f"{rate}*({t})*(1+{x}/2*(1+{x}/3*(1+{x}/4)))"
    return f"IF(ABS({x})<1E-4,{near},{rate}/{shape}*(EXP(MIN({x},600))-1))"


def median_formula(refs: Refs) -> str:
    """Median as a spreadsheet formula; 1E+99 where it is never reached."""
    shape, rate = refs["shape"], refs["rate"]
    growth = f"{shape}*LN(2)/{rate}"
    near = f"LN(2)/{rate}*(1-{growth}*(1/2-{growth}*(1/3-{growth}/4)))"
    return f"IF(ABS({growth})<1E-4,{near},IF({growth}<=-1,1E+99,LN(1+{growth})/{shape}))"


def with_median_formula(median: str, refs: Refs) -> dict[str, str]:
    """Parameters with this median as spreadsheet formulas."""
    shape = refs["shape"]
    x = f"{shape}*{median}"
    near = f"LN(2)/{median}/(1+{x}/2*(1+{x}/3*(1+{x}/4)))"
    return {"shape": shape, "rate": f"IF(ABS({x})<1E-4,{near},LN(2)*{shape}/(EXP({x})-1))"}


GOMPERTZ = Distribution(
    name="gompertz",
    parameters=(Parameter("shape", "identity"), Parameter("rate", "log")),
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
