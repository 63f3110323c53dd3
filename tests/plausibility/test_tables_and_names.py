"""Life tables and norms whose rows do not go together, and numbers of another item: each is doubted, shipped ones not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from netcea import load
from netcea.loading.resolving.trials import odd_signs
from netcea.plausibility import drug_rules, name_rules, spread, table_rules
from netcea.plausibility.facts import Facts


def said(rule, scenario):
    return " | ".join(f"{address}: {message}" for address, message in rule(Facts(scenario)))


def of_men(scenario, change):
    qx = scenario.life_table.qx_male.copy()
    change(qx)
    return replace(scenario, life_table=replace(scenario.life_table, qx_male=qx))


def exchanged(qx):
    qx[70], qx[80] = qx[80], qx[70]


@pytest.fixture(scope="module")
def pnet():
    return load("pnet")


@pytest.mark.parametrize("name", ["pnet", "epnet"])
def test_shipped_tables_are_not_doubted(name):
    scenario = load(name)
    assert not said(table_rules.tables, scenario)
    assert not said(name_rules.of_other_items, scenario)
    assert not said(name_rules.of_other_trials, scenario)
    assert not said(drug_rules.without_discount, scenario)


def test_a_misplaced_point_and_exchanged_rows(pnet):
    assert "at 72 (male) is 0.2" in said(table_rules.tables, of_men(pnet, lambda qx: qx.__setitem__(72, qx[72] * 10)))
    assert "rows exchanged?" in said(table_rules.tables, of_men(pnet, exchanged))
    assert not said(table_rules.tables, of_men(pnet, lambda qx: qx.__setitem__(72, qx[72] * 1.2)))
    assert not said(table_rules.tables, of_men(pnet, lambda qx: qx.__setitem__(-1, 1.0)))


def test_one_column_for_both_sexes(pnet):
    table = replace(pnet.life_table, qx_male=pnet.life_table.qx_female)
    assert "die alike at every age" in said(table_rules.tables, replace(pnet, life_table=table))


def test_norms(pnet):
    norms = pnet.severity_norms
    swapped = replace(norms, male=norms.female, female=norms.male)
    assert "columns of the sexes exchanged" in said(table_rules.tables, replace(pnet, severity_norms=swapped))
    typed = norms.male.copy()
    typed[40] += 0.2
    assert "was one mistyped" in said(table_rules.tables, replace(pnet, severity_norms=replace(norms, male=typed)))
    step = np.where(norms.age < 65, norms.male, norms.male - 0.08)
    assert not said(table_rules.tables, replace(pnet, severity_norms=replace(norms, male=step)))


@pytest.mark.parametrize(
    ("place", "address", "words"),
    [
        ("costs.crossover.share", "costs.subsequent.capecitabine_share", "is it another item's?"),
        ("costs.somatostatin_analogue.pack_days", "costs.drug.cabozantinib.pack_days", "is it another item's?"),
        ("costs.later_dispensings.interval", "costs.drug.capecitabine.pack_days", "is it another item's?"),
    ],
)
def test_numbers_of_another_item(place, address, words):
    found = said(name_rules.of_other_items, load("pnet", {place: address}))
    assert found.startswith(f"{place}: {address} is used for")
    assert words in found


def test_a_shape_of_another_trial():
    place = "strategies.best_supportive_care.os.shape.weibull"
    found = [w for w in load("pnet", {place: "survival.radiant4.os_shape"}).warnings if w.address == place]
    assert "goes with landmarks of survival.radiant3" in found[0].message
    other = load("scenarios/sensitivity/pnet_os_shape_1.yaml")
    assert not said(name_rules.of_other_trials, other)


def test_a_discount_that_is_left_out():
    scenario = load("pnet", {"costs.somatostatin_analogue.discount": None})
    (discount,) = (q for a, q in load("pnet").quantities.items() if a == "costs.drug.lanreotide.discount")
    beside = {"costs.drug.lanreotide.discount": discount.model_copy(update={"value": 0.3})}
    found = list(drug_rules.without_discount(Facts(scenario, in_inputs=beside.get)))
    assert [address for address, _ in found] == ["costs.somatostatin_analogue.discount"]
    assert "without the discount of 0.3" in found[0][1]
    assert not said(drug_rules.without_discount, scenario)  # inputs/ have a discount of 0


def test_half_a_width_of_an_interval():
    address = "costs.unit.nurse_hour"
    quantity = load("pnet").quantities[address]
    before = replace_spread(quantity, 5.3)
    found = spread._against_replaced(Facts(load("pnet"), {address: before}), address, quantity, 5.3 * 1.96)
    assert "half the width of the 95% interval" in found


def replace_spread(quantity, se):
    return type(quantity).model_validate({**quantity.model_dump(by_alias=True), "uncertainty": {"gamma": {"se": se}}})


def test_correlations_with_the_wrong_sign():
    names = ["median_old", "median_new", "hazard_ratio"]
    ratio = [("hazard_ratio", "new", "old")]
    assert list(odd_signs(names, ratio, ((1.0, 0.0, 0.4), (0.0, 1.0, -0.5), (0.4, -0.5, 1.0)))) == []
    assert len(list(odd_signs(names, ratio, ((1.0, 0.0, -0.4), (0.0, 1.0, 0.5), (-0.4, 0.5, 1.0))))) == 2
