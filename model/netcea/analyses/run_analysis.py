"""Run an analysis of one scenario in this process or in several; the results are the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from netcea.analyses.registry import ANALYSES, Analysis
from netcea.errors import InputError, Problem
from netcea.execution.progress import progress
from netcea.execution.workers import Task, completed

if TYPE_CHECKING:
    from netcea.blocks import Block
    from netcea.scenario.scenario import Scenario


MANY_PARTS: Final = 8
"""Fewer are done before a progress bar could be read."""


def run_analysis(
    analysis: Analysis, scenario: Scenario, options: Block, *, workers: int = 1, scheduler: str = "", quiet: bool = True
) -> Any:
    """Do every part of an analysis, in order or by several workers, and summarise.

    Parameters
    ----------
    analysis : Analysis
    scenario : Scenario
    options : Block
        Of the analysis.
    workers : int
        Processes; 1 works in this one.
    scheduler : str
        Address of a Dask scheduler; local when empty.
    quiet : bool
        Show no progress.

    Raises
    ------
    InputError
        A part failed: with the reason.
    """
    parts = analysis.parts(scenario, options)
    with progress(len(parts), analysis.name, quiet=quiet or len(parts) < MANY_PARTS) as advance:
        if workers == 1 and not scheduler:
            values: Iterator[Any] = (analysis.work(scenario, options, part) for part in parts)
        else:
            tasks = (Task(str(i), _part, (analysis.name, scenario, options, part)) for i, part in enumerate(parts))
            values = _in_order(completed(tasks, workers, scheduler))
        return analysis.summarise(scenario, options, advance(values))


def _part(name: str, scenario: Scenario, options: Block, part: tuple[Any, ...]) -> Any:
    return ANALYSES[name].work(scenario, options, part)


def _in_order(done: Iterator[Any]) -> Iterator[Any]:
    """Yield values in the order of their numbers, whatever the order in which they come."""
    waiting: dict[int, Any] = {}
    following = 0
    for item in done:
        if item.error:
            raise InputError(Problem(found=f"a part that failed ({item.error})", expected="every part done"))
        waiting[int(item.key)] = item.value
        while following in waiting:
            yield waiting.pop(following)
            following += 1
