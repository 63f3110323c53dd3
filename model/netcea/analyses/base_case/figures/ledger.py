"""The bias ledger as a figure: which tested assumption moves the result, and which way."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from netcea.reporting.figures.page import Margins, page, sentence
from netcea.reporting.figures.style import (
    BLUE,
    GREY,
    ORANGE,
    SMALL_SIZE,
    plain,
    pounds,
    signed,
    styled,
    text_width,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.base_case.result import BaseCaseResult, LedgerTest

DIRECTIONS: Final = {"for": ORANGE, "against": BLUE, "unclear": "#999999"}
"""Whom a scenario is declared to favour -> colour."""
MOST: Final = 40
"""Scenarios shown; the others have smaller effects and are counted in a note."""
_ROW: Final = 0.21
_NAMES: Final = 3.4
"""Width of the names [inches]."""


def ledger(result: BaseCaseResult) -> Figure:
    """Draw how much each scenario that tests an assumption changes net health benefit, largest first."""
    from matplotlib.patches import Patch

    case = result.case
    with styled():
        title = "Which assumptions move the result"
        tests = ledger_tests(result)
        if not tests:
            return sentence(title, plain(result.scenario.file.name), "No scenario that tests an assumption was run.")
        shown, rest = tests[:MOST], tests[MOST:]
        words = {
            "for": f"Declared to favour {plain(result.scenario.label(case.intervention))}",
            "against": "Declared to be against it",
            "unclear": "Direction not clear beforehand",
        }
        base = case.against_comparator()
        threshold = case.thresholds[0]
        names = _short_names(shown)
        room = max(text_width(line) for line in names) + 0.05
        made = page(
            title,
            f"{plain(result.scenario.file.name)}: incremental net health benefit "
            f"{signed(case.nhb(threshold))} QALYs at {pounds(threshold)} per QALY; "
            f"ICER {base.label if base.icer is None else pounds(base.icer)}",
            _ROW * len(shown),
            margins=Margins(left=room + 0.3, right=1.75, top=0.25),
            legend=[
                (Patch(facecolor=DIRECTIONS[d]), words[d]) for d in DIRECTIONS if any(_direction(t) == d for t in shown)
            ],
            notes=_notes(result, rest),
        )
        axes = made.whole()
        _rows(axes, shown, names, made.width)
        return made.figure


def ledger_tests(result: BaseCaseResult) -> list[LedgerTest]:
    """Return the scenarios of the ledger that could be run, each once, largest change first."""
    unique = {test.source: test for entry in result.ledger for test in entry.tests if not test.fault}
    return sorted(unique.values(), key=lambda test: (-abs(test.change_in_nhb), test.source))


def _short_names(tests: list[LedgerTest]) -> list[str]:
    """Return the names of scenarios on one line each, without a first word (up to a colon) that all share."""
    heads = {test.name.partition(": ")[0] for test in tests}
    names = [test.name.partition(": ")[2] or test.name if len(heads) == 1 else test.name for test in tests]
    names = [name[:1].upper() + name[1:] if len(heads) == 1 else name for name in names]
    return [wrapped(name, _NAMES, lines=1)[0] if plain(name) else "" for name in names]


def _direction(test: LedgerTest) -> str:
    return test.direction or "unclear"


def _notes(result: BaseCaseResult, rest: list[LedgerTest]) -> list[str]:
    notes = [
        (
            "Colour: the direction declared in the scenario's file. Right of zero, the intervention looks "
            "better than in the base case."
        )
    ]
    if rest:
        notes.append(
            f"Not shown, since they change it by {abs(rest[0].change_in_nhb):.3f} QALYs or less: {len(rest)} more."
        )
    faulty = {test.source for entry in result.ledger for test in entry.tests if test.fault}
    if faulty:
        notes.append(
            "Not shown, since they could not be combined with this case: "
            f"{len(faulty)} {'scenario' if len(faulty) == 1 else 'scenarios'}."
        )
    return notes


def _rows(axes: Axes, tests: list[LedgerTest], names: list[str], width: float) -> None:
    from matplotlib.ticker import MaxNLocator

    changes = [t.change_in_nhb for t in tests]
    room = text_width("+0.000") + 0.16
    low, high = min(0.0, *changes, 0.0), max(0.0, *changes, 0.0)
    span = max(high - low, 1e-3)
    per_qaly = (width - 2 * room) / span
    axes.set_xlim(low - room / per_qaly, low - room / per_qaly + width / per_qaly)
    axes.set_ylim(len(tests) - 0.5, -0.5)
    for row, test in enumerate(tests):
        change = test.change_in_nhb
        axes.barh(row, change, height=0.66, color=DIRECTIONS[_direction(test)], zorder=3)
        if abs(change) * per_qaly < 0.06:  # a bar too short to show its colour
            colour = DIRECTIONS[_direction(test)]
            axes.plot([change], [row], marker="o", markersize=4.5, color=colour, zorder=5, clip_on=False)
        axes.annotate(
            signed(change),
            (change, row),
            xytext=(math.copysign(6, change), 0),
            textcoords="offset points",
            va="center",
            ha="left" if change >= 0 else "right",
            size=SMALL_SIZE,
        )
        axes.text(
            -0.08 / width,
            row,
            names[row],
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="center",
            size=SMALL_SIZE,
        )
        icer = test.label if test.icer is None else pounds(test.icer)
        axes.text(
            1.0 + 1.55 / width,
            row,
            wrapped(icer, 1.5, lines=1)[0] if icer else "",
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="center",
            size=SMALL_SIZE,
        )
    top = 1.0 + 0.05 / (_ROW * len(tests))
    axes.text(
        1.0 + 1.55 / width,
        top,
        "ICER (per QALY)",
        transform=axes.transAxes,
        ha="right",
        va="bottom",
        size=SMALL_SIZE,
        weight="bold",
    )
    axes.text(
        -0.08 / width,
        top,
        "Scenario",
        transform=axes.transAxes,
        ha="right",
        va="bottom",
        size=SMALL_SIZE,
        weight="bold",
    )
    ticks = [float(t) for t in MaxNLocator(5).tick_values(low, high) if low <= t <= high]
    axes.set_xticks(ticks, labels=[signed(t, "+.4g") if abs(t) > 1e-12 else "0" for t in ticks])
    axes.set_xlabel("Change in incremental net health benefit (QALYs)")
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.axvline(0.0, color=GREY, linewidth=0.8, zorder=4)
    axes.grid(visible=True, axis="x", color="#E8E8E8", linewidth=0.6)
    axes.set_axisbelow(True)
