"""Figures of a base case, as PNG and SVG.

To add a figure: write one function of a `BaseCaseResult` in a file of this folder, and its line in `FIGURES`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from netcea.analyses.base_case.figures.costs import costs
from netcea.analyses.base_case.figures.hazards import hazards
from netcea.analyses.base_case.figures.ledger import ledger, ledger_tests
from netcea.analyses.base_case.figures.occupancy import occupancy
from netcea.analyses.base_case.figures.plane import plane
from netcea.analyses.base_case.figures.survival import os, pfs, time_on_treatment, treated_strategies

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netcea.analyses.base_case.result import BaseCaseResult

__all__ = ["FIGURES", "figure_names"]

FIGURES: Final[dict[str, Callable[[BaseCaseResult], Figure]]] = {
    "pfs": pfs,
    "os": os,
    "time_on_treatment": time_on_treatment,
    "hazards": hazards,
    "occupancy": occupancy,
    "costs": costs,
    "plane": plane,
    "ledger": ledger,
}
"""Name of a figure (and of its files) -> the function that draws it."""


NOT_ALWAYS: Final[dict[str, Callable[[BaseCaseResult], bool]]] = {
    "time_on_treatment": lambda result: bool(treated_strategies(result)),
    "ledger": lambda result: bool(ledger_tests(result)),
}
"""Figure that has something to show in some results only -> whether it has."""


def figure_names(result: BaseCaseResult) -> list[str]:
    """Return the names of the figures that have something to show, in the order of `FIGURES`; none without traces."""
    if not result.traces:
        return []
    return [name for name in FIGURES if name not in NOT_ALWAYS or NOT_ALWAYS[name](result)]
