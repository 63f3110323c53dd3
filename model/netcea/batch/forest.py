"""The forest figures of a batch: what each variant changes, a population at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netcea.analyses.shared.price_steps import WORDS, is_price_alone, moved, own_prices
from netcea.batch.judged_lines import change_of, icer_of, weight_of, weighted_icer_of
from netcea.batch.table import Line, loaded_of
from netcea.reporting.figures.files import figure_bytes
from netcea.reporting.figures.forest import MOST, PAIRED, ForestRow, forest, forest_pages, icer_pair, stands_notes
from netcea.reporting.figures.style import styled
from netcea.reporting.number_format import icer as icer_words
from netcea.reporting.number_format import plain, shown
from netcea.reporting.table import Icer
from netcea.storage.atomic import atomic_write_bytes
from netcea.storage.regular_file import inside

if TYPE_CHECKING:
    from netcea.batch.result import BatchResult

SUBTITLE: Final = "Change of incremental net health benefit at the lower threshold"


def write_forests(result: BatchResult, lines: Sequence[Line], folder: Path, marking: str) -> None:
    """Draw one forest a population: the largest changes, and every row on as many pages as needed.

    Parameters
    ----------
    result : BatchResult
    lines : sequence of Line
        Of its table.
    folder : Path
        Of the batch.
    marking : str
        Of a batch with confidential prices; empty for others.
    """
    for root in loaded_of(lines):
        mine = [line for line in lines if line.root == root]
        base = next((line for line in mine if not line.base), mine[0])
        steps = _price_steps(result, mine)
        others = [line for line in mine if line is not base and line.variant not in steps]
        if others and any(math.isfinite(change_of(line)) for line in others):
            found, title = icer_of(base), f"{plain(result.batch.file.name)}: {plain(base.label)}"
            label = f"Base case: {'-' if found is None else icer_words(found)}"
            rows = [_forest_row(line) for line in others if not _only_dominated(line)]
            notes = [*([f"Left out: {len(steps)} steps {WORDS}."] if steps else []), *_forest_notes(mine)]
            figure = forest(rows, title, label, subtitle=SUBTITLE, notes=notes)
            pages = forest_pages(rows, title, label, subtitle=SUBTITLE, notes=notes) if len(rows) > MOST else []
            with styled():
                drawn = {f"forest_{root}": figure} | {f"forest_{root}_{n}": page for n, page in enumerate(pages, 1)}
                for name, picture in drawn.items():
                    for ending, data in figure_bytes(picture, marking).items():
                        atomic_write_bytes(inside(folder, f"{name}.{ending}"), data)


def _price_steps(result: BatchResult, lines: Sequence[Line]) -> frozenset[str]:
    """Return the variants that differ from their base in the price alone; none where the batch is about prices."""
    scenarios = {unit.variant: unit.scenario for unit in result.units}
    pairs = {
        line.variant: (scenarios[line.variant], scenarios[line.base])
        for line in lines
        if line.base in scenarios and line.variant in scenarios
    }
    steps = {name for name, pair in pairs.items() if is_price_alone(*pair)}
    others = (pair for name, pair in pairs.items() if name not in steps)
    about_prices = any(moved(*pair) & own_prices(pair[1]) for pair in others) or len(steps) == len(pairs)
    return frozenset() if about_prices else frozenset(steps)


def _forest_row(line: Line) -> ForestRow:
    change, error = change_of(line), line.error_of_change
    paired = not math.isfinite(line.change) and math.isfinite(error)
    found = icer_of(line)
    direction = str(line.deterministic.get("direction") or line.probabilistic.get("direction") or "unclear")
    return ForestRow(
        line.variant,
        plain(line.label),
        change,
        change - 1.96 * error if paired else None,
        change + 1.96 * error if paired else None,
        "" if found is None else _icer_words(line, found),
        direction,
    )


def _icer_words(line: Line, found: Icer) -> str:
    """Return the ICER of a line, and the weighted one beside it."""
    return icer_pair(shown(found, "icer"), shown(weighted_icer_of(line), "icer"), flips=line.weight_flips)


def _only_dominated(line: Line) -> bool:
    """Say whether a line has no change to draw because a further strategy dominates, and none else is better."""
    return bool(line.on_frontier) and not math.isfinite(change_of(line))


def _forest_notes(lines: Sequence[Line]) -> list[str]:
    """Return where the intervention stands among many strategies, and what the marks mean."""
    notes = stands_notes([(line.label, line.on_frontier) for line in lines], "summary.csv")
    weights = [weight_of(line) for line in lines]
    if any(weight not in (None, 1.0) for weight in weights):
        notes.append(PAIRED)
    if any(line.weight_flips for line in lines):
        notes.append("* Another severity weight than the scenario that it is compared with.")
    return notes
