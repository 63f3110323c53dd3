"""One-way live: every row is netcea's one-way analysis of the workbook as it stands; the widest range comes first."""

from __future__ import annotations

import pytest

from helpers.office import Office, needs_office
from netcea.analyses.registry import ANALYSES
from netcea.loading import load
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.export import live_workbook
from netcea.workbook.sheets.inputs import YOURS
from netcea.workbook.sheets.one_way_layout import ADDRESS, CHOSEN, SORTED, TITLE
from netcea.workbook.sheets.one_way_live import LINK, READY, STATUS

PFS, OS = "survival.cabinet_pnet.pfs_nejm", "survival.cabinet_pnet.os_nejm"
SETS = {"settings.horizon_years": 4}
TYPED = {
    f"{PFS}.hazard_ratio": 0.3,
    f"{OS}.hazard_ratio": 0.8,
    "costs.drug.cabozantinib.price_per_pack": 2000.0,
    "utilities.state_utilities.clarinet.progression_free": 0.7,
}
DIRECTION = "principal_direction"


def linked(*scenarios, typed):
    workbook = live_workbook(scenarios)
    workbook.one_way.page.formula(*CHOSEN, LINK.removeprefix("="))
    for address, value in typed.items():
        workbook.inputs.page.put(workbook.inputs.rows[address], YOURS, value)
    return workbook, calculated(workbook.book)


def shown(workbook, calculation, row):
    columns = workbook.one_way.columns
    return {name: calculation.value(TITLE, row, column) for name, column in columns.items()}


@pytest.mark.parametrize("typed", [{}, TYPED], ids=["as exported", "typed"])
@pytest.mark.parametrize("name", ["pnet", "epnet_os_radiant4_landmarks"])
def test_rows_are_netceas_one_way_analysis(name, typed):
    if typed and name != "pnet":
        pytest.skip("addresses of the other cohort")
    workbook, calculation = linked(load(name, SETS), typed=typed)
    result = ANALYSES["one_way"].run(load(name, {**SETS, **typed}), quiet=True)
    wanted = {moved.quantity.address: moved for moved in (*result.moved, *result.no_effect)}
    assert set(wanted) == set(workbook.inputs.one_way.rows)
    first = workbook.one_way.table.first
    for number, address in enumerate(workbook.inputs.one_way.rows):
        moved = wanted[address]
        if typed and address.endswith(DIRECTION):
            continue  # along the direction as it was exported
        ends = ((moved.low, moved.quantity.low), (moved.high, moved.quantity.high))
        for row, (effect, value) in enumerate(ends, first + 2 * number + 1):
            found = shown(workbook, calculation, row)
            assert found["value"] == pytest.approx(value, rel=1e-9), address
            for i in (0, 1):
                assert found[f"nhb.{i}"] == pytest.approx(effect.nhb[i], rel=1e-9), address
                assert found[f"weighted_nhb.{i}"] == pytest.approx(effect.weighted_nhb[i], rel=1e-9), address
            assert found["severity_weight"] == effect.severity_weight
            assert found["icer"] == ("" if effect.icer is None else pytest.approx(effect.icer, rel=1e-8))
    assert shown(workbook, calculation, first)["nhb.0"] == pytest.approx(result.base.nhb[0], rel=1e-9)
    assert calculation.value(TITLE, *READY) == 1.0
    if not typed:
        order = [calculation.value(TITLE, SORTED + i, ADDRESS) for i in range(len(result.moved))]
        assert order == [moved.quantity.address for moved in result.moved]


def test_nothing_is_worked_out_until_the_row_refers_to_the_table():
    workbook = live_workbook([load("pnet", SETS)])
    calculation = calculated(workbook.book)
    table = workbook.one_way.table
    rows = range(table.first + 1, table.last + 1)
    assert {value for row in rows for value in shown(workbook, calculation, row).values()} == {""}
    assert calculation.value(TITLE, SORTED, 6) == ""
    assert "of the present inputs" not in calculation.value(TITLE, *STATUS)


def test_a_figure_of_a_curve_that_netcea_solves_does_not_move():
    names = {f"strategies.{s}.pfs.distribution": "gompertz" for s in ("best_supportive_care", "cabozantinib")}
    workbook, calculation = linked(load("pnet", {**SETS, **names}), typed={})
    assert f"{PFS}.hazard_ratio" not in workbook.inputs.one_way.rows
    assert f"{OS}.hazard_ratio" in workbook.inputs.one_way.rows
    both, calculation = linked(load("pnet", SETS), load("pnet_pfs_gompertz", SETS), typed={})
    number = list(both.inputs.one_way.rows).index(f"{PFS}.hazard_ratio")
    row = both.one_way.table.first + 2 * number + 1
    assert isinstance(shown(both, calculation, row)["nhb.0"], float)
    calculation.type_in({("Scenarios", 3, 2): both.variants.titles[1]})
    assert shown(both, calculation, row)["nhb.0"] == ""


@needs_office
@pytest.mark.slow
def test_libreoffice_shows_single_rows_and_works_no_table_out(tmp_path):
    workbook, calculation = linked(load("pnet", {"settings.horizon_years": 2}), typed={})
    plain = live_workbook([load("pnet", {"settings.horizon_years": 2})])
    plain.save(tmp_path / "m.xlsx")
    number = list(workbook.inputs.one_way.rows).index(f"{PFS}.hazard_ratio")
    row = workbook.one_way.table.first + 2 * number + 1
    column = chr(ord("A") + workbook.one_way.columns["nhb.0"] - 1)
    result = plain.results.cells["nhb.0.cabozantinib"]
    with Office() as office:
        office.open(tmp_path / "m.xlsx")
        base = office.value(result)
        office.change({f"{TITLE}!B4": LINK})
        assert office.value(f"{TITLE}!{column}{row}") in ("", None)
        assert office.value(result) == base
        for place in (2 * number + 1, 2 * number + 2):
            office.change({f"{TITLE}!B4": place})
            wanted = shown(workbook, calculation, row + place - 2 * number - 1)["nhb.0"]
            assert office.value(result) == pytest.approx(wanted, rel=1e-9)
        assert office.errors() == []
