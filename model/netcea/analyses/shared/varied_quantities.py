"""Which quantities may be moved singly, between which bounds, and which may not and why.

A quantity with a distribution of its own moves between the 2.5% and 97.5% quantiles of that distribution (TECH-VER U1,
U3), a fixed one with a stated range over its range, any one between bounds that were asked for. Quantities that are
known only together are not moved singly (U2): to move one of them alone is to ask for a combination that its evidence
rules out. Numbers of the decision maker (thresholds, discount rates, severity rules) are methods, not evidence (U22).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from netcea.errors import InputError, Problem, did_you_mean
from netcea.quantities.addresses import addresses_in
from netcea.quantities.quantity import Bounds, Quantity
from netcea.quantities.units import UNITS
from netcea.sampling.sources import fed_into_fits, sources_of
from netcea.scenario.options import Analyses
from netcea.scenario.scenario import Scenario
from netcea.uncertainty.distributions import at_rank, is_uncertain

BoundsKind: TypeAlias = Literal["quantiles", "range", "given", "possible values"]

METHODS: Final = "decision.method_packs."
"""Numbers of the decision maker begin with this."""
LOWEST_SHARE: Final = 1e-3
"""Where 0 itself is impossible (a ratio), a bound below it is cut to this share of the value."""


@dataclass(frozen=True)
class VariedQuantity:
    """A quantity between two bounds.

    Attributes
    ----------
    address, label, unit : str
    value, low, high : float
        Point estimate and bounds, in the quantity's own unit.
    bounds : {'quantiles', 'range', 'given', 'possible values'}
    note : str
        What was cut, or that the point estimate lies outside its bounds; mostly empty.
    """

    address: str
    label: str
    unit: str
    value: float
    low: float
    high: float
    bounds: BoundsKind
    note: str = ""


@dataclass(frozen=True)
class NotVaried:
    """A quantity that is not moved singly.

    Attributes
    ----------
    address, label, reason : str
    uncertain : bool
        Whether it has an uncertainty, of its own or with others.
    """

    address: str
    label: str
    reason: str
    uncertain: bool


def not_moved(scenario: Scenario) -> tuple[NotVaried, ...]:
    """Return every number that may not be moved singly, in order of address, with the reason."""
    found: dict[str, tuple[str, bool]] = {}
    for source in sources_of(scenario):
        if source.kind != "single":
            found.update({address: (_together(source.kind, source.label), True) for address in source.addresses})
    fits = {figure.address: fit.address for fit in scenario.fits for figure in fit.figures}
    for address in fed_into_fits(scenario) & set(scenario.quantities):
        reason = f"a published figure that only feeds the fit {fits[address]}, whose parameters move together"
        found[address] = (reason, is_uncertain(scenario.quantities[address]))
    for address in scenario.quantities:
        if address.startswith(METHODS):
            found[address] = ("a rule of the decision maker, not evidence: a scenario changes it", False)
    for address in scenario.prices.secret:
        found[address] = ("a confidential price", False)
    for address in _named_by_analyses_only(scenario):
        found.setdefault(address, ("not part of the model: value of information and combined views use it", False))
    return tuple(
        NotVaried(address, label_of(scenario, address), reason, uncertain)
        for address, (reason, uncertain) in sorted(found.items())
    )


def varied_quantities(
    scenario: Scenario,
    addresses: Sequence[str],
    bounds: Mapping[str, Bounds],
    *,
    tail: float = 0.025,
    anything: bool = False,
    where: str = "--address",
) -> tuple[VariedQuantity, ...]:
    """Return quantities with their bounds, in order of address, or in the order asked.

    Parameters
    ----------
    scenario : Scenario
    addresses : sequence of str
        Asked for; when empty, every uncertain quantity, every one with a range, and every one with given bounds.
    bounds : mapping of address -> Bounds
        In place of quantiles, in the quantity's own unit.
    tail : float
        Probability below the lower and above the upper quantile.
    anything : bool
        Whether fixed quantities without a range move too: money from 0 to ten times its value, a proportion from 0
        to 1.
    where : str
        What messages name as the place of a wrong address.

    Raises
    ------
    InputError
        With every address that is unknown, not in use, or may not be moved singly, and every impossible bound.
    """
    problems: list[Problem] = []
    refused = {entry.address: entry for entry in not_moved(scenario)}
    chosen = list(dict.fromkeys(addresses)) or [
        address
        for address, quantity in sorted(scenario.quantities.items())
        if address not in refused and (is_uncertain(quantity) or quantity.range is not None or address in bounds)
    ]
    for place, asked in ((where, addresses), ("--bounds", [a for a in bounds if a not in addresses])):
        problems += [p for address in asked for p in _refusal(scenario, refused, address, place)]
        if place == "--bounds" and addresses:
            problems += [
                Problem(
                    place,
                    0,
                    address,
                    "bounds of a quantity that is not asked for",
                    f"one of {', '.join(addresses)}",
                    "ask for it with --address as well",
                )
                for address in asked
                if address in scenario.quantities and address not in refused
            ]
    found = []
    for address in chosen:
        if address in scenario.quantities and address not in refused:
            made = _between(scenario, address, bounds.get(address), tail, where, anything=anything)
            if isinstance(made, Problem):
                problems.append(made)
            else:
                found.append(made)
    if problems:
        raise InputError(problems)
    return tuple(found)


def label_of(scenario: Scenario, address: str) -> str:
    """Return what tables call a number: its label, or its address."""
    quantity = scenario.quantities.get(address)
    return (quantity.label if quantity is not None else "") or address


def _together(kind: str, label: str) -> str:
    if kind == "joint":
        return f"estimated together with others ({label}): one alone would break their correlation"
    if kind == "dirichlet":
        return f"one of several proportions that add up to 1 ({label})"
    return f"its rank correlation with others is stated ({label})"


def _named_by_analyses_only(scenario: Scenario) -> Iterable[str]:
    """Return addresses that the scenario names for its analyses and nowhere in the model."""
    model = scenario.file.model_copy(update={"analyses": Analyses()})
    used = {use.address for use in addresses_in(model)} - {scenario.file.population.combined_view_weight}
    for curve in scenario.curves.values():
        named_there = (*curve.parameters.values(), curve.median, curve.hazard_ratio, curve.acceleration_factor)
        used |= {address for address in named_there if address is not None}
    fitted = {figure.address for fit in scenario.fits for figure in fit.figures}
    named = {use.address for use in addresses_in(scenario.file.analyses)}
    weight = scenario.file.population.combined_view_weight
    named |= set() if weight is None else {weight}
    return (named - used - fitted) & set(scenario.quantities)


def _refusal(scenario: Scenario, refused: Mapping[str, NotVaried], address: str, where: str) -> Iterable[Problem]:
    """Yield why an address cannot be moved, if it cannot."""
    if address in refused:
        hint = "`netcea psa` moves together what belongs together" if refused[address].uncertain else ""
        yield Problem(where, 0, address, refused[address].reason, "a quantity that moves on its own", hint)
    elif address not in scenario.quantities:
        possible = [a for a in scenario.quantities if a not in refused]
        choice = address.partition(".")[0] in type(scenario.file).model_fields
        hint = did_you_mean(address, possible)
        if choice and not hint:
            hint = "a choice is changed by a scenario or by --set"
        expected = "the address of a number that the scenario uses, as tables/inputs.csv of a run lists them"
        yield Problem(where, 0, address, "an address that is no number of this scenario", expected, hint)


def _between(
    scenario: Scenario, address: str, given: Bounds | None, tail: float, where: str, *, anything: bool
) -> VariedQuantity | Problem:
    """Return a quantity between its bounds, or what is wrong with them."""
    quantity = scenario.quantities[address]
    unit = UNITS[quantity.unit]
    note = ""
    kind: BoundsKind
    if given is not None:
        low, high, kind = given.low, given.high, "given"
        for end in (low, high):
            if not unit.low <= end <= unit.high or (unit.open_low and end <= unit.low):
                top = f" to {unit.high:g}" if math.isfinite(unit.high) else ""
                expected = f"a value {'above' if unit.open_low else 'from'} {unit.low:g}{top}, the unit being "
                return Problem("--bounds", 0, address, f"{end:g}", f"{expected}'{quantity.unit}'")
    elif is_uncertain(quantity):
        ends = np.sort(at_rank(quantity, np.array([tail, 1.0 - tail])))
        low, high, note = _possible(quantity, float(ends[0]), float(ends[1]))
        kind = "quantiles"
    elif quantity.range is not None:
        low, high = quantity.range
        kind = "range"
    elif anything and unit.dimension == "proportion":
        low, high, kind = 0.0, 1.0, "possible values"
    elif anything and unit.dimension == "money" and quantity.value > 0:
        low, high, kind = 0.0, 10.0 * quantity.value, "possible values"
    else:
        return Problem(
            where,
            0,
            address,
            "a fixed number without a range",
            "a low and a high value",
            f"add --bounds {address}=LOW:HIGH, in {quantity.unit}",
        )
    if not low <= quantity.value <= high:
        outside = f"the point estimate {quantity.value:g} lies outside the bounds"
        note = f"{note}; {outside}" if note else outside
    return VariedQuantity(address, quantity.label or address, quantity.unit, quantity.value, low, high, kind, note)


def _possible(quantity: Quantity, low: float, high: float) -> tuple[float, float, str]:
    """Return bounds cut to what the unit allows, and a note that says so."""
    unit = UNITS[quantity.unit]
    lowest = LOWEST_SHARE * abs(quantity.value) if unit.open_low else unit.low
    notes = []
    if low < lowest:
        notes.append(f"the quantile {low:.4g} is impossible in '{quantity.unit}' and was cut to {lowest:.4g}")
    if high > unit.high:
        notes.append(f"the quantile {high:.4g} is impossible in '{quantity.unit}' and was cut to {unit.high:.4g}")
    return max(low, lowest), min(high, unit.high), "; ".join(notes)
