"""Discount rates that change from a year on, in cells: each rate and each year is a number that a reader may change."""

from __future__ import annotations

import pytest

from helpers.equal import differences, expected, trace_differences
from helpers.office import Office, needs_office
from helpers.opened import opened
from netcea.loading import load
from netcea.workbook.export import live_workbook

LATER = "settings.later_discount_rates"
STEPS = [{"from_year": 1.5, "costs": 0.08, "qalys": 0.01}, {"from_year": 4, "qalys": 0.0}]
GRID = {"settings.horizon_years": 12, "settings.cycle_days": 61}


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("convention", ["mid_cycle", "cycle_start", "annual"])
def test_cells_are_python_s(convention, tmp_path):
    changes = {**GRID, "settings.discounting": convention, LATER: STEPS}
    scenario = load("pnet", changes)
    workbook = live_workbook([scenario])
    with Office() as office:
        opened(office, workbook, tmp_path)
        assert office.errors() == []
        assert differences(expected(scenario), workbook.results.cells, office.values) == []
        assert trace_differences(scenario, workbook, office.range) == ([], [])
        for address, value in ((f"{LATER}.0.costs", 0.02), (f"{LATER}.1.from_year", 7.0), (f"{LATER}.1.qalys", 0.03)):
            cell = f"Inputs!E{workbook.inputs.rows[address]}"
            office.change({cell: value})
            assert (
                differences(expected(load("pnet", {**changes, address: value})), workbook.results.cells, office.values)
                == []
            )
            office.change({cell: None})


def test_other_steps_need_a_workbook_of_their_own():
    base, other = load("pnet"), load("pnet_discount_1_5_percent_after_30_years")
    workbook = live_workbook([base, other])
    ((name, reason),) = workbook.variants.refused
    assert name == other.file.name
    assert "discount rates that change" in reason
    both = live_workbook([other, load("pnet", {LATER: [{"from_year": 20, "costs": 0.01, "qalys": 0.01}]})])
    assert both.variants.refused == ()
