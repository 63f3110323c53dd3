"""The tornado: text inside and apart, and the numbers of the result in it."""

from dataclasses import replace
from functools import cache

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex

from helpers.figure_checks import faults, words
from helpers.sample_of import mostly_slow
from netcea import load
from netcea.analyses.one_way.tornado import MOST, tornado
from netcea.analyses.registry import ANALYSES
from netcea.blocks import Bounds
from netcea.reporting.figures.style import HIGH_COLOUR, LOW_COLOUR
from netcea.scenario.options import OneWayOptions

DISCOUNT = "costs.drug.cabozantinib.discount"
LONG = "A quantity whose label is far too long for the room beside its bar, with $x_1$ and an under_score, twice over"


@cache
def one_way(name, *addresses, sets=()):
    options = OneWayOptions(addresses=list(addresses))
    return ANALYSES["one_way"].run(load(name, list(sets)), options)


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


@pytest.mark.parametrize("case", mostly_slow(TORNADOES, ["three strategies", "near zero", "no row", "long labels"]))
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


def test_diamonds_stand_at_the_weighted_ends():
    result = one_way("epnet")
    axes = tornado(result).axes[0]
    marked = {round(line.get_ydata()[0]): list(line.get_xdata()) for line in axes.lines if line.get_marker() == "D"}
    for row, moved in enumerate(result.moved[:MOST]):
        assert marked[row] == pytest.approx([moved.low.weighted_nhb[0], moved.high.weighted_nhb[0]], abs=1e-12)


def test_the_tornado_says_the_base_what_is_left_out_and_what_the_weight_does():
    said = words(tornado(one_way("epnet"), "3 estimated together"))
    assert "Base case: −1.755 QALYs, ICER £318,010; weighted −1.725, £265,009" in said
    assert "more quantities change the result less" in said
    assert "4 change nothing in this scenario" in said
    assert "not varied one at a time: 3 estimated together" in said
    assert "* The severity weight at the low and the high value is another: Hazard ratio, OS, NEJM, epNET: " in said
    assert "Median OS, placebo, NEJM, epNET: 1.2 and 1" in said
    assert "* Hazard ratio, OS, NEJM" in said
    assert "The same, weighted for severity" in said
    assert "2.5% and 97.5% quantiles" in said
    assert "dominated" in words(tornado(one_way("epnet_fda_cut")))


def test_a_tornado_without_rows_says_so():
    assert "No quantity varied alone changes the result." in words(tornado(TORNADOES["no row"]()))


def test_given_bounds_are_named():
    bounds = {DISCOUNT: Bounds(low=0.0, high=0.5)}
    result = ANALYSES["one_way"].run(load("pnet"), OneWayOptions(addresses=[DISCOUNT], bounds=bounds))
    assert "the bounds given with --bounds" in words(tornado(result))


def test_the_figure_of_the_report_is_drawn():
    report = ANALYSES["one_way"].report(one_way("pnet"))
    assert [report.figure(name).axes != [] for name in report.figures] == [True]
