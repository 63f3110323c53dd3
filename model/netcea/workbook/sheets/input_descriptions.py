"""How the uncertainty of an input reads on a sheet: its entries in inputs/, and where most of its distribution lies."""

from __future__ import annotations

from netcea.plain_number import read
from netcea.quantities.quantity import Quantity


def bounds_of(quantity: Quantity) -> tuple[float | None, float | None]:
    """Return the 2.5% and 97.5% quantiles, or the plausible range, in the unit of inputs/."""
    if quantity.is_uncertain:
        import numpy as np

        low, high = quantity.quantile(np.array([0.025, 0.975])).tolist()
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
