"""Numbers that two folders of the same analysis have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from netcea.plain_number import read

MOST_ROWS: Final = 400
"""Longer lists are curves over thresholds or draws: their numbers are not compared one by one."""


@dataclass(frozen=True)
class SavedNumber:
    """One number of results.json on both sides.

    Attributes
    ----------
    name : str
        Where it stands: dotted, with what tells its row from the others.
    a, b : float or None
        None where a side has no such number.
    """

    name: str
    a: float | None
    b: float | None


def numbers_in_common(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[SavedNumber]:
    """Return the numbers that both have, in order of A; rows of a list are known by their texts and thresholds.

    >>> rows = [[{"strategy": "x", "measure": "costs", "mean": mean}] for mean in (1.0, 2.0)]
    >>> numbers_in_common({"intervals": rows[0]}, {"intervals": rows[1]})
    [SavedNumber(name='intervals.x costs.mean', a=1.0, b=2.0)]
    """
    one, other = dict(_leaves(a, "")), dict(_leaves(b, ""))
    return [SavedNumber(name, value, other[name]) for name, value in one.items() if name in other]


def _leaves(node: Any, above: str) -> Iterator[tuple[str, float | None]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _leaves(value, f"{above}.{key}" if above else str(key))
    elif isinstance(node, list) and len(node) <= MOST_ROWS and all(isinstance(row, Mapping) for row in node):
        known = [row_name(row) for row in node]
        for name, row in zip(known, node, strict=True):
            if name and known.count(name) == 1:
                yield from _leaves({key: value for key, value in row.items() if key not in KEYS}, f"{above}.{name}")
    elif above and (node is None or (isinstance(node, float | int) and not isinstance(node, bool))):
        yield above, None if node is None else float(node)


KEYS: Final = ("strategy", "measure", "threshold", "weighted", "address", "what", "name", "versus", "patients", "study")
"""What tells rows apart."""


def row_name(row: Mapping[str, Any]) -> str:
    """Return what tells a row from the others of its list."""
    parts: Sequence[str] = [
        read(value) if isinstance(value, float) else "weighted" if value is True else str(value)
        for key in KEYS
        if (value := row.get(key)) not in (None, "", False)
    ]
    return " ".join(parts)
