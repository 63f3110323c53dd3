"""Submissions that several tests read, gathered once."""

import pytest

import netcea
from helpers.submissions import QUICK
from netcea.submission.submission import gather


@pytest.fixture(scope="session")
def submission():
    """Of the base case of one population, with few draws."""
    return gather(netcea.load("pnet", QUICK), draws=100)
