"""Rows of parameters that the user brings: an external probabilistic sample, run as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from netcea.analyses.shared.draw_columns import OUTCOME
from netcea.arrays import Array
from netcea.draws import Draws
from netcea.engine.point_estimates import base_case
from netcea.errors import InputError, Place, Problem, did_you_mean
from netcea.quantities.limits import any_outside, problems_of
from netcea.scenario.scenario import Scenario
from netcea.storage.draws_file import header, read_columns

MOST: Final = 20
"""Faults that are shown one by one."""


def external_columns(scenario: Scenario, path: Path) -> dict[str, Array]:
    """Return address -> Array (draw,) in model units, from a file of rows in the units of inputs/.

    A column ``draw`` and columns of outcomes (``strategies...``), as netcea itself writes them, are passed over.
    Numbers of the scenario without a column stay at their point estimates.

    Parameters
    ----------
    scenario : Scenario
    path : Path
        CSV, compressed CSV or Parquet; a header of addresses, a row for each draw.

    Raises
    ------
    InputError
        Unknown or repeated addresses, what is not a number, values a unit cannot have: all at once.
    """
    names = header(path)
    wanted = _addresses(scenario, path, names)
    parts: dict[str, list[Array]] = {name: [] for name in wanted}
    problems: list[Problem] = []
    line = 2
    for chunk in read_columns(path, wanted):
        problems += _impossible(scenario, path, chunk, line)
        for name in wanted:
            parts[name].append(chunk[name] * scenario.factors.get(name, 1.0))
        line += len(next(iter(chunk.values())))
    if line < 4:
        problems.append(Problem(str(path), 0, "", f"{line - 2} rows", "at least two draws"))
    if problems:
        left = len(problems) - MOST
        more = [Problem(str(path), 0, "", f"{left} more faults like these", "possible values")] if left > 0 else []
        raise InputError([*problems[:MOST], *more])
    return {name: np.concatenate(arrays) for name, arrays in parts.items()}


def external_rows(scenario: Scenario, columns: Mapping[str, Array], start: int, stop: int) -> Draws:
    """Return a range of the rows; what has no column stays at its point estimate."""
    fixed = base_case(scenario).columns
    cut = {address: np.ascontiguousarray(c[start:stop])[:, np.newaxis] for address, c in columns.items()}
    return Draws(stop - start, {**fixed, **cut})


def _addresses(scenario: Scenario, path: Path, names: list[str]) -> list[str]:
    """Return the columns that are parameters; refuse what the scenario does not use."""
    known = {*scenario.quantities, *(a for joint in scenario.joint for a in joint.addresses)}
    wanted = [name for name in names if name != "draw" and not name.startswith(OUTCOME)]
    problems = []
    for name in dict.fromkeys(wanted):
        column = Place(str(path), 1, address=name)
        if wanted.count(name) > 1:
            problems.append(column.problem(f"{wanted.count(name)} columns of this name", "one"))
        if name in scenario.prices.secret:
            found = "a column of a number that a confidential price layer sets"
            problems.append(column.problem(found, "columns of other numbers"))
        if name not in known:
            found, hint = "a column of a number that this scenario does not use", did_you_mean(name, sorted(known))
            problems.append(column.problem(found, "addresses of numbers in use", hint))
    if not wanted:
        hint = f"such as {next(iter(sorted(known)), '')}"
        problems.append(Place(str(path), 1).problem("no column of a parameter", "a header of addresses", hint))
    if problems:
        raise InputError(problems)
    return wanted


def _impossible(scenario: Scenario, path: Path, chunk: Mapping[str, Array], line: int) -> Iterator[Problem]:
    """Yield values that a number, or a parameter of a fit, cannot have where it is used."""
    for name, values in chunk.items():
        limits = scenario.limits[name]
        for row in np.flatnonzero(any_outside(limits, values))[:MOST]:
            yield from problems_of(limits, float(values[row]), Place(str(path), line + int(row), address=name))
