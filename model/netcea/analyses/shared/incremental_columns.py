"""Columns of a fully incremental analysis that every table of one has, as NICE heads them (B.3.10)."""

from typing import Final

from netcea.reporting.table import Column

TOTALS_AND_INCREMENTS: Final = (
    Column("costs", "Total costs", "£", "pounds"),
    Column("life_years", "Total LYG", "", "years"),
    Column("qalys", "Total QALYs", "", "qalys"),
    Column("incremental_costs", "Incremental costs", "£", "pounds"),
    Column("incremental_life_years", "Incremental LYG", "", "years"),
    Column("incremental_qalys", "Incremental QALYs", "", "qalys"),
)
"""Attributes of a row of `netcea.decision.incremental`."""
