"""Rules on how uncertain a number is: not central in its interval, an interval on the wrong scale, SD typed for SE."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

from netcea.plain_number import read
from netcea.plausibility.facts import Doubt, Facts
from netcea.plausibility.slips import as_text, slip_between
from netcea.quantities.limits import ends_of, limits_of_unit
from netcea.quantities.quantity import Quantity
from netcea.quantities.units import UNITS
from netcea.uncertainty.ci95 import SCALES, Ci95
from netcea.uncertainty.drawn_family import DrawnFamily
from netcea.uncertainty.normal import HALF_WIDTH
from netcea.uncertainty.uniform import Uniform

LOPSIDED: Final = 1.6
"""How many times one half of an interval is the other, on its scale, before the value is not central."""
LOPSIDED_MEDIAN: Final = 5.0
"""The same of durations: Kaplan-Meier intervals of medians are far from symmetric."""
WIDE: Final[Mapping[str, float]] = {
    "money": 0.6,
    "frequency": 0.6,
    "duration": 0.6,
    "ratio": 0.8,
    "utility": 0.6,
    "parameter": 0.6,
}
"""Dimension -> standard error over the value (of a ratio: of the logarithm) beyond which it looks like an SD."""
WIDEST_UTILITY: Final = 0.1
"""Standard error of the mean utility of a state; the SD between patients is 0.2 to 0.3."""
FEWEST: Final = 8.0
"""Patients behind a share, at least."""
MOST: Final = 20_000.0
"""Patients behind a share, at most."""
NARROW: Final = 0.005
"""Standard error over the value of costs, frequencies and durations below which it looks like another number."""
BETWEEN_PATIENTS: Final = 0.22
"""Standard deviation of utility between patients [utility]; published ones are 0.2 to 0.3."""
FINEST_UTILITY: Final = BETWEEN_PATIENTS / math.sqrt(MOST)
"""Standard error of a mean utility, at least."""
MOST_EVENTS: Final = 2500.0
"""Events behind a hazard ratio of advanced cancer, at most: 4 / events is the variance of its logarithm."""
SQUARED: Final = 0.03
"""How closely a standard error must meet the square of another to look like the variance."""
HALVED: Final = 0.02
"""How closely a standard error must be 1.96 times another to look like half the width of an interval."""
TIMES: Final = 8.0
"""How many times the standard error that it replaces one is, or its inverse, before it is a doubt."""
SD_FOR_SE: Final = 3.5
"""Standard error of a log hazard ratio over that if everybody had the event, above which it is too wide."""


def intervals(facts: Facts) -> Iterator[Doubt]:
    """Yield values that are not central in their interval, and intervals on a scale that does not fit the unit.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    for address, quantity, given in facts.uncertain:
        moved = _moved(facts, address, quantity)
        if isinstance(given, Ci95):
            yield from ((address, text) for text in _off_centre(quantity, given) if not moved)
            dimension = UNITS[quantity.unit].dimension
            if given.scale == "identity" and dimension in ("ratio", "proportion", "utility"):
                yield address, _wrong_scale(dimension)
        elif isinstance(given, Uniform) and not moved and not _within(quantity, given):
            ends = f"{read(given.low)} to {read(given.high)}"
            yield address, f"{read(quantity.value)} lies at the edge of its uniform distribution from {ends}"


def _moved(facts: Facts, address: str, quantity: Quantity) -> bool:
    """Say whether a change moved the value alone: its interval is that of another value, which is no slip."""
    before = facts.replaced.get(address)
    return (
        isinstance(before, Quantity) and before.value != quantity.value and before.uncertainty == quantity.uncertainty
    )


def _within(quantity: Quantity, given: Uniform) -> bool:
    """Say whether a value is well within its distribution, or at an end that is the number's own: all tablets taken."""
    value, (lowest, highest, _) = quantity.value, ends_of([limits_of_unit(quantity.unit)])
    if value == given.low == lowest or value == given.high == highest:
        return True
    return 0.1 <= (value - given.low) / (given.high - given.low) <= 0.9


def _wrong_scale(dimension: str) -> str:
    better = {
        "ratio": "`scale: log`",
        "proportion": "a beta distribution, or `scale: complementary_log_log` for a survival",
        "utility": "a beta distribution, or a gamma distribution of a decrement",
    }
    return (
        f"ci95 on the identity scale for a {dimension}: a normal distribution reaches impossible values; "
        f"use {better[dimension]}"
    )


def _off_centre(quantity: Quantity, given: Ci95) -> Iterator[str]:
    """Yield how far a value is from the middle of its interval, and in which intervals it would be central."""
    to_scale = SCALES[given.scale].to_scale
    value = quantity.value
    if (given.scale == "log" and value <= 0.0) or (given.scale == "complementary_log_log" and not 0.0 < value < 1.0):
        return
    low, middle, high = (to_scale(x) for x in (given.low, value, given.high))
    below, above = abs(middle - low), abs(high - middle)
    slack = _rounding(given.low, to_scale) + _rounding(given.high, to_scale) + _rounding(value, to_scale)
    limit = LOPSIDED_MEDIAN if UNITS[quantity.unit].dimension == "duration" else LOPSIDED
    wide, narrow = max(below, above), min(below, above)
    if wide - slack <= limit * (narrow + slack):
        return
    ends = f"{read(given.low)} to {read(given.high)}"
    times = f"one half is {wide / narrow:.1f} times the other" if narrow > 0.0 else "it lies at one end"
    text = f"{read(value)} is not central in its interval of {ends} on the {SCALES[given.scale].words}: {times}"
    if given.scale != "complementary_log_log":
        text += f"; it would be central in {_mirrored(value, given)}"
    misplaced = _decimal(value, given)
    yield f"{text}; {misplaced}" if misplaced else text


def _rounding(x: float, to_scale: object) -> float:
    """Return half a unit of the last digit of a number, on a scale."""
    digits = len(repr(float(x)).partition(".")[2]) if float(x) != int(x) else 0
    half = 0.5 * 10.0**-digits
    if to_scale is math.log:
        return half / abs(x) if x else half
    return half if to_scale is float else 0.02


def _mirrored(value: float, given: Ci95) -> str:
    """Return the two intervals that keep one end and mirror it at the value."""
    log = given.scale == "log"
    high = value**2 / given.low if log else 2.0 * value - given.low
    low = value**2 / given.high if log else 2.0 * value - given.high
    return f"{read(given.low)} to {read(high, 3)}, or in {read(low, 3)} to {read(given.high)}"


def _decimal(value: float, given: Ci95) -> str:
    """Say which end would make the value central if its decimal point was moved: the narrowest interval of these."""
    to_scale = SCALES[given.scale].to_scale
    best: list[tuple[float, str]] = []
    for name, end, other in (("high", given.high, given.low), ("low", given.low, given.high)):
        for factor in (0.1, 10.0):
            moved = end * factor
            if (moved > value) != (name == "high") or moved <= 0.0 or given.scale == "complementary_log_log":
                continue
            halves = abs(to_scale(moved) - to_scale(value)), abs(to_scale(value) - to_scale(other))
            if min(halves) > 0.0 and max(halves) / min(halves) <= LOPSIDED:
                best.append((max(moved, other) / min(moved, other), f"{read(end)} may be {read(moved)}"))
    return min(best)[1] if best else ""


def standard_errors(facts: Facts) -> Iterator[Doubt]:
    """Yield standard errors that look like the standard deviation between patients, or far too small.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    roles = {use.address: use.role for use in facts.uses}
    for address, quantity, given in facts.uncertain:
        if not isinstance(given, Uniform) and not _moved(facts, address, quantity):
            found = _doubtful_error(facts, address, quantity, given, roles.get(address, ""))
            yield from ((address, text) for text in found)


_STATES: Final = frozenset(
    f"utilities.{name}"
    for name in (
        "progression_free",
        "progressed",
        "off_treatment_progression_free",
        "off_treatment_progressed",
        "beyond",
    )
)


def _doubtful_error(facts: Facts, address: str, quantity: Quantity, given: DrawnFamily, role: str) -> Iterator[str]:
    dimension, value, log_se = UNITS[quantity.unit].dimension, quantity.value, given.log_standard_error
    se = given.sd(value) if log_se is None else log_se * value
    changed = _against_replaced(facts, address, quantity, se)
    if changed:
        yield changed
    elif dimension == "proportion" and log_se is None:
        yield from _behind_a_share(value, se)
    elif dimension == "utility" and (role in _STATES or 0.0 < se < FINEST_UTILITY):
        yield from _behind_a_utility(se)
    elif dimension == "ratio" and log_se is not None and (n := _trial_of(facts, address)):
        yield from _behind_a_ratio(log_se, n)
    elif dimension in WIDE and value > 0.0:
        yield from _relative(quantity, se, log_se)


def _against_replaced(facts: Facts, address: str, quantity: Quantity, se: float) -> str:
    """Say what a standard error looks like beside that which it replaced; nothing where it may well be."""
    before = facts.replaced.get(address) or facts.shipped.get(address)
    given = before.uncertainty.given if isinstance(before, Quantity) else None
    if not isinstance(before, Quantity) or not isinstance(given, DrawnFamily) or before.value != quantity.value:
        return ""
    ours = quantity.uncertainty.given
    if isinstance(ours, Ci95) and isinstance(given, Ci95) and (end := _misplaced_end(quantity, ours, given)):
        return end
    log_se = [g.log_standard_error for g in (ours, given) if isinstance(g, DrawnFamily)]
    now, was = (log_se[0], log_se[1]) if None not in log_se and len(log_se) == 2 else (se, given.sd(before.value))
    if not now or not was or math.isclose(now, was):
        return ""
    text = f"a standard error of {read(now, 3)} in place of {read(was, 3)}"
    if math.isclose(now, was**2, rel_tol=SQUARED) and not was > 1.0 - SQUARED:
        return f"{text}: it looks like the variance, whose root is {read(math.sqrt(now), 3)}"
    if math.isclose(now / was, HALF_WIDTH, rel_tol=HALVED):
        return f"{text}: it looks like half the width of the 95% interval, 1.96 standard errors"
    if UNITS[quantity.unit].dimension == "proportion" and (tenth := _ten_times_the_patients(now, was)):
        return f"{text}: {tenth} the patients"
    if now / was >= TIMES or was / now >= TIMES:
        times = f"{read(now / was, 3)} times that" if now > was else f"1/{read(was / now, 3)} of it"
        hint = "a standard deviation between patients" if now > was else "a variance, a percentage or a half width"
        return f"{text}, {times}: it looks like {hint}, or a decimal point is misplaced"
    return ""


def _ten_times_the_patients(now: float, was: float) -> str:
    """Say that a standard error is that of ten times or a tenth of the patients; nothing where it is not."""
    for factor, words in ((10.0, "it is that of ten times"), (0.1, "it is that of a tenth of")):
        if math.isclose((was / now) ** 2, factor, rel_tol=SQUARED):
            return words
    return ""


def _misplaced_end(quantity: Quantity, given: Ci95, before: Ci95) -> str:
    """Say which end of an interval looks like a slip of the end that it replaced; nothing where none does."""
    for name in ("low", "high"):
        now, was = getattr(given, name), getattr(before, name)
        slip = slip_between(now, was, quantity.unit) if now > 0.0 and was > 0.0 and now != was else ""
        if slip:
            return f"the {name} end of the interval, {read(now)}, replaces {read(was)}: it looks like {slip}"
    return ""


def _behind_a_utility(se: float) -> Iterator[str]:
    """Yield a doubt about the number of patients that a mean utility's standard error stands for."""
    patients = (BETWEEN_PATIENTS / se) ** 2 if se > 0.0 else 0.0
    if se > WIDEST_UTILITY:
        text = f"a standard error of {read(se, 3)} is that of very few patients"
        looks = "it looks like the standard deviation between patients"
        yield f"{text}: {looks}; of 200 patients the standard error would be {read(se / math.sqrt(200), 2)}"
    elif patients > MOST:
        text = f"a standard error of {read(se, 2)} is that of {patients:,.0f} patients: implausibly narrow"
        yield (
            f"{text}; as a variance its root would be {read(math.sqrt(se), 2)}, "
            f"as a percentage it would be {read(100 * se, 2)}"
        )


def _relative(quantity: Quantity, se: float, log_se: float | None) -> Iterator[str]:
    """Yield a doubt about a standard error far from what is usual beside the value."""
    dimension, value = UNITS[quantity.unit].dimension, quantity.value
    relative = log_se if log_se is not None else se / value
    of = f"a standard error of {read(relative, 3)} times {as_text(value, quantity.unit)} is implausibly"
    if relative > WIDE[dimension]:
        yield f"{of} wide: it looks like the standard deviation between patients"
    elif dimension == "ratio" and log_se is not None and 4.0 / log_se**2 > MOST_EVENTS:
        text = f"a standard error of {read(log_se, 2)} of the logarithm needs {4.0 / log_se**2:,.0f} events"
        yield (
            f"{text}: the interval looks too narrow, or a variance was "
            f"typed, whose root is {read(math.sqrt(log_se), 2)}"
        )
    elif dimension in ("money", "frequency", "duration") and 0.0 < relative < NARROW:
        yield f"{of} narrow: is it a share of the value (`se_relative`), or a percentage?"


def _behind_a_share(value: float, se: float) -> Iterator[str]:
    """Yield a doubt about the number of patients that a share's standard error stands for."""
    if not 0.0 < value < 1.0 or se <= 0.0:
        return
    patients = value * (1.0 - value) / se**2 - 1.0
    if patients < FEWEST:
        yield (
            f"a standard error of {read(se, 3)} is that of {read(max(patients, 0), 2)} "
            "patients: it looks like the standard "
            "deviation between patients, or of too few of them"
        )
    elif patients > MOST:
        yield f"a standard error of {read(se, 2)} is that of {patients:,.0f} patients: implausibly narrow"


def _behind_a_ratio(log_se: float, n: tuple[float, float]) -> Iterator[str]:
    """Yield a doubt about a ratio's standard error, given the patients of both arms."""
    least = math.sqrt(1.0 / n[0] + 1.0 / n[1])
    patients = f"{read(n[0])} and {read(n[1])} patients"
    if log_se < 0.85 * least:
        yield (
            f"a standard error of {read(log_se, 2)} of the logarithm is less than {patients} can give "
            f"({read(least, 2)} if all had the event): the interval, or a number of patients, looks wrong"
            f"{_as_variance(log_se, least)}"
        )
    elif log_se > SD_FOR_SE * least:
        yield (
            f"a standard error of {read(log_se, 2)} of the logarithm is "
            f"{log_se / least:.1f} times what {patients} give "
            "if all had the event: it looks like a standard deviation, or an end of the interval is wrong"
        )


def _as_variance(log_se: float, least: float) -> str:
    """Say that a standard error would be usual as a variance; nothing where it would not."""
    root = math.sqrt(log_se)
    return f"; as a variance its root is {read(root, 2)}" if least <= root <= SD_FOR_SE * least else ""


def _trial_of(facts: Facts, address: str) -> tuple[float, float] | None:
    """Return the patients of both arms of the trial of a hazard ratio; of OS those of the strategy's PFS."""
    above, _, name = address.rpartition(".")
    if name != "hazard_ratio":
        return None
    groups = [above] if facts.arms(above) else _pfs_beside(facts, address)
    for group in groups:
        arms = facts.arms(group)
        found = [facts.sibling(f"{group}.patients_{arm}") for arm in arms]
        numbers = [quantity.value for quantity in found if quantity is not None]
        if len(numbers) == 2 and min(numbers) >= 1.0:
            return numbers[0], numbers[1]
    return None


def _pfs_beside(facts: Facts, address: str) -> list[str]:
    """Return the trials of PFS, in the same file as a hazard ratio of OS, of the strategies that have it."""
    file = ".".join(address.split(".")[:-2])
    strategies = facts.scenario.file.strategies.values()
    trials = [one.pfs.trial for one in strategies if one.os.hazard_ratio == address and one.pfs.trial]
    return [trial for trial in trials if trial.rpartition(".")[0] == file]
