"""How a value of a quantity reads with its unit."""

from __future__ import annotations

from netcea.reporting.number_format import fixed, pounds


def amount(value: float, unit: str, digits: int = 3) -> str:
    """Return a value with its unit, to some significant digits.

    >>> amount(5143.0, "GBP"), amount(2.39, "GBP"), amount(0.246, "proportion"), amount(0.95, "ratio")
    ('£5,143', '£2.39', '24.6%', '0.95')
    >>> amount(8.85, "months"), amount(0.0571624, "per week"), amount(1.0, "months"), amount(-0.0001, "utility")
    ('8.85 months', '0.0572 per week', '1 month', '-0.0001')
    """
    if unit == "GBP":
        return pounds(value) if abs(value) >= 100 or value == round(value) else f"£{value:,.2f}".replace("£-", "-£")
    if unit == "GBP/QALY":
        return f"{pounds(value)} per QALY"
    if unit == "proportion":
        return f"{number(100.0 * value, digits)}%"
    shown = number(value, digits)
    if unit in ("ratio", "parameter", "utility", "number"):
        return shown
    return f"{shown} {unit.removesuffix('s') if shown == '1' and not unit.startswith('per ') else unit}"


def number(value: float, digits: int = 3) -> str:
    """Return a number to some significant digits, with thousands separators and without powers of ten.

    >>> number(10265.4), number(0.000123456), number(1.0), number(-2.5)
    ('10,265', '0.000123', '1', '-2.5')
    """
    if abs(value) >= 10.0**digits:
        return fixed(value, 0)
    text = f"{value:.{digits}g}"
    if "e" in text:
        text = f"{value:.12f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
