"""Price layers laid over a scenario: later ones win, `--set` comes last, and what they set is certain.

Confidential values never stand in a message. A scenario beside the base case, or of its ledger, that sets a price
itself replaces the layer's.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from netcea.confidential.layer_file import Layer, read_layer, shown_key
from netcea.errors import InputError, Place, Problem, ProblemCollector
from netcea.loading.merging.draft import NOT_SHOWN, DraftScenario
from netcea.loading.merging.inputs import Inputs
from netcea.loading.merging.override import Override
from netcea.plain_number import read
from netcea.quantities.key_path import split_address
from netcea.quantities.quantity import Quantity
from netcea.quantities.units import UNITS
from netcea.scenario.price_layers import CONFIDENTIAL, PriceLayer, Prices


@dataclass(frozen=True)
class Layers:
    """Layers in their order, and at which prices the confidential ones are run.

    Attributes
    ----------
    layers : tuple of Layer
    free : frozenset of str or None
        None: at the confidential values. Else every confidential number is at its public value, or free where its
        drug (the address above it) is in this set; see `netcea.confidential.price_points`.
    redacted : bool
    """

    layers: tuple[Layer, ...] = ()
    free: frozenset[str] | None = None
    redacted: bool = False

    def __bool__(self) -> bool:
        """Say whether there is any layer."""
        return bool(self.layers)

    @property
    def secret(self) -> bool:
        """Say whether a layer is confidential."""
        return any(layer.record.confidential for layer in self.layers)

    @property
    def records(self) -> tuple[PriceLayer, ...]:
        """What the run record holds."""
        return tuple(layer.record for layer in self.layers)

    def at(self, free: Collection[str]) -> Layers:
        """Return the same layers with public prices in place of confidential ones, or free ones for some drugs.

        Parameters
        ----------
        free : collection of str
            Drugs at no cost; the others are at their public prices.
        """
        return replace(self, free=frozenset(free))

    def over(self, draft: DraftScenario) -> DraftScenario:
        """Lay every layer over a scenario.

        Parameters
        ----------
        draft : DraftScenario
            The scenario.

        Raises
        ------
        InputError
            An address that is no price of inputs/, or a value that is impossible in its unit.
        """
        faults = ProblemCollector()
        public = dict(draft.prices.public)
        for layer in self.layers:
            overrides: list[Override] = []
            taken = draft.secret
            for address, value in layer.values.items():
                node = _price(draft.inputs, layer, address, value, faults)
                if node is not None and layer.record.confidential:
                    if address not in taken:
                        public[address] = node.value
                    overrides.append(self._override(layer, address, public[address], value, draft.inputs))
                elif node is not None:
                    overrides.append(Override(address, value, layer.places[address], {}))
            draft = draft.with_sets(overrides)
        faults.raise_if_any()
        shown_as_redacted = self.redacted and self.free is not None  # at the confidential prices nothing is
        return replace(draft, prices=Prices(self.records, public=public, redacted=shown_as_redacted))

    def below(self, draft: DraftScenario, sets: Sequence[Override]) -> DraftScenario:
        """Lay every layer over a scenario, and overrides on top.

        Parameters
        ----------
        draft : DraftScenario
            The scenario.
        sets : sequence of Override
            What is laid on top.

        Raises
        ------
        InputError
            A layer does not fit; or an override sets what a confidential layer sets, and so would write it down.
        """
        made = self.over(draft)
        refuse_touching(sets, made.secret)
        return made.with_sets(sets)

    def _override(self, layer: Layer, address: str, public: float, value: float, inputs: Inputs) -> Override:
        """Return a quantity that is certain: an agreed price is a contract, no estimate."""
        if self.free is not None:
            value = free_value(public, address) if drug_of(address) in self.free else public
        words = f"{CONFIDENTIAL} price, layer {layer.record.name}"
        kept = {key: part for key, part in inputs.raw(address).items() if key != "range"}
        raw = {**kept, "value": value, "uncertainty": {"fixed": words}, "note": words}
        return Override(address, raw, Place(f"--prices {layer.record.name}"), {}, layer.record.sha256)


def drug_of(address: str) -> str:
    """Return what a price belongs to: the address above it.

    Parameters
    ----------
    address : str
        Of a price or a discount.

    Examples
    --------
    >>> drug_of("costs.drug.new.discount")
    'costs.drug.new'
    """
    return address.rpartition(".")[0]


def free_value(public: float, address: str) -> float:
    """Return the far end of a price from its public value: free; or list price where it is free already.

    Parameters
    ----------
    public : float
        In the unit of the number.
    address : str
        Of a price or a discount.

    Examples
    --------
    >>> free_value(0.0, "costs.drug.x.discount"), free_value(536.65, "costs.drug.x.price_per_pack")
    (1.0, 0.0)
    """
    if is_discount(address):
        return 0.0 if public >= 1.0 else 1.0
    return 0.0 if public > 0.0 else 1.0


def is_discount(address: str) -> bool:
    """Say whether an address is that of a discount.

    Parameters
    ----------
    address : str
        Of a number below costs.
    """
    return address.rpartition(".")[2] == "discount"


def read_layers(paths: Sequence[Path], *, redact: bool = False) -> Layers:
    """Read layer files in their order.

    Parameters
    ----------
    paths : sequence of Path
        Of the files; later ones win.
    redact : bool
        Whether what is written has to hide what depends on them.

    Raises
    ------
    InputError
        With every problem of every file, and not one value.
    """
    faults = ProblemCollector()
    found: list[Layer] = []
    for path in paths:
        try:
            found.append(read_layer(path))
        except InputError as error:
            faults.extend(error.problems)
    names = [layer.record.name for layer in found]
    for twice in sorted({name for name in names if names.count(name) > 1}):
        faults.add(Place("--prices").problem(f"two layers named '{twice}'", "a name of its own for each"))
    layers = Layers(tuple(found), redacted=redact)
    if redact and not faults.problems and not layers.secret:
        expected = "--prices FILE with one: there is nothing to hide"
        faults.add(Place("--redact").problem("no confidential layer", expected))
    faults.raise_if_any()
    return layers


def refuse_touching(sets: Sequence[Override], secret: Collection[str]) -> None:
    """Refuse overrides of what a confidential layer sets.

    Parameters
    ----------
    sets : sequence of Override
        What is laid over the layers.
    secret : collection of str
        Addresses that confidential layers set.

    Raises
    ------
    InputError
        With every one of them.
    """
    refused = [o for o in sets if any(map(o.touches, secret))]
    if refused:
        raise InputError(map(_refused, refused))


def _refused(override: Override) -> Problem:
    shown = replace(override.place, file="--set") if override.place.file.startswith("--set") else override.place
    return replace(shown, address=override.address).problem(
        "a number that a confidential price layer sets",
        "one or the other",
        "change it in a layer: what --set is given stays in the shell's history and in the record",
    )


def _price(inputs: Inputs, layer: Layer, address: str, value: float, faults: ProblemCollector) -> Quantity | None:
    """Return the quantity whose value a layer sets, or None after noting what is wrong."""
    name = shown_key(address)
    place = replace(layer.places[address], address=name)
    try:
        node = inputs.node(address) if "" not in split_address(address) else None
    except KeyError:
        node = None
    if not isinstance(node, Quantity):
        hint = inputs.suggestion(address) if name == address else ""
        found = "an address that is no number of inputs/"
        faults.add(place.problem(found, "a price or a discount of inputs/costs", hint))
        return None
    unit = UNITS[node.unit]
    if unit.dimension != "money" and not is_discount(address):
        found = f"a number in '{node.unit}'"
        faults.add(place.problem(found, "a price in GBP, or a discount", "scenarios change everything else"))
    elif not unit.low <= value <= unit.high:
        high = f" to {read(unit.high)}" if math.isfinite(unit.high) else ""
        faults.add(place.problem(NOT_SHOWN, f"a number from {read(unit.low)}{high}, the unit being '{node.unit}'"))
    else:
        return node
    return None
