"""The numbers of a scenario by what they are used for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from netcea.quantities.addresses import addresses_in
from netcea.quantities.key_path import KeyPath, join_address
from netcea.quantities.quantity import Quantity
from netcea.scenario.scenario import Scenario, ScenarioFile
from netcea.survival.curve import Curve

SETTINGS: Final = {
    "horizon_years": "years",
    "cycle_days": "days",
    "discount_rate_costs": "a year",
    "discount_rate_qalys": "a year",
}
"""Numbers that stand in the scenario itself -> their unit."""
BY_UNIT: Final = frozenset({"drug_acquisition.dose", "drug_acquisition.body_size_mean", "voi.sd"})
"""Uses whose range depends on the unit."""


class Use(NamedTuple):
    """One number at one place of use.

    Attributes
    ----------
    role : str
        What it is used for; a key of `netcea.plausibility.ranges.RANGES` where there is a range.
    place : str
        Where the scenario names it.
    address : str
        Where it is defined.
    value : float
        [`unit`]
    unit : str
    quantity : Quantity or None
        None for a setting.
    """

    role: str
    place: str
    address: str
    value: float
    unit: str
    quantity: Quantity | None


def uses_of(scenario: Scenario) -> Iterator[Use]:
    """Yield every number that a scenario uses and that is not confidential, at each place of use.

    Parameters
    ----------
    scenario : Scenario
        Whose numbers they are.
    """
    for name, unit in SETTINGS.items():
        place = f"settings.{name}"
        yield Use(place, place, place, getattr(scenario.file.settings, name), unit, None)
    for measure in ("costs", "qalys"):
        role = f"settings.discount_rate_{measure}"
        for step in scenario.file.settings.rate_steps(measure)[1:]:
            yield Use(role, step.rate_at, step.rate_at, step.rate, SETTINGS[f"discount_rate_{measure}"], None)
    for found in addresses_in(scenario.file):
        if found.kind.trial:
            yield from _of_trial(scenario, found.path, found.address)
        elif not (found.kind.table or found.kind.fit):
            yield from _use(scenario, role_of(scenario.file, found.path), join_address(found.path), found.address)
    above = f"decision.method_packs.{scenario.file.decision.method_pack}."
    for address in scenario.quantities:
        if address.startswith(above):
            yield from _use(scenario, f"decision.{address.removeprefix(above)}", "decision.method_pack", address)


def role_of(file: ScenarioFile, path: KeyPath) -> str:
    """Return what a number is used for at a place of a scenario, without the names of strategies and items.

    Parameters
    ----------
    file : ScenarioFile
        The choices.
    path : KeyPath
        Of the place.
    """
    keys = [str(key) for key in path if not str(key).isdigit()]
    head, last = keys[0], keys[-1]
    if head == "costs":
        return f"{file.costs[keys[1]].kind}.{last}"
    if head == "strategies":
        if keys[-2] == "waning" and _since_treatment(file, keys):
            return f"waning.{last} since treatment"
        return f"{keys[-2]}.{last}" if keys[-2] in ("waning", "shape") or last == "until" else f"{keys[2]}.{last}"
    if keys[:2] == ["utilities", "by_strategy"]:
        return f"utilities.{last}"
    if head == "adverse_events":
        return f"event.{keys[3]}"
    return f"voi.{last}" if keys[:2] == ["analyses", "voi"] else join_address(tuple(keys))


def _since_treatment(file: ScenarioFile, keys: Sequence[str]) -> bool:
    """Say whether the times of a waning count from an end of treatment, and not from the start."""
    curve = getattr(file.strategies[keys[1]], keys[2])
    waning = curve.waning if isinstance(curve, Curve) else None
    return waning is not None and waning.since != "baseline"


def _of_trial(scenario: Scenario, path: KeyPath, trial: str) -> Iterator[Use]:
    """Yield the figures of a trial that a curve is fitted to."""
    endpoint, above = str(path[2]), f"{trial}."
    for address in scenario.quantities:
        name = address.removeprefix(above)
        if address.startswith(above) and "." not in name:
            yield from _use(scenario, _role_in_trial(name, endpoint), join_address(path), address)


def _role_in_trial(name: str, endpoint: str) -> str:
    starts: Mapping[str, str] = {
        "median_": f"{endpoint}.median",
        "hazard_ratio": f"{endpoint}.hazard_ratio",
        "follow_up_median": "trial.follow_up_median",
        "patients_": "trial.patients",
    }
    return next((role for start, role in starts.items() if name.startswith(start)), f"trial.{name}")


def _use(scenario: Scenario, role: str, place: str, address: str) -> Iterator[Use]:
    quantity = scenario.quantities.get(address)
    if quantity is None or address in scenario.prices.secret:
        return
    if role in BY_UNIT:
        role = f"{role} in {quantity.unit}"
    yield Use(role, place, address, quantity.value, quantity.unit, quantity)
