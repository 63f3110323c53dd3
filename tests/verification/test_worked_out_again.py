"""What `netcea verify` works out again: draws, units, decisions and figures of curves; a fault in each is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from netcea import load
from netcea.cli.main import main
from netcea.cohort.mortality import LifeTable
from netcea.draws import Draws
from netcea.verification import drawn, entered
from netcea.verification.perturbed import Perturbed
from netcea.verification.published import Published
from netcea.verification.verify import TESTS
from seeded_errors.faults_in_code import CODE, METHODS, put, put_method

ROWS = 400


def run(name, scenario="pnet", **more):
    here = Perturbed(load(scenario) if isinstance(scenario, str) else scenario, ROWS, 1, **more)
    (test,) = (test for test in TESTS if test.name == name)
    return test.run(here)


def broken(name):
    """The context in which a seeded fault of the program is there."""
    found = [fault for fault in (*CODE, *METHODS) if fault.name == name]
    return put_method(found[0]) if found[0] in METHODS else put(found[0])


@pytest.mark.parametrize(
    ("fault", "test"),
    [
        ("severity: population 5% too low", "X2"),
        ("severity weight of nobody", "X2"),
        ("net health benefit without costs", "X12"),
        ("severity weight on the whole net benefit", "X12"),
        ("ICER upside down", "X12"),
        ("severity left out of ICERs", "X12"),
        ("EVPI too high", "U23-U26"),
        ("one stream for all numbers", "X8"),
        ("correlations left out", "X8"),
        ("intervals taken as of 90%", "X3"),
        ("intervals taken as of 90%", "X9"),
        ("standard errors taken as variances", "X9"),
        ("beta of three times the patients", "X9"),
        ("log-normal around its mean", "P7"),
        ("costs not uprated", "X10"),
        ("rules of the model never looked at", "U27"),
        ("price index upside down", "X10"),
    ],
)
def test_a_fault_of_the_program_is_found_by_the_test_for_it(fault, test):
    name = "sensitivity/pnet_utilities_5l" if test == "X12" else "pnet"
    scenario = f"scenarios/{name}.yaml" if "/" in name else name
    assert run(test, scenario).outcome != "fail"
    with broken(fault):
        assert run(test, scenario).outcome == "fail"


# ------------------------------------------------------------------------------------------ units, figures, tables


def test_a_unit_that_was_not_converted_is_found():
    scenario = load("pnet")
    wrong = {**scenario.factors, "costs.drug.cabozantinib.pack_days": 1.0 / 364.0}
    found = run("X10", replace(scenario, factors=wrong))
    assert found.outcome == "fail"
    assert "costs.drug.cabozantinib.pack_days enters as" in found.words


def test_inflation_moves_uprated_costs_only(monkeypatch):
    assert run("E17").outcome == "pass"
    monkeypatch.setattr(
        Perturbed, "scaled", lambda self, addresses, factor: {"population.cohorts.pnet.start_age": 70.0}
    )
    assert run("E17").outcome == "fail"


def test_a_curve_beside_its_figures_is_found():
    assert run("X11").outcome == "pass"
    here = Perturbed(load("pnet"), ROWS, 1)
    trace = here.traces["cabozantinib"]
    edges = {**trace.edges, "pfs_curve": trace.edges["pfs_curve"] ** 1.2}
    here.__dict__["traces"] = {**here.traces, "cabozantinib": replace(trace, edges=edges)}
    found = entered.curves_meet_their_figures(here)
    assert found.outcome == "fail"
    assert "median_cabozantinib is" in found.words


def test_a_survival_at_a_time_is_read_from_the_curve():
    found = run("X11", "scenarios/sensitivity/pnet_os_without_crossover_0_7.yaml")
    assert len(found.figures) == 2  # with crossover removed, the curve of OS is not what was published
    mean = run("X11", load("pnet", ["strategies.best_supportive_care.os.background_mortality=none"]))
    assert len(mean.figures) == 3


def test_a_better_baseline_that_moves_nothing_is_found(monkeypatch):
    assert run("R6").outcome == "pass"
    monkeypatch.setattr(entered, "_better", lambda address, model: replace(model))
    assert run("R6").outcome == "fail"


def test_a_digest_that_is_not_the_recorded_one_is_found():
    assert run("R7").outcome == "pass"
    assert run("R7", replace(load("pnet"), digest="0" * 64)).outcome == "fail"


def test_figures_of_tables_are_compared(monkeypatch):
    table = "mortality.life_tables.england_2018_2020"
    known = {
        f"{table}.life_expectancy.male.0": Published(79.33, np.nan, np.nan, "p.csv:2", ""),
        "utilities.norms.hse2014_dsu_published.utility.female.65": Published(0.8039, np.nan, np.nan, "p.csv:3", ""),
        "mortality.life_tables.another.qx.male.60": Published(0.5, np.nan, np.nan, "p.csv:4", ""),
    }
    found = run("X6", published=known)
    assert found.outcome == "pass"
    assert found.figures["compared"] == 2.0
    scenario = load("pnet")
    later = LifeTable(scenario.life_table.age, scenario.life_table.qx_male * 1.3, scenario.life_table.qx_female)
    wrong = run("X6", replace(scenario, life_table=later), published=known)
    assert wrong.outcome == "fail"
    assert "life_expectancy.male.0 is 76." in wrong.words


# ------------------------------------------------------------------------------------------ no false alarms


def test_an_interval_off_its_centre_is_explained_by_the_share_that_follows():
    assert run("X3", "epnet").outcome == "explained"


def test_numbers_that_nothing_ties_but_that_go_together_are_found(monkeypatch):
    here = Perturbed(load("pnet"), ROWS, 1)
    whole = drawn._drawn(here)
    column = whole["costs.unit.nurse_hour"]
    tied = Draws(whole.n, {**whole.columns, "costs.unit.ct_scan": column * 2.0})
    monkeypatch.setattr(drawn, "_drawn", lambda here: tied)
    found = drawn.correlations(here)
    assert found.outcome == "fail"
    assert "costs.unit.ct_scan" in found.words


def test_doubtful_spreads_are_explained():
    scenario = load("pnet", {"utilities.state_utilities.clarinet.progression_free": {"value": 0.776, "unit": "utility", "uncertainty": {"beta": {"se": 0.3}}, "source": ["meng_2017"], "status": "published", "label": "x"}})  # fmt: skip
    assert run("U6").outcome == "pass"
    found = run("U6", scenario)
    assert found.outcome == "explained"
    assert "standard deviation between patients" in found.words


@pytest.mark.parametrize(("test", "sets"), [("E11", ["settings.cycle_days=1", "settings.horizon_years=1"])])
def test_days_as_cycles_raise_no_false_alarm(test, sets):
    assert run(test, load("pnet", sets)).outcome == "pass"


def test_times_beyond_a_short_horizon_are_not_dead_inputs():
    found = run("U28", load("pnet", ["settings.horizon_years=0.5"]))
    assert found.outcome == "pass"
    assert "a time beyond the horizon" in found.words


def test_who_is_favoured_adds_up():
    found = run("U16-U18")
    assert found.outcome == "pass"
    assert sum(share for name, share in found.figures.items() if not name.startswith("favoured")) == pytest.approx(1.0)
    assert run("P6").outcome == "explained"
    both = {"strategies.cabozantinib.os": {"distribution": "exponential", "median": "survival.cabinet_pnet.os_nejm.median_cabozantinib"}}  # fmt: skip
    assert run("P6", load("pnet", both)).outcome == "not applicable"


def test_who_dies_first_may_be_idle_where_nothing_is_paid_at_progression(tmp_path):
    main(["init", "--blank", str(tmp_path / "mine")], standalone_mode=False)
    found = run("U28", load(str(tmp_path / "mine" / "scenarios" / "base.yaml")))
    assert found.outcome == "pass"
    assert "where nothing is paid at progression" in found.words
