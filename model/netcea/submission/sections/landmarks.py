"""Survival of the finished curves at landmarks, with medians: the numbers behind the figures."""

from __future__ import annotations

from typing import Final

from netcea.analyses.base_case.evidence_tables import ENDPOINTS
from netcea.analyses.shared.medians import median_months, survival_at
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.reporting.number_format import plain
from netcea.reporting.table import Cell, Column, Table, finite
from netcea.scenario.scenario import Scenario
from netcea.submission.blocks import Block, TableBlock
from netcea.submission.submission import Submission
from netcea.survival.evaluate import Curves

YEARS: Final = (1.0, 2.0, 3.0, 5.0, 10.0, 20.0)
CAPTION: Final = "Modelled survival at landmarks, with medians"


def landmarks_block(submission: Submission) -> list[Block]:
    """Return survival at landmarks of every curve; no price goes into it.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    """
    return [TableBlock(landmarks_table(submission.scenario), CAPTION)]


def landmarks_table(scenario: Scenario) -> Table:
    """Return a row for each strategy and endpoint.

    Parameters
    ----------
    scenario : Scenario
        At its point estimates.
    """
    grid, row = Grid.of(scenario), base_case(scenario)
    curves = Curves(scenario.curves, row, grid.time.edges, grid.population_hazard(row))
    years = [year for year in YEARS if year < scenario.file.settings.horizon_years]
    rows = [_row(scenario, curves, name, endpoint, years) for name in scenario.strategies for endpoint in ("pfs", "os")]
    columns = (
        Column("strategy", "Strategy"),
        Column("endpoint", "Endpoint"),
        Column("median", "Median", "months", "months"),
        *(Column(f"at_{year:.0f}", f"At {year:.0f} year{'s' if year > 1.0 else ''}", "", "percent") for year in years),
    )
    note = "Of the finished curves, after every adjustment, before PFS is capped at OS."
    return Table("landmarks", CAPTION, columns, tuple(rows), note)


def _row(scenario: Scenario, curves: Curves, strategy: str, endpoint: str, years: list[float]) -> tuple[Cell, ...]:
    address = f"strategies.{strategy}.{endpoint}"
    found = [survival_at(curves, address, year) for year in years]
    median = finite(median_months(curves, address))
    return (plain(scenario.label(strategy)), ENDPOINTS[endpoint], median, *found)
