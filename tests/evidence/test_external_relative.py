"""`netcea fit --external` with `--relative-survival`: shares of all causes in likelihoods of excess hazards."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest
import yaml
from click.testing import CliRunner

import netcea
from helpers import relative_trial, small_project
from helpers.relative_trial import csv_text, trial
from helpers.small_project import choices
from netcea.cli.main import main
from netcea.cohort.mortality import LifeTable
from netcea.errors import InputError
from netcea.evidence.external import pulls
from netcea.evidence.external_tables import external_contributions
from netcea.evidence.fit import fit
from netcea.evidence.population import GeneralPopulation
from netcea.evidence.relative_survival import RelativeSurvival
from netcea.fitting.candidates import Candidate
from netcea.loading import load

HAZARD = 0.02
STATED = RelativeSurvival(background="bhazard")
TRIAL = {"time": [1.0, 2.0, 3.0, 4.0], "event": [0, 1, 0, 0], "bhazard": [HAZARD] * 4}
COUNTS = {"start": 5, "stop": 8, "r": 60.0, "n": 100.0}
KNOWN = {"background_start": float(np.exp(-5 * HAZARD)), "background_stop": float(np.exp(-8 * HAZARD))}


def fitted(term, relative=STATED, **options):
    return fit(
        TRIAL, time_unit="years", families=[Candidate("exponential")], relative_survival=relative,
        external={"registry": {"terms": [term]}}, **options,
    )  # fmt: skip


def test_an_exponential_excess_has_the_root_of_its_score():
    """One death in 10 years at risk, and 60 of 100 who live 3 years more: q = exp(-3 (rate + 0.02))."""
    rate = fitted({**COUNTS, **KNOWN}).with_external.fitted("all")[0].estimates["rate"]
    q = np.exp(-3.0 * (rate + HAZARD))
    score = 1.0 / (rate + HAZARD) - 10.0 - 60.0 * 3.0 + 40.0 * 3.0 * q / (1.0 - q)
    assert score == pytest.approx(0.0, abs=1e-3)


def test_the_share_of_the_fit_is_of_all_causes():
    found = fitted({**COUNTS, **KNOWN})
    (pull,) = pulls(found, "all")
    rate = pull.fit.estimates["rate"]
    assert pull.shares(pull.fit)[0] == pytest.approx(np.exp(-3.0 * (rate + HAZARD)), rel=1e-9)
    assert "of all causes" in external_contributions(found).note


def test_a_life_table_stands_in_for_columns_and_says_so():
    """A life table of one hazard at every age has the closed form of that hazard."""
    q = np.full(101, 1.0 - np.exp(-HAZARD))
    people = GeneralPopulation(LifeTable(np.arange(101.0), q, q), "table", 50.0, 0.5)
    stated = fitted({**COUNTS, **KNOWN}).with_external.external.arms["all"].terms[0]
    term = fitted(COUNTS, RelativeSurvival(mean=people)).with_external.external.arms["all"].terms[0]
    assert term.background == pytest.approx(stated.background, rel=1e-9)
    assert "expected survival of the patients" in term.note
    assert "as stated" in stated.note


def test_a_population_beside_stated_hazards_stands_in_too():
    q = np.full(101, 1.0 - np.exp(-HAZARD))
    people = GeneralPopulation(LifeTable(np.arange(101.0), q, q), "table", 50.0, 0.5)
    found = fitted(COUNTS, population=people).with_external
    assert found.external.arms["all"].terms[0].background == pytest.approx(3.0 * HAZARD, rel=1e-9)
    rate = fitted({**COUNTS, **KNOWN}).with_external.fitted("all")[0].estimates["rate"]
    assert found.fitted("all")[0].estimates["rate"] == pytest.approx(rate, rel=1e-8)


def test_all_causes_leave_the_columns_unused():
    options = {"time_unit": "years", "families": [Candidate("exponential")]}
    data = {"time": [1.0, 2.0, 3.0], "event": [1, 1, 0]}
    one, other = (
        fit(data, external={"registry": {"terms": [term]}}, **options).with_external.fitted("all")[0].estimates["rate"]
        for term in (COUNTS, {**COUNTS, **KNOWN})
    )
    assert one == other


@pytest.mark.parametrize(
    ("term", "words"),
    [
        (COUNTS, "background_start and background_stop"),
        ({**COUNTS, "background_start": 0.9}, "because background_start stands there"),
        ({**COUNTS, "background_stop": 0.9}, "because start is 5"),
        ({**COUNTS, "background_start": 0.8, "background_stop": 0.9}, "at most background_start"),
        ({**COUNTS, "background_start": 90.0, "background_stop": 80.0}, "in percent"),
        ({**COUNTS, "background_start": 0.9, "background_stop": 0.0}, "above 0, at most 1"),
        ({"time": 5, "a": 3, "b": 7, "background_start": 0.9, "background_stop": 0.8}, "because start is 0"),
    ],
)
def test_bad_backgrounds_are_refused(term, words):
    with pytest.raises(InputError, match=words):
        fitted(term)


@pytest.mark.slow
@pytest.mark.skipif("NETCEA_REFERENCE" not in os.environ, reason="needs the data of survextrap")
def test_the_three_sources_through_the_command(tmp_path, monkeypatch):
    """Pearson's statistic of 21 counts is below the 95% point of chi squared with 21 degrees of freedom."""
    folder = Path(os.environ["NETCEA_REFERENCE"]) / "survival"
    names = ("survextrap_cetux", "survextrap_cetux_bh", "survextrap_cetux_seer")
    trial, hazards, registry = (
        list(csv.DictReader((folder / f"{name}.csv").read_text(encoding="utf-8").splitlines())) for name in names
    )
    at = np.array([float(row["time"]) for row in hazards])
    hazard = np.array([float(row["hazard"]) for row in hazards])

    def survival(t):
        at_risk = np.clip(t - at, 0.0, np.append(np.diff(at), np.inf))
        return float(np.exp(-(hazard * at_risk).sum()))

    lines = ["years,d,bhazard"]
    for row in trial:
        if row["treat"] == "Control":
            then = hazard[np.searchsorted(at, float(row["years"]), side="right") - 1]
            lines.append(f"{row['years']},{row['d']},{then}")
    (tmp_path / "trial.csv").write_text("\n".join(lines), encoding="utf-8")
    lines = ["source,start,stop,r,n,background_start,background_stop"]
    for row in registry:
        both = (survival(float(row["start"])), survival(float(row["stop"])))
        lines.append(f"mhra_2025,{row['start']},{row['stop']},{row['r']},{row['n']},{both[0]},{both[1]}")
    (tmp_path / "registry.csv").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    os_ = small_project.weibull(1.1, 0.3)
    small_project.write(tmp_path, choices({"new": {"pfs": os_, "os": os_}, "old": {"pfs": os_, "os": os_}}))
    options = (
        "--time years --event d --time-unit years --relative-survival --background bhazard --external registry.csv"
        " --source mhra_2025"
    )
    ran = CliRunner().invoke(main, ["fit", "trial.csv", "--name", "cetux", *options.split(), "--out", "out"])
    assert ran.exit_code == 0, ran.output
    (table,) = Path("out").rglob("external_contributions.csv")
    rows = [
        r
        for r in csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines())
        if r["Family"] == "royston_parmar_hazard_1"
    ]
    p = np.array([float(row["Share, fit with (share)"]) for row in rows])
    r, n = (np.array([float(row[key]) for row in registry]) for key in ("r", "n"))
    assert len(p) == 21
    assert ((r - n * p) ** 2 / (n * p * (1.0 - p))).sum() < 32.7


def test_a_scenario_takes_the_fit_with_both(tmp_path, monkeypatch):
    few = (Candidate("exponential"), Candidate("weibull"))
    monkeypatch.setattr("netcea.fitting.maximum_likelihood.candidates", lambda: few)
    path = relative_trial.fitted_project(tmp_path)
    (tmp_path / "data.csv").write_text(csv_text(trial(60)), encoding="utf-8")
    outside = {"mhra_2025": {"arm": "new", "time_unit": "years", "terms": [{"time": 5, "a": 6, "b": 34}]}}
    (tmp_path / "outside.yaml").write_text(yaml.safe_dump(outside), encoding="utf-8")
    words = ["fit", str(tmp_path / "data.csv"), "--name", "trial", "--time-unit", "months", "--time", "months"]
    words += [
        "--event",
        "died",
        "--project",
        str(tmp_path),
        "--out",
        str(tmp_path / "out"),
        "--source",
        "mhra_2025",
        "--no-figures",
    ]
    words += ["--relative-survival", "--life-table", "test.life_tables.flat"]
    ran = CliRunner().invoke(main, [*words, "--external", str(tmp_path / "outside.yaml")])
    assert ran.exit_code == 0, ran.output
    said = yaml.safe_load((tmp_path / "inputs/survival/trial.yaml").read_text("utf8"))["os"]["with_external"]["fitted"]
    (term,) = said["external"]["sources"][0]["terms"]
    assert said["relative_survival"] is True
    assert term["note"] == "background: the expected survival of the patients of the arm"
    shares = {}
    for group in ("survival.trial.os", "survival.trial.os.with_external"):
        curve = {"fit": group, "arm": "new", "distribution": "weibull"}
        scenario = load(str(relative_trial.another(path, group.rpartition(".")[2], {"strategies.new.os": curve})))
        assert scenario.curves["strategies.new.os"].background_mortality == "excess"
        shares[group] = float(netcea.run(scenario).frame("base_case")["qalys"].iloc[0])
    assert len(set(shares.values())) == 2
