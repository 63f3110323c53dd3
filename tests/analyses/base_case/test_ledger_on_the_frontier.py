"""The ledger compares on the frontier, and has weighted beside unweighted."""

import json
import math

import pytest

import netcea
from helpers.sample_of import mostly_slow
from netcea.analyses.base_case.judgement_tables import ledger
from netcea.analyses.base_case.screen_evidence import ledger_summary, ledger_table
from netcea.reporting.redaction import Redaction
from netcea.reporting.report import results_text
from netcea.reporting.screen import rendered_reports
from netcea.scenario.price_layers import CONFIDENTIAL

FORBIDDEN = ("for the intervention", "change 0.0")


@pytest.fixture(scope="module", params=mostly_slow(["pnet", "epnet"], ["pnet"]))
def result(request):
    return netcea.run(request.param)


def rows_of(table, words):
    names = [column.name for column in table.columns]
    found = [dict(zip(names, row, strict=True)) for row in table.rows]
    return [row for row in found if words in str(row.get("source", row.get("scenario")))]


def test_scenarios_in_which_the_intervention_is_dominated_say_so(result):
    rows = rows_of(ledger(result), "_comparators")
    assert len(rows) == 2
    for row in rows:
        assert "is dominated by" in row["on_frontier"]
        assert row["icer"].label == "dominated"
        assert row["direction"] == "against the intervention"
        assert row["bias"] == "hides that the intervention is dominated"
        assert row["change_in_nhb"] != 0.0
        assert row["change_in_weighted_nhb"] != 0.0
        assert not [cell for cell in row.values() if str(cell) in FORBIDDEN]


def test_the_change_is_against_the_best_other_strategy(result):
    (test,) = {t for e in result.ledger for t in e.tests if t.source.endswith("_comparators.yaml")}
    case = netcea.run(test.source, ledger=False).case
    worth = {name: found.qalys - found.costs / 25_000.0 for name, found in case.strategies.items()}
    best = max(value for name, value in worth.items() if name != "cabozantinib")
    expected = worth["cabozantinib"] - best - result.case.nhb(25_000.0)
    assert test.change_in_nhb == pytest.approx(expected, abs=1e-9)
    assert test.change_in_nhb < 0.0


def test_every_test_has_its_own_weight_and_flips_are_marked(result):
    tests = {t.source: t for e in result.ledger for t in e.tests if not t.fault}
    weight = result.case.severity.severity_weight
    flips = [t for t in tests.values() if t.severity_weight != weight]
    assert flips
    assert all(t.weight_changes == (t.severity_weight != weight) for t in tests.values())
    plain = [t for t in tests.values() if t.icer is not None]
    assert all(math.isclose(t.weighted_icer, t.icer / t.severity_weight) for t in plain)
    rows = rows_of(ledger(result), ".yaml")
    marked = {row["source"] for row in rows if row["weight"] == "yes"}
    assert marked == {t.source for t in flips}


def test_the_weighted_change_is_that_of_a_run_of_the_scenario(result):
    tests = {t.source: t for e in result.ledger for t in e.tests if t.weight_changes and not t.on_frontier}
    source = min(tests)
    test = tests[source]
    case = netcea.run(source, ledger=False).case
    change = case.nhb(25_000.0, weighted=True) - result.case.nhb(25_000.0, weighted=True)
    assert test.change_in_weighted_nhb == pytest.approx(change, abs=1e-9)


def test_the_screen_has_both_and_the_dominance(result):
    text = rendered_reports([result.report], width=110)
    assert "hides dominance" in text
    assert "is dominated by" in " ".join(text.split())
    table = ledger_summary(result)
    assert {"change_in_nhb", "change_in_weighted_nhb", "icer", "weighted_icer"} <= {c.name for c in table.columns}
    assert "on_frontier" in {c.name for c in ledger_table(result).columns}


def test_where_the_base_case_shows_dominance_no_assumption_hides_it():
    """Each scenario then has its own direction: one that raises net benefit is not said to be against it for that."""
    result = netcea.run("pnet_comparators")
    rows = [row for row in rows_of(ledger(result), ".yaml") if row["source"]]
    assert any(row["icer"] and row["icer"].label == "dominated" for row in rows)
    assert not [row for row in rows if row["bias"].startswith("hides")]
    by_file = {test.source: test.direction for entry in result.ledger for test in entry.tests}
    words = {"for": "for the intervention", "against": "against the intervention", "unclear": "unclear", None: ""}
    assert all(row["direction"] == words[by_file[row["source"]]] for row in rows)
    assert "hides dominance" not in ledger_summary(result).column("bias")


def test_the_increments_are_those_that_the_icer_is_made_of(result):
    tests = {t.source: t for e in result.ledger for t in e.tests if not t.fault}
    plain = [t for t in tests.values() if t.icer is not None]
    assert plain
    for test in plain:
        assert test.incremental_costs / test.incremental_qalys == pytest.approx(test.icer, rel=1e-9)
    assert all(t.nhb - t.change_in_nhb == pytest.approx(result.case.nhb(25_000.0), abs=1e-9) for t in plain)
    (frontier,) = (t for t in tests.values() if t.source.endswith("_comparators.yaml"))
    case = netcea.run(frontier.source, ledger=False).case
    row = next(r for r in case.incremental if r.strategy == "cabozantinib")
    other = case.strategies[row.versus]
    assert row.versus != case.comparator
    assert frontier.incremental_costs == case.strategies["cabozantinib"].costs - other.costs
    assert frontier.incremental_qalys == case.strategies["cabozantinib"].qalys - other.qalys
    assert frontier.nhb == pytest.approx(frontier.change_in_nhb + result.case.nhb(25_000.0), abs=1e-9)


def test_increments_and_net_benefit_of_a_test_are_those_of_a_run_of_the_scenario(result):
    tests = {t.source: t for e in result.ledger for t in e.tests if t.weight_changes and not t.on_frontier}
    test = tests[min(tests)]
    case = netcea.run(test.source, ledger=False).case
    row = case.against_comparator()
    assert (test.incremental_costs, test.incremental_qalys) == pytest.approx(
        (row.incremental_costs, row.incremental_qalys)
    )
    assert test.nhb == pytest.approx(case.nhb(25_000.0), abs=1e-9)
    assert test.weighted_nhb == pytest.approx(case.nhb(25_000.0, weighted=True), abs=1e-9)
    (shown,) = {
        tuple(row[name] for name in ("incremental_costs", "incremental_qalys", "nhb", "weighted_nhb"))
        for row in rows_of(ledger(result), test.source)
    }
    assert shown == (test.incremental_costs, test.incremental_qalys, test.nhb, test.weighted_nhb)


def test_what_depends_on_a_price_in_the_ledger_is_hidden_with_the_icer(result):
    """The increments are against a strategy that costs choose: with them hidden, QALYs would tell which."""
    hidden = Redaction(frozenset(result.case.strategies), frozenset())
    priced = {"incremental_costs", "incremental_qalys", "icer", "nhb", "weighted_nhb", "change_in_nhb"}
    for row in rows_of(hidden.table(ledger(result)), ".yaml"):
        assert {row[name] for name in priced} == {CONFIDENTIAL}
        assert row["severity_weight"] != CONFIDENTIAL
    record = hidden.record(json.loads(results_text([result.report])))
    for test in (test for entry in record["ledger"] for test in entry["tests"]):
        assert {test[name] for name in priced} == {CONFIDENTIAL}
        assert test["severity_weight"] != CONFIDENTIAL
