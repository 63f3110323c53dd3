"""What to know before reading the numbers stands above them, wherever they are shown."""

import json
from dataclasses import replace

import pytest

import netcea
from netcea.analyses.read_first.facts import Facts
from netcea.analyses.read_first.registry import READ_FIRST, read_first
from netcea.analyses.shared.frontier import Judged, frontier_words
from netcea.reporting.first_lines import FirstLine, that_may_be_shown
from netcea.reporting.html import report_html
from netcea.reporting.report import write_report
from netcea.reporting.saved_tables import rendered_saved_run
from netcea.reporting.screen import rendered_reports
from netcea.storage.saved_run import read_saved_run

LINE = FirstLine("tested", "Something that weighs £5.")


def codes(scenario):
    return [line.code for line in read_first(scenario)]


@pytest.fixture(scope="module", params=["pnet", "epnet"])
def base(request):
    return netcea.load(request.param)


@pytest.mark.parametrize(("name", "better"), [("pnet", "Sunitinib"), ("epnet", "Everolimus")])
def test_a_base_case_of_two_strategies_says_what_a_left_out_comparator_does(name, better):
    (line,) = (line for line in read_first(netcea.load(name)) if line.code == "further_strategies")
    assert f"Cabozantinib is dominated by {better}, which costs £" in line.message
    assert f"sensitivity/{name}_comparators.yaml" in line.message


@pytest.mark.parametrize(("name", "better"), [("pnet", "Sunitinib"), ("epnet", "Everolimus")])
def test_a_scenario_in_which_the_intervention_is_dominated_says_so_first(name, better):
    scenario = netcea.load(f"scenarios/sensitivity/{name}_comparators.yaml")
    first = read_first(scenario)[0]
    assert first.code == "frontier"
    assert f"Cabozantinib is dominated by {better}" in first.message
    assert "is not what to decide by" in first.message


def test_a_comparator_that_does_not_dominate_is_told_of_too():
    ratio = "survival.cabinet_epnet.os_nejm.hazard_ratio"
    says = {
        (0.4, 0.0): "has to be compared with Everolimus, the strategy before it on the frontier: £",
        (0.4, 1.0): "is on the frontier, against Placebo / best supportive care as here",
        (0.86, 1.0): "is extendedly dominated",
    }
    for (value, discount), words in says.items():
        scenario = netcea.load("epnet", {ratio: value, "costs.drug.cabozantinib.discount": discount})
        (line,) = (line for line in read_first(scenario) if line.code == "further_strategies")
        assert "Left out here: Everolimus" in line.message
        assert words in line.message


def test_a_comparators_scenario_that_cannot_be_combined_is_named():
    scenario = netcea.load("pnet", {"strategies.best_supportive_care.label": "Everolimus"})
    (line,) = (line for line in read_first(scenario) if line.code == "further_strategies")
    assert "cannot be run with these changes" in line.message


def test_every_analysis_shows_the_first_lines_above_its_tables(tmp_path):
    result = netcea.threshold("epnet")
    report = result.report
    text = rendered_reports([report])
    assert result.read_first
    assert text.index("Read first") < text.index(report.table(report.on_screen[0]).title)
    assert "Read first" in report_html(report)
    write_report(report, tmp_path / "run", figures=False)
    for name in ("run.json", "results.json"):
        saved = json.loads((tmp_path / "run" / name).read_text(encoding="utf-8"))
        assert [line["message"] for line in saved["read_first"]] == [line.message for line in result.read_first]
    again = rendered_saved_run(read_saved_run(tmp_path / "run"))
    assert "Read first" in again
    assert "is dominated by Everolimus" in " ".join(again.split())


@pytest.mark.parametrize("analysis", ["run", "one_way", "two_way", "threshold", "psa", "voi"])
def test_no_analysis_leaves_them_out(analysis):
    options = {
        "run": {"ledger": False},
        "two_way": {
            "axes": [
                {"address": "costs.drug.cabozantinib.discount", "low": 0.0, "high": 1.0, "steps": 2},
                {"address": "survival.cabinet_epnet.os_nejm.hazard_ratio", "steps": 2},
            ]
        },
        "psa": {"draws": 64, "explain": False},
        "voi": {"draws": 512},
    }
    scenario = netcea.load("epnet")
    result = getattr(netcea, analysis)(scenario, **options.get(analysis, {}))
    assert tuple(line for line in result.read_first if line.code in READ_FIRST) == read_first(scenario)
    assert result.report.read_first == result.read_first


def test_a_redacted_run_shows_what_no_price_changes_only():
    lines = [LINE, replace(LINE, code="other", depends_on_prices=False)]
    assert that_may_be_shown(lines, redacted=False) == tuple(lines)
    assert [line.code for line in that_may_be_shown(lines, redacted=True)] == ["other"]


def test_a_rule_is_one_line_of_registration(monkeypatch, base):
    monkeypatch.setitem(READ_FIRST, "tested", lambda facts: iter([replace(LINE, message=facts.scenario.file.name)]))
    assert read_first(base)[-1].message == base.file.name


def test_net_benefit_among_many_is_against_the_best_of_the_others():
    case = Facts(netcea.load("scenarios/sensitivity/epnet_comparators_list_price.yaml")).case
    judged = Judged.of(case)
    benefit = {name: found.qalys - found.costs / 25_000.0 for name, found in case.strategies.items()}
    best = max(value for name, value in benefit.items() if name != case.intervention)
    assert judged.nhb(25_000.0) == pytest.approx(benefit[case.intervention] - best, abs=1e-12)
    assert judged.dominated
    assert judged.versus == "Everolimus"


def test_two_strategies_are_judged_as_ever(base):
    case = Facts(base).case
    judged = Judged.of(case)
    assert judged.row == case.against_comparator()
    for threshold in case.thresholds:
        for weighted in (False, True):
            expected = case.nhb(threshold, weighted=weighted)
            assert judged.nhb(threshold, weighted=weighted) == pytest.approx(expected, abs=1e-12)
    assert frontier_words(case) == ""
