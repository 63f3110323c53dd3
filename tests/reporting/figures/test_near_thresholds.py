"""Thresholds that matter are large, all others small; the curves there are those of the draws."""

from __future__ import annotations

import numpy as np
import pytest

import netcea
from helpers.figure_checks import faults, words
from helpers.probabilistic_cases import TWO, sampled
from netcea import load
from netcea.analyses.psa.figures import FIGURES
from netcea.analyses.voi.figures.information import evpi_curve
from netcea.decision.acceptability import acceptability_curves
from netcea.reporting.figures.near_thresholds import large_up_to, near_end, near_grid

DEAR = [(400_000, 4.1), (66_000, 3.9)]
"""Costs and QALYs: the decision switches at about GBP 1.7 million per QALY."""


@pytest.fixture(scope="module")
def result():
    return sampled(
        TWO, DEAR, [(18_000, 0.3), (5_000, 0.3)], n=400, grid=np.union1d(np.linspace(0, 5e6, 201), [25e3, 35e3])
    )


def test_where_the_large_panel_ends():
    assert near_end(5e6, [25_000.0]) == 100_000.0
    assert near_end(100_000.0, [25_000.0]) is None
    assert near_end(120_000.0, [25_000.0]) is None
    assert near_end(5e6, [200_000.0]) == pytest.approx(220_000.0)
    with large_up_to(60_000.0):
        assert near_end(100_000.0, [25_000.0]) == 60_000.0
    assert near_end(100_000.0, [25_000.0]) is None
    with pytest.raises(ValueError, match="above 0"), large_up_to(0.0):
        pass
    assert {25_000.0, 35_000.0, 60_000.0} <= set(near_grid(60_000.0, [25_000.0, 35_000.0, 70_000.0]))


@pytest.mark.parametrize("name", ["ceac", "ceaf", "expected_loss"])
def test_the_large_panel_has_the_draws_own_curves(result, name):
    figure = FIGURES[name](result)
    large, small = figure.axes
    assert large.get_xlim() == (0.0, 100_000.0)
    assert small.get_xlim() == (0.0, 5e6)
    assert large.get_window_extent().height > 2.5 * small.get_window_extent().height
    grid = near_grid(100_000.0, (25_000.0, 35_000.0))
    exact = acceptability_curves(result.totals.costs, result.totals.qalys, grid)
    for curve in exact.expected_loss if name == "expected_loss" else exact.ceac:
        assert any(
            np.array_equal(line.get_xdata(), grid) and np.allclose(line.get_ydata(), curve) for line in large.lines
        )
    whole = result.curves.expected_loss if name == "expected_loss" else result.curves.ceac
    for curve in whole:
        assert any(np.array_equal(line.get_ydata(), curve) for line in small.lines)
    assert faults(figure) == []


def test_a_switch_beyond_the_large_panel_is_named_in_the_small_one(result):
    figure = FIGURES["ceaf"](result)
    assert not [t for t in figure.axes[0].texts if "Cabozantinib" in t.get_text()]
    assert [t for t in figure.axes[1].texts if "£1," in t.get_text()]


def test_one_panel_where_all_thresholds_are_near():
    result = sampled(TWO, [(80_000, 4.9), (66_000, 3.9)], [(18_000, 0.3), (5_000, 0.3)], n=200)
    assert len(FIGURES["ceac"](result).axes) == 1
    with large_up_to(60_000.0):
        assert FIGURES["ceac"](result).axes[0].get_xlim() == (0.0, 60_000.0)


def test_evpi_in_two_panels():
    x, near = np.linspace(0.0, 2e6, 201), np.linspace(0.0, 1e5, 101)
    figure = evpi_curve(x, 0.1 * x, 800.0, marked=[(25_000.0, "£25,000"), (5e5, "switch")], near=(near, 0.1 * near))
    assert {axes.get_xlim()[1] for axes in figure.axes} == {1e5, 2e6}
    assert faults(figure) == []
    assert next(axes for axes in figure.axes if any(t.get_text() == "switch" for t in axes.texts)).get_xlim()[1] == 2e6


def test_the_command_takes_another_end(tmp_path):
    from click.testing import CliRunner

    from netcea.cli.main import main

    arguments = ["psa", "pnet", "--draws", "40", "--quiet", "--keep-draws", "no", "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(main, [*arguments, "--thresholds-to", "40000"])
    assert done.exit_code == 0, done.output
    assert "£40,000" in (tmp_path / "out" / "figures" / "ceac.svg").read_text(encoding="utf-8")
    assert CliRunner().invoke(main, [*arguments, "--thresholds-to", "0"]).exit_code == 2


def test_tables_do_not_depend_on_what_is_drawn_large():
    found = netcea.psa(load("pnet"), draws=40)
    before = words(found.figure("ceac"))
    with large_up_to(40_000.0):
        after = words(found.figure("ceac"))
    assert "£25,000, weighted" in before
    assert "£25,000, weighted" in after
