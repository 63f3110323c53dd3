"""Everything of a submission is run once, and what was not run says why."""

import pytest

import netcea
from helpers.submissions import QUICK
from netcea.submission.submission import RUN, gather


def test_every_analysis_is_there_or_says_why_not(submission):
    ran = set(submission.reports) - {"verify", "reference_case"}
    assert ran | set(submission.not_run) == set(RUN)
    assert not ran & set(submission.not_run)
    assert {"base_case", "psa", "one_way", "threshold", "severity", "structure"} <= ran


def test_numbers_are_those_of_the_analyses(submission):
    alone = netcea.psa("pnet", QUICK, draws=100, keep_draws="no").report
    assert submission.reports["psa"].results["results"] == alone.results["results"]
    assert submission.table("psa", "probabilities") == alone.table("probabilities")


def test_what_is_not_there_is_none(submission):
    assert submission.table("voi", "evpi") is None
    assert submission.table("psa", "no such table") is None


def test_verification_can_be_left_out():
    made = gather(netcea.load("pnet", QUICK), draws=10, verified=False)
    assert made.verification is None
    assert made.not_run["verify"]
    assert "verify" not in made.reports


@pytest.mark.slow
def test_two_processes_yield_the_same(submission):
    made = gather(netcea.load("pnet", QUICK), draws=100, workers=2)
    assert list(made.reports) == list(submission.reports)
    for name, report in made.reports.items():
        assert report.results == submission.reports[name].results
        assert report.tables == submission.reports[name].tables
