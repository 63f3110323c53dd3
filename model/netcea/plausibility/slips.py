"""The usual slips of units and decimals: what a number would be if one was made."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from netcea.plain_number import read
from netcea.plausibility.ranges import Range
from netcea.quantities.units import DAYS_PER_YEAR, UNITS


class Slip(NamedTuple):
    """A slip: multiply what was typed by `factor` to undo it.

    Attributes
    ----------
    factor : float
    words : str
        What the number looks like.
    unit : str
        Of the number, where the slip needs one; empty for any.
    converted : str
        Unit that a number has which was converted as if it had been in `unit`.
    """

    factor: float
    words: str
    unit: str = ""
    converted: str = ""


DECIMALS: Final = (
    Slip(0.1, "a decimal point one place too far right"),
    Slip(10.0, "a decimal point one place too far left"),
)
PERCENT: Final = (Slip(100.0, "a percentage divided by 100 twice"), Slip(0.01, "a percentage"))


def _mistaken(*units: str) -> Iterator[Slip]:
    """Yield every slip of taking one unit for another."""
    for wanted in units:
        for typed in units:
            if typed != wanted:
                factor = UNITS[typed].to_model / UNITS[wanted].to_model
                yield Slip(factor, f"{typed} taken for {wanted}", wanted, typed)


CYCLES: Final = (
    Slip(28.0, "cycles of four weeks taken for days", "days"),
    Slip(21.0, "cycles of three weeks taken for days", "days"),
    Slip(30.0, "months taken for days", "days"),
    Slip(1.0 / 30.0, "days taken for months", "months"),
    Slip(4.0, "months of four weeks taken for weeks", "weeks"),
    Slip(0.25, "weeks taken for months of four weeks", "months"),
    Slip(1.0 / 52.0, "weeks taken for years", "years"),
)
"""Units of time as people round them."""
TIMES: Final = (*_mistaken("weeks", "days", "months", "years"), *CYCLES)
RATES: Final = (
    *_mistaken("per week", "per day", "per month", "per year"),
    Slip(1.0 / 52.0, "per year taken for per week", "per week"),
    Slip(0.25, "per month of four weeks taken for per week", "per week"),
)
DOSES: Final = (
    Slip(1000.0, "grams taken for milligrams", "mg"),
    Slip(0.001, "micrograms taken for milligrams", "mg"),
    Slip(1000.0, "grams taken for milligrams", "mg/m2"),
    Slip(0.001, "micrograms taken for milligrams", "mg/m2"),
    Slip(1000.0, "grams taken for milligrams", "mg/kg"),
    Slip(0.001, "micrograms taken for milligrams", "mg/kg"),
    Slip(0.453592, "pounds taken for kilograms", "kg"),
    Slip(6.350293, "stone taken for kilograms", "kg"),
    Slip(0.0001, "square centimetres taken for square metres", "m2"),
)
MONEY: Final = (
    Slip(0.01, "pence typed as pounds"),
    Slip(100.0, "hundreds of pounds"),
    Slip(1000.0, "thousands of pounds"),
    *DECIMALS,
    Slip(30.0, "a price per tablet, for a pack of 30"),
    Slip(28.0, "a price per tablet, for a pack of 28"),
    Slip(1.0 / 30.0, "the price of 30 packs"),
    Slip(1.0 / 28.0, "the price of 28 packs"),
    Slip(12.0, "a month's cost for a year's"),
    Slip(1.0 / 12.0, "a year's cost for a month's"),
    Slip(30.0 / DAYS_PER_YEAR, "a year's cost for that of 30 days"),
    Slip(28.0 / DAYS_PER_YEAR, "a year's cost for that of 28 days"),
    Slip(1.0 / 13.0, "a year's cost for a cycle's"),
    Slip(13.0, "a cycle's cost for a year's"),
    Slip(DAYS_PER_YEAR, "a day's cost for a year's"),
    Slip(1.0 / DAYS_PER_YEAR, "a year's cost for a day's"),
    Slip(60.0, "a minute's cost for an hour's"),
    Slip(1.0 / 60.0, "an hour's cost for a minute's"),
    Slip(1.0 / 7.5, "a working day's cost for an hour's"),
)
SLIPS: Final[Mapping[str, tuple[Slip, ...]]] = {
    "duration": (*TIMES, *DECIMALS),
    "frequency": (*RATES, *DECIMALS),
    "dose": (*DOSES, *DECIMALS),
    "number": DECIMALS,
    "money": MONEY,
    "money_per_qaly": (*DECIMALS, *MONEY[:3]),
    "proportion": (*PERCENT, *DECIMALS),
    "utility": (*DECIMALS, *PERCENT),
    "ratio": (*DECIMALS, *PERCENT),
}
"""Dimension of a unit -> its slips, the most usual first."""
NEAR: Final = 0.006
"""How closely a number must meet one that a slip would make, relative to it."""
LIKE_ITS_COMPLEMENT: Final = 0.1
"""How far from one half a ratio must be for its complement to look like a slip."""


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
    figure = f"{value:,.0f}" if abs(value) >= 1000 else read(value, 4)
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
    dimension = dimension_of(unit)
    factor = in_unit(1.0, unit, wanted.unit)
    for other, words in _transformed(value, dimension, whole=wanted.high == 1.0):
        if wanted.low <= other * factor <= wanted.high:
            yield f"{words} {as_text(other, unit)}"
    for slip in slips_of(unit):
        if wanted.low <= value * slip.factor * factor <= wanted.high:
            yield f"it looks like {slip.words}: {as_text(value * slip.factor, unit)}"
    if dimension == "utility" and wanted.low <= 1.0 - value <= wanted.high:
        yield f"as a loss of utility it would leave {as_text(1.0 - value, unit)}: its complement"


def _transformed(value: float, dimension: str, *, whole: bool) -> Iterator[tuple[float, str]]:
    """Yield what a number would be without a slip that is no factor, and how that is said before it."""
    if value < 0.0:
        yield -value, "with a minus sign it counts the other way round; without it it would be"
    if dimension == "ratio" and value > 0.0:
        yield 1.0 / value, "inverted it would be"
        if value < 1.0:
            yield math.exp(-value), "as a logarithm without its minus sign it would be"
            yield 1.0 - value, "as a reduction of the hazard it would be"
    if (dimension == "utility" and value > 0.5) or (dimension == "proportion" and (value > 0.5 or whole)):
        yield 1.0 - value, "its complement is"
    if dimension == "frequency" and value > 0.0:
        yield 1.0 / value, "as the time between two it would be"


def dimension_of(unit: str) -> str:
    """Return what a unit measures; words behind a bare setting stand for a share.

    Parameters
    ----------
    unit : str
        Of the number.

    Examples
    --------
    >>> dimension_of("weeks"), dimension_of("a year")
    ('duration', 'proportion')
    """
    return UNITS[unit].dimension if unit in UNITS else "proportion"


def slips_of(unit: str) -> Iterator[Slip]:
    """Yield the slips that a number of a unit may owe its value to.

    Parameters
    ----------
    unit : str
        Of the number.

    Examples
    --------
    >>> next(slips_of("weeks")).words
    'days taken for weeks'
    """
    known = SLIPS.get(dimension_of(unit), ())
    yield from (slip for slip in known if slip.unit in ("", unit))
    yield from (slip for slip in known if slip.converted == unit)


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


def slip_between(typed: float, replaced: float, unit: str) -> str:
    """Say which slip turns one number into another; nothing where none does.

    Parameters
    ----------
    typed, replaced : float
        Above 0, in the same unit.
    unit : str
        Of both.

    Examples
    --------
    >>> slip_between(514300.0, 5143.0, "GBP")
    'pence typed as pounds'
    >>> slip_between(0.77, 0.23, "ratio")
    'the reduction of the hazard'
    >>> slip_between(3.0, 21.0, "days"), slip_between(210.0, 30.0, "days")  # 3 weeks typed; 30 days converted as weeks
    ('weeks taken for days', 'days taken for weeks')
    """
    dimension = dimension_of(unit)
    if dimension == "ratio" and (words := _ratio_between(typed, replaced)):
        return words
    if dimension in ("proportion", "utility") and math.isclose(typed, 1.0 - replaced, abs_tol=1e-6):
        return "the complement"
    for slip in slips_of(unit):
        if math.isclose(typed * slip.factor, replaced, rel_tol=NEAR):
            return slip.words
    if dimension == "frequency" and math.isclose(typed * replaced, 1.0, rel_tol=0.01):
        return "the time between two"
    return ""


def _ratio_between(typed: float, replaced: float) -> str:
    """Say which slip that is no factor turns one ratio into another; nothing where none does."""
    far = abs(replaced - 0.5) > LIKE_ITS_COMPLEMENT
    if not 0.9 < replaced < 1.1 and math.isclose(typed, 1.0 / replaced, rel_tol=0.01):
        return "the inverse"
    if far and math.isclose(typed, 1.0 - replaced, abs_tol=1e-6):
        return "the reduction of the hazard"
    if replaced < 1.0 and math.isclose(typed, -math.log(replaced), rel_tol=0.02):
        return "the logarithm without its minus sign"
    return ""
