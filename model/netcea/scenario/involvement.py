"""Who else took part: patients and others whom the decision affects, and who examined the program from outside."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from netcea.blocks import Block, Label, refused
from netcea.scenario.expert_validation import Day


class Occasion(Block):
    """One occasion on which people took part."""

    who: Label
    """Who they are, without names: patients with the disease, through a patient organisation."""
    when: Day
    """Day or month."""
    how: Annotated[str, Field(min_length=1)]
    """How: interviews, a panel, a review of the code and by which protocol."""
    said: Annotated[str, Field(min_length=1)]
    """What they said or found."""
    effect: Annotated[str, Field(min_length=1)]
    """What it has changed; where it changed nothing, that, and why."""


class Involvement(Block):
    """The record of those who took part, and of what has not been done."""

    occasions: Annotated[list[Occasion], Field(max_length=100)] = []
    """Occasions, in their order."""
    not_done: str = ""
    """What has not been done, and what follows from that."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.occasions and not self.not_done.strip():
            raise refused("neither occasions nor not_done", "occasions, or in words what has not been done")
        return self
