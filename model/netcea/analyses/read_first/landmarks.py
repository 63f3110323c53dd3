"""First lines on published figures that the model's curves miss outside their intervals."""

from __future__ import annotations

from collections.abc import Iterator

from netcea.analyses.base_case.evidence_tables import ENDPOINTS, decimals_of
from netcea.analyses.base_case.result import Comparison
from netcea.analyses.base_case.results_tables import label
from netcea.analyses.read_first.facts import Facts, Other
from netcea.plain_number import read
from netcea.reporting.first_lines import FirstLine
from netcea.reporting.number_format import fixed, icer, plain
from netcea.reporting.table import Icer


def landmarks(facts: Facts) -> Iterator[FirstLine]:
    """Say which published figures a curve misses outside their 95% intervals, and which scenario meets them.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    missed: dict[tuple[str, str, str], list[Comparison]] = {}
    for found in facts.comparisons:
        if found.outside:
            missed.setdefault((found.strategy, found.endpoint, found.trial), []).append(found)
    for (strategy, endpoint, trial), figures in missed.items():
        curve = f"{ENDPOINTS.get(endpoint, endpoint)} of {label(facts.case, strategy)}"
        whose = f"{plain(trial)} (another trial)" if trial else "the published figures"
        text = f"{curve} misses {whose} outside the 95% interval: {'; '.join(map(_words, figures))}"
        yield FirstLine("landmarks", f"{text}.{_met_by(facts, strategy, endpoint, figures)}", depends_on_prices=False)


def _words(found: Comparison) -> str:
    """Say what the model has, and what was published."""
    decimals = max(decimals_of(found.published), 3 if found.unit == "proportion" else 1)
    model, published, low, high = (
        fixed(x, min(decimals, 3)) for x in (found.modelled, found.published, found.low or 0.0, found.high or 0.0)
    )
    return f"{found.what} {model} in the model, {published} ({low} to {high}) published"


def _met_by(facts: Facts, strategy: str, endpoint: str, figures: list[Comparison]) -> str:
    """Say which scenario meets the figures, with its result; that none does, where that is so."""
    address = f"strategies.{strategy}.{endpoint}.met_by"
    named = getattr(getattr(facts.scenario.file.strategies[strategy], endpoint), "met_by", "")
    if not named:
        return " No scenario is named that meets it."
    if facts.scenario.related is None:
        return ""
    other = facts.other(address, named)
    if other.case is None:
        return f" {other.source} is named to meet it, and cannot be run with these changes."
    met = {found.address for found in other.comparisons if not found.outside}
    if not {found.address for found in figures} <= met:
        return f" {other.source} is named to meet it, and does not."
    return f" {plain(other.name)!r} ({other.source}) meets it{_result(facts, other)}."


def _result(facts: Facts, other: Other) -> str:
    """Return what the result of a scenario is, weighted beside unweighted; nothing where prices are confidential."""
    if facts.scenario.prices.redacted or other.case is None:
        return ""
    row, weight = other.case.against_comparator(), other.case.severity.severity_weight
    words = f": ICER {icer(Icer.of(row))}"
    if row.icer is not None:
        words += f", weighted {icer(Icer(row.icer / weight, row.label))}"
    base = facts.case.severity.severity_weight
    return f"{words} (severity weight {read(weight)}{'' if weight == base else f', not {read(base)}'})"
