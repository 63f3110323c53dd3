"""Two folders that hold many runs, such as two batches, compared run by run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from netcea.errors import Place
from netcea.plain_number import read
from netcea.scenario.price_layers import mark_of
from netcea.storage.run_index import RunEntry, find_runs
from netcea.storage.saved_run import holds_results


@dataclass(frozen=True)
class PairedRun:
    """One run in both folders, or in one of them.

    Attributes
    ----------
    folder : str
        Below each of the two.
    a, b : RunEntry or None
    """

    folder: str
    a: RunEntry | None
    b: RunEntry | None

    @property
    def same_inputs(self) -> bool:
        """Say whether the same went in."""
        return self.a is not None and self.b is not None and self.a.digest == self.b.digest != ""

    def change(self, measure: str) -> float | None:
        """Return how far a number of the headline moved: incremental_costs, incremental_qalys, incremental_nhb."""
        one, other = (None if side is None else side.headline for side in (self.a, self.b))
        if one is None or other is None or one.of != other.of:
            return None
        if measure == "incremental_nhb" and one.threshold != other.threshold:
            return None
        return float(getattr(other, measure)) - float(getattr(one, measure))

    @property
    def contradiction(self) -> str:
        """What must not be: the same inputs and other point estimates; empty where all is well."""
        change = self.change("incremental_nhb")
        if not self.same_inputs or change is None or self.a is None or self.a.headline is None:
            return ""
        if self.a.headline.of != "point estimates" or math.isclose(change, 0.0, abs_tol=1e-9):
            return ""
        return f"{self.folder}: same digest ({self.a.digest[:12]}), but incremental NHB differs by {read(change, 3)}"


def marking_of(pairs: Sequence[PairedRun]) -> str:
    """Return that a run of either folder is at confidential prices; empty where none is."""
    sides = (side for pair in pairs for side in (pair.a, pair.b))
    return next((side.marking for side in sides if side is not None and mark_of(side.marking)), "")


def holds_many(folder: str) -> bool:
    """Say whether a folder has runs below it and is none itself."""
    path = Path(folder)
    return path.is_dir() and not holds_results(path) and bool(find_runs(path))


def paired_runs(a: str, b: str) -> list[PairedRun]:
    """Return the runs of two folders, matched by their place below each.

    Raises
    ------
    InputError
        No run has the same place in both.
    """
    one, other = (
        {entry.folder.relative_to(Path(root)).as_posix(): entry for entry in find_runs(Path(root))} for root in (a, b)
    )
    if not one.keys() & other.keys():
        raise Place().error(
            f"no run at the same place below {a} and below {b}",
            "two folders of the same runs, such as two batches",
            "name two runs: `netcea runs` lists them",
        )
    return [PairedRun(name, one.get(name), other.get(name)) for name in sorted({*one, *other})]
