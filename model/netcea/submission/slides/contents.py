"""What the slides of a submission show, in the order in which a committee asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from netcea.reporting.number_format import plain, pounds, shown
from netcea.reporting.report import Report
from netcea.reporting.table import Column, Table
from netcea.submission.blocks import Paragraph, TableBlock
from netcea.submission.checklists.evidence import rows_of
from netcea.submission.slides.slide import HIDDEN, Part, Slide, chosen, figure, notes_of, size_of, table, turned
from netcea.submission.slides.standing import bias, limits, scenarios, validation
from netcea.submission.submission import Submission

BARS: Final = 8
"""Of the tornado on a slide."""
PUBLISHED: Final = "modelled_and_published"
SOLVED: Final = "Price at which each threshold is met"
OF_MEANS: Final = {
    "technologies": "Technologies",
    "costs": "Costs (£)",
    "qalys": "QALYs",
    "icer": "ICER (£/QALY)",
    "weighted_icer": "Weighted ICER",
}
"""Headings of the means of draws as far as they fit a slide, by the name of the column."""
SUMMARY: Final = ("measure", "deterministic", "probabilistic", "interval")


def slides_of(submission: Submission) -> list[Slide]:
    """Return every slide but the first, which is the title.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    return [make(submission) for make in SLIDES]


def decision_problem(submission: Submission) -> Slide:
    """Return who, what, compared with what, and what is left out."""
    problem = submission.scenario.file.decision_problem
    rows = [
        ("Population", problem.population),
        ("Intervention", problem.intervention),
        ("Comparators", "; ".join(problem.comparators)),
        ("Outcomes", problem.outcomes),
        ("Perspective", submission.scenario.file.perspective),
        ("Judged by", f"{submission.scenario.method_pack.name}: {_thresholds(submission)} per QALY"),
    ]
    left_out = [f"{one.comparator}: {one.reason.strip().rstrip('.')}" for one in problem.not_modelled]
    rows += [("Not in this model", "; ".join(left_out))] if left_out else []
    cells = tuple((name, plain(text)) for name, text in rows)
    found = Table("decision_problem", "", (Column("what", "Element"), Column("value", "In this model")), cells)
    parts = (TableBlock(found, "Decision problem"),)
    return Slide("Decision problem", parts, ("Scenario file, blocks decision_problem and decision.",))


def _thresholds(submission: Submission) -> str:
    return " and ".join(pounds(t) for t in submission.scenario.method_pack.thresholds)


def base_case(submission: Submission) -> Slide:
    """Return the full incremental analysis, and net health benefit with and without severity weight."""
    parts = (
        _incremental(submission),
        table(
            submission,
            "base_case",
            "net_health_benefit",
            f"Net health benefit against {_comparator(submission)}, with and without severity weight",
            ("technologies", "threshold", "incremental_nhb", "severity_weight", "weighted_incremental_nhb"),
        ),
    )
    return Slide("Base case, fully incremental", parts, notes_of(submission, "base_case", "base_case"), "below")


def _comparator(submission: Submission) -> str:
    return plain(submission.scenario.label(submission.scenario.file.decision.comparator))


def _pair(submission: Submission) -> str:
    intervention = submission.scenario.label(submission.scenario.file.decision.intervention)
    return f"{plain(intervention)} against {_comparator(submission)}"


def _incremental(submission: Submission) -> Part:
    """Return the base case under short headings; of two strategies both ICERs are one."""
    two = len(submission.scenario.strategies) == len(("intervention", "comparator"))
    names = tuple(name for name in SHORT if not (two and name == "icer_versus_baseline"))
    found = table(submission, "base_case", "base_case", "Base case, discounted, per patient", names)
    if isinstance(found, TableBlock):
        found = replace(found, headings=tuple(SHORT[column.name] for column in found.table.columns))
    return found


SHORT: Final = {
    "technologies": "Technologies",
    "costs": "Costs (£)",
    "life_years": "LYG",
    "qalys": "QALYs",
    "incremental_costs": "Inc. costs (£)",
    "incremental_life_years": "Inc. LYG",
    "incremental_qalys": "Inc. QALYs",
    "icer_versus_baseline": "ICER vs baseline",
    "icer_incremental": "ICER (£/QALY)",
}
"""Headings of the base case as far as they fit a slide, by the name of the column."""


def survival(submission: Submission) -> Slide:
    """Return overall and progression-free survival beside published figures."""
    medians = [
        f"{row['technologies']}: {shown(row['median_os'], 'months')} and {shown(row['median_pfs'], 'months')} months"
        for row in rows_of(submission.table("base_case", "summary_by_strategy"))
    ]
    words = f"Medians of overall and progression-free survival: {'; '.join(medians)}."
    parts = (
        figure(submission, "base_case", "os", "Overall survival", f"Curves of overall survival by strategy. {words}"),
        figure(submission, "base_case", "pfs", "Progression-free survival", f"Curves of PFS by strategy. {words}"),
    )
    return Slide(
        "Survival: the model's curves and published figures",
        parts,
        notes_of(submission, "base_case", "modelled_and_published"),
    )


def severity(submission: Submission) -> Slide:
    """Return the shortfall and the weight that follows, and where it would change."""
    found = submission.table("base_case", "severity")
    names = (
        "established_practice",
        "qalys_general_population",
        "qalys_current_care",
        "absolute_shortfall",
        "proportional_shortfall",
        "severity_weight",
        "next_boundary",
    )
    shortfall: Part = Paragraph("No shortfall was worked out.", "note")
    words = ""
    if found is not None:
        kept = turned(chosen(found, names), "QALY shortfall")
        shortfall, words = TableBlock(kept, "QALY shortfall and severity weight", widths=(3.0, 2.0)), _in_words(kept)
    alt = f"Proportional and absolute QALY shortfall by age at the start, with the cut-offs of the weights. {words}"
    parts = (figure(submission, "severity", "severity", "Shortfall by age at the start", alt), shortfall)
    return Slide("Severity", parts, notes_of(submission, "base_case", "severity"))


def _in_words(found: Table) -> str:
    return "; ".join(f"{row[0]}: {row[1]}" for row in found.rows)


def costs(submission: Submission) -> Slide:
    """Return costs by category, and the items that differ most."""
    found = submission.table("base_case", "costs_by_item")
    largest: Part = Paragraph(HIDDEN, "note")
    words = ""
    if found is not None and not submission.redacted:
        rows = [r for r in found.rows if r[0] == "Discounted" and isinstance(r[-3], float) and r[2] != "Total"]
        rows = sorted((r for r in rows if not str(r[1]).startswith("Total")), key=lambda r: -abs(size_of(r[-3])))[:5]
        decision = submission.scenario.file.decision
        names = ("item", decision.intervention, decision.comparator, "increment")
        kept = chosen(replace(found, rows=tuple(rows), total_last=False), names)
        largest = TableBlock(kept, "The five items that differ most, discounted, per patient (£)")
        words = "Largest differences: " + "; ".join(f"{r[0]} {pounds(size_of(r[-1]))}" for r in kept.rows) + "."
    alt = f"Discounted costs per patient by category and strategy. {words}"
    parts = (figure(submission, "base_case", "costs", "Costs per patient by category", alt), largest)
    return Slide("Costs", parts, notes_of(submission, "base_case", "costs_by_item"))


def plane(submission: Submission) -> Slide:
    """Return the draws on the plane, with means and intervals."""
    found = table(submission, "psa", "summary", _pair(submission), SUMMARY)
    words = _first_rows(found, 3)
    if len(submission.scenario.strategies) > len(("intervention", "comparator")):
        found = table(submission, "psa", "incremental_of_means", "Means of draws, fully incremental", tuple(OF_MEANS))
        found = replace(found, headings=tuple(OF_MEANS.values())) if isinstance(found, TableBlock) else found
    alt = f"Cost-effectiveness plane of every draw with its mean and a 95% region. {words}"
    parts = (figure(submission, "psa", "plane", "Cost-effectiveness plane", alt), found)
    return Slide("Probabilistic analysis", parts, notes_of(submission, "psa", "probabilistic"))


def _first_rows(part: Part, most: int) -> str:
    if not isinstance(part, TableBlock):
        return ""
    return "; ".join(", ".join(str(cell) for cell in row if cell) for row in part.table.rows[:most]) + "."


def acceptability(submission: Submission) -> Slide:
    """Return acceptability curves, and the probability of being cost-effective at the thresholds."""
    found = submission.table("psa", "probabilities")
    words = ""
    if found is not None:
        rows = [", ".join(shown(c, k.format) for c, k in zip(r, found.columns, strict=True)) for r in found.rows]
        words = f"Probability of the highest net benefit at {_thresholds(submission)}: {'; '.join(rows)}."
    alt = f"Probability of the highest net benefit by threshold, for each strategy. {words}"
    parts = (
        figure(submission, "psa", "ceac", "Cost-effectiveness acceptability", alt),
        table(submission, "psa", "probabilities", "Probability of being cost-effective"),
    )
    return Slide("Acceptability", parts, notes_of(submission, "psa", "probabilities"))


def tornado(submission: Submission) -> Slide:
    """Return the numbers that move the result most."""
    found = submission.table("one_way", "one_way_largest")
    bars: Part = Paragraph(HIDDEN, "note")
    largest: Part = Paragraph("Not run: one-way analysis.", "note")
    if found is not None:
        names = tuple(column.name for column in found.columns[:6])
        largest = TableBlock(chosen(found, names, 6), "The six numbers that move net health benefit most")
        quantities = "; ".join(str(row[0]) for row in found.rows[:6])
        alt = f"Net health benefit with each number at its low and its high value. Widest first: {quantities}."
        bars = figure(_fewer(submission), "one_way", "tornado", "One-way analysis", alt)
    if submission.redacted:
        bars = largest = Paragraph(HIDDEN, "note")
    return Slide("What moves the result most", (bars, largest), notes_of(submission, "one_way", "one_way"))


def _fewer(submission: Submission) -> Submission:
    """Return the submission with a tornado of as many bars as a slide can have."""
    from netcea.analyses.one_way.tornado import tornado as drawn

    result = submission.results.get("one_way")
    if result is None:
        return submission
    report: Report = submission.reports["one_way"]
    few = partial(drawn, replace(result, moved=result.moved[:BARS]))
    return replace(submission, reports={**submission.reports, "one_way": replace(report, figures={"tornado": few})})


def price(submission: Submission) -> Slide:
    """Return the ICER over discounts, and the price that meets each threshold."""
    found = submission.table("threshold", "price_screen")
    caption = f"{SOLVED}: {_pair(submission)}"
    solved: Part = table(submission, "threshold", "price_screen", caption)
    if found is not None:
        solved = TableBlock(chosen(found, tuple(column.name for column in found.columns[1:])), caption)
    alt = "ICER by discount on the list price, from none to free, with the thresholds."
    report = submission.reports.get("threshold")
    names = [] if report is None else [name for name in report.figures if name.startswith("price_ladder")]
    first = names[0] if names else "price_ladder"  # of several drugs that of the first; the table has all
    parts = (figure(submission, "threshold", first, "ICER from list price to free", alt), solved)
    return Slide("Price", parts, notes_of(submission, "threshold", "price_ladder"))


SLIDES: Final[tuple[Callable[[Submission], Slide], ...]] = (
    decision_problem,
    base_case,
    survival,
    severity,
    costs,
    plane,
    acceptability,
    tornado,
    scenarios,
    bias,
    price,
    limits,
    validation,
)
"""In their order."""
