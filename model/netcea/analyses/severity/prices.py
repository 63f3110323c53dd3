"""The price at which the ICER meets each threshold under each severity weight: where the weight decides.

No price moves the weight, since QALYs do not depend on prices; between the prices of two weights the decision is the
weight's.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from netcea.analyses.severity.result import PriceUnderWeight
from netcea.analyses.shared.effects import thresholds_of
from netcea.analyses.shared.totals import Totals, totals_of
from netcea.analyses.threshold.price import drugs_of, solutions_of, totals_at_ends
from netcea.engine.point_estimates import base_case
from netcea.scenario.scenario import Scenario


def prices_under_weights(scenario: Scenario) -> tuple[PriceUnderWeight, ...]:
    """Return a price for each drug of the intervention, each threshold and each weight of the method pack.

    Parameters
    ----------
    scenario : Scenario
    """
    now = totals_of(scenario, base_case(scenario))
    found = []
    for drug in drugs_of(scenario):
        ends = totals_at_ends(scenario, drug)
        for weight in scenario.method_pack.severity.weights:
            at_list, free = (_weighing(end, weight) for end in ends)
            for solution in solutions_of(scenario, drug, at_list, free):
                if solution.basis.weighted:
                    nhb = _weighing(now, weight).incremental_nhb(solution.basis.threshold, weighted=True)
                    found.append(
                        PriceUnderWeight(
                            drug.label,
                            solution.basis.threshold,
                            weight,
                            solution.status,
                            solution.discount,
                            solution.pack_price,
                            float(nhb[0]),
                        )
                    )
    rank = {threshold: i for i, threshold in enumerate(thresholds_of(scenario))}
    labels = list(dict.fromkeys(price.drug for price in found))
    return tuple(sorted(found, key=lambda p: (labels.index(p.drug), rank[p.threshold], p.severity_weight)))


def _weighing(totals: Totals, weight: float) -> Totals:
    return replace(totals, severity_weight=np.full(totals.n, weight))
