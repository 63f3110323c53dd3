"""Published figures in words: what they are, at which time, on which scale their intervals are symmetric."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from netcea.fitting.published_figures import Figure
from netcea.plain_number import read

IN_WORDS: Final[Mapping[str, str]] = {"survival_at": "survival at", "restricted_mean": "restricted mean to"}


def what_of(figure: Figure, unit: str) -> str:
    """Return what a figure is, in words.

    Parameters
    ----------
    figure : Figure
        Its time in `unit`.
    unit : str
        years, months ...

    Examples
    --------
    >>> what_of(Figure("survival_at", 0.5, time=12.0), "months")
    'survival at 12 months'
    """
    if figure.kind in IN_WORDS:
        return f"{IN_WORDS[figure.kind]} {read(figure.time or 0.0)} {unit}"
    if figure.kind == "quantile":
        return f"time at which {read(100.0 * (figure.failed or 0.0))}% have failed"
    return figure.kind.replace("_", " ")


def interval_scale(figure: Figure) -> Literal["log", "complementary_log_log", "identity"]:
    """Return the scale on which a figure's interval is symmetric.

    Parameters
    ----------
    figure : Figure

    Examples
    --------
    >>> interval_scale(Figure("median", 9.0, 0.1))
    'log'
    """
    if figure.plain:
        return "identity"
    return "complementary_log_log" if figure.kind == "survival_at" else "log"
