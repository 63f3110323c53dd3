"""The states after the steps of a waterfall can be selected in the workbook, and are read back from it."""

from pathlib import Path

import openpyxl
import pytest

from helpers.opened import all_equal
from helpers.worked_out import WorkedOut
from netcea.loading.load import load, resolve
from netcea.loading.merging.draft import read_draft
from netcea.workbook.alternatives import after_steps, unlike
from netcea.workbook.export import live_workbook
from netcea.workbook.reading.read_back import read_workbook

ILLUSTRATION = str(Path(__file__).resolve().parents[2] / "docs" / "waterfall_illustration.yaml")


def made():
    merged = read_draft(ILLUSTRATION)
    base = resolve(merged)
    found = after_steps(base, lambda path: read_draft(str(path), (), (), merged.inputs))
    return live_workbook([base, *unlike(found, base)])


@pytest.mark.slow
def test_each_state_is_selected_and_equal_to_python_and_one_is_read_back(tmp_path):
    workbook = made()
    titles, variants = workbook.variants.titles, workbook.variants.scenarios
    assert [title.partition(" (")[0] for title in titles[1:]] == [f"Step {n}" for n in range(1, 9)]
    assert workbook.variants.refused == ()
    sheets = WorkedOut(workbook)
    for place in (1, 5, 8):
        sheets.change({"Scenarios!B3": titles[place]})
        all_equal(variants[place], workbook, sheets, errors=False)
    path = tmp_path / "chosen.xlsx"
    workbook.save(path)
    book = openpyxl.load_workbook(path)
    book["Scenarios"]["B3"] = titles[5]
    book.save(path)
    found = read_workbook(path, ILLUSTRATION)
    assert found.selected.name == "waterfall_illustration.yaml@5"
    assert found.scenario.file.utilities == load(f"{ILLUSTRATION}@5").file.utilities
