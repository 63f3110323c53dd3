"""The ledger compares on the frontier, and has weighted beside unweighted."""

import math

import pytest

import netcea
from netcea.analyses.base_case.judgement_tables import ledger
from netcea.analyses.base_case.screen_evidence import ledger_summary, ledger_table
from netcea.reporting.screen import rendered_reports

FORBIDDEN = ("for the intervention", "change 0.0")


@pytest.fixture(scope="module", params=["pnet", "epnet"])
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
