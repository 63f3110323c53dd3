"""Log-logistic distribution: S(t) = 1 / (1 + (t / scale)^shape)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netcea.arrays import Array
from netcea.survival.base import Distribution
from netcea.survival.elementwise import in_place, power, quietly, softplus
from netcea.survival.integrate import integral
from netcea.survival.jets import Jet, exp, log_one_plus_exp
from netcea.survival.parameter import Parameter, Parameters
from netcea.survival.spreadsheet import Let, Refs, in_brackets

NEGLIGIBLE_EXPONENT = 45.0


class LogLogistic(Distribution):
    """Log-logistic distribution, S(t) = 1 / (1 + (t / scale)^shape).

    The hazard falls with time for a shape up to 1, and rises before it falls for a shape above 1.

    Notes
    -----
    ``shape``, above 0 [1]: by which the log odds of having failed grow with the logarithm of time.
    ``scale``, above 0 [unit of time]: the median.

    References
    ----------
    flexsurv, Distributions reference, "Log-logistic". NICE DSU Technical Support Document 14.

    Examples
    --------
    >>> curve = LogLogistic()(shape=2.0, scale=3.0)
    >>> round(curve.cumulative_hazard(3.0), 4), round(curve.hazard(3.0), 4)  # log 2, 2/3 x 1/2
    (0.6931, 0.3333)
    >>> round(curve.quantile(0.8), 12)  # 3 x (0.8 / 0.2)^(1/2)
    6.0
    >>> round(LogLogistic()(shape=1.0, scale=2.0).restricted_mean(6.0), 4)  # 2 log(1 + 6/2)
    2.7726
    """

    name = "log_logistic"
    parameters = (Parameter("shape", "log"), Parameter("scale", "log"))
    shape_parameters = ("shape",)
    location = ("scale",)
    effect = "log_time_ratio"

    @quietly
    def cumulative_hazard(self, t: Array, parameters: Parameters) -> Array:
        """H(t) = log(1 + (t / scale)^shape)."""
        return softplus(_log_odds(t, parameters))

    @quietly
    def hazard(self, t: Array, parameters: Parameters) -> Array:
        """h(t) = (shape / scale) (t / scale)^(shape - 1) S(t)."""
        shape, scale = np.asarray(parameters["shape"]), parameters["scale"]
        log_ratio = np.asarray(np.log(t) - np.log(scale))
        early = log_ratio < 0.0
        survival = np.exp(-np.logaddexp(0.0, shape * np.minimum(log_ratio, 0.0)))
        rising = power(shape - 1.0, np.minimum(log_ratio, 0.0)) * survival
        late = np.maximum(log_ratio, 0.0)
        falling = np.exp(-late - np.log1p(np.exp(-shape * late)))
        return np.asarray(shape / scale * np.where(early, rising, falling))

    def stretched(self, factor: Array, parameters: Parameters) -> dict[str, Array]:
        """The same shape, scale / factor."""
        return {"shape": np.asarray(parameters["shape"]), "scale": np.asarray(parameters["scale"] / factor)}

    def likelihood_terms(self, t: Array, real: Sequence[Jet]) -> tuple[Jet, Jet]:
        """H(t) = log(1 + exp(y)), y = shape (log t - log scale), log h(t) = log shape + y - H(t) - log t."""
        log_shape, log_scale = real
        x = np.log(t)
        log_odds = exp(log_shape) * (x - log_scale)
        h = log_one_plus_exp(log_odds)
        return h, log_shape + log_odds - h - x

    @quietly
    def quantile(self, p: Array, parameters: Parameters) -> Array:
        """t = scale (p / (1 - p))^(1 / shape)."""
        p = np.asarray(p, dtype=np.float64)
        return np.asarray(parameters["scale"] * np.exp((np.log(p) - np.log1p(-p)) / parameters["shape"]))

    @quietly
    def restricted_mean(self, t: Array, parameters: Parameters) -> Array:
        """Up to the median t S(t) 2F1(1, 1; 1 + 1 / shape; 1 - S(t)), beyond it by quadrature.

        The series of 2F1 has positive terms only; the quadrature is Gauss-Legendre in shape log(t / scale). (The
        incomplete beta function would do for shape > 1 only, and badly near 1.)
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

    def with_median(self, median: Array, shape_parameters: Parameters) -> dict[str, Array]:
        """scale = median."""
        return {"shape": shape_parameters["shape"], "scale": median}

    def formula(self, t: str, refs: Refs, let: Let = in_brackets) -> str:
        """LN(1 + (t / scale)^shape)."""
        return f"LN(1+(({t})/{refs['scale']})^{refs['shape']})"

    def median_formula(self, refs: Refs) -> str:
        """scale."""
        return refs["scale"]

    def with_median_formula(self, median: str, refs: Refs) -> dict[str, str]:
        """scale = median."""
        return {"shape": refs["shape"], "scale": median}


@quietly
def _log_odds(t: Array, parameters: Parameters) -> Array:
    return in_place(np.multiply, np.asarray(np.log(t) - np.log(parameters["scale"])), parameters["shape"])
