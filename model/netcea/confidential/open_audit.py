"""The audit of results that are not redacted: what a reader of a base case can solve for."""

from __future__ import annotations

from collections.abc import Callable

from netcea.analyses.base_case.analysis import case_alone
from netcea.confidential.audit import audit, verdict
from netcea.confidential.layers import Layers
from netcea.confidential.price_points import STEPS, actual_shares, drugs_of, free_drugs, labels_of
from netcea.confidential.redact import Made, visible_of
from netcea.scenario.scenario import Scenario


def open_verdict(load_at: Callable[[Layers], Scenario], layers: Layers) -> str:
    """Return whether costs, incremental costs and ICER, as tables round them, let a reader solve for a price.

    Parameters
    ----------
    load_at : function
        Loads the scenario with layers.
    layers : Layers
    """

    def made(at: Layers) -> Made:
        scenario = load_at(at)
        return Made(scenario.prices, labels_of(scenario), case_alone(scenario).report.by_name)

    runs = [made(layers.at(()))]
    drugs = drugs_of(runs[0].prices)
    runs += [made(layers.at(free)) for free in free_drugs(drugs)]
    actual = made(layers)
    visible = [
        visible_of(name, value, STEPS[name.partition(".")[0]], runs, drugs) for name, value in actual.results.items()
    ]
    return verdict(audit(visible, actual_shares(layers, actual.prices)), actual.labels)
