"""The figure of budget impact: drugs and everything else year by year, and everything else by category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from netcea.analyses.budget.result import BudgetResult
from netcea.arrays import Array
from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.plain_number import read
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import grid, set_ticks, ticks_within
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import BLACK, DASHED, GREY, SILVER, SMALL_SIZE, TEXT_SIZE, styled
from netcea.reporting.figures.text import plain
from netcea.reporting.number_format import fixed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MILLION: Final = 1e6
FURTHEST: Final = 2.5
"""The threshold is drawn where it is no more than so many times the largest impact."""
ELSE: Final = "Everything else"
DRUGS: Final = DrugAcquisition.category


@dataclass(frozen=True)
class Part:
    """What is stacked in one colour.

    Attributes
    ----------
    label, colour : str
    amounts : Array (year,)
        [GBP million]
    """

    label: str
    colour: str
    amounts: Array


@styled()
def budget_figure(result: BudgetResult) -> Figure:
    """Draw net budget impact by year: drugs and everything else, and beside it everything else by category.

    Parameters
    ----------
    result : BudgetResult
    """
    file, (drugs, others) = result.scenario.file, _parts(result)
    both = [*drugs, Part(ELSE, SILVER, np.sum([part.amounts for part in others], axis=0))] if drugs and others else []
    threshold, drawn = result.test_threshold, _is_drawn(result)
    entries = [legend.patch(plain(part.label), part.colour) for part in (*both, *others)] if both else []
    entries = entries or [legend.patch(plain(part.label), part.colour) for part in (*drugs, *others)]
    entries.append(legend.mark("sum", marker="D", color=BLACK, markersize=5))
    words = f"threshold of the impact test, {million(threshold)}" if threshold is not None else ""
    if drawn:
        entries.append(legend.line(words, color=GREY, linestyle=DASHED, linewidth=1.0))
    made = page(
        "Net budget impact by year",
        f"{plain(file.name)}; undiscounted, prices of {plain(file.settings.price_year)}",
        3.2,
        margins=Margins(left=0.85, right=0.3, top=0.4),
        legend=entries,
        notes=[
            "With the technology minus without it, for everybody who has started since year 1.",
            f"The {words}, lies above the axis." if words and not drawn else "",
        ],
    )
    panels: list[tuple[str, Sequence[Part]]] = [("All costs", both or [*drugs, *others])]
    if both:
        panels.append((f"{ELSE}, on a scale of its own", others))
    for number, (axes, (title, parts)) in enumerate(zip(made.columns(len(panels), 0.9), panels, strict=True)):
        _panel(axes, title, parts, threshold if drawn and number == 0 and threshold is not None else None)
    return made.figure


def million(value: float) -> str:
    """Return a large amount of money in millions.

    >>> million(20_000_000.0), million(-1_234_567.0), million(45_600.0)
    ('£20 million', '-£1.23 million', '£0.0456 million')
    """
    return f"{'-' if value < 0 else ''}£{read(abs(value) / MILLION, 3)} million"


def _parts(result: BudgetResult) -> tuple[list[Part], list[Part]]:
    """Return what drugs add, and every other category that adds anything."""
    colours: Mapping[str, str] = {
        cost.category.label: cost.category.colour for cost in result.scenario.file.every_payers_costs().values()
    }
    found = [
        Part(c.category, colours[c.category], np.array(c.net_budget_impact) / MILLION)
        for c in result.categories
        if any(c.net_budget_impact)
    ]
    drugs = [part for part in found if part.label == DRUGS.label]
    return drugs, [part for part in found if part.label != DRUGS.label]


def _is_drawn(result: BudgetResult) -> bool:
    largest = max((abs(year.net_budget_impact) for year in result.years), default=0.0)
    return result.test_threshold is not None and result.test_threshold <= FURTHEST * largest


def _panel(axes: Axes, title: str, parts: Sequence[Part], threshold: float | None) -> None:
    """Draw stacked bars by year, their sums, and a threshold if there is one."""
    count = len(parts[0].amounts) if parts else 1
    years = np.arange(1, count + 1)
    up, down, total = np.zeros(count), np.zeros(count), np.zeros(count)
    for part in parts:
        bottom = np.where(part.amounts >= 0.0, up, down)
        axes.bar(years, part.amounts, 0.6, bottom=bottom, color=part.colour, linewidth=0.0, zorder=2)
        up, down = up + np.maximum(part.amounts, 0.0), down + np.minimum(part.amounts, 0.0)
        total = total + part.amounts
    axes.plot(years, total, linestyle="none", marker="D", color=BLACK, markersize=4, zorder=4)
    high = max(float(up.max()), (threshold or 0.0) / MILLION)
    low = float(down.min())
    room = (high - low) or 1.0
    axes.set_ylim(low - 0.06 * room if low < 0.0 else 0.0, high + 0.16 * room)
    axes.set_xlim(0.4, count + 0.6)
    if threshold is not None:
        axes.axhline(threshold / MILLION, color=GREY, linestyle=DASHED, linewidth=1.0, zorder=1)
    _write(axes, total, up)
    axes.axhline(0.0, color=GREY, linewidth=0.8, zorder=3)
    ticks = ticks_within(*axes.get_ylim(), 6, steps=[1, 2, 5, 10])
    set_ticks(axes.yaxis, ticks, read)
    set_ticks(axes.xaxis, [float(year) for year in years[:: max(1, count // 5)]], lambda year: f"{year:.0f}")
    axes.tick_params(axis="x", length=0)
    axes.set_ylabel("£ million")
    axes.set_xlabel("Year")
    axes.set_title(title, loc="left", size=TEXT_SIZE, weight="bold")
    axes.spines["bottom"].set_visible(False)
    grid(axes, "y")


def _write(axes: Axes, total: Array, up: Array) -> None:
    """Write the sum above each bar, where there is room for as many."""
    if len(total) > 8:
        return
    largest = float(np.max(np.abs(total)))
    decimals = 1 if largest >= 10.0 else 2 if largest >= 1.0 else 3
    for year, (amount, top) in enumerate(zip(total, up, strict=True), 1):
        axes.annotate(
            f"{'-' if amount < 0 else ''}£{fixed(abs(float(amount)), decimals)}m",
            (year, max(float(top), float(amount))),
            xytext=(0, 6),
            textcoords="offset points",
            ha="center",
            va="bottom",
            size=SMALL_SIZE,
        )
