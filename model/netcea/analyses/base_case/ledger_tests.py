"""What a scenario of the bias ledger does to the result."""

from __future__ import annotations

from typing import Any

from netcea.analyses.base_case.result import Case, JudgedTotals, LedgerTest
from netcea.analyses.shared.frontier import Judged, frontier_words


def ledger_test_of(case: Case, other: JudgedTotals) -> LedgerTest:
    """Return what a scenario makes of the result of another.

    Parameters
    ----------
    case : Case
        That it is compared with.
    other : JudgedTotals
        Of the scenario that tests an assumption.
    """
    return ledger_test(case, other.name, other.source, other.direction, Judged.of(other), frontier_words(other))


def ledger_test(case: Case, name: str, source: str, direction: Any, tested: Judged, on_frontier: str) -> LedgerTest:
    """Return what one scenario of the ledger does to the result, each on its own frontier and with its own weight.

    Parameters
    ----------
    case : Case
        That it is compared with.
    name, source : str
        Of the scenario.
    direction : {'for', 'against', 'unclear'} or None
        As its file declares it.
    tested : Judged
        What it makes of the intervention.
    on_frontier : str
        Where the intervention stands among more than two strategies.
    """
    base = Judged.of(case)
    row, before = tested.row, base.row
    plain = row.icer is not None and before.icer is not None and not row.label and not before.label
    threshold = case.thresholds[0]  # the case's own, whatever thresholds the tested scenario judges by
    return LedgerTest(
        name=name,
        source=source,
        direction=direction,
        icer=row.icer,
        label=row.label,
        change_in_icer=float(row.icer or 0.0) - float(before.icer or 0.0) if plain else None,
        change_in_nhb=_change(tested, base, threshold, weighted=False),
        on_frontier=on_frontier,
        severity_weight=tested.severity_weight,
        weight_changes=tested.severity_weight != base.severity_weight,
        weighted_icer=tested.weighted_icer,
        change_in_weighted_nhb=_change(tested, base, threshold, weighted=True),
        incremental_costs=row.incremental_costs,
        incremental_qalys=row.incremental_qalys,
        nhb=tested.nhb(threshold),
        weighted_nhb=tested.nhb(threshold, weighted=True),
    )


def _change(tested: Judged, base: Judged, threshold: float, *, weighted: bool) -> float:
    """Return the change of incremental net health benefit; nan where a further strategy dominates and none is seen.

    A strategy that dominates the intervention, but is not worth its own cost, leaves the comparator the one to beat:
    that nothing changes there would hide that it dominates.
    """
    change = tested.nhb(threshold, weighted=weighted) - base.nhb(threshold, weighted=weighted)
    return float("nan") if tested.dominated and len(tested.increments) > 1 and change == 0.0 else change
