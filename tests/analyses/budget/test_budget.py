"""Budget impact: the model's own costs by year, cohorts overlaid by a slow double loop, blocks that cannot be."""

import json
import math

import numpy as np
import pytest
from click.testing import CliRunner

import netcea
from helpers.small_project import Number, choices, exponential, loaded, per_year
from netcea.analyses.budget.cohorts import cohorts_of, overlaid
from netcea.analyses.budget.figure import budget_figure
from netcea.analyses.budget.own_drug import own_drug_elsewhere
from netcea.analyses.registry import ANALYSES
from netcea.cli.main import main
from netcea.engine.by_year import costs_by_year
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.engine.trace import traces
from netcea.errors import InputError
from netcea.loading.load import load
from netcea.loading.option_values import options_with
from netcea.scenario.budget_options import BudgetOptions

CARE, DRUG = "best_supportive_care", "cabozantinib"


def run(scenario, **given):
    return ANALYSES["budget"].run(scenario, options_with(ANALYSES["budget"].standing(scenario), **given))


@pytest.fixture(scope="module")
def pnet():
    return load("pnet")


@pytest.fixture(scope="module")
def found(pnet):
    return run(pnet)


# ------------------------------------------------------------------------------------------------ costs by year
@pytest.mark.parametrize(
    "changes",
    [
        [],
        ["settings.horizon_years=7.4"],
        ["settings.cycle_days=30", "settings.half_cycle_correction=start"],
        ["settings.cycle_days=366"],
        ["settings.horizon_years=0.4"],
        ["adverse_events.timing=on_treatment", "costs.crossover.of=progressions"],
    ],
)
def test_costs_of_all_years_are_the_models_undiscounted_costs(changes):
    scenario = load("pnet", changes)
    row = base_case(scenario)
    years, whole = costs_by_year(scenario, row), simulate(scenario, row)
    for strategy, outcomes in whole.strategies.items():
        items = outcomes.by_item("undiscounted_costs")
        assert years[strategy].keys() == items.keys()
        for item, total in items.items():
            assert len(years[strategy][item]) == math.ceil(scenario.file.settings.horizon_years)
            assert years[strategy][item].sum() == pytest.approx(total[0], rel=1e-10, abs=1e-9), (strategy, item)


def test_cost_per_patient_of_the_result_is_the_models(pnet, found):
    costs = simulate(pnet, base_case(pnet)).strategies
    for strategy in pnet.strategies:
        mine = sum(sum(item.costs) for item in found.per_patient if item.strategy == strategy)
        assert mine == pytest.approx(costs[strategy].total("undiscounted_costs")[0], rel=1e-12)


def test_years_of_an_exponential_are_its_integrals(tmp_path):
    """Whole years are one cycle each: the trapezium of exp(-t) between their ends, times the cost of a year."""
    dies = {"pfs": exponential(1.0), "os": exponential(1.0)}
    costs = {"care": per_year(100.0, "alive")}
    scenario = loaded(tmp_path, choices({"new": dies, "old": dies}, costs, horizon_years=4, cycle_days=365.25))
    years = costs_by_year(scenario, base_case(scenario))["new"]["care"]
    ends = np.exp(-np.arange(5.0))
    assert years == pytest.approx(100.0 * (ends[1:] + ends[:-1]) / 2.0, rel=1e-6)


def test_packs_are_paid_in_the_year_in_which_they_are_dispensed(pnet):
    """Every 30 days: 13 packs until day 365.25, of which the last at day 360; the twelve after it until day 730.5."""
    row = base_case(pnet)
    trace = traces(Grid.of(pnet), row)[DRUG]
    price = row["costs.drug.cabozantinib.price_per_pack"][0, 0]
    days = row["costs.drug.cabozantinib.pack_days"][0, 0] * 365.25
    taken = row["costs.drug.cabozantinib.share_of_tablets_taken"][0, 0]
    at = np.arange(0.0, 2 * 365.25, days / taken)
    hazard = -np.log(trace.edges["progression_free"][:30])
    share = np.exp(-np.interp(at / 365.25, trace.edges["time_years"][:30], hazard))
    paid = costs_by_year(pnet, row)[DRUG]["cabozantinib"]
    assert paid[0] == pytest.approx(price * share[at < 365.25].sum(), rel=1e-3)
    assert paid[1] == pytest.approx(price * share[at >= 365.25].sum(), rel=1e-3)


def test_person_time_by_year_is_the_trace_shared_by_time(pnet):
    row = base_case(pnet)
    trace, mine = traces(Grid.of(pnet), row)[CARE], costs_by_year(pnet, row)[CARE]
    edges, paid = trace.edges["time_years"], trace.cycles["undiscounted_costs_nurse_progressed"]
    slow = [0.0] * 40
    for cycle, amount in enumerate(paid):
        start, end = edges[cycle], edges[cycle + 1]
        for year in range(40):
            slow[year] += amount * max(0.0, min(end, year + 1.0) - max(start, float(year))) / (end - start)
    assert mine["nurse_progressed"] == pytest.approx(np.array(slow), rel=1e-9, abs=1e-12)


# ------------------------------------------------------------------------------------------------ overlaid cohorts
def test_overlaid_cohorts_are_those_of_a_double_loop():
    rng = np.random.default_rng(5)
    starting, per_patient = rng.uniform(0.0, 50.0, 7), rng.uniform(-10.0, 900.0, 4)
    slow = [0.0] * 7
    for start in range(7):
        for since, cost in enumerate(per_patient):
            if start + since < 7:
                slow[start + since] += starting[start] * cost
    assert overlaid(starting, per_patient).tolist() == pytest.approx(slow, rel=1e-12)


def test_the_budget_is_that_of_a_double_loop(pnet, found):
    rows = {(p.strategy, p.item, p.counted): p.costs for p in found.per_patient}
    patients = {of.strategy: of for of in found.patients}
    for year, mine in enumerate(found.years):
        worlds = {"without": 0.0, "with": 0.0}
        for (strategy, _, counted), costs in rows.items():
            for start in range(year + 1):
                for world in worlds:
                    started = getattr(patients[strategy], f"starting_{world}")[start]
                    worlds[world] += started * costs[year - start] if counted else 0.0
        assert mine.costs_without == pytest.approx(worlds["without"], rel=1e-12)
        assert mine.costs_with == pytest.approx(worlds["with"], rel=1e-12)
        assert mine.net_budget_impact == pytest.approx(worlds["with"] - worlds["without"], rel=1e-9)


def test_categories_add_up_to_the_whole_and_drugs_are_one_of_them(found):
    for year, mine in enumerate(found.years):
        for field in ("costs_without", "costs_with", "net_budget_impact"):
            whole = sum(getattr(category, field)[year] for category in found.categories)
            assert whole == pytest.approx(getattr(mine, field), rel=1e-9)
    drugs = next(category for category in found.categories if category.category == "Drug acquisition")
    assert drugs.net_budget_impact == pytest.approx([year.net_drug_budget for year in found.years], rel=1e-12)


def test_patients_are_those_who_are_eligible_with_and_without(pnet, found):
    share = pnet.quantities["population.cohorts.pnet.combined_view_weight"].value
    for year, mine in enumerate(found.years):
        assert mine.eligible == pytest.approx(300.0 * share)
        for world in ("without", "with"):
            assert sum(getattr(of, f"starting_{world}")[year] for of in found.patients) == pytest.approx(mine.eligible)


UPTAKE = "decision.budget_impact.uptake.year_{}"
POPULATION = "population.cohorts.eligible_per_year_england"


def with_uptake(*values, **more):
    sets = [f"{UPTAKE.format(k)}={value}" for k, value in enumerate(values, 1)]
    return load("pnet", [*sets, *more.get("sets", [])])


def test_one_patient_a_year_and_everybody_in_the_first_year_is_the_model_by_year():
    scenario = with_uptake(1, 0, 0, 0, 0, sets=[f"{POPULATION}=1", "population.cohorts.pnet.combined_view_weight=1"])
    mine = run(scenario, technology_elsewhere="counted")
    costs = costs_by_year(scenario, base_case(scenario))
    whole = {name: np.sum(list(items.values()), axis=0)[:5] for name, items in costs.items()}
    assert [year.net_budget_impact for year in mine.years] == pytest.approx(whole[DRUG] - whole[CARE], rel=1e-9)


def test_nobody_who_gets_it_costs_nothing():
    mine = run(with_uptake(0, 0, 0, 0, 0))
    assert all(year.net_budget_impact == 0.0 == year.net_drug_budget for year in mine.years)
    assert all(year.costs_with > 0.0 for year in mine.years)
    assert budget_figure(mine) is not None


def test_the_impact_is_in_proportion_to_the_patients(found):
    twice = run(load("pnet", [f"{POPULATION}=600"]))
    for one, two in zip(found.years, twice.years, strict=True):
        assert two.net_budget_impact == pytest.approx(2.0 * one.net_budget_impact, rel=1e-12)


# ------------------------------------------------------------------------------------------------ the own drug elsewhere
def test_the_technologys_drug_in_the_other_world_is_left_out_or_counted_and_said(pnet, found):
    assert own_drug_elsewhere(pnet) == found.elsewhere == ("crossover",)
    counted = run(pnet, technology_elsewhere="counted")
    for one, other, more in zip(found.years, counted.years, found.left_out, strict=True):
        assert other.net_budget_impact == pytest.approx(one.net_budget_impact + more, rel=1e-9)
        assert more < 0.0
    assert all(item.counted for item in counted.per_patient)
    assert any("cannot have it: Cabozantinib after crossover" in line for line in found.report.lines)
    assert any(line.startswith("Counted, though") for line in counted.report.lines)


# ------------------------------------------------------------------------------------------------ population and market
SHARES = {"a": Number(0.25, "proportion"), "b": Number(0.75, "proportion")}


def three(tmp_path, budget, costs=(30.0, 20.0, 10.0)):
    lives = {"pfs": exponential(1e-9), "os": exponential(1e-9)}
    items = {f"of_{name}": per_year(cost, "alive", strategies=[name]) for name, cost in zip("xab", costs, strict=True)}
    whole = choices({"x": lives, "a": lives, "b": lives}, items, horizon_years=3, cycle_days=365.25)
    return loaded(tmp_path, {**whole, "analyses": {"budget": budget}})


def test_prevalence_comes_in_the_first_year_and_incidence_in_all(tmp_path):
    budget = {
        "population": {
            "people": Number(1_000_000, "patients"),
            "incidence": Number(0.00004, "per year"),
            "prevalence": Number(0.0001, "proportion"),
            "eligible": [Number(0.5, "proportion"), Number(0.8, "proportion")],
        },
        "uptake": [Number(0.5, "proportion"), Number(1.0, "proportion")],
        "market": {"a": Number(0.25, "proportion"), "b": Number(0.75, "proportion")},
    }
    mine = run(three(tmp_path, budget))
    assert [year.eligible for year in mine.years] == pytest.approx([0.4 * (40.0 + 100.0), 0.4 * 40.0])
    # nobody dies: a year costs 30 with it, 12.5 on average without
    started = [0.4 * 140.0 * 0.5, 0.4 * 140.0 * 0.5 + 0.4 * 40.0]
    assert [year.net_budget_impact for year in mine.years] == pytest.approx([17.5 * n for n in started], rel=1e-6)


def test_those_displaced_need_not_be_as_the_market(tmp_path):
    budget = {
        "population": {"patients_per_year": Number(100, "patients")},
        "uptake": [Number(0.25, "proportion")],
        "market": {"a": Number(0.25, "proportion"), "b": Number(0.75, "proportion")},
        "displaced": {"a": Number(1.0, "proportion")},
    }
    mine = run(three(tmp_path, budget))
    assert mine.years[0].net_budget_impact == pytest.approx(25.0 * 10.0, rel=1e-6)
    with_it = {of.strategy: of.starting_with for of in mine.patients}
    assert with_it == {"x": (25.0,), "a": (0.0,), "b": (75.0,)}
    assert mine.elsewhere == ()
    assert mine.left_out == (0.0,)


def refused(scenario, **given):
    with pytest.raises(InputError) as caught:
        run(scenario, **given)
    return [str(problem) for problem in caught.value.problems]


def test_more_taken_from_a_strategy_than_have_it_is_refused(tmp_path):
    budget = {
        "population": {"patients_per_year": Number(100, "patients")},
        "uptake": [Number(0.1, "proportion"), Number(0.4, "proportion")],
        "market": {"a": Number(0.25, "proportion"), "b": Number(0.75, "proportion")},
        "displaced": {"a": Number(1.0, "proportion")},
    }
    (said,) = refused(three(tmp_path, budget))
    assert "analyses.budget.displaced.a" in said
    assert "0.4 of all patients taken from a in year 2" in said
    assert "at most the 0.25" in said


def test_wrong_names_and_sums_are_refused_with_their_place(tmp_path):
    half = Number(0.5, "proportion")
    population = {"patients_per_year": Number(100, "patients")}
    budget = {"population": population, "uptake": [half], "market": {"x": half, "c": half}}
    first, second = refused(three(tmp_path, budget))
    assert "analyses.budget.market.x" in first
    assert "the technology itself" in first
    assert "analyses.budget.market.c" in second
    assert "one of a, b" in second


def test_shares_that_do_not_add_up_are_refused(tmp_path):
    half = Number(0.5, "proportion")
    budget = {"population": {"patients_per_year": Number(9, "patients")}, "uptake": [half], "market": {"a": half}}
    (said,) = refused(three(tmp_path, budget))
    assert "analyses.budget.market" in said
    assert "shares that add up to 1" in said


def test_without_a_block_it_says_what_is_missing(tmp_path):
    said = refused(three(tmp_path, {}))
    assert [line.split("\n")[0] for line in said] == ["analyses.budget.population", "analyses.budget.uptake"]


PATIENTS = {"patients_per_year": POPULATION}
BAD = {
    "no patients": {"population": {"eligible": []}},
    "incidence and patients_per_year": {"population": {"incidence": "a.b.c", **PATIENTS}},
    "of whom prevalence is a share": {"population": {"prevalence": "a.b.c"}},
    "left_out": {"technology_elsewhere": "somewhere"},
}


@pytest.mark.parametrize("words", BAD)
def test_a_block_that_cannot_be_is_refused(words):
    with pytest.raises(InputError) as caught:
        options_with(BudgetOptions(), **BAD[words])
    assert words in str(caught.value)


def test_a_number_of_another_kind_is_refused_at_its_place():
    with pytest.raises(InputError) as caught:
        load("pnet", ["analyses.budget.population.patients_per_year=costs.unit.ct_scan"])
    assert "analyses.budget.population.patients_per_year" in str(caught.value)


def test_cohorts_of_the_base_case(pnet):
    cohorts = cohorts_of(pnet, ANALYSES["budget"].standing(pnet), base_case(pnet))
    assert cohorts.years == 5
    assert cohorts.with_it[DRUG] == pytest.approx(cohorts.eligible * cohorts.uptake)
    assert np.all(cohorts.without[DRUG] == 0.0)


# ------------------------------------------------------------------------------------------------ the report
def test_the_threshold_is_a_rule_that_is_met_or_not():
    below, above = run(load("pnet")), run(load("pnet", [f"{POPULATION}=3000"]))
    assert set(below.report.table("budget").column("exceeds_threshold")[:-1]) == {"no"}
    assert above.report.table("budget").column("exceeds_threshold")[:-1] == ["no", "yes", "yes", "yes", "yes"]
    assert any("is above it in year 2, 3" in line for line in above.report.lines)


def test_what_has_no_source_is_said(found):
    (said,) = [line for line in found.report.lines if "assumptions, not on evidence" in line]
    assert all(words in said for words in ("Uptake, year 1", "Patients eligible per year", "NHS England may negotiate"))
    assert any("scenario names none" in line for line in found.report.lines)


def test_populations_are_added_up(pnet, found):
    other = netcea.budget("epnet")
    (table,) = ANALYSES["budget"].together([found, other])
    last = [a.net_budget_impact + b.net_budget_impact for a, b in zip(found.years, other.years, strict=True)]
    assert list(table.rows[-1][1:]) == pytest.approx(last, rel=1e-12)
    shorter = run(pnet, uptake=[UPTAKE.format(1)])
    assert ANALYSES["budget"].together([shorter, other]) == ()
    assert ANALYSES["budget"].together([found]) == ()


def test_patients_payments_are_no_part_of_the_budget(found):
    scenario = load("pnet", ["costs.end_of_life.payer=family", "decision_problem.perspective=societal"])
    mine = run(scenario)
    assert all(item.item != "end_of_life" for item in mine.per_patient)
    assert any("Costs of family are left out" in line for line in mine.report.lines)
    assert mine.years[0].net_drug_budget == pytest.approx(found.years[0].net_drug_budget, rel=1e-12)


def test_the_command_writes_what_the_function_returns(tmp_path, found):
    done = CliRunner().invoke(main, ["budget", "pnet", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "figures" / "budget.png").is_file()
    results = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))["results"]
    assert [year["net_budget_impact"] for year in results["years"]] == pytest.approx(
        [year.net_budget_impact for year in found.years], rel=1e-12
    )
    assert results["test_threshold"] == 20_000_000
