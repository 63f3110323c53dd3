"""B.3.6 Severity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from netcea.reporting.number_format import shown
from netcea.reporting.table import Cell, Column, Table
from netcea.submission.blocks import Block, Heading, Paragraph, TableBlock, cite, ref
from netcea.submission.sections.common import (
    figure_blocks,
    list_of,
    numbers_of,
    picked,
    shell,
    table_blocks,
    words_table,
)
from netcea.submission.submission import Submission

SUMMARY: Final = "Summary of QALY shortfall analysis"
SUMMARY_COLUMNS: Final = (
    "scenario",
    "established_practice",
    "qalys_general_population",
    "qalys_current_care",
    "absolute_shortfall",
    "proportional_shortfall",
    "severity_weight",
)


def severity(submission: Submission) -> list[Block]:
    """Return the whole shortfall analysis.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    report = submission.reports.get("severity")
    return [
        Heading("B.3.6 Severity", 1, "b3_06"),
        Paragraph(
            "QALYs of the general population are those of people of the same age and sex, discounted as in the model; "
            "those with current treatment are the discounted QALYs of established practice in this model. Exactly on a "
            "cut-off the higher weight holds. The weight multiplies incremental QALYs alone; every result stands "
            "unweighted beside weighted."
        ),
        *_features(submission),
        *_by_state(submission),
        shell(
            "previous_shortfalls",
            "Summary list of QALY shortfall from previous evaluations",
            (
                "TA",
                "Expected total QALYs for the general population",
                "Total QALYs that people living with a condition would be expected to have with current treatment",
                "Absolute / proportional shortfall",
            ),
            "previous evaluations of this condition",
        ),
        *_summary(submission),
        *_boundaries(submission),
        *_choices(submission),
        *table_blocks(
            submission,
            "severity",
            "severity_flips_screen",
            "Where the severity weight changes: age at the start and QALYs of established practice",
        ),
        *table_blocks(
            submission,
            "severity",
            "severity_price",
            "Price at which the ICER meets a threshold, by severity weight",
            ("drug", "threshold", "severity_weight", "discount", "pack_price", "finding", "nhb_now"),
        ),
        *_weights(submission),
        *figure_blocks(
            submission,
            "severity",
            "severity",
            "QALY shortfall and severity weight by age at the start",
            "Absolute and proportional QALY shortfall by age at the start, with the cut-offs of the severity "
            "weights and "
            f"the cohort's own age; numbers at the points where the weight changes in {ref('severity_flips_screen')}.",
        ),
        *list_of(report.lines if report is not None else ()),
    ]


def _features(submission: Submission) -> list[Block]:
    """Return sex distribution, starting age, life table and norms."""
    population, numbers = submission.scenario.file.population, numbers_of(submission)
    rows = []
    for factor, address in (("Sex distribution", population.proportion_female), ("Starting age", population.start_age)):
        number = numbers.get(address)
        value = address if number is None else f"{number.label}: {number.told}"
        rows.append((factor, value, ref("b3_02")))
    rows.append(("Survival of the general population", population.life_table, ref("b3_02")))
    rows.append(("Utilities of the general population", population.norms, ref("b3_04")))
    caption = "Summary features of QALY shortfall analysis"
    headings = (
        "Factor",
        "Value (reference to appropriate table or figure in submission)",
        "Reference to section in submission",
    )
    return [TableBlock(words_table("shortfall_features", caption, headings, rows), caption)]


def _by_state(submission: Submission) -> list[Block]:
    """Return utilities and undiscounted life years of each health state with established practice."""
    scenario = submission.scenario
    table = submission.table("base_case", "life_years_by_state")
    practice = scenario.file.decision.established_practice
    if table is None or practice not in [column.name for column in table.columns]:
        return []
    years = picked(table, ("state", practice), lambda row: row["discounting"] == "Undiscounted")
    utilities = _state_utilities(submission)
    rows: list[tuple[Cell, ...]] = [(state, utilities.get(str(state), ""), value) for state, value in years.rows]
    columns = (
        Column("state", "State"),
        Column("utility", "Utility value: mean (standard error)"),
        Column("life_years", "Undiscounted life years", "", "years"),
    )
    caption = "Summary of health state benefits and utility values for QALY shortfall analysis"
    note = f"With established practice: {scenario.label(practice)}. Utilities before age adjustment."
    return [TableBlock(Table("shortfall_states", caption, columns, tuple(rows), note), caption)]


def _state_utilities(submission: Submission) -> dict[str, str]:
    """Return health state -> its utility, or by how much it is lower, with sources."""
    utilities, numbers = submission.scenario.file.utilities, numbers_of(submission)
    found = {}
    for state, name in (("Progression-free", "progression_free"), ("Progressed", "progressed")):
        address = getattr(utilities, name, None)
        lower = getattr(utilities, "decrement_on_progression", None) if name == "progressed" else None
        number = numbers.get(str(address or lower))
        if number is None:
            continue
        error = f" ({shown(number.standard_error, 'number')})" if number.standard_error is not None else ""
        less = "" if address else "that of progression-free patients less "
        found[state] = f"{less}{number.shown}{error} {cite(number.source)}"
    return found


def _summary(submission: Submission) -> list[Block]:
    """Return the shortfalls and the weight; distances from the cut-offs stand in a table of their own."""
    found = submission.table("base_case", "severity")
    if found is None:
        return []
    kept = replace(picked(found, SUMMARY_COLUMNS), note="Discounted. Exactly on a boundary takes the higher weight.")
    return [TableBlock(kept, SUMMARY, "severity")]


def _boundaries(submission: Submission) -> list[Block]:
    """Return how near the shortfall is to the cut-offs."""
    columns = (
        "scenario",
        "weight_absolute",
        "weight_proportional",
        "next_boundary",
        "distance_absolute",
        "distance_proportional",
        "qalys_for_higher_weight",
        "qalys_for_lower_weight",
    )
    caption = "How near the shortfall is to the cut-offs of the weights"
    return table_blocks(submission, "base_case", "severity", caption, columns, key="cut_offs")


CHOICES: Final[Sequence[str]] = (
    "established_practice",
    "discounting",
    "ages",
    "qalys_current_care",
    "qalys_general_population",
    "absolute_shortfall",
    "proportional_shortfall",
    "severity_weight",
    "probability_of_weight_1",
    "probability_of_weight_1.2",
    "probability_of_weight_1.7",
    "icer",
    "weighted_icer",
)


def _choices(submission: Submission) -> list[Block]:
    """Return the weight by treatment considered as standard of care, discounting and ages."""
    caption = "QALY shortfall and weight by treatment considered as current care, discounting and ages"
    found = submission.table("severity", "severity_choices")
    if found is None:
        return []
    names = [c.name for c in found.columns]
    lower = [n for n in names if n.startswith(("nhb_", "weighted_nhb_"))]
    wanted = [n for n in CHOICES if n in names]
    kept = picked(found, [*wanted, *lower])
    draws = submission.reports["severity"].options.get("draws", 0)
    if draws and submission.table("psa", "severity") is not None:
        words = f"Probabilities are over the {draws:,} draws of this analysis; over those of the PSA: {ref('weights')}."
        kept = replace(kept, note=f"{kept.note} {words}".strip())
    return [TableBlock(kept, caption)]


def _weights(submission: Submission) -> list[Block]:
    """Return the probability of each weight over the draws of the probabilistic analysis."""
    psa = submission.reports.get("psa")
    draws = 0 if psa is None else psa.options.get("draws", 0)
    caption = f"Probability of each severity weight over the {draws:,} draws of the probabilistic analysis"
    return table_blocks(submission, "psa", "severity", caption, key="weights")
