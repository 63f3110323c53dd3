"""A number with its unit, uncertainty, source and status; and numbers estimated together.

This file holds the YAML blocks of ``inputs/`` and the registry of uncertainty families. How rows are drawn from them is
in `netcea.draws`.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator

from netcea.units import UNITS

Z95: Final = 3.919927969080108
"""Width of a 95% interval of a normal distribution in standard errors (2 x 1.96...)."""

Status = Literal["published", "derived", "assumption", "unverified"]
PositiveFloat = Annotated[FiniteFloat, Field(gt=0)]


class Block(BaseModel):
    """A frozen piece of a file; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, strict=True)


class Spread(Block):
    """A standard error, absolute or relative to the value."""

    se: PositiveFloat | None = None
    """Standard error, in the quantity's own unit."""
    se_relative: PositiveFloat | None = None
    """Standard error as a share of the value."""

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.se is None) == (self.se_relative is None):
            msg = "give one of se, se_relative"
            raise ValueError(msg)
        return self

    def standard_error(self, value: float) -> float:
        """Return the standard error at a value."""
        return self.se if self.se is not None else abs(value) * (self.se_relative or 0.0)


class LogSpread(Block):
    """The spread of a log-normal quantity, whose value is its median."""

    se_log: PositiveFloat
    """Standard error of the logarithm."""


class BetaSpread(Block):
    """The spread of a proportion, whose value is its mean."""

    se: PositiveFloat | None = None
    """Standard error."""
    effective_n: PositiveFloat | None = None
    """Number of patients the proportion speaks for (alpha + beta)."""

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.se is None) == (self.effective_n is None):
            msg = "give one of se, effective_n"
            raise ValueError(msg)
        return self

    def alpha_beta(self, value: float) -> tuple[float, float]:
        """Return alpha and beta of the beta distribution with this mean.

        >>> BetaSpread(effective_n=100.0).alpha_beta(0.08)
        (8.0, 92.0)
        """
        n = self.effective_n if self.effective_n is not None else value * (1 - value) / (self.se or 1.0) ** 2 - 1
        return value * n, (1 - value) * n


class Bounds(Block):
    """A lowest and a highest value."""

    low: FiniteFloat
    high: FiniteFloat

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low < self.high:
            msg = f"low ({self.low:g}) must be below high ({self.high:g})"
            raise ValueError(msg)
        return self


class Interval95(Block):
    """A published 95% confidence interval, and the scale on which it is symmetric."""

    low: FiniteFloat
    high: FiniteFloat
    scale: Literal["log", "identity", "complementary_log_log"]
    """log for ratios and medians; complementary_log_log for survival probabilities."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low < self.high:
            msg = f"low ({self.low:g}) must be below high ({self.high:g})"
            raise ValueError(msg)
        if self.scale == "log" and self.low <= 0:
            msg = "an interval on the log scale lies above 0"
            raise ValueError(msg)
        if self.scale == "complementary_log_log" and not (self.low > 0 and self.high < 1):
            msg = "an interval of a survival probability lies between 0 and 1"
            raise ValueError(msg)
        return self

    def standard_error(self) -> float:
        """Return width / 3.92 on the interval's scale.

        >>> round(Interval95(low=0.45, high=2.00, scale="log").standard_error(), 3)
        0.381
        """
        if self.scale == "log":
            low, high = math.log(self.low), math.log(self.high)
        elif self.scale == "complementary_log_log":
            low, high = math.log(-math.log(self.high)), math.log(-math.log(self.low))
        else:
            low, high = self.low, self.high
        return (high - low) / Z95


class DirichletMember(Block):
    """This proportion is one of several that add up to 1 and are drawn together."""

    group: str
    """Name of the set of proportions, shared by its members in one file."""
    effective_n: PositiveFloat
    """Number of patients the proportions speak for."""


class JointMember(Block):
    """This quantity was estimated together with others; the covariance stands in a `covariance` table beside them."""

    block: str
    """Name of the correlated block in the same group."""
    scale: Literal["log", "identity", "logit"]
    """The real line on which the covariance is given."""


class Uncertainty(Block):
    """How far a quantity may be from its value: exactly one family."""

    normal: Spread | None = None
    log_normal: LogSpread | None = None
    beta: BetaSpread | None = None
    gamma: Spread | None = None
    uniform: Bounds | None = None
    dirichlet: DirichletMember | None = None
    joint: JointMember | None = None
    ci95: Interval95 | None = None
    fixed: str | None = None
    """Why this quantity is not uncertain."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = [name for name in UNCERTAINTY_FAMILIES if getattr(self, name) is not None]
        if len(given) != 1:
            msg = f"exactly one of {', '.join(UNCERTAINTY_FAMILIES)} (found {', '.join(given) or 'none'})"
            raise ValueError(msg)
        if self.fixed is not None and not self.fixed.strip():
            msg = "say why the quantity is fixed"
            raise ValueError(msg)
        return self

    @property
    def family(self) -> str:
        """Name of the family that was given."""
        return next(name for name in UNCERTAINTY_FAMILIES if getattr(self, name) is not None)


UNCERTAINTY_FAMILIES: Final = (
    "normal", "log_normal", "beta", "gamma", "uniform", "dirichlet", "joint", "ci95", "fixed",
)  # fmt: skip


class Quantity(Block):
    """One number of ``inputs/``: value, unit, uncertainty, source and status."""

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
    """For a landmark survival: the time at which it holds, in months."""
    price_year: str = ""
    """For money: the year of the price, such as 2021/22."""
    index: str = ""
    """For money: the price index that uprates it; without one it is never uprated (list prices)."""

    @model_validator(mode="after")
    def _possible(self) -> Self:
        unit = UNITS.get(self.unit)
        if unit is None:
            msg = f"unit '{self.unit}' is unknown; expected one of {', '.join(UNITS)}"
            raise ValueError(msg)
        values = [self.value, *(self.range or [])]
        for value in values:
            if not unit.low <= value <= unit.high or (unit.open_low and value <= unit.low):
                low = f"above {unit.low:g}" if unit.open_low else f"from {unit.low:g}"
                high = f" to {unit.high:g}" if math.isfinite(unit.high) else ""
                msg = f"{value:g} is impossible for the unit '{self.unit}'; expected a value {low}{high}"
                raise ValueError(msg)
        if self.range is not None and not self.range[0] < self.range[1]:
            msg = f"a range from {self.range[0]:g} to {self.range[1]:g}; the first must be below the second"
            raise ValueError(msg)
        if not self.source:
            msg = "a number without a source is refused; name a key of sources.yaml"
            raise ValueError(msg)
        if self.status != "published" and not self.note.strip():
            msg = f"a number with status '{self.status}' needs a note that says why or how"
            raise ValueError(msg)
        if unit.dimension == "money" and not self.price_year:
            msg = "money needs a price_year"
            raise ValueError(msg)
        self._check_family()
        return self

    def _check_family(self) -> None:
        spread = self.uncertainty
        if spread.beta is not None:
            alpha, beta = spread.beta.alpha_beta(self.value)
            if not (0 < self.value < 1 and alpha > 0 and beta > 0):
                msg = f"a beta distribution with mean {self.value:g} and this spread does not exist"
                raise ValueError(msg)
        if (spread.gamma is not None or spread.log_normal is not None) and self.value <= 0:
            msg = f"a {spread.family} quantity lies above 0; found {self.value:g}"
            raise ValueError(msg)
        if spread.uniform is not None and not spread.uniform.low <= self.value <= spread.uniform.high:
            msg = f"the value {self.value:g} lies outside its bounds {spread.uniform.low:g} to {spread.uniform.high:g}"
            raise ValueError(msg)
        if spread.ci95 is not None:
            if not spread.ci95.low <= self.value <= spread.ci95.high:
                msg = f"the value {self.value:g} lies outside its interval {spread.ci95.low:g} to {spread.ci95.high:g}"
                raise ValueError(msg)
            if spread.ci95.scale == "log" and self.value <= 0:
                msg = "an interval on the log scale needs a value above 0"
                raise ValueError(msg)

    def log_standard_error(self) -> float | None:
        """Return the standard error of the logarithm (of the complementary log-log for survival), if there is one."""
        spread = self.uncertainty
        if spread.log_normal is not None:
            return spread.log_normal.se_log
        if spread.ci95 is not None and spread.ci95.scale != "identity":
            return spread.ci95.standard_error()
        return None


class CorrelationTable(Block):
    """Correlations of quantities that were estimated together, with where they come from."""

    names: list[str]
    """Names of the quantities, in the order of the matrix."""
    correlation: list[list[FiniteFloat]] | None = None
    """Correlation matrix."""
    covariance: list[list[FiniteFloat]] | None = None
    """Covariance matrix on the real line of each quantity."""
    sd: list[PositiveFloat] | None = None
    """Standard deviations of the same replicates; shown, not used where an interval is published."""
    settings: dict[str, Any] = {}
    """How it was computed: replicates, seed, patients, follow-up."""
    source: list[str]
    status: Status
    note: str = ""

    @model_validator(mode="after")
    def _positive_definite(self) -> Self:
        import numpy as np  # noqa: PLC0415 - only where a matrix is checked

        if (self.correlation is None) == (self.covariance is None):
            msg = "give one of correlation, covariance"
            raise ValueError(msg)
        rows = self.correlation if self.correlation is not None else self.covariance
        n = len(self.names)
        if rows is None or len(rows) != n or any(len(row) != n for row in rows):
            msg = f"expected {n} rows of {n} numbers, as many as names"
            raise ValueError(msg)
        matrix = np.array(rows)
        if not np.allclose(matrix, matrix.T, rtol=0, atol=1e-12):
            msg = "the matrix is not symmetric"
            raise ValueError(msg)
        if self.correlation is not None and not np.allclose(np.diag(matrix), 1.0, rtol=0, atol=1e-12):
            msg = "the diagonal of a correlation matrix is 1"
            raise ValueError(msg)
        lowest = float(np.linalg.eigvalsh(matrix)[0])
        if lowest <= 0:
            msg = f"the matrix is not positive definite (lowest eigenvalue {lowest:.3g})"
            raise ValueError(msg)
        return self


class DataTable(Block):
    """A table of ``inputs/`` kept as a CSV file beside the YAML file."""

    file: str
    """File name, in the same folder."""
    columns: dict[str, str]
    """Column -> what it holds, with its unit."""
    source: list[str]
    status: Status
    note: str = ""
    kind: Literal["life_table", "utility_norms", "survival_table", "patient_times", "price_index"]
    """What the table is used for."""
    value_set: str = ""
    """For utility norms: the value set, which must be that of the state utilities."""
    column: str = ""
    """For utility norms: the column in use."""
