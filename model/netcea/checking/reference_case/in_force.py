"""Whether a scenario's method pack is the one in force: no later pack of the same value set holds for every topic."""

from __future__ import annotations

from typing import Final

from netcea.checking.reference_case.standing import Standing

PACKS: Final = "decision.method_packs"
A_NUMBER: Final = "threshold_lower"
"""An entry that every pack has; what the pack says of itself is asked for there."""
MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


def said(standing: Standing, pack: str, what: str) -> str:
    """Return what a method pack says of itself; empty where it does not.

    Parameters
    ----------
    standing : Standing
        The scenario before the rules.
    pack : str
        Its name.
    what : str
        Such as value_set, valid_from, applies.
    """
    return standing.inputs.origin(f"{PACKS}.{pack}.{A_NUMBER}", what)


def later_pack(standing: Standing) -> str:
    """Return the latest pack that has replaced the scenario's own; empty where none has.

    Parameters
    ----------
    standing : Standing
        The scenario before the rules.

    Notes
    -----
    A pack with `applies` holds for some topics only and replaces none.
    """
    own = standing.scenario.method_pack.name
    mine = (date_of(said(standing, own, "valid_from")), own)
    others = [
        (date_of(said(standing, pack, "valid_from")), pack)
        for pack in map(str, standing.inputs.raw(PACKS))
        if not said(standing, pack, "applies") and said(standing, pack, "value_set") == said(standing, own, "value_set")
    ]
    later = [one for one in others if one[0] > mine[0]]
    return max(later)[1] if later and mine[0] else ""


def date_of(text: str) -> tuple[int, ...]:
    """Return year, month and day of a date in words, as far as it has them; nothing of anything else.

    Parameters
    ----------
    text : str
        Such as 31 March 2026.

    Examples
    --------
    >>> date_of("31 March 2026"), date_of("March 2026"), date_of("2022"), date_of("soon")
    ((2026, 3, 31), (2026, 3), (2022,), ())
    """
    day, month, year = (*[""] * 3, *text.split())[-3:]
    if not year.isdigit() or (month and month.casefold() not in MONTHS) or (day and not day.isdigit()):
        return ()
    found = (int(year), MONTHS.index(month.casefold()) + 1 if month else 0, int(day) if day else 0)
    return tuple(number for number in found if number)
