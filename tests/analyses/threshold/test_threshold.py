"""Threshold analysis: closed forms, values put back into the scenario, jumps, and functions whose roots are known."""

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from helpers.partners import with_partners
from helpers.small_project import Number, choices, exponential, loaded
from netcea import load
from netcea.analyses.base_case.analysis import evaluate
from netcea.analyses.registry import ANALYSES
from netcea.analyses.shared.effects import effects_of
from netcea.analyses.shared.root_finding import brackets, narrowed
from netcea.analyses.shared.totals import Totals, totals_of, varied
from netcea.analyses.threshold import analysis as module
from netcea.analyses.threshold.price import drugs_of, ladder_steps, solutions_of
from netcea.analyses.threshold.result import Basis
from netcea.blocks import Bounds
from netcea.cli.main import main
from netcea.decision.severity import severity_weight
from netcea.engine.point_estimates import base_case
from netcea.errors import InputError
from netcea.sampling.sampler import sample
from netcea.scenario.options import ThresholdOptions

DISCOUNT = "costs.drug.cabozantinib.discount"
PRICE = "costs.drug.cabozantinib.price_per_pack"
MEDIAN = "survival.cabinet_epnet.os_nejm.median_placebo"
RATIO = "survival.cabinet_epnet.os_nejm.hazard_ratio"


def solve(scenario, **options):
    return ANALYSES["threshold"].run(scenario, ThresholdOptions(**options))


@pytest.fixture(scope="module")
def epnet():
    return load("epnet")


def met(scenario, **options):
    """Address, threshold and weighting -> the values at which the ICER meets it."""
    return {
        (s.quantity.address, s.basis.threshold, s.basis.weighted): [m.crossing.at for m in s.meetings]
        for s in solve(scenario, **options).values
    }


# ------------------------------------------------------------------------------------------------ roots of known functions


def crossings(function, low, high, points=41):
    x = np.linspace(low, high, points)
    f = function(x)
    found = brackets(f)
    if not found:
        return []
    a, b = (np.array(ends) for ends in zip(*found, strict=True))
    scale = np.full(len(a), f.max() - f.min())
    return narrowed(x[a], x[b], f[a], f[b], scale, lambda points, _: function(points))


def test_every_root_is_found_to_the_last_digits():
    found = crossings(np.sin, 1.0, 10.0)
    assert [c.at for c in found] == pytest.approx([np.pi, 2 * np.pi, 3 * np.pi], rel=1e-12)
    assert [c.rises for c in found] == [False, True, False]
    assert not any(c.jump for c in found)


@pytest.mark.parametrize("root", [0.0, 1.0, 0.3, 1e-9])
def test_a_root_at_zero_on_the_grid_or_between(root):
    (found,) = crossings(lambda x: (x - root) * (1.0 + x * x), -1.0, 3.0)
    assert found.at == pytest.approx(root, rel=1e-10, abs=1e-15)
    assert found.rises
    assert not found.jump


def test_a_jump_over_zero_is_told_from_a_root():
    (found,) = crossings(lambda x: np.where(x < 0.123, -0.2, 0.3) + 0.1 * x, 0.0, 1.0)
    assert found.jump
    assert found.at == pytest.approx(0.123, rel=1e-10)
    assert (found.before, found.after) == (pytest.approx(-0.1877), pytest.approx(0.3123))


def test_no_crossing_where_there_is_none():
    assert crossings(lambda x: x * x, -1.0, 1.0) == []
    assert crossings(np.zeros_like, -1.0, 1.0) == []


# ------------------------------------------------------------------------------------------------ values of quantities


@pytest.mark.parametrize("sets", [[], [f"{DISCOUNT}=0.95"]])
def test_a_value_put_back_gives_the_threshold(sets):
    scenario = load("epnet", sets)
    solutions = solve(scenario, addresses=[PRICE, RATIO], bounds={RATIO: Bounds(low=0.2, high=2.0)}).values
    checked = 0
    for s in solutions:
        for meeting in s.meetings:
            moved = with_partners(scenario, s.quantity.address, meeting.crossing.at)
            case = evaluate(load("epnet", [*sets, *(f"{a}={x!r}" for a, x in moved.items())]))
            row = case.against_comparator()
            weight = case.severity.severity_weight if s.basis.weighted else 1.0
            assert row.icer / weight == pytest.approx(s.basis.threshold, rel=1e-6)
            assert row.icer == pytest.approx(meeting.effect.icer, rel=1e-9)
            checked += 1
    assert checked >= 3


def test_a_cost_paid_once_meets_the_threshold_at_threshold_times_qalys(tmp_path):
    strategies = {
        "new": {"pfs": exponential(0.5), "os": exponential(0.2)},
        "old": {"pfs": exponential(1.0), "os": exponential(0.4)},
    }
    price = Number(1000, "GBP", {"log_normal": {"se_log": 2.0}})
    costs = {"drug": {"kind": "one_off", "unit_cost": price, "strategies": ["new"]}}
    scenario = loaded(tmp_path, choices(strategies, costs, (0.8, 0.5)))
    gain = evaluate(scenario).against_comparator().incremental_qalys
    found = met(scenario, addresses=["test.numbers.costs_drug_unit_cost"])
    for threshold in (20_000.0, 30_000.0):
        key = ("test.numbers.costs_drug_unit_cost", threshold, False)
        assert found[key] == pytest.approx([threshold * gain], rel=1e-10)


def test_the_severity_weight_may_jump_over_the_threshold(epnet):
    scenario = load("epnet", [f"{DISCOUNT}=0.99", f"{RATIO}.uncertainty={{fixed: moves alone}}"])
    weighted = next(s for s in solve(scenario, addresses=[MEDIAN]).values if s.basis == Basis(25_000.0, weighted=True))
    (jump,) = [m for m in weighted.meetings if m.weight_jumps]
    at = jump.crossing.at
    sides = [evaluate(load("epnet", [f"{DISCOUNT}=0.99", f"{MEDIAN}={value!r}"])) for value in (at - 1e-6, at + 1e-6)]
    assert [case.severity.severity_weight for case in sides] == [1.2, 1.0]
    assert sides[0].nhb(25_000.0) < 0.0 < jump.crossing.before
    assert jump.crossing.after < 0.0
    report = ANALYSES["threshold"].report(solve(scenario, addresses=[MEDIAN]))
    assert "where the severity weight changes" in " ".join(report.frame("threshold_values")["finding"])


def test_never_met_says_what_the_ends_give(epnet):
    found = solve(epnet, addresses=[RATIO]).values[0]
    assert found.basis == Basis(25_000.0, weighted=False)
    assert found.meetings == ()
    low = evaluate(load("epnet", with_partners(epnet, RATIO, found.quantity.low))).nhb(25_000.0)
    assert found.nhb_low == pytest.approx(low, rel=1e-12)
    frame = ANALYSES["threshold"].report(solve(epnet, addresses=[RATIO])).frame("threshold_values")
    ends = f"NHB {found.nhb_low:.3f} and {found.nhb_high:.3f}"
    assert frame["finding"][0].startswith(f"never cost-effective between 0.44 and 1.68: {ends}")


def test_the_search_goes_over_the_tails_the_range_or_every_possible_value():
    scenario = load("pnet")
    asked = ["population.cohorts.pnet.start_age", DISCOUNT, PRICE, "survival.cabinet_pnet.os_nejm.hazard_ratio"]
    found = {s.quantity.address: s.quantity for s in solve(scenario, addresses=asked).values}
    assert (found[asked[0]].low, found[asked[0]].high) == (55.0, 65.0)
    assert (found[DISCOUNT].low, found[DISCOUNT].high) == (0.0, 1.0)
    assert (found[PRICE].low, found[PRICE].high) == (0.0, 51_430.0)
    se = np.log(2.00 / 0.45) / (2 * 1.959963984540054)
    assert found[asked[3]].low == pytest.approx(0.95 * np.exp(-3.090232306167813 * se), rel=1e-9)


# ------------------------------------------------------------------------------------------------ the price


def test_the_closed_form_is_the_root(epnet):
    found = met(epnet, addresses=[DISCOUNT, PRICE])
    (price,) = solve(epnet).prices
    for s in price.ladder.solutions:
        key = (s.basis.threshold, s.basis.weighted)
        if s.status == "solved":
            assert found[DISCOUNT, *key] == pytest.approx([s.discount], rel=1e-9)
            assert found[PRICE, *key] == pytest.approx([s.pack_price], rel=1e-9)
            assert abs(s.check) < 1e-12
        else:
            assert found[DISCOUNT, *key] == found[PRICE, *key] == []


def test_the_discount_put_back_gives_the_threshold(epnet):
    (price,) = solve(epnet).prices
    solved = {s.basis: s.discount for s in price.ladder.solutions if s.status == "solved"}
    assert len(solved) >= 3
    for basis, discount in solved.items():
        case = evaluate(load("epnet", [f"{DISCOUNT}={discount!r}"]))
        icer = case.against_comparator().icer / (case.severity.severity_weight if basis.weighted else 1.0)
        assert icer == pytest.approx(basis.threshold, rel=1e-9)


def test_not_even_when_free():
    (price,) = solve(load("pnet")).prices
    free = evaluate(load("pnet", [f"{DISCOUNT}=1"])).against_comparator()
    assert {s.status for s in price.ladder.solutions} == {"not even when free"}
    assert price.ladder.effects[-1].icer == pytest.approx(free.icer, rel=1e-12)
    assert free.icer > 35_000
    (line,) = (x for x in solve(load("pnet")).read_first if x.code == "no_price")
    assert f"not even when free (ICER £{free.icer:,.0f})" in line.message


def test_met_at_list_price_says_how_far_the_price_might_rise():
    (price,) = solve(load("epnet", [f"{PRICE}=50"])).prices
    met_at_list = next(s for s in price.ladder.solutions if s.basis == Basis(35_000.0, weighted=False))
    assert met_at_list.status == "met at list price"
    assert met_at_list.discount < 0.0
    case = evaluate(load("epnet", [f"{PRICE}={met_at_list.pack_price!r}"]))
    assert case.against_comparator().icer == pytest.approx(35_000.0, rel=1e-9)


def test_the_ladder_is_the_scenario_at_each_discount():
    (price,) = solve(load("epnet_price_minus_40_percent"), ladder_step=0.4).prices
    assert price.drug.discount_now == 0.4
    assert price.drug.also_paid_by == ("Cabozantinib after crossover",)
    assert price.ladder.discounts.tolist() == [0.0, 0.4, 0.8, 1.0]
    for discount, effect in zip(price.ladder.discounts, price.ladder.effects, strict=True):
        row = evaluate(load("epnet", [f"{DISCOUNT}={float(discount)!r}"])).against_comparator()
        assert effect.incremental_costs == pytest.approx(row.incremental_costs, rel=1e-12)


def test_a_drug_without_a_discount_is_moved_by_its_price(tmp_path):
    def project(folder, **more):
        (tmp_path / folder).mkdir()
        strategies = {
            "new": {
                "pfs": exponential(0.5),
                "os": exponential(0.2),
                "time_on_treatment": {"rule": "until_progression"},
            },
            "old": {"pfs": exponential(1.0), "os": exponential(0.4)},
        }
        drug = {
            "kind": "drug_acquisition",
            "price_per_pack": Number(2000, "GBP"),
            "pack_days": Number(28, "days"),
            "strategies": ["new"],
            **more,
        }
        return loaded(tmp_path / folder, choices(strategies, {"drug": drug}, (0.8, 0.5)))

    (without,) = solve(project("without")).prices
    (discounted,) = solve(project("with", discount=Number(0.3, "proportion"))).prices
    assert (without.drug.discount, discounted.drug.discount_now) == (None, 0.3)
    for a, b in zip(without.ladder.effects, discounted.ladder.effects, strict=True):
        assert a.incremental_costs == pytest.approx(b.incremental_costs, rel=1e-12, abs=1e-9)
    for a, b in zip(without.ladder.solutions, discounted.ladder.solutions, strict=True):
        assert a.status == b.status == "solved"
        assert a.discount == pytest.approx(b.discount, rel=1e-9)


def test_drugs_of_several_strategies():
    (drug,) = drugs_of(load("pnet_comparators"))
    assert drug.items == ("cabozantinib",)


def row(costs, qalys):
    return Totals(
        ("new", "old"),
        "new",
        "old",
        np.array([[costs], [0.0]]),
        np.array([[qalys], [0.0]]),
        np.zeros((2, 1)),
        np.ones(1),
    )


@pytest.mark.parametrize(
    ("list_costs", "free_costs", "qalys", "status", "discount"),
    [
        (10_000.0, 0.0, 0.2, "solved", 0.5),
        (5_000.0, 0.0, 0.2, "solved", 0.0),
        (10_000.0, 5_000.0, 0.2, "solved", 1.0),
        (10_000.0, 6_000.0, 0.2, "not even when free", None),
        (4_000.0, 0.0, 0.2, "met at list price", -0.25),
        (10_000.0, 10_000.0, 0.2, "price has no effect", None),
        (0.0, 10_000.0, 0.2, "solved", 0.5),  # the comparator pays more of it
        (4_000.0, 4_500.0, 0.2, "met at list price", None),  # no price within the ladder or above does
        (10_000.0, -10_000.0, -0.2, "solved", 0.75),
    ],
)
def test_the_price_in_every_case(epnet, list_costs, free_costs, qalys, status, discount):
    (drug,) = drugs_of(epnet)
    found = solutions_of(epnet, drug, row(list_costs, qalys), row(free_costs, qalys))[0]
    assert found.basis == Basis(25_000.0, weighted=False)
    assert found.status == status
    assert found.discount == (None if discount is None else pytest.approx(discount, abs=1e-12))


def test_steps_of_the_ladder():
    assert ladder_steps(0.05).tolist() == [round(0.05 * i, 12) for i in range(21)]
    assert ladder_steps(0.3).tolist() == [0.0, 0.3, 0.6, 0.9, 1.0]
    assert ladder_steps(0.5).tolist() == [0.0, 0.5, 1.0]


# ------------------------------------------------------------------------------------------------ over draws


def test_over_draws_the_discount_is_that_of_the_means(epnet):
    n, seed = 300, 7
    (price,) = solve(epnet, probabilistic_draws=n, seed=seed).prices
    ladder = price.probabilistic
    draws = sample(epnet, n, seed)
    for discount, effect in list(zip(ladder.discounts, ladder.effects, strict=True))[::5]:
        totals = totals_of(epnet, varied(draws, {DISCOUNT: np.full(n, discount)}))
        assert effect.incremental_costs == pytest.approx(totals.increment("costs").mean(), rel=1e-10)
        assert effect.incremental_qalys == pytest.approx(totals.increment("qalys").mean(), rel=1e-10)
    for s in ladder.solutions:
        if s.status == "solved":
            totals = totals_of(epnet, varied(draws, {DISCOUNT: np.full(n, s.discount)}))
            icer = totals.increment("costs").mean() / totals.increment("qalys").mean()
            weight = ladder.effects[0].severity_weight if s.basis.weighted else 1.0
            assert icer / weight == pytest.approx(s.basis.threshold, rel=1e-9)
            assert abs(s.check) < 1e-12
    assert any(s.status == "solved" for s in ladder.solutions)
    assert ladder.solutions[0].nhb_list != price.ladder.solutions[0].nhb_list


def test_the_weight_over_draws_is_that_of_the_mean(epnet):
    (price,) = solve(epnet, probabilistic_draws=200).prices
    totals = totals_of(epnet, sample(epnet, 200, 1))
    assert len(set(totals.severity_weight)) > 1
    shortfall = evaluate(epnet).severity
    weight = severity_weight(
        shortfall.qalys_general_population,
        float(totals.of("qalys", "best_supportive_care").mean()),
        epnet.method_pack.severity,
    )
    assert {e.severity_weight for e in price.probabilistic.effects} == {float(weight)}


def test_cutting_the_draws_into_parts_changes_nothing(epnet, monkeypatch):
    options = ThresholdOptions(probabilistic_draws=50)
    whole = ANALYSES["threshold"].run(epnet, options)
    monkeypatch.setattr(module, "CHUNK", 13)
    assert len(module.Threshold().parts(epnet, options)) == 5
    cut = ANALYSES["threshold"].run(epnet, options)
    assert cut.prices[0].probabilistic.effects == whole.prices[0].probabilistic.effects
    assert [replace(s, check=None) for s in cut.prices[0].probabilistic.solutions] == [
        replace(s, check=None) for s in whole.prices[0].probabilistic.solutions
    ]


# ------------------------------------------------------------------------------------------------ wrong options, output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"addresses": [RATIO], "probabilistic_draws": 10}, "draws for the price alone"),
        ({"probabilistic_draws": 1}, "found 1 draw; expected at least 2"),
        ({"addresses": [f"{RATIO}n"]}, f"did you mean '{RATIO}'?"),
        ({"addresses": ["survival.cabinet_epnet.pfs_nejm.weibull.shape"]}, "estimated together"),
        ({"addresses": ["costs.drug.cabozantinib.pack_days"]}, "fixed number without a range"),
        ({"addresses": [DISCOUNT], "bounds": {DISCOUNT: Bounds(low=0.0, high=2.0)}}, "from 0 to 1"),
    ],
)
def test_wrong_options_are_answered(epnet, options, words):
    with pytest.raises(InputError) as caught:
        solve(epnet, **options)
    assert words in str(caught.value)


def test_a_scenario_without_a_drug_of_its_own_asks_for_addresses(tmp_path):
    curves = {"pfs": exponential(1.0), "os": exponential(0.5)}
    with pytest.raises(InputError, match="no drug that the intervention takes"):
        solve(loaded(tmp_path, choices({"new": curves, "old": curves})))


def test_the_command_prints_the_ladder_and_writes(tmp_path):
    out = tmp_path / "out"
    arguments = ["threshold", "epnet", "--draws", "20", "--seed", "3", "--ladder-step", "0.25", "--out", str(out)]
    done = CliRunner().invoke(main, [*arguments, "--no-figures"])
    assert done.exit_code == 0, done.output
    assert "not even when free" in done.output
    results = json.loads((out / "results.json").read_text())["results"]["prices"][0]
    assert results["probabilistic"]["draws"] == 20
    assert [step["discount"] for step in results["point_estimates"]["steps"]] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert (out / "tables" / "price_ladder.csv").exists()


def test_the_base_is_the_base_case(epnet):
    (expected,) = effects_of(epnet, totals_of(epnet, base_case(epnet)))
    assert solve(epnet).base == expected
