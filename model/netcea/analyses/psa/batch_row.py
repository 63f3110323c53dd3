"""What a probabilistic analysis leaves in a batch: its line in the table, and the increments of every draw."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from netcea.analyses.psa.result import PsaResult
from netcea.analyses.shared.draw_columns import mark_column
from netcea.analyses.shared.frontier import place_words
from netcea.analyses.shared.totals import Totals
from netcea.decision.incremental import compare, fully_incremental
from netcea.reporting.table import finite
from netcea.scenario.scenario import Scenario
from netcea.storage.draws_file import encoded

INCREMENTS: Final = "increments.csv.gz"
"""Name of the file of increments."""


def batch_row(result: PsaResult) -> dict[str, Any]:
    """Return the line of a probabilistic analysis in the table of a batch."""
    lower = min(result.scenario.method_pack.thresholds)
    costs, qalys = result.intervals["", "incremental_costs"], result.intervals["", "incremental_qalys"]
    benefit = result.intervals["", f"incremental_nhb_{lower:.0f}"]
    icer, label = compare(costs.mean, qalys.mean)
    return {
        "draws": result.totals.n,
        "mean_incremental_costs": costs.mean,
        "mean_incremental_qalys": qalys.mean,
        "probabilistic_icer": icer,
        "probabilistic_label": label,
        "mcse_icer": finite(result.icer_mcse),
        "mcse_incremental_costs": costs.mcse,
        "mcse_incremental_qalys": qalys.mcse,
        "mean_nhb_lower": benefit.mean,
        "mcse_nhb_lower": benefit.mcse,
        "low_nhb_lower": benefit.low,
        "high_nhb_lower": benefit.high,
        "on_frontier": _on_frontier(result),
        "severity_weight_at_means": result.severity_weight_at_means,
        "weighted_mean_nhb_lower": result.intervals["", f"weighted_incremental_nhb_{lower:.0f}"].mean,
        "probability_cost_effective_lower": result.probability_cost_effective[result.totals.intervention, lower, False],
        "threshold_lower": lower,
        "direction": result.scenario.file.direction,
        "title": result.scenario.file.name,
        "faults": list(result.faults),
    }


def _on_frontier(result: PsaResult) -> str:
    """Say where the intervention stands in the full incremental analysis of the means; empty with two strategies."""
    totals = result.totals
    means = ([float(totals.of(measure, name).mean()) for name in totals.strategies] for measure in ("costs", "qalys"))
    labels = {name: result.scenario.label(name) for name in totals.strategies}
    rows = fully_incremental(totals.strategies, *means)
    return place_words(rows, labels, totals.intervention, totals.comparator)


def increments_file(scenario: Scenario, totals: Totals) -> bytes:
    """Return increments of every draw: differences between scenarios are taken draw by draw."""
    return encoded(
        {
            "incremental_costs": np.asarray(totals.increment("costs")),
            "incremental_qalys": np.asarray(totals.increment("qalys")),
            **mark_column(scenario, totals.n),
        },
        0,
    )
