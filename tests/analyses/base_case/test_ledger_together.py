"""Scenarios of the ledger that differ in numbers alone are simulated as rows: bit for bit what each yields alone."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from netcea import load
from netcea.analyses.base_case import analysis
from netcea.analyses.base_case.analysis import BaseCase
from netcea.analyses.base_case.result import JudgedTotals, TotalsRecord
from netcea.analyses.shared.exposures_in_common import ExposuresInCommon
from netcea.analyses.shared.judge import evaluate
from netcea.analyses.shared.together import alike, judged_together
from netcea.engine.simulate import exposures
from netcea.errors import ModelError
from netcea.scenario.options import BaseCaseOptions

NUMBERS = (
    ["costs.drug.cabozantinib.price_per_pack.value=5000"],
    ["survival.relative_effect.share_of_pfs_events_that_are_deaths=0.3"],
    ["population.cohorts.pnet.start_age=50"],
    ["settings.horizon_years=12"],
    [],
)
MADE_OTHERWISE = (
    *NUMBERS,
    ["survival.cabinet_pnet.os_nejm.median_placebo=5"],
    ["survival.cabinet_pnet.os_nejm.median_placebo=5", "settings.crossing=raise_os"],
    ["survival.cabinet_pnet.crossover_share=0.99"],  # more than progress, which is refused
    ["settings.discount_rate_qalys=0.015"],
    ["population.cohorts.pnet.proportion_female=0.9"],
    ["utilities.age_adjustment=none"],
    ["utilities.state_utilities.clarinet.progression_free=0.5"],
    ["costs.end_of_life.unit_cost=costs.unit.ct_scan"],
    ["strategies.cabozantinib.os.hazard_ratio=survival.cabinet_pnet.os_fda.hazard_ratio"],
    ["survival.cabinet_pnet.os_nejm.median_placebo=25"],
    ["strategies.best_supportive_care.pfs.distribution=log_normal"],
    ["strategies.cabozantinib.time_on_treatment={rule: until_progression}"],
    ["strategies.cabozantinib.time_on_treatment={rule: none}"],
    ["costs.crossover.share=costs.care.share_none"],
)
"""Choices and numbers of which curves, people, clock, streams and amounts are made."""


def totals(case):
    """What a ledger needs of a case: its totals in place of every result of a strategy."""
    return {name: TotalsRecord(s.label, s.costs, s.qalys, s.life_years) for name, s in case.strategies.items()}


def same(found, case):
    """Say whether judged totals are a case's own, to the last bit."""
    assert found.strategies.keys() == case.strategies.keys()
    names = [name for name in vars(case) if name != "strategies"]
    return totals(found) == totals(case) and all(getattr(found, name) == getattr(case, name) for name in names)


def test_rows_are_what_each_scenario_yields_alone():
    base = load("pnet")
    scenarios = [base.related.changed(sets) for sets in NUMBERS]
    groups = alike(scenarios)
    assert groups == [[0, 1, 4], [2], [3]]
    for group in groups:
        together = judged_together([scenarios[at] for at in group])
        for at, found in zip(group, together, strict=True):
            assert same(found, evaluate(scenarios[at])), NUMBERS[at]


def test_what_one_scenario_breaks_is_told_of_that_one_alone():
    sound = load("pnet")
    price = "costs.drug.cabozantinib.price_per_pack"
    number = sound.quantities[price]
    dear = replace(sound, quantities={**sound.quantities, price: number.model_copy(update={"value": 1e200})})
    assert alike([sound, dear]) == [[0, 1]]
    found = judged_together([sound, dear])
    assert same(found[0], evaluate(sound))
    with pytest.raises(ModelError) as alone:
        evaluate(dear)
    assert isinstance(found[1], ModelError)
    assert str(found[1]) == str(alone.value)


def test_streams_of_strategies_in_common_are_those_of_each_scenario_alone():
    base = load("pnet")
    scenarios = [base.related.changed(sets) for sets in MADE_OTHERWISE]
    cases, shared, faults = [*scenarios, *reversed(scenarios)], ExposuresInCommon(), 0
    for scenario in cases:
        (found,) = judged_together([scenario], shared)
        if isinstance(found, ModelError):
            faults += 1
            with pytest.raises(ModelError, match=re.escape(str(found))):
                evaluate(scenario)
        else:
            assert same(found, evaluate(scenario)), scenario.changes
    assert faults == 2


def test_only_strategies_with_other_curves_are_worked_out_again(monkeypatch):
    base, shared, wanted = load("pnet"), ExposuresInCommon(), []

    def noted(grid, block, strategies):
        wanted.append(list(strategies))
        return exposures(grid, block, strategies)

    monkeypatch.setattr("netcea.analyses.shared.exposures_in_common.exposures", noted)
    for sets in (
        [],
        ["costs.drug.cabozantinib.price_per_pack=5000"],
        ["survival.cabinet_pnet.os_nejm.hazard_ratio=0.9"],
        ["population.cohorts.pnet.start_age=50"],
    ):
        judged_together([base.related.changed(sets)], shared)
    both = ["cabozantinib", "best_supportive_care"]
    assert wanted == [both, both[:1], both]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pnet", "epnet"])
def test_the_whole_ledger_is_what_each_scenario_yields_alone(name):
    """With scenarios that change families, settings, costs, utilities, norms and the strategies themselves."""
    scenario = load(name)
    found = [part[1:] for part in BaseCase().parts(scenario, BaseCaseOptions(beside=[])) if part[0] == "tests"]
    parts, (shared, *others) = zip(*found, strict=True)
    assert all(other is shared for other in others)
    assert sum(map(len, parts)) == len(analysis.tested_by(scenario))
    assert len(parts) > 20
    assert max(map(len, parts)) > 10
    for group in parts:
        found = judged_together(list(group.values()), shared)
        for one, tested in zip(found, group.values(), strict=True):
            assert isinstance(one, JudgedTotals)
            assert same(one, evaluate(tested)), tested.source
