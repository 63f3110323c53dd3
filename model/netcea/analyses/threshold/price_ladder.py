"""The price ladder: the ICER from list price to free, and where it meets the thresholds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np

from netcea.analyses.shared.effects import Effect, thresholds_of
from netcea.analyses.threshold.tables import price_word
from netcea.analyses.threshold.unmet import shown
from netcea.arrays import Array
from netcea.reporting.amounts import amount
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import grid, set_ticks
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import BLACK, BLUE, GREY, PALE, SMALL_SIZE, TEXT_SIZE, VERMILLION, styled
from netcea.reporting.figures.text import comparison, plain, pounds, signed_digits, text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.threshold.result import Basis, DrugPrice, Ladder, LeftOut, PriceSolution, ThresholdResult

NEAR: Final = 3.0
"""The second panel shows ICERs up to this many times the upper threshold."""
Style: TypeAlias = Literal["-", "--", ":"]
STYLES: Final[tuple[Style, ...]] = ("-", "--", ":")
_SOLVED: Final[dict[str, Any]] = {"linestyle": "none", "marker": "o", "markersize": 7, "color": "white"}
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


@styled()
def price_ladder(result: ThresholdResult, price: DrugPrice) -> Figure:
    """Draw the ICER against the discount, whole and near the thresholds; net health benefit where there is no ICER."""
    thresholds = thresholds_of(result.scenario)
    curves = _curves(price, _icer_curves)
    as_icer = any(np.isfinite(curve.values).sum() > 1 for curve in curves)
    if not as_icer:
        curves = _curves(price, lambda ladder: _nhb_curves(ladder, thresholds))
    panels = _panels(curves, thresholds) if as_icer else [((0.0, 1.0), None)]
    word = price_word(result, price)
    widest = text_width(pounds(1.5 * max(_known(curves), default=0.0)) if as_icer else "+0.0000")
    made = page(
        f"{'ICER' if as_icer else 'Incremental net health benefit'} from {word} to free: {plain(price.drug.label)}",
        f"{comparison(result.scenario)}; {word} {pounds(price.drug.list_price)} a {price.drug.pack}",
        _HEIGHT,
        margins=Margins(left=0.6 + widest, right=0.3, top=0.35 if len(panels) > 1 else 0.1, bottom=0.85),
        legend=_legend(curves),
        notes=[note.replace("list price", word) for note in _notes(price, as_icer=as_icer)],
    )
    drawn = made.columns(len(panels), _GAP)
    for axes, (across, top) in zip(drawn, panels, strict=True):
        last = axes is drawn[-1]
        axes.set_xlabel(f"Discount on the {word}; price of a {price.drug.pack}")
        _draw(axes, curves, price, across, solved=last)
        if as_icer:
            axes.set_ylim(0.0, top or 1.05 * max([*thresholds, *_known(curves)]))
            _name_thresholds(axes, thresholds, named=last)
        else:
            axes.axhline(0.0, color=BLACK, linewidth=1.0)
        axes.yaxis.set_major_formatter(lambda y, _: pounds(y) if as_icer else signed_digits(y, 3))
        axes.set_ylabel("ICER (£ per QALY)" if as_icer else "Incremental NHB (QALYs)")
        if len(panels) > 1:
            title = "Near the thresholds" if last else f"From {word} to free"
            axes.set_title(title, loc="left", size=TEXT_SIZE, weight="bold")
    return made.figure


def _curves(price: DrugPrice, of: Callable[[Ladder], list[Curve]]) -> list[Curve]:
    """Return the curves of the point estimates, and of the means of the draws in another colour."""
    means = [] if price.probabilistic is None else of(price.probabilistic)
    return [*of(price.ladder), *(replace(curve, colour=VERMILLION) for curve in means)]


def _icer_curves(ladder: Ladder) -> list[Curve]:
    """Return the plain ICERs over the discount, unweighted and (where any weight differs from 1) weighted."""
    found = []
    for weighted in (False, True) if any(e.severity_weight != 1.0 for e in ladder.effects) else (False,):
        values = np.array([_plain_icer(e, weighted=weighted) for e in ladder.effects])
        name = f"{_over(ladder)}{', QALYs weighted for severity' if weighted else ''}"
        solved = tuple((at, basis.threshold) for at, basis in _solved(ladder) if basis.weighted == weighted)
        found.append(Curve(name, ladder.discounts, values, BLUE, "--" if weighted else "-", solved))
    return found


def _nhb_curves(ladder: Ladder, thresholds: Sequence[float]) -> list[Curve]:
    """Return incremental net health benefit over the discount at each threshold."""
    found = []
    for number, threshold in enumerate(thresholds):
        values = np.array([e.nhb[number] for e in ladder.effects])
        name = f"{_over(ladder)}, at {pounds(threshold)}"
        solved = tuple(
            (at, 0.0) for at, basis in _solved(ladder) if not basis.weighted and basis.threshold == threshold
        )
        found.append(Curve(name, ladder.discounts, values, BLUE, STYLES[number % 3], solved))
    return found


def _solved(ladder: Ladder) -> list[tuple[float, Basis]]:
    """Return the discounts at which a threshold is met."""
    return [(s.discount, s.basis) for s in ladder.solutions if s.status == "solved" and s.discount is not None]


def _plain_icer(effect: Effect, *, weighted: bool) -> float:
    """Return a plain ICER, else nan."""
    value = effect.weighted_icer if weighted else effect.icer
    return math.nan if value is None or effect.label else value


def _over(ladder: Ladder) -> str:
    return f"Means of {ladder.draws:,} draws" if ladder.draws else "Point estimates"


def _known(curves: Sequence[Curve]) -> list[float]:
    """Return the values of all curves, where there are any."""
    return [float(value) for curve in curves for value in curve.values[np.isfinite(curve.values)]]


def _panels(curves: Sequence[Curve], thresholds: Sequence[float]) -> list[tuple[tuple[float, float], float | None]]:
    """Return the discounts and the highest ICER of each panel: the whole ladder; and its end, if thresholds are low."""
    near = NEAR * thresholds[-1]
    if max(_known(curves)) <= 2.0 * near:
        return [((0.0, 1.0), None)]
    near = max(near, 1.25 * min(_known(curves)))
    starts = [start for start in (_reaches(curve, near) for curve in curves) if start is not None]
    return [((0.0, 1.0), None), ((min(starts, default=0.0), 1.0), near)]


def _reaches(curve: Curve, level: float) -> float | None:
    """Return the discount at which a line, linear in it, comes down to a level."""
    known = np.flatnonzero(np.isfinite(curve.values))
    if len(known) < 2:
        return None
    (a, b), (x, y) = known[[0, -1]], (curve.discounts, curve.values)
    if not y[a] > level > y[b]:
        return None
    return float(x[a] + (y[a] - level) / (y[a] - y[b]) * (x[b] - x[a]))


def _draw(axes: Axes, curves: Sequence[Curve], price: DrugPrice, across: tuple[float, float], *, solved: bool) -> None:
    """Draw the curves over the discount, with the price of a pack below each tick."""
    from matplotlib.ticker import MaxNLocator

    axes.set_xlim(*across)
    for curve in curves:
        axes.plot(curve.discounts, curve.values, color=curve.colour, linestyle=curve.style, zorder=3)
        for at in curve.solved if solved else ():
            axes.plot(*at, **_SOLVED, markeredgecolor=curve.colour, markeredgewidth=2.0, zorder=5, clip_on=False)
    ticks = [float(t) for t in MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]).tick_values(*across)]
    ticks = [t for t in ticks if across[0] - 1e-9 <= t <= across[1] + 1e-9]
    list_price = price.drug.list_price
    set_ticks(axes.xaxis, ticks, lambda t: f"{amount(t, 'proportion')}\n{amount(list_price * (1.0 - t), 'GBP')}")
    grid(axes, "y", PALE)
    axes.tick_params(labelsize=SMALL_SIZE)


def _name_thresholds(axes: Axes, thresholds: Sequence[float], *, named: bool) -> None:
    """Draw the thresholds; their names stand above the lines, in the panel where they are apart."""
    for threshold in thresholds:
        axes.axhline(threshold, color=GREY, linewidth=1.0, linestyle=":")
        if named:
            look: dict[str, Any] = {"ha": "left", "va": "bottom", "size": SMALL_SIZE, "color": GREY, "zorder": 4}
            place: dict[str, Any] = {"xycoords": axes.get_yaxis_transform(), "textcoords": "offset points"}
            axes.annotate(pounds(threshold), (0.0, threshold), (4.5, 2.0), **place, **look)


def _legend(curves: Sequence[Curve]) -> list[legend.Entry]:
    found = [legend.line(curve.name, color=curve.colour, linestyle=curve.style) for curve in curves]
    if any(curve.solved for curve in curves):
        found.append(legend.mark("ICER meets a threshold", **_SOLVED, markeredgecolor=BLACK, markeredgewidth=2.0))
    return found


def _notes(price: DrugPrice, *, as_icer: bool) -> list[str]:
    found = []
    for ladder in (price.ladder, price.probabilistic):
        if ladder is not None:
            shown = [s for s in ladder.solutions if not s.basis.weighted or ladder.effects[0].severity_weight != 1.0]
            found.append(f"{_over(ladder)}: {'; '.join(_solution(ladder, s, price) for s in shown)}.")
    found += [_without(price, left) for left in price.ladder.without if left.kind == "background therapy"]
    if not as_icer:
        at_list = price.ladder.effects[0].label
        found.append(
            f"There is no ICER to draw: at list price the intervention is {at_list or 'not dearer and better'}."
        )
    if price.drug.also_paid_by:
        found.append(f"The same price is paid for {', '.join(plain(t).lower() for t in price.drug.also_paid_by)}.")
    return found


def _without(price: DrugPrice, left: LeftOut) -> str:
    """Return where the thresholds are met without background therapy."""
    without = replace(price.ladder, solutions=left.solutions)
    found = [_solution(None, s, price) for s in shown(without, without.solutions)]
    return f"Without background therapy ({plain(left.label)}): {'; '.join(found)}."


def _solution(ladder: Ladder | None, solution: PriceSolution, price: DrugPrice) -> str:
    words = f"{pounds(solution.basis.threshold)}{' weighted' if solution.basis.weighted else ''}"
    if solution.status == "solved" and solution.discount is not None and solution.pack_price is not None:
        discount = amount(solution.discount, "proportion", 4)
        return f"{words} at a discount of {discount}, {amount(solution.pack_price, 'GBP')} a {price.drug.pack}"
    if solution.status == "not even when free" and ladder is not None:
        free = ladder.effects[-1]
        icer = free.weighted_icer if solution.basis.weighted else free.icer
        what = f" (ICER {pounds(icer)})" if icer is not None and not free.label else ""
        return f"{words} not even when free{what}"
    return f"{words} {solution.status}"
