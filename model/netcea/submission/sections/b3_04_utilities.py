"""B.3.4 Measurement and valuation of health effects."""

from __future__ import annotations

from collections.abc import Iterable

from netcea.plain_number import read
from netcea.reporting.number_format import plain
from netcea.submission.blocks import Block, Heading, Paragraph, TableBlock, cite, ref
from netcea.submission.sections.common import Number, list_of, numbers_of, words_table
from netcea.submission.submission import Submission

CAPTION = "Summary of utility values for cost-effectiveness analysis"
HEADINGS = (
    "State",
    "Utility value: mean (standard error)",
    "95% confidence interval",
    "Reference in submission",
    "Justification",
)
BY = {
    "state": "by health state",
    "state_and_treatment": "by health state and treatment",
    "time_to_death": "by time to death",
}


def health_effects(submission: Submission) -> list[Block]:
    """Return the utilities, adverse events' losses among them.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    numbers = numbers_of(submission)
    utilities = submission.scenario.file.utilities
    by = str(getattr(utilities, "by", "state"))
    adjusted = str(getattr(utilities, "age_adjustment", "none"))
    value_set = str(getattr(utilities, "value_set", ""))
    exempt = [f"{e.address}: {plain(e.reason)}" for e in getattr(utilities, "value_set_exemptions", ())]
    return [
        Heading("B.3.4 Measurement and valuation of health effects", 1, "b3_04"),
        Paragraph(
            f"Utilities are {BY.get(by, by.replace('_', ' '))}; age adjustment: {adjusted.replace('_', ' ')}; "
            f"value set: {value_set or 'as each source says'}. QALYs by health state: {ref('qalys_by_state')}."
        ),
        TableBlock(words_table("utilities", CAPTION, HEADINGS, _rows(numbers.values()), _note(submission)), CAPTION),
        *list_of(f"Of another value set, with the reason: {one}" for one in exempt),
        *_rules(submission),
    ]


def _rows(numbers: Iterable[Number]) -> Iterable[tuple[str, ...]]:
    for number in numbers:
        if number.address.startswith("utilities."):
            error = f" ({read(number.standard_error, 2)})" if number.standard_error is not None else ""
            value = f"{number.shown}{error}"
            where = f"{ref('inputs')} {cite(number.source)}"
            yield number.label, value, number.interval or "fixed", where, _why(number)


def _why(number: Number) -> str:
    return f"{number.status}. {number.note}" if number.note else number.status


def _note(submission: Submission) -> str:
    sampled = submission.table("psa", "moments") is not None
    return "Standard errors are those of the distributions that the probabilistic analysis samples." if sampled else ""


def _rules(submission: Submission) -> list[Block]:
    """Return how utilities stand to the reference case."""
    table = submission.table("reference_case", "rules")
    if table is None:
        return []
    rows = [row for row in table.rows if row[0] in ("RC8", "RC9", "RC10")]
    return list_of(f"Reference case, {str(row[1]).lower()} ({row[0]}): {row[2]}. {row[3]}" for row in rows)
