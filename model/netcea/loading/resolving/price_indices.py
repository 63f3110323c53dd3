"""Price indices that numbers name: all years of each, whether a number is uprated by it or not."""

from __future__ import annotations

from collections.abc import Mapping

from netcea.errors import InputError
from netcea.loading.resolving.numbers import Numbers
from netcea.loading.resolving.tables import content_of
from netcea.quantities.price_index import PriceIndex, address_of
from netcea.quantities.tables import DataTable


def price_indices(numbers: Numbers) -> Mapping[str, PriceIndex]:
    """Return index -> what inputs/ has of it; without those that no number needs and that cannot be read.

    Parameters
    ----------
    numbers : Numbers
        After every number was looked up: a table that one of them needs was read without a fault.
    """
    names = sorted({quantity.index for quantity in numbers.quantities.values()} - {""})
    found = {name: _price_index(numbers, address_of(name)) for name in names}
    return {name: index for name, index in found.items() if index is not None}


def _price_index(numbers: Numbers, address: str) -> PriceIndex | None:
    inputs = numbers.inputs
    try:
        node = inputs.node(address) if inputs.exists(address) else None
        if not isinstance(node, DataTable) or node.kind != "price_index":
            return None
        content = content_of(inputs, address, node)
    except (InputError, KeyError):
        return None
    values = dict(zip(content["price_year"], content["index"], strict=True))
    return PriceIndex(address, values, tuple(node.source), node.note)
