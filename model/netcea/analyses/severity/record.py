"""What results.json holds of an analysis of severity."""

from __future__ import annotations

from dataclasses import dataclass

from netcea.analyses.severity.result import AtAge, Choice, Flip, PriceUnderWeight, SeverityResult
from netcea.analyses.shared.effects import AroundPointEstimates, thresholds_of
from netcea.sampling.held import HeldDraws


@dataclass(frozen=True)
class SeverityRecord(AroundPointEstimates):
    """The severity weight under other choices, over draws, and where it changes.

    Attributes
    ----------
    weights : list of float
        Of the method pack, rising: those of `probabilities`.
    choices : list of Choice
        The scenario's own first.
    flips : list of Flip
        Of the age at the start, then of the QALYs of established practice.
    by_age : list of AtAge
        Shortfall in cohorts of other ages.
    solutions : list of PriceUnderWeight
        Price at which the ICER meets a threshold under each weight.
    held : list of HeldDraws
        Draws that were impossible where their number is used.
    """

    weights: tuple[float, ...]
    choices: tuple[Choice, ...]
    flips: tuple[Flip, ...]
    by_age: tuple[AtAge, ...]
    solutions: tuple[PriceUnderWeight, ...]
    held: tuple[HeldDraws, ...]


def record_of(result: SeverityResult) -> SeverityRecord:
    """Return what results.json holds."""
    return SeverityRecord(
        thresholds_of(result.scenario),
        result.base.effect,
        result.weights,
        result.choices,
        result.flips,
        result.by_age,
        result.solutions,
        result.held,
    )
