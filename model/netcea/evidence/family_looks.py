"""How the line of each family looks: the same in every figure of an arm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from netcea.arrays import Array
from netcea.fitting.candidates import STANDARD
from netcea.reporting.figures import legend
from netcea.reporting.figures.style import DASHED, FURTHER_COLOURS, INK, SILVER, STRATEGY_COLOURS, STRATEGY_LINES
from netcea.survival.family_names import family_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OTHERS: Final[dict[str, Any]] = {"color": SILVER, "linewidth": 0.9}
"""Splines, piecewise exponential and cure models."""
POPULATION: Final[dict[str, Any]] = {"color": INK, "linewidth": 1.6, "linestyle": DASHED}
"""People of the patients' age and sexes."""


def looks_of(names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return family -> how its line looks; those not named here look like `OTHERS`."""
    standard = [name for name in names if name in STANDARD]
    colours = (*STRATEGY_COLOURS, *FURTHER_COLOURS)
    return {
        name: {
            "color": colours[i % len(colours)],
            "linestyle": STRATEGY_LINES[(i + i // len(STRATEGY_LINES)) % len(STRATEGY_LINES)],
            "linewidth": 1.6,
        }
        for i, name in enumerate(standard)
    }


def entries_of(names: Sequence[str]) -> list[legend.Entry]:
    """Return the legend's entries of families: the standard ones by name, the others together."""
    look = looks_of(names)
    entries = [legend.line(family_label(name), **style) for name, style in look.items()]
    others = len(names) - len(look)
    if others:
        entries.append(legend.line(f"{others} others (splines, piecewise, cure)", **OTHERS))
    return entries


def draw_families(axes: Axes, t: Array, curves: Mapping[str, Array]) -> None:
    """Draw the curve of each family, those with a look of their own above the others.

    Parameters
    ----------
    axes : Axes
    t : Array (time,)
        As the axis has them.
    curves : mapping of family -> Array (time,)
    """
    look = looks_of(list(curves))
    for name, curve in sorted(curves.items(), key=lambda one: one[0] in look):
        axes.plot(t, curve, zorder=3 if name in look else 2, **look.get(name, OTHERS))
