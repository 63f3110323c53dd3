"""Numbers as people write them - 45%, 48 months, £5,143.00, 5k - and how the model wants them, the same at every door.

A number in a file, an option, a batch, a table or a cell is digits with a decimal point; its unit stands beside it.
What is written otherwise is refused with the number to write, never guessed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final

from netcea.plain_number import typed
from netcea.quantities.units import UNITS

_WORDS: Final[Mapping[str, str]] = {
    "years": r"years?|yrs?\.?|y|annum",
    "months": r"months?|mths?\.?|mos?\.?",
    "weeks": r"weeks?|wks?\.?|w",
    "days": r"days?|d",
    "per year": r"(per|a|/) ?(year|yr|annum)|/ ?y|yearly|annually|p\.?a\.?",
    "per month": r"(per|a|/) ?month|monthly",
    "per week": r"(per|a|/) ?week|weekly",
    "per day": r"(per|a|/) ?day|daily",
    "GBP": r"gbp|£|pounds?( sterling)?|sterling",
    "GBP/QALY": r"(gbp|£|pounds?) ?(per|/) ?qalys?",
    "QALYs": r"qalys?",
    "patients": r"patients?|people|persons?",
    "deaths": r"deaths?",
    "tablets": r"tablets?|pills?",
    "mg": r"mg|milligrams?",
    "mg/m2": r"mg ?/ ?m(2|²)",
    "mg/kg": r"mg ?/ ?kg",
    "kg": r"kg|kilograms?|kilos?",
    "m2": r"m(2|²)",
}
"""Unit -> how people write it; compiled when one is looked for."""
_TIMES: Final = {"k": 1e3, "thousand": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "bn": 1e9, "billion": 1e9}
_PERCENT: Final = re.compile(r"%|percent|per cent|pct", re.IGNORECASE)
_FOREIGN: Final = re.compile(r"\$|us\$|usd|€|eur|euros?|dollars?", re.IGNORECASE)
_WRITTEN: Final = re.compile(
    r"(?P<before>£|gbp|\$|us\$|usd|€|eur)? ?"
    r"(?P<number>[-+]?(?:[0-9][0-9 ,.'_]*|\.[0-9]+)(?:e[-+]?[0-9]+)?)(?P<after>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SPACES: Final = re.compile("[\u00a0\u2009\u202f]")
_PLAIN: Final = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[-+]?[0-9]+)?", re.IGNORECASE)
_GROUPED: Final = re.compile(
    r"[-+]?[1-9][0-9]{0,2}(?P<group>[ ,.'])[0-9]{3}(?:(?P=group)[0-9]{3})*(?P<rest>[.,][0-9]*)?"
)
_LONGEST: Final = 60
"""Texts beyond it are no numbers with a unit. [characters]"""


def number_hint(text: str, unit: str = "") -> str:
    """Return how to write a number that was read as text; empty where it is none.

    Parameters
    ----------
    text : str
        What stands in place of a number.
    unit : str
        That it is wanted in, where that is known.

    Examples
    --------
    >>> number_hint("45%"), number_hint("5,143.00"), number_hint("lifetime")
    ('write 0.45', 'write 5143.00, without thousands separators', '')
    >>> number_hint("48 months", "months"), number_hint("4 years", "months")
    ('write 48, the number alone: the unit is months', 'write 48: 4 years are 48 months')
    >>> number_hint("48 months"), number_hint("£5,143")
    ('write the number alone, in the unit that inputs/ gives it', 'write 5143, the number alone')
    """
    bare = _SPACES.sub(" ", text.strip()).replace("\u2212", "-").replace("\u2019", "'")
    found = _WRITTEN.fullmatch(bare) if len(bare) <= _LONGEST else None
    if found is None:
        return "write it with the digits 0-9" if re.fullmatch(r"[-+]?\d+(\.\d*)?", bare) else ""
    plain, note = _plain(found["number"].strip())
    after, before = found["after"].strip(), found["before"] or ""
    if not plain or math.isinf(float(plain)):
        return note
    if before or after:
        return _with_words(plain, before, after, unit)
    return (
        f"write {plain}{note}" if note else f"write {plain}, {'without quotes' if bare == text else 'the number alone'}"
    )


def _plain(number: str) -> tuple[str, str]:
    """Return digits and a point, and what was wrong; no digits where more than one number could be meant."""
    if "_" in number:
        return number.replace("_", ""), ": numbers have no underscores"
    if _PLAIN.fullmatch(number):
        return number, ""
    grouped = _GROUPED.fullmatch(number)
    if grouped is not None:
        plain = number.replace(grouped["group"], "").replace(",", ".")
        if grouped["group"] == "," and number.count(",") == 1 and not grouped["rest"]:
            return (
                plain,
                f", without thousands separators (or {number.replace(',', '.')} if the comma is a decimal one)",
            )
        return plain, ", without thousands separators"
    if re.fullmatch(r"[-+]?[0-9]+,[0-9]+", number):
        return number.replace(",", "."), ": numbers have a decimal point"
    return "", "numbers have a decimal point and no thousands separators" if re.search(r"[,' ]", number) else ""


def _with_words(plain: str, before: str, after: str, unit: str) -> str:
    """Return how to write a number that has a currency before it, or a unit, a percent sign or a multiple after it."""
    value = float(plain)
    if _FOREIGN.fullmatch(before) or _FOREIGN.fullmatch(after):
        return "write the amount in GBP, the number alone"
    if _PERCENT.fullmatch(after) and not before:
        return f"write {typed(value / 100, 12)}" if _is_share(unit) else _another(unit, "a percentage")
    if after.lower() in _TIMES and (before or unit in ("", "GBP", "GBP/QALY", "patients", "number")):
        return f"write {typed(value * _TIMES[after.lower()], 12)}"
    after = f"{before} {after}".strip() if before and after else after or before
    written = next((known for known, words in _WORDS.items() if re.fullmatch(words, after, re.IGNORECASE)), "")
    if not written:
        return ""
    return _in_unit(plain, written, unit)


def _is_share(unit: str) -> bool:
    return not unit or UNITS[unit].dimension in ("proportion", "ratio", "utility", "parameter", "number")


def _in_unit(plain: str, written: str, unit: str) -> str:
    """Return how to write a number that stands with a unit, in the unit that is wanted."""
    if not unit:
        alone = f"write {plain}, the number alone"
        return alone if written == "GBP" else "write the number alone, in the unit that inputs/ gives it"
    if written == unit:
        return f"write {plain}, the number alone" + (f": the unit is {unit}" if unit != "GBP" else "")
    same = UNITS[written].dimension == UNITS[unit].dimension and UNITS[unit].dimension in ("duration", "frequency")
    if not same:
        return _another(unit, written)
    converted = typed(float(plain) * UNITS[written].to_model / UNITS[unit].to_model, 6)
    return f"write {converted}: {plain} {written} are {converted} {unit}"


def _another(unit: str, written: str) -> str:
    return f"the unit here is {unit}, not {written}"
