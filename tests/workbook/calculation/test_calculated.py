"""Whole workbooks worked out without a spreadsheet program: as Python has it, and as LibreOffice has every cell."""

from __future__ import annotations

import pytest

from helpers.recalculated import needs_libreoffice, recalculate
from helpers.workbook_values import cells_of, differences, typed
from netcea.loading import load
from netcea.reporting.reproducible_xlsx import EPOCH
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.calculation.operands import CellError
from netcea.workbook.export import live_workbook
from netcea.workbook.reading.opened import open_workbook

AGE = "population.cohorts.pnet.start_age"


@pytest.fixture(scope="module")
def pnet():
    return live_workbook([load("pnet")])


def test_no_cell_has_an_error_and_results_are_pythons(pnet):
    found = calculated(pnet.book)
    wrong = [
        (page.name, place)
        for page in pnet.book.pages
        for place, cell in page.cells.items()
        if cell.kind == "f" and isinstance(found.value(page.name, *place), CellError)
    ]
    assert wrong == []
    assert differences(pnet, found, load("pnet")) == []


def test_the_file_holds_what_formulas_come_to(pnet):
    file, found = open_workbook(pnet.as_bytes(), "pnet.xlsx"), calculated(pnet.book)
    empty = 0
    for page in pnet.book.pages:
        sheet = file.sheet(page.name)
        for place, cell in page.cells.items():
            if cell.kind == "f":
                assert sheet.cells[place].value == cell.value  # also where a file holds it once for many rows
                value, expected = sheet.shown[place], found.value(page.name, *place)
                assert (value or "") == (expected or "") or value == pytest.approx(expected, rel=1e-15)
                empty += value is None
    assert empty < 200  # only texts without a letter


@pytest.mark.parametrize(
    "sets",
    [
        {AGE: 30},  # weighed 1.7: rows must reach age 110 from any age
        {AGE: 0.5},
        {AGE: 109},
        {"settings.cycle_days": 7, "settings.horizon_years": 10},
        {"settings.cycle_days": 366, AGE: 55.5},
        {"settings.cycle_days": 13.7, "settings.horizon_years": 12.3, AGE: 12.34, "settings.discount_rate_qalys": 0},
    ],
)
def test_the_general_population_at_any_age_and_cycle(pnet, sets):
    with typed(pnet, sets):
        found = calculated(pnet.book)
    assert differences(pnet, found, load("pnet", sets=sets)) == []


def test_what_is_typed_in_is_as_if_worked_out_anew(pnet):
    found, before = calculated(pnet.book), calculated(pnet.book)
    sets = {AGE: 41.5, "survival.cabinet_pnet.pfs_nejm.hazard_ratio": 0.41, "settings.horizon_years": 12}
    with typed(pnet, sets):
        anew = calculated(pnet.book)
    places = [(page.name, *place) for page in pnet.book.pages for place, cell in page.cells.items() if cell.kind == "f"]
    cells = cells_of(pnet, sets, {})
    found.type_in(cells)
    assert all(_same(found.value(*place), anew.value(*place)) for place in places)
    assert not all(_same(found.value(*place), before.value(*place)) for place in places)
    found.type_in(dict.fromkeys(cells))
    assert all(_same(found.value(*place), before.value(*place)) for place in places)


def _same(one, other):
    return one == other or (isinstance(one, CellError) and isinstance(other, CellError))


@pytest.mark.slow
@needs_libreoffice
@pytest.mark.parametrize("name", ["pnet", "epnet"])
def test_every_cell_is_libreoffices(name, tmp_path):
    made = live_workbook([load(name)])
    path = tmp_path / "without_values.xlsx"
    path.write_bytes(made.book.as_bytes("a test", EPOCH))
    its, mine = recalculate(path), calculated(made.book)
    compared, wrong = 0, []
    for page in made.book.pages:
        if page.tables:  # data tables are not worked out in LibreOffice
            continue
        for (row, column), cell in page.cells.items():
            if cell.kind != "f":
                continue
            a, b = mine.value(page.name, row, column), its[page.name].cell(row, column).value
            compared += 1
            if isinstance(a, float) and isinstance(b, float | int) and not isinstance(b, bool):
                # what is left where two near numbers are subtracted: LibreOffice takes it for 0
                if abs(a - b) > 1e-9 * abs(b) + 1e-13:
                    wrong.append((page.name, row, column, a, b))
            elif (a or "") != (b or ""):
                wrong.append((page.name, row, column, a, b))
    assert compared > 100_000
    assert wrong == []


def test_a_range_longer_than_the_formulas_of_the_book_is_worked_out_before_it_is_looked_at():
    """3,653 cycles of 4 days: the first row of the trace stands alone, and the dispensings look at it."""
    scenario = load("pnet", ["settings.cycle_days=4"])
    workbook = live_workbook([scenario])
    assert differences(workbook, calculated(workbook.book), scenario) == []
