"""A digitised Kaplan-Meier curve and its numbers at risk in CSV files, or columns in memory: by arm, with places."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from netcea.arrays import Array
from netcea.errors import InputError, Place, did_you_mean
from netcea.loading.reading.cells_file import Cells, read_cells
from netcea.loading.reading.patients_file import ALL, NAMES, arm_names, told_arms
from netcea.storage.delimited.layout import matched
from netcea.storage.delimited.numbers import number

TIMES: Final = (*NAMES["time"], "x", "month", "year", "week", "day")
SURVIVALS: Final = (
    *("survival", "surv", "s", "y", "probability", "prob", "proportion", "percent", "percentage", "fraction"),
    *("survival_probability", "overall_survival", "progression_free_survival", "os", "pfs", "km", "kaplan_meier"),
)
AT_RISKS: Final = (
    "at_risk",
    "n_at_risk",
    "number_at_risk",
    "numbers_at_risk",
    "nrisk",
    "n_risk",
    "risk",
    "n",
    "number",
)
ARMS: Final = NAMES["arm"]
LAYOUT: Final = (
    "columns time and at_risk (and arm), or time and one column for each arm, or a row for each arm below a header of "
    "arm and times"
)


@dataclass(frozen=True, eq=False)
class Points:
    """Points of one arm, each with its place.

    Attributes
    ----------
    time, value : Array (point,)
        [unit of time], [share, percent or patients]
    places : tuple of Place
        Of each.
    in_percent : bool
        Whether each was written with a percent sign.
    """

    time: Array
    value: Array
    places: tuple[Place, ...]
    in_percent: bool = False


@dataclass(frozen=True, eq=False)
class PointData:
    """Points by arm, and what they were read from.

    Attributes
    ----------
    arms : mapping of str -> Points
    name : str
        Of the file or files.
    sha256 : str
        Of their bytes.
    columns : mapping of str -> str
        What was read -> column.
    """

    arms: Mapping[str, Points]
    name: str
    sha256: str
    columns: Mapping[str, str]


def is_curve(names: Iterable[str]) -> bool:
    """Say whether columns of these names are those of a curve: survival, and no event.

    Parameters
    ----------
    names : iterable of str
        Of the columns.

    Examples
    --------
    >>> is_curve(["Time", "Survival"]), is_curve(["time", "event"]), is_curve(["time", "status", "survival"])
    (True, False, False)
    """
    given = list(names)
    return bool(_usual(given, SURVIVALS)) and not _usual(given, NAMES["event"])


def _usual(names: Sequence[str], usual: Sequence[str]) -> str:
    """Return the column with a usual name, or an empty text."""
    alike = {known: name for name, known in matched(names, usual).items()}
    return next((name for name in usual if name in names), "") or next((alike[u] for u in usual if u in alike), "")


def read_curves(paths: Mapping[str, Path], columns: Mapping[str, str | None]) -> PointData:
    """Read the points of curves.

    Parameters
    ----------
    paths : mapping of str -> Path
        Arm -> file; with one file, arms may be in a column of it.
    columns : mapping of str -> str or None
        time, survival, arm -> column; None where it is to be found.

    Returns
    -------
    PointData

    Raises
    ------
    InputError
        Every fault, with its line and column.
    """
    return _together(
        [_curve(arm, read_cells(path, (*TIMES, *SURVIVALS, *ARMS)), columns) for arm, path in paths.items()]
    )


def _together(found: Sequence[PointData]) -> PointData:
    if len(found) == 1:
        return found[0]
    arms: dict[str, Points] = {}
    for one in found:
        for arm, points in one.arms.items():
            if arm in arms:
                raise Place(one.name).error(f"the arm {arm!r} a second time", "each arm once", "name it: ARM=FILE")
            arms[arm] = points
    digest = hashlib.sha256("".join(one.sha256 for one in found).encode()).hexdigest()
    return PointData(arms, ", ".join(one.name for one in found), digest, found[0].columns)


def _curve(arm: str, cells: Cells, columns: Mapping[str, str | None]) -> PointData:
    names = {what: _asked(cells, columns.get(what), usual) for what, usual in _CURVE.items()}
    free = [name for name in cells.names if name not in names.values()]
    if not names["time"] or not names["survival"]:
        names.update(_by_shape(cells, names, free))
    values = cells.numbers([names["time"], names["survival"]])
    time, survival = (np.array(values[names[what]]) for what in ("time", "survival"))
    in_percent = cells.in_percent(names["survival"])
    return _by_arm(arm, cells, names, (time, survival), in_percent=in_percent)


_CURVE: Final[Mapping[str, Sequence[str]]] = {"time": TIMES, "survival": SURVIVALS, "arm": ARMS}


def _asked(cells: Cells, asked: str | None, usual: Sequence[str]) -> str:
    if asked is None:
        return _usual(cells.names, usual)
    if asked not in cells.names:
        hint = did_you_mean(asked, cells.names)
        raise cells.place(-1).error(f"no column '{asked}'", f"one of {', '.join(cells.names)}", hint)
    return asked


def _by_shape(cells: Cells, names: Mapping[str, str], free: Sequence[str]) -> dict[str, str]:
    """Return time and survival from two columns of numbers, of which one rises and the other falls."""
    missing = [what for what in ("time", "survival") if not names[what]]
    numeric = [name for name in free if all(_is_number(cell) for cell in cells.column(name))]
    if len(numeric) != len(missing):
        words = " and ".join(missing)
        hint = f"say which: {' '.join(f'--{what} COLUMN' for what in missing)}"
        raise cells.place(-1).error(f"no column of {words} among {', '.join(cells.names)}", f"one of {words}", hint)
    if len(missing) == 1:
        return {missing[0]: numeric[0]}
    values = cells.numbers(numeric)
    one, other = (np.array(values[name]) for name in numeric)
    tops = [float(x.max()) for x in (one, other)]
    falls = np.corrcoef(one, other)[0, 1] < 0.0 if len(one) > 1 and np.ptp(one) > 0.0 and np.ptp(other) > 0.0 else False
    starts = [abs(float(x[np.argmin(y)]) / _whole(float(x.max())) - 1.0) < 0.1 for x, y in ((one, other), (other, one))]
    if not falls or starts[0] == starts[1]:
        hint = "say which: --time COLUMN --survival COLUMN"
        found = f"columns to {tops[0]:.4f} and to {tops[1]:.4f}"
        raise cells.place(-1).error(found, "times, and a survival that falls from 1 or 100", hint)
    first = "survival" if starts[0] else "time"
    return {first: numeric[0], "time" if first == "survival" else "survival": numeric[1]}


def _whole(top: float) -> float:
    return 100.0 if top > 1.5 else 1.0


def _is_number(text: str) -> bool:
    bare = text.removesuffix("%").rstrip()
    return number(bare) is not None or number(bare, ",") is not None


def _by_arm(
    arm: str, cells: Cells, names: Mapping[str, str], values: tuple[Array, Array], *, in_percent: bool = False
) -> PointData:
    """Return points by the column of arms, or all of one arm."""
    column = names.get("arm", "")
    of = told_arms(cells.column(column)) if column and arm == ALL else [arm] * len(cells.rows)
    arms = {}
    for own in dict.fromkeys(of):
        rows = [row for row, name in enumerate(of) if name == own]
        places = tuple(cells.place(row) for row in rows)
        arms[own] = Points(values[0][rows], values[1][rows], places, in_percent)
    read = {what: name for what, name in names.items() if name}
    return PointData(arms, cells.path.name, cells.sha256, read)


def read_at_risk(paths: Mapping[str, Path]) -> PointData:
    """Read numbers at risk, in any of the usual layouts.

    Parameters
    ----------
    paths : mapping of str -> Path
        Arm -> file; with one file, arms may be in it.

    Returns
    -------
    PointData
        Its values are numbers at risk.

    Raises
    ------
    InputError
        Every fault, with its line; a layout that is none of those known.
    """
    return _together([_numbers(arm, read_cells(path, (*TIMES, *AT_RISKS, *ARMS))) for arm, path in paths.items()])


def _numbers(arm: str, cells: Cells) -> PointData:
    if all(_is_number(name) for name in cells.names[1:]) and len(cells.names) > 2:
        return _row_for_each_arm(arm, cells)
    time, at_risk, column = (_usual(cells.names, usual) for usual in (TIMES, AT_RISKS, ARMS))
    if not cells.has_header and len(cells.names) == 2:
        time, at_risk = cells.names
    if time and at_risk:
        values = cells.numbers([time, at_risk])
        names = {"time": time, "at_risk": at_risk, "arm": column}
        return _by_arm(arm, cells, names, (np.array(values[time]), np.array(values[at_risk])))
    others = [name for name in cells.names if name not in (time, column)]
    if time and others and all(_is_number(cell) for name in others for cell in cells.column(name) if cell):
        return _column_for_each_arm(cells, time, others)
    found = f"the columns {', '.join(cells.names)}" if cells.has_header else f"{len(cells.names)} columns, no header"
    raise cells.place(-1).error(found, LAYOUT)


def _column_for_each_arm(cells: Cells, time: str, others: Sequence[str]) -> PointData:
    arms = {}
    for own, name in zip(arm_names(list(others)), others, strict=True):
        rows = [row for row, cell in enumerate(cells.column(name)) if cell]  # an arm may end before another
        part = Cells(
            *(cells.path, cells.names, cells.has_header, tuple(cells.rows[row] for row in rows)),
            *(tuple(cells.lines[row] for row in rows), cells.sha256, cells.separator),
        )
        values = part.numbers([time, name])
        places = tuple(part.place(row, name) for row in range(len(rows)))
        arms[own] = Points(np.array(values[time]), np.array(values[name]), places)
    return PointData(arms, cells.path.name, cells.sha256, {"time": time, "at_risk": ", ".join(others)})


def _row_for_each_arm(arm: str, cells: Cells) -> PointData:
    times = np.array([_value(name) for name in cells.names[1:]])
    labels = list(cells.column(cells.names[0]))
    named = arm_names(labels) if len(labels) > 1 or arm == ALL else [arm]
    arms, problems = {}, []
    for row, own in enumerate(named):
        known = [i for i, cell in enumerate(cells.rows[row][1:]) if cell]
        texts = [cells.rows[row][1 + i] for i in known]
        wrong = [text for text in texts if not _is_number(text)]
        if wrong:
            problems.append(cells.place(row, labels[row]).problem(repr(wrong[0]), "a number at risk"))
            continue
        places = tuple(cells.place(row, cells.names[1 + i]) for i in known)
        arms[own] = Points(times[known], np.array([_value(text) for text in texts]), places)
    if problems:
        raise InputError(problems)
    return PointData(arms, cells.path.name, cells.sha256, {"at_risk": "a row for each arm"})


def _value(text: str) -> float:
    value = number(text)
    return float(number(text, ",") or 0.0) if value is None else float(value)


def points_in_memory(data: Any, columns: Mapping[str, str | None], value: str) -> PointData:
    """Return points from columns in memory.

    Parameters
    ----------
    data : DataFrame or mapping of str -> sequence
        With time, and survival or at_risk; arm where there are several.
    columns : mapping of str -> str or None
        What is read -> column, where it is not called by a usual name.
    value : {'survival', 'at_risk'}
        Which is read beside time.

    Returns
    -------
    PointData

    Raises
    ------
    InputError
        A column that is not there, or is not of numbers.
    """
    given = {str(name): list(data[name]) for name in data}
    usual = {"time": TIMES, value: SURVIVALS if value == "survival" else AT_RISKS, "arm": ARMS}
    names = {what: columns.get(what) or _usual(list(given), of) for what, of in usual.items()}
    for what in ("time", value):
        if names[what] not in given:
            raise Place(what).error(f"no column '{names[what] or what}'", f"one of {', '.join(given) or 'none'}")
    try:
        time, values = (np.asarray(given[names[what]], dtype=np.float64) for what in ("time", value))
    except (ValueError, TypeError) as error:
        raise Place(value).error(str(error), "numbers") from None
    if len(time) != len(values):
        raise Place(value).error(f"{len(values)} values", f"{len(time)}, one for each time")
    of = arm_names(given[names["arm"]]) if names["arm"] in given else [ALL] * len(time)
    digest = hashlib.sha256(time.tobytes() + values.tobytes() + "\n".join(of).encode()).hexdigest()
    arms = {}
    for own in dict.fromkeys(of):
        rows = [row for row, name in enumerate(of) if name == own]
        arms[own] = Points(time[rows], values[rows], tuple(Place(f"point {row + 1}") for row in rows))
    return PointData(arms, "values in memory", digest, {what: name for what, name in names.items() if name})
