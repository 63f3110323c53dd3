"""Whose costs count, in the live workbook: a choice, with productivity as formulas, and back as a scenario."""

from __future__ import annotations

import json

import pytest
import yaml

from helpers import small_project
from helpers.equal import differences, expected
from helpers.office import Office, needs_office
from helpers.small_project import Number, choices, exponential, per_year, weibull
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


def work(during, **more):
    return {
        "kind": "productivity",
        "during": during,
        "unit_cost": Number(130, "GBP"),
        "frequency": Number(18, "per month"),
        "share": Number(0.4, "proportion"),
        "method": "human_capital",
        "pension_age": Number(66.3, "years"),
        **more,
    }


FRICTION = {"method": "friction", "friction_period": Number(12, "weeks")}
COSTS = {
    "drug": per_year(5000, "progression_free", strategies=["new"]),
    "travel": per_year(300, "alive", payer="patient"),
    "ill": work("progressed"),
    "dead": work("dead"),
    "absent": work("alive", payer="employer", **FRICTION),
    "posts": work("dead", payer="employer", **FRICTION),
    "left": work("progressed", payer="employer", **FRICTION),
}


def project(folder, perspectives):
    """A base case of NHS and PSS, and scenarios of other perspectives."""
    strategies = {
        "new": {"pfs": weibull(1.1, 1.4), "os": weibull(1.0, 3.0)},
        "old": {"pfs": exponential(1.2), "os": exponential(0.4)},
    }
    tree = choices(strategies, COSTS, utilities=(0.8, 0.6), horizon_years=8)
    falls = {
        "label": "Falls",
        "incidence": {"new": Number(0.2, "proportion")},
        "decrement": Number(0.1, "utility"),
        "duration": Number(4, "weeks"),
        "unit_cost": Number(900, "GBP"),
        "payer": "family",
    }
    tree["adverse_events"]["events"] = {"falls": falls}
    path = small_project.write(folder, tree)
    header = {"format": 1, "extends": "small.yaml", "rationale": "a test", "direction": "unclear"}
    made = [load(str(path))]
    for name, perspective in perspectives.items():
        other = path.parent / f"{name}.yaml"
        sets = {"decision_problem.perspective": perspective}
        other.write_text(yaml.safe_dump({**header, "name": name, "set": sets}), encoding="utf-8")
        made.append(load(str(other)))
    return made


@needs_office
@pytest.mark.slow
def test_the_selector_changes_whose_costs_count(office, tmp_path):
    scenarios = project(tmp_path, {"everybody": "societal", "two": ["NHS and PSS", "employer"]})
    workbook = live_workbook(scenarios)
    assert not workbook.variants.refused
    workbook.save(tmp_path / "m.xlsx")
    office.open(tmp_path / "m.xlsx")
    assert office.errors() == []
    costs = set()
    for scenario in scenarios[::-1]:
        office.change({"Scenarios!B3": scenario.file.name})
        wanted = expected(scenario)
        costs.add(json.dumps(wanted, default=str))
        assert differences(wanted, workbook.results.cells, office.values) == [], scenario.file.name
    assert len(costs) == len(scenarios)
    assert office.value(workbook.checks.verdict) == "All checks passed: equal to Python"
    office.change({"Scenarios!B3": "everybody"})
    for name, value in (("costs_ill_pension_age", 62.5), ("costs_posts_friction_period", 30.0)):
        address = f"test.numbers.{name}"
        cell = f"Inputs!E{workbook.inputs.rows[address]}"
        office.change({cell: value})
        changed = load(scenarios[1].path, [f"{address}={value}"])
        assert expected(changed) != expected(scenarios[1])
        assert differences(expected(changed), workbook.results.cells, office.values) == [], name
        office.change({cell: None})


@needs_office
@pytest.mark.slow
def test_a_workbook_of_nhs_and_pss_alone_has_no_amounts_of_others(office, tmp_path):
    (scenario,) = project(tmp_path, {})
    workbook = live_workbook([scenario])
    workbook.save(tmp_path / "m.xlsx")
    office.open(tmp_path / "m.xlsx")
    assert office.errors() == []
    assert differences(expected(scenario), workbook.results.cells, office.values) == []


def test_the_perspective_comes_back_as_a_scenario(tmp_path):
    here, there = project(tmp_path, {"everybody": "societal"})
    made = live_workbook([here, there])
    choice = made.variants.choices["decision_problem.perspective"]
    assert choice.options == ("NHS and PSS", "societal (every payer)")
    meaning = interpret(made, Compared("m.xlsx"))
    meaning.live.options[choice.address] = choice.taken[1]
    back, sets = scenario_of(made, meaning, read_draft(here.path), "m.xlsx")
    assert sets == {"decision_problem.perspective": "societal"}
    assert expected(back) == expected(there)
