"""Descriptions of a block's fields come from its source, or from the field itself."""

from __future__ import annotations

from netcea.quantities.descriptions import descriptions
from netcea.quantities.quantity import Quantity
from netcea.uncertainty.beta import Beta
from netcea.uncertainty.families import FAMILIES, Uncertainty


def test_text_below_a_field_is_its_description():
    assert descriptions(Beta)["se"] == "Standard error."
    assert descriptions(Quantity)["unit"] == "One of the closed list of units."


def test_every_family_is_described_in_the_block_that_holds_them():
    found = descriptions(Uncertainty)
    assert found["fixed"] == "Why this quantity is not uncertain."
    assert set(found) == set(FAMILIES)


def test_a_schema_has_the_first_words_of_a_docstring_without_its_equations():
    text = Beta.model_json_schema()["description"]
    assert text == "A beta distribution whose mean is the value, a proportion."
