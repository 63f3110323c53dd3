"""What results.json holds of a value-of-information analysis."""

from __future__ import annotations

from dataclasses import dataclass

from netcea.analyses.voi.result import Basis, Estimate, Partial, StudyValue, VoiResult
from netcea.arrays import Array
from netcea.blocks import Unbounded


@dataclass(frozen=True)
class CurveRecord:
    """Expected value of perfect information over thresholds.

    Attributes
    ----------
    thresholds : list of float
        [GBP/QALY]
    evpi : list of float
        [GBP per patient]
    """

    thresholds: tuple[float, ...]
    evpi: tuple[float, ...]


@dataclass(frozen=True)
class StudyRecord:
    """What a study of n patients is worth, on one basis.

    Attributes
    ----------
    name, label : str
        Of the study.
    basis : str
        Name of the basis.
    evppi : Estimate
        Of what the study informs: the most it could be worth.
    best_size : int
        Number of patients with the highest net benefit, if it is above 0.
    notes : list of str
        How many events a trial would see, and the like.
    patients : list of int
        Sizes.
    evsi, standard_error : list of float
        [GBP per patient of the population]
    population : list of float
        EVSI for everybody the decision reaches. [GBP]
    cost, net_benefit : list of float
        Of the study, where its cost is given. [GBP]
    """

    name: str
    label: str
    basis: str
    evppi: Estimate
    best_size: int | None
    notes: tuple[str, ...]
    patients: tuple[float, ...]
    evsi: tuple[float, ...]
    standard_error: tuple[float, ...]
    population: tuple[Unbounded, ...] | None
    cost: tuple[Unbounded, ...] | None
    net_benefit: tuple[Unbounded, ...] | None


@dataclass(frozen=True)
class VoiRecord:
    """A value-of-information analysis.

    Attributes
    ----------
    draws : int
        Number of draws.
    bases : list
        What a QALY is worth, in the order of all estimates.
    switch : float
        Threshold at which the optimal strategy changes; null if it never does. [GBP/QALY]
    people : float
        Patients whom the decision reaches, later ones discounted; null when the scenario names no population.
    evpi : list
        Of everything, on each basis. [GBP per patient]
    evpi_curve : CurveRecord
        Over thresholds.
    evppi : list
        Of some quantities, on each basis. [GBP per patient]
    without_effect : list of str
        Addresses that are drawn and move no result.
    studies : list
        Of studies that have not been done.
    """

    draws: int
    bases: tuple[Basis, ...]
    switch: Unbounded
    people: Unbounded
    evpi: tuple[Estimate, ...]
    evpi_curve: CurveRecord
    evppi: tuple[Partial, ...]
    without_effect: tuple[str, ...]
    studies: tuple[StudyRecord, ...]


def record_of(result: VoiResult) -> VoiRecord:
    """Return what results.json holds."""
    return VoiRecord(
        draws=result.totals.n,
        bases=result.bases,
        switch=result.switch,
        people=result.people,
        evpi=result.evpi,
        evpi_curve=CurveRecord(tuple(result.thresholds.tolist()), tuple(result.evpi_curve.tolist())),
        evppi=result.partial,
        without_effect=result.without_effect,
        studies=tuple(map(_study, result.studies)),
    )


def _study(study: StudyValue) -> StudyRecord:
    return StudyRecord(
        study.name,
        study.label,
        study.basis.name,
        study.evppi,
        study.best_size,
        study.notes,
        _listed(study.patients) or (),
        _listed(study.evsi) or (),
        _listed(study.standard_error) or (),
        _listed(study.population),
        _listed(study.cost),
        _listed(study.net_benefit),
    )


def _listed(array: Array | None) -> tuple[float, ...] | None:
    return None if array is None else tuple(array.tolist())
