"""`netcea verify`: shipped scenarios pass; faults in inputs and in the engine are found by the test that should."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import netcea
from helpers.every import every
from helpers.recalculated import each_once
from netcea import load
from netcea.cli.main import main
from netcea.engine import simulate as engine
from netcea.errors import InputError
from netcea.verification import independent
from netcea.verification.perturbed import Perturbed
from netcea.verification.verdict import TESTS
from netcea.verification.verify import NOT_OF_THIS_MODEL, in_order, verify

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = sorted(p for p in (ROOT / "scenarios").rglob("*.yaml") if "batches" not in p.parts)


@pytest.fixture(autouse=True)
def _without_libreoffice(monkeypatch):
    monkeypatch.setattr(independent.shutil, "which", lambda name: None)


def outcomes(found):
    return {verdict.test: verdict.outcome for verdict in found.verdicts}


@pytest.mark.parametrize("name", ["pnet", "epnet"])
def test_base_cases_pass(name):
    found = verify(name, draws=300)
    assert not found.failed, found.of("fail")
    assert len(found.of("pass")) > 50
    assert all(verdict.found for verdict in found.verdicts)
    assert len(found.verdicts) == len(TESTS) + len(NOT_OF_THIS_MODEL)


@pytest.mark.slow
def test_no_shipped_scenario_raises_a_false_alarm():
    faults = {}
    for path in SCENARIOS[::9]:
        found = verify(str(path), draws=100)
        faults |= {f"{path.stem} {v.test}": v.found for v in found.of("fail")}
    assert faults == {}


def test_tests_are_in_the_order_of_what_they_look_at():
    names = [test.name for test in in_order()]
    assert sorted(names) == sorted(test.name for test in TESTS)
    assert names.index("P4") < names.index("E6") < names.index("R4") < names.index("U28") < names.index("X4")


def test_names_are_told_apart_and_stand_in_the_documentation():
    names = [test.name for test in TESTS] + list(NOT_OF_THIS_MODEL)
    assert len(set(names)) == len(names)
    page = (ROOT / "docs" / "verification.md").read_text(encoding="utf-8")
    assert [name for name in names if f"| {name} |" not in page] == []


# ------------------------------------------------------------------------------------------ faults in the engine


def run(name, scenario="pnet", **more):
    here = Perturbed(load(scenario) if isinstance(scenario, str) else scenario, 100, 1, **more)
    (test,) = (test for test in TESTS if test.name == name)
    return test.run(here)


def broken(monkeypatch, change):
    """Let every module that simulates get outcomes that were changed."""
    whole = engine.simulate

    def changed(scenario, draws, block_rows=None):
        return change(whole(scenario, draws, block_rows))

    import sys

    for module in [m for n, m in sys.modules.items() if n.startswith("netcea.verification.")]:
        if hasattr(module, "simulate"):
            monkeypatch.setattr(module, "simulate", changed)


def with_measure(outcomes, measure, change):
    strategies = {n: replace(s, **{measure: change(getattr(s, measure))}) for n, s in outcomes.strategies.items()}
    return replace(outcomes, strategies=strategies)


def scaled(factor):
    return lambda parts: {key: values * factor for key, values in parts.items()}


def without_one(parts):
    return {key: values for key, values in parts.items() if key[0] != "end_of_life"}


def with_orphan(parts):
    some = next(iter(parts))
    return {**parts, some: parts[some] + 100.0}


@pytest.mark.parametrize(
    ("test", "measure", "change"),
    [
        ("R4", "costs", scaled(1.5)),
        ("R14", "costs", scaled(0.99)),
        ("E6", "qalys", scaled(0.99)),
        ("E7", "qalys", with_orphan),
        ("E9", "undiscounted_costs", with_orphan),
        ("X4", "costs", without_one),
        ("X4", "life_years", scaled(1 + 1e-7)),
        ("X5", "costs", scaled(1 + 1e-7)),
        ("E18b", "qalys", scaled(1 + 1e-6)),
        ("R15", "life_years", scaled(0.999)),
        ("R3", "qalys", scaled(1.5)),
        ("R5", "undiscounted_qalys", scaled(1.3)),
        ("R19", "life_years", scaled(3.0)),
        ("R11", "undiscounted_life_years", scaled(1.01)),
    ],
)
def test_a_broken_engine_is_found(monkeypatch, test, measure, change):
    assert run(test).outcome == "pass"
    broken(monkeypatch, lambda outcomes: with_measure(outcomes, measure, change))
    assert run(test).outcome == "fail"


def test_a_number_that_nothing_uses_is_found(monkeypatch):
    scenario = load("pnet")
    item = scenario.file.costs["nurse_progressed"].model_copy(
        update={"frequency": "costs.care.progressed.ct_frequency"}
    )
    file = scenario.file.model_copy(update={"costs": {**scenario.file.costs, "nurse_progressed": item}})
    found = run("U28", replace(scenario, file=file))
    assert found.outcome == "fail"
    assert "costs.care.progressed.nurse_frequency changes nothing" in found.words


def test_a_typing_error_is_found(tmp_path):
    from netcea.verification.published import published_values

    table = tmp_path / "published.csv"
    table.write_text("address,value,low,high,source\ncosts.unit.nurse_hour,35,,,table 3\n")
    found = run("X6", published=published_values(table))
    assert found.outcome == "fail"
    assert "costs.unit.nurse_hour is 53, published 35" in found.words
    table.write_text("address,value,low,high,source\ncosts.unit.nurse_hour,53,,,a\ncosts.unit.nurse_hour,53,,,b\n")
    with pytest.raises(InputError, match="a second time"):
        published_values(table)


def test_draws_in_place_of_the_stated_uncertainty_are_found(monkeypatch):
    from netcea.verification import sampled

    whole = sampled.Sampler.drawn

    def narrower(self, start, stop):
        draws = whole(self, start, stop)
        columns = {a: c if len(c) == 1 else c.mean() + (c - c.mean()) / 3.0 for a, c in draws.columns.items()}
        return replace(draws, columns=columns)

    monkeypatch.setattr(sampled.Sampler, "drawn", narrower)
    assert run("U20-U21").outcome == "fail"


def test_a_trace_that_does_not_add_up_is_found(monkeypatch):
    here = Perturbed(load("pnet"), 100, 1)
    trace = here.traces["cabozantinib"]
    for name, test in (("dead", "E1-E3"), ("dead", "E4"), ("progressed", "E18")):
        edges = {**trace.edges, name: trace.edges[name] - 0.01 * (np.arange(len(trace.edges[name])) == 40)}
        other = Perturbed(load("pnet"), 100, 1)
        other.__dict__["traces"] = {"cabozantinib": replace(trace, edges=edges)}
        (found,) = (t for t in TESTS if t.name == test)
        assert found.run(other).outcome == "fail", test
        assert found.run(here).outcome == "pass"


# ------------------------------------------------------------------------------------------ the command


def test_the_command_writes_tables_json_and_a_page(tmp_path):
    done = CliRunner().invoke(main, ["verify", "pnet", "--draws", "100", "--out", str(tmp_path / "v")])
    assert done.exit_code == 0, done.output
    record = json.loads((tmp_path / "v" / "results.json").read_text())["results"]
    assert record["failed"] == 0
    assert record["passed"] + record["explained"] + record["not_applicable"] == len(record["verdicts"])
    page = (tmp_path / "v" / "verification.html").read_text()
    assert "Nobody returns from the dead" in page
    assert "http" not in page


def test_the_command_fails_loudly(tmp_path):
    table = tmp_path / "published.csv"
    table.write_text("address,value,low,high,source\ncosts.unit.nurse_hour,35,,,table 3\n")
    done = CliRunner().invoke(main, ["verify", "pnet", "--draws", "100", "--no-files", "--published", str(table)])
    assert done.exit_code == 1
    assert "FAILED: X6" in done.stderr
    table.write_text("address,value\nx,abc\n")
    done = CliRunner().invoke(main, ["verify", "pnet", "--no-files", "--published", str(table)])
    assert done.exit_code == 2
    assert "Traceback" not in done.output


@every([99, 200_001, True, 1.5])
def test_rows_have_limits(draws):
    with pytest.raises(InputError, match="whole number from 100"):
        netcea.verify("pnet", draws=draws)


def test_a_life_table_whose_last_all_die(monkeypatch):
    """The slow model has what the engine has where nobody is left, and no error of arithmetic."""
    scenario = load("epnet")
    table = scenario.life_table
    last = replace(table, qx_male=np.append(table.qx_male[:-1], 1.0), qx_female=np.append(table.qx_female[:-1], 1.0))
    assert run("X4", replace(scenario, life_table=last)).outcome == "pass"


def test_the_tests_have_libreoffice_recalculate_each_workbook_once(tmp_path, monkeypatch):
    started = []

    def whole(path, folder):
        started.append(path)
        (folder / "out.xlsx").write_bytes(path.read_bytes() + b" again")
        return folder / "out.xlsx"

    monkeypatch.setattr(independent, "recalculated", whole)
    kept = tmp_path / "kept"
    kept.mkdir()
    once, book = each_once(kept), tmp_path / "m.xlsx"
    for content, times in ((b"a", 1), (b"a", 1), (b"b", 2), (b"a", 2)):
        book.write_bytes(content)
        assert once(book, tmp_path).read_bytes() == content + b" again"
        assert len(started) == times


# ------------------------------------------------------------------------------------------ no false alarms
DECREMENT = "utilities.adverse_events.decrements.any_grade3plus"
INCIDENCE = "adverse_events.cabinet.pnet.any_grade3plus"
UTILITY = "utilities.state_utilities.clarinet"


@pytest.mark.parametrize(
    ("test", "changes"),
    [
        ("U28", {DECREMENT: 0.0}),
        ("U28", {f"{INCIDENCE}.cabozantinib": 0.0, f"{INCIDENCE}.placebo": 0.0}),
        ("U28", {"costs.drug.cabozantinib.discount": 1.0}),
        ("U28", {"strategies.cabozantinib.time_on_treatment.rule": "none", "costs.crossover.disutility": "none"}),
        ("R2", {"costs.drug.cabozantinib.discount": 1.0}),
        ("R2", {"costs.drug.cabozantinib.price_per_pack": 0.0}),
        ("E8", {f"{UTILITY}.progression_free": 1.0, f"{UTILITY}.decrement_on_progression": 0.0}),
        ("U28", {f"{UTILITY}.progression_free": 1.0, f"{UTILITY}.decrement_on_progression": 0.0}),
        ("E8", {f"{UTILITY}.progression_free": 0.0, f"{UTILITY}.decrement_on_progression": 0.0}),
        ("R5", {f"{UTILITY}.progression_free": 0.0, f"{UTILITY}.decrement_on_progression": 0.0}),
        ("R18", {f"{UTILITY}.progression_free": 0.0, f"{UTILITY}.decrement_on_progression": 0.0}),
        ("R18", {"settings.discount_rate_costs": 1.0, "settings.discount_rate_qalys": 1.0}),
        ("E11", {"settings.cycle_days": 1, "settings.horizon_years": 3}),
        ("E21", {"costs.drug.cabozantinib.price_per_pack": 1e9}),
    ],
)
def test_what_is_as_it_must_be_at_an_extreme_value_is_no_failure(test, changes):
    found = run(test, load("pnet", changes))
    assert found.outcome != "fail", found


def test_a_number_that_nothing_uses_is_found_at_an_extreme_value_too():
    """The reasons excuse what they name, and nothing else: a discount of 100% is no reason for a price per scan."""
    from netcea.verification import idle

    here = Perturbed(load("pnet", {"costs.drug.cabozantinib.discount": 1.0}), 100, 1)
    assert idle.why_idle(here, "costs.drug.cabozantinib.price_per_pack")
    assert not idle.why_idle(here, "costs.unit.ct_scan")
    assert not idle.why_idle(here, DECREMENT)


@pytest.mark.parametrize("order", [1, -1])
def test_equal_strategies_are_one_point_of_the_hull(order):
    from netcea.verification.hull import on_the_hull, vertices

    points = {
        "cheap": (1.0, 10.0),
        "twin": (1.0, 10.0),
        "between": (2.0, 20.0),
        "dear": (3.0, 30.0),
        "bad": (2.0, 40.0),
    }
    points = dict(sorted(points.items())[::order])
    assert len(vertices(points)) == 2
    assert all(
        on_the_hull(frontier, points)
        for frontier in (["cheap", "dear"], ["twin", "dear"], ["cheap", "between", "dear"])
    )
    assert not any(
        on_the_hull(frontier, points) for frontier in (["cheap"], ["dear"], ["cheap", "dear", "bad"], ["cheap", "bad"])
    )
