"""The report of `netcea one-way`."""

from __future__ import annotations

from functools import partial
from typing import Final

from netcea.analyses.one_way.record import record_of
from netcea.analyses.one_way.result import Moved, OneWayResult
from netcea.analyses.one_way.tables import largest_table, not_moved_table, one_way_table, variance_table
from netcea.analyses.one_way.tornado import tornado
from netcea.analyses.one_way.variance import Explained
from netcea.analyses.shared.effects import thresholds_of
from netcea.reporting.number_format import fixed, plain, pounds, shown
from netcea.reporting.report import Report

SOURCES: Final = 6
"""Sources of uncertainty on the screen."""


def report(result: OneWayResult) -> Report:
    """Return tables, tornado and JSON of one-way sensitivity analysis."""
    return Report(
        analysis="one_way",
        title=f"{result.scenario.file.name}: one-way sensitivity analysis, "
        f"{len(result.moved) + len(result.no_effect)} quantities",
        scenario=result.scenario,
        options=result.options.model_dump(mode="json"),
        record=record_of(result),
        read_first=result.read_first,
        tables=(
            one_way_table(result),
            largest_table(result),
            variance_table(result),
            variance_table(result, SOURCES),
            not_moved_table(result),
        ),
        on_screen=("one_way_largest", "variance_largest"),
        lines=tuple(_sentences(result)),
        figures={"tornado": partial(tornado, result, together_words(result))},
    )


def together_words(result: OneWayResult) -> str:
    """Return what is uncertain and not moved singly, by reason: '3 estimated together, 3 that only feed a fit'."""
    counts: dict[str, int] = {}
    for entry in result.not_moved:
        if entry.uncertain:
            counts[_short(entry.reason)] = counts.get(_short(entry.reason), 0) + 1
    return ", ".join(f"{n} {words}" for words, n in counts.items())


def _short(reason: str) -> str:
    for begins, words in (
        ("estimated together", "estimated together"),
        ("a published figure", "published figures that only feed a fit"),
        ("one of several proportions", "proportions that add up to 1"),
    ):
        if reason.startswith(begins):
            return words
    return "with stated rank correlations"


def _sentences(result: OneWayResult) -> list[str]:
    threshold = pounds(thresholds_of(result.scenario)[0])
    found = []
    if result.moved:
        most = [f"{plain(m.quantity.label)} ({_span(m)})" for m in result.moved[:3]]
        found.append(
            f"The result is most sensitive to {'; '.join(most)}: incremental NHB at {threshold}, in QALYs, "
            f"{fixed(result.base.nhb[0], 3)} at the point estimates."
        )
    if result.variance:
        explain = [
            f"{plain(s.label).replace('; ', ' with ')} ({shown(s.variance_share, 'percent')})"
            for s in result.variance[:3]
        ]
        words = "in the same order as by range" if _in_order(result) else "in another order than by range"
        found.append(f"Of the variance of NHB, most is explained, {words}, by {'; '.join(explain)}.")
    changing = [plain(m.quantity.label) for m in result.moved if m.changes_optimal]
    if changing:
        found.append(f"The optimal strategy at {threshold} changes with: {'; '.join(changing)}.")
    elif result.moved:
        found.append(f"No quantity varied alone changes the optimal strategy at {threshold}.")
    weights = [plain(m.quantity.label) for m in result.moved if m.changes_weight]
    if weights:
        found.append(f"The severity weight changes with: {'; '.join(weights)}.")
    together = together_words(result)
    if together:
        found.append(f"Not varied one at a time: {together} (tables/not_moved.csv); `netcea psa` samples them jointly.")
    if result.no_effect:
        found.append(f"{len(result.no_effect)} quantities change nothing in this scenario (last rows of one_way.csv).")
    notes = [
        f"{plain(m.quantity.label)}: {m.quantity.note}" for m in (*result.moved, *result.no_effect) if m.quantity.note
    ]
    return found + notes


def _named(source: Explained) -> str:
    return plain(source.label).replace("; ", " with ")


def _in_order(result: OneWayResult) -> bool:
    """Say whether the three sources that explain most have the three widest bars, in the same order."""
    return all(source.by_range == source.by_variance for source in result.variance[:3])


def _span(moved: Moved) -> str:
    return f"{fixed(moved.low.nhb[0], 3)} to {fixed(moved.high.nhb[0], 3)}"
