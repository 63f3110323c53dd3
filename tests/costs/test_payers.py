"""Whose costs count: payers, the societal perspective, productivity; labelled wherever a result is shown."""

from __future__ import annotations

import json

import numpy as np
import pytest
import yaml
from click.testing import CliRunner

import netcea
from helpers import small_project
from helpers.made import Made, assert_made_same
from helpers.small_project import choices, exponential, per_year
from netcea.checking.report import check_scenario
from netcea.cli.main import main
from netcea.costs.productivity import Productivity
from netcea.costs.resource_use import ResourceUse
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.errors import InputError
from netcea.loading import load

NUMBERS = """\
day:      {value: 130, unit: GBP, price_year: 2024/25, uncertainty: {gamma: {se: 15}}, source: [netcea_assumptions], status: assumption, note: a}
days:     {value: 18, unit: per month, uncertainty: {fixed: full time}, source: [netcea_assumptions], status: assumption, note: a}
employed: {value: 0.4, unit: proportion, uncertainty: {beta: {se: 0.05}}, source: [netcea_assumptions], status: assumption, note: a}
pension:  {value: 66, unit: years, uncertainty: {fixed: the law}, source: [netcea_assumptions], status: assumption, note: a}
friction: {value: 12, unit: weeks, uncertainty: {fixed: labour market}, source: [netcea_assumptions], status: assumption, note: a}
"""
SOCIETAL = """\
format: 1
extends: small.yaml
name: Everybody's costs
rationale: families and employers bear much of it
direction: unclear
set:
  decision_problem.perspective: societal
"""
LOST = {
    "kind": "productivity",
    "label": "Work lost",
    "during": "progressed",
    "unit_cost": "test.work.day",
    "frequency": "test.work.days",
    "share": "test.work.employed",
    "pension_age": "test.work.pension",
    "method": "human_capital",
}
PAID = {
    "drug": per_year(5000, "progression_free", strategies=["new"]),
    "travel": per_year(300, "alive", payer="patient"),
    "carers": per_year(2000, "progressed", payer="family"),
    "work": LOST,
}


def project(folder, costs=PAID, perspective="NHS and PSS", hazards=((0.3, 0.2), (0.6, 0.3)), **settings):
    """A project of two strategies; `societal.yaml` extends it."""
    strategies = {
        name: {"pfs": exponential(pfs), "os": exponential(os)}
        for name, (pfs, os) in zip(("new", "old"), hazards, strict=True)
    }
    tree = choices(strategies, costs, utilities=(0.8, 0.6), **settings)
    tree["decision_problem"]["perspective"] = perspective
    path = small_project.write(folder, tree)
    (folder / "inputs" / "test" / "work.yaml").write_text(NUMBERS, encoding="utf-8")
    (path.parent / "societal.yaml").write_text(SOCIETAL, encoding="utf-8")
    return path


def items(path, *sets, strategy="new"):
    """Name of an item -> its cost."""
    scenario = load(str(path), list(sets))
    found = {}
    for (name, _), column in simulate(scenario, base_case(scenario)).strategies[strategy].costs.items():
        found[name] = found.get(name, 0.0) + float(column[0])
    return found


# ------------------------------------------------------------------------------------------------ whose costs count
@pytest.mark.parametrize(
    ("perspective", "counted"),
    [
        ("NHS and PSS", {"drug"}),
        ("societal", {"drug", "travel", "carers", "work"}),
        (["NHS and PSS", "patient"], {"drug", "travel"}),
        (["family", "society"], {"carers", "work"}),
    ],
)
def test_the_perspective_says_which_payers_count(perspective, counted, tmp_path):
    whole = items(project(tmp_path), "decision_problem.perspective=societal")
    (tmp_path / "again").mkdir()
    found = items(project(tmp_path / "again", perspective=perspective))
    assert found == {name: cost for name, cost in whole.items() if name in counted}
    assert all(cost > 0.0 for cost in found.values())


def test_other_payers_change_nothing_from_nhs_and_pss(tmp_path):
    with_others = netcea.run(str(project(tmp_path)), ledger=False).case
    (tmp_path / "again").mkdir()
    without = netcea.run(str(project(tmp_path / "again", {"drug": PAID["drug"]})), ledger=False).case
    assert with_others.strategies == without.strategies
    assert with_others.pairwise == without.pairwise


def test_an_adverse_event_of_another_payer_loses_its_qalys_all_the_same(tmp_path):
    path = project(tmp_path, {})
    tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    event = {
        "label": "Falls",
        "incidence": {"new": "test.work.employed"},
        "decrement": "test.numbers.utilities_progressed",
        "duration": "test.work.friction",
        "unit_cost": "test.work.day",
        "payer": "family",
    }
    tree["adverse_events"] = {"timing": "at_start", "events": {"falls": event}}
    path.write_text(yaml.safe_dump(tree, sort_keys=False), encoding="utf-8")
    nhs, all_payers = (netcea.run(str(p), ledger=False).case for p in (path, path.with_name("societal.yaml")))
    assert (nhs.strategies["new"].costs, all_payers.strategies["new"].costs) == pytest.approx((0.0, 0.4 * 130.0))
    assert nhs.strategies["new"].qalys == all_payers.strategies["new"].qalys
    lost = nhs.strategies["new"].qalys_by_state
    assert sum(lost.values()) == pytest.approx(nhs.strategies["new"].qalys)
    assert min(lost.values()) == pytest.approx(-0.4 * 0.6 * 12 * 7 / 365.25)


# ------------------------------------------------------------------------------------------------ productivity
DAYS_A_YEAR = 18 * 12.0
NO_DISCOUNT = {"discount_rate_costs": 0.0, "discount_rate_qalys": 0.0, "perspective": "societal"}


def lost(folder, **more):
    item = {**LOST, **more}
    item = {name: value for name, value in item.items() if value is not None}
    return items(project(folder, {"work": item}, **NO_DISCOUNT))["work"] / (130.0 * 0.4)


def test_human_capital_counts_time_in_the_state_until_the_pension_age(tmp_path):
    """Aged 60 at the start, six years until the pension age; PFS and OS are exponential with rates 0.3 and 0.2."""
    six = [(1.0 - np.exp(-rate * 6.0)) / rate for rate in (0.3, 0.2)]
    assert lost(tmp_path) == pytest.approx(DAYS_A_YEAR * (six[1] - six[0]), rel=1e-4)


def test_human_capital_of_the_dead(tmp_path):
    alive = (1.0 - np.exp(-0.2 * 6.0)) / 0.2
    assert lost(tmp_path, during="dead") == pytest.approx(DAYS_A_YEAR * (6.0 - alive), rel=1e-4)


@pytest.mark.parametrize("during", ["alive", "progression_free"])
def test_friction_from_the_start_counts_one_friction_period(during, tmp_path):
    weeks, rate = 12 * 7 / 365.25, 0.2 if during == "alive" else 0.3
    found = lost(tmp_path, during=during, method="friction", friction_period="test.work.friction")
    assert found == pytest.approx(DAYS_A_YEAR * (1.0 - np.exp(-rate * weeks)) / rate, rel=1e-4)


def test_friction_of_deaths_counts_a_friction_period_each_before_the_pension_age(tmp_path):
    found = lost(tmp_path, during="dead", method="friction", friction_period="test.work.friction")
    assert found == pytest.approx(DAYS_A_YEAR * 12 * 7 / 365.25 * (1.0 - np.exp(-0.2 * 6.0)), rel=1e-4)


def test_after_the_pension_age_nothing_is_lost(tmp_path):
    assert items(project(tmp_path, perspective="societal"), "test.work.pension=60")["work"] == 0.0


@pytest.mark.parametrize("perspective", ["NHS and PSS", "societal", ["patient", "society"]])
def test_as_the_slow_model(perspective):
    made = Made(sets=["settings.horizon_years=9"])
    problem = made.scenario.file.decision_problem
    made.file(decision_problem=problem.model_copy(update={"perspective": perspective}))
    for during in ("on_treatment", "progression_free", "progressed", "alive", "dead"):
        for number, payer in enumerate(("patient", "society", "employer")):
            work = {"during": during, "unit_cost": 130.0, "frequency": 200.0, "payer": payer, "share": 0.5}
            made.cost(f"capital {during} {payer}", Productivity, method="human_capital", pension_age=66.3, **work)
            made.cost(f"friction {during} {payer}", Productivity, method="friction", friction_period=0.26, **work)
            late = {"pension_age": 60.1 + number, "friction_period": 0.9}
            made.cost(f"short {during} {payer}", Productivity, method="friction", **late, **work)
        if during != "dead":
            made.cost(f"care {during}", ResourceUse, during=during, unit_cost=9.0, frequency=3.0, payer="patient")
    age = made.scenario.file.population.start_age.replace(".", "__")
    assert_made_same(made, **{age: [60.0, 62.5, 66.5]})


# ------------------------------------------------------------------------------------------------ what is refused
@pytest.mark.parametrize(
    ("costs", "perspective", "words"),
    [
        (
            {"travel": {**PAID["travel"], "payer": "patients"}},
            "societal",
            ["travel.payer", "'patients'", "did you mean 'patient'"],
        ),
        ({}, "societl", ["decision_problem.perspective", "'societl'", "societal"]),
        ({}, ["NHS and PSS", "patients"], ["decision_problem.perspective.1", "'patients'", "patient"]),
        ({}, ["patient", "patient"], ["decision_problem.perspective", "'patient' twice", "each payer once"]),
        ({}, [], ["decision_problem.perspective", "at least one"]),
        ({"work": {**LOST, "payer": "NHS and PSS"}}, "societal", ["work.payer", "does not pay for lost production"]),
        ({"work": {**LOST, "method": "friction"}}, "societal", ["work.friction_period", "goes with method: friction"]),
        ({"work": {**LOST, "friction_period": "test.work.friction"}}, "societal", ["goes with method: friction"]),
        ({"work": {**LOST, "method": "capital"}}, "societal", ["work.method", "human_capital"]),
        ({"work": {k: v for k, v in LOST.items() if k != "method"}}, "societal", ["work.method", "nothing"]),
        ({"work": {**LOST, "during": "retired"}}, "societal", ["work.during", "'retired'", "dead"]),
        ({"work": {**LOST, "pension_age": "test.work.day"}}, "societal", ["work.pension_age", "a duration"]),
        ({"care": per_year(1, "dead")}, "societal", ["care.during", "'dead'"]),
    ],
)
def test_what_cannot_be_meant_is_refused(costs, perspective, words, tmp_path):
    path = project(tmp_path, costs, perspective)
    with pytest.raises(InputError) as refusal:
        load(str(path))
    for word in (*words, "small.yaml:"):
        assert word in str(refusal.value), str(refusal.value)


# ------------------------------------------------------------------------------------------------ labelled
def called(*arguments, code=0):
    answer = CliRunner().invoke(main, [*map(str, arguments)])
    assert answer.exit_code == code, answer.output
    return " ".join(answer.output.split())


def test_a_run_outside_the_reference_case_says_so_first_and_in_every_file(tmp_path):
    path = project(tmp_path)
    plain = called("run", path, "--no-files")
    assert "OUTSIDE THE REFERENCE CASE" not in plain
    societal = path.with_name("societal.yaml")
    said = called("run", societal, "--out", tmp_path / "out", "--no-figures")
    title = "Everybody's costs [outside the reference case: societal (every payer)]"
    first = (
        "OUTSIDE THE REFERENCE CASE: the perspective is societal (every payer); costs of family, patient, society count"
    )
    result = netcea.run(str(path), ledger=False).case.against_comparator()
    assert said.index(title) < said.index(first) < said.index("Fully incremental")
    assert f"With costs of NHS and PSS alone, against old: £{result.icer:,.0f}" in said
    record = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert record["settings"]["perspective"] == "societal (every payer)"
    assert "OUTSIDE THE REFERENCE CASE" in json.dumps(record)
    assert "OUTSIDE THE REFERENCE CASE" in (tmp_path / "out" / "run.json").read_text(encoding="utf-8")


def test_costs_stand_by_payer(tmp_path):
    path = project(tmp_path)
    nhs, societal = (netcea.run(str(p), ledger=False) for p in (path, path.with_name("societal.yaml")))
    one, every = (result.frame("costs_by_payer") for result in (nhs, societal))
    assert [*one["payer"]] == ["NHS and PSS", "Total", "NHS and PSS", "Total"]
    assert [*every["payer"]][:5] == ["NHS and PSS", "patient", "family", "society", "Total"]
    assert every["new"][4] == pytest.approx(societal.case.strategies["new"].costs)
    found = items(path, "decision_problem.perspective=societal")
    assert every["new"][1:4].tolist() == pytest.approx([found["travel"], found["carers"], found["work"]])


def test_check_names_the_departure_and_what_does_not_count(tmp_path):
    path = project(tmp_path)
    inside, outside = (check_scenario(str(p)) for p in (path, path.with_name("societal.yaml")))
    rows = [next(row for row in report.reference_case if row.rule == "RC4") for report in (inside, outside)]
    assert [row.state for row in rows] == ["aligned", "justified deviation"]
    assert "not counted: travel (patient), carers (family), work (society)" in rows[0].message
    assert "costs of other payers: travel (patient)" in rows[1].message
    payers = [[f for f in report.findings if f.rule == "payer"] for report in (inside, outside)]
    assert [{f.level for f in found} for found in payers] == [{"note"}, {"warning"}]
    assert [len(found) for found in payers] == [3, 3]
    assert "RC4" in called("check", path.with_name("societal.yaml"))


def test_every_command_takes_it(tmp_path):
    base = project(tmp_path)
    path, one = base.with_name("societal.yaml"), ("--no-files",)
    label = "OUTSIDE THE REFERENCE CASE"
    moved = called("one-way", path, *one)
    assert "test.work.employed" in moved
    assert label in moved
    assert label in called(
        "two-way", path, "--axis", "test.work.day=50:200:3", "--axis", "test.work.employed=0:1:3", *one
    )
    assert label in called("threshold", path, "--address", "test.work.day", "--bounds", "test.work.day=0:4000", *one)
    assert label in called("psa", path, "--draws", "256", *one)
    assert label in called("voi", path, "--draws", "1024", *one)
    assert "societal" in called("diff", base, path)
    batch = base.with_name("batch.yaml")
    plan = {"format": 1, "name": "both", "rationale": "a test", "scenarios": ["small.yaml", "societal.yaml"]}
    batch.write_text(yaml.safe_dump({**plan, "analyses": {"base_case": {}, "psa": {"draws": 64}}}), encoding="utf-8")
    assert "[outside the" in called("batch", batch, "--out", tmp_path / "both")
    tables = [path.read_text(encoding="utf-8") for path in (tmp_path / "both").glob("*.csv")]
    assert any("Everybody's costs [outside the reference case: societal (every payer)]" in text for text in tables)
