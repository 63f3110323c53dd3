"""The decision problem by prior therapy: who has had what, and which comparators are in scope for them."""

from typing import Annotated

from pydantic import Field

from netcea.blocks import Block, Label, Said
from netcea.quantities.addresses import Count, Proportion

SourceKeys = Annotated[list[str], Field(max_length=50)]
"""Keys of sources.yaml."""


class LineComparator(Block):
    """A comparator that is in scope for some patients."""

    comparator: Label
    """As a strategy's label, `comparators` or `not_modelled` of the decision problem call it."""
    reason: str = ""
    """Why it is left out for these patients; that of `not_modelled` when left out."""
    source: SourceKeys = []
    """Keys of sources.yaml: why it is in scope."""


class TherapyLine(Block):
    """Patients by what they have had before, and what they would be given otherwise."""

    patients: Label
    """Who they are, such as those who have had one systemic treatment."""
    comparators: Annotated[list[LineComparator], Field(min_length=1, max_length=50)]
    """What is in scope for them."""
    share: Proportion | None = None
    """Share of the population that they are; not known when left out."""
    evidence: str = ""
    """What the trial says of them, or that it says nothing."""


class PriorTherapy(Block):
    """What patients have had before, by the trial and by the scope, and what that means for the comparison."""

    eligibility: Said
    """What patients of the trial must have had."""
    source: SourceKeys = []
    """Keys of sources.yaml: where the eligibility was read."""
    treatments_before: Count | None = None
    """Median number of earlier systemic treatments of the trial's patients."""
    lines: Annotated[list[TherapyLine], Field(min_length=1, max_length=20)]
    """Patients by line, in their order."""
    one_result: str = ""
    """Why one result stands for all lines, where no line has one of its own."""
