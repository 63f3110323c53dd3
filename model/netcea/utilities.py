"""Utilities: by state, by state and treatment, or by time to death; age-adjusted and never above the norm."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from netcea.addresses import Duration, UtilityValue
from netcea.quantities import Block


class TimeToDeathBand(Block):
    """A utility for those who will die within a time."""

    within: Duration
    """Upper end of the band: time to death."""
    utility: UtilityValue


class Utilities(Block):
    """The utilities of the model."""

    by: Literal["state", "time_to_death"] = "state"
    progression_free: UtilityValue | None = None
    progressed: UtilityValue | None = None
    decrement_on_progression: UtilityValue | None = None
    """In place of `progressed`: the difference is what is estimated, and is never below 0."""
    on_treatment_disutility: UtilityValue | None = None
    """Lost while on treatment, in either state."""
    off_treatment_progression_free: UtilityValue | None = None
    """Utility of the state off treatment; as `progression_free` when left out."""
    off_treatment_progressed: UtilityValue | None = None
    bands: list[TimeToDeathBand] | None = None
    """time_to_death: bands in rising order; the last utility is `beyond`."""
    beyond: UtilityValue | None = None
    """time_to_death: utility of those further from death than the last band."""
    age_adjustment: Literal["multiplicative", "none"] = "multiplicative"
    """multiplicative: u(t) = u_state norm(age + t) / norm(anchor), never above norm(age + t)."""
    anchor_age: Duration | None = None
    """Mean age in the utility study; the cohort's starting age when left out."""
    value_set: str
    """The value set of the state utilities, such as EQ-5D-3L UK (MVH TTO)."""
    value_set_exemption: str = ""
    """Why norms of another value set are acceptable here (vignettes)."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.by == "state":
            if self.progression_free is None:
                msg = "utilities by state need progression_free"
                raise ValueError(msg)
            if (self.progressed is None) == (self.decrement_on_progression is None):
                msg = "give one of progressed, decrement_on_progression"
                raise ValueError(msg)
            if self.bands or self.beyond:
                msg = "bands and beyond go with by: time_to_death"
                raise ValueError(msg)
        elif not self.bands or self.beyond is None:
            msg = "utilities by time to death need bands and beyond"
            raise ValueError(msg)
        return self
