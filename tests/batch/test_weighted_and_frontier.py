"""Batch tables: weighted beside unweighted, another weight marked, dominance said and no change of 0 shown for it."""

import csv

import pytest

from helpers.batch_runs import ROOT, write_batch
from netcea.batch.file import read_batch
from netcea.batch.report import screen_table
from netcea.batch.result import BatchRequest
from netcea.batch.run import run_batch
from netcea.batch.store import Store
from netcea.batch.table import lines_of

SENSITIVITY = ROOT / "scenarios" / "sensitivity"
NAMES = ("comparators", "comparators_list_price", "os_radiant4_landmarks", "pfs_fda")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weighted")
    file = write_batch(
        folder / "b.yaml",
        scenarios=["epnet", *(str(SENSITIVITY / f"epnet_{name}.yaml") for name in NAMES)],
        analyses={"base_case": {}, "psa": {"draws": 64, "explain": False}},
    )
    result, _ = run_batch(read_batch(str(file)), Store(folder / "o"), BatchRequest())
    return folder / "o", {line.variant: line for line in lines_of(result, folder / "o")}


def test_the_summary_has_both_and_marks_another_weight(made):
    folder, lines = made
    with (folder / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["Variant"]: row for row in csv.DictReader(file)}
    base = rows["epnet"]
    assert float(base["Weighted ICER (£/QALY)"]) == pytest.approx(float(base["ICER (£/QALY)"]) / 1.2)
    assert [name for name, row in rows.items() if row["Other weight than the base"] == "yes"] == [
        "epnet_os_radiant4_landmarks"
    ]
    moved = lines["epnet_os_radiant4_landmarks"]
    assert moved.weight_flips
    assert moved.change > 0.0 > moved.weighted_change
    assert float(base["Severity weight by the mean QALYs"]) == 1.2


def test_where_the_intervention_is_dominated_no_change_of_0_is_shown(made):
    folder, lines = made
    assert lines["epnet_comparators"].change < -0.1
    assert lines["epnet_comparators"].weighted_change < -0.1
    assert str(lines["epnet_comparators_list_price"].change) == "nan"
    table = screen_table(list(lines.values()))
    found = {str(row[0]): row for row in table.rows}
    for label, row in found.items():
        if "everolimus" in label.lower():
            assert "Cabozantinib is dominated by Everolimus" in label
            assert row[1].label == "dominated"
            assert row[5] != 0.0
    assert any("(weight 1*)" in label for label in found)
    assert "* Another severity weight" in table.note
    assert (folder / "forest_epnet.png").is_file()
