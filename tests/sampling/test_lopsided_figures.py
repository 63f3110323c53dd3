"""Published figures whose intervals are lopsided, in fits: draws, moments, one-way moves, against closed forms by hand."""

import numpy as np
import pytest
from scipy import stats

from netcea.analyses.psa.moment_checks import expected_of
from netcea.analyses.shared.moved_blocks import columns_at
from netcea.loading import load
from netcea.sampling.sampler import Sampler

PFS = "survival.cabinet_epnet.pfs_nejm"
FIGURES = [f"{PFS}.{name}" for name in ("median_placebo", "median_cabozantinib", "hazard_ratio")]
PARAMETERS = [f"{PFS}.weibull.{name}" for name in ("shape", "scale_placebo", "hazard_ratio")]
M0, M1, RATIO = 3.9, 8.4, 0.38
R = np.array([[1.0, -0.021, 0.496], [-0.021, 1.0, -0.573], [0.496, -0.573, 1.0]])
Z = 1.959963984540054
ENDS = {"median_placebo": (3.0, 5.7), "median_cabozantinib": (7.6, 12.7)}
N = 16384


def of(family):
    """The base case with both medians of a family."""
    sets = {f"{PFS}.{name}.uncertainty": {family: {"low": a, "high": b}} for name, (a, b) in ENDS.items()}
    return load("epnet", sets)


@pytest.fixture(scope="module")
def split():
    return of("split_log_normal")


@pytest.fixture(scope="module")
def centred():
    return of("centred_log_normal")


def slopes():
    """Derivatives of log shape, log scale (years) and log ratio by log m0, log m1 and log ratio, by hand.

    shape a = -log(ratio) / log(m1 / m0); scale = m0 / log(2)^(1 / a), so log scale = log m0 - log(log 2) / a.
    """
    by_log_shape = np.array([1.0, -1.0, 0.0]) / np.log(M1 / M0) + np.array([0.0, 0.0, 1.0]) / np.log(RATIO)
    shape = -np.log(RATIO) / np.log(M1 / M0)
    by_scale = np.array([1.0, 0.0, 0.0]) + np.log(np.log(2.0)) / shape * by_log_shape
    return np.array([by_log_shape, by_scale, [0.0, 0.0, 1.0]])


def errors(rows, scenario):
    """Errors of the figures on their logarithms, from drawn parameters."""
    joint = next(j for j in scenario.joint if j.addresses[0] == PARAMETERS[0])
    away = np.array([np.log(rows[a][:, 0]) for a in PARAMETERS]) - joint.estimates[:, np.newaxis]
    return np.linalg.solve(slopes(), away)


@pytest.mark.parametrize("method", ["pseudo_random", "sobol"])
def test_what_is_drawn_has_the_published_interval(split, centred, method):
    for scenario, medians in ((split, (M0, M1)), (centred, [np.sqrt(a * b) for a, b in ENDS.values()])):
        found = errors(Sampler(scenario, 1, method).rows(0, N), scenario)
        for error, value, centre, ends in zip(found, (M0, M1), medians, ENDS.values(), strict=False):
            quantiles = value * np.exp(np.quantile(error, [0.025, 0.5, 0.975]))
            assert quantiles == pytest.approx([ends[0], centre, ends[1]], rel=0.02)
    below = np.mean(M1 * np.exp(errors(Sampler(load("epnet"), 1, method).rows(0, N), split)[1]) < 7.6)
    assert below == pytest.approx(0.22, abs=0.01)  # of the base case, which takes the width of the interval


def test_deviates_keep_their_correlations(split):
    found = errors(Sampler(split, 1).rows(0, N), split)
    spreads = [(np.log(v / a) / Z, np.log(b / v) / Z) for v, (a, b) in zip((M0, M1), ENDS.values(), strict=True)]
    deviates = [e / np.where(e < 0, below, above) for e, (below, above) in zip(found, spreads, strict=False)]
    deviates.append(found[2] / (np.log(0.59 / 0.25) / (2 * Z)))
    assert np.corrcoef(deviates) == pytest.approx(R, abs=0.03)
    for z in deviates:
        assert stats.kstest(z, "norm").pvalue > 1e-4


def test_moments_are_those_of_a_slow_twin(split, centred):
    """Deviates with the correlations, errors half by half, parameters by the derivatives: a million, written apart."""
    w = np.linalg.cholesky(R) @ np.random.default_rng(9).standard_normal((3, 1_000_000))
    sd = np.log(0.59 / 0.25) / (2 * Z)
    for scenario in (split, centred):
        y = [sd * w[2]]
        for z, value, (low, high) in zip(w[1::-1], (M1, M0), reversed(ENDS.values()), strict=True):
            width = np.log(high / low) / (2 * Z)
            halves = np.where(z < 0, np.log(value / low), np.log(high / value)) / Z * z
            y.insert(0, halves if scenario is split else np.log(np.sqrt(low * high) / value) + width * z)
        joint = next(j for j in scenario.joint if j.addresses[0] == PARAMETERS[0])
        x = joint.estimates[:, np.newaxis] + slopes() @ np.array(y)
        mean, sds = joint.moments()
        assert mean == pytest.approx(x.mean(axis=1), abs=5e-3 * sds.max())
        assert sds == pytest.approx(x.std(axis=1), rel=5e-3)
        expected = expected_of(scenario)
        assert [expected[a].mean for a in PARAMETERS] == pytest.approx(mean.tolist(), rel=1e-12)


def test_an_interval_that_is_even_draws_what_ci95_does(split):
    even = {f"{PFS}.{name}.uncertainty": {"split_log_normal": {"low": 4.0, "high": 9.0}} for name in ENDS}
    even |= {f"{PFS}.{name}.value": 6.0 for name in ENDS} | {f"{PFS}.median_cabozantinib.value": 12.0}
    even[f"{PFS}.median_cabozantinib.uncertainty"] = {"split_log_normal": {"low": 6.0, "high": 24.0}}
    as_ci = {
        a: {"ci95": {**b["split_log_normal"], "scale": "log"}} for a, b in even.items() if a.endswith("uncertainty")
    }
    one, other = (Sampler(load("epnet", sets), 1).rows(0, 64) for sets in (even, {**even, **as_ci}))
    for address in PARAMETERS:
        assert one[address] == pytest.approx(other[address], rel=1e-9)


def test_a_figure_at_its_end_takes_the_others_to_their_conditional_means(split):
    """At 7.6, the 2.5% point, the ratio's deviate is -0.573 x -1.96, and the placebo median's -0.021 x -1.96."""
    found = columns_at(split, {FIGURES[1]: np.array([7.6])})
    ratio = RATIO * np.exp(np.log(0.59 / 0.25) / (2 * Z) * 0.573 * Z)
    m0 = M0 * np.exp(np.log(5.7 / M0) / Z * 0.021 * Z)
    shape = -np.log(ratio) / np.log(7.6 / m0)
    assert found[PARAMETERS[0]] == pytest.approx([shape], rel=1e-9)
    assert found[PARAMETERS[2]] == pytest.approx([ratio], rel=1e-9)


def test_point_estimates_are_those_of_the_base_case(split, centred):
    base = load("epnet")
    for scenario in (split, centred):
        for mine, other in zip(scenario.joint, base.joint, strict=True):
            assert mine.estimates.tolist() == other.estimates.tolist()
        at = columns_at(scenario, {FIGURES[0]: np.array([M0])})
        joint = next(j for j in base.joint if j.addresses[0] == PARAMETERS[0])
        assert [float(np.log(at[a][0])) for a in PARAMETERS] == pytest.approx(joint.estimates.tolist(), rel=1e-9)
