"""One plain word of YAML as a value: the YAML 1.2 core schema, without the numbers people misread."""

from __future__ import annotations

import math

from netcea.errors import Place
from netcea.scenario.scalar import NotDecimalError, decimal_number

Scalar = str | int | float | bool | None

_STARTS_A_NUMBER = "+-.0123456789"
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **{sign + word: math.inf for sign in ("", "+") for word in (".inf", ".Inf", ".INF")},
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}


def parse_scalar(text: str) -> Scalar:
    """Value of a plain (unquoted) YAML word.

    ``no``, ``on``, ``12:30:45``, ``1_000`` and dates are text; ``1e5`` is a float.

    Parameters
    ----------
    text : str
        The word.

    Raises
    ------
    InputError
        Octal, hexadecimal or binary numbers, leading zeros, and numbers beyond double precision.

    Examples
    --------
    >>> [parse_scalar(word) for word in ("no", "true", "~", "12", "1e5", ".5", "1_000")]
    ['no', True, None, 12, 100000.0, 0.5, '1_000']
    >>> parse_scalar("0x1F")
    Traceback (most recent call last):
    netcea.errors.InputError: found 0x1F, a number with another base than ten; expected a decimal number
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _STARTS_A_NUMBER:
        return text
    if text != text.strip():
        return text  # a non-breaking space, which YAML does not take off
    try:
        return decimal_number(text)
    except NotDecimalError as error:
        if not error.looks_like_one:
            return text
        raise Place().error(error.found, "a decimal number", _or_text(text, error)) from None


def _or_text(text: str, error: NotDecimalError) -> str:
    """Return how to write what looks like a number: as one, or as text."""
    if error.suggestion:
        return f"{error.suggestion}, or '{text}' in quotes if it is text"
    return "put it in quotes if it is text" if error.found.endswith("for a number") else ""
