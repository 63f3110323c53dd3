"""Published figures of survival in a CSV or YAML file, or in memory: by arm, with their intervals and places."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, Self

from pydantic import FiniteFloat, ValidationError, model_validator

from netcea.blocks import Block, PositiveFloat, refused
from netcea.errors import InputError, Place, Problem
from netcea.loading.messages.block_problems import problems_of
from netcea.loading.reading.cells_file import Cells, read_cells
from netcea.loading.reading.python_value import plain_value
from netcea.loading.reading.yaml_file import read_yaml
from netcea.plain_number import read
from netcea.quantities.key_path import KeyPath, join_address
from netcea.storage.delimited.numbers import decimal_of, number, why_no_number

SHARES: Final = ("survival",)
PERCENT: Final = 100.0
NAMED: Final = frozenset({"figure", "value"})
"""Columns by which published figures are known."""
WORDS: Final = ("figure", "arm", "versus", "scale")
"""Columns that hold words."""


class PublishedFigure(Block):
    """One published figure of an arm, or between two arms."""

    figure: Literal["median", "survival", "restricted_mean", "quantile", "hazard_ratio"]
    """What it is."""
    value: FiniteFloat
    """In the unit of time, or a share, or a ratio."""
    low: FiniteFloat | None = None
    """Lower end of its 95% interval."""
    high: FiniteFloat | None = None
    """Upper end."""
    se: PositiveFloat | None = None
    """Standard error in place of an interval, on `scale`."""
    scale: Literal["log", "complementary_log_log", "identity"] | None = None
    """On which the interval is symmetric; found out when left out."""
    arm: str = "all"
    """Whose figure it is; of a hazard ratio the arm in the numerator."""
    versus: str | None = None
    """Of a hazard ratio: the arm it is compared with."""
    time: PositiveFloat | None = None
    """Of survival: at what time; of a restricted mean: until when."""
    failed: PositiveFloat | None = None
    """Of a quantile: the share that has failed by then."""

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        needs = {"survival": "time", "restricted_mean": "time", "quantile": "failed", "hazard_ratio": "versus"}
        for name in ("time", "failed", "versus"):
            given = getattr(self, name) is not None
            if needs.get(self.figure) == name and not given:
                raise refused("nothing", f"the {name} of a {self.figure}", address=name)
            if needs.get(self.figure) != name and given:
                raise refused(str(getattr(self, name)), f"nothing: a {self.figure} has no {name}", address=name)
        if (self.low is None) != (self.high is None):
            missing = "low" if self.low is None else "high"
            raise refused("nothing", "both ends of the interval, or none", address=missing)
        if self.low is not None and self.se is not None:
            raise refused(str(self.se), "an interval or a standard error, not both", address="se")
        if self.low is not None and self.high is not None and not self.low < self.value < self.high:
            raise refused(f"{self.low} to {self.high}", f"an interval around {self.value}", address="low")
        if self.scale == "complementary_log_log" and self.figure != "survival":
            raise refused(self.scale, "log or identity: the complementary log-log is of survival", address="scale")
        if self.scale == "log" and self.figure == "survival":
            raise refused(self.scale, "complementary_log_log or identity", address="scale")
        return self


class SummariesFile(Block):
    """What a YAML file of published figures says."""

    figures: list[dict[str, Any]]
    patients: dict[str, PositiveFloat] = {}
    """Randomised to each arm."""
    follow_up: PositiveFloat | None = None
    """Median follow-up, in the unit of time."""
    correlation: list[list[FiniteFloat]] | None = None
    """Of all figures, on the logarithm of times and ratios and on log(-log S)."""


class Given(NamedTuple):
    """A figure as it was given, and where.

    Attributes
    ----------
    said : PublishedFigure
    place : Place
    """

    said: PublishedFigure
    place: Place


@dataclass(frozen=True, eq=False)
class SummaryData:
    """Published figures, and what they were read from.

    Attributes
    ----------
    figures : tuple of Given
        At least one; survivals are shares.
    name, sha256 : str
        Of the file, or of the values.
    patients : mapping of str -> float
        Of each arm, where they are given.
    follow_up : float or None
        [unit of time]
    correlation : tuple of tuple of float, or None
    in_percent : bool
        Whether survival was given in percent.
    """

    figures: tuple[Given, ...]
    name: str
    sha256: str
    patients: Mapping[str, float]
    follow_up: float | None
    correlation: tuple[tuple[float, ...], ...] | None
    in_percent: bool

    @property
    def arms(self) -> tuple[str, ...]:
        """In the order in which they are named; the first one with which a ratio compares is the reference."""
        named = [arm for given in self.figures for arm in (given.said.versus, given.said.arm) if arm]
        references = [given.said.versus for given in self.figures if given.said.versus]
        return tuple(dict.fromkeys([*references[:1], *named]))


def is_summaries(data: object) -> bool:
    """Say whether data are published figures: a YAML file, or columns or rows with `figure` and `value`.

    Parameters
    ----------
    data : object
        A path, a frame, a mapping of columns or a sequence of rows.

    Examples
    --------
    >>> is_summaries([{"figure": "median", "value": 9.0}]), is_summaries({"time": [1.0], "event": [1]})
    (True, False)
    """
    table: Any = data
    if isinstance(data, str | Path):
        path = Path(data)
        if path.suffix.lower() in (".yaml", ".yml"):
            return True
        try:
            names = read_cells(path, tuple(PublishedFigure.model_fields)).names if path.suffix.lower() == ".csv" else ()
        except InputError:  # which whoever reads it as something else says again
            return False
        return set(names) >= NAMED
    if isinstance(table, Sequence):
        return bool(table) and isinstance(table[0], Mapping) and set(table[0]) >= NAMED
    try:
        names = tuple(table)
    except TypeError:
        return False
    return set(names) >= NAMED or ("figures" in names and "event" not in names)


def read_summaries(data: str | Path | Sequence[Mapping[str, Any]] | Mapping[str, Any]) -> SummaryData:
    """Return published figures.

    Parameters
    ----------
    data : path, mapping of columns, or sequence of mapping
        A CSV file with a row for each figure, a YAML file with a list of them below `figures`, or the same in memory.

    Raises
    ------
    InputError
        Every figure that cannot be, with its place.
    """
    if isinstance(data, str | Path):
        path = Path(data)
        return _of_yaml(path) if path.suffix.lower() in (".yaml", ".yml") else _of_csv(path)
    return _in_memory(data)


def _of_yaml(path: Path) -> SummaryData:
    file = read_yaml(path)
    try:
        said = SummariesFile.model_validate(file.data)
    except ValidationError as error:
        raise InputError(problems_of(error, SummariesFile, file.data, file.place)) from None
    rows = ((row, lambda key, i=i: file.place(("figures", i, *key))) for i, row in enumerate(said.figures))
    return _checked(rows, file.shown_as, file.sha256, said, file.place())


def _of_csv(path: Path) -> SummaryData:
    cells = read_cells(path, tuple(PublishedFigure.model_fields))
    unknown = [name for name in cells.names if name not in PublishedFigure.model_fields]
    if unknown:
        expected = f"columns of {', '.join(PublishedFigure.model_fields)}"
        raise InputError([cells.place(-1, name).problem(f"the column '{name}'", expected) for name in unknown])
    rows = _rows(cells)
    placed = ((row, lambda key, i=i: cells.place(i, str(key[0]) if key else "")) for i, row in enumerate(rows))
    return _checked(placed, cells.place(-1).file, cells.sha256, SummariesFile(figures=rows), cells.place(-1))


def _rows(cells: Cells) -> list[dict[str, Any]]:
    """Return the cells of each row as words and numbers; empty ones are left out."""
    texts = [
        (line, name, text)
        for line, row in zip(cells.lines, cells.rows, strict=True)
        for name, text in zip(cells.names, row, strict=True)
        if text.strip() and name not in WORDS
    ]
    decimal = decimal_of(
        [(line, name, text.rstrip("%")) for line, name, text in texts], cells.separator, cells.place(-1)
    )
    problems, rows = [], []
    for i, row in enumerate(cells.rows):
        found: dict[str, Any] = {}
        for name, text in zip(cells.names, row, strict=True):
            if not text.strip():
                continue
            known = text.strip() if name in WORDS else number(text.rstrip("% "), decimal)
            if known is None:
                problems.append(cells.place(i, name).problem(*why_no_number(text, "a number")))
            found[name] = known
        rows.append(found)
    if problems:
        raise InputError(problems)
    return rows


def _in_memory(data: Sequence[Mapping[str, Any]] | Mapping[str, Any]) -> SummaryData:
    table: Any = data
    whole: dict[str, Any] = {}
    if isinstance(table, Sequence):
        rows = list(table)
    elif isinstance(table, Mapping) and "value" not in table:
        whole, rows = dict(table), list(table.get("figures", ()))
    else:  # columns: a mapping or a frame
        columns = {str(key): list(table[key]) for key in table}
        rows = [
            {key: values[i] for key, values in columns.items() if not _is_nothing(values[i])}
            for i in range(len(columns.get("value", ())))
        ]
    plain = [plain_value(dict(row), Place(f"figures[{i}]")) for i, row in enumerate(rows)]
    given = plain_value({**whole, "figures": plain}, Place("figures"))
    try:
        said = SummariesFile.model_validate(given)
    except ValidationError as error:
        raise InputError(
            problems_of(error, SummariesFile, given, lambda key: Place(address=join_address(key)))
        ) from None
    digest = hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()
    placed = ((row, lambda key, i=i: Place(address=join_address(("figures", i, *key)))) for i, row in enumerate(plain))
    return _checked(placed, "values in memory", digest, said, Place("figures"))


def _is_nothing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _checked(
    rows: Iterator[tuple[dict[str, Any], Callable[[KeyPath], Place]]],
    name: str,
    sha256: str,
    said: SummariesFile,
    whole: Place,
) -> SummaryData:
    """Return the figures, checked one by one and together."""
    problems: list[Problem] = []
    found: list[Given] = []
    for row, place in rows:
        try:
            found.append(Given(PublishedFigure.model_validate(row), place(())))
        except ValidationError as error:
            problems += problems_of(error, PublishedFigure, row, place)
    if not problems and not found:
        problems.append(whole.problem("no figure", "at least one published figure"))
    in_percent = any(given.said.figure in SHARES and given.said.value > 1.0 for given in found)
    if in_percent:
        found = [Given(_as_share(given.said), given.place) for given in found]
    problems += _impossible(found)
    sizes = {len(row) for row in said.correlation or []} | ({len(said.correlation)} if said.correlation else set())
    if said.correlation is not None and sizes != {len(found)}:
        problems.append(whole.problem("a correlation of another size", f"{len(found)} rows of {len(found)} numbers"))
    if problems:
        raise InputError(problems)
    correlation = None if said.correlation is None else tuple(map(tuple, said.correlation))
    return SummaryData(tuple(found), name, sha256, said.patients, said.follow_up, correlation, in_percent)


def _as_share(said: PublishedFigure) -> PublishedFigure:
    if said.figure not in SHARES:
        return said
    ends = {key: None if (v := getattr(said, key)) is None else v / PERCENT for key in ("value", "low", "high")}
    se = said.se / PERCENT if said.se is not None and said.scale == "identity" else said.se
    return said.model_copy(update={**ends, "se": se})


def _impossible(found: Sequence[Given]) -> Iterator[Problem]:
    """Yield figures that no curve can have."""
    for said, place in found:
        limit = {"survival": 1.0, "restricted_mean": said.time or float("inf")}.get(said.figure, float("inf"))
        for key in ("value", "low", "high"):
            value = getattr(said, key)
            inside = value is None or 0.0 < value < limit
            if not inside:
                below = f" and below {read(limit)}" if limit < float("inf") else ""
                yield Place(place.file, place.line, place.path, key).problem(read(value), f"above 0{below}")
        if said.failed is not None and not said.failed < 1.0:
            expected = "a share between 0 and 1"
            yield Place(place.file, place.line, place.path, "failed").problem(read(said.failed), expected)
        if said.versus == said.arm:
            yield Place(place.file, place.line, place.path, "versus").problem(repr(said.versus), "another arm")
