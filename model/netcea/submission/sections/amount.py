"""Numbers of inputs/ with their units, as a reader expects them."""

from __future__ import annotations

from typing import Final

from netcea.plain_number import read
from netcea.reporting.number_format import pounds

PLAIN_UNITS: Final = ("proportion", "ratio", "probability", "utility", "number", "parameter")
"""Units that stand in no text beside their numbers."""


def amount(value: float, unit: str) -> str:
    """Return a value with its unit, as a reader expects it.

    Parameters
    ----------
    value : float
        In its unit.
    unit : str
        Of inputs/.

    Examples
    --------
    >>> amount(5143.0, "GBP"), amount(12.5, "GBP"), amount(0.45, "proportion"), amount(13.8, "months")
    ('£5,143', '£12.50', '0.45', '13.8 months')
    >>> amount(25000.0, "GBP/QALY"), amount(1.03, "parameter"), amount(0.00125, "GBP")
    ('£25,000 per QALY', '1.03', '£0.00125')
    """
    money, _, per = unit.partition("/")
    if money == "GBP":
        pence = round(100.0 * value)
        shown = pounds(value) if value == round(value) else f"£{read(value, 6)}"
        if value != round(value) and abs(100.0 * value - pence) < 1e-6:
            shown = f"£{value:,.2f}"
        return f"{shown} per {per}" if per else shown
    return read(value, 4) if unit in PLAIN_UNITS else f"{read(value, 4)} {unit}"
