"""Several families averaged: the weighted mean of their survival, which is a curve of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.survival.base import Distribution
from netcea.survival.elementwise import hazard_to_reach, quietly
from netcea.survival.parameter import Parameter, Parameters
from netcea.survival.spreadsheet import Let, Refs, in_brackets

T = TypeVar("T")

WEIGHT: Final = "weight"
"""Name of a family's weight, and of what its hazard is multiplied by, among its parameters."""
RATIO: Final = "hazard_ratio"
HALVINGS: Final = 80
"""Of the logarithm of time, until a quantile has its last bits."""
FURTHEST: Final = 1e300
"""Time by which a quantile is reached, or never."""
FAR_AWAY: Final = "1E+300"
"""What a spreadsheet has for the cumulative hazard of a family without weight."""


class Averaged(Distribution):
    """Weighted mean of families, S(t) = sum_k w_k S_k(t) / sum_k w_k: a mixture of those who follow each.

    Parameters
    ----------
    components : mapping of str -> Distribution
        Families by the names that their parameters begin with; two or more.
    with_ratio : collection of str
        Names of those whose hazard is multiplied by a ratio of its own.

    Raises
    ------
    ValueError
        Fewer than two families.

    Notes
    -----
    Parameters are, for each family k: ``k_weight``, from 0 [share]; its own as ``k_shape``; ``k_hazard_ratio``, above 0
    [ratio], where it has one. Weights are divided by their sum. The hazard is the mean of the families' hazards,
    weighted by those who are left: h(t) = sum w_k S_k h_k / sum w_k S_k. It falls towards the lowest of them, as those
    with higher hazards die first. A row in which one family has all the weight is that family, to the bit.

    References
    ----------
    Burnham KP, Anderson DR. Model Selection and Multimodel Inference. 2002, chapter 4.
    Jackson CH, Thompson SG, Sharples LD. Accounting for uncertainty in health economic decision models by using model
    averaging. J R Stat Soc A 2009;172:383-404.

    Examples
    --------
    >>> from netcea.survival import exponential
    >>> both = Averaged({"fast": exponential, "slow": exponential})
    >>> curve = both(fast_weight=0.5, fast_rate=1.0, slow_weight=0.5, slow_rate=0.5)
    >>> round(curve.survival(2.0), 4)  # (exp(-2) + exp(-1)) / 2
    0.2516
    >>> round(curve.hazard(0.0), 4)  # half of each are alive
    0.75
    >>> round(curve.restricted_mean(2.0), 4)  # ((1 - exp(-2)) / 1 + (1 - exp(-1)) / 0.5) / 2
    1.0645
    """

    name = "averaged"

    def __init__(self, components: Mapping[str, Distribution], with_ratio: Collection[str] = ()) -> None:
        if len(components) < 2:
            raise ValueError(f"averaged: found {', '.join(components) or 'no family'}; expected two families or more")
        self.components = dict(components)
        self.with_ratio = frozenset(with_ratio)
        self.parameters = tuple(self._all_parameters())
        self.constants = {
            f"{name}_{key}": value for name, family in components.items() for key, value in family.constants.items()
        }
        self.tables = {
            f"{name}_{key}": table for name, family in components.items() for key, table in family.tables.items()
        }
        self.may_rise = any(family.may_rise for family in components.values())

    def _all_parameters(self) -> Iterator[Parameter]:
        for name, family in self.components.items():
            yield Parameter(f"{name}_{WEIGHT}", "logit")
            yield from (Parameter(f"{name}_{own.name}", own.real_line) for own in family.parameters)
            if name in self.with_ratio:
                yield Parameter(f"{name}_{RATIO}", "log")

    @quietly
    def cumulative_hazard(self, t: Array, parameters: Parameters) -> Array:
        """H(t) = -log(sum w_k exp(-H_k)): by the share that failed early on, later from the lowest H_k."""
        shares = self._shares(parameters)
        hazards = [self._hazard_of(name, t, parameters, share) for name, share in shares.items()]
        least = np.minimum.reduce(np.broadcast_arrays(*hazards))
        alone = np.maximum.reduce(np.broadcast_arrays(*shares.values())) == 1.0
        if alone.all():
            return np.asarray(least)
        failed, left = np.zeros(least.shape), np.zeros(least.shape)
        for share, h in zip(shares.values(), hazards, strict=True):
            failed -= share * np.expm1(-h)
            left += np.where(share > 0.0, share * np.exp(least - h), 0.0)
        later = np.where(np.isfinite(least), least - np.log(left), np.inf)
        mixed = np.where(failed < 0.5, -np.log1p(-np.minimum(failed, 0.5)), later)
        return np.asarray(np.where(alone, least, mixed))

    @quietly
    def hazard(self, t: Array, parameters: Parameters) -> Array:
        """h(t) = sum w_k S_k h_k / sum w_k S_k."""
        shares = self._shares(parameters)
        hazards = [self._hazard_of(name, t, parameters, share) for name, share in shares.items()]
        least = np.minimum.reduce(np.broadcast_arrays(*hazards))
        total, left = np.zeros(least.shape), np.zeros(least.shape)
        for (name, share), h in zip(shares.items(), hazards, strict=True):
            alive = np.where(share > 0.0, share * np.exp(np.where(np.isfinite(least), least - h, 0.0)), 0.0)
            own = self.components[name].hazard(t, self._own(name, parameters)) * self._ratio(name, parameters)
            total += np.where(alive > 0.0, alive * own, 0.0)
            left += alive
        return np.asarray(total / left)

    @quietly
    def quantile(self, p: Array, parameters: Parameters) -> Array:
        """Time at which H(t) = -log(1 - p), between the first and the last of the families' quantiles, by bisection."""
        target = hazard_to_reach(p)
        shares = self._shares(parameters)
        found = [self._quantile_of(name, target, parameters, share) for name, share in shares.items()]
        low = np.minimum.reduce([np.where(used, q, np.inf) for used, q in found])
        high = np.maximum.reduce([np.where(used & np.isfinite(q), q, low) for used, q in found])
        open_end = np.maximum.reduce([np.where(used, q, 0.0) for used, q in found]) == np.inf
        high = np.where(open_end, FURTHEST, high)
        never = ~np.isfinite(low) | (open_end & ~(self.cumulative_hazard(high, parameters) >= target))
        least = np.finfo(np.float64).tiny
        start, end = np.log(np.maximum(np.where(never, 1.0, low), least)), np.log(np.maximum(high, least))
        for _ in range(HALVINGS):
            middle = (start + end) / 2.0
            below = self.cumulative_hazard(np.exp(middle), parameters) < target
            start, end = np.where(below, middle, start), np.where(below, end, middle)
        time = np.where(low == high, low, np.exp((start + end) / 2.0))
        return np.asarray(np.where(never, np.inf, np.where(low > 0.0, time, np.where(target > 0.0, time, 0.0))))

    def restricted_mean(self, t: Array, parameters: Parameters) -> Array:
        """The mean of the families' restricted means, so weighted."""
        if self.with_ratio:
            return super().restricted_mean(t, parameters)
        means = (
            share * self.components[name].restricted_mean(t, self._own(name, parameters))
            for name, share in self._shares(parameters).items()
        )
        return np.asarray(sum(means, np.zeros(())))

    def stretched(self, factor: Array, parameters: Parameters) -> dict[str, Array] | None:
        """The families' own with the same weights; None where the form of one is not kept."""
        made = {name: np.asarray(value) for name, value in parameters.items()}
        for name, family in self.components.items():
            own = family.stretched(factor, self._own(name, parameters))
            if own is None:
                return None
            made |= {f"{name}_{key}": value for key, value in own.items()}
        return made

    # ---------------------------------------------------------------- a spreadsheet
    @property
    def without_formula(self) -> Callable[[Mapping[str, float]], str] | None:
        """The first reason that one of the families has."""
        reasons = [(name, family.without_formula) for name, family in self.components.items()]

        def why(parameters: Mapping[str, float]) -> str:
            found = (reason(self._named(name, parameters)) for name, reason in reasons if reason is not None)
            return next((words for words in found if words), "")

        return why if any(reason is not None for _, reason in reasons) else None

    def formula(self, t: str, refs: Refs, let: Let = in_brackets) -> str:
        """The lowest H_k less LN(sum w_k EXP(lowest - H_k) / sum w_k), of the families that have weight."""
        weights = [refs[f"{name}_{WEIGHT}"] for name in self.components]
        hazards = []
        for name, family in self.components.items():
            inner = self._let_of(name, let)
            text = family.formula(t, self._named(name, refs), inner)
            ratio = f"*{refs[f'{name}_{RATIO}']}" if name in self.with_ratio else ""
            hazards.append(let(f"hazard_{name}", f"IF({refs[f'{name}_{WEIGHT}']}>0,({text}){ratio},{FAR_AWAY})"))
        least = let("lowest_hazard", f"MIN({','.join(hazards)})")
        left = "+".join(f"{weight}*EXP({least}-{h})" for weight, h in zip(weights, hazards, strict=True))
        return f"{least}-LN(({left})/({'+'.join(weights)}))"

    @staticmethod
    def _let_of(name: str, let: Let) -> Let:
        """Return how steps of one family are referred to: names of families stay apart."""
        return lambda step, text: let(f"{name}_{step}", text)

    # ---------------------------------------------------------------- the families' own
    def _shares(self, parameters: Parameters) -> dict[str, Array]:
        """Return the weight of each family over their sum."""
        weights = {name: np.asarray(parameters[f"{name}_{WEIGHT}"], dtype=np.float64) for name in self.components}
        total = sum(weights.values(), np.zeros(()))
        return {name: np.asarray(weight / total) for name, weight in weights.items()}

    def _named(self, name: str, values: Mapping[str, T]) -> dict[str, T]:
        """Return what belongs to a family by the family's own names."""
        family = self.components[name]
        own = [*(p.name for p in family.parameters), *family.constants, *family.tables]
        return {key: values[f"{name}_{key}"] for key in own if f"{name}_{key}" in values}

    def _own(self, name: str, parameters: Parameters) -> dict[str, Array]:
        return {p.name: np.asarray(parameters[f"{name}_{p.name}"]) for p in self.components[name].parameters}

    def _ratio(self, name: str, parameters: Parameters) -> Array | float:
        return np.asarray(parameters[f"{name}_{RATIO}"]) if name in self.with_ratio else 1.0

    def _hazard_of(self, name: str, t: Array, parameters: Parameters, share: Array) -> Array:
        """Return H of a family where it has weight, infinite in other rows: most draws have one family only."""
        own, ratio = self._own(name, parameters), self._ratio(name, parameters)
        used = share[:, 0] > 0.0 if share.ndim == 2 else np.ones(1, dtype=np.bool_)
        if used.all():
            return np.asarray(self.components[name].cumulative_hazard(t, own) * ratio)
        t = np.asarray(t)
        made = np.full((len(used), t.shape[-1]), np.inf)
        if used.any():
            rows = {key: _of_rows(value, used) for key, value in own.items()}
            factor = _of_rows(ratio, used) if isinstance(ratio, np.ndarray) else ratio
            made[used] = self.components[name].cumulative_hazard(_of_rows(t, used), rows) * factor
        return made

    def _quantile_of(
        self, name: str, target: Array, parameters: Parameters, share: Array
    ) -> tuple[NDArray[np.bool_], Array]:
        """Return where a family has weight, and its time for a cumulative hazard."""
        p = -np.expm1(-target / self._ratio(name, parameters))
        found = self.components[name].quantile(p, self._own(name, parameters))
        used, times = np.broadcast_arrays(share > 0.0, found)
        return used, times


def _of_rows(values: Array, used: NDArray[np.bool_]) -> Array:
    """Return rows of an array; all of one that all rows share."""
    return values[used] if values.ndim == 2 and len(values) == len(used) else values
