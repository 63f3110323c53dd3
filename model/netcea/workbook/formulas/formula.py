"""A spreadsheet formula that is built by arithmetic: the same code that computes numbers writes it.

A cost item multiplies values; given `Formula` in place of arrays it yields the text of the cell that does the same.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

OPERATORS: Final[dict[np.ufunc, str]] = {
    np.add: "({}+{})",
    np.subtract: "({}-{})",
    np.multiply: "{}*{}",
    np.divide: "{}/({})",
    np.minimum: "MIN({},{})",
    np.maximum: "MAX({},{})",
    np.ceil: "ROUNDUP({},0)",
    np.negative: "(-{})",
}


class NotInFormulasError(ValueError):
    """Something of a scenario that the workbook cannot hold, with the reason."""


class Formula:
    """Text of a formula, without the sign of equality.

    Examples
    --------
    >>> price, discount = Formula("price"), Formula("discount")
    >>> (price * (1.0 - discount)).text
    'price*(1-discount)'
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @classmethod
    def of(cls, value: Any) -> Formula:
        """Return a value as a formula: numbers as they are typed."""
        if isinstance(value, Formula):
            return value
        number = float(np.ravel(np.asarray(value, dtype=np.float64))[0])
        return cls(f"{number:.15g}" if number >= 0.0 else f"({number:.15g})")

    def __repr__(self) -> str:
        """Return the text."""
        return f"Formula({self.text!r})"

    def __eq__(self, other: object) -> bool:
        """Say whether both are the same text."""
        return isinstance(other, Formula) and self.text == other.text

    def __hash__(self) -> int:
        """Return a hash of the text."""
        return hash(self.text)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **_: Any) -> Formula:
        """Write NumPy's arithmetic as text; 1 x something is something."""
        if method != "__call__" or ufunc not in OPERATORS:
            msg = f"{ufunc.__name__} of numbers that stand in cells"
            raise NotInFormulasError(msg)
        parts = [Formula.of(value).text for value in inputs]
        if ufunc is np.multiply and "1" in parts:
            return Formula(parts[1 - parts.index("1")])
        if ufunc is np.divide and parts[1] == "1":
            return Formula(parts[0])
        if ufunc is np.subtract and parts[1] == "0":
            return Formula(parts[0])
        return Formula(OPERATORS[ufunc].format(*parts))

    def __add__(self, other: Any) -> Formula:
        """Add."""
        return self.__array_ufunc__(np.add, "__call__", self, other)

    def __radd__(self, other: Any) -> Formula:
        """Add."""
        return self.__array_ufunc__(np.add, "__call__", other, self)

    def __sub__(self, other: Any) -> Formula:
        """Subtract."""
        return self.__array_ufunc__(np.subtract, "__call__", self, other)

    def __rsub__(self, other: Any) -> Formula:
        """Subtract."""
        return self.__array_ufunc__(np.subtract, "__call__", other, self)

    def __mul__(self, other: Any) -> Formula:
        """Multiply."""
        return self.__array_ufunc__(np.multiply, "__call__", self, other)

    def __rmul__(self, other: Any) -> Formula:
        """Multiply."""
        return self.__array_ufunc__(np.multiply, "__call__", other, self)

    def __truediv__(self, other: Any) -> Formula:
        """Divide."""
        return self.__array_ufunc__(np.divide, "__call__", self, other)

    def __rtruediv__(self, other: Any) -> Formula:
        """Divide."""
        return self.__array_ufunc__(np.divide, "__call__", other, self)
