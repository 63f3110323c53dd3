"""Figures of other programs beside netcea's as text: totals of each strategy, or every figure."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence

from validation.figure import TOLERANCE, Figure

SHOWN = ("life years", "QALYs", "costs", "ICER")
"""Totals with columns of their own, theirs and netcea's."""
DIGITS = {"life years": 6, "QALYs": 6, "costs": 2, "ICER": 2}
NUMBERED = "see "
"""Before the section of differences_explained.md."""


def totals(figures: Sequence[Figure]) -> str:
    """Return a table for each program and case: totals of each strategy, and the largest difference of all figures."""
    sections: dict[tuple[str, str], list[Figure]] = {}
    for figure in figures:
        sections.setdefault((figure.program, figure.case), []).append(figure)
    return "\n\n".join(f"{program}: {case}\n{_section(found)}" for (program, case), found in sections.items())


def _section(figures: Sequence[Figure]) -> str:
    shown = [name for name in SHOWN if any(figure.measure == name for figure in figures)]
    head = ["convention", "strategy", *(text for name in shown for text in (f"{name}, theirs", "netcea"))]
    head += ["figures", "largest difference", ""]
    rows = [_row(key, found, shown) for key, found in _grouped(figures).items()]
    return _aligned([head, *rows], left=2)


def every_figure(figures: Iterable[Figure], between: str) -> str:
    """Return a row for each figure, with all its digits; `between` columns: a comma for CSV, blanks for the screen."""
    head = [
        "program",
        "case",
        "convention",
        "strategy",
        "measure",
        "theirs",
        "netcea",
        "relative difference",
        "verdict",
    ]
    rows = [
        [f.program, f.case, f.convention, f.strategy, f.measure, repr(f.theirs), repr(f.ours), _small(f), _verdict([f])]
        for f in figures
    ]
    if between.strip():
        made = io.StringIO()
        csv.writer(made, delimiter=between, lineterminator="\n").writerows([head, *rows])
        return made.getvalue()
    return _aligned([head, *rows], left=5)


def verdict(figures: Sequence[Figure]) -> str:
    """Return what to make of the table, in sentences."""
    matched = [figure for figure in figures if not figure.explained]
    wrong = [figure for figure in matched if not figure.agrees]
    largest = max((abs(figure.difference) for figure in matched), default=0.0)
    others = len(figures) - len(matched)
    counted = f"{len(matched)} figures of matched conventions: {len(wrong)} differ by more than {TOLERANCE}; "
    counted += f"the largest relative difference is {largest:.1e} (integrals stand beside cycles of one day)."
    where = "sections 9 and 10 of tests/validation/differences_explained.md"
    return f"\n{counted}\n{others} figures of conventions that differ: {where}."


def _grouped(figures: Iterable[Figure]) -> dict[tuple[str, ...], list[Figure]]:
    """Return figures by convention and strategy, in the order in which they come."""
    found: dict[tuple[str, ...], list[Figure]] = {}
    for figure in figures:
        found.setdefault((figure.convention, figure.strategy), []).append(figure)
    return found


def _row(key: tuple[str, ...], found: Sequence[Figure], shown: Sequence[str]) -> list[str]:
    by_measure = {figure.measure: figure for figure in found}
    cells = list(key)
    for name in shown:
        figure = by_measure.get(name)
        values = () if figure is None else (figure.theirs, figure.ours)
        cells += [_number(x, DIGITS[name]) for x in values] or ["", ""]
    largest = max(found, key=lambda figure: abs(figure.difference))
    return [*cells, str(len(found)), _small(largest), _verdict(found)]


def _number(value: float, digits: int) -> str:
    return "none" if math.isnan(value) else f"{value:,.{digits}f}"


def _small(figure: Figure) -> str:
    return f"{figure.difference:.1e}"


def _verdict(found: Sequence[Figure]) -> str:
    if all(figure.agrees for figure in found):
        return "equal"
    if any(not figure.agrees and not figure.explained for figure in found):
        return "DIFFERS"
    return NUMBERED + ", ".join(sorted({figure.explained for figure in found if figure.explained}))


def _aligned(rows: Sequence[Sequence[str]], left: int) -> str:
    """Return rows in columns, the first ones to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if number < left else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
