"""How an input reads on a sheet: its uncertainty, where most of its distribution lies, and what it is used for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from netcea.analyses.shared.varied_quantities import METHODS
from netcea.plain_number import read
from netcea.quantities.addresses import addresses_in
from netcea.quantities.key_path import KeyPath
from netcea.quantities.quantity import Quantity
from netcea.workbook.variants import Variants

AS_IT_STANDS: Final = "yes, as it stands: solved by netcea from published figures"
BUDGET: Final[KeyPath] = ("analyses", "budget")
FOR_THE_BUDGET: Final = "yes: the budget impact, no result per patient"
ELSEWHERE: Final[Mapping[KeyPath, str]] = {
    ("population", "combined_view_weight"): "no: both cohorts together (netcea run ONE OTHER)",
    ("analyses", "voi"): "no: the value of further information (netcea voi)",
    BUDGET: "no: budget impact (netcea budget)",
    ("decision_problem",): "no: it describes whom the decision is about",
    ("expert_validation",): "no: what experts said, beside the model",
}
"""Start of the place in a scenario file that names a number -> why no formula uses it."""


def bounds_of(quantity: Quantity) -> tuple[float | None, float | None]:
    """Return the 2.5% and 97.5% quantiles, or the plausible range, in the unit of inputs/."""
    if quantity.is_uncertain:
        import numpy as np

        low, high = sorted(quantity.quantile(np.array([0.025, 0.975])).tolist())  # a scale may fall as numbers rise
        return low, high
    return (quantity.range[0], quantity.range[1]) if quantity.range else (None, None)


def distribution_entries(quantity: Quantity) -> str:
    """Return the family with its entries in inputs/; for what is drawn with others or fixed, that it is."""
    family = quantity.uncertainty.given
    if family.group_field:
        return f"{family.name}: drawn with others"
    entries = quantity.uncertainty.model_dump(exclude_none=True)[family.name]
    if not isinstance(entries, dict):
        return family.words(quantity.value)
    parts = ", ".join(f"{k} {read(v)}" if isinstance(v, float) else f"{k} {v}" for k, v in entries.items())
    return f"{family.name.replace('_', '-')} ({parts})"


def places_of_use(variants: Variants) -> dict[str, list[KeyPath]]:
    """Return where scenarios name each address: key paths of their files."""
    found: dict[str, list[KeyPath]] = {}
    for scenario in variants.scenarios:
        for use in addresses_in(scenario.file):
            found.setdefault(use.address, []).append(use.path)
    return found


def used_for(places: Sequence[KeyPath]) -> str:
    """Return what formulas use a number for, from the places in scenario files that name it."""
    elsewhere = [any(place[: len(start)] == start for start in ELSEWHERE) for place in places]
    of_the_budget = all(elsewhere) and any(place[: len(BUDGET)] == BUDGET for place in places)
    return FOR_THE_BUDGET if of_the_budget else "yes"


def unused(address: str, places: Sequence[KeyPath]) -> str:
    """Return why no formula uses a number."""
    if address.startswith(METHODS):
        return "no: the settings hold the rates"
    for start, why in ELSEWHERE.items():
        if any(place[: len(start)] == start for place in places):
            return why
    return "no: no choice of these scenarios uses it"
