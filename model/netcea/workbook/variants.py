"""The scenarios of a workbook and in what they differ: numbers and choices, each option once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from netcea.cohort.timeline import timeline
from netcea.engine.point_estimates import base_case
from netcea.scenario.later_rates import Measure
from netcea.scenario.scenario import Scenario
from netcea.workbook.choice import Choice, CurveChoices
from netcea.workbook.curve_choices import curve_choices
from netcea.workbook.curve_misfits import circle, not_in_formulas
from netcea.workbook.formulas.formula import NotInFormulasError
from netcea.workbook.structural_choices import structural_choices
from netcea.workbook.titles import titles_of

NUMBERS_OF_SETTINGS: Final = ("horizon_years", "cycle_days", "discount_rate_costs", "discount_rate_qalys")

MEASURES: Final[tuple[Measure, ...]] = ("costs", "qalys")


@dataclass(frozen=True)
class Variants:
    """Scenarios that fit one workbook, and in what they differ.

    Attributes
    ----------
    given : tuple of Scenario
        In their order, those that do not fit too.
    scenarios : tuple of Scenario
        The one that is exported first.
    titles : tuple of str
        What the selector calls them; no two are alike.
    refused : tuple of (name, reason)
    cycles : int
        Rows of the traces.
    curves : mapping of address -> CurveChoices
    choices : mapping of address -> Choice
        All others: settings, cost items, utilities, adverse events, tables.
    numbers : mapping of address -> list of float
        For each scenario the number in the unit of inputs/; nan where it does not use it.
    """

    given: tuple[Scenario, ...]
    scenarios: tuple[Scenario, ...]
    titles: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    cycles: int
    curves: Mapping[str, CurveChoices]
    choices: Mapping[str, Choice]
    numbers: Mapping[str, Sequence[float]]

    @property
    def base(self) -> Scenario:
        """The scenario that is exported."""
        return self.scenarios[0]

    @property
    def all_choices(self) -> tuple[Choice, ...]:
        """Every choice, those of curves first."""
        return (*(c for curve in self.curves.values() for c in curve.choices), *self.choices.values())

    def values(self, address: str) -> list[float]:
        """Return the numbers that scenarios have at an address, without those that do not use it."""
        return [value for value in self.numbers[address] if not math.isnan(value)]

    def taking(self, choice: Choice) -> list[Scenario]:
        """Return for each option of a choice the first scenario that takes it; there is one for each."""
        return [self.scenarios[choice.taken.index(number)] for number in range(len(choice.options))]


def variants_of(scenarios: Sequence[Scenario], cycles: int | None = None) -> Variants:
    """Return what scenarios differ in; those that do not fit the first one's sheets are refused with the reason.

    Raises
    ------
    NotInFormulasError
        The first scenario has a curve that cells cannot hold.
    """
    base = scenarios[0]
    rows = cycles or n_cycles(base)
    why = not_in_formulas(base)
    if why:
        raise NotInFormulasError(why)
    reasons, fitting = [""], [base]
    for scenario in scenarios[1:]:
        reasons.append(misfit(base, scenario, rows) or not_in_formulas(scenario) or circle(fitting, scenario))
        if not reasons[-1]:
            fitting.append(scenario)
    return Variants(
        given=tuple(scenarios),
        scenarios=tuple(fitting),
        titles=titles_of(fitting),
        refused=tuple((s.file.name, reason) for s, reason in zip(scenarios, reasons, strict=True) if reason),
        cycles=rows,
        curves=curve_choices(fitting),
        choices=structural_choices(fitting),
        numbers=_numbers(fitting),
    )


def n_cycles(scenario: Scenario) -> int:
    """Return how many cycles a scenario has."""
    settings = scenario.file.settings
    return timeline(settings.horizon_years, settings.cycle_days).n_cycles


def misfit(base: Scenario, other: Scenario, rows: int) -> str:
    """Return why a scenario does not fit the sheets of another; empty if it does."""
    if not same_population(base, other):
        return "another population"
    if other.strategies != base.strategies:
        return f"other strategies: {', '.join(other.label(s) for s in other.strategies)}"
    mine, its = (
        (d.intervention, d.comparator, d.established_practice) for d in (base.file.decision, other.file.decision)
    )
    if mine != its:
        return "another intervention, comparator or established practice"
    if n_cycles(other) > rows:
        return f"{n_cycles(other)} cycles; these sheets have {rows} (export it by itself)"
    if _rate_addresses(other) != _rate_addresses(base):
        return "discount rates that change another number of times, or of something else (export it by itself)"
    address = _in_other_money(base, other)
    return f"another unit, price year or price index of {address} (export it by itself)" if address else ""


def _in_other_money(base: Scenario, other: Scenario) -> str:
    """Return the first number of both whose unit, price year or price index differs; '' where none does."""
    for address, mine in base.quantities.items():
        its = other.quantities.get(address, mine)
        if its is not mine and (its.unit, its.price_year, its.index) != (mine.unit, mine.price_year, mine.index):
            return address
    return ""


def same_population(base: Scenario, other: Scenario) -> bool:
    """Say whether scenarios are of one population: nobody compares costs of another's, so that no file holds both."""
    mine, its = (s.file.decision_problem.population for s in (base, other))
    return " ".join(mine.split()) == " ".join(its.split())


def _rate_addresses(scenario: Scenario) -> tuple[str, ...]:
    """Return the addresses of discount rates that hold from a year on, and of those years."""
    steps = (step for measure in MEASURES for step in scenario.file.settings.rate_steps(measure)[1:])
    return tuple(sorted({address for step in steps for address in (step.year_at, step.rate_at)}))


def _numbers(scenarios: Sequence[Scenario]) -> dict[str, list[float]]:
    """Return address -> its number in each scenario: of inputs/ in its unit, of a fit in model units, of settings."""
    found: dict[str, list[float]] = {}
    for i, scenario in enumerate(scenarios):
        settings = scenario.file.settings
        own = {f"settings.{name}": float(getattr(settings, name)) for name in NUMBERS_OF_SETTINGS}
        for step in (step for measure in MEASURES for step in settings.rate_steps(measure)[1:]):
            own |= {step.year_at: step.from_year, step.rate_at: step.rate}
        for address, column in base_case(scenario).columns.items():
            quantity = scenario.quantities.get(address)
            own[address] = quantity.value if quantity is not None else float(column[0, 0])
        for address, value in own.items():
            found.setdefault(address, [math.nan] * len(scenarios))[i] = value
    return found
