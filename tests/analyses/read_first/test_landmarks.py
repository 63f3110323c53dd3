"""Figures of other trials: named, and said first where the curve misses them outside their intervals."""

import pytest

import netcea
from netcea.analyses.base_case.comparisons import comparisons
from netcea.analyses.read_first.facts import Facts
from netcea.analyses.read_first.registry import read_first

CASES = {"pnet": ("RADIANT-3", [48, 60]), "epnet": ("RADIANT-4", [12, 24])}


def landmark_lines(scenario):
    return [line.message for line in read_first(scenario) if line.code == "landmarks"]


@pytest.mark.parametrize("name", CASES)
def test_the_first_lines_name_the_trial_the_misses_and_what_meets_them(name):
    trial, months = CASES[name]
    (line,) = landmark_lines(netcea.load(name))
    assert f"misses {trial} (another trial) outside the 95% interval" in line
    assert [f"survival at {month} months" in line for month in (12, 24, 36, 48, 60)] == [
        month in months for month in (12, 24, 36, 48, 60)
    ]
    assert " meets it: ICER £" in line
    assert "weighted £" in line


def test_epnet_at_24_months_is_the_published_miss():
    (line,) = landmark_lines(netcea.load("epnet"))
    assert "survival at 24 months 0.411 in the model, 0.597 (0.450 to 0.716) published" in line
    assert "(severity weight 1, not 1.2)" in line


@pytest.mark.parametrize("name", CASES)
def test_the_scenario_that_is_named_meets_every_landmark_and_is_in_the_ledger(name):
    base = netcea.load(name)
    named = base.file.strategies["best_supportive_care"].os.met_by
    assert named in {test for entry in base.file.assumptions for test in entry.tested_by}
    scenario = netcea.load(f"scenarios/{named}")
    landmarks = [c for c in comparisons(scenario) if "survival at" in c.what]
    assert landmarks
    assert not [c.address for c in landmarks if c.outside]
    assert landmark_lines(scenario) == []


def test_a_scenario_that_does_not_meet_them_is_not_said_to(tmp_path):
    scenario = netcea.load("epnet", {"strategies.best_supportive_care.os.met_by": "sensitivity/epnet_os_shape_1.yaml"})
    (line,) = landmark_lines(scenario)
    assert line.endswith("is named to meet it, and does not.")
    scenario = netcea.load("epnet", {"strategies.best_supportive_care.os.met_by": ""})
    assert landmark_lines(scenario)[0].endswith("No scenario is named that meets it.")
    scenario = netcea.load("epnet", {"strategies.best_supportive_care.os.met_by": "sensitivity/none.yaml"})
    assert "cannot be run" in landmark_lines(scenario)[0]


def test_only_figures_of_another_trial_carry_its_name():
    found = {c.address: c.trial for c in comparisons(netcea.load("epnet"))}
    assert found["survival.radiant4.os_placebo_landmarks.month_24"] == "RADIANT-4"
    assert found["survival.cabinet_epnet.os_nejm.median_placebo"] == ""
    assert found["survival.cabinet_epnet.os_nejm.median_cabozantinib"] == ""


def test_the_figure_and_the_tables_name_the_trial():
    result = netcea.run("epnet", ledger=False)
    figure = result.figure("os")
    texts = " ".join(text.get_text() for text in figure.findobj(match=lambda artist: hasattr(artist, "get_text")))
    assert "RADIANT-4" in texts
    table = result.report.table("modelled_and_published")
    trials = dict(zip(table.column("address"), table.column("trial"), strict=True))
    assert trials["survival.radiant4.os_placebo_landmarks.month_12"] == "RADIANT-4"


def test_within_the_intervals_nothing_is_said():
    changed = netcea.load("epnet", {"survival.cabinet_epnet.os_nejm.median_placebo": 29.0})
    assert not [c for c in Facts(changed).comparisons if c.outside]
    assert landmark_lines(changed) == []
