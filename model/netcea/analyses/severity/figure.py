"""The figure of severity: shortfall by age under both rules, with the cut-offs and where the weight changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from netcea.analyses.severity.result import SeverityResult
from netcea.plain_number import read
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import set_ticks, share_text, ticks_within, write_above
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import BLACK, DASHED, GREY, INK, SMALL_SIZE, looks, styled
from netcea.reporting.figures.text import plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Rule = Literal["proportional_shortfall", "absolute_shortfall"]


@styled()
def severity_figure(result: SeverityResult) -> Figure:
    """Draw the shortfall of every strategy as established practice against the age at the start, by both rules.

    Parameters
    ----------
    result : SeverityResult
    """
    scenario, rules = result.scenario, result.scenario.method_pack.severity
    look = looks(scenario.strategies, scenario.file.decision.comparator)
    made = page(
        "QALY shortfall by age at the start",
        f"{plain(scenario.file.name)}; each strategy as established practice",
        3.2,
        margins=Margins(left=0.85, right=0.3, top=0.3),
        legend=[
            *legend.strategy_lines(look, {name: plain(scenario.label(name)) for name in scenario.strategies}),
            legend.line("cut-off of a weight", color=GREY, linestyle=DASHED, linewidth=1.0),
            legend.mark("where the weight changes", marker="o", color=BLACK, markerfacecolor="white"),
        ],
        notes=["The weight is the higher of both rules. The model is run at every age, the general population too."],
    )
    panels: tuple[tuple[Rule, str, Sequence[float]], ...] = (
        ("proportional_shortfall", "Proportional shortfall", rules.proportional),
        ("absolute_shortfall", "Absolute shortfall (QALYs)", rules.absolute),
    )
    for axes, (rule, title, cut_offs) in zip(made.columns(2, 0.85), panels, strict=True):
        for name in scenario.strategies:
            mine = [at for at in result.by_age if at.established_practice == name]
            axes.plot([at.age for at in mine], [getattr(at, rule) for at in mine], **look[name].line(), zorder=2)
        _cut_offs(axes, cut_offs, rules.weights)
        _flips(axes, result, rule)
        _mark_age(axes, result)
        _finish(axes, result, rule, title)
    return made.figure


def _cut_offs(axes: Axes, cut_offs: Sequence[float], weights: Sequence[float]) -> None:
    for cut_off, weight in zip(cut_offs, weights[1:], strict=True):
        axes.axhline(cut_off, color=GREY, linestyle=DASHED, linewidth=1.0, zorder=1)
        look: dict[str, Any] = {"ha": "right", "va": "bottom", "size": SMALL_SIZE, "color": GREY}
        place: dict[str, Any] = {"xycoords": axes.get_yaxis_transform(), "textcoords": "offset points"}
        axes.annotate(f"weight {read(weight)}", (1.0, cut_off), (0.0, 2.0), **place, **look)


def _flips(axes: Axes, result: SeverityResult, rule: Rule) -> None:
    """Mark the changes that this rule brings, under the scenario's own discounting."""
    own = result.base.discounting
    for flip in result.flips:
        if flip.moved == "age at the start" and flip.discounting == own and flip.cut_off.startswith(rule.split("_")[0]):
            height = float(flip.cut_off.split()[2])
            axes.plot([flip.flips_at], [height], "o", color=BLACK, markerfacecolor="white", markersize=5, zorder=4)


def _mark_age(axes: Axes, result: SeverityResult) -> None:
    age = result.base.mean_age
    axes.axvline(age, color=INK, linewidth=0.8, zorder=1)
    write_above(axes, age, f"scenario: {read(age)}", gap=0.05, transform=axes.get_xaxis_transform())


def _finish(axes: Axes, result: SeverityResult, rule: Rule, title: str) -> None:
    ages = [at.age for at in result.by_age]
    axes.set_xlim(min(ages), max(ages))
    set_ticks(axes.xaxis, ticks_within(*axes.get_xlim(), 6), read)
    axes.set_xlabel("Age at the start (years)")
    axes.set_ylabel(title)
    ticks = ticks_within(*axes.get_ylim(), 6)
    set_ticks(axes.yaxis, ticks, share_text(ticks) if rule == "proportional_shortfall" else read)
