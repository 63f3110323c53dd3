"""Value of information: analytic cases, the numbers of voi and BCEA on their own data, and what must hold between them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from helpers.reference_cases import cea, columns, costs_and_effects
from netcea.decision.value_of_information import Regressors, StudyData, evpi, evppi, evsi, people_reached
from netcea.decision.value_of_information.evsi import isotonic
from netcea.decision.value_of_information.piecewise import PiecewiseColumns

N = 20_000
SLOPES = np.array([1000.0, 500.0, 300.0, 800.0, 200.0, 600.0])


def unit_loss(mean, sd):
    """E[max(0, N(mean, sd^2))]."""
    z = mean / sd
    return mean * 0.5 * math.erfc(-z / math.sqrt(2)) + sd * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def deviates(n, k, seed=1):
    """Independent normal columns with exactly the moments of the distribution, so that noise does not hide a bias."""
    z = np.random.default_rng(seed).standard_normal((n, k))
    z -= z.mean(axis=0)
    return z @ np.linalg.inv(np.linalg.cholesky(np.cov(z.T, ddof=0).reshape(k, k))).T


THETA = deviates(N, 6)


def linear(mean=-300.0):
    return np.array([np.zeros(N), mean + THETA @ SLOPES])


# ------------------------------------------------------------------------------------ analytic
@pytest.mark.parametrize(
    ("known", "method"),
    [
        *((known, "spline") for known in ([0], [3], [0, 1], [1, 2, 3], [0, 1, 2, 3, 4])),
        ([0, 1], "gaussian_process"),
        pytest.param([0], "gaussian_process", marks=pytest.mark.slow),
        pytest.param([1, 2, 3], "gaussian_process", marks=pytest.mark.slow),
        pytest.param([0, 1, 2, 3, 4], "gaussian_process", marks=pytest.mark.slow),
    ],
)
def test_linear_gaussian_evppi(known, method):
    expected = unit_loss(-300.0, math.sqrt((SLOPES[known] ** 2).sum()))
    found = evppi(linear(), THETA[:, known], method)
    assert found.value == pytest.approx(expected, rel=0.02)
    assert found.fit_check == "good"
    assert 0.0 < found.standard_error < 0.05 * expected


def test_three_strategies():
    """Max of three correlated normals, by brute force on the exact conditional means."""
    nmb = np.array([np.zeros(N), -200 + THETA @ SLOPES, -100 + THETA @ SLOPES[::-1]])
    known = [0, 5]
    exact = np.array(
        [np.zeros(N), -200 + THETA[:, known] @ SLOPES[known], -100 + THETA[:, known] @ SLOPES[::-1][known]]
    )
    truth = exact.max(axis=0).mean() - max(exact.mean(axis=1))
    assert evppi(nmb, THETA[:, known]).value == pytest.approx(truth, rel=0.02)


@pytest.mark.parametrize("n", [10, 50, 400])
def test_linear_gaussian_evsi(n):
    """A study of one mean: the preposterior variance is the prior's times n / (n + sd^2)."""
    sd = 5.0
    theta = deviates(100_000, 1)
    nmb = np.array([np.zeros(len(theta)), -300.0 + theta @ SLOPES[:1]])
    expected = unit_loss(-300.0, 1000.0 * math.sqrt(1 / (1 + sd**2 / n)))
    found = evsi([nmb], theta, [StudyData("mean", sd=sd)], [n])[0]
    assert found.raw[0] == pytest.approx(expected, rel=0.02)


def test_a_study_of_two_quantities():
    expected = unit_loss(-300.0, math.sqrt((1000.0**2 + 800.0**2) / (1 + 25 / 100)))
    found = evsi([linear()], THETA[:, [0, 3]], [StudyData("mean", sd=5.0)] * 2, [100])[0]
    assert found.raw[0] == pytest.approx(expected, rel=0.02)


def test_a_hazard_ratio_is_learnt_through_events():
    """Prior log HR ~ N(m, s^2), net benefit linear in it; a trial with d events, 1:1, has variance 4 / d."""
    prior = 0.4
    log_ratio = -0.05 + prior * THETA[:, 0]
    nmb = np.array([np.zeros(N), -2000.0 * log_ratio - 100.0])
    events = 300 * 0.6
    share = prior**2 / (prior**2 + 4 / events)
    expected = unit_loss(0.0, 2000.0 * prior * math.sqrt(share))
    data = [StudyData("hazard_ratio", event_share=0.6)]
    found = evsi([nmb], np.exp(log_ratio)[:, np.newaxis], data, [300])[0]
    assert found.raw[0] == pytest.approx(expected, rel=0.02)


def test_a_proportion_is_learnt_by_counting():
    """Beta prior, binomial data: the posterior mean is known, so the exact EVSI is a mean over draws of it."""
    random = np.random.default_rng(4)
    p = random.beta(4.0, 6.0, N)
    nmb = np.array([np.zeros(N), 10_000.0 * (p - 0.42)])
    n = 25
    count = random.binomial(n, p)
    posterior = 10_000.0 * ((4.0 + count) / (10.0 + n) - 0.42)
    expected = np.maximum(posterior, 0.0).mean() - max(posterior.mean(), 0.0)
    assert evsi([nmb], p[:, np.newaxis], [StudyData("proportion")], [n])[0].raw[0] == pytest.approx(expected, rel=0.03)


def test_interactions_are_found():
    """E[max(0, 1000 x y)] = 1000 / pi; each alone is worth nothing, which an additive model would say of both."""
    nmb = np.array([np.zeros(N), 1000.0 * THETA[:, 0] * THETA[:, 1] + 500.0 * THETA[:, 2]])
    assert evppi(nmb, THETA[:, [0, 1]]).value == pytest.approx(1000.0 / math.pi, rel=0.03)
    assert evppi(nmb, THETA[:, [0, 1, 3, 4, 5]]).value == pytest.approx(1000.0 / math.pi, rel=0.04)
    assert evppi(nmb, THETA[:, [0]]).value < 15.0


def test_a_step_and_a_heavy_tail():
    noise = 500.0 * THETA[:, 2]
    step = np.where(THETA[:, 0] > 0.3, 500.0, -400.0)
    truth = np.maximum(step, 0.0).mean() - max(step.mean(), 0.0)
    assert evppi(np.array([np.zeros(N), step + noise]), THETA[:, [0]]).value == pytest.approx(truth, rel=0.05)
    tail = 1000.0 * np.exp(THETA[:, 0]) - 1700.0
    truth = np.maximum(tail, 0.0).mean() - max(tail.mean(), 0.0)
    assert evppi(np.array([np.zeros(N), tail + noise]), np.exp(THETA[:, [0]])).value == pytest.approx(truth, rel=0.02)


def test_counts_are_factors():
    count = np.random.default_rng(5).binomial(3, 0.5, N)
    value = np.array([-900.0, 400.0, -300.0, 800.0])[count]
    truth = np.maximum(value, 0.0).mean() - max(value.mean(), 0.0)
    nmb = np.array([np.zeros(N), value + 300.0 * THETA[:, 0]])
    assert evppi(nmb, count[:, np.newaxis].astype(float)).value == pytest.approx(truth, rel=0.02)


# ------------------------------------------------------------------------------------ what must hold
def test_nothing_is_worth_more_than_everything():
    nmb = linear()
    most = evpi(nmb)[0]
    single, pair = evppi(nmb, THETA[:, [0]]), evppi(nmb, THETA[:, [0, 3]])
    for n, value in zip(
        (20, 100, 1000), evsi([nmb], THETA[:, [0]], [StudyData("mean", sd=5.0)], [20, 100, 1000])[0].value, strict=True
    ):
        assert 0.0 <= value <= single.value, n
    assert single.value <= pair.value + 2 * pair.standard_error
    assert pair.value <= most


def test_evsi_rises_to_evppi():
    found = evsi([linear()], THETA[:, [0]], [StudyData("mean", sd=5.0)], [5, 20, 80, 320, 1280, 100_000])[0]
    assert np.all(np.diff(found.value) >= 0.0)
    assert found.value[-1] == pytest.approx(found.evppi.value, rel=0.01)


def test_what_decides_nothing_is_worth_nothing():
    nmb = linear(-20_000.0)
    assert evppi(nmb, THETA[:, [0]]).value == pytest.approx(0.0, abs=1e-6)
    unrelated = deviates(N, 1, seed=9)
    found = evppi(linear(), unrelated)
    assert found.value <= 2.5 * found.standard_error + 1.0
    constant = evppi(linear(), np.ones((N, 1)))
    assert (constant.value, constant.standard_error) == (0.0, 0.0)
    assert evppi(np.zeros((2, N)), THETA[:, [0]]).value == 0.0


def test_a_quantity_twice_is_the_quantity_once():
    twice = np.stack([THETA[:, 0], 2.0 * THETA[:, 0] + 5.0], axis=1)
    assert evppi(linear(), twice).value == pytest.approx(evppi(linear(), THETA[:, [0]]).value, rel=1e-9)


def test_prepared_once_gives_the_same():
    known = Regressors.of(THETA[:, [0, 1]].T)
    assert evppi(linear(), known) == evppi(linear(), THETA[:, [0, 1]])


def test_too_few_draws_are_refused():
    with pytest.raises(ValueError, match="at least 50"):
        evppi(np.zeros((2, 49)), np.zeros((49, 1)))
    with pytest.raises(ValueError, match="expected 1"):
        evsi([linear()], THETA[:, [0]], [StudyData("proportion")] * 2, [10])


def test_fit_checks_tell_a_bad_fit():
    """Two quantities whose product of high order the columns cannot follow: structure is left, and it is said."""
    random = np.random.default_rng(6)
    x = random.uniform(0.0, 1.0, (4000, 3))
    wave = np.sign(np.sin(9 * np.pi * x[:, 0]) * np.sin(9 * np.pi * x[:, 1]))
    found = evppi(np.array([np.zeros(4000), 1000.0 * wave]), x, "spline")
    assert found.value < 300.0  # the truth is 500
    noisy = evppi(np.array([np.zeros(60), random.normal(size=60)]), random.normal(size=(60, 5)), "spline")
    assert noisy.fit_check == "good" or "noise" in noisy.fit_check


def test_b_splines_add_up_to_one_and_are_cubic():
    x = np.linspace(0.0, 4.0, 201)
    columns_ = PiecewiseColumns.splines(x, np.arange(5.0)).block(slice(0, len(x))).T
    assert columns_.sum(axis=1) == pytest.approx(1.0)
    assert (columns_ >= -1e-15).all()
    fitted = columns_ @ np.linalg.lstsq(columns_, x**3 - 2 * x, rcond=None)[0]
    assert fitted == pytest.approx(x**3 - 2 * x, abs=1e-9)


def test_never_falling_is_the_nearest_rising_curve():
    raw = np.array([3.0, 1.0, 2.0, 5.0, 4.0])
    found = isotonic(raw)
    assert found.tolist() == [2.0, 2.0, 2.0, 4.5, 4.5]
    random = np.random.default_rng(7)
    for _ in range(200):  # no other rising curve is nearer
        other = np.sort(random.normal(3.0, 2.0, 5))
        assert ((raw - found) ** 2).sum() <= ((raw - other) ** 2).sum() + 1e-12


def test_people_reached():
    """Ten cohorts a year, each half a year later on average: the sum tends to the integral."""
    parts = 10_000
    t = (np.arange(10 * parts) + 0.5) / parts
    assert people_reached(250.0, 10.0, 0.035) == pytest.approx((250.0 / parts * 1.035**-t).sum(), rel=1e-8)


# ------------------------------------------------------------------------------------ numbers of others
def test_voi_evpi():
    table, reference = columns("voi_chemo"), cea()["voi_chemo"]
    nmb = np.array([table["nb_SoC"], table["nb_Novel"]])
    assert evpi(nmb)[0] == pytest.approx(reference["evpi_nb"], rel=1e-9)
    costs, effects = costs_and_effects("voi_chemo", ["SoC", "Novel"])
    for k, value in zip(reference["evpi_cea"]["k"], reference["evpi_cea"]["evpi"], strict=True):
        assert evpi(k * effects - costs)[0] == pytest.approx(value, rel=1e-9)


def test_voi_evppi():
    """voi fits a generalised additive model (mgcv): the same quantity by another smoother."""
    table, reference = columns("voi_chemo"), cea()["voi_chemo"]
    nmb = np.array([table["nb_SoC"], table["nb_Novel"]])
    single = reference["evppi_gam_single_nb"]
    for name, value in zip(single["par"], single["evppi"], strict=True):
        found = evppi(nmb, table[name][:, np.newaxis])
        assert abs(found.value - value) <= 2 * found.standard_error, name
    two = reference["evppi_other"]["gam_two"]
    found = evppi(nmb, np.stack([table[name] for name in two["pars"]], axis=1))
    assert abs(found.value - two["evppi"]) <= 2 * found.standard_error


def test_voi_evsi():
    """Binary outcomes of two arms cannot be told from here; the published curve must lie between ours of the same n and EVPPI."""
    reference = cea()["voi_chemo"]
    table = columns("voi_chemo")
    nmb = np.array([table["nb_SoC"], table["nb_Novel"]])
    study = next(s for s in reference["evsi"] if s["study"] == "binary" and s["pars"] == ["p_side_effects_t2"])
    sizes, values = study["result"]["n"], study["result"]["evsi"]
    found = evsi([nmb], table["p_side_effects_t2"][:, np.newaxis], [StudyData("proportion")], sizes)[0]
    for n, ours, theirs, error in zip(sizes, found.raw, values, found.standard_error, strict=True):
        if n >= 100:
            assert abs(ours - theirs) <= max(2.0 * error, 0.06 * theirs), n


def test_bcea_evppi():
    reference = cea()["bcea_vaccine"]
    costs, effects = costs_and_effects("bcea_vaccine", [1, 2])
    parameters = columns("bcea_vaccine_params")
    for entry in reference["evppi"]:
        if entry["method"] != "gam" or any(name not in parameters for name in entry["pars"]):
            continue
        known = np.stack([parameters[name] for name in entry["pars"]], axis=1)
        for k, value in zip(entry["k"], entry["evppi"], strict=True):
            found = evppi(k * effects - costs, known)
            assert abs(found.value - value) <= 2 * found.standard_error + 1e-9, (entry["pars"], k)
