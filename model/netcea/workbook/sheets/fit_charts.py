"""Charts of the live curves over what was published: medians, landmarks, Kaplan-Meier steps, numbers at risk."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from netcea.analyses.base_case.evidence_tables import ENDPOINTS
from netcea.fitting.kaplan_meier import kaplan_meier
from netcea.quantities.units import MONTHS_PER_YEAR
from netcea.reporting.xlsx.page import Page
from netcea.scenario.scenario import Scenario
from netcea.scenario.trial_record import NOTHING, ObservedArm, TrialRecord
from netcea.workbook import charts
from netcea.workbook.construction import Construction
from netcea.workbook.sheets.states import write_traces
from netcea.workbook.sheets.trace import Trace
from netcea.workbook.variants import Variants

CURVES: Final = {"pfs": ("progression_free", "Progression-free survival"), "os": ("alive", "Overall survival")}
"""Endpoint -> column of a trace, title of its chart."""
PUBLISHED: Final = {"x": "published median", "y": "published survival"}
ON_TREATMENT: Final = "on_treatment"
CHART_ROWS: Final = 24
SECOND_CHART: Final = 5
"""Column of the second chart."""
HEIGHT: Final = 11.0
"""[cm]"""
SHORTEST, FURTHER = 3, 1.4
"""Least length of the time axis [years], and how much further than the last figure it goes."""
AT_RISK_EVERY: Final = 6
"""Months between numbers at risk."""
MOST_TIMES: Final = 9
KM_HEADINGS: Final = ("Years", "At risk", "Events", "Kaplan-Meier", "Step: years", "Step: share")


@dataclass(frozen=True)
class ChartedPoints:
    """Published figures of one curve as points below one another.

    Attributes
    ----------
    strategy, endpoint : str
    direction : {'x', 'y'}
        Of their intervals.
    across, up, less, more : range
    longest : float
        Time of the last of them, or of the end of its interval. [years]
    """

    strategy: str
    endpoint: str
    direction: Literal["x", "y"]
    across: str
    up: str
    less: str
    more: str
    longest: float


def write_fit_charts(
    construction: Construction,
    page: Page,
    row: int,
    working: tuple[int, int],
    points: Sequence[ChartedPoints],
    addresses: Sequence[str],
) -> int:
    """Write charts, numbers at risk, and what the trials counted, from a row on; return the last row.

    Parameters
    ----------
    construction : Construction
    page : Page
    row : int
        Below the table.
    working : (row, column)
        From where on Kaplan-Meier steps can stand.
    points : sequence of ChartedPoints
    addresses : sequence of str
        Of the published figures.
    """
    traces, variants = construction.written_by(write_traces), construction.variants
    record = record_of(variants.base, addresses)
    arms = [arm for arm in record.arms if _is_named(arm, variants, addresses)]
    steps = _write_steps(page, working, arms, variants)
    for column, endpoint in zip((1, SECOND_CHART), CURVES, strict=True):
        _add_chart(page, (row, column), endpoint, variants, traces, points, steps)
    row = _write_at_risk(page, row + CHART_ROWS, arms, variants)
    return _write_counts(page, row, record)


def record_of(scenario: Scenario, addresses: Sequence[str]) -> TrialRecord:
    """Return what inputs/ holds of the trials of some figures; nothing for a scenario without the way to inputs/."""
    return NOTHING if scenario.related is None else scenario.related.trial_record(addresses)


def _is_named(arm: ObservedArm, variants: Variants, addresses: Sequence[str]) -> bool:
    """Say whether a figure of a curve, or a strategy, names an arm."""
    file = ".".join(arm.address.split(".")[:2])
    words = {
        word for address in addresses if address.startswith(f"{file}.") for word in address.replace(".", "_").split("_")
    }
    return arm.arm in words or arm.arm in variants.base.strategies


def _name(arm: ObservedArm, variants: Variants) -> str:
    """Return what charts and tables call the patients of an arm: the trial, where inputs/ says which it is."""
    file = ".".join(arm.address.split(".")[:2])
    trials = (
        name for s in variants.scenarios for a, name in s.trial_names.items() if a.startswith(f"{file}.") and name
    )
    return f"{next(trials, file)}, {arm.arm.replace('_', ' ')}"


def _write_steps(
    page: Page, working: tuple[int, int], arms: Sequence[ObservedArm], variants: Variants
) -> dict[str, list[charts.Line]]:
    """Write the Kaplan-Meier estimate of each arm by formula; return endpoint -> lines of its steps."""
    row, first = working
    lines: dict[str, list[charts.Line]] = {}
    for arm in arms:
        found = kaplan_meier(arm.times, arm.events)
        at = [i for i, events in enumerate(found.events) if events > 0]
        page.put(row, first, f"{_name(arm, variants)}, {ENDPOINTS[arm.endpoint]}: {arm.address}", "subtitle")
        page.heading(row + 1, KM_HEADINGS, first)
        start = row + 2
        page.row(start, (0.0, float(found.at_risk[0]), 0.0, 1.0, 0.0, 1.0), "number", first)
        for k, i in enumerate(at, start + 1):
            page.row(k, (float(found.times[i]), float(found.at_risk[i]), float(found.events[i])), "number", first)
            ratio = f"(1-{page.at(k, first + 2)}/{page.at(k, first + 1)})"
            page.formula(k, first + 3, f"{page.at(k - 1, first + 3)}*{ratio}", "share")
        last_step = _write_corners(page, start, len(at), first)
        across, up = (page.span(start, last_step, first + column) for column in (4, 5))
        name = f"{_name(arm, variants)}: Kaplan-Meier"
        lines.setdefault(arm.endpoint, []).append(charts.Line(name, up, across=across, thin=True))
        row = last_step + 2
    return lines


def _write_corners(page: Page, start: int, n: int, first: int) -> int:
    """Write the corners of the steps: two for each event; return the last row."""
    for k in range(1, n + 1):
        for at, share in ((start + 2 * k - 1, start + k - 1), (start + 2 * k, start + k)):
            page.formula(at, first + 4, page.at(start + k, first), "small")
            page.formula(at, first + 5, page.at(share, first + 3), "share")
    return start + 2 * n


def _add_chart(
    page: Page,
    at: tuple[int, int],
    endpoint: str,
    variants: Variants,
    traces: Mapping[str, Trace],
    points: Sequence[ChartedPoints],
    steps: Mapping[str, Sequence[charts.Line]],
) -> None:
    """Add the chart of an endpoint: curves of every strategy, beside PFS time on treatment, over what was published."""
    column, title = CURVES[endpoint]
    labels = {name: variants.base.label(name) for name in traces}
    colours = charts.strategy_colours(variants.base)
    lines = [
        charts.Line(f"{labels[s]}: {ENDPOINTS[endpoint]}", t.span(column, from_start=True), colour=colours[s])
        for s, t in traces.items()
    ]
    if endpoint == "pfs":
        title += " and time on treatment"
        lines += [
            charts.Line(
                f"{labels[s]}: on treatment", t.span(ON_TREATMENT, from_start=True), dashed=True, colour=colours[s]
            )
            for s, t in traces.items()
            if any(rule != "none" for rule, _ in variants.choices[f"strategies.{s}.time_on_treatment.rule"].values)
        ]
    lines += steps.get(endpoint, [])
    mine = [p for p in points if p.endpoint == endpoint]
    drawn = [
        charts.Points(f"{labels[p.strategy]}: {PUBLISHED[p.direction]}", p.across, p.up, p.direction, p.less, p.more)
        for p in mine
    ]
    length = max(SHORTEST, math.ceil(FURTHER * max((p.longest for p in mine), default=0.0)))
    across = next(iter(traces.values())).span("time_years", from_start=True)
    charts.lines(page, at, title, ("Years", "Share"), across, lines, (length, 1.0), drawn)
    page.charts[-1][0].height = HEIGHT


def _write_at_risk(page: Page, row: int, arms: Sequence[ObservedArm], variants: Variants) -> int:
    """Write the numbers at risk of each arm; return the row after."""
    page.put(row, 1, "Numbers at risk", "section")
    if not arms:
        page.put(
            row, 2, "inputs/ holds no times of patients, and no numbers at risk, of these trials and arms.", "subtitle"
        )
        return row + 2
    longest = max(float(arm.times.max()) for arm in arms) * MONTHS_PER_YEAR
    months = [AT_RISK_EVERY * k for k in range(min(MOST_TIMES, math.ceil(longest / AT_RISK_EVERY)))]
    page.heading(row + 1, ["Trial and arm", "Curve", "Table of inputs/", *(f"{m} months" for m in months)])
    for at, arm in enumerate(arms, row + 2):
        page.row(at, (_name(arm, variants), ENDPOINTS[arm.endpoint], arm.address))
        counts = [int(np.sum(arm.times >= m / MONTHS_PER_YEAR)) for m in months]
        page.row(at, counts, "integer", 4)
    return row + 3 + len(arms)


def _write_counts(page: Page, row: int, record: TrialRecord) -> int:
    """Write what the trials counted: patients, deaths, follow-up; return the last row."""
    if not record.counts:
        return row
    page.put(row, 1, "What the trials counted", "section")
    page.heading(row + 1, ["What it is", "", "", "Value", "Unit", "Status", "", "Address"])
    for at, (address, quantity) in enumerate(record.counts.items(), row + 2):
        page.put(at, 1, quantity.label or address)
        page.put(at, 4, quantity.value, "number")
        page.put(at, 5, quantity.unit, "indented")
        page.put(at, 6, quantity.status)
        page.put(at, 8, address)
    return row + 1 + len(record.counts)
