"""Scenario results: each row is what Python gives for that scenario, also when inputs were changed."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from helpers.office import Office, needs_office
from helpers.opened import opened
from helpers.workbook_values import typed_into
from netcea import load
from netcea.analyses.shared.judge import evaluate
from netcea.errors import InputError
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.calculation.data_tables import TABLE
from netcea.workbook.export import live_workbook
from netcea.workbook.formulas.table_switch import RELIABLE
from netcea.workbook.python_values import python_values
from netcea.workbook.reading.read_back import read_workbook
from netcea.workbook.sheets.draw_layout import CHOSEN_ON
from netcea.workbook.sheets.one_way_layout import TITLE as ONE_WAY_TITLE
from netcea.workbook.sheets.scenario_columns import FIRST, LIVE_ROW, STATUS_ROW, SWITCH_ROW
from netcea.workbook.sheets.scenarios import RESULTS_TITLE, TRIAL_ROW

SCENARIOS = Path(__file__).resolve().parents[3] / "scenarios"
COHORT = ("epnet", "epnet_os_fda", "epnet_discount_0", "epnet_os_no_benefit_after_discontinuation")
SWITCH, TRIAL, STATUS = ((RESULTS_TITLE, row, 2) for row in (SWITCH_ROW, TRIAL_ROW, STATUS_ROW))
PRICE, AGE = "costs.drug.cabozantinib.price_per_pack", "population.cohorts.epnet.start_age"


@pytest.fixture(scope="module")
def made():
    names = [*COHORT[:2], "pnet", *COHORT[2:]]
    return live_workbook([load(name) for name in names])


@pytest.fixture
def found(made):
    return calculated(made.book)


def rows(made, found):
    """Return for each row name of a cell of Results -> what is shown."""
    places = made.scenario_results.places.items()
    return [
        {name: found.value(RESULTS_TITLE, row, column) for name, column in places}
        for row in range(FIRST, made.scenario_results.last + 1)
    ]


def equal(row, scenario):
    """Say what a row has otherwise than Python."""
    python = python_values(evaluate(scenario))
    return [
        (name, value, python[name])
        for name, value in row.items()
        if value
        != (python[name] if isinstance(python[name], str) else pytest.approx(python[name], rel=1e-9, abs=1e-11))
    ]


def test_what_python_has_stands_there_until_it_is_switched_on(made, found):
    assert [equal(row, load(name)) for row, name in zip(rows(made, found), COHORT, strict=True)] == [[]] * len(COHORT)
    table = [found.value(RESULTS_TITLE, row, made.scenario_results.packed) for row in range(LIVE_ROW, FIRST + 4)]
    assert table == [""] * 5
    assert found.value(*STATUS).startswith("The values of netcea")
    with typed_into(made, found, {PRICE: 4000}):
        assert found.value(*STATUS).startswith("Inputs were changed: still the values of netcea")
        assert equal(rows(made, found)[1], load(COHORT[1])) == []


def test_switched_on_it_is_worked_out_here(made, found):
    before = rows(made, found)
    found.type_in({SWITCH: "yes"})
    assert found.value(*STATUS) == "All 4 scenarios, worked out here, are equal to netcea."
    assert [equal(row, load(name)) for row, name in zip(rows(made, found), COHORT, strict=True)] == [[]] * len(COHORT)
    assert rows(made, found) != before  # 15 digits of another computation
    assert rows(made, found)[1]["label.cabozantinib"] == "dominated"
    assert rows(made, found)[1]["icer.cabozantinib"] == ""


@pytest.mark.parametrize("sets", [{PRICE: 2000.0}, {AGE: 44.5, "survival.cabinet_epnet.pfs_nejm.hazard_ratio": 0.6}])
def test_a_changed_input_moves_every_row(made, found, sets):
    found.type_in({SWITCH: "yes"})
    with typed_into(made, found, sets):
        assert found.value(*STATUS) == "Worked out here, with the changed inputs."
        shown = rows(made, found)
        assert [equal(row, load(name, sets=sets)) for row, name in zip(shown, COHORT, strict=True)] == [[]] * len(
            COHORT
        )
        changes, base = made.scenario_results.changes, shown[0]
        for at, row in enumerate(shown):
            change = found.value(RESULTS_TITLE, FIRST + at, changes + 1)
            assert change == pytest.approx(row["nhb.0.cabozantinib"] - base["nhb.0.cabozantinib"], abs=1e-12)
        assert found.value(RESULTS_TITLE, FIRST + 1, changes) == ""  # no ICER, no change of it


def test_the_selector_moves_no_row(made, found):
    found.type_in({SWITCH: "yes"})
    before = rows(made, found)
    for title in made.variants.titles[1:]:
        found.type_in({("Scenarios", 3, 2): title})
        assert rows(made, found) == before
        assert found.value("Cover", 4, 2) == "All checks passed: equal to Python"
        assert found.value(*STATUS).startswith("All 4")


def test_a_table_that_was_not_worked_out_since_says_so(made, found):
    """As Excel leaves it until F9: tables keep what they were."""
    found.type_in({SWITCH: "yes"})
    cell = ("Inputs", made.inputs.rows[PRICE], 5)
    tables = {i for i, formula in enumerate(found.formulas) if getattr(formula.tree, "function", "") == TABLE}
    found.put({cell: 4000.0}, found.that_follow(cell) - tables)
    assert found.value(*STATUS) == "Out of date: press F9."
    found.put({cell: None}, found.that_follow(cell) - tables)
    assert found.value(*STATUS).startswith("All 4")


def test_a_row_that_is_not_pythons_is_a_fault(made):
    page, column = made.book.sheet(RESULTS_TITLE), made.scenario_results.python
    standing = page.cells[FIRST + 2, column]
    page.put(FIRST + 2, column, standing.value * (1 + 1e-8), standing.style)
    found = calculated(made.book)
    page.cells[FIRST + 2, column] = standing
    found.type_in({SWITCH: "yes"})
    assert found.value(*STATUS) == "FAULT: 1 scenarios are not what netcea gives"
    assert [found.value(RESULTS_TITLE, row, made.scenario_results.equal) for row in range(FIRST, FIRST + 4)] == [
        *("yes", "yes", "no", "yes")
    ]


def test_nothing_that_the_cover_shows_depends_on_the_table(made, found):
    """LibreOffice would work it out at every edit."""
    tables = {i for i, formula in enumerate(found.formulas) if getattr(formula.tree, "function", "") == TABLE}
    follow = {found.formulas[i].title for table in tables for i in found._before[table]}
    assert follow <= {RESULTS_TITLE, ONE_WAY_TITLE, CHOSEN_ON}
    assert RESULTS_TITLE in follow
    theirs = [f for f in found.formulas if f.title in ("Cover", "Checks")]
    assert all(tables.isdisjoint(found.needed_by(formula)) for formula in theirs)


def test_what_is_typed_into_the_tables_own_cell_is_a_fault(made, found, tmp_path):
    found.type_in({TRIAL: None})
    assert found.value("Cover", 4, 2).startswith("FAULT in 1 check,")  # nothing follows an empty cell in LibreOffice
    found.type_in({TRIAL: 2})
    assert found.value("Cover", 4, 2).startswith("FAULT in 1 check,")
    book = openpyxl.load_workbook(saved(made, tmp_path))
    book[RESULTS_TITLE].cell(TRIAL_ROW, 2).value = 2
    book.save(tmp_path / "typed.xlsx")
    with pytest.raises(InputError, match=f"{RESULTS_TITLE}!B{TRIAL_ROW}"):
        read_workbook(tmp_path / "typed.xlsx")


def saved(made, folder):
    path = folder / "m.xlsx"
    made.save(path)
    return path


def test_what_programs_make_of_the_table_is_read_back(made, tmp_path):
    """Its formula as LibreOffice saves it, its results as numbers, its switch on."""
    book, layout = openpyxl.load_workbook(saved(made, tmp_path)), made.scenario_results
    sheet, letter = book[RESULTS_TITLE], get_column_letter(layout.packed)
    for row in range(FIRST, layout.last + 1):
        value = f"${get_column_letter(layout.number)}{row}"
        sheet.cell(row, layout.packed).value = f"=MULTIPLE.OPERATIONS({letter}${LIVE_ROW},$B${TRIAL_ROW},{value})"
    sheet.cell(SWITCH_ROW, 2).value = "yes"
    book.save(tmp_path / "saved.xlsx")
    read = read_workbook(tmp_path / "saved.xlsx")
    assert not read.sets
    assert [(c.cell, c.old, c.new) for c in read.changes] == [
        (f"{RESULTS_TITLE}!B3", "the text 'no'", "the text 'yes'")
    ]


def test_the_table_is_off_where_it_would_spoil_other_cells(made):
    page, place = made.book.sheet(RESULTS_TITLE), (LIVE_ROW, made.scenario_results.packed)
    assert RELIABLE in page.cells[place].value


@pytest.mark.slow
@pytest.mark.parametrize("base", ["pnet", "epnet"])
def test_every_scenario_of_the_project(base):
    folders = ("sensitivity", "probabilistic")
    paths = sorted(p for folder in folders for p in (SCENARIOS / folder).glob(f"{base}_*.yaml"))
    made = live_workbook([load(base), *(load(str(path)) for path in paths)])
    found = calculated(made.book)
    found.type_in({SWITCH: "yes"})
    scenarios = made.variants.scenarios
    assert len(scenarios) > 90
    wrong = [equal(row, scenario) for row, scenario in zip(rows(made, found), scenarios, strict=True)]
    assert wrong == [[]] * len(scenarios)
    assert found.value(*STATUS).startswith(f"All {len(scenarios)} scenarios")


def differences(made, office, **changed):
    layout = made.scenario_results
    lines = office.range(f"{RESULTS_TITLE}!B{FIRST}:{get_column_letter(layout.changes - 1)}{layout.last}")
    return [
        equal(dict(zip(layout.places, line, strict=True)), load(name, **changed))
        for line, name in zip(lines, COHORT, strict=True)
    ]


@pytest.mark.slow
@needs_office
def test_libreoffice_works_out_the_same_rows_where_it_is_let(made, tmp_path):
    """The one other program at hand that reads data tables: what stands in the file is what Excel will read."""
    page, place = made.book.sheet(RESULTS_TITLE), (LIVE_ROW, made.scenario_results.packed)
    standing = page.cells[place]
    page.cells[place] = standing._replace(value=standing.value.replace(f",{RELIABLE}", ""))
    with Office() as office:
        opened(office, made, tmp_path, tables=True)
        page.cells[place] = standing
        office.change({f"{RESULTS_TITLE}!B{SWITCH_ROW}": "yes", f"Inputs!E{made.inputs.rows[PRICE]}": 2000.0})
        assert differences(made, office, sets={PRICE: 2000.0}) == [[]] * len(COHORT)


@pytest.mark.slow
@needs_office
def test_libreoffice_leaves_everything_as_it_is(made, tmp_path):
    pages = {
        page.name: f"{page.name}!A1:{get_column_letter(page.last_column)}{page.last_row}" for page in made.book.pages
    }
    traces = [where for title, where in pages.items() if title.startswith("Trace")]
    with Office() as office:
        opened(office, made, tmp_path, tables=True)
        before = [office.range(where) for where in traces]
        office.change({f"{RESULTS_TITLE}!B{SWITCH_ROW}": "yes"})
        assert office.value(f"{RESULTS_TITLE}!B{STATUS_ROW}").startswith("Not worked out in this program")
        assert differences(made, office) == [[]] * len(COHORT)
        assert [office.range(where) for where in traces] == before
        office.change({"Scenarios!B3": made.variants.titles[-1]})
        assert office.value(made.checks.verdict).startswith("All checks passed")
        assert office.errors() == []
        office.save(tmp_path / "saved.xlsx")
    read = read_workbook(tmp_path / "saved.xlsx")
    assert read.base.file.name == made.variants.titles[-1]
    assert read.agreement.agrees
    assert read.agreement.compared
