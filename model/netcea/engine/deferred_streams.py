"""Streams of many rows, handed out before they are known and filled block by block: amounts are worked out once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from netcea.arrays import Array
from netcea.cohort.exposure import Condition, Flow, Occasions, Rate, UtilityExposure, While, Window
from netcea.engine.block_exposure import BlockExposure, part_of_window
from netcea.engine.kept import Kept, content
from netcea.engine.strategy_rows import StrategyRows
from netcea.engine.streams import DeferredStream, Stream

InBlock: TypeAlias = Callable[[BlockExposure, slice], dict[str, Stream]]
"""Block of rows, which rows they are -> the streams of the block by name."""


class Request(NamedTuple):
    """Streams that were asked for.

    Attributes
    ----------
    in_block : callable (BlockExposure, slice) -> mapping of name -> Stream
        How a block computes its part.
    streams : mapping of name -> DeferredStream
    """

    in_block: InBlock
    streams: dict[str, DeferredStream]


def _part(x: Array, rows: slice) -> Array:
    return x if len(x) == 1 else x[rows]


def _part_or_none(x: Array | None, rows: slice) -> Array | None:
    return None if x is None else _part(x, rows)


@dataclass(frozen=True)
class DeferredExposure(StrategyRows, UtilityExposure[DeferredStream]):
    """One strategy in many rows, in streams that are filled later: what it is asked, it asks every block of rows.

    Examples
    --------
    A stream is 0 until the blocks are known; nearly all who start die within 40 years.

    >>> from netcea import load
    >>> from netcea.engine.grid import Grid
    >>> from netcea.engine.point_estimates import base_case
    >>> from netcea.engine.simulate import exposures
    >>> scenario = load("pnet")
    >>> grid, row = Grid.of(scenario), base_case(scenario)
    >>> deferred = DeferredExposure(row, "cabozantinib", grid)
    >>> deaths = deferred.flow("deaths")
    >>> before = deaths.undiscounted.tolist()
    >>> for block in exposures(grid, row):
    ...     if block.strategy == "cabozantinib":
    ...         deferred.fill(slice(0, 1), block)
    >>> before, deaths.undiscounted.round(3).tolist()
    ([0.0], [1.0])
    """

    _requests: Kept[Request] = field(default_factory=Kept, repr=False, compare=False)

    def fill(self, rows: slice, block: BlockExposure) -> None:
        """Write a block's part of every stream that was asked for.

        Parameters
        ----------
        rows : slice
            Which rows the block has.
        block : BlockExposure
            The same strategy in these rows.
        """
        for request in self._requests.all():
            for name, found in request.in_block(block, rows).items():
                request.streams[name].fill(rows, found)

    def _request(self, key: Hashable, names: Sequence[str], in_block: InBlock) -> dict[str, DeferredStream]:
        def made() -> Request:
            return Request(in_block, {name: DeferredStream(self.draws.n) for name in names})

        return self._requests.get(key, made).streams

    def _request_one(self, key: Hashable, in_block: Callable[[BlockExposure], Stream]) -> DeferredStream:
        return self._request(key, ("",), lambda block, _: {"": in_block(block)})[""]

    def at_start(self) -> DeferredStream:
        """Return the start [patients per patient]."""
        return self._request_one("start", lambda block: block.at_start())

    def flow(self, name: Flow, rate: Rate = "costs", ends: Array | None = None) -> DeferredStream:
        """Return a flow between states [patients per patient]."""
        key = ("flow", name, rate, content(ends))
        found = self._request(key, ("",), lambda block, rows: {"": block.flow(name, rate, _part_or_none(ends, rows))})
        return found[""]

    def once_over_flow(self, name: Flow, rate: Rate = "costs") -> DeferredStream:
        """Return one unit, spread over a flow [patients per patient]."""
        return self._request_one(("once over flow", name, rate), lambda block: block.once_over_flow(name, rate))

    def flow_at_norm(self, name: Flow, *, once: bool = False) -> DeferredStream:
        """Return a flow x the population's norm [patients in full health]."""
        return self._request_one(("flow at norm", name, once), lambda block: block.flow_at_norm(name, once=once))

    def person_time(
        self, during: Condition, starts: Array | None = None, ends: Array | None = None, rate: Rate = "costs"
    ) -> dict[str, DeferredStream]:
        """Return person-time by health state [years]."""
        return self._request(
            ("person-time", during, content(starts), content(ends), rate),
            self.states(during),
            lambda block, rows: block.person_time(during, _part_or_none(starts, rows), _part_or_none(ends, rows), rate),
        )

    def once_over_treatment(self, rate: Rate = "costs") -> DeferredStream:
        """Return one unit, spread over time on treatment [patients per patient]."""
        return self._request_one(("once", rate), lambda block: block.once_over_treatment(rate))

    def dispensings(
        self, during: While, interval: Array, occasions: Occasions = "all", window: Window[Array] | None = None
    ) -> dict[str, DeferredStream]:
        """Return packs by health state [packs per patient]."""
        times = () if window is None else tuple(map(content, (window.starts, window.ends, window.counted_from)))
        return self._request(
            ("dispensings", during, content(interval), occasions, times),
            self.states(during),
            lambda block, rows: block.dispensings(
                during, _part(interval, rows), occasions, part_of_window(window, rows)
            ),
        )

    def time_at_norm(self, during: While) -> dict[str, DeferredStream]:
        """Return person-time by health state x the population's norm [years of full health]."""
        return self._request(("at norm", during), self.states(during), lambda block, _: block.time_at_norm(during))

    def time_by_time_to_death(self, bands: Sequence[tuple[Array, Array]], beyond: Array) -> dict[str, DeferredStream]:
        """Return person-time by health state x utility by time to death [years of full health]."""

        def in_block(block: BlockExposure, rows: slice) -> dict[str, Stream]:
            parts = [(_part(within, rows), _part(utility, rows)) for within, utility in bands]
            return block.time_by_time_to_death(parts, _part(beyond, rows))

        return self._request("time to death", self.states("alive"), in_block)
