"""Rules on one number: its range at its place of use, and what it replaced."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import combinations, islice
from typing import Final, NamedTuple

from netcea.plain_number import read
from netcea.plausibility.facts import Doubt, Facts
from netcea.plausibility.labelled import cost_range, frequency_range, kind_of
from netcea.plausibility.ranges import RANGES, Range
from netcea.plausibility.slips import as_text, candidates, in_unit, slip_between
from netcea.plausibility.uses import Use
from netcea.quantities.quantity import Quantity
from netcea.quantities.units import UNITS

MUCH: Final = 4.0
"""How many times what it replaces a number is, or its inverse, before it is a doubt."""
MUCH_MONEY: Final = 6.0
"""The same of money: a list price is up to five times what the NHS pays for a generic."""
ROUNDING: Final = 1e-9
HINTS: Final = 2
"""How many explanations a message offers."""


def ranges(facts: Facts) -> Iterator[Doubt]:
    """Yield numbers outside the range of their place of use, or of what their label says.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    for use in facts.uses:
        wanted = _narrowest(facts, use)
        if wanted is not None:
            yield from outside(use, wanted, facts)


def outside(use: Use, wanted: Range, facts: Facts) -> Iterator[Doubt]:
    """Yield a doubt about a number outside a range, with what it would be if a usual slip was undone.

    Parameters
    ----------
    use : Use
        The number.
    wanted : Range
        In which it should lie.
    facts : Facts
        Of the scenario.
    """
    value = in_unit(use.value, use.unit, wanted.unit)
    slack = ROUNDING * max(abs(wanted.low), abs(wanted.high))
    if wanted.low - slack <= value <= wanted.high + slack or (wanted.zero and value == 0.0):
        return
    low, high = as_text(wanted.low, wanted.unit), as_text(wanted.high, wanted.unit)
    usual = low if wanted.low == wanted.high else f"{low} to {high}"
    shown = as_text(use.value, use.unit)
    same = "" if use.unit == wanted.unit or use.unit not in UNITS else f" ({as_text(value, wanted.unit)})"
    text = f"{shown}{same} is implausible for {wanted.words}: {usual} would be usual ({wanted.source})"
    hints = list(islice(_best(use, wanted, facts), HINTS))
    yield use.address, "; ".join([text, *hints[:1], *(f"or {hint}" for hint in hints[1:])])


def _best(use: Use, wanted: Range, facts: Facts) -> Iterator[str]:
    """Yield explanations: the slip that meets what the number replaced, or those that would bring it into its range."""
    before = _before(facts, use)
    slip = _slip_from(use, before) if before else ""
    if slip:
        yield slip
        return
    yield from islice(candidates(use.value, use.unit, wanted), HINTS)
    if before and (much := _much(use, before)):
        yield much


def _narrowest(facts: Facts, use: Use) -> Range | None:
    """Return the range of what care a label names, else that of the use."""
    if use.quantity is None or use.role not in (
        "resource_use.unit_cost",
        "resource_use.frequency",
        "administration.unit_cost",
    ):
        return RANGES.get(use.role)
    item = facts.scenario.file.costs[use.place.split(".")[1]].label
    cost = use.role.endswith("unit_cost")
    kind = kind_of(use.quantity.label, item) if cost else kind_of(item, use.quantity.label)
    if kind is None:
        return RANGES.get(use.role)
    return cost_range(kind) if cost else frequency_range(kind)


# -------------------------------------------------------------------------------------------------- what it replaced
def changes(facts: Facts) -> Iterator[Doubt]:
    """Yield numbers that differ from what they replaced as a slip of units or decimals would make them differ.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    yield from _beside(facts, _slip_from)


def many_times(facts: Facts) -> Iterator[Doubt]:
    """Yield numbers that are many times what they replaced.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    yield from _beside(facts, _much)


def _beside(facts: Facts, judge: Callable[[Use, _Before], str]) -> Iterator[Doubt]:
    """Yield what is said of numbers beside what they replaced."""
    for use in facts.uses:
        before = _before(facts, use)
        if before is not None and (found := judge(use, before)):
            yield use.address, found


def swapped(facts: Facts) -> Iterator[Doubt]:
    """Yield pairs of numbers each of which has the value that the other had.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    known = {use.address: (use, before) for use in facts.uses if (before := _before(facts, use)) is not None}
    for (one, first), (other, second) in combinations(known.values(), 2):
        exchanged = (one.value, one.unit) == (second.value, second.unit) and (other.value, other.unit) == (
            first.value,
            first.unit,
        )
        if exchanged and one.value != other.value:
            values = f"{as_text(one.value, one.unit)} and {as_text(other.value, other.unit)}"
            yield one.address, f"{values} replace each other's values: is this swapped with {other.address}?"
            yield other.address, f"{values} replace each other's values: is this swapped with {one.address}?"


def slip_of(facts: Facts, address: str) -> str:
    """Say which slip makes a number of what it replaced, or of what the shipped inputs have; nothing where none does.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    address : str
        Of the number.
    """
    for use in facts.uses:
        before = _before(facts, use) if use.address == address else None
        if before is not None and (found := _slip_from(use, before)):
            return found
    return ""


class _Before(NamedTuple):
    """What stood at a place of use, in its unit; `words` says so after the number that stands there now."""

    value: float
    unit: str
    words: str


def _before(facts: Facts, use: Use) -> _Before | None:
    """Return what stood at a place of use before the scenario's changes, or stands there in the shipped inputs."""
    stood = facts.replaced.get(use.place) or facts.replaced.get(use.address)
    verb = "replaces" if stood is not None else "stands where the shipped inputs have"
    stood = stood or facts.shipped.get(use.address)
    if stood is None:
        return None
    value, unit = (stood.value, stood.unit) if isinstance(stood, Quantity) else (stood, use.unit)
    return _Before(value, unit, f"{verb} {as_text(value, unit)}")


def _slip_from(use: Use, before: _Before) -> str:
    """Say which slip would make a number of what it replaced; nothing where none would."""
    value, unit = before.value, before.unit
    text = f"{as_text(use.value, use.unit)} {before.words}"
    if use.unit not in UNITS and use.quantity is not None:
        return ""
    if use.unit != unit and use.value == value and value != 0.0:
        return f"{text}: the same number in another unit"
    typed = in_unit(use.value, use.unit, unit)
    if typed < 0.0 < value:
        without = as_text(-use.value, use.unit)
        return f"{text}: a minus sign makes it count the other way round; without it {without}"
    if not (typed > 0.0 and value > 0.0) or math.isclose(typed, value):
        return ""
    slip = slip_between(typed, value, unit)
    return f"{text}: it looks like {slip}: {as_text(value, unit)}" if slip else ""


def _much(use: Use, before: _Before) -> str:
    """Say that a number is many times what it replaced; shares and settings may well be."""
    value, unit = before.value, before.unit
    typed = in_unit(use.value, use.unit, unit)
    share = use.quantity is None or unit not in UNITS or UNITS[unit].dimension in ("proportion", "parameter")
    much = MUCH_MONEY if unit.startswith("GBP") else MUCH
    if share or not (typed > 0.0 and value > 0.0) or 1.0 / much < typed / value < much:
        return ""
    times = max(typed, value) / min(typed, value)
    shown = read(times, 3 if typed > value else 4) if math.isfinite(times) else "(more than 1e308)"
    compared = f"{shown} times that" if typed > value else f"1/{shown} of it"
    return f"{as_text(use.value, use.unit)} {before.words}: {compared}"
