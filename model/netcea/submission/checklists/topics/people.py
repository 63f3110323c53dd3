"""What people have judged: the scenario's record of validation by clinical experts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from netcea.analyses.base_case.experts import ExpertComparison, expert_comparisons
from netcea.scenario.expert_validation import Subject
from netcea.scenario.involvement import Involvement
from netcea.submission.checklists.answer import Found, Place, missing, no, partly, several, shortened, yes
from netcea.submission.checklists.evidence import Evidence, section

BLOCK: Final = Place("expert_validation")
"""Entry of a scenario that records who judged what."""


def experts_on_conceptual_model(evidence: Evidence) -> Found:
    """Return what experts said of the conceptual model."""
    return _judged(evidence, ("structure",))


def experts_on_input_data(evidence: Evidence) -> Found:
    """Return what experts said of the numbers."""
    return _judged(evidence, ("inputs",))


def experts_on_program(evidence: Evidence) -> Found:
    """Return what somebody from outside said of the program: clinical experts do not judge it."""
    return _involved(evidence, evidence.file.program_review, "program_review")


def experts_on_outcomes(evidence: Evidence) -> Found:
    """Return what experts said of the results, and of survival beyond the data."""
    return _judged(evidence, ("results", "extrapolation"))


def engagement(evidence: Evidence) -> Found:
    """Return what patients and others concerned have contributed, and what that changed."""
    return _involved(evidence, evidence.file.engagement, "engagement")


def _involved(evidence: Evidence, record: Involvement | None, entry: str) -> Found:
    """Return who took part, and what came of it; no where the scenario says that nobody did."""
    if record is None:
        return _no_record(evidence)
    if not record.occasions:
        return no(shortened(" ".join(record.not_done.split())), section("B.3.14"), Place(entry))
    words = "; ".join(f"{one.who} ({one.when}): {' '.join(one.effect.split()).rstrip('.')}" for one in record.occasions)
    return replace(yes(shortened(f"{words}."), section("B.3.14"), Place(entry)), judged=True)


def _no_record(evidence: Evidence) -> Found:
    return missing("The scenario has no record of it.", Place(evidence.scenario.source))


def _judged(evidence: Evidence, subjects: Sequence[Subject]) -> Found:
    """Return what experts said of some subjects: yes where they and the model agree."""
    record = evidence.file.expert_validation
    if record is None:
        return _no_record(evidence)
    found = [one for one in expert_comparisons(evidence.scenario) if one.about in subjects]
    if not found:
        said = " ".join((record.not_done or "No clinical expert has judged it.").split())
        return no(shortened(said), section("B.3.14"), BLOCK)
    against = [one for one in found if one.agrees != "yes"]
    reply = partly if against else yes
    return replace(reply(_words(found, against), section("B.3.14"), BLOCK), judged=True)


def _words(found: Sequence[ExpertComparison], against: Sequence[ExpertComparison]) -> str:
    occasions = dict.fromkeys((one.role, one.experts, one.when, one.blinded) for one in found)
    who = "; ".join(
        f"{several(experts, 'expert')} ({role}, {when}{', blinded to results' if blinded else ''})"
        for role, experts, when, blinded in occasions
    )
    words = f"{who}, {several(len(found), 'judgement')}."
    return words + (f" The model does not agree: {'; '.join(one.question for one in against)}." if against else "")
