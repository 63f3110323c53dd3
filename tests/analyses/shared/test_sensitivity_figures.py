"""Tornado, heat map and price ladder: text inside and apart, and the numbers of the result in them."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex

from helpers.figure_checks import faults, words
from netcea import load
from netcea.analyses.one_way.tornado import HIGH_COLOUR, LOW_COLOUR, MOST, tornado
from netcea.analyses.registry import ANALYSES
from netcea.analyses.threshold.price_ladder import price_ladder
from netcea.analyses.two_way.heat_map import PALETTE, heat_map
from netcea.blocks import Bounds
from netcea.scenario.options import Axis, OneWayOptions, ThresholdOptions, TwoWayOptions

DISCOUNT = "costs.drug.cabozantinib.discount"
PRICE = "costs.drug.cabozantinib.price_per_pack"
LONG = "A quantity whose label is far too long for the room beside its bar, with $x_1$ and an under_score, twice over"


@cache
def one_way(name, *addresses, sets=()):
    options = OneWayOptions(addresses=list(addresses))
    return ANALYSES["one_way"].run(load(name, list(sets)), options)


@cache
def two_way(name, x, y, x_values=(None, None, 11), y_values=(None, None, 11), sets=()):
    axes = [Axis(address=a, low=v[0], high=v[1], steps=v[2]) for a, v in ((x, x_values), (y, y_values))]
    return ANALYSES["two_way"].run(load(name, list(sets)), TwoWayOptions(axes=axes))


@cache
def threshold(name, draws=0, sets=()):
    return ANALYSES["threshold"].run(load(name, list(sets)), ThresholdOptions(probabilistic_draws=draws))


# ------------------------------------------------------------------------------------------------ tornado


def with_long_labels(result):
    moved = tuple(replace(m, quantity=replace(m.quantity, label=LONG)) for m in result.moved)
    return replace(result, moved=moved)


TORNADOES = {
    "pnet": lambda: one_way("pnet"),
    "epnet": lambda: one_way("epnet"),
    "three strategies": lambda: one_way("pnet_comparators"),
    "dominated": lambda: one_way("epnet_fda_cut"),
    "near zero": lambda: one_way("epnet", sets=(f"{DISCOUNT}=0.97",)),
    "one row": lambda: one_way("pnet", "costs.unit.ct_scan"),
    "no row": lambda: one_way("pnet", "survival.cabinet_pnet.os_nejm.median_cabozantinib"),
    "long labels": lambda: with_long_labels(one_way("pnet")),
}


@pytest.mark.parametrize("case", TORNADOES)
def test_the_tornado_is_legible(case):
    assert faults(tornado(TORNADOES[case](), "3 estimated together")) == []


@pytest.mark.parametrize("case", TORNADOES)
def test_labels_at_bars_lie_beside_the_panel_s_edges(case):
    figure = tornado(TORNADOES[case]())
    for axes in figure.axes:
        low, high = axes.get_xlim()
        renderer = FigureCanvasAgg(figure).get_renderer()
        for text in axes.texts:
            if text.get_transform() == axes.transData:
                box = text.get_window_extent(renderer).transformed(axes.transData.inverted())
                assert low <= box.x0 <= box.x1 <= high


def test_bars_reach_from_the_base_to_each_end():
    result = one_way("epnet")
    axes = tornado(result).axes[0]
    base = result.base.nhb[0]
    drawn = {}
    for bar in axes.patches:
        end = bar.get_x() + bar.get_width() if abs(bar.get_x() - base) < 1e-12 else bar.get_x()
        drawn[round(bar.get_y() + bar.get_height() / 2), to_hex(bar.get_facecolor()).upper()] = end
    for row, moved in enumerate(result.moved[:MOST]):
        assert drawn[row, LOW_COLOUR] == pytest.approx(moved.low.nhb[0], abs=1e-12)
        assert drawn[row, HIGH_COLOUR] == pytest.approx(moved.high.nhb[0], abs=1e-12)


def test_the_tornado_says_the_base_what_is_left_out_and_what_the_weight_does():
    said = words(tornado(one_way("epnet"), "3 estimated together"))
    assert "Base case: −1.860 QALYs, ICER £340,523" in said
    assert "more quantities change the result less" in said
    assert "3 change nothing in this scenario" in said
    assert "not moved singly: 3 estimated together" in said
    assert "The severity weight changes with: Weibull shape of OS, placebo, RADIANT-4" in said
    assert "2.5% and 97.5% quantiles" in said
    assert "dominated" in words(tornado(one_way("epnet_fda_cut")))


def test_a_tornado_without_rows_says_so():
    assert "No quantity that was moved alone changes the result." in words(tornado(TORNADOES["no row"]()))


# ------------------------------------------------------------------------------------------------ heat map


RATIO = "survival.cabinet_epnet.os_nejm.hazard_ratio"
MEDIAN = "survival.cabinet_epnet.os_nejm.median_placebo"
HEAT_MAPS = {
    "crossed": lambda: two_way("epnet", DISCOUNT, RATIO, (0.0, 1.0, 11)),
    "many": lambda: two_way("epnet", DISCOUNT, MEDIAN, (0.8, 1.0, 61), (10.0, 30.0, 41)),
    "all below": lambda: two_way("pnet", "costs.unit.ct_scan", PRICE, (50.0, 150.0, 3), (50.0, 150.0, 30)),
    "all above": lambda: two_way("epnet", RATIO, PRICE, (0.5, 0.8, 2), (0.0, 10.0, 2)),
    "three strategies": lambda: two_way("pnet_comparators", DISCOUNT, "costs.subsequent.crossover_months"),
    "small numbers": lambda: two_way("pnet", "costs.unit.ct_scan", "costs.unit.blood_test", sets=(f"{DISCOUNT}=1",)),
    "large numbers": lambda: two_way("pnet", PRICE, "costs.unit.ct_scan", (0.0, 100_000.0, 11), (0.0, 1e6, 11)),
}


@pytest.mark.parametrize("case", HEAT_MAPS)
def test_the_heat_map_is_legible(case):
    assert faults(heat_map(HEAT_MAPS[case]())) == []


def test_cells_have_their_values_and_white_is_zero():
    result = HEAT_MAPS["crossed"]()
    axes, bar = heat_map(result).axes
    mesh = axes.collections[0]
    assert np.allclose(np.asarray(mesh.get_array()), result.grid(25_000.0).T)
    assert mesh.norm.vmin == -mesh.norm.vmax
    assert PALETTE[3] == "#FFFFFF"
    assert min(mesh.cmap(0.5)[:3]) > 0.99
    written = [t for t in axes.texts if t.get_text().replace("−", "-")[:1] in "+-0"]
    assert len(written) == 121
    assert bar.get_ylim() == pytest.approx((result.grid(25_000.0).min(), result.grid(25_000.0).max()))


def test_each_side_of_zero_grows_darker():
    def luminance(colour):
        r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    levels = [luminance(colour) for colour in PALETTE]
    assert levels[:4] == sorted(levels[:4])
    assert levels[3:] == sorted(levels[3:], reverse=True)


def test_the_line_of_zero_is_where_the_benefit_is_zero():
    result = HEAT_MAPS["crossed"]()
    axes = heat_map(result).axes[0]
    lines = [c for c in axes.collections if c.get_paths() and type(c).__name__ == "QuadContourSet"]
    assert len(lines) == 2
    for line, at in zip(lines, (25_000.0, 35_000.0), strict=True):
        points = np.concatenate([path.vertices for path in line.get_paths()])
        nhb = result.grid(at)
        step = [np.diff(axis.values)[0] for axis in (result.x, result.y)]
        for x, y in points[::3]:
            i = min(int((x - result.x.values[0]) / step[0]), len(result.x.values) - 2)
            j = min(int((y - result.y.values[0]) / step[1]), len(result.y.values) - 2)
            cell = nhb[i : i + 2, j : j + 2]
            assert cell.min() <= 1e-9
            assert cell.max() >= -1e-9


def test_the_base_case_is_marked_or_said_to_lie_outside():
    result = HEAT_MAPS["crossed"]()
    marks = [line for line in heat_map(result).axes[0].lines if line.get_marker() == "o"]
    assert [(m.get_xdata()[0], m.get_ydata()[0]) for m in marks] == [(0.0, 0.86)]
    said = words(heat_map(HEAT_MAPS["all below"]()))
    assert "The base case lies outside these bounds." in said
    assert "At £25,000 incremental net health benefit is nowhere above 0" in said
    assert "everywhere above 0" in words(heat_map(HEAT_MAPS["all above"]()))


# ------------------------------------------------------------------------------------------------ price ladder


LADDERS = {
    "pnet": lambda: threshold("pnet"),
    "epnet": lambda: threshold("epnet", 40),
    "dominated": lambda: threshold("epnet_fda_cut", 40),
    "three strategies": lambda: threshold("pnet_comparators"),
    "met at list price": lambda: threshold("epnet", 0, (f"{PRICE}=50",)),
    "cheaper and worse": lambda: threshold("epnet_fda_cut", 0, (f"{PRICE}=1", "costs.unit.end_of_life=1000000")),
}


@pytest.mark.parametrize("case", LADDERS)
def test_the_price_ladder_is_legible(case):
    result = LADDERS[case]()
    assert faults(price_ladder(result, result.prices[0])) == []


def test_the_ladder_has_the_icers_and_marks_what_was_solved():
    result = LADDERS["epnet"]()
    whole, near = price_ladder(result, result.prices[0]).axes
    drawn = whole.lines[0]
    assert np.allclose(drawn.get_ydata(), [e.icer for e in result.prices[0].ladder.effects])
    marks = {(m.get_xdata()[0], m.get_ydata()[0]) for m in near.lines if m.get_marker() == "o"}
    solved = {
        (s.discount, s.basis.threshold)
        for ladder in (result.prices[0].ladder, result.prices[0].probabilistic)
        for s in ladder.solutions
        if s.status == "solved"
    }
    assert marks == solved
    assert near.get_ylim() == (0.0, 105_000.0)
    assert whole.get_ylim()[1] > max(e.icer for e in result.prices[0].probabilistic.effects)


def test_the_ladder_says_what_was_found():
    said = words(price_ladder(LADDERS["epnet"](), LADDERS["epnet"]().prices[0]))
    assert "£25,000 not even when free (ICER £25,824)" in said
    assert "£35,000 at a discount of 97.08%, £150 a pack" in said
    assert "Means of 40 draws" in said
    assert "The same price is paid for cabozantinib after crossover." in said
    dominated = LADDERS["dominated"]()
    said = words(price_ladder(dominated, dominated.prices[0]))
    assert "Incremental net health benefit from list price to free" in said
    assert "at list price the intervention is dominated" in said


def test_figures_of_the_reports_are_drawn():
    for result, name in (
        (one_way("pnet"), "one_way"),
        (HEAT_MAPS["crossed"](), "two_way"),
        (threshold("pnet"), "threshold"),
    ):
        report = ANALYSES[name].report(result)
        for figure in report.figures:
            assert report.figure(figure).axes


def test_given_bounds_are_named():
    bounds = {DISCOUNT: Bounds(low=0.0, high=0.5)}
    result = ANALYSES["one_way"].run(load("pnet"), OneWayOptions(addresses=[DISCOUNT], bounds=bounds))
    assert "the bounds that were asked for" in words(tornado(result))
