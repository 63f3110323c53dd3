"""The steps of a waterfall: changes of a scenario in their order, each with who made it and why."""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from netcea.blocks import Block, Label, Said, refused
from netcea.scenario.option_texts import FILE_ONLY


class WaterfallStep(Block):
    """A change of the scenario, on top of those before it, with its reason. Give one of set and scenario."""

    label: Label
    """What changes, in a few words."""
    by: Label
    """Whose change it is: company, assessment group, committee, or whoever it was."""
    reason: Said
    """Why."""
    set: Annotated[dict[str, Any] | None, Field(min_length=1)] = None
    """Address -> value, as `set` of a scenario."""
    scenario: str | None = None
    """A scenario that extends the same file, of which all changes are made; path relative to this file."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [name for name in ("set", "scenario") if getattr(self, name) is not None]
        if len(given) != 1:
            raise refused(" and ".join(given) or "neither", "one of set and scenario")
        return self


class WaterfallOptions(Block):
    """From one party's case to another's, change by change, such as from the company's to the committee's."""

    by: Annotated[Label, FILE_ONLY] = "company"
    """Whose case the scenario itself is."""
    steps: Annotated[list[WaterfallStep], Field(max_length=50), FILE_ONLY] = []
    """The changes in their order."""
