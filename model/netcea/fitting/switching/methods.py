"""Every method of adjusting for switching, by name, with what it assumes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from netcea.fitting.published_figures import NotIdentified
from netcea.fitting.switching.estimate import Estimate
from netcea.fitting.switching.iterative import iterative_parameter_estimation
from netcea.fitting.switching.naive import censored_at_switch, intention_to_treat, without_switchers
from netcea.fitting.switching.rank_preserving import rank_preserving
from netcea.fitting.switching.switchers import Switchers
from netcea.fitting.switching.two_stage import g_estimation, two_stage
from netcea.fitting.switching.weighting import SwitchingModel, inverse_probability


@dataclass(frozen=True)
class Settings:
    """What methods may be told.

    Attributes
    ----------
    family : {'weibull', 'log_logistic', 'log_normal', 'generalised_gamma'}
        Of accelerated failure time models.
    switching_model : {'cox', 'logistic'}
        Of the weights.
    from_progression : bool
        Whether the simple two-stage effect acts from progression, or from the switch.
    offset : float
        Added to times after progression. [unit of time]
    """

    family: str = "weibull"
    switching_model: SwitchingModel = "cox"
    from_progression: bool = True
    offset: float = 0.0


@dataclass(frozen=True)
class Method:
    """A method of adjusting for switching.

    Attributes
    ----------
    label, assumption : str
        In words.
    estimate : callable (Switchers, Settings, bool) -> Estimate
        The last: whether intervals of psi are wanted.
    adjusts : bool
        Whether it is meant to be relied on; the others show how much adjusting matters.
    """

    label: str
    assumption: str
    estimate: Callable[[Switchers, Settings, bool], Estimate]
    adjusts: bool = True


_COMMON: Final = "treatment has one effect on time, whenever it begins; rests on randomisation"
_SECOND: Final = "no unmeasured confounding at progression"

METHODS: Final[Mapping[str, Method]] = {
    "itt": Method(
        "Intention to treat", "none: contains switching; a bound", lambda p, _, __: intention_to_treat(p), adjusts=False
    ),
    "rpsft": Method("RPSFT", _COMMON, lambda p, _, i: rank_preserving(p, interval=i)),
    "rpsft_not_recensored": Method(
        "RPSFT, not re-censored",
        f"{_COMMON}; censoring has nothing to do with prognosis",
        lambda p, _, i: rank_preserving(p, recensor=False, interval=i),
    ),
    "ipe": Method(
        "Iterative parameter estimation", _COMMON, lambda p, s, _: iterative_parameter_estimation(p, s.family)
    ),
    "ipe_not_recensored": Method(
        "Iterative parameter estimation, not re-censored",
        f"{_COMMON}; censoring has nothing to do with prognosis",
        lambda p, s, _: iterative_parameter_estimation(p, s.family, recensor=False),
    ),
    "two_stage": Method(
        "Two-stage, simple",
        f"{_SECOND}; none between progression and the switch",
        lambda p, s, _: two_stage(p, s.family, from_progression=s.from_progression, offset=s.offset),
    ),
    "two_stage_not_recensored": Method(
        "Two-stage, simple, not re-censored",
        f"{_SECOND}; none between progression and the switch; censoring has nothing to do with prognosis",
        lambda p, s, _: two_stage(p, s.family, recensor=False, from_progression=s.from_progression, offset=s.offset),
    ),
    "two_stage_complex": Method(
        "Two-stage, complex (g-estimation)",
        "no unmeasured confounding of the switch, given what was recorded until then",
        lambda p, _, i: g_estimation(p, interval=i),
    ),
    "two_stage_complex_not_recensored": Method(
        "Two-stage, complex (g-estimation), not re-censored",
        "the same; censoring has nothing to do with prognosis",
        lambda p, _, i: g_estimation(p, recensor=False, interval=i),
    ),
    "ipcw": Method(
        "Inverse probability of censoring weights",
        "no unmeasured confounding of the switch, given what was recorded until then; some like each do not switch",
        lambda p, s, _: inverse_probability(p, s.switching_model),
    ),
    "censored_at_switch": Method(
        "Censored at the switch",
        "who switches does not depend on prognosis",
        lambda p, _, __: censored_at_switch(p),
        adjusts=False,
    ),
    "without_switchers": Method(
        "Without those who switch",
        "who switches does not depend on prognosis",
        lambda p, _, __: without_switchers(p),
        adjusts=False,
    ),
}
"""Name -> method, as a table shows them."""


@dataclass(frozen=True)
class NoEstimate:
    """Why a method has no estimate.

    Attributes
    ----------
    reason : str
    """

    reason: str


def estimates(
    patients: Switchers, settings: Settings | None = None, names: Iterable[str] = METHODS
) -> dict[str, Estimate | NoEstimate]:
    """Estimate by every method; each is answered, none is left out.

    Parameters
    ----------
    patients : Switchers
        Of both arms.
    settings : Settings, optional
        The usual ones when left out.
    names : iterable of str
        Of `METHODS`.

    Returns
    -------
    dict of str -> Estimate or NoEstimate
        In their order.
    """
    found: dict[str, Estimate | NoEstimate] = {}
    for name in names:
        try:
            found[name] = METHODS[name].estimate(patients, settings or Settings(), True)
        except NotIdentified as error:
            found[name] = NoEstimate(str(error))
    return found
