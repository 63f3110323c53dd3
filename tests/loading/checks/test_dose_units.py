"""Units of a dose that go together: what does not is refused where it stands, what does costs what a hand calculation says."""

from __future__ import annotations

import pytest

from helpers.malformed_project import copy_project
from netcea import load
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.errors import InputError

NUMBERS = {
    "price": (100, "GBP"),
    "vial": (100, "mg"),
    "per_m2": (75, "mg/m2"),
    "per_kg": (3, "mg/kg"),
    "flat": (300, "mg"),
    "kg": (75, "kg"),
    "kg_sd": (15, "kg"),
    "m2": (1.8, "m2"),
    "m2_sd": (0.2, "m2"),
    "weeks": (3, "weeks"),
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    folder = copy_project(tmp_path / "project")
    lines = []
    for name, (value, unit) in NUMBERS.items():
        year = ", price_year: 2024/25" if unit == "GBP" else ""
        rest = "uncertainty: {fixed: test}, source: [netcea_assumptions], status: assumption, note: test"
        lines.append(f"{name}: {{value: {value}, unit: {unit}, {rest}{year}}}")
    (folder / "inputs/case").mkdir()
    (folder / "inputs/case/n.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def infusion(dose, size=None, vial="vial"):
    item = {
        "kind": "drug_acquisition",
        "label": "An infusion",
        "strategies": ["cabozantinib"],
        "method": "per_administration",
        "during": "on_treatment",
        "price_per_vial": "case.n.price",
        "vial_mg": f"case.n.{vial}",
        "dose": f"case.n.{dose}",
        "interval": "case.n.weeks",
    }
    sizes = {"body_size_mean": f"case.n.{size}", "body_size_sd": f"case.n.{size}_sd"} if size else {}
    return {"costs.infusion": {**item, **sizes}}


@pytest.mark.parametrize(
    ("dose", "size", "fields", "expected"),
    [
        ("per_m2", "kg", ["body_size_mean", "body_size_sd"], "a body surface in m2"),
        ("per_kg", "m2", ["body_size_mean", "body_size_sd"], "a weight in kg"),
        ("flat", "kg", ["body_size_mean", "body_size_sd"], "no body size"),
        ("per_m2", None, ["dose"], "a body surface in m2 beside it"),
        ("per_kg", None, ["dose"], "a weight in kg beside it"),
        ("kg", None, ["dose"], "a dose in one of mg, mg/m2, mg/kg"),
    ],
)
def test_units_that_do_not_go_together_are_refused(project, dose, size, fields, expected):
    with pytest.raises(InputError) as error:
        load("scenarios/pnet.yaml", infusion(dose, size))
    assert [p.address for p in error.value.problems] == [f"costs.infusion.{field}" for field in fields]
    assert all(expected in p.expected for p in error.value.problems)


def test_a_vial_that_is_no_content_is_refused(project):
    with pytest.raises(InputError, match="the content of a vial in mg"):
        load("scenarios/pnet.yaml", infusion("flat", vial="per_kg"))


def test_the_right_units_cost_what_a_hand_calculation_says(project):
    """75 mg/m2 x 1.8 (0.2) m2 in vials of 100 mg: 1.99618 vials each; 300 mg: 3 vials."""
    costs = {}
    for dose, size in (("per_m2", "m2"), ("flat", None)):
        scenario = load("scenarios/pnet.yaml", infusion(dose, size))
        outcomes = simulate(scenario, base_case(scenario)).strategies["cabozantinib"]
        costs[dose] = float(outcomes.by_item("costs")["infusion"][0])
    assert costs["per_m2"] / costs["flat"] == pytest.approx(1.99618 / 3.0, rel=1e-5)
