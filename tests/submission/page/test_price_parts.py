"""Costs taken apart by drug are the model's own at any discounts; draws survive packing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import netcea
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.loading.load import load
from netcea.sampling.sampler import Sampler
from netcea.submission.page.packed import COSTS, packed, unpacked
from netcea.submission.page.price_parts import drug_costs, full_price, price_parts

COMPARATORS = "scenarios/sensitivity/pnet_comparators.yaml"


def costs_at(name, changes, draws=0):
    scenario = load(name, [f"{address}={value}" for address, value in changes.items()])
    rows = Sampler(scenario, 3).rows(0, draws) if draws else base_case(scenario)
    return simulate(scenario, rows).totals("costs")


def put_together(name, shares, draws=0):
    """Costs at shares of the full price, from the parts."""
    scenario = load(name)
    drugs = drug_costs(scenario)
    rows = Sampler(scenario, 3).rows(0, draws) if draws else base_case(scenario)
    parts = price_parts(scenario, rows, drugs)
    costs = simulate(scenario, rows).totals("costs")
    return costs + sum((share - drug.paid) * part for share, drug, part in zip(shares, drugs, parts, strict=True))


@pytest.mark.parametrize("draws", [0, 40])
def test_costs_at_discounts_are_those_of_a_run(draws):
    drugs = drug_costs(load(COMPARATORS))
    discounts = dict(zip([drug.address for drug in drugs], [0.63, 0.2, 1.0, 0.05, 0.4], strict=True))
    expected = costs_at(COMPARATORS, discounts, draws)
    found = put_together(COMPARATORS, [1.0 - d for d in discounts.values()], draws)
    assert np.allclose(found, expected, rtol=1e-12, atol=1e-7)
    assert np.abs(expected - costs_at(COMPARATORS, {}, draws)).max() > 1000.0


def test_a_price_without_a_discount_is_changed_itself():
    changes = {"costs.cabozantinib.discount": "null", "costs.crossover.discount": "null"}
    scenario = load("pnet", [f"{address}={value}" for address, value in changes.items()])
    [drug] = [d for d in drug_costs(scenario) if "cabozantinib" in d.items]
    assert (drug.address, drug.is_discount) == ("costs.drug.cabozantinib.price_per_pack", False)
    parts = price_parts(scenario, base_case(scenario), [drug])[0, :, 0]
    full = simulate(scenario, base_case(scenario)).totals("costs")[:, 0]
    price = full_price(scenario, drug.address)
    expected = costs_at("pnet", changes | {drug.address: 0.25 * price})[:, 0]
    assert np.allclose(full - 0.75 * parts, expected, rtol=1e-12)


def test_a_discount_of_the_scenario_is_where_the_panel_begins():
    scenario = load("pnet", ["costs.drug.cabozantinib.discount=0.3"])
    first = drug_costs(scenario)[0]
    assert first.paid == pytest.approx(0.7, abs=1e-15)
    whole = price_parts(load("pnet"), base_case(load("pnet")), [first])
    assert np.allclose(price_parts(scenario, base_case(scenario), [first]), whole, rtol=1e-12)


def test_crossover_pays_the_same_price():
    drug = drug_costs(load("pnet"))[0]
    assert drug.items == ("cabozantinib", "crossover")
    parts = price_parts(load("pnet"), base_case(load("pnet")), [drug])[0, :, 0]
    case = netcea.run("pnet", ledger=False, beside=[]).case
    items = case.strategies["cabozantinib"].costs_by_item
    assert parts[0] == pytest.approx(sum(v for (name, _), v in items.items() if name == "cabozantinib"), rel=1e-12)
    assert 0.0 < parts[1] < parts[0]


@given(st.lists(st.floats(-9e6, 9e6), min_size=1, max_size=30), st.sampled_from([1.0, 1e6, 1e9]))
def test_packed_numbers_come_back_to_half_a_step(values, steps):
    [found] = unpacked(packed([(np.array(values), steps)]), len(values))
    assert np.abs(found - np.array(values)).max() <= 0.5 / steps + 1e-15 * np.abs(values).max()


def test_columns_keep_their_order():
    rng = np.random.default_rng(1)
    columns = [rng.normal(0.0, 10.0**k, 500) for k in range(6)]
    found = unpacked(packed([(c, COSTS) for c in columns]), 500)
    assert all(np.abs(a - b).max() <= 5.1e-7 for a, b in zip(found, columns, strict=True))


def test_numbers_that_are_far_too_large_have_a_coarser_step():
    values = np.array([1e30, 3e30, -2e30])
    found = packed([(values, COSTS)])
    assert found.columns[0]["steps"] < 1.0
    assert np.allclose(unpacked(found, 3)[0], values, rtol=1e-14)
