"""Acceptability: the probability that each strategy is the best buy, and the frontier of those best on average."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.analyses.psa.figures.over_thresholds import draws_page, strategy_ends, strategy_looks
from netcea.arrays import Array
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import percent_axis
from netcea.reporting.figures.labels import Label, place_labels
from netcea.reporting.figures.page import Page
from netcea.reporting.figures.small_table import Row, small_table
from netcea.reporting.figures.style import GREY, INK, styled
from netcea.reporting.figures.text import one_line, percent, pounds
from netcea.reporting.figures.thresholds import name_ends, threshold_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.psa.result import Curves, PsaResult

_NAME: Final = 2.2
"""Width of the name of a switch point [inches]."""
_CLEAR: Final = 4
"""Times a curve counts when places for names are weighed: rather farther off than on a curve."""
_NAMED: Final = 3
"""With more switch points than this, only their thresholds stand in the panel; the table names the strategies."""


@dataclass(frozen=True)
class Switch:
    """Where the strategy with the highest mean net benefit changes.

    Attributes
    ----------
    threshold : float
        [GBP/QALY]
    before, after : str
        Strategies.
    """

    threshold: float
    before: str
    after: str


def switches(curves: Curves, strategies: tuple[str, ...]) -> tuple[Switch, ...]:
    """Return the switch points of the frontier.

    Mean net benefit is linear in the threshold, so that expected losses of two strategies cross exactly where a
    straight line between two points of the grid says; if more than one change hides between two neighbouring
    thresholds, only the last strategy shows.
    """
    found = []
    for number in range(1, len(curves.optimal)):
        before, after = curves.optimal[number - 1], curves.optimal[number]
        if before != after:
            gap = curves.expected_loss[strategies.index(after)] - curves.expected_loss[strategies.index(before)]
            left, right = float(gap[number - 1]), float(gap[number])
            share = left / (left - right) if left > right else 1.0
            low, high = float(curves.thresholds[number - 1]), float(curves.thresholds[number])
            found.append(Switch(low + min(max(share, 0.0), 1.0) * (high - low), before, after))
    return tuple(found)


def ranges(curves: Curves, strategies: tuple[str, ...]) -> list[tuple[str, float, float]]:
    """Return each strategy along the frontier with the thresholds between which it is optimal."""
    found = switches(curves, strategies)
    ends = [float(curves.thresholds[0]), *(s.threshold for s in found), float(curves.thresholds[-1])]
    return list(zip([curves.optimal[0], *(s.after for s in found)], ends, ends[1:], strict=False))


@styled()
def ceac(result: PsaResult) -> Figure:
    """Draw the cost-effectiveness acceptability curve of every strategy, the frontier along them."""
    frontier = "Frontier: the strategy with the highest mean net benefit"
    made, axes = draws_page(
        result,
        "Cost-effectiveness acceptability curves",
        "net benefit without severity weight",
        len(result.totals.strategies),
        [legend.line(frontier, color=GREY, linewidth=8, alpha=0.3)],
    )
    for name, curve in zip(result.totals.strategies, result.curves.ceac, strict=True):
        axes.plot(result.curves.thresholds, curve, **strategy_looks(result)[name].line(), zorder=3)
    _frontier(axes, result, linewidth=8, alpha=0.3, zorder=2)
    percent_axis(axes, "Probability of the highest net benefit")
    threshold_axis(axes, result.curves.thresholds, result.scenario.method_pack.thresholds)
    name_ends(axes, strategy_ends(result, result.curves.ceac))
    _probabilities(made, result)
    return made.figure


@styled()
def ceaf(result: PsaResult) -> Figure:
    """Draw the frontier: the probability that the strategy with the highest mean net benefit is the best."""
    found = switches(result.curves, result.totals.strategies)
    words = "without severity weight; thin: the acceptability curves"
    made, axes = draws_page(result, "Cost-effectiveness acceptability frontier", words, len(found) + 1)
    for name, curve in zip(result.totals.strategies, result.curves.ceac, strict=True):
        thin = strategy_looks(result)[name].line() | {"linewidth": 0.9, "alpha": 0.35}
        axes.plot(result.curves.thresholds, curve, **thin, zorder=3)
    _frontier(axes, result, linewidth=3, alpha=1.0, zorder=3)
    percent_axis(axes, "Probability that the optimal\nstrategy is the best")
    threshold_axis(axes, result.curves.thresholds, result.scenario.method_pack.thresholds)
    last = result.totals.strategies.index(result.curves.optimal[-1])
    name_ends(axes, [strategy_ends(result, result.curves.ceac)[last]])
    _name_switches(axes, result, found)
    _ranges(made, result)
    return made.figure


def _along_frontier(result: PsaResult) -> list[tuple[str, Array, Array]]:
    """Return each strategy along the frontier with its thresholds and its probabilities there."""
    curves, found = result.curves, []
    for name, low, high in ranges(curves, result.totals.strategies):
        inside = curves.thresholds[(curves.thresholds > low) & (curves.thresholds < high)]
        x = np.array([low, *inside, high])
        found.append((name, x, np.interp(x, curves.thresholds, curves.ceac[result.totals.strategies.index(name)])))
    return found


def _frontier(axes: Axes, result: PsaResult, **look: Any) -> None:
    """Draw the frontier in the colours of the strategies along it, broken where it switches."""
    looks = strategy_looks(result)
    for name, x, probability in _along_frontier(result):
        axes.plot(x, probability, color=looks[name].colour, solid_capstyle="butt", **look)


def _name_switches(axes: Axes, result: PsaResult, found: tuple[Switch, ...]) -> None:
    """Mark the switch points, each with its threshold."""
    looks, labels = strategy_looks(result), []
    for switch in found:
        axes.plot([switch.threshold] * 2, [-0.02, 1.02], color=INK, linewidth=0.8, linestyle=(0, (1, 2)), zorder=2)
        level = float(np.interp(switch.threshold, result.curves.thresholds, result.curves.ceaf))
        text = pounds(switch.threshold)
        if len(found) <= _NAMED:
            text = one_line(f"{text}: {result.scenario.label(switch.after)}", _NAME)
        labels.append(Label(switch.threshold, level, text, looks[switch.after].colour))
    lines = [(result.curves.thresholds, curve) for curve in result.curves.ceac]
    upright = [*(s.threshold for s in found), *result.scenario.method_pack.thresholds]
    lines += [(np.array([threshold] * 2), np.array([0.0, 1.0])) for threshold in upright]
    place_labels(axes, labels, lines * _CLEAR)


def _probabilities(made: Page, result: PsaResult) -> None:
    """Write the probability of each strategy at each threshold of the method pack."""
    looks = strategy_looks(result)
    columns = [(t, weighted) for weighted in _bases(result) for t in result.scenario.method_pack.thresholds]
    rows = [
        Row(
            result.scenario.label(name),
            looks[name].colour,
            tuple(percent(result.probability_cost_effective[name, t, weighted]) for t, weighted in columns),
        )
        for name in result.totals.strategies
    ]
    heading = [f"{pounds(t)}{', weighted' if weighted else ''}" for t, weighted in columns]
    small_table(made, ["Probability of being best, at", *heading], rows)


def _bases(result: PsaResult) -> list[bool]:
    """Return unweighted, and with the severity weight where any draw has one."""
    some = any(weight != 1.0 and share > 0.0 for weight, share in result.severity_probabilities.items())
    return [False, True] if some else [False]


def _ranges(made: Page, result: PsaResult) -> None:
    """Write which strategy is optimal over which thresholds."""
    looks, rows = strategy_looks(result), []
    for name, x, probability in _along_frontier(result):
        least, most = percent(float(probability.min())), percent(float(probability.max()))
        share = least if least == most else f"{least} to {most}"
        cells = (f"{pounds(float(x[0]))} to {pounds(float(x[-1]))}", share)
        rows.append(Row(result.scenario.label(name), looks[name].colour, cells))
    small_table(made, ["Optimal on average", "thresholds (per QALY)", "probability of the best"], rows)
