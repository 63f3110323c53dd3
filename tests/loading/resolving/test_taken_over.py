"""A part that a scenario takes over from another resolves to what it resolves to afresh, field by field."""

from __future__ import annotations

import sys

import pytest

from helpers.in_full import scenario_in_full
from netcea.errors import InputError, Place
from netcea.loading.load import resolve
from netcea.loading.merging.draft import overlay, read_draft
from netcea.loading.merging.inputs import Asked, Inputs
from netcea.loading.merging.override import Override, parse_command_line

PRICE = "costs.drug.cabozantinib.price_per_pack"
OS = "survival.cabinet_pnet.os_nejm"
PFS = "survival.cabinet_pnet.pfs_nejm"
SETS = (
    [],
    [f"{PRICE}=5000"],
    [f"{OS}.hazard_ratio=0.9"],
    [f"{OS}.median_placebo.uncertainty.ci95=[20, 50]"],
    ["settings.price_year=2021/22"],
    ["settings.horizon_years=3"],
    ["strategies.cabozantinib.os.hazard_ratio=survival.cabinet_pnet.os_fda.hazard_ratio"],
    ["strategies.cabozantinib.pfs.distribution=log_normal"],
    ["utilities.age_adjustment=none", "population.start_age=population.cohorts.epnet.start_age"],
    ["decision.method_packs.nice-2026-03.threshold_upper=31000"],
    [f"{PFS}.about.trial=Another"],
    [f"{PRICE}.source=[nowhere]"],
    [f"{PFS}.arms=[placebo]"],
    [f"{PFS}.median_placebo=0"],
    [f"{PFS}.median_other=5"],
    ["settings.price_year=1990/91"],
    ["costs.unit={a: 1}", f"{PRICE}=-1"],
    ["strategies.cabozantinib.pfs.arm=nobody"],
    ["population.cohorts.pnet.start_age=150"],
)
"""Choices, numbers, groups and entries that are changed; the later ones with faults."""


def afresh(draft, *, brief):
    """Return what a draft resolves to where nothing is taken over."""
    with pytest.MonkeyPatch.context() as patch:
        for name, module in list(sys.modules.items()):
            if name.startswith("netcea.loading.") and hasattr(module, "taken_over"):
                patch.setattr(module, "taken_over", lambda numbers, made_of, words, work: work(numbers))
        return resolved(draft, brief=brief)


def resolved(draft, *, brief):
    """Return the fields of a scenario, or all that is wrong with it."""
    try:
        return scenario_in_full(resolve(draft, brief=brief))
    except InputError as error:
        return str(error)


def different(found, expected):
    """Return fields that differ; a text where one of both has faults."""
    if isinstance(found, str) or isinstance(expected, str):
        return [] if found == expected else [f"{found}\n--- afresh:\n{expected}"]
    return [field for field in expected if found[field] != expected[field]]


@pytest.mark.parametrize("sets", SETS, ids=" ".join)
def test_beside_other_scenarios_it_is_what_it_is_afresh(sets):
    base = read_draft("pnet")
    for brief in (True, False):
        for changes in ([], sets, [], sets):
            draft = base.with_sets(parse_command_line(changes))
            assert not different(resolved(draft, brief=brief), afresh(draft, brief=brief)), changes


def test_a_scenario_with_faults_tells_all_of_them_after_one_without():
    base = read_draft("pnet")
    faulty = base.with_sets(parse_command_line([f"{PRICE}.source=[nowhere]", f"{PFS}.arms=[placebo]"]))
    resolve(base, brief=True)
    for _ in range(2):
        with pytest.raises(InputError) as error:
            resolve(faulty, brief=True)
        assert {f"{PRICE}.source", f"{PFS}.median_cabozantinib"} <= {
            problem.address for problem in error.value.problems
        }


def test_parts_are_taken_over_and_not_worked_out_again(monkeypatch):
    base = read_draft("pnet")
    first = resolve(base, brief=True)
    monkeypatch.setattr("netcea.loading.resolving.resolved_curves.CurveResolver", None)
    again = resolve(base.with_sets(parse_command_line([f"{PRICE}=5000"])), brief=True)
    assert all(again.curves[address] is model for address, model in first.curves.items())
    assert again.quantities[PRICE].value == 5000.0 != first.quantities[PRICE].value


@pytest.mark.parametrize("changed", ["a.b.c", "a.b", "a", "a.b.c.value", "a.b.about.trial"])
def test_what_is_changed_at_above_or_below_what_was_asked_is_not_as_on_disk(changed, tmp_path):
    asked = Asked.of(["a.b.c", "a.b.about"])
    assert asked.above == {"a", "a.b", "a.b.c", "a.b.about"}
    inputs = Inputs(tmp_path, [Override(changed, 1.0, Place("x"))])
    beside = Inputs(tmp_path, [Override(other, 1.0, Place("x")) for other in ("a.b.d", "a.bb", "b", "a.b.cc.value")])
    assert not inputs.as_on_disk(asked)
    assert beside.as_on_disk(asked)
    assert not beside.with_nodes_of(beside, []).as_on_disk(asked)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pnet", "epnet"])
def test_every_scenario_that_comes_with_netcea_is_beside_the_others_what_it_is_afresh(name):
    base = read_draft(name)
    compared = 0
    for path in sorted(base.project.scenarios.glob("*/*.yaml")):
        try:
            draft = overlay(base, path)
        except InputError:
            continue
        for brief in (True, False):
            assert not different(resolved(draft, brief=brief), afresh(draft, brief=brief)), path.name
        compared += 1
    assert compared > 100
