"""Figures of a value-of-information analysis."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from netcea.analyses.voi.figures.information import evpi, evppi
from netcea.analyses.voi.figures.study_value import evsi

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from netcea.analyses.voi.result import VoiResult


def figures_of(result: VoiResult) -> dict[str, Callable[[], Figure]]:
    """Return the figures that have something to show, ready to be drawn: of EVPI, of EVPPI, of each study."""
    figures: dict[str, Callable[[], Figure]] = {"evpi": partial(evpi, result)}
    if any(e.value > 0.0 for p in result.partial for e in p.estimates):
        figures["evppi"] = partial(evppi, result)
    studies = dict.fromkeys(study.name for study in result.studies)
    return figures | {f"evsi_{name}": partial(evsi, result, name) for name in studies}
