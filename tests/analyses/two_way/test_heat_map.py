"""The heat map: text inside and apart, and the numbers of the result in it."""

from functools import cache

import numpy as np
import pytest

from helpers.figure_checks import faults, words
from helpers.sample_of import mostly_slow
from netcea import load
from netcea.analyses.registry import ANALYSES
from netcea.analyses.two_way.heat_map import PALETTE, heat_map
from netcea.scenario.options import Axis, TwoWayOptions

DISCOUNT = "costs.drug.cabozantinib.discount"
PRICE = "costs.drug.cabozantinib.price_per_pack"
RATIO = "survival.cabinet_epnet.os_nejm.hazard_ratio"
MEDIAN = "survival.cabinet_epnet.os_nejm.median_placebo"


@cache
def two_way(name, x, y, x_values=(None, None, 11), y_values=(None, None, 11), sets=()):
    axes = [Axis(address=a, low=v[0], high=v[1], steps=v[2]) for a, v in ((x, x_values), (y, y_values))]
    return ANALYSES["two_way"].run(load(name, list(sets)), TwoWayOptions(axes=axes))


HEAT_MAPS = {
    "crossed": lambda: two_way("epnet", DISCOUNT, RATIO, (0.0, 1.0, 11)),
    "many": lambda: two_way("epnet", DISCOUNT, MEDIAN, (0.8, 1.0, 61), (10.0, 30.0, 41)),
    "all below": lambda: two_way("pnet", "costs.unit.ct_scan", PRICE, (50.0, 150.0, 3), (50.0, 150.0, 30)),
    "all above": lambda: two_way("epnet", RATIO, PRICE, (0.5, 0.8, 2), (0.0, 10.0, 2)),
    "three strategies": lambda: two_way("pnet_comparators", DISCOUNT, "costs.subsequent.crossover_months"),
    "small numbers": lambda: two_way("pnet", "costs.unit.ct_scan", "costs.unit.blood_test", sets=(f"{DISCOUNT}=1",)),
    "large numbers": lambda: two_way("pnet", PRICE, "costs.unit.ct_scan", (0.0, 100_000.0, 11), (0.0, 1e6, 11)),
}


@pytest.mark.parametrize("case", mostly_slow(HEAT_MAPS, ["crossed", "all below", "three strategies"]))
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


def test_the_figure_of_the_report_is_drawn():
    report = ANALYSES["two_way"].report(HEAT_MAPS["crossed"]())
    assert [report.figure(name).axes != [] for name in report.figures] == [True] * len(report.figures)
    assert "heat_map" in report.figures
