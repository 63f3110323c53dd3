"""The general population in cells: norms by the sexes who are left, events that end at the horizon."""

from __future__ import annotations

import pytest

from helpers.equal import differences, expected, trace_differences
from helpers.office import Office, needs_office
from helpers.small_project import choices, exponential, loaded
from netcea.loading import load
from netcea.workbook.export import live_workbook

PROGRESSIONS = "costs.crossover.of=progressions"
"""No more of all patients than progress can be treated afterwards: within days, hardly any."""
CASES = {
    "to the end of life": ("settings.horizon_years=50", "settings.cycle_days=183"),
    "occupancy at the start of cycles": ("settings.half_cycle_correction=start", "settings.cycle_days=366"),
    "occupancy at the end of cycles": ("settings.half_cycle_correction=end", "settings.cycle_days=366"),
    "ten days": ("settings.horizon_years=0.0273785", "adverse_events.timing=on_treatment", PROGRESSIONS),
    "a day": ("settings.horizon_years=0.00273785", PROGRESSIONS),
}


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_cells_are_python_s(name, tmp_path):
    assert_python_s(load("pnet", sets=list(CASES[name])), tmp_path)


def assert_python_s(scenario, tmp_path):
    workbook = live_workbook([scenario])
    workbook.save(tmp_path / "m.xlsx")
    with Office() as office:
        office.open(tmp_path / "m.xlsx")
        assert office.errors() == []
        assert differences(expected(scenario), workbook.results.cells, office.values) == []
        assert trace_differences(scenario, workbook, office.range) == ([], [])


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize(("correction", "risk"), [("trapezium", 1.0), ("end", 1.0 - 1e-12)])
def test_norms_where_nobody_is_left(correction, risk, tmp_path):
    """All of the population die within every year of age, or all but one in a million millions."""
    strategies = {name: {"pfs": exponential(1.0), "os": exponential(0.5)} for name in ("new", "old")}
    tree = choices(strategies, horizon_years=5, cycle_days=366, half_cycle_correction=correction)
    tree["utilities"]["age_adjustment"] = "multiplicative"
    assert_python_s(loaded(tmp_path, tree, yearly_risk=risk), tmp_path)
