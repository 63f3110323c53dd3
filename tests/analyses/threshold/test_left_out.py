"""The price without other costs, against scenarios that lack them; what stands in the way, in words."""

from dataclasses import replace

import pytest

from helpers.small_project import Number, choices, exponential, loaded
from netcea import load
from netcea.analyses.base_case.analysis import evaluate
from netcea.analyses.registry import ANALYSES
from netcea.analyses.threshold.left_out import background_therapy
from netcea.analyses.threshold.price import drugs_of
from netcea.analyses.threshold.unmet import no_price_lines
from netcea.reporting.amounts import amount
from netcea.scenario.options import ThresholdOptions
from netcea.scenario.price_layers import Prices

COHORTS = ("pnet", "epnet")
DISCOUNT = "costs.drug.cabozantinib.discount"
NOBODY = "costs.somatostatin_analogue.share=costs.care.share_none"
DEARER = "costs.drug.lanreotide.price_per_pack=1050"
"""A price of background therapy at which no price of the intervention meets the lower threshold in epNET."""
ANALOGUE = "Somatostatin analogue (lanreotide)"


def solve(scenario, **options):
    return ANALYSES["threshold"].run(scenario, ThresholdOptions(**options))


@pytest.fixture(scope="module", params=COHORTS)
def solved(request):
    return request.param, solve(load(request.param))


def background(ladder):
    (found,) = (left for left in ladder.without if left.kind == "background therapy")
    return found


def equal(found, wanted):
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        assert (one.basis, one.status) == (other.basis, other.status)
        assert one.nhb_list == pytest.approx(other.nhb_list, rel=1e-9)
        assert one.nhb_free == pytest.approx(other.nhb_free, rel=1e-9)
        assert (one.pack_price is None) == (other.pack_price is None)
        assert one.pack_price is None or one.pack_price == pytest.approx(other.pack_price, rel=1e-9)


def test_without_background_therapy_it_is_the_scenario_in_which_nobody_has_it(solved):
    cohort, result = solved
    left = background(result.prices[0].ladder)
    assert (left.items, left.label) == (("somatostatin_analogue",), ANALOGUE)
    equal(left.solutions, solve(load(cohort, [NOBODY])).prices[0].ladder.solutions)


def test_over_draws_too():
    draws = {"probabilistic_draws": 60, "seed": 3}
    with_it, without = (solve(load("pnet", sets), **draws).prices[0].probabilistic for sets in ([], [NOBODY]))
    equal(background(with_it).solutions, without.solutions)


@pytest.mark.parametrize(
    ("item", "number"),
    [("ct_progression_free", "costs.care.progression_free.ct_frequency"), ("end_of_life", "costs.unit.end_of_life")],
)
def test_without_one_cost_it_is_the_scenario_in_which_it_costs_nothing(item, number):
    (left,) = (x for x in solve(load("epnet")).prices[0].ladder.without if x.items == (item,))
    equal(left.solutions, solve(load("epnet", [f"{number}=0"])).prices[0].ladder.solutions)


def test_every_cost_but_the_drug_is_left_out_once_and_they_add_up(solved):
    cohort, result = solved
    ladder = result.prices[0].ladder
    single = {left.items[0]: left for left in ladder.without if len(left.items) == 1}
    assert len(single) == len(ladder.without)
    assert single.keys() == load(cohort).file.all_costs().keys() - {"cabozantinib"}
    free = sum(left.increment_free for left in single.values())
    assert free == pytest.approx(ladder.effects[-1].incremental_costs, rel=1e-9)
    crossover = single["crossover"]
    assert crossover.increment_list < 0.0
    assert crossover.increment_list < crossover.increment_free <= 0.0


def test_with_that_share_of_a_cost_gone_the_drug_for_free_just_meets_the_threshold():
    left = background(solve(load("pnet")).prices[0].ladder)
    checked = 0
    for solution, share in zip(left.solutions, left.shares_to_go, strict=True):
        case = evaluate(load("pnet", [f"{DISCOUNT}=1", f"costs.drug.lanreotide.discount={share!r}"]))
        assert case.against_comparator().icer == pytest.approx(solution.basis.threshold, rel=1e-9)
        checked += 1
    assert checked == 4


@pytest.mark.parametrize(
    ("cohort", "sets", "which", "why"),
    [
        ("pnet", [], "a threshold", "alone stands in the way."),
        ("epnet", [DEARER], "£25,000", "smaller costs stands in the way."),
    ],
)
def test_the_first_lines_say_that_there_is_no_price_and_why(cohort, sets, which, why):
    result = solve(load(cohort, sets))
    line = result.read_first[0]
    free = result.prices[0].ladder.effects[-1].icer
    assert line.code == "no_price"
    assert f"meets {which}, not even when free (ICER £{free:,.0f}): {ANALOGUE} alone" in line.message
    assert line.message.endswith(why)


def test_sentences_say_what_remains_and_what_the_qalys_are_worth():
    result = solve(load("pnet"))
    ladder = result.prices[0].ladder
    text = " ".join(ANALYSES["threshold"].report(result).lines)
    costs, qalys = ladder.effects[-1].incremental_costs, ladder.effects[-1].incremental_qalys
    left = background(ladder)
    assert f"For free it still costs £{costs:,.0f} more than the comparator: {ANALOGUE} £" in text
    assert f"{ANALOGUE} £{left.increment_free:,.0f}, Monitoring and care £" in text
    assert f"worth £{25_000 * qalys:,.0f} at £25,000 and £{35_000 * qalys:,.0f} at £35,000" in text
    price, share = left.solutions[0].pack_price, left.shares_to_go[0]
    assert (
        f"there is a price: {amount(price, 'GBP')} a pack at £25,000 ({share:.0%} of that cost would have to go)"
        in text
    )


def test_tables_show_it_with_and_without():
    report = ANALYSES["threshold"].report(solve(load("epnet", [DEARER])))
    frame = report.frame("price_without")
    assert list(frame["left_out"].unique()[:2]) == ["nothing", f"background therapy: {ANALOGUE}"]
    assert len(frame) == 4 * frame["left_out"].nunique()
    assert frame["share_to_go"].notna().sum() >= 2
    screen = report.table("price_without_screen")
    assert [c.heading for c in screen.columns[1:3]] == ["At £25,000", "At £25,000 weighted for severity"]
    assert screen.column("pack_price_25000")[0] == "none"
    assert screen.column("pack_price_25000")[1].startswith("£")
    assert len(screen.rows) == 5
    assert "price_without_screen" in report.on_screen


def test_nothing_is_said_where_every_threshold_has_a_price():
    result = solve(load("pnet", [NOBODY]))
    assert "no_price" not in [line.code for line in result.read_first]
    assert "For free" not in " ".join(ANALYSES["threshold"].report(result).lines)


def test_giving_a_drug_that_both_take_belongs_to_background_therapy():
    scenario = load("scenarios/sensitivity/pnet_somatostatin_analogue_injection.yaml")
    (drug,) = drugs_of(scenario)
    assert background_therapy(scenario, drug) == ("somatostatin_analogue", "somatostatin_analogue_injection")
    ladder = solve(scenario).prices[0].ladder
    singles = [left.items for left in ladder.without if left.kind == "cost"]
    assert ("somatostatin_analogue",) in singles
    assert ("somatostatin_analogue_injection",) in singles
    assert background(ladder).increment_free == pytest.approx(
        sum(left.increment_free for left in ladder.without if left.kind == "cost" and left.items[0].startswith("som"))
    )


def two_costs(tmp_path, first, second):
    """A drug that gains 1 QALY, with two further costs of the new strategy at the start."""
    strategies = {
        "new": {"pfs": exponential(0.5), "os": exponential(0.2)},
        "old": {"pfs": exponential(1.0), "os": exponential(0.4)},
    }
    drug = {"kind": "drug_acquisition", "price_per_pack": Number(1000, "GBP"), "pack_days": Number(28, "days")}
    costs = {
        "drug": {**drug, "strategies": ["new"], "during": "progression_free"},
        "one": {"kind": "one_off", "label": "One", "unit_cost": Number(first, "GBP"), "strategies": ["new"]},
        "two": {"kind": "one_off", "label": "Two", "unit_cost": Number(second, "GBP"), "strategies": ["new"]},
    }
    return loaded(tmp_path, choices(strategies, costs, (0.8, 0.5)))


def test_costs_that_only_together_stand_in_the_way(tmp_path):
    result = solve(two_costs(tmp_path, 400_000, 400_000))
    assert "leaving out any one other cost gives no price either" in result.read_first[0].message
    assert not any(left.decides for left in result.prices[0].ladder.without)


def test_a_cost_of_one_strategy_that_stands_in_the_way_alone(tmp_path):
    result = solve(two_costs(tmp_path, 400_000, 10))
    assert "One alone stands in the way" in result.read_first[0].message
    assert not any(left.kind == "background therapy" for left in result.prices[0].ladder.without)


def test_a_price_asked_for_by_its_address_leads_to_what_stands_in_the_way():
    result = solve(load("pnet"), addresses=[DISCOUNT], bounds={DISCOUNT: {"low": 0.0, "high": 1.0}})
    (line,) = (x for x in ANALYSES["threshold"].report(result).lines if "without --address" in x)
    assert line.startswith("Discount on cabozantinib: a threshold is met nowhere between these bounds")


def test_means_that_meet_other_thresholds_say_so():
    scenario = load("pnet")
    (none,), (some,) = solve(scenario).prices, solve(load("pnet", [NOBODY])).prices
    found = {}
    for name, points, means in (("worse", some, none), ("better", none, some), ("alike", none, none)):
        price = replace(none, ladder=points.ladder, probabilistic=replace(means.ladder, draws=40))
        found[name] = [line.message for line in no_price_lines(scenario, [price])]
    (worse,) = found["worse"]
    assert worse.startswith("On the means of 40 draws: No price of Cabozantinib meets a threshold")
    assert found["better"][1] == "On the means of 40 draws every threshold has a price."
    assert found["better"][:1] == found["alike"]


def test_at_a_confidential_price_of_another_drug_the_line_may_not_be_shown():
    scenario = load("pnet")
    (price,) = solve(scenario).prices
    lines = {}
    for address in (DISCOUNT, "costs.drug.lanreotide.discount"):
        secret = replace(scenario, prices=Prices(secret={address: "a hash"}, redacted=True))
        lines[address] = no_price_lines(secret, [price])
    assert [line.code for line in lines[DISCOUNT]] == ["no_price"]
    assert lines["costs.drug.lanreotide.discount"] == ()
