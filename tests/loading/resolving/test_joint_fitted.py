"""A scenario whose arms come from one fit to all of them: the curves, their draws, what is refused."""

from pathlib import Path

import numpy as np
import pytest

import netcea
from helpers import small_project
from helpers.small_project import choices, weibull
from netcea.errors import InputError
from netcea.evidence.fit import fit
from netcea.fitting.candidates import Candidate
from netcea.loading import load
from netcea.sampling.sampler import sample

LUNG = Path(__file__).parents[2] / "reference_data" / "lung.csv"
FAMILIES = [
    Candidate("weibull"),
    Candidate("royston_parmar", "odds", 1),
    Candidate("piecewise_exponential"),
    Candidate("mixture_cure", base="weibull"),
]


@pytest.fixture(scope="module")
def lung():
    return fit(LUNG, "lung", "os", time_unit="days", source="mhra_2025", families=FAMILIES, joint="male")


def project(folder, lung, candidate, **changes):
    more = {"scale": candidate.scale, "internal_knots": candidate.internal_knots, "base": candidate.base}
    given = {name: value for name, value in more.items() if value is not None}
    os = {"fit": "survival.lung.os.joint", "distribution": candidate.family, **given}
    strategies = {
        "new": {"pfs": weibull(1.1, 0.9), "os": {**os, "arm": "female", **changes}},
        "old": {"pfs": weibull(1.2, 0.6), "os": {**os, "arm": "male"}},
    }
    path = small_project.write(folder, choices(strategies, utilities=(0.8, 0.6)))
    lung.write_inputs(folder / "inputs")
    return str(path)


@pytest.mark.parametrize("candidate", FAMILIES[:3], ids=lambda one: one.name)
def test_the_curves_are_the_arms(lung, tmp_path, candidate):
    one = next(fit for fit in lung.joint.fitted if fit.name == candidate.name)
    traces = netcea.run(load(project(tmp_path, lung, candidate)), ledger=False).traces
    for strategy, arm in (("new", "female"), ("old", "male")):
        edges = traces[strategy].edges
        expected = np.asarray(one.curve(lung.joint.of_arm(arm)).survival(edges["time_years"] * 365.25))
        np.testing.assert_allclose(1.0 - edges["dead"], expected, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("candidate", [FAMILIES[0], FAMILIES[2]], ids=lambda one: one.name)
def test_both_arms_are_drawn_together(lung, tmp_path, candidate):
    one = next(fit for fit in lung.joint.fitted if fit.name == candidate.name)
    scenario = load(project(tmp_path, lung, candidate))
    block = next(joint for joint in scenario.joint if joint.name.startswith("survival.lung.os.joint"))
    assert len(block.addresses) == len(one.names)
    rows = sample(scenario, 20_000, 1)
    group = f"survival.lung.os.joint.{candidate.name}"
    if candidate.family == "weibull":
        ratio = np.log(rows[f"{group}.scale_female"] / rows[f"{group}.scale_male"])
    else:
        ratio = np.log(rows[f"{group}.hazard_ratio_female"])
    se = float(np.sqrt(one.covariance[-1, -1]))
    assert float(ratio.mean()) == pytest.approx(float(one.real_line[-1]), abs=0.03 * se)
    assert float(ratio.std()) == pytest.approx(se, rel=0.02)


def test_one_way_and_probabilistic_analyses_run(lung, tmp_path):
    scenario = load(project(tmp_path, lung, FAMILIES[2]))
    totals = netcea.psa(scenario, draws=50, seed=1).frame("totals").set_index("strategy")
    assert totals.loc["new", "mean_qalys"] == pytest.approx(totals.loc["new", "deterministic_qalys"], rel=0.1)
    varied = netcea.one_way(scenario).frame("one_way")
    assert varied.iloc[0].astype(str).str.contains("hazard ratio female").any()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"arm": "femal"}, "did you mean 'female'"),
        ({"distribution": "gompertz"}, "gompertz, which was not fitted to female"),
        ({"distribution": "mixture_cure", "base": "weibull"}, "no parameter on which covariates act"),
        ({"fit": "survival.lung.os.join"}, "which inputs/ does not have"),
    ],
)
def test_refused(lung, tmp_path, changes, message):
    with pytest.raises(InputError, match=message):
        load(project(tmp_path, lung, FAMILIES[0], **changes))


def test_a_file_without_the_arms_parameters(lung, tmp_path):
    path = project(tmp_path, lung, FAMILIES[0])
    file = tmp_path / "inputs" / "survival" / "lung.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('scale: "scale_female"', 'skale: "scale_female"', 1), encoding="utf-8")
    with pytest.raises(InputError, match="no parameters of the arm 'female'"):
        load(path)
