"""A number of inputs/ with its unit, uncertainty, source and status."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Final, Literal, Self

from pydantic import Field, FiniteFloat, model_validator

from netcea.arrays import Array
from netcea.blocks import Block, PositiveFloat, refused
from netcea.errors import BlockError, Place, Problem, did_you_mean
from netcea.plain_number import read
from netcea.quantities.limits import limits_of_unit, problems_of
from netcea.quantities.price_types import PriceType
from netcea.quantities.units import MONTHS_PER_YEAR, UNITS, Unit
from netcea.uncertainty.drawn_family import DrawnFamily
from netcea.uncertainty.families import Uncertainty

ShareBetween = Annotated[FiniteFloat, Field(gt=0.0, lt=1.0)]
Status = Literal["published", "derived", "assumption", "unverified"]
NO_SOURCE: Final = Problem(address="source", found="an empty list", expected="at least one key of sources.yaml")


class Quantity(Block):
    """One number of ``inputs/``: value, unit, uncertainty, source and status.

    Examples
    --------
    >>> share = Quantity.model_validate({"value": 0.5, "unit": "proportion", "source": ["x"], "status": "published",
    ...                                  "uncertainty": {"uniform": {"low": 0.0, "high": 1.0}}})
    >>> import numpy as np
    >>> share.quantile(np.array([0.025, 0.975])).tolist()
    [0.025, 0.975]
    """

    value: FiniteFloat
    """The point estimate, in `unit`; the base case uses it."""
    unit: str
    """One of the closed list of units."""
    uncertainty: Uncertainty
    """A distribution, a published 95% interval, or `fixed` with its reason."""
    source: list[str]
    """Keys of sources.yaml; for an assumption where it was stated."""
    status: Status
    """published, derived, assumption or unverified."""
    label: str = ""
    """What tables and figures call it."""
    note: str = ""
    """How it was derived, why it was assumed, what it is not. Obligatory for derived, assumption and unverified."""
    range: Annotated[list[FiniteFloat], Field(min_length=2, max_length=2)] | None = None
    """Plausible lowest and highest value, in `unit`; for one-way analysis and plausibility checks."""
    at_months: PositiveFloat | None = None
    """For a landmark survival: the time at which it holds, in months; for a duration that is a restricted mean: the
    time until which it is the area under the curve."""
    failed: ShareBetween | None = None
    """For a duration that is a quantile of survival: the share that has failed by then, 0.25 for the lower quartile. A
    median needs none."""
    price_type: PriceType | Literal[""] = ""
    """For the price of a drug: drug_tariff, emit (national price paid for a generic) or contract (agreed and public),
    all of which the NHS pays; or list."""
    price_year: str = ""
    """For money: the year of the price, such as 2021/22."""
    value_set: str = ""
    """For a utility: the value set, such as EQ-5D-3L UK (MVH TTO), where the `about` of its group does not say it."""
    data_cut: str = ""
    """For a trial's number: when the data were read, where the `about` of its group does not say it."""
    index: str = ""
    """For money: the price index that uprates it; without one it is never uprated (list prices)."""

    @model_validator(mode="after")
    def _possible(self) -> Self:
        unit = UNITS.get(self.unit)
        if unit is None:
            hint = did_you_mean(self.unit, list(UNITS))
            expected = f"one of {', '.join(UNITS)}"
            raise refused(f"the unknown unit '{self.unit}'", expected, address="unit", suggestion=hint)
        faults = [*self._impossible_values(), *self._incomplete(unit)]
        faults = faults or self.uncertainty.given.why_not(self.value)
        if faults:
            raise BlockError(faults)
        return self

    def _impossible_values(self) -> Iterator[Problem]:
        """Yield what lies outside the values that the unit allows."""
        limits = [limits_of_unit(self.unit)]
        for name, value in [("value", self.value), *((f"range.{i}", end) for i, end in enumerate(self.range or []))]:
            yield from problems_of(limits, value, Place(address=name))
        if self.range is not None and not self.range[0] < self.range[1]:
            found = f"{read(self.range[0])} to {read(self.range[1])}"
            yield Problem(address="range", found=found, expected="the lowest value first, then the highest")

    def _incomplete(self, unit: Unit) -> Iterator[Problem]:
        """Yield what must be said about a number and is not."""
        if not self.source:
            yield replace(NO_SOURCE, suggestion="no number is used without a source")
        if self.status != "published" and not self.note.strip():
            yield Problem(
                address="status",
                found=f"status '{self.status}' without a note",
                expected="a note that says why or how",
                suggestion="add `note:` to this number",
            )
        if unit.dimension == "money" and not self.price_year:
            yield Problem(address="price_year", found="nothing", expected="the year of the price, such as 2024/25")
        if self.failed is not None and (unit.dimension != "duration" or self.at_months is not None):
            found = f"the unit '{self.unit}'" if unit.dimension != "duration" else "`at_months` beside it"
            yield Problem(address="failed", found=found, expected="a duration, which is a quantile of survival")
        months = self.value * unit.to_model * MONTHS_PER_YEAR
        if unit.dimension == "duration" and self.at_months is not None and months >= self.at_months:
            found = f"{read(self.value)} {self.unit} until {read(self.at_months)} months"
            yield Problem(address="value", found=found, expected="a restricted mean below the time until which it is")
        if unit.dimension != "money" and self.price_type:
            yield Problem(address="price_type", found=f"the unit '{self.unit}'", expected="an amount of money (GBP)")

    @property
    def figure_kind(self) -> Literal["median", "quantile", "restricted_mean", "survival_at", ""]:
        """What it says of a survival curve, if it is a figure of one.

        Examples
        --------
        >>> mean = {"value": 9.0, "unit": "months", "at_months": 12.0, "source": ["x"], "status": "published"}
        >>> Quantity.model_validate({**mean, "uncertainty": {"fixed": "an example"}}).figure_kind
        'restricted_mean'
        """
        if UNITS[self.unit].dimension == "proportion":
            return "" if self.at_months is None else "survival_at"
        if UNITS[self.unit].dimension != "duration":
            return ""
        return "restricted_mean" if self.at_months is not None else "median" if self.failed is None else "quantile"

    @property
    def figure_words(self) -> str:
        """What it says of a survival curve, in words."""
        kind = self.figure_kind
        if kind == "survival_at":
            return f"survival at {read(self.at_months or 0.0)} months"
        if kind == "restricted_mean":
            return f"restricted mean to {read(self.at_months or 0.0)} months"
        return f"time at which {read(100.0 * (self.failed or 0.0))}% have failed" if kind == "quantile" else "median"

    @property
    def is_uncertain(self) -> bool:
        """Whether it has a distribution and a random stream of its own: neither fixed nor drawn with others."""
        return self.is_drawn and not self.uncertainty.given.group_field

    @property
    def is_drawn(self) -> bool:
        """Whether it is drawn, alone or with its group; not by the estimate that it belongs to."""
        return isinstance(self.uncertainty.given, DrawnFamily)

    @property
    def distribution(self) -> DrawnFamily:
        """The family from which it is drawn, with its entries.

        Raises
        ------
        ValueError
            It is fixed, or drawn with the estimate that it belongs to.
        """
        given = self.uncertainty.given
        if isinstance(given, DrawnFamily):
            return given
        msg = f"a quantity with the uncertainty '{given.name}' has no distribution of its own"
        raise ValueError(msg)

    def at_deviate(self, z: Array) -> Array:
        """Return its value at standard normal deviates.

        Parameters
        ----------
        z : Array (...)
            Of any shape. [1]

        Returns
        -------
        Array (...)
            [`unit`]

        Raises
        ------
        ValueError
            It is not drawn.
        """
        return self.distribution.at_deviate(self.value, z)

    def quantile(self, p: Array) -> Array:
        """Return its value at ranks.

        Parameters
        ----------
        p : Array (...)
            Above 0 and below 1, of any shape. [1]

        Returns
        -------
        Array (...)
            [`unit`]

        Raises
        ------
        ValueError
            It is not drawn.
        """
        return self.distribution.quantile(self.value, p)

    @property
    def words(self) -> str:
        """The uncertainty in words, for tables."""
        return self.uncertainty.given.words(self.value)

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """The 95% interval, published or simple to work out; (None, None) elsewhere. [`unit`]."""
        return self.uncertainty.given.interval(self.value)


def faults_of_group(members: Mapping[str, Quantity]) -> Iterable[tuple[str, Problem]]:
    """Return why the members of a group that is drawn together are no whole.

    Parameters
    ----------
    members : mapping of address -> Quantity
        All of them, at least one. [their own units]

    Returns
    -------
    iterable of (address, Problem)
        Addresses of problems are relative to the member.
    """
    families = {address: (quantity.value, quantity.uncertainty.given) for address, quantity in members.items()}
    return next(iter(families.values()))[1].faults_of_group(families)
