"""Tests of numbers and their uncertainty, at the point estimates: every number is used, each moves as it must."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from netcea.analyses.one_way.analysis import quantities_of
from netcea.analyses.shared.moved_blocks import columns_at
from netcea.analyses.shared.totals import Totals, totals_of, varied
from netcea.analyses.shared.varied_quantities import not_moved
from netcea.errors import InputError, ModelError
from netcea.plain_number import read
from netcea.quantities.limits import any_outside
from netcea.quantities.units import UNITS
from netcea.sampling.sources import fed_into_fits
from netcea.scenario.options import OneWayOptions
from netcea.verification.idle import why_elsewhere, why_idle
from netcea.verification.perturbed import Perturbed
from netcea.verification.verdict import Found, black_box, explained, holds

ROUNDING: Final = 1e-9
MEASURES: Final = ("costs", "qalys", "life_years")
STEPS: Final = (1.05, 2.0, 5.0)
"""By what a number is multiplied, or else divided, until something moves: whole packs and months need larger steps."""
FROM_NOTHING: Final[Mapping[float, float]] = {1.05: 0.05, 2.0: 0.25, 5.0: 0.5}
"""Step -> what a number of 0 becomes, in its unit."""
SIGNS: Final[Mapping[str, tuple[int, int]]] = {
    "drug_acquisition.price_per_pack": (1, 0),
    "drug_acquisition.price_per_vial": (1, 0),
    "drug_acquisition.share": (1, 0),
    "drug_acquisition.discount": (-1, 0),
    "drug_acquisition.pack_days": (-1, 0),
    "drug_acquisition.share_of_tablets_taken": (1, 0),
    "drug_acquisition.milligram_intensity": (1, 0),
    "administration.unit_cost": (1, 0),
    "administration.interval": (-1, 0),
    "resource_use.unit_cost": (1, 0),
    "resource_use.frequency": (1, 0),
    "resource_use.share": (1, 0),
    "subsequent_treatment.share": (1, -1),
    "subsequent_treatment.duration": (1, -1),
    "subsequent_treatment.price_per_pack": (1, 0),
    "subsequent_treatment.discount": (-1, 0),
    "subsequent_treatment.pack_days": (-1, 0),
    "subsequent_treatment.first_dispensing": (1, 0),
    "subsequent_treatment.later_dispensings": (1, 0),
    "one_off.unit_cost": (1, 0),
    "end_of_life.unit_cost": (1, 0),
    "event.incidence": (1, -1),
    "event.unit_cost": (1, 0),
    "event.decrement": (0, -1),
    "event.duration": (0, -1),
    "utilities.progression_free": (0, 1),
    "utilities.progressed": (0, 1),
    "utilities.off_treatment_progression_free": (0, 1),
    "utilities.off_treatment_progressed": (0, 1),
    "utilities.utility": (0, 1),
    "utilities.beyond": (0, 1),
    "utilities.decrement_on_progression": (0, -1),
    "utilities.on_treatment_disutility": (0, -1),
}
"""Use -> the sign of what more of it does to costs and to QALYs; 0: nothing."""


class Moved(NamedTuple):
    """What a number a little larger does.

    Attributes
    ----------
    address : str
    uses : tuple of str
        Roles.
    costs, qalys : Array (strategy,)
        Change. [GBP], [QALYs]
    weight : float
        Change of the severity weight's shortfall is seen in QALYs; this is of the weight itself.
    factor : float
        Of the number.
    """

    address: str
    uses: tuple[str, ...]
    costs: tuple[float, ...]
    qalys: tuple[float, ...]
    life_years: tuple[float, ...]
    up: bool


def moved(here: Perturbed) -> tuple[list[Moved], dict[str, str]]:
    """Return what each number of the scenario does when it is a little larger, and those that cannot be.

    Parameters
    ----------
    here : Perturbed
        The scenario.

    Returns
    -------
    tuple of (list of Moved, dict of address -> reason)
    """
    uses: dict[str, list[str]] = {}
    for one in here.named:
        uses.setdefault(one.address, []).append(one.role)
    for address in here.scenario.quantities:
        uses.setdefault(address, ["trial." if _describes(address) else "decision." if _judges(address) else ""])
    found, stuck = [], {}
    for address, roles in uses.items():
        try:
            up, totals = _a_little_more(here, address)
        except (InputError, ModelError) as error:
            stuck[address] = " ".join(str(error).split())
            continue
        change = {m: totals.of_rows(m) for m in MEASURES}
        found.append(Moved(address, tuple(roles), change["costs"], change["qalys"], change["life_years"], up))
    return found, stuck


def _describes(address: str) -> bool:
    return any(part.startswith(("follow_up", "patients_")) for part in address.split("."))


def _judges(address: str) -> bool:
    return address.startswith("decision.")


class _Change(NamedTuple):
    """Totals of the base row and of one row more."""

    totals: Totals

    def of_rows(self, measure: str) -> tuple[float, ...]:
        """Return the change of each strategy."""
        values = getattr(self.totals, measure)
        return tuple((values[:, 1] - values[:, 0]).tolist())


def _a_little_more(here: Perturbed, address: str) -> tuple[bool, _Change]:
    """Return whether the number was raised (else it was lowered), and the first change that is one."""
    quantity = here.scenario.quantities[address]
    limits = here.scenario.limits.get(address, ())
    unit, found, last = UNITS[quantity.unit], None, ModelError("neither a larger nor a smaller value is possible")
    for size, up in ((size, up) for size in STEPS for up in (True, False)):
        way = 1.0 if up else -1.0
        other = quantity.value * size**way if quantity.value != 0.0 else way * FROM_NOTHING[size]
        if not unit.low <= other <= unit.high or any_outside(limits, np.array([other])).any():
            continue
        try:
            columns = columns_at(here.scenario, {address: np.array([quantity.value, other])})
            change = _Change(totals_of(here.scenario, varied(here.base, columns)))
        except (InputError, ModelError, ValueError) as error:  # beyond what the model can take
            last = ModelError(str(error))
            continue
        found = (bool(other > quantity.value), change)
        if any(map(any, map(change.of_rows, MEASURES))):
            return found
    if found is None:
        raise last
    return found


@black_box("U28", "Every number that the scenario names changes a result")
def no_dead_inputs(here: Perturbed) -> Found:
    """Move every number a little."""
    found, stuck = here.once(moved)
    idle = [one for one in found if not any(map(abs, (*one.costs, *one.qalys, *one.life_years)))]
    dead = [one.address for one in idle if not why_elsewhere(one.uses) and not why_idle(here, one.address)]
    known = [one.address for one in idle if one.address not in dead]
    figures = {"numbers": float(len(found)), "without effect": float(len(idle)), "cannot be moved": float(len(stuck))}
    if dead:
        return holds([f"{address} changes nothing" for address in dead], "", figures)
    words = f"{len(found) - len(idle)} numbers move costs, QALYs or life years"
    reasons: dict[str, int] = {}
    for one in idle:
        reason = why_elsewhere(one.uses) or why_idle(here, one.address)
        reasons[reason] = reasons.get(reason, 0) + 1
    if known:
        words += f"; {len(known)} do not, and should not: " + ", ".join(f"{n} ({why})" for why, n in reasons.items())
    return holds([], words, figures)


@black_box("U4", "More of a number moves costs and QALYs in the direction that its use says")
def directions(here: Perturbed) -> Found:
    """Compare every number's effect with the sign that its use has."""
    found, _ = here.once(moved)
    faults, checked = [], 0
    for one in found:
        signs = {SIGNS.get(role) for role in one.uses}
        if None in signs or len(signs) != 1:
            continue
        ((of_costs, of_qalys),) = (s for s in signs if s is not None)
        checked += 1
        way = 1 if one.up else -1
        faults += [
            f"{one.address} ({one.uses[0]}) {'up' if one.up else 'down'} moves {name} by {read(change, 4)} of {measure}"
            for measure, sign, changes in (("costs", of_costs, one.costs), ("QALYs", of_qalys, one.qalys))
            for name, change in zip(here.scenario.strategies, changes, strict=True)
            if _wrong(change, sign * way, measure)
        ]
    return holds(faults, f"{checked} numbers whose use says what more of them does", {"numbers": float(checked)})


def _wrong(change: float, sign: int, measure: str) -> bool:
    slack = 1e-6 if measure == "costs" else 1e-10
    if sign == 0:
        return abs(change) > slack
    return change * sign < -slack


@black_box("U1", "Every number is uncertain in the sensitivity analysis, or is fixed with a reason")
def all_uncertain(here: Perturbed) -> Found:
    """Look for numbers that are neither moved nor excused."""
    faults = []
    fixed = 0
    for address, quantity in here.scenario.quantities.items():
        given = quantity.uncertainty.given
        if quantity.is_uncertain:
            continue
        fixed += 1
        reason = getattr(given, "root", "") or quantity.note
        if quantity.uncertainty.family == "fixed" and not str(reason).strip():
            faults.append(f"{address} is fixed without a reason")
    n = len(here.scenario.quantities)
    return holds(
        faults,
        f"{n - fixed} numbers have a distribution, {fixed} are fixed, each with a reason",
        {"fixed": float(fixed)},
    )


@black_box("U2", "Numbers that were estimated together are not moved alone")
def joint_not_alone(here: Perturbed) -> Found:
    """Compare what one-way analysis moves alone with what is estimated together."""
    varied_alone = {q.address for q in quantities_of(here.scenario, OneWayOptions()) if q.moves == "alone"}
    together = {a for joint in here.scenario.joint for a in joint.addresses} | fed_into_fits(here.scenario)
    faults = [f"{address} is moved alone" for address in sorted(varied_alone & together)]
    words = f"{len(together)} numbers of {len(here.scenario.joint)} joint estimates move together only"
    return holds(faults, words, {"excluded": float(len(not_moved(here.scenario)))})


@black_box("U3-U5", "Bounds of the one-way analysis are quantiles of the distribution, around the point estimate")
def bounds_are_quantiles(here: Perturbed) -> Found:
    """Work every bound out again."""
    faults, checked, outside = [], 0, []
    for q in quantities_of(here.scenario, OneWayOptions()):
        if q.bounds != "quantiles" or q.moves != "alone" or q.note:
            continue
        checked += 1
        expected = here.scenario.quantities[q.address].quantile(np.array([0.025, 0.975]))
        expected.sort()
        if not np.allclose(expected, (q.low, q.high), rtol=1e-9, atol=1e-12):
            faults.append(f"{q.address} moves from {read(q.low, 4)} to {read(q.high, 4)}, the quantiles are {expected}")
        if not q.low <= q.value <= q.high:
            outside.append(q.address)
    if faults or not outside:
        return holds(faults, f"bounds of {checked} numbers are the 2.5% and 97.5% quantiles, around their values")
    return explained(f"the value of {', '.join(outside)} lies outside its own 95% interval, as it was published")


@black_box("U7-U11", "Distributions reach only what their numbers can be")
def distributions_fit(here: Perturbed) -> Found:
    """Look at far quantiles of every distribution."""
    faults, checked = [], 0
    for address, quantity in here.scenario.quantities.items():
        if not quantity.is_uncertain or quantity.uncertainty.family == "one_of":
            continue
        checked += 1
        unit = UNITS[quantity.unit]
        low, high = (float(x) for x in quantity.quantile(np.array([1e-4, 1.0 - 1e-4])))
        if not (math.isfinite(low) and math.isfinite(high)) or low < unit.low - ROUNDING or high > unit.high + ROUNDING:
            faults.append(f"{address}: draws from {read(low, 4)} to {read(high, 4)} {quantity.unit}")
        if unit.dimension == "ratio" and quantity.uncertainty.family == "normal":
            faults.append(f"{address}: a ratio on a normal distribution, which reaches values below 0")
    return holds(faults, f"9,998 of 10,000 draws of each of {checked} numbers are values that its unit allows")


@black_box("U22", "Numbers of the method are not sensitivity analysis")
def methods_not_varied(here: Perturbed) -> Found:
    """Look for thresholds, rates and severity rules among what is varied."""
    moves = [q.address for q in quantities_of(here.scenario, OneWayOptions()) if _judges(q.address)]
    drawn = [
        a for a, q in here.scenario.quantities.items() if a.startswith("decision.method_packs.") and q.is_uncertain
    ]
    return holds(
        [f"{a} is varied" for a in sorted({*moves, *drawn})], "thresholds, discount rates and severity rules are fixed"
    )
