"""The cover says what was changed, what stood there before, and which check is the first that fails."""

from __future__ import annotations

import pytest

from helpers.workbook_values import shown, typed_into
from netcea.analyses.shared.judge import evaluate
from netcea.loading import load
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.export import live_workbook
from netcea.workbook.sheets.cover import PLAIN

PRICE = "costs.drug.cabozantinib.price_per_pack"
RATE = "settings.discount_rate_qalys"
LIGHT, CHANGED, BEFORE, ICER, READING = (f"Cover!{cell}" for cell in ("B4", "B5", "C8", "B8", "B9"))
NAMES = ("pnet", "pnet_utilities_swinburn")


@pytest.fixture(scope="module")
def made():
    return live_workbook([load(name) for name in NAMES])


@pytest.fixture(scope="module")
def found(made):
    return calculated(made.book)


def test_untouched_it_shows_one_result_and_nothing_changed(made, found):
    assert (shown(found, CHANGED), shown(found, BEFORE), shown(found, READING)) == ("nothing", "", PLAIN)


@pytest.mark.parametrize("number", [0, 1])
def test_a_change_is_named_beside_what_the_selected_scenario_has_without_it(number, made, found):
    (row,) = evaluate(load(NAMES[number])).pairwise
    found.type_in({("Scenarios", 3, 2): made.variants.titles[number]})
    with typed_into(made, found, {PRICE: 3000, RATE: 0.015}):
        assert shown(found, CHANGED) == f"{RATE}: 0.015 instead of 0.035, and 1 more"
        assert shown(found, BEFORE) == pytest.approx(row.icer, rel=1e-9)
        assert shown(found, ICER) != pytest.approx(row.icer, rel=1e-3)
    found.type_in({("Scenarios", 3, 2): made.variants.titles[0]})


@pytest.mark.parametrize(
    ("numbers", "options", "scenario", "first"),
    [
        ({PRICE: "3000"}, {}, None, "Typed into Inputs: text in place of a number (cells)"),
        ({PRICE: -5}, {}, None, "Typed into Inputs: less or more than is possible"),
        ({"adverse_events.cabinet.pnet.any_grade3plus.placebo": 1.5}, {}, None, "Typed into Inputs: less or more"),
        ({RATE: 35}, {}, None, "Typed into Inputs: less or more than is possible"),
        ({}, {"strategies.cabozantinib.os.waning": "never"}, None, "Typed into Choices: what is none of the options"),
        ({PRICE: "a"}, {}, "no such scenario", "Typed into Scenarios: a name that is not in the list"),
    ],
)
def test_a_fault_names_what_was_typed_before_all_that_follows_from_it(numbers, options, scenario, first, made, found):
    if scenario:
        found.type_in({("Scenarios", 3, 2): scenario})
    with typed_into(made, found, numbers, options):
        light = str(shown(found, LIGHT))
    found.type_in({("Scenarios", 3, 2): made.variants.titles[0]})
    assert light.startswith("FAULT in ")
    assert f"First: {first}" in light


def test_a_reading_stands_where_there_is_no_plain_icer(made, found):
    with typed_into(made, found, {"costs.drug.cabozantinib.discount": 1, "costs.unit.end_of_life": 9e6}):
        assert shown(found, READING) in ("dominant", "cost saved per QALY lost", "dominated")
