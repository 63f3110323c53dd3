from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import same_color

from helpers.figure_checks import faults, words
from netcea.analyses.voi.figures.information import _not_told, evpi_curve, evppi_bars
from netcea.analyses.voi.figures.study_value import evsi_curve
from netcea.reporting.figures.style import PALE, SKY

GRID = np.linspace(0.0, 4.5e6, 203)
EVPI = 200_000.0 * np.exp(-(((GRID - 1.125e6) / 1e6) ** 2))
MARKED = [(25_000.0, "£25,000"), (35_000.0, "£35,000"), (1.125e6, "£1,125,000: the decision switches")]
NAMES = [
    "Together: progression-free survival",
    "Hazard ratio, OS, NEJM, pNET",
    "Share of patients on a somatostatin analogue in the first weeks of $treatment_1$ and later, in all countries",
    *(f"Number {i}" for i in range(12)),
]
VALUES = [562.0, 197_625.0, 12_575.0, *(8000.0 / (i + 1) for i in range(12))]
ERRORS = [1425.0, 1090.0, 4233.0, *[3000.0] * 12]
SIZES = np.array([50, 100, 200, 400, 800])
EVSI = np.array([12_000.0, 15_200.0, 18_800.0, 21_300.0, 23_000.0])


def lines(figure, panel=0):
    return [(np.asarray(x.get_xdata(), float), np.asarray(x.get_ydata(), float)) for x in figure.axes[panel].lines]


@pytest.mark.parametrize("people", [None, 812.3, 1e6])
@pytest.mark.parametrize("marked", [(), MARKED])
def test_evpi_curve_and_the_value_for_all(people, marked):
    figure = evpi_curve(GRID, EVPI, people, name="pNET base case", marked=marked)
    assert faults(figure) == []
    assert any(np.array_equal(y, EVPI) for _, y in lines(figure))
    if people is not None:
        one, all_of_them = (axes.get_ylim()[1] for axes in figure.axes)
        assert all_of_them == pytest.approx(people * one)
    if marked:
        assert any(np.allclose(x, 1.125e6) for x, _ in lines(figure) if len(x) == 2)


def test_no_value_anywhere_is_said_in_words():
    assert "£0 at every threshold up to £4,500,000" in words(evpi_curve(GRID, 0 * EVPI, 800.0))
    assert "each is worth £0" in words(evppi_bars(["a"], [0.0], [0.0], 0.0, "£"))
    assert "each is worth £0" in words(evppi_bars([], [], [], 0.0, "£"))
    assert "worth £0" in words(evsi_curve(SIZES, 0 * EVSI, 0 * EVSI, 0.0, 0.0, -1.0 * SIZES))


@pytest.mark.parametrize("rows", [1, 2, 15])
@pytest.mark.parametrize("evpi", [197_832.0, 1e7])
def test_evppi_bars_show_values_intervals_and_evpi(rows, evpi):
    figure = evppi_bars(NAMES[:rows], VALUES[:rows], ERRORS[:rows], evpi, "£ per patient, at £35,000 per QALY")
    assert faults(figure) == []
    assert [bar.get_width() for bar in figure.axes[0].patches] == VALUES[:rows]
    assert f"EVPI of everything £{evpi:,.0f}" in words(figure)
    low, high = max(VALUES[0] - 1.96 * ERRORS[0], 0.0), VALUES[0] + 1.96 * ERRORS[0]
    assert any(np.allclose(x, [low, high]) and np.allclose(y, 0) for x, y in lines(figure))


def test_values_that_could_be_nothing_are_pale():
    bars = evppi_bars(NAMES, VALUES, ERRORS, 197_832.0, "£").axes[0].patches
    for bar, value, error in zip(bars, VALUES, ERRORS, strict=True):
        assert same_color(bar.get_facecolor(), SKY if value >= 2 * error else PALE)


@pytest.mark.parametrize("rows", [0, 2])
def test_what_is_not_told_from_zero_is_listed_and_not_drawn(rows):
    said = _not_told([f"Number {i}" for i in range(20)])
    figure = evppi_bars(NAMES[:rows], VALUES[:rows], ERRORS[:rows], 197_832.0, "£", not_told=said)
    assert faults(figure) == []
    assert "Not distinguishable from 0, by name: Number 0; Number 1; Number 10;" in words(figure).replace("\n", " ")
    assert "12 more" in words(figure).replace("\n", " ")
    if rows:
        assert [bar.get_width() for bar in figure.axes[0].patches] == VALUES[:rows]


@pytest.mark.parametrize("people", [None, EVSI * 1700 - 1e6 - 2e4 * SIZES, -2e4 * SIZES])
@pytest.mark.parametrize("evpi", [25_763.0, 1e6])
def test_evsi_curve_with_its_limit_and_net_benefit(people, evpi):
    figure = evsi_curve(SIZES, EVSI, EVSI / 30, 25_245.0, evpi, people, name="A trial", notes=["40% have an event"])
    assert faults(figure) == []
    assert any(np.array_equal(y, EVSI) for _, y in lines(figure))
    assert any(np.allclose(y, 25_245.0) for _, y in lines(figure))
    said = words(figure)
    assert ("EVPI of everything:" in said) == (evpi < 1e5)
    if people is not None:
        best = int(np.argmax(people))
        assert (f"with {SIZES[best]} patients" in said) == (people[best] > 0)
        assert ("Never worth its cost" in said) == (people[best] <= 0)


def test_a_study_of_one_size():
    figure = evsi_curve(np.array([200]), np.array([17.2]), np.array([3.0]), 51.8, 60.0)
    assert faults(figure) == []
    assert any(np.allclose(y, [17.2 - 1.96 * 3, 17.2 + 1.96 * 3]) for _, y in lines(figure))
