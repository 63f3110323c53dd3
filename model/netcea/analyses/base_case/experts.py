"""What clinical experts said beside what the model says: survival that they gave, and their words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netcea.analyses.shared.medians import survival_at
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.scenario.expert_validation import ExpertJudgement, ExpertReview
from netcea.scenario.options import LandmarkBounds
from netcea.scenario.scenario import Scenario
from netcea.survival.evaluate import Curves

BEYOND = "beyond the horizon"


@dataclass(frozen=True)
class ExpertComparison:
    """One judgement of clinical experts, and how the model compares.

    Attributes
    ----------
    role : str
        Who they are.
    experts : int
    when, how : str
        Day or month, and how they were asked.
    blinded : bool
        Whether they had not seen results of the model.
    interests : str
    about, question, answer : str
        What was judged.
    agrees : str
        Whether the model agrees: yes, partly, no, or beyond the horizon.
    follow_up : str
        What was done about it.
    strategy, endpoint : str
        Of survival that they gave; empty where they gave none.
    at_years, low, high, modelled : float or None
        When, between what, and what the model says. [years], [share]
    """

    role: str
    experts: int
    when: str
    how: str
    blinded: bool
    interests: str
    about: str
    question: str
    answer: str
    agrees: str
    follow_up: str
    strategy: str = ""
    endpoint: str = ""
    at_years: float | None = None
    low: float | None = None
    high: float | None = None
    modelled: float | None = None


def expert_comparisons(scenario: Scenario) -> Iterator[ExpertComparison]:
    """Yield every judgement of the scenario's record, with the model's survival beside each landmark.

    Parameters
    ----------
    scenario : Scenario
        At its point estimates.
    """
    record = scenario.file.expert_validation
    if record is None or not record.reviews:
        return
    row, grid = base_case(scenario), Grid.of(scenario)
    curves = Curves(scenario.curves, row, grid.time.edges, grid.population_hazard(row))

    def told(landmark: LandmarkBounds) -> dict[str, object]:
        years = float(row[landmark.at][0, 0])
        ends = [None if end is None else float(row[end][0, 0]) for end in (landmark.low, landmark.high)]
        if years > grid.time.horizon_years:
            modelled, agrees = None, BEYOND
        else:
            modelled = survival_at(curves, f"strategies.{landmark.strategy}.{landmark.endpoint}", years)
            agrees = "yes" if _within(modelled, *ends) else "no"
        found: dict[str, object] = {"agrees": agrees, "at_years": years, "modelled": modelled}
        return found | {"low": ends[0], "high": ends[1], "strategy": landmark.strategy, "endpoint": landmark.endpoint}

    for review in record.reviews:
        for judgement in review.judgements:
            found = {"agrees": judgement.model_agrees} if judgement.landmark is None else told(judgement.landmark)
            yield ExpertComparison(**_said(review, judgement), **found)  # type: ignore[arg-type]  # by name


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def _said(review: ExpertReview, judgement: ExpertJudgement) -> dict[str, object]:
    return {
        "role": review.role,
        "experts": review.experts,
        "when": review.when,
        "how": review.how,
        "blinded": review.blinded,
        "interests": review.interests,
        "about": judgement.about,
        "question": judgement.question,
        "answer": judgement.answer,
        "follow_up": judgement.follow_up,
    }
