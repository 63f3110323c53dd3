"""Figures of a report that are loaded when somebody asks for one: a run without figures loads nothing that draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class LateFigures(Mapping[str, "Callable[[], Figure]"]):
    """Name -> the function that draws it.

    Attributes
    ----------
    load : function of nothing
        Returns that mapping.
    """

    load: Callable[[], Mapping[str, Callable[[], Figure]]]

    @cached_property
    def _loaded(self) -> Mapping[str, Callable[[], Figure]]:
        return self.load()

    def __getitem__(self, name: str) -> Callable[[], Figure]:
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded)

    def __len__(self) -> int:
        return len(self._loaded)
