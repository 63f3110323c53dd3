"""Cure models: a fraction never fails. Mixture and non-mixture (bounded cumulative hazard)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from netcea.arrays import Array
from netcea.survival.base import Distribution
from netcea.survival.elementwise import hazard_to_reach, in_place, quietly
from netcea.survival.jets import Jet, exp, log, log_one_plus_exp
from netcea.survival.parameter import Parameter, Parameters
from netcea.survival.spreadsheet import Let, Refs, in_brackets

FEW_CURED = 0.1
"""With more cured, 1 less those who failed keeps its digits."""
HARDLY_ANY = 1e-200
"""With fewer cured, shares that are left may be too small for floating point."""


def _few_left(cured: Array, h: Array) -> Array:
    """Return -log(cured + (1 - cured) exp(-h)), Array (draw, time), without 1 less a number near 1."""
    left = -np.log(cured + (1.0 - cured) * np.exp(-h))
    none = cured < HARDLY_ANY
    if none.any():
        left = np.where(none, -np.logaddexp(np.log(cured), np.log1p(-cured) - h), left)
    return np.asarray(left)


class Cure(Distribution):
    """What both cure models share: the base's parameters after ``cure_fraction``, its structure, its quantile.

    Parameters
    ----------
    base : Distribution
        The family of those not cured.
    """

    def __init__(self, base: Distribution) -> None:
        self.base = base
        self.parameters = (Parameter("cure_fraction", "logit"), *base.parameters)
        self.constants = base.constants
        self.may_rise = base.may_rise

    @property
    def without_formula(self) -> Callable[[Mapping[str, float]], str] | None:
        """The base's."""
        return self.base.without_formula

    def stretched(self, factor: Array, parameters: Parameters) -> dict[str, Array] | None:
        """The same cure_fraction, the base's others; None where the base's form is not kept."""
        base = self.base.stretched(factor, parameters)
        return None if base is None else {"cure_fraction": np.asarray(parameters["cure_fraction"]), **base}

    def _base_quantile(self, p: Array, failed: Array, parameters: Parameters) -> Array:
        """Return the base's time for a share of those who can fail; infinite where all of them are too few."""
        reached = failed < 1.0
        time = self.base.quantile(np.where(reached, failed, 0.5), parameters)
        return np.asarray(np.where(reached, time, np.where(np.asarray(p) > 0.0, np.inf, 0.0)))


class MixtureCure(Cure):
    """Mixture cure model, S(t) = cure_fraction + (1 - cure_fraction) S_base(t).

    Parameters
    ----------
    base : Distribution
        The family of those not cured.

    Notes
    -----
    ``cure_fraction``, 0 to 1 [share]: those who never fail.
    The base's parameters follow it.

    References
    ----------
    NICE DSU Technical Support Document 21 (cure models; relative survival with them, p. 89).

    Examples
    --------
    >>> from netcea.survival import exponential
    >>> half = MixtureCure(exponential)(cure_fraction=0.5, rate=1.0)
    >>> round(half.survival(1.0), 4)  # 0.5 + 0.5 / e
    0.6839
    >>> round(half.quantile(0.25), 4), half.quantile(0.6)  # half of those not cured: log 2
    (0.6931, inf)
    """

    name = "mixture_cure"

    @quietly
    def cumulative_hazard(self, t: Array, parameters: Parameters) -> Array:
        """H(t) = -log(cure_fraction + (1 - cure_fraction) S_base(t))."""
        cured = np.asarray(parameters["cure_fraction"])
        h = self.base.cumulative_hazard(t, parameters)
        failed = np.asarray(np.expm1(np.negative(h)))
        failed = in_place(np.multiply, failed, cured - 1.0)
        few = cured < FEW_CURED
        if not few.any():
            return -np.log1p(-failed)
        late = few & (failed >= 0.5)
        early = -np.log1p(-np.where(late, 0.0, failed))
        return np.asarray(np.where(late, _few_left(cured, h), early))

    @quietly
    def hazard(self, t: Array, parameters: Parameters) -> Array:
        """h(t) = h_base(t) (1 - cure_fraction) S_base(t) / S(t)."""
        cured = np.asarray(parameters["cure_fraction"])
        h = self.base.cumulative_hazard(t, parameters)
        not_cured = np.exp(np.log1p(-cured) - h + self.cumulative_hazard(t, parameters))
        share = np.where(np.isfinite(h), not_cured, np.where(cured > 0.0, 0.0, 1.0))
        return np.asarray(np.where(share > 0.0, self.base.hazard(t, parameters) * share, 0.0))

    def likelihood_terms(self, t: Array, real: Sequence[Jet]) -> tuple[Jet, Jet]:
        """H(t) = log(1 + exp(-c)) - log(1 + exp(-c - H_base)), c the logit of cure_fraction."""
        logit, base = real[0], self.base.likelihood_terms(t, real[1:])
        h = log_one_plus_exp(-logit) - log_one_plus_exp(-logit - base[0])
        return h, base[1] - base[0] - log_one_plus_exp(logit) + h

    @quietly
    def quantile(self, p: Array, parameters: Parameters) -> Array:
        """The base's quantile of p / (1 - cure_fraction); infinite if so many never fail."""
        return self._base_quantile(p, np.asarray(p / (1.0 - parameters["cure_fraction"])), parameters)

    def restricted_mean(self, t: Array, parameters: Parameters) -> Array:
        """cure_fraction t + (1 - cure_fraction) x the base's."""
        cured = parameters["cure_fraction"]
        return np.asarray(cured * t + (1.0 - cured) * self.base.restricted_mean(t, parameters))

    def formula(self, t: str, refs: Refs, let: Let = in_brackets) -> str:
        """-LN(cure_fraction + (1 - cure_fraction) EXP(-H_base))."""
        cured = refs["cure_fraction"]
        return f"-LN({cured}+(1-{cured})*EXP(-({self.base.formula(t, refs, let)})))"


class NonMixtureCure(Cure):
    """Non-mixture cure model, S(t) = cure_fraction^F_base(t): the cumulative hazard is bounded.

    Parameters
    ----------
    base : Distribution
        The family whose F(t) = 1 - S(t) says how much of the bound is reached.

    Notes
    -----
    ``cure_fraction``, above 0, to 1 [share]: those who never fail.
    The base's parameters follow it. The restricted mean is a quadrature, for a smooth base good to 1e-10.

    References
    ----------
    NICE DSU Technical Support Document 21 (cure models; relative survival with them, p. 89).

    Examples
    --------
    >>> from netcea.survival import exponential
    >>> quarter = NonMixtureCure(exponential)(cure_fraction=0.25, rate=np.log(2.0))
    >>> round(quarter.survival(1.0), 12)  # F = 1/2: the square root of 0.25
    0.5
    """

    name = "non_mixture_cure"
    proportional_hazards = True

    @quietly
    def cumulative_hazard(self, t: Array, parameters: Parameters) -> Array:
        """H(t) = -log(cure_fraction) F_base(t)."""
        failed = -np.expm1(-self.base.cumulative_hazard(t, parameters))
        return np.asarray(-np.log(parameters["cure_fraction"]) * failed)

    @quietly
    def hazard(self, t: Array, parameters: Parameters) -> Array:
        """h(t) = -log(cure_fraction) f_base(t)."""
        survival = np.exp(-self.base.cumulative_hazard(t, parameters))
        limit = -np.log(parameters["cure_fraction"])
        weight = np.asarray(limit * survival)
        return np.asarray(np.where(weight > 0.0, weight * self.base.hazard(t, parameters), 0.0))

    def likelihood_terms(self, t: Array, real: Sequence[Jet]) -> tuple[Jet, Jet]:
        """H(t) = -log(cure_fraction) (1 - exp(-H_base)), log h(t) = log(-log cure_fraction) + log f_base(t)."""
        limit, base = log_one_plus_exp(-real[0]), self.base.likelihood_terms(t, real[1:])
        return limit * (1.0 - exp(-base[0])), log(limit) + base[1] - base[0]

    @quietly
    def quantile(self, p: Array, parameters: Parameters) -> Array:
        """The base's quantile of log(1 - p) / log(cure_fraction); infinite if so many never fail."""
        failed = np.asarray(hazard_to_reach(p) / -np.log(parameters["cure_fraction"]))
        return self._base_quantile(p, failed, parameters)

    def formula(self, t: str, refs: Refs, let: Let = in_brackets) -> str:
        """-LN(cure_fraction) (1 - EXP(-H_base))."""
        return f"-LN({refs['cure_fraction']})*(1-EXP(-({self.base.formula(t, refs, let)})))"
