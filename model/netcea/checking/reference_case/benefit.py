"""RC15: whether a scenario without further benefit after treatment is there, and is what its tag says.

References
----------
NICE health technology evaluations: the manual (PMG36), 4.2.24.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from netcea.checking.findings import ALIGNED, MISSING, ReferenceCaseRow
from netcea.checking.reference_case.standing import Standing
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.engine.trace import traces
from netcea.errors import InputError, ModelError
from netcea.scenario.scenario import Scenario

TAG: Final = "no_further_benefit"
ELEMENT: Final = "Effect after treatment"
OFF_TREATMENT: Final = 0.01
"""Share of those alive that is still treated where treatment has stopped."""
NONE_LEFT: Final = 0.98
"""Hazard ratio of death from which on nothing of an effect is left."""
FEW: Final = 1e-3
"""Alive: of fewer the hazard says nothing. [share of the cohort]"""


def benefit_row(standing: Standing) -> ReferenceCaseRow:
    """Return whether a scenario of the bias ledger ends the effect with treatment.

    Parameters
    ----------
    standing : Standing
        The scenario before the rules.
    """
    tagged = standing.tests.without_benefit
    if not tagged:
        text = f"no scenario of the bias ledger that applies here is tagged {TAG}"
        return ReferenceCaseRow("RC15", ELEMENT, MISSING, text)
    left = {one.file.name: least_ratio(one) for one in tagged}
    true = [name for name, ratio in left.items() if ratio is not None and ratio >= NONE_LEFT]
    if true:
        text = f"once treatment has stopped the hazard of death is the comparator's in {'; '.join(true)}"
        return ReferenceCaseRow("RC15", ELEMENT, ALIGNED, text)
    words = "; ".join(f"{name} ({'not told' if r is None else f'hazard ratio {r:.2f}'})" for name, r in left.items())
    text = f"scenarios tagged {TAG} keep a benefit when treatment has stopped: {words}"
    return ReferenceCaseRow("RC15", ELEMENT, MISSING, text)


def least_ratio(scenario: Scenario) -> float | None:
    """Return the lowest hazard ratio of death against the comparator once treatment has stopped; None: it never does.

    Parameters
    ----------
    scenario : Scenario
        At its point estimates.
    """
    decision = scenario.file.decision
    try:
        found = traces(Grid.of(scenario), base_case(scenario))
    except (InputError, ModelError):
        return None
    mine, other = (1.0 - found[name].edges["dead"] for name in (decision.intervention, decision.comparator))
    treated = found[decision.intervention].edges["on_treatment"]
    told = (mine[1:] > FEW) & (other[1:] > FEW) & (treated[:-1] <= OFF_TREATMENT * mine[:-1])
    if not np.any(told):
        return None
    hazards = (np.log(x[:-1][told] / x[1:][told]) for x in (mine, other))
    own, of_comparator = hazards
    some = of_comparator > 0.0
    return float(np.min(own[some] / of_comparator[some])) if np.any(some) else None
