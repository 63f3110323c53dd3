"""A comparison of two scenarios or runs on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, TextIO

from netcea.analyses.difference.analysis import Difference
from netcea.analyses.difference.attribution import Attribution, ChangeEffect, Effect
from netcea.analyses.difference.input_differences import InputDifference
from netcea.analyses.difference.result_changes import ResultChange
from netcea.analyses.difference.tables import MEASURES, ORDERS
from netcea.reporting.changes import where_from
from netcea.reporting.number_format import ICER_LABELS, plain, pounds, shown
from netcea.reporting.screen import console_of, print_to, rich_table
from netcea.reporting.table import Cell, Column, Format, Table

if TYPE_CHECKING:
    from rich.console import Console

LONGEST: Final = 300
"""Longest text of an input on the screen; the CSV file has all of it. [characters]"""
MOST_IN_COMMON: Final = 40
"""Rows of numbers in common on the screen."""


def show_difference(found: Difference, file: TextIO | None = None, width: int | None = None) -> None:
    """Print a comparison."""
    print_to(lambda columns, colour: rendered_difference(found, columns, colour=colour), file, width)


def rendered_difference(found: Difference, width: int = 100, *, colour: bool = False) -> str:
    """Return what `show_difference` prints."""
    console, text = console_of(width, colour=colour)
    console.print()
    if found.marking:
        console.print(plain(found.marking), style="bold red")
    for letter, side in (("A", found.a), ("B", found.b)):
        console.print(f"{letter}  {plain(side.scenario)}", style="bold")
        analysis = f"{side.saved.analysis} in {side.named}, " if side.saved else ""
        where = where_from(side.source, side.inputs_folder, side.project, side.digest)
        console.print(f"   {analysis}{where}", style="dim")
    for line in found.contradictions:
        console.print()
        console.print(f"CONTRADICTION: {plain(line)}", style="bold red")
    _show_inputs(console, found)
    _show_results(console, found)
    _show_in_common(console, found)
    _show_attribution(console, found)
    if found.notes:
        console.print()
    for line in found.notes:
        _indented(console, plain(line), 0)
    console.print()
    return text()


def _indented(console: Console, line: str, left: int, style: str = "") -> None:
    from rich.padding import Padding

    console.print(Padding(line, (0, 0, 0, left)), style=style)


def _show_inputs(console: Console, found: Difference) -> None:
    if found.inputs is None:
        return
    console.print()
    moving = [d for d in found.inputs if d.moves]
    console.print(f"Inputs that differ: {len(moving) or 'none'}", style="bold")
    for difference in moving:
        console.print(f" {plain(difference.address)}  ({difference.kind})")
        for letter, value, where in (("A", difference.a, difference.where_a), ("B", difference.b, difference.where_b)):
            _indented(console, f"{letter}  {_short(value)}{_place(where)}", 3)
    rest = _others(found.inputs)
    if rest:
        _indented(console, f"Also different, without moving a base case: {rest}.", 1, "dim")


def _short(value: str) -> str:
    text = plain(value) or "nothing"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 4]} ..."


def _place(where: str) -> str:
    """Return where something is set; a change on the command line says itself what it is."""
    return "" if not where else "  [--set]" if where.startswith("--set") else f"  [{where}]"


def _others(inputs: tuple[InputDifference, ...]) -> str:
    words = {
        "only in A": "used by A only",
        "only in B": "used by B only",
        "source or status": "sources, statuses, notes",
        "words": "names, reasons and other words",
        "analysis": "options of analyses",
    }
    counts = {kind: sum(d.kind == kind for d in inputs) for kind in words}
    return ", ".join(f"{words[kind]} ({count})" for kind, count in counts.items() if count)


def _show_results(console: Console, found: Difference) -> None:
    moved = [r for r in found.results if r.moved]
    if not found.results:
        return
    console.print()
    if not moved:
        console.print("Results that moved: none", style="bold")
        return
    several = len({r.strategy for r in found.results if r.measure == "icer"}) > 1
    labels = _labels(found)
    rows: list[tuple[Cell, ...]] = [
        (
            _result_name(r, labels, several=several),
            _side_cell(r, r.a, r.label_a),
            _side_cell(r, r.b, r.label_b),
            _change_cell(r),
        )
        for r in moved
    ]
    same = len(found.results) - len(moved)
    note = f"{same} other result{'s are' if same > 1 else ' is'} the same on both sides." if same else ""
    columns = (Column("result", ""), *(Column(n, h, "", "number") for n, h in (("a", "A"), ("b", "B"), ("c", "B - A"))))
    console.print(
        rich_table(Table("moved", "Results that moved (per patient, discounted)", columns, tuple(rows), note))
    )


def _labels(found: Difference) -> dict[str, str]:
    labels: dict[str, str] = {}
    for side in (found.a.outcome, found.b.outcome):
        labels |= {name: totals.label for name, totals in side.strategies.items()} if side else {}
    return labels


def _result_name(result: ResultChange, labels: dict[str, str], *, several: bool) -> str:
    heading, _, _ = MEASURES[result.measure]
    at = f" at {pounds(result.threshold)}" if result.threshold is not None else ""
    total = result.measure in ("costs", "qalys", "life_years")
    who = f"{labels.get(result.strategy, result.strategy)}: " if result.strategy and (total or several) else ""
    return f"{who}{heading[:1].lower() + heading[1:] if who and heading[:2] not in ('QA', 'IC') else heading}{at}"


def _side_cell(result: ResultChange, value: float | None, label: str) -> str:
    if result.measure in ("icer", "weighted_icer") and label:
        if value is None:
            return ICER_LABELS.get(label, label)
        return f"{pounds(value)} saved per QALY lost"
    return shown(value, MEASURES[result.measure][2])


def _change_cell(result: ResultChange) -> str:
    return "-" if result.change is None else signed(result.change, MEASURES[result.measure][2])


def signed(value: float | None, kind: Format) -> str:
    """Return a change with its sign; one that is nothing says so.

    >>> signed(1234.5, "pounds"), signed(-0.25, "qalys"), signed(0.0, "qalys"), signed(None, "qalys")
    ('+£1,234', '-0.250', 'none', '-')
    """
    if value is None:
        return "-"
    if abs(value) <= 1e-9:
        return "none"
    text = shown(value, kind)
    return text if text.startswith("-") or not any(digit in text for digit in "123456789") else f"+{text}"


def _show_in_common(console: Console, found: Difference) -> None:
    if not found.in_common:
        return
    console.print()
    moved = [n for n in found.in_common if n.a != n.b]
    console.print(
        f"Numbers of both folders: {len(found.in_common)}, of which {len(moved) or 'none'} differ", style="bold"
    )
    first = [n for n in moved if n.name.startswith("intervals.")] or moved
    rows: list[tuple[Cell, ...]] = [
        (n.name, n.a, n.b, None if n.a is None or n.b is None else n.b - n.a) for n in first[:MOST_IN_COMMON]
    ]
    if rows:
        columns = (Column("name", ""), *(Column(h, h, "", "number") for h in ("A", "B", "B - A")))
        left = len(moved) - len(rows)
        note = f"{left} more differ: --out DIR or --json shows all of them." if left else ""
        console.print(rich_table(Table("in_common", "", columns, tuple(rows), note)))


def _show_attribution(console: Console, found: Difference) -> None:
    if found.not_attributed and any(r.moved for r in found.results):
        console.print()
        _indented(console, f"What moved them is not worked out: {plain(found.not_attributed)}.", 0)
    if found.attribution is None or found.a.outcome is None:
        return
    console.print()
    attribution, threshold = found.attribution, found.thresholds[0]
    if attribution.total == Effect() and not attribution.changes:
        console.print("None of these inputs moved the intervention's increments.", style="bold")
        return
    console.print(rich_table(_screen_table(attribution, threshold, weighted=_is_weighted(found))))
    for line in _attribution_words(attribution):
        _indented(console, line, 1, "dim")


def _screen_table(found: Attribution, threshold: float, *, weighted: bool) -> Table:
    """Return what each change moved; net health benefit weighted for severity too, where a weight is above 1."""
    heads = ["Costs: alone", "Costs: last", "QALYs: alone", "QALYs: last", "NHB: alone", "NHB: last", "NHB: mean"]
    heads += ["Weighted NHB: alone", "last", "mean"] if weighted else []
    columns = (Column("change", ""), *(Column(head, head, "", "number") for head in heads))
    rows: list[tuple[Cell, ...]] = [
        (change.group.label, *_cells(_orders(change), threshold, weighted=weighted)) for change in found.changes
    ]
    if len(found.changes) > 1 or any(change.fault for change in found.changes):
        rest: dict[str, Effect | None] = {order: found.interaction(order) for order in ORDERS}
        rows.append((_rest_name(found), *_cells(rest, threshold, weighted=weighted)))
    rows.append(("B - A", *_cells(dict.fromkeys(ORDERS, found.total), threshold, weighted=weighted)))
    return Table(
        "attribution", f"What moved the increments (NHB at {pounds(threshold)}, in QALYs)", columns, tuple(rows)
    )


def _rest_name(found: Attribution) -> str:
    """Return what the rest is: interaction, and what cannot be changed alone."""
    return "Interaction, and what moves only together" if any(c.fault for c in found.changes) else "Interaction"


def _orders(change: ChangeEffect) -> dict[str, Effect | None]:
    return {"alone": change.alone, "last": change.last, "mean": change.mean}


def _is_weighted(found: Difference) -> bool:
    return any(side.outcome is not None and side.outcome.severity_weight != 1.0 for side in (found.a, found.b))


def _cells(effects: dict[str, Effect | None], threshold: float, *, weighted: bool) -> tuple[str, ...]:
    both = [effects["alone"], effects["last"]]
    every = [*both, effects["mean"]]
    return (
        *(signed(None if e is None else e.costs, "pounds") for e in both),
        *(signed(None if e is None else e.qalys, "qalys") for e in both),
        *(signed(None if e is None else e.nhb(threshold), "qalys") for e in every),
        *(signed(None if e is None else e.nhb(threshold, weighted=True), "qalys") for e in every if weighted),
    )


def _attribution_words(found: Attribution) -> Iterator[str]:
    if len(found.changes) > 1:
        yield (
            "alone: A with this change only; last: B against B without it. Where the two differ, what a change does "
            "depends on the others; the interaction is what their sum leaves unexplained."
        )
    if found.by_section:
        yield "There are too many changes to show one by one: they are taken together by section."
    for change in found.changes:
        if change.group.why and not found.by_section:
            yield f"{plain(change.group.label)}: {change.group.why} ({', '.join(change.group.addresses)})."
        if change.fault:
            yield f"{plain(change.group.label)} cannot be changed alone: {plain(change.fault)}."
    if found.without_effect:
        yield f"Moved nothing: {', '.join(found.without_effect)}."
