"""The subgroups of a scenario: patients told apart by site, grade or prior therapy, each a change of inputs."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from netcea.blocks import Block, Label, refused
from netcea.scenario.option_texts import FILE_ONLY


class Subgroup(Block):
    """Some of the patients, with what differs for them. Give one of scenario, set and gap."""

    label: Label
    """Who they are."""
    by: Label
    """By what patients are told apart: site, grade, prior therapy."""
    scenario: str | None = None
    """A scenario that has their inputs; path relative to this file."""
    set: Annotated[dict[str, Any] | None, Field(min_length=1)] = None
    """Address -> value, as `set` of a scenario."""
    gap: str | None = None
    """Why there is no result: which evidence is missing."""
    prespecified: Literal["yes", "no", "not known"] = "not known"
    """Whether the trial's protocol named them."""
    same_as_all: str = ""
    """What stays that of all patients, because nothing of their own was found."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [name for name in ("scenario", "set", "gap") if getattr(self, name) is not None]
        if len(given) != 1:
            raise refused(" and ".join(given) or "none of them", "one of scenario, set and gap")
        if self.gap is not None and not self.gap.strip():
            raise refused("an empty text", "which evidence is missing", address="gap")
        return self


class SubgroupsOptions(Block):
    """Costs, QALYs and ICER of patients told apart, beside those of all patients."""

    subgroups: Annotated[list[Subgroup], Field(max_length=50), FILE_ONLY] = []
    """The subgroups, those without evidence too."""
