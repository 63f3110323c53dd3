"""The price year is live: every cost that names an index follows, as Python uprates it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from helpers.workbook_values import differences, shown, typed
from netcea import load
from netcea.cli.main import main
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.export import live_workbook
from netcea.workbook.sheets import choices as choice_columns

YEAR = "settings.price_year"
SCAN = "costs.unit.ct_scan"


@pytest.fixture(scope="module")
def made():
    return live_workbook([load("pnet", ["settings.horizon_years=3"])])


def test_the_price_year_can_be_any_of_the_index_and_gives_what_python_gives(made):
    row = made.inputs.choice_rows[YEAR]
    page = made.inputs.choices.page
    options = [page.value(row, column) for column in range(choice_columns.FIRST_OPTION, page.last_column + 1)]
    assert [o for o in options if o] == ["2021/22", "2024/25"]
    other = load("pnet", ["settings.horizon_years=3", f"{YEAR}=2021/22"])
    with typed(made, {}, {YEAR: "2021/22"}):
        found = calculated(made.book)
        assert differences(made, found, other) == []
        assert str(shown(found, made.checks.verdict)).startswith("Inputs were changed (1)")
    assert differences(made, calculated(made.book), other) != []


def test_the_derivation_of_a_factor_is_on_the_sheet(made):
    """99.88 x 114.3916 / 100 = 114.25 (rounded to pence)."""
    page, found = made.book.sheet("Uprating"), calculated(made.book)
    row = next(row for (row, column), cell in page.cells.items() if column == 1 and cell.value == SCAN)
    values = [found.value("Uprating", row, column) for column in (3, 4, 5, 6, 7, 8, 9)]
    assert values[:5] == [99.88, "2021/22", "nhscii", 100.0, 114.3916]
    assert values[5] == pytest.approx(1.143916)
    assert round(values[6], 2) == 114.25
    assert f"{SCAN}.model" in made.book.names


def test_a_scenario_in_another_price_year_can_be_selected(made):
    """Its costs are uprated to its own year, not to that of the first scenario."""
    base, other = load("pnet"), load("pnet", [f"{YEAR}=2021/22"])
    both = live_workbook([base, other])
    assert len(both.variants.scenarios) == 2
    both.book.sheet("Scenarios").put(3, 2, both.variants.titles[1], "input_text")
    found = calculated(both.book)
    assert differences(both, found, other) == []
    assert shown(found, both.checks.verdict) == "All checks passed: equal to Python"


def test_a_cost_of_another_price_year_is_exported_by_itself():
    refused = live_workbook([load("pnet"), load("pnet", [f"{SCAN}.price_year=2024/25"])]).variants.refused
    assert [reason for _, reason in refused] == [
        f"another unit, price year or price index of {SCAN} (export it by itself)"
    ]


def test_import_reads_the_price_year(made, tmp_path):
    path = tmp_path / "m.xlsx"
    with typed(made, {}, {YEAR: "2021/22"}):
        made.save(path)
    ran = CliRunner().invoke(main, ["import", str(path), "--output", str(tmp_path / "out.yaml")])
    assert "Traceback" not in ran.output
    assert YEAR in ran.output, ran.output
    assert "2021/22" in ran.output


def test_a_price_year_that_looks_like_a_month_stays_text(made):
    """Excel makes a date of 2011/12 in a cell that is not text."""
    page = made.inputs.choices.page
    assert page.format_of((made.inputs.choice_rows[YEAR], choice_columns.YOURS)) == "@"
