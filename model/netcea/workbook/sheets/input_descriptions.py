"""How the uncertainty of an input reads on a sheet: its distribution in words, and where most of it lies."""

from __future__ import annotations

from netcea.quantities.quantity import Quantity
from netcea.uncertainty.distributions import SAMPLED_TOGETHER, at_rank, is_uncertain


def bounds_of(quantity: Quantity) -> tuple[float | None, float | None]:
    """Return the 2.5% and 97.5% quantiles, or the plausible range, in the unit of inputs/."""
    if is_uncertain(quantity):
        import numpy as np

        low, high = at_rank(quantity, np.array([0.025, 0.975])).tolist()
        return low, high
    return (quantity.range[0], quantity.range[1]) if quantity.range else (None, None)


def spread_words(quantity: Quantity) -> str:
    """Return the distribution in words."""
    family = quantity.uncertainty.family
    if family == "fixed":
        return f"fixed: {quantity.uncertainty.fixed}"
    if family in SAMPLED_TOGETHER:
        return f"{family}: drawn with others"
    block = getattr(quantity.uncertainty, family)
    parts = ", ".join(f"{k} {v:g}" if isinstance(v, float) else f"{k} {v}" for k, v in block if v is not None)
    return f"{family.replace('_', '-')} ({parts})"
