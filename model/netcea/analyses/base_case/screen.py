"""A base case on the screen: what is read at a glance, in the order of a submission's results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netcea.analyses.base_case.judgement_tables import all_warnings, binding_words
from netcea.analyses.base_case.result import BaseCaseResult, Case
from netcea.analyses.base_case.screen_evidence import ledger_summary, published_table
from netcea.analyses.base_case.screen_tables import (
    cost_table,
    incremental_table,
    main_table,
    net_benefit_table,
    outcome_table,
    pairwise_table,
)
from netcea.plain_number import read
from netcea.reporting.number_format import fixed, plain, rate_in_words
from netcea.reporting.report import Section
from netcea.reporting.table import Table
from netcea.scenario.later_rates import Measure

MEASURES: Final[tuple[Measure, ...]] = ("costs", "qalys")


def about(result: BaseCaseResult) -> str:
    """Return horizon, discounting, perspective, prices and method pack in a line."""
    settings = result.scenario.file.settings
    discount = " and ".join(sorted({rate_in_words(settings.discount_rate(measure)) for measure in MEASURES}))
    return (
        f"Per patient; {read(settings.horizon_years)} years, discounted at {discount}; "
        f"{result.scenario.file.perspective}, prices of {plain(settings.price_year)}; "
        f"{result.scenario.method_pack.name}"
    )


def screen(result: BaseCaseResult) -> Iterator[Table | Section]:
    """Yield the tables and sections that the screen shows."""
    yield incremental_table(result)
    if len(result.case.strategies) > 2:
        yield pairwise_table(result)
    yield main_table(result)
    yield net_benefit_table(result)
    yield cost_table(result)
    yield outcome_table(result)
    if result.ledger:
        yield ledger_summary(result)
    yield Section("Severity", (severity_words(result.case),))
    if result.comparisons:
        yield published_table(result)
    yield Section("Limits that bind", tuple(binding_words(result, b) for b in result.bindings) or ("none",))
    yield Section("Warnings", tuple(_warning_words(result)), style="yellow")


def _warning_words(result: BaseCaseResult) -> Iterator[str]:
    """Yield every warning; of a scenario shown with the base case with its name."""
    for scenario, warning in all_warnings(result):
        place = "" if scenario == result.case.name else f"in {plain(scenario)!r}, "
        yield f"{place}{warning.address}: {warning.message}" if warning.address else f"{place}{warning.message}"


def severity_words(case: Case) -> str:
    """Say the severity weight, how it comes about, and how far it is from another."""
    s = case.severity
    current = plain(case.strategies[case.established_practice].label)
    words = (
        f"Weight {read(s.severity_weight)}: absolute shortfall {fixed(s.absolute_shortfall, 3)} of "
        f"{fixed(s.qalys_general_population, 3)} QALYs (weight {read(s.weight_absolute)}), proportional "
        f"{fixed(100 * s.proportional_shortfall, 1)}% (weight {read(s.weight_proportional)}). Nearest boundary: "
        f"{s.next_boundary}. The absolute shortfall is {fixed(abs(s.distance_absolute), 3)} QALYs "
        f"{_side(s.distance_absolute)} its nearest boundary, the proportional one "
        f"{fixed(100 * abs(s.distance_proportional), 1)} percentage points {_side(s.distance_proportional)} its own. "
        f"{current} yields "
        f"{fixed(s.qalys_current_care, 3)} QALYs"
    )
    if s.qalys_for_higher_weight is not None:
        words += f"; the weight is higher at {fixed(s.qalys_for_higher_weight, 3)} or fewer"
    if s.qalys_for_lower_weight is not None:
        words += f"; the weight is lower above {fixed(s.qalys_for_lower_weight, 3)}"
    return words + "."


def _side(distance: float) -> str:
    return "below" if distance > 0.0 else "above"
