"""The report of `netcea voi`."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from netcea.analyses.voi.managed_access import managed_access_table
from netcea.analyses.voi.record import record_of
from netcea.analyses.voi.result import VoiResult
from netcea.analyses.voi.tables import (
    evpi_curve_table,
    evpi_table,
    evppi_on_screen,
    evppi_table,
    studies_on_screen,
    studies_table,
)
from netcea.decision.monte_carlo import switch_error
from netcea.reporting.late_figures import LateFigures
from netcea.reporting.number_format import known
from netcea.reporting.report import Report
from netcea.sampling.held import sentences

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def report(result: VoiResult) -> Report:
    """Return tables, figures and JSON of value of information."""
    tables = [evpi_table(result), evppi_table(result), evppi_on_screen(result), evpi_curve_table(result)]
    on_screen = ["evpi", "evppi_largest"]
    if result.studies:
        tables += [studies_table(result), studies_on_screen(result)]
        on_screen.append("studies_best")
    if result.scenario.file.managed_access is not None:
        tables.append(managed_access_table(result))
    return Report(
        analysis="voi",
        title=f"{result.scenario.file.name}: value of information, {result.totals.n:,} draws",
        scenario=result.scenario,
        options=result.options.model_dump(mode="json"),
        record=record_of(result),
        read_first=result.read_first,
        tables=tuple(tables),
        on_screen=tuple(on_screen),
        lines=tuple(_sentences(result)),
        figures=LateFigures(partial(_figures, result)),
    )


def _figures(result: VoiResult) -> dict[str, Callable[[], Figure]]:
    from netcea.analyses.voi.figures import figures_of

    return figures_of(result)


def _sentences(result: VoiResult) -> list[str]:
    found = []
    scale = [e.value for b, e in zip(result.bases, result.evpi, strict=True) if b.name != "switch"]
    if not any(scale):
        found.append(
            "At these thresholds no draw changes the decision: no research about these numbers is worth anything "
            "unless the price falls or the structure of the model is wrong."
        )
    if math.isfinite(result.switch):
        error = switch_error(result.totals.costs, result.totals.qalys, result.switch)
        found.append(
            f"The decision switches at {known(result.switch, error, 'pounds')} per QALY, where it is most uncertain: "
            "that column ranks the numbers; it is no threshold of the method pack."
        )
    if result.partial and not any(e.told_from_zero for p in result.partial for e in p.estimates):
        found.append("No EVPPI is distinguishable from 0: these draws show no number that is worth knowing alone.")
    doubtful = [p.label for p in result.partial if any(e.fit_check not in ("", "good") for e in p.estimates)]
    if doubtful:
        found.append(f"Regressions to be doubted (see tables/evppi.csv): {'; '.join(doubtful)}.")
    if result.options.population is not None:
        found.append("Population values rest on assumptions without a source: patients a year, uptake, years.")
    if result.not_here:
        found.append(f"Not drawn in this scenario, and left out: {'; '.join(result.not_here)}.")
    found += sentences(result.scenario, result.held, result.totals.n)
    if result.without_effect:
        found.append(f"{len(result.without_effect)} uncertain numbers move no result here and are left out.")
    return found
