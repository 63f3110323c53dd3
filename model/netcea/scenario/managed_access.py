"""What managed access would collect: uncertain quantities, the study that informs them, when and by whom."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from netcea.blocks import Block, Label, Said, refused


class DataCollection(Block):
    """Data that would be collected while patients have access."""

    label: Label
    """What is collected."""
    resolves: Said
    """The uncertainty that it resolves, and what it leaves."""
    study: str | None = None
    """The study of `analyses.voi.studies` that it is: what it informs, its sizes, its cost."""
    patients: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """How many patients, one of the sizes of that study; the size of the highest net benefit when left out."""
    group: str | None = None
    """The group of `analyses.voi.groups` whose value of perfect information is its limit, where there is no study."""
    design: Said
    """How: further follow-up of the trial, a registry, a randomised trial, a survey of patients."""
    timing: Said
    """When it begins and reports."""
    collected_by: Said
    """Who collects it, and who pays."""

    @model_validator(mode="after")
    def _linked(self) -> Self:
        if self.study is None and self.patients is not None:
            raise refused("nothing", "the study that has so many patients", address="study")
        if self.study is not None and self.group is not None:
            raise refused("study and group", "one of them: a study says what it informs", address="group")
        return self


class ManagedAccess(Block):
    """What managed access would collect, whether it is proposed or not."""

    proposed: bool
    """Whether the company proposes managed access."""
    statement: Said
    """Why, or why not: whether the technology could be cost-effective, and whether data can settle it."""
    collections: Annotated[list[DataCollection], Field(max_length=50)] = []
    """What would be collected."""

    @model_validator(mode="after")
    def _collects(self) -> Self:
        if self.proposed and not self.collections:
            raise refused("nothing", "what is collected, since managed access is proposed", address="collections")
        return self
