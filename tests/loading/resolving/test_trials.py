"""Trials of any arms from inputs/ to curves: names, figures, what is refused; correlations stated or worked out."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import numpy as np
import pytest

from helpers.processes import PATIENCE
from helpers.sample_of import mostly_slow
from helpers.trial_projects import TRIAL, number, told, trial_group, trial_project
from netcea.analyses.base_case.comparisons import comparisons
from netcea.engine.point_estimates import base_case
from netcea.errors import InputError
from netcea.loading import load
from netcea.loading.resolving import trial_correlations
from netcea.survival.evaluate import Curves

TWO = trial_group({"usual care": 4.4, "new": 13.8}, {"hazard_ratio": 0.23})
TWO["arms"][0] = "usual_care"
TWO = {name.replace("usual care", "usual_care"): entry for name, entry in TWO.items()}
THREE = trial_group(
    {"placebo": 4.0, "low": 7.0, "high": 12.0},
    {"hazard_ratio_low_versus_placebo": 0.5, "hazard_ratio_high_versus_placebo": 0.25},
)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """A cache of its own for each test, and nothing remembered from another."""
    monkeypatch.setenv("NETCEA_CACHE", str(tmp_path / "cache"))
    trial_correlations.worked_out.cache_clear()


def medians(scenario):
    """Strategy -> the median PFS of its curve at the point estimates [months]."""
    curves = Curves(scenario.curves, base_case(scenario), np.linspace(0.0, 40.0, 40 * 1000 + 1), np.zeros((1, 40_000)))
    return {
        name: 12.0 * float(np.interp(math.log(2), curves.hazard_at_edges(f"strategies.{name}.pfs")[0], curves.edges))
        for name in scenario.strategies
    }


def problems(path, *sets):
    with pytest.raises(InputError) as caught:
        load(str(path), list(sets))
    return caught.value.problems


# ------------------------------------------------------------------------------------------------ any arms
@pytest.mark.parametrize("family", ["exponential", "weibull", "weibull_ph", "gompertz", "log_normal", "log_logistic"])
def test_two_arms_of_any_name(tmp_path, family):
    scenario = load(str(trial_project(tmp_path, TWO, family)))
    assert scenario.trials == {TRIAL: ("usual_care", "new")}
    assert medians(scenario) == pytest.approx({"usual_care": 4.4, "new": 13.8}, rel=1e-5)
    addresses = scenario.joint[0].addresses
    assert all(address.startswith(f"{TRIAL}.{family}.") for address in addresses)
    assert any(address.endswith("_usual_care") for address in addresses)


@pytest.mark.parametrize("family", ["weibull", "log_normal"])
def test_three_arms(tmp_path, family):
    scenario = load(str(trial_project(tmp_path, THREE, family)))
    found = medians(scenario)
    assert found["placebo"] < found["low"] < found["high"]
    assert found == pytest.approx({"placebo": 4.0, "low": 7.0, "high": 12.0}, rel=0.1)
    by_figure = {figure.address.rpartition(".")[2]: figure for figure in scenario.fits[0].figures}
    assert by_figure["median_high"].modelled == pytest.approx(found["high"], rel=1e-5)
    assert by_figure["hazard_ratio_high_versus_placebo"].what == "hazard ratio, high v placebo"


def test_one_arm_with_an_imposed_shape(tmp_path):
    group = trial_group({"all": 9.0}, {}, shape=number(1.4, "parameter"))
    path = trial_project(tmp_path, group, strategies={"a": "all", "b": "all"}, shape={"weibull": f"{TRIAL}.shape"})
    scenario = load(str(path))
    assert medians(scenario) == pytest.approx({"a": 9.0, "b": 9.0}, rel=1e-5)
    assert told(scenario) == ()  # one figure has no correlation to work out
    assert scenario.curves["strategies.a.pfs"].parameters["shape"] == f"{TRIAL}.shape"


def test_an_arm_whose_median_was_not_reached(tmp_path):
    group = trial_group({"placebo": 4.0, "drug": None}, {"hazard_ratio": 0.5})
    found = medians(load(str(trial_project(tmp_path, group, "exponential"))))
    assert found == pytest.approx({"placebo": 4.0, "drug": 8.0}, rel=1e-5)


def test_strategies_may_take_some_of_the_arms(tmp_path):
    """A strategy that is called otherwise takes an arm, and an arm may be taken by none or by several."""
    path = trial_project(tmp_path, THREE, strategies={"mine": "high", "mine_too": "high", "theirs": "low"})
    found = medians(load(str(path)))
    assert found["mine"] == found["mine_too"] > found["theirs"]


def test_published_ratios_stand_beside_the_curves_of_their_arms(tmp_path):
    group = trial_group({"a": 4.0, "b": 7.0, "c": 12.0}, {"hazard_ratio_c_versus_b": 0.5})
    scenario = load(str(trial_project(tmp_path, group)))  # the comparator is a
    ratios = [c for c in comparisons(scenario) if c.what.startswith("hazard ratio")]
    assert [(c.strategy, c.what) for c in ratios] == [("c", "hazard ratio to b, up to its median")]
    assert ratios[0].modelled == pytest.approx(0.5, rel=1e-3)
    assert [c.what for c in comparisons(scenario)].count("median") == 3


def test_a_ratio_of_the_comparator_over_the_other_is_compared_that_way_round(tmp_path):
    path = trial_project(
        tmp_path, TWO, strategies={"theirs": "usual_care", "mine": "new"}
    )  # the comparator has the drug
    (ratio,) = [c for c in comparisons(load(str(path))) if c.what.startswith("hazard ratio")]
    assert (ratio.strategy, ratio.published) == ("mine", 0.23)
    assert ratio.modelled == pytest.approx(0.23, rel=1e-3)


# ------------------------------------------------------------------------------------------------ what is wrong
def changed(group, drop=(), **more):
    return {name: entry for name, entry in {**group, **more}.items() if name not in drop}


@pytest.mark.parametrize(
    ("group", "address", "words"),
    [
        (changed(TWO, ["arms"]), "arms", ["the reference arm first", "add `arms: [usual_care, new]`"]),
        (changed(TWO, arms="new"), "arms", ["'new'"]),
        (changed(TWO, arms=[]), "arms", ["names of the trial's arms"]),
        (changed(TWO, arms=["usual_care", 2]), "arms", ["names of the trial's arms"]),
        (changed(TWO, arms=["new", "new"]), "arms", ["different names"]),
        (changed(TWO, arms=["usual care", "new"]), "arms", ["letters, digits"]),
        (changed(TWO, arms=["usual_care", "now"]), "median_new", ["did you mean 'now'?"]),
        (changed(TWO, ["patients_new"]), "patients_new", ["how many patients were randomised to new"]),
        (changed(TWO, patients_new=number(0, "patients")), "patients_new", ["1 patient or more"]),
        (changed(THREE, hazard_ratio=number(0.5, "ratio")), "hazard_ratio", ["ARM_versus_OTHER", "placebo, low, high"]),
        (
            changed(TWO, hazard_ratio_new_versus_old=number(0.5, "ratio")),
            "hazard_ratio_new_versus_old",
            ["hazard_ratio (the second arm over the first)"],
        ),
        (changed(TWO, correlation={**number(1, "ratio"), "names": ["a"], "correlation": [[1]]}), "correlation", []),
    ],
)
def test_faults_of_a_group_are_named(tmp_path, group, address, words):
    found = problems(trial_project(tmp_path, group, strategies={"mine": "new", "theirs": "usual_care"}))
    named = [problem for problem in found if problem.address.startswith(f"{TRIAL}.{address}")]
    assert named, found
    assert named[0].file.endswith("trial.yaml")
    for word in words:
        assert word in str(named[0])


def test_an_arm_that_the_trial_does_not_have(tmp_path):
    path = trial_project(tmp_path, TWO)
    found = problems(path, "strategies.new.pfs.arm=old", "settings.horizon_years=-1")
    assert [p.address for p in found] == ["settings.horizon_years"]  # a file that does not validate is told first
    (one,) = problems(path, "strategies.new.pfs.arm=nev")
    assert one.address == "strategies.new.pfs.arm"
    assert one.expected == f"one of the arms of {TRIAL}: usual_care, new"
    assert one.suggestion == "did you mean 'new'?"


def test_all_faults_at_once(tmp_path):
    path = trial_project(tmp_path, changed(TWO, ["patients_new"]))
    found = problems(path, "strategies.new.pfs.arm=old", "test.numbers.population_start_age=200")
    assert {p.address for p in found} >= {
        f"{TRIAL}.patients_new",
        "strategies.new.pfs.arm",
        "test.numbers.population_start_age.value",
    }


def test_figures_that_no_family_meets_say_so(tmp_path):
    one, _ = problems(trial_project(tmp_path, changed(TWO, hazard_ratio=number(1.5, "ratio", 0.1))))  # for each arm
    assert "4.4, 13.8, 1.5" in one.found
    assert "longer median" in one.found


def test_hazard_ratios_that_follow_from_each_other(tmp_path):
    group = changed(THREE, hazard_ratio_high_versus_low=number(0.5, "ratio", 0.1))
    scenario = trial_project(tmp_path, group)
    found = load(str(scenario))  # simulated, three ratios between three arms are nearly dependent, not quite
    assert len(found.fits[0].figures) == 6


# ------------------------------------------------------------------------------------------------ correlations
def stated(rho=0.5):
    correlation = [[1, 0, rho], [0, 1, -rho], [rho, -rho, 1]]
    names = ["median_usual_care", "median_new", "hazard_ratio"]
    return {
        "names": names,
        "correlation": correlation,
        "source": ["netcea_assumptions"],
        "status": "assumption",
        "note": "x",
    }


def test_a_correlation_that_is_stated_is_taken_as_it_stands(tmp_path):
    scenario = load(str(trial_project(tmp_path, changed(TWO, correlation=stated()))))
    assert told(scenario) == ()
    assert not (tmp_path / "cache").exists()
    assert f"{TRIAL}.patients_new" not in scenario.quantities
    other = load(str(trial_project(tmp_path / "other", changed(TWO, correlation=stated(0.1)))))
    assert scenario.joint[0].covariance[0, 0] != other.joint[0].covariance[0, 0]
    assert scenario.digest != other.digest


def test_a_correlation_that_is_not_stated_is_worked_out_and_said(tmp_path):
    path = trial_project(tmp_path, TWO)
    scenario = load(str(path))
    (warning,) = told(scenario)
    assert warning.address == f"{TRIAL}.correlation"
    assert "2,000 simulated trials, seed " in warning.message
    kept = list((tmp_path / "cache").rglob("*.json"))
    assert len(kept) == 1
    result = json.loads(kept[0].read_text("utf8"))["result"]
    written = changed(TWO, correlation={**stated(), "correlation": [list(row) for row in result["correlation"]]})
    fixed = load(str(trial_project(tmp_path / "fixed", written)))
    assert fixed.joint[0].covariance.tolist() == scenario.joint[0].covariance.tolist()
    # what it rests on is recorded, so that other patients make another digest
    changed_patients = load(str(path), [f"{TRIAL}.patients_new=60"])
    assert changed_patients.digest != scenario.digest
    assert changed_patients.joint[0].covariance.tolist() != scenario.joint[0].covariance.tolist()


def test_the_cache_gives_the_same_as_the_simulation(tmp_path, monkeypatch):
    path = trial_project(tmp_path, TWO)
    first = load(str(path))
    trial_correlations.worked_out.cache_clear()
    monkeypatch.setattr(trial_correlations, "simulated", None)  # it would be called
    assert load(str(path)).joint[0].covariance.tolist() == first.joint[0].covariance.tolist()


@pytest.mark.parametrize(
    "text",
    mostly_slow(
        ["", "{", "[]", "{}", '{"result": {"correlation": [[1]]}}', '{"content": 1, "result": 3}'],
        ["{", "{}", '{"content": 1, "result": 3}'],
    ),
)
def test_a_cache_that_is_damaged_is_computed_again(tmp_path, text):
    path = trial_project(tmp_path, TWO)
    first = load(str(path))
    (kept,) = (tmp_path / "cache").rglob("*.json")
    whole = kept.read_text("utf8")
    kept.write_text(text, encoding="utf-8")
    trial_correlations.worked_out.cache_clear()
    assert load(str(path)).joint[0].covariance.tolist() == first.joint[0].covariance.tolist()
    assert kept.read_text("utf8") == whole


def test_a_cached_matrix_that_is_none_is_computed_again(tmp_path):
    path = trial_project(tmp_path, TWO)
    first = load(str(path))
    (kept,) = (tmp_path / "cache").rglob("*.json")
    saved = json.loads(kept.read_text("utf8"))
    for matrix in ([[1, 2], [2, 1]], [[1, 9, 0], [9, 1, 0], [0, 0, 1]], "x", None):
        saved["result"]["correlation"] = matrix
        kept.write_text(json.dumps(saved), encoding="utf-8")
        trial_correlations.worked_out.cache_clear()
        assert load(str(path)).joint[0].covariance.tolist() == first.joint[0].covariance.tolist()


def test_without_a_place_for_a_cache(tmp_path, monkeypatch):
    path = trial_project(tmp_path, TWO)
    first = load(str(path))
    blocked = tmp_path / "file"
    blocked.write_text("x", encoding="utf-8")
    for place in (blocked, blocked / "below", tmp_path / ("x" * 300)):
        monkeypatch.setenv("NETCEA_CACHE", str(place))
        trial_correlations.worked_out.cache_clear()
        assert load(str(path)).joint[0].covariance.tolist() == first.joint[0].covariance.tolist()


def test_processes_at_the_same_time(tmp_path):
    path = trial_project(tmp_path, TWO)
    code = f"import netcea; print(netcea.load({str(path)!r}).joint[0].covariance.tolist())"
    running = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    found = {process.communicate(timeout=PATIENCE)[0] for process in running}
    assert [process.returncode for process in running] == [0] * 3
    assert len(found) == 1
    assert [file.suffix for file in (tmp_path / "cache").rglob("*") if file.is_file()] == [".json"]


def test_a_trial_that_cannot_be_simulated_says_what_to_do(tmp_path):
    path = trial_project(tmp_path, changed(TWO, follow_up_median=number(0.3, "months")))
    one, _ = problems(path)
    assert "too few to correlate" in one.found
    assert one.expected == f"a table of correlations at {TRIAL}.correlation"
