"""How uncertain a quantity is, in words and as an interval where that takes no more than a calculator."""

from __future__ import annotations

import math
from typing import Final

from netcea.quantities.quantity import Quantity, Uncertainty

_HALF: Final = 1.959963984540054
"""Half the width of a 95% interval of a normal distribution in standard errors."""
_SCALES: Final = {"log": "log scale", "identity": "own scale", "complementary_log_log": "complementary log-log scale"}


def interval(quantity: Quantity) -> tuple[float | None, float | None]:
    """Return the 95% interval, in the quantity's own unit; (None, None) for families that need a library or have none.

    A uniform quantity's interval are its 2.5% and 97.5% points.
    """
    spread, value = quantity.uncertainty, quantity.value
    if spread.ci95 is not None:
        return spread.ci95.low, spread.ci95.high
    if spread.normal is not None:
        half = _HALF * spread.normal.standard_error(value)
        return value - half, value + half
    if spread.log_normal is not None:
        factor = math.exp(_HALF * spread.log_normal.se_log)
        return value / factor, value * factor
    if spread.uniform is not None:
        width = spread.uniform.high - spread.uniform.low
        return spread.uniform.low + 0.025 * width, spread.uniform.high - 0.025 * width
    return None, None


def in_words(quantity: Quantity) -> str:
    """Return the distribution in words.

    >>> from netcea.quantities.quantity import LogSpread
    >>> hours = Quantity(value=2.0, unit="number", uncertainty=Uncertainty(log_normal=LogSpread(se_log=0.2)),
    ...                  source=["x"], status="published")
    >>> in_words(hours)
    'log-normal, median 2, SE of the logarithm 0.2'
    """
    spread, value = quantity.uncertainty, quantity.value
    if spread.fixed is not None:
        return f"fixed: {spread.fixed}"
    if spread.ci95 is not None:
        return f"published 95% interval, normal on the {_SCALES[spread.ci95.scale]}"
    if spread.log_normal is not None:
        return f"log-normal, median {value:g}, SE of the logarithm {spread.log_normal.se_log:.3g}"
    return _mean_based(spread, value)


def _mean_based(spread: Uncertainty, value: float) -> str:
    if spread.normal is not None:
        return f"normal, mean {value:g}, SE {spread.normal.standard_error(value):.3g}"
    if spread.gamma is not None:
        return f"gamma, mean {value:g}, SE {spread.gamma.standard_error(value):.3g}"
    if spread.beta is not None:
        alpha, beta = spread.beta.alpha_beta(value)
        return f"beta, mean {value:g}, alpha {alpha:.4g}, beta {beta:.4g}"
    if spread.uniform is not None:
        return f"uniform, {spread.uniform.low:g} to {spread.uniform.high:g}"
    if spread.dirichlet is not None:
        return f"Dirichlet, with the group '{spread.dirichlet.group}', {spread.dirichlet.effective_n:g} patients"
    if spread.joint is not None:
        return f"drawn together with the block '{spread.joint.block}', {spread.joint.scale} scale"
    raise ValueError("expected one family of uncertainty")
