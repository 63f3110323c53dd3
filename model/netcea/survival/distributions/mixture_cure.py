"""Mixture cure model: a fraction never fails, the others follow a base distribution."""

from __future__ import annotations

from functools import partial

import numpy as np

from netcea.arrays import Array
from netcea.survival.distribution import Distribution, Parameter, Parameters
from netcea.survival.elementwise import quietly
from netcea.survival.spreadsheet import Let, Refs, in_one


def mixture_cure(base: Distribution) -> Distribution:
    """Mixture cure model, S(t) = cure_fraction + (1 - cure_fraction) S_base(t).

    Parameters
    ----------
    base : Distribution
        Of those not cured; its parameters follow ``cure_fraction`` (0 to 1), sampled on the logit scale.

    Examples
    --------
    >>> from netcea.survival.distributions.exponential import EXPONENTIAL
    >>> model = mixture_cure(EXPONENTIAL)
    >>> half = {"cure_fraction": np.array(0.5), "rate": np.array(1.0)}
    >>> round(float(model.survival(np.array(1.0), half)), 4)  # 0.5 + 0.5 / e
    0.6839
    """

    @quietly
    def cumulative_hazard(t: Array, parameters: Parameters) -> Array:
        cured = np.asarray(parameters["cure_fraction"])
        h = base.cumulative_hazard(t, parameters)
        failed = (1.0 - cured) * -np.expm1(-h)
        late = -np.logaddexp(np.log(cured), np.log1p(-cured) - h)
        return np.asarray(np.where(failed < 0.5, -np.log1p(-np.minimum(failed, 0.5)), late))

    @quietly
    def hazard(t: Array, parameters: Parameters) -> Array:
        cured = np.asarray(parameters["cure_fraction"])
        h = base.cumulative_hazard(t, parameters)
        not_cured = np.exp(np.log1p(-cured) - h + cumulative_hazard(t, parameters))
        share = np.where(np.isfinite(h), not_cured, np.where(cured > 0.0, 0.0, 1.0))
        return np.asarray(np.where(share > 0.0, base.hazard(t, parameters) * share, 0.0))

    @quietly
    def quantile(p: Array, parameters: Parameters) -> Array:
        among_not_cured = np.asarray(p / (1.0 - parameters["cure_fraction"]))
        reached = among_not_cured < 1.0
        time = base.quantile(np.where(reached, among_not_cured, 0.5), parameters)
        return np.asarray(np.where(reached, time, np.where(np.asarray(p) > 0.0, np.inf, 0.0)))

    def restricted_mean(t: Array, parameters: Parameters) -> Array:
        cured = parameters["cure_fraction"]
        return np.asarray(cured * t + (1.0 - cured) * base.restricted_mean(t, parameters))

    def steps(t: str, refs: Refs, let: Let) -> str:
        cured = refs["cure_fraction"]
        return f"-LN({cured}+(1-{cured})*EXP(-({base.formula_of(t, refs, let)})))"

    return Distribution(
        name="mixture_cure",
        parameters=(Parameter("cure_fraction", "logit"), *base.parameters),
        cumulative_hazard=cumulative_hazard,
        hazard=hazard,
        quantile=quantile,
        restricted_mean=restricted_mean,
        formula=partial(in_one, steps),
        steps=steps,
        without_formula=base.without_formula,
        constants=base.constants,
    )
