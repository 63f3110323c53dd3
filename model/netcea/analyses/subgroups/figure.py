"""The figure by subgroup: net health benefit, all patients first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netcea.analyses.shared.effects import thresholds_of
from netcea.analyses.subgroups.result import SubgroupsResult
from netcea.plain_number import read
from netcea.reporting.figures.axes import set_ticks, ticks_within
from netcea.reporting.figures.page import Margins, page
from netcea.reporting.figures.style import GREY, PALE, STRATEGY_COLOURS, styled
from netcea.reporting.figures.text import plain
from netcea.reporting.number_format import pounds

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@styled()
def subgroups_figure(result: SubgroupsResult) -> Figure:
    """Draw incremental net health benefit by subgroup at the lower threshold, all patients first.

    Parameters
    ----------
    result : SubgroupsResult
        With one subgroup or more that has a result.
    """
    rows = [(row, row.effect) for row in result.rows if row.effect is not None]
    threshold = thresholds_of(result.scenario)[0]
    weighted = any(effect.severity_weight != 1.0 for _, effect in rows)
    without = [plain(row.subgroup) for row in result.subgroups if row.effect is None]
    notes = ["Grey: all patients. A subgroup's own numbers are few; the rest is as for all patients."]
    notes += [f"Without evidence, and so without a result: {'; '.join(without)}."] if without else []
    made = page(
        "Net health benefit by subgroup",
        f"{plain(result.scenario.file.name)}; QALYs at {pounds(threshold)} per QALY"
        f"{', QALYs weighted for severity' if weighted else ''}",
        0.8 + 0.34 * len(rows),
        margins=Margins(left=2.6, bottom=0.55),
        notes=notes,
    )
    axes = made.whole()
    values = [(effect.weighted_nhb if weighted else effect.nhb)[0] for _, effect in rows]
    colours = [GREY if k == 0 else STRATEGY_COLOURS[0] for k in range(len(rows))]
    axes.barh(range(len(rows)), values, color=colours, height=0.55)
    axes.axvline(0.0, color=PALE, linewidth=0.9)
    names = [f"{plain(row.subgroup)}{f' (n={read(row.patients)})' if row.patients else ''}" for row, _ in rows]
    axes.set_yticks(range(len(rows)), names)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    low, high = min(0.0, *values), max(0.0, *values)
    axes.set_xlim(low * 1.08 if low < 0.0 else -0.02, high * 1.08 if high > 0.0 else 0.0)
    set_ticks(axes.xaxis, ticks_within(*axes.get_xlim(), 6), read)
    axes.set_xlabel("Incremental net health benefit (QALYs)")
    return made.figure
