"""Base cases on the screen: tables that are read at a glance, at 80 columns and when piped."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, TextIO

from netcea.analyses.base_case.combined import CombinedView, combined_view
from netcea.analyses.base_case.judgement_tables import all_warnings, binding_words
from netcea.analyses.base_case.result import BaseCaseResult, Case
from netcea.analyses.base_case.screen_combined import combined_tables
from netcea.analyses.base_case.screen_evidence import ledger_summary, published_table
from netcea.analyses.base_case.screen_tables import (
    cost_table,
    incremental_table,
    main_table,
    net_benefit_table,
    outcome_table,
    pairwise_table,
)
from netcea.reporting.number_format import fixed, plain, shown

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

NARROWEST: Final = 72
WIDEST: Final = 110


def show_base_cases(results: Sequence[BaseCaseResult], file: TextIO | None = None, width: int | None = None) -> None:
    """Print base cases, and the weighted view of populations that belong together.

    Parameters
    ----------
    results : sequence of BaseCaseResult
    file : TextIO, optional
        Standard output when left out; colours only on a terminal.
    width : int, optional
        [columns]; that of the terminal when left out, 100 when piped.
    """
    print_to(lambda columns, colour: rendered(results, columns, colour=colour), file, width)


def print_to(render: Callable[[int, bool], str], file: TextIO | None, width: int | None) -> None:
    """Print what is rendered for a width and with or without colour, in characters that the file can hold."""
    file = file or sys.stdout
    tty = file.isatty()
    if width is None:
        width = shutil.get_terminal_size((100, 24)).columns if tty else 100
    text = render(min(max(width, NARROWEST), WIDEST), tty)
    file.write(_encodable(text, getattr(file, "encoding", None) or "utf-8"))


def console_of(width: int, *, colour: bool) -> tuple[Console, Callable[[], str]]:
    """Return a console that prints into memory, and the function that returns what was printed."""
    from rich.console import Console

    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    return console, lambda: "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def rendered(results: Sequence[BaseCaseResult], width: int = 100, *, colour: bool = False) -> str:
    """Return what `show_base_cases` prints."""
    console, text = console_of(width, colour=colour)
    for result in results:
        _show(console, result)
    view = combined_view(results)
    if view is not None:
        _show_combined(console, view, results)
    return text()


def _show(console: Console, result: BaseCaseResult) -> None:
    console.print()
    for line, style in _heading(result):
        console.print(line, style=style)
    for renderable in _tables(result):
        console.print()
        console.print(renderable)
    _section(console, "Severity", [severity_words(result.case)])
    if result.comparisons:
        console.print()
        console.print(published_table(result))
    _section(console, "Limits that bind", [binding_words(result, b) for b in result.bindings] or ["none"])
    found = [f"{w.address}: {plain(w.message)}" if w.address else plain(w.message) for _, w in all_warnings(result)]
    if found:
        _section(console, "Warnings", found, style="yellow")
    console.print()


def _heading(result: BaseCaseResult) -> Iterator[tuple[str, str]]:
    case, settings = result.case, result.scenario.file.settings
    rates = {settings.discount_rate_costs, settings.discount_rate_qalys}
    discount = " and ".join(shown(rate, "percent") for rate in sorted(rates))
    yield plain(case.name), "bold"
    if result.scenario.prices.marking:
        yield result.scenario.prices.marking, "bold red"
    yield f"{case.source}, numbers from {result.scenario.inputs_folder}, digest {case.digest[:12]}", "dim"
    what = (
        f"Per patient; {settings.horizon_years:g} years, discounted at {discount}; "
        f"{result.scenario.file.decision_problem.perspective}, prices of {plain(settings.price_year)}; "
        f"{result.scenario.method_pack.name}"
    )
    yield what, "dim"
    for change in result.scenario.changes:
        yield f"Changed: {plain(change.address)} = {plain(change.value)}  ({change.where})", ""


def _tables(result: BaseCaseResult) -> Iterator[RenderableType]:
    yield incremental_table(result)
    if len(result.case.strategies) > 2:
        yield pairwise_table(result)
    yield main_table(result)
    yield net_benefit_table(result)
    yield cost_table(result)
    yield outcome_table(result)
    if result.ledger:
        yield ledger_summary(result)


def severity_words(case: Case) -> str:
    """Say the severity weight, how it comes about, and how far it is from another."""
    s = case.severity
    current = plain(case.strategies[case.established_practice].label)
    words = (
        f"Weight {s.severity_weight:g}: absolute shortfall {fixed(s.absolute_shortfall, 3)} of "
        f"{fixed(s.qalys_general_population, 3)} QALYs (weight {s.weight_absolute:g}), proportional "
        f"{fixed(100 * s.proportional_shortfall, 1)}% (weight {s.weight_proportional:g}). Nearest boundary: "
        f"{s.next_boundary}. The absolute shortfall is {fixed(abs(s.distance_absolute), 3)} QALYs "
        f"{_side(s.distance_absolute)} its nearest boundary, the proportional one "
        f"{fixed(100 * abs(s.distance_proportional), 1)} percentage points {_side(s.distance_proportional)} its own. "
        f"{current} yields "
        f"{fixed(s.qalys_current_care, 3)} QALYs"
    )
    if s.qalys_for_higher_weight is not None:
        words += f"; the weight is higher at {fixed(s.qalys_for_higher_weight, 3)} or fewer"
    if s.qalys_for_lower_weight is not None:
        words += f"; the weight is lower above {fixed(s.qalys_for_lower_weight, 3)}"
    return words + "."


def _side(distance: float) -> str:
    return "below" if distance > 0.0 else "above"


def _section(console: Console, title: str, lines: Sequence[str], style: str = "") -> None:
    from rich.padding import Padding

    console.print()
    console.print(title, style="bold")
    for line in lines:
        console.print(Padding(line, (0, 0, 0, 1)), style=style)


def _show_combined(console: Console, view: CombinedView, results: Sequence[BaseCaseResult]) -> None:
    for renderable in combined_tables(view, results):
        console.print(renderable)
        console.print()


def _encodable(text: str, encoding: str) -> str:
    """Return text that the file can hold: plain lines, then GBP for the pound sign, where its encoding has none."""
    for found in (text, text.replace("─", "-"), text.replace("─", "-").replace("£", "GBP ")):
        try:
            found.encode(encoding)
        except (UnicodeEncodeError, LookupError):
            continue
        return found
    return text.replace("─", "-").replace("£", "GBP ").encode("ascii", "replace").decode("ascii")
