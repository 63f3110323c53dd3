"""Values that Python hands over, as plain data like that of a file: numbers of numpy are numbers, paths are text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from os import PathLike
from pathlib import Path
from typing import Any, Final

import numpy as np

from netcea.errors import InputError, Place
from netcea.loading.reading.text_file import check_characters
from netcea.quantities.key_path import KeyPath, join_address

DEEPEST: Final = 50
"""Lists and groups inside one another."""
MOST_SHOWN: Final = 40
"""[characters]"""
EXPECTED: Final = "a number, text, true or false, a list or a group (a dict with names)"


def plain_value(value: object, place: Place) -> Any:
    """Return a value as a file would hold it: None, bool, int, float, str, list or dict.

    Parameters
    ----------
    value : object
        Numbers of Python and numpy, decimals and fractions, text, dates and paths (as text), sequences, mappings.
    place : Place
        What messages call the place it comes from.

    Raises
    ------
    InputError
        Anything else, keys that are no text, numbers beyond double precision.

    Examples
    --------
    >>> plain_value({"a": (np.float32(0.5), Decimal("2"), True)}, Place("changes"))
    {'a': [0.5, 2, True]}
    >>> plain_value({1: 2}, Place("changes['x']"))
    Traceback (most recent call last):
    netcea.errors.InputError: changes['x']
      found the key 1, which is not text; expected text as a key; write '1' in quotes
    """
    return _plain(value, place, ())


def _plain(value: object, place: Place, path: KeyPath) -> Any:
    if len(path) > DEEPEST:
        raise place.error(f"lists or groups more than {DEEPEST} deep", f"at most {DEEPEST}")
    if isinstance(value, np.ndarray):
        value = value.tolist()
    elif isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal | Fraction):
        return _number(value, place)
    if isinstance(value, str | date | PathLike):
        return _text(value, place)
    if isinstance(value, Mapping):
        return {_key(key, place): _plain(item, place, (*path, str(key))) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [_plain(item, place, (*path, index)) for index, item in enumerate(value)]
    where = f" at {join_address(path)}" if path else ""
    raise place.error(f"{type(value).__name__} {shown_object(value)}{where}", EXPECTED)


def whole_number(value: object, place: Place, least: int, most: int | None = None) -> int:
    """Return a whole number that Python hands over, of numpy too.

    Parameters
    ----------
    value : object
        Of any type.
    place : Place
        What messages call it.
    least : int
        The smallest that may be.
    most : int, optional
        The largest.

    Raises
    ------
    InputError
        It is none, or outside.

    Examples
    --------
    >>> whole_number(np.int64(7), Place("draws"), 1)
    7
    >>> whole_number("2", Place("workers"), 1)
    Traceback (most recent call last):
    netcea.errors.InputError: workers
      found '2'; expected a whole number of at least 1
    """
    found = plain_value(value, place)
    whole = isinstance(found, int) and not isinstance(found, bool)
    if whole and least <= found and (most is None or found <= most):
        return int(found)
    expected = f"of at least {least:,}" if most is None else f"from {least:,} to {most:,}"
    raise place.error(shown_object(value), f"a whole number {expected}")


def path_of(value: object, name: str, expected: str = "a file") -> Path:
    """Return a path that Python hands over as text or as a path.

    Parameters
    ----------
    value : object
        Of any type.
    name : str
        What messages call it.
    expected : str
        What it should lead to, in words.

    Raises
    ------
    InputError
        It is neither.

    Examples
    --------
    >>> path_of("model.svg", "figure").name
    'model.svg'
    >>> path_of(5, "figure")
    Traceback (most recent call last):
    netcea.errors.InputError: figure
      found int 5; expected a file, as text or a pathlib.Path
    """
    if isinstance(value, str | Path):
        return Path(value)
    if isinstance(value, PathLike):
        text = value.__fspath__()
        if isinstance(text, str):
            return Path(text)
    raise Place(name).error(f"{type(value).__name__} {shown_object(value)}", f"{expected}, as text or a pathlib.Path")


def _number(value: float | Decimal | Fraction, place: Place) -> int | float:
    """Return a number of Python's own two kinds; whole where it is written as one."""
    whole = isinstance(value, int) or (isinstance(value, Decimal) and value.is_finite() and value.as_tuple()[2] == 0)
    try:
        found = float(value)
        lost = isfinite(found) and found == 0.0 and value != 0
    except (OverflowError, ValueError):  # a signalling NaN
        raise place.error(f"{shown_object(value)}, too large for a number", "a decimal number") from None
    if lost or (not isfinite(found) and isinstance(value, Decimal) and value.is_finite()):
        size = "small" if lost else "large"
        raise place.error(f"{shown_object(value)}, too {size} for a number", "a decimal number")
    return int(value) if whole else found


def _text(value: object, place: Place) -> str:
    """Return text without what no editor shows."""
    text = value.isoformat() if isinstance(value, date) else str(value)
    check_characters(text, place.file, numbered=False)
    return text


def _key(key: object, place: Place) -> str:
    if not isinstance(key, str):
        found = f"the key {shown_object(key)}, which is not text"
        raise place.error(found, "text as a key", f"write '{shown_object(key)}' in quotes")
    return _text(key, place)


def shown_object(value: object) -> str:
    """Return an object of Python as a message shows it.

    Parameters
    ----------
    value : object
        Of any type.

    Examples
    --------
    >>> shown_object(Decimal("0.30")), shown_object("x"), shown_object(10**60)
    ('0.30', "'x'", '1000000000000000000000000000000000000...')
    """
    try:
        text = str(value) if isinstance(value, int | float | Decimal | Fraction) else repr(value)
    except Exception:  # noqa: BLE001 - of an object that nothing is known of
        text = f"<{type(value).__name__}>"
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 3]}..."


def plain_changes(changes: object) -> list[str] | dict[str, Any]:
    """Return changes that Python hands over as ``ADDRESS=VALUE`` texts, or as a mapping of plain values.

    Parameters
    ----------
    changes : object
        A mapping of address -> value, a sequence of texts, one text, or None.

    Raises
    ------
    InputError
        With every one that is neither.

    Examples
    --------
    >>> plain_changes({"settings.horizon_years": np.int64(20)}), plain_changes("settings.horizon_years=20")
    ({'settings.horizon_years': 20}, ['settings.horizon_years=20'])
    """
    if changes is None:
        return []
    if isinstance(changes, str):
        return [changes]
    if isinstance(changes, Mapping):
        return _mapping(changes)
    if isinstance(changes, bytes | bytearray) or not hasattr(changes, "__iter__"):
        found = f"{type(changes).__name__} {shown_object(changes)}"
        raise Place("changes").error(found, "a mapping of address -> value, or texts ADDRESS=VALUE")
    texts, problems = [], []
    for index, item in enumerate(changes):
        if isinstance(item, str):
            texts.append(str(item))
        else:
            found = f"{type(item).__name__} {shown_object(item)}"
            problems.append(
                Place(f"changes[{index}]").problem(found, "ADDRESS=VALUE", "such as settings.horizon_years=20")
            )
    if problems:
        raise InputError(problems)
    return texts


def _mapping(changes: Mapping[Any, Any]) -> dict[str, Any]:
    found, problems = {}, []
    for address, value in changes.items():
        place = Place(f"changes[{address!r}]", address=str(address))
        if not isinstance(address, str):
            key = f"the key {shown_object(address)}, which is not text"
            problems.append(Place(f"changes[{shown_object(address)}]").problem(key, "an address, as text"))
            continue
        try:
            found[str(address)] = plain_value(value, place)
        except InputError as error:
            problems += [replace(problem, file=place.file, address=place.address) for problem in error.problems]
    if problems:
        raise InputError(problems)
    return found
