"""Value of information: EVPI over thresholds and EVPPI of quantities."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from netcea.analyses.voi.figures.money import after, money_axis
from netcea.arrays import Array
from netcea.decision.acceptability import acceptability_curves
from netcea.decision.monte_carlo import switch_error
from netcea.reporting.figures import legend
from netcea.reporting.figures.axes import grid, name_rows, pounds_ticks, row_height, widest, write_end
from netcea.reporting.figures.near_thresholds import finish, height_of, near_end, near_grid, panels_of
from netcea.reporting.figures.page import Margins, page, sentence
from netcea.reporting.figures.style import BLUE, GREY, INK, PALE, SKY, styled
from netcea.reporting.figures.text import drawn, plain, pounds, text_width, wrapped
from netcea.reporting.figures.thresholds import mark_thresholds

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from netcea.analyses.voi.result import VoiResult

MOST: Final = 15
"""Single quantities shown."""
NAMED: Final = 8
"""Of those that are not distinguishable from 0."""
Z: Final = 1.96
CLEAR: Final = 2.0
"""A value of at least so many standard errors differs from 0."""
FAR: Final = 2.5
"""EVPI is drawn with EVPPI when it is at most so many times the largest of them."""
_NAMES: Final = 3.1
"""Width of the names [inches]."""
_BACKING: Final[dict[str, Any]] = {"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none"}


def evpi(result: VoiResult) -> Figure:
    """Draw EVPI over thresholds, with those of the method pack and the one at which the decision switches."""
    pack = sorted(result.scenario.method_pack.thresholds)
    marked = [(threshold, pounds(threshold)) for threshold in pack]
    if math.isfinite(result.switch):
        error = switch_error(result.totals.costs, result.totals.qalys, result.switch)
        marked.append((result.switch, f"{drawn(result.switch, error, 'pounds')}: the decision switches"))
    people = result.people if math.isfinite(result.people) else None
    end = near_end(float(result.thresholds[-1]), pack)
    near = None
    if end is not None:
        grid = near_grid(end, pack)
        near = grid, acceptability_curves(result.totals.costs, result.totals.qalys, grid).evpi
    name = result.scenario.file.name
    return evpi_curve(result.thresholds, result.evpi_curve, people, name=name, marked=marked, near=near)


def evppi(result: VoiResult) -> Figure:
    """Draw EVPPI of groups and the largest quantities told from 0, on the basis on which most is worth knowing."""
    at = max(range(len(result.bases)), key=lambda i: max(p.estimates[i].value for p in result.partial))
    told = [p for p in result.partial if p.estimates[at].told_from_zero]
    chosen = [p for p in told if p.is_group] + [p for p in told if not p.is_group][:MOST]
    return evppi_bars(
        [("Group: " if p.is_group else "") + p.label for p in chosen],
        [p.estimates[at].value for p in chosen],
        [p.estimates[at].standard_error for p in chosen],
        result.evpi[at].value,
        f"£ per patient, at {result.bases[at].label}",
        name=result.scenario.file.name,
        not_told=_not_told([("group " if p.is_group else "") + p.label for p in result.partial if p not in told]),
    )


def _not_told(names: Sequence[str]) -> str:
    """Return a sentence about what is not drawn, empty where that is nothing."""
    if not names:
        return ""
    named = "; ".join(sorted(names, key=str.casefold)[:NAMED])
    more = f" and {len(names) - NAMED} more (tables/evppi.csv)" if len(names) > NAMED else ""
    return f"Not distinguishable from 0, by name: {named}{more}."


@styled()
def evpi_curve(
    thresholds: Array,
    evpi: Array,
    population: float | None = None,
    *,
    name: str = "",
    marked: Sequence[tuple[float, str]] = (),
    near: tuple[Array, Array] | None = None,
) -> Figure:
    """Draw the expected value of perfect information over thresholds.

    Parameters
    ----------
    thresholds : Array (threshold,)
        Rising. [GBP/QALY]
    evpi : Array (threshold,)
        [GBP per patient]
    population : float, optional
        Patients whom the decision reaches, later ones discounted: an axis at the right shows the value for all.
    name : str
        Of the scenario.
    marked : sequence of (threshold, text)
        Thresholds to mark: those of the method pack, and where the decision switches.
    near : tuple of (thresholds, evpi), optional
        The same where thresholds matter, closer together: drawn large, and all thresholds small below.
    """
    many = "" if population is None else f"; right axis: for all {population:,.0f} patients reached, discounted"
    title = "Expected value of perfect information (EVPI)"
    subtitle = after(name, "what it is worth to know every uncertain number, per patient, without severity weight")
    if float(evpi.max()) <= 0.0:
        return sentence(title, subtitle, f"It is £0 at every threshold up to {pounds(float(thresholds[-1]))}.")
    margins = Margins(left=1.1, right=0.45 if population is None else 1.2, top=0.35, bottom=0.6)
    end, top = None if near is None else float(near[0][-1]), float(thresholds[-1])
    made = page(title, f"{subtitle}{many}", height_of(3.3, end), margins=margins)
    for panel in panels_of(made, 0.0, 3.3, top, end):
        x, y = near if panel.near and near is not None else (thresholds, evpi)
        axes, high = panel.axes, max(float(y.max()), 1.0) * 1.06
        axes.fill_between(x, 0.0, y, color=BLUE, alpha=0.15, linewidth=0)
        axes.plot(x, y, color=BLUE, zorder=3)
        money_axis(axes, 0.0, high, "" if panel.small else "EVPI per patient", 2 if panel.small else 5)
        finish(panel, [(t, plain(text)) for t, text in marked], end)
        if population is not None:
            for_all = axes.twinx()
            for_all.spines["right"].set_visible(True)
            words = "" if panel.small else "EVPI for all patients reached"
            money_axis(for_all, 0.0, high * population, words, 2 if panel.small else 5)
    return made.figure


@styled()
def evppi_bars(
    names: Sequence[str],
    values: Sequence[float],
    standard_errors: Sequence[float],
    evpi: float,
    units: str,
    *,
    name: str = "",
    not_told: str = "",
) -> Figure:
    """Draw the expected value of perfect partial information on quantities, with 95% intervals, in the order given.

    Parameters
    ----------
    names : sequence of str
        Of quantities or groups.
    values, standard_errors : sequence of float
        [units]
    evpi : float
        Of everything together: the most that any could be. [units]
    units : str
        What the values are: '£ per patient, at £35,000 per QALY'.
    name : str
        Of the scenario.
    not_told : str
        A sentence about quantities that are not distinguishable from 0: written below, not drawn.
    """
    title = "Expected value of partial perfect information (EVPPI)"
    subtitle = after(name, f"what it is worth to know a number or a group, {plain(units)}")
    if not names and not_told:
        return sentence(title, subtitle, not_told)
    if not names or max(values) <= 0.0:
        return sentence(title, subtitle, "No single number or group could change the decision: each is worth £0.")
    lines = [wrapped(text, _NAMES, lines=2) for text in names]
    clear = [value >= CLEAR * error for value, error in zip(values, standard_errors, strict=True)]
    entries = [legend.patch("With 95% interval of the estimate", SKY)] if any(clear) else []
    if not all(clear):
        entries.append(legend.patch("Not distinguishable from 0: below two standard errors", PALE))
    made = page(
        title,
        f"{subtitle}; EVPI of everything {pounds(evpi)}",
        row_height(lines) * len(names),
        margins=Margins(left=widest(lines) + 0.35, right=0.3, top=0.35),
        legend=entries,
        notes=[plain(not_told)] if not_told else [],
    )
    axes = made.whole()
    _bars(axes, values, standard_errors, evpi, made.width)
    name_rows(axes, lines)
    return made.figure


def _bars(axes: Axes, values: Sequence[float], standard_errors: Sequence[float], evpi: float, width: float) -> None:
    texts = [drawn(value, error, "pounds") for value, error in zip(values, standard_errors, strict=True)]
    ends = [value + Z * error for value, error in zip(values, standard_errors, strict=True)]
    with_evpi = evpi <= FAR * max(ends)
    most = max([*ends, evpi]) if with_evpi else max(ends)
    room = max(text_width(text) for text in texts) + 0.15
    for number, (value, error, text) in enumerate(zip(values, standard_errors, texts, strict=True)):
        axes.barh(number, value, height=0.62, color=SKY if value >= CLEAR * error else PALE, zorder=3)
        low, up = max(value - Z * error, 0.0), value + Z * error
        if error > 0.0:
            axes.plot([low, up], [number, number], color=INK, linewidth=1.1, zorder=4, solid_capstyle="butt")
        write_end(axes, up, number, text, zorder=5, bbox=_BACKING)
    axes.set_xlim(0.0, most / (1.0 - room / width))
    axes.set_ylim(len(values) - 0.5, -0.5)
    pounds_ticks(axes.xaxis, 0.0, most, 4)
    axes.set_yticks([])
    grid(axes, "x")
    if with_evpi:
        mark_thresholds(axes, [(evpi, f"EVPI {pounds(evpi)}")])
    axes.axvline(0.0, color=GREY, linewidth=0.8, zorder=4)
