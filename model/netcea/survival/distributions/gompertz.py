"""Gompertz distribution: a hazard that grows or falls exponentially; a falling one leaves some cured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netcea.arrays import Array
from netcea.survival.base import Distribution
from netcea.survival.elementwise import LOG_2, hazard_to_reach, in_place, quietly
from netcea.survival.integrate import integral
from netcea.survival.jets import Jet, exp, growth
from netcea.survival.parameter import Parameter, Parameters
from netcea.survival.spreadsheet import Let, Refs, in_brackets

NEGLIGIBLE_HAZARD = 45.0
"""exp(-45) = 3e-20: what lies beyond adds nothing to a restricted mean."""


class Gompertz(Distribution):
    """Gompertz distribution, h(t) = rate exp(shape t): a hazard that grows or falls exponentially.

    With a falling hazard a share exp(rate / shape) never fails.

    Notes
    -----
    ``shape``, any number [1 / unit of time]: by which the logarithm of the hazard grows; exponential at 0.
    ``rate``, above 0 [1 / unit of time]: the hazard at t = 0.

    References
    ----------
    flexsurv, Distributions reference, "Gompertz". NICE DSU Technical Support Document 14.

    Examples
    --------
    >>> curve = Gompertz()(shape=1.0, rate=0.5)
    >>> round(curve.cumulative_hazard(1.0), 4), round(curve.hazard(1.0), 4)  # 0.5 (e - 1), 0.5 e
    (0.8591, 1.3591)
    >>> exponential = Gompertz()(shape=0.0, rate=0.5)
    >>> round(exponential.cumulative_hazard(4.0), 12), round(exponential.restricted_mean(2.0), 4)  # (1 - 1/e) / 0.5
    (2.0, 1.2642)
    >>> cured = Gompertz()(shape=-1.0, rate=0.5)  # exp(-0.5) = 61% never fail
    >>> cured.quantile([0.3, 0.5]).round(4).tolist()
    [1.2495, inf]
    """

    name = "gompertz"
    parameters = (Parameter("shape", "identity"), Parameter("rate", "log"))
    proportional_hazards = True
    shape_parameters = ("shape",)
    location = ("rate",)
    effect = "log_hazard_ratio"

    @quietly
    def cumulative_hazard(self, t: Array, parameters: Parameters) -> Array:
        """H(t) = (rate / shape) (exp(shape t) - 1); rate t at shape 0."""
        shape = _not_zero(parameters["shape"])
        h = np.asarray(shape * t)
        return in_place(np.multiply, np.expm1(h, out=h), parameters["rate"] / shape)

    @quietly
    def hazard(self, t: Array, parameters: Parameters) -> Array:
        """h(t) = rate exp(shape t)."""
        return np.asarray(parameters["rate"] * np.exp(parameters["shape"] * t))

    def stretched(self, factor: Array, parameters: Parameters) -> dict[str, Array]:
        """shape x factor, rate x factor."""
        return {name: np.asarray(parameters[name] * factor) for name in ("shape", "rate")}

    def likelihood_terms(self, t: Array, real: Sequence[Jet]) -> tuple[Jet, Jet]:
        """H(t) = rate t (exp(shape t) - 1) / (shape t), log h(t) = log rate + shape t."""
        shape, log_rate = real
        return exp(log_rate) * growth(shape * t) * t, log_rate + shape * t

    def quantile(self, p: Array, parameters: Parameters) -> Array:
        """t = log(1 - shape log(1 - p) / rate) / shape; infinite if so many never fail."""
        return _time_of(hazard_to_reach(p), parameters)

    @quietly
    def restricted_mean(self, t: Array, parameters: Parameters) -> Array:
        """By Gauss-Legendre quadrature, which unlike the exponential integrals is continuous at shape 0.

        It ends where S is negligible or, for a falling hazard, constant; from there on the area is that constant times
        the time left.
        """
        shape = np.asarray(parameters["shape"])
        level = np.where(shape < 0.0, -NEGLIGIBLE_HAZARD / np.minimum(shape, -1e-300), np.inf)
        end = np.minimum(np.minimum(t, level), _time_of(np.array(NEGLIGIBLE_HAZARD), parameters))

        def survival(u: Array) -> Array:
            return np.exp(-self.cumulative_hazard(u, parameters))

        return np.asarray(integral(survival, np.zeros(()), end, 48, "start") + (t - end) * survival(end))

    @quietly
    def with_median(self, median: Array, shape_parameters: Parameters) -> dict[str, Array]:
        """rate = shape log 2 / (exp(shape median) - 1); log 2 / median at shape 0.

        Examples
        --------
        >>> round(float(Gompertz().with_median(2.0, {"shape": 0.0})["rate"]), 4)  # 0.6931 / 2
        0.3466
        """
        shape = _not_zero(shape_parameters["shape"])
        return {"shape": shape_parameters["shape"], "rate": np.asarray(LOG_2 * shape / np.expm1(shape * median))}

    def formula(self, t: str, refs: Refs, let: Let = in_brackets) -> str:
        """(rate / shape) (EXP(shape t) - 1); a series where shape x time is small: spreadsheets have no EXPM1."""
        shape, rate = refs["shape"], refs["rate"]
        x = f"{shape}*({t})"
        near = f"{rate}*({t})*(1+{x}/2*(1+{x}/3*(1+{x}/4)))"
        return f"IF(ABS({x})<1E-4,{near},{rate}/{shape}*(EXP(MIN({x},600))-1))"

    def median_formula(self, refs: Refs) -> str:
        """LN(1 + shape LN(2) / rate) / shape; 1E+99 where half never fail."""
        shape, rate = refs["shape"], refs["rate"]
        growth = f"{shape}*LN(2)/{rate}"
        near = f"LN(2)/{rate}*(1-{growth}*(1/2-{growth}*(1/3-{growth}/4)))"
        return f"IF(ABS({growth})<1E-4,{near},IF({growth}<=-1,1E+99,LN(1+{growth})/{shape}))"

    def with_median_formula(self, median: str, refs: Refs) -> dict[str, str]:
        """rate = LN(2) shape / (EXP(shape median) - 1)."""
        shape = refs["shape"]
        x = f"{shape}*{median}"
        near = f"LN(2)/{median}/(1+{x}/2*(1+{x}/3*(1+{x}/4)))"
        return {"shape": shape, "rate": f"IF(ABS({x})<1E-4,{near},LN(2)*{shape}/(EXP({x})-1))"}


def _not_zero(shape: Array) -> Array:
    """Return the shape, or 1e-100 where it is nearer to 0: there every formula gives the exponential."""
    return np.asarray(np.where(np.abs(shape) < 1e-100, 1e-100, shape))


@quietly
def _time_of(h: Array, parameters: Parameters) -> Array:
    """Return the time at which the cumulative hazard is h, inf where it never is."""
    shape = _not_zero(parameters["shape"])
    growth = np.asarray(shape * h / parameters["rate"])
    return np.asarray(np.where(growth <= -1.0, np.inf, np.log1p(np.maximum(growth, -1.0)) / shape))
