"""PSA live: rows of the data table are Python's draws, the summary is Python's of those rows, and no row is stale."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.office import Office, needs_office
from netcea.decision.acceptability import acceptability_curves
from netcea.decision.incremental import compare
from netcea.decision.monte_carlo import icer_error
from netcea.loading import load
from netcea.reporting.number_format import icer, known
from netcea.reporting.table import Icer
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.export import live_workbook
from netcea.workbook.sheets.draw_layout import CHOSEN_NUMBER, CHOSEN_ON, CHOSEN_SEED
from netcea.workbook.sheets.inputs import YOURS
from netcea.workbook.sheets.psa_live import LINK, READY_ROW, STATUS_ROW
from workbook.sheets.test_live_draws import PFS, python_draw

DRAWS, SEED = 12, 5
SETS = {"settings.horizon_years": 10}
TYPED = {f"{PFS}.hazard_ratio": 0.35, "costs.drug.cabozantinib.price_per_pack": 2000.0}


def linked(*, one_number=None):
    """A workbook whose number of a draw is a reference to the table's cell, or a number."""
    workbook = live_workbook([load("pnet", SETS)], live_draws=DRAWS)
    if one_number is None:
        workbook.live.page.formula(*CHOSEN_NUMBER, LINK.removeprefix("="))
    else:
        workbook.live.page.put(*CHOSEN_NUMBER, one_number)
    calculation = calculated(workbook.book)
    cells = {("Inputs", workbook.inputs.rows[address], YOURS): value for address, value in TYPED.items()}
    calculation.type_in({(CHOSEN_ON, *CHOSEN_SEED): SEED, **cells})
    return workbook, calculation


@pytest.fixture(scope="module")
def on():
    return linked()


@pytest.fixture(scope="module")
def totals():
    scenario = load("pnet", {**SETS, **TYPED})
    return [python_draw(scenario, SEED, number)[1] for number in range(1, DRAWS + 1)]


def column(workbook, calculation, key):
    live = workbook.live
    return [
        calculation.value(CHOSEN_ON, row, live.columns[key]) for row in range(live.table.first, live.table.last + 1)
    ]


def test_rows_are_pythons_draws(on, totals):
    workbook, calculation = on
    for measure in ("costs", "qalys", "life_years"):
        for name in workbook.variants.base.strategies:
            wanted = [float(t.of(measure, name)[0]) for t in totals]
            assert column(workbook, calculation, f"{measure}.{name}") == pytest.approx(wanted, rel=1e-9)
    for measure in ("costs", "qalys"):
        wanted = [float(t.increment(measure)[0]) for t in totals]
        assert column(workbook, calculation, f"incremental_{measure}") == pytest.approx(wanted, rel=1e-8, abs=1e-9)
    assert column(workbook, calculation, "severity_weight") == [float(t.severity_weight[0]) for t in totals]


def test_the_summary_is_of_these_rows(on, totals):
    workbook, calculation = on
    cells = workbook.live.cells

    def value(name):
        return calculation.formula(CHOSEN_ON, cells[f"live.{name}"])

    costs, qalys = (np.array([t.increment(m)[0] for t in totals]) for m in ("costs", "qalys"))
    assert value("incremental_costs") == pytest.approx(costs.mean(), rel=1e-9)
    assert value("incremental_qalys") == pytest.approx(qalys.mean(), rel=1e-8)
    assert value("standard_error.incremental_qalys") == pytest.approx(qalys.std(ddof=1) / DRAWS**0.5, rel=1e-8)
    for what, draws, kind in (("incremental_costs", costs, "pounds"), ("incremental_qalys", qalys, "qalys")):
        said = known(draws.mean(), draws.std(ddof=1) / DRAWS**0.5, kind)
        assert value(f"said.{what}") == pytest.approx(float(said.replace("£", "").replace(",", "")), rel=1e-12)
        assert value(f"said.{what}") != pytest.approx(draws.mean(), rel=1e-9)
    assert value("said.icer") == icer(Icer(*compare(costs.mean(), qalys.mean()), icer_error(costs, qalys)))
    names = list(workbook.variants.base.strategies)
    thresholds = np.array([value(f"threshold.{i}") for i in range(41)])
    every = {m: np.array([[t.of(m, name)[0] for t in totals] for name in names]) for m in ("costs", "qalys")}
    wanted = acceptability_curves(every["costs"], every["qalys"], thresholds)
    for i in range(41):
        found = [value(f"ceac.{i}.{name}") for name in names]
        assert found == pytest.approx(wanted.ceac[:, i].tolist(), abs=1e-12)


def test_it_says_what_the_draws_belong_to(on):
    _, calculation = on
    assert calculation.value(CHOSEN_ON, READY_ROW, 2) == 1.0
    said = calculation.value(CHOSEN_ON, STATUS_ROW, 2)
    assert (
        said == f"{DRAWS} draws with seed {SEED} of the scenario pNET base case, with 2 inputs or choices changed here"
    )


def test_nothing_is_worked_out_until_the_number_refers_to_the_table():
    workbook, calculation = linked(one_number=0)
    assert set(column(workbook, calculation, "incremental_costs")) == {""}
    assert calculation.value(CHOSEN_ON, READY_ROW, 2) == 0.0
    assert "nothing is worked out" in calculation.value(CHOSEN_ON, STATUS_ROW, 2)
    assert {calculation.formula(CHOSEN_ON, cell) for name, cell in workbook.live.cells.items() if "ceac" in name} == {
        ""
    }


def test_one_draw_in_the_whole_workbook_is_none_of_the_table():
    workbook, calculation = linked(one_number=3)
    found = column(workbook, calculation, "incremental_costs")
    assert [x for i, x in enumerate(found, 1) if i != 3] == [""] * (DRAWS - 1)
    assert calculation.value(CHOSEN_ON, STATUS_ROW, 2) == "the whole workbook shows draw 3"


def test_draws_of_other_inputs_are_not_shown():
    """As in Excel, where a table is worked out on F9 only: its texts stay while an input changes."""
    workbook, calculation = linked()
    live = workbook.live
    rows = range(live.table.first, live.table.last + 1)
    texts = {(CHOSEN_ON, row, live.table.column + 1): calculation.value(CHOSEN_ON, row, 2) for row in rows}
    cell = ("Inputs", workbook.inputs.rows["costs.unit.ct_scan"], YOURS)
    tables = {calculation.number_at(CHOSEN_ON, row, 2) for row in rows}
    follow = calculation.that_follow(cell) - tables
    keep = [n for n in follow if (calculation.formulas[n].title, calculation.formulas[n].column) != (CHOSEN_ON, 2)]
    keep += [calculation.number_at(CHOSEN_ON, row, 2) for row in (READY_ROW, STATUS_ROW, 8)]
    calculation.put({cell: 120.0}, set(keep))
    assert {place: calculation.value(*place) for place in texts} == texts
    assert set(column(workbook, calculation, "incremental_costs")) == {""}
    assert calculation.value(CHOSEN_ON, READY_ROW, 2) == 0.0


@needs_office
@pytest.mark.slow
def test_libreoffice_shows_single_draws_and_works_no_table_out(tmp_path):
    """Its data tables leave other cells with a draw's numbers: so none is worked out there, and nothing moves."""
    scenario = load("pnet", {"settings.horizon_years": 3})
    workbook = live_workbook([scenario], live_draws=3)
    workbook.save(tmp_path / "m.xlsx")
    live, first = workbook.live, next(iter(scenario.strategies))
    cells = [f"{CHOSEN_ON}!{key}{row}" for row in range(live.table.first, live.table.last + 1) for key in "DE"]
    results = [workbook.results.cells[f"{m}.{first}"] for m in ("costs", "qalys")]
    with Office() as office:
        office.open(tmp_path / "m.xlsx")
        base = office.values(results)
        office.change({f"{CHOSEN_ON}!B4": LINK})
        assert office.values(cells) in ([""] * 6, [None] * 6)
        assert office.values(results) == base
        office.change({f"{CHOSEN_ON}!B4": 2})
        wanted = [python_draw(scenario, 1, 2)[1].of(m, first)[0] for m in ("costs", "qalys")]
        assert office.values(results) == pytest.approx(wanted, rel=1e-9)
        assert office.errors() == []
