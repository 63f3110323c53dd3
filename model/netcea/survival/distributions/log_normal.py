"""Log-normal distribution: the logarithm of time is normal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netcea.arrays import Array
from netcea.special import special
from netcea.survival.base import Distribution
from netcea.survival.elementwise import in_place, quietly
from netcea.survival.jets import Jet, exp, normal_cumulative_hazard
from netcea.survival.parameter import Parameter, Parameters
from netcea.survival.spreadsheet import Let, Refs, after_start, in_brackets, minus_log_normal_tail
from netcea.survival.uniform_expansion import LOG_ROOT_2PI, normal_hazard


class LogNormal(Distribution):
    """Log-normal distribution, S(t) = Phi(-z) with z = (log t - meanlog) / sdlog: the logarithm of time is normal.

    The hazard rises from 0 and falls later.

    Notes
    -----
    ``meanlog``, any number [log(unit of time)]: mean of the logarithm of time; exp(meanlog) is the median.
    ``sdlog``, above 0 [1]: standard deviation of the logarithm of time.

    References
    ----------
    flexsurv, Distributions reference, "Log-normal". NICE DSU Technical Support Document 14.

    Examples
    --------
    >>> curve = LogNormal()(meanlog=0.0, sdlog=1.0)
    >>> round(curve.cumulative_hazard(1.0), 4), round(curve.hazard(1.0), 4)  # log 2, 0.3989 / 0.5
    (0.6931, 0.7979)
    >>> round(curve.median, 12), round(curve.restricted_mean(1.0), 4)  # 0.5 + 1.6487 x 0.1587
    (1.0, 0.7616)
    """

    name = "log_normal"
    parameters = (Parameter("meanlog", "identity"), Parameter("sdlog", "log"))
    shape_parameters = ("sdlog",)
    location = ("meanlog",)
    effect = "log_time_ratio"

    @quietly
    def cumulative_hazard(self, t: Array, parameters: Parameters) -> Array:
        """H(t) = -log Phi(-z)."""
        z = _z(t, parameters)
        log_s = special.log_ndtr(np.negative(z, out=z))
        return np.asarray(np.subtract(0.0, log_s, out=log_s) if np.ndim(log_s) else 0.0 - log_s)

    @quietly
    def hazard(self, t: Array, parameters: Parameters) -> Array:
        """h(t) = phi(z) / (sdlog t Phi(-z)); 0 at t = 0."""
        later = np.asarray(t) > 0.0
        per_log_time = np.where(later, normal_hazard(_z(t, parameters)), 0.0) / parameters["sdlog"]
        return np.asarray(per_log_time / np.where(later, t, 1.0))

    def stretched(self, factor: Array, parameters: Parameters) -> dict[str, Array]:
        """meanlog - log factor, the same sdlog."""
        return {"meanlog": np.asarray(parameters["meanlog"] - np.log(factor)), "sdlog": np.asarray(parameters["sdlog"])}

    def likelihood_terms(self, t: Array, real: Sequence[Jet]) -> tuple[Jet, Jet]:
        """H(t) = -log Phi(-z), log h(t) = log phi(z) + H(t) - log sdlog - log t."""
        meanlog, log_sdlog = real
        x = np.log(t)
        z = (x - meanlog) * exp(-log_sdlog)
        h = normal_cumulative_hazard(z)
        return h, z * z * -0.5 + h - log_sdlog - x - LOG_ROOT_2PI

    def quantile(self, p: Array, parameters: Parameters) -> Array:
        """t = exp(meanlog + sdlog Phi^-1(p))."""
        return np.asarray(np.exp(parameters["meanlog"] + parameters["sdlog"] * special.ndtri(p)))

    @quietly
    def restricted_mean(self, t: Array, parameters: Parameters) -> Array:
        """t S(t) + exp(meanlog + sdlog^2 / 2) Phi(z - sdlog)."""
        sdlog = np.asarray(parameters["sdlog"])
        log_failed = parameters["meanlog"] + sdlog**2 / 2.0 + special.log_ndtr(_z(t, parameters) - sdlog)
        return np.asarray(t * np.exp(-self.cumulative_hazard(t, parameters)) + np.exp(log_failed))

    def with_median(self, median: Array, shape_parameters: Parameters) -> dict[str, Array]:
        """meanlog = log median.

        Examples
        --------
        >>> float(LogNormal().with_median(1.0, {"sdlog": 2.0})["meanlog"])
        0.0
        """
        return {"meanlog": np.asarray(np.log(median)), "sdlog": shape_parameters["sdlog"]}

    def formula(self, t: str, refs: Refs, let: Let = in_brackets) -> str:
        """-LN(NORMSDIST(-z))."""
        return after_start(t, minus_log_normal_tail(f"((LN({t})-{refs['meanlog']})/{refs['sdlog']})"))

    def median_formula(self, refs: Refs) -> str:
        """EXP(meanlog)."""
        return f"EXP({refs['meanlog']})"

    def with_median_formula(self, median: str, refs: Refs) -> dict[str, str]:
        """meanlog = LN(median)."""
        return {"meanlog": f"LN({median})", "sdlog": refs["sdlog"]}


@quietly
def _z(t: Array, parameters: Parameters) -> Array:
    return in_place(np.divide, np.asarray(np.log(t) - parameters["meanlog"]), parameters["sdlog"])
