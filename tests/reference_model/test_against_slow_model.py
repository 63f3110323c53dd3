"""The engine equals the slow model: on every scenario file, family and option, for point estimates and random rows."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from helpers.averaged_project import project
from helpers.made import Made, assert_made_same, assert_same, row_of
from helpers.sample_of import grid_mostly_slow
from netcea.cohort.utilities import TimeToDeathBand
from netcea.costs.administration import Administration
from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.costs.one_off import OneOff
from netcea.costs.resource_use import ResourceUse
from netcea.costs.subsequent_treatment import SubsequentTreatment
from netcea.decision import severity
from netcea.draws import Draws
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.engine.trace import traces
from netcea.loading import load
from netcea.sampling.sampler import Sampler, sample
from netcea.verification.slow_model.families import cumulative_hazard
from netcea.verification.slow_model.model import slow_model
from netcea.verification.slow_model.mortality import general_population

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILES = sorted(
    path.relative_to(SCENARIOS).as_posix() for path in SCENARIOS.rglob("*.yaml") if path.parent.name != "batches"
)
ALWAYS = {
    "pnet.yaml",
    "epnet.yaml",
    *(
        f"sensitivity/{name}.yaml"
        for name in (
            "pnet_adverse_events_over_treatment",
            "pnet_comparators",
            "pnet_cycle_30_days",
            "pnet_discounting_annual",
            "pnet_drug_cost_by_milligram",
            "pnet_drug_cost_per_day",
            "pnet_half_cycle_start",
            "pnet_mortality_none",
            "pnet_os_log_normal",
            "pnet_os_log_normal_literal",
            "pnet_os_waning_24_to_60_months",
            "pnet_pfs_gamma",
            "pnet_pfs_raises_os",
            "pnet_somatostatin_analogue_injection",
            "pnet_time_on_treatment_unverified",
            "pnet_stop_at_24_months_effect_ends",
            "pnet_utilities_swinburn",
            "epnet_os_gompertz",
            "epnet_cycle_7_days",
            "epnet_adverse_events_by_term",
        )
    ),
}
"""Run each time; the others are the same structures with other numbers."""

DRUG, BSC = "cabozantinib", "best_supportive_care"


# ------------------------------------------------------------------------------------------------ scenario files
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in ALWAYS else pytest.mark.slow) for name in FILES]
)
def test_scenario_file(name):
    scenario = load(str(SCENARIOS / name))
    assert_same(scenario, base_case(scenario))


def test_representative_scenarios_exist():
    assert set(FILES) >= ALWAYS


@pytest.mark.parametrize(
    ("name", "sets"),
    [
        pytest.param("pnet.yaml", (), marks=pytest.mark.slow),
        pytest.param("epnet.yaml", (), marks=pytest.mark.slow),
        ("sensitivity/pnet_comparators.yaml", ()),
        pytest.param("pnet.yaml", ("settings.cycle_days=7",), marks=pytest.mark.slow),
        pytest.param("epnet.yaml", ("settings.cycle_days=7",), marks=pytest.mark.slow),
        pytest.param("sensitivity/pnet_comparators.yaml", ("settings.cycle_days=7",), marks=pytest.mark.slow),
    ],
)
def test_random_rows(name, sets):
    scenario = load(str(SCENARIOS / name), sets=list(sets))
    draws = sample(scenario, 300, seed=20260301)  # more rows than one block holds
    assert_same(scenario, draws, rows=(299,) if sets else (0, 200, 299))


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_random_rows_of_every_file(name):
    scenario = load(str(SCENARIOS / name))
    assert_same(scenario, sample(scenario, 2, seed=7))


# ------------------------------------------------------------------------------------------------ families
FAMILIES = {
    "exponential": {"rate": 0.5},
    "weibull": {"shape": 1.3, "scale": 1.8},
    "weibull, falling hazard": {"shape": 0.6, "scale": 1.8},
    "weibull_ph": {"shape": 1.2, "scale": 0.4},
    "gompertz": {"shape": 0.15, "rate": 0.3},
    "gompertz, some cured": {"shape": -0.3, "rate": 0.5},
    "gompertz, shape 0": {"shape": 0.0, "rate": 0.3},
    "log_normal": {"meanlog": 0.4, "sdlog": 0.9},
    "log_logistic": {"shape": 1.7, "scale": 1.5},
    "gamma": {"shape": 1.6, "rate": 0.9},
    "gamma, shape below 1": {"shape": 0.7, "rate": 0.4},
    "generalised_gamma": {"mu": 0.5, "sigma": 0.8, "Q": 0.6},
    "generalised_gamma, Q < 0": {"mu": 0.3, "sigma": 0.7, "Q": -0.5},
    "generalised_gamma, Q = 0": {"mu": 0.3, "sigma": 0.7, "Q": 0.0},
    "generalised_gamma, Q = 1": {"mu": 0.3, "sigma": 0.7, "Q": 1.0},
    "generalised_gamma, tiny Q": {"mu": 0.3, "sigma": 0.7, "Q": 1e-3},
    "royston_parmar": {"gamma0": -0.7, "gamma1": 1.4, "gamma2": 0.05, "gamma3": -0.03},
    "royston_parmar, odds": {"gamma0": -0.7, "gamma1": 1.4, "gamma2": 0.05},
    "royston_parmar, normal": {"gamma0": -0.7, "gamma1": 1.1, "gamma2": 0.04},
    "piecewise_exponential": {"rate0": 0.4, "rate1": 0.7, "rate2": 0.2},
    "mixture_cure": {"cure_fraction": 0.1, "shape": 1.2, "scale": 1.5},
    "non_mixture_cure": {"cure_fraction": 0.15, "meanlog": 0.4, "sdlog": 0.8},
    "kaplan_meier": {"shape": 1.1, "scale": 2.0},
    "tabulated": {},
}
STEPS = [(0.2, 0.95), (0.5, 0.8), (0.9, 0.71), (1.4, 0.55), (2.2, 0.4), (3.0, 0.3)]
STRUCTURES = {
    "royston_parmar": {"knots": [-2.0, -0.5, 0.4, 1.5], "scale": "hazard"},
    "royston_parmar, odds": {"knots": [-2.0, 0.3, 1.5], "scale": "odds"},
    "royston_parmar, normal": {"knots": [-2.0, 0.3, 1.5], "scale": "normal"},
    "piecewise_exponential": {"breaks": [0.3, 1.5]},
    "mixture_cure": {"base": "weibull"},
    "non_mixture_cure": {"base": "log_normal"},
    "kaplan_meier": {"points": STEPS, "tail": "weibull", "tail_from": 2.5},
    "tabulated": {"points": STEPS},
}


def tolerance(case):
    return 1e-9 if "tiny Q" in case else 1e-12


@pytest.mark.parametrize("case", FAMILIES)
def test_family(case):
    """As PFS of one strategy, OS of the other with the floor, and time on treatment of both; months and years."""
    family, structure = case.partition(",")[0], STRUCTURES.get(case, {})
    made = Made(sets=["settings.horizon_years=12"])
    made.curve(DRUG, "pfs", family, FAMILIES[case], **structure)
    made.curve(BSC, "os", family, FAMILIES[case], **structure, time_factor=0.3)
    made.curve(DRUG, "time_on_treatment", family, FAMILIES[case], **structure, time_factor=1.25)
    assert_made_same(made, rel=tolerance(case))


@pytest.mark.parametrize("case", [case for case in FAMILIES if case not in STRUCTURES and "shape 0" not in case])
def test_family_moved_to_a_median(case):
    made = Made(sets=["settings.horizon_years=12"])
    family = case.partition(",")[0]
    made.curve(BSC, "os", family, FAMILIES[case], median=2.4, moved_to_median=3.1)
    assert_made_same(made, rel=tolerance(case))


@pytest.mark.parametrize(
    ("family", "shape"),
    [
        ("exponential", {}),
        ("weibull", {"shape": 1.3}),
        ("weibull_ph", {"shape": 0.8}),
        ("gompertz", {"shape": 0.2}),
        ("gompertz", {"shape": -0.1}),
        ("log_normal", {"sdlog": 0.9}),
        ("log_logistic", {"shape": 1.5}),
        ("gamma", {"shape": 1.4}),
    ],
)
def test_family_with_a_median_and_a_shape(family, shape):
    made = Made(sets=["settings.horizon_years=12"])
    made.curve(BSC, "os", family, shape, median=2.4)
    made.curve(DRUG, "pfs", family, shape, median=0.9)
    assert_made_same(made)
    median = slow_model(made.scenario, row_of(made.draws(), 0))[DRUG]["trace"]
    below = next(i for i, s in enumerate(median["pfs_curve"]) if s < 0.5)
    assert median["time_years"][below - 1] <= 0.9 <= median["time_years"][below]


# ------------------------------------------------------------------------------------------------ curves
WANING = (
    (0.0, 0.0),
    (1.0, 1.0),
    (13 * 28 / 365.25, 13 * 28 / 365.25),
    (0.03, 0.03),
    (2.0, 5.0),
    (0.0, 3.3),
    (1.0, 1.01),
    (9.99, 9.99),
    (10.0, 10.0),
    (50.0, 50.0),
    (8.0, 50.0),
)
"""When it starts and ends. [years]"""


@pytest.mark.parametrize(("background", "starts_ends"), grid_mostly_slow(["none", "hazard_floor"], WANING))
def test_waning(background, starts_ends):
    starts, ends = starts_ends
    made = Made(sets=["settings.horizon_years=10"])
    for strategy in (DRUG, BSC):
        made.model(f"strategies.{strategy}.os", background_mortality=background)
    made.model(f"strategies.{DRUG}.os", hazard_ratio=0.6, waning_starts=starts, waning_ends=ends)
    assert_made_same(made)


@pytest.mark.parametrize(("starts", "ends"), [(2.0, 2.0), (1.0, 4.0)])
def test_waning_of_an_own_curve_towards_another(starts, ends):
    made = Made(sets=["settings.horizon_years=10"])
    towards = f"strategies.{BSC}.os"
    made.curve(
        DRUG,
        "os",
        "log_normal",
        {"meanlog": 1.2, "sdlog": 0.9},
        waning_starts=starts,
        waning_ends=ends,
        waning_towards=towards,
    )
    made.curve(
        DRUG,
        "pfs",
        "weibull",
        {"shape": 1.1, "scale": 1.4},
        waning_starts=starts,
        waning_ends=ends,
        waning_towards=f"strategies.{BSC}.pfs",
    )
    assert_made_same(made)


@pytest.mark.parametrize(("factor", "background"), grid_mostly_slow([0.7, 1.0, 1.6], ["none", "hazard_floor"]))
def test_acceleration_factor(factor, background):
    made = Made(sets=["settings.horizon_years=10"])
    made.model(f"strategies.{DRUG}.os", hazard_ratio=None, acceleration_factor=factor, background_mortality=background)
    assert_made_same(made)


def test_ratio_relative_to_a_waned_curve_of_a_third_strategy():
    made = Made(str(SCENARIOS / "sensitivity/pnet_comparators.yaml"), sets=["settings.horizon_years=10"])
    third = next(name for name in made.scenario.strategies if name not in (DRUG, BSC))
    made.model(f"strategies.{DRUG}.os", hazard_ratio=0.6, waning_starts=1.0, waning_ends=3.0)
    made.model(
        f"strategies.{third}.os",
        relative_to=f"strategies.{DRUG}.os",
        hazard_ratio=0.9,
        acceleration_factor=None,
        distribution=None,
        waning_starts=None,
        waning_ends=None,
        waning_towards=None,
    )
    assert_made_same(made)


def test_rows_with_sudden_and_slow_waning_in_one_block():
    made = Made(sets=["settings.horizon_years=10"])
    made.values |= {"made.starts": 0.0, "made.ends": 0.0}
    made.model(f"strategies.{DRUG}.os", hazard_ratio=0.6, waning_starts="made.starts", waning_ends="made.ends")
    assert_made_same(made, made__starts=[0.0, 1.0, 2.0, 2.0, 30.0, 0.01], made__ends=[0.0, 1.0, 2.0, 5.0, 30.0, 40.0])


@pytest.mark.parametrize(
    ("rates", "crossing"),
    grid_mostly_slow([(0.05, 60.0), (60.0, 0.05), (300.0, 0.01), (0.01, 300.0)], ["cap_pfs", "raise_os"]),
)
def test_curves_that_nobody_survives_for_long(rates, crossing):
    made = Made(sets=["settings.horizon_years=20", f"settings.crossing={crossing}"])
    for strategy in (DRUG, BSC):
        made.curve(strategy, "pfs", "exponential", {"rate": rates[0]})
        made.curve(strategy, "os", "exponential", {"rate": rates[1]}, background_mortality="none")
    assert_made_same(made)


# ------------------------------------------------------------------------------------------------ options
OPTIONS = {
    "half_cycle_correction": ("trapezium", "start", "end"),
    "discounting": ("mid_cycle", "cycle_start", "annual"),
    "crossing": ("cap_pfs", "raise_os"),
    "background": ("none", "hazard_floor", "excess"),
    "rule": ("none", "until_progression", "pfs_time_ratio", "curve"),
    "stops": (None, 0.97),
    "timing": ("at_start", "on_treatment"),
    "method": ("per_pack", "per_time"),
    "cycle_days": (28, 30.4375, 91),
    "pfs": ("as loaded", "above OS", "waned"),
}
COMBINATIONS = random.Random(3).sample(list(product(*OPTIONS.values())), 400)


def combined(values):
    chosen = dict(zip(OPTIONS, values, strict=True))
    made = Made(
        sets=[
            "settings.horizon_years=7.5",
            *(
                f"settings.{name}={chosen[name]}"
                for name in ("half_cycle_correction", "discounting", "crossing", "cycle_days")
            ),
            f"adverse_events.timing={chosen['timing']}",
            f"costs.cabozantinib.method={chosen['method']}",
        ]
    )
    for strategy in (DRUG, BSC):
        made.model(f"strategies.{strategy}.os", background_mortality=chosen["background"])
    if chosen["pfs"] == "above OS":
        made.curve(DRUG, "pfs", "log_normal", {"meanlog": 0.9, "sdlog": 1.3})
    elif chosen["pfs"] == "waned":
        made.model(f"strategies.{DRUG}.pfs", waning_starts=0.5, waning_ends=1.5, waning_towards=f"strategies.{BSC}.pfs")
    ratio = 1.3 if chosen["rule"] == "pfs_time_ratio" else None
    stops = chosen["stops"] if chosen["rule"] != "none" else None
    if chosen["rule"] == "curve":
        made.treatment(DRUG, "curve", stops_at=stops)
        made.curve(DRUG, "time_on_treatment", "gamma", {"shape": 1.4, "rate": 1.1})
    else:
        made.treatment(DRUG, chosen["rule"], time_ratio=ratio, stops_at=stops)
    made.utilities(on_treatment_disutility=0.04, off_treatment_progressed=0.55)
    return made


@pytest.mark.parametrize("i", [pytest.param(i, marks=() if i < 15 else pytest.mark.slow) for i in range(400)])
def test_options_together(i):
    assert_made_same(combined(COMBINATIONS[i]))


@pytest.mark.parametrize(("cycle_days", "horizon"), grid_mostly_slow([1, 7, 30, 365.25, 366, 100 / 3], [0.01, 1, 2.5]))
def test_cycle_lengths_and_horizons(cycle_days, horizon):
    made = Made(sets=[f"settings.horizon_years={horizon}", f"settings.cycle_days={cycle_days}"])
    assert_made_same(made)


def test_start_ages_that_are_not_whole_and_sexes():
    made = Made(sets=["settings.horizon_years=15"])
    population = made.scenario.file.population
    columns = {population.start_age: [60.0, 60.5, 44.98, 93.0], population.proportion_female: [0.0, 1.0, 0.3, 0.5]}
    assert_made_same(made, **{address.replace(".", "__"): column for address, column in columns.items()})


def test_ages_that_differ_from_block_to_block():
    """Rows of a block share one age, those of the next block another: nothing of the first may linger."""
    made = Made(sets=["settings.horizon_years=3"])
    address = made.scenario.file.population.start_age.replace(".", "__")
    ages = [40.0 + i for i in range(50) for _ in range(4)]
    assert_same(made.scenario, made.draws(**{address: ages}), rows=range(0, 200, 4), block_rows=4)


# ------------------------------------------------------------------------------------------------ costs
DURINGS = ("on_treatment", "progression_free", "progressed", "alive")


@pytest.mark.parametrize(
    ("rule", "discounting"), grid_mostly_slow(["curve", "until_progression", "none"], OPTIONS["discounting"])
)
def test_every_cost_category_in_every_state(rule, discounting):
    made = Made(sets=["settings.horizon_years=6", f"settings.discounting={discounting}"])
    if rule == "curve":
        made.treatment(DRUG, rule, stops_at=2.3)
        made.curve(DRUG, "time_on_treatment", "weibull", {"shape": 1.1, "scale": 1.9})
    else:
        made.treatment(DRUG, rule)
    for during in DURINGS:
        pack = {"during": during, "price_per_pack": 100.0, "pack_days": 21 / 365.25, "discount": 0.1, "share": 0.7}
        made.cost(f"packs {during}", DrugAcquisition, **pack)
        made.cost(f"missed {during}", DrugAcquisition, **pack, share_of_tablets_taken=0.83)
        for follows in (False, True):
            made.cost(
                f"milligrams {during} {follows}",
                DrugAcquisition,
                **pack,
                milligram_intensity=0.6,
                price_follows_milligrams=follows,
            )
        made.cost(f"time {during}", DrugAcquisition, **pack, method="per_time", share_of_tablets_taken=0.83)
        for sharing in (False, True):
            vials = {
                "during": during,
                "method": "per_administration",
                "price_per_vial": 300.0,
                "interval": 14 / 365.25,
                "discount": 0.2,
                "vial_mg": 100.0,
                "vial_sharing": sharing,
            }
            made.cost(f"vials {during} {sharing}", DrugAcquisition, **vials, dose=250.0)
            made.cost(f"whole vials {during} {sharing}", DrugAcquisition, **vials, dose=300.0)
            made.cost(
                f"vials by weight {during} {sharing}",
                DrugAcquisition,
                **vials,
                dose=5.0,
                body_size_mean=75.0,
                body_size_sd=16.0,
            )
        for occasions in ("first", "later", "all"):
            made.cost(
                f"{occasions} {during}",
                Administration,
                during=during,
                occasions=occasions,
                unit_cost=50.0,
                interval=28 / 365.25,
                share=0.9,
            )
        for starts, ends in ((None, None), (0.31, None), (None, 1.0), (0.5, 0.51), (0.4, 3.3), (3.0, 99.0), (2.0, 1.0)):
            window = {} if starts is None else {"starts": starts}
            window |= {} if ends is None else {"ends": ends}
            made.cost(
                f"visits {during} {starts} {ends}",
                ResourceUse,
                during=during,
                unit_cost=80.0,
                frequency=6.0,
                share=0.4,
                **window,
            )
    made.cost("start", OneOff, unit_cost=1234.0, share=0.25)
    made.cost("only one", OneOff, unit_cost=10.0, strategies=[BSC])
    assert_made_same(made)


BRINGS = {
    "plain": {},
    "whole packs": {"method": "per_pack"},
    "dispensings": {"first_dispensing": 225.0, "later_dispensings": 15.0},
    "all": {
        "method": "per_pack",
        "first_dispensing": 225.0,
        "later_dispensings": 15.0,
        "adverse_events_of": DRUG,
        "disutility": "on_treatment",
    },
}


@pytest.mark.parametrize(
    ("of", "brings", "months"),
    grid_mostly_slow(["patients", "progressions"], BRINGS, [0.0, 0.1, 3.0, 6.0, 60 * 12 / 365.25]),
)
def test_subsequent_treatments(of, brings, months):
    """Months: none, part of a pack, more than 3 packs and 6, and two packs of 30 days to the last bit."""
    rates = ["settings.discount_rate_costs=0.06", "settings.discount_rate_qalys=0.015"]
    made = Made(sets=["settings.horizon_years=3", "adverse_events.timing=on_treatment", *rates])
    made.utilities(on_treatment_disutility=0.05)
    made.cost(
        "later",
        SubsequentTreatment,
        strategies=[BSC],
        share=0.3,
        of=of,
        duration=months / 12,
        price_per_pack=5000.0,
        pack_days=30 / 365.25,
        share_of_tablets_taken=0.83 if months == 3.0 else 1.0,
        discount=0.1,
        **BRINGS[brings],
    )
    assert_made_same(made)
    (paid,) = (amount for (item, _), amount in simulate_made(made).items() if item == "later")
    assert (paid[0] > 0.0) == (months > 0.0)


def simulate_made(made):
    return simulate(made.scenario, made.draws()).strategies[BSC].costs


def test_time_on_a_subsequent_treatment_lasts_until_the_horizon_at_most():
    made = Made(sets=["settings.horizon_years=0.3"])
    made.utilities(on_treatment_disutility=0.05)
    later = {"share": 0.3, "of": "progressions", "duration": 2.0, "price_per_pack": 5000.0, "pack_days": 30 / 365.25}
    made.cost(
        "later", SubsequentTreatment, strategies=[BSC], disutility="on_treatment", adverse_events_of=DRUG, **later
    )
    made.file(costs={name: item for name, item in made.scenario.file.costs.items() if name != "crossover"})
    assert_made_same(made)


def test_a_share_of_patients_is_spread_as_progressions_are():
    """Of 0.3 of all patients all have it, though some die first; of 0.3 of progressions the fewer who progress."""
    made = Made(sets=["settings.discount_rate_costs=0.0"])
    same = {"share": 0.3, "duration": 1.0, "price_per_pack": 1000.0, "pack_days": 1.0, "strategies": [BSC]}
    made.cost("of patients", SubsequentTreatment, of="patients", **same)
    made.cost("of progressions", SubsequentTreatment, of="progressions", **same)
    costs = simulate_made(made)
    assert costs["of patients", "progressed"][0] == pytest.approx(300.0, rel=1e-12)
    assert costs["of progressions", "progressed"][0] == pytest.approx(300.0 * 0.92, rel=1e-6)


def test_subsequent_treatments_in_rows_that_differ():
    made = Made(sets=["settings.horizon_years=3"])
    columns = {
        "survival__cabinet_pnet__crossover_share": [0.41, 0.0, 0.7],
        "costs__subsequent__crossover_months": [0.5, 0.25, 0.0],
        "survival__relative_effect__share_of_pfs_events_that_are_deaths": [0.08, 0.2, 0.05],
    }
    assert_same(made.scenario, made.draws(**columns), rows=range(3), block_rows=2)


def test_intervals_that_differ_from_row_to_row():
    made = Made(sets=["settings.horizon_years=6"])
    item = made.scenario.file.costs["cabozantinib"]
    taken, days = (a.replace(".", "__") for a in (item.share_of_tablets_taken, item.pack_days))
    assert_made_same(made, **{taken: [1.0, 0.9, 0.77], days: [28 / 365.25, 30 / 365.25, 0.1]})


@pytest.mark.parametrize(
    ("rule", "weeks", "pack_days"),
    grid_mostly_slow(["until_progression", "curve"], [12.0, 24.0, 36.0, 52.0, 84.0, 100.0], [7, 14, 28]),
)
def test_a_stop_at_the_moment_of_a_dispensing(weeks, pack_days, rule):
    """Whoever stops after 12 weeks has had packs at 0, 4 and 8 weeks, whatever the last bit of 12 weeks is."""
    made = Made(sets=["settings.horizon_years=4"])
    made.treatment(DRUG, rule, stops_at=weeks * (1.0 / (365.25 / 7.0)))
    if rule == "curve":
        made.curve(DRUG, "time_on_treatment", "weibull", {"shape": 1.1, "scale": 1.9})
    made.values[made.scenario.file.costs["cabozantinib"].pack_days] = pack_days * (1.0 / 365.25)
    assert_made_same(made)


# ------------------------------------------------------------------------------------------------ utilities
UTILITIES = {
    "progressed": {"progressed": 0.6, "decrement_on_progression": None},
    "on treatment": {"on_treatment_disutility": 0.05},
    "off treatment": {"off_treatment_progression_free": 0.74, "off_treatment_progressed": 0.5},
    "off treatment above on treatment": {"off_treatment_progression_free": 0.9, "on_treatment_disutility": 0.02},
    "above the norm": {"progression_free": 0.95},
    "not adjusted": {"age_adjustment": "none", "on_treatment_disutility": 0.05},
    "anchored elsewhere": {"anchor_age": 63.4},
    "negative": {"progression_free": 0.2, "progressed": -0.2, "decrement_on_progression": None},
}


@pytest.mark.parametrize(("case", "correction"), grid_mostly_slow(UTILITIES, OPTIONS["half_cycle_correction"]))
def test_utilities(case, correction):
    made = Made(sets=["settings.horizon_years=8", f"settings.half_cycle_correction={correction}"])
    made.treatment(DRUG, "curve", stops_at=1.7)
    made.curve(DRUG, "time_on_treatment", "weibull", {"shape": 1.1, "scale": 1.3})
    made.utilities(**UTILITIES[case])
    adjusted = made.scenario.file.utilities.age_adjustment == "multiplicative"
    if not adjusted:
        made.scenario = replace(made.scenario, norms=None)
    assert_made_same(made)


@pytest.mark.parametrize(
    ("crossing", "background", "rate"), grid_mostly_slow(["raise_os", "cap_pfs"], OPTIONS["background"], [0.4, 40.0])
)
def test_utilities_by_time_to_death(crossing, background, rate):
    made = Made(sets=["settings.horizon_years=8", f"settings.crossing={crossing}"])
    made.model(f"strategies.{DRUG}.os", background_mortality=background)
    made.curve(BSC, "os", "exponential", {"rate": rate}, background_mortality=background)
    if crossing == "raise_os" and rate < 1.0:
        made.curve(BSC, "pfs", "log_normal", {"meanlog": 1.1, "sdlog": 1.3})
    bands = [
        TimeToDeathBand.model_construct(within=made.number(within), utility=made.number(utility))
        for within, utility in ((0.083, 0.4), (0.5, 0.6), (1.0, 0.65))
    ]
    made.utilities(by="time_to_death", bands=bands, beyond=0.78)
    assert_made_same(made)


# ------------------------------------------------------------------------------------------------ severity, trace
@pytest.mark.parametrize(
    ("age", "discounting", "correction"),
    grid_mostly_slow([60.0, 43.7], OPTIONS["discounting"], OPTIONS["half_cycle_correction"]),
)
def test_qalys_of_the_general_population(age, discounting, correction):
    made = Made(sets=[f"settings.discounting={discounting}", f"settings.half_cycle_correction={correction}"])
    file = made.scenario.file
    made.values[file.population.start_age] = age
    female = made.values[file.population.proportion_female]
    found = severity.general_population(
        made.scenario.life_table,
        made.scenario.severity_norms,
        [(age, 1.0)],
        female,
        file.settings.cycle_days,
        correction,
        discounting,
        file.settings.discount_rate_qalys,
    )
    assert found == pytest.approx(general_population(made.scenario, made.values), rel=1e-12)


@pytest.mark.parametrize("name", ["pnet.yaml", "sensitivity/pnet_adverse_events_over_treatment.yaml"])
def test_trace(name):
    """Every column of the trace, row by row."""
    made = Made(str(SCENARIOS / name))
    found = traces(Grid.of(made.scenario), made.draws())
    slow = slow_model(made.scenario, row_of(made.draws(), 0))
    for strategy, trace in found.items():
        columns = {**trace.edges, **trace.cycles}
        expected = dict(slow[strategy]["trace"])
        for measure, keys in slow[strategy]["by_cycle"].items():
            for (item, state), by_cycle in keys.items():
                column = f"{measure}_{state if item == 'state' else item}"
                before = expected.get(column, [0.0] * len(by_cycle))
                expected[column] = [a + b for a, b in zip(before, by_cycle, strict=True)]
        expected["population_hazard"] = columns["population_hazard"]  # tested with the life tables
        expected["os_hazard"] = [
            math.log(a) - math.log(b) for a, b in zip(expected["os_curve"][:-1], expected["os_curve"][1:], strict=True)
        ]
        assert set(columns) == {key for key in expected if key in columns or any(np.array(expected[key]))}
        for key, column in columns.items():
            loose = key in ("os_hazard", "progressed", "deaths", "deaths_progression_free", "progressions")
            np.testing.assert_allclose(
                column,
                expected[key],
                rtol=1e-11,
                atol=1e-14 if loose else 1e-12 * max(abs(x) for x in expected[key]) + 1e-300,
                err_msg=f"{strategy} {key}",
            )


# ------------------------------------------------------------------------------------------------ the slow model itself
def test_slow_model_by_hand():
    """Figures that need only a calculator."""
    assert cumulative_hazard("weibull", 2.0, {"shape": 3.0, "scale": 2.0}, None) == 1.0
    assert math.exp(-cumulative_hazard("log_normal", 1.0, {"meanlog": 0.0, "sdlog": 2.0}, None)) == pytest.approx(0.5)
    made = Made(sets=["settings.horizon_years=40", "settings.discount_rate_qalys=0"])
    for endpoint in ("pfs", "os"):
        made.curve(BSC, endpoint, "exponential", {"rate": 0.0}, background_mortality="none")
    years = slow_model(made.scenario, row_of(made.draws(), 0))[BSC]["life_years"]
    assert sum(years.values()) == pytest.approx(40.0, rel=1e-13)  # nobody dies: life years are the horizon


def test_rows_of_the_engine_are_those_of_draws():
    made = Made(sets=["settings.horizon_years=1"])
    draws = made.draws(survival__relative_effect__share_of_pfs_events_that_are_deaths=[0.1, 0.5])
    assert isinstance(draws, Draws)
    assert simulate(made.scenario, draws).n == 2


@pytest.mark.parametrize("method", ["pseudo_random", "sobol"])
def test_averages_of_families(method, tmp_path):
    """The mixture in the base case, one family in each draw; one strategy's OS floored, the other's relative to it."""
    families = ["weibull", "log_normal", "royston_parmar:odds:2", "gompertz"]
    path = project(tmp_path, {"average": "aic", "of": families}, background_mortality="hazard_floor")
    relative = {"relative_to": "old", "hazard_ratio": "test.numbers.ratio", "waning": WANING}
    numbers = tmp_path / "inputs" / "test" / "numbers.yaml"
    with numbers.open("a", encoding="utf-8") as file:
        file.write(ratio_and_times())
    for sets in ({}, {"strategies.new.os": relative}):
        scenario = load(path, sets)
        assert_same(scenario, base_case(scenario))
        rows = Sampler(scenario, 3, method).rows(0, 6)
        one_hot = [x for a, x in rows.columns.items() if ".weights." in a]
        assert all(set(np.unique(x)) <= {0.0, 1.0} for x in one_hot)
        assert_same(scenario, rows)


WANING = {"starts": "test.numbers.starts", "ends": "test.numbers.ends"}


def ratio_and_times():
    """A hazard ratio and two times, as inputs/ has them."""
    spread, about = "{log_normal: {se_log: 0.1}}", "source: [netcea_assumptions], status: assumption, note: a test"
    fixed = "uncertainty: {fixed: a test}"
    return (
        f"ratio: {{value: 0.7, unit: ratio, uncertainty: {spread}, {about}}}\n"
        f"starts: {{value: 12, unit: months, {fixed}, {about}}}\n"
        f"ends: {{value: 30, unit: months, {fixed}, {about}}}\n"
    )
