"""Horizons of days: what is lost or paid ends at the horizon, and no total is below 0."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.made import Made, assert_made_same
from helpers.sample_of import grid_mostly_slow
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.loading import load
from netcea.sampling.sampler import sample

DAY = 1.0 / 365.25
TOTALS = ("costs", "qalys", "life_years", "undiscounted_costs", "undiscounted_qalys", "undiscounted_life_years")
HORIZONS = {"an hour": DAY / 24, "a day": DAY, "a week": 7 * DAY, "three weeks": 21 * DAY, "a month": 30 * DAY}


@pytest.mark.parametrize(
    ("timing", "horizon", "name"),
    grid_mostly_slow(
        ["at_start", "on_treatment"], HORIZONS, ["pnet", "epnet", "pnet_comparators", "epnet_adverse_events_by_term"]
    ),
)
def test_no_total_is_below_nothing(name, horizon, timing):
    sets = [f"settings.horizon_years={HORIZONS[horizon]!r}", f"adverse_events.timing={timing}"]
    scenario = load(name, sets=sets)
    for draws in (base_case(scenario), sample(scenario, 200, seed=3)):
        outcomes = simulate(scenario, draws)
        for measure in TOTALS:
            assert outcomes.totals(measure).min() >= 0.0, measure
        assert outcomes.totals("qalys").min() > 0.0


@pytest.mark.parametrize("days", [1.0, 7.0, 20.9])
def test_an_event_lasts_until_the_horizon_at_most(days):
    event = "adverse_events.any_grade3plus", "progression_free"
    decades, short = load("pnet"), load("pnet", sets=[f"settings.horizon_years={days * DAY!r}"])
    whole, cut = (simulate(s, base_case(s)).strategies["cabozantinib"] for s in (decades, short))
    assert cut.qalys[event] == pytest.approx(whole.qalys[event] * days / 21.0, rel=1e-12)
    assert np.array_equal(cut.costs[event], whole.costs[event]), "the unit cost falls at the start, within any horizon"


def test_a_longer_horizon_loses_the_whole_event():
    three_weeks, decades = (load("pnet", sets=[f"settings.horizon_years={years!r}"]) for years in (21 * DAY, 40.0))
    event = "adverse_events.any_grade3plus", "progression_free"
    lost = [simulate(s, base_case(s)).strategies["cabozantinib"].qalys[event] for s in (three_weeks, decades)]
    assert lost[0] == pytest.approx(lost[1], rel=1e-12)


@pytest.mark.parametrize("timing", ["at_start", "on_treatment"])
@pytest.mark.parametrize("horizon", [DAY, 10 * DAY, 0.2])
def test_slow_twin(horizon, timing):
    assert_made_same(Made(sets=[f"settings.horizon_years={horizon!r}", f"adverse_events.timing={timing}"]))
