"""B.3.10 Base-case results: fully incremental first, weighted beside unweighted, then what they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from netcea.analyses.base_case.value_tables import benefit_words
from netcea.reporting.number_format import plain, pounds
from netcea.reporting.table import Cell, Column, Table
from netcea.submission.blocks import Block, Heading, Paragraph, TableBlock, ref
from netcea.submission.checklists.evidence import rows_of
from netcea.submission.sections.common import figure_blocks, list_of, picked, table_blocks
from netcea.submission.submission import Submission

FULLY: Final = "Base-case results (fully incremental)"
WEIGHTED: Final = "Fully incremental results, unweighted and weighted for severity"
PAIRWISE: Final = "Pairwise results against the comparator, unweighted and weighted for severity"
BENEFIT: Final = "Net health benefit at both thresholds, with and without the severity modifier"
BESIDE: Final = "The base case and the scenarios that are shown beside it"
TWO: Final = 2
"""Strategies, of which pairwise and fully incremental results are the same."""


def base_case(submission: Submission) -> list[Block]:
    """Return the base case, discounted and not, by state and by category.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    several = len(submission.scenario.strategies) > TWO
    return [
        Heading("B.3.10 Base-case results", 1, "b3_10"),
        Heading("B.3.10.1 Incremental cost-effectiveness results", 2, "b3_10_1"),
        *_said_first(several=several),
        *table_blocks(
            submission, "base_case", "revealed", "Results that stand although they depend on confidential prices"
        ),
        *table_blocks(submission, "base_case", "base_case", FULLY),
        *table_blocks(submission, "base_case", "weighted", WEIGHTED),
        *_net_benefit(submission),
        *(table_blocks(submission, "base_case", "pairwise", PAIRWISE) if several else []),
        *_beside(submission),
        *figure_blocks(
            submission,
            "base_case",
            "plane",
            "Cost-effectiveness plane of the base case",
            "Incremental costs against incremental QALYs of the base case and of the scenarios that are shown beside "
            f"it, with the lines of both thresholds; numbers in {_plane_numbers(submission)}.",
        ),
        Heading("B.3.10.2 Disaggregated results", 2, "b3_10_2"),
        Paragraph(
            "Discounted and undiscounted; totals, increments and shares are taken on unrounded numbers. Adverse events "
            "and further treatment are items of their own."
        ),
        *disaggregated(submission),
    ]


def _plane_numbers(submission: Submission) -> str:
    found = ref("pairwise" if len(submission.scenario.strategies) > TWO else "base_case")
    return f"{found} and {ref('beside')}" if _beside(submission) else found


def _said_first(*, several: bool) -> list[Block]:
    if several:
        return [
            Paragraph(
                "With more than two strategies the fully incremental analysis decides: dominated and extendedly "
                "dominated "
                f"strategies are marked in {ref('base_case')}; pairwise comparisons ({ref('pairwise')}) come after it. "
                f"Probabilistic results: {ref('incremental_of_means')}."
            )
        ]
    return [Paragraph(f"Probabilistic results: {ref('incremental_of_means')}.")]


def _net_benefit(submission: Submission) -> list[Block]:
    """Return totals, increments and net health benefit of each strategy at each threshold, as the template asks."""
    names = ("summary_by_strategy", "pairwise", "net_health_benefit")
    totals, against, benefits = (submission.table("base_case", name) for name in names)
    if totals is None or against is None or benefits is None:
        return []
    compared = {row["technologies"]: row for row in rows_of(against)}
    worth = {(row["technologies"], row["threshold"]): row for row in rows_of(benefits)}
    thresholds = sorted(submission.scenario.method_pack.thresholds)

    def at(name: Cell) -> list[Cell]:
        if name not in compared:
            return [None] * (3 + 2 * len(thresholds))
        found = [worth[name, threshold] for threshold in thresholds]
        return [
            *(compared[name][column] for column in ("incremental_costs", "incremental_qalys")),
            *(row["incremental_nhb"] for row in found),
            compared[name]["severity_weight"],
            *(row["weighted_incremental_nhb"] for row in found),
        ]

    rows = tuple((row["technologies"], row["costs"], row["qalys"], *at(row["technologies"])) for row in rows_of(totals))
    made = Table("net_health_benefit", BENEFIT, _benefit_columns(thresholds), rows, _benefit_note(submission))
    return [TableBlock(replace(made, marking=benefits.marking), BENEFIT)]


def _benefit_columns(thresholds: Sequence[float]) -> tuple[Column, ...]:
    return (
        Column("technologies", "Technologies"),
        Column("costs", "Total costs", "£", "pounds"),
        Column("qalys", "Total QALYs", "", "qalys"),
        Column("incremental_costs", "Incremental costs", "£", "pounds"),
        Column("incremental_qalys", "Incremental QALYs", "", "qalys"),
        *(Column(f"nhb_{t:.0f}", f"NHB at {pounds(t)}", "", "qalys") for t in thresholds),
        Column("severity_weight", "Severity weight", "", "weight"),
        *(Column(f"weighted_nhb_{t:.0f}", f"Weighted NHB at {pounds(t)}", "", "qalys") for t in thresholds),
    )


def _benefit_note(submission: Submission) -> str:
    scenario = submission.scenario
    comparator = plain(scenario.label(scenario.file.decision.comparator))
    return (
        f"Per patient, discounted; increments and NHB (incremental, in QALYs) against {comparator}. NHB = QALYs gained "
        f"- costs / threshold. {benefit_words(len(scenario.strategies), comparator)}"
    )


def _beside(submission: Submission) -> list[Block]:
    """Return the scenarios that the scenario file names to be shown beside it."""
    found = submission.table("base_case", "beside")
    if found is None or len(found.rows) < TWO:
        return []
    names = [column.name for column in found.columns if column.name not in ("rationale", "source")]
    kept = picked(found, names)
    return [TableBlock(replace(kept, note=f"{found.title}. {kept.note}"), BESIDE)]


def disaggregated(submission: Submission) -> list[Block]:
    """Return life years and QALYs by state, costs by category and item.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    tables = (
        ("summary_by_strategy", "Summary by strategy, discounted and undiscounted"),
        ("life_years_by_state", "Summary of LY gain by health state"),
        ("qalys_by_state", "Summary of QALY gain by health state"),
        ("costs_by_category_and_state", "Summary of costs by health state and category of cost"),
    )
    found: list[Block] = []
    for name, caption in tables:
        found += table_blocks(submission, "base_case", name, caption)
    found += figure_blocks(
        submission,
        "base_case",
        "costs",
        "Costs by category and strategy",
        "Stacked bars of discounted costs of each strategy by category; numbers in "
        f"{ref('costs_by_category_and_state')}.",
    )
    return found


def appendix_j(submission: Submission) -> list[Block]:
    """Return what Appendix J has of disaggregated results: resource use by item.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    return [
        *table_blocks(
            submission, "base_case", "costs_by_item", "Summary of predicted resource use by category of cost and item"
        ),
        *list_of([f"By health state: {ref('life_years_by_state')}, {ref('qalys_by_state')}."]),
    ]
