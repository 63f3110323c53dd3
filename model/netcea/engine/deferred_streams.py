"""Streams of many rows, handed out before they are known and filled block by block: amounts are worked out once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.cohort.exposure import Exposure, Flow, Occasions, Rate, Stream, While, fingerprint

if TYPE_CHECKING:
    from netcea.engine.block_exposure import BlockExposure

Ask: TypeAlias = "Callable[[BlockExposure, slice], dict[str, Stream]]"


def _unknown() -> tuple[Array, Array]:
    msg = "a stream of many rows is not known cycle by cycle"
    raise ValueError(msg)


def _part(x: Array, rows: slice) -> Array:
    return x if len(x) == 1 else x[rows]


def _cut(x: Array | None, rows: slice) -> Array | None:
    return None if x is None else _part(x, rows)


@dataclass
class DeferredExposure(Exposure):
    """Streams of many rows, handed out empty and filled block by block."""

    _asked: dict[tuple[object, ...], tuple[Ask, dict[str, Stream]]] = field(default_factory=dict)

    def fill(self, rows: slice, block: BlockExposure) -> None:
        """Write a block's part of every stream that was asked for."""
        for ask, streams in self._asked.values():
            for state, found in ask(block, rows).items():
                streams[state].discounted[rows] = found.discounted
                streams[state].undiscounted[rows] = found.undiscounted

    def _ask(self, key: tuple[object, ...], states: Sequence[str], ask: Ask) -> dict[str, Stream]:
        if key not in self._asked:
            n = self.draws.n
            self._asked[key] = (ask, {state: Stream(np.zeros(n), np.zeros(n), _unknown) for state in states})
        return self._asked[key][1]

    def flow(self, name: Flow) -> Stream:
        """See `Exposure`."""
        return self._ask(("flow", name), [name], lambda block, _: {name: block.flow(name)})[name]

    def person_time(
        self, during: While, starts: Array | None = None, ends: Array | None = None, rate: Rate = "costs"
    ) -> dict[str, Stream]:
        """See `Exposure`."""
        return self._ask(
            ("person-time", during, fingerprint(starts), fingerprint(ends), rate),
            self.states(during),
            lambda block, rows: block.person_time(during, _cut(starts, rows), _cut(ends, rows), rate),
        )

    def once_over_treatment(self, rate: Rate = "costs") -> Stream:
        """See `Exposure`."""
        return self._ask(("once", rate), ["once"], lambda block, _: {"once": block.once_over_treatment(rate)})["once"]

    def dispensings(self, during: While, interval: Array, occasions: Occasions = "all") -> dict[str, Stream]:
        """See `Exposure`."""
        return self._ask(
            ("dispensings", during, fingerprint(interval), occasions),
            self.states(during),
            lambda block, rows: block.dispensings(
                during, interval if len(interval) == 1 else interval[rows], occasions
            ),
        )

    def quality_time(self, during: While) -> dict[str, Stream]:
        """See `Exposure`."""
        return self._ask(("quality", during), self.states(during), lambda block, _: block.quality_time(during))

    def quality_by_time_to_death(self, bands: Sequence[tuple[Array, Array]], beyond: Array) -> dict[str, Stream]:
        """See `Exposure`."""

        def ask(block: BlockExposure, rows: slice) -> dict[str, Stream]:
            cut = [(_part(within, rows), _part(utility, rows)) for within, utility in bands]
            return block.quality_by_time_to_death(cut, _part(beyond, rows))

        return self._ask(("time to death",), self.states("alive"), ask)
