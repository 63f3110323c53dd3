"""Whatever a reviewer types: the workbook has what `--set` gives in Python, and every input moves something."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from helpers.equal import differences, expected
from helpers.office import Office, needs_office
from helpers.opened import opened
from netcea import load
from netcea.errors import InputError
from netcea.workbook.export import live_workbook

ROOT = Path(__file__).resolve().parents[2]
RANDOM = int(os.environ.get("NETCEA_RANDOM_INPUTS", "40"))
"""Random changes of inputs: NETCEA_RANDOM_INPUTS=200 python -m pytest tests/workbook -m slow -k random"""


@pytest.fixture(scope="module")
def office():
    with Office() as opened:
        yield opened


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


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("base", ["pnet", "epnet"])
def test_random_changes_of_inputs_have_the_results_of_set(base, office, tmp_path):
    scenario = load(base)
    workbook = live_workbook([scenario])
    opened(office, workbook, tmp_path)
    dice, done, moved = np.random.default_rng(7), 0, 0
    while done < RANDOM // 2:
        change = random_change(dice, workbook)
        try:
            changed = load(base, [f"{address}={value!r}" for address, value in change.items()])
        except InputError:
            continue  # not a possible value: Python says so
        cells = {f"Inputs!E{workbook.inputs.rows[address]}": value for address, value in change.items()}
        office.change(cells)
        wanted = expected(changed)
        assert differences(wanted, workbook.results.cells, office.values) == [], change
        moved += wanted != expected(scenario)
        assert "FAULT" not in office.value(workbook.checks.verdict), change
        office.change(dict.fromkeys(cells))
        done += 1
    assert moved > done / 2
    assert office.value(workbook.checks.verdict) == "All checks passed: equal to Python"


@needs_office
@pytest.mark.slow
def test_every_input_moves_a_result_or_the_sheet_says_why_not(office, tmp_path):
    workbook = live_workbook([load("pnet")])
    opened(office, workbook, tmp_path)
    names = sorted(workbook.results.cells)
    cells = [workbook.results.cells[name] for name in names]
    before = office.values(cells)
    wrong, last = [], {}
    for address, row in workbook.inputs.rows.items():
        value, cell = workbook.variants.numbers[address][0], f"Inputs!E{row}"
        says = office.value(f"Inputs!P{row}")
        assert says.startswith(("yes", "no: ")), (address, says)
        moves = False
        for other in (value * 1.07 if value else 0.03, value * 0.3 + 0.01, value * 2.0):  # a cut-off needs a long way
            office.change({**last, cell: other})
            last = {cell: None}
            if office.values(cells) != before:
                moves = True
                break
        if moves != says.startswith("yes"):
            wrong.append((address, says, moves))
    office.change(last)
    assert office.values(cells) == before
    assert [w for w in wrong if "severity." not in w[0]] == []
