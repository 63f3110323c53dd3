"""What a batch is asked, and everything it yields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netcea.batch.file import Batch
from netcea.batch.units import Unit
from netcea.batch.variants import Variant
from netcea.confidential.layers import Layers


@dataclass(frozen=True)
class BatchRequest:
    """What the command line asks on top of the batch file.

    Attributes
    ----------
    sets : tuple of str
        ``ADDRESS=VALUE`` for every variant, last.
    trusted : tuple of Path
    draws, seed : int or None
    figures : bool or None
    workers : int
    scheduler : str
    prices : mapping of name -> Layers
        Sets of price layers: every variant is run at list prices and at each.
    """

    sets: tuple[str, ...] = ()
    trusted: tuple[Path, ...] = ()
    draws: int | None = None
    seed: int | None = None
    figures: bool | None = None
    workers: int = 1
    scheduler: str = ""
    prices: Mapping[str, Layers] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    """A variant or unit that could not be run, and why."""

    variant: str
    analysis: str
    reason: str


@dataclass(frozen=True)
class BatchResult:
    """Everything a batch yields.

    Attributes
    ----------
    batch : Batch
    variants : tuple of Variant
    roots : mapping of variant -> name of its complete scenario's file
    units : tuple of Unit
        In the order of the file.
    rows : mapping of unit's folder -> its line of the table
    failures : tuple of Failure
    prices : mapping of name -> Layers
    done_now : int
        Units that were done in this run; the others had been done before.
    """

    batch: Batch
    variants: tuple[Variant, ...]
    roots: dict[str, str]
    units: tuple[Unit, ...]
    rows: dict[str, dict[str, Any]]
    failures: tuple[Failure, ...]
    done_now: int
    prices: Mapping[str, Layers] = field(default_factory=dict)

    @property
    def faults(self) -> list[tuple[str, str]]:
        """Units of which a result breaks a rule of the model, and how: (variant and analysis, words)."""
        return [
            (f"{unit.variant} {unit.analysis}", fault)
            for unit in self.units
            for fault in self.rows.get(unit.folder, {}).get("faults") or ()
        ]
