"""What results.json holds of the structural cross-check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netcea.analyses.shared.effects import AroundPointEstimates, thresholds_of
from netcea.analyses.structure.result import MortalityAt, QalyPart, Remedy, StructureModel, StructureResult


@dataclass(frozen=True)
class StructureRecord(AroundPointEstimates):
    """State-transition models of the same inputs beside partitioned survival.

    Attributes
    ----------
    follow_up_years : float or None
        Until which survival was observed. [years]
    models : list of StructureModel
        Partitioned survival first.
    mortality : list of MortalityAt
        After progression, as partitioned survival implies it, beside the population's.
    parts : list of QalyPart
        What the QALYs gained by partitioned survival are made of.
    parameters : mapping of name -> float
        Estimated for clock-reset [per year], [years]; cycles in which clock-forward's hazard was held or floored.
    remedies : list of Remedy
        Of curves that cross, over draws.
    """

    follow_up_years: float | None
    models: tuple[StructureModel, ...]
    mortality: tuple[MortalityAt, ...]
    parts: tuple[QalyPart, ...]
    parameters: Mapping[str, float]
    remedies: tuple[Remedy, ...]


def record_of(result: StructureResult) -> StructureRecord:
    """Return what results.json holds."""
    found = result.compared
    return StructureRecord(
        thresholds_of(result.scenario),
        result.base,
        found.follow_up_years,
        found.models,
        found.mortality,
        found.parts,
        found.parameters,
        result.remedies,
    )
