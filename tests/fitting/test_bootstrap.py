"""Bootstrap of fits: closed forms, failures, the same patients for every family, intervals beside the delta method."""

import numpy as np
import pytest

from netcea.fitting.bootstrap import bootstrap, drawn_again
from netcea.fitting.candidates import Candidate
from netcea.fitting.maximum_likelihood import fit_family
from netcea.fitting.patients import Patients
from netcea.fitting.uncertain_summaries import uncertain_summaries


@pytest.fixture(scope="module")
def patients():
    random = np.random.default_rng(4)
    time, censoring = 10.0 * random.weibull(1.4, 200) + 0.01, random.uniform(5.0, 25.0, 200)
    return Patients.of(np.minimum(time, censoring), time <= censoring)


def test_an_exponentials_replicates_are_events_by_time(patients):
    fit = fit_family(Candidate("exponential"), patients)
    found = bootstrap(fit, patients, {"all": 200}, 60, seed=7)
    for row, counts in zip(found.real_line, drawn_again({"all": 200}, 60, 7), strict=True):
        rate = (counts * patients.event).sum() / (counts * patients.time).sum()
        assert float(np.exp(row[0])) == pytest.approx(rate, rel=1e-5)


def test_replicates_are_fits_to_the_patients_drawn(patients):
    fit = fit_family(Candidate("weibull"), patients)
    found = bootstrap(fit, patients, {"all": 200}, 50)
    counts = next(drawn_again({"all": 200}, 1, 1)).astype(int)
    rows = np.repeat(np.arange(200), counts)
    again = fit_family(Candidate("weibull"), Patients.of(patients.time[rows], patients.event[rows]))
    assert found.real_line[0] == pytest.approx(again.real_line, abs=1e-5)


def test_arms_are_drawn_by_themselves():
    both = list(drawn_again({"old": 4, "new": 6}, 5, 3))
    alone = list(drawn_again({"new": 6}, 5, 3))
    assert all((one[4:] == other).all() for one, other in zip(both, alone, strict=True))
    assert all(one[:4].sum() == 4 for one in both)


def test_failures_are_counted():
    few = Patients.of([1.0, 2.0, 3.0, 4.0], [1, 0, 0, 0])  # (3/4)^4 of the replicates draw no event
    found = bootstrap(fit_family(Candidate("exponential"), few), few, {"all": 4}, 400)
    assert found.failed / 400 == pytest.approx(0.75**4, abs=0.07)
    assert len(found.found) == 400 - found.failed
    assert np.isfinite(found.covariance).all()


def test_too_few_replicates(patients):
    with pytest.raises(ValueError, match="expected 50 or more"):
        bootstrap(fit_family(Candidate("exponential"), patients), patients, {"all": 200}, 10)


def test_delta_method_of_an_exponential(patients):
    fit = fit_family(Candidate("exponential"), patients)
    said = {one.name: one for one in uncertain_summaries(bootstrap(fit, patients, {"all": 200}, 300), 25.0, 12.0)}
    rate, events = fit.estimates["rate"], patients.events
    one_year = said["S(1 years)"]
    assert one_year.value == pytest.approx(np.exp(-12 * rate), rel=1e-9)
    assert one_year.delta_se == pytest.approx(12 * rate * np.exp(-12 * rate) / np.sqrt(events), rel=1e-6)
    ends = [np.exp(-12 * rate * np.exp(sign * 1.959964 / np.sqrt(events))) for sign in (1, -1)]
    assert one_year.delta == pytest.approx(ends, rel=1e-6)
    median = said["median"]
    assert median.value == pytest.approx(np.log(2) / rate / 12, rel=1e-9)
    assert median.delta_se == pytest.approx(median.value / np.sqrt(events), rel=1e-6)
    assert said["mean to 40 years"].value == pytest.approx(-np.expm1(-480 * rate) / rate / 12, rel=1e-9)
    assert said["rate"].delta_se == pytest.approx(rate / np.sqrt(events), rel=1e-6)


def test_bootstrap_and_delta_method_agree_for_the_true_family(patients):
    fit = fit_family(Candidate("weibull"), patients)
    for one in uncertain_summaries(bootstrap(fit, patients, {"all": 200}, 400), 25.0, 12.0):
        if one.name in ("shape", "scale", "S(1 years)", "median", "mean to 40 years"):
            assert one.bootstrap_se == pytest.approx(one.delta_se, rel=0.25), one.name
            assert one.bootstrap[0] < one.value < one.bootstrap[1]
