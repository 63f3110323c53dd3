"""Curves fitted to patients in the live workbook: by formula with their estimates, chosen among, and read back."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from helpers import small_project
from helpers.office import Office, needs_office
from helpers.opened import all_equal, opened
from helpers.small_project import choices, weibull
from netcea.evidence.fit import fit
from netcea.fitting.candidates import Candidate
from netcea.loading import load
from netcea.workbook.export import live_workbook

pytestmark = needs_office
LUNG = Path(__file__).parents[1] / "reference_data" / "lung.csv"
OTHERS = {
    "spline": {"arm": "female", "distribution": "royston_parmar", "scale": "odds", "internal_knots": 2},
    "normal": {"arm": "male", "distribution": "royston_parmar", "scale": "normal", "internal_knots": 1},
    "generalised_gamma": {"arm": "female", "distribution": "generalised_gamma"},
    "pieces": {"arm": "male", "distribution": "piecewise_exponential"},
    "cured": {"arm": "male", "distribution": "mixture_cure", "base": "weibull"},
}


@pytest.fixture(scope="module")
def office():
    with Office() as opened_office:
        yield opened_office


def test_every_family_is_equal(office, tmp_path):
    curve = {"fit": "survival.lung.os", "arm": "male", "distribution": "log_normal"}
    floor = {"background_mortality": "hazard_floor"}
    strategies = {
        "new": {"pfs": weibull(1.1, 0.9), "os": {**curve, **floor}},
        "old": {"pfs": weibull(1.2, 0.6), "os": {**curve, "arm": "female", "distribution": "gompertz", **floor}},
    }
    path = small_project.write(tmp_path, choices(strategies, utilities=(0.8, 0.6), horizon_years=6), yearly_risk=0.02)
    fit(LUNG, "lung", "os", time_unit="days", source="mhra_2025").write_inputs(tmp_path / "inputs")
    assert Candidate("weibull").name == "weibull"
    made = [load(str(path))]
    for name, more in OTHERS.items():
        header = {"format": 1, "extends": "small.yaml", "rationale": "a test", "direction": "unclear", "name": name}
        other = path.parent / f"{name}.yaml"
        sets = {"strategies.new.os": {"fit": "survival.lung.os", **more, **floor}}
        other.write_text(yaml.safe_dump({**header, "set": sets}), encoding="utf-8")
        made.append(load(str(other)))
    workbook = live_workbook(made)
    assert workbook.variants.refused == ()
    opened(office, workbook, tmp_path)
    for title, scenario in zip(workbook.variants.titles, made, strict=True):
        office.change({"Scenarios!B3": title})
        all_equal(scenario, workbook, office)


def test_arms_of_one_fit_are_equal(office, tmp_path):
    floor = {"fit": "survival.lung.os.joint", "background_mortality": "hazard_floor"}
    strategies = {
        name: {"pfs": weibull(1.1, 0.9), "os": {**floor, "arm": arm, "distribution": "weibull"}}
        for name, arm in (("new", "female"), ("old", "male"))
    }
    path = small_project.write(tmp_path, choices(strategies, utilities=(0.8, 0.6), horizon_years=3), yearly_risk=0.02)
    families = [Candidate("weibull"), Candidate("piecewise_exponential")]
    found = fit(LUNG, "lung", "os", time_unit="days", source="mhra_2025", families=families, joint="male")
    found.write_inputs(tmp_path / "inputs")
    header = {"format": 1, "extends": "small.yaml", "rationale": "a test", "direction": "unclear", "name": "pieces"}
    sets = {f"strategies.{name}.os.distribution": "piecewise_exponential" for name in strategies}
    other = path.parent / "pieces.yaml"
    other.write_text(yaml.safe_dump({**header, "set": sets}), encoding="utf-8")
    made = [load(str(path)), load(str(other))]
    workbook = live_workbook(made)
    assert workbook.variants.refused == ()
    opened(office, workbook, tmp_path)
    for title, scenario in zip(workbook.variants.titles, made, strict=True):
        office.change({"Scenarios!B3": title})
        all_equal(scenario, workbook, office)
