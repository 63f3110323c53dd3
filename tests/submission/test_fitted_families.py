"""The fit table of B.3.3: the families of `netcea fit`, as inputs/ has them."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

import netcea
from helpers.averaged_project import lung, project
from netcea.errors import InputError
from netcea.evidence.fit import fit
from netcea.evidence.tables import choosing
from netcea.fitting.candidates import Candidate
from netcea.loading import load
from netcea.submission.sections.b3_03_clinical import clinical_parameters
from netcea.submission.sections.fitted_families import fitted_families
from netcea.submission.submission import Submission
from netcea.survival.family_names import family_label

ROOT = Path(__file__).parents[2]
WEIBULL = ROOT / "scenarios/sensitivity/epnet_os_radiant4_weibull.yaml"
PATIENTS = ROOT / "inputs/survival/radiant4_os_digitised.csv"
LANDMARKS = {"at_1": 1.0, "at_2": 2.0, "at_5": 5.0, "at_10": 10.0}


def tables_of(scenario):
    return [block.table for block in fitted_families(Submission(scenario, {}, {}))]


def by_family(table):
    names = [column.name for column in table.columns]
    return {row[0]: dict(zip(names, row, strict=True)) for row in table.rows}


@pytest.fixture(scope="module")
def table():
    (found,) = tables_of(netcea.load(str(WEIBULL)))
    return found


def test_an_exponential_is_what_one_works_out_by_hand(table):
    """One rate: deaths over time at risk."""
    patients = pd.read_csv(PATIENTS).query("arm == 'placebo'")
    deaths, months = patients["event"].sum(), patients["time"].sum()
    rate = deaths / months
    aic = 2.0 - 2.0 * (deaths * np.log(rate) - deaths)
    row = by_family(table)["Exponential"]
    assert row["aic"] == pytest.approx(aic, abs=1e-6)
    assert row["bic"] == pytest.approx(aic - 2.0 + np.log(len(patients)), abs=1e-6)
    assert row["median"] == pytest.approx(np.log(2.0) / rate, rel=1e-6)
    assert row["mean"] == pytest.approx(1.0 / rate / 12.0, rel=1e-6)
    for name, years in LANDMARKS.items():
        assert row[name] == pytest.approx(np.exp(-12.0 * years * rate), rel=1e-6)


def test_the_rest_is_what_netcea_fit_prints_of_the_same_patients(table):
    """The table of the fit is of the fits themselves; this one of the file that they were written to."""
    families = [Candidate(f) for f in ("weibull", "log_normal", "gompertz", "generalised_gamma")]
    families += [Candidate("royston_parmar", "odds", 2), Candidate("piecewise_exponential")]
    found = fit(PATIENTS, "again", "os", time_unit="months", families=families)
    frame = choosing(found)
    columns = [column.name for column in frame.columns]
    theirs = {r[columns.index("family")]: r for r in frame.rows if r[0] == "placebo" and r[3] is not None}
    ours = {name.removesuffix(" (in the model)"): row for name, row in by_family(table).items()}
    assert len(theirs) == len(families)
    for name, row in theirs.items():
        mine = ours[family_label(name)]
        for here, there in (*((a, f"survival_{y:.0f}") for a, y in LANDMARKS.items()), ("aic", "aic"), ("bic", "bic")):
            assert mine[here] == pytest.approx(row[columns.index(there)], rel=2e-4)
        assert mine["median"] == pytest.approx(12.0 * row[columns.index("median")], rel=1e-3)
        assert mine["restricted_mean"] == pytest.approx(row[columns.index("restricted_mean")], rel=1e-3)


def test_ranks_follow_the_criteria_and_the_lowest_aic_stands_first(table):
    rows = [row for row in by_family(table).values() if row["aic"] is not None]
    aic, bic = (np.array([row[name] for row in rows]) for name in ("aic", "bic"))
    assert len(rows) == 19
    assert (np.diff(aic) >= 0.0).all()
    assert [row["rank_aic"] for row in rows] == list(range(1, 20))
    assert [row["rank_bic"] for row in rows] == [1.0 + (bic < b).sum() for b in bic]


def test_the_family_of_the_model_is_marked_and_published_figures_stand_below(table):
    rows = by_family(table)
    assert [name for name in rows if "in the model" in name] == ["Weibull (in the model)"]
    (published,) = (row for name, row in rows.items() if name.startswith("Published: CABINET"))
    assert published["median"] == 19.7
    assert published["aic"] is None
    assert "97 patients, 28 events" in table.note


def test_it_stands_in_the_section_and_only_where_a_fit_is_used():
    run = {"ledger": False, "traces": False, "workbook": False}
    for name, there in ((str(WEIBULL), True), ("pnet", False)):
        result = netcea.run(netcea.load(name), **run)
        blocks = clinical_parameters(Submission(result.scenario, {"base_case": result.report}, {"base_case": result}))
        assert ("Survival model fit to patients" in " ".join(getattr(b, "caption", "") for b in blocks)) is there


def test_all_families_of_an_average_are_marked(tmp_path):
    scenario = load(project(tmp_path, {"average": "aic", "of": ["weibull", "royston_parmar:odds:2"]}))
    for table in tables_of(scenario):
        marked = {name for name in by_family(table) if "in the model" in name}
        assert marked == {"Weibull (in the model)", "Royston-Parmar odds 2 (in the model)"}
        assert "average" in table.note


def test_each_arm_of_a_fit_to_all_arms_has_its_own_curve(tmp_path):
    scenario = load(project(tmp_path, "weibull", "survival.lung.os.joint"))
    joint = lung().joint
    one = next(f for f in joint.fitted if f.name == "weibull")
    tables = tables_of(scenario)
    for table, arm in zip(tables, ("female", "male"), strict=True):
        row = by_family(table)["Weibull (in the model)"]
        expected = float(one.curve(joint.of_arm(arm)).survival(2.0 * 365.25))
        assert row["at_2"] == pytest.approx(expected, rel=1e-9)
        assert "All arms together" in table.note


def test_another_family_of_the_file_that_is_broken_is_said(tmp_path):
    shutil.copytree(ROOT / "inputs", tmp_path / "inputs")
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    path = tmp_path / "inputs/survival/radiant4_fitted.yaml"
    data = yaml.safe_load(path.read_text())
    data["os"]["placebo"]["gamma"]["fitted"]["distribution"] = 3
    path.write_text(yaml.safe_dump(data))
    scenario = load(str(tmp_path / "scenarios/sensitivity" / WEIBULL.name))
    with pytest.raises(InputError, match=r"(?s)gamma, which says nothing valid.*what `netcea fit` wrote"):
        tables_of(scenario)
