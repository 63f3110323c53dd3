"""Which families a curve is given: as a text, and as what it changes in a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any, Final, NamedTuple

from netcea.errors import InputError, Place, Problem
from netcea.plain_number import read
from netcea.scenario.options import SweepOptions
from netcea.scenario.scenario import Scenario
from netcea.survival.curve import Curve
from netcea.survival.family_text import TABLES, entries_of, family_fault

MOST: Final = 5_000
"""Combinations of one sweep."""
NOT_HERE: Final = (*TABLES, "piecewise_exponential")
"""Families that are data and not a choice of shape."""


class Choice(NamedTuple):
    """Families of the curves that are changed.

    Attributes
    ----------
    families : mapping of str -> str
        Address of a curve, or name of an endpoint where all strategies have the same -> family.
    changes : mapping of address -> value
    """

    families: Mapping[str, str]
    changes: Mapping[str, Any]


def choices(scenario: Scenario, options: SweepOptions) -> list[Choice]:
    """Return every combination of families.

    Parameters
    ----------
    scenario : Scenario
    options : SweepOptions

    Raises
    ------
    InputError
        An unknown family; an endpoint without a curve of its own; too many combinations.
    """
    _check(options)
    groups = _groups(scenario, options)
    if not groups:
        expected = f"a curve with a family of its own among {', '.join(options.endpoints)}"
        raise Place("analyses.sweep.endpoints").error("none", expected)
    count = len(options.families) ** len(groups)
    if count > MOST:
        found = f"{read(count)} combinations ({len(options.families)} families of {len(groups)} curves)"
        hint = "fewer families or endpoints, or the same families for all strategies"
        raise Place("analyses.sweep").error(found, f"at most {read(MOST)}", hint)
    made = []
    for families in product(options.families, repeat=len(groups)):
        changes: dict[str, Any] = {}
        for addresses, family in zip(groups.values(), families, strict=True):
            for address in addresses:
                changes |= _changes(address, family, _curve(scenario, address))
        made.append(Choice(dict(zip(groups, families, strict=True)), changes))
    return made


def current(scenario: Scenario, options: SweepOptions) -> Mapping[str, str]:
    """Return the families that the scenario has, by the same names; '' where strategies differ.

    Parameters
    ----------
    scenario : Scenario
    options : SweepOptions
    """
    found = {}
    for name, addresses in _groups(scenario, options).items():
        curves = [_curve(scenario, address) for address in addresses]
        families = {family_of(curve) for curve in curves if curve is not None}
        found[name] = families.pop() if len(families) == 1 else ""
    return found


def family_of(curve: Curve) -> str:
    """Return the family of a curve as a text.

    Parameters
    ----------
    curve : Curve

    Examples
    --------
    >>> family_of(Curve(distribution="weibull", parameters={"shape": "a.b", "scale": "a.c"}))
    'weibull'
    """
    if curve.averaging is not None:
        return f"average ({curve.averaging.rule})"
    parts = (curve.family, curve.scale or curve.base, curve.internal_knots)
    return ":".join(str(part) for part in parts if part is not None)


def _groups(scenario: Scenario, options: SweepOptions) -> dict[str, list[str]]:
    """Return name -> addresses of curves that change together: those with a family of their own."""
    groups: dict[str, list[str]] = {}
    for endpoint in options.endpoints:
        for strategy in scenario.strategies:
            address = f"strategies.{strategy}.{endpoint}"
            if endpoint == "time_on_treatment":
                address = f"{address}.curve"
            curve = _curve(scenario, address)
            if curve is not None and curve.distribution is not None and curve.distribution not in NOT_HERE:
                groups.setdefault(address if options.different_arms else endpoint, []).append(address)
    return groups


def _curve(scenario: Scenario, address: str) -> Curve | None:
    _, strategy, endpoint, *_ = address.split(".")
    found = scenario.file.strategies[strategy]
    return found.time_on_treatment.curve if endpoint == "time_on_treatment" else getattr(found, endpoint)


def _check(options: SweepOptions) -> None:
    problems: list[Problem] = []
    for number, family in enumerate(options.families):
        fault = family_fault(family, NOT_HERE)
        if fault is not None:
            problems.append(Place(f"analyses.sweep.families.{number}").problem(repr(family), *fault))
    if problems:
        raise InputError(problems)


def _changes(address: str, family: str, curve: Curve | None) -> dict[str, Any]:
    """Return what gives a curve a family; the structure of the family that it had goes with it."""
    had = {part: None for part in ("scale", "internal_knots", "base") if getattr(curve, part, None) is not None}
    return {f"{address}.{entry}": value for entry, value in {**had, **entries_of(family)}.items()}
