"""The grammar of formulas: text to a tree, as ECMA-376 part 1, 18.17 has it, of what this workbook writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

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
KINDS: Final = {
    "operator": r"<=|>=|<>|[-+*/^&=<>%(),]",
    "text": r'"(?:[^"]|"")*"',
    "call": r"[A-Z][A-Z0-9.]*\(",
    "rows": r"\$?\d+:\$?\d+",
    "number": r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.!(])",
    "reference": rf"(?:{SHEET})?{CELL}(?::{CELL})?(?![\w.({NOW}{BEFORE}])",
    "name": r"[A-Za-z_][\w.]*",
}
"""What a piece of a formula is -> how it looks; of several the first."""
PIECE: Final = re.compile("|".join(KINDS.values()))
KIND: Final = re.compile("|".join(f"(?P<{kind}>{looks})" for kind, looks in KINDS.items()))
CORNER: Final = re.compile(rf"\$?([A-Z]{{1,3}})\$?({ROW})")
BINDS: Final = {
    **dict.fromkeys(("=", "<>", "<", ">", "<=", ">="), 1),
    "&": 2,
    **dict.fromkeys(("+", "-"), 3),
    **dict.fromkeys(("*", "/"), 4),
    "^": 5,
}
"""How much an operator of two operands binds; a sign binds more than all of them."""
Token = tuple[str, Node | None]
"""The text of a piece of a formula, and the value that it is by itself."""
END: Final[Token] = ("", None)


class FormulaSyntaxError(Exception):
    """A formula that this grammar does not have."""


class Read(NamedTuple):
    """A formula that was read: its tree, the functions that it calls, and what it refers to, each once."""

    tree: Node
    calls: set[str]
    references: tuple[Reference | Name, ...]


def parse(text: str) -> Node:
    r"""Return the tree of a formula, without its sign of equality.

    Raises
    ------
    FormulaSyntaxError

    >>> parse("1+2*3").function, parse("-A1^2").arguments[0].function, parse("IF(B$2>1,,\"x\")").arguments[1:]
    ('+', 'negative', (None, Constant(value='x')))
    """
    return _tree(_tokens(text))


def read(text: str) -> Read:
    """Return the tree of a formula, without its sign of equality, with what is in it.

    Raises
    ------
    FormulaSyntaxError

    >>> found = read("SUM(A1,A1,x)")
    >>> found.calls, len(found.references)
    ({'SUM'}, 2)
    """
    tokens = _tokens(text)
    calls = {piece[:-1] for piece, value in tokens if value is None and piece[-1] == "(" and piece != "("}
    referred = {value: None for _, value in tokens if type(value) is Reference or type(value) is Name}
    return Read(_tree(tokens), calls, tuple(referred))


def _tree(tokens: list[Token]) -> Node:
    reader = _Reader(tokens)
    node = reader.operation(1)
    if reader.text:
        raise FormulaSyntaxError(f"'{reader.text}' after the end of a formula")
    return node


def _tokens(text: str) -> list[Token]:
    pieces = PIECE.findall(text)
    if sum(map(len, pieces)) != len(text) and (rest := PIECE.sub("", text).strip()):  # more than spaces
        raise FormulaSyntaxError(f"'{rest[:40]}' in a formula")
    return [*map(_token, pieces)]


@lru_cache(maxsize=100_000)
def _token(text: str) -> Token:
    """Return a piece of a formula; most stand in many formulas."""
    found = KIND.fullmatch(text)
    kind = found.lastgroup if found else ""
    if kind == "reference":
        return text, _reference(text)
    if kind == "number":
        return text, Constant(float(text))
    if kind == "name":
        truth = {"TRUE": True, "FALSE": False}.get(text)
        return text, Name(text) if truth is None else Constant(truth)
    if kind == "text":
        return text, Constant(text[1:-1].replace('""', '"'))
    if kind == "rows":
        first, last = (int(row) for row in text.replace("$", "").split(":"))
        return text, Reference("", first, 1, last, LAST_COLUMN)
    return text, None


class _Reader:
    """Takes the tokens of a formula. Only operators have an operator's text: names are letters, texts have quotes."""

    def __init__(self, tokens: list[Token]) -> None:
        self._rest = iter(tokens)
        self.text, self._node = next(self._rest, END)

    def _go_on(self) -> None:
        self.text, self._node = next(self._rest, END)

    def operation(self, binding: int) -> Node:
        """Return operands with the operators between them that bind at least so much."""
        node = self._signed()
        while (binds := BINDS.get(self.text, 0)) >= binding:
            function = self.text
            self._go_on()
            node = Call(function, (node, self.operation(binds + 1)))
        return node

    def _signed(self) -> Node:
        """Return a signed operand: a sign binds more than a power."""
        text, node = self.text, self._node
        self._go_on()
        if node is None:
            if text == "-":
                return Call("negative", (self._signed(),))
            if text == "+":
                return self._signed()
            node = self._operand(text)
        while self.text == "%":
            self._go_on()
            node = Call("/", (node, Constant(100.0)))
        return node

    def _operand(self, text: str) -> Node:
        """Return a function of its arguments, or what stands in brackets."""
        if text[-1:] != "(":
            raise FormulaSyntaxError(f"'{text}' in place of a value" if text else "a formula that ends too early")
        if len(text) > 1:
            return Call(text[:-1], tuple(self._arguments()))
        node = self.operation(1)
        self._close()
        return node

    def _close(self) -> None:
        if self.text != ")":
            raise FormulaSyntaxError("a bracket that is not closed")
        self._go_on()

    def _arguments(self) -> Iterator[Node | None]:
        if self.text == ")":
            self._go_on()
            return
        while True:
            yield None if self.text in (",", ")") else self.operation(1)
            if self.text != ",":
                break
            self._go_on()
        self._close()


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
