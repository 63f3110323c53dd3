"""Method packs: dated thresholds, rates and severity rules, from inputs/decision/method_packs.yaml."""

from __future__ import annotations

from itertools import pairwise

from netcea.errors import InputError, Place, did_you_mean
from netcea.loading.resolving.numbers import Numbers
from netcea.loading.resolving.origins import origin
from netcea.loading.resolving.taken_over import taken_over
from netcea.plain_number import read
from netcea.quantities.addresses import Kind
from netcea.scenario.method_pack import MethodPack, SeverityRules

FOLDER = "decision.method_packs"
RISING = (
    ("threshold_lower", "threshold_upper"),
    ("severity.absolute_1_2", "severity.absolute_1_7"),
    ("severity.proportional_1_2", "severity.proportional_1_7"),
    ("severity.weight_1_0", "severity.weight_1_2", "severity.weight_1_7"),
)
"""Numbers of a pack that rise."""
ENTRIES = (
    *(entry for scale in RISING for pair in pairwise(scale) for entry in reversed(pair)),
    "discount_rate_costs",
    "discount_rate_qalys",
)
"""All numbers of a pack, in the order in which tables have them."""


def method_pack(name: str, numbers: Numbers, place: Place) -> MethodPack | None:
    """Return a method pack by its name, or None after noting what is wrong.

    Parameters
    ----------
    name : str
        Such as ``nice-2022``.
    numbers : Numbers
        In which it is looked up.
    place : Place
        Where the scenario names it.
    """
    return taken_over(numbers, (), ("method pack", name), lambda into: _method_pack(name, into, place))


def _method_pack(name: str, numbers: Numbers, place: Place) -> MethodPack | None:
    try:
        packs = numbers.inputs.raw(FOLDER)
    except InputError as error:  # the file of method packs itself
        numbers.faults.extend(error.problems)
        return None
    if name not in packs:
        numbers.wrong(place, repr(name), f"one of {', '.join(packs)}", did_you_mean(name, list(packs)))
        return None

    faults, value = len(numbers.faults.problems), {}
    for entry in ENTRIES:
        quantity = numbers.quantity(f"{FOLDER}.{name}.{entry}", Kind(), lambda: place)
        value[entry] = float("nan") if quantity is None else quantity.value
    for scale in RISING:
        for before, after in pairwise(scale):
            if value[after] <= value[before]:
                where = numbers.inputs.place(f"{FOLDER}.{name}.{after}.value")
                numbers.wrong(where, read(value[after]), f"more than {read(value[before])} ({before})")
    if len(numbers.faults.problems) > faults:
        return None
    return MethodPack(
        name=name,
        thresholds=(value["threshold_lower"], value["threshold_upper"]),
        discount_rate_costs=value["discount_rate_costs"],
        discount_rate_qalys=value["discount_rate_qalys"],
        severity=SeverityRules(
            absolute=(value["severity.absolute_1_2"], value["severity.absolute_1_7"]),
            proportional=(value["severity.proportional_1_2"], value["severity.proportional_1_7"]),
            weights=(value["severity.weight_1_0"], value["severity.weight_1_2"], value["severity.weight_1_7"]),
        ),
        value_set=origin(numbers.inputs, f"{FOLDER}.{name}.{ENTRIES[0]}", "value_set"),
        applies=origin(numbers.inputs, f"{FOLDER}.{name}.{ENTRIES[0]}", "applies"),
    )
