"""`netcea fit --joint`: AIC and BIC beside separate fits, what is refused, the command."""

import csv
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from netcea.cli.main import main
from netcea.errors import InputError
from netcea.evidence.fit import fit
from netcea.fitting.candidates import Candidate

LUNG = Path(__file__).parents[1] / "reference_data" / "lung.csv"
FEW = [Candidate("exponential"), Candidate("weibull"), Candidate("mixture_cure", base="weibull")]


def test_joint_and_separate_criteria():
    found = fit(LUNG, "lung", time_unit="days", families=FEW, joint="male")
    table = found.frame("joint")
    row = table[(table["family"] == "exponential") & (table["arm"] == "female")].iloc[0]
    with LUNG.open(encoding="utf8") as file:
        rows = list(csv.DictReader(file))
    value = 0.0
    for arm in ("male", "female"):  # events log rate - events
        events, time = (sum(float(row[name]) for row in rows if row["group"] == arm) for name in ("event", "time"))
        value += events * np.log(events / time) - events
    assert row["log_likelihood"] == pytest.approx(value, rel=1e-12)  # an exponential by arm is one with an effect
    assert row["aic_separate"] == pytest.approx(4.0 - 2.0 * value, rel=1e-12)
    assert row["bic"] == pytest.approx(2.0 * np.log(228) - 2.0 * value, rel=1e-12)
    weibull = table[table["family"] == "weibull"].iloc[0]
    apart = [one.fit for arm in found.fits for one in found.summaries[arm] if one.fit.name == "weibull"]
    assert weibull["aic_separate"] == pytest.approx(sum(one.aic for one in apart), rel=1e-12)
    assert weibull["parameters"] == 3
    assert weibull["parameters_separate"] == 4
    assert "covariates act" in table[table["family"] == "mixture_cure_weibull"].iloc[0]["refused"]


@pytest.mark.parametrize(
    ("data", "joint", "message"), [({"arm": ["a", "b", "a"]}, "c", "the arm 'c'"), ({}, "all", "two arms or more")]
)
def test_refused(data, joint, message):
    with pytest.raises(InputError, match=message):
        fit({"time": [1.0, 2.0, 3.0], "event": [1, 1, 1], **data}, families=FEW, joint=joint)


def test_an_arm_that_is_called_joint_has_another_name():
    found = fit({"time": [1.0, 2.0], "event": [1, 1], "arm": ["joint", "b"]}, families=FEW[:1], joint="b")
    assert list(found.fits) == ["arm_joint", "b"]


def test_the_command_shows_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("netcea.fitting.maximum_likelihood.candidates", lambda: (Candidate("exponential"),))
    options = ["--name", "lung", "--time-unit", "days", "--joint", "male", "--no-files"]
    found = CliRunner().invoke(main, ["fit", str(LUNG), *options])
    assert found.exit_code == 0, found.output
    assert "OS, all arms together, against male" in found.output
    assert "hazard ratio" in found.output
    wrong = CliRunner().invoke(main, ["fit", str(LUNG), *options[:-2], "mal", "--no-files"])
    assert wrong.exit_code == 2
    assert "did you mean 'male'" in wrong.output
