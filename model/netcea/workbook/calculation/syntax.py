"""The grammar of formulas: text to a tree, as ECMA-376 part 1, 18.17 has it, of what this workbook writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from netcea.reporting.xlsx.cells import BEFORE, NOW
from netcea.workbook.reading.sheet_cells import LAST_COLUMN, column_number

HERE, ABOVE = 0, -1
"""In place of the number of a row: that of the formula, and the one above it."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text or a truth value."""

    value: float | str | bool


@dataclass(frozen=True, slots=True)
class Reference:
    """Cells: one, or those between two; title '' for the formula's own sheet; rows HERE and ABOVE are the formula's."""

    title: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def is_cell(self) -> bool:
        """Say whether it is one cell."""
        return self.first_row == self.last_row and self.first_column == self.last_column


@dataclass(frozen=True, slots=True)
class Name:
    """A defined name."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function, or an operator, of its arguments; None for an argument that is left out."""

    function: str
    arguments: tuple[Node | None, ...]


Node = Constant | Reference | Name | Call

SHEET: Final = r"(?:'(?:[^']|'')+'|[\w.]+)!"
ROW: Final = rf"(?:\d+|{NOW}|{BEFORE})"
CELL: Final = rf"\$?[A-Z]{{1,3}}\$?{ROW}"
TOKEN: Final = re.compile(
    rf"""\s*(?:
    (?P<rows>\$?\d+:\$?\d+)
    |(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.!(])
    |(?P<text>"(?:[^"]|"")*")
    |(?P<reference>(?:{SHEET})?{CELL}(?::{CELL})?)(?![\w.({NOW}{BEFORE}])
    |(?P<call>[A-Z][A-Z0-9.]*\()
    |(?P<name>[A-Za-z_][\w.]*)
    |(?P<operator><=|>=|<>|[-+*/^&=<>%(),])
    )""",
    re.VERBOSE,
)
CORNER: Final = re.compile(rf"\$?([A-Z]{{1,3}})\$?({ROW})")
BINDS: Final = {
    **dict.fromkeys(("=", "<>", "<", ">", "<=", ">="), 1),
    "&": 2,
    **dict.fromkeys(("+", "-"), 3),
    **dict.fromkeys(("*", "/"), 4),
    "^": 5,
}
"""How much an operator of two operands binds; a sign binds more than all of them."""
Token = tuple[str, str]
"""What a piece of a formula is, and its text."""
END: Final[Token] = ("end", "")


class FormulaSyntaxError(Exception):
    """A formula that this grammar does not have."""


def parse(text: str) -> Node:
    r"""Return the tree of a formula, without its sign of equality.

    Raises
    ------
    FormulaSyntaxError

    >>> parse("1+2*3").function, parse("-A1^2").arguments[0].function, parse("IF(B$2>1,,\"x\")").arguments[1:]
    ('+', 'negative', (None, Constant(value='x')))
    """
    reader = _Reader(_tokens(text))
    node = reader.operation(1)
    if reader.token is not END:
        raise FormulaSyntaxError(f"'{reader.token[1]}' after the end of a formula")
    return node


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    end = 0
    for piece in TOKEN.finditer(text):
        start, stop = piece.span()
        if start != end:
            break
        end, kind = stop, piece.lastgroup or ""
        found.append((kind, piece[kind]))
    if end < len(text) and text[end:].strip():
        raise FormulaSyntaxError(f"'{text[end:][:40]}' in a formula")
    return found


class _Reader:
    """Takes the tokens of a formula. Only operators have an operator's text: names are letters, texts have quotes."""

    def __init__(self, tokens: list[Token]) -> None:
        self._rest = iter(tokens)
        self.token: Token = next(self._rest, END)

    def _take(self) -> Token:
        token = self.token
        self.token = next(self._rest, END)
        return token

    def operation(self, binding: int) -> Node:
        """Return operands with the operators between them that bind at least so much."""
        node = self._signed()
        while (binds := BINDS.get(self.token[1], 0)) >= binding:
            function = self._take()[1]
            node = Call(function, (node, self.operation(binds + 1)))
        return node

    def _signed(self) -> Node:
        """Return a signed operand: a sign binds more than a power."""
        kind, text = self._take()
        if text == "-":
            return Call("negative", (self._signed(),))
        if text == "+":
            return self._signed()
        node = self._operand(kind, text)
        while self.token[1] == "%":
            self._take()
            node = Call("/", (node, Constant(100.0)))
        return node

    def _operand(self, kind: str, text: str) -> Node:
        if kind == "reference":
            return _reference(text)
        if kind == "number":
            return Constant(float(text))
        if kind == "call":
            return Call(text[:-1], tuple(self._arguments()))
        if kind == "name":
            truth = {"TRUE": True, "FALSE": False}.get(text)
            return Name(text) if truth is None else Constant(truth)
        if kind == "text":
            return Constant(text[1:-1].replace('""', '"'))
        if kind == "rows":
            first, last = (int(row) for row in text.replace("$", "").split(":"))
            return Reference("", first, 1, last, LAST_COLUMN)
        if text != "(":
            raise FormulaSyntaxError(f"'{text}' in place of a value" if text else "a formula that ends too early")
        node = self.operation(1)
        self._close()
        return node

    def _close(self) -> None:
        if self._take()[1] != ")":
            raise FormulaSyntaxError("a bracket that is not closed")

    def _arguments(self) -> Iterator[Node | None]:
        if self.token[1] == ")":
            self._take()
            return
        while True:
            yield None if self.token[1] in (",", ")") else self.operation(1)
            if self.token[1] != ",":
                break
            self._take()
        self._close()


@lru_cache(maxsize=100_000)
def _reference(text: str) -> Reference:
    title, _, cells = text.rpartition("!")
    if title.startswith("'"):
        title = title[1:-1].replace("''", "'")
    corners = CORNER.findall(cells)
    (column, row), (last_column, last_row) = corners[0], corners[-1]
    return Reference(title, _row(row), column_number(column), _row(last_row), column_number(last_column))


def _row(text: str) -> int:
    if text in (NOW, BEFORE):
        return HERE if text == NOW else ABOVE
    return int(text)
