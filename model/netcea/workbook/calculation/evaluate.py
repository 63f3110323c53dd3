"""The value of a formula's tree: in one cell, or in all rows of a column at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from netcea.workbook.calculation.functions import FUNCTIONS
from netcea.workbook.calculation.operands import CellError, Span, Value, finite, is_array, number, single, text, truth
from netcea.workbook.calculation.sheet_values import SheetValues
from netcea.workbook.calculation.syntax import HERE, Call, Constant, Name, Node, Reference


class RowsApartError(Exception):
    """Rows of a column that cannot be worked out at once."""


class Where(NamedTuple):
    """Where a formula stands.

    Attributes
    ----------
    sheets : mapping of title -> SheetValues
    names : mapping of defined name -> Reference
    title : str
        Of its sheet.
    first, last : int
        Its rows.
    arrays : bool
        Whether ranges stand for their numbers, one by one.
    """

    sheets: Mapping[str, SheetValues]
    names: Mapping[str, Reference]
    title: str
    first: int
    last: int
    arrays: bool = False

    @property
    def many(self) -> bool:
        """Say whether the formula stands in more than one row."""
        return self.first != self.last


def evaluate(node: Node | None, where: Where) -> Value:
    """Return the value of a tree: an Array (row,) where rows differ.

    Raises
    ------
    CellError
        An error value, in all rows.
    RowsApartError
        The rows must be worked out one by one.
    """
    if type(node) is Reference:
        return _referred(node, where)
    if type(node) is Call:
        special = SPECIAL.get(node.function)
        if special is not None:
            return special(node.arguments, where)
        function = FUNCTIONS.get(node.function)
        if function is None:
            raise CellError("#NAME?")
        return function(*[evaluate(argument, where) for argument in node.arguments])
    if type(node) is Constant:
        return node.value
    if type(node) is Name:
        if node.name not in where.names:
            raise CellError("#NAME?")
        return _referred(where.names[node.name], where)
    return None


def _referred(reference: Reference, where: Where) -> Value:
    sheet = where.sheets[reference.title or where.title]
    if reference.is_cell:
        first = reference.first_row
        if first > HERE:
            return _value(sheet, first, reference.first_column)
        if where.first == where.last:
            return _value(sheet, where.first + first, reference.first_column)
        found = sheet.rows(where.first + first, where.last + first, reference.first_column)
        if isinstance(found, list):
            raise RowsApartError
        return found
    return _span(reference, where).numbers if where.arrays else _span(reference, where)


def _span(reference: Reference, where: Where) -> Span:
    sheet = where.sheets[reference.title or where.title]
    return sheet.span(_corners(reference, where))


def _corners(reference: Reference, where: Where) -> tuple[int, int, int, int]:
    """Return first row and column, last row and column of a range."""
    first, last = reference.first_row, reference.last_row
    if first <= HERE or last <= HERE:
        if where.many:
            raise RowsApartError
        first, last = (row if row > HERE else where.first + row for row in (first, last))
    return first, reference.first_column, last, reference.last_column


def _value(sheet: SheetValues, row: int, column: int) -> Value:
    value = sheet.value(row, column)
    if type(value) is CellError:
        raise value
    return value


Arguments = Sequence[Node | None]


def _argument(arguments: Arguments, place: int, where: Where) -> Value:
    return evaluate(arguments[place], where) if place < len(arguments) else False


def _option(arguments: Arguments, place: int, where: Where) -> Value:
    """Return the numbers of an argument that not all rows want: not a number where it is an error in all of them."""
    try:
        value = _argument(arguments, place, where)
    except CellError:
        return np.nan
    return _numbers(value)


def _if(arguments: Arguments, where: Where) -> Value:
    condition = evaluate(arguments[0], where)
    if condition is True or condition is False:
        return _argument(arguments, 1 if condition else 2, where)
    test = truth(condition)
    if not is_array(test):
        return _argument(arguments, 1 if test else 2, where)
    bad = np.isnan(condition) if condition.dtype != bool else np.zeros(1, dtype=bool)
    if not bad.any() and (test.all() or not test.any()):
        return _argument(arguments, 1 if test.all() else 2, where)
    found = np.where(test, _option(arguments, 1, where), _option(arguments, 2, where))
    return np.where(bad, np.nan, found) if bad.any() else found


def _numbers(value: Value) -> Value:
    if isinstance(value, str):
        raise RowsApartError
    return number(value)


def _choose(arguments: Arguments, where: Where) -> Value:
    which = number(evaluate(arguments[0], where))
    if is_array(which):
        options = [_option(arguments, place, where) for place in range(1, len(arguments))]
        return np.select([np.floor(which) == i for i in range(1, len(options) + 1)], options, np.nan)
    if not 1 <= int(which) < len(arguments):
        raise CellError("#VALUE!")
    return evaluate(arguments[int(which)], where)


def _if_error(arguments: Arguments, where: Where) -> Value:
    try:
        found = evaluate(arguments[0], where)
        found = single(found) if isinstance(found, Span) else found
    except CellError:
        return evaluate(arguments[1], where)
    if is_array(found) and found.dtype != bool and not np.isfinite(found).all():
        return np.where(np.isfinite(found), found, _numbers(evaluate(arguments[1], where)))
    return found


def _is_error(arguments: Arguments, where: Where) -> Value:
    if where.arrays and isinstance(arguments[0], Reference) and not arguments[0].is_cell:
        return where.sheets[arguments[0].title or where.title].errors(_corners(arguments[0], where))
    try:
        found = evaluate(arguments[0], where)
    except CellError:
        return True
    return ~np.isfinite(found) if is_array(found) and found.dtype != bool else False


def _sum_product(arguments: Arguments, where: Where) -> Value:
    if where.many:
        raise RowsApartError
    within = where._replace(arrays=True)
    found = [np.nan_to_num(number(evaluate(argument, within))) for argument in arguments]
    return finite(float(np.sum(np.prod(np.broadcast_arrays(*found), axis=0))))


def _exact(arguments: Arguments, where: Where) -> Value:
    """Return whether texts are the same letter by letter: of each cell of a range, within SUMPRODUCT."""
    plain = where._replace(arrays=False)
    wanted, other = (evaluate(argument, plain) for argument in arguments)
    if isinstance(other, Span):
        return np.array([text(value) == text(wanted) for value in other.values])
    return text(wanted) == text(other)


def _column(arguments: Arguments, where: Where) -> Value:
    """Return the number of a column; of each cell of a row, within SUMPRODUCT."""
    reference = arguments[0]
    if not isinstance(reference, Reference):
        raise CellError("#VALUE!")
    if where.arrays:
        return np.arange(reference.first_column, reference.last_column + 1, dtype=float)
    return float(reference.first_column)


def _row(arguments: Arguments, where: Where) -> Value:
    """Return the number of a row; of each of several rows, within SUMPRODUCT."""
    reference = arguments[0] if arguments else Reference("", HERE, 1, HERE, 1)
    if not isinstance(reference, Reference):
        raise CellError("#VALUE!")
    first, last = (row if row > HERE else where.first + row for row in (reference.first_row, reference.last_row))
    if where.arrays:
        return np.arange(first, last + 1, dtype=float)
    if where.many and reference.first_row <= HERE:
        return np.arange(where.first, where.last + 1, dtype=float) + reference.first_row
    return float(first)


def _not_available(_: Arguments, __: Where) -> Value:
    raise CellError("#N/A")


def _random(_: Arguments, where: Where) -> Value:
    """Return the middle of what RAND can give: a file holds no draw."""
    return np.full(where.last - where.first + 1, 0.5) if where.many else 0.5


SPECIAL: Final[Mapping[str, Callable[[Arguments, Where], Value]]] = {
    "IF": _if,
    "CHOOSE": _choose,
    "IFERROR": _if_error,
    "ISERROR": _is_error,
    "NA": _not_available,
    "ROW": _row,
    "COLUMN": _column,
    "EXACT": _exact,
    "SUMPRODUCT": _sum_product,
    "RAND": _random,
}
"""Functions of arguments that are not all worked out, or not as others are."""
