"""Every number of the sheet Results as Python has it, by the name of its cell."""

from __future__ import annotations

from typing import Final

from netcea.analyses.base_case.result import Case
from netcea.analyses.shared.judge import evaluate
from netcea.scenario.scenario import Scenario
from netcea.workbook.construction import Construction
from netcea.workbook.python_budget import BUDGET, budget_in_words, budget_values
from netcea.workbook.structural_choices import TECHNOLOGY_ELSEWHERE
from netcea.workbook.variants import Variants

MEASURES: Final = (
    "costs",
    "life_years",
    "qalys",
    "undiscounted_costs",
    "undiscounted_life_years",
    "undiscounted_qalys",
)
SEVERITY: Final = ("qalys_general_population", "absolute_shortfall", "proportional_shortfall", "severity_weight")
WORDS: Final = {
    "icer": "ICER",
    "label": "what it is called",
    "weighted_icer": "ICER with severity weight",
    "nhb": "NHB",
    "weighted_nhb": "NHB with severity weight",
}
"""What the first part of a name means, where it is not the words themselves."""


def cases_of(construction: Construction) -> list[Case]:
    """Return every scenario of a workbook, evaluated; asked for with `written_by` each is worked out once."""
    return [evaluate(scenario) for scenario in construction.variants.scenarios]


def python_of_scenarios(construction: Construction) -> list[dict[str, float | str]]:
    """Return for each scenario of a workbook the name of a cell -> what Python has; '' for no ICER."""
    variants, cases = construction.variants, construction.written_by(cases_of)
    return [all_values(variants, *both) for both in zip(variants.scenarios, cases, strict=True)]


def all_values(variants: Variants, scenario: Scenario, case: Case) -> dict[str, float | str]:
    """Return name of a cell of Results or Budget impact -> what Python has.

    Parameters
    ----------
    variants : Variants
        Of the workbook.
    scenario : Scenario
    case : Case
        The same, evaluated.
    """
    found = python_values(case)
    if TECHNOLOGY_ELSEWHERE in variants.choices:
        found |= budget_values(variants.base, scenario)
    return found


def python_values(case: Case) -> dict[str, float | str]:
    """Return name of a cell of Results -> what Python has."""
    found: dict[str, float | str] = {}
    for name, totals in case.strategies.items():
        found |= {f"{measure}.{name}": getattr(totals, measure) for measure in MEASURES}
    for row in case.pairwise:
        name = row.strategy
        found[f"incremental_costs.{name}"] = row.incremental_costs or 0.0
        found[f"incremental_qalys.{name}"] = row.incremental_qalys or 0.0
        found[f"icer.{name}"] = "" if row.icer is None else row.icer
        found[f"label.{name}"] = row.label
    for row in case.weighted_pairwise:
        found[f"weighted_icer.{row.strategy}"] = "" if row.icer is None else row.icer
    thresholds = sorted({benefit.threshold for benefit in case.net_health_benefit})
    for benefit in case.net_health_benefit:
        which = f"{thresholds.index(benefit.threshold)}.{benefit.strategy}"
        found[f"nhb.{which}"] = benefit.incremental_nhb
        found[f"weighted_nhb.{which}"] = benefit.weighted_incremental_nhb
    return found | {name: float(getattr(case.severity, name)) for name in SEVERITY}


def in_words(name: str, label: str) -> str:
    """Return the name of a cell in a reader's words, with the label of the strategy it ends in.

    >>> in_words("weighted_nhb.1.new", "New"), in_words("qalys_general_population", "")
    ('New: NHB with severity weight at threshold 2', 'QALYs, general population')
    """
    if name.startswith(BUDGET):
        return budget_in_words(name)
    what, _, _ = name.rpartition(".")
    if not what:
        return name.replace("_", " ").capitalize().replace("Qalys", "QALYs,")
    kind, _, number = what.partition(".")
    threshold = f" at threshold {int(number) + 1}" if number else ""
    return f"{label}: {WORDS.get(kind, kind.replace('_', ' '))}{threshold}".replace("qalys", "QALYs")
