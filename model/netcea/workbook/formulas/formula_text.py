"""Whether two formulas are the same, however a spreadsheet program spelt them when it saved the file."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Final, TypeAlias

Token: TypeAlias = str | float

NUMBER: Final = r"\d+\.?\d*(?:[eE][+-]?\d+)?(?![\w.!:$])|\.\d+(?:[eE][+-]?\d+)?"
TOKENS: Final = re.compile(
    r'"(?:[^"]|"")*"'  # text
    r"|'(?:[^']|'')*'!"  # a sheet in quotes
    rf"|{NUMBER}"
    r"|\#[A-Za-z/0-9]+[!?]?"  # an error
    r"|(?:TRUE|FALSE|true|false)\(\)"
    r"|[A-Za-z_\\$\u0080-\uffff\d][\w.$\\]*!?"  # a name, a cell, a function, a sheet without quotes
    r"|\s+|<>|<=|>=|.",
    re.DOTALL,
)
IS_NUMBER: Final = re.compile(NUMBER)
PREFIXES: Final = re.compile(r"^(?:_XLFN\.|_XLWS\.|_XLUDF\.)+")
"""What Excel writes before functions that are younger than the file format."""
NEAR: Final = 1e-14
"""Spreadsheets keep 15 digits of a number."""
SINGLE: Final = "SINGLE"
"""Excel's function of implicit intersection; of one cell it is that cell."""


def same_formula(one: str, other: str) -> bool:
    """Say whether two formulas, with their sign of equality, are the same.

    >>> same_formula("=IF(A1>1E-9,TRUE,Inputs!$B$2)", "=if( A1>0.000000001, TRUE(), 'Inputs'!$B$2)")
    True
    >>> same_formula("=A1*2", "=A1*2.0001"), same_formula('="a b"', '="a  b"')
    (False, False)
    """
    if one == other:
        return True
    mine, its = tokens(one), tokens(other)
    return len(mine) == len(its) and all(a == b or _near(a, b) for a, b in zip(mine, its, strict=True))


def _near(one: Token, other: Token) -> bool:
    return isinstance(one, float) and isinstance(other, float) and math.isclose(one, other, rel_tol=NEAR)


def tokens(formula: str) -> list[Token]:
    """Return what a formula consists of: numbers as such, all other words in capitals, no spaces.

    >>> tokens("=_xlfn.NORM.S.DIST(-1e-1, true)")
    ['=', 'NORM.S.DIST', '(', '-', 0.1, ',', 'TRUE', ')']
    """
    found = [token for token in map(_normal, TOKENS.findall(formula)) if token]
    return _without_intersection(found) if "@" in found or SINGLE in found else found


@lru_cache(maxsize=65536)
def _normal(token: str) -> Token:
    """Return how a word is compared; '' for space."""
    first = token[0]
    if first == '"':
        return token
    if first == "'":
        return token[1:-2].replace("''", "'").upper() + "!"
    if IS_NUMBER.fullmatch(token):
        return float(token) or "0"
    if token.isspace():
        return ""
    return PREFIXES.sub("", token.upper()).removesuffix("()")


def _without_intersection(found: list[Token]) -> list[Token]:
    """Drop @ and SINGLE(...)."""
    made: list[Token] = []
    opened: list[bool] = []
    before: Token = ""
    for word in found:
        single = word == "(" and before == SINGLE
        if word == "(":
            opened.append(single)
        closes = word == ")" and bool(opened) and opened.pop()
        if not (single or closes or word in ("@", SINGLE)):
            made.append(word)
        before = word
    return made
