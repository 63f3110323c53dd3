"""Acceptability: the probability that each strategy is the best buy, and the frontier of those best on average."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.analyses.psa.figures.over_thresholds import draws_page, strategy_ends, strategy_looks
from netcea.arrays import Array
from netcea.decision.monte_carlo import switch_error
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import percent_axis
from netcea.reporting.figures.labels import Label, place_labels
from netcea.reporting.figures.page import Page
from netcea.reporting.figures.small_table import Row, small_table
from netcea.reporting.figures.style import GREY, INK, styled
from netcea.reporting.figures.text import drawn, one_line, percent, pounds
from netcea.reporting.figures.thresholds import name_ends

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.psa.result import Curves, PsaResult
    from netcea.reporting.figures.near_thresholds import Panel

_NAME: Final = 2.2
"""Width of the name of a switch point [inches]."""
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
    drawn = draws_page(
        result,
        "Cost-effectiveness acceptability curves",
        "net benefit without severity weight",
        len(result.totals.strategies),
        [legend.line(frontier, color=GREY, linewidth=8, alpha=0.3)],
    )
    for panel, curves in drawn.panels:
        _acceptability(panel, curves, result)
        _frontier(panel.axes, curves, result, linewidth=5 if panel.small else 8, alpha=0.3, zorder=2)
        percent_axis(panel.axes, "" if panel.small else "Probability of the highest net benefit", _steps(panel))
        drawn.finish(panel, result)
        if not panel.small:
            name_ends(panel.axes, strategy_ends(result, curves.ceac))
    _probabilities(drawn.page, result)
    return drawn.page.figure


@styled()
def ceaf(result: PsaResult) -> Figure:
    """Draw the frontier: the probability that the strategy with the highest mean net benefit is the best."""
    found = switches(result.curves, result.totals.strategies)
    words = "without severity weight; thin: the acceptability curves"
    drawn = draws_page(result, "Cost-effectiveness acceptability frontier", words, len(found) + 1)
    for panel, curves in drawn.panels:
        _acceptability(panel, curves, result, linewidth=0.9, alpha=0.35)
        _frontier(panel.axes, curves, result, linewidth=2 if panel.small else 3, alpha=1.0, zorder=3)
        words = "Probability that the optimal\nstrategy is the best"
        percent_axis(panel.axes, "" if panel.small else words, _steps(panel))
        drawn.finish(panel, result)
        if not panel.small:
            last = result.totals.strategies.index(curves.optimal[-1])
            name_ends(panel.axes, [strategy_ends(result, curves.ceac)[last]])
        _name_switches(panel, curves, result, drawn.end)
    _ranges(drawn.page, result)
    return drawn.page.figure


def _steps(panel: Panel) -> int:
    return 2 if panel.small else 5


def _acceptability(panel: Panel, curves: Curves, result: PsaResult, **look: Any) -> None:
    for name, curve in zip(result.totals.strategies, curves.ceac, strict=True):
        panel.axes.plot(curves.thresholds, curve, **(strategy_looks(result)[name].line() | look), zorder=3)


def _along_frontier(curves: Curves, strategies: tuple[str, ...]) -> list[tuple[str, Array, Array]]:
    """Return each strategy along the frontier with its thresholds and its probabilities there."""
    found = []
    for name, low, high in ranges(curves, strategies):
        inside = curves.thresholds[(curves.thresholds > low) & (curves.thresholds < high)]
        x = np.array([low, *inside, high])
        found.append((name, x, np.interp(x, curves.thresholds, curves.ceac[strategies.index(name)])))
    return found


def _frontier(axes: Axes, curves: Curves, result: PsaResult, **look: Any) -> None:
    """Draw the frontier in the colours of the strategies along it, broken where it switches."""
    looks = strategy_looks(result)
    for name, x, probability in _along_frontier(curves, result.totals.strategies):
        axes.plot(x, probability, color=looks[name].colour, solid_capstyle="butt", **look)


def _name_switches(panel: Panel, curves: Curves, result: PsaResult, end: float | None) -> None:
    """Mark the switch points, each with its threshold; in the small panel those beyond the large one."""
    looks, labels, axes = strategy_looks(result), [], panel.axes
    found = switches(curves, result.totals.strategies)
    if panel.small:
        found = tuple(switch for switch in found if switch.threshold > (end or 0.0))
    for switch in found:
        axes.plot([switch.threshold] * 2, [-0.02, 1.02], color=INK, linewidth=0.8, linestyle=(0, (1, 2)), zorder=2)
        level = float(np.interp(switch.threshold, curves.thresholds, curves.ceaf))
        text = _threshold(switch.threshold, result)
        if len(found) <= _NAMED:
            text = one_line(f"{text}: {result.scenario.label(switch.after)}", _NAME)
        labels.append(Label(switch.threshold, level, text, looks[switch.after].colour))
    lines = [(curves.thresholds, curve) for curve in curves.ceac]
    upright = [*(s.threshold for s in found), *([] if panel.small else result.scenario.method_pack.thresholds)]
    lines += [(np.array([threshold] * 2), np.array([0.0, 1.0])) for threshold in upright]
    place_labels(axes, labels, lines)


def _threshold(switch: float, result: PsaResult) -> str:
    """Return the threshold of a switch, an ICER of means, to the digits that its Monte Carlo error leaves."""
    return drawn(switch, switch_error(result.totals.costs, result.totals.qalys, switch), "pounds")


def _probabilities(made: Page, result: PsaResult) -> None:
    """Write the probability of each strategy at each threshold of the method pack."""
    looks = strategy_looks(result)
    columns = [(t, weighted) for weighted in _bases(result) for t in result.scenario.method_pack.thresholds]
    rows = [
        Row(
            result.scenario.label(name),
            looks[name].colour,
            tuple(percent(result.probability_cost_effective[name, t, weighted]) for t, weighted in columns),
            marker=looks[name].marker,
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
    found = {switch.threshold for switch in switches(result.curves, result.totals.strategies)}
    for name, x, probability in _along_frontier(result.curves, result.totals.strategies):
        least, most = percent(float(probability.min())), percent(float(probability.max()))
        share = least if least == most else f"{least} to {most}"
        low, high = (_threshold(end, result) if end in found else pounds(end) for end in (float(x[0]), float(x[-1])))
        cells = (f"{low} to {high}", share)
        rows.append(Row(result.scenario.label(name), looks[name].colour, cells, marker=looks[name].marker))
    small_table(made, ["Optimal on average", "thresholds (per QALY)", "probability of the best"], rows)
