"""Every result of two base cases side by side: totals, increments, judgements."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from netcea.analyses.base_case.result import TotalsRecord
from netcea.analyses.difference.outcome_summary import Against, OutcomeSummary

SAME: Final = 1e-9
"""Results closer than this, relative to their size, are the same."""

Measure: TypeAlias = Literal[
    "costs",
    "qalys",
    "life_years",
    "incremental_costs",
    "incremental_qalys",
    "incremental_life_years",
    "icer",
    "incremental_nhb",
    "severity_weight",
    "weighted_incremental_qalys",
    "weighted_icer",
    "weighted_incremental_nhb",
]


@dataclass(frozen=True)
class ResultChange:
    """One result on both sides.

    Attributes
    ----------
    measure : Measure
    strategy : str
        Empty for the severity weight.
    threshold : float or None
        [GBP/QALY]
    a, b : float or None
        None where a side has no such result.
    label_a, label_b : str
        What an ICER is called where it is not a plain one.
    """

    measure: Measure
    strategy: str
    threshold: float | None
    a: float | None
    b: float | None
    label_a: str = ""
    label_b: str = ""

    @property
    def change(self) -> float | None:
        """B minus A; None where either is missing or no plain ICER."""
        if self.a is None or self.b is None or self.label_a or self.label_b:
            return None
        return self.b - self.a

    @property
    def moved(self) -> bool:
        """Say whether both sides differ."""
        return not same(self.a, self.b) or self.label_a != self.label_b


def result_changes(a: OutcomeSummary, b: OutcomeSummary) -> Iterator[ResultChange]:
    """Yield every result of two base cases, moved or not: totals, increments, judgements."""
    for name in dict.fromkeys((*a.strategies, *b.strategies)):
        yield from _totals(name, a.strategies.get(name), b.strategies.get(name))
    thresholds = sorted({*a.thresholds, *b.thresholds})
    for name in dict.fromkeys((*a.against, *b.against)):
        yield from _against(name, a.against.get(name), b.against.get(name), thresholds)
    yield ResultChange("severity_weight", "", None, a.severity_weight, b.severity_weight)


def _totals(name: str, a: TotalsRecord | None, b: TotalsRecord | None) -> Iterator[ResultChange]:
    measures: tuple[Measure, ...] = ("costs", "qalys", "life_years")
    for measure in measures:
        yield ResultChange(measure, name, None, _part(a, measure), _part(b, measure))


def _against(name: str, a: Against | None, b: Against | None, thresholds: Sequence[float]) -> Iterator[ResultChange]:
    labels = ("" if a is None else a.label, "" if b is None else b.label)

    def change(measure: Measure, part: str, threshold: float | None = None) -> ResultChange:
        words = labels if measure.endswith("icer") else ("", "")
        return ResultChange(measure, name, threshold, _part(a, part, threshold), _part(b, part, threshold), *words)

    yield change("incremental_costs", "costs")
    yield change("incremental_qalys", "qalys")
    yield change("incremental_life_years", "life_years")
    yield change("icer", "icer")
    for threshold in thresholds:
        yield change("incremental_nhb", "nhb", threshold)
    yield change("weighted_incremental_qalys", "weighted_qalys")
    yield change("weighted_icer", "weighted_icer")
    for threshold in thresholds:
        yield change("weighted_incremental_nhb", "weighted_nhb", threshold)


def _part(side: Against | TotalsRecord | None, name: str, threshold: float | None = None) -> float | None:
    if side is None:
        return None
    value = getattr(side, name)
    found: float | None = value if threshold is None else value.get(threshold)
    return found


def same(a: float | None, b: float | None) -> bool:
    """Say whether two results are the same but for rounding."""
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=SAME, abs_tol=1e-12)
