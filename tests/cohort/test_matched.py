"""The general population matched person by person: against loops by hand, averages and the ends of tables."""

import math

import numpy as np
import pytest

from helpers.relative_trial import TABLE, by_year, hazard_then, slow_expected
from netcea.cohort.matched import People, expected_at, expected_survival


class TestMatching:
    @pytest.mark.parametrize("year", [None, 2009.25])
    @pytest.mark.parametrize("sex", ["male", "female"])
    def test_birthdays_and_new_years_against_a_loop(self, sex, year):
        table = TABLE if year is None else by_year()
        people = People(
            np.array([63.5]), np.array([float(sex == "female")]), None if year is None else np.array([year])
        )
        found = expected_at(table, people, np.array([4.3]))
        hazard, cumulative = slow_expected(63.5, sex, year, 4.3)
        assert found.hazard[0] == pytest.approx(hazard, rel=1e-12)
        assert found.cumulative[0] == pytest.approx(cumulative, rel=1e-9)

    def test_a_share_of_women_is_a_mixture_that_grows_more_female(self):
        found = expected_at(TABLE, People(np.array([70.0]), np.array([0.4])), np.array([12.5]))
        h = {sex: slow_expected(70.0, sex, None, 12.5) for sex in ("male", "female")}
        alive = {"female": 0.4 * math.exp(-h["female"][1]), "male": 0.6 * math.exp(-h["male"][1])}
        whole = sum(alive.values())
        assert math.exp(-found.cumulative[0]) == pytest.approx(whole, rel=1e-8)
        assert found.hazard[0] == pytest.approx(sum(alive[s] / whole * h[s][0] for s in alive), rel=1e-8)

    @pytest.mark.parametrize("table", [TABLE, by_year()], ids=["one", "years"])
    def test_expected_survival_is_the_average_of_each_patient_s(self, table):
        rng = np.random.default_rng(1)
        people = People(rng.uniform(40, 80, 6), np.array([0, 1, 0, 1, 0.3, 0]), rng.uniform(1999, 2003, 6))
        weights, edges = rng.uniform(0.5, 2.0, 6), np.array([0.0, 0.4, 1.5, 3.0, 9.7])
        each = [np.exp(-expected_at(table, people, np.full(6, t)).cumulative) for t in edges]
        expected = [float(np.average(one, weights=weights)) for one in each]
        assert expected_survival(table, people, weights, edges) == pytest.approx(np.array(expected), rel=1e-12)

    def test_ages_and_years_beyond_the_tables(self):
        found = expected_at(by_year(), People(np.array([99.5]), np.zeros(1), np.array([2039.5])), np.array([5.0]))
        assert found.hazard[0] == pytest.approx(hazard_then(100.0, "male", 2040.0, 0.0), rel=1e-12)

    def test_years_are_needed(self):
        with pytest.raises(ValueError, match="calendar year"):
            expected_at(by_year(), People(np.array([60.0]), np.zeros(1)), np.array([1.0]))
