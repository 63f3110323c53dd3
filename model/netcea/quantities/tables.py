"""Tables of inputs/: correlations of numbers that were estimated together, and CSV files beside the YAML."""

from typing import Any, Final, Literal, Self

from pydantic import FiniteFloat, model_validator

from netcea.blocks import Block, PositiveFloat, refused
from netcea.errors import BlockError, Problem, did_you_mean
from netcea.plain_number import read
from netcea.quantities.quantity import NO_SOURCE, Status

SINGULAR: Final = 1e-15
"""Lowest eigenvalue of correlations, for each row of their matrix, that arithmetic can tell from 0. [1]"""


class CorrelationTable(Block):
    """Correlations of quantities that were estimated together, with where they come from."""

    names: list[str]
    """Names of the quantities, in the order of the matrix."""
    correlation: list[list[FiniteFloat]] | None = None
    """Correlation matrix."""
    covariance: list[list[FiniteFloat]] | None = None
    """Covariance matrix on the real line of each quantity."""
    sd: list[PositiveFloat] | None = None
    """Standard deviations of the same replicates; shown, not used where an interval is published. A block of numbers
    that are drawn together has its covariance from them where it states correlations."""
    settings: dict[str, Any] = {}
    """How it was computed: replicates, seed, patients, follow-up."""
    source: list[str]
    status: Status
    note: str = ""

    @model_validator(mode="after")
    def _positive_definite(self) -> Self:
        if (self.correlation is None) == (self.covariance is None):
            raise refused("neither" if self.correlation is None else "both", "one of correlation, covariance")
        kind = "correlation" if self.correlation is not None else "covariance"
        fault = _fault_of_names(self.names, self.sd)
        fault = fault or _matrix_fault(kind, self.names, self.correlation or self.covariance or [])
        if fault is not None:
            raise BlockError(fault)
        return self


def _fault_of_names(names: list[str], sd: list[float] | None) -> Problem | None:
    """Return why these are no names of a matrix; None where they are."""
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        return Problem(address="names", found=f"{twice!r} {names.count(twice)} times", expected="each name once")
    if sd is not None and len(sd) != len(names):
        found = f"{len(sd)} standard deviations"
        return Problem(address="sd", found=found, expected=f"{len(names)}, as many as names")
    return None


def _matrix_fault(kind: str, names: list[str], rows: list[list[float]]) -> Problem | None:
    """Return why this is no matrix of correlations or covariances of these names; None where it is."""
    import numpy as np

    def fault(found: str, expected: str, suggestion: str = "") -> Problem:
        return Problem(address=kind, found=found, expected=expected, suggestion=suggestion)

    n = len(names)
    if len(rows) != n or any(len(row) != n for row in rows):
        sizes = ", ".join(str(len(row)) for row in rows)
        return fault(f"{len(rows)} rows of {sizes} numbers", f"{n} rows of {n} numbers, as many as names")
    matrix = np.array(rows)
    uneven = np.argwhere(np.abs(matrix - matrix.T) > 1e-12 * np.abs(matrix))
    if len(uneven):
        i, j = (int(k) for k in uneven[0])
        return fault(
            f"a matrix that is not symmetric: {read(matrix[i, j])} for {names[i]} with {names[j]}, "
            f"{read(matrix[j, i])} the other way round",
            "the same number in both places",
        )
    if kind == "correlation" and np.any(np.abs(np.diag(matrix) - 1.0) > 1e-12):
        return fault(
            "a number other than 1 on the diagonal",
            "1 on the diagonal of a correlation matrix",
            "a covariance matrix goes under `covariance`",
        )
    flat = np.flatnonzero(np.diag(matrix) <= 0.0)
    if len(flat):
        return fault(
            f"a variance of {read(matrix[flat[0], flat[0]])} for {names[flat[0]]}",
            "variances above 0",
            "a number that is known exactly is `fixed`, and not in the matrix",
        )
    sd = np.sqrt(np.diag(matrix))
    lowest = float(np.linalg.eigvalsh(matrix / np.outer(sd, sd))[0])
    if lowest <= SINGULAR * n:
        return fault(
            f"a matrix that is not positive definite (lowest eigenvalue {read(lowest, 3)})",
            "a matrix that numbers estimated together can have",
            "check its signs, or for one row that follows from the others",
        )
    return None


class DataTable(Block):
    """A table of ``inputs/`` kept as a CSV file beside the YAML file."""

    file: str
    """File name, in the same folder."""
    columns: dict[str, str]
    """Column -> what it holds, with its unit."""
    source: list[str]
    status: Status
    note: str = ""
    kind: Literal[
        "life_table", "life_tables_by_year", "utility_norms", "survival_table", "patient_times", "price_index"
    ]
    """What the table is used for."""
    value_set: str = ""
    """For utility norms: the value set, which must be that of the state utilities."""
    column: str = ""
    """For utility norms: the column in use."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        faults = [] if self.source else [NO_SOURCE]
        if self.kind == "utility_norms":
            if not self.value_set:
                faults.append(Problem(address="value_set", found="nothing", expected="the value set of the norms"))
            if self.column not in self.columns:
                expected = f"one of the columns {', '.join(self.columns)}"
                hint = did_you_mean(self.column, list(self.columns))
                faults.append(Problem(address="column", found=repr(self.column), expected=expected, suggestion=hint))
        if faults:
            raise BlockError(faults)
        return self
