"""Families as a text, such as royston_parmar:odds:2: what stands for the entries of a curve that name one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from netcea.errors import did_you_mean
from netcea.survival.distributions import FAMILIES

TABLES: Final = ("kaplan_meier", "tabulated")
"""Families that are data and not a choice of shape."""
SPLINES: Final = "royston_parmar:SCALE:KNOTS, such as royston_parmar:odds:2"
WITH_STRUCTURE: Final = {
    "royston_parmar": SPLINES,
    "mixture_cure": "mixture_cure:FAMILY, such as mixture_cure:weibull",
    "non_mixture_cure": "non_mixture_cure:FAMILY, such as non_mixture_cure:weibull",
}
"""Family with a structure that its text says -> what the text is."""
SCALES: Final = ("hazard", "odds", "normal")


def family_fault(text: str, without: Collection[str] = TABLES) -> tuple[str, str] | None:
    """Return what was expected of a text that names no family, and a suggestion; None for one that does.

    Parameters
    ----------
    text : str
        As people write it.
    without : collection of str
        Families that cannot be chosen here.

    Returns
    -------
    (expected, suggestion), or None
        In words; the suggestion '' where there is none.

    Examples
    --------
    >>> family_fault("weibull"), family_fault("weibul")[1], family_fault("royston_parmar:odds")[0]
    (None, "did you mean 'weibull'?", 'royston_parmar:SCALE:KNOTS, such as royston_parmar:odds:2')
    """
    name, *structure = text.split(":")
    known = [family for family in FAMILIES if family not in without]
    if name not in known:
        return f"one of {', '.join(known)}", did_you_mean(name, known)
    if (name in WITH_STRUCTURE) != bool(structure):
        return WITH_STRUCTURE.get(name, name), ""
    if name == "royston_parmar":
        fits = len(structure) == 2 and structure[0] in SCALES and structure[1].isdecimal() and int(structure[1]) > 0
        return None if fits else (SPLINES, "")
    if structure:
        bases = [family for family in known if family not in WITH_STRUCTURE]
        fits = len(structure) == 1 and structure[0] in bases
        return None if fits else (WITH_STRUCTURE[name], did_you_mean(structure[0], bases))
    return None


def entries_of(text: str) -> dict[str, Any]:
    """Return the entries of a curve that a family's text stands for.

    Parameters
    ----------
    text : str
        One without a fault.

    Returns
    -------
    dict of str -> value
        ``distribution``, and what its structure needs.

    Examples
    --------
    >>> entries_of("royston_parmar:odds:2")
    {'distribution': 'royston_parmar', 'scale': 'odds', 'internal_knots': 2}
    >>> entries_of("mixture_cure:weibull"), entries_of("gamma")
    ({'distribution': 'mixture_cure', 'base': 'weibull'}, {'distribution': 'gamma'})
    """
    name, *structure = text.split(":")
    found: dict[str, Any] = {"distribution": name}
    if name == "royston_parmar":
        found |= {"scale": structure[0], "internal_knots": int(structure[1])}
    elif structure:
        found["base"] = structure[0]
    return found
