"""Discount rates in a one-way analysis: only where they are asked for, each with bounds, the others as they are.

They are rules of the decision maker, not evidence (TECH-VER U22), so that no tornado has them unasked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from netcea.analyses.shared.varied_quantities import VariedQuantity
from netcea.blocks import Bounds
from netcea.errors import InputError, Problem
from netcea.plain_number import read
from netcea.scenario.later_rates import Measure
from netcea.scenario.scenario import Scenario

LABELS: Final[Mapping[Measure, str]] = {"costs": "Discount rate of costs", "qalys": "Discount rate of QALYs"}


def rates_of(scenario: Scenario) -> dict[str, tuple[str, float]]:
    """Return address -> what it is called and its value, of every discount rate of a scenario.

    Parameters
    ----------
    scenario : Scenario
        With its settings. [per year]

    Examples
    --------
    >>> from netcea import load
    >>> rates_of(load("pnet"))["settings.discount_rate_qalys"]
    ('Discount rate of QALYs', 0.035)
    """
    found = {}
    for measure, label in LABELS.items():
        for step in scenario.file.settings.rate_steps(measure):
            since = f" from year {read(step.from_year)}" if step.year_at else ""
            found[step.rate_at] = (label + since, step.rate)
    return found


def varied_rates(scenario: Scenario, asked: Mapping[str, Bounds | None], where: str) -> tuple[VariedQuantity, ...]:
    """Return discount rates with the bounds that were asked for.

    Parameters
    ----------
    scenario : Scenario
        With its settings.
    asked : mapping of address -> Bounds, or None
        None where a rate was asked for without bounds.
    where : str
        What messages name as the place of a wrong address.

    Raises
    ------
    InputError
        With every rate without bounds, and every bound that is no rate.
    """
    rates = rates_of(scenario)
    problems = [problem for address, bounds in asked.items() for problem in _problems(address, bounds, where)]
    if problems:
        raise InputError(problems)
    return tuple(
        VariedQuantity(address, *rates[address][:1], "per year", rates[address][1], bounds.low, bounds.high, "given")
        for address, bounds in asked.items()
        if bounds is not None
    )


def _problems(address: str, bounds: Bounds | None, where: str) -> Iterator[Problem]:
    if bounds is None:
        found, hint = "a discount rate without bounds: a rule, not evidence", f"add --bounds {address}=LOW:HIGH"
        yield Problem(where, 0, address, found, "a low and a high value", hint)
        return
    for end in (bounds.low, bounds.high):
        if not 0.0 <= end <= 1.0:
            yield Problem("--bounds", 0, address, read(end), "a discount rate a year, from 0 to 1, such as 0.035")


def with_rate(scenario: Scenario, address: str, rate: float) -> Scenario:
    """Return a scenario with one of its discount rates changed.

    Parameters
    ----------
    scenario : Scenario
        Whose rate is changed.
    address : str
        Of the rate, one of `rates_of`.
    rate : float
        [per year]
    """
    settings = scenario.file.settings
    _, *entries, name = address.split(".")
    if entries:
        later = list(settings.later_discount_rates)
        at = int(entries[1])
        later[at] = later[at].model_copy(update={name: rate})
        changed = settings.model_copy(update={"later_discount_rates": later})
    else:
        changed = settings.model_copy(update={name: rate})
    return replace(scenario, file=scenario.file.model_copy(update={"settings": changed}))
