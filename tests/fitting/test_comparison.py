"""Two arms compared: factors that are known, quantiles, and arms that say nothing."""

import numpy as np
import pytest

from netcea.fitting.comparison import compare, quantiles_of
from netcea.fitting.cox import cox_hazard_ratio
from netcea.fitting.kaplan_meier import kaplan_meier
from netcea.fitting.patients import Patients


def of(time, event=None):
    return Patients.of(time, np.ones(len(time)) if event is None else event)


def test_hazard_ratio_is_coxs_and_the_factor_of_stretched_times_is_known():
    time = np.sort(np.random.default_rng(3).weibull(1.3, 80)) * 10.0
    found = compare(of(time), of(1.7 * time))
    both, arm = np.concatenate([time, 1.7 * time]), np.repeat([0.0, 1.0], 80)
    assert (found.hazard_ratio.log_ratio, found.hazard_ratio.standard_error) == pytest.approx(
        cox_hazard_ratio(both, np.ones(160), arm), rel=1e-8
    )
    assert np.exp(found.acceleration.log_ratio) == pytest.approx(1.7, rel=1e-6)
    assert found.accelerated.candidate.family in ("weibull", "log_normal", "log_logistic", "generalised_gamma")


def test_an_arm_without_events_is_named():
    found = compare(of([3.0, 4.0, 5.0]), of([3.0, 4.0], [0, 0]))
    assert (found.hazard_ratio, found.acceleration) == (None, None)
    assert "no event in the second of the two arms" in found.proportional


def test_three_patients_are_answered():
    found = compare(of([3.0, 4.0]), of([5.0]))
    assert isinstance(found.proportional, str)  # both deaths of the control arm come first
    assert found.acceleration is None or found.acceleration.log_ratio > 0.0


def test_quantiles_are_the_first_times_at_or_below():
    km = kaplan_meier(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 1.0, 0.0, 1.0]))
    assert quantiles_of(km, np.array([0.9, 0.75, 0.6, 0.5, 0.4, 0.0])).tolist() == [1.0, 1.0, 2.0, 2.0, 4.0, 4.0]
    censored = kaplan_meier(np.array([1.0, 2.0]), np.array([1.0, 0.0]))
    assert quantiles_of(censored, np.array([0.5, 0.4])).tolist() == [1.0, np.inf]
