"""Validation by clinical experts: who by their role, when, how, whether they knew results, and what they judged."""

import re
from datetime import date
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from netcea.blocks import Block, Label, Said, refused
from netcea.scenario.options import LandmarkBounds

Subject: TypeAlias = Literal["structure", "inputs", "extrapolation", "results"]
"""What is judged: face validity of the conceptual model, of the inputs, of the extrapolation, of the results."""
_DAY: Final = re.compile(r"\d{4}-\d{2}(-\d{2})?")


def _day(text: str) -> str:
    expected = "a day or a month, such as 2026-03-17 or 2026-03"
    if not _DAY.fullmatch(text):
        raise refused(repr(text), expected)
    try:
        date.fromisoformat(text if len(text) > len("2026-03") else f"{text}-01")
    except ValueError:
        raise refused(repr(text), expected) from None
    return text


Day: TypeAlias = Annotated[str, AfterValidator(_day)]
"""A day, or a month: 2026-03-17, 2026-03."""


class ExpertJudgement(Block):
    """What experts were asked, what they said, and how the model compares."""

    about: Subject
    """structure, inputs, extrapolation or results."""
    question: Said
    """What they were asked."""
    answer: Said
    """What they said, those who differed too."""
    landmark: LandmarkBounds | None = None
    """Survival that they gave, numbers of inputs/: the model's own is shown beside it."""
    model_agrees: Literal["yes", "partly", "no"] | None = None
    """Whether the model agrees with what they said; worked out where a landmark is given."""
    follow_up: str = ""
    """What was done about it."""

    @model_validator(mode="after")
    def _compared(self) -> Self:
        if (self.landmark is None) == (self.model_agrees is None):
            found = "neither landmark nor model_agrees" if self.landmark is None else "landmark and model_agrees"
            raise refused(found, "one of them: agreement with a landmark is worked out", address="model_agrees")
        return self


class ExpertReview(Block):
    """One occasion on which clinical experts judged the model."""

    role: Label
    """Who they are, without a name: consultant medical oncologist of a specialist centre."""
    experts: Annotated[int, Field(ge=1, le=1000)] = 1
    """How many."""
    when: Day
    """Day or month."""
    how: Said
    """How they were asked: interview, advisory board, survey, structured elicitation by which protocol."""
    blinded: bool
    """Whether they answered before they had seen results of the model."""
    interests: str = ""
    """Who paid them, and what other interests they declared."""
    judgements: Annotated[list[ExpertJudgement], Field(min_length=1, max_length=100)]
    """What they judged."""


class ExpertValidation(Block):
    """The record of what clinical experts have judged, and of what they have not."""

    reviews: Annotated[list[ExpertReview], Field(max_length=100)] = []
    """Occasions, in their order."""
    not_done: str = ""
    """What no clinical expert has judged, and what follows from that."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.reviews and not self.not_done.strip():
            raise refused("neither reviews nor not_done", "reviews, or in words what has not been done")
        return self

    @property
    def experts(self) -> int:
        """How many experts judged, over all occasions."""
        return sum(review.experts for review in self.reviews)
