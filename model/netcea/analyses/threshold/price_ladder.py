"""The price ladder: the ICER from list price to free, and where it meets the thresholds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from netcea.analyses.shared.effects import Effect, thresholds_of
from netcea.analyses.threshold.tables import price_word
from netcea.arrays import Array
from netcea.reporting.amounts import amount
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import (
    BLACK,
    BLUE,
    GREY,
    PALE,
    SMALL_SIZE,
    TEXT_SIZE,
    VERMILLION,
    plain,
    pounds,
    signed,
    styled,
    text_width,
)

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.threshold.result import DrugPrice, Ladder, PriceSolution, ThresholdResult

NEAR: Final = 3.0
"""The second panel shows ICERs up to this many times the upper threshold."""
Style: TypeAlias = Literal["-", "--", ":"]
STYLES: Final[tuple[Style, ...]] = ("-", "--", ":")
_HEIGHT: Final = 3.6
_GAP: Final = 1.15


@dataclass(frozen=True)
class Curve:
    """A line over the discount.

    Attributes
    ----------
    name : str
    discounts, values : Array (step,)
        nan where there is no plain ICER.
    colour : str
    style : {'-', '--', ':'}
    solved : tuple of (discount, value)
    """

    name: str
    discounts: Array
    values: Array
    colour: str
    style: Style
    solved: tuple[tuple[float, float], ...]


def price_ladder(result: ThresholdResult, price: DrugPrice) -> Figure:
    """Draw the ICER against the discount, whole and near the thresholds; net health benefit where there is no ICER."""
    with styled():
        thresholds = thresholds_of(result.scenario)
        curves = _icer_curves(result, price)
        as_icer = any(np.isfinite(curve.values).sum() > 1 for curve in curves)
        if not as_icer:
            curves = _nhb_curves(result, price)
        limits = _panels(curves, thresholds) if as_icer else [((0.0, 1.0), None)]
        scenario, decision = result.scenario, result.scenario.file.decision
        levels = thresholds if as_icer else (0.0,)
        word = price_word(result, price)
        made = page(
            f"{'ICER' if as_icer else 'Incremental net health benefit'} from {word} to free: {plain(price.drug.label)}",
            f"{plain(scenario.file.name)}: {plain(scenario.label(decision.intervention))} against "
            f"{plain(scenario.label(decision.comparator))}; {word} {pounds(price.drug.list_price)} "
            f"a {price.drug.pack}",
            _HEIGHT,
            margins=Margins(
                left=0.6 + _widest(curves, as_icer=as_icer),
                right=0.3,
                top=0.35 if len(limits) > 1 else 0.1,
                bottom=0.85,
            ),
            legend=_legend(curves),
            notes=[note.replace("list price", word) for note in _notes(result, price, as_icer=as_icer)],
        )
        width = (made.width - _GAP * (len(limits) - 1)) / len(limits)
        for number, (across, top) in enumerate(limits):
            axes = made.panel(number * (width + _GAP), 0.0, width, _HEIGHT)
            _panel(axes, curves, levels, price, across, top, width, as_icer=as_icer, named=number == len(limits) - 1)
            if len(limits) > 1:
                title = f"From {word} to free" if number == 0 else "Near the thresholds"
                axes.set_title(title, loc="left", size=TEXT_SIZE, weight="bold")
            axes.set_xlabel(f"Discount on the {word}; price of a {price.drug.pack}")
        return made.figure


def _icer_curves(result: ThresholdResult, price: DrugPrice) -> list[Curve]:
    found = []
    for ladder, colour in ((price.ladder, BLUE), (price.probabilistic, VERMILLION)):
        if ladder is None:
            continue
        weights = (False, True) if any(e.severity_weight != 1.0 for e in ladder.effects) else (False,)
        for weighted in weights:
            values = np.array([_plain_icer(e, weighted=weighted) for e in ladder.effects])
            solved = tuple(
                (s.discount, s.basis.threshold)
                for s in ladder.solutions
                if s.status == "solved" and s.discount is not None and s.basis.weighted == weighted
            )
            name = f"{_over(ladder)}{', QALYs weighted for severity' if weighted else ''}"
            found.append(Curve(name, ladder.discounts, values, colour, "--" if weighted else "-", solved))
    del result
    return found


def _nhb_curves(result: ThresholdResult, price: DrugPrice) -> list[Curve]:
    found = []
    for ladder, colour in ((price.ladder, BLUE), (price.probabilistic, VERMILLION)):
        if ladder is not None:
            for number, threshold in enumerate(thresholds_of(result.scenario)):
                values = np.array([e.nhb[number] for e in ladder.effects])
                solved = tuple(
                    (s.discount, 0.0)
                    for s in ladder.solutions
                    if s.status == "solved"
                    and s.discount is not None
                    and not s.basis.weighted
                    and s.basis.threshold == threshold
                )
                name = f"{_over(ladder)}, at {pounds(threshold)}"
                found.append(Curve(name, ladder.discounts, values, colour, STYLES[number % 3], solved))
    return found


def _plain_icer(effect: Effect, *, weighted: bool) -> float:
    """Return a plain ICER (0 where the intervention is dominant by its costs), else nan."""
    value = effect.weighted_icer if weighted else effect.icer
    return math.nan if value is None or effect.label else value


def _over(ladder: Ladder) -> str:
    return f"Means of {ladder.draws:,} draws" if ladder.draws else "Point estimates"


def _panels(curves: Sequence[Curve], thresholds: Sequence[float]) -> list[tuple[tuple[float, float], float | None]]:
    """Return the discounts and the highest ICER of each panel: the whole ladder; and its end, if thresholds are low."""
    near = NEAR * thresholds[-1]
    lowest = min(float(np.nanmin(c.values)) for c in curves if np.isfinite(c.values).any())
    highest = max(float(np.nanmax(c.values)) for c in curves if np.isfinite(c.values).any())
    if highest <= 2.0 * near:
        return [((0.0, 1.0), None)]
    near = max(near, 1.25 * lowest)
    starts = [_reaches(curve, near) for curve in curves]
    start = min(s for s in starts if s is not None) if any(s is not None for s in starts) else 0.0
    return [((0.0, 1.0), None), ((start, 1.0), near)]


def _reaches(curve: Curve, level: float) -> float | None:
    """Return the discount at which a line, linear in it, comes down to a level."""
    known = np.flatnonzero(np.isfinite(curve.values))
    if len(known) < 2:
        return None
    (a, b), (x, y) = known[[0, -1]], (curve.discounts, curve.values)
    if not y[a] > level > y[b]:
        return None
    return float(x[a] + (y[a] - level) / (y[a] - y[b]) * (x[b] - x[a]))


def _panel(
    axes: Axes,
    curves: Sequence[Curve],
    levels: Sequence[float],
    price: DrugPrice,
    across: tuple[float, float],
    top: float | None,
    width: float,
    *,
    as_icer: bool,
    named: bool,
) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_xlim(*across)
    for curve in curves:
        axes.plot(curve.discounts, curve.values, color=curve.colour, linestyle=curve.style, zorder=3)
        for at, value in curve.solved if named else ():
            axes.plot(
                at,
                value,
                marker="o",
                markersize=7,
                color="white",
                markeredgecolor=curve.colour,
                markeredgewidth=2.0,
                zorder=5,
                clip_on=False,
            )
    if as_icer:
        axes.set_ylim(
            0.0,
            top or max([*levels, *(float(np.nanmax(c.values)) for c in curves if np.isfinite(c.values).any())]) * 1.05,
        )
    _levels(axes, levels, width, as_icer=as_icer, named=named)
    ticks = [float(t) for t in MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]).tick_values(*across)]
    ticks = [t for t in ticks if across[0] - 1e-9 <= t <= across[1] + 1e-9]
    labels = [f"{amount(t, 'proportion')}\n{amount(price.drug.list_price * (1.0 - t), 'GBP')}" for t in ticks]
    axes.set_xticks(ticks, labels=labels)
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda y, _: pounds(y) if as_icer else signed(y, "+.3g") if y else "0")
    )
    axes.set_ylabel("ICER (£ per QALY)" if as_icer else "Incremental NHB (QALYs)")
    axes.grid(axis="y", color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=SMALL_SIZE)


def _levels(axes: Axes, levels: Sequence[float], width: float, *, as_icer: bool, named: bool) -> None:
    """Draw the thresholds (or 0); their names stand above the lines, in the panel where they are apart."""
    left, right = axes.get_xlim()
    unit = (right - left) / width
    for level in levels:
        axes.axhline(level, color=BLACK if not as_icer else GREY, linewidth=1.0, linestyle=":" if as_icer else "-")
        if as_icer and named:
            text = pounds(level)
            axes.text(left + 0.06 * unit, level, text, ha="left", va="bottom", size=SMALL_SIZE, color=GREY, zorder=4)


def _widest(curves: Sequence[Curve], *, as_icer: bool) -> float:
    """Return room for the labels of the vertical axis [inches]."""
    most = max((float(np.nanmax(c.values)) for c in curves if np.isfinite(c.values).any()), default=0.0)
    return text_width(pounds(1.5 * most)) if as_icer else text_width("+0.0000")


def _legend(curves: Sequence[Curve]) -> list[tuple[Artist, str]]:
    from matplotlib.lines import Line2D

    found: list[tuple[Artist, str]] = [
        (Line2D([], [], color=curve.colour, linestyle=curve.style), curve.name) for curve in curves
    ]
    if any(curve.solved for curve in curves):
        found.append(
            (
                Line2D(
                    [],
                    [],
                    linestyle="none",
                    marker="o",
                    markersize=7,
                    color="white",
                    markeredgecolor=BLACK,
                    markeredgewidth=2.0,
                ),
                "ICER meets a threshold",
            )
        )
    return found


def _notes(result: ThresholdResult, price: DrugPrice, *, as_icer: bool) -> list[str]:
    found = []
    for ladder in (price.ladder, price.probabilistic):
        if ladder is not None:
            shown = [s for s in ladder.solutions if not s.basis.weighted or ladder.effects[0].severity_weight != 1.0]
            found.append(f"{_over(ladder)}: {'; '.join(_solution(ladder, s, price) for s in shown)}.")
    if not as_icer:
        at_list = price.ladder.effects[0].label
        found.append(
            f"There is no ICER to draw: at list price the intervention is {at_list or 'not dearer and better'}."
        )
    if price.drug.also_paid_by:
        found.append(f"The same price is paid for {', '.join(plain(t).lower() for t in price.drug.also_paid_by)}.")
    del result
    return found


def _solution(ladder: Ladder, solution: PriceSolution, price: DrugPrice) -> str:
    words = f"{pounds(solution.basis.threshold)}{' weighted' if solution.basis.weighted else ''}"
    if solution.status == "solved" and solution.discount is not None and solution.pack_price is not None:
        discount = amount(solution.discount, "proportion", 4)
        return f"{words} at a discount of {discount}, {amount(solution.pack_price, 'GBP')} a {price.drug.pack}"
    if solution.status == "not even when free":
        free = ladder.effects[-1]
        icer = free.weighted_icer if solution.basis.weighted else free.icer
        what = f" (ICER {pounds(icer)})" if icer is not None and not free.label else ""
        return f"{words} not even when free{what}"
    return f"{words} {solution.status}"
