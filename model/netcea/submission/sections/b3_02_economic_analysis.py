"""B.3.2 Economic analysis: the decision problem, the features of the model, and why they were chosen."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from netcea.plain_number import read
from netcea.reporting.number_format import plain, pounds, rate_in_words
from netcea.scenario.scenario import ScenarioFile
from netcea.submission.blocks import TO_BE_COMPLETED, Block, Heading, Paragraph, TableBlock, cite, ref
from netcea.submission.sections.common import (
    Number,
    in_words,
    list_of,
    numbers_of,
    picked,
    sentences,
    used_in,
    value_in_words,
    words_table,
)
from netcea.submission.submission import Submission

LINES: Final = "prior_therapy"
CORRECTIONS = {
    "trapezium": "person-time in a cycle by the trapezium of its two edges (half-cycle correction)",
    "start": "person-time counted by occupancy at the start of the cycle",
    "end": "person-time counted by occupancy at the end of the cycle",
}
WHEN = {"mid_cycle": "from the middle of each cycle", "cycle_start": "from its start", "annual": "once a year"}


def economic_analysis(submission: Submission) -> list[Block]:
    """Return patients, model, features of the analysis and what is left out.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    file, numbers = submission.scenario.file, numbers_of(submission)
    problem = file.decision_problem
    return [
        Heading("B.3.2 Economic analysis", 1, "b3_02"),
        Paragraph(plain(file.rationale)),
        Heading("B.3.2.1 Patient population", 2, "b3_02_1"),
        Paragraph(f"{plain(problem.population)}. {in_words(used_in(file.population, numbers))}."),
        Heading("B.3.2.2 Model structure", 2, "b3_02_2"),
        Paragraph(_structure(submission)),
        *_changes(submission),
        TableBlock(
            words_table(
                "features",
                "Features of the economic analysis",
                ("Factor", "Previous evaluations", "Chosen values", "Justification"),
                ((factor, TO_BE_COMPLETED, chosen, why) for factor, chosen, why in _features(submission, numbers)),
                "Justifications are those of the bias ledger, whose scenarios test them; previous evaluations are "
                "to be "
                "compared by a person.",
            ),
            "Features of the economic analysis",
            widths=(2.4, 2.2, 5.4, 6.0),
        ),
        Heading("B.3.2.3 Intervention technology and comparators", 2, "b3_02_3"),
        Paragraph(
            f"Intervention: {plain(problem.intervention)}. Comparators: {'; '.join(map(plain, problem.comparators))}. "
            f"Outcomes: {plain(problem.outcomes)}."
        ),
        *_not_modelled(submission),
        *_prior_therapy(submission),
    ]


def _structure(submission: Submission) -> str:
    names = "; ".join(plain(s.label) for s in submission.scenario.file.strategies.values())
    return (
        "A partitioned-survival model of three health states (progression-free, progressed, dead): the share of "
        "patients "
        "in each follows from the curves of progression-free and overall survival of each strategy "
        f"({names}), see {ref('b3_03')}. State-transition models of the same inputs stand beside it "
        f"({ref('b3_11_5')})."
    )


def _changes(submission: Submission) -> list[Block]:
    """Return what was changed on top of the complete scenario file."""
    changes = submission.scenario.changes
    if not changes:
        return []
    rows = [(change.address, _value(change.value), plain(change.where)) for change in changes]
    caption = "What this scenario changes of the file that it extends"
    return [TableBlock(words_table("changes", caption, ("Address", "Value", "Where"), rows), caption)]


def _value(text: str) -> str:
    """Return a value that was set, which is kept as JSON, in words."""
    try:
        return value_in_words(json.loads(text))
    except ValueError:
        return plain(text)


def _features(submission: Submission, numbers: dict[str, Number]) -> Iterable[tuple[str, str, str]]:
    """Yield factor, chosen value and justification."""
    file, pack = submission.scenario.file, submission.scenario.method_pack
    settings = file.settings

    def why(*addresses: str) -> str:
        return " ".join(plain(e.why) for e in file.assumptions if any(e.address.startswith(a) for a in addresses))

    yield "Perspective", file.perspective, _rule(submission, "RC4")
    horizon = f"{read(settings.horizon_years)} years"
    yield "Time horizon", horizon, why("settings.horizon") or _rule(submission, "RC6")
    yield "Cycle length", f"{read(settings.cycle_days)} days", why("settings.cycle_days")
    correction = CORRECTIONS[settings.half_cycle_correction]
    yield "Half-cycle correction", correction, why("settings.half_cycle_correction")
    rates = f"costs {rate_in_words(settings.discount_rate('costs'))}, QALYs "
    rates += f"{rate_in_words(settings.discount_rate('qalys'))} a year, {WHEN[settings.discounting]}"
    yield "Discounting", rates, why("settings.discount") or _rule(submission, "RC13")
    yield "Treatment effect waning", _waning(file), why(*(f"strategies.{s}.os.waning" for s in file.strategies))
    stops = "; ".join(
        f"{plain(s.label)}: {s.time_on_treatment.rule.replace('_', ' ')}" for s in file.strategies.values()
    )
    yield "Time on treatment", stops, why(*(f"strategies.{s}.time_on_treatment" for s in file.strategies))
    yield "Source of utilities", in_words(used_in(file.utilities, numbers)), why("utilities")
    costs = f"{ref('b3_05')}; prices of {settings.price_year}"
    yield "Source of costs", costs, _rule(submission, "RC12")
    thresholds = " and ".join(map(pounds, pack.thresholds))
    yield (
        "Decision rules",
        f"method pack {pack.name}: {thresholds} per QALY, severity weights",
        _rule(submission, "RC11"),
    )


def _waning(file: ScenarioFile) -> str:
    with_waning = [plain(s.label) for s in file.strategies.values() if s.os.waning or s.pfs.waning]
    return f"{', '.join(with_waning)}: see {ref('curves')}" if with_waning else "none"


def _rule(submission: Submission, rule: str) -> str:
    """Return how the scenario stands to a rule of the reference case."""
    table = submission.table("reference_case", "rules")
    if table is None:
        return ""
    names = table.column("rule")
    if rule not in names:
        return ""
    row = names.index(rule)
    state, message = (str(table.column(name)[row]) for name in ("state", "message"))
    return f"Reference case {rule}, {state}: {message}"


def _not_modelled(submission: Submission) -> list[Block]:
    left_out = submission.scenario.file.decision_problem.not_modelled
    if not left_out:
        return list_of(["Every comparator of the scope is modelled."])
    rows = [(plain(one.comparator), plain(one.reason), plain(one.scenario or "none")) for one in left_out]
    caption = "Comparators of the scope that are not modelled here"
    return [
        TableBlock(
            words_table("not_modelled", caption, ("Comparator", "Reason", "Scenario that has it"), rows), caption
        )
    ]


def _prior_therapy(submission: Submission) -> list[Block]:
    """Return the comparators by what patients have had, and where each is in the model."""
    therapy, table = submission.scenario.file.decision_problem.prior_therapy, submission.table("base_case", LINES)
    if therapy is None or table is None:
        return []
    caption = "Comparators by prior therapy"
    at = [column.name for column in table.columns].index("source")
    cited = tuple((*row[:at], cite(str(row[at])) if row[at] else "", *row[at + 1 :]) for row in table.rows)
    kept = ["patients", "share"] if any(table.column("share")) else ["patients"]
    table = picked(replace(table, rows=cited), [*kept, "comparator", "in_the_model", "reason", "scenario", "source"])
    sources = f" {cite(', '.join(therapy.source))}" if therapy.source else ""
    before = f" {in_words(used_in(therapy, numbers_of(submission)))}." if therapy.treatments_before else ""
    return [
        Heading("B.3.2.4 Comparators by prior therapy", 2, "b3_02_4"),
        Paragraph(f"Patients of the trial: {plain(' '.join(therapy.eligibility.split()))}{sources}.{before}"),
        TableBlock(replace(table, note=""), caption),
        *([Paragraph(sentences(therapy.one_result))] if therapy.one_result else []),
    ]
