"""Curves on arrays: from addresses and rows of parameters to survival at the edges and at any other time.

Everything is done in cumulative hazards; the order is fixed: distribution, crossover removed, ratio, waning,
background mortality. Ratios
and waning use the other strategy's curve before its floor; each strategy is floored last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.draws import Draws
from netcea.survival.accrued_gain import gain_lost
from netcea.survival.background import floored
from netcea.survival.base import Distribution
from netcea.survival.curve import CurveModel
from netcea.survival.moments import Moments, from_rises, hazard_at, hazard_at_own_times, rise_in_cycles
from netcea.survival.ratio_by_interval import by_interval, in_order
from netcea.survival.treatment_end import leaving, mean_time, median_time
from netcea.survival.waning import cycles_of_effect, own_weights, waned
from netcea.survival.waning_since_discontinuation import share_left, shares_of_effect, survival_kept

ROUNDING: Final = 1e-12
"""What a share may rise by rounding."""
EDGES: Final = "edges"
"""What the times at the edges are called where results are kept."""


@dataclass
class Curves:
    """All curves for one block of rows. Each is computed once.

    Attributes
    ----------
    models : mapping of address -> CurveModel
        Every curve of the scenario.
    draws : Draws
        The block's rows.
    edges : Array (edge,)
        Of the cycles, rising from 0. [years]
    population_hazard : Array (1 or draw, cycle)
        Rise of the population's cumulative hazard in each cycle. [1]
    given : mapping of address -> Array (1 or draw, edge)
        Cumulative hazards at the edges of curves that are taken as they are; log-linear between. [1]

    Examples
    --------
    A hazard of 0.5 a year, and one with a hazard ratio of 2 to it; S = exp(-0.5), exp(-1).

    >>> from netcea.survival.distributions import distribution
    >>> own = CurveModel("a", distribution("exponential"), {"rate": "r"})
    >>> other = CurveModel("b", None, {}, relative_to="a", hazard_ratio="hr")
    >>> rows = Draws(1, {"r": np.array([[0.5]]), "hr": np.array([[2.0]])})
    >>> curves = Curves({"a": own, "b": other}, rows, np.array([0.0, 1.0, 2.0]), np.zeros((1, 2)))
    >>> curves.hazard_at_edges("b").tolist(), curves.survival_at_edges("a").round(4).tolist()
    ([[0.0, 1.0, 2.0]], [[1.0, 0.6065, 0.3679]])
    """

    models: Mapping[str, CurveModel]
    draws: Draws
    edges: Array
    population_hazard: Array
    given: Mapping[str, Array] = field(default_factory=dict)
    _memo: dict[tuple[object, ...], Array] = field(default_factory=dict)
    _backed: dict[str, tuple[Array, Array]] = field(default_factory=dict)

    def with_hazard(self, address: str, hazard: Array) -> Curves:
        """Return these curves with another in the place of one: others that are relative to it stay as they are.

        Parameters
        ----------
        address : str
            Of the curve.
        hazard : Array (1 or draw, edge)
            Its cumulative hazard at the edges. [1]

        Returns
        -------
        Curves
            To be asked for this curve and those that do not depend on it.
        """
        memo = {key: value for key, value in self._memo.items() if key != ("survival", address)}
        return replace(self, given={**self.given, address: hazard}, _memo=memo)

    def of_row(self, i: int) -> Curves:
        """Return the curves of one row; nothing that was worked out is kept but what is given.

        Parameters
        ----------
        i : int
            From 0.

        Returns
        -------
        Curves
            Of that row alone.
        """
        draws, hazard = self.draws.rows(i, i + 1), self.population_hazard
        given = {address: h[i : i + 1] if len(h) > 1 else h for address, h in self.given.items()}
        return Curves(self.models, draws, self.edges, hazard[i : i + 1] if len(hazard) > 1 else hazard, given)

    def forget(self, strategy: str) -> None:
        """Let go of what one strategy alone needs: fewer arrays at once. What is asked for again is worked out again.

        Parameters
        ----------
        strategy : str
            Whose streams are known.
        """
        own = {address for address in self.models if address.startswith(f"strategies.{strategy}.")}
        others = [model for address, model in self.models.items() if address not in own]
        needed = {a for m in others for a in (m.relative_to, m.waning_towards, m.waning_treatment)}
        kinds = {"survival": own, "own": own - needed, "before floor": own - needed}
        for key in [key for key in self._memo if key[1] in kinds.get(str(key[0]), ())]:
            del self._memo[key]
        for address in own:
            self._backed.pop(address, None)

    # ------------------------------------------------------------------------------------------ what the engine asks
    def survival_at_edges(self, address: str) -> Array:
        """Survival S = exp(-H) at the edges, after every adjustment.

        Parameters
        ----------
        address : str
            Of the curve.

        Returns
        -------
        Array (1 or draw, edge)
            From 1. [share]
        """
        key = ("survival", address)
        if key not in self._memo:
            h = np.negative(self.hazard_at_edges(address))
            self._memo[key] = np.exp(h, out=h)
        return self._memo[key]

    def survival_at(self, address: str, moments: Moments) -> Array:
        """Survival at other times, after every adjustment.

        Where the curve is defined cycle by cycle it is log-linear between the edges.

        Parameters
        ----------
        address : str
            Of the curve.
        moments : Moments
            Placed between the edges. [years]

        Returns
        -------
        Array (1 or draw, moment)
            [share]
        """
        if moments.edges_from_start:
            return self.survival_at_edges(address)[:, : moments.times.shape[1]]
        model = self.models[address]
        if model.background_mortality == "none" and not model.waning_starts and address not in self.given:
            h = np.negative(self._own(model, moments.times, moments.key))
        else:
            h = hazard_at(self.hazard_at_edges(address), moments)
            np.negative(h, out=h)
        return np.exp(h, out=h)

    def shifted_survival(self, hazard: Array, shift: Array) -> Array:
        """Survival at each edge plus a time; after the last edge the last cycle's hazard goes on.

        Parameters
        ----------
        hazard : Array (1 or draw, edge)
            Cumulative, at the edges. [1]
        shift : Array (draw,) or (1,)
            Not negative. [years]

        Returns
        -------
        Array (draw, edge)
            [share]
        """
        t = self.edges[np.newaxis, :] + shift[:, np.newaxis]
        return np.exp(-hazard_at_own_times(self.edges, hazard, t))

    def hazard_at_edges(self, address: str) -> Array:
        """Cumulative hazard at the edges, after every adjustment.

        Parameters
        ----------
        address : str
            Of the curve.

        Returns
        -------
        Array (1 or draw, edge)
            From 0. [1]

        Notes
        -----
        hazard_floor: each rise is at least the population's, max(dH, dH_population). excess: their sum.
        """
        if address in self.given:
            return self.given[address]
        model = self.models[address]
        if model.background_mortality == "none":
            return self._before_floor(model)
        return self._with_background(address)[0]

    def increments(self, address: str) -> Array:
        """Rise of the curve's own cumulative hazard in each cycle, before background mortality.

        Parameters
        ----------
        address : str
            Of the curve.

        Returns
        -------
        Array (1 or draw, cycle)
            [1]
        """
        return rise_in_cycles(self._before_floor(self.models[address]))

    def median_not_reached(self, address: str) -> Array | None:
        """Say whether a curve that is to be moved to a median never falls to one half.

        Parameters
        ----------
        address : str
            Of the curve.

        Returns
        -------
        Array (1 or draw,) or None
            1 where it never does; None for a curve that is not moved. [0 or 1]
        """
        model = self.models[address]
        if model.moved_to_median is None or model.distribution is None:
            return None
        parameters = {name: self.draws[a] for name, a in model.parameters.items()}
        return (~np.isfinite(model.distribution.quantile(np.array(0.5), parameters)))[:, 0].astype(np.float64)

    def rises(self, address: str) -> Array:
        """Say whether a curve rises or leaves 0 to 1.

        Only of families that may rise is every cycle looked at: of the others the last edge tells.

        Parameters
        ----------
        address : str
            Of the curve.

        Returns
        -------
        Array (1 or draw,)
            1 where it does, or is undefined. [0 or 1]
        """
        share = self.survival_at_edges(address)
        wrong = ~(share[:, -1] <= 1.0)
        if self._may_rise(self.models[address]):
            wrong |= ~(np.diff(share, axis=1).max(axis=1) <= ROUNDING)
        return np.asarray(wrong, dtype=np.float64)

    def _may_rise(self, model: CurveModel) -> bool:
        related = (model.relative_to, model.waning_towards)
        family = model.distribution is not None and model.distribution.may_rise
        return family or any(self._may_rise(self.models[other]) for other in related if other is not None)

    def waned_towards(self, address: str) -> str | None:
        """Return the curve whose hazard a curve takes on as its effect wanes; None without waning.

        Parameters
        ----------
        address : str
            Of the curve.

        Returns
        -------
        str or None
            Its address.
        """
        model = self.models[address]
        return (model.waning_towards or model.relative_to) if model.waning_starts else None

    def around_waning(self, address: str) -> tuple[Array, Array, Array]:
        """Return what a curve whose effect wanes is made of.

        Parameters
        ----------
        address : str
            Of the curve.

        Returns
        -------
        own, other : Array (1 or draw, edge)
            Cumulative hazards before waning, and of the curve whose hazard is taken on; before their floors. [1]
        effect : Array (1 or draw, edge)
            What is left of the effect, on average over when patients discontinue where it counts from then. [share]
        """
        model, edges = self.models[address], self.edges[np.newaxis, :]
        own = self._own(model, edges, EDGES)
        other = self._unfloored_at(self.models[self.waned_towards(address) or ""], edges, EDGES)
        starts, ends = self.fades_between(model.address)
        if model.waning_since == "discontinuation":
            found = leaving(self._treatment(model), own, self._stops(model), self.edges)
            return own, other, shares_of_effect(starts, ends, found, self.edges)
        return own, other, share_left(edges, starts, ends)

    def fades_between(self, address: str) -> tuple[Array, Array]:
        """Return when the effect begins to fade and has ended: since the start, or each patient's discontinuation.

        Parameters
        ----------
        address : str
            Of a curve whose effect wanes.

        Returns
        -------
        starts : Array (1 or draw, 1)
            T1. [years]
        ends : Array (1 or draw, 1)
            T2. [years]
        """
        model = self.models[address]
        starts, ends = self.draws[model.waning_starts or ""], self.draws[model.waning_ends or ""]
        if model.waning_since in ("baseline", "discontinuation"):
            return starts, ends
        stops = self._stops(model)
        if model.waning_since == "end_of_treatment" and stops is not None:
            return stops + starts, stops + ends
        time = mean_time if model.waning_since == "mean_time_on_treatment" else median_time
        since = time(self._treatment(model), stops, self.edges)
        return since + starts, since + ends

    def floor_cycles(self, address: str) -> Array:
        """Count the cycles in which the population's hazard is above the curve's own.

        Parameters
        ----------
        address : str
            Of the curve.

        Returns
        -------
        Array (1 or draw,)
            0 for a curve without a floor. [cycles]
        """
        if self.models[address].background_mortality != "hazard_floor" or address in self.given:
            return np.zeros(1)
        return self._with_background(address)[1]

    # ------------------------------------------------------------------------------------------ background mortality
    def _with_background(self, address: str) -> tuple[Array, Array]:
        """Return H with the population's mortality, and the cycles of each row in which a floor binds."""
        if address not in self._backed:
            model = self.models[address]
            before = self._before_floor(model)
            if model.background_mortality == "excess":
                self._backed[address] = before + from_rises(self.population_hazard), np.zeros(1)
            else:
                self._backed[address] = floored(before, self.population_hazard)
        return self._backed[address]

    # ------------------------------------------------------------------------------------------ waning
    def _before_floor(self, model: CurveModel) -> Array:
        """Return H at the edges with ratio and waning, without background mortality."""
        if not model.waning_starts:
            return self._own(model, self.edges[np.newaxis, :], EDGES)
        key = ("before floor", model.address)
        if key not in self._memo:
            self._memo[key] = self._waned(model)
        return self._memo[key]

    def _waned(self, model: CurveModel) -> Array:
        towards = self.models[model.waning_towards or model.relative_to or ""]
        edges = self.edges[np.newaxis, :]
        other = self._unfloored_at(towards, edges, EDGES)
        starts, ends = self.fades_between(model.address)
        if model.waning_since == "discontinuation":
            return self._waned_by_patient(model, other, starts, ends)
        if model.waning_loses_gain:
            return gain_lost(self._own(model, edges, EDGES), other, share_left(edges, starts, ends))
        weight, sudden = own_weights(starts, ends, self.edges)
        last = cycles_of_effect(weight)
        if model.relative_to == towards.address and model.acceleration_factor is None and not model.hazard_ratios:
            own = other[:, : last + 1]
            own = own if model.hazard_ratio is None else own * self.draws[model.hazard_ratio]
        else:
            own = self._own(model, edges, EDGES)[:, : last + 1]

        def at(t: Array) -> tuple[Array, Array]:
            times = ("sudden end", model.address)
            return self._own(model, t, times), self._unfloored_at(towards, t, times)

        return waned(own, other, weight, sudden, self.edges, at)

    def _waned_by_patient(self, model: CurveModel, other: Array, starts: Array, ends: Array) -> Array:
        """Return H at the edges where the effect wanes from each patient's own discontinuation."""
        own = self._own(model, self.edges[np.newaxis, :], EDGES)
        found = leaving(self._treatment(model), own, self._stops(model), self.edges)
        if model.waning_loses_gain:
            return gain_lost(own, other, shares_of_effect(starts, ends, found, self.edges))
        return survival_kept(own, other, starts, ends, found, self.edges)

    def _treatment(self, model: CurveModel) -> Array:
        return self._before_floor(self.models[model.waning_treatment or ""])

    def _stops(self, model: CurveModel) -> Array | None:
        return None if model.waning_stops is None else self.draws[model.waning_stops]

    # ------------------------------------------------------------------------------------------ distribution and ratio
    def _by_cycle(self, model: CurveModel) -> bool:
        """Say whether a curve, before its floor, is defined cycle by cycle."""
        if model.waning_starts:
            return True
        return model.relative_to is not None and self._by_cycle(self.models[model.relative_to])

    def _unfloored_at(self, model: CurveModel, t: Array, times: object) -> Array:
        """Return H before the floor at any times; `times` is their name, by which it is found again."""
        if not self._by_cycle(model):
            return self._own(model, t, times)
        if times == EDGES:
            return self._before_floor(model)
        return hazard_at_own_times(self.edges, self._before_floor(model), t)

    def _own(self, model: CurveModel, t: Array, times: object) -> Array:
        """Return H before waning: the distribution, or the other strategy's curve with its ratio."""
        key = ("own", model.address, times)
        if key not in self._memo:
            self._memo[key] = self._compute_own(model, t, times)
        return self._memo[key]

    def _compute_own(self, model: CurveModel, t: Array, times: object) -> Array:
        if model.acceleration_factor is not None:
            t, times = t / self.draws[model.acceleration_factor], ("accelerated", model.address, times)
        if model.relative_to is None:
            h = self._distribution(model, t, times)
        else:
            h = self._unfloored_at(self.models[model.relative_to], t, times)
        if model.ratio_with_crossover is not None and model.ratio_without_crossover is not None:
            h = h * (self.draws[model.ratio_with_crossover] / self.draws[model.ratio_without_crossover])
        if model.hazard_ratios and model.relative_to is not None:
            return self._by_interval(model, self.models[model.relative_to], h, t)
        return h if model.hazard_ratio is None else h * self.draws[model.hazard_ratio]

    def _by_interval(self, model: CurveModel, reference: CurveModel, h: Array, t: Array) -> Array:
        """Return H with the ratio of each interval; h is the reference's at t."""
        ends = in_order([self.draws[interval.until] for interval in model.hazard_ratios if interval.until is not None])
        at_ends = [self._unfloored_at(reference, end, ("interval", model.address, k)) for k, end in enumerate(ends)]
        return by_interval(h, t, [self.draws[i.hazard_ratio] for i in model.hazard_ratios], ends, at_ends)

    def _distribution(self, model: CurveModel, t: Array, times: object) -> Array:
        if model.distribution is None:
            msg = f"{model.address} has neither a distribution nor a curve it is relative to"
            raise ValueError(msg)
        what = (model.distribution.name, *model.parameters.values(), model.median, model.time_factor)
        key = ("distribution", *what, times)
        if key in self._memo:
            return self._memo[key]
        parameters = {name: self.draws[address] for name, address in model.parameters.items()}
        if model.time_factor != 1.0:
            t = t * model.time_factor
        if model.median is not None:
            median = self.draws[model.median]
            if model.moved_to_median is not None:
                own = model.distribution.quantile(np.array(0.5), parameters)
                own = np.where(np.isfinite(own), own, model.moved_to_median)
                t, parameters = _stretched(model.distribution, t, own / median, parameters)
            elif model.distribution.with_median is not None:
                parameters = model.distribution.with_median(median, parameters)
        self._memo[key] = model.distribution.cumulative_hazard(t, parameters)
        return self._memo[key]


def _stretched(
    family: Distribution, t: Array, factor: Array, parameters: dict[str, Array]
) -> tuple[Array, dict[str, Array]]:
    """Return times and parameters that give H(factor t): rows keep the times they share where the family allows it."""
    others = family.stretched(factor, parameters)
    return (t * factor, parameters) if others is None else (t, others)
