"""The registry of survival distributions: one line for each family.

A family is loaded when it is asked for: scipy takes half a second to import, and a Weibull does not need it.
"""

from __future__ import annotations

import difflib
from importlib import import_module
from typing import Any, cast

from netcea.survival.distribution import Distribution

FAMILIES: dict[str, str] = {
    "exponential": "exponential.EXPONENTIAL",
    "weibull": "weibull.WEIBULL",
    "weibull_ph": "weibull_ph.WEIBULL_PH",
    "gompertz": "gompertz.GOMPERTZ",
    "log_normal": "log_normal.LOG_NORMAL",
    "log_logistic": "log_logistic.LOG_LOGISTIC",
    "gamma": "gamma.GAMMA",
    "generalised_gamma": "generalised_gamma.GENERALISED_GAMMA",
    "royston_parmar": "royston_parmar.royston_parmar",
    "piecewise_exponential": "piecewise_exponential.piecewise_exponential",
    "mixture_cure": "mixture_cure.mixture_cure",
    "non_mixture_cure": "non_mixture_cure.non_mixture_cure",
    "kaplan_meier": "kaplan_meier.kaplan_meier",
    "tabulated": "tabulated.tabulated",
}
"""Name -> module.attribute: a `Distribution`, or a function that takes the structure and returns one."""


def distribution(name: str, **structure: Any) -> Distribution:
    """Load a family by its full name; give its structure where it has one.

    Parameters
    ----------
    name : str
        A key of `FAMILIES`.
    **structure
        ``knots`` and ``scale`` (royston_parmar), ``breaks`` (piecewise_exponential), ``base`` (mixture_cure,
        non_mixture_cure), ``times`` and ``survival`` (tabulated, kaplan_meier), ``tail`` and ``tail_from``
        (kaplan_meier).

    Raises
    ------
    ValueError
        An unknown name, or a structure given to a family that has none.

    Examples
    --------
    >>> distribution("weibull").name
    'weibull'
    >>> [p.name for p in distribution("piecewise_exponential", breaks=[1.0]).parameters]
    ['rate0', 'rate1']
    """
    if name not in FAMILIES:
        near = difflib.get_close_matches(name, FAMILIES, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"distribution: found {name!r}; expected one of {', '.join(FAMILIES)}{hint}")
    module, attribute = FAMILIES[name].split(".")
    family = getattr(import_module(f"{__name__}.{module}"), attribute)
    if not isinstance(family, Distribution):
        return cast("Distribution", family(**structure))
    if structure:
        raise ValueError(f"{name}: found {', '.join(structure)}; expected no structure")
    return family
