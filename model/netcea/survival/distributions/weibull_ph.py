"""Weibull distribution, proportional-hazards form: S(t) = exp(-scale t^shape)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netcea.arrays import Array
from netcea.survival.base import Distribution
from netcea.survival.distributions.weibull import weibull_area
from netcea.survival.elementwise import LOG_2, exp_in_place, hazard_to_reach, in_place, power, quietly
from netcea.survival.jets import Jet, exp
from netcea.survival.parameter import Parameter, Parameters
from netcea.survival.spreadsheet import Let, Refs, in_brackets


class WeibullPH(Distribution):
    """Weibull distribution, proportional-hazards form: S(t) = exp(-scale t^shape).

    The same curves as ``weibull``, whose scale is this scale^(-1 / shape); a hazard ratio multiplies this scale.

    Notes
    -----
    ``shape``, above 0 [1]: the hazard falls with time below 1, is constant at 1 and rises above 1.
    ``scale``, above 0 [1 / unit of time^shape]: the cumulative hazard at time 1.

    References
    ----------
    flexsurv, Distributions reference, "Weibull (proportional hazards)". NICE DSU Technical Support Document 14.

    Examples
    --------
    >>> curve = WeibullPH()(shape=2.0, scale=0.5)
    >>> round(curve.cumulative_hazard(3.0), 12), round(curve.hazard(3.0), 12)  # 0.5 x 9, 2 x 0.5 x 3
    (4.5, 3.0)
    >>> exponential = WeibullPH()(shape=1.0, scale=0.5)
    >>> round(exponential.median, 4), round(exponential.restricted_mean(2.0), 4)  # 0.6931 / 0.5, (1 - 1/e) / 0.5
    (1.3863, 1.2642)
    """

    name = "weibull_ph"
    parameters = (Parameter("shape", "log"), Parameter("scale", "log"))
    proportional_hazards = True
    shape_parameters = ("shape",)
    location = ("scale",)
    effect = "log_hazard_ratio"

    @quietly
    def cumulative_hazard(self, t: Array, parameters: Parameters) -> Array:
        """H(t) = scale t^shape."""
        log_h = np.asarray(parameters["shape"] * np.log(t))
        return exp_in_place(in_place(np.add, log_h, np.log(parameters["scale"])))

    @quietly
    def hazard(self, t: Array, parameters: Parameters) -> Array:
        """h(t) = shape scale t^(shape - 1)."""
        shape = parameters["shape"]
        return shape * parameters["scale"] * power(shape - 1.0, np.log(t))

    def stretched(self, factor: Array, parameters: Parameters) -> dict[str, Array]:
        """The same shape, scale x factor^shape."""
        return {
            "shape": np.asarray(parameters["shape"]),
            "scale": np.asarray(parameters["scale"] * factor ** parameters["shape"]),
        }

    def likelihood_terms(self, t: Array, real: Sequence[Jet]) -> tuple[Jet, Jet]:
        """log H(t) = log scale + shape log t, log h(t) = log shape + log H(t) - log t."""
        log_shape, log_scale = real
        x = np.log(t)
        log_h = exp(log_shape) * x + log_scale
        return exp(log_h), log_shape + log_h - x

    @quietly
    def quantile(self, p: Array, parameters: Parameters) -> Array:
        """t = (-log(1 - p) / scale)^(1 / shape)."""
        return np.asarray(np.exp((np.log(hazard_to_reach(p)) - np.log(parameters["scale"])) / parameters["shape"]))

    def restricted_mean(self, t: Array, parameters: Parameters) -> Array:
        """As for the Weibull whose scale is scale^(-1 / shape)."""
        shape, scale = parameters["shape"], parameters["scale"]
        return weibull_area(t, self.cumulative_hazard(t, parameters), shape, np.asarray(-np.log(scale) / shape))

    def with_median(self, median: Array, shape_parameters: Parameters) -> dict[str, Array]:
        """scale = log 2 / median^shape.

        Examples
        --------
        >>> round(float(WeibullPH().with_median(2.0, {"shape": 2.0})["scale"]), 4)  # 0.6931 / 4
        0.1733
        """
        shape = shape_parameters["shape"]
        return {"shape": shape, "scale": np.asarray(LOG_2 * np.exp(-shape * np.log(median)))}

    def formula(self, t: str, refs: Refs, let: Let = in_brackets) -> str:
        """scale t^shape."""
        return f"{refs['scale']}*({t})^{refs['shape']}"

    def median_formula(self, refs: Refs) -> str:
        """(LN(2) / scale)^(1 / shape)."""
        return f"(LN(2)/{refs['scale']})^(1/{refs['shape']})"

    def with_median_formula(self, median: str, refs: Refs) -> dict[str, str]:
        """scale = LN(2) / median^shape."""
        return {"shape": refs["shape"], "scale": f"LN(2)/{median}^{refs['shape']}"}
