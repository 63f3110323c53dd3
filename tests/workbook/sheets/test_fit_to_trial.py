"""What live curves say of published figures is what Python says, in every scenario and after a change."""

from __future__ import annotations

import io
import math
import re
import zipfile

import numpy as np
import pytest

from helpers import small_project
from helpers.small_project import Number, choices, weibull
from helpers.workbook_values import typed
from netcea import load
from netcea.analyses.base_case.comparisons import comparisons
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.export import live_workbook
from netcea.workbook.sheets import fit_to_trial as sheet

SHEET = "Fit to trial"
NEAR = 1e-7
"""Python finds a median by straight lines between a thousand parts of a cycle."""
LANDMARKS = "scenarios/sensitivity/epnet_os_radiant4_landmarks.yaml"


def rows(workbook, found):
    """Yield (figure, published, modelled, verdict, status)."""
    columns = (sheet.PUBLISHED, sheet.MODELLED, sheet.VERDICT, sheet.STATUS)
    for row, figure in enumerate(sheet.figures_of(workbook.variants), sheet.FIRST):
        yield (figure.published, figure.kind), *(found.value(SHEET, row, column) for column in columns)


def differences(workbook, found, scenario):
    """Return what the cells have and Python has not, figure by figure."""
    wanted = {(c.strategy, c.endpoint, c.what, c.address): c for c in comparisons(scenario)}
    wrong = []
    for (figure, _), published, modelled, verdict, status in rows(workbook, found):
        its = wanted.pop((figure.strategy, figure.endpoint, figure.what, figure.address), None)
        if its is None:
            assert status == sheet.NOT_NAMED or isinstance(modelled, str), figure
            continue
        assert status == sheet.STATUSES[its.status]
        if published != pytest.approx(its.published):
            wrong.append((figure.what, figure.address, published, its.published))
        if not math.isfinite(its.modelled):
            same = modelled == "not reached"
        else:
            same = isinstance(modelled, float) and math.isclose(modelled, its.modelled, rel_tol=NEAR)
        bounded = its.low is not None
        expected = (sheet.OUTSIDE if its.outside else sheet.INSIDE) if bounded else sheet.NO_INTERVAL
        if not same or (math.isfinite(its.modelled) and verdict != expected):
            wrong.append((figure.what, figure.address, modelled, its.modelled, verdict, expected))
    assert not wanted, "figures that the sheet has not"
    return wrong


@pytest.fixture(scope="module")
def epnet():
    return live_workbook([load("epnet"), load(LANDMARKS)])


def test_every_figure_is_python_s_in_both_scenarios(epnet):
    assert differences(epnet, calculated(epnet.book), load("epnet")) == []
    page = epnet.book.sheet("Scenarios")
    page.put(3, 2, epnet.variants.titles[1], "input_text")
    try:
        assert differences(epnet, calculated(epnet.book), load(LANDMARKS)) == []
    finally:
        page.put(3, 2, epnet.variants.titles[0], "input_text")


def test_it_follows_what_is_typed(epnet):
    """Another median moves the published figure and the curve; a ratio the curve that has it alone."""
    sets = {"survival.cabinet_epnet.os_nejm.median_placebo": 25.0, "survival.cabinet_epnet.os_nejm.hazard_ratio": 0.7}
    with typed(epnet, sets):
        found = calculated(epnet.book)
    assert differences(epnet, found, load("epnet", sets=sets)) == []
    assert differences(epnet, calculated(epnet.book), load("epnet", sets=sets)) != []


@pytest.mark.parametrize(
    "name", ["pnet", "scenarios/sensitivity/pnet_os_log_normal.yaml", "scenarios/sensitivity/pnet_mortality_none.yaml"]
)
def test_other_families_and_no_floor(name):
    made = live_workbook([load(name)])
    assert differences(made, calculated(made.book), load(name)) == []


def test_a_median_beyond_the_horizon_is_not_reached():
    sets = ["settings.horizon_years=1"]
    made = live_workbook([load("pnet", sets)])
    found = calculated(made.book)
    assert differences(made, found, load("pnet", sets)) == []
    assert [m for (f, kind), _, m, *_ in rows(made, found) if f.endpoint == "os" and kind == sheet.TIME] == [
        "not reached"
    ] * 2


def test_ratios_of_intervals_are_those_of_the_live_curves(tmp_path):
    """Three ratios, one after another; one strategy's own floor bends them."""
    intervals = [
        {"until": Number(0.51, "years"), "hazard_ratio": Number(1.5, "ratio")},
        {"until": Number(2.0, "years"), "hazard_ratio": Number(0.6, "ratio")},
        {"hazard_ratio": Number(0.8, "ratio")},
    ]
    floor = {"background_mortality": "hazard_floor"}
    strategies = {
        "new": {"pfs": weibull(1.1, 0.9), "os": {"relative_to": "old", "hazard_ratios": intervals, **floor}},
        "old": {"pfs": weibull(1.2, 0.6), "os": {**weibull(1.2, 2.5), **floor}},
    }
    every = choices(strategies, utilities=(0.8, 0.6), horizon_years=8)
    scenario = load(str(small_project.write(tmp_path, every, yearly_risk=0.02)))
    made = live_workbook([scenario])
    found = calculated(made.book)
    assert differences(made, found, scenario) == []
    words = [figure.what for (figure, _), *_ in rows(made, found)]
    assert sum("hazard ratio from" in what for what in words) == 3


def test_numbers_at_risk_and_steps_are_those_of_the_patients(epnet):
    """RADIANT-4's digitised placebo arm: 97 patients, 67 at risk at 12 months (the note of its landmark says so)."""
    found, page = calculated(epnet.book), epnet.book.sheet(SHEET)
    row = next(r for (r, c), cell in page.cells.items() if c == 3 and cell.value == "survival.radiant4.digitised_os")
    assert [found.value(SHEET, row, column) for column in (4, 6, 8)] == [97.0, 67.0, 13.0]
    start = next(
        place
        for place, cell in page.cells.items()
        if isinstance(cell.value, str) and cell.value.endswith("OS: survival.radiant4.digitised_os")
    )
    column = start[1] + 3
    survival = []
    r = start[0] + 2
    while isinstance(page.value(r, start[1]), float):
        survival.append((found.value(SHEET, r, start[1]), found.value(SHEET, r, column)))
        r += 1
    at_12_months = [share for time, share in survival if time <= 1.0][-1]
    assert at_12_months == pytest.approx(0.8213, abs=5e-5), "as published in inputs/"
    assert np.all(np.diff([share for _, share in survival]) < 0)


def test_parts_of_intervals_stand_in_the_order_of_the_schema(epnet):
    """ISO/IEC 29500: errDir, errBarType, errValType, noEndCap, plus, minus, val, spPr; Excel repairs others away."""
    order = ["errDir", "errBarType", "errValType", "noEndCap", "plus", "minus", "val", "spPr"]
    with zipfile.ZipFile(io.BytesIO(epnet.as_bytes())) as archive:
        charts = [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/charts/chart")]
    bars = [found for chart in charts for found in re.findall(r"<(?:c:)?errBars>.*?</(?:c:)?errBars>", chart)]
    found = [[p for p in re.findall(r"<(?:c:)?(\w+)", text) if p in order] for text in bars]
    assert len(found) > 3
    assert all(parts == [p for p in order if p in parts] and {"plus", "minus"} <= set(parts) for parts in found)
