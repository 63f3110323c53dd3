"""What a page shows of a redacted run: nothing that a cost goes into, so that it is the same at every price.

A redacted folder compares files of runs at several prices; a page is one file, and is made once. So it leaves out what
the comparison would decide: tables of costs, and every straight line in a price.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from netcea.reporting.redaction import LINES_IN_PRICES, MONEY
from netcea.reporting.table import Column, Table
from netcea.scenario.price_layers import CONFIDENTIAL

SHOWN: Final = frozenset(
    """
    revealed prior_therapy expert_validation
    base_case severity qalys_by_state life_years_by_state modelled_and_published fits inputs sources
    structure_survival structure_mortality severity_by_age curve_pfs curve_os curve_ttd at_risk_pfs at_risk_os
    at_risk_ttd
    """.split()  # noqa: SIM905 - a list of words, to be read as one
)
"""Tables of which only what no cost goes into is shown."""


def without_costs(table: Table) -> Table | None:
    """Return a table of a redacted report without what could depend on a price; None where it is left out whole.

    Parameters
    ----------
    table : Table
        As the redacted report has it.
    """
    if table.name not in SHOWN:
        return None
    hides = [_depends(column) for column in table.columns]
    rows = tuple(
        tuple(CONFIDENTIAL if hide else cell for cell, hide in zip(row, hides, strict=True)) for row in table.rows
    )
    return replace(table, rows=rows, note="" if MONEY.search(table.note) else table.note)


def _depends(column: Column) -> bool:
    words = column.name.split("_")
    return column.format in ("pounds", "icer") or bool(LINES_IN_PRICES & set(words))
