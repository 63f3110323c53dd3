"""Exponential distribution: a constant hazard."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netcea.arrays import Array
from netcea.survival.base import Distribution
from netcea.survival.elementwise import LOG_2, constant_hazard_area, hazard_to_reach, quietly
from netcea.survival.jets import Jet, exp
from netcea.survival.parameter import Parameter, Parameters
from netcea.survival.spreadsheet import Let, Refs, in_brackets


class Exponential(Distribution):
    """Exponential distribution, S(t) = exp(-rate t): a constant hazard.

    Notes
    -----
    ``rate``, above 0 [1 / unit of time]: the hazard; 1 / rate is the mean.

    References
    ----------
    flexsurv, Distributions reference, "Exponential". NICE DSU Technical Support Document 14.

    Examples
    --------
    >>> curve = Exponential()(rate=0.5)
    >>> curve.cumulative_hazard(4.0), curve.hazard(4.0)
    (2.0, 0.5)
    >>> round(curve.median, 4), round(curve.restricted_mean(2.0), 4)  # 0.6931 / 0.5, (1 - 1/e) / 0.5
    (1.3863, 1.2642)
    """

    name = "exponential"
    parameters = (Parameter("rate", "log"),)
    proportional_hazards = True
    location = ("rate",)
    effect = "log_hazard_ratio"

    @quietly
    def cumulative_hazard(self, t: Array, parameters: Parameters) -> Array:
        """H(t) = rate t."""
        return np.asarray(parameters["rate"] * t)

    def hazard(self, t: Array, parameters: Parameters) -> Array:
        """h(t) = rate."""
        return parameters["rate"] + np.zeros(np.shape(t))

    def stretched(self, factor: Array, parameters: Parameters) -> dict[str, Array]:
        """rate x factor."""
        return {"rate": np.asarray(parameters["rate"] * factor)}

    def likelihood_terms(self, t: Array, real: Sequence[Jet]) -> tuple[Jet, Jet]:
        """H(t) = rate t, log h(t) = log rate."""
        (log_rate,) = real
        return exp(log_rate) * t, log_rate

    @quietly
    def quantile(self, p: Array, parameters: Parameters) -> Array:
        """t = -log(1 - p) / rate."""
        return np.asarray(hazard_to_reach(p) / parameters["rate"])

    def restricted_mean(self, t: Array, parameters: Parameters) -> Array:
        """(1 - exp(-rate t)) / rate."""
        return constant_hazard_area(parameters["rate"], t)

    def with_median(self, median: Array, shape_parameters: Parameters) -> dict[str, Array]:
        """rate = log 2 / median.

        Examples
        --------
        >>> round(Exponential().with_median(2.0, {})["rate"], 4)
        0.3466
        """
        return {"rate": LOG_2 / median}

    def formula(self, t: str, refs: Refs, let: Let = in_brackets) -> str:
        """rate t."""
        return f"{refs['rate']}*({t})"

    def median_formula(self, refs: Refs) -> str:
        """LN(2) / rate."""
        return f"LN(2)/{refs['rate']}"

    def with_median_formula(self, median: str, refs: Refs) -> dict[str, str]:
        """rate = LN(2) / median."""
        return {"rate": f"LN(2)/{median}"}
