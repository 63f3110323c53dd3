"""What results.json holds of a waterfall."""

from __future__ import annotations

from dataclasses import dataclass

from netcea.analyses.shared.effects import AroundPointEstimates, thresholds_of
from netcea.analyses.waterfall.result import Change, StepResult, WaterfallResult


@dataclass(frozen=True)
class WaterfallRecord(AroundPointEstimates):
    """From one party's case to another's, change by change.

    Attributes
    ----------
    starts_with : str
        Whose case the scenario itself is.
    steps : list of StepResult
        In the order in which they are laid over one another.
    cumulative, alone : list of Change
        Of each step: on top of those before it, and alone.
    total, interaction : Change
        Of all steps together, and beyond the sum of what each changes alone.
    """

    starts_with: str
    steps: tuple[StepResult, ...]
    cumulative: tuple[Change, ...]
    alone: tuple[Change, ...]
    total: Change
    interaction: Change


def record_of(result: WaterfallResult) -> WaterfallRecord:
    """Return what results.json holds."""
    return WaterfallRecord(
        thresholds_of(result.scenario),
        result.base,
        result.options.by,
        result.steps,
        result.cumulative,
        result.alone,
        result.total,
        result.interaction,
    )
