"""Weibull distribution, accelerated-failure-time form: S(t) = exp(-(t / scale)^shape)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netcea.arrays import Array
from netcea.survival.base import Distribution
from netcea.survival.elementwise import LOG_2, exp_in_place, hazard_to_reach, in_place, power, quietly
from netcea.survival.jets import Jet, exp
from netcea.survival.parameter import Parameter, Parameters
from netcea.survival.spreadsheet import Let, Refs, in_brackets


class Weibull(Distribution):
    """Weibull distribution, accelerated-failure-time form: S(t) = exp(-(t / scale)^shape).

    Notes
    -----
    ``shape``, above 0 [1]: the hazard falls with time below 1, is constant at 1 and rises above 1.
    ``scale``, above 0 [unit of time]: by then 1 - 1/e = 63% have failed.

    References
    ----------
    flexsurv, Distributions reference, "Weibull (accelerated failure time)". NICE DSU Technical Support Document 14.

    Examples
    --------
    >>> curve = Weibull()(shape=2.0, scale=3.0)
    >>> round(curve.cumulative_hazard(6.0), 12), round(curve.hazard(6.0), 4)  # (6/3)^2, 2/3 x 2
    (4.0, 1.3333)
    >>> exponential = Weibull()(shape=1.0, scale=2.0)
    >>> round(exponential.median, 4), round(exponential.restricted_mean(2.0), 4)  # 2 x 0.6931, 2 (1 - 1/e)
    (1.3863, 1.2642)
    """

    name = "weibull"
    parameters = (Parameter("shape", "log"), Parameter("scale", "log"))
    proportional_hazards = True
    shape_parameters = ("shape",)
    location = ("scale",)
    effect = "log_time_ratio"

    @quietly
    def cumulative_hazard(self, t: Array, parameters: Parameters) -> Array:
        """H(t) = (t / scale)^shape."""
        log_ratio = np.log(t) - np.log(parameters["scale"])
        return exp_in_place(in_place(np.multiply, log_ratio, parameters["shape"]))

    @quietly
    def hazard(self, t: Array, parameters: Parameters) -> Array:
        """h(t) = (shape / scale) (t / scale)^(shape - 1)."""
        shape, scale = parameters["shape"], parameters["scale"]
        return shape / scale * power(shape - 1.0, np.log(t) - np.log(scale))

    def stretched(self, factor: Array, parameters: Parameters) -> dict[str, Array]:
        """The same shape, scale / factor."""
        return {"shape": np.asarray(parameters["shape"]), "scale": np.asarray(parameters["scale"] / factor)}

    def likelihood_terms(self, t: Array, real: Sequence[Jet]) -> tuple[Jet, Jet]:
        """log H(t) = shape (log t - log scale), log h(t) = log shape + log H(t) - log t."""
        log_shape, log_scale = real
        x = np.log(t)
        log_h = exp(log_shape) * (x - log_scale)
        return exp(log_h), log_shape + log_h - x

    @quietly
    def quantile(self, p: Array, parameters: Parameters) -> Array:
        """t = scale (-log(1 - p))^(1 / shape)."""
        return np.asarray(parameters["scale"] * np.exp(np.log(hazard_to_reach(p)) / parameters["shape"]))

    def restricted_mean(self, t: Array, parameters: Parameters) -> Array:
        """t S(t) + scale Gamma(k) P(k, H(t)), k = 1 + 1 / shape, P the lower regularised incomplete gamma function."""
        return weibull_area(t, self.cumulative_hazard(t, parameters), parameters["shape"], np.log(parameters["scale"]))

    def with_median(self, median: Array, shape_parameters: Parameters) -> dict[str, Array]:
        """scale = median / (log 2)^(1 / shape).

        Examples
        --------
        >>> round(float(Weibull().with_median(2.0, {"shape": 1.0})["scale"]), 4)  # 2 / 0.6931
        2.8854
        """
        shape = shape_parameters["shape"]
        return {"shape": shape, "scale": np.asarray(median * np.exp(-np.log(LOG_2) / shape))}

    def formula(self, t: str, refs: Refs, let: Let = in_brackets) -> str:
        """(t / scale)^shape."""
        return f"(({t})/{refs['scale']})^{refs['shape']}"

    def median_formula(self, refs: Refs) -> str:
        """scale LN(2)^(1 / shape)."""
        return f"{refs['scale']}*LN(2)^(1/{refs['shape']})"

    def with_median_formula(self, median: str, refs: Refs) -> dict[str, str]:
        """scale = median / LN(2)^(1 / shape)."""
        return {"shape": refs["shape"], "scale": f"{median}/LN(2)^(1/{refs['shape']})"}


@quietly
def weibull_area(t: Array, h: Array, shape: Array, log_scale: Array) -> Array:
    """Area under a Weibull curve from 0 to t, for both of its forms.

    Parameters
    ----------
    t : Array (1, time) or (draw, time)
        Not negative, finite. [unit of time]
    h : Array (draw, time)
        H(t). [1]
    shape : Array (draw, 1)
        Above 0. [1]
    log_scale : Array (draw, 1)
        Logarithm of the scale of the accelerated-failure-time form. [log(unit of time)]

    Returns
    -------
    Array (draw, time)
        [unit of time]

    Examples
    --------
    >>> round(float(weibull_area(np.array(2.0), np.array(1.0), np.array(1.0), np.log(2.0))), 4)  # 2 (1 - 1/e)
    1.2642
    """
    from netcea.special import special

    k = 1.0 + 1.0 / np.asarray(shape)
    failed = np.exp(log_scale + special.gammaln(k) + np.log(special.gammainc(k, h)))
    return np.asarray(t * np.exp(-h) + failed)
