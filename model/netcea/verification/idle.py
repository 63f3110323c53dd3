"""Why a number that changes nothing may well change nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from netcea.costs.subsequent_treatment import SubsequentTreatment
from netcea.sampling.sources import fed_into_fits
from netcea.verification.perturbed import Named, Perturbed

DIE_FIRST: Final = "survival.share_of_pfs_events_that_are_deaths"
"""Role of the number that tells deaths from progressions."""
MOMENTS: Final = ("starts", "ends", "stops_at", "until")
"""Names of places that hold a time since the start."""
ELSEWHERE: Final[Mapping[str, str]] = {
    "voi.": "the value of further information alone uses it",
    "os.published": "a published figure beside which the curve is shown",
    "pfs.published": "a published figure beside which the curve is shown",
    "os.shape_from": "the published figures from which a shape of inputs/ was derived",
    "pfs.shape_from": "the published figures from which a shape of inputs/ was derived",
    "trial.": "it describes the trial",
    "population.combined_view_weight": "both cohorts together use it",
    "population.": "severity alone uses it",
    "decision.": "it judges the result",
    "analyses.": "an analysis alone uses it",
    "decision_problem.": "it describes whom the decision is about",
    "expert_validation.": "what experts said, beside which the model is shown",
}
"""Start of a use -> why the costs and QALYs of a strategy do not depend on it."""


def why_elsewhere(uses: Iterable[str]) -> str:
    """Return why the costs and QALYs of a strategy do not depend on a number of some uses; empty where they should.

    Parameters
    ----------
    uses : iterable of str
        Roles, as `netcea.plausibility.uses.role_of` has them.
    """
    reasons = {reason for role in uses for start, reason in ELSEWHERE.items() if role.startswith(start)}
    return "; ".join(sorted(reasons))


def why_idle(here: Perturbed, address: str) -> str:
    """Return why a number that is named in a cost or a curve changes nothing there; empty where nothing says so.

    Parameters
    ----------
    here : Perturbed
        The scenario.
    address : str
        Of the number.
    """
    if address in fed_into_fits(here.scenario):
        return "the published figures of a fit that does not use them"
    reasons = {_why_idle_at(here, place) for place in here.named if place.address == address}
    return "; ".join(sorted(reasons)) if "" not in reasons else ""


def _why_idle_at(here: Perturbed, place: Named) -> str:
    keys = place.place.split(".")
    last = keys[-1]
    if last in MOMENTS and _beyond_the_horizon(here, place.address):
        return "a time beyond the horizon"
    if place.role == DIE_FIRST and not _pays_at_progression(here):
        return "who dies without progressing, where nothing is paid at progression"
    if keys[0] == "costs":
        return _why_idle_in_a_cost(here, place.address, keys[1], last)
    if keys[0] == "adverse_events":
        return _why_idle_in_an_event(here, keys[2], last)
    if last == "on_treatment_disutility" and _nobody_treated(here):
        return "a disutility on treatment where nobody is treated"
    if "waning" in keys and _without_effect(here, keys[1], keys[2]):
        return "the waning of an effect that is none"
    if last in ("weibull", "log_normal", "log_logistic", "gamma", "generalised_gamma", "gompertz"):
        return "the shape of a family that is not the chosen one"
    return ""


def _pays_at_progression(here: Perturbed) -> bool:
    return any(isinstance(item, SubsequentTreatment) for item in here.scenario.file.costs.values())


def _why_idle_in_a_cost(here: Perturbed, address: str, key: str, last: str) -> str:
    item = here.scenario.file.costs[key]
    if last == "milligram_intensity" and not getattr(item, "price_follows_milligrams", False):
        return "a mean dose where the price does not follow milligrams"
    if getattr(item, "duration", None) == getattr(item, "pack_days", "") == address:
        return "the length of a course that is given once"
    if not any(item.applies_to(name) for name in here.scenario.strategies):
        return "a cost of no strategy"
    if not here.scenario.file.counts(item.payer):
        return "a cost of a payer who does not count"
    by_strategy = (found.undiscounted_costs.items() for found in here.outcomes.strategies.values())
    if key not in {paid[0] for costs in by_strategy for paid, x in costs if x[0] != 0.0}:
        return "a cost of 0 at the point estimates"
    return _why_idle_in_a_price(here, item, last)


def _why_idle_in_a_price(here: Perturbed, item: Any, last: str) -> str:
    """Say why a price, or its discount, changes nothing of an item that is paid for other things too."""
    if last.startswith("price_per") and _is(here, getattr(item, "discount", None), 1.0):
        return "a price at a discount of 100%"
    if last == "discount" and _nothing(here, getattr(item, "price_per_pack", None)):
        return "a discount on a price of 0"
    return ""


def _why_idle_in_an_event(here: Perturbed, key: str, last: str) -> str:
    """Say why nothing of an adverse event counts at the point estimates."""
    event = here.scenario.file.adverse_events.events[key]
    if all(_nothing(here, address) for address in event.incidence.values()):
        return "an adverse event that nobody has"
    return "the duration of a decrement of 0" if last == "duration" and _nothing(here, event.decrement) else ""


def _nobody_treated(here: Perturbed) -> bool:
    return all(strategy.time_on_treatment.rule == "none" for strategy in here.scenario.file.strategies.values())


def _without_effect(here: Perturbed, strategy: str, endpoint: str) -> bool:
    """Say whether a curve's hazard ratio is 1, so that it is the other strategy's."""
    ratio = here.scenario.curves[f"strategies.{strategy}.{endpoint}"].hazard_ratio
    return ratio is not None and float(here.base[ratio][0, 0]) == 1.0


def _nothing(here: Perturbed, address: str | None) -> bool:
    return _is(here, address, 0.0)


def _is(here: Perturbed, address: str | None, value: float) -> bool:
    return address is not None and float(here.base[address][0, 0]) == value


def _beyond_the_horizon(here: Perturbed, address: str) -> bool:
    return float(here.base[address][0, 0]) >= here.scenario.file.settings.horizon_years
