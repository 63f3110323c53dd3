"""The line of a unit in the table, read from a file that anybody may have written: the names and types that it has."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final


def _number(value: Any) -> bool:
    return type(value) in (int, float) and -1e300 < value < 1e300 and math.isfinite(value)


def _number_or_nothing(value: Any) -> bool:
    return value is None or _number(value)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _text_or_nothing(value: Any) -> bool:
    return value is None or _text(value)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


BASE_CASE: Final[dict[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(("incremental_costs", "incremental_life_years", "incremental_qalys"), _number),
    "icer": _number_or_nothing,
    "label": _text,
    **dict.fromkeys(("nhb_lower", "nhb_upper", "severity_weight"), _number),
    "weighted_icer": _number_or_nothing,
    **dict.fromkeys(("weighted_nhb_lower", "weighted_nhb_upper"), _number),
    "on_frontier": _text,
    "frontier_icer": _number_or_nothing,
    "frontier_label": _text,
    **dict.fromkeys(("frontier_nhb_lower", "weighted_frontier_nhb_lower"), _number),
    **dict.fromkeys(("threshold_lower", "threshold_upper"), _number),
    "direction": _text_or_nothing,
    "title": _text,
}
PSA: Final[dict[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(("draws", "mean_incremental_costs", "mean_incremental_qalys"), _number),
    "probabilistic_icer": _number_or_nothing,
    "probabilistic_label": _text,
    **dict.fromkeys(("mean_nhb_lower", "low_nhb_lower", "high_nhb_lower"), _number),
    **dict.fromkeys(
        ("mcse_nhb_lower", "mcse_icer", "mcse_incremental_costs", "mcse_incremental_qalys"), _number_or_nothing
    ),
    "on_frontier": _text,
    **dict.fromkeys(("severity_weight_at_means", "weighted_mean_nhb_lower"), _number),
    **dict.fromkeys(("probability_cost_effective_lower", "threshold_lower"), _number),
    "direction": _text_or_nothing,
    "title": _text,
    "faults": _texts,
}
ROWS: Final = {"base_case": BASE_CASE, "psa": PSA}
"""Name of an analysis -> entry of its line -> whether a value can be it; other analyses have an empty line."""


def is_row(analysis: str, row: object) -> bool:
    """Say whether something is the line of an analysis in the table of a batch.

    Parameters
    ----------
    analysis : str
        Its name.
    row : object
        What a file says.

    Examples
    --------
    >>> is_row("one_way", {}), is_row("base_case", {"title": "adults"})
    (True, False)
    """
    entries = ROWS.get(analysis, {})
    if not isinstance(row, Mapping) or set(row) != set(entries):
        return False
    return all(holds(row[name]) for name, holds in entries.items())
