"""A number with its unit, uncertainty, source and status; and numbers estimated together.

This file holds the YAML blocks of ``inputs/`` and the registry of uncertainty families. How rows are drawn from them is
in `netcea.draws`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, FiniteFloat, model_validator

from netcea.blocks import Block
from netcea.errors import BlockError, Problem, did_you_mean
from netcea.quantities.units import UNITS, Unit

Z95: Final = 3.919927969080108
"""Width of a 95% interval of a normal distribution in standard errors (2 x 1.96...)."""

Status = Literal["published", "derived", "assumption", "unverified"]
PositiveFloat = Annotated[FiniteFloat, Field(gt=0)]


class Spread(Block):
    """A standard error, absolute or relative to the value."""

    se: PositiveFloat | None = None
    """Standard error, in the quantity's own unit."""
    se_relative: PositiveFloat | None = None
    """Standard error as a share of the value."""

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.se is None) == (self.se_relative is None):
            raise BlockError(
                Problem(found="both" if self.se is not None else "neither", expected="one of se, se_relative")
            )
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
            raise BlockError(
                Problem(found="both" if self.se is not None else "neither", expected="one of se, effective_n")
            )
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
            raise BlockError(
                Problem(address="low", found=f"low {self.low:g} and high {self.high:g}", expected="low below high")
            )
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
            raise BlockError(
                Problem(address="low", found=f"low {self.low:g} and high {self.high:g}", expected="low below high")
            )
        if self.scale == "log" and self.low <= 0:
            raise BlockError(
                Problem(address="low", found=f"{self.low:g}", expected="an interval above 0 on the log scale")
            )
        if self.scale == "complementary_log_log" and not (self.low > 0 and self.high < 1):
            raise BlockError(
                Problem(
                    address="low",
                    found=f"{self.low:g} to {self.high:g}",
                    expected="an interval between 0 and 1 for a survival probability",
                )
            )
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
            raise BlockError(
                Problem(
                    found=" and ".join(given) or "no distribution",
                    expected=f"exactly one of {', '.join(UNCERTAINTY_FAMILIES)}",
                )
            )
        if self.fixed is not None and not self.fixed.strip():
            raise BlockError(Problem(address="fixed", found="no reason", expected="why the number is not uncertain"))
        return self

    @property
    def family(self) -> str:
        """Name of the family that was given."""
        return next(name for name in UNCERTAINTY_FAMILIES if getattr(self, name) is not None)


UNCERTAINTY_FAMILIES: Final = (
    "normal",
    "log_normal",
    "beta",
    "gamma",
    "uniform",
    "dirichlet",
    "joint",
    "ci95",
    "fixed",
)


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
            raise BlockError(
                Problem(
                    address="unit",
                    found=f"the unknown unit '{self.unit}'",
                    expected=f"one of {', '.join(UNITS)}",
                    suggestion=did_you_mean(self.unit, list(UNITS)),
                )
            )
        faults = [*self._impossible_values(unit), *self._incomplete(unit)]
        if not faults:
            faults = list(self._impossible_spread())
        if faults:
            raise BlockError(faults)
        return self

    def _impossible_values(self, unit: Unit) -> Iterator[Problem]:
        """Yield what lies outside the values that the unit allows."""
        low = f"above {unit.low:g}" if unit.open_low else f"from {unit.low:g}"
        high = f" to {unit.high:g}" if math.isfinite(unit.high) else ""
        numbers = [("value", self.value), *((f"range.{i}", end) for i, end in enumerate(self.range or []))]
        for name, value in numbers:
            if not unit.low <= value <= unit.high or (unit.open_low and value <= unit.low):
                yield Problem(
                    address=name,
                    found=f"{value:g}",
                    expected=f"a value {low}{high}, the unit being '{self.unit}'",
                    suggestion=_percent(value, unit),
                )
        if self.range is not None and not self.range[0] < self.range[1]:
            yield Problem(
                address="range",
                found=f"{self.range[0]:g} to {self.range[1]:g}",
                expected="the lowest value first, then the highest",
            )

    def _incomplete(self, unit: Unit) -> Iterator[Problem]:
        """Yield what must be said about a number and is not."""
        if not self.source:
            yield Problem(
                address="source",
                found="an empty list",
                expected="at least one key of sources.yaml",
                suggestion="no number is used without a source",
            )
        if self.status != "published" and not self.note.strip():
            yield Problem(
                address="status",
                found=f"status '{self.status}' without a note",
                expected="a note that says why or how",
                suggestion="add `note:` to this number",
            )
        if unit.dimension == "money" and not self.price_year:
            yield Problem(address="price_year", found="nothing", expected="the year of the price, such as 2024/25")

    def _impossible_spread(self) -> Iterator[Problem]:
        """Yield why the value cannot have this uncertainty."""
        spread, value = self.uncertainty, self.value
        if spread.beta is not None:
            alpha, beta = spread.beta.alpha_beta(value)
            if not (0 < value < 1 and alpha > 0 and beta > 0):
                yield Problem(
                    address="uncertainty.beta",
                    found=f"an impossible beta of mean {value:g}",
                    expected="a mean between 0 and 1 and a standard error below "
                    f"sqrt(mean (1 - mean)) = {math.sqrt(max(value * (1 - value), 0.0)):.3g}",
                )
        together = "a changed number may need another uncertainty: set both"
        if (spread.gamma is not None or spread.log_normal is not None) and value <= 0:
            yield Problem(
                address="value",
                found=f"{value:g} with the uncertainty {spread.family}",
                expected="a value above 0",
                suggestion=together,
            )
        bounds = spread.uniform or spread.ci95
        if bounds is not None and not bounds.low <= value <= bounds.high:
            outside = f"{value:g}, outside its {spread.family} {bounds.low:g} to {bounds.high:g}"
            yield Problem(address="value", found=outside, expected="a value inside it", suggestion=together)
        elif spread.ci95 is not None and spread.ci95.scale == "log" and value <= 0:
            yield Problem(
                address="value",
                found=f"{value:g} with an interval on the log scale",
                expected="a value above 0",
                suggestion=together,
            )

    def log_standard_error(self) -> float | None:
        """Return the standard error of the logarithm (of the complementary log-log for survival), if there is one."""
        spread = self.uncertainty
        if spread.log_normal is not None:
            return spread.log_normal.se_log
        if spread.ci95 is not None and spread.ci95.scale != "identity":
            return spread.ci95.standard_error()
        return None


def _percent(value: float, unit: Unit) -> str:
    """Return a hint where a proportion was given in percent."""
    return f"{value:g}% is {value / 100:g}" if unit.dimension == "proportion" and 1 < value <= 100 else ""


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
        import numpy as np

        if (self.correlation is None) == (self.covariance is None):
            found = "neither" if self.correlation is None else "both"
            raise BlockError(Problem(found=found, expected="one of correlation, covariance"))
        kind = "correlation" if self.correlation is not None else "covariance"
        rows = self.correlation or self.covariance or []
        n = len(self.names)

        def refuse(found: str, expected: str, suggestion: str = "") -> BlockError:
            return BlockError(Problem(address=kind, found=found, expected=expected, suggestion=suggestion))

        if len(rows) != n or any(len(row) != n for row in rows):
            sizes = ", ".join(str(len(row)) for row in rows)
            raise refuse(f"{len(rows)} rows of {sizes} numbers", f"{n} rows of {n} numbers, as many as names")
        matrix = np.array(rows)
        uneven = np.argwhere(np.abs(matrix - matrix.T) > 1e-12)
        if len(uneven):
            i, j = (int(k) for k in uneven[0])
            raise refuse(
                f"a matrix that is not symmetric: {matrix[i, j]:g} for {self.names[i]} with {self.names[j]}, "
                f"{matrix[j, i]:g} the other way round",
                "the same number in both places",
            )
        if kind == "correlation" and np.any(np.abs(np.diag(matrix) - 1.0) > 1e-12):
            raise refuse(
                "a number other than 1 on the diagonal",
                "1 on the diagonal of a correlation matrix",
                "a covariance matrix goes under `covariance`",
            )
        lowest = float(np.linalg.eigvalsh(matrix)[0])
        if lowest <= 0:
            raise refuse(
                f"a matrix that is not positive definite (lowest eigenvalue {lowest:.3g})",
                "a matrix that numbers estimated together can have",
                "check its signs, or for one row that follows from the others",
            )
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

    @model_validator(mode="after")
    def _complete(self) -> Self:
        faults = []
        if not self.source:
            faults.append(Problem(address="source", found="an empty list", expected="at least one key of sources.yaml"))
        if self.kind == "utility_norms":
            if not self.value_set:
                faults.append(Problem(address="value_set", found="nothing", expected="the value set of the norms"))
            if self.column not in self.columns:
                faults.append(
                    Problem(
                        address="column",
                        found=repr(self.column),
                        expected=f"one of the columns {', '.join(self.columns)}",
                        suggestion=did_you_mean(self.column, list(self.columns)),
                    )
                )
        if faults:
            raise BlockError(faults)
        return self
