"""The general population's mortality between the times of external terms, where excess hazards are fitted."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from netcea.errors import Place, ProblemCollector
from netcea.evidence.matched_population import Population
from netcea.evidence.relative_survival import Matched
from netcea.fitting.external.terms import ExternalTerm, ExternalTerms
from netcea.loading.reading.external_file import ExternalData
from netcea.plain_number import read

OF_PATIENTS: Final = "background: the expected survival of the patients of the arm"
"""What is noted of a term whose source does not state its general population's survival."""
STATED: Final = "background: as stated"
"""What is noted of a term whose source states it."""


def with_background(
    outside: ExternalData, matched: Matched | None, per_year: float, population: Population | None = None
) -> ExternalData:
    """Give every term the mortality of the general population, or take it away where hazards are of all causes.

    Where a source does not state it, it is that of the people to whom the patients of the arm are matched, averaged
    over them: log(S*(start) / S*(stop)).

    Parameters
    ----------
    outside : ExternalData
    matched : Matched or None
        None for fits of all causes.
    per_year : float
        Units of time in a year. [unit of time / year]
    population : Population or None
        Of the patients' mean age and sexes, where their own hazards are stated and nobody is matched to them.

    Returns
    -------
    ExternalData
        Whose terms say in their notes where their background is from.

    Raises
    ------
    InputError
        Terms whose background neither their source nor a life table says, each of them.
    """
    if matched is None:
        return replace(outside, arms={arm: terms.of_all_causes() for arm, terms in outside.arms.items()})
    faults = ProblemCollector()
    arms = {
        arm: ExternalTerms(
            tuple(_in_excess(term, matched.people.get(arm, population), per_year, faults) for term in of.terms),
            of.covariates,
        )
        for arm, of in outside.arms.items()
    }
    faults.raise_if_any()
    return replace(outside, arms=arms)


def _in_excess(
    term: ExternalTerm, people: Population | None, per_year: float, faults: ProblemCollector
) -> ExternalTerm:
    if term.background is not None:
        return _noted(term, STATED)
    if people is None:
        found = f"nothing for {term.source}, {read(term.start)} to {read(term.stop)}"
        expected = "background_start and background_stop, the general population's survival at start and stop"
        hint = "add these columns, or name --life-table, --age and --female: the patients' own hazards do not say it"
        faults.add(Place("external").problem(found, expected, hint))
        return term
    start, stop = np.asarray(people.survival(np.array([term.start, term.stop]) / per_year)).tolist()
    if stop <= 0.0:
        found = f"{term.source}: nobody of the general population is alive at {read(term.stop)}"
        faults.add(Place("external").problem(found, "a time at which some are"))
        return term
    return _noted(replace(term, background=float(np.log(start / stop))), OF_PATIENTS)


def _noted(term: ExternalTerm, words: str) -> ExternalTerm:
    return replace(term, note="; ".join(filter(None, (term.note, words))))
