"""Where the intervention stands in the full incremental analysis, and what it has to be compared with there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netcea.analyses.base_case.result import JudgedTotals
from netcea.decision.incremental import IncrementalRow
from netcea.decision.net_benefit import incremental_nhb
from netcea.reporting.number_format import fixed, icer, plain, pounds
from netcea.reporting.table import Icer

DOMINATED = frozenset({"dominated", "extendedly dominated"})
"""What a strategy off the frontier is called."""


@dataclass(frozen=True)
class Judged:
    """What the intervention is judged against: on the frontier where there are more than two strategies.

    Attributes
    ----------
    row : IncrementalRow
        The intervention against that strategy.
    severity_weight : float
        Of the case.
    versus : str
        Label of the strategy.
    increments : tuple of (float, float)
        The intervention's costs and QALYs minus those of each other strategy. [GBP], [QALYs]
    """

    row: IncrementalRow
    severity_weight: float
    versus: str
    increments: tuple[tuple[float, float], ...]

    @classmethod
    def of(cls, case: JudgedTotals) -> Judged:
        """Return what the intervention of a case is judged against.

        Parameters
        ----------
        case : JudgedTotals
            Of any number of strategies. With two, or where the intervention is the first of the frontier, the other
            is the comparator; else the strategy that dominates it, or that it displaces.
        """
        row = on_frontier(case) if len(case.strategies) > 2 else None
        if row is None or row.versus is None:
            row = case.against_comparator()
        mine = case.strategies[case.intervention]
        others = (found for name, found in case.strategies.items() if name != case.intervention)
        increments = tuple((mine.costs - other.costs, mine.qalys - other.qalys) for other in others)
        versus = plain(case.strategies[str(row.versus)].label)
        return cls(row, case.severity.severity_weight, versus, increments)

    @property
    def dominated(self) -> bool:
        """Whether the intervention is dominated, simply or extendedly."""
        return self.row.label in DOMINATED

    def nhb(self, threshold: float, *, weighted: bool = False) -> float:
        """Return incremental net health benefit against the best other strategy at a threshold. [QALYs]

        With two strategies that is the comparator; of more it is the one of the frontier that would be chosen.

        Parameters
        ----------
        threshold : float
            What a QALY may cost. [GBP/QALY]
        weighted : bool
            With incremental QALYs times the severity weight.
        """
        weight = self.severity_weight if weighted else 1.0
        return min(float(incremental_nhb(costs, qalys, threshold, weight)) for costs, qalys in self.increments)

    @property
    def weighted_icer(self) -> float | None:
        """The ICER with incremental QALYs times the severity weight; None where there is none. [GBP/QALY]"""
        return None if self.row.icer is None else self.row.icer / self.severity_weight


def on_frontier(case: JudgedTotals) -> IncrementalRow:
    """Return the intervention's row of the full incremental analysis.

    Parameters
    ----------
    case : JudgedTotals
        Of any number of strategies.
    """
    return next(row for row in case.incremental if row.strategy == case.intervention)


def frontier_words(case: JudgedTotals) -> str:
    """Say where the intervention stands among more than two strategies; empty where the pairwise result says it all.

    Parameters
    ----------
    case : JudgedTotals
        Of any number of strategies.
    """
    labels = {name: found.label for name, found in case.strategies.items()}
    return place_words(case.incremental, labels, case.intervention, case.comparator)


def place_words(
    incremental: Sequence[IncrementalRow], labels: Mapping[str, str], intervention: str, comparator: str
) -> str:
    """Say the same of any full incremental analysis, such as one of means of draws.

    Parameters
    ----------
    incremental : sequence of IncrementalRow
        Fully incremental.
    labels : mapping of strategy -> str
        What tables call them.
    intervention, comparator : str
        Names of strategies.
    """
    row = next(row for row in incremental if row.strategy == intervention)
    if len(incremental) <= 2 or row.versus is None or (not row.label and row.versus == comparator):
        return ""
    name, other = plain(labels[intervention]), plain(labels[row.versus])
    if row.label == "dominated":
        return f"{name} is dominated by {other}, which {_better(row)}"
    if row.label == "extendedly dominated":
        return f"{name} is extendedly dominated: its ICER against {other} is above that of a more effective strategy"
    if row.label:
        return f"{name} and {other} do not differ in costs or QALYs"
    return (
        f"{name} has to be compared with {other}, the strategy before it on the frontier: {icer(Icer.of(row))} per QALY"
    )


def _better(row: IncrementalRow) -> str:
    """Say what the strategy that dominates does better."""
    costs, qalys = row.incremental_costs or 0.0, row.incremental_qalys or 0.0
    cost_words = f"costs {pounds(costs)} less" if round(costs) else "costs the same"
    qaly_words = f"yields {fixed(-qalys, 3)} QALYs more" if round(qalys, 3) else "yields the same QALYs"
    return f"{cost_words} and {qaly_words}"
