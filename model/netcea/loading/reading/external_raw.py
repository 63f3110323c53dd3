"""Sources of external information as plain data with their places: from YAML, from columns, from memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from netcea.errors import Place
from netcea.loading.reading.columns_file import Columns, Wanted, read_columns
from netcea.loading.reading.csv_file import header_of
from netcea.loading.reading.external_term import QUANTILE
from netcea.loading.reading.patients_file import NAMES as PATIENT_NAMES
from netcea.loading.reading.patients_file import arm_names
from netcea.loading.reading.python_value import plain_value
from netcea.loading.reading.yaml_file import read_yaml
from netcea.quantities.key_path import KeyPath, join_address

ROW: Final[Mapping[str, tuple[str, ...]]] = {
    "start": ("start", "from"),
    "time": ("time", "stop", "end", "t", "to"),
    "r": ("r", "survivors", "alive"),
    "n": ("n", "patients", "at_risk"),
    "survival": ("survival", "surv", "s"),
    "low": ("low", "lower", "lcl"),
    "high": ("high", "upper", "ucl"),
    "a": ("a", "alpha", "shape1"),
    "b": ("b", "beta", "shape2"),
    "mean": ("mean",),
    "se": ("se", "sd"),
    "background_start": ("background_start",),
    "background_stop": ("background_stop",),
    "distribution": ("distribution",),
    "scale": ("scale",),
}
"""Entry of a row -> what its column may be called."""
SOURCE: Final[Mapping[str, tuple[str, ...]]] = {
    "source": ("source", "registry", "study"),
    "arm": PATIENT_NAMES["arm"],
    "endpoint": ("endpoint", "outcome"),
    "time_unit": ("time_unit", "unit"),
    "weight": ("weight", "power"),
}
"""Entry of a source -> what its column may be called."""
WORDS: Final = ("source", "arm", "endpoint", "time_unit", "distribution", "scale")
ALSO: Final[Mapping[str, str]] = {"stop": "time"}
"""What an entry of a row may be called in YAML -> its name."""


@dataclass(frozen=True)
class RawSource:
    """A source as plain data, with the place of each of its entries.

    Attributes
    ----------
    name : str
    data : dict
        That is to become an `ExternalSource`.
    places : mapping of key path -> Place
    """

    name: str
    data: dict[str, Any]
    places: Mapping[KeyPath, Place]

    def place(self, path: KeyPath) -> Place:
        """Return where an entry stands, or would stand.

        Parameters
        ----------
        path : KeyPath
            Below the source.
        """
        if path in self.places:
            return self.places[path]
        above = self.place(path[:-1]) if path else Place("external")
        return (
            replace(above, address=".".join(filter(None, (above.address, join_address(path[-1:]))))) if path else above
        )


def raw_sources(file: str | Path | Mapping[str, Any]) -> tuple[list[RawSource], str, str]:
    """Return the sources of a file, its name, and the digest of its bytes.

    Parameters
    ----------
    file : path or mapping
        YAML, CSV or Parquet; a mapping like that of a YAML file.

    Raises
    ------
    InputError
        A file that cannot be read, or has no column of times.
    """
    if isinstance(file, Mapping):
        plain = plain_value(file, Place("external"))
        digest = hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
        return _of_yaml(plain, lambda path: Place("external", address=join_address(path))), "values in memory", digest
    path = Path(file)
    if path.suffix.lower() in (".yaml", ".yml"):
        read_file = read_yaml(path)
        return _of_yaml(read_file.data, read_file.place), path.name, read_file.sha256
    columns = read_columns(path, _wanted(path), {})
    return _of_columns(columns), path.name, columns.sha256


def _of_yaml(data: Mapping[str, Any], place: Any) -> list[RawSource]:
    found = []
    for name, entry in data.items():
        places: dict[KeyPath, Place] = {(): place((name,))}
        renamed = entry
        if isinstance(entry, Mapping):
            places |= {(key,): place((name, key)) for key in entry}
            rows = entry.get("terms")
            if isinstance(rows, list):
                renamed = {**entry, "terms": [_renamed(row) for row in rows]}
                for i, row in enumerate(rows):
                    places["terms", i] = place((name, "terms", i))
                    of = row if isinstance(row, Mapping) else {}
                    places |= {("terms", i, ALSO.get(key, key)): place((name, "terms", i, key)) for key in of}
        found.append(RawSource(str(name), renamed, places))
    return found


def _renamed(row: Any) -> Any:
    """Return a row with the names of its entries, numbers as they are in a column."""
    if not isinstance(row, Mapping):
        return row
    named = {ALSO.get(key, key) if ALSO.get(key) not in row else key: value for key, value in row.items()}
    return {key: float(x) if isinstance(x, int) and not isinstance(x, bool) else x for key, x in named.items()}


def _wanted(path: Path) -> Wanted:
    """Return what may stand in a file of columns: quantiles have names of their own."""
    header = header_of(path) if path.suffix != ".parquet" else ()
    quantiles = {name: (name,) for name in header if QUANTILE.fullmatch(name)}
    names = {**ROW, **SOURCE, **quantiles}
    return Wanted(names, ("time",), WORDS, tuple(what for what in names if what != "time"))


def _of_columns(columns: Columns) -> list[RawSource]:
    """Return each row as a source of its own: what is said of the source may differ from row to row."""
    found = []
    for row in range(len(columns.lines)):
        cells = {what: _cell(column[row]) for what, column in columns.cells.items()}
        said = {what: value for what, value in cells.items() if value is not None}
        quantiles = {name: value for name, value in said.items() if name not in ROW and name not in SOURCE}
        term: dict[str, Any] = {what: said[what] for what in ROW if what in said}
        if quantiles:
            term["quantiles"] = quantiles
        data: dict[str, Any] = {what: said[what] for what in SOURCE if what in said and what != "source"}
        if "arm" in data:
            data["arm"] = arm_names([data["arm"]])[0]
        data["terms"] = [term]
        places: dict[KeyPath, Place] = {(): columns.place(row, "")}
        places |= {(what,): columns.place(row, what) for what in SOURCE}
        places |= {("terms", 0, what): columns.place(row, what) for what in (*ROW, *quantiles)}
        places["terms", 0] = places[()]
        places |= {("terms", 0, "quantiles"): columns.place(row, next(iter(quantiles), "quantiles"))}
        found.append(RawSource(str(said.get("source", columns.path.stem)), data, places))
    return found


def _cell(value: Any) -> Any:
    """Return a cell; None where it is empty."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int | float):
        return None if value != value else float(value)  # noqa: PLR0124 - not a number is not itself
    return value
