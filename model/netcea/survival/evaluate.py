"""Curves on arrays: from addresses and rows of parameters to survival at the edges and at any other time.

Everything is done in cumulative hazards; the order is fixed: distribution, ratio, waning, background mortality. Ratios
and waning use the other strategy's curve before its floor; each strategy is floored last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from netcea.arrays import Array
from netcea.draws import Draws
from netcea.survival.curve import CurveModel


@dataclass(frozen=True)
class Moments:
    """Times other than the edges, with their place between the edges.

    Attributes
    ----------
    times : Array (1, moments)
        [years]
    cycle : integer array (moments,)
        The cycle that holds each time.
    fraction : Array (moments,)
        How far into the cycle, 0 to 1.
    edges_from_start : bool
        Every time is an edge, and they are the first edges in their order.
    """

    times: Array
    cycle: np.ndarray[tuple[int], np.dtype[np.intp]]
    fraction: Array
    edges_from_start: bool

    @cached_property
    def key(self) -> bytes:
        """The times themselves: what was computed at these moments is found again by them."""
        return self.times.tobytes()

    @classmethod
    def between(cls, edges: Array, times: Array) -> Moments:
        """Place times (moments,) between edges (N + 1,); times after the last edge continue the last cycle."""
        cycle = np.clip(np.searchsorted(edges, times, side="right") - 1, 0, len(edges) - 2)
        fraction = (times - edges[cycle]) / (edges[cycle + 1] - edges[cycle])
        on_edges = len(times) <= len(edges) and np.array_equal(times, edges[: len(times)])
        return cls(times[np.newaxis, :], cycle, fraction, bool(on_edges))


@dataclass
class Curves:
    """All curves for one block of rows. Each is computed once.

    Attributes
    ----------
    models : mapping of address -> CurveModel
    draws : Draws
        The block's rows.
    edges : Array (N + 1,)
        [years]
    population_hazard : Array (1 or draw, N)
        Increment of the population's cumulative hazard in each cycle.
    """

    models: Mapping[str, CurveModel]
    draws: Draws
    edges: Array
    population_hazard: Array
    _memo: dict[tuple[object, ...], Array] = field(default_factory=dict)
    _binding: dict[str, NDArray[np.bool_]] = field(default_factory=dict)

    def survival_at_edges(self, address: str) -> Array:
        """Return S at the edges, Array (1 or draw, N + 1), after every adjustment."""
        key = ("survival", address)
        if key not in self._memo:
            h = np.negative(self.hazard_at_edges(address))
            self._memo[key] = np.exp(h, out=h)
        return self._memo[key]

    def survival_at(self, address: str, moments: Moments) -> Array:
        """Return S at other times, Array (1 or draw, moments), after every adjustment.

        Where the curve is defined cycle by cycle it is log-linear between the edges.
        """
        if moments.edges_from_start:
            return self.survival_at_edges(address)[:, : moments.times.shape[1]]
        model = self.models[address]
        if self._closed_form(model):
            h = np.negative(self._own(model, moments.times, "moments", moments.key))
        else:
            h = _interpolate(self.hazard_at_edges(address), moments)
            np.negative(h, out=h)
        return np.exp(h, out=h)

    def shifted_survival(self, hazard: Array, shift: Array) -> Array:
        """Return S at each edge plus a time (draw,) or (1,); after the last edge the last cycle's hazard goes on."""
        t = self.edges[np.newaxis, :] + shift[:, np.newaxis]
        return np.exp(-_interpolate_at(self.edges, hazard, t))

    def hazard_at_edges(self, address: str) -> Array:
        """Return the cumulative hazard at the edges after every adjustment."""
        model = self.models[address]
        if model.background_mortality == "none":
            return self._before_floor(model)
        key = ("floored", address)
        if key not in self._memo:
            before = self._before_floor(model)
            if model.background_mortality == "excess":
                self._memo[key] = before + _from_increments(self.population_hazard)
            else:
                self._memo[key] = self._floored(before, self.increments(address), self._below_population(address))
        return self._memo[key]

    def median_not_reached(self, address: str) -> Array | None:
        """Return, per row, 1 where a curve that should be moved to a median never falls to one half; None elsewhere."""
        model = self.models[address]
        if model.moved_to_median is None or model.distribution is None:
            return None
        parameters = {name: self.draws[a] for name, a in model.parameters.items()}
        return (~np.isfinite(model.distribution.quantile(np.array(0.5), parameters)))[:, 0].astype(np.float64)

    def floor_cycles(self, address: str) -> Array:
        """Return in how many cycles the population's hazard is above the curve's own, Array (1 or draw,)."""
        if self.models[address].background_mortality != "hazard_floor":
            return np.zeros(1)
        bits = np.packbits(self._below_population(address), axis=1)
        counted: Array = np.add.reduce(np.bitwise_count(bits), axis=1, dtype=np.float64)
        return counted

    def _below_population(self, address: str) -> NDArray[np.bool_]:
        """Say in which cycles the population's hazard is above the curve's own, (1 or draw, N)."""
        if address not in self._binding:
            self._binding[address] = self.population_hazard > self.increments(address)
        return self._binding[address]

    def increments(self, address: str) -> Array:
        """Return the model's own cumulative hazard in each cycle, before background mortality."""
        key = ("increments", address)
        if key not in self._memo:
            self._memo[key] = _differences(self._before_floor(self.models[address]))
        return self._memo[key]

    def _floored(self, before: Array, increments: Array, binding: NDArray[np.bool_]) -> Array:
        """Return H with each increment at least the population's: H plus the running sum of what was missing."""
        somewhere = np.flatnonzero(binding.any(axis=0))
        if not len(somewhere):
            return before
        first = int(somewhere[0])
        missing = self.population_hazard[:, first:] - increments[:, first:]
        np.maximum(missing, 0.0, out=missing)
        floored = np.array(np.broadcast_to(before, (len(missing), before.shape[1])))
        floored[:, first + 1 :] += np.cumsum(missing, axis=1, out=missing)
        return floored

    def _before_floor(self, model: CurveModel) -> Array:
        """Return H at the edges with ratio and waning, without background mortality."""
        if not model.waning_starts:
            return self._own(model, self.edges[np.newaxis, :], "edges", 0)
        key = ("before floor", model.address)
        if key not in self._memo:
            self._memo[key] = self._waned(model)
        return self._memo[key]

    def _closed_form(self, model: CurveModel) -> bool:
        """Say whether a curve follows at any time from its distribution or from the curve it is relative to."""
        return model.background_mortality == "none" and not model.waning_starts

    def _by_cycle(self, model: CurveModel) -> bool:
        """Say whether a curve, before its floor, is defined cycle by cycle."""
        if model.waning_starts:
            return True
        return model.relative_to is not None and self._by_cycle(self.models[model.relative_to])

    def _unfloored_at(self, model: CurveModel, t: Array, kind: str, key: object) -> Array:
        """Return H before the floor at any times."""
        if not self._by_cycle(model):
            return self._own(model, t, kind, key)
        if kind == "edges":
            return self._before_floor(model)
        return _interpolate_at(self.edges, self._before_floor(model), t)

    def _own(self, model: CurveModel, t: Array, kind: str, key: object) -> Array:
        """Return H before waning: the distribution, or the other strategy's curve with its ratio."""
        memo = ("own", model.address, kind, key)
        if memo not in self._memo:
            self._memo[memo] = self._compute_own(model, t, kind, key)
        return self._memo[memo]

    def _compute_own(self, model: CurveModel, t: Array, kind: str, key: object) -> Array:
        if model.acceleration_factor is not None:
            t, kind = t / self.draws[model.acceleration_factor], f"{kind}, accelerated for {model.address}"
        if model.relative_to is None:
            h = self._distribution(model, t, kind, key)
        else:
            h = self._unfloored_at(self.models[model.relative_to], t, kind, key)
        return h if model.hazard_ratio is None else h * self.draws[model.hazard_ratio]

    def _distribution(self, model: CurveModel, t: Array, kind: str, key: object) -> Array:
        if model.distribution is None:
            msg = f"{model.address} has neither a distribution nor a curve it is relative to"
            raise ValueError(msg)
        memo = (
            "distribution",
            model.distribution.name,
            *model.parameters.values(),
            model.median,
            model.time_factor,
            kind,
            key,
        )
        if memo in self._memo:
            return self._memo[memo]
        parameters = {name: self.draws[address] for name, address in model.parameters.items()}
        if model.time_factor != 1.0:
            t = t * model.time_factor
        if model.median is not None:
            median = self.draws[model.median]
            if model.moved_to_median is not None:
                own = model.distribution.quantile(np.array(0.5), parameters)
                own = np.where(np.isfinite(own), own, model.moved_to_median)
                t = t * (own / median)
            elif model.distribution.with_median is not None:
                parameters = model.distribution.with_median(median, parameters)
        self._memo[memo] = model.distribution.cumulative_hazard(t, parameters)
        return self._memo[memo]

    def _waned(self, model: CurveModel) -> Array:
        """Return H with waning: the other's H plus the running sum of weight x (own - other's) increments.

        The weight is taken at the middle of each cycle. A sudden end (starts = ends = T) splits the increment of the
        cycle that holds T: own until T, the other's after.
        """
        towards = self.models[model.waning_towards or model.relative_to or ""]
        edges = self.edges[np.newaxis, :]
        other = self._unfloored_at(towards, edges, "edges", 0)
        weight, sudden = self._weights(model)
        last = int(np.flatnonzero(weight.any(axis=0))[-1]) + 1 if weight.any() else 0
        last = min(last + 1, len(self.edges) - 1)  # the cycle that holds a sudden end comes after those before it
        if model.relative_to == towards.address and model.acceleration_factor is None:
            ratio = model.hazard_ratio
            own = other[:, : last + 1] if ratio is None else other[:, : last + 1] * self.draws[ratio]
        else:
            own = self._own(model, edges, "edges", 0)
        gap = _differences(own[:, : last + 1]) - _differences(other[:, : last + 1])
        gap = gap * weight[:, :last]
        if np.isfinite(sudden).any():
            self._split(model, towards, gap, own, other, sudden)
        added = np.cumsum(gap, axis=1)
        h = np.empty((max(len(added), len(other)), other.shape[1]))
        h[:, 0] = 0.0
        np.add(other[:, 1 : last + 1], added, out=h[:, 1 : last + 1])
        np.add(other[:, last + 1 :], added[:, -1:], out=h[:, last + 1 :])
        return h

    def _weights(self, model: CurveModel) -> tuple[Array, Array]:
        """Return the own hazard's weight in each cycle, (1 or draw, N), and the times of sudden ends (inf: none)."""
        starts, ends = self.draws[model.waning_starts or ""], self.draws[model.waning_ends or ""]
        sudden = starts >= ends
        before, after = self.edges[np.newaxis, :-1], self.edges[np.newaxis, 1:]
        length = np.where(sudden, 1.0, ends - starts)
        fading = np.clip((ends - (before + after) / 2.0) / length, 0.0, 1.0)
        weight = np.where(sudden, after <= starts, fading)
        return np.asarray(weight, dtype=np.float64), np.asarray(np.where(sudden, starts, np.inf), dtype=np.float64)

    def _split(
        self, model: CurveModel, towards: CurveModel, gap: Array, own: Array, other: Array, sudden: Array
    ) -> None:
        """Write, in place, what the own curve adds in the cycle that holds a sudden end: own minus other until T."""
        at = np.broadcast_to(sudden, (len(gap), 1))[:, 0]
        cycle = np.searchsorted(self.edges, at, side="right") - 1
        rows = np.flatnonzero(cycle < len(self.edges) - 1)
        if not len(rows):
            return
        t = np.where(np.isfinite(sudden), sudden, 0.0)
        key = model.address
        own_t, other_t = self._own(model, t, "split", key), self._unfloored_at(towards, t, "split", key)
        k = cycle[rows]

        def pick(h: Array, column: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Array:
            return np.asarray(np.broadcast_to(h, (len(gap), h.shape[1]))[rows, column], dtype=np.float64)

        first = np.zeros_like(k)
        gap[rows, k] = (pick(own_t, first) - pick(own, k)) - (pick(other_t, first) - pick(other, k))


def _from_increments(increments: Array) -> Array:
    """Return the cumulative hazard at the edges from its increments."""
    h = np.empty((increments.shape[0], increments.shape[1] + 1))
    h[:, 0] = 0.0
    np.cumsum(increments, axis=1, out=h[:, 1:])
    return h


def _differences(h: Array) -> Array:
    """Return the rise of each row in each cycle; the rows are taken as one long row, which is twice as quick."""
    long = np.ascontiguousarray(h).ravel()
    rises = np.empty_like(long)
    np.subtract(long[1:], long[:-1], out=rises[:-1])
    rises[-1] = 0.0
    return rises.reshape(h.shape)[:, :-1]


def _interpolate(h: Array, moments: Moments) -> Array:
    """Return H linearly between the edges at moments that all rows share."""
    low = np.take(h, moments.cycle, axis=1)
    high = np.take(h, moments.cycle + 1, axis=1)
    high -= low
    high *= moments.fraction
    high += low
    return high


def _interpolate_at(edges: Array, h: Array, t: Array) -> Array:
    """Return H linearly between the edges at times (1 or draw, moments) that may differ from row to row."""
    cycle = np.clip(np.searchsorted(edges, t.ravel(), side="right") - 1, 0, len(edges) - 2).reshape(t.shape)
    fraction = (t - edges[cycle]) / (edges[cycle + 1] - edges[cycle])
    rows = max(len(t), len(h))
    wide, cycle = np.broadcast_to(h, (rows, h.shape[1])), np.broadcast_to(cycle, (rows, t.shape[1]))
    low = np.take_along_axis(wide, cycle, axis=1)
    high = np.take_along_axis(wide, cycle + 1, axis=1)
    return np.asarray(low + fraction * (high - low), dtype=np.float64)
