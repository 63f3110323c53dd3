from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.figure import Figure

from helpers.figure_checks import faults, words
from helpers.probabilistic_cases import (
    CASES,
    FOUR,
    THRESHOLDS,
    TWO,
    made_contributions,
    made_result,
    made_scenario,
    made_totals,
    sampled,
)
from helpers.sample_of import grid_mostly_slow
from netcea.analyses.psa.figures import FIGURES, figures_of_draws
from netcea.analyses.psa.figures.acceptability import ranges, switches
from netcea.analyses.psa.figures.scatter import MOST_DOTS
from netcea.decision.incremental import fully_incremental
from netcea.decision.monte_carlo import icer_error
from netcea.reporting.figures.files import save_figure
from netcea.reporting.figures.style import BLUE, GREEN, styled
from netcea.reporting.number_format import known, pounds


@cache
def result_of(case: str):
    return CASES[case]()


@cache
def figure_of(case: str, name: str) -> Figure:
    return FIGURES[name](result_of(case))


def lines(figure: Figure, panel: int = 0) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(np.asarray(x.get_xdata(), float), np.asarray(x.get_ydata(), float)) for x in figure.axes[panel].lines]


def holds_line(figure: Figure, x, y, panel: int = 0) -> bool:
    return any(len(a) == len(x) and np.allclose(a, x) and np.allclose(b, y) for a, b in lines(figure, panel))


@pytest.mark.parametrize(("case", "name"), grid_mostly_slow(CASES, FIGURES))
def test_text_fits_and_covers_nothing(case, name):
    assert faults(figure_of(case, name)) == []


def test_only_figures_with_something_to_show_are_offered():
    assert list(figures_of_draws(result_of("two"))) == list(FIGURES)
    assert set(FIGURES) - set(figures_of_draws(result_of("one_quadrant"))) == {"contributions", "severity"}
    assert isinstance(figures_of_draws(result_of("two"))["ceac"](), Figure)


def test_acceptability_curves_are_those_of_the_result():
    curves = result_of("four").curves
    for curve in curves.ceac:
        assert holds_line(figure_of("four", "ceac"), curves.thresholds, curve)
    said = words(figure_of("four", "ceac"))
    assert "£25,000" in said
    assert "Frontier" in said
    table = result_of("four").probability_cost_effective["sunitinib", THRESHOLDS[0], False]
    assert f"{100 * table:.1f}%" in said


def test_weighted_probabilities_stand_beside_where_any_draw_has_a_weight():
    assert "£25,000, weighted" in words(figure_of("two", "ceac"))
    assert "weighted" not in words(figure_of("dominant", "ceac"))


def test_switch_points_are_the_icers_of_the_means():
    result = result_of("four")
    means = [float(v) for v in result.totals.costs.mean(axis=1)], [float(v) for v in result.totals.qalys.mean(axis=1)]
    rows = fully_incremental(result.totals.strategies, *means)
    expected = [(row.versus, row.strategy, row.icer) for row in rows if row.icer is not None and row.icer <= 100_000]
    found = switches(result.curves, result.totals.strategies)
    assert [(s.before, s.after) for s in found] == [(before, after) for before, after, _ in expected]
    np.testing.assert_allclose([s.threshold for s in found], [icer for *_, icer in expected], rtol=1e-9)
    assert len(found) == 2
    for switch in found:
        pair = [result.totals.increment(measure, switch.after, switch.before) for measure in ("costs", "qalys")]
        rounded = known(switch.threshold, icer_error(*pair), "pounds")
        assert rounded != pounds(switch.threshold)
        assert f"{rounded}: " in words(figure_of("four", "ceaf"))


def test_frontier_has_the_colour_of_the_strategy_that_is_optimal():
    result = result_of("four")
    name, low, high = ranges(result.curves, result.totals.strategies)[-1]
    assert (name, high) == ("sunitinib", 100_000.0)
    thick = [line for line in figure_of("four", "ceaf").axes[0].lines if line.get_linewidth() == 3]
    assert same_color(thick[-1].get_color(), GREEN)
    assert thick[-1].get_xdata()[0] == low
    at = result.curves.thresholds > low
    np.testing.assert_allclose(thick[-1].get_ydata()[-at.sum() :], result.curves.ceaf[at])


def test_lowest_loss_is_evpi():
    curves, figure = result_of("four").curves, figure_of("four", "expected_loss")
    assert holds_line(figure, curves.thresholds, curves.expected_loss.min(axis=0))
    for loss in curves.expected_loss:
        assert holds_line(figure, curves.thresholds, loss)
    evpi = float(np.interp(25_000.0, curves.thresholds, curves.expected_loss.min(axis=0)))
    assert f"£{evpi:,.0f}" in words(figure)
    assert "expected value of perfect information" in words(figure)


def test_plane_shows_means_point_estimates_and_shares():
    result, figure = result_of("two"), figure_of("two", "plane")
    gain, extra = result.totals.increment("qalys"), result.totals.increment("costs")
    assert holds_line(figure, [gain.mean()], [extra.mean()])
    assert holds_line(figure, [0.1], [84_000.0])
    for threshold in THRESHOLDS:
        assert any(len(x) == 2 and x[1] > 0 and np.allclose(y, threshold * x) for x, y in lines(figure))
    said = words(figure)
    assert f"more QALYs: {100 * np.mean((gain >= 0) & (extra >= 0)):.1f}%" in said
    assert f"fewer QALYs: {100 * np.mean((gain < 0) & (extra >= 0)):.1f}%" in said
    ratio = float(extra.mean() / gain.mean())
    for value, error, kind in (
        (ratio, icer_error(extra, gain), "pounds"),
        (float(extra.mean()), float(extra.std(ddof=1)) / result.totals.n**0.5, "pounds"),
        (float(gain.mean()), float(gain.std(ddof=1)) / result.totals.n**0.5, "qalys"),
    ):
        assert f" {'+' if kind == 'qalys' else ''}{known(value, error, kind)} " in said
    assert pounds(ratio) not in said
    assert "to the digits that their Monte Carlo errors leave" in said


def test_an_icer_that_the_draws_do_not_tell_is_not_printed():
    result = result_of("two")
    few = replace(result, totals=result.totals.rows(0, 6))
    said = words(FIGURES["plane"](few))
    assert "not known" in said
    assert "too few to tell it" in said


def test_no_negative_icer_is_printed():
    assert "dominant" in words(figure_of("dominant", "plane"))
    said = words(figure_of("worse_and_cheaper", "plane"))
    assert re.search(r"£33,\d{3} saved", said)
    assert "pounds saved per QALY lost" in said


def test_ellipse_holds_95_percent_of_normal_draws():
    result = sampled(TWO, [(150_000, 3.9), (66_000, 3.8)], [(18_000, 0.3), (5_000, 0.3)], n=40_000)
    ellipse = next(
        line
        for line in FIGURES["plane"](result).axes[0].lines
        if len(line.get_xdata()) > 100 and same_color(line.get_color(), BLUE) and line.get_linestyle() == "-"
    )
    draws = np.column_stack([result.totals.increment("qalys"), result.totals.increment("costs")])
    assert ellipse.get_path().contains_points(draws).mean() == pytest.approx(0.95, abs=0.004)


def test_cloud_is_the_first_draws_and_is_a_picture_in_the_svg(tmp_path):
    result = sampled(FOUR, [(150_000, 3.9), (66_000, 3.8), (66_500, 3.92), (67_500, 4.1)], [(9_000, 0.3)] * 4, n=10_000)
    figure = FIGURES["plane"](result)
    (cloud,) = [c for c in figure.axes[0].collections if c.get_rasterized()]
    each = MOST_DOTS // 3
    assert len(cloud.get_offsets()) == 3 * each
    np.testing.assert_array_equal(cloud.get_offsets()[::3, 0], result.totals.increment("qalys", "cabozantinib")[:each])
    assert f"the first {each:,} shown" in words(figure)
    with styled():
        _, svg = save_figure(figure, tmp_path / "plane")
    assert svg.stat().st_size < 700_000


def test_convergence_shows_the_band_and_the_last_value():
    found, figure = result_of("two").convergence, figure_of("two", "convergence")
    assert holds_line(figure, found.draws, found.mean)
    assert holds_line(figure, found.draws, found.probability, panel=1)
    band = figure.axes[0].collections[0].get_paths()[0].vertices
    for edge in (found.mean[-1] - 1.96 * found.mcse[-1], found.mean[-1] + 1.96 * found.mcse[-1]):
        assert np.isclose(band[band[:, 0] == 1500.0, 1], edge).any()
    assert f"{abs(found.mean[-1]):.4f} after 1,500 draws" in words(figure)


def test_contributions_and_what_is_left_add_up_to_the_difference():
    result, figure = result_of("two"), figure_of("two", "contributions")
    seen = [c for c in result.contributions if max(abs(c.incremental_qalys), abs(c.incremental_nhb)) >= 0.0005]
    assert len(seen) == 11
    for panel, name in ((0, "incremental_qalys"), (1, "incremental_nhb_25000")):
        widths = [bar.get_width() for bar in figure.axes[panel].patches]
        assert len(widths) == len(seen) + 3
        interval = result.intervals["", name]
        assert widths[-1] == pytest.approx(interval.mean - interval.deterministic)
        assert sum(widths[:-1]) == pytest.approx(widths[-1])
        assert widths[0] == getattr(result.contributions[0], name.removesuffix("_25000"))
    said = words(figure)
    assert "All others (19)" in said
    assert "base case +0.100, mean " in said


def test_at_most_twelve_contributions_are_shown_one_by_one():
    means = [(150_000, 3.9), (66_000, 3.8)]
    result = sampled(TWO, means, [(9_000, 0.3)] * 2, contributions=made_contributions(30, 5.0))
    figure = FIGURES["contributions"](result)
    assert len(figure.axes[0].patches) == 12 + 3
    assert sum(bar.get_width() for bar in figure.axes[0].patches[:-1]) == pytest.approx(
        figure.axes[0].patches[-1].get_width()
    )
    assert "All others (18)" in words(figure)


def test_severity_shows_the_share_of_each_weight():
    result, figure = result_of("two"), figure_of("two", "severity")
    heights = [patch.get_data() for patch in figure.axes[0].patches]
    shares = [float((h.values - h.baseline).sum()) for h in heights]
    assert shares == pytest.approx([result.severity_probabilities[1.0], result.severity_probabilities[1.2]])
    assert f"Weight 1.2: {100 * shares[1]:.1f}% of the draws" in words(figure)


def test_the_same_result_gives_the_same_bytes(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        with styled():
            save_figure(FIGURES["plane"](result_of("four")), tmp_path / folder / "plane")
    for name in ("plane.png", "plane.svg"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_strategies_of_the_same_name_keep_their_own_colours():
    labels = dict.fromkeys(("cabozantinib", "bsc", "everolimus"), "Same")
    costs = [[80_000.0, 90_000.0], [60_000.0, 61_000.0], [62_000.0, 64_000.0]]
    totals = made_totals(labels, costs, [[4.1, 4.2], [3.8, 3.9], [3.9, 4.0]])
    figure = FIGURES["ceac"](made_result(made_scenario(labels), totals, totals.rows(0, 1)))
    named = [t.get_color() for t in figure.axes[0].texts if t.get_text() == "Same"]
    assert len(set(named)) == 3
