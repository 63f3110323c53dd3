"""Tables of a bootstrap of fits to patients: standard errors and intervals beside those of the delta method."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from netcea.fitting.bootstrap import Replicates
from netcea.fitting.uncertain_summaries import Uncertain, uncertain_summaries
from netcea.reporting.table import Cell, Column, Table

if TYPE_CHECKING:
    from netcea.evidence.arms import FitsOfArms

_BY: Final = (
    Column("se_delta", "Standard error, delta method", "", "number"),
    Column("low_delta", "95% interval, delta method, low", "", "number"),
    Column("high_delta", "95% interval, delta method, high", "", "number"),
    Column("se_bootstrap", "Standard error, bootstrap", "", "number"),
    Column("low_bootstrap", "95% interval, bootstrap, low", "", "number"),
    Column("high_bootstrap", "95% interval, bootstrap, high", "", "number"),
)


def bootstrap_table(found: FitsOfArms) -> Table:
    """Return parameters, landmarks, medians and means of every fit with their uncertainty both ways."""
    columns = (
        Column("arm", "Arm"),
        Column("family", "Family"),
        Column("quantity", "Quantity"),
        Column("estimate", "Estimate", "", "number"),
        *_BY,
        Column("replicates", "Replicates", "", "count"),
        Column("failed", "Without a fit", "", "count"),
    )
    rows = tuple(
        (arm, of.fit.name, *_cells(one), float(len(of.real_line)), float(of.failed))
        for arm, of, said in _said(found)
        for one in said
    )
    note = (
        "Patients drawn again within each arm; knots and breaks as in the fit. Shares, medians and means in years; "
        f"parameters with time in {found.time_unit}. Bootstrap: standard deviation, 2.5% and 97.5% of the replicates "
        "that have a fit."
    )
    return Table("bootstrap", f"{found.in_words}: bootstrap and delta method", columns, rows, note)


def bootstrap_on_screen(found: FitsOfArms) -> list[Table]:
    """Return the medians of `bootstrap_table`, and how many replicates failed; nothing without a bootstrap."""
    if not found.replicates:
        return []
    columns = (
        Column("arm", "Arm"),
        Column("family", "Family"),
        Column("median", "Median", "years", "years"),
        *(Column(f"{end}_{by}", f"{end}, {words}", "years", "years") for by, words in _WAYS for end in ("low", "high")),
        Column("failed", "No fit", "", "count"),
    )
    rows: list[tuple[Cell, ...]] = []
    for arm, of, said in _said(found):
        median = next(one for one in said if one.name == "median")
        rows.append((arm, of.fit.name, median.value, *median.delta, *median.bootstrap, float(of.failed)))
    n = len(next(iter(found.replicates.values()))[0].real_line)
    return [Table("bootstrap", f"{found.in_words}: medians over {n:,} replicates", columns, tuple(rows))]


_WAYS: Final = (("delta", "delta method"), ("bootstrap", "bootstrap"))


def _said(found: FitsOfArms) -> Iterator[tuple[str, Replicates, list[Uncertain]]]:
    """Yield arm, replicates and what they say, for every family of every arm."""
    for arm, families in found.replicates.items():
        last = float(found.data.arms[arm].time.max())
        for of in families:
            yield arm, of, uncertain_summaries(of, last, found.per_year)


def _cells(one: Uncertain) -> tuple[Cell, ...]:
    return (one.name, one.value, one.delta_se, *one.delta, one.bootstrap_se, *one.bootstrap)
