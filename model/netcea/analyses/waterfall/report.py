"""The report of `netcea waterfall`."""

from __future__ import annotations

from functools import partial
from typing import Final

from netcea.analyses.shared.effect_cells import icer_of
from netcea.analyses.shared.effects import Effect, thresholds_of
from netcea.analyses.waterfall.figure import Measure, waterfall_figure
from netcea.analyses.waterfall.record import record_of
from netcea.analyses.waterfall.result import WaterfallResult
from netcea.analyses.waterfall.tables import alone_table, cumulative_table, screen_table
from netcea.plain_number import read
from netcea.reporting.number_format import fixed, icer, plain, pounds
from netcea.reporting.report import Report

NO_STEP: Final = (
    "There is no step: analyses.waterfall.steps of the scenario lists changes, each with label, by, reason and what it "
    "sets (or a scenario)."
)


def report(result: WaterfallResult) -> Report:
    """Return the tables of changes on top of one another and one at a time, figures of both measures, and JSON."""
    drawn: tuple[Measure, ...] = ("icer", "nhb") if result.steps else ()
    return Report(
        analysis="waterfall",
        title=f"{result.scenario.file.name}: {len(result.steps)} changes on top of one another",
        scenario=result.scenario,
        options=result.options.model_dump(mode="json"),
        record=record_of(result),
        read_first=result.read_first,
        tables=(cumulative_table(result), alone_table(result), screen_table(result)),
        on_screen=("waterfall_screen",),
        lines=tuple(_sentences(result)),
        figures={f"waterfall_{measure}": partial(waterfall_figure, result, measure) for measure in drawn},
    )


def _sentences(result: WaterfallResult) -> list[str]:
    if not result.steps:
        return [NO_STEP]
    said = [f"{_case(result.options.by)}: {_result(result.base)}."]
    said += [f"{_case(s.case_of)}, after step {s.number}: {_result(s.after)}." for s in result.steps if s.case_of]
    if len(result.steps) > 1:
        threshold = pounds(thresholds_of(result.scenario)[0])
        parts = (result.sum_of_alone, result.interaction, result.total)
        alone, interaction, total = (fixed(change.nhb[0], 3) for change in parts)
        said.append(
            f"In another order the same steps change NHB by other amounts, to the same end. One at a time, they change "
            f"NHB at {threshold} by {alone} QALYs in sum; together by {total}: an interaction of {interaction}."
        )
    pairs = list(zip(result.steps, result.cumulative, strict=True))
    idle = [f"{step.number} ({plain(step.label)})" for step, change in pairs if change.is_nothing]
    if idle:
        said.append(f"On top of those before, step {', '.join(idle)} changes nothing.")
    states = result.states
    flips = [
        f"from {read(before.severity_weight)} to {read(step.after.severity_weight)} with step {step.number}"
        for before, step in zip(states, result.steps, strict=False)
        if before.severity_weight != step.after.severity_weight
    ]
    if flips:
        said.append(f"The severity weight goes {', '.join(flips)}.")
    if result.other_thresholds:
        numbers = ", ".join(map(str, result.other_thresholds))
        at = " and ".join(pounds(threshold) for threshold in thresholds_of(result.scenario))
        said.append(f"After step {numbers} the method pack has other thresholds; NHB is at {at} throughout.")
    return [*said, *(f"Warning after step {s.number}: {plain(text)}" for s in result.steps for text in s.warnings)]


def _case(party: str) -> str:
    return plain(f"{party[:1].upper()}{party[1:]} case")


def _result(effect: Effect) -> str:
    """Return what a result is in words, weighted for severity too where the weight is above 1."""
    words = icer(icer_of(effect))
    words = words if effect.icer is None else f"ICER {words}"
    if effect.severity_weight == 1.0 or effect.icer is None:
        return words
    weight = read(effect.severity_weight)
    return f"{words}, weighted by {weight} for severity {icer(icer_of(effect, weighted=True))}"
