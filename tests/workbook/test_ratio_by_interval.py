"""A hazard ratio that changes with time, in the live workbook: as formulas, as a choice, and back as a scenario."""

from __future__ import annotations

import pytest
import yaml

from helpers import small_project
from helpers.equal import differences, expected, trace_differences
from helpers.office import Office, needs_office
from helpers.small_project import Number, choices, weibull
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


INTERVALS = [
    {"until": Number(0.51, "years"), "hazard_ratio": Number(1.5, "ratio")},
    {"until": Number(2.0, "years"), "hazard_ratio": Number(0.6, "ratio")},
    {"hazard_ratio": Number(0.8, "ratio")},
]
WANES = {"starts": Number(1.3, "years"), "ends": Number(4.0, "years")}
ENDS = {"starts": Number(3.01, "years"), "ends": Number(3.01, "years")}
ADDRESS = "test.numbers.strategies_new_os_hazard_ratios_"


def project(folder, variants, waning=None, **of_new):
    """A project whose OS of 'new' has three ratios on another's curve with a floor; variants: name -> what it sets."""
    old = {**weibull(1.2, 2.5), "background_mortality": "hazard_floor"}
    new = {"relative_to": "old", "hazard_ratios": INTERVALS, "background_mortality": "hazard_floor", **of_new}
    if waning:
        new["waning"] = waning
    strategies = {
        "new": {"pfs": weibull(1.1, 0.9), "os": new, "time_on_treatment": {"rule": "until_progression"}},
        "old": {"pfs": weibull(1.2, 0.6), "os": old},
    }
    path = small_project.write(folder, choices(strategies, utilities=(0.8, 0.6), horizon_years=8), yearly_risk=0.02)
    header = {"format": 1, "extends": "small.yaml", "rationale": "a test", "direction": "unclear"}
    made = [load(str(path))]
    for name, sets in variants.items():
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
@pytest.mark.parametrize("waning", [None, WANES, ENDS], ids=["lasts", "fades", "ends at once"])
def test_every_cell_is_what_python_has(waning, office, tmp_path):
    (scenario,) = project(tmp_path, {}, waning)
    workbook = opened(office, [scenario], tmp_path)
    assert differences(expected(scenario), workbook.results.cells, office.values) == []
    assert trace_differences(scenario, workbook, office.range) == ([], [])
    assert office.value(workbook.checks.verdict) == "All checks passed: equal to Python"
    for name, value in (("1_hazard_ratio", 1.1), ("0_until", 1.9), ("1_until", 60.0)):
        cell = f"Inputs!E{workbook.inputs.rows[ADDRESS + name]}"
        office.change({cell: value})
        changed = load(scenario.path, [f"{ADDRESS}{name}={value}"])
        assert differences(expected(changed), workbook.results.cells, office.values) == [], name
        office.change({cell: None})


@needs_office
@pytest.mark.slow
def test_the_selector_changes_between_one_ratio_several_and_none(office, tmp_path):
    one = {"strategies.new.os.hazard_ratios": None, "strategies.new.os.hazard_ratio": f"{ADDRESS}1_hazard_ratio"}
    two = {
        "strategies.new.os.hazard_ratios": [
            {"until": f"{ADDRESS}1_until", "hazard_ratio": f"{ADDRESS}2_hazard_ratio"},
            {"hazard_ratio": f"{ADDRESS}0_hazard_ratio"},
        ]
    }
    faster = {
        "strategies.new.os.hazard_ratios": None,
        "strategies.new.os.acceleration_factor": f"{ADDRESS}2_hazard_ratio",
    }
    scenarios = project(tmp_path, {"one": one, "two": two, "faster": faster})
    workbook = opened(office, scenarios, tmp_path)
    assert not workbook.variants.refused
    for scenario in reversed(scenarios):
        office.change({"Scenarios!B3": scenario.file.name})
        assert differences(expected(scenario), workbook.results.cells, office.values) == [], scenario.file.name


def test_what_was_chosen_comes_back_as_a_scenario(tmp_path):
    one = {"strategies.new.os.hazard_ratios": None, "strategies.new.os.hazard_ratio": f"{ADDRESS}1_hazard_ratio"}
    scenarios = project(tmp_path, {"one": one})
    for here, there in (scenarios, scenarios[::-1]):
        made = live_workbook([here, there])
        choice = made.variants.curves["strategies.new.os"].ratio
        meaning = interpret(made, Compared("m.xlsx"))
        meaning.live.options[choice.address] = choice.taken[1]
        back, sets = scenario_of(made, meaning, read_draft(here.path), "m.xlsx")
        assert expected(back) == expected(there)
        assert set(sets) == {"strategies.new.os.hazard_ratio", "strategies.new.os.hazard_ratios"}
