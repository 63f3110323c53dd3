"""Fits to all arms together: the curves of the arms, effects and their standard errors."""

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest

from netcea.draws import from_real_line
from netcea.fitting.candidates import Candidate
from netcea.fitting.joint_fit import all_arms, effect_of, fit_jointly
from netcea.fitting.patients import Patients

LUNG = Path(__file__).parents[1] / "reference_data" / "lung.csv"
FAMILIES = [
    *(Candidate(name) for name in ("exponential", "weibull", "gompertz", "log_normal", "gamma", "generalised_gamma")),
    *(Candidate("royston_parmar", scale, 1) for scale in ("hazard", "odds", "normal")),
    Candidate("piecewise_exponential"),
    Candidate("mixture_cure", base="weibull"),
]


BC = Path(os.environ.get("NETCEA_REFERENCE", "/nowhere"), "data", "bc.csv")
"""Of flexsurv, under the GPL: not copied."""
ARMS = {"lung": (LUNG, ("female", "male")), "bc": (BC, ("Good", "Medium", "Poor"))}
"""Data set -> its file and arms, the reference arm of flexsurv first."""
RECORDS = [
    record
    for record in json.loads((LUNG.parent / "flexsurv_fits.json").read_text("utf8"))["fits"]
    if record["group"] == "covariate" and record["dist"] != "weibullPH" and ARMS[record["dataset"]][0].is_file()
]
THEIRS = {
    "exp": "exponential",
    "weibull": "weibull",
    "gompertz": "gompertz",
    "lnorm": "log_normal",
    "llogis": "log_logistic",
    "gamma": "gamma",
    "gengamma": "generalised_gamma",
}


def arms_of(name):
    path, arms = ARMS[name]
    with path.open(encoding="utf8") as file:
        rows = list(csv.DictReader(file))
    return {
        arm: Patients.of(*([float(row[name]) for row in rows if row["group"] == arm] for name in ("time", "event")))
        for arm in arms
    }


def lung():
    return arms_of("lung")


@pytest.fixture(scope="module")
def joint():
    return fit_jointly(lung(), "male", FAMILIES)


def test_every_family_is_answered(joint):
    assert [fit.name for fit in joint.fits] == [one.name for one in FAMILIES]
    assert [one.name for one in joint.refused] == ["mixture_cure_weibull"]
    assert joint.arms == ("male", "female")


@pytest.mark.parametrize("name", [one.name for one in FAMILIES[:-1]])
def test_parameters_by_arm_give_the_curves_of_covariates(joint, name):
    fit = next(fit for fit in joint.fitted if fit.name == name)
    found, times = all_arms(fit, "male"), np.array([30.0, 200.0, 900.0])
    values = dict(zip(found.names, map(from_real_line, found.real_line, found.scales), strict=True))
    for arm in joint.arms:
        own = found.arms[arm]
        curve = fit.family(**{p: float(values[given]) for p, given in own.parameters.items()})
        ratio = float(values[own.hazard_ratio]) if own.hazard_ratio else 1.0
        expected = fit.curve(joint.of_arm(arm)).cumulative_hazard(times)
        np.testing.assert_allclose(ratio * np.asarray(curve.cumulative_hazard(times)), expected, rtol=1e-12)
    assert np.linalg.eigvalsh(found.covariance)[0] > 0.0


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: f"{record['dataset']} {record['dist']}")
def test_effects_and_curves_are_flexsurvs(record):
    """flexsurv 2.3.2, ~ group: coefficients, their standard errors, AIC, and survival by arm."""
    _, arms = ARMS[record["dataset"]]
    found = fit_jointly(arms_of(record["dataset"]), arms[0], [Candidate(THEIRS[record["dist"]])])
    (fit,) = found.fitted
    assert fit.log_likelihood == pytest.approx(record["loglik"], abs=1e-6)
    assert fit.aic == pytest.approx(record["AIC"], abs=1e-4)
    assert fit.bic == pytest.approx(record["BIC_logN"], abs=1e-4)
    sign = -1.0 if record["dist"] == "gamma" else 1.0  # theirs is of the rate, ours of time
    for arm in arms[1:]:
        at, effect = record["par_names"].index(f"group{arm}"), effect_of(fit, arm)
        assert effect.estimate == pytest.approx(sign * record["par_realline"][at], rel=1e-4)
        assert effect.se == pytest.approx(np.sqrt(record["cov_realline"][at][at]), rel=5e-3)
    for group, survival in record["survival_at"]["S"].items():
        curve = fit.curve(found.of_arm(group.removeprefix("group=")))
        assert curve.survival(record["survival_at"]["times"]) == pytest.approx(np.array(survival), abs=5e-6)


def test_effects_have_the_signs_and_names_of_their_family(joint):
    effects = {fit.name: effect_of(fit, "female") for fit in joint.fitted}
    exponential = effects["exponential"]
    events, time = {arm: p.events for arm, p in lung().items()}, {arm: p.person_time for arm, p in lung().items()}
    rates = {arm: events[arm] / time[arm] for arm in events}
    assert exponential.estimate == pytest.approx(np.log(rates["female"] / rates["male"]), rel=1e-9)
    assert exponential.se == pytest.approx(np.sqrt(1 / events["female"] + 1 / events["male"]), rel=1e-9)
    assert effects["weibull"].what == effects["gamma"].what == "time ratio"
    assert all(effects[name].estimate > 0.0 for name in ("weibull", "gamma", "log_normal", "generalised_gamma"))
    assert all(effects[name].estimate < 0.0 for name in ("gompertz", "royston_parmar_hazard_1"))
    assert effects["royston_parmar_odds_1"].what == "odds ratio"
    assert not effects["royston_parmar_normal_1"].is_ratio


def test_the_location_of_each_arm_has_the_variance_of_a_sum(joint):
    fit = next(fit for fit in joint.fitted if fit.name == "weibull")
    found = all_arms(fit, "male")
    v = fit.covariance
    assert found.names == ("shape", "scale_male", "scale_female")
    assert found.covariance[2, 2] == pytest.approx(v[1, 1] + v[2, 2] + 2 * v[1, 2], rel=1e-12)
    assert found.covariance[1, 2] == pytest.approx(v[1, 1] + v[1, 2], rel=1e-9)


def test_three_arms_share_one_shape():
    random = np.random.default_rng(1)
    arms = {
        name: Patients.of(scale * random.weibull(1.5, 400), np.ones(400))
        for name, scale in (("a", 1.0), ("b", 2.0), ("c", 4.0))
    }
    found = all_arms(fit_jointly(arms, "b", [Candidate("weibull")]).fitted[0], "b")
    assert found.names == ("shape", "scale_b", "scale_a", "scale_c")
    assert np.exp(found.real_line) == pytest.approx([1.5, 2.0, 1.0, 4.0], rel=0.06)
