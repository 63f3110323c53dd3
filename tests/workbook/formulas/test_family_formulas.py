"""Every family's spreadsheet formula, recalculated by LibreOffice, is its Python code."""

from __future__ import annotations

import math

import numpy as np
import openpyxl
import pytest

from helpers.recalculated import needs_libreoffice, values
from netcea.survival.distributions import FAMILIES, distribution

TIMES = [0.0, 1e-6, 0.01, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0, 20.0, 30.0, 40.0]
TABLE = {"times": [0.5, 1.0, 2.0, 4.0, 6.0], "survival": [0.9, 0.7, 0.45, 0.2, 0.1]}
CASES = [
    *(("exponential", {"rate": r}, {}) for r in (1e-6, 0.3, 20.0)),
    *(("weibull", {"shape": a, "scale": b}, {}) for a, b in ((0.3, 2.0), (1.0, 1.0), (1.29, 0.9), (5.0, 3.0))),
    *(("weibull_ph", {"shape": a, "scale": b}, {}) for a, b in ((0.7, 0.2), (1.5, 0.4))),
    *(
        ("gompertz", {"shape": a, "rate": b}, {})
        for a, b in (
            (-0.5, 0.4),
            (-3.0, 0.1),
            (0.0, 0.2),
            (1e-9, 0.2),
            (1e-4, 0.2),
            (0.1, 0.05),
            (1.0, 0.01),
            (30.0, 0.1),
        )
    ),
    *(("log_normal", {"meanlog": a, "sdlog": b}, {}) for a, b in ((0.5, 1.2), (-1.0, 0.4), (2.0, 3.0), (0.0, 0.06))),
    *(("log_logistic", {"shape": a, "scale": b}, {}) for a, b in ((0.8, 2.0), (1.9, 0.8), (8.0, 3.0))),
    *(
        ("gamma", {"shape": a, "rate": b}, {})
        for a, b in ((0.4, 0.1), (1.0, 0.5), (1.8, 2.0), (12.0, 5.0), (90.0, 30.0))
    ),
    *(
        ("generalised_gamma", {"mu": m, "sigma": s, "Q": q}, {})
        for m, s, q in (
            (0.3, 0.8, 1.0),
            (0.3, 0.8, 0.5),
            (0.3, 0.8, 2.5),
            (0.3, 0.8, -0.7),
            (1.0, 1.2, -2.0),
            (0.5, 0.6, 0.0),
            (0.5, 0.6, 0.1),
            (0.5, 0.6, -0.1),
        )
    ),
    *(
        (
            "royston_parmar",
            {"gamma0": -1.0, "gamma1": 1.2, "gamma2": 0.05, "gamma3": -0.02},
            {"knots": [-2.0, -0.5, 0.5, 2.0], "scale": scale},
        )
        for scale in ("hazard", "odds", "normal")
    ),
    ("royston_parmar", {"gamma0": -1.0, "gamma1": 1.2}, {"knots": [-2.0, 2.0], "scale": "hazard"}),
    ("piecewise_exponential", {"rate0": 0.5, "rate1": 0.2, "rate2": 0.9}, {"breaks": [1.0, 3.0]}),
    ("piecewise_exponential", {"rate0": 0.5, "rate1": 0.2}, {"breaks": [2.0]}),
    *(
        (cure, {"cure_fraction": c, **p}, {"base": base})
        for cure in ("mixture_cure", "non_mixture_cure")
        for c, base, p in (
            (0.3, "weibull", {"shape": 1.2, "scale": 2.0}),
            (0.05, "log_normal", {"meanlog": 0.2, "sdlog": 0.9}),
        )
    ),
    ("tabulated", {}, TABLE),
    *(("kaplan_meier", {"shape": 1.3, "scale": 4.0}, {**TABLE, "tail": "weibull", "tail_from": t}) for t in (3.0, 6.0)),
]


def family(name, structure):
    parts = {k: distribution(v) if k in ("base", "tail") else v for k, v in structure.items()}
    return distribution(name, **parts)


def test_every_family_is_here():
    """A new family needs a formula, and a case."""
    assert {name for name, _, _ in CASES} == set(FAMILIES)


@pytest.fixture(scope="module")
def sheet(tmp_path_factory):
    """One sheet for each case: parameters and structure in columns, times below, H(t), medians."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, (name, parameters, structure) in enumerate(CASES):
        made = family(name, structure)
        ws = book.create_sheet(f"c{number}")
        refs = {}
        for column, (key, value) in enumerate({**parameters, **made.constants}.items(), 1):
            ws.cell(1, column, value)
            refs[key] = f"${ws.cell(1, column).column_letter}$1"
        for column, (key, points) in enumerate(made.tables.items(), 20):
            for row, value in enumerate(points.tolist(), 1):
                ws.cell(row, column, value)
            letter = ws.cell(1, column).column_letter
            refs[key] = f"${letter}$1:${letter}${len(points)}"
        for row, t in enumerate(TIMES, 2):
            ws.cell(row, 1, t)
            ws.cell(row, 2, f"={made.formula(f'$A{row}', refs)}")
        if made.median_formula is not None:
            ws.cell(2, 3, f"={made.median_formula(refs)}")
        if made.with_median_formula is not None:
            for column, text in enumerate(made.with_median_formula("$D$2", refs).values(), 5):
                ws.cell(2, column, f"={text}")
            ws.cell(2, 4, 2.5)
    path = tmp_path_factory.mktemp("families") / "families.xlsx"
    book.save(path)
    return values(path)


@needs_libreoffice
@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{n} {list(p.values())}" for n, p, _ in CASES])
def test_the_formula_is_the_code(sheet, number):
    name, parameters, structure = CASES[number]
    made = family(name, structure)
    arrays = {k: np.array([[v]]) for k, v in parameters.items()}
    expected = made.cumulative_hazard(np.array([TIMES]), arrays)[0]
    rows = sheet[f"c{number}"]
    found = np.array([row[1] for row in rows[1 : len(TIMES) + 1]], dtype=float)
    s, truth = np.exp(-found), np.exp(-expected)
    assert np.all(np.abs(s - truth) <= np.maximum(1e-9 * truth, 1e-12)), np.c_[TIMES, found, expected]
    middle = (truth > 1e-6) & (truth < 1 - 1e-6)
    assert found[middle] == pytest.approx(expected[middle], rel=2e-9)
    if made.median_formula is not None:
        median = float(made.quantile(np.array(0.5), arrays).item())
        assert rows[1][2] == pytest.approx(min(median, 1e99), rel=1e-10)
    if made.with_median is not None:
        wanted = made.with_median(np.array([[2.5]]), arrays)
        assert rows[1][4 : 4 + len(wanted)] == pytest.approx(
            [float(np.ravel(v)[0]) for v in wanted.values()], rel=1e-10
        )


@needs_libreoffice
def test_a_generalised_gamma_near_the_normal_is_refused(tmp_path):
    made = distribution("generalised_gamma")
    book = openpyxl.Workbook()
    for column, value in enumerate((0.5, 0.6, 1e-5), 1):
        book.active.cell(1, column, value)
    book.active.cell(2, 1, f"={made.formula('2', {'mu': '$A$1', 'sigma': '$B$1', 'Q': '$C$1'})}")
    book.save(tmp_path / "q.xlsx")
    (rows,) = values(tmp_path / "q.xlsx").values()
    assert rows[1][0] == "#N/A"
    assert not math.isnan(float(made.cumulative_hazard(np.array(2.0), {"mu": 0.5, "sigma": 0.6, "Q": 1e-5})))
