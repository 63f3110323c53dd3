"""Patients who start each year with and without the technology, and what overlaid cohorts cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.draws import Draws
from netcea.errors import InputError, Place, Problem
from netcea.plain_number import read
from netcea.scenario.budget_options import BudgetOptions, BudgetPopulation
from netcea.scenario.scenario import Scenario

BLOCK: Final = "analyses.budget"
ROUNDING: Final = 1e-9
"""Shares may miss a sum by so much."""


@dataclass(frozen=True)
class Cohorts:
    """Patients who start in each year of the budget.

    Attributes
    ----------
    technology : str
        The intervention.
    eligible, uptake : Array (year,)
        Patients who start anything [patients], and the share of them who get the technology [share].
    without, with_it : mapping of strategy -> Array (year,)
        Who start each strategy in the world without and with the technology. [patients]
    """

    technology: str
    eligible: Array
    uptake: Array
    without: Mapping[str, Array]
    with_it: Mapping[str, Array]

    @property
    def years(self) -> int:
        """How many years the budget has."""
        return len(self.eligible)


def overlaid(starting: Array, per_patient: Array) -> Array:
    """Return what cohorts cost that start one after another, each on the first day of its year.

    Parameters
    ----------
    starting : Array (year,)
        Patients who start in each year. [patients]
    per_patient : Array (year,)
        Cost per patient in each year since the start; nothing after the last. [GBP]

    Returns
    -------
    Array (year,)
        [GBP]

    Notes
    -----
    In year y cost_y = sum over k from 1 to y of starting_k x per_patient_(y - k + 1).

    References
    ----------
    Sullivan et al. 2014, ISPOR principles of good practice for budget impact analysis: costs of the years in which
    they are paid, undiscounted.

    Examples
    --------
    >>> overlaid(np.array([10.0, 20.0, 0.0]), np.array([5.0, 1.0])).tolist()
    [50.0, 110.0, 20.0]
    """
    return np.asarray(np.convolve(starting, per_patient)[: len(starting)], dtype=np.float64)


def cohorts_of(scenario: Scenario, options: BudgetOptions, row: Draws) -> Cohorts:
    """Return who starts what, year by year.

    Parameters
    ----------
    scenario : Scenario
    options : BudgetOptions
    row : Draws
        The point estimates.

    Raises
    ------
    InputError
        Nothing to work with, shares that do not add up to 1, or more patients taken from a strategy than have it.
    """
    population = options.population
    _refuse(problem for problem in (*_missing(options), *_wrong_names(scenario, options)))

    def value(address: str | None) -> float:
        return 1.0 if address is None else float(row[address][0, 0])

    market, displaced = shares_of(scenario, options, value)
    _refuse(_wrong_sums(options, market, displaced))
    technology = scenario.file.decision.intervention
    uptake = np.array([value(address) for address in options.uptake])
    eligible = _eligible(population, value, len(uptake)) if population is not None else np.zeros(len(uptake))
    _refuse(_taken_too_many(scenario, uptake, market, displaced))
    names = scenario.strategies
    without = {name: eligible * market.get(name, 0.0) for name in names}
    # no start is below 0: a strategy from which all are taken keeps nobody, not -1e-17
    remain = {n: np.maximum(market.get(n, 0.0) - uptake * displaced.get(n, 0.0), 0.0) for n in names}
    with_it = {name: eligible * (uptake if name == technology else remain[name]) for name in names}
    return Cohorts(technology, eligible, uptake, without, with_it)


def shares_of(
    scenario: Scenario, options: BudgetOptions, value: Callable[[str | None], float]
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the market without the technology, and whom it displaces: strategy -> share.

    Parameters
    ----------
    scenario : Scenario
    options : BudgetOptions
    value : function of an address
        Its number.
    """
    market = {name: value(address) for name, address in options.market.items()}
    market = market or {scenario.file.decision.comparator: 1.0}
    displaced = {name: value(address) for name, address in options.displaced.items()}
    return market, displaced or market


def _eligible(population: BudgetPopulation, value: Callable[[str | None], float], years: int) -> Array:
    """Return the patients who start in each year: new ones in all, those who are there at the start in the first."""
    share = float(np.prod([value(address) for address in population.eligible]))

    def number(count: str | None, rate: str | None) -> float:
        if count is None and rate is None:
            return 0.0
        return share * (value(count) if rate is None else value(population.people) * value(rate))

    found = np.full(years, number(population.patients_per_year, population.incidence))
    found[:1] += number(population.patients_at_start, population.prevalence)
    return found


def _refuse(problems: Iterator[Problem]) -> None:
    found = list(problems)
    if found:
        raise InputError(found)


def _missing(options: BudgetOptions) -> Iterator[Problem]:
    hint = "the analysis needs a block of the scenario: docs/budget_impact.md"
    if options.population is None:
        expected = "who is eligible: patients_per_year, or people with incidence"
        yield Place(f"{BLOCK}.population").problem("nothing", expected, hint)
    if not options.uptake:
        yield Place(f"{BLOCK}.uptake").problem("nothing", "the address of a share for each year of the budget", hint)


def _wrong_names(scenario: Scenario, options: BudgetOptions) -> Iterator[Problem]:
    technology = scenario.file.decision.intervention
    others = [name for name in scenario.strategies if name != technology]
    for field in ("market", "displaced"):
        for name in getattr(options, field):
            if name not in others:
                what = f"{name!r}, the technology itself" if name == technology else repr(name)
                yield Place(f"{BLOCK}.{field}.{name}").problem(what, f"one of {', '.join(others)}")


def _wrong_sums(
    options: BudgetOptions, market: Mapping[str, float], displaced: Mapping[str, float]
) -> Iterator[Problem]:
    for field, shares in (("market", market), ("displaced", displaced)):
        total = sum(shares.values())
        if getattr(options, field) and abs(total - 1.0) > ROUNDING:
            parts = " + ".join(f"{read(share)} ({options_address(options, field, n)})" for n, share in shares.items())
            yield Place(f"{BLOCK}.{field}").problem(f"{parts} = {read(total)}", "shares that add up to 1")


def options_address(options: BudgetOptions, field: str, name: str) -> str:
    """Return the address of a share of the market, or of what is displaced."""
    found: Mapping[str, str] = getattr(options, field)
    return found[name]


def _taken_too_many(
    scenario: Scenario, uptake: Sequence[float] | Array, market: Mapping[str, float], displaced: Mapping[str, float]
) -> Iterator[Problem]:
    for name, share in displaced.items():
        taken = [float(u) * share for u in uptake]
        year = next((k for k, part in enumerate(taken) if part > market.get(name, 0.0) + ROUNDING), None)
        if year is not None:
            found = f"{read(taken[year])} of all patients taken from {scenario.label(name)} in year {year + 1}"
            expected = f"at most the {read(market.get(name, 0.0))} who have it without the technology"
            yield Place(f"{BLOCK}.displaced.{name}").problem(found, expected)
