"""Draws around what was typed: each number, and the model's result, as Python has them at the same random numbers."""

from __future__ import annotations

import numpy as np
import pytest

from netcea.analyses.shared.totals import totals_of
from netcea.draws import Draws
from netcea.engine.point_estimates import base_case
from netcea.loading import load
from netcea.sampling.held import held_inside
from netcea.sampling.sampler import Sampler
from netcea.sampling.streams import Deviates
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.export import live_workbook
from netcea.workbook.formulas.random_numbers import deviates
from netcea.workbook.sheets.draw_layout import CHOSEN_NUMBER, CHOSEN_ON, CHOSEN_SEED, DONE, DRAWN, FIRST, RANDOM
from netcea.workbook.sheets.inputs import YOURS

PFS, OS = "survival.cabinet_pnet.pfs_nejm", "survival.cabinet_pnet.os_nejm"
TYPED = {
    "nothing": {},
    "a hazard ratio": {f"{PFS}.hazard_ratio": 0.4},
    "medians": {f"{PFS}.median_placebo": 5.0, f"{PFS}.median_cabozantinib": 11.0},
    "a ratio outside its interval": {f"{PFS}.hazard_ratio": 0.1},
    "a ratio that another is correlated with": {f"{OS}.hazard_ratio": 0.7},
    "a ratio outside its interval that another is correlated with": {f"{OS}.hazard_ratio": 3.0},
}
DRAWN_NUMBERS = ((1, 1), (7, 321))
"""Seed and number of a draw."""


@pytest.fixture(scope="module")
def pnet():
    return live(load("pnet", ["settings.horizon_years=10"]))


def live(scenario):
    workbook = live_workbook([scenario])
    return workbook, calculated(workbook.book)


def python_draw(scenario, seed, number):
    """What Python draws at the workbook's random numbers, where it is used, and its totals."""
    sampler = Sampler(scenario, 1)
    z = {address: deviates(seed, number, address) for address in sampler.uncertain}
    columns = {a: np.reshape(x, (1, 1)) for a, x in sampler.columns(Deviates(z)).items()}
    drawn, _ = held_inside(scenario, Draws(1, {**base_case(scenario).columns, **columns}), sampler.uncertain)
    return {a: float(drawn[a][0, 0]) / scenario.factors.get(a, 1.0) for a in columns}, totals_of(scenario, drawn)


def show(calculation, seed, number, typed):
    calculation.type_in({(CHOSEN_ON, *CHOSEN_NUMBER): number, (CHOSEN_ON, *CHOSEN_SEED): seed, **typed})


def compare(workbook, calculation, scenario, typed):
    cells = {("Inputs", workbook.inputs.rows[address], YOURS): value for address, value in typed.items()}
    rows = {address: FIRST + i for i, address in enumerate(workbook.inputs.draw.rows)}
    for seed, number in DRAWN_NUMBERS:
        show(calculation, seed, number, cells)
        wanted, totals = python_draw(scenario, seed, number)
        for address, value in wanted.items():
            found = calculation.value("Draw", rows[address], DRAWN)
            assert found == pytest.approx(value, rel=1e-9, abs=1e-12), (address, seed)
        for address in rows.keys() - wanted.keys():
            assert calculation.value("Draw", rows[address], DONE) == "fixed", address
            assert calculation.value("Draw", rows[address], DRAWN) == typed[address]
        for measure in ("costs", "qalys"):
            found = calculation.formula("Results", workbook.results.cells[f"incremental_{measure}"])
            assert found == pytest.approx(totals.increment(measure)[0], rel=1e-8), (measure, seed)
    show(calculation, 1, 0, dict.fromkeys(cells))


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
def test_draws_are_around_what_was_typed(typed, pnet):
    workbook, calculation = pnet
    sets = {"settings.horizon_years": 10, **typed}
    compare(workbook, calculation, load("pnet", sets), typed)


def test_every_number_is_drawn_around_another_value(pnet):
    workbook, calculation = pnet
    rows = workbook.inputs.draw.rows.items()
    typed = {a: row.quantity.value * 1.03 for a, row in rows if row.quantity is not None and not row.group}
    assert len(typed) > 40
    compare(workbook, calculation, load("pnet", {"settings.horizon_years": 10, **typed}), typed)


LANDMARKS = "survival.radiant3.os_placebo_landmarks.month_{}"


@pytest.mark.parametrize(
    ("name", "sets"),
    [
        ("pnet_os_log_normal", {}),
        ("pnet_os_log_logistic", {}),
        *(
            ("pnet_os_radiant3_landmarks", {"strategies.best_supportive_care.os.distribution": family})
            for family in ("weibull", "log_logistic", "log_normal")
        ),
        ("pnet", {f"strategies.{s}.pfs.distribution": "exponential" for s in ("best_supportive_care", "cabozantinib")}),
    ],
    ids=str,
)
def test_curves_that_follow_landmarks_and_medians_are_drawn_around_what_was_typed(name, sets):
    sets = {"settings.horizon_years": 5, **sets}
    base = load(name, sets)
    workbook, calculation = live(base)
    typed = {f"{PFS}.median_placebo": 5.1}
    if name != "pnet":
        figures = [LANDMARKS.format(month) for month in (12, 60)]
        typed |= {a: base.quantities[a].value * share for a, share in zip(figures, (1.03, 0.98), strict=True)}
    compare(workbook, calculation, load(name, {**sets, **typed}), typed)


def test_the_same_draw_comes_again_and_others_differ(pnet):
    workbook, calculation = pnet
    cell, found = workbook.results.cells["costs.cabozantinib"], []
    for number in (0, 1, 2, 1, 0):
        show(calculation, 1, number, {})
        found.append(calculation.formula("Results", cell))
    assert found[0] == found[4]
    assert found[1] == found[3]
    assert len(set(found)) == 3


def test_while_nothing_is_drawn_every_deviate_is_zero(pnet):
    workbook, calculation = pnet
    rows = range(FIRST, FIRST + len(workbook.inputs.draw.rows))
    assert {calculation.value("Draw", row, RANDOM) for row in rows} == {0.0}


def test_no_formula_is_volatile(pnet):
    volatile = {"RAND(", "RANDBETWEEN(", "NOW(", "TODAY(", "OFFSET(", "INDIRECT(", "CELL(", "INFO("}
    texts = [str(cell.value) for page in pnet[0].book.pages for cell in page.cells.values() if cell.kind == "f"]
    assert not [text for text in texts if any(name in text for name in volatile)]
