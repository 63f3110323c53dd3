"""How the uncertainty of an input reads on the Inputs sheet."""

from __future__ import annotations

import pytest

from netcea.quantities.quantity import Quantity
from netcea.workbook.sheets.input_descriptions import bounds_of, distribution_entries


def quantity(value, uncertainty, **more):
    raw = {"value": value, "unit": "number", "uncertainty": uncertainty, "source": ["x"], "status": "published"}
    return Quantity.model_validate({**raw, **more})


@pytest.mark.parametrize(
    ("uncertainty", "text"),
    [
        ({"fixed": "list price"}, "fixed: list price"),
        ({"gamma": {"se_relative": 0.2}}, "gamma (se_relative 0.2)"),
        ({"log_normal": {"se_log": 0.25}}, "log-normal (se_log 0.25)"),
        ({"ci95": {"low": 0.4, "high": 0.6, "scale": "log"}}, "ci95 (low 0.4, high 0.6, scale log)"),
        ({"dirichlet": {"group": "g", "effective_n": 5.0}}, "dirichlet: drawn with others"),
        ({"joint": {"block": "b", "scale": "log"}}, "joint: drawn with others"),
    ],
)
def test_entries_of_a_distribution(uncertainty, text):
    assert distribution_entries(quantity(0.5, uncertainty)) == text


def test_bounds_are_quantiles_or_the_plausible_range():
    assert bounds_of(quantity(0.5, {"uniform": {"low": 0.0, "high": 1.0}})) == pytest.approx((0.025, 0.975))
    assert bounds_of(quantity(0.5, {"fixed": "x"}, range=[0.2, 0.7])) == (0.2, 0.7)
    assert bounds_of(quantity(0.5, {"fixed": "x"})) == (None, None)
    assert bounds_of(quantity(0.5, {"dirichlet": {"group": "g", "effective_n": 5.0}})) == (None, None)
