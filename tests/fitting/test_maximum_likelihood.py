"""Maximum likelihood against flexsurv, closed forms, duplicates and truncation; refusals by name."""

import csv
import json
import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize

from netcea.fitting.candidates import Candidate, candidates
from netcea.fitting.log_likelihood import LogLikelihood
from netcea.fitting.maximum_likelihood import LikelihoodFit, Refused, fit_family, fit_patients
from netcea.fitting.patients import Patients
from netcea.fitting.published_figures import NotIdentified

DATA = Path(__file__).parents[1] / "reference_data"
RECORDS = json.loads((DATA / "flexsurv_fits.json").read_text("utf8"))["fits"]
FAMILIES = {
    "exp": "exponential",
    "weibull": "weibull",
    "weibullPH": "weibull_ph",
    "gompertz": "gompertz",
    "lnorm": "log_normal",
    "llogis": "log_logistic",
    "gamma": "gamma",
    "gengamma": "generalised_gamma",
}
NUMERICAL_HESSIAN = {("lung", "covariate", "gompertz")}
"""There flexsurv differentiates with steps of 0.001 a shape whose standard error is 0.0003: its variance is off by 38%."""


def file_of(name):
    """Where a data set lies; flexsurv's own are not copied, since their licence is the GPL."""
    folders = [DATA, *([Path(os.environ["NETCEA_REFERENCE"], "data")] if os.environ.get("NETCEA_REFERENCE") else [])]
    return next((path for folder in folders if (path := folder / f"{name}.csv").is_file()), None)


@cache
def table(name):
    with file_of(name).open(encoding="utf8") as file:
        return list(csv.DictReader(file))


def patients(name, group="ALL"):
    rows = table(name)
    levels = sorted({row["group"] for row in rows})
    if group not in ("ALL", "covariate"):
        rows = [row for row in rows if row["group"] == group]
    dummies = {f"group{level}": [float(row["group"] == level) for row in rows] for level in levels[1:]}
    return Patients.of(
        [float(row["time"]) for row in rows],
        [float(row["event"]) for row in rows],
        covariates=dummies if group == "covariate" else None,
    )


def candidate(record):
    if record["dist"] == "survspline":
        return Candidate("royston_parmar", record["spline_scale"], record["k"])
    return Candidate(FAMILIES[record["dist"]])


def case(record):
    return f"{record['dataset']} {record['group']} {candidate(record).name}"


def test_every_data_set_is_there():
    missing = sorted({record["dataset"] for record in RECORDS if file_of(record["dataset"]) is None})
    if missing:
        pytest.skip(f"set NETCEA_REFERENCE to a folder with {', '.join(f'data/{name}.csv' for name in missing)}")


@pytest.mark.parametrize("record", [record for record in RECORDS if file_of(record["dataset"])], ids=case)
class TestFlexsurv:
    def test_likelihood_at_its_estimates(self, record):
        data = patients(record["dataset"], record["group"])
        at = LogLikelihood(candidate(record).model(data), data)(np.array(record["par_realline"]))
        assert at.value == pytest.approx(record["loglik"], abs=1e-9)

    def test_maximum(self, record):
        data = patients(record["dataset"], record["group"])
        found = fit_family(candidate(record), data)
        theirs = np.array(record["par_realline"])
        at = LogLikelihood(found.family, data)(theirs)
        away = np.linalg.solve(-at.hessian, at.gradient)  # Newton's step from their estimates: how far they are off
        gap = 0.5 * float(at.gradient @ away)
        assert found.log_likelihood - record["loglik"] == pytest.approx(gap, rel=0.2, abs=1e-8)
        assert gap < 2e-5  # flexsurv stops where its numerical gradient (splines on the normal scale) cannot see more
        se = np.sqrt(np.diag(found.covariance))
        assert np.abs(found.real_line - (theirs + away)).max() < 1e-4 * se.max() + 1e-4 * np.abs(theirs).max()
        if gap < 1e-10:
            assert found.real_line == pytest.approx(theirs, rel=1e-4, abs=1e-4 * se.min())
        assert (found.n, found.events) == (record["N"], record["events"])
        assert found.aic == pytest.approx(record["AIC"], abs=1e-4)
        assert found.bic == pytest.approx(record["BIC_logN"], abs=1e-4)

    def test_covariance(self, record):
        data = patients(record["dataset"], record["group"])
        found = fit_family(candidate(record), data)
        theirs = np.array(record["cov_realline"])
        off = np.abs(found.covariance / theirs - 1.0).max()
        known = (record["dataset"], record["group"], record["dist"]) in NUMERICAL_HESSIAN
        assert (off > 0.3) if known else (off < 1e-2)

    def test_knots_and_curve(self, record):
        if record["group"] == "covariate":
            return
        found = fit_family(candidate(record), patients(record["dataset"], record["group"]))
        if "knots" in record:
            assert list(found.family.constants.values()) == pytest.approx(record["knots"], rel=1e-12)
        curve, at = found.curve(), record["survival_at"]
        assert curve.survival(at["times"]) == pytest.approx(
            np.array(at["S"]), abs=2e-4 if record.get("spline_scale") == "normal" else 5e-6
        )
        assert curve.median == pytest.approx(record["median"], rel=1e-3)
        assert curve.restricted_mean(record["tmax"]) == pytest.approx(record["rmst_to_tmax"], rel=1e-4)


def test_covariance_where_flexsurv_differs_equals_differences_of_the_score():
    data = patients("lung", "covariate")
    found = fit_family(Candidate("gompertz"), data)
    likelihood = LogLikelihood(found.family, data)
    columns = []
    for j, se in enumerate(np.sqrt(np.diag(found.covariance))):
        step = np.zeros(3)
        step[j] = 1e-4 * se
        up, down = (likelihood(found.real_line + sign * step).gradient for sign in (1.0, -1.0))
        columns.append((up - down) / (2e-4 * se))
    assert found.covariance == pytest.approx(np.linalg.inv(-np.array(columns)), rel=1e-6)


@pytest.mark.parametrize("model", [c for c in candidates() if c.base is None], ids=lambda c: c.name)
class TestData:
    def test_weight_2_is_the_patient_twice(self, model):
        data = patients("lung")
        twice = Patients.of(np.tile(data.time, 2), np.tile(data.event, 2))
        weighted = Patients.of(data.time, data.event, weight=np.full(data.n, 2.0))
        a, b, once = (fit_family(model, d) for d in (twice, weighted, data))
        assert a.log_likelihood == pytest.approx(b.log_likelihood, rel=1e-12)
        assert a.real_line == pytest.approx(b.real_line, rel=1e-6, abs=1e-8)
        assert a.covariance == pytest.approx(once.covariance / 2.0, rel=1e-4)
        assert b.n == once.n

    def test_patients_split_in_time_are_the_same_patients(self, model):
        """A patient until 200 days, and the same from then on: the likelihood does not change."""
        data = patients("lung")
        late = data.time > 200.0
        split = Patients.of(
            np.concatenate([np.minimum(data.time, 200.0), data.time[late]]),
            np.concatenate([np.where(late, 0.0, data.event), data.event[late]]),
            entry=np.concatenate([np.zeros(data.n), np.full(int(late.sum()), 200.0)]),
        )
        whole, parts = fit_family(model, data), fit_family(model, split)
        assert parts.log_likelihood == pytest.approx(whole.log_likelihood, abs=1e-8)
        assert parts.real_line == pytest.approx(whole.real_line, rel=1e-5, abs=1e-7)
        assert parts.covariance == pytest.approx(whole.covariance, rel=1e-4)

    def test_another_unit_of_time_moves_the_likelihood_alone(self, model):
        data = patients("lung")
        years = Patients.of(data.time / 365.25, data.event)
        a, b = fit_family(model, data), fit_family(model, years)
        assert b.log_likelihood - a.log_likelihood == pytest.approx(data.events * np.log(365.25), abs=1e-6)
        assert a.curve().survival([100.0, 500.0, 2000.0]) == pytest.approx(
            b.curve().survival(np.array([100.0, 500.0, 2000.0]) / 365.25), abs=1e-7
        )


class TestClosedForms:
    def test_exponential(self):
        data = Patients.of([1.0, 2.0, 4.0, 6.0], [1, 0, 1, 1], entry=[0.0, 1.0, 2.0, 0.0], weight=[1.0, 2.0, 1.0, 3.0])
        found = fit_family(Candidate("exponential"), data)
        person_time, events = 1.0 + 2.0 + 2.0 + 18.0, 1.0 + 1.0 + 3.0
        assert found.estimates["rate"] == pytest.approx(events / person_time, rel=1e-12)
        assert found.covariance[0, 0] == pytest.approx(1.0 / events, rel=1e-12)
        assert found.log_likelihood == pytest.approx(events * np.log(events / person_time) - events, rel=1e-12)

    def test_log_normal_without_censoring(self):
        t = np.array([1.0, 2.0, 5.0, 9.0, 30.0])
        found = fit_family(Candidate("log_normal"), Patients.of(t, np.ones(5)))
        assert found.estimates["meanlog"] == pytest.approx(np.log(t).mean(), rel=1e-10)
        assert found.estimates["sdlog"] == pytest.approx(np.log(t).std(), rel=1e-10)
        assert found.covariance == pytest.approx(np.diag([np.log(t).var() / 5, 1 / 10]), rel=1e-8, abs=1e-10)

    def test_piecewise_exponential(self):
        data = patients("lung")
        found = fit_family(Candidate("piecewise_exponential", breaks=(200.0, 500.0)), data)
        for j, (start, end) in enumerate(((0.0, 200.0), (200.0, 500.0), (500.0, np.inf))):
            inside = (data.time >= start) & (data.time < end) & (data.event == 1)
            exposure = (np.clip(data.time, start, end) - start).clip(0.0).sum()
            assert found.estimates[f"rate{j}"] == pytest.approx(inside.sum() / exposure, rel=1e-10)
            assert found.covariance[j, j] == pytest.approx(1 / inside.sum(), rel=1e-10)

    def test_hazard_ratio_of_two_exponential_arms(self):
        data = Patients.of([2.0, 3.0, 5.0, 9.0], [1, 1, 1, 0], covariates={"drug": [0.0, 0.0, 1.0, 1.0]})
        found = fit_family(Candidate("exponential"), data)
        assert found.estimates["drug"] == pytest.approx(np.log((1 / 14) / (2 / 5)), rel=1e-8)
        assert found.curve({"drug": 1.0}).hazard(1.0) == pytest.approx(1 / 14, rel=1e-8)
        assert found.curve().hazard(1.0) == pytest.approx(2 / 5, rel=1e-8)

    @pytest.mark.parametrize("name", ["mixture_cure", "non_mixture_cure"])
    def test_cure_models_equal_another_optimiser(self, name):
        random = np.random.default_rng(3)
        n = 400
        failing = np.where(random.uniform(size=n) < 0.4, np.inf, 3.0 * random.weibull(1.4, n))
        censored = random.uniform(1.0, 15.0, n)
        time, event = np.minimum(failing, censored), failing <= censored

        def minus(theta):
            cured, a, b = 1 / (1 + np.exp(-theta[0])), np.exp(theta[1]), np.exp(theta[2])
            s = np.exp(-((time / b) ** a))
            f = a / b * (time / b) ** (a - 1) * s
            if name == "mixture_cure":
                return -np.where(event, np.log((1 - cured) * f), np.log(cured + (1 - cured) * s)).sum()
            return -(event * np.log(-np.log(cured) * f) + np.log(cured) * (1 - s)).sum()

        best = optimize.minimize(
            minus, [0.0, 0.0, 1.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 9999}
        )
        found = fit_family(Candidate(name, base="weibull"), Patients.of(time, event))
        assert found.log_likelihood == pytest.approx(-best.fun, abs=1e-7)
        assert found.real_line == pytest.approx(best.x, abs=1e-4)


class TestRefusals:
    def test_every_family_is_answered(self):
        few = Patients.of([1.0, 2.0, 3.0], [1, 0, 1])
        found = fit_patients(few)
        assert [one.name for one in found] == [c.name for c in candidates()]
        assert all(isinstance(one, LikelihoodFit) or one.reason for one in found)

    def test_no_event(self):
        for one in fit_patients(Patients.of([1.0, 2.0], [0, 0])):
            assert isinstance(one, Refused)
            assert "no event: all 2 are censored" in one.reason

    @pytest.mark.parametrize("n", [1, 2, 3, 40])
    def test_all_at_one_time(self, n):
        found = {one.name: one for one in fit_patients(Patients.of(np.full(n, 2.0), np.ones(n)))}
        assert found["exponential"].estimates["rate"] == pytest.approx(0.5)
        assert {name for name, one in found.items() if isinstance(one, LikelihoodFit)} == {"exponential"}
        assert "no maximum" in found["weibull"].reason
        assert "coincide" in found["royston_parmar_hazard_1"].reason

    def test_one_patient_says_why(self):
        found = fit_patients(Patients.of([3.0], [1]))
        assert [one.name for one in found if isinstance(one, LikelihoodFit)] == ["exponential"]

    def test_no_cure_is_said(self):
        random = np.random.default_rng(1)
        data = Patients.of(random.weibull(1.5, 300), np.ones(300))
        with pytest.raises(NotIdentified, match="cure_fraction goes to 0"):
            fit_family(Candidate("mixture_cure", base="weibull"), data)

    def test_a_piece_without_events(self):
        with pytest.raises(NotIdentified, match="no event between 5 and 8"):
            fit_family(Candidate("piecewise_exponential", breaks=(5.0, 8.0)), Patients.of([1.0, 2.0, 9.0], [1, 1, 1]))

    def test_covariates_of_cure_models(self):
        data = Patients.of([1.0, 2.0, 3.0], [1, 1, 0], covariates={"arm": [0, 1, 1]})
        with pytest.raises(NotIdentified, match="fit each arm apart"):
            fit_family(Candidate("mixture_cure", base="weibull"), data)

    def test_a_covariate_that_is_constant(self):
        data = Patients.of([1.0, 2.0, 3.0], [1, 1, 0], covariates={"arm": [1, 1, 1]})
        with pytest.raises(NotIdentified, match="positive definite"):
            fit_family(Candidate("exponential"), data)

    @pytest.mark.parametrize(
        ("columns", "message"),
        [
            ({"time": [1, -2], "event": [1, 1]}, "time of patient 2: found -2; expected 0 or more"),
            ({"time": [1, np.nan], "event": [1, 1]}, "time of patient 2: found nan; expected a number"),
            ({"time": [1, np.inf], "event": [1, 1]}, "time of patient 2: found inf"),
            (
                {"time": [0, 2], "event": [1, 1]},
                "time of patient 1: found 0; expected more than 0, because it has an event",
            ),
            ({"time": [1, 2], "event": [1, 2]}, "event of patient 2: found 2; expected 1 for an event or 0"),
            ({"time": [1, 2], "event": [1, 1], "entry": [0, 2]}, "entry of patient 2: found 2; expected a time before"),
            ({"time": [1, 2], "event": [1, 1], "weight": [0, 2]}, "weight of patient 1: found 0; expected above 0"),
            ({"time": [1, 2], "event": [1]}, "event: found 1 values; expected 2"),
            ({"time": [], "event": []}, "found no patient"),
        ],
    )
    def test_what_cannot_be(self, columns, message):
        with pytest.raises(ValueError, match=message):
            Patients.of(**columns)

    def test_censored_at_0_says_nothing(self):
        a = fit_family(Candidate("weibull"), Patients.of([0.0, 1.0, 2.0, 3.0], [0, 1, 1, 0]))
        b = fit_family(Candidate("weibull"), Patients.of([1.0, 2.0, 3.0], [1, 1, 0]))
        assert a.log_likelihood == b.log_likelihood
        assert a.real_line.tolist() == b.real_line.tolist()


def test_the_ends_of_the_search_do_not_hide_a_maximum():
    """A non-mixture cure model almost without a cure: the likelihood differs by 0.01 between no cure and its maximum."""
    random = np.random.default_rng(8)
    time = 160.0 * random.weibull(1.1, 400)
    data = Patients.of(np.minimum(time, 32.0), time < 32.0)
    model = Candidate("non_mixture_cure", base="weibull")
    likelihood = LogLikelihood(model.model(data), data)
    found = [one for one in fit_patients(data, [model, Candidate("weibull")]) if isinstance(one, LikelihoodFit)]
    highest = max(one.log_likelihood for one in found)
    for logit in np.linspace(-8.0, 3.0, 12):
        best = optimize.minimize(
            lambda x, c=logit: -likelihood(np.array([c, *x])).value, found[-1].real_line, method="Nelder-Mead"
        )
        assert -best.fun < highest + 1e-5
