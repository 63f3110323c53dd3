"""The report of `netcea switching`."""

from __future__ import annotations

from functools import partial
from typing import Final

from netcea.analyses.shared.effect_cells import effect_columns, icer_of, other_weight
from netcea.analyses.switching.figure import methods_figure
from netcea.analyses.switching.record import record_of
from netcea.analyses.switching.result import MethodResult, SwitchingResult
from netcea.plain_number import read
from netcea.reporting.number_format import icer, plain
from netcea.reporting.report import Report
from netcea.reporting.table import Column, ColumnOf, Table, table_of

NO_METHOD: Final = (
    "No method is named: analyses.switching.methods of the scenario names hazard ratios, curves or scenarios without "
    "switching, by method. `netcea adjust` estimates them from patients."
)


def report(result: SwitchingResult) -> Report:
    """Return the table of methods, a figure of control survival and results, and JSON."""
    return Report(
        analysis="switching",
        title=f"{result.scenario.file.name}: overall survival by method of adjusting for treatment switching",
        scenario=result.scenario,
        options=result.options.model_dump(mode="json"),
        record=record_of(result),
        read_first=result.read_first,
        tables=(methods_table(result), screen_table(result)),
        on_screen=("switching_screen",),
        lines=tuple(_sentences(result)),
        figures={"methods": partial(methods_figure, result)} if any(m.control for m in result.methods) else {},
    )


def methods_table(result: SwitchingResult) -> Table:
    """Return a row for each method, intention to treat first: survival of the strategy, and what it means."""
    label = plain(result.scenario.label(result.strategy))
    return table_of(
        "switching",
        "Results by method of adjusting overall survival for switching",
        (result.observed, *result.methods),
        (
            *_first_columns(),
            *_control_columns(label),
            *effect_columns(result.scenario, lambda row: row.effect),
            other_weight(result.base, lambda row: (row.effect,) if row.effect else ()),
            (Column("survival_from", "Survival from"), lambda row: row.survival_from),
            (Column("fault", "Not run, because"), lambda row: plain(row.fault)),
        ),
        f"Survival of {label} by each method; the curve of {_intervention(result)} is the same in every row. Intention "
        "to treat contains switching, and its cost: a bound.",
    )


def screen_table(result: SwitchingResult) -> Table:
    """Return the columns of the same table that fit on a screen."""
    label = plain(result.scenario.label(result.strategy))
    versus = plain(result.scenario.label(result.scenario.file.decision.comparator))
    return table_of(
        "switching_screen",
        "Results by method of adjusting overall survival for switching",
        (result.observed, *result.methods),
        (
            *_first_columns(),
            *_control_columns(label)[:2],
            (Column("icer", "ICER", "£/QALY", "icer"), lambda row: icer_of(row.effect) if row.effect else None),
            (Column("severity_weight", "Severity weight", "", "weight"), lambda row: _of(row, "severity_weight")),
            (
                Column("weighted_icer", "Weighted ICER", "£/QALY", "icer"),
                lambda row: icer_of(row.effect, weighted=True) if row.effect else None,
            ),
            (Column("fault", "Not run, because"), lambda row: plain(row.fault)),
        ),
        f"{_intervention(result)} against {versus}; its own curve is the same in every row. Intention to treat "
        "contains switching, and its cost: a bound.",
    )


def _intervention(result: SwitchingResult) -> str:
    return plain(result.scenario.label(result.scenario.file.decision.intervention))


def _first_columns() -> tuple[ColumnOf[MethodResult], ...]:
    return (
        (Column("method", "Method"), lambda row: plain(row.method)),
        (Column("hazard_ratio", "Hazard ratio", "", "number"), lambda row: row.hazard_ratio),
    )


def _control_columns(label: str) -> tuple[ColumnOf[MethodResult], ...]:
    def of(name: str, heading: str, unit: str, kind: str) -> ColumnOf[MethodResult]:
        column = Column(name, f"{label}: {heading}", unit, kind)  # type: ignore[arg-type]
        return column, lambda row: getattr(row.control, name) if row.control else None

    return (
        of("median_os", "median OS", "years", "years"),
        of("at_five_years", "alive at 5 years", "", "percent"),
        of("at_two_years", "alive at 2 years", "", "percent"),
        of("life_years", "life years, undiscounted", "years", "years"),
    )


def _of(row: MethodResult, name: str) -> float | None:
    return getattr(row.effect, name) if row.effect else None


def _sentences(result: SwitchingResult) -> list[str]:
    if not result.methods:
        return [NO_METHOD]
    found = [row for row in result.methods if row.effect is not None]
    said = []
    with_icer = [row for row in found if row.effect is not None and row.effect.icer is not None]
    if with_icer and not result.scenario.prices.redacted:
        lowest, highest = (choose(with_icer, key=_icer) for choose in (min, max))
        said.append(
            f"ICER from {icer(icer_of(lowest.effect))} ({plain(lowest.method)}) to {icer(icer_of(highest.effect))} "  # type: ignore[arg-type]
            f"({plain(highest.method)}); {icer(icer_of(result.base))} by intention to treat."
        )
    weights = sorted({row.effect.severity_weight for row in (result.observed, *found) if row.effect is not None})
    if len(weights) > 1:
        said.append(f"The severity weight is {' or '.join(read(w) for w in weights)}, depending on the method.")
    return said


def _icer(row: MethodResult) -> float:
    return float("inf") if row.effect is None or row.effect.icer is None else row.effect.icer
