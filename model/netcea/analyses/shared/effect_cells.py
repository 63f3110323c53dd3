"""The columns and cells of what one row means: increments, ICER, net health benefit, severity weight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from netcea.analyses.shared.effects import Effect, thresholds_of
from netcea.plain_number import read
from netcea.reporting.number_format import plain, pounds
from netcea.reporting.table import Column, ColumnOf, Format, Icer, columns_of
from netcea.scenario.scenario import Scenario


def effect_columns(
    scenario: Scenario, effect: Callable[[Any], Effect | None], prefix: str = "", words: str = ""
) -> tuple[ColumnOf[Any], ...]:
    """Return the columns of an effect of each item; their names begin with `prefix`, their headings end in `words`."""
    thresholds = thresholds_of(scenario)
    before = f"{prefix}_" if prefix else ""

    def of(name: str, heading: str, unit: str = "", kind: Format = "text") -> Column:
        return Column(f"{before}{name}", f"{heading}{words}", unit, kind)

    def nhb(i: int, *, weighted: bool) -> ColumnOf[Effect]:
        name, heading = ("weighted_nhb", "Weighted incremental NHB") if weighted else ("nhb", "Incremental NHB")
        column = of(f"{name}_{thresholds[i]:.0f}", f"{heading} at {pounds(thresholds[i])}", "QALYs", "qalys")
        return column, lambda e: (e.weighted_nhb if weighted else e.nhb)[i]

    columns: tuple[ColumnOf[Effect], ...] = (
        (of("incremental_costs", "Incremental costs", "£", "pounds"), lambda e: e.incremental_costs),
        (of("incremental_qalys", "Incremental QALYs", "", "qalys"), lambda e: e.incremental_qalys),
        (of("icer", "ICER", "£/QALY", "icer"), icer_of),
        *(nhb(i, weighted=False) for i in range(len(thresholds))),
        (of("severity_weight", "Severity weight", "", "weight"), lambda e: e.severity_weight),
        (of("weighted_icer", "Weighted ICER", "£/QALY", "icer"), lambda e: icer_of(e, weighted=True)),
        *(nhb(i, weighted=True) for i in range(len(thresholds))),
        (of("optimal", f"Optimal strategy at {pounds(thresholds[0])}"), lambda e: plain(scenario.label(e.optimal))),
    )
    return columns_of(effect, columns)


def other_weight(base: Effect, effect: Callable[[Any], Sequence[Effect]]) -> ColumnOf[Any]:
    """Return the column that marks where the severity weight is another than that of the point estimates.

    Parameters
    ----------
    base : Effect
        Of the point estimates.
    effect : function
        Of an item: its effects.
    """
    column = Column("weight", f"Other severity weight than the point estimates ({read(base.severity_weight)})")
    return column, lambda item: "yes" if any(weight_flips(base, e) for e in effect(item)) else "no"


def weight_flips(base: Effect, effect: Effect) -> bool:
    """Say whether the severity weight is another than that of the point estimates.

    Parameters
    ----------
    base, effect : Effect
        Of the point estimates, and of other values.
    """
    return effect.severity_weight != base.severity_weight


def icer_of(effect: Effect, *, weighted: bool = False) -> Icer:
    """Return the ICER of an effect."""
    return Icer(effect.weighted_icer if weighted else effect.icer, effect.label)
