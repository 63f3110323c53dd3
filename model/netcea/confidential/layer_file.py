"""A price layer's file: its values, its salted hash, and every fault of it without a value.

A message about a layer names file, line and address, and never a value: the file may be confidential even where it
cannot be read.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from netcea.errors import InputError, Place, Problem, did_you_mean
from netcea.loading.merging.draft import NOT_SHOWN
from netcea.loading.reading.project import project_around, real, shown
from netcea.loading.reading.text_file import read_text
from netcea.loading.reading.yaml_file import YamlFile, read_yaml
from netcea.quantities.key_path import split_address
from netcea.scenario.price_layers import PriceLayer

FORMAT: Final = 1
KEYS: Final = ("format", "name", "confidential", "salt", "set")
SHORTEST_SALT: Final = 16
"""[characters]: as many as no one tries out."""
FEWEST_CHARACTERS: Final = 8
"""Different characters of a salt: a word or 'aaaa...' is no salt."""
BELOW: Final = "costs"
MAKE_A_SALT: Final = 'make one: python -c "import secrets; print(secrets.token_hex(16))"'
_NAME: Final = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
"""A key that can be shown: no part of it is a number."""


@dataclass(frozen=True)
class Layer:
    """A price layer.

    Attributes
    ----------
    record : PriceLayer
        Name and hash: all that is ever written of a confidential one.
    values : mapping of address -> float
        In the units of inputs/.
    places : mapping of address -> Place
    """

    record: PriceLayer
    values: Mapping[str, float]
    places: Mapping[str, Place]

    def __repr__(self) -> str:
        """Name and hash: a layer in a traceback shows no price."""
        return f"Layer({self.record.name!r}, {self.record.sha256[:12]})"


def read_layer(path: Path) -> Layer:
    """Read one layer file.

    Parameters
    ----------
    path : Path
        Of the file.

    Raises
    ------
    InputError
        With every problem, and not one value.
    """
    read_text(path, shown(path))  # no file, a folder, not UTF-8: said without its content
    try:
        file = read_yaml(path)
    except InputError as error:
        raise InputError(map(_unreadable, error.problems)) from None
    faults = list(_faults(file))
    if faults:
        raise InputError(faults)
    data = file.data
    confidential = bool(data.get("confidential", True))
    values = {str(address): float(value) for address, value in data["set"].items()}
    if confidential:
        _check_place(path)
    record = PriceLayer(data["name"].strip(), confidential, _hash(data, values, salted=confidential))
    return Layer(record, values, {address: file.place(("set", address)) for address in values})


def _hash(data: Mapping[str, Any], values: Mapping[str, float], *, salted: bool) -> str:
    content = [data["name"].strip(), data["salt"] if salted else "", sorted(values.items())]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()


def _unreadable(problem: Problem) -> Problem:
    """Return the problem of a line that is no YAML, without the line."""
    expected = "`key: value` lines as docs/confidential_prices.md shows them"
    return Place(problem.file, problem.line).problem(f"a line that is no YAML ({NOT_SHOWN})", expected)


def _check_place(path: Path) -> None:
    """Refuse a confidential layer that lies in a folder which is published and packaged."""
    project = project_around(path.parent)
    for folder in () if project is None else (project.inputs, project.scenarios):
        if real(path).is_relative_to(real(folder)):
            raise Place(shown(path)).error(
                f"a confidential layer in {folder.name}/, which is published",
                "a folder of its own, outside the project",
                "move it; name it *.secret.yaml",
            )


def _faults(file: YamlFile) -> Iterator[Problem]:
    """Yield everything that is wrong with a file, without its values."""
    data, confidential = file.data, file.data.get("confidential", True)
    yield from _unknown_keys(file)
    if data.get("format") != FORMAT or isinstance(data.get("format"), bool):
        yield file.place(("format",)).problem("another format, or none", f"format: {FORMAT}")
    if not isinstance(data.get("name"), str) or not data["name"].strip() or len(data["name"]) > 80:
        yield file.place(("name",)).problem("no name", "name: what results call this layer, 80 characters at most")
    if not isinstance(confidential, bool):
        yield file.place(("confidential",)).problem("neither true nor false", "true (as without it) or false")
    if confidential is not False:
        yield from _faults_of_salt(file)
    if not isinstance(data.get("set"), Mapping) or not data["set"]:
        yield file.place(("set",)).problem("no prices", "set: with an `address: number` line for each price")
    else:
        yield from _faults_of_prices(file, data["set"])


def _unknown_keys(file: YamlFile) -> Iterator[Problem]:
    for key in file.data:
        if key not in KEYS:
            name = shown_key(key)
            hint = "prices stand below `set:`" if name.startswith(BELOW) else did_you_mean(name, KEYS)
            place = replace(file.place((key,)), address="")
            yield place.problem(f"the key '{name}'", f"one of {', '.join(KEYS)}", hint)


def _faults_of_prices(file: YamlFile, prices: Mapping[str, Any]) -> Iterator[Problem]:
    for address, value in prices.items():
        place = replace(file.place(("set", address)), address=shown_key(address))
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            yield place.problem(
                NOT_SHOWN, "a number", "a discount is a share, such as 0.5; no %, £, unit or thousands separator"
            )
        if split_address(str(address))[0] != BELOW:
            hint = "scenarios change everything else"
            yield place.problem("an address outside costs", "a price or discount below `costs.`", hint)


def _faults_of_salt(file: YamlFile) -> Iterator[Problem]:
    salt, place = file.data.get("salt"), file.place(("salt",))
    expected = f"at least {SHORTEST_SALT} random characters, without which the hash could be found by trying"
    if not isinstance(salt, str) or not salt:
        yield place.problem("no salt, or no text", expected, MAKE_A_SALT + " (in quotes)")
    elif len(salt) < SHORTEST_SALT or len(set(salt)) < FEWEST_CHARACTERS or _counts(salt):
        yield place.problem("a salt that is too short, repeats itself or counts", expected, MAKE_A_SALT)


def _counts(text: str) -> bool:
    """Say whether most of a text counts up or down, as a keyboard does: it is among the first that anyone tries.

    >>> _counts("0123456789abcdef"), _counts("9f86d081884c7d65")
    (True, False)
    """
    steps = [ord(b) - ord(a) for a, b in pairwise(text)]
    return max(steps.count(1), steps.count(-1)) > len(steps) / 2


def shown_key(key: object) -> str:
    """Return a key where it cannot hold a value: `discount=0.5` as a key does.

    Parameters
    ----------
    key : object
        As it stands in the file.
    """
    text = str(key)
    return text if _NAME.fullmatch(text) else "(a key that is not shown here)"
