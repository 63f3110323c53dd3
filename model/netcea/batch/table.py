"""The lines of a batch's table: every variant beside its base, differences taken draw by draw where there are draws."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from netcea.analyses.psa.batch_row import INCREMENTS
from netcea.arrays import Array
from netcea.batch.result import BatchResult
from netcea.decision.net_benefit import incremental_nhb
from netcea.storage.draws_file import read_columns


@dataclass(frozen=True)
class Line:
    """One variant.

    Attributes
    ----------
    variant, label, root : str
        root: name of the complete scenario that it is a variant of.
    base : str
        The variant it is compared with; empty for the base itself and where there is none.
    deterministic, probabilistic : mapping
        Rows of its base case and its probabilistic analysis; empty where not asked for or failed.
    change, weighted_change : float
        Of incremental NHB at the lower threshold from the base's, unweighted and each weighted with its own severity
        weight: deterministic where there is one. Among more than two strategies against the best of the others; nan
        where the intervention is dominated and the comparator is the best still. [QALYs]; nan: none
    weight_flips : bool
        Whether the severity weight is another than the base's.
    probabilistic_change, error_of_change : float
        Mean difference of the same draws and its Monte Carlo standard error. [QALYs]; nan: none, and where the
        intervention is dominated by a further strategy, of which the difference to the comparator says nothing
    """

    variant: str
    label: str
    root: str
    base: str
    deterministic: Mapping[str, Any]
    probabilistic: Mapping[str, Any]
    change: float
    probabilistic_change: float
    error_of_change: float
    weighted_change: float = float("nan")
    weight_flips: bool = False

    @property
    def on_frontier(self) -> str:
        """Where the intervention stands among more than two strategies; empty with two."""
        return str(self.deterministic.get("on_frontier", self.probabilistic.get("on_frontier", "")))


def lines_of(result: BatchResult, folder: Path) -> list[Line]:
    """Return the line of every variant that loaded, in the order of the batch."""
    analyses = {unit.folder: unit for unit in result.units}
    rows: dict[str, dict[str, Mapping[str, Any]]] = {}
    for name, row in result.rows.items():
        unit = analyses[name]
        rows.setdefault(unit.variant, {})[unit.analysis] = row
    loaded = [variant for variant in result.variants if variant.name in result.roots]
    bases = _bases(result)
    benefits: dict[str, Array | None] = {}
    found = []
    for variant in loaded:
        mine = rows.get(variant.name, {})
        base = bases.get(result.roots[variant.name], "")
        base = "" if base == variant.name else base
        other = rows.get(base, {})
        probabilistic_change, error = _paired(folder, variant.name, base, mine, other, benefits)
        if "dominated" in str(mine.get("psa", {}).get("on_frontier", "")):
            probabilistic_change, error = float("nan"), float("nan")
        deterministic, probabilistic = mine.get("base_case", {}), mine.get("psa", {})
        before = other.get("base_case", {})
        change, weighted_change = (_change(deterministic, before, name) for name in ("", "weighted_"))
        title = str(deterministic.get("title") or probabilistic.get("title") or variant.name)
        found.append(
            Line(
                variant.name,
                variant.label or title,
                result.roots[variant.name],
                base,
                deterministic,
                probabilistic,
                change,
                probabilistic_change,
                error,
                weighted_change,
                _weight(deterministic, probabilistic) != _weight(before, other.get("psa", {})) if base else False,
            )
        )
    return found


def _change(mine: Mapping[str, Any], base: Mapping[str, Any], name: str) -> float:
    """Return the change of net health benefit from the base; nan where there is none to see."""
    if not mine or not base:
        return float("nan")
    change = float(mine[f"{name}frontier_nhb_lower"] - base[f"{name}frontier_nhb_lower"])
    hidden = mine["on_frontier"] and "dominated" in mine["frontier_label"] and change == 0.0
    return float("nan") if hidden else change


def _weight(deterministic: Mapping[str, Any], probabilistic: Mapping[str, Any]) -> float | None:
    found: float | None = deterministic.get("severity_weight", probabilistic.get("severity_weight_at_means"))
    return found


def _bases(result: BatchResult) -> dict[str, str]:
    """Return root -> the variant that others are compared with: the complete scenario as it is, else the first."""
    found: dict[str, str] = {}
    for variant in result.variants:
        root = result.roots.get(variant.name)
        if root is not None and variant.path.stem == root and not variant.sets and root not in found:
            found[root] = variant.name
    for variant in result.variants:
        root = result.roots.get(variant.name)
        if root is not None:
            found.setdefault(root, variant.name)
    return found


def _paired(
    folder: Path,
    variant: str,
    base: str,
    mine: Mapping[str, Any],
    other: Mapping[str, Any],
    benefits: dict[str, Array | None],
) -> tuple[float, float]:
    """Return the mean difference of incremental NHB over the same draws, and its Monte Carlo standard error."""
    if "psa" not in mine or "psa" not in other:
        return float("nan"), float("nan")
    threshold = float(other["psa"]["threshold_lower"])
    one, two = (_benefit(folder, name, threshold, benefits) for name in (variant, base))
    if one is None or two is None:
        return float("nan"), float("nan")
    n = min(len(one), len(two))
    difference = one[:n] - two[:n]
    return float(difference.mean()), float(difference.std(ddof=1) / math.sqrt(n)) if n > 1 else float("nan")


def _benefit(folder: Path, variant: str, threshold: float, benefits: dict[str, Array | None]) -> Array | None:
    if variant not in benefits:
        path = folder / variant / "psa" / INCREMENTS
        benefits[variant] = None
        if path.is_file():
            names = ("incremental_costs", "incremental_qalys")
            chunks = list(read_columns(path, names))
            costs, qalys = (np.concatenate([chunk[name] for chunk in chunks]) for name in names)
            benefits[variant] = incremental_nhb(costs, qalys, threshold)
    return benefits[variant]


def loaded_of(lines: Sequence[Line]) -> list[str]:
    """Return the roots in the order in which they come."""
    return list(dict.fromkeys(line.root for line in lines))
