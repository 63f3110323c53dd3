"""Survival curves: families of distributions, for the engine and on their own.

Comes in: times and parameters, as numbers, lists or arrays of draws.

Every family of `FAMILIES` is a name of this package. Called with its parameters, as in flexsurv, it gives a curve:

>>> from netcea.survival import weibull
>>> curve = weibull(shape=1.0, scale=2.0)
>>> round(curve.survival(2.0), 4), round(curve.median, 4)  # 1/e, 2 log 2
(0.3679, 1.3863)

Families with a structure (knots, breaks, a base, a table) are called with that first:

>>> from netcea.survival import exponential, mixture_cure
>>> round(mixture_cure(exponential)(cure_fraction=0.5, rate=1.0).survival(1.0), 4)  # 0.5 + 0.5 / e
0.6839

A family is imported when it is first used: some of them need scipy.
"""

from __future__ import annotations

from typing import Any

from netcea.survival.base import Distribution
from netcea.survival.distributions import FAMILIES, distribution, family_or_maker
from netcea.survival.parameter import Parameter
from netcea.survival.survival_curve import SurvivalCurve

__all__ = ["FAMILIES", "Distribution", "Parameter", "SurvivalCurve", "distribution"]


def __getattr__(name: str) -> Any:
    """Import a family when it is first used."""
    if name in FAMILIES:
        return family_or_maker(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *FAMILIES])
