"""B.3.3 Clinical parameters and variables: the curves, what they rest on, and what was published beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from netcea.analyses.base_case.evidence_tables import ENDPOINTS
from netcea.reporting.number_format import plain
from netcea.submission.blocks import Block, Heading, Paragraph, TableBlock, ref
from netcea.submission.sections.common import (
    Number,
    figure_blocks,
    in_words,
    list_of,
    numbers_of,
    picked,
    table_blocks,
    used_in,
    words_table,
)
from netcea.submission.sections.fitted_families import fitted_families
from netcea.submission.sections.landmarks import landmarks_block
from netcea.submission.submission import Submission
from netcea.survival.curve import Curve
from netcea.survival.family_names import family_label
from netcea.survival.waning_choice import Waning

FLOORS = {
    "none": "",
    "hazard_floor": "its hazard never below the general population's",
    "excess": "an excess hazard, added to the general population's",
}


def clinical_parameters(submission: Submission) -> list[Block]:
    """Return curves, fits, landmarks, and figures of survival, hazards and occupancy.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    numbers = numbers_of(submission)
    return [
        Heading("B.3.3 Clinical parameters and variables", 1, "b3_03"),
        Heading("B.3.3.1 Survival curves", 2, "b3_03_1"),
        _curves(submission, numbers),
        *_fits(submission),
        *fitted_families(submission),
        *landmarks_block(submission),
        *_figures(submission),
        *_beside_the_trial(),
        *_limits(submission),
        Heading("B.3.3.2 Adverse events", 2, "b3_03_2"),
        *_adverse_events(submission, numbers),
    ]


def _curves(submission: Submission, numbers: dict[str, Number]) -> Block:
    """Return a row for each curve: its family, the numbers that it rests on, its adjustments."""
    rows = []
    for strategy in submission.scenario.file.strategies.values():
        for endpoint in ("pfs", "os"):
            curve: Curve = getattr(strategy, endpoint)
            words = _origin(submission, curve), _rests(curve, numbers), _then(submission, curve, numbers)
            rows.append((plain(strategy.label), ENDPOINTS[endpoint], *words))
        time = strategy.time_on_treatment
        rows.append(
            (
                plain(strategy.label),
                "Time on treatment",
                time.rule.replace("_", " "),
                in_words(used_in(time, numbers)),
                "capped by overall survival" if time.curve is not None else "",
            )
        )
    headings = ("Strategy", "Curve", "Family or origin", "Numbers that it rests on", "Adjustments")
    caption = "Survival curves of the model and the evidence that they rest on"
    return TableBlock(words_table("curves", caption, headings, rows), caption)


def _origin(submission: Submission, curve: Curve) -> str:
    """Return the family of a curve, or whose curve it is relative to."""
    if curve.relative_to is not None:
        other = submission.scenario.label(curve.relative_to)
        return f"relative to the curve of {plain(other)}"
    family = curve.distribution if isinstance(curve.distribution, str) else "average of several families"
    return family_label(family)


def _rests(curve: Curve, numbers: dict[str, Number]) -> str:
    return in_words(used_in(curve.model_copy(update={"published": None, "waning": None}), numbers))


def _then(submission: Submission, curve: Curve, numbers: dict[str, Number]) -> str:
    """Return the adjustments of a curve in their order."""
    words = []
    if curve.without_crossover is not None:
        words.append("crossover taken out")
    if curve.waning is not None:
        words.append(_waning(submission, curve, curve.waning, numbers))
    words.append(FLOORS[curve.background_mortality])
    return "; ".join(filter(None, words))


def _waning(submission: Submission, curve: Curve, waning: Waning, numbers: dict[str, Number]) -> str:
    """Return when the effect fades, towards whose hazard, and what becomes of the gain."""
    other = waning.towards or curve.relative_to
    whose = plain(submission.scenario.label(other)) if other else "the other strategy"
    starts, ends = (_shown(numbers, address) for address in (waning.starts, waning.ends))
    when = f"at {starts}" if waning.starts == waning.ends else f"from {starts} to {ends}"
    since = waning.since.replace("_", " ")
    return f"the hazard becomes that of {whose} {when} since {since}; the gain until then is {waning.accrued_gain}"


def _fits(submission: Submission) -> list[Block]:
    """Return the curves that were fitted to published figures."""
    columns = ("family", "parameters", "figure", "unit", "published", "modelled", "used", "note")
    found = submission.table("base_case", "fits")
    if found is None:
        return []
    kept = replace(picked(found, columns), note="Of the curves before adjustments.")  # the column of misses is left out
    return [TableBlock(kept, "Survival model fit to published figures")]


def _figures(submission: Submission) -> list[Block]:
    names = " and ".join(plain(s.label) for s in submission.scenario.file.strategies.values())
    curves = (
        ("pfs", "Progression-free survival", "progression-free survival", "landmarks"),
        ("os", "Overall survival", "overall survival", "landmarks"),
        ("time_on_treatment", "Time on treatment", "the share of patients on treatment", ""),
        (
            "hazards",
            "Hazards over time",
            "the hazard of death and of progression over time, with the general population's",
            "",
        ),
        (
            "occupancy",
            "Occupancy of health states over time",
            "the share of patients in each health state over time",
            "life_years_by_state",
        ),
    )
    found: list[Block] = []
    for name, caption, what, table in curves:
        where = f"; {'years in each state' if name == 'occupancy' else 'numbers'} in {ref(table)}" if table else ""
        alt = f"Curves of {what} by time since the start, of {names}{where}."
        found += figure_blocks(submission, "base_case", name, f"{caption}, by strategy", alt)
    return found


def _beside_the_trial() -> list[Block]:
    return [
        Paragraph(
            "What the finished curves say beside what trials published, inside and outside of the fits: "
            f"{ref('modelled_and_published')}."
        )
    ]


def _limits(submission: Submission) -> list[Block]:
    found = table_blocks(
        submission, "base_case", "bindings", "Limits of the model that bind at the point estimates, and what they moved"
    )
    none = "No limit of the model (PFS above OS, hazards below the population's) binds at the point estimates."
    return found or list_of([none])


def _adverse_events(submission: Submission, numbers: dict[str, Number]) -> list[Block]:
    """Return incidence, loss and duration of adverse events."""
    file = submission.scenario.file
    if not file.adverse_events.events:
        return list_of(["The model has no adverse events."])
    labels = {name: plain(s.label) for name, s in file.strategies.items()}
    rows = []
    for event in file.adverse_events.events.values():
        incidence = [_shown(numbers, event.incidence.get(name)) for name in labels]
        loss = [_shown(numbers, address) for address in (event.decrement, event.duration)]
        rows.append((plain(event.label), *incidence, *loss))
    headings = ("Adverse reaction", *(f"Incidence, {label}" for label in labels.values()), "Utility lost", "Duration")
    caption = "Adverse reactions in the economic model"
    return [TableBlock(words_table("adverse_events", caption, headings, rows), caption)]


def _shown(numbers: dict[str, Number], address: str | None) -> str:
    if address is None:
        return "none"
    number = numbers.get(address)
    return address if number is None else number.told


def trial_table(submission: Submission) -> list[Block]:
    """Return what the model says beside clinical data (Appendix J).

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    found = submission.table("base_case", "modelled_and_published")
    if found is None:
        return list_of(["No published figure stands beside the curves."])
    caption = "Summary of model results compared with clinical data"
    return [TableBlock(picked(found, TRIAL_COLUMNS), caption, headings=tuple(TRIAL_COLUMNS.values()))]


TRIAL_COLUMNS: Final = {
    "technologies": "Technology",
    "endpoint": "Endpoint",
    "figure": "Outcome",
    "unit": "Unit",
    "published": "Clinical trial result",
    "low": "95% interval, low",
    "high": "95% interval, high",
    "modelled": "Model result",
    "verdict": "Reproduced",
    "status": "In the curve",
    "trial": "Of another trial",
}
"""Column of the table of the base case -> its heading here."""
