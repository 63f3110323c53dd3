"""The streams of one strategy in one block of rows, from its curves and occupancy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.cohort.exposure import DEAD, Condition, Flow, Occasions, Rate, UtilityExposure, While, Window
from netcea.cohort.windows import WeightsWithin, summed_within
from netcea.engine.clock import Dispensings
from netcea.engine.kept import Kept, content
from netcea.engine.occupancy import Occupancy, on_treatment
from netcea.engine.strategy_rows import StrategyRows
from netcea.engine.streams import Stream, both_sums, stacked
from netcea.survival.evaluate import Curves
from netcea.survival.moments import Moments

Profile: TypeAlias = Literal["", "norm"]
"""What a year in each cycle counts: 1, or the population's utility."""
Within: TypeAlias = tuple[Array | None, Array | None]
"""Both ends of a window of time, each Array (draw,) or (1,), or None. [years]"""
ALWAYS: Final[Within] = (None, None)
AT_ZERO: Final = np.zeros(1)
A_MOMENT: Final = 1e-9
"""Times nearer than this are the same: packs of 30 days meet a window that ends after 12 of them. [years]"""


class Occupied(NamedTuple):
    """Those who meet a condition in one health state.

    Attributes
    ----------
    state : str
    name : str
        Tells the shares of one strategy apart: what is called the same is the same.
    share : Array (draw, N + 1)
        Of the cohort, at the edges.
    until : Array (draw,) or (1,), or None
        Time at which it ends for everybody. [years]
    """

    state: str
    name: str
    share: Array
    until: Array | None = None


@dataclass(frozen=True)
class InCommon:
    """What the strategies have in common in a block of rows, each worked out once.

    Attributes
    ----------
    arrays : Kept of Array
        The population's utility and weights by it, where cohorts differ from row to row.
    windows : Kept of tuple of WeightsWithin
        By their ends, the rate and the profile.
    """

    arrays: Kept[Array] = field(default_factory=Kept)
    windows: Kept[tuple[WeightsWithin, ...]] = field(default_factory=Kept)


@dataclass(frozen=True)
class BlockExposure(StrategyRows, UtilityExposure[Stream]):
    """One strategy in one block of rows, in numbers that are known; each stream is computed once.

    Attributes
    ----------
    curves : Curves
        Of all strategies in these rows.
    occupancy : Occupancy
        At the edges and flows per cycle.
    common : InCommon
        What the strategies have in common in these rows.

    References
    ----------
    NICE DSU TSD 19: partitioned survival. Buyukkaramikli 2019 (TECH-VER), Table 2: packs are paid by those on treatment
    at that moment, without half-cycle correction.

    Examples
    --------
    Everybody who takes a drug is dispensed the first pack; everybody has died or is alive at the horizon.

    >>> from netcea import load
    >>> from netcea.engine.grid import Grid
    >>> from netcea.engine.point_estimates import base_case
    >>> from netcea.engine.simulate import exposures
    >>> scenario = load("pnet")
    >>> drug, care = exposures(Grid.of(scenario), base_case(scenario))
    >>> drug.dispensings("on_treatment", np.array([30 / 365.25]), "first")["progression_free"].undiscounted.tolist()
    [1.0]
    >>> round(float(care.flow("deaths").undiscounted[0] + care.occupancy.alive[0, -1]), 12)
    1.0
    """

    curves: Curves
    occupancy: Occupancy
    common: InCommon = field(default_factory=InCommon, repr=False, compare=False)
    _streams: Kept[Stream] = field(default_factory=Kept, repr=False, compare=False)
    _occupied: Kept[tuple[Occupied, ...]] = field(default_factory=Kept, repr=False, compare=False)
    _at_moments: Kept[Mapping[str, Array]] = field(default_factory=Kept, repr=False, compare=False)

    def at_start(self) -> Stream:
        """Return the start: one unit per patient, undiscounted [patients per patient]."""
        one = np.ones(1)

        def per_cycle() -> tuple[Array, Array]:
            first = np.zeros((1, self.grid.time.n_cycles))
            first[0, 0] = 1.0
            return first, first

        return Stream(one, one, per_cycle, lambda: (AT_ZERO, np.ones((1, 1))))

    def flow(self, name: Flow, rate: Rate = "costs", ends: Array | None = None) -> Stream:
        """Return a flow between states, with the discount factor of its cycle [patients per patient]."""
        rate = self.grid.same_rate(rate)

        def work() -> Stream:
            return self._flow(name, rate, None if ends is None else self.grid.window(None, ends))

        return self._streams.get((name, rate, content(ends)), work)

    def _flow(self, name: Flow, rate: Rate, profile: Array | None = None) -> Stream:
        """Return a flow with discount factors and a profile over the cycles."""
        discount, deaths = self.grid.discount[rate], name == "deaths"
        occupancy = self.occupancy  # and not `self`: a stream that held what keeps it would never be freed

        def per_cycle() -> tuple[Array, Array]:
            flow = occupancy.deaths if deaths else occupancy.progressions
            flow = flow if profile is None else flow * profile
            return flow * discount, flow

        factors = self.grid.flow_factors(rate, profile, deaths=deaths)
        discounted, undiscounted = both_sums(occupancy.alive if deaths else occupancy.progressions, factors)
        if deaths and profile is None:
            undiscounted = occupancy.alive[:, 0] - occupancy.alive[:, -1]
        return Stream(discounted, undiscounted, per_cycle)

    def once_over_flow(self, name: Flow, rate: Rate = "costs") -> Stream:
        """Return a flow over its own undiscounted total, 0 where nobody does [patients per patient]."""
        rate = self.grid.same_rate(rate)
        return self._streams.get(
            ("once", name, rate), lambda: _over(self.flow(name, rate), self.flow(name).undiscounted)
        )

    def flow_at_norm(self, name: Flow, *, once: bool = False) -> Stream:
        """Return a flow x the population's norm in each cycle [patients in full health]."""
        found = self._flow(name, "qalys", self._profile("norm"))
        return _over(found, self.flow(name).undiscounted) if once else found

    def person_time(
        self, during: Condition, starts: Array | None = None, ends: Array | None = None, rate: Rate = "costs"
    ) -> dict[str, Stream]:
        """Return person-time by the health state in which it is spent: occupancy at the edges x weights [years]."""
        streams = {}
        for part in self.occupied(during):
            last = part.until if ends is None else ends if part.until is None else np.minimum(ends, part.until)
            streams[part.state] = self._person_time(part, starts, last, self.grid.same_rate(rate))
        return streams

    def _person_time(self, part: Occupied, starts: Array | None, ends: Array | None, rate: Rate) -> Stream:
        key = (part.name, content(starts), content(ends), rate)
        return self._streams.get(key, lambda: self._weighted(part.share, "", (starts, ends), rate))

    def _weighted(self, share: Array, profile: Profile, within: Within, rate: Rate) -> Stream:
        """Return person-time with a profile over the cycles, within a window of time."""
        grid, counts = self.grid, self._profile(profile)
        always = all(x is None for x in within)
        if always:
            discounted, undiscounted = both_sums(share, self._weights(rate, profile))
        else:
            discounted, undiscounted = summed_within(share, self._window_weights(within, rate, profile)).T

        def per_cycle() -> tuple[Array, Array]:
            time = grid.person_time(share)
            for factor in (counts, None if always else grid.window(*within)):
                time = time if factor is None else time * factor
            return time * grid.discount[rate], time

        return Stream(discounted, undiscounted, per_cycle)

    def _weights(self, rate: Rate, profile: Profile) -> Array:
        """Return weights at the edges, discounted and not: the strategies of a block have them in common."""
        if profile == "":
            return self.grid.both_weights(rate, None)
        return self.common.arrays.get(("weights", rate), lambda: self.grid.both_weights(rate, self._profile(profile)))

    def _window_weights(self, within: Within, rate: Rate, profile: Profile) -> tuple[WeightsWithin, ...]:
        """Return weights in windows of time, discounted and not: the strategies of a block have them in common."""
        key = (*map(content, within), rate, profile)
        return self.common.windows.get(key, lambda: self.grid.window_weights(*within, rate, self._profile(profile)))

    def _profile(self, profile: Profile) -> Array | None:
        """Return what a year in each cycle counts, Array (1, N) or (draw, N); None where that is 1 in all."""
        return self.grid.norm(self.draws, self.common.arrays) if profile == "norm" else None

    def occupied(self, during: Condition) -> tuple[Occupied, ...]:
        """Return who meets a condition, by health state, each Array (draw, N + 1) at the edges.

        On treatment until progression: all who are progression-free; with a curve of its own: min(S_TTD, S_OS), of whom
        those beyond PF are progressed.

        Parameters
        ----------
        during : {'on_treatment', 'progression_free', 'progressed', 'alive', 'dead'}
            The condition.
        """
        return self._occupied.get(
            during, self._treated if during == "on_treatment" else lambda: self._in_states(during)
        )

    def _in_states(self, during: Condition) -> tuple[Occupied, ...]:
        if during == DEAD:
            return (Occupied(DEAD, DEAD, 1.0 - self.occupancy.alive),)
        shares = {"progression_free": self.occupancy.progression_free, "progressed": self.occupancy.progressed}
        return tuple(Occupied(state, state, shares[state]) for state in self.states(during))

    def _treated(self) -> tuple[Occupied, ...]:
        rule, stops, states = self.time_on_treatment.rule, self._stops(), self.occupancy
        if rule == "none":
            return ()
        if rule == "until_progression":
            return (Occupied("progression_free", "progression_free", states.progression_free, stops),)
        curve = self.curves.survival_at_edges(f"strategies.{self.strategy}.time_on_treatment")
        treated = on_treatment(curve, states.alive)
        in_pf = np.minimum(treated, states.progression_free)
        return (
            Occupied("progression_free", "treated, progression_free", in_pf, stops),
            Occupied("progressed", "treated, progressed", treated - in_pf, stops),
        )

    def _stops(self) -> Array | None:
        stops_at = self.time_on_treatment.stops_at
        return None if stops_at is None else self.value(stops_at)

    def once_over_treatment(self, rate: Rate = "costs") -> Stream:
        """Return time on treatment over its own undiscounted total, 0 where nobody ever is [patients per patient]."""
        during: While = "on_treatment" if self.occupied("on_treatment") else "progression_free"
        parts = list(self.person_time(during, rate=rate).values())
        total = sum((part.undiscounted for part in parts[1:]), parts[0].undiscounted)
        discounted = sum((part.discounted for part in parts[1:]), parts[0].discounted)

        def per_cycle() -> tuple[Array, Array]:
            cycles = [part.per_cycle() for part in parts]
            both = (np.add.reduce([c[i] for c in cycles]) for i in (0, 1))
            discounted_part, part = (_shares(x, total[:, np.newaxis]) for x in both)
            return discounted_part, part

        return Stream(_shares(discounted, total), _shares(total, total), per_cycle)

    def time_at_norm(self, during: While) -> dict[str, Stream]:
        """Return person-time by state x the population's norm in each cycle [years of full health]."""
        return {
            part.state: self._weighted(part.share, "norm", (None, part.until), "qalys")
            for part in self.occupied(during)
        }

    def time_by_time_to_death(self, bands: Sequence[tuple[Array, Array]], beyond: Array) -> dict[str, Stream]:
        """Return person-time by state x the living's mean utility by time to death x the norm [years of full health].

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
        parts = self.occupied("alive")
        return {part.state: self._weighted(part.share * mean, "norm", ALWAYS, "qalys") for part in parts}

    def dispensings(
        self, during: While, interval: Array, occasions: Occasions = "all", window: Window[Array] | None = None
    ) -> dict[str, Stream]:
        """Return packs, by state; each row has moments of its own where intervals differ [packs per patient]."""
        origin = AT_ZERO if window is None or window.counted_from is None else window.counted_from
        if len(interval) == len(origin) == 1:
            return self.dispensings_each(during, float(interval[0]), occasions, window)
        n = max(len(interval), len(origin))
        rows = [
            self.row(i).dispensings_each(
                during, float(interval[i % len(interval)]), occasions, part_of_window(window, i), keep=False
            )
            for i in range(n)
        ]
        return {state: stacked([row[state] for row in rows]) for state in rows[0]} if rows else {}

    def row(self, i: int) -> BlockExposure:
        """Return one row of the block.

        Parameters
        ----------
        i : int
            From 0.

        Returns
        -------
        BlockExposure
            With curves of its own: nothing is shared with the block but views of its arrays.
        """
        curves = self.curves.of_row(i)
        return BlockExposure(curves.draws, self.strategy, self.grid, curves, self.occupancy.row(i))

    def dispensings_each(
        self,
        during: While,
        interval: float,
        occasions: Occasions,
        window: Window[Array] | None = None,
        *,
        keep: bool = True,
    ) -> dict[str, Stream]:
        """Return packs, by state, dispensed at the same moments in all rows [packs per patient].

        Parameters
        ----------
        during : {'on_treatment', 'progression_free', 'progressed', 'alive'}
            The condition at those moments.
        interval : float
            Between dispensings, above 0. [years]
        occasions : {'first', 'later', 'all'}
            Which of them count.
        window : Window, optional
            In which they count; `counted_from` the same in all rows.
        keep : bool
            Whether others will ask for the same moments.
        """
        origin = 0.0 if window is None or window.counted_from is None else float(window.counted_from[0])
        schedule = self.grid.dispensings(interval, origin, keep=keep)
        wanted = {"first": slice(0, 1), "later": slice(1, None), "all": slice(None)}[occasions]
        shares = self._at_moments.get((during, interval, origin), lambda: self._shares_at(during, schedule.moments))
        inside = _inside(window, schedule.moments)
        return {
            state: self._dispensed((share if inside is None else share * inside)[:, wanted], schedule, wanted)
            for state, share in shares.items()
        }

    def _dispensed(self, share: Array, schedule: Dispensings, wanted: slice) -> Stream:
        discount = schedule.discount[wanted]
        cycle = schedule.moments.cycle[wanted]

        def per_cycle() -> tuple[Array, Array]:
            n = self.grid.time.n_cycles
            discounted, undiscounted = np.zeros((len(share), n)), np.zeros((len(share), n))
            for row, packs in enumerate(share):
                undiscounted[row] = np.bincount(cycle, packs, n)
                discounted[row] = np.bincount(cycle, packs * discount, n)
            return discounted, undiscounted

        times = schedule.moments.times[0, wanted]
        return Stream(*both_sums(share, schedule.both[:, wanted]), per_cycle, lambda: (times, share))

    def _shares_at(self, during: While, moments: Moments) -> dict[str, Array]:
        """Return the share that meets a condition at some moments, by state, Array (draw, moments)."""
        if moments.edges_from_start:
            count = moments.times.shape[1]
            parts = self.occupied(during)
            return {part.state: _before(part.until, part.share[:, :count], moments) for part in parts}
        free = self._survival_at("pfs", moments)
        alive = self._survival_at("os", moments)
        if self.grid.scenario.file.settings.crossing == "raise_os":
            alive = np.maximum(alive, free)
        else:
            free = np.minimum(free, alive)
        if during == "progression_free":
            return {during: free}
        if during == "progressed":
            return {during: alive - free}
        if during == "alive":
            return {"progression_free": free, "progressed": alive - free}
        rule, stops = self.time_on_treatment.rule, self._stops()
        if rule == "none":
            return {}
        if rule == "until_progression":
            return {"progression_free": _before(stops, free, moments)}
        treated = on_treatment(self._survival_at("time_on_treatment", moments), alive)
        in_pf = np.minimum(treated, free)
        return {
            "progression_free": _before(stops, in_pf, moments),
            "progressed": _before(stops, treated - in_pf, moments),
        }

    def _survival_at(self, endpoint: str, moments: Moments) -> Array:
        return self.curves.survival_at(f"strategies.{self.strategy}.{endpoint}", moments)


def _over(flow: Stream, total: Array) -> Stream:
    """Return a flow over a total, 0 where that is 0."""

    def per_cycle() -> tuple[Array, Array]:
        discounted, undiscounted = flow.per_cycle()
        return _shares(discounted, total[:, np.newaxis]), _shares(undiscounted, total[:, np.newaxis])

    return Stream(_shares(flow.discounted, total), _shares(flow.undiscounted, total), per_cycle)


def part_of_window(window: Window[Array] | None, rows: int | slice) -> Window[Array] | None:
    """Return a window of some rows, or of one.

    Parameters
    ----------
    window : Window, or None
        Times Array (draw,) or (1,). [years]
    rows : int or slice
        Which.

    Returns
    -------
    Window, or None
        Times that are the same in all rows stay as they are. [years]

    Examples
    --------
    >>> window = Window(np.array([0.0, 1.0]), np.array([2.0]))
    >>> part_of_window(window, 1)
    Window(starts=array([1.]), ends=array([2.]), counted_from=None)
    """
    if window is None:
        return None
    wanted = slice(rows, rows + 1) if isinstance(rows, int) else rows

    def part(x: Array | None) -> Array | None:
        return x if x is None or len(x) == 1 else x[wanted]

    return Window(part(window.starts), part(window.ends), part(window.counted_from))


def _inside(window: Window[Array] | None, moments: Moments) -> Array | None:
    """Return 1 for moments in a window and 0 for others, Array (1 or draw, moments); a moment at its end is outside."""
    if window is None or (window.starts is None and window.ends is None):
        return None
    t = moments.times
    inside = np.ones(t.shape, dtype=np.bool_)
    if window.starts is not None:
        inside = inside & (t >= window.starts[:, np.newaxis] - A_MOMENT)
    if window.ends is not None:
        inside = inside & (t < window.ends[:, np.newaxis] - A_MOMENT)
    return inside.astype(np.float64)


def _shares(parts: Array, total: Array) -> Array:
    """Return parts of a total; 0 where there is nothing to share."""
    where = np.broadcast_to(total != 0.0, parts.shape)
    return np.divide(parts, total, out=np.zeros_like(parts), where=where)


def _before(stop: Array | None, share: Array, moments: Moments) -> Array:
    """Return a share at some moments, 0 from the time at which everybody stops."""
    if stop is None:
        return share
    return np.asarray(np.where(moments.times < stop[:, np.newaxis], share, 0.0), dtype=np.float64)
