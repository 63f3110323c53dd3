from __future__ import annotations

import xml.etree.ElementTree as ET
from functools import cache

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from helpers.figure_cases import CASES, EDGES
from helpers.sample_of import grid_mostly_slow
from netcea.analyses.base_case.figures import FIGURES, figure_names
from netcea.analyses.base_case.figures.costs import costs_by_category
from netcea.analyses.base_case.report import figures_of
from netcea.reporting.figures.files import save_figures
from netcea.reporting.figures.forest import MOST
from netcea.reporting.figures.style import styled


@cache
def result_of(case: str):
    return CASES[case]()


@cache
def drawn(case: str, name: str) -> Figure:
    figure = FIGURES[name](result_of(case))
    with styled():
        FigureCanvasAgg(figure).draw()
    return figure


def texts(figure: Figure) -> list[Text]:
    return [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]


def lines(figure: Figure) -> list[tuple[np.ndarray, np.ndarray]]:
    return [
        (np.asarray(line.get_xdata(), dtype=float), np.asarray(line.get_ydata(), dtype=float))
        for axes in figure.axes
        for line in axes.lines
    ]


def has_point(figure: Figure, x: float, y: float) -> bool:
    return any(len(xs) == 1 and np.allclose([xs[0], ys[0]], [x, y]) for xs, ys in lines(figure))


every = grid_mostly_slow(CASES, FIGURES)
"""Each case and each figure among those that every run tries."""


@pytest.mark.parametrize(("case", "name"), every)
def test_all_text_lies_inside_the_figure(case, name):
    figure = drawn(case, name)
    with styled():
        for text in texts(figure):
            box = text.get_window_extent()
            frame = figure.bbox
            assert box.x0 >= 0, text
            assert box.y0 >= 0, text
            assert box.x1 <= frame.x1, text
            assert box.y1 <= frame.y1, text


@pytest.mark.parametrize(("case", "name"), every)
def test_text_is_large_enough_and_taken_literally(case, name):
    for text in texts(drawn(case, name)):
        assert text.get_fontsize() >= 9
        if "$" in text.get_text() or "_" in text.get_text():
            assert not text.get_parse_math()


@pytest.mark.parametrize(("case", "name"), every)
def test_no_legend_title_or_note_covers_a_panel(case, name):
    figure = drawn(case, name)
    with styled():
        boxes = [text.get_window_extent() for text in figure.texts] + [
            legend.get_window_extent() for legend in figure.legends
        ]
    for axes in figure.axes:
        panel = axes.get_tightbbox()
        assert panel is not None
        for box in boxes:
            assert not panel.overlaps(box), box
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:i])


@pytest.mark.parametrize(("case", "name"), [("two", "pfs"), ("two", "os"), ("four", "pfs"), ("two", "plane")])
def test_labels_of_points_do_not_cover_one_another(case, name):
    figure = drawn(case, name)
    with styled():
        boxes = [t.get_window_extent() for t in figure.axes[0].texts if t.get_text().strip()]
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:i])


def test_published_medians_and_landmarks_are_plotted():
    pfs, os = drawn("two", "pfs"), drawn("two", "os")
    assert has_point(pfs, 13.8, 0.5)
    assert has_point(pfs, 4.4, 0.5)
    assert has_point(os, 31.1 / 12, 0.5)
    assert has_point(os, 1.0, 0.74)
    words = " ".join(t.get_text() for t in texts(pfs))
    assert "13.8 months" in words
    assert "95% interval" in words
    assert "hazard ratio: 0.23 (0.12 to 0.42) published, 0.23 modelled" in words


def test_intervals_are_plotted():
    intervals = [c.get_segments()[0] for c in drawn("two", "pfs").axes[0].collections if hasattr(c, "get_segments")]
    assert any(np.allclose(i, [[9.2, 0.5], [18.5, 0.5]]) for i in intervals)
    intervals = [c.get_segments()[0] for c in drawn("two", "os").axes[0].collections if hasattr(c, "get_segments")]
    assert any(np.allclose(i, [[1.0, 0.6], [1.0, 0.85]]) for i in intervals)


def test_figures_not_used_in_a_fit_have_hollow_marks():
    marks = {
        round(float(np.asarray(line.get_xdata())[0]), 3): line.get_markerfacecolor()
        for line in drawn("two", "os").axes[0].lines
        if line.get_marker() == "o"
    }
    assert marks[round(31.1 / 12, 3)] != "white"
    assert marks[1.0] == "white"


def test_survival_curves_are_the_traces():
    trace = result_of("two").traces["cabozantinib"]
    for name, column, factor in (("pfs", "progression_free", 12.0), ("time_on_treatment", "on_treatment", 12.0)):
        curve = next(
            y for x, y in lines(drawn("two", name)) if len(x) > 20 and np.isclose(y[13], trace.edges[column][13])
        )
        np.testing.assert_array_equal(curve, trace.edges[column][: len(curve)])
        x = next(x for x, y in lines(drawn("two", name)) if y is curve or np.array_equal(y, curve))
        np.testing.assert_allclose(x, factor * EDGES[: len(x)])


def test_end_of_a_relative_effect_is_marked():
    assert any(np.allclose(x, 3.0) and len(x) == 2 for x, _ in lines(drawn("two", "os")))
    assert "Relative effect ends: 3 years" in [t.get_text() for t in texts(drawn("two", "os"))]
    words = [t.get_text() for t in texts(drawn("four", "hazards"))]
    assert "Relative effect fades: 2 to 5 years" in words
    assert "Relative effect ends: 5 years" in words


def test_axis_ends_where_nothing_happens_any_more_and_says_so():
    assert drawn("two", "pfs").axes[0].get_xlim() == (0.0, 54.0)
    assert any("horizon of 40 years" in t.get_text() for t in texts(drawn("two", "pfs")))
    assert drawn("never", "os").axes[0].get_xlim() == (0.0, 40.0)
    assert not any("horizon" in t.get_text() for t in texts(drawn("never", "os")))


def test_costs_add_up_by_category():
    result = result_of("two")
    for name, strategy in result.case.strategies.items():
        assert sum(costs_by_category(result, name).values()) == pytest.approx(strategy.costs)
    assert {category.name for category in costs_by_category(result, "bsc")} == {
        "drug_of_all",
        "adverse_events",
        "resource_use",
        "subsequent_treatment",
        "end_of_life",
    }
    words = [t.get_text() for t in texts(drawn("two", "costs"))]
    assert f"£{result.case.strategies['bsc'].costs:,.0f}" in words


def test_plane_shows_increments_thresholds_and_zero_lines():
    result, figure = result_of("worse"), drawn("worse", "plane")
    assert has_point(figure, -0.08, -4000.0)
    assert has_point(figure, 0.0, 0.0)
    words = [t.get_text() for t in texts(figure)]
    assert "£25,000 per QALY" in words
    assert "£35,000 per QALY" in words
    assert "Less costly, fewer QALYs" in words
    for threshold in result.case.thresholds:
        assert any(len(x) == 2 and x[0] < 0 < x[1] and np.allclose(y, threshold * x) for x, y in lines(figure))
    assert sum(len(x) == 1 for x, _ in lines(drawn("two", "plane"))) == 4  # origin, base case, two beside it


def test_ledger_is_sorted_and_says_what_it_leaves_out():
    changes = np.asarray(drawn("four", "ledger").axes[0].collections[-1].get_offsets())[:, 0]
    assert len(changes) == MOST
    assert np.all(np.diff(np.abs(changes)) <= 1e-12)
    words = " ".join(t.get_text() for t in texts(drawn("four", "ledger")))
    assert f"{55 - MOST} more" in words
    assert "Not applicable to this change: " in words


def test_figures_with_nothing_to_show_say_so_and_are_not_written(tmp_path):
    result = result_of("never")
    assert set(FIGURES) - set(figure_names(result)) == {"time_on_treatment", "ledger"}
    assert any("no treatment to stop" in t.get_text() for t in texts(drawn("never", "time_on_treatment")))
    assert not drawn("never", "ledger").axes
    written = save_figures(figures_of(result), tmp_path / "figures")
    assert [p.name for p in written] == [f"{n}.{e}" for n in figure_names(result) for e in ("png", "svg")]


@pytest.mark.slow
def test_bytes_are_deterministic_whatever_the_users_settings(tmp_path):
    import matplotlib as mpl

    first = save_figures(figures_of(CASES["four"]()), tmp_path / "a")
    with mpl.rc_context({"font.size": 30, "text.usetex": True, "svg.fonttype": "none", "axes.grid": True}):
        second = save_figures(figures_of(CASES["four"]()), tmp_path / "b")
        assert mpl.rcParams["font.size"] == 30
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


@pytest.mark.slow
def test_svg_is_well_formed_whatever_the_labels(tmp_path):
    for path in save_figures(figures_of(CASES["four"]()), tmp_path):
        if path.suffix == ".svg":
            ET.fromstring(path.read_bytes())  # noqa: S314 # our own file
        else:
            assert path.read_bytes().startswith(b"\x89PNG")
