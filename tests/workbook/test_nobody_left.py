"""Curves that reach 0: whatever ratio, waning or floor lies on them, the workbook's nobody is Python's."""

from __future__ import annotations

import itertools

import pytest

import netcea
from helpers.equal import differences, expected, trace_differences
from helpers.office import Office, needs_office
from helpers.small_project import Number, choices, exponential, per_year, write
from netcea.workbook.export import live_workbook

DAYS = 365.25
KM = [(0, 1.0), (6, 0.8), (12, 0.5), (18, 0.2), (24, 0.0)]
"""Months, survival: nobody is left after two years."""
TAIL = {"tail": "exponential", "tail_from": 24, "parameters": {"rate": Number(0.1, "parameter")}}


@pytest.fixture(scope="module")
def office():
    with Office() as opened:
        yield opened


def km(**more):
    return {"distribution": "kaplan_meier", "table": "test.tables.km", "time_unit": "months", **TAIL, **more}


def waning(starts, ends, **more):
    return {"waning": {"starts": Number(starts, "months"), "ends": Number(ends, "months"), **more}}


def scenario(folder, new, old, **settings):
    """Load a scenario of two strategies with these curves of overall survival."""
    strategies = {"new": {"pfs": exponential(1.0), "os": new}, "old": {"pfs": exponential(1.5), "os": old}}
    strategies["new"]["time_on_treatment"] = {"rule": "until_progression"}
    more = {"horizon_years": 10, "cycle_days": 28, **settings}
    path = write(folder, choices(strategies, {"care": per_year(1000.0, "alive")}, **more))
    inside = folder / "inputs" / "test"
    (inside / "km.csv").write_text("time,survival\n" + "".join(f"{t},{s}\n" for t, s in KM), encoding="utf-8")
    columns = "columns: {time: months, survival: share}"
    text = f"km: {{file: km.csv, kind: survival_table, {columns}, source: [netcea_assumptions], status: published}}\n"
    (inside / "tables.yaml").write_text(text, encoding="utf-8")
    return netcea.load(str(path))


def relative(ratio, **more):
    return {"relative_to": "old", "hazard_ratio": Number(ratio, "ratio"), **more}


BACKGROUND = {
    "none": {},
    "floor": {"background_mortality": "hazard_floor"},
    "excess": {"background_mortality": "excess", "relative_survival": True},
}
CURVES = {
    f"ratio of {ratio}, {effect}, {floor}": (relative(ratio, **when, **BACKGROUND[floor]), km(**BACKGROUND[floor]))
    for (ratio, (effect, when), floor) in itertools.product(
        (0.5, 0.002, 20.0),
        {
            "no waning": {},
            "sudden end": waning(12, 12),
            "sudden end within a cycle": waning(20, 20),
            "fading": waning(12, 60),
            "fading after all died": waning(30, 60),
        }.items(),
        BACKGROUND,
    )
}
CURVES["fades to nobody beyond the horizon"] = (exponential(0.1) | waning(240, 300, towards="old"), km())
CURVES["fades from nobody to others"] = (km(**waning(12, 36, towards="old")), exponential(0.1))
CURVES["ends within the last cycle of a table"] = (km(**waning(23.9, 23.9, towards="old")), exponential(0.1))
"""What -> curves of overall survival of both strategies."""


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("name", CURVES)
def test_the_workbook_is_python_s_where_nobody_is_left(name, office, tmp_path):
    new, old = CURVES[name]
    assert_equal(scenario(tmp_path, new, old), office, tmp_path)


@needs_office
def test_a_small_ratio_to_a_curve_that_reaches_0(office, tmp_path):
    """Nobody is left of the other strategy: nobody is left, however small the ratio."""
    assert_equal(scenario(tmp_path, *CURVES["ratio of 0.002, fading after all died, floor"]), office, tmp_path)


def assert_equal(made, office, folder):
    workbook = live_workbook([made])
    workbook.save(folder / "m.xlsx")
    office.open(folder / "m.xlsx")
    assert office.errors() == []
    found, missing = trace_differences(made, workbook, office.range)
    assert (found, missing) == ([], [])
    assert differences(expected(made), workbook.results.cells, office.values) == []
    assert office.value(workbook.checks.verdict).startswith("All checks passed")
