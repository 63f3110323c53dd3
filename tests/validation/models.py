"""Models of other people as scenarios on disk, run under the conventions that are asked for, each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from helpers.others_models import CLOSED, by_closed, by_truth, closed_choices, others_choices, outcome
from helpers.small_project import write
from netcea.loading import load

FINE_DAYS = 1
"""Cycles that stand for an integral. [days]"""
TOTALS = {"life years": ("ly_pf", "ly_pd"), "QALYs": ("qaly_pf", "qaly_pd")}


@dataclass
class Models:
    """Scenarios of other people's cases below a folder, and their results under settings, each made once."""

    folder: Path
    _found: dict[tuple[object, ...], Any] = field(default_factory=dict)

    def scenario(self, name: str, settings: Mapping[str, object]):
        """Load a case with settings."""
        path = self._once(("path", name), lambda: write(self._new(name), others_choices(name)))
        return load(str(path), sets=[f"settings.{key}={value}" for key, value in settings.items()])

    def run(self, name: str, rate: float = 0.0, **settings: object) -> dict[str, dict[str, float]]:
        """Return strategy -> measure -> value of a case of OTHERS."""
        chosen = {"discount_rate_costs": rate, "discount_rate_qalys": rate, **settings}
        key = ("run", name, *sorted(chosen.items()))
        return self._once(key, lambda: {s: measures(m) for s, m in outcome(self.scenario(name, chosen)).items()})

    def fine(self, name: str, rate: float, crossing: str, **settings: object) -> dict[str, dict[str, float]]:
        """Return the integrals of a case: cycles so short that their error does not show."""
        return self.run(name, rate, crossing=crossing, cycle_days=FINE_DAYS, **settings)

    def _new(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(parents=True)
        return folder

    def _once(self, key: tuple[object, ...], made: Any) -> Any:
        if key not in self._found:
            self._found[key] = made()
        return self._found[key]

    @cached_property
    def closed(self) -> dict[str, dict[str, dict[str, float]]]:
        """Discounting -> strategy -> quantity, of the closed forms."""
        found = {}
        for number, case in enumerate(CLOSED):
            path = write(self._new(f"closed_{number}"), closed_choices(case["discounting"], FINE_DAYS))
            found[case["discounting"]] = {s: by_closed(m) for s, m in outcome(load(str(path))).items()}
        return found


def measures(mine: Mapping[str, Any]) -> dict[str, float]:
    """Return the figures of a strategy by the names of psm.json, with totals."""
    return with_totals(by_truth(mine))


def with_totals(figures: Mapping[str, float]) -> dict[str, float]:
    """Return figures with their sums: life years, QALYs, costs."""
    sums = {name: sum(figures[part] for part in parts) for name, parts in TOTALS.items()}
    return {**figures, **sums, "costs": sum(x for name, x in figures.items() if name.startswith("cost_"))}
