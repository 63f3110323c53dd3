"""Budget impact as `netcea budget` has it, by the name of its cell on the sheet Budget impact."""

from __future__ import annotations

from typing import Final

from netcea.errors import InputError
from netcea.scenario.scenario import Scenario

BUDGET: Final = "budget_"
"""How the names of its cells begin."""
FIELDS: Final = {
    "budget_costs_without": "costs_without",
    "budget_costs_with": "costs_with",
    "budget_net_drugs": "net_drug_budget",
}
"""Start of a cell's name -> field of a year of the result."""
WORDS: Final = {
    "budget_costs_without": "costs without the technology",
    "budget_costs_with": "costs with it",
    "budget_net_drugs": "of the difference, drugs",
}
CHOSEN_HERE: Final = {"technology_elsewhere"}
"""Options of a budget that are a choice of the workbook."""


def has_the_same_budget(base: Scenario, other: Scenario) -> bool:
    """Say whether two scenarios take the numbers of their budgets from the same addresses.

    Parameters
    ----------
    base, other : Scenario
    """
    mine, its = (s.file.analyses.budget.model_dump(exclude=CHOSEN_HERE) for s in (base, other))
    return bool(mine == its)


def budget_values(base: Scenario, scenario: Scenario) -> dict[str, float | str]:
    """Return name of a cell -> what Python has; '' where the scenario's budget is another, or cannot be.

    Parameters
    ----------
    base : Scenario
        Of the workbook, with a budget.
    scenario : Scenario
    """
    from netcea.analyses.budget.analysis import years_of_budget

    options = base.file.analyses.budget
    empty: dict[str, float | str] = {f"{n}.{k}": "" for n in FIELDS for k in range(1, len(options.uptake) + 1)}
    if not has_the_same_budget(base, scenario):
        return empty
    try:
        years = years_of_budget(scenario, scenario.file.analyses.budget)
    except InputError:
        return empty
    return {f"{name}.{year.year}": float(getattr(year, field)) for name, field in FIELDS.items() for year in years}


def budget_in_words(name: str) -> str:
    """Return the name of a cell in a reader's words.

    >>> budget_in_words("budget_costs_with.3")
    'Budget impact, year 3: costs with it'
    """
    what, _, year = name.partition(".")
    return f"Budget impact, year {year}: {WORDS[what]}"
