"""95% intervals hold the truth in 93-97% of 2,000 simulated trials, of every family that is fitted."""

import numpy as np
import pytest

from helpers.coverage import coverage, fitted_from_the_truth, trials, truth_of
from netcea.fitting.candidates import Candidate, candidates
from netcea.fitting.maximum_likelihood import fit_family

TRIALS, SEARCHED = 2000, 25
every_family = pytest.mark.parametrize("model", candidates(), ids=lambda c: c.name)


@pytest.mark.slow
@every_family
def test_intervals_cover(model):
    """Every parameter, and survival where 80%, 65% and 50% are without the event; 300 patients in each trial."""
    found = coverage(model, TRIALS)
    assert found.fitted >= 0.999 * TRIALS
    assert ((found.all > 0.93) & (found.all < 0.97)).all(), found


@pytest.mark.slow
@every_family
def test_fits_from_scratch_are_those_from_the_truth(model):
    """What covers are the fits that users get: they find the same maximum from their own starting points."""
    truth = truth_of(model)
    for patients in trials(truth, SEARCHED):
        near, found = fitted_from_the_truth(model, truth, patients), fit_family(model, patients)
        se = np.sqrt(np.diag(near.covariance))
        assert found.log_likelihood == pytest.approx(near.at.value, abs=1e-6)
        assert np.abs(found.real_line - near.parameters).max() < 1e-3 * se.max()
        assert found.covariance == pytest.approx(near.covariance, rel=1e-2, abs=1e-6 * float(se.max()) ** 2)


def test_intervals_of_another_width_cover_as_often_as_they_should():
    """80% of 500 trials, to four of its standard errors of 1.8%."""
    found = coverage(Candidate("exponential"), 500, half_width=1.281552)
    assert found.all == pytest.approx(0.8, abs=0.07)
