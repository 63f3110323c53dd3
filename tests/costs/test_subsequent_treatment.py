"""Treatment after progression: shares of patients and of progressions, and what cabozantinib brings after crossover."""

from __future__ import annotations

import math
from functools import cache

import pytest
from click.testing import CliRunner

from netcea.analyses.base_case.analysis import case_alone
from netcea.cli.main import main
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.errors import InputError
from netcea.loading import load
from netcea.sampling.sampler import sample

BSC, DRUG = "best_supportive_care", "cabozantinib"
ALONE = {
    "costs.crossover.method": "per_time",
    "costs.crossover.first_dispensing": None,
    "costs.crossover.later_dispensings": None,
    "costs.crossover.adverse_events_of": None,
    "costs.crossover.disutility": "none",
}
"""Crossover as price x time: each part left out by its own key."""
HIGH = {"utilities.on_treatment_disutility": "utilities.state_utilities.on_treatment_disutility.high"}


@cache
def outcomes(cohort, sets=()):
    scenario = load(cohort, dict(sets))
    return simulate(scenario, base_case(scenario)).strategies


def totals(cohort, **sets):
    """Costs and QALYs of best supportive care; its comparator's are not touched."""
    found = outcomes(cohort, tuple(sets.items()))
    untouched = outcomes(cohort, tuple((k, v) for k, v in sets.items() if not k.startswith("costs.crossover")))
    for measure in ("costs", "qalys"):
        assert found[DRUG].total(measure) == untouched[DRUG].total(measure)
    return float(found[BSC].total("costs")[0]), float(found[BSC].total("qalys")[0])


@pytest.mark.parametrize(("cohort", "share"), [("pnet", 0.41), ("epnet", 0.33)])
def test_the_share_of_all_patients_is_costed(cohort, share):
    """As the trial reports it, whoever dies first: undiscounted, the share x 6 months of packs of 30 days."""
    found = outcomes(cohort, tuple(ALONE.items()))[BSC]
    (paid,) = (float(x[0]) for (item, _), x in found.undiscounted_costs.items() if item == "crossover")
    assert paid == pytest.approx(share * 6.0 / 12.0 * 365.25 / 30.0 * 5143.0, rel=1e-12)


@pytest.mark.parametrize("cohort", ["pnet", "epnet"])
def test_of_progressions_is_less_by_those_who_die_before(cohort):
    of = {
        of: outcomes(cohort, (*ALONE.items(), ("costs.crossover.of", of)))[BSC] for of in ("patients", "progressions")
    }
    paid = {name: float(found.costs["crossover", "progressed"][0]) for name, found in of.items()}
    assert paid["progressions"] / paid["patients"] == pytest.approx(0.92, abs=1e-9)


@pytest.mark.parametrize("cohort", ["pnet", "epnet"])
@pytest.mark.parametrize("key", [key for key in ALONE if "disutility" not in key])
def test_each_part_is_left_out_by_its_own_key(cohort, key):
    """Each makes best supportive care dearer or worse, and nothing else does."""
    with_all, without = totals(cohort), totals(cohort, **{key: ALONE[key]})
    events = key.endswith("adverse_events_of")
    assert with_all[0] > without[0]
    assert with_all[1] < without[1] if events else with_all[1] == without[1]


@pytest.mark.parametrize("cohort", ["pnet", "epnet"])
def test_disutility_after_crossover_is_that_of_cabozantinib_for_as_long(cohort):
    share = {"pnet": 0.41, "epnet": 0.33}[cohort]
    undiscounted = {"settings.discount_rate_qalys": 0.0, "utilities.age_adjustment": "none", **HIGH}
    lost = (
        totals(cohort, **undiscounted, **{"costs.crossover.disutility": "none"})[1] - totals(cohort, **undiscounted)[1]
    )
    assert lost == pytest.approx(share * 0.5 * 0.05, rel=1e-9)
    assert totals(cohort) == totals(cohort, **{"costs.crossover.disutility": "none"}), "the base case has none"


def test_adverse_events_after_crossover_are_those_of_cabozantinib():
    found = outcomes("pnet", (("settings.discount_rate_costs", 0.0),))
    event = "adverse_events.any_grade3plus"
    after, treated = (found[s].costs[event, state][0] for s, state in ((BSC, "progressed"), (DRUG, "progression_free")))
    assert after == pytest.approx(0.41 * treated, rel=1e-12)
    case = case_alone(load("pnet")).case.strategies[BSC]
    both = sum(float(x[0]) for (source, _), x in outcomes("pnet")[BSC].qalys.items() if source == event)
    assert case.qalys_by_state[event] == both, "before and after crossover are one line of the table"


def test_whole_packs_are_those_opened_before_the_end():
    packs = {3: 4, 6: 7, 9: 10}
    for months, opened in packs.items():
        sets = {**ALONE, "costs.crossover.method": "per_pack", "costs.subsequent.crossover_months.value": months}
        found = outcomes("pnet", tuple(sets.items()))[BSC].undiscounted_costs["crossover", "progressed"][0]
        assert found == pytest.approx(0.41 * opened * 5143.0, rel=1e-12)


# ------------------------------------------------------------------------------------------ what is refused
def test_more_patients_than_progress_are_refused():
    result = CliRunner().invoke(main, ["run", "pnet", "--set", "survival.cabinet_pnet.crossover_share.value=0.95"])
    assert result.exit_code == 1
    words = " ".join(result.output.split())
    assert "strategy 'best_supportive_care'" in words
    assert "costs.crossover is for 0.95 of all patients, but only 0.92 progress within the horizon" in words
    assert "of: progressions" in words


def test_a_share_of_progressions_may_be_all_of_them():
    sets = {"survival.cabinet_pnet.crossover_share.value": 0.99, "costs.crossover.of": "progressions"}
    assert math.isfinite(totals("pnet", **sets)[0])


def test_a_draw_in_which_more_have_it_than_progress_is_refused():
    scenario = load("pnet", {"settings.horizon_years": 0.3})
    draws = sample(scenario, 200, 1)
    broken = simulate(scenario, draws).strategies[BSC].audit["violations"] > 0
    progress = simulate(scenario, draws).strategies[BSC]
    assert 0 < broken.sum() < 200, "some draws of a short horizon, not all"
    assert not simulate(scenario, draws).strategies[DRUG].audit["violations"].any()
    assert len(progress.total("costs")) == 200


@pytest.mark.parametrize(
    ("sets", "address", "words"),
    [
        ({"costs.crossover.of": "patient"}, "costs.crossover.of", "did you mean 'patients'?"),
        ({"costs.crossover.of": None}, "costs.crossover.of", "patients"),
        ({"costs.crossover.adverse_events_of": "cabozantinb"}, "costs.crossover.adverse_events_of", "did you mean"),
        ({"costs.crossover.disutility": True}, "costs.crossover.disutility", "on_treatment"),
    ],
)
def test_what_is_no_choice(sets, address, words):
    with pytest.raises(InputError) as error:
        load("pnet", sets)
    assert address in str(error.value)
    assert words in str(error.value)


def test_what_the_share_is_of_has_to_be_said():
    item = "{kind: subsequent_treatment, label: x, share: costs.subsequent.capecitabine_share, "
    item += "duration: costs.subsequent.capecitabine_months, price_per_pack: costs.drug.capecitabine.price_per_pack, "
    item += "pack_days: costs.drug.capecitabine.pack_days}"
    result = CliRunner().invoke(main, ["run", "pnet", "--set", f"costs.other={item}"])
    assert result.exit_code == 2
    words = " ".join(result.output.split())
    assert "costs.other.of" in words
    assert "all patients of the strategy, or those who progress" in words
