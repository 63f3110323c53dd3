"""A trial adjusted for switching: the estimate of every method."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from netcea.fitting.switching.estimate import Estimate
from netcea.fitting.switching.methods import NoEstimate, Settings
from netcea.fitting.switching.resampled import Bootstrapped
from netcea.fitting.switching.switchers import Switchers
from netcea.loading.reading.switching_file import SwitchingData
from netcea.survival.curve import TimeUnit


@dataclass(frozen=True, eq=False)
class AdjustedTrial:
    """What every method finds in a trial.

    Attributes
    ----------
    name, endpoint : str
        Of the trial and of the endpoint, as a scenario will refer to them.
    time_unit : {'years', 'months', 'weeks', 'days'}
        Of the data.
    data : SwitchingData
    settings : Settings
    estimates : mapping of str -> Estimate or NoEstimate
        Method -> what it finds.
    bootstraps : mapping of str -> Bootstrapped or NoEstimate
        Of the same methods; empty without a bootstrap.
    source : tuple of str
        Keys of sources.yaml.
    date : str
        On which it was estimated.
    """

    name: str
    endpoint: str
    time_unit: TimeUnit
    data: SwitchingData
    settings: Settings
    estimates: Mapping[str, Estimate | NoEstimate]
    bootstraps: Mapping[str, Bootstrapped | NoEstimate] = field(default_factory=dict)
    source: tuple[str, ...] = ()
    date: str = field(default_factory=lambda: dt.datetime.now(tz=dt.UTC).date().isoformat())

    @property
    def patients(self) -> Switchers:
        """Those of the trial."""
        return self.data.patients

    def standard_error(self, method: str) -> tuple[float, str] | None:
        """Return the standard error of a method's log hazard ratio, and what it rests on; None without an estimate.

        The bootstrap's where there is one: it alone counts what was estimated on the way.
        """
        found, again = self.estimates[method], self.bootstraps.get(method)
        if isinstance(found, NoEstimate):
            return None
        if isinstance(again, Bootstrapped):
            return again.standard_error, f"bootstrap of {again.replicates:,}"
        return found.standard_error, found.interval_from
