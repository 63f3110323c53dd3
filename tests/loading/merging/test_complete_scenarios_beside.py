"""A complete scenario cannot be laid over another: it has nothing to lay, and its name would stand beside the other's result."""

import pytest

import netcea
from netcea.errors import InputError

EPNET = "epnet.yaml"
WORDS = "a complete scenario, of which nothing can be laid over this one"


def test_beside_the_base_case_it_is_no_row_with_the_base_case_s_result():
    found = netcea.run("pnet", {"analyses.base_case.beside": [EPNET]}, ledger=False, traces=False)
    assert found.beside == ()
    assert WORDS in " ".join(found.frame("beside").to_string().split())


def test_a_subgroup_of_another_population_has_no_result_of_all_patients():
    other = {"label": "Elsewhere", "by": "site", "scenario": EPNET}
    text = netcea.subgroups("pnet", {"analyses.subgroups.subgroups": [other]}).as_json()
    assert WORDS in text


def test_a_method_of_switching_is_not_intention_to_treat_under_another_name():
    text = netcea.switching("pnet", {"analyses.switching.methods": {"rpsft": {"scenario": EPNET}}}).as_json()
    assert WORDS in text


def test_the_base_case_itself_beside_a_scenario_that_changes_it():
    found = netcea.run("pnet_horizon_10_years", {"analyses.base_case.beside": ["pnet.yaml"]}, ledger=False)
    assert found.beside == ()


@pytest.mark.parametrize("strategy", ["bsc", "Placebo / best supportive care"])
def test_a_landmark_of_a_strategy_that_is_not_there_is_refused_and_not_passed_over(strategy):
    at, low = "survival.relative_effect.os_effect_ends.month_36", "survival.radiant3.os_placebo_landmarks.month_60"
    with pytest.raises(InputError) as error:
        netcea.load("pnet", {"analyses.sweep.landmarks": [{"strategy": strategy, "at": at, "low": low}]})
    (problem,) = error.value.problems
    assert problem.address == "analyses.sweep.landmarks.0.strategy"
    assert "one of the strategies cabozantinib, best_supportive_care" in problem.expected
