"""The scenario in which every option and number is what a changed workbook has; or why there is none."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from netcea.errors import InputError, Place, Problem, ProblemCollector
from netcea.loading.load import resolve
from netcea.loading.merging.draft import DraftScenario
from netcea.loading.merging.override import Override
from netcea.scenario.scenario import Scenario
from netcea.workbook.choice import Choice
from netcea.workbook.export import LiveWorkbook
from netcea.workbook.formulas.intervals import shortest_intervals
from netcea.workbook.reading.interpreted import Meaning, cell_of_choice, cell_of_number
from netcea.workbook.reading.live_choices import Live, sets_of_choices
from netcea.workbook.variants import misfit, variants_of

TIME: Final = ("settings.horizon_years", "settings.cycle_days")


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
    faults = ProblemCollector()
    _check_choices(faults, made, live, scenario, shown_as)
    if not faults.problems:
        _check_numbers(faults, made, meaning, scenario, shown_as)
        _check_room(faults, made, meaning, scenario, shown_as)
    faults.raise_if_any()
    return scenario, sets


def _loaded(base: DraftScenario, sets: Mapping[str, Any], cells: Mapping[str, str], shown_as: str) -> Scenario:
    try:
        return resolve(base.with_sets([Override(a, v, Place(shown_as), {}) for a, v in sets.items()]))
    except InputError as error:
        raise InputError([_at_its_cell(problem, cells, shown_as) for problem in error.problems]) from None


def _at_its_cell(problem: Problem, cells: Mapping[str, str], shown_as: str) -> Problem:
    """Return a problem of the scenario with the cell that it comes from; all that were changed where none is meant."""
    own = [a for a in cells if problem.address == a or problem.address.startswith(f"{a}.")]
    near = own or [a for a in cells if _strategy(a) == _strategy(problem.address)]
    where = ", ".join(dict.fromkeys(cells[a] for a in near or cells))
    return Problem(shown_as, 0, f"{where}  {problem.address}", problem.found, problem.expected, problem.suggestion)


def _strategy(address: str) -> str:
    """Return the part of an address that says which curve it is about; '-' for others."""
    parts = address.split(".")
    return ".".join(parts[:3]) if parts[0] == "strategies" else "-"


def _pair(live: Live, scenario: Scenario) -> Any:
    return variants_of([live.scenario, scenario], live.variants.cycles)


def _brought(live: Live, scenario: Scenario) -> dict[str, float]:
    """Return numbers of inputs/ that the workbook has and the scenario does not yet."""
    pair = _pair(live, scenario)
    if pair.refused:
        return {}
    return {
        address: live.numbers[address]
        for address, values in pair.numbers.items()
        if address in scenario.quantities and address in live.numbers and not _same(values[1], live.numbers[address])
    }


def _same(one: float, other: float) -> bool:
    return math.isnan(one) or one == other or math.isclose(one, other, rel_tol=1e-14)


def _check_choices(faults: ProblemCollector, made: LiveWorkbook, live: Live, scenario: Scenario, shown_as: str) -> None:
    """Every option that is live is the scenario's."""
    reason = misfit(live.scenario, scenario, live.variants.cycles)
    if reason:
        where = ", ".join(cell_of_number(made, address) for address in TIME)
        faults.add(
            Problem(
                shown_as,
                0,
                where,
                f"a horizon and a cycle that need {reason}",
                "no more cycles than that",
                "make this scenario in YAML, or export a workbook of it",
            )
        )
        return
    pair = _pair(live, scenario)
    found = {choice.address: choice for choice in pair.all_choices}
    for choice in live.variants.all_choices:
        if _out_of_use(live, choice):
            continue
        its = found.get(choice.address)
        key = its.keys[its.taken[1]] if its is not None else json.dumps(None)
        mine = live.key(choice)
        if key == mine or (its is None and live.content(choice) in (None, "", (), "none")):
            continue
        instead = next((o for o, k in zip(choice.options, choice.keys, strict=True) if k == key), "")
        faults.add(
            Problem(
                shown_as,
                0,
                f"{cell_of_choice(made, choice.address)}  {choice.address}",
                f"'{choice.options[live.options[choice.address]]}', which no scenario has with the other choices here",
                f"'{instead}', which goes with them" if instead else "an option that goes with them",
                _beside(made, live, choice),
            )
        )


def _beside(made: LiveWorkbook, live: Live, choice: Choice) -> str:
    """Return the cells of what may have to be chosen too."""
    above = choice.address.rpartition(".")[0]
    cells = [
        f"{cell_of_choice(made, c.address)} ({c.address.rpartition('.')[2]})"
        for c in live.variants.all_choices
        if above.startswith("strategies.") and c.address.startswith(f"{above}.") and c is not choice
    ]
    return f"or choose what goes with it in {', '.join(cells)}" if cells else ""


def _out_of_use(live: Live, choice: Choice) -> bool:
    """Say whether a choice has no effect: a curve of time on treatment where a rule says who is treated."""
    address, _, _ = choice.address.rpartition(".")
    rule = live.variants.choices.get(f"{address}.rule")
    if rule is None or choice is rule:
        return False
    return bool(live.content(rule)[0] != "curve")


def _check_numbers(
    faults: ProblemCollector, made: LiveWorkbook, meaning: Meaning, scenario: Scenario, shown_as: str
) -> None:
    """Every number is the workbook's: what netcea estimates from published figures does not follow them in cells."""
    live = meaning.live
    for address, values in _pair(live, scenario).numbers.items():
        value = values[1]
        if address in made.inputs.estimates or address not in live.numbers or _same(value, live.numbers[address]):
            continue
        feeding = {f.address for fit in scenario.fits for f in fit.figures if address.startswith(f"{fit.address}.")}
        moved = [a for a in meaning.typed if a in feeding] or list(meaning.typed)
        where = ", ".join(f"{cell_of_number(made, a)}  {a}" for a in moved) or cell_of_number(made, address)
        found = "a figure from which netcea estimates parameters, which the workbook keeps as they are"
        instead = "set it in a scenario, and export a workbook of that"
        faults.add(Problem(shown_as, 0, where, found, "an empty cell", instead))
    for address, factor in scenario.factors.items():
        if address in made.inputs.rows and not _same(factor, made.inputs.factor(address)):
            standing = f"the factor {made.inputs.factor(address)!r}"
            faults.add(
                Problem(
                    shown_as,
                    0,
                    cell_of_number(made, address),
                    standing,
                    f"{factor!r}, as the scenario has",
                    "export the scenario by itself",
                )
            )


def _check_room(
    faults: ProblemCollector, made: LiveWorkbook, meaning: Meaning, scenario: Scenario, shown_as: str
) -> None:
    """The sheet of dispensings has a row for every moment before the horizon."""
    days, horizon = 365.25, scenario.file.settings.horizon_years
    for interval, years in shortest_intervals((scenario,), made.inputs).items():
        schedule = made.dispensing.schedules.get(interval)
        needed = math.ceil(horizon / years - 1e-9)
        if schedule is not None and needed > schedule.rows:
            typed: Sequence[str] = [a for a in meaning.typed if a in interval or a in TIME] or list(meaning.typed)
            where = ", ".join(f"{cell_of_number(made, a)}  {a}" for a in typed)
            faults.add(
                Problem(
                    shown_as,
                    0,
                    where,
                    f"{years * days:g} days between dispensings, {needed} until the horizon",
                    f"at most {schedule.rows}, for which the sheet Dispensing has rows",
                    "make this scenario in YAML, or export a workbook of it",
                )
            )
