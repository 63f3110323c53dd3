"""Judging costs and QALYs: incremental analysis, net benefit, severity, acceptability.

Comes in: plain numbers, lists and arrays; no scenario is needed:

>>> from netcea.decision import fully_incremental, incremental_nhb
>>> rows = fully_incremental(["standard care", "new drug"], costs=[8_000, 30_000], qalys=[1.2, 2.0])
>>> rows[1].icer, round(incremental_nhb(22_000, 0.8, 25_000), 12)  # 22,000 / 0.8, 0.8 - 22,000 / 25,000
(27500.0, -0.08)

Severity needs the cut-offs and weights of a method pack. The value of information is in
`netcea.decision.value_of_information`.
"""

from typing import TYPE_CHECKING, Any

from netcea.decision.incremental import IncrementalRow, compare, fully_incremental, pairwise, weighted
from netcea.decision.net_benefit import incremental_nhb, incremental_nmb, nhb, nmb
from netcea.decision.severity import Shortfall, general_population, severity_weight, shortfall
from netcea.scenario.method_pack import SeverityRules

if TYPE_CHECKING:
    from netcea.decision.acceptability import (
        AcceptabilityCurves,
        acceptability_curves,
        ellipse,
        probability_best,
        probability_cost_effective,
        quadrants,
        running_mean,
        switch_points,
    )
    from netcea.decision.monte_carlo import draws_needed, icer_error

__all__ = [
    "AcceptabilityCurves",
    "IncrementalRow",
    "SeverityRules",
    "Shortfall",
    "acceptability_curves",
    "compare",
    "draws_needed",
    "ellipse",
    "fully_incremental",
    "general_population",
    "icer_error",
    "incremental_nhb",
    "incremental_nmb",
    "nhb",
    "nmb",
    "pairwise",
    "probability_best",
    "probability_cost_effective",
    "quadrants",
    "running_mean",
    "severity_weight",
    "shortfall",
    "switch_points",
    "weighted",
]


def __getattr__(name: str) -> Any:
    """Import what judges draws when it is first used: a base case has none."""
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg, name=name, obj=None)
    from netcea.decision import acceptability, monte_carlo

    return getattr(monte_carlo if hasattr(monte_carlo, name) else acceptability, name)
