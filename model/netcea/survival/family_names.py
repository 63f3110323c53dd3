"""What families of survival curves are called by people: names of persons have a capital letter wherever they stand."""

from __future__ import annotations

from typing import Final

FAMILIES: Final = {
    "weibull": "Weibull",
    "weibull_ph": "Weibull (proportional hazards)",
    "gompertz": "Gompertz",
    "log_normal": "log-normal",
    "log_logistic": "log-logistic",
    "royston_parmar": "Royston-Parmar",
    "piecewise_exponential": "piecewise exponential",
    "mixture_cure_weibull": "mixture cure Weibull",
    "non_mixture_cure_weibull": "non-mixture cure Weibull",
    "non_mixture_cure": "non-mixture cure",
    "kaplan_meier": "Kaplan-Meier",
}
"""Family -> how it is written; others as their names in words."""


def family_words(name: str) -> str:
    """Return the name of a family as people write it within a sentence.

    Parameters
    ----------
    name : str
        As scenarios and options have it.

    Returns
    -------
    str
        Spaces in place of underscores.

    Examples
    --------
    >>> family_words("log_normal"), family_words("generalised_gamma"), family_words("royston_parmar:odds:2")
    ('log-normal', 'generalised gamma', 'Royston-Parmar odds 2')
    """
    plain = name.replace(":", "_")
    start = max((f for f in FAMILIES if plain == f or plain.startswith(f"{f}_")), key=len, default="")
    return f"{FAMILIES.get(start, '')}{plain.removeprefix(start).replace('_', ' ')}"


def family_label(name: str) -> str:
    """Return the name of a family where a label begins with it.

    Parameters
    ----------
    name : str
        As scenarios and options have it.

    Returns
    -------
    str
        Spaces in place of underscores.

    Examples
    --------
    >>> family_label("log_normal"), family_label("weibull"), family_label("exponential")
    ('Log-normal', 'Weibull', 'Exponential')
    """
    words = family_words(name)
    return f"{words[:1].upper()}{words[1:]}"
