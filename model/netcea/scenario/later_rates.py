"""Discount rates that change from a year on."""

from typing import Annotated, Literal, NamedTuple, Self, TypeAlias

from pydantic import Field, FiniteFloat, model_validator

from netcea.blocks import Block

Measure: TypeAlias = Literal["costs", "qalys"]
AnnualRate: TypeAlias = Annotated[FiniteFloat | None, Field(ge=0, le=1)]


class LaterRates(Block):
    """Discount rates that hold from a year on, in place of those before."""

    from_year: Annotated[FiniteFloat, Field(gt=0, le=110)]
    """Time since the start. Years before it keep their rates: what comes later is discounted by both. [years]"""
    costs: AnnualRate = None
    """Of costs, per year, such as 0.015; as before when left out."""
    qalys: AnnualRate = None
    """Of QALYs and life years, per year; as before when left out."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.costs is None and self.qalys is None:
            msg = "give a rate of costs, of qalys, or of both"
            raise ValueError(msg)
        return self


class RateStep(NamedTuple):
    """One rate, and where it is said.

    Attributes
    ----------
    from_year : float
        Time since the start. [years]
    rate : float
        [per year]
    year_at, rate_at : str
        Addresses of both; the first rate holds from the start and has no year of its own.
    """

    from_year: float
    rate: float
    year_at: str
    rate_at: str
