"""Waning since the end of treatment or discontinuation, and gain that is lost, in the live workbook and back again."""

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

SINCE = ("end_of_treatment", "median_time_on_treatment", "mean_time_on_treatment", "discontinuation")
WANING, RULE = "strategies.new.os.waning", "strategies.new.time_on_treatment"
STOPS = "test.numbers.strategies_new_time_on_treatment_stops_at"
STARTS, ENDS = (f"test.numbers.strategies_new_os_waning_{name}" for name in ("starts", "ends"))


@pytest.fixture(scope="module")
def office():
    with Office() as opened:
        yield opened


def project(folder, variants):
    """A project whose OS of 'new' fades from 4 to 13 months; variants: name -> what it sets."""
    fades = {"starts": Number(4.0, "months"), "ends": Number(13.0, "months")}
    old = {**weibull(1.2, 2.5), "background_mortality": "hazard_floor"}
    new = {"relative_to": "old", "hazard_ratio": Number(0.5, "ratio"), "background_mortality": "hazard_floor"}
    treatment = {"rule": "until_progression", "stops_at": Number(1.13, "years")}
    strategies = {
        "new": {"pfs": weibull(1.1, 0.9), "os": {**new, "waning": fades}, "time_on_treatment": treatment},
        "old": {"pfs": weibull(1.2, 0.6), "os": old},
    }
    path = small_project.write(folder, choices(strategies, utilities=(0.8, 0.6), horizon_years=5), yearly_risk=0.02)
    header = {"format": 1, "extends": "small.yaml", "rationale": "a test", "direction": "unclear"}
    made = [load(str(path))]
    for name, sets in variants.items():
        other = path.parent / f"{name}.yaml"
        other.write_text(yaml.safe_dump({**header, "name": name, "set": sets}), encoding="utf-8")
        made.append(load(str(other)))
    return made


def variants():
    """Every origin with the gain kept and lost, with and without a stop, fading and at once."""
    found = {"lost": {f"{WANING}.accrued_gain": "lost"}}
    for since in SINCE:
        for gain in ("kept", "lost"):
            found[f"{since} {gain}"] = {f"{WANING}.since": since, f"{WANING}.accrued_gain": gain}
    for since in SINCE[1:]:
        found[f"{since} unstopped"] = {f"{WANING}.since": since, f"{RULE}.stops_at": None}
    for gain in ("kept", "lost"):
        sets = {f"{WANING}.since": "discontinuation", f"{WANING}.accrued_gain": gain, f"{WANING}.ends": STARTS}
        found[f"at once, {gain}"] = sets
    ratio = {"rule": "pfs_time_ratio", "time_ratio": "test.numbers.strategies_new_os_hazard_ratio"}
    found["by ratio"] = {f"{WANING}.since": "discontinuation", RULE: ratio}
    return found


@needs_office
@pytest.mark.slow
def test_every_cell_is_what_python_has(office, tmp_path):
    scenarios = project(tmp_path, variants())
    workbook = live_workbook(scenarios)
    workbook.save(tmp_path / "m.xlsx")
    office.open(tmp_path / "m.xlsx")
    assert not workbook.variants.refused
    for scenario in reversed(scenarios):
        office.change({"Scenarios!B3": scenario.file.name})
        assert office.errors() == [], scenario.file.name
        assert differences(expected(scenario), workbook.results.cells, office.values) == [], scenario.file.name
    office.change({"Scenarios!B3": "discontinuation kept"})
    scenario = next(s for s in scenarios if s.file.name == "discontinuation kept")
    assert office.value(workbook.checks.verdict) == "All checks passed: equal to Python"
    for sets in ({STARTS: 0.0}, {STARTS: 7.7}, {ENDS: 4.0}, {ENDS: 200.0}, {STOPS: 0.31}, {STOPS: 9.0}):
        cells = {f"Inputs!E{workbook.inputs.rows[address]}": value for address, value in sets.items()}
        office.change(cells)
        changed = load(scenario.path, [f"{address}={value}" for address, value in sets.items()])
        assert differences(expected(changed), workbook.results.cells, office.values) == [], sets
        office.change(dict.fromkeys(cells))


@needs_office
@pytest.mark.slow
def test_the_trace_of_one_that_is_exported_alone(office, tmp_path):
    scenario = project(tmp_path, {"alone": {f"{WANING}.since": "discontinuation"}})[1]
    workbook = live_workbook([scenario])
    workbook.save(tmp_path / "m.xlsx")
    office.open(tmp_path / "m.xlsx")
    assert trace_differences(scenario, workbook, office.range) == ([], [])


def test_what_was_chosen_comes_back_as_a_scenario(tmp_path):
    scenarios = project(tmp_path, {"lost": {f"{WANING}.since": "discontinuation", f"{WANING}.accrued_gain": "lost"}})
    for here, there in (scenarios, scenarios[::-1]):
        made = live_workbook([here, there])
        choice = made.variants.curves["strategies.new.os"].waning
        assert choice.options[choice.taken[0]] != choice.options[choice.taken[1]]
        meaning = interpret(made, Compared("m.xlsx"))
        meaning.live.options[choice.address] = choice.taken[1]
        back, sets = scenario_of(made, meaning, read_draft(here.path), "m.xlsx")
        assert expected(back) == expected(there)
        assert set(sets) == {WANING}
