"""Which families a curve is given: as a text, and as what it changes in a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any, Final, NamedTuple, get_args

from netcea.errors import InputError, Place, Problem, did_you_mean
from netcea.plain_number import read
from netcea.scenario.options import SweepOptions
from netcea.scenario.scenario import Scenario
from netcea.survival.curve import Curve, DistributionName

MOST: Final = 5_000
"""Combinations of one sweep."""
STRUCTURES: Final = ("royston_parmar", "mixture_cure", "non_mixture_cure")
NOT_HERE: Final = ("kaplan_meier", "tabulated", "piecewise_exponential")
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
                changes |= _changes(address, family)
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
    parts = (curve.distribution, curve.scale or curve.base, curve.internal_knots)
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
    known = [name for name in get_args(DistributionName) if name not in NOT_HERE]
    problems: list[Problem] = []
    for number, family in enumerate(options.families):
        name, *structure = family.split(":")
        place = Place(f"analyses.sweep.families.{number}")
        if name not in known:
            problems.append(place.problem(repr(family), f"one of {', '.join(known)}", did_you_mean(name, known)))
        elif (name in STRUCTURES) != bool(structure):
            expected = {
                "royston_parmar": "royston_parmar:SCALE:KNOTS, such as royston_parmar:odds:2",
                "mixture_cure": "mixture_cure:FAMILY, such as mixture_cure:weibull",
                "non_mixture_cure": "non_mixture_cure:FAMILY, such as non_mixture_cure:weibull",
            }.get(name, name)
            problems.append(place.problem(repr(family), expected))
        elif name == "royston_parmar" and (len(structure) != 2 or not structure[1].isdecimal()):
            problems.append(place.problem(repr(family), "royston_parmar:SCALE:KNOTS, such as royston_parmar:odds:2"))
    if problems:
        raise InputError(problems)


def _changes(address: str, family: str) -> dict[str, Any]:
    """Return what gives a curve a family."""
    name, *structure = family.split(":")
    found: dict[str, Any] = {f"{address}.distribution": name}
    if name == "royston_parmar":
        found |= {f"{address}.scale": structure[0], f"{address}.internal_knots": int(structure[1])}
    elif structure:
        found[f"{address}.base"] = structure[0]
    return found
