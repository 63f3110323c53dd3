"""State-transition models: closed forms, identities with partitioned survival, another package's numbers."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.special import gammainc, gammaincc

from netcea.engine.block_exposure import BlockExposure
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import exposures, simulate
from netcea.engine.state_transition import (
    LARGEST_RISE,
    clock_forward,
    clock_reset,
    implied_rises,
    rises_since_progression,
)
from netcea.engine.structures import StateTransition, constant_hazard, hazard_after_progression
from netcea.loading.load import load
from netcea.sampling.sampler import sample
from netcea.survival.moments import Moments

REFERENCE = json.loads(
    (Path(__file__).parents[1] / "reference_data" / "psm_v_state_transition.json").read_text(encoding="utf-8")
)["results"]
OWN = StateTransition("start", "own", floor=False)


@pytest.fixture(scope="module")
def pnet():
    return load("pnet")


def followed(scenario, draws, structure=exposures):
    return {one.strategy: one for one in structure(Grid.of(scenario), draws)}


# ----------------------------------------------------------------------------------------------- closed form
def exponentials(cycles, years=10.0, progress=0.6, die=0.1, die_later=0.4):
    """Return edges, progressions and PD of a model with constant hazards, exact."""
    t = np.linspace(0.0, years, cycles + 1)
    leave = progress + die
    progressions = progress / leave * -np.diff(np.exp(-leave * t))
    pd = progress * (np.exp(-die_later * t) - np.exp(-leave * t)) / (leave - die_later)
    return t, progressions, pd


@pytest.mark.parametrize("cycles", [130, 260])
def test_constant_hazards_have_a_closed_form(cycles):
    """Both clocks meet PD = p (exp(-m t) - exp(-l t)) / (l - m); the error is of second order in the cycle."""
    t, progressions, exact = exponentials(cycles)
    rises = np.full((1, cycles), 0.4) * np.diff(t)
    forward = clock_forward(progressions[np.newaxis, :], rises)[0]
    assert np.abs(forward - exact).max() < 0.02 / cycles**2 * 100
    half_t, half_p, half_exact = exponentials(2 * cycles)
    half = clock_forward(half_p[np.newaxis, :], np.full((1, 2 * cycles), 0.4) * np.diff(half_t))[0]
    assert np.abs(forward - exact).max() / np.abs(half - half_exact).max() == pytest.approx(4.0, rel=0.02)


def test_partitioned_survival_of_a_state_transition_model_implies_its_hazard():
    """PFS exp(-l t), OS = PFS + PD in closed form: the implied hazard after progression is the constant, everywhere."""
    t, progressions, exact = exponentials(520)
    rises = implied_rises(exact[np.newaxis, :], progressions[np.newaxis, :])[0]
    # in the first cycle all that counts is where within it patients enter
    assert rises[1:] / np.diff(t)[1:] == pytest.approx(0.4, rel=3e-3)


# ----------------------------------------------------------------------------------------------- the two clocks
@pytest.mark.parametrize("population", [0.0, 0.02, 0.3])
def test_clock_reset_with_a_constant_hazard_is_clock_forward(population):
    length, short, n = 28 / 365.25, 0.01, 40
    lengths = np.append(np.full(n - 1, length), short)
    progressions = np.random.default_rng(3).uniform(0.0, 0.03, n)
    floor = population * lengths * np.linspace(0.2, 2.0, n)

    def hazard(t):
        return 0.15 * t

    since = rises_since_progression(hazard, length, n)
    last = np.array([rises_since_progression(hazard, short, 1)[0], short / length])
    reset = clock_reset(progressions, since, last, floor)
    forward = clock_forward(progressions[np.newaxis, :], np.maximum(0.15 * lengths, floor)[np.newaxis, :])[0]
    assert reset == pytest.approx(forward, rel=1e-12, abs=1e-15)


def test_clock_reset_is_a_convolution():
    """Against the sum over cohorts of progressions x mean survival since they progressed, one integral at a time."""
    n, length = 12, 0.25
    progressions = np.linspace(0.01, 0.05, n)

    def hazard(t):
        return (t / 1.3) ** 1.7

    found = clock_reset(progressions, rises_since_progression(hazard, length, n), np.array([0.0, 1.0]), np.zeros(n))
    u = (np.arange(4000) + 0.5) / 4000 * length
    for edge in (3, 7, 11):
        slow = sum(progressions[j] * np.exp(-hazard(edge * length - (j + 1) * length + u)).mean() for j in range(edge))
        assert found[edge] == pytest.approx(slow, rel=1e-7)


# ----------------------------------------------------------------------------------------------- implied hazard
def test_implied_hazard_gives_back_any_course():
    rng = np.random.default_rng(11)
    progressions = rng.uniform(0.0, 0.05, (5, 300))
    rises = rng.choice([0.0, 1e-9, 1e-4, 0.02, 1.0, 40.0], (5, 300))
    course = clock_forward(progressions, rises)
    again = implied_rises(course, progressions)
    assert clock_forward(progressions, again) == pytest.approx(course, rel=1e-12, abs=1e-300)
    assert again == pytest.approx(rises, rel=1e-6, abs=1e-9)


def test_nobody_left_and_nobody_there():
    found = implied_rises(np.array([[0.0, 0.0, 0.2, 0.0]]), np.array([[0.0, 0.2, 0.0]]))[0]
    assert np.isnan(found[0])
    assert found[1:].tolist() == [0.0, LARGEST_RISE]


# ----------------------------------------------------------------------------------------------- with the engine
@pytest.mark.parametrize("name", ["pnet", "epnet", "scenarios/sensitivity/pnet_time_on_treatment_own_curve.yaml"])
def test_clock_forward_with_its_own_hazard_is_partitioned_survival(name):
    scenario = load(name)
    row = base_case(scenario)
    partitioned, own = followed(scenario, row), followed(scenario, row, OWN.exposures)
    for strategy, one in own.items():
        for state in ("alive", "progression_free", "progressed"):
            expected = getattr(partitioned[strategy].occupancy, state)
            assert getattr(one.occupancy, state) == pytest.approx(expected, abs=1e-9)
    before, after = simulate(scenario, row), simulate(scenario, row, structure=OWN.exposures)
    for measure in ("costs", "qalys", "life_years", "undiscounted_costs"):
        assert after.totals(measure) == pytest.approx(before.totals(measure), rel=1e-9)


@pytest.mark.parametrize(
    "structure",
    [
        StateTransition("start"),
        StateTransition("start", "pooled"),
        StateTransition("progression"),
        StateTransition("progression", family="weibull"),
    ],
)
def test_states_add_up_and_nobody_rises(pnet, structure):
    outcomes = simulate(pnet, base_case(pnet), structure=structure.exposures)
    assert [found.audit["violations"].tolist() for found in outcomes.strategies.values()] == [[0.0], [0.0]]
    for one in followed(pnet, base_case(pnet), structure.exposures).values():
        states = one.occupancy
        assert states.progression_free + states.progressed + states.dead == pytest.approx(1.0, abs=1e-12)
        entered, died = states.progressions.sum(), states.deaths.sum() - states.deaths_progression_free.sum()
        assert entered - died == pytest.approx(states.progressed[0, -1], abs=1e-12)
        assert np.diff(states.alive).max() <= 1e-15
        assert one.curves.survival_at_edges(f"strategies.{one.strategy}.os") == pytest.approx(states.alive, rel=1e-12)


def test_the_comparator_keeps_its_survival(pnet):
    """Clock-forward has the comparator's own hazard; clock-reset has as many years after progression."""
    row, grid = base_case(pnet), Grid.of(pnet)
    comparator = pnet.file.decision.comparator
    before = followed(pnet, row)[comparator].occupancy
    after = followed(pnet, row, StateTransition("start").exposures)[comparator].occupancy
    assert after.alive == pytest.approx(before.alive, abs=1e-9)
    wanted = grid.person_time(before.progressed).sum()
    for family, close in (("exponential", 1e-9), ("weibull", 1e-5)):
        reset = followed(pnet, row, StateTransition("progression", family=family).exposures)[comparator].occupancy
        assert grid.person_time(reset.progressed).sum() == pytest.approx(wanted, rel=close)


def test_a_row_does_not_depend_on_the_rows_beside_it(pnet):
    draws = sample(pnet, 6, 2)
    for structure in (StateTransition("start"), StateTransition("progression"), StateTransition("start", "pooled")):
        whole = simulate(pnet, draws, structure=structure.exposures)
        for row in (0, 5):
            alone = simulate(pnet, draws.rows(row, row + 1), structure=structure.exposures)
            assert alone.totals("costs")[:, 0] == pytest.approx(whole.totals("costs")[:, row], rel=1e-12)
            assert alone.totals("qalys")[:, 0] == pytest.approx(whole.totals("qalys")[:, row], rel=1e-12)


def test_where_curves_cross_nobody_is_progression_free_and_dead(pnet):
    draws = sample(pnet, 60, 1)
    partitioned = simulate(pnet, draws).strategies["cabozantinib"].audit
    assert (partitioned["crossing_cycles"] > 0).mean() > 0.3
    for structure in (StateTransition("start"), StateTransition("progression"), OWN):
        for one in followed(pnet, draws, structure.exposures).values():
            pfs = one.curves.survival_at_edges(f"strategies.{one.strategy}.pfs")
            assert one.occupancy.progression_free == pytest.approx(pfs, abs=0.0)
            assert (one.occupancy.alive >= pfs).all()
            assert not one.occupancy.violations().any()


@pytest.mark.parametrize("name", ["pnet", "pnet_mortality_none"])
def test_packs_of_one_row_follow_the_given_survival(name):
    """Packs whose interval differs from row to row are worked out row by row: with the survival of this model too."""
    scenario = load(name)
    row = base_case(scenario)
    one = followed(scenario, row, StateTransition("progression").exposures)["best_supportive_care"]
    again = one.row(0)
    assert isinstance(again, BlockExposure)
    address = "strategies.best_supportive_care.os"
    assert again.curves.hazard_at_edges(address).tolist() == one.curves.hazard_at_edges(address).tolist()
    edges = one.grid.time.edges
    middle = Moments.between(edges, (edges[1:3] + edges[2:4]) / 2)
    hazard = one.curves.hazard_at_edges(address)[0]
    expected = np.exp(-(hazard[1:3] + hazard[2:4]) / 2)
    assert again.curves.survival_at(address, middle)[0] == pytest.approx(expected, rel=1e-12)


def test_nobody_dies_less_often_than_the_population(pnet):
    grid = Grid.of(pnet)
    states = followed(pnet, base_case(pnet))["best_supportive_care"].occupancy
    high = np.full((1, grid.time.n_cycles), 0.5)
    rises, audit = hazard_after_progression((states,), grid, high)
    assert (rises >= 0.5).all()
    assert audit["below_population_cycles"][0] > 500
    loose, _ = hazard_after_progression((states,), grid, high, floor=False)
    assert loose.min() < 0.05
    rate = constant_hazard(states, grid, np.zeros((1, grid.time.n_cycles)))
    deaths = states.deaths.sum() - states.deaths_progression_free.sum()
    assert rate[0] == pytest.approx(deaths / grid.person_time(states.progressed).sum(), rel=2e-3)


# ----------------------------------------------------------------------------------------------- another package
def weibull(shape, scale):
    return lambda t: scale * t**shape


def gompertz(shape, rate):
    return lambda t: rate * np.expm1(shape * t) / shape


def gamma(shape, rate):
    return lambda t: -np.log(np.where(rate * t < 600, gammaincc(shape, rate * t), np.exp(-rate * t)))


HAZARDS = {"exp": lambda rate: lambda t: rate * t, "weibullPH": weibull, "gompertz": gompertz, "gamma": gamma}
PER_WEEK, YEARS = 4, 10
WEEKS = 365.25 / 7


@pytest.fixture(scope="module", params=sorted(REFERENCE))
def example(request):
    """Return psm3mkv's numbers, edges [weeks], and PF and PD of both models here."""
    there = REFERENCE[request.param]
    h = {e: HAZARDS[there["dists"][e]](*there["params"][e]) for e in there["dists"]}
    n = round(YEARS * WEEKS * PER_WEEK)
    t = np.arange(n + 1) / PER_WEEK
    pf = np.exp(-h["ttp"](t) - h["ppd"](t))
    fine = np.linspace(0.0, 1.0, 33)
    inside = t[:-1, np.newaxis] + fine[np.newaxis, :] / PER_WEEK
    total, progress = h["ttp"](inside) + h["ppd"](inside), np.diff(h["ttp"](inside), axis=1)
    progressions = (progress * np.exp(-(total[:, 1:] + total[:, :-1]) / 2)).sum(axis=1)
    forward = clock_forward(progressions[np.newaxis, :], np.diff(h["pps_cf"](t))[np.newaxis, :])[0]
    since = rises_since_progression(h["pps_cr"], 1 / PER_WEEK, n)
    reset = clock_reset(progressions, since, np.array([since[0], 1.0]), np.zeros(n))
    return there, t, pf, {"stm_cf_pd": forward, "stm_cr_pd": reset}, h


def test_shares_are_those_of_psm3mkv(example):
    """Patients enter PD evenly within a cycle here, by the hazard there: 2e-5 with cycles of a quarter of a week."""
    there, t, pf, pd, h = example
    probabilities = there["prob_at_weeks"]
    at = [round(week * PER_WEEK) for week in probabilities["t"]]
    assert pf[at] == pytest.approx(np.array(probabilities["stm_pf"]), rel=1e-6, abs=1e-12)
    assert np.exp(-h["pfs"](t[at])) == pytest.approx(np.array(probabilities["psm_pf"]), rel=1e-6, abs=1e-12)
    assert np.exp(-h["os"](t[at])) == pytest.approx(np.array(probabilities["psm_os"]), rel=1e-6, abs=1e-12)
    for name, found in pd.items():
        assert found[at] == pytest.approx(np.array(probabilities[name]), abs=3e-5), name


def test_restricted_means_are_those_of_psm3mkv(example):
    there, t, pf, pd, _ = example
    expected = there[f"rmd_Ty{YEARS}_disc0"]
    assert expected["model"] == ["PSM", "STM-CF", "STM-CR"]
    assert np.trapezoid(pf, t) == pytest.approx(expected["pf"][1], rel=1e-4)
    assert np.trapezoid(pd["stm_cf_pd"], t) == pytest.approx(expected["pd"][1], rel=2e-4)
    assert np.trapezoid(pd["stm_cr_pd"], t) == pytest.approx(expected["pd"][2], rel=2e-4)


def test_gamma_of_the_tests_is_a_gamma():
    assert gamma(2.0, 0.5)(np.array([3.0])) == pytest.approx(-np.log1p(-gammainc(2.0, 1.5)))
