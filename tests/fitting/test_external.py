"""External terms of a likelihood: closed forms, derivatives against differences, weights, order, families, bootstrap."""

import numpy as np
import pytest
from scipy import optimize, stats

from netcea.fitting.bootstrap import bootstrap, external_again
from netcea.fitting.candidates import Candidate, candidates
from netcea.fitting.external.beliefs import SCALES, Counted, Judged
from netcea.fitting.external.elicited import of_quantiles
from netcea.fitting.external.terms import ExternalTerm, ExternalTerms
from netcea.fitting.joint_fit import effect_of, fit_jointly
from netcea.fitting.log_likelihood import LogLikelihood
from netcea.fitting.maximum_likelihood import fit_family, fit_patients
from netcea.fitting.patients import Patients
from netcea.fitting.published_figures import NotIdentified

NOBODY = Patients.of([0.0], [0])
"""One who is censored at the start, which says nothing."""
BELIEFS = (
    Counted.counts(60.0, 80.0),
    Counted.counts(5.0, 5.0),
    Counted.counts(0.0, 3.0),
    Counted.beta(6.0, 14.0),
    *(Judged(scale, mean, 0.3) for scale, mean in zip(SCALES, (0.4, -1.0, -0.5, 0.1), strict=True)),
)


def patients(n=120, seed=5):
    """A trial with a falling hazard, censored at 4."""
    times = np.sort(np.random.default_rng(seed).weibull(0.8, n) * 3.0)
    return Patients.of(np.minimum(times, 4.0), (times < 4.0).astype(float))


def terms(*beliefs, start=0.0, stop=8.0, weight=1.0, kind="elicited"):
    return ExternalTerms(tuple(ExternalTerm("source", kind, start, stop, belief, weight) for belief in beliefs))


def registry(*rows, weight=1.0):
    return ExternalTerms(
        tuple(ExternalTerm("registry", "counts", a, b, Counted.counts(r, n), weight) for a, b, r, n in rows)
    )


# ------------------------------------------------------------------------------------------------ one term
@pytest.mark.parametrize("belief", BELIEFS, ids=str)
def test_derivatives_by_the_cumulative_hazard(belief):
    d, step = np.array([0.05, 0.4, 1.0, 3.0]), 1e-6
    at, up, down = (belief.of_hazard(d + shift) for shift in (0.0, step, -step))
    np.testing.assert_allclose(at.first, (up.value - down.value) / (2.0 * step), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(at.second, (up.first - down.first) / (2.0 * step), rtol=1e-6, atol=1e-6)


def test_values_are_those_of_the_distributions():
    d = np.array([0.2, 1.5])
    p = np.exp(-d)
    np.testing.assert_allclose(Counted.counts(7.0, 10.0).of_hazard(d).value, stats.binom.logpmf(7, 10, p), rtol=1e-12)
    of_log_odds = stats.beta.logpdf(p, 2.5, 7.0) + np.log(p * (1.0 - p))
    np.testing.assert_allclose(Counted.beta(2.5, 7.0).of_hazard(d).value, of_log_odds, rtol=1e-12)
    of = {"survival": p, "log": np.log(p), "logit": np.log(p / (1.0 - p)), "log_minus_log": np.log(-np.log(p))}
    for scale, g in of.items():
        found = Judged(scale, -0.4, 0.3).of_hazard(d).value
        np.testing.assert_allclose(found, stats.norm.logpdf(g, -0.4, 0.3), rtol=1e-12)


@pytest.mark.parametrize("scale", list(SCALES))
def test_effective_patients_give_the_same_curvature_as_a_binomial(scale):
    mean = {"survival": 0.3, "log": np.log(0.3), "logit": np.log(0.3 / 0.7), "log_minus_log": np.log(-np.log(0.3))}
    said = Judged(scale, float(mean[scale]), 0.2)
    d = np.array([-np.log(0.3)])
    assert said.mode == pytest.approx(0.3, rel=1e-12)
    same = Counted.counts(0.3 * said.patients, said.patients)
    np.testing.assert_allclose(said.of_hazard(d).second, same.of_hazard(d).second, rtol=1e-10)


# ------------------------------------------------------------------------------------------------ closed forms
@pytest.mark.parametrize(("start", "stop"), [(0.0, 2.0), (5.0, 6.0)])
def test_an_exponential_from_counts_alone(start, stop):
    fit = fit_family(Candidate("exponential"), NOBODY, registry((start, stop, 90.0, 100.0)))
    rate = -np.log(0.9) / (stop - start)
    assert fit.estimates["rate"] == pytest.approx(rate, rel=1e-9)
    lost = 10.0 / 0.1 * 0.9 * np.log(0.9) ** 2 / 0.1  # information about log(rate): n p / (1 - p) x (log p)^2
    assert fit.covariance[0, 0] == pytest.approx(1.0 / lost, rel=1e-8)


def test_counts_of_several_intervals_alone():
    rows = [(5.0, 6.0, 90.0, 100.0), (6.0, 7.0, 70.0, 90.0), (8.0, 10.0, 40.0, 60.0)]
    fit = fit_family(Candidate("exponential"), NOBODY, registry(*rows))

    def score(rate):
        return sum(-r * (b - a) + (n - r) * (b - a) / np.expm1(rate * (b - a)) for a, b, r, n in rows)

    assert fit.estimates["rate"] == pytest.approx(optimize.brentq(score, 1e-3, 2.0, xtol=1e-14), rel=1e-9)


def test_an_exponential_trial_and_a_beta():
    trial = patients()
    fit = fit_family(Candidate("exponential"), trial, terms(Counted.beta(4.0, 26.0), stop=10.0))

    def score(rate):
        p = np.exp(-10.0 * rate)
        return trial.events / rate - trial.person_time - 10.0 * p * (4.0 / p - 26.0 / (1.0 - p))

    assert fit.estimates["rate"] == pytest.approx(optimize.brentq(score, 1e-3, 2.0, xtol=1e-14), rel=1e-9)


def test_an_exponential_trial_and_a_normal_logarithm():
    trial = patients()
    fit = fit_family(Candidate("exponential"), trial, terms(Judged("log", -2.0, 0.25), stop=10.0, weight=0.5))
    # d / rate - T + 0.5 x 10 (2 - 10 rate) / 0.0625 = 0: a quadratic
    a, b, c = -50.0 * 0.5 * 2.0 / 0.0625, 0.5 * 20.0 / 0.0625 - trial.person_time, float(trial.events)
    rate = (-b - np.sqrt(b**2 - 4.0 * a * c)) / (2.0 * a)
    assert fit.estimates["rate"] == pytest.approx(rate, rel=1e-9)


# ------------------------------------------------------------------------------------------------ every family
@pytest.mark.parametrize("candidate", candidates(), ids=lambda one: one.name)
def test_gradient_and_hessian_of_every_family(candidate):
    trial = patients()
    of = ExternalTerms(
        (
            *terms(*BELIEFS[3:]).terms,
            ExternalTerm("registry", "counts", 5.0, 6.0, Counted.counts(40.0, 50.0), 0.7),
            ExternalTerm("paper", "landmark", 0.0, 3.0, Judged("log_minus_log", 0.1, 0.2), 1.5),
        )
    )
    family = candidate.model(trial)
    likelihood = LogLikelihood(family, trial, of)
    near = _or_none(candidate, trial)
    theta = np.full(len(family.parameters), -0.5)
    if near is not None:
        theta = near.real_line + 0.2 * np.linalg.cholesky(near.covariance).sum(axis=1)
    at, step = likelihood(theta), 1e-6
    assert at.is_finite
    shifts = np.eye(len(theta)) * step
    ups, downs = ([likelihood(theta + sign * row) for row in shifts] for sign in (1.0, -1.0))
    gradient = [(up.value - down.value) / (2.0 * step) for up, down in zip(ups, downs, strict=True)]
    hessian = [(up.gradient - down.gradient) / (2.0 * step) for up, down in zip(ups, downs, strict=True)]
    np.testing.assert_allclose(at.gradient, gradient, rtol=1e-5, atol=2e-5 * np.abs(at.gradient).max())
    np.testing.assert_allclose(at.hessian, hessian, rtol=1e-4, atol=1e-5 * np.abs(at.hessian).max())
    assert np.linalg.eigvalsh(at.scores).min() > -1e-8


def _or_none(candidate, trial):
    try:
        return fit_family(candidate, trial)
    except NotIdentified:
        return None


@pytest.mark.parametrize("candidate", [one for one in candidates() if one.base is None], ids=lambda one: one.name)
def test_every_family_is_pulled_towards_what_is_elicited(candidate):
    trial, said = patients(), Judged("logit", -3.0, 0.05)
    fits = fit_family(candidate, trial), fit_family(candidate, trial, terms(said, stop=12.0))
    away = [abs(float(fit.curve().survival(12.0)) - said.mode) for fit in fits]
    assert away[1] < max(0.5 * away[0], 0.005)


def test_what_is_elicited_may_deny_a_cure():
    trial, cure = patients(), Candidate("mixture_cure", base="weibull")
    assert cure.name == "mixture_cure_weibull"
    high = terms(Judged("logit", -1.0, 0.1), Judged("logit", -1.1, 0.1), stop=30.0)
    assert fit_family(cure, trial, high).estimates["cure_fraction"] > 0.15
    (refused,) = fit_patients(trial, [cure], terms(Judged("logit", -3.0, 0.05), stop=12.0))
    assert "cure_fraction goes to 0" in refused.reason


# ------------------------------------------------------------------------------------------------ weights, order
def test_a_weight_of_0_is_the_fit_without():
    trial = patients()
    for candidate in (Candidate("weibull"), Candidate("royston_parmar", "odds", 1)):
        without = fit_family(candidate, trial)
        with_it = fit_family(candidate, trial, registry((5.0, 6.0, 10.0, 50.0), weight=0.0))
        assert with_it.real_line.tolist() == without.real_line.tolist()
        assert with_it.log_likelihood == without.log_likelihood
        assert with_it.covariance.tolist() == without.covariance.tolist()


def test_a_large_weight_gives_the_elicited_survival():
    said, misses = Counted.beta(4.0, 26.0), []
    for weight in (1.0, 30.0, 1000.0, 30000.0):
        fit = fit_family(Candidate("exponential"), patients(), terms(said, stop=10.0, weight=weight))
        misses.append(abs(float(fit.curve().survival(10.0)) - said.mode))
    assert misses == sorted(misses, reverse=True)
    assert misses[-1] < 1e-4 < misses[0]


def test_a_weight_of_a_half_is_half_the_patients():
    trial, weibull = patients(), Candidate("weibull")
    half = fit_family(weibull, trial, registry((5.0, 6.0, 80.0, 100.0), weight=0.5))
    fewer = fit_family(weibull, trial, registry((5.0, 6.0, 40.0, 50.0)))
    np.testing.assert_allclose(half.real_line, fewer.real_line, rtol=1e-8)
    np.testing.assert_allclose(half.covariance, fewer.covariance, rtol=1e-6)


def test_the_order_of_terms_and_splits_of_them_change_nothing():
    trial, weibull = patients(), Candidate("weibull")
    rows = [(5.0, 6.0, 80.0, 100.0), (6.0, 7.0, 60.0, 80.0), (7.0, 9.0, 30.0, 60.0)]
    orders = [fit_family(weibull, trial, registry(*order)) for order in (rows, rows[::-1])]
    np.testing.assert_allclose(orders[0].real_line, orders[1].real_line, rtol=1e-10)
    halves = fit_family(weibull, trial, registry(*[(a, b, r / 2.0, n / 2.0) for a, b, r, n in rows * 2]))
    np.testing.assert_allclose(orders[0].real_line, halves.real_line, rtol=1e-9)


def test_the_unit_of_time_changes_nothing():
    trial, weibull = patients(), Candidate("weibull")
    months = Patients.of(12.0 * trial.time, trial.event)
    years = fit_family(weibull, trial, registry((5.0, 6.0, 80.0, 100.0)))
    also = fit_family(weibull, months, registry((60.0, 72.0, 80.0, 100.0)))
    assert also.estimates["shape"] == pytest.approx(years.estimates["shape"], rel=1e-9)
    assert also.estimates["scale"] == pytest.approx(12.0 * years.estimates["scale"], rel=1e-9)


def test_contributions_add_up():
    trial = patients()
    of = ExternalTerms((*registry((5.0, 6.0, 80.0, 100.0)).terms, *terms(Counted.beta(4.0, 9.0), weight=0.3).terms))
    fit = fit_family(Candidate("log_normal"), trial, of)
    own = LogLikelihood(fit.family, trial)(fit.real_line).value
    curve = fit.curve()
    assert fit.log_likelihood == pytest.approx(own + of.values(curve.survival).sum(), rel=1e-12)
    p = curve.survival(6.0) / curve.survival(5.0)
    assert of.values(curve.survival)[0] == pytest.approx(stats.binom.logpmf(80, 100, p), rel=1e-10)


# ------------------------------------------------------------------------------------------------ arms, bootstrap
def test_all_arms_together_take_the_terms_of_each():
    arms = {"old": Patients.of([2.0, 4.0], [1, 1]), "new": Patients.of([4.0, 8.0], [1, 1])}
    external = {"new": registry((0.0, 5.0, 30.0, 60.0)), "old": registry((3.0, 4.0, 20.0, 50.0))}
    fit = fit_jointly(arms, "old", [Candidate("exponential")], external).fitted[0]
    for arm, those in arms.items():  # two exponentials with an effect between them are one for each arm
        alone = fit_family(Candidate("exponential"), those, external[arm])
        log_rate = fit.real_line[0] + (effect_of(fit, "new").estimate if arm == "new" else 0.0)
        assert log_rate == pytest.approx(float(alone.real_line[0]), rel=1e-8)


def test_counts_alone_drawn_again_spread_as_the_information_says():
    for weight in (1.0, 0.5):
        alone = fit_family(Candidate("exponential"), NOBODY, registry((5.0, 6.0, 900.0, 1000.0), weight=weight))
        again = bootstrap(alone, NOBODY, {"all": 1}, 300, seed=2)
        assert again.failed == 0
        assert again.covariance[0, 0] == pytest.approx(alone.covariance[0, 0], rel=0.2)


def test_patients_and_counts_are_both_drawn_again():
    rate = Candidate("exponential")
    trial = Patients.of(np.random.default_rng(3).exponential(10.0, 60), np.ones(60))
    fit = fit_family(rate, trial, registry((5.0, 6.0, 270.0, 300.0)))
    both = bootstrap(fit, trial, {"all": 60}, 300, seed=2)
    assert both.covariance[0, 0] == pytest.approx(fit.covariance[0, 0], rel=0.35)


def test_the_same_seed_draws_the_same_survivals_whatever_the_weight():
    half, whole = (registry((5.0, 6.0, 90.0, 100.0), weight=weight) for weight in (0.25, 1.0))
    moved = [[of.terms[0].belief.kept - 90.0 for of in external_again(one, 5, 7)] for one in (half, whole)]
    away = np.array(moved)
    inside = np.abs(away[0]) < 10.0 - 1e-9  # no more survive than there are
    assert inside.any()
    np.testing.assert_allclose(away[0][inside], 2.0 * away[1][inside], rtol=1e-9)


# ------------------------------------------------------------------------------------------------ elicitation
@pytest.mark.parametrize(("a", "b"), [(3.0, 9.0), (40.0, 6.0), (0.7, 1.5)])
def test_quantiles_of_a_beta_give_it_back(a, b):
    for probabilities in ((0.05, 0.5, 0.95), (0.25, 0.5, 0.75), (0.1, 0.9)):
        found = of_quantiles({p: float(stats.beta.ppf(p, a, b)) for p in probabilities})
        assert (found.belief.kept, found.belief.lost) == pytest.approx((a, b), rel=1e-5)
        assert found.belief.interval == pytest.approx(tuple(stats.beta.ppf([0.025, 0.975], a, b)), rel=1e-4)
        assert np.abs(found.misses).max() < 1e-8


@pytest.mark.parametrize("scale", list(SCALES))
def test_quantiles_of_a_normal_give_it_back(scale):
    mean, se = {"survival": (0.4, 0.05), "log": (-1.2, 0.2), "logit": (-1.0, 0.5), "log_minus_log": (0.2, 0.3)}[scale]
    said = Judged(scale, mean, se)
    stated = {}
    for p in (0.1, 0.5, 0.9):
        ends = SCALES[scale].share(np.array(stats.norm.ppf([p, 1.0 - p], mean, se)))
        stated[p] = float(ends[0] if scale != "log_minus_log" else ends[1])
    found = of_quantiles(stated, "normal", scale)
    assert (found.belief.mean, found.belief.se) == pytest.approx((said.mean, said.se), rel=1e-6)


def test_quantiles_that_no_beta_has_are_met_as_near_as_can_be():
    stated = {0.05: 0.02, 0.5: 0.2, 0.95: 0.3}
    found = of_quantiles(stated)
    best = optimize.minimize(
        lambda x: sum((stats.beta.cdf(v, *np.exp(x)) - p) ** 2 for p, v in stated.items()),
        np.log([3.0, 12.0]),
        method="Nelder-Mead",
        options={"xatol": 1e-10, "fatol": 1e-16},
    )
    assert sum(miss**2 for miss in found.misses) == pytest.approx(best.fun, rel=1e-6)


@pytest.mark.parametrize(
    ("stated", "message"),
    [({0.5: 0.2}, "two or more"), ({0.05: 0.3, 0.95: 0.2}, "rises"), ({0.05: 0.3, 0.95: 1.2}, "between 0 and 1")],
)
def test_quantiles_that_are_refused(stated, message):
    with pytest.raises(NotIdentified, match=message):
        of_quantiles(stated)
