"""How the line of each family looks: the same in every figure of an arm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from netcea.fitting.candidates import STANDARD
from netcea.reporting.figures import legend
from netcea.reporting.figures.style import DASHED, INK, LINE_STYLES, SILVER, STRATEGY_COLOURS

OTHERS: Final[dict[str, Any]] = {"color": SILVER, "linewidth": 0.9}
"""Splines, piecewise exponential and cure models."""
POPULATION: Final[dict[str, Any]] = {"color": INK, "linewidth": 1.6, "linestyle": DASHED}
"""People of the patients' age and sexes."""


def looks_of(names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return family -> how its line looks; those not named here look like `OTHERS`."""
    standard = [name for name in names if name in STANDARD]
    n = len(STRATEGY_COLOURS)
    return {
        name: {
            "color": STRATEGY_COLOURS[i % n],
            "linestyle": LINE_STYLES[1 + i // n] if i >= n else "-",
            "linewidth": 1.6,
        }
        for i, name in enumerate(standard)
    }


def entries_of(names: Sequence[str]) -> list[legend.Entry]:
    """Return the legend's entries of families: the standard ones by name, the others together."""
    look = looks_of(names)
    entries = [legend.line(name.replace("_", " "), **style) for name, style in look.items()]
    others = len(names) - len(look)
    if others:
        entries.append(legend.line(f"{others} others (splines, piecewise, cure)", **OTHERS))
    return entries
