"""Options that may be given for each arm: VALUE, or ARM=VALUE repeated."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netcea.errors import InputError


def files_by_arm(given: Sequence[str], option: str) -> Path | dict[str, Path] | None:
    """Return a file, or arm -> file.

    Parameters
    ----------
    given : sequence of str
        FILE or ARM=FILE.
    option : str
        What messages call it.
    """
    pairs = [("", text) if Path(text).exists() else _pair(text) for text in given]
    found = _by_arm(pairs, option)
    if isinstance(found, dict):
        return {arm: Path(text) for arm, text in found.items()}
    return None if found is None else Path(found)


def numbers_by_arm(given: Sequence[str], option: str) -> float | dict[str, float] | None:
    """Return a number, or arm -> number.

    Parameters
    ----------
    given : sequence of str
        NUMBER or ARM=NUMBER.
    option : str
        What messages call it.
    """
    found = _by_arm([_pair(text) for text in given], option)
    if isinstance(found, dict):
        return {arm: _number(text, option) for arm, text in found.items()}
    return None if found is None else _number(found, option)


def ratios_by_pair(given: Sequence[str], option: str) -> dict[tuple[str, str], float]:
    """Return (treated arm, reference arm) -> ratio.

    Parameters
    ----------
    given : sequence of str
        TREATED/REFERENCE=RATIO.
    option : str
        What messages call it.
    """
    found = {}
    for text in given:
        arms, value = _pair(text)
        treated, slash, reference = arms.partition("/")
        if not slash or not treated or not reference:
            raise _wrong(option, repr(text), "TREATED/REFERENCE=RATIO, such as new/old=0.56")
        found[treated.strip(), reference.strip()] = _number(value, option)
    return found


def _pair(text: str) -> tuple[str, str]:
    arm, sign, value = text.partition("=")
    return (arm.strip(), value.strip()) if sign else ("", text.strip())


def _by_arm(pairs: Sequence[tuple[str, str]], option: str) -> str | dict[str, str] | None:
    if not pairs:
        return None
    arms = [arm for arm, _ in pairs]
    if len(pairs) == 1 and not arms[0]:
        return pairs[0][1]
    if not all(arms) or len(set(arms)) < len(arms):
        raise _wrong(option, ", ".join("=".join(filter(None, pair)) for pair in pairs), "ARM=VALUE, each arm once")
    return dict(pairs)


def _number(text: str, option: str) -> float:
    from netcea.scenario.scalar import NotDecimalError, decimal_number

    try:
        return float(decimal_number(text))
    except NotDecimalError as error:
        raise _wrong(option, repr(text), "a number, or ARM=NUMBER") from error


def _wrong(option: str, found: str, expected: str) -> InputError:
    from netcea.errors import Place

    return Place(option).error(found, expected)
