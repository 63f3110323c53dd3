"""What breaks a rule of the model is no result in any command; what has a value at its limit gets that value."""

import itertools
import json
import math

import numpy as np
import pytest
from click.testing import CliRunner

import netcea
from helpers.small_project import Number, choices, exponential, loaded, per_year, write
from netcea.analyses.shared.totals import totals_of
from netcea.cli.main import main
from netcea.draws import Draws
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.errors import ModelError

DAYS = 365.25
COARSE = {"horizon_years": 10, "cycle_days": 28, "discount_rate_costs": 0.0, "discount_rate_qalys": 0.0}
KM = [(0, 1.0), (6, 0.8), (12, 0.5), (18, 0.2), (24, 0.0)]
"""Months, survival: nobody is left after two years."""


def spline(slope=6.0):
    """A spline on the odds scale (flexsurv issue 113); with slope 6 its survival rises in the second cycle."""
    gammas = (-4.047342, 2.939003, -1.326890, slope, -2.590202)
    return {
        "distribution": "royston_parmar",
        "scale": "odds",
        "knots": [-1.113090, 1.003165, 1.451829, 2.120673, 3.261408],
        "time_unit": "months",
        "parameters": {f"gamma{i}": Number(x, "parameter") for i, x in enumerate(gammas)},
    }


def small(new_os=None, old_os=None, *, pfs=None, **more):
    new = {"pfs": pfs or exponential(1.0), "os": new_os or exponential(0.4)}
    old = {"pfs": exponential(1.5), "os": old_os or exponential(0.5)}
    return choices({"new": new, "old": old}, {"care": per_year(1000.0, "alive")}, **{**COARSE, **more})


def km(**more):
    """A Kaplan-Meier curve of the table km.csv, with a tail that nobody reaches."""
    rest = {
        "time_unit": "months",
        "tail": "exponential",
        "tail_from": 24,
        "parameters": {"rate": Number(0.1, "parameter")},
    }
    return {"distribution": "kaplan_meier", "table": "test.tables.km", **rest, **more}


def project(folder, scenario, rows=KM):
    """Write a project with a table of survival."""
    path = write(folder, scenario)
    inside = folder / "inputs" / "test"
    (inside / "km.csv").write_text("time,survival\n" + "".join(f"{t},{s}\n" for t, s in rows), encoding="utf-8")
    columns = "columns: {time: months, survival: share}"
    text = f"km: {{file: km.csv, kind: survival_table, {columns}, source: [netcea_assumptions], status: published}}\n"
    (inside / "tables.yaml").write_text(text, encoding="utf-8")
    return str(path)


def life_years(scenario):
    outcomes = simulate(scenario, base_case(scenario))
    assert not any(found.audit["violations"].any() for found in outcomes.strategies.values())
    return outcomes.totals("life_years")[:, 0]


AXES = ("--axis", "test.numbers.strategies_new_os_parameters_rate=0.1:0.4:2")
COMMANDS = {
    "run": ("--no-figures", "--no-files", "--no-ledger"),
    "one-way": ("--no-figures", "--no-files", "--address", "test.numbers.costs_care_unit_cost"),
    "two-way": (*("--no-figures", "--no-files", *AXES), *("--axis", "test.numbers.costs_care_unit_cost=900:1100:2")),
    "threshold": ("--no-figures", "--no-files", "--address", "test.numbers.costs_care_unit_cost"),
    "psa": ("--no-figures", "--no-files", "--draws", "20"),
    "voi": ("--no-figures", "--no-files", "--draws", "100"),
    "export": (),
}


def with_uncertain_cost(scenario):
    scenario["costs"]["care"]["unit_cost"] = Number(1000.0, "GBP", {"gamma": {"se_relative": 0.1}})
    return scenario


@pytest.mark.parametrize("command", COMMANDS)
def test_a_survival_that_rises_is_refused_by_every_command(command, tmp_path):
    path = write(tmp_path, with_uncertain_cost(small(old_os=spline())))
    more = ("-o", str(tmp_path / "m.xlsx")) if command == "export" else ()
    done = CliRunner().invoke(main, [command, str(path), *COMMANDS[command], *more])
    assert done.exit_code == 1, done.output
    assert "FAILED" in done.output
    assert "strategy 'old', cycle 2 (months 0.9199 to 1.84): overall survival rises from 0.99" in done.output
    assert "Traceback" not in done.output
    assert not (tmp_path / "m.xlsx").exists()


def test_a_batch_reports_it_and_does_the_others(tmp_path):
    path = write(tmp_path, small(old_os=spline(3.381928)))
    steep = "test.numbers.strategies_old_os_parameters_gamma3"
    text = f"format: 1\nname: b\nrationale: a test\nscenarios: [../small.yaml]\ngrids: {{g: {{axes: {{{steep}: [3.38, 6]}}}}}}\n"
    folder = path.parent / "batches"
    folder.mkdir()
    (folder / "b.yaml").write_text(text + "analyses: {base_case: {}}\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["batch", str(folder / "b.yaml"), "--out", str(tmp_path / "o"), "--workers", "1"])
    assert done.exit_code == 1, done.output
    assert "overall survival rises" in done.output
    assert "1 failed" in done.output
    assert "report it" not in done.output


def test_a_rising_pfs_above_os_and_a_rising_time_on_treatment_are_seen(tmp_path):
    hidden = loaded(tmp_path / "a", small(new_os=exponential(5.0), old_os=exponential(5.0), pfs=spline()))
    with pytest.raises(ModelError, match="progression-free survival rises"):
        totals_of(hidden, base_case(hidden))
    scenario = small()
    scenario["strategies"]["new"]["time_on_treatment"] = {"rule": "curve", "curve": spline()}
    treated = loaded(tmp_path / "b", scenario)
    with pytest.raises(ModelError, match="the share still on treatment rises"):
        totals_of(treated, base_case(treated))


def test_the_row_and_what_differs_in_it_are_named(tmp_path):
    scenario = loaded(tmp_path, small(old_os=spline(3.381928)))
    address = "test.numbers.strategies_old_os_parameters_gamma3"
    row = base_case(scenario)
    rows = Draws(3, {**row.columns, address: np.array([[3.381928], [6.0], [7.0]])})
    with pytest.raises(ModelError, match=rf"in row 2 of 3, with {address} = 6"):
        totals_of(scenario, rows)


@pytest.mark.parametrize("price", [1e101, 1e308])
def test_what_cannot_be_counted_is_no_result(price, tmp_path):
    path = write(tmp_path, small())
    done = CliRunner().invoke(
        main, ["run", str(path), "--no-files", "--no-ledger", "--set", f"test.numbers.costs_care_unit_cost={price!r}"]
    )
    assert done.exit_code == 1, done.output
    assert "the costs 'care' in" in done.output
    assert "Warning" not in done.output


def test_a_hazard_ratio_to_a_curve_that_reaches_zero(tmp_path):
    """S = 0.8, 0.5, 0.2 and 0 at 6, 12, 18 and 24 months; with a ratio of 1/2 their square roots."""
    new = {"relative_to": "old", "hazard_ratio": Number(0.5, "ratio")}
    half_months = {"cycle_days": DAYS / 24}
    found = life_years(netcea.load(project(tmp_path, small(new, km(), **half_months))))
    half = 0.5 / 12 / 2  # in the cycle that ends with a fall, half of it is counted
    for years, power in zip(found, (0.5, 1.0), strict=True):
        steps = [s**power for _, s in KM]
        assert years == pytest.approx(sum(steps[:4]) * 0.5 - sum(-np.diff(steps)) * half, abs=1e-9)


EDGES = [min(28 * i / DAYS, 10.0) for i in range(int(10 * DAYS / 28) + 2)]


def h(years):
    """Cumulative hazard of the table."""
    left = [s for month, s in KM if month / 12 <= years][-1]
    return -math.log(left) if left else math.inf


def trapezium(share):
    return sum((b - a) * (x + y) / 2 for a, b, x, y in zip(EDGES, EDGES[1:], share, share[1:], strict=False))


def waned_by_hand(starts, ends):
    """Survival at the edges, cycle by cycle: the hazard ratio of 1/2 fades, or ends at once within a cycle."""
    total, share = 0.0, [1.0]
    for a, b in itertools.pairwise(EDGES):
        if h(a) == math.inf:
            rise = 0.0  # nobody is left
        elif starts == ends:
            t = min(max(starts, a), b)
            rise = 0.5 * (h(t) - h(a)) + (h(b) - h(t) if t < b else 0.0)
        else:
            own = min(max((ends - (a + b) / 2) / (ends - starts), 0.0), 1.0)
            rise = (1.0 - own / 2) * (h(b) - h(a))
        total += rise
        share.append(math.exp(-total))
    return share


@pytest.mark.parametrize("floor", ["none", "hazard_floor"])
@pytest.mark.parametrize(("starts", "ends"), [(12, 12), (12, 60), (30, 60)])
def test_waning_towards_a_curve_that_reaches_zero(starts, ends, floor, tmp_path):
    """Nobody is left at 24 months, whatever the ratio and its waning; before, cycle by cycle as by hand."""
    waning = {"starts": Number(starts, "months"), "ends": Number(ends, "months")}
    new = {"relative_to": "old", "hazard_ratio": Number(0.5, "ratio"), "waning": waning, "background_mortality": floor}
    scenario = netcea.load(project(tmp_path, small(new, km(background_mortality=floor))))
    waned, old = life_years(scenario)
    assert old == pytest.approx(trapezium([math.exp(-h(t)) for t in EDGES]), abs=1e-7)
    assert waned == pytest.approx(trapezium(waned_by_hand(starts / 12, ends / 12)), abs=1e-7)
    result = netcea.run(scenario, ledger=False)
    assert "NaN" not in result.as_json()
    assert all(np.isfinite(column).all() for trace in result.traces.values() for column in trace.cycles.values())


def test_a_hazard_that_nobody_is_left_to_have_is_no_hazard(tmp_path):
    waning = {"starts": Number(30, "months"), "ends": Number(60, "months"), "towards": "old"}
    scenario = netcea.load(project(tmp_path, small({**exponential(0.1), "waning": waning}, km())))
    with pytest.raises(
        ModelError, match=r"takes on the hazard of strategies\.old\.os, which has none once nobody is left"
    ):
        totals_of(scenario, base_case(scenario))


def test_nobody_is_ever_on_treatment(tmp_path):
    """What is spread over treatment is spread over nothing: no events, no cost of them."""
    scenario = small()
    scenario["adverse_events"] = {
        "timing": "on_treatment",
        "events": {
            "rash": {
                "label": "Rash",
                "incidence": {"new": Number(0.5, "proportion")},
                "decrement": Number(0.1, "utility"),
                "duration": Number(1, "months"),
                "unit_cost": Number(100, "GBP"),
            }
        },
    }
    scenario["strategies"]["new"]["time_on_treatment"] = {"rule": "until_progression", "stops_at": Number(0, "months")}
    made = loaded(tmp_path, scenario)
    found = simulate(made, base_case(made)).strategies["new"]
    assert not found.audit["violations"].any()
    lost = {item: qalys.tolist() for item, qalys in found.by_item("qalys").items() if item != "state"}
    assert list(lost.values()) == [[0.0]]


@pytest.mark.parametrize("half_cycle_correction", ["trapezium", "start", "end"])
def test_progression_and_death_at_once(half_cycle_correction, tmp_path):
    at_once = exponential(1e300)
    scenario = loaded(
        tmp_path, small(new_os=at_once, pfs=at_once, half_cycle_correction=half_cycle_correction, cycle_days=28)
    )
    weight = {"trapezium": 0.5, "start": 1.0, "end": 0.0}[half_cycle_correction]
    assert life_years(scenario)[0] == pytest.approx(weight * 28 / DAYS, abs=1e-12)
    record = json.loads(netcea.run(scenario, ledger=False).as_json())
    assert "NaN" not in json.dumps(record)


@pytest.mark.parametrize("horizon", [0.01, 1e-9])
def test_a_horizon_shorter_than_a_cycle(horizon, tmp_path):
    scenario = loaded(tmp_path, small(horizon_years=horizon))
    assert life_years(scenario) == pytest.approx(
        [horizon * (1.0 + math.exp(-rate * horizon)) / 2.0 for rate in (0.4, 0.5)], rel=1e-9
    )
