"""A drug's cost in windows of time, in the live workbook: as formulas, as a choice, and back as a scenario."""

from __future__ import annotations

import pytest
import yaml

from helpers import small_project
from helpers.equal import differences, expected
from helpers.office import Office, needs_office
from helpers.small_project import Number, choices, exponential, weibull
from netcea.analyses.shared.effects import thresholds_of
from netcea.analyses.threshold.price import drugs_of, ladder_of
from netcea.loading import load
from netcea.loading.merging.draft import read_draft
from netcea.workbook.export import live_workbook
from netcea.workbook.reading.compared import Compared
from netcea.workbook.reading.equivalent_scenario import scenario_of
from netcea.workbook.reading.interpreted import interpret


@pytest.fixture(scope="module")
def office():
    with Office() as opened:
        yield opened


MONTH_6, MONTH_24 = Number(6, "months"), Number(24, "months")
TABLETS = {
    "kind": "drug_acquisition",
    "strategies": ["new"],
    "price_per_pack": Number(400, "GBP"),
    "pack_days": Number(30, "days"),
    "windows": [
        {"ends": MONTH_6, "discount": Number(0.2, "proportion")},
        {"starts": Number(7, "months"), "ends": MONTH_24},
        {"starts": MONTH_24, "discount": Number(0.5, "proportion")},
    ],
}
VIALS = {
    "kind": "drug_acquisition",
    "strategies": ["new"],
    "method": "per_administration",
    "during": "alive",
    "price_per_vial": Number(300, "GBP"),
    "vial_mg": Number(50, "mg"),
    "dose": Number(110, "mg"),
    "interval": Number(21, "days"),
    "windows": [
        {"ends": Number(6, "weeks"), "dose": Number(200, "mg"), "interval": Number(7, "days")},
        {"starts": Number(6, "weeks"), "interval": Number(28, "days")},
    ],
}
VISIT = {
    "kind": "administration",
    "unit_cost": Number(80, "GBP"),
    "interval": Number(28, "days"),
    "starts": Number(6, "weeks"),
    "ends": MONTH_24,
    "during": "progression_free",
}
BY_DAY = {**TABLETS, "method": "per_time", "during": "progression_free"}


EVERY_WAY = {"tablets": TABLETS, "vials": VIALS, "by_day": BY_DAY, "visit": VISIT}


def project(folder, variants=None, costs=EVERY_WAY, **settings):
    """A project with every way to be paid in windows; variants: name -> what it sets."""
    strategies = {
        "new": {"pfs": weibull(1.1, 1.4), "os": weibull(1.0, 3.0), "time_on_treatment": {"rule": "until_progression"}},
        "old": {"pfs": exponential(1.2), "os": exponential(0.4)},
    }
    tree = choices(strategies, costs, utilities=(0.8, 0.6), **{"horizon_years": 5, **settings})
    path = small_project.write(folder, tree)
    header = {"format": 1, "extends": "small.yaml", "rationale": "a test", "direction": "unclear"}
    made = [load(str(path))]
    for name, sets in (variants or {}).items():
        other = path.parent / f"{name}.yaml"
        other.write_text(yaml.safe_dump({**header, "name": name, "set": sets}), encoding="utf-8")
        made.append(load(str(other)))
    return made


def opened(office, scenarios, folder):
    workbook = live_workbook(scenarios)
    workbook.save(folder / "m.xlsx")
    office.open(folder / "m.xlsx")
    assert office.errors() == []
    return workbook


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("discounting", ["mid_cycle", "annual"])
def test_every_result_is_what_python_has(discounting, office, tmp_path):
    (scenario,) = project(tmp_path, discounting=discounting)
    workbook = opened(office, [scenario], tmp_path)
    assert differences(expected(scenario), workbook.results.cells, office.values) == []
    assert office.value(workbook.checks.verdict) == "All checks passed: equal to Python"
    numbers = {
        "tablets_windows_0_ends": 5.5,
        "tablets_windows_2_discount": 0.9,
        "vials_windows_1_starts": 7.0,
        "vials_windows_1_interval": 23.0,
        "visit_ends": 13.0,
    }
    for name, value in numbers.items():
        address = f"test.numbers.costs_{name}"
        cell = f"Inputs!E{workbook.inputs.rows[address]}"
        office.change({cell: value})
        changed = load(scenario.path, [f"{address}={value}"])
        assert expected(changed) != expected(scenario), name
        assert differences(expected(changed), workbook.results.cells, office.values) == [], name
        office.change({cell: None})


@needs_office
@pytest.mark.slow
def test_the_price_sheet_solves_for_the_discount_of_each_window(office, tmp_path):
    (scenario,) = project(tmp_path, costs={"tablets": {**TABLETS, "price_per_pack": Number(1400, "GBP")}})
    workbook = opened(office, [scenario], tmp_path)
    drugs = drugs_of(scenario)
    assert [drug.discount and drug.discount.rpartition("costs_")[2] for drug in drugs] == [
        "tablets_windows_0_discount",
        None,
        "tablets_windows_2_discount",
    ]
    solved = 0
    for number, drug in enumerate(drugs, 1):
        for solution in ladder_of(scenario, drug, 0.5).solutions:
            basis = "weighted" if solution.basis.weighted else "unweighted"
            at = thresholds_of(scenario).index(solution.basis.threshold)
            found = office.value(workbook.results.cells[f"price{f'_{number}' if number > 1 else ''}.{at}.{basis}"])
            if solution.status == "solved":
                solved += 1
                assert found == pytest.approx(solution.discount, rel=1e-8), (number, solution)
            else:
                assert not 0.0 <= found <= 1.0, (number, solution)
    assert solved


@needs_office
@pytest.mark.slow
def test_the_selector_takes_windows_away(office, tmp_path):
    sets = {f"costs.{name}.windows": None for name in ("tablets", "vials", "by_day")}
    scenarios = project(tmp_path, {"without": sets})
    workbook = opened(office, scenarios, tmp_path)
    assert not workbook.variants.refused
    for scenario in reversed(scenarios):
        office.change({"Scenarios!B3": scenario.file.name})
        assert differences(expected(scenario), workbook.results.cells, office.values) == [], scenario.file.name


def test_what_was_chosen_comes_back_as_a_scenario(tmp_path):
    here, there = project(tmp_path, {"without": {"costs.vials.windows": None}})
    made = live_workbook([here, there])
    choice = made.variants.choices["costs.vials"]
    meaning = interpret(made, Compared("m.xlsx"))
    meaning.live.options[choice.address] = choice.taken[1]
    back, sets = scenario_of(made, meaning, read_draft(here.path), "m.xlsx")
    assert sets == {"costs.vials.windows": None}
    assert expected(back) == expected(there)
