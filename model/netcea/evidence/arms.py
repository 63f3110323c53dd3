"""Fits of every family to every arm of a trial's endpoint."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Final, Literal, TypeAlias

from netcea.arrays import Array
from netcea.evidence.matched_population import AllCauses, Population
from netcea.evidence.population import GeneralPopulation
from netcea.evidence.relative_survival import Matched
from netcea.fitting.bootstrap import LARGEST_LOSS, Replicates
from netcea.fitting.comparison import Comparison, compare
from netcea.fitting.joint_fit import JointFits
from netcea.fitting.kaplan_meier import KaplanMeier, kaplan_meier
from netcea.fitting.maximum_likelihood import LikelihoodFit, Refused
from netcea.fitting.smoothed_hazard import SmoothedHazard, smoothed_hazard
from netcea.fitting.summaries import Summary, summaries
from netcea.loading.reading.external_file import ExternalData
from netcea.loading.reading.patients_file import PatientData
from netcea.survival.curve import TIME_UNITS, TimeUnit
from netcea.survival.survival_curve import SurvivalCurve

CovarianceFrom: TypeAlias = Literal["information", "bootstrap"]
CONTROLS: Final = re.compile(
    r"\b(?:control|controls|placebo|standard|best supportive care|bsc|soc|usual care|comparator|arm 0)\b", re.IGNORECASE
)
"""Words by which an arm is known as the one that others are compared with; arms 0 and 1 are named arm_0 and arm_1."""
ENDPOINTS: Final[Mapping[str, str]] = {"pfs": "PFS", "os": "OS", "ttd": "time on treatment"}


@dataclass(frozen=True, eq=False)
class FitsOfArms:
    """For each arm a fit of every family, or why there is none.

    Attributes
    ----------
    name : str
        Of the trial, and of the file in inputs/survival/.
    endpoint : str
        Of the group in that file: pfs, os ...
    time_unit : {'years', 'months', 'weeks', 'days'}
        Of the data.
    data : PatientData
    fits : mapping of str -> tuple of LikelihoodFit or Refused
        Arm -> every family.
    source : tuple of str
        Keys of sources.yaml.
    date : str
        On which they were fitted.
    population : GeneralPopulation or None
        Which extrapolations are compared with.
    matched : Matched or None
        The general population matched to the patients, where excess hazards are fitted (relative survival).
    joint : JointFits or None
        Of every family to all arms together, where it was asked for.
    replicates : mapping of str -> tuple of Replicates
        Arm -> every family that was fitted, over patients drawn again; empty without a bootstrap.
    seed : int
        Of the bootstrap.
    covariance : {'information', 'bootstrap'}
        Which is written for probabilistic analyses: the inverse of the observed information, or that over replicates.
    external : ExternalData or None
        What the likelihoods of these fits hold beside the patients.
    with_external : FitsOfArms or None
        The same families with external information, where there is any; arms of which nothing is said as here.
    """

    name: str
    endpoint: str
    time_unit: TimeUnit
    data: PatientData
    fits: Mapping[str, tuple[LikelihoodFit | Refused, ...]]
    source: tuple[str, ...] = ()
    date: str = field(default_factory=lambda: dt.datetime.now(tz=dt.UTC).date().isoformat())
    population: GeneralPopulation | None = None
    matched: Matched | None = None
    joint: JointFits | None = None
    replicates: Mapping[str, tuple[Replicates, ...]] = field(default_factory=dict)
    seed: int = 1
    covariance: CovarianceFrom = "information"
    external: ExternalData | None = None
    with_external: FitsOfArms | None = None

    @property
    def per_year(self) -> float:
        """Units of time in a year."""
        return TIME_UNITS[self.time_unit]

    @property
    def label(self) -> str:
        """The endpoint in words."""
        return ENDPOINTS.get(self.endpoint, self.endpoint)

    def people(self, arm: str) -> Population | None:
        """Return the general population like the patients of an arm; None where it is not known at all times."""
        matched = None if self.matched is None else self.matched.people.get(arm)
        return matched if matched is not None else self.population

    def shown(self, arm: str, fit: LikelihoodFit) -> SurvivalCurve | AllCauses:
        """Return the curve of a fit that is to be seen beside the data: survival from all causes.

        Of relative survival it is that times the general population's, where that is known.
        """
        people = self.people(arm)
        if self.matched is None or people is None:
            return fit.curve()
        return AllCauses(fit.curve(), people, self.per_year)

    @property
    def in_words(self) -> str:
        """The endpoint in words, and whether its fits are of relative survival."""
        return self.label if self.matched is None else f"{self.label}, relative survival"

    def fitted(self, arm: str) -> list[LikelihoodFit]:
        """Return the families that were fitted to an arm."""
        return [fit for fit in self.fits[arm] if isinstance(fit, LikelihoodFit)]

    def refused(self, arm: str) -> list[Refused]:
        """Return the families that could not be fitted to an arm."""
        return [fit for fit in self.fits[arm] if isinstance(fit, Refused)]

    def drawn_by(self, arm: str, fit: LikelihoodFit) -> tuple[Array, str]:
        """Return the covariance from which a fit's parameters are drawn, and what it is. [real line, squared]

        The bootstrap's where it was asked for and at most a tenth of the replicates have no fit.
        """
        again = next((one for one in self.replicates.get(arm, ()) if one.fit is fit), None)
        if self.covariance == "bootstrap" and again is not None and again.failed <= LARGEST_LOSS * len(again.real_line):
            return again.covariance, f"Over {len(again.found):,} replicates of patients drawn again"
        return fit.covariance, "Inverse of the observed information"

    @cached_property
    def summaries(self) -> Mapping[str, tuple[Summary, ...]]:
        """Arm -> what each fit says, the lowest AIC first."""
        found = {
            arm: summaries(self.fitted(arm), float(patients.time.max()), self.per_year, shown=partial(self.shown, arm))
            for arm, patients in self.data.arms.items()
        }
        return {arm: tuple(sorted(of, key=lambda one: one.fit.aic)) for arm, of in found.items()}

    @cached_property
    def kaplan_meier(self) -> Mapping[str, KaplanMeier]:
        """Arm -> its Kaplan-Meier estimate."""
        return {arm: kaplan_meier(p.time, p.event, p.entry, p.weight) for arm, p in self.data.arms.items()}

    @property
    def control(self) -> str:
        """Arm that others are compared with: that of joint fits, one with a usual name, or the first."""
        if self.joint is not None:
            return self.joint.control
        arms = list(self.fits)
        named = (arm for arm in arms if CONTROLS.search(arm.replace("_", " ")))
        return next(named, arms[0])

    @cached_property
    def comparisons(self) -> Mapping[str, Comparison]:
        """Arm -> its comparison with the control arm, for every other arm."""
        of = self.data.arms
        return {arm: compare(of[self.control], patients) for arm, patients in of.items() if arm != self.control}

    @cached_property
    def smoothed(self) -> Mapping[str, SmoothedHazard | None]:
        """Arm -> its smoothed hazard; None where the data are too few."""
        return {arm: smoothed_hazard(km) for arm, km in self.kaplan_meier.items()}
