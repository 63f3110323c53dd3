"""The format of a file of external information on survival: sources, each with what it says at some times."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field, FiniteFloat

from netcea.blocks import Block

MOST_WEIGHT: Final = 1000.0
"""Largest weight of a source. [1]"""
LATEST_YEARS: Final = 100.0
"""Latest time of which a source may speak. [years]"""
ScaleName: TypeAlias = Literal["survival", "log", "logit", "log_minus_log"]
Unit: TypeAlias = Literal["years", "months", "weeks", "days"]
Weight: TypeAlias = Annotated[FiniteFloat, Field(ge=0.0, le=MOST_WEIGHT)]


class ExternalRow(Block):
    """What a source says of the share of those alive at `start` who are alive at `time`, in one of five ways."""

    start: FiniteFloat = 0.0
    """From when; those alive then are asked about. 0: all patients from the beginning."""
    time: FiniteFloat
    """Until when; may be called stop."""
    r: FiniteFloat | None = None
    """Counts: how many are alive at `time`."""
    n: FiniteFloat | None = None
    """Counts: how many were alive at `start`."""
    survival: FiniteFloat | None = None
    """Published: the share, with `low` and `high`."""
    low: FiniteFloat | None = None
    """Published: lower end of its 95% interval."""
    high: FiniteFloat | None = None
    """Published: upper end of its 95% interval."""
    a: FiniteFloat | None = None
    """Elicited as a beta distribution: its first parameter."""
    b: FiniteFloat | None = None
    """Elicited as a beta distribution: its second parameter."""
    mean: FiniteFloat | None = None
    """Elicited as a normal distribution: its mean on `scale`."""
    se: FiniteFloat | None = None
    """Elicited as a normal distribution: its standard deviation on `scale`."""
    quantiles: dict[str, FiniteFloat] | None = None
    """Elicited as quantiles: p05, p50 ... -> the share that is below with that probability in percent."""
    background_start: FiniteFloat | None = None
    """Relative survival: the general population's survival at `start`; 1 where `start` is 0."""
    background_stop: FiniteFloat | None = None
    """Relative survival: the general population's survival at `time`, of people like those of the source."""
    distribution: Literal["beta", "normal"] = "beta"
    """To which quantiles are fitted."""
    scale: ScaleName = "logit"
    """On which the share is normal."""


class ExternalSource(Block):
    """A source of external information: a registry, an elicitation, a publication."""

    arm: str | None = None
    """Of which patients it speaks; may be left out where there is one arm."""
    endpoint: str | None = None
    """Of which it speaks; the one that is fitted where it is left out."""
    time_unit: Unit | None = None
    """Of its times; that of the patients where it is left out."""
    weight: Weight = 1.0
    """By which its log-likelihood is multiplied: 0 leaves it out, 1 takes it in full."""
    note: str = ""
    """What to know of it: whom it describes, how it was elicited."""
    terms: Annotated[list[ExternalRow], Field(min_length=1)]
    """What it says."""
