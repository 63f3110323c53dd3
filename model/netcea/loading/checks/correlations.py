"""The rank correlations that a scenario states are between numbers that are drawn, and can hold together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from netcea.errors import InputError, ModelWarning, Place, Problem, did_you_mean
from netcea.plain_number import read
from netcea.sampling.correlation import correlated_groups
from netcea.sampling.sources import fed_into_fits
from netcea.scenario.options import CorrelatedPair
from netcea.scenario.scenario import Scenario

STATED_AT: Final = "analyses.psa.correlations"


def check_correlations(scenario: Scenario, place: Callable[[str], Place]) -> None:
    """Refuse correlations of numbers that are not drawn, that are not in use, or that cannot hold together.

    Parameters
    ----------
    scenario : Scenario
        That states them.
    place : callable
        Address -> where it stands.

    Raises
    ------
    InputError
        With every problem.
    """
    problems = list(_faults_of_pairs(scenario, place))
    if not problems:
        try:
            correlated_groups(scenario)
        except ValueError as error:
            expected = "correlations of which a positive definite matrix can be made"
            hint = "make them weaker, or state the missing ones"
            problems.append(place(STATED_AT).problem(str(error), expected, hint))
    if problems:
        raise InputError(problems)


def without_unused_correlations(scenario: Scenario) -> Scenario:
    """Return a scenario without the correlations of numbers that it does not draw, and a warning for each.

    For a scenario to which another one's changes were added: they may have replaced the curve or the cost that a
    correlation was stated for.

    Parameters
    ----------
    scenario : Scenario
        One with the changes of another.
    """
    known, psa = _drawn(scenario), scenario.file.analyses.psa
    kept = [pair for pair in psa.correlations if {pair.first, pair.second} <= known]
    if len(kept) == len(psa.correlations):
        return scenario
    dropped = [
        ModelWarning(
            "correlation",
            STATED_AT,
            f"the rank correlation of {pair.first} and {pair.second} does not apply here: "
            f"{' and '.join(a for a in (pair.first, pair.second) if a not in known)} is not drawn",
        )
        for pair in psa.correlations
        if pair not in kept
    ]
    analyses = scenario.file.analyses.model_copy(update={"psa": psa.model_copy(update={"correlations": kept})})
    file = scenario.file.model_copy(update={"analyses": analyses})
    return replace(scenario, file=file, warnings=(*scenario.warnings, *dropped))


def _faults_of_pairs(scenario: Scenario, place: Callable[[str], Place]) -> Iterator[Problem]:
    known, stated = _drawn(scenario), dict[frozenset[str], int]()
    for index, pair in enumerate(scenario.file.analyses.psa.correlations):
        above, both = f"{STATED_AT}.{index}", frozenset((pair.first, pair.second))
        first = stated.setdefault(both, index)
        if first != index:
            found = f"{pair.first} and {pair.second}, which number {first + 1} of the list correlates already"
            yield place(above).problem(found, "each pair once")
        for name, address in (("first", pair.first), ("second", pair.second)):
            if address not in known:
                expected = "the address of an uncertain number that this scenario uses"
                hint = did_you_mean(address, sorted(known))
                yield place(f"{above}.{name}").problem(_why_not(scenario, address), expected, hint)
        yield from _faults_of_pair(scenario, pair, place(above))


def _faults_of_pair(scenario: Scenario, pair: CorrelatedPair, where: Place) -> Iterator[Problem]:
    """Yield what one pair cannot be."""
    if any({pair.first, pair.second} <= set(joint.addresses) for joint in scenario.joint):
        found = f"{pair.first} and {pair.second}, which were estimated together: their covariance is known"
        yield where.problem(found, "two numbers of which one was estimated apart from the other")
    rho = scenario.quantities[pair.rank_correlation].value
    if not -1.0 < rho < 1.0 or pair.first == pair.second:
        found = f"a rank correlation of {read(rho)} between {pair.first} and {pair.second}"
        yield where.problem(found, "one between -1 and 1, of two numbers")


def _why_not(scenario: Scenario, address: str) -> str:
    """Return an address of what is not drawn by itself, with the reason where it is a number in use."""
    quantity = scenario.quantities.get(address)
    if quantity is None:
        return repr(address)
    if quantity.is_uncertain:
        return f"'{address}', a published figure in whose place the parameters of its fit are drawn"
    family = quantity.uncertainty.given
    return f"'{address}', " + (f"one of several {family.together}" if family.together else f"which is {family.name}")


def _drawn(scenario: Scenario) -> set[str]:
    """Return the addresses of what is drawn: uncertain numbers that feed no fit, and numbers estimated together."""
    single = {address for address, quantity in scenario.quantities.items() if quantity.is_uncertain}
    together = {address for joint in scenario.joint for address in joint.addresses}
    return (single - fed_into_fits(scenario)) | together
