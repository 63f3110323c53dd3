"""What value-of-information analysis hands to reporting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from netcea.analyses.analysis import Result
from netcea.analyses.shared.totals import Totals
from netcea.arrays import Array
from netcea.decision.value_of_information import PartialInformation
from netcea.reporting.table import Drawn
from netcea.sampling.held import HeldDraws
from netcea.scenario.options import VoiOptions
from netcea.scenario.scenario import Scenario

SWITCH: Final = "switch"
"""Name of the basis at whose threshold the decision switches."""
CLEAR: Final = 2.0
"""Standard errors by which a value that is told from 0 is above it."""


@dataclass(frozen=True)
class Basis:
    """What a QALY is worth, and whether incremental QALYs carry the severity weight.

    Attributes
    ----------
    name : str
        Stable: 'lower', 'upper', 'lower_weighted', 'upper_weighted', 'switch'.
    label : str
    threshold : float
        [GBP/QALY]
    weight : float
        Multiplies QALYs gained against the comparator.
    """

    name: str
    label: str
    threshold: float
    weight: float


@dataclass(frozen=True)
class Estimate:
    """A value of information per patient and how sure it is.

    Attributes
    ----------
    value, standard_error : float
        [GBP per patient]
    method : str
        How it was estimated.
    fit_check : str
        Whether the regression fits: 'good', or what is wrong with it; empty where nothing was fitted.
    told_from_zero : bool
        Whether the regression beats noise and the value is two standard errors above 0: what does not is no finding.
    """

    value: float
    standard_error: float
    method: str = ""
    fit_check: str = ""
    told_from_zero: bool = False

    @property
    def drawn(self) -> Drawn:
        """The value, which is shown to the digits that its error leaves."""
        return Drawn(self.value, self.standard_error)

    @classmethod
    def partial(cls, found: PartialInformation) -> Estimate:
        """Return a value of partial perfect information.

        Parameters
        ----------
        found : PartialInformation
            As estimated.
        """
        return cls(found.value, found.standard_error, found.method, found.fit_check, found.told_from_zero)

    @property
    def finding(self) -> float:
        """The value where it is told from 0, and 0 where not. [GBP per patient]"""
        return self.value if self.told_from_zero else 0.0


@dataclass(frozen=True)
class Partial:
    """Expected value of perfect information on some quantities, on each basis.

    Attributes
    ----------
    name, label : str
    addresses : tuple of str
    is_group : bool
        A group named by the scenario, not one source of uncertainty.
    estimates : tuple of Estimate
        In the order of the bases.
    """

    name: str
    label: str
    addresses: tuple[str, ...]
    is_group: bool
    estimates: tuple[Estimate, ...]


@dataclass(frozen=True)
class StudyValue:
    """What a study of n patients is worth, on one basis.

    Attributes
    ----------
    name, label : str
    basis : Basis
    patients : Array (size,)
    evsi, standard_error : Array (size,)
        [GBP per patient of the population]
    evppi : Estimate
        Of what the study informs: the most it could be worth.
    population : Array (size,)
        EVSI for everybody the decision reaches. [GBP]
    cost, net_benefit : Array (size,) or None
        Of the study; None where its cost is not given. [GBP]
    best_size : int or None
        Number of patients with the highest net benefit among those asked for, if it is above 0 and the study's value
        is told from 0.
    notes : tuple of str
        How many events a trial would see, and the like.
    """

    name: str
    label: str
    basis: Basis
    patients: Array
    evsi: Array
    standard_error: Array
    evppi: Estimate
    population: Array
    cost: Array | None
    net_benefit: Array | None
    best_size: int | None
    notes: tuple[str, ...]

    @property
    def told_from_zero(self) -> bool:
        """Whether what it informs is worth knowing, and the largest study two standard errors above 0."""
        return self.evppi.told_from_zero and float(self.evsi[-1]) > CLEAR * float(self.standard_error[-1])


@dataclass(frozen=True, repr=False)
class VoiResult(Result):
    """Everything that is shown and written of this analysis.

    Attributes
    ----------
    scenario : Scenario
    options : VoiOptions
    totals : Totals
        Of every draw.
    bases : tuple of Basis
    evpi : tuple of Estimate
        In the order of the bases.
    thresholds, evpi_curve : Array (threshold,)
        [GBP/QALY], [GBP per patient], unweighted.
    people : float
        Patients whom the decision reaches, later ones discounted; nan when the scenario names no population.
    partial : tuple of Partial
        Single sources first (largest first on the basis where they matter most, then what is not told from 0 by
        name), then groups, which are never below their members.
    without_effect : tuple of str
        Addresses that are drawn and move no result in this scenario.
    studies : tuple of StudyValue
    switch : float
        Threshold at which the optimal strategy changes, where the decision is most uncertain; nan if it never does.
    not_here : tuple of str
        What groups and studies name that this scenario does not draw.
    held : tuple of HeldDraws
        Draws that were impossible where their number is used, and between which values they were held.
    """

    scenario: Scenario
    options: VoiOptions
    totals: Totals
    bases: tuple[Basis, ...]
    evpi: tuple[Estimate, ...]
    thresholds: Array
    evpi_curve: Array
    people: float
    partial: tuple[Partial, ...]
    without_effect: tuple[str, ...]
    studies: tuple[StudyValue, ...]
    switch: float
    not_here: tuple[str, ...]
    held: tuple[HeldDraws, ...] = ()
