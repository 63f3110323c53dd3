"""Figures of a probabilistic analysis.

To add a figure: write one function of a `PsaResult` in a file of this folder, and its line in `FIGURES`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from netcea.analyses.psa.figures.acceptability import ceac, ceaf
from netcea.analyses.psa.figures.contributions import contributions
from netcea.analyses.psa.figures.convergence import convergence
from netcea.analyses.psa.figures.loss import expected_loss
from netcea.analyses.psa.figures.scatter import plane
from netcea.analyses.psa.figures.severity import possible_weights, severity

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netcea.analyses.psa.result import PsaResult

FIGURES: Final[dict[str, Callable[[PsaResult], Figure]]] = {
    "plane": plane,
    "ceac": ceac,
    "ceaf": ceaf,
    "expected_loss": expected_loss,
    "convergence": convergence,
    "contributions": contributions,
    "severity": severity,
}
"""Name of a figure (and of its files) -> the function that draws it."""


def figures_of_draws(result: PsaResult) -> dict[str, Callable[[], Figure]]:
    """Return the figures that have something to show, ready to be drawn, in the order of `FIGURES`.

    Left out: contributions where no quantity was drawn alone, severity where every draw has the same weight.
    """
    empty = {"contributions": not result.contributions, "severity": len(possible_weights(result)) < 2}
    return {name: partial(draw, result) for name, draw in FIGURES.items() if not empty.get(name, False)}
