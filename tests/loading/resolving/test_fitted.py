"""A scenario that refers to a fit to patients: the curve, its draws, what is refused, what a digest knows."""

from pathlib import Path

import numpy as np
import pytest

import netcea
from helpers import small_project
from helpers.small_project import choices, weibull
from netcea.errors import InputError
from netcea.evidence.fit import fit
from netcea.fitting.candidates import Candidate, candidates
from netcea.loading import load
from netcea.sampling.sampler import sample

LUNG = Path(__file__).parents[2] / "reference_data" / "lung.csv"
FEW = [Candidate("log_normal"), Candidate("weibull"), Candidate("mixture_cure", base="weibull")]


def project(folder, found, os, pfs=None):
    """A project with fits in inputs/ whose two strategies have these curves; return the file of the scenario."""
    strategies = {
        "new": {"pfs": pfs or weibull(1.1, 0.9), "os": os},
        "old": {"pfs": weibull(1.2, 0.6), "os": weibull(1.2, 2.0)},
    }
    path = small_project.write(folder, choices(strategies, utilities=(0.8, 0.6)))
    found.write_inputs(folder / "inputs")
    return path


def of(candidate, arm="male"):
    """How a scenario refers to a fit."""
    more = {"scale": candidate.scale, "internal_knots": candidate.internal_knots, "base": candidate.base}
    given = {name: value for name, value in more.items() if value is not None}
    return {"fit": "survival.lung.os", "arm": arm, "distribution": candidate.family, **given}


@pytest.fixture(scope="module")
def lung():
    return fit(LUNG, "lung", "os", time_unit="days", source="mhra_2025")


@pytest.mark.parametrize("candidate", candidates(), ids=lambda one: one.name)
def test_the_curve_is_the_fitted_one(lung, tmp_path, candidate):
    fitted = {one.name: one for one in lung.fitted("male")}
    if candidate.name not in fitted:
        with pytest.raises(InputError, match=f"{candidate.name}: the likelihood has no maximum"):
            load(str(project(tmp_path, lung, of(candidate))))
        return
    scenario = load(str(project(tmp_path, lung, of(candidate))))
    edges = netcea.run(scenario, ledger=False).traces["new"].edges
    expected = np.asarray(fitted[candidate.name].curve().survival(edges["time_years"] * 365.25))
    np.testing.assert_allclose(1.0 - edges["dead"], expected, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("name", ["log_normal", "royston_parmar_odds_2", "mixture_cure_weibull"])
def test_it_is_drawn_by_its_covariance(lung, tmp_path, name):
    one = next(one for one in lung.fitted("male") if one.name == name)
    scenario = load(str(project(tmp_path, lung, of(one.candidate))))
    rows = sample(scenario, 20_000, 1)
    columns = []
    for parameter, scale in zip(one.names, one.scales, strict=True):
        x = rows[f"survival.lung.os.male.{name}.{parameter}"].reshape(-1)
        columns.append({"log": np.log, "identity": np.asarray, "logit": lambda p: np.log(p / (1 - p))}[scale](x))
    se = np.sqrt(np.diag(one.covariance))
    assert np.abs((np.mean(columns, axis=1) - one.real_line) / se).max() < 0.03
    assert np.abs((np.cov(columns) - one.covariance) / np.outer(se, se)).max() < 0.04


def test_the_digest_knows_the_knots(lung, tmp_path):
    path = project(tmp_path, lung, of(Candidate("royston_parmar", "hazard", 1)))
    before = load(str(path)).digest
    file = tmp_path / "inputs" / "survival" / "lung.yaml"
    text = file.read_text(encoding="utf-8")
    knots = text[text.index("royston_parmar_hazard_1") :]
    first = knots[knots.index("knots: [") + 8 : knots.index(",", knots.index("knots: ["))]
    file.write_text(text.replace(first, repr(float(first) - 0.1), 1), encoding="utf-8")
    assert load(str(path)).digest != before


def test_a_parameter_can_be_set(lung, tmp_path):
    path = project(tmp_path, lung, of(Candidate("log_normal")))
    scenario = load(str(path), ["survival.lung.os.male.log_normal.meanlog=6"])
    assert scenario.quantities["survival.lung.os.male.log_normal.meanlog"].value == 6.0


@pytest.mark.parametrize(
    ("changes", "messages"),
    [
        ({"arm": "mal"}, ["the arm 'mal' of survival.lung.os", "did you mean 'male'"]),
        ({"arm": None}, ["goes with trial and fit, always"]),
        ({"fit": "survival.lung.pfs"}, ["'survival.lung.pfs', which inputs/ does not have"]),
        ({"fit": "survival.lung.os.male"}, ["which is no fit", "netcea fit"]),
        ({"fit": "survival.lungs.os"}, ["which inputs/ does not have"]),
        ({"distribution": "gompertz"}, ["gompertz, which was not fitted to male", "log_normal, weibull"]),
        ({"distribution": "royston_parmar"}, ["royston_parmar needs it"]),
        ({"knots": [1.0, 2.0]}, ["os.knots", "goes with royston_parmar"]),
        ({"distribution": "royston_parmar", "scale": "odds", "knots": [1.0, 2.0]}, ["os.knots", "is the fit's own"]),
        ({"parameters": {"a": "test.numbers.x"}}, ["a curve has exactly one origin"]),
    ],
)
def test_refused(tmp_path, changes, messages):
    found = fit(LUNG, "lung", "os", time_unit="days", source="mhra_2025", families=FEW)
    os = {key: value for key, value in {**of(Candidate("log_normal")), **changes}.items() if value is not None}
    with pytest.raises(InputError) as error:
        load(str(project(tmp_path, found, os)))
    for message in messages:
        assert message in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('time_unit: "days"', 'time_unit: "moons"', "time_unit"),
        ("knots: [", "knots: [99, ", "knots"),
        ('distribution: "royston_parmar"', 'distribution: "weibul"', "weibul"),
        ("unit: parameter", "unit: parsec", "parsec"),
    ],
)
def test_a_file_that_was_changed_by_hand(tmp_path, old, new, message):
    spline = Candidate("royston_parmar", "odds", 1)
    found = fit(LUNG, "lung", "os", time_unit="days", source="mhra_2025", families=[spline])
    path = project(tmp_path, found, of(spline))
    file = tmp_path / "inputs" / "survival" / "lung.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as error:
        load(str(path))
    assert message in str(error.value)
    assert "survival/lung.yaml" in str(error.value)
