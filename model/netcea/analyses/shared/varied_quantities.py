"""Which quantities may be moved one at a time, between which bounds, and which may not and why.

A quantity with a distribution of its own moves between the 2.5% and 97.5% quantiles of that distribution (TECH-VER U1,
U3), a fixed one with a stated range over its range, any one between bounds that were asked for. Quantities that are
known only together are not moved alone (U2), which would ask for a combination that their evidence rules out: a figure
of a fitted curve moves with the other figures at their conditional means and the curve fitted again, and every block
moves along its principal direction (`netcea.analyses.shared.moved_blocks`). Numbers of the decision maker (thresholds,
discount rates, severity rules) are methods, not evidence (U22).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import numpy as np

from netcea.analyses.shared.labels import label_of
from netcea.analyses.shared.moved_blocks import MovedBlock, Moving, columns_at, deviate, moved_blocks
from netcea.blocks import Bounds
from netcea.errors import InputError, Place, Problem, addresses_below, did_you_mean
from netcea.plain_number import read
from netcea.quantities.addresses import addresses_in
from netcea.quantities.limits import Limits, ends_of, problems_of
from netcea.quantities.quantity import Quantity
from netcea.quantities.units import UNITS
from netcea.sampling.sources import FITTED, fed_into_fits, sources_of
from netcea.scenario.scenario import BESIDE_THE_MODEL, Scenario

BoundsKind: TypeAlias = Literal["quantiles", "range", "given", "possible values"]
Moves: TypeAlias = Literal["alone", "curve fitted again", "others at conditional means", "whole block"]

STANDARD_ERRORS: Final = "standard errors"
"""Unit of a principal direction."""
INWARDS: Final = 20
"""Steps in which a bound that no curve can meet is drawn towards the point estimate."""
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
    moves : {'alone', 'curve fitted again', 'others at conditional means', 'whole block'}
        What goes with it.
    """

    address: str
    label: str
    unit: str
    value: float
    low: float
    high: float
    bounds: BoundsKind
    note: str = ""
    moves: Moves = "alone"


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
    quantities = scenario.quantities
    moving = _moving(scenario)
    found: dict[str, tuple[str, bool]] = {
        address: (source.why_together, True)
        for source in sources_of(scenario)
        if source.kind != "single"
        for address in source.addresses
        if address not in moving
    }
    fits = {figure.address: fit.address for fit in scenario.fits for figure in fit.figures}
    for address in (fed_into_fits(scenario) & set(quantities)) - moving.keys():
        reason = f"a published figure that moves nothing: the fit {fits[address]} does not use it, or it is exact"
        found[address] = (reason, quantities[address].is_uncertain)
    for address in quantities:
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
    refused = {entry.address: entry for entry in not_moved(scenario)}
    moving = _moving(scenario)
    can_vary = sorted((scenario.quantities.keys() - refused.keys()) | moving.keys())
    chosen = list(dict.fromkeys(addresses)) or [
        address for address in can_vary if address in moving or address in bounds or _has_bounds(scenario, address)
    ]
    not_chosen = [address for address in bounds if address not in addresses]
    problems = [p for address in addresses for p in _refusal(scenario, refused, moving, address, where)]
    problems += [p for address in not_chosen for p in _refusal(scenario, refused, moving, address, "--bounds")]
    if addresses:
        words = ("bounds of a quantity that is not asked for", f"one of {', '.join(addresses)}")
        hint = "ask for it with --address as well"
        problems += [Problem("--bounds", 0, address, *words, hint) for address in not_chosen if address in can_vary]
    made: list[VariedQuantity] = []
    for address in chosen:
        if address in can_vary:
            try:
                given = bounds.get(address)
                made.append(_between(scenario, address, moving.get(address), given, tail, where, anything=anything))
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(made)


def _moving(scenario: Scenario) -> dict[str, Moving]:
    """Return what moves with others, by the addresses at which it moves; no confidential price does."""
    blocks = ((address, block) for block in moved_blocks(scenario) for address in block.moves)
    return {address: block for address, block in blocks if address not in scenario.prices.secret}


def _has_bounds(scenario: Scenario, address: str) -> bool:
    quantity = scenario.quantities[address]
    return quantity.is_uncertain or quantity.range is not None


def _named_by_analyses_only(scenario: Scenario) -> Iterable[str]:
    """Return addresses that the scenario names for its analyses and nowhere in the model."""
    weight = scenario.file.population.combined_view_weight
    uses = addresses_in(scenario.file)
    used = {use.address for use in uses if use.path[0] not in BESIDE_THE_MODEL} - {weight}
    in_curves = {address for curve in scenario.curves.values() for address in curve.estimated}
    fitted = {figure.address for fit in scenario.fits for figure in fit.figures}
    named = {weight, *(use.address for use in uses if use.path[0] in BESIDE_THE_MODEL)}
    return (set(scenario.quantities) & named) - used - in_curves - fitted


def _refusal(
    scenario: Scenario, refused: Mapping[str, NotVaried], moving: Mapping[str, Moving], address: str, where: str
) -> Iterator[Problem]:
    """Yield why an address cannot be moved, if it cannot."""
    if address in moving:
        return
    if address in refused:
        whole = [block.moves for block in moving.values() if address in block.addresses]
        hint = "`netcea psa` moves together what belongs together" if refused[address].uncertain else ""
        hint = f"what moves together: {', '.join(whole[0])}" if whole else hint
        yield Problem(where, 0, address, refused[address].reason, "a quantity that moves on its own", hint)
    elif address not in scenario.quantities:
        below = [a for a in scenario.quantities if a.startswith(f"{address}.")]
        hint = addresses_below(below) if below else ""
        hint = hint or did_you_mean(address, [a for a in scenario.quantities if a not in refused])
        if not hint and address.partition(".")[0] in type(scenario.file).model_fields:
            hint = "a choice is changed by a scenario or by --set"
        expected = "the address of a number that the scenario uses, as tables/inputs.csv of a run lists them"
        yield Problem(where, 0, address, "an address that is no number of this scenario", expected, hint)


def _between(
    scenario: Scenario,
    address: str,
    block: Moving | None,
    given: Bounds | None,
    tail: float,
    where: str,
    *,
    anything: bool,
) -> VariedQuantity:
    """Return what is moved between its bounds; InputError where it has none, or impossible ones."""
    if block is not None and address == block.direction:
        return _along(block, given, tail)
    quantity, limits = scenario.quantities[address], scenario.limits.get(address, ())
    if given is not None:
        given_at = Place("--bounds" if where.startswith("--address") else where, address=address)
        problems = [p for end in (given.low, given.high) for p in problems_of(limits, end, given_at)]
        if problems:
            raise InputError(problems)
        low, high, note = given.low, given.high, ""
        kind: BoundsKind = "given"
    elif isinstance(block, MovedBlock) and not quantity.is_uncertain:
        low, high = (end / scenario.factors[address] for end in block.quantiles(address, tail))
        low, high, note = _cut(quantity, limits, "quantile", low, high)
        kind = "quantiles"
    else:
        low, high, kind, note = _bounds(address, quantity, limits, tail, where, anything=anything)
    if not low <= quantity.value <= high:
        outside = f"the point estimate {read(quantity.value)} lies outside the bounds"
        note = f"{note}; {outside}" if note else outside
    made = VariedQuantity(address, quantity.label or address, quantity.unit, quantity.value, low, high, kind, note)
    return made if block is None else _together(scenario, block, made)


def _along(block: Moving, given: Bounds | None, tail: float) -> VariedQuantity:
    """Return a block along its principal direction."""
    label = f"{block.label.removesuffix(FITTED)}, principal direction"
    note = f"{block.share:.0%} of the variance {block.of_what}"
    low, high = (-deviate(tail), deviate(tail)) if given is None else (given.low, given.high)
    kind: BoundsKind = "quantiles" if given is None else "given"
    return VariedQuantity(block.direction, label, STANDARD_ERRORS, 0.0, low, high, kind, note, "whole block")


def _together(scenario: Scenario, block: Moving, made: VariedQuantity) -> VariedQuantity:
    """Return a quantity with what goes with it; bounds that no curve can meet are drawn in, or refused where given."""
    low, high = (_met(scenario, block, made, end) for end in (made.low, made.high))
    note = made.note
    if (low, high) != (made.low, made.high):
        drawn = (
            f"no curve of its family meets {read(made.low, 4)} to {read(made.high, 4)}; "
            f"moved from {read(low, 4)} to {read(high, 4)}"
        )
        note = f"{note}; {drawn}" if note else drawn
    return replace(made, low=low, high=high, note=note, moves=block.how)


def _met(scenario: Scenario, block: Moving, made: VariedQuantity, end: float) -> float:
    """Return the furthest value towards a bound at which the block has its numbers."""
    for step in range(INWARDS):
        value = end + (made.value - end) * step / INWARDS
        try:
            columns_at(scenario, {made.address: np.array([value])}, [block])
        except InputError:
            if made.bounds == "given":
                raise
            continue
        return value
    return made.value


def _bounds(
    address: str, quantity: Quantity, limits: Sequence[Limits], tail: float, where: str, *, anything: bool
) -> tuple[float, float, BoundsKind, str]:
    """Return the lower and upper bound, what they are, and a note: of what the evidence or the limits give."""
    unit = UNITS[quantity.unit]
    if quantity.is_uncertain:
        low, high = np.sort(quantity.quantile(np.array([tail, 1.0 - tail]))).tolist()
        low, high, note = _cut(quantity, limits, "quantile", low, high)
        return low, high, "quantiles", note
    if quantity.range is not None:
        low, high, note = _cut(quantity, limits, "end", *quantity.range)
        return low, high, "range", note
    if anything and unit.dimension == "proportion":
        return *ends_of(limits)[:2], "possible values", ""
    if anything and unit.dimension == "money" and quantity.value > 0:
        return 0.0, 10.0 * quantity.value, "possible values", ""
    hint = f"add --bounds {address}=LOW:HIGH, in {quantity.unit}"
    raise InputError(Problem(where, 0, address, "a fixed number without a range", "a low and a high value", hint))


def _cut(quantity: Quantity, limits: Sequence[Limits], what: str, low: float, high: float) -> tuple[float, float, str]:
    """Return bounds cut to what the number may be where it is used, and a note that says so."""
    least, most, is_open = ends_of(limits)
    lowest = least + LOWEST_SHARE * abs(quantity.value - least) if is_open else least
    note = f"the {what} {{}} is impossible in '{quantity.unit}' and was cut to {{}}"
    used = ", ".join(dict.fromkeys(each.used_as for each in limits if each.used_as))
    note += f" (used as {used})" if used else ""
    notes = [note.format(read(low, 4), read(lowest, 4))] if low < lowest else []
    notes += [note.format(read(high, 4), read(most, 4))] if high > most else []
    return max(low, lowest), min(high, most), "; ".join(notes)
