"""Gamma distribution: S(t) is the upper regularised incomplete gamma function of (shape, rate t)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netcea.arrays import Array
from netcea.special import special
from netcea.survival import standard_generalised_gamma as standard
from netcea.survival.base import Distribution
from netcea.survival.elementwise import quietly
from netcea.survival.in_log_time import cumulative_hazard_in_log_time
from netcea.survival.jets import Jet, exp
from netcea.survival.parameter import Parameter, Parameters
from netcea.survival.spreadsheet import Let, Refs, after_start, gamma_median, in_brackets, minus_log_upper_gamma


class Gamma(Distribution):
    """Gamma distribution: S(t) is the upper regularised incomplete gamma function of (shape, rate t).

    The hazard tends to ``rate``: from above for a shape below 1, from 0 for a shape above 1.

    Notes
    -----
    ``shape``, above 0 [1]: exponential at 1.
    ``rate``, above 0 [1 / unit of time]: shape / rate is the mean.

    References
    ----------
    flexsurv, Distributions reference, "Gamma" (R's ``dgamma`` with shape and rate).

    Examples
    --------
    >>> erlang = Gamma()(shape=2.0, rate=1.0)  # S = (1 + t) exp(-t), h = t / (1 + t)
    >>> round(erlang.cumulative_hazard(1.0), 4), round(erlang.hazard(1.0), 12)  # 1 - log 2
    (0.3069, 0.5)
    >>> exponential = Gamma()(shape=1.0, rate=0.5)
    >>> round(exponential.median, 4), round(exponential.restricted_mean(2.0), 4)  # 0.6931 / 0.5, (1 - 1/e) / 0.5
    (1.3863, 1.2642)
    """

    name = "gamma"
    parameters = (Parameter("shape", "log"), Parameter("rate", "log"))
    shape_parameters = ("shape",)
    location = ("rate",)
    effect = "minus_log_time_ratio"

    def cumulative_hazard(self, t: Array, parameters: Parameters) -> Array:
        """H(t) = -log Q(shape, rate t), Q the upper regularised incomplete gamma function."""
        return cumulative_hazard_in_log_time(_at_log_time, t, parameters["shape"], parameters["rate"])

    @quietly
    def hazard(self, t: Array, parameters: Parameters) -> Array:
        """h(t) = f(t) / S(t)."""
        shape, rate = np.asarray(parameters["shape"]), parameters["rate"]
        at_zero = np.where(shape < 1.0, np.inf, np.where(shape == 1.0, rate, 0.0))
        later = np.asarray(t) > 0.0
        h = standard.hazards(*_standard(t, parameters))[1]
        return np.asarray(np.where(later, h * np.sqrt(shape) / np.where(later, t, 1.0), at_zero))

    def stretched(self, factor: Array, parameters: Parameters) -> dict[str, Array]:
        """The same shape, rate x factor."""
        return {"shape": np.asarray(parameters["shape"]), "rate": np.asarray(parameters["rate"] * factor)}

    def likelihood_terms(self, t: Array, real: Sequence[Jet]) -> tuple[Jet, Jet]:
        """Those of the generalised gamma with Q = shape^(-1/2), w = log(rate t / shape) / Q."""
        log_shape, log_rate = real
        x = np.log(t)
        root = exp(log_shape * 0.5)
        h, log_hazard = standard.likelihood_terms((x + log_rate - log_shape) * root, exp(log_shape * -0.5))
        return h, log_hazard + log_shape * 0.5 - x

    def quantile(self, p: Array, parameters: Parameters) -> Array:
        """t = P^-1(shape, p) / rate, P the lower regularised incomplete gamma function."""
        shape = np.asarray(parameters["shape"], dtype=np.float64)
        q = 1.0 / np.sqrt(shape)
        return np.asarray(shape / parameters["rate"] * np.exp(q * standard.quantile(p, q)))

    def restricted_mean(self, t: Array, parameters: Parameters) -> Array:
        """t S(t) + (shape / rate) P(shape + 1, rate t)."""
        shape, rate = np.asarray(parameters["shape"]), parameters["rate"]
        failed = shape / rate * special.gammainc(shape + 1.0, rate * t)
        return np.asarray(t * np.exp(-self.cumulative_hazard(t, parameters)) + failed)

    def with_median(self, median: Array, shape_parameters: Parameters) -> dict[str, Array]:
        """rate = P^-1(shape, 1/2) / median.

        Examples
        --------
        >>> round(float(Gamma().with_median(2.0, {"shape": 1.0})["rate"]), 4)  # 0.6931 / 2
        0.3466
        """
        unit = self.quantile(np.array(0.5), {"shape": shape_parameters["shape"], "rate": np.ones(())})
        return {"shape": shape_parameters["shape"], "rate": np.asarray(unit / median)}

    def formula(self, t: str, refs: Refs, let: Let = in_brackets) -> str:
        """-LN(1 - GAMMADIST(rate t, shape, 1, TRUE))."""
        return after_start(t, minus_log_upper_gamma(refs["shape"], let("u", f"{refs['rate']}*({t})")))

    def median_formula(self, refs: Refs) -> str:
        """GAMMAINV(1/2, shape, 1) / rate."""
        return f"{gamma_median(refs['shape'])}/{refs['rate']}"

    def with_median_formula(self, median: str, refs: Refs) -> dict[str, str]:
        """rate = GAMMAINV(1/2, shape, 1) / median."""
        return {"shape": refs["shape"], "rate": f"{gamma_median(refs['shape'])}/{median}"}


@quietly
def _standard(t: Array, parameters: Parameters) -> tuple[Array, Array]:
    return _standard_of_log(np.log(t), parameters["shape"], parameters["rate"])


def _standard_of_log(x: Array, shape: Array, rate: Array) -> tuple[Array, Array]:
    """Return w and Q of the generalised gamma: Q = shape^(-1/2), w = log(rate t / shape) / Q, x = log t."""
    shape = np.asarray(shape, dtype=np.float64)
    root = np.sqrt(shape)
    return np.asarray((x + np.log(rate) - np.log(shape)) * root), 1.0 / root


def _at_log_time(x: Array, shape: Array, rate: Array) -> Array:
    return standard.cumulative_hazard(*_standard_of_log(x, shape, rate))
