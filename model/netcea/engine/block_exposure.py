"""The streams of one strategy in one block of rows, from its curves and occupancy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from netcea.arrays import Array
from netcea.cohort.exposure import Exposure, Flow, Occasions, Rate, Stream, While, fingerprint
from netcea.engine.grid import Discounted, Dispensings
from netcea.engine.occupancy import Occupancy, on_treatment
from netcea.survival.evaluate import Curves, Moments


def weighted_sum(x: Array, weights: Array) -> Array:
    """Return sum over time of x times weights, Array (draw,); each row summed by itself, in one order."""
    return np.asarray(np.vecdot(x, weights), dtype=np.float64)


@dataclass
class BlockExposure(Exposure):
    """One strategy in one block of rows.

    Attributes
    ----------
    curves : Curves
    occupancy : Occupancy
        At the edges and flows per cycle.
    """

    curves: Curves
    occupancy: Occupancy
    _memo: dict[tuple[object, ...], Stream] = field(default_factory=dict)
    _takers: dict[tuple[str, float], dict[str, Array]] = field(default_factory=dict)
    _treated: list[tuple[str, Array, Array | None]] | None = None

    def flow(self, name: Flow) -> Stream:
        """See `Exposure`."""
        key = ("flow", name)
        if key not in self._memo:
            flow = self.occupancy.deaths if name == "deaths" else self.occupancy.progressions
            discount = self.grid.discount["costs"]

            def per_cycle() -> tuple[Array, Array]:
                return flow * discount, flow

            self._memo[key] = Stream(
                weighted_sum(flow, discount), weighted_sum(flow, self.grid.discount["no"]), per_cycle
            )
        return self._memo[key]

    def person_time(
        self, during: While, starts: Array | None = None, ends: Array | None = None, rate: Rate = "costs"
    ) -> dict[str, Stream]:
        """See `Exposure`."""
        streams = {}
        for state, occupied, until in self.occupied(during):
            last = until if ends is None else ends if until is None else np.minimum(ends, until)
            streams[state] = self._person_time(occupied, starts, last, rate)
        return streams

    def occupied(self, during: While) -> list[tuple[str, Array, Array | None]]:
        """Return (state, occupancy at the edges, time at which it ends for everybody) of a condition."""
        states = self.occupancy
        if during == "progression_free":
            return [("progression_free", states.progression_free, None)]
        if during == "progressed":
            return [("progressed", states.progressed, None)]
        if during == "alive":
            return [("progression_free", states.progression_free, None), ("progressed", states.progressed, None)]
        return self._on_treatment()

    def once_over_treatment(self, rate: Rate = "costs") -> Stream:
        """See `Exposure`."""
        during: While = "on_treatment" if self._on_treatment() else "progression_free"
        parts = list(self.person_time(during, rate=rate).values())
        total = sum((part.undiscounted for part in parts[1:]), parts[0].undiscounted)
        discounted = sum((part.discounted for part in parts[1:]), parts[0].discounted)

        def per_cycle() -> tuple[Array, Array]:
            cycles = [part.per_cycle() for part in parts]
            scale = total[:, np.newaxis]
            return (
                np.asarray(sum(c[0] for c in cycles) / scale, dtype=np.float64),
                np.asarray(sum(c[1] for c in cycles) / scale, dtype=np.float64),
            )

        return Stream(discounted / total, np.ones_like(total), per_cycle)

    def dispensings(self, during: While, interval: Array, occasions: Occasions = "all") -> dict[str, Stream]:
        """See `Exposure`."""
        if len(interval) == 1:
            return self._dispensings(during, float(interval[0]), occasions)
        rows = [
            replace_rows(self, row)._dispensings(during, float(interval[row]), occasions, keep=False)  # noqa: SLF001
            for row in range(len(interval))
        ]
        return {state: _stacked([row[state] for row in rows]) for state in rows[0]} if rows else {}

    def quality_time(self, during: While) -> dict[str, Stream]:
        """See `Exposure`."""
        norm = self.grid.norm(self.draws)
        return {state: self._quality(occupied, norm, until) for state, occupied, until in self.occupied(during)}

    def quality_by_time_to_death(self, bands: Sequence[tuple[Array, Array]], beyond: Array) -> dict[str, Stream]:
        """See `Exposure`.

        Of those alive at t, S(t + a) - S(t + b) will die between a and b from then. S is log-linear between the edges;
        after the horizon the last cycle's hazard goes on.
        """
        alive, strategy = self.occupancy.alive, f"strategies.{self.strategy}"
        hazard = self.curves.hazard_at_edges(f"{strategy}.os")
        if self.grid.scenario.file.settings.crossing == "raise_os":
            hazard = np.minimum(hazard, self.curves.hazard_at_edges(f"{strategy}.pfs"))
        mean, later = np.zeros_like(alive), alive
        for within, utility in bands:
            shifted = self.curves.shifted_survival(hazard, within)
            mean = mean + utility[:, np.newaxis] * (later - shifted)
            later = shifted
        mean = mean + beyond[:, np.newaxis] * later
        mean = np.divide(mean, alive, out=np.zeros_like(mean), where=alive > 0.0)
        norm = self.grid.norm(self.draws)
        return {state: self._quality(occupied * mean, norm, None) for state, occupied, _ in self.occupied("alive")}

    # ------------------------------------------------------------------ how
    def _quality(self, occupied: Array, norm: Array | None, until: Array | None) -> Stream:
        grid = self.grid

        def per_cycle() -> tuple[Array, Array]:
            time = grid.person_time(occupied) * (1.0 if norm is None else norm)
            if until is not None:
                time = time * grid.window(None, until)
            return time * grid.discount["qalys"], time

        return Stream(
            weighted_sum(occupied, grid.profile_weights("qalys", norm, until)),
            weighted_sum(occupied, grid.profile_weights("no", norm, until)),
            per_cycle,
        )

    def _person_time(self, occupied: Array, starts: Array | None, ends: Array | None, rate: Rate) -> Stream:
        grid = self.grid
        key = ("person-time", id(occupied), fingerprint(starts), fingerprint(ends), id(grid.discount[rate]))
        if key in self._memo:
            return self._memo[key]
        window = None if starts is None and ends is None else grid.window(starts, ends)

        def total(discounted: Discounted) -> Array:
            if window is None:
                return weighted_sum(occupied, grid.edge_weights(discounted))
            return weighted_sum(occupied, grid.profile_weights(discounted, window))

        def per_cycle() -> tuple[Array, Array]:
            time = grid.person_time(occupied)
            if window is not None:
                time = time * window
            return time * grid.discount[rate], time

        self._memo[key] = Stream(total(rate), total("no"), per_cycle)
        return self._memo[key]

    def _stops(self) -> Array | None:
        stops_at = self.rule().stops_at
        return None if stops_at is None else self.value(stops_at)

    def _on_treatment(self) -> list[tuple[str, Array, Array | None]]:
        if self._treated is None:
            rule, stops, states = self.rule().rule, self._stops(), self.occupancy
            if rule == "none":
                self._treated = []
            elif rule == "until_progression":
                self._treated = [("progression_free", states.progression_free, stops)]
            else:
                curve = self.curves.survival_at_edges(f"strategies.{self.strategy}.time_on_treatment")
                treated = on_treatment(curve, states.alive)
                in_pf = np.minimum(treated, states.progression_free)
                self._treated = [("progression_free", in_pf, stops), ("progressed", treated - in_pf, stops)]
        return self._treated

    def _dispensings(
        self, during: While, interval: float, occasions: Occasions, *, keep: bool = True
    ) -> dict[str, Stream]:
        schedule = self.grid.dispensings(interval, keep=keep)
        wanted = {"first": slice(0, 1), "later": slice(1, None), "all": slice(None)}[occasions]
        key = (during, interval)
        if key not in self._takers:
            self._takers[key] = self._taking(during, schedule)
        return {
            state: self._dispensed(taking[:, wanted], schedule, wanted) for state, taking in self._takers[key].items()
        }

    def _dispensed(self, taking: Array, schedule: Dispensings, wanted: slice) -> Stream:
        discount = schedule.discount[wanted]
        cycle = schedule.moments.cycle[wanted]

        def per_cycle() -> tuple[Array, Array]:
            n = self.grid.time.n_cycles
            discounted, undiscounted = np.zeros((len(taking), n)), np.zeros((len(taking), n))
            for row, packs in enumerate(taking):
                undiscounted[row] = np.bincount(cycle, packs, n)
                discounted[row] = np.bincount(cycle, packs * discount, n)
            return discounted, undiscounted

        return Stream(weighted_sum(taking, discount), weighted_sum(taking, np.ones_like(discount)), per_cycle)

    def _taking(self, during: While, schedule: Dispensings) -> dict[str, Array]:
        """Return who meets a condition at the moments of a schedule, by state."""
        moments = schedule.moments
        if moments.edges_from_start:
            count = moments.times.shape[1]
            return {
                state: _stopped(occupied[:, :count], moments, until) for state, occupied, until in self.occupied(during)
            }
        free = self._survival_at("pfs", moments)
        alive = self._survival_at("os", moments)
        if self.grid.scenario.file.settings.crossing == "raise_os":
            alive = np.maximum(alive, free)
        else:
            free = np.minimum(free, alive)
        if during == "progression_free":
            return {"progression_free": free}
        if during == "progressed":
            return {"progressed": alive - free}
        if during == "alive":
            return {"progression_free": free, "progressed": alive - free}
        rule, stops = self.rule().rule, self._stops()
        if rule == "none":
            return {}
        if rule == "until_progression":
            return {"progression_free": _stopped(free, moments, stops)}
        treated = np.minimum(self._survival_at("time_on_treatment", moments), alive)
        in_pf = np.minimum(treated, free)
        return {
            "progression_free": _stopped(in_pf, moments, stops),
            "progressed": _stopped(treated - in_pf, moments, stops),
        }

    def _survival_at(self, endpoint: str, moments: Moments) -> Array:
        return self.curves.survival_at(f"strategies.{self.strategy}.{endpoint}", moments)


def replace_rows(exposure: BlockExposure, row: int) -> BlockExposure:
    """Return the exposure of one row of the block, for what differs from row to row."""
    draws = exposure.draws.rows(row, row + 1)
    curves = Curves(exposure.curves.models, draws, exposure.curves.edges, _row(exposure.curves.population_hazard, row))
    return BlockExposure(exposure.strategy, exposure.grid, draws, curves, exposure.occupancy.row(row))


def _row(x: Array, row: int) -> Array:
    return x[row : row + 1] if len(x) > 1 else x


def _stopped(taking: Array, moments: Moments, until: Array | None) -> Array:
    if until is None:
        return taking
    return np.asarray(np.where(moments.times < until[:, np.newaxis], taking, 0.0), dtype=np.float64)


def _stacked(rows: list[Stream]) -> Stream:
    def per_cycle() -> tuple[Array, Array]:
        cycles = [row.per_cycle() for row in rows]
        return np.concatenate([c[0] for c in cycles]), np.concatenate([c[1] for c in cycles])

    return Stream(
        np.concatenate([row.discounted for row in rows]), np.concatenate([row.undiscounted for row in rows]), per_cycle
    )
