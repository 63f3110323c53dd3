"""Arms whose names are in any script: names that an address can have, told apart, the same from file to file."""

import re

import numpy as np
import pytest
from click.testing import CliRunner

from netcea.batch.variants import file_name
from netcea.cli.main import main
from netcea.errors import InputError
from netcea.loading import load
from netcea.loading.reading import patients_file
from netcea.loading.reading.patients_file import arm_names, arm_of

ARMS = {
    "Chinese": ("卡博替尼", "安慰剂"),
    "Arabic": ("كابوزانتينيب", "دواء وهمي"),
    "Greek": ("Καμποζαντινίμπη", "Εικονικό"),
    "Cyrillic": ("Кабозантиниб", "Плацебо"),
    "emoji": ("💊", "🍬"),
    "mixed": ("新药 A", "旧药 A"),
}
SCENARIO = """format: 1
extends: base.yaml
name: fitted
direction: unclear
rationale: a test
set:
  strategies.current_care.os: {{fit: survival.trial.os, arm: {arm}, distribution: weibull}}
"""


def netcea(*words):
    return CliRunner().invoke(main, list(map(str, words)))


def trial(arms, columns=("arm", "time", "event"), n=60):
    """A file of patients of two arms."""
    rng = np.random.default_rng(1)
    rows = [",".join(columns)]
    for arm, mean in zip(arms, (12.0, 8.0), strict=True):
        for time in rng.exponential(mean, n):
            switch = f",{0.4 * time:.4f},{0.3 * time:.4f}" if arm == arms[1] and rng.random() < 0.3 else ",,"
            rows.append(f"{arm},{time:.4f},{int(rng.random() < 0.8)}" + (switch if len(columns) > 3 else ""))
    return "\n".join(rows) + "\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    assert netcea("init", tmp_path / "p", "--blank").exit_code == 0
    monkeypatch.chdir(tmp_path / "p")
    return tmp_path / "p"


@pytest.mark.parametrize("script", ARMS)
def test_names_are_safe_apart_and_of_the_word_alone(script):
    names = arm_names(ARMS[script])
    assert len(set(names)) == 2
    for word, name in zip(ARMS[script], names, strict=True):
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_\-]*", name)
        assert arm_names([word]) == [name]
        assert arm_of(word, names) == arm_of(name, names) == name
        assert file_name(word)
    assert len({file_name(word) for word in ARMS[script]}) == 2


def test_names_that_were_ones_already_stay():
    words = ["placebo", "drug A, 10 mg", "10 µg", "Drug® ≥ 2"]
    assert arm_names(words) == ["placebo", "drug_A_10_mg", "arm_10_ug", "Drug_2"]
    with pytest.raises(InputError, match="differ in letters"):
        arm_names(["a b", "a-b".replace("-", " ") + " "])


@pytest.mark.parametrize("script", ["Chinese", "emoji"])
def test_fit_takes_them_and_a_scenario_refers_to_them(project, script, monkeypatch):
    told = []
    monkeypatch.setattr(patients_file, "note", told.append)
    arms = ARMS[script]
    (project / "trial.csv").write_text(trial(arms), encoding="utf-8")
    options = (
        "--name",
        "trial",
        "--time-unit",
        "months",
        "--source",
        "placeholder",
        "--no-figures",
        "--joint",
        arms[1],
    )
    said = netcea("fit", "trial.csv", *options)
    assert said.exit_code == 0, said.output
    for word, name in zip(arms, arm_names(arms), strict=True):
        assert f"The arm '{word}' is called {name}" in "".join(told)
    assert "Written to inputs/survival/trial.yaml and reports/fit_trial_os" in said.output
    (project / "scenarios" / "fitted.yaml").write_text(SCENARIO.format(arm=arm_names(arms)[1]), encoding="utf-8")
    assert load(str(project / "scenarios" / "fitted.yaml")).curves


def test_adjust_takes_them(project):
    arms = ARMS["Chinese"]
    columns = ("arm", "time", "event", "switch", "progression")
    (project / "trial.csv").write_text(trial(arms, columns), encoding="utf-8")
    options = ("--name", "trial", "--time-unit", "months", "--source", "placeholder", "--no-figures", "--bootstrap", 0)
    said = netcea("adjust", "trial.csv", "--control", arms[1], "--method", "itt", *options)
    assert said.exit_code == 0, said.output
    assert "Written to inputs/survival/trial.yaml and reports/adjust_trial_os" in said.output


def test_a_digitised_curve_takes_them_in_every_option(project):
    arms = ARMS["Greek"]
    rows = [
        f"{t / 2},{np.exp(-rate * t / 2):.4f},{arm}"
        for arm, rate in zip(arms, (0.05, 0.1), strict=True)
        for t in range(60)
    ]
    (project / "curve.csv").write_text("time,survival,arm\n" + "\n".join(rows) + "\n", encoding="utf-8")
    options = ["--name", "trial", "--time-unit", "months", "--source", "placeholder", "--no-figures", "--keep-failed"]
    options += [word for arm in arms for word in ("--patients", f"{arm}=50")]
    said = netcea(
        "fit", "curve.csv", *options, "--median", f"{arms[0]}=13.9", "--hazard-ratio", f"{arms[0]}/{arms[1]}=0.5"
    )
    assert said.exit_code == 0, said.output
