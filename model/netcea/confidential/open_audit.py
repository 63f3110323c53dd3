"""The audit of results that are not redacted: what a reader of a base case can solve for."""

from __future__ import annotations

from collections.abc import Callable

from netcea.analyses.base_case.analysis import case_alone
from netcea.confidential.audit import audit, verdict
from netcea.confidential.layers import Layers
from netcea.confidential.price_points import STEPS, actual_shares, labels_of
from netcea.confidential.redact import Made, PricedRuns
from netcea.confidential.revealed import revealed_result
from netcea.scenario.scenario import Scenario


def open_verdict(load_at: Callable[[Layers], Scenario], layers: Layers) -> str:
    """Return whether costs, incremental costs and ICER, as tables round them, let a reader solve for a price.

    Parameters
    ----------
    load_at : function
        Loads the scenario with layers.
    layers : Layers
        With the confidential values.
    """

    def made(at: Layers) -> Made:
        scenario = load_at(at)
        return Made(scenario.prices, labels_of(scenario), case_alone(scenario).report.by_name)

    runs = PricedRuns.of(made, layers)
    revealed = [
        revealed_result(name, value, STEPS[name.partition(".")[0]], runs.public.results, runs.results_free)
        for name, value in runs.actual.results.items()
    ]
    return verdict(audit(revealed, actual_shares(layers, runs.actual.prices)), runs.actual.labels)
