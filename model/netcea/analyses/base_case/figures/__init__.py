"""Figures of a base case, as PNG and SVG.

To add a figure: write one function of a `BaseCaseResult` in a file of this folder, and its line in `FIGURES`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netcea.analyses.base_case.figures.costs import costs
from netcea.analyses.base_case.figures.hazards import hazards
from netcea.analyses.base_case.figures.ledger import ledger, ledger_tests
from netcea.analyses.base_case.figures.occupancy import occupancy
from netcea.analyses.base_case.figures.plane import plane
from netcea.analyses.base_case.figures.survival import os, pfs, time_on_treatment, treated_strategies
from netcea.reporting.figures.files import save_figures

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netcea.analyses.base_case.result import BaseCaseResult

__all__ = ["FIGURES", "figure_names", "write_figures"]

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


def figure_names(result: BaseCaseResult) -> list[str]:
    """Return the names of the figures that have something to show, in the order of `FIGURES`.

    Left out: time on treatment where no strategy has any, the ledger where nothing was tested.
    """
    empty = {"time_on_treatment": not treated_strategies(result), "ledger": not ledger_tests(result)}
    return [name for name in FIGURES if not empty.get(name, False)]


def write_figures(result: BaseCaseResult, folder: Path) -> list[Path]:
    """Write every figure that has something to show as PNG and SVG; the same result gives the same bytes.

    Parameters
    ----------
    result : BaseCaseResult
    folder : Path
        Made when it does not exist.

    Returns
    -------
    list of Path
        The files written, in the order of `FIGURES`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return save_figures({name: partial(FIGURES[name], result) for name in figure_names(result)}, folder)
