"""Utilities of one strategy's own: in place of those of all, in the engine, in every analysis, with messages for what is wrong."""

from __future__ import annotations

import pytest

from helpers.made import Made, assert_made_same
from helpers.sample_of import grid_mostly_slow
from netcea import one_way, run
from netcea.cohort.utilities import StrategyUtilities, Utilities
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.errors import InputError
from netcea.loading import load
from netcea.plausibility.uses import uses_of

OWN = "utilities.by_strategy.cabozantinib"
SWINBURN = "utilities.state_utilities.swinburn"
CLARINET = "utilities.state_utilities.clarinet"
EXCUSED = {
    "utilities.value_set_exemptions": [
        {"address": f"{SWINBURN}.{n}", "reason": "a test"} for n in ("progression_free", "decrement_on_progression")
    ]
}
FIELDS = {
    "progression-free": {"progression_free": 0.7},
    "progressed": {"progressed": 0.5},
    "decrement": {"decrement_on_progression": 0.2},
    "both states": {"progression_free": 0.7, "progressed": 0.5},
    "on treatment": {"on_treatment_disutility": 0.1},
    "off treatment": {"off_treatment_progression_free": 0.6, "off_treatment_progressed": 0.4},
}


def made_with(own, strategy="cabozantinib", **of_all):
    made = Made()
    block = StrategyUtilities(**{name: made.number(value) for name, value in own.items()})
    return made.utilities(by_strategy={strategy: block}, **of_all)


@pytest.mark.parametrize(("own", "strategy"), grid_mostly_slow(FIELDS, ["cabozantinib", "best_supportive_care"]))
def test_slow_twin(own, strategy):
    assert_made_same(made_with(FIELDS[own], strategy))
    assert_made_same(made_with(FIELDS[own], strategy, progressed=0.65, decrement_on_progression=None))


def test_only_that_strategy_changes():
    made, base = made_with({"progression_free": 0.7}), Made()
    found, before = (simulate(m.scenario, m.draws()).strategies for m in (made, base))
    mine, its = ({s: o.total("qalys")[0] for s, o in outcomes.items()} for outcomes in (found, before))
    assert mine["best_supportive_care"] == its["best_supportive_care"]
    assert mine["cabozantinib"] < its["cabozantinib"]


def test_the_same_numbers_change_nothing():
    same = {f"{OWN}.{name}": f"{CLARINET}.{name}" for name in ("progression_free", "decrement_on_progression")}
    found, base = (run("pnet", changes, ledger=False).case.strategies for changes in (same, {}))
    assert {s: r.qalys for s, r in found.items()} == {s: r.qalys for s, r in base.items()}


def test_progressed_is_from_the_strategys_own_utility():
    """0.6 before progression, and the decrement of all: 0.55 after it."""
    made, stated = made_with({"progression_free": 0.6}), made_with({"progression_free": 0.6, "progressed": 0.55})
    totals = [simulate(m.scenario, m.draws()).totals("qalys")[0, 0] for m in (made, stated)]
    assert totals[0] == pytest.approx(totals[1], rel=1e-14)


def test_an_own_number_moves_in_every_analysis():
    changes = {f"{OWN}.progression_free": f"{SWINBURN}.progression_free", **EXCUSED}
    scenario = load("pnet", changes)
    address = f"{SWINBURN}.progression_free"
    assert address in base_case(scenario).columns
    assert any(use.address == address and use.role == "utilities.progression_free" for use in uses_of(scenario))
    moved = one_way("pnet", changes, addresses=[address]).moved
    assert [m.quantity.address for m in moved] == [address]
    assert moved[0].nhb_range() > 0.01


def test_another_value_set_is_refused_there_too():
    with pytest.raises(InputError) as error:
        load("pnet", {f"{OWN}.progression_free": f"{SWINBURN}.progression_free"})
    assert any(p.address == f"{OWN}.progression_free" and "valued by" in p.found for p in error.value.problems)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"utilities.by_strategy.cabozantinip.progression_free": f"{CLARINET}.progression_free"}, "cabozantinib"),
        ({"utilities.by_strategy.cabozantinib": {}}, "at least one utility"),
        (
            {
                f"{OWN}.progressed": f"{CLARINET}.progression_free",
                f"{OWN}.decrement_on_progression": f"{CLARINET}.decrement_on_progression",
            },
            "one of progressed, decrement_on_progression",
        ),
        ({f"{OWN}.progression_free": "costs.unit.ct_scan"}, "a utility"),
        ({f"{OWN}.free": f"{CLARINET}.progression_free"}, "progression_free"),
    ],
)
def test_what_is_wrong_is_answered(changes, words):
    with pytest.raises(InputError) as error:
        load("pnet", changes)
    problems = [p for p in error.value.problems if p.address.startswith("utilities.by_strategy")]
    assert problems
    assert any(words in f"{p.found} {p.expected} {p.suggestion}" for p in problems)


def test_not_by_time_to_death():
    block = {
        "by": "time_to_death",
        "value_set": "EQ-5D",
        "bands": [{"within": "a.t", "utility": "a.u"}],
        "beyond": "a.b",
        "by_strategy": {"new": {"progression_free": "a.u"}},
    }
    with pytest.raises(ValueError, match="by_strategy goes with by: state"):
        Utilities.model_validate(block)


def test_a_utility_above_the_population_is_doubted_once():
    changes = {f"{OWN}.on_treatment_disutility": "utilities.state_utilities.on_treatment_disutility.low"}
    scenario = load("pnet", {**changes, f"{CLARINET}.progression_free": 0.95})
    doubts = [w for w in scenario.warnings if w.address == f"{CLARINET}.progression_free" and "above" in w.message]
    assert len(doubts) == 1
