"""Every figure of every analysis as it is printed: nothing covers anything, nothing is cut off, nothing is too small."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.figure_corpus import EVIDENCE, LABELS, every_case, evidence_figures, figures_of
from helpers.figure_overlaps import overlaps
from helpers.sample_of import mostly_slow
from netcea.reporting.figures.page import page
from netcea.reporting.figures.style import BLUE, PALE, SMALL_SIZE, styled

QUICK = [
    ("base_case", 2, "short"),
    ("psa", 8, "long"),
    ("two_way", 3, "chinese"),
    ("threshold", 2, "long"),
    ("sweep", 2, "chinese"),
    ("switching", 2, "long"),
    ("waterfall", 8, "long"),
    ("budget", 3, "long"),
]


@pytest.mark.parametrize(("analysis", "count", "labels"), mostly_slow(every_case(), QUICK))
def test_figures_of_analyses(analysis, count, labels):
    found = {name: overlaps(figure) for name, figure in figures_of(analysis, count, labels)}
    assert not {name: faults for name, faults in found.items() if faults}


@pytest.mark.parametrize(
    ("kind", "labels"),
    mostly_slow([(k, n) for k in EVIDENCE for n in LABELS], [("summaries", "long"), ("switching", "chinese")]),
)
def test_figures_of_evidence(kind, labels):
    found = {name: overlaps(figure) for name, figure in evidence_figures(kind, labels)}
    assert not {name: faults for name, faults in found.items() if faults}


# ------------------------------------------------------------------------------------------------ the check itself
def drawn(draw, *, size=SMALL_SIZE):
    """Return the faults of a page with a straight line, a curve, a bar and what `draw` adds to it."""
    with styled():
        made = page("Title", "Subtitle", 3.0, notes=["A note"])
        axes = made.whole()
        axes.set_xlim(0.0, 10.0)
        axes.set_ylim(0.0, 1.0)
        x = np.linspace(0.0, 10.0, 50)
        axes.plot(x, 0.9 * np.exp(-x), color=BLUE, linestyle="--")
        axes.plot([0.0, 10.0], [0.95, 0.95], color=BLUE)
        axes.bar([8.0], [0.4], 1.0, color=BLUE)
        draw(axes, size)
    return overlaps(made.figure)


CLEAN = {
    "beside": lambda axes, size: axes.text(4.0, 0.5, "Clear", size=size),
    "in a bar": lambda axes, size: axes.text(8.0, 0.2, "£5", size=size, ha="center"),
    "on a grid line": lambda axes, size: (
        axes.axhline(0.5, color=PALE),
        axes.text(4.0, 0.5, "Grid", size=size, va="center"),
    ),
    "where a straight line ends at its ground": lambda axes, size: axes.text(
        4.0, 0.95, "Ground", size=size, va="center", bbox={"facecolor": "white", "edgecolor": "none"}
    ),
    "beyond what is cut to the panel": lambda axes, size: (
        axes.plot([-5.0, 15.0], [0.7, 0.7], color=BLUE),
        axes.text(10.1, 0.7, "A", size=size, va="center"),
    ),
}
FAULTY = {
    "on a curve": (lambda axes, size: axes.text(0.45, 0.5, "On it", size=size), "on a line"),
    "on a straight line": (lambda axes, size: axes.text(4.0, 0.95, "On it", size=size, va="center"), "on a line"),
    "a curve hidden by its ground": (
        lambda axes, size: axes.text(0.4, 0.5, "On it", size=size, bbox={"facecolor": "white", "edgecolor": "none"}),
        "on a line",
    ),
    "on a mark": (
        lambda axes, size: (axes.plot(5.0, 0.5, "o", color=BLUE), axes.text(5.0, 0.5, "On it", size=size, va="center")),
        "on a mark",
    ),
    "beside a large mark": (
        lambda axes, size: (
            axes.plot(5.0, 0.5, "o", markersize=20, color=BLUE),
            axes.text(5.1, 0.5, "On it", size=size),
        ),
        "on a mark",
    ),
    "on a dot": (
        lambda axes, size: (
            axes.scatter([5.0], [0.5], color=BLUE),
            axes.text(5.0, 0.5, "On it", size=size, va="center"),
        ),
        "on a dot",
    ),
    "on an interval": (
        lambda axes, size: (
            axes.hlines(0.5, 3.0, 6.0, color=BLUE),
            axes.text(4.0, 0.5, "On it", size=size, va="center"),
        ),
        "on a stroke",
    ),
    "across a bar": (
        lambda axes, size: axes.text(7.5, 0.2, "Across", size=size, ha="center"),
        "across the edge of a bar",
    ),
    "on the edge of the panel": (
        lambda axes, size: axes.text(0.0, 0.2, "On it", size=size, ha="center"),
        "edge of a panel",
    ),
    "on one another": (
        lambda axes, size: (axes.text(4.0, 0.5, "One", size=size), axes.text(4.05, 0.5, "Two", size=size)),
        " over ",
    ),
    "cut off": (lambda axes, size: axes.text(9.9, 0.7, "Beyond the page", size=size), "cut off"),
    "too small": (lambda axes, _: axes.text(4.0, 0.5, "Small", size=8.5), "printed with 6.69 points"),
    "a box": (lambda axes, size: axes.text(4.0, 0.5, "\U0010fffd", size=size), "a box for a character"),
    "not a number": (lambda axes, size: axes.text(4.0, 0.5, "nan", size=size), "not a number for a reader"),
    "on a tick's label": (lambda axes, size: axes.text(2.0, -0.08, "8", size=size), "over"),
}


@pytest.mark.parametrize("case", CLEAN)
def test_what_is_clear_is_no_fault(case):
    assert drawn(CLEAN[case]) == []


@pytest.mark.parametrize("case", FAULTY)
def test_what_is_wrong_is_found(case):
    draw, words = FAULTY[case]
    assert any(words in fault or fault.startswith(words) for fault in drawn(draw)), drawn(draw)


def test_a_figure_that_no_page_holds_is_found():
    with styled():
        assert any("cm tall" in fault for fault in overlaps(page("Title", "", 12.0).figure))
