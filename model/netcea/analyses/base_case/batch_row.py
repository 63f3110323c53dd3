"""What a base case leaves in a batch: its line in the table."""

from __future__ import annotations

from typing import Any

from netcea.analyses.base_case.result import Case
from netcea.analyses.shared.frontier import Judged, frontier_words


def batch_row(case: Case) -> dict[str, Any]:
    """Return the line of a base case in the table of a batch.

    Increments and net benefit are against the comparator. Where there are more than two strategies, `on_frontier` says
    where the intervention stands among them, `frontier_icer` and `frontier_label` are of that place, and
    `frontier_nhb_lower` is against the best other strategy; elsewhere they are those against the comparator.

    Parameters
    ----------
    case : Case
        At its point estimates.
    """
    found, judged = case.against_comparator(), Judged.of(case)
    lower, upper = min(case.thresholds), max(case.thresholds)
    weight = case.severity.severity_weight
    return {
        "incremental_costs": found.incremental_costs,
        "incremental_life_years": found.incremental_life_years,
        "incremental_qalys": found.incremental_qalys,
        "icer": found.icer,
        "label": found.label,
        "nhb_lower": case.nhb(lower),
        "nhb_upper": case.nhb(upper),
        "severity_weight": weight,
        "weighted_icer": None if found.icer is None else found.icer / weight,
        "weighted_nhb_lower": case.nhb(lower, weighted=True),
        "weighted_nhb_upper": case.nhb(upper, weighted=True),
        "on_frontier": frontier_words(case),
        "frontier_icer": judged.row.icer,
        "frontier_label": judged.row.label,
        "frontier_nhb_lower": judged.nhb(lower),
        "weighted_frontier_nhb_lower": judged.nhb(lower, weighted=True),
        "threshold_lower": lower,
        "threshold_upper": upper,
        "direction": case.direction,
        "title": case.name,
    }
