"""The correlation of a data cut's median and ratio: closed forms, slow simulations written apart, crossover."""

import math

import numpy as np
import pytest

from helpers.sample_of import mostly_slow
from netcea.fitting import NotIdentified
from netcea.fitting.cox import cox_hazard_ratio
from netcea.fitting.cut_correlation import DataCut, cut_correlation
from netcea.fitting.kaplan_meier import kaplan_meier

PNET = DataCut(31.1, 0.95, 1.03, (31, 64), 31, 31)
LATER = DataCut(31.1, 1.01, 1.03, (33, 66), 31, 49)


def slow(cut, replicates, seed, *, crossover=0.0):
    """Trials patient by patient: (log KM median, log of the likeliest median, log ratio) of each.

    crossover: share of those on placebo whose hazard is 0.7 times as high from half of their median on.
    """
    entry, later = cut.times()
    random = np.random.default_rng(seed)
    rows = []
    for _ in range(replicates):
        arms = []
        for scale, n in zip(cut.scales, cut.patients, strict=True):
            t = scale * random.exponential(size=n) ** (1.0 / cut.shape)
            if scale == cut.scales[0] and crossover:
                at = cut.median / 2.0
                left = (t / scale) ** cut.shape - (at / scale) ** cut.shape
                slowed = scale * ((at / scale) ** cut.shape + np.maximum(left, 0.0) / 0.7) ** (1.0 / cut.shape)
                t = np.where((t > at) & (random.uniform(size=n) < crossover), slowed, t)
            followed = random.uniform(0.0, entry, n)
            arms.append((t, followed))
        (t, c), _ = arms
        first = np.minimum(t, c), (t <= c) * 1.0
        whole = [np.concatenate([np.minimum(t, c + later) for t, c in arms])]
        whole.append(np.concatenate([(t <= c + later) * 1.0 for t, c in arms]))
        treated = np.repeat([0.0, 1.0], [len(t) for t, _ in arms])
        likeliest = (np.sum(first[0] ** cut.shape) / first[1].sum() * math.log(2.0)) ** (1.0 / cut.shape)
        rows.append([kaplan_meier(*first).median, likeliest, math.exp(cox_hazard_ratio(*whole, treated)[0])])
    return np.log(np.array(rows))


def test_the_follow_up_gives_the_deaths():
    for cut in (PNET, LATER):
        entry, later = cut.times()
        random = np.random.default_rng(2)
        dead = np.zeros(2)
        for scale, n in zip(cut.scales, cut.patients, strict=True):
            t = scale * random.exponential(size=200_000) ** (1.0 / cut.shape)
            followed = random.uniform(0.0, entry, 200_000)
            dead += [n * np.mean(t <= followed), n * np.mean(t <= followed + later)]
        assert dead == pytest.approx([cut.deaths, cut.later_deaths], rel=0.01)


@pytest.mark.parametrize(("shape", "times"), mostly_slow([(1.0, 1), (1.5, 1), (0.8, 2)], [(0.8, 2)]))
def test_with_many_deaths_it_is_what_theory_says(shape, times):
    """1:2 allocation at a ratio of 1: a third of the deaths on the reference arm, then twice as many of each."""
    cut = DataCut(10.0, 1.0, shape, (400, 800), 300, 300 * times)
    found = cut_correlation(cut, 4000, 1)
    d, e = 100.0, 200.0
    expected = math.sqrt(e / (d + e)) if times == 1 else (1 / (2 * d)) / math.sqrt(1 / d * (1 / (2 * d) + 1 / (2 * e)))
    assert found.maximum_likelihood.correlation == pytest.approx(expected, abs=0.02)
    sd = 1.0 / (shape * math.sqrt(d)), math.sqrt((1 / d + 1 / e) / times)
    assert found.maximum_likelihood.sd == pytest.approx(sd, rel=0.05)
    assert found.kaplan_meier.correlation < found.maximum_likelihood.correlation - 0.05


@pytest.mark.slow
@pytest.mark.parametrize("cut", [PNET, LATER])
def test_a_slow_simulation_written_apart_agrees(cut):
    rows = slow(cut, 1500, 3)
    found = cut_correlation(cut, 20_000, 1)
    reached = np.isfinite(rows[:, 0])
    assert reached.mean() == pytest.approx(found.kaplan_meier.used / 20_000, abs=0.05)
    for column, kept, one in ((1, slice(None), found.maximum_likelihood), (0, reached, found.kaplan_meier)):
        assert np.corrcoef(rows[kept, column], rows[kept, 2])[0, 1] == pytest.approx(one.correlation, abs=0.06)
        assert (rows[kept, column].std(), rows[kept, 2].std()) == pytest.approx(one.sd, rel=0.08)


@pytest.mark.slow
def test_crossover_hardly_moves_it():
    """Half of the placebo arm on a hazard of 0.7 from half of the median on: survival as randomised contains it."""
    with_it, without = (slow(PNET, 1500, 4, crossover=share) for share in (0.5, 0.0))
    correlations = [np.corrcoef(rows[:, 1], rows[:, 2])[0, 1] for rows in (with_it, without)]
    assert correlations[0] == pytest.approx(correlations[1], abs=0.03)
    assert np.median(with_it[:, 1]) > np.median(without[:, 1])


def test_the_same_seed_gives_the_same_and_the_unit_of_time_does_not_matter():
    months, again, other = (cut_correlation(PNET, 300, seed) for seed in (1, 1, 2))
    assert months == again
    assert months != other
    years = cut_correlation(DataCut(31.1 / 12, 0.95, 1.03, (31, 64), 31, 31), 300, 1)
    assert years.maximum_likelihood.correlation == pytest.approx(months.maximum_likelihood.correlation, rel=1e-9)
    assert (years.entry, years.later) == pytest.approx((months.entry / 12, 0.0), rel=1e-9)


@pytest.mark.parametrize(
    ("figures", "match"),
    [
        ((31.1, 0.95, 0.0, (31, 64), 31, 31), "above 0"),
        ((31.1, 0.95, 1.0, (0, 64), 31, 31), "expected 1 or more an arm"),
        ((31.1, 0.95, 1.0, (31, 64), 31, 30), "no fewer later"),
        ((31.1, 0.95, 1.0, (31, 64), 31, 95), "fewer than 95 patients"),
    ],
)
def test_refuses_what_no_trial_is(figures, match):
    with pytest.raises(NotIdentified, match=match):
        DataCut(*figures)


def test_too_few_deaths_cannot_be_correlated():
    with pytest.raises(NotIdentified, match="too few to correlate them"):
        cut_correlation(DataCut(31.1, 0.95, 1.0, (2, 2), 0.2, 0.2), 200)
