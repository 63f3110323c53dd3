"""Draws in the layout that BCEA (R) and SAVI (online) read: costs, effects and parameters, a row for each draw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from netcea.arrays import Array
from netcea.reporting.number_format import safe_text
from netcea.storage.number_texts import number_texts

ROWS: Final = 10_000
"""Rows written at a time."""


def write_effects_and_costs(strategies: Sequence[str], values: Array, mark: str, path: Path) -> None:
    """Write one column a strategy.

    Parameters
    ----------
    strategies : sequence of str
    values : Array (strategy, draw)
    mark : str
        Of a confidential run: behind every name, since a column of its own would be a strategy.
    path : Path
    """
    _write(path, _marked(strategies, mark), list(values))


def write_parameters(parameters: Mapping[str, Array], mark: str, path: Path) -> None:
    """Write one column a parameter, in the units of inputs/."""
    _write(path, _marked(parameters, mark), list(parameters.values()))


def _marked(names: Iterable[str], mark: str) -> list[str]:
    return [f"{name} ({mark})" if mark else name for name in names]


def _write(path: Path, names: Sequence[str], columns: Sequence[Array]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(",".join(safe_text(name) for name in names) + "\n")
        file.writelines(_lines(columns))


def _lines(columns: Sequence[Array]) -> Iterator[str]:
    n = len(columns[0]) if columns else 0
    for start in range(0, n, ROWS):
        texts = [number_texts(column[start : start + ROWS]) for column in columns]
        yield "\n".join(",".join(row) for row in zip(*texts, strict=True)) + "\n"
