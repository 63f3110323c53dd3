"""Whole models whose results are known: geometric series, integrals, and other people's sums over the same cycles."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest

from helpers.others_models import (
    CLOSED,
    DAYS,
    OTHERS,
    PD,
    PF,
    by_closed,
    by_truth,
    closed_choices,
    closed_truth,
    others_choices,
    outcome,
)
from helpers.small_project import Number, choices, exponential, loaded, per_year
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.engine.trace import traces

# ------------------------------------------------------------------------------------ exponential: geometric series
RATE_PFS, RATE_OS, SHARE = 0.9, 0.35, 0.08
PRICE, PACK_DAYS, TAKEN = 1234.5, 30.0, 0.9


def exponential_scenario(folder, **settings):
    treated = {
        "pfs": exponential(RATE_PFS),
        "os": exponential(RATE_OS),
        "time_on_treatment": {"rule": "until_progression"},
    }
    pack = {"price_per_pack": Number(PRICE, "GBP"), "pack_days": Number(PACK_DAYS, "days")}
    costs = {
        "drug": {
            "kind": "drug_acquisition",
            "strategies": ["new"],
            **pack,
            "share_of_tablets_taken": Number(TAKEN, "proportion"),
            "discount": Number(0.25, "proportion"),
        },
        "drug_by_time": {"kind": "drug_acquisition", "strategies": ["new"], "method": "per_time", **pack},
        "first": {
            "kind": "administration",
            "strategies": ["new"],
            "occasions": "first",
            "interval": Number(PACK_DAYS, "days"),
            "unit_cost": Number(300, "GBP"),
        },
        "later": {
            "kind": "administration",
            "strategies": ["new"],
            "occasions": "later",
            "interval": Number(PACK_DAYS, "days"),
            "unit_cost": Number(11, "GBP"),
        },
        "pf": per_year(1000, "progression_free"),
        "pd": per_year(2000, "progressed"),
        "next": {
            "kind": "subsequent_treatment",
            "of": "progressions",
            "share": Number(0.4, "proportion"),
            "duration": Number(6, "months"),
            **pack,
        },
        "dying": {"kind": "end_of_life", "unit_cost": Number(7000, "GBP")},
        "once": {"kind": "one_off", "unit_cost": Number(555, "GBP")},
    }
    scenario = choices(
        {"new": treated, "old": {"pfs": exponential(1.7), "os": exponential(0.5)}}, costs, (0.8, 0.6), **settings
    )
    scenario["survival"]["share_of_pfs_events_that_are_deaths"] = Number(SHARE, "proportion")
    scenario["adverse_events"]["events"]["bad"] = {
        "label": "bad",
        "incidence": {"new": Number(0.6, "proportion")},
        "decrement": Number(0.1, "utility"),
        "duration": Number(28, "days"),
        "unit_cost": Number(900, "GBP"),
    }
    return loaded(folder, scenario)


class Series:
    """Geometric series over n whole cycles of c years and a last one of d years, to 40 digits."""

    def __init__(self, cycle_days, horizon, rate, correction, discounting):
        self.c = mp.mpf(cycle_days) / mp.mpf(DAYS)
        self.n = int(mp.floor(mp.mpf(horizon) / self.c))
        self.d = mp.mpf(horizon) - self.n * self.c
        self.v = 1 / (1 + mp.mpf(rate))
        self.horizon, self.correction = mp.mpf(horizon), correction
        self.into = {"mid_cycle": mp.mpf(1) / 2, "cycle_start": mp.mpf(0)}[discounting]

    def of(self, hazard, per_cycle, v):
        """Sum of per_cycle(length, share that survives it) x survivors at the start x discount factor."""
        q = mp.exp(-hazard * self.c)
        r = q * v**self.c
        whole = per_cycle(self.c, q) * v ** (self.into * self.c) * (1 - r**self.n) / (1 - r)
        start = self.n * self.c
        q_last = mp.exp(-hazard * self.d)
        return whole + per_cycle(self.d, q_last) * mp.exp(-hazard * start) * v ** (start + self.into * self.d)

    def years(self, hazard, v=None):
        """Person-time of an exponential."""
        weights = {"trapezium": (0.5, 0.5), "start": (1, 0), "end": (0, 1)}[self.correction]
        return self.of(
            hazard, lambda length, q: length * (weights[0] + weights[1] * q), self.v if v is None else mp.mpf(v)
        )

    def leaving(self, hazard, v=None):
        """Flow out of an exponential."""
        return self.of(hazard, lambda _, q: 1 - q, self.v if v is None else mp.mpf(v))

    def packs(self, hazard, interval_days, v=None):
        """Survivors at 0, interval, 2 interval ... while before the horizon, each discounted at its own moment."""
        p = mp.mpf(interval_days) / mp.mpf(DAYS)
        count = int(mp.ceil(self.horizon / p - mp.mpf("1e-9")))
        r = mp.exp(-hazard * p) * (self.v if v is None else mp.mpf(v)) ** p
        return (1 - r**count) / (1 - r)


@pytest.fixture
def digits():
    with mp.workdps(40):
        yield


@pytest.mark.usefixtures("digits")
@pytest.mark.parametrize("correction", ["trapezium", "start", "end"])
@pytest.mark.parametrize(
    ("cycle_days", "horizon", "rate"), [(28, 40, 0.035), (36.525, 10, 0.06), (7, 3.3, 0.0), (365.25, 25.5, 0.015)]
)
def test_exponential_sums(tmp_path, cycle_days, horizon, rate, correction):
    """Every stream of an exponential model is a geometric series."""
    rates = {"discount_rate_costs": rate, "discount_rate_qalys": rate}
    settings = {"horizon_years": horizon, "cycle_days": cycle_days, "half_cycle_correction": correction, **rates}
    found = outcome(exponential_scenario(tmp_path, **settings))["new"]
    series = Series(cycle_days, horizon, rate, correction, "mid_cycle")
    for prefix, v in (("", None), ("undiscounted_", 1)):
        free = series.years(RATE_PFS, v)
        progressed = series.years(RATE_OS, v) - free
        lasts = PACK_DAYS / mp.mpf(TAKEN)
        occasions = series.packs(RATE_PFS, PACK_DAYS, v)
        courses = mp.mpf("0.4") * (mp.mpf(DAYS) / 2 / PACK_DAYS)
        years = found[f"{prefix}life_years"]
        assert years[PF] == pytest.approx(float(free), rel=1e-12)
        assert years[PD] == pytest.approx(float(progressed), rel=1e-12)
        qalys = found[f"{prefix}qalys"]
        assert qalys[PF] == pytest.approx(float(mp.mpf("0.8") * free), rel=1e-12)
        assert qalys[PD] == pytest.approx(float(mp.mpf("0.6") * progressed), rel=1e-12)
        assert qalys["adverse_events.bad", "progression_free"] == pytest.approx(-0.6 * 0.1 * 28 / DAYS, rel=1e-12)
        expected = {
            ("drug", "progression_free"): mp.mpf("0.75") * PRICE * series.packs(RATE_PFS, lasts, v),
            ("drug_by_time", "progression_free"): PRICE * DAYS / PACK_DAYS * free,
            ("first", "progression_free"): mp.mpf(300),
            ("later", "progression_free"): 11 * (occasions - 1),
            ("pf", "progression_free"): 1000 * free,
            ("pd", "progressed"): 2000 * progressed,
            ("next", "progressed"): courses * PRICE * (1 - mp.mpf(str(SHARE))) * series.leaving(RATE_PFS, v),
            ("dying", "dead"): 7000 * series.leaving(RATE_OS, v),
            ("once", "progression_free"): mp.mpf(555),
            ("adverse_events.bad", "progression_free"): mp.mpf(540),
        }
        assert set(found[f"{prefix}costs"]) == set(expected)
        for key, cost in expected.items():
            assert found[f"{prefix}costs"][key] == pytest.approx(float(cost), rel=1e-12), (prefix, key)


@pytest.mark.usefixtures("digits")
def test_exponential_sums_discounted_at_the_start_of_cycles(tmp_path):
    scenario = exponential_scenario(tmp_path, horizon_years=12.25, discounting="cycle_start")
    found = outcome(scenario)["new"]
    series = Series(28, 12.25, 0.035, "trapezium", "cycle_start")
    assert found["life_years"][PF] == pytest.approx(float(series.years(RATE_PFS)), rel=1e-12)
    dying = 7000 * series.leaving(RATE_OS)
    assert found["costs"]["dying", "dead"] == pytest.approx(float(dying), rel=1e-12)


# ------------------------------------------------------------------------------------ Weibull: 30-digit integrals
def errors(folder, case, cycle_days):
    """Strategy, quantity -> relative error."""
    found = outcome(loaded(folder, closed_choices(case["discounting"], cycle_days)))
    expected = closed_truth(case)
    assert set(expected) == set(found)
    result = {}
    for strategy, truth in expected.items():
        quantities = by_closed(found[strategy])
        assert set(quantities) == set(truth)
        for name, value in quantities.items():
            result[strategy, name] = value / truth[name] - 1.0
    return result


@pytest.mark.parametrize("case", CLOSED, ids=lambda case: case["discounting"])
def test_weibull_against_the_integral(tmp_path, case):
    """At one-day cycles the model is the integral to 1e-7."""
    for key, error in errors(tmp_path, case, 1).items():
        assert abs(error) < 1e-7, key


@pytest.mark.parametrize("case", CLOSED, ids=lambda case: case["discounting"])
def test_error_falls_as_the_square_of_the_cycle(tmp_path, case):
    """The trapezium's error for a Weibull of shape 1.2 is A c^2 + B c^2.2 (Euler and Maclaurin; the second term comes
    from the start, where the survival bends without limit). Two cycle lengths give A and B, which foretell the others.
    """
    found = {}
    for days in (28, 14, 7, 3.5):
        folder = tmp_path / str(days)
        folder.mkdir()
        found[days] = errors(folder, case, days)
    for key in found[28]:
        at = {days: error[key] for days, error in found.items()}
        a, b = np.linalg.solve([[28**2, 28**2.2], [14**2, 14**2.2]], [at[28], at[14]])
        for days in (7, 3.5):
            assert at[days] == pytest.approx(a * days**2 + b * days**2.2, rel=0.06), (key, days)
    if case["discounting"].startswith("undiscounted"):
        ratios = [found[2 * days][key] / found[days][key] for days in (14, 7, 3.5) for key in found[28]]
        assert all(4.0 < ratio < 4.7 for ratio in ratios), ratios


# ------------------------------------------------------------------------------------ other people's sums
def others_scenario(folder, name, **settings):
    return loaded(folder, others_choices(name, **settings))


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize(
    ("discounting", "rate"),
    [("undiscounted", 0.0), ("continuous_rate_0.035", math.expm1(0.035)), ("continuous_rate_log1.035", 0.035)],
)
def test_integrals_of_partitioned_survival(tmp_path, name, discounting, rate):
    """Numerical integrals, crossing curves included (PFS capped at OS)."""
    rates = {"discount_rate_costs": rate, "discount_rate_qalys": rate}
    found = outcome(others_scenario(tmp_path, name, cycle_days=1, **rates))
    for strategy, mine in found.items():
        truth = OTHERS[name]["truth_integral_years"][strategy][discounting]
        for key, value in by_truth(mine).items():
            assert value == pytest.approx(truth[key], rel=2e-6), (strategy, key)


@pytest.mark.parametrize("name", OTHERS)
def test_integrals_with_overall_survival_raised(tmp_path, name):
    """The other convention where curves cross."""
    none = {"discount_rate_costs": 0, "discount_rate_qalys": 0}
    found = outcome(others_scenario(tmp_path, name, cycle_days=1, crossing="raise_os", **none))
    for strategy, mine in found.items():
        truth = OTHERS[name]["truth_integral_years"][strategy]["undiscounted"]
        assert sum(mine["life_years"].values()) == pytest.approx(truth["ly_os_if_os_raised_to_pfs"], rel=2e-6), strategy
        assert mine["life_years"][PF] == pytest.approx(truth["ly_pf_uncapped"], rel=2e-6), strategy


CONVENTIONS = [  # their discounting, their sum, rate, half-cycle correction, discounting here
    ("none", "riemann_left", 0.0, "start", "mid_cycle"),
    ("none", "riemann_right", 0.0, "end", "mid_cycle"),
    ("none", "trapz", 0.0, "trapezium", "mid_cycle"),
    ("annual_compound_fractional", "halfcycle_mean_occupancy_discount_at_mid", 0.035, "trapezium", "mid_cycle"),
    ("annual_compound_fractional", "halfcycle_mean_occupancy_discount_at_start", 0.035, "trapezium", "cycle_start"),
    ("annual_compound_fractional", "riemann_left", 0.035, "start", "cycle_start"),
    ("cont_0.035", "halfcycle_mean_occupancy_discount_at_mid", math.expm1(0.035), "trapezium", "mid_cycle"),
    ("cont_0.035", "riemann_left", math.expm1(0.035), "start", "cycle_start"),
    ("annual_step", "halfcycle_mean_occupancy_discount_at_start", 0.035, "trapezium", "annual"),
    ("annual_step", "riemann_left", 0.035, "start", "annual"),
]


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda c: f"{c[0]}, {c[1]}")
def test_sums_over_the_same_cycles(tmp_path, name, convention):
    """Monthly cycles, summed by somebody else's program with the same conventions."""
    theirs, kind, rate, correction, discounting = convention
    settings = {"half_cycle_correction": correction, "discounting": discounting, "discount_rate_costs": rate}
    found = outcome(others_scenario(tmp_path, name, discount_rate_qalys=rate, **settings))
    for strategy, mine in found.items():
        truth = OTHERS[name]["base_r_discrete_state_time_years"][strategy][theirs]
        assert mine["life_years"][PF] == pytest.approx(truth["PF"][kind], rel=1e-12), strategy
        assert mine["life_years"][PD] == pytest.approx(truth["PD"][kind], rel=1e-12), strategy


@pytest.mark.parametrize("name", OTHERS)
def test_state_probabilities(tmp_path, name):
    """Occupancy at the same times as hesim's, which raises OS where the curves cross."""
    scenario = others_scenario(tmp_path, name, crossing="raise_os")
    found = traces(Grid.of(scenario), base_case(scenario))
    theirs = OTHERS[name]["hesim_stateprobs"]
    months = np.array(theirs["times_months"])
    for strategy, trace in found.items():
        for state, column in (("PF", "progression_free"), ("PD", "progressed"), ("Death", "dead")):
            np.testing.assert_allclose(
                trace.edges[column][months], theirs[strategy][state], rtol=1e-9, atol=1e-13, err_msg=strategy
            )
