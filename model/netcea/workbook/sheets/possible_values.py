"""What a reader may type into a yellow cell of Inputs: a number that its unit and the places that use it allow."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from netcea.plain_number import read
from netcea.quantities.limits import Limits, ends_of
from netcea.reporting.xlsx.page import Rule
from netcea.scenario.later_rates import LaterRates
from netcea.scenario.scenario import Settings

SETTINGS: Final = "settings."
LARGE: Final = 9.99e307
SMALL: Final = 1e-9
"""What stands for no bound, and for just above a bound."""


def rule_for(address: str, limits: Sequence[Limits]) -> Rule:
    """Return what may be typed for an address: what `--set` takes.

    Parameters
    ----------
    address : str
        Of the number.
    limits : sequence of Limits
        Of its unit and the places that use it; none for a parameter that is estimated.
    """
    if address.startswith(SETTINGS):
        return _rule(*bounds_of_setting(address.removeprefix(SETTINGS)))
    return _rule(*(ends_of(limits) if limits else (-math.inf, math.inf, False)))


def bounds_of_setting(name: str) -> tuple[float, float, bool]:
    """Return the same of a number of the settings, as the scenario's own rules give it.

    >>> bounds_of_setting("horizon_years"), bounds_of_setting("discount_rate_costs")
    ((0.0, 110.0, True), (0.0, 1.0, False))
    >>> bounds_of_setting("later_discount_rates.0.from_year"), bounds_of_setting("later_discount_rates.0.costs")
    ((0.0, 110.0, True), (0.0, 1.0, False))
    """
    block, _, field = name.rpartition(".")
    fields = LaterRates.model_fields if block else Settings.model_fields
    found: Mapping[str, float] = {
        limit: float(getattr(rule, limit))
        for rule in fields[field].metadata
        for limit in ("gt", "ge", "le")
        if getattr(rule, limit, None) is not None
    }
    low = found.get("gt", found.get("ge", -math.inf))
    return low, found.get("le", math.inf), "gt" in found


def _rule(low: float, high: float, low_is_impossible: bool) -> Rule:
    """Return the rule, with words for those who type something else."""
    lowest = "" if math.isinf(low) else f" above {read(low)}" if low_is_impossible else f" from {read(low)}"
    highest = f"{',' if low_is_impossible else ''} up to {read(high)}" if math.isfinite(high) else ""
    first, last = max(low, -LARGE) + (SMALL if low_is_impossible else 0.0), min(high, LARGE)
    words = f"A number{lowest}{highest}, or nothing."
    return Rule(_within(first, first, last), _within(last, first, last), "Not possible here", words)


def _within(value: float, low: float, high: float) -> str:
    """Return a bound with 15 digits, none of which takes it outside of both.

    >>> _within(0.1 / 30.4375, 0.1 / 30.4375, 1.0), _within(1.0, 0.0, 1.0)
    ('0.00328542094455853', '1')
    """
    nudge = abs(value) * 5e-16
    for candidate in (value, value + nudge, value - nudge, value + 2 * nudge, value - 2 * nudge):
        text = f"{candidate:.15G}"
        if low <= float(text) <= high:
            return text
    return f"{value:.17G}"
