"""Scenarios of the ledger that differ in numbers alone are simulated as rows: bit for bit what each yields alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netcea import load
from netcea.analyses.base_case import analysis
from netcea.analyses.base_case.analysis import BaseCase
from netcea.analyses.base_case.result import JudgedTotals, TotalsRecord
from netcea.analyses.shared.judge import evaluate
from netcea.analyses.shared.together import alike, judged_together
from netcea.errors import ModelError
from netcea.scenario.options import BaseCaseOptions

NUMBERS = (
    ["costs.drug.cabozantinib.price_per_pack.value=5000"],
    ["survival.relative_effect.share_of_pfs_events_that_are_deaths=0.3"],
    ["population.cohorts.pnet.start_age=50"],
    ["settings.horizon_years=12"],
    [],
)


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


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pnet", "epnet"])
def test_the_whole_ledger_is_what_each_scenario_yields_alone(name):
    """With scenarios that change families, settings, costs, utilities, norms and the strategies themselves."""
    scenario = load(name)
    parts = [part for kind, part in BaseCase().parts(scenario, BaseCaseOptions(beside=[])) if kind == "tests"]
    assert sum(map(len, parts)) == len(analysis.tested_by(scenario))
    assert len(parts) > 20
    assert max(map(len, parts)) > 10
    for group in parts:
        found = judged_together(list(group.values()))
        for one, tested in zip(found, group.values(), strict=True):
            assert isinstance(one, JudgedTotals)
            assert same(one, evaluate(tested)), tested.source
