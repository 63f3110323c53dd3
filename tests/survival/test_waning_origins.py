"""Waning since the end of treatment or each patient's discontinuation, and loss of accrued benefit: closed forms."""

import itertools
import math

import numpy as np
import pytest
from scipy import integrate

from helpers.made import Made, assert_made_same
from netcea.survival.accrued_gain import gain_lost
from netcea.survival.treatment_end import leaving, mean_time, median_time
from netcea.survival.waning_since_discontinuation import share_left, shares_of_effect, survival_kept

OWN, OTHER, LEAVES = 0.2, 0.9, 0.7
"""Constant hazards: of death with and without the effect, and of leaving treatment alive. [per year]"""
DRUG, BSC = "strategies.cabozantinib.os", "strategies.best_supportive_care.os"
PFS, TREATED = "strategies.cabozantinib.pfs", "strategies.cabozantinib.time_on_treatment"


def column(*values):
    return np.array(values, float).reshape(-1, 1)


def grid(days=7.0, years=12.0):
    return np.minimum(np.arange(math.ceil(years * 365.25 / days) + 1) * days / 365.25, years)


def discontinued(starts, ends, edges, stops=None, leaves=LEAVES):
    """Cumulative hazard with exponential arms, waning since discontinuation."""
    t = edges[np.newaxis]
    gone = leaving((leaves + OWN) * t, OWN * t, stops, edges)
    return survival_kept(OWN * t, OTHER * t, column(*starts), column(*ends), gone, edges)


# ------------------------------------------------------------------------------------------------ closed forms
def exact(t, lag):
    """S(t) where each patient's hazard jumps from OWN to OTHER `lag` after leaving, which happens at the rate LEAVES."""
    if t <= lag:
        return math.exp(-OWN * t)
    rate = LEAVES + OWN - OTHER
    on_own = math.exp(-OWN * t - LEAVES * (t - lag))
    return on_own + LEAVES * math.exp((OTHER - OWN) * lag - OTHER * t) * -math.expm1(-rate * (t - lag)) / rate


@pytest.mark.parametrize("lag", [0.0, 0.5, 1.234, 20.0])
def test_a_sudden_end_after_each_patients_discontinuation_in_closed_form(lag):
    """The error falls with the square of the cycle."""
    for days in (28.0, 14.0, 7.0):
        edges = grid(days)
        found = np.exp(-discontinued([lag], [lag], edges)[0])
        assert found == pytest.approx([exact(t, lag) for t in edges], abs=0.08 * (days / 365.25) ** 2)


@pytest.mark.parametrize(("starts", "ends"), [(0.0, 2.0), (0.5, 1.5), (1.0, 30.0)])
def test_fading_after_discontinuation_is_the_integral_over_discontinuation_times(starts, ends):
    edges = grid()
    found = np.exp(-discontinued([starts], [ends], edges)[0])

    def mean_left(x):
        """Integral of what is left of the effect from discontinuation to x later."""
        y = min(max(x, starts), ends)
        return min(x, starts) + (y - starts) * (1.0 + (ends - y) / (ends - starts)) / 2.0

    def followed(s, t):
        left = mean_left(t - s)
        return LEAVES * math.exp(-LEAVES * s - OWN * (s + left) - OTHER * (t - s - left))

    for i in (26, 100, 300):
        t = edges[i]
        kinks = sorted({min(max(t - x, 0.0), t) for x in (starts, ends)})
        integral = integrate.quad(followed, 0.0, t, args=(t,), points=kinks, epsabs=1e-12)[0]
        assert found[i] == pytest.approx(math.exp(-(OWN + LEAVES) * t) + integral, rel=2e-5)


def test_fading_after_discontinuation_is_what_patients_followed_one_by_one_have():
    """Weibull arms: 50,000 patients who discontinue, or not, before they die."""
    edges, rng, n = grid(28.0, 6.0), np.random.default_rng(20261130), 50_000
    own, other = 0.1 * edges**1.4, 0.45 * edges**1.2
    treatment = own + (edges / 1.5) ** 0.8
    gone = leaving(treatment[np.newaxis], own[np.newaxis], None, edges)
    found = survival_kept(own[np.newaxis], other[np.newaxis], column(0.3), column(1.8), gone, edges)[0]
    leaves = 1.5 * rng.exponential(size=n) ** (1 / 0.8)
    dies, hazard = rng.exponential(size=n), np.zeros(n)
    steps = np.linspace(0.0, 6.0, 301)
    alive = {}
    for a, b in itertools.pairwise(steps):
        left = np.clip((1.8 - ((a + b) / 2.0 - leaves)) / 1.5, 0.0, 1.0)
        hazard += left * 0.1 * (b**1.4 - a**1.4) + (1.0 - left) * 0.45 * (b**1.2 - a**1.2)
        alive[round(b, 4)] = np.mean(hazard < dies)
    for year in (1.0, 2.0, 4.0, 6.0):
        share = float(np.exp(-np.interp(year, edges, found)))
        assert alive[year] == pytest.approx(share, abs=4.5 * math.sqrt(share * (1.0 - share) / n))


def test_where_everybody_stops_at_one_time_it_is_waning_from_that_time():
    """Nobody leaves before but by death."""
    edges = grid()
    found = discontinued([0.5], [1.5], edges, stops=column(2.0), leaves=0.0)[0]
    left = np.clip(edges, None, 2.5) + np.clip(edges - 2.5, 0.0, 1.0) - np.clip(edges - 2.5, 0.0, 1.0) ** 2 / 2.0
    assert found == pytest.approx(OWN * left + OTHER * (edges - left), rel=1e-3, abs=1e-3)
    after = edges >= 3.5
    assert np.diff(found[after]) == pytest.approx(OTHER * np.diff(edges[after]), rel=1e-9)
    assert found[after] == pytest.approx((OWN * left + OTHER * (edges - left))[after], abs=1e-12)


def test_an_effect_that_outlasts_the_horizon_is_none_that_wanes_and_one_that_ends_at_once_is_the_others():
    edges = grid(28.0)
    assert discontinued([50.0], [60.0], edges)[0] == pytest.approx(OWN * edges, rel=1e-13)
    at_once = discontinued([0.0], [0.0], edges, leaves=1e6)[0]
    gained = (OTHER - OWN) * edges[1] / 2.0  # all leave at the middle of the first cycle
    assert at_once[1:] == pytest.approx(OTHER * edges[1:] - gained, rel=1e-12)


def test_rows_do_not_depend_on_the_rows_beside_them():
    edges, rng = grid(28.0), np.random.default_rng(5)
    starts = rng.uniform(0.0, 3.0, 40)
    ends = starts + rng.choice([0.0, 0.01, 1.0, 4.0], 40)
    together = discontinued(starts, ends, edges, stops=column(*rng.uniform(0.5, 15.0, 40)))
    rng = np.random.default_rng(5)
    rng.uniform(0.0, 3.0, 40), rng.choice([0.0, 0.01, 1.0, 4.0], 40)
    stops = rng.uniform(0.5, 15.0, 40)
    for row in range(40):
        alone = discontinued(starts[[row]], ends[[row]], edges, stops=column(stops[row]))
        assert np.array_equal(together[[row]], alone)


def test_who_would_be_on_treatment_if_nobody_died():
    edges = grid(28.0, 4.0)
    t = edges[np.newaxis]
    gone = leaving((LEAVES + OWN) * t, OWN * t, None, edges)
    assert gone.left[0] == pytest.approx(np.exp(-LEAVES * edges))
    slower_than_death = leaving(0.5 * OWN * t, OWN * t, None, edges)
    assert (slower_than_death.left == 1.0).all()
    stopped = leaving((LEAVES + OWN) * t, OWN * t, column(1.0, 9.0), edges)
    assert (stopped.left[0, edges >= 1.0] == 0.0).all()
    assert stopped.share.sum(axis=1) + stopped.left[:, -1] == pytest.approx([1.0, 1.0])
    mean = (stopped.share[0] * stopped.at[0]).sum()
    assert mean == pytest.approx(-math.expm1(-LEAVES) / LEAVES, rel=3e-4)  # E min(D, 1)


def test_mean_and_median_time_on_treatment():
    edges = grid(7.0, 40.0)
    h = 0.9 * edges[np.newaxis]
    assert mean_time(h, None, edges)[0, 0] == pytest.approx(1.0 / 0.9, rel=1e-4)
    assert mean_time(h, column(1.0, 3.3), edges)[:, 0] == pytest.approx(-np.expm1([-0.9, -2.97]) / 0.9, rel=1e-4)
    assert median_time(h, None, edges)[0, 0] == pytest.approx(math.log(2.0) / 0.9, rel=1e-13)
    assert median_time(h, column(0.5, 3.0), edges)[:, 0] == pytest.approx([0.5, math.log(2.0) / 0.9])
    assert np.isposinf(median_time(0.001 * edges[np.newaxis], None, edges)).all()


# ------------------------------------------------------------------------------------------------ accrued gain
def test_equal_hazards_keep_the_ratio_of_survivals_and_a_gain_that_is_lost_makes_it_one():
    edges = grid(28.0)
    kept = discontinued([0.0], [0.0], edges, stops=column(1.0))[0]
    ratio = np.exp(-kept + OTHER * edges)[edges > 1.1]
    assert ratio == pytest.approx(ratio[0], rel=1e-10)
    assert ratio[0] > 1.2
    t = edges[np.newaxis]
    lost = np.exp(-gain_lost(OWN * t, OTHER * t, share_left(t, column(1.0), column(3.0))))[0]
    assert lost[edges <= 1.0] == pytest.approx(np.exp(-OWN * edges[edges <= 1.0]), rel=1e-14)
    assert lost[edges >= 3.0] == pytest.approx(np.exp(-OTHER * edges[edges >= 3.0]), rel=1e-14)
    k = int(np.searchsorted(edges, 2.2))
    w = (3.0 - edges[k]) / 2.0
    assert lost[k] == pytest.approx(w * math.exp(-OWN * edges[k]) + (1.0 - w) * math.exp(-OTHER * edges[k]))


def test_a_gain_lost_since_discontinuation_is_weighted_by_who_discontinued_when():
    """Exponential discontinuation: w(t) is the mean of exp(-LEAVES (t - x)) over x between T1 and T2."""
    edges = grid()
    t = edges[np.newaxis]
    gone = leaving((LEAVES + OWN) * t, OWN * t, None, edges)
    found = shares_of_effect(column(0.5), column(2.0), gone, edges)[0]
    late = edges > 2.05
    expected = np.exp(-LEAVES * edges[late]) * (math.exp(LEAVES * 2.0) - math.exp(LEAVES * 0.5)) / (LEAVES * 1.5)
    assert found[late] == pytest.approx(expected, rel=1e-4)
    assert (found[edges <= 0.5] == 1.0).all()


def test_nobody_rises_from_the_dead_where_the_own_curve_is_below():
    edges = grid(28.0)
    t = edges[np.newaxis]
    h = gain_lost(OTHER * t, OWN * t, share_left(t, column(1.0), column(1.0)))[0]
    assert (np.diff(h) >= 0.0).all()
    last = h[int(np.searchsorted(edges, 1.0)) - 1]
    assert h == pytest.approx(np.where(edges < 1.0, OTHER * edges, np.maximum(OWN * edges, last)))


# ------------------------------------------------------------------------------------------------ where nobody is left
def test_where_nobody_is_left():
    edges = np.arange(7.0)
    t = edges[np.newaxis]
    ends = np.where(t < 3.0, OTHER * t, np.inf)
    gone = leaving(np.where(t < 2.0, 0.0, np.inf), OWN * t * 0.0, None, edges)  # all leave at 1.5 years
    with_other = survival_kept(OWN * t, ends, column(0.0, 0.0), column(0.0, 9.0), gone, edges)
    assert (np.exp(-with_other[:, 3:]) < 1e-300).all()
    late = survival_kept(OWN * t, ends, column(3.0), column(3.0), gone, edges)[0]
    assert late[:4] == pytest.approx(OWN * edges[:4])
    assert np.isnan(late[5:]).all()  # they were to take on the hazard of nobody
    own = survival_kept(ends, OWN * t, column(0.0, 0.0), column(0.0, 9.0), gone, edges)
    assert own[0] == pytest.approx(np.where(edges < 1.5, OTHER * edges, OTHER * 1.5 + OWN * (edges - 1.5)))
    assert (np.exp(-own[1, 3:]) < 1e-300).all()


# ------------------------------------------------------------------------------------------------ the slow model
SINCE = ("end_of_treatment", "median_time_on_treatment", "mean_time_on_treatment", "discontinuation")


@pytest.mark.parametrize("lost", [False, True], ids=["kept", "lost"])
@pytest.mark.parametrize(("starts", "ends"), [(0.25, 0.25), (0.3, 1.9)], ids=["at once", "fading"])
@pytest.mark.parametrize("since", ["baseline", *SINCE])
def test_as_the_slow_model(since, starts, ends, lost):
    made = Made(sets=["settings.horizon_years=5"])
    for address in (DRUG, BSC):
        made.model(address, background_mortality="hazard_floor")
    stops = made.number(2.03)
    made.model(
        DRUG,
        waning_starts=starts,
        waning_ends=ends,
        waning_towards=BSC,
        waning_since=since,
        waning_treatment=PFS if since not in ("baseline", "end_of_treatment") else None,
        waning_stops=stops if since != "baseline" else None,
        waning_loses_gain=lost,
    )
    assert_made_same(made)


@pytest.mark.parametrize("since", SINCE[1:])
def test_progression_free_survival_with_a_treatment_curve_of_its_own_and_no_stop(since):
    made = Made(sets=["settings.horizon_years=4"])
    made.curve("cabozantinib", "time_on_treatment", "weibull", {"shape": 1.3, "scale": 0.8})
    made.curve("cabozantinib", "pfs", "weibull", {"shape": 1.2, "scale": 1.9})
    towards = "strategies.best_supportive_care.pfs"
    made.model(PFS, waning_starts=0.2, waning_ends=1.1, waning_towards=towards, waning_since=since)
    made.model(PFS, waning_treatment=TREATED)
    assert_made_same(made)
