"""Black box: who dies as the general population does, with its utilities, has its QALYs and no shortfall."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from helpers.made import Made
from netcea.analyses.shared.judge import judge
from netcea.decision.severity import OLDEST
from netcea.engine.simulate import simulate
from netcea.verification.slow_model.mortality import general_population

CORRECTIONS, DISCOUNTINGS = ("trapezium", "start", "end"), ("mid_cycle", "cycle_start", "annual")
COHORTS = ((60.0, 0.5), (43.7, 0.38), (66.0, 0.0), (66.0, 1.0))
"""Age at the start, share of women."""
NEVER = {"rate": 0.0}


def like_the_population(age, female, utility=1.0, **settings):
    """Return a scenario in which nobody dies of the disease or leaves progression-free disease: the floor is all."""
    made = Made(sets=["adverse_events.events={}"]).settings(horizon_years=OLDEST - age, **settings)
    population = made.scenario.file.population
    made.values |= {population.start_age: age, population.proportion_female: female}
    made.file(costs={})  # nobody progresses, so nobody is treated afterwards
    made.utilities(progression_free=utility, progressed=utility, decrement_on_progression=None)
    for strategy in made.scenario.strategies:
        made.curve(strategy, "pfs", "exponential", NEVER, background_mortality="none")
        made.curve(strategy, "os", "exponential", NEVER, background_mortality="hazard_floor")
    return made


def judged(made):
    draws = made.draws()
    return judge(made.scenario, draws, simulate(made.scenario, draws))


@pytest.mark.parametrize(("age", "female"), COHORTS)
@pytest.mark.parametrize(("correction", "discounting"), list(product(CORRECTIONS, DISCOUNTINGS)))
def test_capped_utilities_give_the_qalys_of_the_population(correction, discounting, age, female):
    made = like_the_population(age, female, half_cycle_correction=correction, discounting=discounting)
    severity = judged(made).severity
    assert severity.qalys_general_population > 5.0
    assert severity.qalys_current_care == pytest.approx(severity.qalys_general_population, rel=1e-12)
    assert severity.absolute_shortfall == pytest.approx(0.0, abs=1e-11)
    each_sex_then_averaged, _ = general_population(made.scenario, made.values)
    assert severity.qalys_current_care == pytest.approx(each_sex_then_averaged, rel=1e-11)


@pytest.mark.parametrize("cycle_days", [7.0, 30.4375, 366.0])
def test_on_any_grid(cycle_days):
    severity = judged(like_the_population(60.0, 0.45, cycle_days=cycle_days)).severity
    assert severity.qalys_current_care == pytest.approx(severity.qalys_general_population, rel=1e-12)


def test_a_utility_below_the_norm_keeps_its_share_of_the_population():
    made = like_the_population(60.0, 0.45, utility=0.4)
    norm = float(made.scenario.norms.at(60.0, 0.45))
    severity = judged(made).severity
    assert severity.proportional_shortfall == pytest.approx(1.0 - 0.4 / norm, rel=1e-9)


def test_equal_norms_of_both_sexes_need_no_mix():
    """Where women and men have the same norms, the mix of the sexes changes nothing."""
    made = like_the_population(60.0, 0.45)
    same = replace(made.scenario.norms, female=made.scenario.norms.male)
    made.scenario = replace(made.scenario, norms=same, severity_norms=same)
    severity = judged(made).severity
    assert severity.qalys_current_care == pytest.approx(severity.qalys_general_population, rel=1e-12)
