"""First lines on curves whose families are averaged: model averaging has to document families, weights and rule."""

from __future__ import annotations

from collections.abc import Iterator

from netcea.analyses.base_case.evidence_tables import ENDPOINTS
from netcea.analyses.read_first.facts import Facts
from netcea.reporting.first_lines import FirstLine
from netcea.reporting.number_format import fixed, plain
from netcea.scenario.family_average import FamilyAverage
from netcea.scenario.scenario import Scenario


def averaging(facts: Facts) -> Iterator[FirstLine]:
    """Say of each average its families, their weights and where they are from, and which families are left out.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    for average in facts.scenario.averages:
        yield FirstLine("averaging", average_words(facts.scenario, average), depends_on_prices=False)


def average_words(scenario: Scenario, average: FamilyAverage) -> str:
    """Return what an average is, in a sentence or two.

    Parameters
    ----------
    scenario : Scenario
        Whose average it is.
    average : FamilyAverage
        With its weights.
    """
    from netcea.analyses.sweep.result import family_words

    curves = " and ".join(_curve_words(scenario, address) for address in average.curves)
    heaviest = sorted(average.families, key=lambda one: -one.weight)
    weights = ", ".join(f"{family_words(one.family)} {fixed(one.weight, 3)}" for one in heaviest)
    several = " (one family for all of them in each draw)" if len(average.curves) > 1 else ""
    text = f"{curves}: survival averaged over families by {average.rule_words}{several}: {weights}."
    if average.reason:
        text += f" {plain(average.reason.strip().rstrip('.'))}."
    if average.left_out:
        reasons = "; ".join(f"{family_words(family)} ({plain(why)})" for family, why in average.left_out.items())
        text += f" Left out, because not fitted: {reasons}."
    return text


def _curve_words(scenario: Scenario, address: str) -> str:
    _, strategy, endpoint = address.split(".")
    return f"{ENDPOINTS.get(endpoint, endpoint)} of {plain(scenario.label(strategy))}"
