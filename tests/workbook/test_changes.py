"""Whatever a reviewer types: the workbook has what `--set` gives in Python, and every input moves something."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from openpyxl.utils import get_column_letter

from helpers.equal import differences, expected
from helpers.office import Office, needs_office
from helpers.opened import opened
from helpers.worked_out import WorkedOut
from netcea import load
from netcea.errors import InputError
from netcea.workbook.export import live_workbook
from netcea.workbook.sheets.inputs import USED

ROOT = Path(__file__).resolve().parents[2]
RANDOM = int(os.environ.get("NETCEA_RANDOM_INPUTS", "40"))
"""Random changes of inputs: NETCEA_RANDOM_INPUTS=200 python -m pytest tests/workbook -m slow -k random"""


def random_change(dice, workbook):
    """Return address -> another value, within what its unit and interval allow."""
    scenario = workbook.variants.base
    found = {}
    for address in dice.choice([a for a in workbook.inputs.rows if a in scenario.quantities], 4, replace=False):
        quantity = scenario.quantities[str(address)]
        value = quantity.value * float(dice.uniform(0.8, 1.15)) if quantity.value else float(dice.uniform(0.0, 0.3))
        if "tablets" in address:
            value = float(dice.uniform(0.95, 1.0))
        found[str(address)] = round(value, 6)
    if dice.random() < 0.3:
        found["settings.horizon_years"] = round(float(dice.uniform(3.0, 40.0)), 3)
    if dice.random() < 0.2:
        found["settings.discount_rate_qalys"] = round(float(dice.uniform(0.0, 0.06)), 4)
    return found


def random_changes_are_equal(base, workbook, sheets, number, seed):
    scenario, dice, done, moved = workbook.variants.base, np.random.default_rng(seed), 0, 0
    while done < number:
        change = random_change(dice, workbook)
        try:
            changed = load(base, [f"{address}={value!r}" for address, value in change.items()])
        except InputError:
            continue  # not a possible value: Python says so
        cells = {f"Inputs!E{workbook.inputs.rows[address]}": value for address, value in change.items()}
        sheets.change(cells)
        wanted = expected(changed)
        assert differences(wanted, workbook.results.cells, sheets.values) == [], change
        moved += wanted != expected(scenario)
        assert "FAULT" not in sheets.value(workbook.checks.verdict), change
        sheets.change(dict.fromkeys(cells))
        done += 1
    assert moved > done / 2
    assert sheets.value(workbook.checks.verdict) == "All checks passed: equal to Python"


@pytest.mark.slow
@pytest.mark.parametrize("base", ["pnet", "epnet"])
def test_random_changes_of_inputs_have_the_results_of_set(base):
    workbook = live_workbook([load(base)])
    random_changes_are_equal(base, workbook, WorkedOut(workbook), RANDOM // 2, 7)


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("base", ["pnet", "epnet"])
def test_a_few_random_changes_in_libreoffice(base, tmp_path):
    workbook = live_workbook([load(base)])
    with Office() as office:
        opened(office, workbook, tmp_path)
        random_changes_are_equal(base, workbook, office, 3, 8)


@pytest.mark.slow
def test_every_input_moves_a_result_or_the_sheet_says_why_not():
    workbook = live_workbook([load("pnet")])
    sheets = WorkedOut(workbook)
    names = sorted(workbook.results.cells)
    cells = [workbook.results.cells[name] for name in names]
    before = sheets.values(cells)
    says = {
        address: sheets.value(f"Inputs!{get_column_letter(USED)}{row}") for address, row in workbook.inputs.rows.items()
    }
    assert {a: said for a, said in says.items() if not said.startswith(("yes", "no: "))} == {}
    wrong, last = [], {}
    for address, row in workbook.inputs.rows.items():
        value, cell = workbook.variants.numbers[address][0], f"Inputs!E{row}"
        moves = False
        for other in (value * 1.07 if value else 0.03, value * 0.3 + 0.01, value * 2.0):  # a cut-off needs a long way
            sheets.change({**last, cell: other})
            last = {cell: None}
            if sheets.values(cells) != before:
                moves = True
                break
        if moves != says[address].startswith("yes"):
            wrong.append((address, says[address], moves))
    sheets.change(last)
    assert sheets.values(cells) == before
    assert [w for w in wrong if "severity." not in w[0]] == []
