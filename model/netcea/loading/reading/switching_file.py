"""A trial with treatment switching in CSV or Parquet: a row for each patient, and one for each visit where recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from netcea.arrays import Array
from netcea.errors import InputError, Place, Problem, did_you_mean
from netcea.fitting.switching.switchers import NEVER, Switchers, Visits, switching_faults
from netcea.loading.reading.columns_file import Columns, Wanted, read_columns
from netcea.loading.reading.csv_file import MOST_FAULTS, NOTHING
from netcea.loading.reading.patients_file import NAMES as PATIENT_NAMES
from netcea.loading.reading.patients_file import arm_names, event_values, told_arms
from netcea.loading.reading.project import shown
from netcea.plain_number import read

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "time": PATIENT_NAMES["time"],
    "event": PATIENT_NAMES["event"],
    "arm": PATIENT_NAMES["arm"],
    "switch": ("switch", "switch_time", "crossover_time", "xotime", "swtrt_time"),
    "switched": ("switched", "crossover", "xo", "swtrt"),
    "progression": ("progression", "progression_time", "pd_time"),
    "progressed": ("progressed", "pd"),
    "cutoff": ("cutoff", "cutoff_time", "censor_time", "time_to_cutoff"),
    "patient": ("patient", "id", "usubjid", "patient_id"),
}
"""What is read -> what its column is called where the user does not say."""
MOMENTS: Final = ("switch", "progression", "cutoff")
VISIT_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "patient": NAMES["patient"],
    "start": ("start", "tstart", "from", "visit_time"),
    "stop": ("stop", "tstop", "end", "until"),
}
ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class Covariates:
    """Which columns are covariates.

    Attributes
    ----------
    baseline, at_progression, at_visits : tuple of str
        Columns: at randomisation, at progression (of the file of patients), at visits (of the file of visits).
    """

    baseline: tuple[str, ...] = ()
    at_progression: tuple[str, ...] = ()
    at_visits: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class SwitchingData:
    """A trial with switching as it was read.

    Attributes
    ----------
    patients : Switchers
    arms : tuple of str
        The control's, the treatment's.
    name, sha256 : str
        Of the file of patients.
    columns : mapping of str -> str
        What was read -> its column.
    """

    patients: Switchers
    arms: tuple[str, str]
    name: str
    sha256: str
    columns: Mapping[str, str]


def read_switching(
    path: Path,
    control: str,
    columns: Mapping[str, str | None],
    covariates: Covariates,
    visits: Path | None = None,
    event_value: str | None = None,
) -> SwitchingData:
    """Read a trial with switching.

    Parameters
    ----------
    path : Path
        CSV or Parquet, a row for each patient.
    control : str
        The arm of the control, as it stands in the column of arms.
    columns : mapping of str -> str or None
        time, event, arm, switch ... -> column; None where it is to be found by a usual name.
    covariates : Covariates
    visits : Path, optional
        CSV or Parquet, a row from each visit to the next.
    event_value : str, optional
        What stands in the event column for a death.

    Returns
    -------
    SwitchingData

    Raises
    ------
    InputError
        Every fault, with its line and column.
    """
    more = {f"covariate {name}": (name,) for name in (*covariates.baseline, *covariates.at_progression)}
    asked = {**columns, **{f"covariate {name}": name for name in (*covariates.baseline, *covariates.at_progression)}}
    needed = ("time", "event", "arm", "switch", *(("patient",) if visits is not None else ()))
    words = ("event", "arm", "switched", "progressed", "patient", *more)
    found = read_columns(path, Wanted({**NAMES, **more}, needed, words, MOMENTS), asked)
    numbers = _numbers(found, event_value)
    arms = _arms(found, control)
    numbers["treated"] = np.array([float(arm != arms[0]) for arm in arm_names(found.cells["arm"])])
    baseline = dict(_designs(found, covariates.baseline))
    later = dict(_designs(found, covariates.at_progression))
    problems = list(_problems(found, numbers, baseline | later))
    if problems:
        raise InputError(problems)
    patients = Switchers.of(
        numbers["time"],
        numbers["event"],
        numbers["treated"],
        numbers["switch"],
        cutoff=numbers["cutoff"],
        progression=numbers["progression"] if "progression" in found.names else None,
        covariates=baseline,
        later=later,
        visits=None if visits is None else _visits(visits, found, numbers["time"], covariates.at_visits),
    )
    return SwitchingData(patients, arms, path.name, found.sha256, dict(found.names))


def _numbers(found: Columns, event_value: str | None) -> dict[str, Array]:
    n = len(found.lines)
    numbers = {
        "time": np.array(found.cells["time"], dtype=np.float64),
        "event": event_values(found, "event", event_value),
    }
    for what in MOMENTS:
        numbers[what] = _moments(found, what) if what in found.cells else np.full(n, NEVER)
    for flag, what in (("switched", "switch"), ("progressed", "progression")):
        if flag in found.cells:
            happened = event_values(found, flag)
            numbers[what] = np.where(happened == 1.0, numbers[what], NEVER)
            missing = np.flatnonzero((happened == 1.0) & (numbers[what] == NEVER))
            if what in found.cells and len(missing):
                expected = f"the time, since the column '{found.names[flag]}' says that it happened"
                raise found.place(int(missing[0]), what).error("nothing", expected)
    return numbers


def _moments(found: Columns, what: str) -> Array:
    """Return times of a column in which cells may be empty: inf for those."""
    values = np.array([np.nan if cell is None else cell for cell in found.cells[what]], dtype=np.float64)
    return np.where(np.isnan(values), NEVER, values)


def _arms(found: Columns, control: str) -> tuple[str, str]:
    names = list(dict.fromkeys(told_arms(found.cells["arm"])))
    place = Place(shown(found.path), 0, found.path, found.names["arm"])
    if len(names) != 2:
        expected = "two arms: the control's and the treatment's"
        raise place.error(f"{len(names)} arms: {', '.join(names[:6])}", expected)
    wanted = arm_names([control])[0]
    if wanted not in names:
        raise Place("--control").error(repr(control), f"one of {', '.join(names)}", did_you_mean(wanted, names))
    other = next(name for name in names if name != wanted)
    return wanted, other


def _designs(found: Columns, names: Sequence[str]) -> Iterator[tuple[str, Array]]:
    """Yield covariates as numbers: a column of numbers as it is, one of words as 0 or 1 for each but the first."""
    for name in names:
        cells = found.cells[f"covariate {name}"]
        yield from _design(found, name, cells)


def _design(found: Columns, name: str, cells: Sequence[Any]) -> Iterator[tuple[str, Array]]:
    texts = ["" if cell is None else str(cell).strip() for cell in cells]
    empty = next((row for row, text in enumerate(texts) if text.lower() in NOTHING), None)
    if empty is not None:
        raise found.place(empty, f"covariate {name}").error("nothing", "a value for every patient")
    try:
        yield name, np.array([float(text) for text in texts])
    except ValueError:
        levels = sorted(set(texts))
        for level in levels[1:]:
            yield f"{name} {level}", np.array([float(text == level) for text in texts])


def _problems(found: Columns, numbers: Mapping[str, Array], more: Mapping[str, Array]) -> Iterator[Problem]:
    columns = {name: numbers[name] for name in ("time", "event", "treated", *MOMENTS)}
    for fault in switching_faults(columns, more):
        for row in fault.rows[:MOST_FAULTS].tolist():
            value = numbers.get(fault.column, more.get(fault.column, numbers["time"]))[row]
            yield found.place(row, fault.column).problem(read(float(value)), fault.expected)


def _visits(path: Path, patients: Columns, time: Array, names: tuple[str, ...]) -> Visits:
    """Return the visits of every patient, in the order of the patients."""
    if not names:
        raise Place("--visit-covariate").error("none", "what was recorded at visits: a column of the file of visits")
    more = {f"covariate {name}": (name,) for name in names}
    wanted = Wanted({**VISIT_NAMES, **more}, ("patient", "start", "stop"), ("patient", *more))
    found = read_columns(path, wanted, {f"covariate {name}": name for name in names})
    place = {str(cell).strip(): k for k, cell in enumerate(patients.cells["patient"])}
    if len(place) < len(patients.lines):
        raise Place(shown(patients.path), 0, patients.path, patients.names["patient"]).error(
            "a patient twice", "a row for each patient"
        )
    keys = [str(cell).strip() for cell in found.cells["patient"]]
    unknown = next((row for row, key in enumerate(keys) if key not in place), None)
    if unknown is not None:
        raise found.place(unknown, "patient").error(repr(keys[unknown]), f"a patient of {shown(patients.path)}")
    whose = np.array([place[key] for key in keys], dtype=np.intp)
    start, stop = (np.array(found.cells[what], dtype=np.float64) for what in ("start", "stop"))
    order = np.lexsort((start, whose))
    _check_visits(found, patients, whose[order], start[order], stop[order], time, order)
    design = np.column_stack([values for _, values in _designs(found, names)])
    labels = tuple(name for name, _ in _designs(found, names))
    return Visits(whose[order], start[order], stop[order], design[order], labels)


def _check_visits(
    found: Columns,
    patients: Columns,
    whose: np.ndarray[Any, np.dtype[np.intp]],
    start: Array,
    stop: Array,
    time: Array,
    order: np.ndarray[Any, np.dtype[np.intp]],
) -> None:
    """Refuse visits that do not follow each other from randomisation to each patient's last day."""
    first = np.diff(whose, prepend=-1) != 0
    last = np.append(first[1:], True)
    scale = ROUNDING * float(time.max())
    follows = np.where(first, np.abs(start) <= scale, np.abs(start - np.append(0.0, stop[:-1])) <= scale)
    ends = ~last | (np.abs(stop - time[whose]) <= scale)
    rules = (
        (stop > start, "stop", stop, "a time after its start"),
        (follows, "start", start, "0 at a patient's first visit, then the end of the visit before"),
        (ends, "stop", stop, "the patient's own time to death or censoring, at the last visit"),
    )
    problems = []
    for holds, what, values, expected in rules:
        for row in np.flatnonzero(~holds)[:MOST_FAULTS].tolist():
            problems.append(found.place(int(order[row]), what).problem(read(float(values[row])), expected))  # noqa: PERF401
    absent = np.setdiff1d(np.arange(len(time)), whose)
    if len(absent):
        at = patients.place(int(absent[0]), "patient")
        problems.append(
            at.problem(f"a patient without visits (and {len(absent) - 1:,} more)", "visits of every patient")
        )
    if problems:
        raise InputError(problems)
