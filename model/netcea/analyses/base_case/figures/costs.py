"""Costs by category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Final, TypeAlias

from netcea.costs.category import Category
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import no_vertical_axis, set_ticks, size_inches, ticks_within, write_above, write_end
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import GREY, SMALL_SIZE, TEXT_SIZE, styled
from netcea.reporting.figures.text import one_line, plain, pounds, text_width, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.base_case.result import BaseCaseResult

Amounts: TypeAlias = "Mapping[str, Mapping[Category, float]]"
"""Strategy -> category -> discounted cost. [GBP]"""
LARGER: Final = 2.0
"""One category is left out of a second panel where it is so many times as large as all others together."""
FEW: Final = 4
"""Up to so many strategies have high bars."""
_HEADING: Final = 0.3
_AXIS: Final = 0.42
"""Room for an axis without a label, between two panels [inches]."""


@styled()
def costs(result: BaseCaseResult) -> Figure:
    """Draw discounted costs per patient by category, one bar per strategy; again without what hides all others."""
    amounts = {name: costs_by_category(result, name) for name in result.case.strategies}
    used = _used(amounts)
    hiding = _hiding(amounts)
    few = len(amounts) <= FEW
    size, row = (TEXT_SIZE, 0.6) if few else (SMALL_SIZE, 0.38)
    names = {name: wrapped(result.scenario.label(name), 2.2, size, lines=3 if few else 2) for name in amounts}
    settings, tall = result.scenario.file.settings, row * len(amounts) + 0.05
    made = page(
        "Costs per patient by category",
        f"{plain(result.scenario.file.name)}; discounted, prices of {plain(settings.price_year)}",
        tall if hiding is None else 2 * tall + _AXIS + _HEADING,
        margins=Margins(
            left=0.35 + max(text_width(line, size) for lines in names.values() for line in lines),
            right=0.5,
            top=0.1 if hiding is None else _HEADING,
        ),
        legend=[legend.patch(category.label, category.colour) for category in used],
    )
    totals = {name: result.case.strategies[name].costs for name in amounts}
    if hiding is None:
        _panel(made.whole(), amounts, used, totals, names, size)
    else:
        upper = made.panel(0.0, tall + _AXIS + _HEADING, made.width, tall)
        lower = made.panel(0.0, 0.0, made.width, tall)
        _panel(upper, amounts, used, totals, names, size)
        rest = {name: {c: v for c, v in parts.items() if c != hiding} for name, parts in amounts.items()}
        left = {name: total - amounts[name].get(hiding, 0.0) for name, total in totals.items()}
        _panel(lower, rest, [c for c in used if c != hiding], left, names, size)
        upper.set_xlabel("")
        words = f"Without {hiding.label[:1].lower()}{hiding.label[1:]} (larger scale)"
        for axes, text in ((upper, "All costs"), (lower, words)):
            write_above(axes, 0.0, one_line(text, made.width, bold=True), gap=0.03, ha="left", weight="bold")
    return made.figure


def _used(amounts: Amounts) -> list[Category]:
    found = dict.fromkeys(c for parts in amounts.values() for c, amount in parts.items() if amount)
    return sorted(found, key=attrgetter("order"))


def _hiding(amounts: Amounts) -> Category | None:
    """Return the category beside which all others are hard to see; None where none is."""
    found = [(amount, c) for parts in amounts.values() for c, amount in parts.items()]
    most, largest = max(found, key=lambda each: each[0], default=(0.0, None))
    others = [sum(v for c, v in parts.items() if c != largest and v > 0.0) for parts in amounts.values()]
    return largest if 0.0 < LARGER * max(others, default=0.0) <= most else None


def _panel(
    axes: Axes,
    amounts: Amounts,
    used: Sequence[Category],
    totals: Mapping[str, float],
    names: Mapping[str, list[str]],
    size: float,
) -> None:
    """Draw a bar for each strategy with its sum at its end and its name at the left."""
    width, _ = size_inches(axes)
    room = max(text_width(pounds(total), size, bold=True) for total in totals.values()) + 0.15
    highest = max([1.0, *(sum(v for v in parts.values() if v > 0) for parts in amounts.values())])
    lowest = min(0.0, *(sum(v for v in parts.values() if v < 0) for parts in amounts.values()))
    per_pound = (width - room) / (highest - lowest)
    axes.set_xlim(lowest, lowest + width / per_pound)
    axes.set_ylim(len(amounts) - 0.45, -0.55)
    for row, (name, parts) in enumerate(amounts.items()):
        end = _bar(axes, row, {c: parts[c] for c in used if parts.get(c)}, per_pound)
        write_end(axes, end, row, pounds(totals[name]), gap=5.0, size=size, weight="bold")
        axes.text(
            -0.08 / width,
            row,
            "\n".join(names[name]),
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="center",
            size=size,
        )
    set_ticks(axes.xaxis, ticks_within(lowest, highest, 6), pounds)
    axes.set_xlabel("Discounted cost per patient")
    no_vertical_axis(axes)
    axes.axvline(0.0, color=GREY, linewidth=0.8)


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
        axes.barh(row, amount, left=start, height=0.66, color=colour, edgecolor="white", linewidth=0.9)
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
