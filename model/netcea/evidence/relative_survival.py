"""Relative survival of patients: what they are matched to, by what, and what follows of it for the likelihood."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import numpy as np

from netcea.arrays import Array
from netcea.cohort.matched import LifeTables, People, expected_at
from netcea.cohort.mortality import LifeTable
from netcea.errors import Place
from netcea.evidence.matched_population import MatchedPopulation, Population
from netcea.evidence.population import GeneralPopulation
from netcea.fitting.background import Background
from netcea.fitting.patients import Patients
from netcea.loading.reading.patients_file import PatientData
from netcea.loading.reading.people_columns import PeopleColumns
from netcea.plain_number import read as plain

MatchedBy: TypeAlias = Literal["hazard_of_each_patient", "age_and_sex_of_each_patient", "mean_age_and_sexes"]
NOT_OF_DEATH: Final = ("pfs", "ttd", "time_on_treatment")
"""Endpoints that no life table is of: progression, and the end of treatment."""


@dataclass(frozen=True, eq=False)
class RelativeSurvival:
    """That excess hazards are fitted, and over what: a life table by age and sex, or hazards that the data state.

    Attributes
    ----------
    life_table : LifeTable or LifeTablesByYear, optional
        Of the general population; by calendar year, patients need their year.
    name : str
        Of the life table.
    sha256 : str
        Of its file; of its numbers where it is left out.
    age, sex, year : str, optional
        Columns of age [years], sex and calendar time [year] at time 0; found by usual names where they are left out.
    female_value : str, optional
        What stands for a woman in the column of sexes; everything else then is a man.
    background, background_cumulative : str, optional
        Columns of the general population's hazard at each patient's own time [1 / unit of time], and of its cumulative
        hazard from entry to then [1]; in place of a life table.
    mean : GeneralPopulation, optional
        All patients are matched to people of this age and these sexes: for data without age and sex.

    Examples
    --------
    >>> RelativeSurvival(background="bhazard").matched_by
    'hazard_of_each_patient'
    """

    life_table: LifeTables | None = None
    name: str = "life table"
    sha256: str = ""
    age: str | None = None
    sex: str | None = None
    year: str | None = None
    female_value: str | None = None
    background: str | None = None
    background_cumulative: str | None = None
    mean: GeneralPopulation | None = None

    @property
    def matched_by(self) -> MatchedBy:
        """By what the general population is matched."""
        if self.mean is not None:
            return "mean_age_and_sexes"
        return "hazard_of_each_patient" if self.life_table is None else "age_and_sex_of_each_patient"

    @property
    def by_year(self) -> bool:
        """Whether mortality is that of each calendar year."""
        return self.life_table is not None and not isinstance(self.life_table, LifeTable)

    @property
    def columns(self) -> PeopleColumns:
        """What is read of the data for it."""
        if self.matched_by == "mean_age_and_sexes":
            return PeopleColumns({})
        if self.matched_by == "hazard_of_each_patient":
            asked = {"background": self.background, "background_cumulative": self.background_cumulative}
            return PeopleColumns(asked, ("background",))
        asked = {"age": self.age, "sex": self.sex}
        if self.by_year:
            asked["year"] = self.year
        return PeopleColumns(asked, tuple(asked), self.female_value)

    @property
    def digest(self) -> str | None:
        """Of the life table; None where there is none."""
        if self.sha256:
            return self.sha256
        table = self.life_table if self.mean is None else self.mean.life_table
        if table is None:
            return None
        tables = [table] if isinstance(table, LifeTable) else table.tables
        parts = [x.tobytes() for one in tables for x in (one.age, one.qx_male, one.qx_female)]
        years = [] if isinstance(table, LifeTable) else [table.years.tobytes()]
        return hashlib.sha256(b"".join([*years, *parts])).hexdigest()

    @property
    def of_what(self) -> str:
        """What the hazards are in excess of."""
        if self.mean is not None:
            return f"{self.mean.name}, of mean age {plain(self.mean.age, 4)} and {plain(self.mean.female, 3)} women"
        if self.life_table is None:
            return "the hazard of the general population that the data state for each patient"
        by = "age and sex" if isinstance(self.life_table, LifeTable) else "age, sex and calendar year"
        return f"{self.name} by each patient's {by}"


@dataclass(frozen=True, eq=False)
class Matched:
    """Patients with the mortality of those to whom they were matched.

    Attributes
    ----------
    of : RelativeSurvival
    people : mapping of str -> Population
        Arm -> those matched to its patients; empty where their hazard is known at the patients' own times alone.
    """

    of: RelativeSurvival
    people: Mapping[str, Population]


def check_relative(relative: object, endpoint: str) -> None:
    """Refuse relative survival of what no life table is of, and what does not say over what.

    Parameters
    ----------
    relative : RelativeSurvival
        What hazards are in excess of.
    endpoint : str
        Of the fits.

    Raises
    ------
    InputError
        Progression-free survival, or time on treatment; something else than a `RelativeSurvival`.
    """
    if not isinstance(relative, RelativeSurvival):
        hint = "from netcea.evidence.relative_survival import RelativeSurvival"
        raise Place("relative_survival").error(repr(relative), "a RelativeSurvival, which says over what", hint)
    if endpoint in NOT_OF_DEATH:
        expected = "overall survival: life tables know deaths, and neither progression nor the end of treatment"
        hint = "fit this endpoint without relative survival; the model never lets PFS lie above overall survival"
        raise Place("relative_survival").error(f"the endpoint {endpoint}", expected, hint)


def beside_it(relative: RelativeSurvival | None, endpoint: str, other: str) -> RelativeSurvival | None:
    """Relative survival of one of two endpoints that are fitted beside each other: of deaths alone.

    Parameters
    ----------
    relative : RelativeSurvival or None
        Of those of the two that life tables are of.
    endpoint, other : str
        This one, and the one beside it.

    Returns
    -------
    RelativeSurvival or None
        None for progression-free survival and time on treatment, which are fitted to all events beside an endpoint that
        is of deaths.

    Examples
    --------
    >>> beside_it(RelativeSurvival(background="bhazard"), "pfs", "os") is None
    True
    """
    return None if endpoint in NOT_OF_DEATH and other not in NOT_OF_DEATH else relative


def in_excess(data: PatientData, of: RelativeSurvival, per_year: float) -> tuple[PatientData, Matched]:
    """Give every patient the mortality of the general population.

    Parameters
    ----------
    data : PatientData
        With the columns that `of` names.
    of : RelativeSurvival
    per_year : float
        Units of time in a year. [unit of time / year]

    Returns
    -------
    data : PatientData
        Whose patients have a background.
    matched : Matched
    """
    if data.reconstructed is not None and of.mean is None:
        hint = "name --age, --female and --life-table: their mean age and sexes"
        raise Place("relative_survival").error("patients of a digitised curve, without age and sex", "both", hint)
    arms: dict[str, Patients] = {}
    people: dict[str, Population] = {}
    for arm, patients in data.arms.items():
        columns = data.people.get(arm, {})
        if of.matched_by == "hazard_of_each_patient":
            background = Background(columns["background"], columns.get("background_cumulative"))
        else:
            background = _of_life_table(patients, columns, of, per_year)
            people[arm] = of.mean or MatchedPopulation(_table(of), of.name, _people(columns), patients.weight)
        arms[arm] = replace(patients, background=background)
    return replace(data, arms=arms), Matched(of, people)


def _table(of: RelativeSurvival) -> LifeTables:
    table = of.life_table if of.mean is None else of.mean.life_table
    if table is None:
        raise ValueError("expected a life table")
    return table


def _people(columns: Mapping[str, Array]) -> People:
    return People(columns["age"], columns["sex"], columns.get("year"))


def _of_life_table(
    patients: Patients, columns: Mapping[str, Array], of: RelativeSurvival, per_year: float
) -> Background:
    """Return the hazard of those like each patient at his own time, and their cumulative hazard since his entry."""
    if of.mean is not None:
        people = People(np.full(patients.n, of.mean.age), np.full(patients.n, of.mean.female))
    else:
        people = _people(columns)
    then = expected_at(_table(of), people, patients.time / per_year)
    before = expected_at(_table(of), people, patients.entry / per_year)
    return Background(then.hazard / per_year, np.maximum(then.cumulative - before.cumulative, 0.0))
