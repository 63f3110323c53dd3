"""Rows of parameters that the user brings: an external probabilistic sample, run as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from netcea.analyses.shared.draw_columns import OUTCOME
from netcea.arrays import Array
from netcea.draws import Draws
from netcea.engine.point_estimates import base_case
from netcea.errors import MOST_LISTED, InputError, Place, Problem, did_you_mean
from netcea.plain_number import read
from netcea.quantities.limits import any_outside, problems_of
from netcea.sampling.sampler import drawn_groups
from netcea.scenario.options import MOST_KEPT
from netcea.scenario.price_layers import MARK
from netcea.scenario.scenario import Scenario
from netcea.storage.delimited.layout import matched
from netcea.storage.draws_file import header, read_rows
from netcea.uncertainty.family import ROUNDING

Lines: TypeAlias = NDArray[np.intp]


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
    wanted = addresses_of(scenario, path)
    parts: dict[str, list[Array]] = {address: [] for address in wanted.values()}
    problems: list[Problem] = []
    groups, rows = drawn_groups(scenario), 0
    for part in read_rows(path, list(wanted)):
        chunk = {wanted[name]: part.columns[name] for name in wanted}
        problems += _impossible(scenario, path, chunk, part.lines)
        problems += _no_wholes(scenario, groups, chunk, path, part.lines)
        for name, address in wanted.items():
            parts[address].append(part.columns[name] * scenario.factors.get(address, 1.0))
        rows += len(part.lines)
        if rows > MOST_KEPT:
            raise Place(str(path)).error(f"more than {MOST_KEPT:,} rows", f"at most {MOST_KEPT:,}, all kept in memory")
    if rows < 2:
        problems.append(Problem(str(path), 0, "", "one row" if rows else "no row", "at least two draws"))
    if problems:
        raise InputError(problems)
    return {address: np.concatenate(arrays) for address, arrays in parts.items()}


def external_rows(scenario: Scenario, columns: Mapping[str, Array], start: int, stop: int) -> Draws:
    """Return a range of the rows; what has no column stays at its point estimate."""
    fixed = base_case(scenario).columns
    cut = {address: np.ascontiguousarray(c[start:stop])[:, np.newaxis] for address, c in columns.items()}
    return Draws(stop - start, {**fixed, **cut})


def addresses_of(scenario: Scenario, path: Path) -> dict[str, str]:
    """Return column -> address of those that are parameters; refuse what the scenario does not use."""
    known = sorted({*scenario.quantities, *(a for joint in scenario.joint for a in joint.addresses)})
    results = (OUTCOME, MARK)
    given = [name for name in header(path) if name.lower() != "draw" and not name.startswith(results)]
    alike = matched(given, known)
    wanted = {name: alike.get(name, name) for name in given}
    problems = []
    for name, count in Counter(given).items():
        column, address = Place(str(path), 1, address=name), wanted[name]
        if count > 1:
            problems.append(column.problem(f"{count} columns of this name", "one"))
        if address in scenario.prices.secret:
            found = "a column of a number that a confidential price layer sets"
            problems.append(column.problem(found, "columns of other numbers"))
        if address not in scenario.quantities and address not in known:
            found = "a column of a number that this scenario does not use"
            hint = did_you_mean(name, known) if len(problems) < MOST_LISTED else ""
            problems.append(column.problem(found, "addresses of numbers in use", hint))
    problems += _parts_of_groups(scenario, set(wanted.values()), path)
    if not wanted:
        hint = f"such as {next(iter(known), '')}"
        problems.append(Place(str(path), 1).problem("no column of a parameter", "a header of addresses", hint))
    if problems:
        raise InputError(problems)
    return wanted


def _parts_of_groups(scenario: Scenario, given: set[str], path: Path) -> Iterator[Problem]:
    """Yield groups of numbers that are drawn together of which some have a column and others have not."""
    declared = [joint.addresses for joint in scenario.joint if joint.table]
    for members in [*declared, *drawn_groups(scenario).values()]:
        lacking = [address for address in members if address not in given]
        if 0 < len(lacking) < len(members):
            column = next(address for address in members if address in given)
            found = f"no column of {', '.join(lacking)}, which would stay as it is while this one is drawn"
            expected = f"a column of each of {', '.join(members)}, which are known only together, or of none"
            yield Place(str(path), 1, address=column).problem(found, expected)


def _no_wholes(
    scenario: Scenario, groups: Mapping[str, tuple[str, ...]], chunk: Mapping[str, Array], path: Path, lines: Lines
) -> Iterator[Problem]:
    """Yield rows in which the values of a group that is drawn together do not add up."""
    for members in groups.values():
        total = scenario.quantities[members[0]].distribution.total
        if total is None or members[0] not in chunk:
            continue
        sums = np.add.reduce([chunk[address] for address in members])
        for row in np.flatnonzero(np.abs(sums - total) > ROUNDING):
            where = Place(str(path), int(lines[row]), address=members[0])
            expected = f"{read(total)} (to {read(ROUNDING)}, for rounding) over {', '.join(members)}"
            yield where.problem(f"a sum of {read(sums[row])}", expected)


def _impossible(scenario: Scenario, path: Path, chunk: Mapping[str, Array], lines: Lines) -> Iterator[Problem]:
    """Yield values that a number, or a parameter of a fit, cannot have where it is used."""
    for name, values in chunk.items():
        limits = scenario.limits[name]
        for row in np.flatnonzero(any_outside(limits, values)):
            yield from problems_of(limits, float(values[row]), Place(str(path), int(lines[row]), address=name))
