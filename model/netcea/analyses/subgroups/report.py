"""The report of `netcea subgroups`."""

from __future__ import annotations

from functools import partial
from typing import Final

from netcea.analyses.shared.effect_cells import icer_of
from netcea.analyses.subgroups.figure import subgroups_figure
from netcea.analyses.subgroups.record import record_of
from netcea.analyses.subgroups.result import SubgroupResult, SubgroupsResult
from netcea.analyses.subgroups.tables import TITLE, incremental_table, screen_table, subgroups_table
from netcea.plain_number import read
from netcea.reporting.number_format import icer, plain
from netcea.reporting.report import Report

NO_SUBGROUP: Final = (
    "No subgroup is named: analyses.subgroups.subgroups of the scenario lists patients told apart, each with label, "
    "by, and what is set (or a scenario), or the gap in the evidence."
)


def report(result: SubgroupsResult) -> Report:
    """Return results by subgroup, totals by strategy, a figure, and JSON."""
    return Report(
        analysis="subgroups",
        title=f"{result.scenario.file.name}: {TITLE[:1].lower()}{TITLE[1:]}",
        scenario=result.scenario,
        options=result.options.model_dump(mode="json"),
        record=record_of(result),
        read_first=result.read_first,
        tables=(subgroups_table(result), incremental_table(result), screen_table(result)),
        on_screen=("subgroups_screen",),
        lines=tuple(_sentences(result)),
        figures={"subgroups": partial(subgroups_figure, result)} if any(r.effect for r in result.subgroups) else {},
    )


def _sentences(result: SubgroupsResult) -> list[str]:
    if not result.subgroups:
        return [NO_SUBGROUP]
    found = [row for row in result.subgroups if row.effect is not None]
    said = []
    if found:
        said.append(f"ICER: {'; '.join(map(_results, (result.everybody, *found)))}.")
    weights = sorted({row.effect.severity_weight for row in result.rows if row.effect is not None})
    if len(weights) > 1:
        said.append(f"The severity weight is {' or '.join(read(w) for w in weights)}, depending on the subgroup.")
    said += [f"{plain(row.subgroup)}: numbers of its own: {row.evidence or 'none'}{_borrowed(row)}." for row in found]
    said += [f"{plain(row.subgroup)} cannot be run: {plain(row.fault)}" for row in result.subgroups if row.fault]
    return [*said, *(_gap(row) for row in result.subgroups if row.gap)]


def _gap(row: SubgroupResult) -> str:
    return f"No result for {plain(row.subgroup)}, an unverified gap: {plain(row.gap).rstrip('.')}."


def _borrowed(row: SubgroupResult) -> str:
    return f"; as for all patients: {plain(row.same_as_all)}" if row.same_as_all else ""


def _results(row: SubgroupResult) -> str:
    words = icer(icer_of(row.effect)) if row.effect is not None else ""
    return f"{plain(row.subgroup)} {words}"
