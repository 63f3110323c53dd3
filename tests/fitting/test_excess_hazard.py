"""Excess hazard (relative survival): closed forms, numerical derivatives, identities with other software, known truth."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize

from netcea.fitting.background import Background, one_after_another
from netcea.fitting.bootstrap import bootstrap
from netcea.fitting.candidates import Candidate, candidates
from netcea.fitting.joint_fit import fit_jointly
from netcea.fitting.log_likelihood import LogLikelihood
from netcea.fitting.maximum_likelihood import LikelihoodFit, Refused, fit_family, fit_patients
from netcea.fitting.patients import Patients
from netcea.fitting.published_figures import NotIdentified

MODELS = pytest.mark.parametrize("model", candidates(), ids=lambda c: c.name)


def reference(name):
    """Columns of a data set of survextrap (GPL), which is read where it lies and not copied."""
    folder = os.environ.get("NETCEA_REFERENCE", "")
    path = Path(folder, "survival", f"{name}.csv")
    if not folder or not path.is_file():
        pytest.skip(f"set NETCEA_REFERENCE to a folder with survival/{name}.csv")
    with path.open(encoding="utf8") as file:
        rows = list(csv.DictReader(file))
    return {key: np.array([row[key] for row in rows]) for key in rows[0]}


def simulated(n=400, seed=1, *, cured=0.3, end=8.0):
    """Patients of whom some are cured of an excess Weibull hazard; the general population's differs from one to another."""
    rng = np.random.default_rng(seed)
    hazard = rng.uniform(0.01, 0.06, n)
    other = rng.exponential(1.0 / hazard)
    own = np.where(rng.uniform(size=n) < cured, np.inf, 2.0 * rng.weibull(1.3, n))
    t = np.minimum(np.minimum(own, other), end)
    return Patients.of(t, (t < end) * 1.0, background=Background(hazard, hazard * t))


def without(patients):
    return Patients.of(patients.time, patients.event, patients.entry, patients.weight)


class TestExponential:
    """A constant background: every derivative and the maximum by hand."""

    patients = Patients.of(
        [1.0, 2.0, 4.0, 7.0],
        [1, 1, 0, 1],
        entry=[0.0, 0.5, 0.0, 1.0],
        weight=[1.0, 2.0, 1.0, 0.5],
        background=Background(np.array([0.05, 0.02, 0.9, 0.1]), np.array([0.04, 0.03, 0.2, 0.3])),
    )

    def test_likelihood(self):
        rate = 0.2
        at = LogLikelihood(Candidate("exponential").model(self.patients), self.patients)(np.log([rate]))
        events = np.log(0.25) + 2.0 * np.log(0.22) + 0.5 * np.log(0.3)
        time = 1.0 + 2.0 * 1.5 + 4.0 + 0.5 * 6.0
        expected = 0.04 + 2.0 * 0.03 + 0.2 + 0.5 * 0.3
        assert at.value == pytest.approx(events - rate * time - expected, rel=1e-14)
        assert at.gradient[0] == pytest.approx(0.2 / 0.25 + 2 * 0.2 / 0.22 + 0.5 * 0.2 / 0.3 - rate * time, rel=1e-13)

    def test_maximum_solves_the_score(self):
        found = fit_family(Candidate("exponential"), self.patients)
        rate = found.estimates["rate"]
        assert 1.0 / (0.05 + rate) + 2.0 / (0.02 + rate) + 0.5 / (0.1 + rate) == pytest.approx(11.0, rel=1e-7)

    def test_a_constant_background_for_all_is_a_difference_of_rates(self):
        """sum d / (h* + rate) = T with one h*: rate = d / T - h*."""
        time = np.array([1.0, 2.0, 3.0, 6.0])
        same = Patients.of(time, [1, 1, 1, 0], background=Background(np.full(4, 0.1), 0.1 * time))
        assert fit_family(Candidate("exponential"), same).estimates["rate"] == pytest.approx(3 / 12 - 0.1, rel=1e-9)

    def test_the_general_population_alone_is_refused(self):
        time = np.array([1.0, 2.0, 3.0, 6.0])
        same = Patients.of(time, [1, 0, 0, 0], background=Background(np.full(4, 0.1), 0.1 * time))
        with pytest.raises(NotIdentified, match="excess hazard goes to 0"):
            fit_family(Candidate("exponential"), same)


@MODELS
class TestEveryFamily:
    def test_derivatives(self, model):
        data = simulated()
        family = model.model(data)
        likelihood = LogLikelihood(family, data)
        at = fit_family(model, without(data)).real_line + (0.0 if model.family == "royston_parmar" else 0.03)
        here = likelihood(at)
        step = 1e-5
        for j in range(len(at)):
            up, down = at.copy(), at.copy()
            up[j] += step
            down[j] -= step
            higher, lower = likelihood(up), likelihood(down)
            assert (higher.value - lower.value) / (2 * step) == pytest.approx(here.gradient[j], rel=1e-5, abs=1e-4)
            slopes = (higher.gradient - lower.gradient) / (2 * step)
            assert slopes == pytest.approx(here.hessian[j], rel=1e-4, abs=1e-3)

    def test_identity_with_the_all_cause_likelihood(self, model):
        """flexsurv's `bhazard`: the ordinary log-likelihood and the sum over events of log(1 + h* / h)."""
        data = simulated()
        family = model.model(data)
        at = fit_family(model, without(data)).real_line
        values = {p.name: x for p, x in zip(family.parameters, at, strict=True)}
        values = {p.name: _published(p.real_line, values[p.name]) for p in family.parameters}
        died = data.event == 1.0
        hazard = np.asarray(family(**values).hazard(data.time[died]))
        more = np.log1p(data.background.hazard[died] / hazard).sum()
        ordinary = LogLikelihood(family, without(data))(at).value
        assert LogLikelihood(family, data)(at).value + data.expected == pytest.approx(ordinary + more, rel=1e-10)

    def test_no_background_is_no_change(self, model):
        data = simulated()
        none = Patients.of(data.time, data.event, background=Background(np.zeros(data.n), np.zeros(data.n)))
        a, b = fit_family(model, none), fit_family(model, without(data))
        assert a.log_likelihood == pytest.approx(b.log_likelihood, rel=1e-10)

    def test_is_fitted_and_nothing_else_is_higher(self, model):
        data = simulated(seed=2)
        found = fit_family(model, data)
        assert (
            found.log_likelihood >= LogLikelihood(found.family, data)(fit_family(model, without(data)).real_line).value
        )
        assert np.abs(LogLikelihood(found.family, data)(found.real_line).gradient).max() < 1e-3

    def test_patients_split_in_time_are_the_same_patients(self, model):
        data = simulated()
        late = data.time > 1.0
        hazard = data.background.hazard
        split = Patients.of(
            [*np.minimum(data.time, 1.0), *data.time[late]],
            [*np.where(late, 0.0, data.event), *data.event[late]],
            entry=[*np.zeros(data.n), *np.ones(late.sum())],
            background=Background(
                np.array([*hazard, *hazard[late]]),
                np.array([*hazard * np.minimum(data.time, 1.0), *(hazard * (data.time - 1.0))[late]]),
            ),
        )
        family = model.model(data)
        at = fit_family(model, without(data)).real_line
        assert LogLikelihood(family, split)(at).value == pytest.approx(LogLikelihood(family, data)(at).value, rel=1e-10)


def _published(scale, x):
    return {"log": np.exp, "identity": float, "logit": lambda v: 1.0 / (1.0 + np.exp(-v))}[scale](x)


def test_weight_2_is_the_patient_twice():
    data = simulated()
    twice = Patients.of(
        np.tile(data.time, 2), np.tile(data.event, 2), background=one_after_another([data.background] * 2)
    )
    weighted = Patients.of(data.time, data.event, weight=np.full(data.n, 2.0), background=data.background)
    for model in (Candidate("weibull"), Candidate("mixture_cure", base="weibull")):
        a, b = fit_family(model, twice), fit_family(model, weighted)
        assert a.log_likelihood == pytest.approx(b.log_likelihood, rel=1e-12)
        assert a.real_line == pytest.approx(b.real_line, rel=1e-6, abs=1e-8)


def test_a_cure_model_finds_the_cured_and_all_causes_do_not():
    """30% are cured of a Weibull excess (1.3, 2); within three standard errors, and all causes together far from it."""
    data = simulated(4000, cured=0.3, end=15.0)
    model = Candidate("mixture_cure", base="weibull")
    found = fit_family(model, data)
    truth = np.array([np.log(0.3 / 0.7), np.log(1.3), np.log(2.0)])
    assert np.all(np.abs(found.real_line - truth) < 3.0 * np.sqrt(np.diag(found.covariance)))
    plain = fit_family(model, without(data))
    assert plain.real_line[0] < truth[0] - 10.0 * np.sqrt(found.covariance[0, 0])


def test_arms_together():
    """Two arms with twice the excess hazard of each other and one background: the ratio is that of the excess."""
    rng = np.random.default_rng(3)

    def arm(rate):
        t = np.minimum(rng.exponential(1.0 / (rate + 0.05), 3000), 10.0)
        return Patients.of(t, (t < 10.0) * 1.0, background=Background(np.full(3000, 0.05), 0.05 * t))

    fit = fit_jointly({"old": arm(0.2), "new": arm(0.1)}, "old", [Candidate("exponential")]).fitted[0]
    found, se = fit.real_line[1], np.sqrt(fit.covariance[1, 1])
    assert abs(found - np.log(0.5)) < 3.0 * se
    assert se < 0.06


def test_bootstrap_draws_the_background_with_its_patient():
    data = simulated(300)
    fit = fit_family(Candidate("exponential"), data)
    again = bootstrap(fit, data, {"all": 300}, 200, seed=1)
    assert again.failed == 0
    assert np.sqrt(again.covariance[0, 0]) == pytest.approx(np.sqrt(fit.covariance[0, 0]), rel=0.25)
    assert again.found.mean() == pytest.approx(fit.real_line[0], abs=0.02)


def test_a_replicate_without_excess_fails_and_is_not_counted_as_a_tiny_hazard():
    time = np.full(30, 2.0)
    event = np.array([1.0] * 7 + [0.0] * 23)
    data = Patients.of(time, event, background=Background(np.full(30, 0.1), 0.1 * time))
    again = bootstrap(fit_family(Candidate("exponential"), data), data, {"all": 30}, 100, seed=1)
    drawn_without = np.exp(again.found[:, 0]).min()
    assert again.failed > 10
    assert drawn_without > 1e-3


@MODELS
def test_fewer_deaths_than_expected(model):
    """Either refused, or higher than the likelihood without any excess (a spike at the end of follow-up may be)."""
    rng = np.random.default_rng(5)
    time = np.minimum(np.ceil(rng.exponential(20.0, 60)), 10.0)
    data = Patients.of(time, (time < 10.0) * 1.0, background=Background(np.full(60, 0.08), 0.08 * time))
    none = data.events * np.log(0.08) - data.expected
    found = fit_patients(data, [model])[0]
    if model.family in ("exponential", "gompertz", "piecewise_exponential"):
        assert isinstance(found, Refused)
        assert "until the excess hazard is 0" in found.reason or "excess hazard goes to 0" in found.reason
    if isinstance(found, Refused):
        assert "no maximum" in found.reason
    else:
        assert found.log_likelihood > none + 1e-3


class TestSurvextrap:
    """The control arm of a trial in head and neck cancer, with the hazards of the general population by year."""

    @pytest.fixture
    def cetuximab(self):
        trial, population = reference("survextrap_cetux"), reference("survextrap_cetux_bh")
        at, hazard = population["time"].astype(float), population["hazard"].astype(float)
        years, died = trial["years"].astype(float), trial["d"].astype(float)
        own = hazard[np.searchsorted(at, years, side="right") - 1]
        cumulative = np.concatenate([[0.0], np.cumsum(np.diff(at) * hazard[:-1])])
        until = np.interp(years, at, cumulative)
        return Patients.of(years, died, background=Background(own, until))

    def test_every_family(self, cetuximab):
        fits = fit_patients(cetuximab)
        assert all(isinstance(fit, LikelihoodFit) for fit in fits), [f.reason for f in fits if isinstance(f, Refused)]

    def test_an_independent_optimiser_finds_the_same_weibull(self, cetuximab):
        """With flexsurv's form of the likelihood, written anew, by a simplex search."""
        died, t = cetuximab.event == 1.0, cetuximab.time

        def minus(theta):
            shape, scale = np.exp(theta)
            h = shape / scale * (t / scale) ** (shape - 1.0)
            ordinary = np.log(h[died]).sum() - ((t / scale) ** shape).sum()
            return -(ordinary + np.log1p(cetuximab.background.hazard[died] / h[died]).sum())

        theirs = optimize.minimize(minus, [0.0, 1.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
        ours = fit_family(Candidate("weibull"), cetuximab)
        assert ours.real_line == pytest.approx(theirs.x, abs=1e-6)
        assert ours.log_likelihood + cetuximab.expected == pytest.approx(-theirs.fun, abs=1e-8)

    def test_cured_of_simulated_data(self):
        """Simulated by the package: half are cured (x = 0), and the others' excess has an end."""
        data = reference("survextrap_curedata")
        x = data["x"].astype(float) == 0.0
        t, d = data["t"].astype(float)[x], data["status"].astype(float)[x]
        hazard = np.full(len(t), 0.01)
        found = fit_family(
            Candidate("mixture_cure", base="weibull"), Patients.of(t, d, background=Background(hazard, 0.01 * t))
        )
        plain = fit_family(Candidate("mixture_cure", base="weibull"), Patients.of(t, d))
        assert found.estimates["cure_fraction"] > plain.estimates["cure_fraction"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "sets"), [(Candidate("weibull"), 1000), (Candidate("mixture_cure", base="weibull"), 100)], ids=str
)
def test_95_percent_intervals_cover(model, sets):
    """Over simulated data sets of patients who differ in what is expected of them, within three binomial errors."""
    cured = 0.3 if model.base else 0.0
    truth = np.log([1.3, 2.0]) if not model.base else np.array([np.log(0.3 / 0.7), *np.log([1.3, 2.0])])
    inside = []
    for seed in range(sets):
        found = fit_family(model, simulated(300, seed, cured=cured))
        inside.append(np.abs(found.real_line - truth) < 1.96 * np.sqrt(np.diag(found.covariance)))
    assert np.all(np.abs(np.mean(inside, axis=0) - 0.95) < 3.0 * np.sqrt(0.95 * 0.05 / sets))
