from __future__ import annotations

import math

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from helpers.figure_checks import faults, words
from helpers.sample_of import grid_mostly_slow, mostly_slow
from netcea.reporting.figures.files import save_figure
from netcea.reporting.figures.forest import (
    DIRECTIONS,
    MOST,
    ROWS_OF_A_PAGE,
    ForestRow,
    forest,
    forest_pages,
    stands_notes,
)
from netcea.reporting.figures.style import styled

TITLE, BASE = "All scenarios", "pNET base case: £813,500 per QALY"
LONG = "a name that is far too long for the room beside the panel, with $x_1$ and an under_score"


def rows(n: int, *, interval: bool = False, groups: int = 1) -> list[ForestRow]:
    return [
        ForestRow(
            name=f"s{i}",
            label=f"Scenario {i}: {LONG if i % 7 == 3 else 'log-normal OS'}",
            change=1.4 * (-0.93) ** i,
            low=1.4 * (-0.93) ** i - 0.1 if interval and i % 2 else None,
            high=1.4 * (-0.93) ** i + 0.15 if interval and i % 2 else None,
            icer_text=("dominated", "£99,000 saved per QALY lost", f"£{112_345 + 1000 * i:,}")[i % 3],
            direction=("for", "against", "unclear", "")[i % 4],
            group=f"Group {i % groups}" if groups > 1 else "",
        )
        for i in range(n)
    ]


def offsets(figure: Figure) -> np.ndarray:
    return np.asarray(figure.axes[0].collections[-1].get_offsets())


@pytest.mark.parametrize(("n", "interval"), grid_mostly_slow([1, 2, 5, 40, 160], [False, True]))
def test_text_fits_and_covers_nothing(n, interval):
    assert faults(forest(rows(n, interval=interval), TITLE, BASE, subtitle="at £25,000 per QALY")) == []


@pytest.mark.parametrize("groups", mostly_slow([1, 5], [5]))
def test_pages_fit_and_hold_every_row_once_on_one_scale(groups):
    pages = forest_pages(rows(160, groups=groups), TITLE, BASE)
    assert len(pages) == 4
    assert all(faults(page) == [] for page in pages)
    changes = np.concatenate([offsets(page)[:, 0] for page in pages])
    np.testing.assert_allclose(np.sort(changes), np.sort([row.change for row in rows(160)]))
    assert len({page.axes[0].get_xlim() for page in pages}) == 1
    assert all(len(offsets(page)) <= ROWS_OF_A_PAGE for page in pages)
    assert f"{TITLE} (4 of 4)" in words(pages[-1])


def test_headings_stand_above_their_rows_and_never_last():
    for page in forest_pages(rows(100, groups=9), TITLE, BASE):
        headings = sorted(
            t.get_position()[1] for t in page.axes[0].texts if t.get_weight() == "bold" and "Group" in t.get_text()
        )
        assert headings
        assert headings[0] == 0
        assert all(at + 1 in offsets(page)[:, 1] for at in headings)
    (single,) = forest_pages(rows(8), TITLE, BASE)
    assert "Others" not in words(single)


def test_largest_changes_are_shown_first_and_the_rest_counted():
    figure = forest(rows(160)[::-1], TITLE, BASE)
    found = offsets(figure)
    assert len(found) == MOST
    np.testing.assert_allclose(found[:, 0], [row.change for row in rows(160)[:MOST]])
    np.testing.assert_array_equal(found[:, 1], range(MOST))
    assert f"{160 - MOST} more scenarios" in words(figure)
    assert "more scenarios" not in words(forest(rows(MOST), TITLE, BASE))


def test_rows_show_change_interval_icer_and_declared_direction():
    (row,) = rows(2, interval=True)[1:]
    figure = forest([row], TITLE, BASE)
    said = words(figure)
    assert "−1.302" in said
    assert "£99,000 saved per QALY lost" in said
    assert BASE in said
    assert "Declared to be against it" in said
    assert "Declared to favour" not in said
    assert any(np.allclose(line.get_xdata(), [row.low, row.high]) for line in figure.axes[0].lines)
    dots = figure.axes[0].collections[-1]
    assert tuple(dots.get_facecolors()[0]) == to_rgba(DIRECTIONS["against"][0])


def test_a_first_word_that_all_names_share_is_left_out():
    several = [ForestRow(name, f"pNET: {name} OS", 0.1) for name in ("gamma", "Gompertz")]
    said = words(forest(several, TITLE, BASE))
    assert "Gamma OS" in said
    assert "pNET: gamma" not in said
    assert "pNET: gamma OS" in words(forest([*several, ForestRow("x", "epNET: gamma OS", 0.2)], TITLE, BASE))


def test_scenarios_that_could_not_be_run_are_named():
    figure = forest([*rows(3), ForestRow("x", "Broken curve", math.nan)], TITLE, BASE)
    assert len(offsets(figure)) == 3
    assert "could not be run: 1 (Broken curve)" in words(figure)


@pytest.mark.parametrize("several", [[], [ForestRow("x", "Broken", math.nan)]])
def test_nothing_to_show_is_said(several):
    for figure in (forest(several, TITLE, BASE), *forest_pages(several, TITLE, BASE)):
        assert not figure.axes
        assert "No scenario" in words(figure)


def test_no_change_at_all_is_drawn():
    figure = forest([ForestRow("a", "Same", 0.0), ForestRow("b", "", -0.0)], TITLE, "")
    assert faults(figure) == []


def test_order_of_rows_does_not_change_the_bytes(tmp_path):
    paths = []
    for name, several in (("a", rows(30)), ("b", rows(30)[::-1])):
        with styled():
            paths += save_figure(forest(several, TITLE, BASE), tmp_path / name)
    assert paths[0].read_bytes() == paths[2].read_bytes()
    assert paths[1].read_bytes() == paths[3].read_bytes()


def test_where_many_scenarios_have_the_intervention_dominated_they_are_counted():
    few = [(f"s{i}", "A is dominated by B, which costs £5 less") for i in range(4)] + [("other", "")]
    assert stands_notes(few, "ledger.csv") == [f"s{i}: A is dominated by B, which costs £5 less." for i in range(4)]
    many = [(f"s{i}", f"A is dominated by {'BC'[i % 2]}, which costs £{i} less") for i in range(5)]
    assert stands_notes(many, "ledger.csv") == [
        "A is dominated by B: 3 scenarios (each in ledger.csv).",
        "A is dominated by C: 2 scenarios (each in ledger.csv).",
    ]
