"""What a yellow cell takes is what `--set` takes: just outside, the cell, `import` and `--set` refuse in the same words."""

from __future__ import annotations

import pytest

from netcea import load
from netcea.errors import InputError
from netcea.loading.merging.draft import read_draft
from netcea.reporting.xlsx.cells import Cell
from netcea.workbook.export import live_workbook
from netcea.workbook.reading.compared import CellChange, Compared
from netcea.workbook.reading.equivalent_scenario import scenario_of
from netcea.workbook.reading.interpreted import interpret
from netcea.workbook.sheets.inputs import SETTINGS, YOURS
from netcea.workbook.sheets.possible_values import LARGE, rule_for

STEP = 1e-6


@pytest.fixture(scope="module")
def made():
    return live_workbook([load("pnet")])


@pytest.fixture(scope="module")
def draft():
    return read_draft("pnet")


@pytest.fixture(scope="module")
def rules(made):
    """Address -> lowest and highest value that its cell takes, whatever the others hold."""
    by_itself = {address: rule_for(address, made.inputs.limits(address)) for address in made.inputs.rows}
    return {
        address: (float(rule.first), float(rule.last))
        for address, rule in by_itself.items()
        if address in made.variants.base.quantities or address in SETTINGS
    }


def said(problems):
    return {(problem.found, problem.expected, problem.suggestion) for problem in problems}


def refused_by_set(address, value):
    try:
        load("pnet", [f"{address}={value!r}"])
    except InputError as error:
        return error.problems
    return ()


def refused_by_import(made, draft, address, value):
    row = made.inputs.rows[address]
    found = Compared("m.xlsx", [CellChange("Inputs", row, YOURS, Cell(value, "n", ""))])
    meaning = interpret(made, found)
    try:
        scenario_of(made, meaning, draft, "m.xlsx")
    except InputError as error:
        return [*found.problems, *error.problems]
    return found.problems


def outside(low, high):
    """Return values just outside, where there is an end."""
    below = [low - STEP * max(1.0, abs(low))] if low > -LARGE else []
    return below + ([high + STEP * max(1.0, abs(high))] if high < LARGE else [])


def assert_the_same_limits(made, draft, address, low, high):
    for value in outside(low, high):
        by_set, by_import = refused_by_set(address, value), refused_by_import(made, draft, address, value)
        assert by_set, f"{address}={value!r} is refused by its cell alone"
        assert said(by_import) == said(by_set)
        assert all(f"Inputs!E{made.inputs.rows[address]}  {address}" in str(problem) for problem in by_import)
    limits = made.inputs.limits(address)
    for value in (low + 1e-12 * abs(low), high - 1e-12 * abs(high)):  # spreadsheets keep 15 digits
        refusals = refused_by_set(address, value) if abs(value) < LARGE else ()
        assert not {p.expected for p in refusals} & {each.allowed for each in limits}, (
            f"{address}={value!r} is in the cell's range and refused by --set: {refusals}"
        )


def test_one_of_each_kind_of_limits(made, draft, rules):
    kinds = {rule: address for address, rule in rules.items()}
    assert len(kinds) > 8
    for (low, high), address in kinds.items():
        assert_the_same_limits(made, draft, address, low, high)


@pytest.mark.slow
def test_every_yellow_cell(made, draft, rules):
    assert len(rules) > 70
    for address, (low, high) in rules.items():
        assert_the_same_limits(made, draft, address, low, high)


def test_places_of_use_count(rules):
    """Not the unit alone: a pack lasts a tenth of a day at least, some tablets are taken."""
    assert rules["costs.drug.cabozantinib.pack_days"] == pytest.approx((0.1, 40177.5))
    assert rules["costs.drug.cabozantinib.share_of_tablets_taken"] == (0.01, 1.0)
