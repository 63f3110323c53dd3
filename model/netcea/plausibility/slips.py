"""The usual slips of units and decimals: what a number would be if one was made."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from netcea.plausibility.ranges import Range
from netcea.quantities.units import DAYS_PER_YEAR, UNITS, WEEKS_PER_YEAR


class Slip(NamedTuple):
    """A slip: multiply what was typed by `factor` to undo it.

    Attributes
    ----------
    factor : float
    words : str
        What the number looks like.
    """

    factor: float
    words: str


MONTH_IN_WEEKS: Final = WEEKS_PER_YEAR / 12.0
MONTH_IN_DAYS: Final = DAYS_PER_YEAR / 12.0
DECIMALS: Final = (
    Slip(0.1, "a decimal point one place too far right"),
    Slip(10.0, "a decimal point one place too far left"),
)
PERCENT: Final = (Slip(100.0, "a percentage divided by 100 twice"), Slip(0.01, "a percentage"))
TIMES: Final = (
    Slip(1.0 / 7.0, "days taken for weeks"),
    Slip(7.0, "weeks taken for days"),
    Slip(1.0 / MONTH_IN_DAYS, "days taken for months"),
    Slip(MONTH_IN_DAYS, "months taken for days"),
    Slip(1.0 / MONTH_IN_WEEKS, "weeks taken for months"),
    Slip(MONTH_IN_WEEKS, "months taken for weeks"),
    Slip(1.0 / 12.0, "months taken for years"),
    Slip(12.0, "years taken for months"),
    Slip(1.0 / DAYS_PER_YEAR, "days taken for years"),
    Slip(DAYS_PER_YEAR, "years taken for days"),
    Slip(1.0 / WEEKS_PER_YEAR, "weeks taken for years"),
    Slip(WEEKS_PER_YEAR, "years taken for weeks"),
)
RATES: Final = (
    Slip(1.0 / 7.0, "per week taken for per day"),
    Slip(7.0, "per day taken for per week"),
    Slip(1.0 / MONTH_IN_WEEKS, "per month taken for per week"),
    Slip(MONTH_IN_WEEKS, "per week taken for per month"),
    Slip(1.0 / 12.0, "per year taken for per month"),
    Slip(12.0, "per month taken for per year"),
    Slip(1.0 / WEEKS_PER_YEAR, "per year taken for per week"),
    Slip(WEEKS_PER_YEAR, "per week taken for per year"),
    Slip(1.0 / MONTH_IN_DAYS, "per month taken for per day"),
    Slip(MONTH_IN_DAYS, "per day taken for per month"),
    Slip(1.0 / DAYS_PER_YEAR, "per year taken for per day"),
    Slip(DAYS_PER_YEAR, "per day taken for per year"),
)
MONEY: Final = (
    Slip(0.01, "pence typed as pounds"),
    Slip(100.0, "hundreds of pounds"),
    Slip(1000.0, "thousands of pounds"),
    Slip(30.0, "a price per tablet, for a pack of 30"),
    Slip(28.0, "a price per tablet, for a pack of 28"),
    Slip(12.0, "a month's cost for a year's"),
    Slip(1.0 / 12.0, "a year's cost for a month's"),
)
SLIPS: Final[Mapping[str, tuple[Slip, ...]]] = {
    "duration": (*TIMES, *DECIMALS),
    "frequency": (*RATES, *DECIMALS),
    "money": (*MONEY[:3], *DECIMALS, *MONEY[3:]),
    "money_per_qaly": (*DECIMALS, *MONEY[:3]),
    "proportion": (*PERCENT, *DECIMALS),
    "utility": (*DECIMALS, *PERCENT),
    "ratio": (*DECIMALS, *PERCENT),
}
"""Dimension of a unit -> its slips, the most usual first."""
NEAR: Final = 0.006
"""How closely a number must meet one that a slip would make, relative to it."""


def as_text(value: float, unit: str) -> str:
    """Return a number with its unit as messages show it.

    Parameters
    ----------
    value : float
        [`unit`]
    unit : str
        One of the units of inputs/, or words.

    Examples
    --------
    >>> as_text(5142.9, "GBP"), as_text(0.0776, "utility"), as_text(3, "weeks")
    ('GBP 5,143', '0.0776', '3 weeks')
    """
    figure = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    if unit.startswith("GBP"):
        return f"GBP {figure}{unit.removeprefix('GBP')}"
    return figure if unit in ("proportion", "utility", "ratio", "parameter", "number") else f"{figure} {unit}"


def candidates(value: float, unit: str, wanted: Range) -> Iterator[str]:
    """Yield what a number outside a range would be if a usual slip was undone, where that lies in the range.

    Parameters
    ----------
    value : float
        As it was typed. [`unit`]
    unit : str
        Of the number.
    wanted : Range
        In which it should lie.
    """
    dimension = UNITS[unit].dimension if unit in UNITS else "duration" if unit in ("years", "days") else "proportion"
    factor = in_unit(1.0, unit, wanted.unit)
    if value < 0.0 < wanted.high and wanted.low <= -value * factor <= wanted.high:
        yield f"with a minus sign it counts the other way round; without it it would be {as_text(-value, unit)}"
    if dimension == "ratio" and value > 0.0 and wanted.low <= 1.0 / value <= wanted.high:
        yield f"inverted it would be {as_text(1.0 / value, unit)}"
    if dimension in ("utility", "proportion") and wanted.low <= 1.0 - value <= wanted.high and value > 0.5:
        yield f"its complement is {as_text(1.0 - value, unit)}"
    for slip in SLIPS.get(dimension, ()):
        if wanted.low <= value * slip.factor * factor <= wanted.high:
            yield f"it looks like {slip.words}: {as_text(value * slip.factor, unit)}"


def in_unit(value: float, unit: str, wanted: str) -> float:
    """Return a number in another unit of the same dimension.

    Parameters
    ----------
    value : float
        [`unit`]
    unit, wanted : str
        Units of inputs/; what is none is left as it is.

    Examples
    --------
    >>> in_unit(1.0, "years", "months")
    12.0
    """
    if unit == wanted or unit not in UNITS or wanted not in UNITS:
        return value
    return value * UNITS[unit].to_model / UNITS[wanted].to_model


def slip_between(typed: float, replaced: float, dimension: str) -> Slip | None:
    """Return the slip that turns one number into another; None where none does.

    Parameters
    ----------
    typed, replaced : float
        Above 0, in the same unit.
    dimension : str
        Of their unit.

    Examples
    --------
    >>> slip_between(514300.0, 5143.0, "money").words
    'pence typed as pounds'
    """
    for slip in SLIPS.get(dimension, ()):
        if math.isclose(typed * slip.factor, replaced, rel_tol=NEAR):
            return slip
    return None
