"""B.3.12 Subgroup analysis: what each subgroup rests on, its base-case results, and gaps in the evidence."""

from __future__ import annotations

from collections.abc import Mapping

from netcea.analyses.shared.effects import thresholds_of
from netcea.reporting.number_format import plain
from netcea.reporting.table import Cell
from netcea.submission.blocks import Block, Heading, Paragraph, ref
from netcea.submission.sections.common import figure_blocks, table_blocks
from netcea.submission.submission import Submission

EVIDENCE = ("subgroup", "by", "patients", "prespecified", "evidence", "same_as_all", "gap")


def subgroups(submission: Submission) -> list[Block]:
    """Return the evidence on each subgroup, results with NICE's headings, unweighted and weighted, and a figure.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    heading = Heading("B.3.12 Subgroup analysis", 1, "b3_12")
    population = plain(submission.scenario.file.decision_problem.population)
    table = submission.table("subgroups", "subgroups")
    columns = (*EVIDENCE, "fault") if table is not None and any(table.column("fault")) else EVIDENCE
    found = table_blocks(
        submission, "subgroups", "subgroups", "Subgroups, and the evidence on each", columns, key="subgroups_evidence"
    )
    if not found:
        words = f"Results are those of one population: {population}. Other populations are scenarios of their own."
        return [heading, Paragraph(words)]
    return [
        heading,
        Paragraph(
            f"All patients are: {population}. Subgroups differ from them in the numbers that were published of "
            f"their own; what was not found stays that of all patients ({ref('subgroups_evidence')}). A subgroup "
            "without evidence has no result: a gap."
        ),
        *found,
        *_results(submission),
    ]


def _results(submission: Submission) -> list[Block]:
    """Return the tables and the figure of results, where a subgroup has any."""
    figure = figure_blocks(
        submission,
        "subgroups",
        "subgroups",
        "Net health benefit by subgroup",
        "Bars of incremental net health benefit at the lower threshold: all patients, then each with evidence.",
    )
    gaps = submission.scenario.file.analyses.subgroups.subgroups
    if all(one.gap is not None for one in gaps):
        return []
    thresholds = [f"{threshold:.0f}" for threshold in thresholds_of(submission.scenario)]
    columns = ["subgroup", "incremental_costs", "incremental_qalys", "icer", *(f"nhb_{t}" for t in thresholds)]
    columns += ["severity_weight", "weighted_icer", *(f"weighted_nhb_{t}" for t in thresholds)]
    return [
        *table_blocks(
            submission, "subgroups", "subgroups_incremental", "Base-case results by subgroup (fully incremental)"
        ),
        *table_blocks(
            submission,
            "subgroups",
            "subgroups",
            "Results by subgroup, unweighted and weighted for severity",
            columns,
            _has_result,
            key="subgroups_results",
        ),
        *figure,
    ]


def _has_result(row: Mapping[str, Cell]) -> bool:
    return not row["gap"] and not row["fault"]
