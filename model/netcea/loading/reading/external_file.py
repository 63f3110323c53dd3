"""External information on survival in YAML, CSV or Parquet, or in memory: terms by arm, every fault with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from netcea.errors import Place, ProblemCollector, did_you_mean
from netcea.fitting.external.terms import ExternalTerm, ExternalTerms
from netcea.loading.messages.block_problems import problems_of
from netcea.loading.reading.external_raw import RawSource, raw_sources
from netcea.loading.reading.external_term import OfSource, term_of
from netcea.loading.reading.patients_file import arm_names
from netcea.plain_number import read
from netcea.quantities.external import MOST_WEIGHT, ExternalRow, ExternalSource
from netcea.survival.curve import TIME_UNITS, TimeUnit


@dataclass(frozen=True)
class Wish:
    """Whose external information is read.

    Attributes
    ----------
    arms : tuple of str
        Of the patients.
    endpoint : str
    time_unit : {'years', 'months', 'weeks', 'days'}
        Of the patients.
    weights : float or mapping of str -> float
        Of all sources, or source -> its own; in place of those that stand in a file. [1]
    """

    arms: tuple[str, ...]
    endpoint: str
    time_unit: TimeUnit
    weights: float | Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class ExternalData:
    """External information by arm.

    Attributes
    ----------
    arms : mapping of str -> ExternalTerms
        Those that any source speaks of.
    files : mapping of str -> str
        Name of a file -> digest of its bytes.
    notes : mapping of str -> str
        Source -> what to know of it.
    """

    arms: Mapping[str, ExternalTerms]
    files: Mapping[str, str]
    notes: Mapping[str, str]

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the sources, in their order."""
        return tuple(dict.fromkeys(term.source for terms in self.arms.values() for term in terms.terms))


def read_external(files: Sequence[str | Path | Mapping[str, Any]], wish: Wish) -> ExternalData:
    """Read external information on the survival of some arms.

    Parameters
    ----------
    files : sequence of path or mapping
        YAML, CSV, Parquet; or a mapping like that of a YAML file.
    wish : Wish

    Returns
    -------
    ExternalData
        Times in the unit of the patients.

    Raises
    ------
    InputError
        Every fault, with its file, line and entry.
    """
    raws: list[RawSource] = []
    digests: dict[str, str] = {}
    for file in files:
        found, name, digest = raw_sources(file)
        raws += found
        digests[name] = digest
    faults = ProblemCollector()
    _check_weights(wish.weights, raws, faults)
    by_arm: dict[str, list[ExternalTerm]] = {}
    notes: dict[str, str] = {}
    for raw in raws:
        source, rows = _checked(raw, faults)
        if source.endpoint not in (None, wish.endpoint):
            continue
        by_arm.setdefault(_arm(raw, source, wish, faults), []).extend(_terms(raw, source, rows, wish, faults))
        if source.note:
            notes[raw.name] = source.note
    faults.raise_if_any()
    if not by_arm:
        raise Place("external").error("nothing", f"something that is said of {wish.endpoint}")
    ordered = {arm: ExternalTerms(tuple(by_arm[arm])) for arm in wish.arms if arm in by_arm}
    return ExternalData(ordered, digests, notes)


def speaks_of(files: Sequence[str | Path | Mapping[str, Any]], endpoint: str) -> bool:
    """Say whether any source of some files names an endpoint.

    Parameters
    ----------
    files : sequence of path or mapping
        See `read_external`.
    endpoint : str

    Raises
    ------
    InputError
        A file that cannot be read.
    """
    raws = [raw for file in files for raw in raw_sources(file)[0]]
    return any(isinstance(raw.data, Mapping) and raw.data.get("endpoint") == endpoint for raw in raws)


def _checked(raw: RawSource, faults: ProblemCollector) -> tuple[ExternalSource, dict[int, ExternalRow]]:
    """Return a source and those of its rows that have the right form; note what has not."""
    try:
        source = ExternalSource.model_validate(raw.data)
    except ValidationError as error:
        faults.extend(problems_of(error, ExternalSource, raw.data, raw.place))
        data = raw.data if isinstance(raw.data, Mapping) else {}
        known = {key: data[key] for key in ("arm", "endpoint", "time_unit") if _alone(key, data)}
        rows = data.get("terms")
        source = ExternalSource.model_construct(**known, terms=[])
        return source, {i: row for i, one in enumerate(rows if isinstance(rows, list) else []) if (row := _row(one))}
    return source, dict(enumerate(source.terms))


def _alone(key: str, data: Mapping[str, Any]) -> bool:
    """Say whether an entry of a source stands there and is right, whatever the others are."""
    if key not in data:
        return False
    try:
        ExternalSource.model_validate({key: data[key], "terms": [{"time": 1.0}]})
    except ValidationError:
        return False
    return True


def _row(data: Any) -> ExternalRow | None:
    try:
        return ExternalRow.model_validate(data)
    except ValidationError:  # told with the source
        return None


def _arm(raw: RawSource, source: ExternalSource, wish: Wish, faults: ProblemCollector) -> str:
    """Return the arm that a source speaks of."""
    if source.arm is None:
        if len(wish.arms) > 1:
            expected = f"the arm that it speaks of, one of {', '.join(wish.arms)}"
            faults.add(raw.place(("arm",)).problem("nothing", expected))
        return wish.arms[0]
    (name,) = arm_names([source.arm])
    if name not in wish.arms:
        hint = did_you_mean(name, wish.arms)
        faults.add(raw.place(("arm",)).problem(f"the arm {source.arm!r}", f"one of {', '.join(wish.arms)}", hint))
    return name


def _terms(
    raw: RawSource, source: ExternalSource, rows: Mapping[int, ExternalRow], wish: Wish, faults: ProblemCollector
) -> Iterator[ExternalTerm]:
    """Yield the terms of a source; note what is wrong with its rows."""
    unit: TimeUnit = source.time_unit or wish.time_unit
    own = wish.weights if isinstance(wish.weights, int | float) else wish.weights.get(raw.name, source.weight)
    common = OfSource(raw.name, unit, TIME_UNITS[wish.time_unit] / TIME_UNITS[unit], float(own))
    for i, row in rows.items():
        term = term_of(row, common)
        if isinstance(term, ExternalTerm):
            yield term
            continue
        for wrong in term:
            place = raw.place(("terms", i, wrong.entry))
            faults.add(place.problem(wrong.found, wrong.expected, wrong.suggestion))


def _check_weights(weights: float | Mapping[str, float], raws: Sequence[RawSource], faults: ProblemCollector) -> None:
    """Note weights of sources that are none, and numbers that are no weight."""
    place, known = Place("external_weight"), list(dict.fromkeys(raw.name for raw in raws))
    given = {"": weights} if isinstance(weights, int | float) else weights
    for name, weight in given.items():
        if name and name not in known:
            faults.add(place.problem(repr(name), f"a source: {', '.join(known)}", did_you_mean(name, known)))
        if not 0.0 <= weight <= MOST_WEIGHT:
            faults.add(place.problem(read(weight), f"0 to {read(MOST_WEIGHT)}"))
