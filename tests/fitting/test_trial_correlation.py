"""The correlation of a trial's figures: reproducible, what is stored, and what a slow independent simulation finds."""

import math
from pathlib import Path

import numpy as np
import pytest
import yaml

from netcea.fitting import Figure, HazardRatio, NotIdentified, Trial
from netcea.fitting.cox import cox_hazard_ratio
from netcea.fitting.kaplan_meier import kaplan_meier
from netcea.fitting.trial_correlation import bootstrap_correlation, kaplan_meier_medians, log_hazard_ratios, seed_of

INPUTS = Path(__file__).parents[2] / "inputs" / "survival"
PNET = (4.4, 13.8, 0.23, 31, 64, 13.8)
STORED = [
    pytest.param(figures, id=f"{path.stem}.{name}")
    for path in sorted(INPUTS.glob("cabinet_*.yaml"))
    for name, figures in yaml.safe_load(path.read_text("utf8")).items()
    if "arms" in figures
]


def two_arms(m0, m1, ratio, n0, n1, follow_up):
    """A trial of a drug against placebo."""
    ratios = (HazardRatio("drug", "placebo", Figure("hazard_ratio", ratio)),)
    return Trial(("placebo", "drug"), (Figure("median", m0), Figure("median", m1)), ratios, (n0, n1), follow_up)


def simulated(replicates, n0, n1, ratio=0.23, seed=5):
    random = np.random.default_rng(seed)
    arms = []
    for n, scale in ((n0, 1.0), (n1, ratio**-1.0)):
        failing, censored = scale * random.exponential(size=(replicates, n)), random.uniform(0, 4, (replicates, n))
        arms.append((np.minimum(failing, censored), failing <= censored))
    return arms


def test_nine_sets_are_stored():
    assert len(STORED) == 9


@pytest.mark.parametrize("figures", STORED)
def test_stored_numbers_are_today_s(figures):
    names = [f"{what}_{arm}" for what in ("median", "patients") for arm in figures["arms"]]
    m0, m1, n0, n1, ratio, follow_up = (figures[name]["value"] for name in (*names, "hazard_ratio", "follow_up_median"))
    stored = figures["correlation"]
    found = bootstrap_correlation(two_arms(m0, m1, ratio, n0, n1, follow_up), seed=stored["settings"]["seed"])
    assert found.correlation.round(3).tolist() == stored["correlation"]
    assert found.sd.round(3).tolist() == stored["sd"]
    assert found.used == stored["settings"]["replicates_used"]
    assert round(found.shape, 3) == stored["settings"]["weibull_shape"]
    assert np.linalg.eigvalsh(np.array(stored["correlation"])).min() > 0.1


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others():
    one, two, other = (bootstrap_correlation(two_arms(*PNET), replicates=300, seed=seed) for seed in (1, 1, 2))
    assert one.correlation.tolist() == two.correlation.tolist()
    assert one.correlation.tolist() != other.correlation.tolist()


def test_does_not_depend_on_the_unit_of_time():
    months = bootstrap_correlation(two_arms(*PNET), 500, 1)
    years = bootstrap_correlation(two_arms(4.4 / 12, 13.8 / 12, 0.23, 31, 64, 13.8 / 12), 500, 1)
    assert years.correlation == pytest.approx(months.correlation, abs=1e-10)
    assert years.sd == pytest.approx(months.sd, rel=1e-10)


def test_all_replicates_at_once_equal_one_by_one():
    arms = simulated(60, 15, 25)
    medians = [kaplan_meier_medians(*arm) for arm in arms]
    ratios = log_hazard_ratios(arms)
    treated = np.r_[np.zeros(15), np.ones(25)]
    for i in range(60):
        for arm, found in zip(arms, medians, strict=True):
            assert found[i] == kaplan_meier(arm[0][i], arm[1][i] * 1.0).median
        time, event = (np.r_[arms[0][k][i], arms[1][k][i]] for k in (0, 1))
        assert ratios[i] == pytest.approx(cox_hazard_ratio(time, event * 1.0, treated)[0], abs=1e-10)


def test_does_not_depend_on_the_replicates_beside_it():
    arms = simulated(40, 15, 25)
    whole = log_hazard_ratios(arms)
    parts = [log_hazard_ratios([(t[i : i + 7], e[i : i + 7]) for t, e in arms]) for i in range(0, 40, 7)]
    assert np.concatenate(parts) == pytest.approx(whole, abs=1e-11, nan_ok=True)


@pytest.mark.parametrize("first", [0, 1])
def test_a_replicate_whose_ratio_is_infinite_has_none(first):
    # one arm dies out before the other begins: each has events, yet the ratio goes to 0 or to infinity
    early, late = ((np.array([t]), np.ones((1, len(t)), bool)) for t in ([1.0, 2.0], [3.0, 4.0, 5.0]))
    assert math.isnan(log_hazard_ratios([early, late] if first == 0 else [late, early])[0])


def test_replicates_left_out_are_counted_by_reason():
    small = bootstrap_correlation(two_arms(3.0, 7.9, 0.05, 5, 10, 10.2), seed=20240824)
    assert small.unreached > 0
    assert small.without_ratio > 100
    assert (
        small.replicates - small.unreached - small.without_ratio <= small.used < small.replicates - small.without_ratio
    )
    assert np.all(np.isfinite(small.correlation))
    assert small.sd[2] < 2.0  # an infinite ratio taken for a number near 37 would show here


@pytest.mark.parametrize(
    ("figures", "match"), [((4.4, 13.8, 0.23, 31, 64, 0.3), "^0 of"), ((4.4, 13.8, 0.23, 4, 6, 4.0), "too few")]
)
def test_refuses(figures, match):
    with pytest.raises(NotIdentified, match=match):
        bootstrap_correlation(two_arms(*figures), replicates=200)


def test_without_a_weibull_through_the_figures_each_arm_is_exponential():
    found = bootstrap_correlation(two_arms(13.8, 4.4, 0.9, 60, 60, 20.0), 500)
    assert found.shape == 1.0
    assert found.correlation[1, 2] < -0.3


def test_three_arms_share_the_reference():
    """Both ratios hold the same placebo patients, half of the variance of each: their correlation is near a half."""
    medians = tuple(Figure("median", 6.0, 0.1) for _ in range(3))
    ratios = tuple(HazardRatio(arm, "placebo", Figure("hazard_ratio", 1.0, 0.1)) for arm in ("low", "high"))
    found = bootstrap_correlation(Trial(("placebo", "low", "high"), medians, ratios, (150, 150, 150), 60.0))
    assert found.correlation.shape == (5, 5)
    assert found.correlation[3, 4] == pytest.approx(0.5, abs=0.05)
    assert np.abs(found.correlation[:3, :3] - np.eye(3)).max() < 0.1
    assert abs(found.correlation[1, 4]) < 0.1  # the low dose has no part in the other's ratio
    assert np.linalg.eigvalsh(found.correlation)[0] > 0.05


def test_one_figure_correlates_with_itself():
    trial = Trial(("all",), (Figure("median", 6.0),), (), (80,), 12.0)
    assert bootstrap_correlation(trial, 200).correlation.tolist() == [[1.0]]


def test_the_seed_comes_from_the_figures_and_not_from_their_names():
    trial = two_arms(*PNET)
    named = Trial(("control", "new"), trial.medians, (HazardRatio("new", "control", trial.figures[2]),), (31, 64), 13.8)
    assert seed_of(named) == seed_of(trial)
    others = [two_arms(*PNET[:i], PNET[i] * 1.01, *PNET[i + 1 :]) for i in range(6)]
    assert len({seed_of(other) for other in [*others, trial]}) == 7
    assert bootstrap_correlation(named, 100).seed == seed_of(trial, 100)


def test_signs_are_as_they_must_be():
    found = bootstrap_correlation(two_arms(*PNET)).correlation
    assert abs(found[0, 1]) < 0.1  # the arms are independent
    assert found[0, 2] > 0.3  # a longer placebo median goes with a higher ratio
    assert found[1, 2] < -0.3


@pytest.mark.slow
def test_a_slow_simulation_written_apart_agrees():
    m0, m1, ratio, n0, n1, follow_up = PNET
    shape = -math.log(ratio) / math.log(m1 / m0)
    random = np.random.default_rng(3)
    treated = np.r_[np.zeros(n0), np.ones(n1)]
    rows = []
    for _ in range(1500):
        median = np.where(treated == 1, m1, m0)
        failing = median * (random.exponential(size=n0 + n1) / math.log(2)) ** (1 / shape)
        censored = random.uniform(0, 2 * follow_up, n0 + n1)
        time, event = np.minimum(failing, censored), (failing <= censored) * 1.0
        medians = [kaplan_meier(time[treated == arm], event[treated == arm]).median for arm in (0, 1)]
        if np.all(np.isfinite(medians)):
            rows.append([*np.log(medians), cox_hazard_ratio(time, event, treated)[0]])
    found = bootstrap_correlation(two_arms(*PNET), replicates=20_000)
    assert np.corrcoef(np.array(rows).T) == pytest.approx(found.correlation, abs=0.09)
    assert np.std(rows, axis=0) == pytest.approx(found.sd, rel=0.08)
