"""A case: what is measured, how, and its limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.row import Samples


class CannotRunError(Exception):
    """What is measured is not installed here."""


@dataclass(frozen=True)
class Here:
    """The circumstances of one measurement.

    Attributes
    ----------
    folder : Path
        Of its own, emptied afterwards.
    env : mapping
        Environment of what is measured.
    repeats : int
        Samples.
    """

    folder: Path
    env: Mapping[str, str]
    repeats: int


@dataclass(frozen=True)
class Found:
    """Samples of one measurement, see `benchmarks.row.Row`."""

    samples: Samples
    peers: Mapping[str, Samples] = field(default_factory=dict)
    loops: Samples = ()
    wall: Samples = ()


@dataclass(frozen=True)
class Case:
    """What is measured.

    Attributes
    ----------
    group, name, unit : str
        As in the table.
    measure : function of Here
        Returns what was found; raises CannotRunError or DidNotWorkError.
    limit, against : see `benchmarks.row.Row`
    repeats : int
        Samples.
    quick : bool
        Whether `--quick` measures it too.
    on_demand : bool
        Whether it takes minutes: only `--all` measures it.
    """

    group: str
    name: str
    unit: str
    measure: Callable[[Here], Found]
    limit: float | None = None
    against: str = ""
    repeats: int = 5
    quick: bool = True
    on_demand: bool = False
