"""First lines on whose costs count: a perspective outside the reference case, and the result from within it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netcea.analyses.read_first.facts import Facts
from netcea.analyses.shared.judge import evaluate
from netcea.costs.payer import NHS, is_reference_case
from netcea.reporting.first_lines import FirstLine
from netcea.reporting.number_format import icer, plain
from netcea.reporting.table import Icer
from netcea.scenario.scenario import Scenario


def perspective(facts: Facts) -> Iterator[FirstLine]:
    """Say that costs of other payers than NHS and PSS count, and what the result is without them.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    file = facts.scenario.file
    if is_reference_case(file.decision_problem.perspective):
        return
    others = {cost.paid_by for cost in file.all_costs().values()} - {NHS}
    whose = f"costs of {', '.join(sorted(others))} count" if others else "no cost of another payer is in the model"
    text = f"OUTSIDE THE REFERENCE CASE: the perspective is {file.perspective}; {whose}"
    yield FirstLine("perspective", f"{text}. NICE's thresholds are for costs of {NHS}.", depends_on_prices=False)
    case = evaluate(from_nhs_and_pss(facts.scenario))
    comparator = plain(case.strategies[case.comparator].label)
    result = icer(Icer.of(case.against_comparator()))
    yield FirstLine("perspective", f"With costs of {NHS} alone, against {comparator}: {result}.")


def from_nhs_and_pss(scenario: Scenario) -> Scenario:
    """Return a scenario from the perspective of the reference case.

    Parameters
    ----------
    scenario : Scenario
        From any.
    """
    problem = scenario.file.decision_problem.model_copy(update={"perspective": NHS})
    return replace(scenario, file=scenario.file.model_copy(update={"decision_problem": problem}))
