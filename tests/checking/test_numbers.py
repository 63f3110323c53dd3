"""What `netcea check` doubts about a distribution."""

from __future__ import annotations

import pytest

from netcea.checking.numbers import _doubts
from netcea.quantities.quantity import Quantity


def doubts(value, unit, **uncertainty):
    raw = {"value": value, "unit": unit, "uncertainty": uncertainty, "source": ["x"], "status": "published"}
    return list(_doubts(Quantity.model_validate({**raw, "price_year": "2024/25"})))


def test_a_normal_that_reaches_impossible_values():
    assert doubts(0.1, "proportion", normal={"se": 0.05}) == [
        (
            "a normal distribution with standard error 0.05 reaches values that the unit 'proportion' does not allow; "
            "a beta, gamma or log-normal does not"
        )
    ]
    assert doubts(0.5, "proportion", normal={"se": 0.05}) == []


@pytest.mark.parametrize(
    ("unit", "uncertainty"),
    [
        ("proportion", {"uniform": {"low": -0.1, "high": 0.5}}),
        ("proportion", {"log_normal": {"se_log": 0.5}}),
        ("years", {"ci95": {"low": 0.1, "high": 0.7, "scale": "identity"}}),
    ],
)
def test_any_family_that_reaches_impossible_values(unit, uncertainty):
    (found,) = doubts(0.4, unit, **uncertainty)
    assert found.endswith(f"reaches values that the unit '{unit}' does not allow")


def test_limits_inside_the_unit_s_are_no_reason_to_doubt():
    assert doubts(0.4, "proportion", beta={"se": 0.3}) == []
    assert doubts(0.4, "years", gamma={"se": 0.3}) == []


def test_families_that_are_unusual_for_the_unit():
    assert doubts(0.5, "ratio", gamma={"se": 0.1}) == ["a ratio is sampled on the log scale; found gamma"]
    assert doubts(5.0, "GBP", uniform={"low": 1.0, "high": 9.0}) == [
        "a cost is sampled as gamma or log-normal; found uniform"
    ]
    usual = ({"gamma": {"se": 1.0}}, {"log_normal": {"se_log": 0.1}}, {"fixed": "list price"})
    assert [doubts(5.0, "GBP", **uncertainty) for uncertainty in usual] == [[], [], []]


def test_a_standard_error_larger_than_the_value():
    assert doubts(2.0, "years", gamma={"se": 5.0}) == [
        "the standard error is 2.5 times the value: is it a standard deviation?"
    ]
