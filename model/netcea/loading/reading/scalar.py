"""One plain word of YAML as a value: the YAML 1.2 core schema, without the numbers people misread."""

from __future__ import annotations

import math
import re

from netcea.errors import InputError, Place

Scalar = str | int | float | bool | None

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **{sign + word: math.inf for sign in ("", "+") for word in (".inf", ".Inf", ".INF")},
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_STARTS_A_NUMBER = "+-.0123456789"
_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")
_OTHER_BASE = re.compile(r"[-+]?0([xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")
_NOT_ZERO = re.compile(r"[-+]?[0.]*[1-9]")


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
    if _OTHER_BASE.fullmatch(text):
        raise _refused(f"{text}, a number with another base than ten")
    if not _NUMBER.fullmatch(text):
        return text
    if _LEADING_ZERO.match(text):
        decimal = re.sub(r"^([-+]?)0+(?=[0-9])", r"\1", text)
        raise _refused(f"{text}, a number with a leading zero", f"write {decimal}, or '{text}' in quotes if it is text")
    value = float(text)
    if math.isinf(value) or (value == 0 and _NOT_ZERO.match(text)):
        shown = text if len(text) <= 40 else f"{text[:40]}..."
        raise _refused(f"{shown}, too {'large' if value else 'small'} for a number", "put it in quotes if it is text")
    return int(text) if _INTEGER.fullmatch(text) else value


def _refused(found: str, suggestion: str = "") -> InputError:
    return Place().error(found, "a decimal number", suggestion)
