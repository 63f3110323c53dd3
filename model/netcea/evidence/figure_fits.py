"""Fits of every family to the published figures of a trial's endpoint."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from netcea.evidence.arms import ENDPOINTS
from netcea.evidence.summaries_file import SummaryData
from netcea.fitting.maximum_likelihood import Refused
from netcea.fitting.published_figures import Figure
from netcea.fitting.summary_candidates import FamilyFit
from netcea.fitting.summary_fit import ArmFigure
from netcea.fitting.trial import HazardRatio
from netcea.survival.curve import TIME_UNITS, TimeUnit
from netcea.uncertainty.normal import HALF_WIDTH

TOGETHER: Final = "all arms together"


@dataclass(frozen=True, eq=False)
class FitsOfFigures:
    """For each arm, or all together, a fit of every family to published figures, or why there is none.

    Attributes
    ----------
    name, endpoint : str
        Of the trial and of the endpoint, as a scenario will refer to them.
    time_unit : {'years', 'months', 'weeks', 'days'}
        Of the figures.
    data : SummaryData
    published : tuple of ArmFigure or HazardRatio
        The same as fits take them.
    fits : mapping of str -> tuple of FamilyFit or Refused
        Arm, or `TOGETHER` where hazard ratios connect them -> every family.
    correlated : bool
        Whether correlations of figures were given, or follow from landmarks of one Kaplan-Meier curve.
    source : tuple of str
        Keys of sources.yaml.
    date : str
        On which they were fitted.
    """

    name: str
    endpoint: str
    time_unit: TimeUnit
    data: SummaryData
    published: tuple[ArmFigure | HazardRatio, ...]
    fits: Mapping[str, tuple[FamilyFit | Refused, ...]]
    correlated: bool
    source: tuple[str, ...] = ()
    date: str = field(default_factory=lambda: dt.datetime.now(tz=dt.UTC).date().isoformat())

    @property
    def label(self) -> str:
        """The endpoint in words."""
        return ENDPOINTS.get(self.endpoint, self.endpoint)

    @property
    def per_year(self) -> float:
        """Units of time in a year."""
        return TIME_UNITS[self.time_unit]

    @property
    def is_together(self) -> bool:
        """Whether all arms are fitted together."""
        return TOGETHER in self.fits

    def interval(self, figure: Figure) -> tuple[float, float] | None:
        """Return the published 95% interval of a figure; from its standard error where only that was given."""
        for item, given in zip(self.published, self.data.figures, strict=True):
            if item.figure is figure and given.said.low is not None and given.said.high is not None:
                return given.said.low, given.said.high
        if not figure.se:
            return None
        low, high = sorted(figure.at_working(figure.working + z * figure.se).value for z in (-HALF_WIDTH, HALF_WIDTH))
        return low, high

    def fitted(self, group: str) -> list[FamilyFit]:
        """Return the families that were fitted to an arm, or to all together, the lowest chi-square for one first."""
        found = [fit for fit in self.fits[group] if isinstance(fit, FamilyFit)]
        return sorted(found, key=lambda fit: (fit.degrees_of_freedom == 0, fit.chi_square))

    def refused(self, group: str) -> list[Refused]:
        """Return the families that could not be fitted."""
        return [fit for fit in self.fits[group] if isinstance(fit, Refused)]
