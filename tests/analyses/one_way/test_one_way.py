"""One-way analysis against hand-made quantiles, a scenario loaded anew for each value, and its own rules."""

import json
import math
from functools import cache

import numpy as np
import pytest
from click.testing import CliRunner

from helpers.partners import with_partners
from helpers.sample_of import mostly_slow
from helpers.small_project import Number, choices, exponential, loaded, per_year
from netcea import load
from netcea.analyses.base_case.analysis import evaluate
from netcea.analyses.registry import ANALYSES
from netcea.analyses.shared.varied_quantities import not_moved, varied_quantities
from netcea.blocks import Bounds
from netcea.cli.main import main
from netcea.errors import InputError
from netcea.scenario.options import OneWayOptions

SCENARIOS = (
    "pnet",
    "epnet",
    "pnet_comparators",
    "epnet_comparators",
    "pnet_os_log_normal",
    "pnet_fda_cut",
    "epnet_subgroup_grade3",
    "pnet_adverse_events_by_term",
    "epnet_time_on_treatment_unverified",
    "pnet_utilities_swinburn",
    "pnet_pfs_log_normal",
    "epnet_os_gompertz",
    "pnet_subsequent_lutetium",
)
SOME = mostly_slow(SCENARIOS, ("epnet", "pnet_comparators", "pnet_adverse_events_by_term"))
HAZARD_RATIO = "survival.cabinet_pnet.os_nejm.hazard_ratio"
SHAPE = "survival.cabinet_pnet.pfs_nejm.weibull.shape"
Z = 1.959963984540054


def one_way(scenario, **options):
    return ANALYSES["one_way"].run(scenario, OneWayOptions(**options))


@pytest.fixture(scope="module")
def pnet():
    return load("pnet")


@pytest.fixture(scope="module")
def epnet():
    return load("epnet")


def project(folder, numbers, *, extra=None):
    """Two strategies with the same curves; each number is the unit cost, share ... of a cost item of the first."""
    curves = {"pfs": exponential(1.0), "os": exponential(0.5)}
    costs = {f"item{i}": {**item, "strategies": ["new"]} for i, item in enumerate(numbers)}
    made = choices({"new": curves, "old": curves}, costs)
    made["utilities"]["on_treatment_disutility"] = Number(0, "utility")
    return loaded(folder, {**made, **(extra or {})})


def one_off(number):
    return {"kind": "one_off", "unit_cost": number}


# ------------------------------------------------------------------------------------------------ which are moved


@cache
def one_way_of(name):
    return one_way(load(name))


@pytest.mark.parametrize("name", SOME)
def test_every_uncertain_number_is_moved_or_said_not_to_be_once(name):
    scenario, result = load(name), one_way_of(name)
    listed = [m.quantity.address for m in (*result.moved, *result.no_effect)] + [n.address for n in result.not_moved]
    uncertain = {a for a, quantity in scenario.quantities.items() if quantity.uncertainty.family != "fixed"}
    uncertain |= {address for joint in scenario.joint for address in joint.addresses}
    assert len(listed) == len(set(listed))
    assert uncertain <= set(listed)
    assert all(entry.reason for entry in result.not_moved)


@pytest.mark.parametrize("name", SOME)
def test_low_base_and_high_are_in_order(name):
    result = one_way_of(name)
    for m in (*result.moved, *result.no_effect):
        assert m.quantity.low < m.quantity.high
        assert m.quantity.low <= m.quantity.value <= m.quantity.high


def test_parameters_of_a_fit_and_methods_are_not_moved(pnet):
    reasons = {entry.address: entry.reason for entry in not_moved(pnet)}
    assert reasons[SHAPE].startswith("estimated together")
    assert "survival.cabinet_pnet.pfs_nejm.median_placebo" not in reasons  # the curve is fitted again
    assert reasons["decision.method_packs.nice-2026-03.threshold_lower"].startswith("a rule of the decision maker")
    assert reasons["decision.value_of_information.uptake"].startswith("not part of the model")
    assert HAZARD_RATIO not in reasons
    assert "population.cohorts.pnet.start_age" not in reasons


def test_proportions_that_add_up_to_one_are_not_moved(tmp_path):
    def share(value):
        return Number(value, "proportion", {"dirichlet": {"group": "mix", "effective_n": 50}})

    def item(value):
        return {
            "kind": "subsequent_treatment",
            "of": "progressions",
            "share": share(value),
            "duration": Number(1, "years"),
            "price_per_pack": Number(100, "GBP"),
            "pack_days": Number(28, "days"),
        }

    scenario = project(tmp_path, [item(0.3), item(0.7)])
    reasons = [entry.reason for entry in not_moved(scenario) if entry.uncertain]
    assert len(reasons) == 2
    assert all("add up to 1" in reason for reason in reasons)
    assert one_way(scenario).moved == ()


def test_quantities_with_a_stated_rank_correlation_move_with_the_others_at_their_conditional_means(tmp_path):
    spread = {"log_normal": {"se_log": 0.2}}
    items = [
        one_off(Number(100, "GBP", spread)),
        one_off(Number(200, "GBP", spread)),
        one_off(Number(300, "GBP", spread)),
    ]
    pair = {
        "first": "test.numbers.costs_item0_unit_cost",
        "second": "test.numbers.costs_item1_unit_cost",
        "rank_correlation": Number(0.5, "parameter"),
    }
    scenario = project(tmp_path, items, extra={"analyses": {"psa": {"correlations": [pair]}}})
    assert not {entry.address for entry in not_moved(scenario) if entry.uncertain}
    moved = {m.quantity.address: m for m in one_way(scenario).moved}
    assert moved["test.numbers.costs_item2_unit_cost"].quantity.moves == "alone"
    first = moved[pair["first"]]
    assert first.quantity.moves == "others at conditional means"
    z = Z * 2.0 * math.sin(math.pi * 0.5 / 6.0)
    expected = 100.0 * math.exp(0.2 * Z) + 200.0 * math.exp(0.2 * z) + 300.0
    assert first.high.incremental_costs == pytest.approx(expected, rel=1e-9)


def test_what_changes_nothing_is_listed_as_such(pnet):
    result = one_way(pnet)
    idle = {m.quantity.address for m in result.no_effect}
    assert "survival.cabinet_pnet.os_nejm.median_cabozantinib" in idle  # shown beside the curve only
    assert all(m.low.nhb == m.base.nhb == m.high.nhb for m in result.no_effect)
    table = ANALYSES["one_way"].report(result).frame("one_way")
    assert set(table.loc[table["effect"] != "", "address"]) == idle


# ------------------------------------------------------------------------------------------------ the bounds


@pytest.mark.parametrize(
    ("value", "unit", "uncertainty", "low", "high"),
    [
        (100.0, "GBP", {"normal": {"se": 10.0}}, 100 - 10 * Z, 100 + 10 * Z),
        (100.0, "GBP", {"log_normal": {"se_log": 0.3}}, 100 * math.exp(-0.3 * Z), 100 * math.exp(0.3 * Z)),
        (100.0, "GBP", {"ci95": {"low": 50.0, "high": 200.0, "scale": "log"}}, 50.0, 200.0),
        (100.0, "GBP", {"ci95": {"low": 70.0, "high": 140.0, "scale": "identity"}}, 65.0, 135.0),
        # gamma of shape 1: exponential, quantile -mean ln(1 - p)
        (100.0, "GBP", {"gamma": {"se_relative": 1.0}}, -100 * math.log(0.975), -100 * math.log(0.025)),
        (100.0, "GBP", {"uniform": {"low": 50.0, "high": 150.0}}, 52.5, 147.5),
    ],
)
def test_bounds_are_the_quantiles_of_the_own_distribution(tmp_path, value, unit, uncertainty, low, high):
    (quantity,) = varied_quantities(project(tmp_path, [one_off(Number(value, unit, uncertainty))]), [], {})
    assert quantity.bounds == "quantiles"
    assert [quantity.low, quantity.high] == pytest.approx([low, high], rel=1e-9)


def test_bounds_of_a_beta_of_alpha_one(tmp_path):
    share = Number(0.1, "proportion", {"beta": {"effective_n": 10.0}})  # alpha 1, beta 9: 1 - (1 - p)^(1/9)
    (quantity,) = varied_quantities(project(tmp_path, [{**one_off(Number(100, "GBP")), "share": share}]), [], {})
    assert [quantity.low, quantity.high] == pytest.approx([1 - 0.975 ** (1 / 9), 1 - 0.025 ** (1 / 9)], rel=1e-9)


def test_bounds_of_a_survival_probability_rise(pnet):
    (quantity,) = varied_quantities(pnet, ["survival.radiant3.os_placebo_landmarks.month_12"], {})
    spread = pnet.quantities[quantity.address].uncertainty.ci95
    assert quantity.low < quantity.value < quantity.high
    assert [quantity.low, quantity.high] == pytest.approx([spread.low, spread.high], abs=0.02)


def test_impossible_quantiles_are_cut_and_said(tmp_path):
    share = Number(0.1, "proportion", {"normal": {"se": 0.2}})
    (quantity,) = varied_quantities(project(tmp_path, [{**one_off(Number(100, "GBP")), "share": share}]), [], {})
    assert quantity.low == 0.0
    assert quantity.high == pytest.approx(0.1 + 0.2 * Z)
    assert "cut to 0" in quantity.note
    assert "-0.292" in quantity.note


def test_fixed_quantities_move_over_their_range_and_any_between_given_bounds(pnet):
    result = one_way(pnet, bounds={"costs.drug.cabozantinib.discount": Bounds(low=0.0, high=0.5)})
    kinds = {m.quantity.address: (m.quantity.bounds, m.quantity.low, m.quantity.high) for m in result.moved}
    assert kinds["population.cohorts.pnet.start_age"] == ("range", 55.0, 65.0)
    assert kinds["costs.drug.cabozantinib.discount"] == ("given", 0.0, 0.5)
    assert kinds["costs.subsequent.crossover_months"][0] == "quantiles"  # uncertain: its range does not matter


# ------------------------------------------------------------------------------------------------ the results


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("pnet", "population.cohorts.pnet.start_age"),
        ("pnet", "costs.unit.ct_scan"),
        ("pnet", "costs.subsequent.crossover_months"),
        ("pnet", "costs.drug.cabozantinib.share_of_tablets_taken"),
        ("epnet", "survival.radiant4.os_shape"),
        ("pnet_comparators", "survival.sunitinib.os_anchored.hazard_ratio"),
    ],
)
def test_a_moved_quantity_is_the_scenario_loaded_with_that_value(name, address):
    (moved,) = one_way(load(name), addresses=[address]).moved
    for value, effect in ((moved.quantity.low, moved.low), (moved.quantity.high, moved.high)):
        case = evaluate(load(name, [f"{address}={value!r}", f"{address}.uncertainty={{fixed: moved}}"]))
        row = case.against_comparator()
        assert effect.incremental_costs == pytest.approx(row.incremental_costs, rel=1e-12)
        assert effect.incremental_qalys == pytest.approx(row.incremental_qalys, rel=1e-12)
        assert effect.severity_weight == case.severity.severity_weight
        assert effect.label == row.label
        assert effect.icer == (None if row.icer is None else pytest.approx(row.icer, rel=1e-12))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pnet", "epnet", "pnet_os_log_normal", "epnet_os_gompertz", "pnet_comparators"])
def test_every_moved_quantity_is_the_scenario_loaded_with_its_low_value(name):
    scenario = load(name)
    refits = list(scenario.refits.values())
    for moved in one_way(scenario).moved:
        address, low = moved.quantity.address, moved.quantity.low
        if moved.quantity.moves == "whole block":
            continue  # no number of inputs/ has its value: see test_moved_blocks
        sets = {address: low, f"{address}.uncertainty": {"fixed": "moved"}}
        if moved.quantity.moves == "curve fitted again":
            refit = next(refit for refit in refits if any(figure.address == address for figure in refit.figures))
            at = next(i for i, figure in enumerate(refit.figures) if figure.address == address)
            figures = refit.at({at: low * scenario.factors[address]})
            sets = {figure.address: figure.value / scenario.factors[figure.address] for figure in figures}
        if moved.quantity.moves == "others at conditional means":
            partners = with_partners(scenario, address, low)
            sets |= {
                f"{a}.{key}": x
                for a, v in partners.items()
                for key, x in (("value", v), ("uncertainty", {"fixed": "moved"}))
            }
        costs = evaluate(load(name, sets)).against_comparator().incremental_costs
        assert moved.low.incremental_costs == pytest.approx(costs, rel=1e-9), address


def test_base_is_the_base_case(pnet):
    row = evaluate(pnet).against_comparator()
    base = one_way(pnet).base
    assert base.incremental_costs == pytest.approx(row.incremental_costs, rel=1e-12)
    assert base.icer == pytest.approx(757_688.39, abs=0.01)


def test_ranked_by_the_range_of_net_health_benefit(pnet):
    result = one_way(pnet)
    ranges = []
    for m in result.moved:
        at = [e.incremental_qalys - e.incremental_costs / 25_000 for e in (m.low, m.base, m.high)]
        ranges.append(max(at) - min(at))
    assert np.all(np.diff(ranges) <= 0)
    assert [m.nhb_range() for m in result.moved] == pytest.approx(ranges, rel=1e-9)
    leading = [m.quantity.address for m in result.moved[:2]]
    assert leading == ["survival.cabinet_pnet.pfs_nejm.median_cabozantinib", HAZARD_RATIO]


def test_weighted_benefit_stands_beside_and_the_weight_may_change(epnet):
    result = one_way(epnet)
    changing = [m for m in result.moved if m.changes_weight]
    assert "survival.radiant4.os_shape" in [m.quantity.address for m in changing]
    for m in changing:
        for e in (m.low, m.high):
            expected = e.severity_weight * e.incremental_qalys - e.incremental_costs / 25_000
            assert e.weighted_nhb[0] == pytest.approx(expected, rel=1e-12)


def test_optimal_strategy_among_several():
    scenario = load("pnet_comparators")
    changing = [m for m in one_way(scenario).moved if m.changes_optimal]
    assert changing
    m = next(m for m in changing if m.quantity.address == "survival.sunitinib.os_anchored.hazard_ratio")
    worst = evaluate(load("pnet_comparators", [f"{m.quantity.address}={m.quantity.high!r}"]))
    nmb = {name: 25_000 * s.qalys - s.costs for name, s in worst.strategies.items()}
    assert m.high.optimal == max(nmb, key=nmb.get) != m.base.optimal


def test_a_cost_moves_the_result_by_its_own_change(tmp_path):
    scenario = project(tmp_path, [one_off(Number(1000, "GBP", {"normal": {"se": 100}})), per_year(500, "alive")])
    (moved,) = one_way(scenario).moved
    assert moved.high.incremental_costs - moved.base.incremental_costs == pytest.approx(100 * Z, rel=1e-9)
    assert moved.high.nhb[0] - moved.base.nhb[0] == pytest.approx(-100 * Z / 20_000, rel=1e-9)


# ------------------------------------------------------------------------------------------------ what was asked wrongly


def test_every_wrong_address_is_answered_at_once(pnet):
    wrong = [
        "survival.cabinet_pnet.os_nejm.hazard_ration",
        SHAPE,
        "decision.method_packs.nice-2026-03.threshold_lower",
        "costs.drug.cabozantinib.pack_days",
        "settings.horizon_years",
        "costs.unit.nurse_hour",
    ]
    with pytest.raises(InputError) as caught:
        one_way(pnet, addresses=wrong)
    problems = {p.address: str(p) for p in caught.value.problems}
    assert set(problems) == set(wrong[:-1])
    assert f"did you mean '{HAZARD_RATIO}'?" in problems[wrong[0]]
    assert "estimated together" in problems[SHAPE]
    assert "what moves together: survival.cabinet_pnet.pfs_nejm.median_placebo, " in problems[SHAPE]
    assert "add --bounds costs.drug.cabozantinib.pack_days=LOW:HIGH, in days" in problems[wrong[3]]
    assert "--set" in problems["settings.horizon_years"]


def test_impossible_and_stray_bounds_are_refused(pnet):
    bounds = {
        "costs.care.somatostatin_analogue_share": Bounds(low=0.0, high=1.5),
        "costs.unit.ct_scan": Bounds(low=1, high=2),
    }
    with pytest.raises(InputError) as caught:
        one_way(pnet, addresses=["costs.care.somatostatin_analogue_share"], bounds=bounds)
    text = str(caught.value)
    assert "found 1.5; expected a value from 0 to 1, the unit being 'proportion'" in text
    assert "bounds of a quantity that is not asked for" in text


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "costs.unit.ct_scan=1",
        "costs.unit.ct_scan=2:1",
        "costs.unit.ct_scan=a:b",
        "costs.unit.ct_scan=nan:1",
        "costs.unit.ct_scan=1:2:3",
    ],
)
def test_malformed_bounds_of_the_command_line(text):
    done = CliRunner().invoke(main, ["one-way", "pnet", "--no-files", "--bounds", text])
    assert done.exit_code == 2
    assert "ADDRESS=LOW:HIGH" in done.output
    assert "Traceback" not in done.output


# ------------------------------------------------------------------------------------------------ what is shown


def test_the_command_says_what_matters_most_and_writes(tmp_path):
    out = tmp_path / "out"
    done = CliRunner().invoke(main, ["one-way", "epnet", "--out", str(out), "--no-figures"])
    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split()).partition("The result is most sensitive to ")[2]
    assert said.startswith("Median PFS, central review, NEJM, epNET, cabozantinib")
    assert "Hazard ratio, OS, NEJM, epNET (" in said
    results = json.loads((out / "results.json").read_text())["results"]
    assert results["base"]["icer"] == pytest.approx(318_010.24, abs=0.01)
    assert len(results["quantities"]) == 44
    tables = {"one_way.csv", "one_way_largest.csv", "not_moved.csv", "variance.csv", "variance_largest.csv"}
    assert {p.name for p in (out / "tables").iterdir()} == tables


def test_no_negative_icer_is_shown(pnet):
    report = ANALYSES["one_way"].report(one_way(pnet))
    frame = report.frame("one_way")
    assert not (frame[["low_icer", "high_icer"]] < 0).any().any()
    row = frame.set_index("address").loc[HAZARD_RATIO]
    assert row["high_icer_label"] == "dominated"
