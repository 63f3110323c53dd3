"""The report of `netcea voi`."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from netcea.analyses.voi.record import record_of
from netcea.analyses.voi.result import StudyValue, VoiResult
from netcea.analyses.voi.tables import (
    evpi_curve_table,
    evpi_table,
    evppi_on_screen,
    evppi_table,
    studies_on_screen,
    studies_table,
)
from netcea.reporting.number_format import pounds
from netcea.reporting.report import Report
from netcea.reporting.table import finite

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def report(result: VoiResult) -> Report:
    """Return tables, figures and JSON of value of information."""
    tables = [evpi_table(result), evppi_table(result), evppi_on_screen(result), evpi_curve_table(result)]
    on_screen = ["evpi", "evppi_largest"]
    if result.studies:
        tables += [studies_table(result), studies_on_screen(result)]
        on_screen.append("studies_best")
    return Report(
        analysis="voi",
        title=f"{result.scenario.file.name}: value of information, {result.totals.n:,} draws",
        scenario=result.scenario,
        options=result.options.model_dump(mode="json"),
        record=record_of(result),
        tables=tuple(tables),
        on_screen=tuple(on_screen),
        lines=tuple(_sentences(result)),
        figures=_figures(result),
    )


def _sentences(result: VoiResult) -> list[str]:
    found = []
    scale = [e.value for b, e in zip(result.bases, result.evpi, strict=True) if b.name != "switch"]
    if not any(scale):
        found.append(
            "At these thresholds no draw changes the decision: no research about these numbers is worth anything "
            "unless the price falls or the structure of the model is wrong."
        )
    if math.isfinite(result.switch):
        found.append(
            f"The decision switches at {pounds(result.switch)} per QALY, where it is most uncertain: that column ranks "
            "the numbers; it is no threshold of the method pack."
        )
    doubtful = [p.label for p in result.partial if any(e.fit_check not in ("", "good") for e in p.estimates)]
    if doubtful:
        found.append(f"Regressions to be doubted (see tables/evppi.csv): {'; '.join(doubtful)}.")
    if result.options.population is not None:
        found.append("Population values rest on assumptions without a source: patients a year, uptake, years.")
    if result.not_here:
        found.append(f"Not drawn in this scenario, and left out: {'; '.join(result.not_here)}.")
    if result.without_effect:
        found.append(f"{len(result.without_effect)} uncertain numbers move no result here and are left out.")
    return found


def _figures(result: VoiResult) -> dict[str, Callable[[], Figure]]:
    made: dict[str, Callable[[], Figure]] = {"evpi": partial(_evpi_figure, result)}
    if any(e.value > 0.0 for p in result.partial for e in p.estimates):
        made["evppi"] = partial(_evppi_figure, result)
    for name in dict.fromkeys(study.name for study in result.studies):
        shown = [study for study in result.studies if study.name == name]
        made[f"evsi_{name}"] = partial(_evsi_figure, result, max(shown, key=lambda study: float(study.evsi.max())))
    return made


def _evpi_figure(result: VoiResult) -> Figure:
    from netcea.analyses.voi.figures.information import evpi_curve

    marked = [(threshold, pounds(threshold)) for threshold in sorted(result.scenario.method_pack.thresholds)]
    if math.isfinite(result.switch):
        marked.append((result.switch, f"{pounds(result.switch)}: the decision switches"))
    name = result.scenario.file.name
    return evpi_curve(result.thresholds, result.evpi_curve, finite(result.people), name=name, marked=marked)


def _evppi_figure(result: VoiResult) -> Figure:
    """Draw the basis on which most is worth knowing."""
    from netcea.analyses.voi.figures.information import evppi_bars

    at = max(range(len(result.bases)), key=lambda i: max(p.estimates[i].value for p in result.partial))
    chosen = [p for p in result.partial if p.is_group] + [p for p in result.partial if not p.is_group][:15]
    return evppi_bars(
        [("Group: " if p.is_group else "") + p.label for p in chosen],
        [p.estimates[at].value for p in chosen],
        [p.estimates[at].standard_error for p in chosen],
        result.evpi[at].value,
        f"£ per patient, at {result.bases[at].label}",
        name=result.scenario.file.name,
    )


def _evsi_figure(result: VoiResult, study: StudyValue) -> Figure:
    from netcea.analyses.voi.figures.study_value import evsi_curve

    evpi = result.evpi[[b.name for b in result.bases].index(study.basis.name)].value
    return evsi_curve(
        study.patients,
        study.evsi,
        study.standard_error,
        study.evppi.value,
        evpi,
        study.net_benefit,
        name=study.label,
        words=f"at {study.basis.label}; {result.scenario.file.name}",
        notes=study.notes,
    )
