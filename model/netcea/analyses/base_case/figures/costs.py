"""Costs by category."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from netcea.costs.category import Category
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import GREY, SMALL_SIZE, TEXT_SIZE, styled
from netcea.reporting.figures.text import plain, pounds, text_width, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.base_case.result import BaseCaseResult

_BAR = 0.62
"""Height of a strategy's row [inches]."""


def costs(result: BaseCaseResult) -> Figure:
    """Draw discounted costs per patient by category, one bar per strategy."""
    from matplotlib.patches import Patch

    with styled():
        amounts = {name: costs_by_category(result, name) for name in result.case.strategies}
        nonzero = dict.fromkeys(c for parts in amounts.values() for c, amount in parts.items() if amount)
        used = sorted(nonzero, key=attrgetter("order"))
        names = {name: wrapped(result.scenario.label(name), 2.2, TEXT_SIZE, lines=3) for name in amounts}
        left = 0.35 + max(text_width(line, TEXT_SIZE) for lines in names.values() for line in lines)
        settings = result.scenario.file.settings
        made = page(
            "Costs per patient by category",
            f"{plain(result.scenario.file.name)}; discounted, prices of {plain(settings.price_year)}",
            _BAR * len(amounts) + 0.1,
            margins=Margins(left=left, right=0.35),
            legend=[(Patch(facecolor=category.colour), category.label) for category in used],
        )
        axes = made.whole()
        totals = {name: result.case.strategies[name].costs for name in amounts}
        room = text_width(max((pounds(t) for t in totals.values()), key=len), TEXT_SIZE, bold=True) + 0.15
        highest = max([1.0, *(sum(v for v in parts.values() if v > 0) for parts in amounts.values())])
        lowest = min(0.0, *(sum(v for v in parts.values() if v < 0) for parts in amounts.values()))
        per_pound = (made.width - room) / (highest - lowest)
        axes.set_xlim(lowest, lowest + made.width / per_pound)
        axes.set_ylim(len(amounts) - 0.45, -0.55)
        for row, (name, parts) in enumerate(amounts.items()):
            end = _bar(axes, row, {c: parts[c] for c in used if parts.get(c)}, per_pound)
            axes.annotate(
                pounds(totals[name]),
                (end, row),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                ha="left",
                size=TEXT_SIZE,
                weight="bold",
            )
            axes.text(
                -0.08 / made.width,
                row,
                "\n".join(names[name]),
                transform=axes.get_yaxis_transform(),
                ha="right",
                va="center",
                size=TEXT_SIZE,
            )
        _axis(axes, highest)
        return made.figure


def costs_by_category(result: BaseCaseResult, strategy: str) -> dict[Category, float]:
    """Return discounted cost of a strategy by the category, or part of one, in which figures show it [GBP]."""
    costs, found = result.scenario.file.all_costs(), dict[Category, float]()
    for (item, _), amount in result.case.strategies[strategy].costs_by_item.items():
        category = costs[item].shown_as()
        found[category] = found.get(category, 0.0) + amount
    return found


def _bar(axes: Axes, row: int, parts: dict[Category, float], per_pound: float) -> float:
    """Draw one strategy's bar; return where it ends."""
    up, down = 0.0, 0.0
    for category, amount in parts.items():
        colour = category.colour
        start = up if amount > 0 else down
        axes.barh(row, amount, left=start, height=0.62, color=colour, edgecolor="white", linewidth=0.6)
        words = next((w for w in (pounds(amount), f"£{amount / 1000:.1f}k") if _fits(w, amount * per_pound)), "")
        if words:
            axes.text(start + amount / 2, row, words, ha="center", va="center", size=SMALL_SIZE, color=_on(colour))
        up, down = (up + amount, down) if amount > 0 else (up, down + amount)
    return up


def _fits(text: str, width: float) -> bool:
    return text_width(text) + 0.06 < abs(width)


def _on(colour: str) -> str:
    """Return black or white, whichever reads better on a colour."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return "white" if 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 < 0.18 else "black"


def _axis(axes: Axes, highest: float) -> None:
    from matplotlib.ticker import MaxNLocator

    low, high = axes.get_xlim()
    ticks = [float(t) for t in MaxNLocator(6).tick_values(low, highest) if low <= t <= high]
    axes.set_xticks(ticks, labels=[pounds(t) for t in ticks])
    axes.set_xlabel("Discounted cost per patient")
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.axvline(0.0, color=GREY, linewidth=0.8)
