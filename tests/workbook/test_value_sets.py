"""Utilities, norms and severity of one value set in cells: chosen together they are Python's, mixed they are a fault."""

from __future__ import annotations

import pytest

from helpers.equal import differences, expected
from helpers.office import Office, needs_office
from helpers.opened import opened
from netcea.loading import load
from netcea.workbook.export import live_workbook

CHOICES = ("decision.method_pack", "population.norms", "utilities")


@needs_office
@pytest.mark.slow
def test_what_is_chosen_alone_is_a_fault(tmp_path):
    base, by_5l = load("epnet"), load("epnet_utilities_5l")
    workbook = live_workbook([base, by_5l])
    cells = {}
    for address in CHOICES:
        row, choice = workbook.inputs.choice_rows[address], workbook.variants.choices[address]
        cells[f"Choices!E{row}"] = choice.options[choice.taken[1]]
    with Office() as office:
        opened(office, workbook, tmp_path)
        verdict = workbook.checks.verdict
        assert office.value(verdict).startswith("All checks passed")
        for cell, option in cells.items():
            office.change({cell: option})
            assert office.value(verdict).startswith("FAULT"), cell
            office.change({cell: None})
        office.change(cells)
        assert "FAULT" not in office.value(verdict)
        assert differences(expected(by_5l), workbook.results.cells, office.values) == []
