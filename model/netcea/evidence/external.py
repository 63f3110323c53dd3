"""Fits with external information in the likelihood beside those without: how far each family is pulled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.errors import Place
from netcea.fitting.candidates import Candidate
from netcea.fitting.external.beliefs import standard_errors_away
from netcea.fitting.external.terms import ExternalTerm
from netcea.fitting.maximum_likelihood import LikelihoodFit, Refused, fit_patients
from netcea.loading.reading.external_file import ExternalData, Wish, read_external
from netcea.loading.reading.patients_file import PatientData
from netcea.survival.curve import TimeUnit

if TYPE_CHECKING:
    from netcea.evidence.arms import FitsOfArms

ExternalFile: TypeAlias = "str | Path | Mapping[str, Any]"
Weights: TypeAlias = "float | Mapping[str, float]"
Fits: TypeAlias = "Mapping[str, tuple[LikelihoodFit | Refused, ...]]"


def external_of(
    external: ExternalFile | Sequence[ExternalFile] | None,
    weights: Weights | None,
    read: PatientData,
    endpoint: str,
    time_unit: TimeUnit,
) -> ExternalData | None:
    """Read external information on the arms of patients; None where there is none.

    Parameters
    ----------
    external : path, mapping or sequence of them, or None
        Files (YAML, CSV, Parquet), or mappings like them.
    weights : float, mapping of str -> float, or None
        Of all sources or of each, in place of those in the files. [1]
    read : PatientData
    endpoint, time_unit : str
        Of the patients.

    Raises
    ------
    InputError
        See `netcea.loading.reading.external_file.read_external`; weights without external information.
    """
    if external is None or (isinstance(external, Sequence) and not isinstance(external, str) and not external):
        if weights is not None:
            raise Place("external_weight").error("weights", "external information with it")
        return None
    files = [external] if isinstance(external, str | Path | Mapping) else list(external)
    return read_external(files, Wish(tuple(read.arms), endpoint, time_unit, {} if weights is None else weights))


def fits_with(
    read: PatientData, fits: Fits, external: ExternalData, families: tuple[Candidate, ...] | None
) -> dict[str, tuple[LikelihoodFit | Refused, ...]]:
    """Fit the families again with external information; arms of which nothing is said keep their fits.

    Parameters
    ----------
    read : PatientData
    fits : mapping of str -> tuple of LikelihoodFit or Refused
        Arm -> fits without.
    external : ExternalData
    families : tuple of Candidate or None
        In place of all.
    """
    return {
        arm: fit_patients(patients, families, external.arms[arm]) if arm in external.arms else fits[arm]
        for arm, patients in read.arms.items()
    }


@dataclass(frozen=True, eq=False)
class Pull:
    """A family of an arm with external information, and without.

    Attributes
    ----------
    arm : str
    fit : LikelihoodFit
        With it.
    without : LikelihoodFit or None
        None where the patients alone give no fit.
    """

    arm: str
    fit: LikelihoodFit
    without: LikelihoodFit | None

    @property
    def terms(self) -> tuple[ExternalTerm, ...]:
        """What is said of the arm."""
        return () if self.fit.external is None else self.fit.external.terms

    @cached_property
    def contributions(self) -> Array:
        """What each term adds to the log-likelihood at its maximum, (term,). [log]."""
        return self._contributions(self.fit)

    @cached_property
    def contributions_without(self) -> Array:
        """The same at the maximum of the patients' own likelihood; NaN where they give no fit, (term,). [log]."""
        return np.full(len(self.terms), np.nan) if self.without is None else self._contributions(self.without)

    def _contributions(self, fit: LikelihoodFit) -> Array:
        curve, external = fit.curve(), self.fit.external
        return np.zeros(0) if external is None else external.values(lambda t: np.asarray(curve.survival(t)))

    @property
    def log_likelihood_of_patients(self) -> float:
        """The patients' part of the log-likelihood. [log]."""
        return self.fit.log_likelihood - float(self.contributions.sum())

    @property
    def lost(self) -> float:
        """By how much the patients' log-likelihood is below its own maximum; NaN where there is none. [log]."""
        return float("nan") if self.without is None else self.without.log_likelihood - self.log_likelihood_of_patients

    def shares(self, fit: LikelihoodFit | None) -> Array:
        """What a fit says of the share of each term, (term,); NaN where there is no fit. [share]

        Parameters
        ----------
        fit : LikelihoodFit or None
        """
        if fit is None or self.fit.external is None:
            return np.full(len(self.terms), np.nan)
        curve = fit.curve()
        return self.fit.external.shares(lambda t: np.asarray(curve.survival(t)))

    def away(self, fit: LikelihoodFit | None) -> list[float]:
        """How far that is from what each term says; NaN where there is no fit. [standard errors]

        Parameters
        ----------
        fit : LikelihoodFit or None
        """
        return [
            standard_errors_away(term.belief, float(share)) if np.isfinite(share) else float("nan")
            for term, share in zip(self.terms, self.shares(fit), strict=True)
        ]


def pulls(found: FitsOfArms, arm: str) -> list[Pull]:
    """Return the families of an arm that have a fit with external information, the lowest AIC first.

    Parameters
    ----------
    found : FitsOfArms
        With fits with external information.
    arm : str
        Of which something is said.
    """
    if found.with_external is None:
        return []
    own = {fit.name: fit for fit in found.fitted(arm)}
    return [Pull(arm, one.fit, own.get(one.fit.name)) for one in found.with_external.summaries[arm]]


def external_arms(found: FitsOfArms) -> list[str]:
    """Return the arms of which external information says something.

    Parameters
    ----------
    found : FitsOfArms
    """
    outside = None if found.with_external is None else found.with_external.external
    return [] if outside is None else [arm for arm in found.fits if arm in outside.arms]
