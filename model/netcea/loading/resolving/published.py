"""A published figure of inputs/ as fits take it: in model units, its error on the scale on which it is symmetric."""

from __future__ import annotations

from netcea.fitting import Figure, FigureKind
from netcea.loading.resolving.numbers import Numbers
from netcea.quantities.quantity import Quantity
from netcea.quantities.units import MONTHS_PER_YEAR, UNITS


def published_figure(numbers: Numbers, address: str) -> Figure | None:
    """Return a figure that was looked up; None where it is none: a proportion without its time.

    A figure that is fixed has the standard error 0; one whose uncertainty has no standard error on a scale of its own
    has none.

    Parameters
    ----------
    numbers : Numbers
        Where it was looked up.
    address : str
        Of the figure.
    """
    quantity, factor = numbers.quantities[address], numbers.factors[address]
    kind: FigureKind | None = quantity.figure_kind or None
    if UNITS[quantity.unit].dimension == "ratio":
        kind = "hazard_ratio"
    if kind is None:
        return None
    se, plain = error_of(quantity, factor)
    time = None if quantity.at_months is None else quantity.at_months / MONTHS_PER_YEAR
    halves = None if kind == "survival_at" else quantity.uncertainty.given.log_halves(quantity.value)
    return Figure(kind, quantity.value * factor, se, time, address, halves, quantity.failed, plain)


def error_of(quantity: Quantity, factor: float) -> tuple[float | None, bool]:
    """Return the standard error of a figure, and whether it is on the published scale and not on that of logarithms.

    Parameters
    ----------
    quantity : Quantity
        Of a survival curve.
    factor : float
        From its unit to the model's. [model unit / unit]
    """
    family = quantity.uncertainty.given
    if family.log_standard_error is not None:
        return family.log_standard_error, False
    plain = family.plain_standard_error(quantity.value)
    if plain is not None:
        return plain * factor, True
    return None, False
