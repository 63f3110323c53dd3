"""A number of inputs/: what is refused, all at once and with a hint."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from netcea.quantities.quantity import Quantity
from netcea.quantities.units import UNITS

SOUND = {"value": 0.5, "unit": "proportion", "uncertainty": {"fixed": "x"}, "source": ["x"], "status": "published"}
TOGETHER = "a changed number may need another uncertainty: set both"


def faults(**changed):
    with pytest.raises(ValidationError) as refused:
        Quantity.model_validate({**SOUND, **changed})
    (error,) = refused.value.errors()
    return [
        (problem.address, problem.found, problem.expected, problem.suggestion)
        for problem in error["ctx"]["error"].problems
    ]


def test_a_sound_number_is_taken():
    assert Quantity.model_validate(SOUND).value == 0.5


def test_everything_wrong_with_a_number_is_said_at_once():
    assert faults(value=50.0, range=[2.0, 0.1], source=[], status="assumption") == [
        ("value", "50", "a value from 0 to 1, the unit being 'proportion'", "50% is 0.5"),
        ("range.0", "2", "a value from 0 to 1, the unit being 'proportion'", "2% is 0.02"),
        ("range", "2 to 0.1", "the lowest value first, then the highest", ""),
        ("source", "an empty list", "at least one key of sources.yaml", "no number is used without a source"),
        ("status", "status 'assumption' without a note", "a note that says why or how", "add `note:` to this number"),
    ]


def test_an_unknown_unit_is_answered_with_the_likely_one():
    ((address, found, _, hint),) = faults(unit="proporton")
    assert (address, found, hint) == ("unit", "the unknown unit 'proporton'", "did you mean 'proportion'?")


def test_money_has_a_price_year():
    assert faults(unit="GBP") == [("price_year", "nothing", "the year of the price, such as 2024/25", "")]


@pytest.mark.parametrize(
    ("value", "unit", "uncertainty", "found"),
    [
        (0.0, "years", {"log_normal": {"se_log": 0.1}}, "0 with the uncertainty log_normal"),
        (0.0, "years", {"gamma": {"se": 0.1}}, "0 with the uncertainty gamma"),
        (3.0, "years", {"uniform": {"low": 0.0, "high": 2.0}}, "3, outside its uniform 0 to 2"),
        (3.0, "years", {"ci95": {"low": 1.0, "high": 2.0, "scale": "log"}}, "3, outside its ci95 1 to 2"),
    ],
)
def test_a_value_that_its_uncertainty_cannot_have(value, unit, uncertainty, found):
    ((address, what, _, hint),) = faults(value=value, unit=unit, uncertainty=uncertainty)
    assert (address, what, hint) == ("value", found, TOGETHER)


def test_a_standard_error_that_no_proportion_can_have():
    ((address, found, expected, _),) = faults(uncertainty={"beta": {"se": 0.6}})
    assert (address, found) == ("uncertainty.beta", "an impossible beta of mean 0.5")
    assert expected.endswith("below sqrt(mean (1 - mean)) = 0.5")


def test_units_say_what_they_allow():
    allowed = {name: UNITS[name].allowed for name in ("ratio", "proportion", "utility", "years", "parameter")}
    assert allowed == {
        "ratio": "above 0",
        "proportion": "from 0 to 1",
        "utility": "from -1 to 1",
        "years": "from 0",
        "parameter": "from -inf",
    }
    assert [UNITS["ratio"].allows(x) for x in (0.0, 1e-9)] == [False, True]
    assert [UNITS["proportion"].allows(x) for x in (-0.1, 0.0, 1.0, 1.1)] == [False, True, True, False]
