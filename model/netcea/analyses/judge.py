"""From outcomes of one row to a judged case: incremental analysis, net benefit, severity."""

from __future__ import annotations

import numpy as np

from netcea.analyses.results import Case, NetBenefit, StrategyResult
from netcea.arrays import Array
from netcea.decision.incremental import IncrementalRow, fully_incremental, pairwise, weighted
from netcea.decision.net_benefit import nhb, nmb
from netcea.decision.severity import Shortfall, general_population, shortfall
from netcea.draws import base_case
from netcea.outcomes import Outcomes, StrategyOutcomes
from netcea.plan import Plan
from netcea.scenario import Scenario
from netcea.simulate import runs


def judge(scenario: Scenario, outcomes: Outcomes) -> Case:
    """Judge the first row of some outcomes.

    Parameters
    ----------
    scenario : Scenario
    outcomes : Outcomes
        One row.
    """
