"""Patients of digitised curves: files and options in, reconstructed and audited patients out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, TypedDict, get_args

from netcea.errors import InputError, Place, Problem, did_you_mean
from netcea.fitting.reconstruction.clicks import PATTERNS, Pattern
from netcea.fitting.reconstruction.digitised_curve import (
    DigitisedCurve,
    NotACurveError,
    Slip,
    SurvivalUnit,
    digitised_curve,
)
from netcea.fitting.reconstruction.reconstructed import Reconstructed, reconstruct_arms
from netcea.loading.reading.cells_file import read_cells
from netcea.loading.reading.digitised_file import (
    ARMS,
    LAYOUT,
    SURVIVALS,
    TIMES,
    PointData,
    is_curve,
    points_in_memory,
    read_at_risk,
    read_curves,
)
from netcea.loading.reading.patients_file import ALL, PatientData, arm_of, told_arms
from netcea.plain_number import read

if TYPE_CHECKING:
    import pandas as pd

FilePath: TypeAlias = "str | Path"
Number: TypeAlias = "float | Mapping[str, float]"
UNITS: Final[tuple[SurvivalUnit, ...]] = get_args(SurvivalUnit)


class CurveOptions(TypedDict, total=False):
    """What goes with a digitised curve; all may be left out but the number of patients.

    Attributes
    ----------
    survival : str
        Its column.
    at_risk : path, mapping of str -> path, DataFrame or mapping of columns
        Numbers at risk; arm -> file where each has its own. [patients]
    patients, total_events : int or mapping of str -> int
        At the start (where the numbers at risk do not say), and events in all; by arm where there are several.
        [patients]
    survival_unit : {'fraction', 'percent'}
        Found out where it is left out.
    clicked : {'steps', 'corners', 'anywhere'}
        Whether the feet of steps were clicked, their tops and feet, or points anywhere; found out where it is left out.
    medians : float or mapping of str -> float
        As published, for the audit. [unit of time]
    hazard_ratios : mapping of (str, str) -> float
        Treated arm, reference arm -> as published, for the audit. [ratio]
    digitiser, figure, digitised_on : str
        Who clicked which figure, and when.
    keep_failed : bool
        Go on where the audit fails.
    """

    survival: str | None
    at_risk: Any
    patients: Number | None
    total_events: Number | None
    survival_unit: SurvivalUnit | None
    clicked: Pattern | None
    medians: Number | None
    hazard_ratios: Mapping[tuple[str, str], float] | None
    digitiser: str | None
    figure: str | None
    digitised_on: str | None
    keep_failed: bool


def is_digitised(data: FilePath | pd.DataFrame | Mapping[str, Any], options: CurveOptions) -> bool:
    """Say whether data are a digitised curve and not patients.

    Parameters
    ----------
    data : path, mapping of str -> path, DataFrame or mapping of columns
        As given to `netcea.fit`.
    options : CurveOptions
        Any of them says that it is one.

    Returns
    -------
    bool
        By the options, else by the names of the columns.
    """
    if any(value not in (None, False) for key, value in options.items() if key != "at_risk"):
        return True
    if options.get("at_risk") is not None or _are_paths(data):
        return True
    if isinstance(data, str | Path):
        path = Path(data)
        if path.suffix == ".parquet" or not path.is_file():
            return False
        try:
            cells = read_cells(path, (*TIMES, *SURVIVALS, *ARMS))
        except InputError:  # told by the reader of patients
            return False
        return is_curve(cells.names)
    return is_curve([str(name) for name in data])


def _are_paths(data: object) -> bool:
    return isinstance(data, Mapping) and bool(data) and all(isinstance(value, str | Path) for value in data.values())


def reconstructed_patients(
    data: FilePath | pd.DataFrame | Mapping[str, Any], columns: Mapping[str, str | None], options: CurveOptions
) -> PatientData:
    """Reconstruct the patients of digitised curves.

    Parameters
    ----------
    data : path, mapping of str -> path, DataFrame or mapping of columns
        Points of the curves; arm -> file where each has its own.
    columns : mapping of str -> str or None
        time, arm -> column; None where it is to be found.
    options : CurveOptions
        What goes with the curves.

    Returns
    -------
    PatientData
        With `reconstructed`.

    Raises
    ------
    InputError
        Points or numbers that cannot be, each with its place; an audit that fails, unless `keep_failed`.
    """
    _check_words(options)
    points = _points(data, {**columns, "survival": options.get("survival")}, "survival")
    given = options.get("at_risk")
    at_risk = None if given is None else _points(given, {}, "at_risk")
    arms = list(points.arms)
    curves: dict[str, DigitisedCurve] = {}
    problems: list[Problem] = []
    risks = _matched_arms(at_risk, arms)
    patients = _by_arm(options.get("patients"), arms, "patients")
    events = _by_arm(options.get("total_events"), arms, "total_events")
    medians = _by_arm(options.get("medians"), arms, "medians")
    ratios = _ratios(options.get("hazard_ratios") or {}, arms)
    for arm in arms:
        try:
            curves[arm] = _one_curve(
                points, at_risk, arm, risks.get(arm), (patients.get(arm), events.get(arm)), options
            )
        except NotACurveError as error:
            problems += [_problem(slip, points, at_risk, arm, risks.get(arm)) for slip in error.slips]
    if problems:
        raise InputError(problems)
    found, checks = reconstruct_arms(curves, medians, ratios)
    about: dict[str, Any] = {key: options.get(key) for key in ("digitiser", "figure", "digitised_on")}
    source = (None, None) if at_risk is None else (at_risk.name, at_risk.sha256)
    whole = Reconstructed(curves, found, checks, **about, at_risk=source[0], at_risk_sha256=source[1])
    if whole.failed and not options.get("keep_failed"):
        hint = "check the clicks, the axes and the numbers at risk of this arm; --keep-failed goes on"
        place = Place(points.name, address="audit of the reconstruction")
        raise InputError([place.problem(str(check), "within the limit", hint) for check in whole.failed])
    return PatientData(whole.patients, points.name, points.sha256, points.columns, whole)


def _check_words(options: CurveOptions) -> None:
    allowed: tuple[tuple[Literal["survival_unit", "clicked"], Sequence[str]], ...] = (
        ("survival_unit", UNITS),
        ("clicked", PATTERNS),
    )
    for key, words in allowed:
        word = options.get(key)
        if word is not None and word not in words:
            raise Place(key).error(repr(word), f"one of {', '.join(words)}", did_you_mean(str(word), list(words)))


def _points(data: Any, columns: Mapping[str, str | None], value: str) -> PointData:
    if isinstance(data, str | Path):
        data = {ALL: data}
    if not _are_paths(data):
        return points_in_memory(data, columns, value)
    paths = {arm: Path(path) for arm, path in zip(told_arms([*map(str, data)]), data.values(), strict=True)}
    return read_curves(paths, columns) if value == "survival" else read_at_risk(paths)


def _matched_arms(at_risk: PointData | None, arms: Sequence[str]) -> dict[str, str]:
    """Return arm of the curves -> arm of the numbers at risk."""
    if at_risk is None:
        return {}
    own = list(at_risk.arms)
    if len(arms) == len(own) == 1 and ALL in (*arms, *own):
        return {arms[0]: own[0]}
    alike = {arm: next((name for name in own if name.lower() == arm.lower()), "") for arm in arms}
    missing = [arm for arm, name in alike.items() if not name]
    if missing:
        hint = did_you_mean(missing[0], own)
        found = f"no numbers at risk of {missing[0]!r} among {', '.join(own)}"
        if arms == [ALL]:
            hint = f"name the arm of the curve, {own[0]}=FILE; or the layout: {LAYOUT}"
        raise Place(at_risk.name).error(found, f"the arms of the curves: {', '.join(arms)}", hint)
    return alike


def _by_arm(value: Number | None, arms: Sequence[str], what: str) -> dict[str, float]:
    """Return a number of each arm; one number alone is that of the only arm."""
    option = f"--{what.removesuffix('s') if what == 'medians' else what}".replace("_", "-")
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        if len(arms) > 1:
            raise Place(option).error(read(value), f"a number for each arm, such as {arms[0]}={read(value)}")
        value = {arms[0]: value}
    value = {arm_of(arm, arms): number for arm, number in value.items()}
    for arm, number in value.items():
        if arm not in arms:
            raise Place(option).error(repr(arm), f"one of {', '.join(arms)}", did_you_mean(arm, list(arms)))
        is_count = what != "medians"
        if not 0.0 <= number < float("inf") or (is_count and number != int(number)) or (not is_count and number == 0.0):
            raise Place(option).error(read(number), "a whole number" if is_count else "a time after 0")
    return dict(value)


def _ratios(given: Mapping[tuple[str, str], float], arms: Sequence[str]) -> dict[tuple[str, str], float]:
    place = Place("--hazard-ratio")
    given = {(arm_of(one, arms), arm_of(other, arms)): ratio for (one, other), ratio in given.items()}
    for pair, ratio in given.items():
        for arm in pair:
            if arm not in arms:
                raise place.error(repr(arm), f"one of {', '.join(arms)}", did_you_mean(arm, list(arms)))
        if not 0.0 < ratio < float("inf"):
            raise place.error(read(ratio), "a ratio above 0")
    return dict(given)


def _one_curve(
    points: PointData,
    at_risk: PointData | None,
    arm: str,
    risk: str | None,
    counts: tuple[float | None, float | None],
    options: CurveOptions,
) -> DigitisedCurve:
    own = points.arms[arm]
    numbers = None if at_risk is None or risk is None else at_risk.arms[risk]
    patients, events = (None if count is None else int(count) for count in counts)
    return digitised_curve(
        own.time,
        own.value,
        None if numbers is None else (numbers.time, numbers.value),
        patients,
        events,
        options.get("clicked"),
        options.get("survival_unit") or ("percent" if own.in_percent else None),
    )


def _problem(slip: Slip, points: PointData, at_risk: PointData | None, arm: str, risk: str | None) -> Problem:
    """Return what is wrong with a curve or its numbers at risk, with its line."""
    of_risk = slip.column == "at_risk" or (slip.column == "time" and "at risk" in slip.found)
    whole = at_risk if of_risk and at_risk is not None else points
    own = whole.arms[risk if whole is at_risk and risk is not None else arm]
    place = own.places[slip.row] if 0 <= slip.row < len(own.places) else Place(whole.name)
    found = slip.found if arm == ALL else f"{arm}: {slip.found}"
    return Problem(place.file, place.line, slip.column, found, slip.expected, slip.suggestion)
