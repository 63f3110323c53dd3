"""The same numbers are refused in the same words, through whichever door they come; what can be, runs."""

import json
import re

import pytest
import yaml
from click.testing import CliRunner

from helpers.small_project import Number, choices, curve, exponential, per_year, write
from netcea import load
from netcea.analyses.one_way.analysis import OneWay
from netcea.analyses.psa.external_rows import external_columns
from netcea.analyses.threshold.analysis import Threshold
from netcea.analyses.two_way.analysis import TwoWay
from netcea.blocks import Bounds
from netcea.cli.main import main
from netcea.errors import InputError
from netcea.scenario.options import Axis, OneWayOptions, ThresholdOptions, TwoWayOptions

DAYS, DISCOUNT = "costs.drug.cabozantinib.pack_days", "costs.drug.cabozantinib.discount"
AGE, PRICE = "population.cohorts.pnet.start_age", "costs.drug.cabozantinib.price_per_pack"
UTILITY, RATIO = "utilities.state_utilities.clarinet.progression_free", "survival.cabinet_pnet.os_nejm.hazard_ratio"
SHAPE = "survival.radiant3.pfs_shape"
REFUSED = {DAYS: 0.0, DISCOUNT: 1.5, AGE: 119.0, PRICE: -1.0, UTILITY: 1.2, RATIO: -0.5}


@pytest.fixture(scope="module")
def pnet():
    return load("pnet")


def words(function, *arguments):
    with pytest.raises(InputError) as caught:
        function(*arguments)
    return [(p.address.removesuffix(".value"), p.found, p.expected, p.suggestion) for p in caught.value.problems]


@pytest.fixture(scope="module")
def by_set():
    return {address: words(load, "pnet", [f"{address}={value}"]) for address, value in REFUSED.items()}


@pytest.mark.parametrize("address", REFUSED)
def test_bounds_axes_thresholds_rows_and_changes_refuse_what_set_refuses(pnet, by_set, address, tmp_path):
    standing, value = pnet.quantities[address].value, REFUSED[address]
    low, high = sorted((value, standing))
    bounds = {address: Bounds(low=low, high=high)}
    wanted = by_set[address]
    assert len(wanted) == 1
    assert words(OneWay().parts, pnet, OneWayOptions(bounds=bounds)) == wanted
    assert words(Threshold().parts, pnet, ThresholdOptions(addresses=[address], bounds=bounds)) == wanted
    other = "costs.unit.ct_scan"
    axes = [Axis(address=address, low=low, high=high), Axis(address=other, low=1.0, high=2.0)]
    assert words(TwoWay().parts, pnet, TwoWayOptions(axes=axes)) == wanted
    rows = tmp_path / "rows.csv"
    rows.write_text(f"{address}\n{standing!r}\n{value!r}\n", encoding="utf-8")
    assert words(external_columns, pnet, rows) == wanted
    assert words(pnet.related.changed, {address: value}) == wanted


def _batch(tmp_path, axes):
    data = {"format": 1, "name": "grid", "rationale": "a test", "scenarios": ["pnet"], "analyses": {"base_case": {}}}
    (tmp_path / "b.yaml").write_text(yaml.safe_dump({**data, "grids": {"g": {"axes": axes}}}), encoding="utf-8")
    ran = CliRunner().invoke(main, ["batch", str(tmp_path / "b.yaml"), "--out", str(tmp_path / "o")])
    return ran.exit_code, " ".join(ran.output.split())


def test_a_grid_refuses_what_set_refuses_and_runs_the_rest(by_set, tmp_path):
    code, shown = _batch(tmp_path, {DAYS: [0, 28]})
    ((_, found, expected, _),) = by_set[DAYS]
    assert code == 1
    assert f"found {found}; expected {expected}" in shown
    assert "2 of 3 units planned; 2 done now, 0 had been done before, 1 failed" in shown


@pytest.mark.parametrize("values", [[0.5], [0.5, 0.6]])
def test_a_grid_over_a_group_is_refused_before_anything_runs(values, tmp_path):
    code, shown = _batch(tmp_path, {"costs.drug.cabozantinib": values})
    assert code == 2
    assert "0.5 for 'costs.drug.cabozantinib', a group of numbers" in shown
    assert f"below it: {PRICE}, {DAYS}, {DISCOUNT}" in shown
    assert "1 problem; nothing was run and nothing was written" in shown


# ---------------------------------------------------------------- parameters of curves
FAMILIES = {
    "exponential": {"rate": -3.2},
    "weibull": {"shape": -0.2, "scale": 3.0},
    "weibull_ph": {"shape": 1.1, "scale": -2.0},
    "gompertz": {"shape": -0.1, "rate": -3.0},
    "gamma": {"shape": 1.2, "rate": -1.0},
    "log_normal": {"meanlog": -0.5, "sdlog": -0.1},
    "log_logistic": {"shape": 0.0, "scale": 2.0},
    "generalised_gamma": {"mu": 1.0, "sigma": -0.4, "Q": -0.3},
}


@pytest.mark.parametrize("uncertain", [False, True])
@pytest.mark.parametrize("family", FAMILIES)
def test_parameters_of_every_family_are_checked_for_their_range(family, uncertain, tmp_path):
    os = curve(family, dict.fromkeys(FAMILIES[family], "parameter"), **FAMILIES[family])
    if uncertain:
        normal = {"normal": {"se": 0.1}}
        os["parameters"] = {n: Number(p.value, "parameter", normal) for n, p in os["parameters"].items()}
    path = write(tmp_path, choices({"new": {"pfs": exponential(1.0), "os": os}, "old": _two(0.5)}))
    found = words(load, str(path))
    assert len(found) == 1  # not the parameters of any sign: meanlog, mu, Q, the shape of Gompertz
    ((address, _, expected, hint),) = found
    assert "os_parameters" in address
    assert expected.startswith(("a value above 0", "a value from 0", "0.05 to 50", "0.01 to 20"))
    assert "is this on the log scale? exp(" in hint


def test_a_cure_fraction_below_0_may_be_a_logit(tmp_path):
    os = {"distribution": "mixture_cure", "base": "exponential"}
    os["parameters"] = {"cure_fraction": Number(-2.0, "parameter"), "rate": Number(0.5, "per year")}
    path = write(tmp_path, choices({"new": {"pfs": exponential(1.0), "os": os}, "old": _two(0.5)}))
    ((_, found, expected, hint),) = words(load, str(path))
    assert (found, expected) == ("-2, used as strategies.new.os.parameters.cure_fraction", "0 to 1")
    assert hint.endswith("1 / (1 + exp(2)) = 0.119")


def test_rows_of_a_curves_parameter_are_checked_for_its_range(tmp_path):
    rate = Number(0.5, "parameter", {"normal": {"se": 0.01}})
    os = {"distribution": "exponential", "parameters": {"rate": rate}}
    scenario = load(str(write(tmp_path, choices({"new": {"pfs": exponential(1.0), "os": os}, "old": _two(0.5)}))))
    address = next(a for a in scenario.quantities if a.endswith("new_os_parameters_rate"))
    rows = tmp_path / "rows.csv"
    rows.write_text(f"{address}\n0.5\n-3.2\n", encoding="utf-8")
    ((_, found, _, hint),) = words(external_columns, scenario, rows)
    assert found == "-3.2, used as strategies.new.os.parameters.rate"
    assert hint.endswith("exp(-3.2) = 0.0408")


def _two(rate):
    return {"pfs": exponential(2 * rate), "os": exponential(rate)}


# ---------------------------------------------------------------- draws
def _with_a_wide_utility(tmp_path):
    data = choices({"new": _two(0.25), "old": _two(0.5)}, costs={"care": per_year(1000, "alive")})
    data["utilities"]["progression_free"] = Number(0.9, "utility", {"normal": {"se": 0.1}})
    return write(tmp_path, data)


@pytest.mark.parametrize("command", ["psa", "voi"])
def test_draws_that_are_impossible_are_held_and_counted(command, tmp_path):
    path = _with_a_wide_utility(tmp_path)
    ran = CliRunner().invoke(main, [command, str(path), "--draws", "400", "--no-figures", "--out", str(tmp_path / "o")])
    assert ran.exit_code == 0, ran.output
    shown = " ".join(ran.output.split())
    assert re.search(
        r"of 400 draws of test\.numbers\.utilities_progression_free were impossible \(1(\.0\d+)? to 1\.", shown
    )
    assert "held at 1: its normal distribution reaches so far; a beta, gamma or log-normal does not" in shown
    if command == "psa":
        ((held,)) = json.loads((tmp_path / "o" / "results.json").read_text())["results"]["held"]
        assert 30 < held["count"] < 100  # 400 x P(z > 1) = 63
        assert 1.0 < held["lowest"] < held["highest"]
        again = CliRunner().invoke(main, ["psa", "--from", str(tmp_path / "o"), "--no-figures", "--no-files"])
        assert f"{held['count']} of 400 draws" in " ".join(again.output.split())


def test_held_draws_are_possible_and_the_others_are_as_drawn(tmp_path):
    from netcea.sampling.sampler import Sampler

    sampler = Sampler(load(str(_with_a_wide_utility(tmp_path))), 1)
    raw, (rows, (held,)) = sampler.drawn(0, 500), sampler.held_rows(sampler.drawn(0, 500))
    before, after = (draws[held.address][:, 0] for draws in (raw, rows))
    assert (before > 1.0).sum() == held.count == (after == 1.0).sum()
    assert (before[before <= 1.0] == after[before <= 1.0]).all()
    assert (sampler.rows(0, 500)[held.address] == rows[held.address]).all()


def test_one_way_and_thresholds_cut_quantiles_to_the_place_of_use():
    wide = [f"{DAYS}.uncertainty={{normal: {{se: 20}}}}"]
    (moved,) = OneWay().run(load("pnet", wide), OneWayOptions(addresses=[DAYS])).moved
    assert moved.quantity.low == pytest.approx(0.1)
    assert "impossible in 'days' and was cut to 0.1 (used as costs.cabozantinib.pack_days" in moved.quantity.note
