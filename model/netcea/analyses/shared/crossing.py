"""A scenario with the other rule for curves that cross."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from netcea.scenario.scenario import Scenario


def with_crossing(scenario: Scenario, crossing: Literal["cap_pfs", "raise_os"]) -> Scenario:
    """Return a scenario that caps PFS at OS, or raises OS to PFS, where the curves cross.

    Parameters
    ----------
    scenario : Scenario
    crossing : {'cap_pfs', 'raise_os'}
        As ``settings.crossing``.
    """
    if scenario.file.settings.crossing == crossing:
        return scenario
    settings = scenario.file.settings.model_copy(update={"crossing": crossing})
    return replace(scenario, file=scenario.file.model_copy(update={"settings": settings}))
