"""The registry of survival distributions: one line for each family.

A family is loaded when it is asked for: scipy takes half a second to import, and a Weibull does not need it.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from netcea.survival.base import Distribution

FAMILIES: dict[str, str] = {
    "exponential": "exponential.Exponential",
    "weibull": "weibull.Weibull",
    "weibull_ph": "weibull_ph.WeibullPH",
    "gompertz": "gompertz.Gompertz",
    "log_normal": "log_normal.LogNormal",
    "log_logistic": "log_logistic.LogLogistic",
    "gamma": "gamma.Gamma",
    "generalised_gamma": "generalised_gamma.GeneralisedGamma",
    "royston_parmar": "royston_parmar.RoystonParmar",
    "piecewise_exponential": "piecewise_exponential.PiecewiseExponential",
    "mixture_cure": "cure.MixtureCure",
    "non_mixture_cure": "cure.NonMixtureCure",
    "kaplan_meier": "kaplan_meier.KaplanMeier",
    "tabulated": "tabulated.Tabulated",
}
"""Name -> module.class. Families with a structure that is never sampled (knots, breaks, a base, a table) take it when
they are made."""


def distribution(name: str, **structure: Any) -> Distribution:
    """Load a family by its full name; give its structure where it has one.

    Parameters
    ----------
    name : str
        A key of `FAMILIES`.
    **structure
        ``knots`` [log(unit of time)] and ``scale`` (royston_parmar), ``breaks`` [unit of time] (piecewise_exponential),
        ``base`` (mixture_cure, non_mixture_cure), ``times`` [unit of time] and ``survival`` [share] (tabulated,
        kaplan_meier), ``tail`` and ``tail_from`` [unit of time] (kaplan_meier).

    Returns
    -------
    Distribution
        Called with its parameters it gives a curve.

    Raises
    ------
    ValueError
        An unknown name, a structure given to a family that has none, a structure that is out of range.
    TypeError
        A structure is missing, or is another family's.

    Examples
    --------
    >>> distribution("weibull")
    weibull(shape, scale)
    >>> round(distribution("weibull")(shape=1.0, scale=2.0).survival(2.0), 4)  # 1/e
    0.3679
    >>> distribution("piecewise_exponential", breaks=[1.0])
    piecewise_exponential(rate0, rate1)
    """
    family = _loaded(name)
    if not _has_structure(family):
        if structure:
            raise ValueError(f"{name}: found {', '.join(structure)}; expected no structure")
        return _without_structure(family)
    return family(**structure)


def full_name(family: str, *structure: object) -> str:
    """Return the name of a family with its structure, under which a fit to patients stands in inputs/.

    Parameters
    ----------
    family : str
        A key of `FAMILIES`.
    *structure
        Scale, base, internal knots; None for what it has not.

    Returns
    -------
    str
        Joined by underscores.

    Examples
    --------
    >>> full_name("royston_parmar", "odds", None, 2), full_name("weibull", None)
    ('royston_parmar_odds_2', 'weibull')
    """
    return "_".join(str(part) for part in (family, *structure) if part is not None)


def family_or_maker(name: str) -> Distribution | type[Distribution]:
    """Return a family by its name, as `netcea.survival` offers it: one with a structure as what is called with that.

    Parameters
    ----------
    name : str
        A key of `FAMILIES`.

    Returns
    -------
    Distribution, or a class of it
        Both are called: with parameters, with a structure.

    Raises
    ------
    ValueError
        An unknown name.

    Examples
    --------
    >>> family_or_maker("exponential")
    exponential(rate)
    >>> family_or_maker("mixture_cure")(base=distribution("exponential"))
    mixture_cure(cure_fraction, rate)
    """
    family = _loaded(name)
    return family if _has_structure(family) else _without_structure(family)


def _loaded(name: str) -> type[Distribution]:
    if name not in FAMILIES:
        import difflib

        near = difflib.get_close_matches(name, FAMILIES, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"distribution: found {name!r}; expected one of {', '.join(FAMILIES)}{hint}")
    module, attribute = FAMILIES[name].split(".")
    family: type[Distribution] = getattr(import_module(f"{__name__}.{module}"), attribute)
    return family


def _has_structure(family: type[Distribution]) -> bool:
    return family.__init__ is not Distribution.__init__


@cache
def _without_structure(family: type[Distribution]) -> Distribution:
    """Return the one value of a family whose form is fixed."""
    return family()
