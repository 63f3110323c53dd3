"""What a line of a batch says of its result: ICER, severity weight and change, deterministic or by the draws."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from netcea.reporting.table import Icer

if TYPE_CHECKING:
    from netcea.batch.table import Line


def mean_icer(line: Line) -> Icer | None:
    """Return the ICER of the means of its draws; None without any."""
    found = line.probabilistic
    if not found:
        return None
    error = found.get("mcse_icer")  # None where the draws do not tell the ICER
    return Icer(
        found.get("probabilistic_icer"), found.get("probabilistic_label", ""), math.inf if error is None else error
    )


def frontier_icer(line: Line) -> Icer | None:
    """Return the deterministic ICER, on the frontier; None without a base case."""
    found = line.deterministic
    return Icer(found.get("frontier_icer"), found.get("frontier_label", "")) if found else None


def icer_of(line: Line) -> Icer | None:
    """Return the ICER of a line: on the frontier, where there are more than two strategies."""
    return frontier_icer(line) or mean_icer(line)


def weight_of(line: Line) -> float | None:
    """Return its severity weight, that of the point estimates where there are any."""
    found: float | None = line.deterministic.get("severity_weight", line.probabilistic.get("severity_weight_at_means"))
    return found


def weighted_icer_of(line: Line) -> Icer | None:
    """Return the same with the severity weight of the line."""
    found = icer_of(line)
    weight = weight_of(line) or 1.0
    if found is None or found.value is None:
        return found
    return Icer(found.value / weight, found.label, None if found.error is None else found.error / weight)


def change_of(line: Line) -> float:
    """Return by how much incremental NHB changes from the base, deterministic where there is such. [QALYs]"""
    return line.change if math.isfinite(line.change) else line.probabilistic_change
