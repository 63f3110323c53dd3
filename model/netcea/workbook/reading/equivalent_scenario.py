"""The scenario in which every option and number is what a changed workbook has; or why there is none."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from netcea.errors import InputError, Place, Problem
from netcea.loading.load import resolve
from netcea.loading.merging.draft import DraftScenario
from netcea.loading.merging.override import Override
from netcea.plain_number import read
from netcea.scenario.scenario import Scenario
from netcea.workbook.choice import Choice
from netcea.workbook.export import LiveWorkbook
from netcea.workbook.formulas.intervals import shortest_intervals
from netcea.workbook.reading.interpreted import Meaning, cell_of_choice, cell_of_number
from netcea.workbook.reading.live_choices import Live, sets_of_choices
from netcea.workbook.variants import Variants, misfit, variants_of

TIME: Final = ("settings.horizon_years", "settings.cycle_days")
DAYS: Final = 365.25
BY_ITSELF: Final = "make this scenario in YAML, or export a workbook of it"


def scenario_of(
    made: LiveWorkbook, meaning: Meaning, base: DraftScenario, shown_as: str
) -> tuple[Scenario, dict[str, Any]]:
    """Return the scenario, and what it sets beyond the one that is selected.

    Raises
    ------
    InputError
        With the cell of every choice or number that no scenario can have.
    """
    live = meaning.live
    live.numbers.update(meaning.typed)
    chosen = sets_of_choices(live)
    sets = {address: value for address, (value, _) in chosen.items()} | meaning.typed
    cells = {address: cell_of_choice(made, choice) for address, (_, choice) in chosen.items()}
    cells |= {address: cell_of_number(made, address) for address in meaning.typed}
    scenario = _loaded(base, sets, cells, shown_as)
    brought = _brought(live, scenario)
    if brought:  # an option of another scenario, with a number that only that one changed
        sets |= brought
        cells |= {address: cell_of_number(made, address) for address in brought}
        scenario = _loaded(base, sets, cells, shown_as)
    problems = list(_Comparison(made, meaning, scenario, shown_as).problems())
    if problems:
        raise InputError(problems)
    return scenario, sets


def _loaded(base: DraftScenario, sets: Mapping[str, Any], cells: Mapping[str, str], shown_as: str) -> Scenario:
    try:
        return resolve(base.with_sets([Override(a, v, Place(shown_as), {}) for a, v in sets.items()]))
    except InputError as error:
        raise InputError([_at_its_cell(problem, cells, shown_as) for problem in error.problems]) from None


def _at_its_cell(problem: Problem, cells: Mapping[str, str], shown_as: str) -> Problem:
    """Return a problem of the scenario with the cell that it comes from; all that were changed where none is meant."""
    own = [a for a in cells if problem.address == a or problem.address.startswith(f"{a}.")]
    near = own or [a for a in cells if _curve(a) == _curve(problem.address)]
    where = ", ".join(dict.fromkeys(cells[a] for a in near or cells))
    place = Place(shown_as, address=f"{where}  {problem.address}")
    return place.problem(problem.found, problem.expected, problem.suggestion)


def _curve(address: str) -> str:
    """Return the part of an address that says which curve it is about; '-' for others."""
    parts = address.split(".")
    return ".".join(parts[:3]) if parts[0] == "strategies" else "-"


def _with_selected(live: Live, scenario: Scenario) -> Variants:
    """Return in what a scenario differs from the one that is selected: of each choice and number the second is its."""
    return variants_of([live.scenario, scenario], live.variants.cycles)


def _brought(live: Live, scenario: Scenario) -> dict[str, float]:
    """Return numbers of inputs/ that the workbook has and the scenario does not yet."""
    both = _with_selected(live, scenario)
    if both.refused:
        return {}
    return {
        address: live.numbers[address]
        for address, (_, value) in both.numbers.items()
        if address in scenario.quantities and address in live.numbers and not _same(value, live.numbers[address])
    }


def _same(one: float, other: float) -> bool:
    return math.isnan(one) or one == other or math.isclose(one, other, rel_tol=1e-14)


@dataclass(frozen=True)
class _Comparison:
    """A scenario compared with a changed workbook, cell by cell."""

    made: LiveWorkbook
    meaning: Meaning
    scenario: Scenario
    shown_as: str

    def problems(self) -> Iterator[Problem]:
        """Yield everything in which the scenario is not what the workbook has."""
        live = self.meaning.live
        reason = misfit(live.scenario, self.scenario, live.variants.cycles)
        if reason:
            found = f"a horizon and a cycle that need {reason}"
            yield self._at(self._cells(*TIME)).problem(found, "no more cycles than that", BY_ITSELF)
            return
        both = _with_selected(live, self.scenario)
        of_choices = list(self._choices(both))
        yield from of_choices
        if not of_choices:
            yield from self._numbers(both)
            yield from self._factors()
            yield from self._room()

    def _at(self, where: str) -> Place:
        return Place(self.shown_as, address=where)

    def _cells(self, *addresses: str) -> str:
        return ", ".join(cell_of_number(self.made, address) for address in addresses)

    def _typed(self, fitting: Any) -> str:
        """Return cells and addresses of what was typed: of what fits, or of everything."""
        typed = self.meaning.typed
        return ", ".join(
            f"{cell_of_number(self.made, a)}  {a}" for a in [a for a in typed if fitting(a)] or list(typed)
        )

    def _choices(self, both: Variants) -> Iterator[Problem]:
        """Yield options that are live and not the scenario's."""
        live, its_choices = self.meaning.live, {choice.address: choice for choice in both.all_choices}
        for choice in live.variants.all_choices:
            its = its_choices.get(choice.address)
            key = its.keys[its.taken[1]] if its is not None else json.dumps(None)
            absent = its is None and live.content(choice) in (None, "", (), "none")
            if _out_of_use(live, choice) or key == live.key(choice) or absent:
                continue
            instead = choice.options[choice.keys.index(key)] if key in choice.keys else ""
            option = choice.options[live.options[choice.address]]
            yield self._at(f"{cell_of_choice(self.made, choice.address)}  {choice.address}").problem(
                f"'{option}', which no scenario has with the other choices here",
                f"'{instead}', which goes with them" if instead else "an option that goes with them",
                self._beside(choice),
            )

    def _beside(self, choice: Choice) -> str:
        """Return the cells of what may have to be chosen too."""
        above = choice.address.rpartition(".")[0]
        cells = [
            f"{cell_of_choice(self.made, c.address)} ({c.address.rpartition('.')[2]})"
            for c in self.made.variants.all_choices
            if above.startswith("strategies.") and c.address.startswith(f"{above}.") and c is not choice
        ]
        return f"or choose what goes with it in {', '.join(cells)}" if cells else ""

    def _numbers(self, both: Variants) -> Iterator[Problem]:
        """Yield numbers that are not the workbook's: what netcea estimates does not follow its figures in cells."""
        live, estimates = self.meaning.live, self.made.inputs.estimates
        for address, (_, value) in both.numbers.items():
            if address in estimates or address not in live.numbers or _same(value, live.numbers[address]):
                continue
            fits = [fit for fit in self.scenario.fits if address.startswith(f"{fit.address}.")]
            figures = {figure.address for fit in fits for figure in fit.figures}
            where = self._typed(figures.__contains__) or self._cells(address)
            found = "a figure from which netcea estimates parameters, which the workbook keeps as they are"
            yield self._at(where).problem(found, "an empty cell", "set it in a scenario, and export a workbook of that")

    def _factors(self) -> Iterator[Problem]:
        """Yield numbers whose unit has another factor to the model's."""
        year = self.scenario.file.settings.price_year
        for address, factor in self.scenario.factors.items():
            if address not in self.made.inputs.rows:
                continue
            standing = self.made.inputs.factor_in(address, year)
            if not _same(factor, standing):
                expected = f"{factor!r}, as the scenario has"
                yield self._at(self._cells(address)).problem(
                    f"the factor {standing!r}", expected, "export the scenario by itself"
                )

    def _room(self) -> Iterator[Problem]:
        """Yield intervals at which the sheet of dispensings has no row for every moment before the horizon."""
        horizon = self.scenario.file.settings.horizon_years
        for interval, years in shortest_intervals((self.scenario,), self.made.inputs).items():
            needed = math.ceil(horizon / years - 1e-9)
            schedules = self.made.dispensing.schedules.values()
            schedule = next((s for s in schedules if s.interval == interval and s.rows < needed), None)
            if schedule is not None:
                changed = {a for a in self.meaning.typed if a in interval or a in TIME}
                yield self._at(self._typed(changed.__contains__)).problem(
                    f"{read(years * DAYS)} days between dispensings, {needed} until the horizon",
                    f"at most {schedule.rows}, for which the sheet Dispensing has rows",
                    BY_ITSELF,
                )


def _out_of_use(live: Live, choice: Choice) -> bool:
    """Say whether a choice has no effect: a curve of time on treatment where a rule says who is treated."""
    rule = live.variants.choices.get(f"{choice.address.rpartition('.')[0]}.rule")
    return rule is not None and choice is not rule and bool(live.content(rule)[0] != "curve")
