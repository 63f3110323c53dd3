"""Non-mixture (bounded cumulative hazard) cure model."""

from __future__ import annotations

from functools import partial

import numpy as np

from netcea.arrays import Array
from netcea.survival.distribution import Distribution, Parameter, Parameters
from netcea.survival.elementwise import hazard_to_reach, quietly
from netcea.survival.integrate import area
from netcea.survival.spreadsheet import Let, Refs, in_one


def non_mixture_cure(base: Distribution) -> Distribution:
    """Non-mixture cure model, S(t) = cure_fraction^F_base(t).

    Parameters
    ----------
    base : Distribution
        Its parameters follow ``cure_fraction`` (above 0, to 1), sampled on the logit scale. The restricted
        mean is a quadrature, for a smooth base good to 1e-10.

    Examples
    --------
    >>> from netcea.survival.distributions.exponential import EXPONENTIAL
    >>> model = non_mixture_cure(EXPONENTIAL)
    >>> half = {"cure_fraction": np.array(0.25), "rate": np.log(np.array(2.0))}
    >>> round(float(model.survival(np.array(1.0), half)), 12)  # F = 1/2: the square root of 0.25
    0.5
    """

    @quietly
    def cumulative_hazard(t: Array, parameters: Parameters) -> Array:
        failed = -np.expm1(-base.cumulative_hazard(t, parameters))
        return np.asarray(-np.log(parameters["cure_fraction"]) * failed)

    @quietly
    def hazard(t: Array, parameters: Parameters) -> Array:
        survival = np.exp(-base.cumulative_hazard(t, parameters))
        limit = -np.log(parameters["cure_fraction"])
        weight = np.asarray(limit * survival)
        return np.asarray(np.where(weight > 0.0, weight * base.hazard(t, parameters), 0.0))

    @quietly
    def quantile(p: Array, parameters: Parameters) -> Array:
        failed = np.asarray(hazard_to_reach(p) / -np.log(parameters["cure_fraction"]))
        reached = failed < 1.0
        time = base.quantile(np.where(reached, failed, 0.5), parameters)
        return np.asarray(np.where(reached, time, np.where(np.asarray(p) > 0.0, np.inf, 0.0)))

    def restricted_mean(t: Array, parameters: Parameters) -> Array:
        return area(lambda u: np.exp(-cumulative_hazard(u, parameters)), t)

    def steps(t: str, refs: Refs, let: Let) -> str:
        return f"-LN({refs['cure_fraction']})*(1-EXP(-({base.formula_of(t, refs, let)})))"

    return Distribution(
        name="non_mixture_cure",
        parameters=(Parameter("cure_fraction", "logit"), *base.parameters),
        cumulative_hazard=cumulative_hazard,
        hazard=hazard,
        quantile=quantile,
        restricted_mean=restricted_mean,
        proportional_hazards=True,
        formula=partial(in_one, steps),
        steps=steps,
        without_formula=base.without_formula,
        constants=base.constants,
    )
