"""The columns and cells of what one row means: increments, ICER, net health benefit, severity weight."""

from __future__ import annotations

from netcea.analyses.shared.effects import Effect, thresholds_of
from netcea.reporting.number_format import plain, pounds
from netcea.reporting.table import Cell, Column, Icer
from netcea.scenario.scenario import Scenario


def effect_columns(scenario: Scenario, prefix: str = "", words: str = "") -> list[Column]:
    """Return the columns of an effect; their names begin with `prefix`, their headings end in `words`."""
    thresholds = thresholds_of(scenario)
    before = f"{prefix}_" if prefix else ""
    return [
        Column(f"{before}incremental_costs", f"Incremental costs{words}", "£", "pounds"),
        Column(f"{before}incremental_qalys", f"Incremental QALYs{words}", "", "qalys"),
        Column(f"{before}icer", f"ICER{words}", "£/QALY", "icer"),
        *(
            Column(f"{before}nhb_{t:.0f}", f"Incremental NHB at {pounds(t)}{words}", "QALYs", "qalys")
            for t in thresholds
        ),
        Column(f"{before}severity_weight", f"Severity weight{words}", "", "weight"),
        *(
            Column(f"{before}weighted_nhb_{t:.0f}", f"Weighted incremental NHB at {pounds(t)}{words}", "QALYs", "qalys")
            for t in thresholds
        ),
        Column(f"{before}optimal", f"Optimal strategy at {pounds(thresholds[0])}{words}"),
    ]


def effect_cells(scenario: Scenario, effect: Effect) -> list[Cell]:
    """Return the cells of an effect."""
    return [
        effect.incremental_costs,
        effect.incremental_qalys,
        icer_of(effect),
        *effect.nhb,
        effect.severity_weight,
        *effect.weighted_nhb,
        plain(scenario.label(effect.optimal)),
    ]


def icer_of(effect: Effect, *, weighted: bool = False) -> Icer:
    """Return the ICER of an effect."""
    return Icer(effect.weighted_icer if weighted else effect.icer, effect.label)
