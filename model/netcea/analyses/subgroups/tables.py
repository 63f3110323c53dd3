"""The tables by subgroup: results with the evidence they rest on, and totals by strategy."""

from __future__ import annotations

from typing import Final

from netcea.analyses.shared.effect_cells import effect_columns, icer_of, other_weight
from netcea.analyses.shared.effects import thresholds_of
from netcea.analyses.shared.incremental_columns import TOTALS_AND_INCREMENTS
from netcea.analyses.subgroups.result import SubgroupResult, SubgroupsResult
from netcea.decision.incremental import IncrementalRow
from netcea.reporting.number_format import plain, pounds
from netcea.reporting.table import Column, ColumnOf, Icer, Table, columns_of, table_of

TITLE: Final = "Results by subgroup"
OWN: Final = (
    "Own numbers: those in use that differ from those of all patients, by status; the rest is as for all patients. "
    "A subgroup without evidence has no result and is given none."
)


def subgroups_table(result: SubgroupsResult) -> Table:
    """Return a row for each subgroup, all patients first: what it rests on, increments, ICER, net health benefit."""
    return table_of(
        "subgroups",
        TITLE,
        result.rows,
        (
            *_FIRST,
            (Column("patients", "Patients in the trial", "", "count"), lambda row: row.patients),
            Column("prespecified", "Named in the protocol"),
            *_strategy_columns(result),
            *effect_columns(result.scenario, lambda row: row.effect),
            other_weight(result.base, lambda row: (row.effect,) if row.effect else ()),
            Column("evidence", "Own numbers"),
            (Column("same_as_all", "As for all patients"), lambda row: plain(row.same_as_all)),
            (Column("gap", "No result, because"), lambda row: plain(row.gap)),
            (Column("fault", "Not applicable"), lambda row: plain(row.fault)),
            (Column("sets", "Set, or scenario"), lambda row: plain(row.sets)),
            Column("digest", "Digest"),
        ),
        f"{_pair(result)}, per patient, discounted. {OWN}",
    )


def screen_table(result: SubgroupsResult) -> Table:
    """Return the rows and columns of the same table that fit on a screen: those with a result."""
    rows = [row for row in result.rows if row.effect is not None]
    threshold = thresholds_of(result.scenario)[0]
    weighted = any(row.effect is not None and row.effect.severity_weight != 1.0 for row in rows)
    columns: list[ColumnOf[SubgroupResult]] = [
        _FIRST[0],
        (Column("patients", "Patients", "", "count"), lambda row: row.patients),
        *columns_of(
            lambda row: row.effect,
            (
                Column("incremental_costs", "Incremental costs", "£", "pounds"),
                Column("incremental_qalys", "Incremental QALYs", "", "qalys"),
                (Column("icer", "ICER", "£/QALY", "icer"), icer_of),
                (Column(f"nhb_{threshold:.0f}", f"NHB at {pounds(threshold)}", "QALYs", "qalys"), lambda e: e.nhb[0]),
            ),
        ),
    ]
    if weighted:
        columns += columns_of(
            lambda row: row.effect,
            (
                Column("severity_weight", "Severity weight", "", "weight"),
                (Column("weighted_icer", "Weighted ICER", "£/QALY", "icer"), lambda e: icer_of(e, weighted=True)),
                (
                    Column(f"weighted_nhb_{threshold:.0f}", f"Weighted NHB at {pounds(threshold)}", "QALYs", "qalys"),
                    lambda e: e.weighted_nhb[0],
                ),
            ),
        )
    return table_of(
        "subgroups_screen", TITLE, rows, columns, f"{_pair(result)}. The rest of a subgroup is as for all patients."
    )


def incremental_table(result: SubgroupsResult) -> Table:
    """Return the base-case results of each subgroup with NICE's headings: fully incremental, by rising cost."""
    pairs = [(row, found) for row in result.rows for found in row.incremental]
    scenario = result.scenario
    of_row: tuple[ColumnOf[IncrementalRow], ...] = (
        (Column("technologies", "Technologies"), lambda row: plain(scenario.label(row.strategy))),
        *TOTALS_AND_INCREMENTS,
        (
            Column("icer_incremental", "ICER incremental", "£/QALY", "icer"),
            lambda row: None if row.versus is None else Icer.of(row),
        ),
    )
    return table_of(
        "subgroups_incremental",
        "Base-case results by subgroup (fully incremental)",
        pairs,
        ((Column("subgroup", "Subgroup"), lambda pair: plain(pair[0].subgroup)), *columns_of(lambda p: p[1], of_row)),
        "Per patient, discounted, not weighted for severity. In order of rising cost; increments are against the "
        "strategy displaced. LYG: life years gained.",
    )


_FIRST: Final[tuple[ColumnOf[SubgroupResult], ...]] = (
    (Column("subgroup", "Subgroup"), lambda row: plain(row.subgroup)),
    (Column("by", "By"), lambda row: plain(row.by)),
)


def _strategy_columns(result: SubgroupsResult) -> list[ColumnOf[SubgroupResult]]:
    """Return total costs and QALYs of intervention and comparator."""
    decision = result.scenario.file.decision

    def of(role: str, strategy: str, measure: str) -> ColumnOf[SubgroupResult]:
        label, pound = plain(result.scenario.label(strategy)), measure == "costs"
        column = Column(
            f"{measure}_{role}",
            f"{label}: total {'costs' if pound else 'QALYs'}",
            "£" if pound else "",
            "pounds" if pound else "qalys",
        )
        return column, lambda row: getattr(row.strategies[strategy], measure) if row.strategies else None

    roles = (("intervention", decision.intervention), ("comparator", decision.comparator))
    return [of(role, strategy, measure) for measure in ("costs", "qalys") for role, strategy in roles]


def _pair(result: SubgroupsResult) -> str:
    decision, label = result.scenario.file.decision, result.scenario.label
    return f"{plain(label(decision.intervention))} against {plain(label(decision.comparator))}"
