"""Functions and operators of formulas, on numbers and on arrays of them: those that the live workbook uses."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from netcea.arrays import Array
from netcea.special import special
from netcea.workbook.calculation.operands import CellError, Span, Value, finite, is_array, number, single, truth
from netcea.workbook.calculation.syntax import FormulaSyntaxError
from netcea.workbook.calculation.text_functions import TEXT_FUNCTIONS

NOT_FOUND: Final = "#N/A"
Function = Callable[..., Value]


def _of_numbers(scalar: Callable[..., Any], array: Callable[..., Any]) -> Function:
    """Return a function of numbers, the same of arrays of them."""

    def function(*values: Value) -> Value:
        numbers = [v if type(v) is float else number(v) for v in values]
        if np.ndarray in map(type, numbers):
            with np.errstate(all="ignore"):
                return finite(array(*numbers))
        try:
            return finite(scalar(*numbers))
        except ZeroDivisionError:
            raise CellError("#DIV/0!") from None
        except (ValueError, OverflowError):
            raise CellError from None

    return function


def _power(base: float, exponent: float) -> float:
    if base == 0.0 and exponent <= 0.0:
        raise CellError("#NUM!" if exponent == 0.0 else "#DIV/0!")
    found: float | complex = base**exponent
    if isinstance(found, complex):
        raise CellError
    return found


def _round_up(value: Any, digits: Any) -> Any:
    scale = 10.0**digits
    return np.copysign(np.ceil(np.abs(value) * scale - 1e-9 * (np.abs(value) * scale > 1e15)), value) / scale


def _round(value: Any, digits: Any) -> Any:
    """Return halves rounded away from zero, of a number as its 15 digits say it."""
    scale = 10.0**digits
    scaled = np.abs(value) * scale
    return np.copysign(np.floor(scaled + 0.5 + scaled * 4e-16), value) / scale


def _ufunc(function: Callable[..., Any]) -> Function:
    return _of_numbers(lambda *v: float(function(*v)), function)


def _ordered(name: str) -> Function:
    scalar, array = (operator.lt, np.less) if name == "<" else (operator.gt, np.greater)

    def compare(a: Value, b: Value) -> Value:
        if type(a) is float and type(b) is float:
            return bool(scalar(a, b))
        a, b = _plain(a), _plain(b)
        if is_array(a) or is_array(b):
            return _with_errors(array(number(a), number(b)), a, b)
        ranks = _rank(a, b), _rank(b, a)
        return bool(scalar(*(ranks if ranks[0][0] != ranks[1][0] else (ranks[0][1], ranks[1][1]))))

    return compare


def _plain(value: Value) -> Value:
    return single(value) if isinstance(value, Span) and len(value.values) == 1 else value


def _rank(value: Value, other: Value) -> tuple[int, Any]:
    """Return a value as comparisons order it: numbers before text before truth values; nothing is the other's zero."""
    if value is None:
        value = "" if isinstance(other, str) else False if isinstance(other, bool) else 0.0
    if isinstance(value, bool):
        return 2, value
    return (1, value.casefold()) if isinstance(value, str) else (0, float(value))


def _with_errors(found: Any, *of: Value) -> Value:
    """Return comparisons of arrays; not a number where one of the numbers is an error."""
    wrong = [np.isnan(value) for value in of if is_array(value) and value.dtype != bool]
    bad = np.logical_or.reduce(wrong) if wrong else np.zeros(1, dtype=bool)
    return np.where(bad, math.nan, found) if bad.any() else found


def _equal(a: Value, b: Value) -> Value:
    if type(a) is float and type(b) is float:
        return a == b
    a, b = _plain(a), _plain(b)
    if is_array(a) or is_array(b):
        if isinstance(a, str) or isinstance(b, str):
            numbers = a if is_array(a) else b
            if np.isnan(numbers).any():
                raise FormulaSyntaxError("a range of which not all are numbers, compared with a text")
            return np.zeros(len(numbers), dtype=bool)
        return _with_errors(np.equal(number(a), number(b)), a, b)
    return _rank(a, b) == _rank(b, a)


def _not(value: Value) -> Value:
    found = truth(value)
    return _with_errors(np.logical_not(found), value) if is_array(found) else not found


def _negated(function: Function) -> Function:
    def negated(a: Value, b: Value) -> Value:
        found = function(a, b)
        return not found if type(found) is bool else _not(found)

    return negated


def _all_numbers(values: Sequence[Value], least: int) -> Array:
    """Return the numbers of all arguments, of which there must be some."""
    members = [v.only_numbers if isinstance(v, Span) else np.atleast_1d(number(v)) for v in values if v is not None]
    found = np.concatenate(members) if members else np.empty(0)
    if len(found) < least:
        raise CellError("#DIV/0!")
    return found


def _extreme(scalar: Callable[..., float], of_range: Callable[[Array], Any], array: Callable[..., Any]) -> Function:
    def function(*values: Value) -> Value:
        rows: list[Any] = []
        for value in values:
            if isinstance(value, Span):
                rows.extend([float(of_range(value.only_numbers))] if len(value.only_numbers) else [])
            else:
                rows.append(number(value))
        if not any(map(is_array, rows)):
            return scalar(rows) if rows else 0.0
        found = rows[0]
        for row in rows[1:]:
            found = array(found, row)
        return found

    return function


def _small(of: Value, rank: Value) -> Value:
    numbers, rank = np.sort(_cells(of).only_numbers), number(rank)
    if not is_array(rank):
        if not 1 <= int(rank) <= len(numbers):
            raise CellError
        return float(numbers[int(rank) - 1])
    at = rank.astype(np.int64) - 1
    inside = (at >= 0) & (at < len(numbers))
    return np.where(inside, numbers[np.where(inside, at, 0)], math.nan)


def _average(*values: Value) -> Value:
    return math.fsum(numbers := _all_numbers(values, 1)) / len(numbers)


def _percentile(of: Value, share: Value) -> Value:
    numbers = _cells(of).only_numbers
    if not len(numbers) or not 0.0 <= number(share) <= 1.0:
        raise CellError
    return float(np.quantile(numbers, number(share)))  # linear between ranks, as spreadsheets have it


def _standard_deviation(*values: Value) -> Value:
    return float(np.std(_all_numbers(values, 2), ddof=1))


def _sum(*values: Value) -> Value:
    found: Any = 0.0
    for value in values:
        found = found + (math.fsum(value.only_numbers) if isinstance(value, Span) else number(value))
    return found


def _logical(every: Callable[[Any], Any], array: Callable[..., Any]) -> Function:
    def function(*values: Value) -> Value:
        found = [truth(v) for v in values]
        if not any(map(is_array, found)):
            return every(found)
        together = found[0]
        for value in found[1:]:
            together = array(together, value)
        return _with_errors(together, *values)

    return function


def _cells(value: Value) -> Span:
    """Return a range; one of a single cell comes as its value."""
    return value if isinstance(value, Span) else Span([value], 1)


def _index(of: Value, row: Value, column: Value = None) -> Value:
    cells = _cells(of)
    width = cells.width
    if column is None and cells.height == 1:
        row, column = 1.0, row
    rows, columns = number(row), 1.0 if column is None else number(column)
    if not is_array(rows) and not is_array(columns):
        if not (1 <= int(rows) <= cells.height and 1 <= int(columns) <= width):
            raise CellError("#REF!")
        return single(Span([cells.values[(int(rows) - 1) * width + int(columns) - 1]], 1))
    with np.errstate(invalid="ignore"):
        at = (np.floor(rows).astype(np.int64) - 1) * width + np.floor(columns).astype(np.int64) - 1
    outside = (at < 0) | (at >= len(cells.values))
    found = cells.numbers[np.where(outside, 0, at)]
    return np.where(outside, math.nan, found) if outside.any() else found


def _match(wanted: Value, of: Value, kind: Value = 1.0) -> Value:
    wanted, cells = _plain(wanted), _cells(of)
    if number(kind) == 0.0:
        return _match_exactly(wanted, cells)
    if number(kind) != 1.0:
        raise CellError("#VALUE!")
    found = np.searchsorted(cells.numbers, number(wanted), side="right")
    if is_array(found):
        return np.where(found == 0, math.nan, found.astype(float))
    if not found:
        raise CellError(NOT_FOUND)
    return float(found)


def _match_exactly(wanted: Value, cells: Span) -> Value:
    if is_array(wanted):
        places = {v: float(i) for i, v in reversed(list(enumerate(cells.numbers.tolist(), 1)))}
        return np.array([places.get(v, math.nan) for v in wanted.tolist()])
    for place, value in enumerate(cells.values, 1):
        if value is not None and not isinstance(value, CellError) and _rank(value, wanted) == _rank(wanted, value):
            return float(place)
    raise CellError(NOT_FOUND)


CRITERION: Final = re.compile(r"(<=|>=|<>|<|>|=)?(.*)", re.DOTALL)


def _meets(of: Value, criterion: Value) -> Array:
    """Return Array (cell,): which cells meet a criterion as SUMIF and COUNTIF take it."""
    criterion, cells = _plain(criterion), _cells(of)
    if not isinstance(criterion, str):
        return np.asarray(cells.numbers == number(criterion))
    found = CRITERION.fullmatch(criterion)
    sign, operand = (found[1] or "=", found[2]) if found else ("=", criterion)
    try:
        amount = float(operand)
    except ValueError:
        same = np.array([isinstance(v, str) and v.casefold() == operand.casefold() for v in cells.values])
        return np.asarray(~same if sign == "<>" else same)
    with np.errstate(invalid="ignore"):
        numbers = cells.numbers
        tests: dict[str, Any] = {
            "=": numbers == amount,
            "<>": numbers != amount,
            "<": numbers < amount,
            ">": numbers > amount,
            "<=": numbers <= amount,
            ">=": numbers >= amount,
        }
    return np.asarray(tests[sign])


def _sum_if(of: Value, criterion: Value, amounts: Value) -> Value:
    criterion, cells, summed = _plain(criterion), _cells(of), np.nan_to_num(_cells(amounts).numbers)
    if not is_array(criterion):
        return math.fsum(summed[_meets(cells, criterion)])
    order = np.argsort(cells.numbers, kind="stable")
    keys, summed = cells.numbers[order], summed[order]
    low, high = np.searchsorted(keys, criterion, side="left"), np.searchsorted(keys, criterion, side="right")
    return np.array([math.fsum(summed[a:b]) for a, b in np.transpose((low, high))])


def _gamma_distribution(x: Value, shape: Value, scale: Value, cumulative: Value) -> Value:
    k, scaled = number(shape), number(x) / number(scale)
    if truth(cumulative):
        return _ufunc(special.gammainc)(k, scaled)
    density = _ufunc(lambda a, z: np.exp(special.xlogy(a - 1.0, z) - z - special.gammaln(a)))
    return density(k, scaled) / number(scale)


def _is(test: Callable[[Value], bool]) -> Function:
    def function(value: Value) -> Value:
        value = _plain(value)
        return np.isfinite(value) if is_array(value) else test(value)

    return function


FUNCTIONS: Final[Mapping[str, Function]] = {
    **TEXT_FUNCTIONS,
    "+": _of_numbers(operator.add, operator.add),
    "-": _of_numbers(operator.sub, operator.sub),
    "*": _of_numbers(operator.mul, operator.mul),
    "/": _of_numbers(operator.truediv, operator.truediv),
    "^": _of_numbers(_power, np.power),
    "negative": _of_numbers(operator.neg, operator.neg),
    "=": _equal,
    "<>": _negated(_equal),
    "<": _ordered("<"),
    ">": _ordered(">"),
    "<=": _negated(_ordered(">")),
    ">=": _negated(_ordered("<")),
    "ABS": _of_numbers(abs, np.abs),
    "AVERAGE": _average,
    "AND": _logical(all, np.logical_and),
    "BETAINV": _ufunc(lambda p, a, b: special.betaincinv(a, b, p)),
    "COUNT": lambda *values: float(sum(len(v.only_numbers) if isinstance(v, Span) else 1 for v in values)),
    "COUNTIF": lambda cells, criterion: float(_meets(cells, criterion).sum()),
    "EXP": _of_numbers(math.exp, np.exp),
    "GAMMADIST": _gamma_distribution,
    "GAMMAINV": _ufunc(lambda p, shape, scale: special.gammaincinv(shape, p) * scale),
    "GAMMALN": _ufunc(special.gammaln),
    "INDEX": _index,
    "INT": _of_numbers(math.floor, np.floor),
    "ISNUMBER": _is(lambda v: type(v) in (float, int)),
    "ISTEXT": _is(lambda v: isinstance(v, str)),
    "LN": _of_numbers(math.log, np.log),
    "MATCH": _match,
    "MAX": _extreme(max, np.max, np.maximum),
    "MIN": _extreme(min, np.min, np.minimum),
    "MOD": _of_numbers(operator.mod, np.mod),
    "NORMSDIST": _ufunc(special.ndtr),
    "NORMSINV": _ufunc(special.ndtri),
    "NOT": _not,
    "OR": _logical(any, np.logical_or),
    "PERCENTILE": _percentile,
    "PI": lambda: math.pi,
    "ROUND": _ufunc(_round),
    "ROUNDUP": _ufunc(_round_up),
    "ROWS": lambda value: float(_cells(value).height),
    "SIGN": _ufunc(np.sign),
    "SMALL": _small,
    "SQRT": _of_numbers(math.sqrt, np.sqrt),
    "STDEV": _standard_deviation,
    "SUM": _sum,
    "SUMIF": _sum_if,
}
"""Name of a function, or an operator, of values that are worked out; those that do not need all stand in `evaluate`."""
