"""What must hold of any model of this kind, asked of the real scenarios with changed inputs (after TECH-VER, 2019).

The letters in brackets are the numbers of the published list (Buyukkaramikli et al. 2019, table 2).
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.small_project import Number, choices, exponential, loaded, per_year
from netcea import run
from netcea.cohort.norms import norm_profile
from netcea.draws import Draws
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.engine.trace import traces
from netcea.errors import InputError
from netcea.loading import load
from netcea.quantities.addresses import addresses_in
from netcea.sampling.sampler import sample

COHORTS = ("pnet", "epnet")
DRUG, BSC = "cabozantinib", "best_supportive_care"
FEW = settings(max_examples=8, derandomize=True)
TOTALS = ("costs", "qalys", "life_years")
CLOSE = {"rel": 1e-12, "abs": 1e-12}
PRICE = "costs.drug.cabozantinib.price_per_pack"
EVENT = "adverse_events.events.any_grade3plus"


@cache
def scenario(name, *sets):
    return load(name, sets=list(sets))


def number(address, value):
    """Overrides that make a number certain and give it a value."""
    return (f"{address}.uncertainty={{fixed: a test}}", f"{address}={value!r}")


def outcomes(name, *sets):
    return of(scenario(name, *sets))


def of(made, row=None):
    """Strategy -> measure -> total, and every booking, of the point estimates."""
    found = simulate(made, base_case(made) if row is None else row)
    measures = [prefix + m for m in TOTALS for prefix in ("", "undiscounted_")]
    return {
        name: {
            **{m: float(s.total(m)[0]) for m in measures},
            "items": {(m, *key): float(x[0]) for m in measures for key, x in getattr(s, m).items()},
        }
        for name, s in found.strategies.items()
    }


def trace_of(made, row=None):
    return traces(Grid.of(made), base_case(made) if row is None else row)


def utilities_of(name):
    file = scenario(name).file.utilities
    return file.progression_free, file.decrement_on_progression


def perfect_health(name, level=1.0):
    """Overrides: both states at one utility, no age adjustment, no adverse events."""
    free, decrement = utilities_of(name)
    plain = ("utilities.age_adjustment=none", "adverse_events.events={}")
    return (*number(free, level), *number(decrement, 0.0), *plain)


# ---------------------------------------------------------------------------------- in every draw (P4, E1-E4, E15-E18)
EVERY = (
    "pnet",
    "epnet",
    "pnet_comparators",
    "pnet_os_waning_24_to_60_months",
    "epnet_pfs_log_normal",
    "epnet_cycle_30_days",
    "pnet_os_gompertz",
    "pnet_stop_at_24_months",
    "epnet_half_cycle_start",
    "epnet_time_on_treatment_unverified",
)


@pytest.mark.parametrize("name", EVERY)
def test_every_draw_is_a_partition(name):
    """Occupancy, flows and hazards of the point estimates and of sampled rows."""
    made = scenario(name)
    draws = sample(made, 12, seed=9)
    for row in (base_case(made), *(draws.rows(i, i + 1) for i in range(draws.n))):
        for strategy, trace in trace_of(made, row).items():
            check_partition(made, row, strategy, trace)


def check_partition(made, row, strategy, trace):
    edges, cycles, eps = trace.edges, trace.cycles, 1e-14
    free, progressed, dead = edges["progression_free"], edges["progressed"], edges["dead"]
    np.testing.assert_allclose(free + progressed + dead, 1.0, rtol=0, atol=eps)  # E1
    for state in (free, progressed, dead):  # E2, E3
        assert state.min() >= -eps
        assert state.max() <= 1.0 + eps
    assert (free[0], progressed[0], dead[0]) == (1.0, 0.0, 0.0)
    assert np.all(np.diff(dead) >= -eps)  # E4
    assert np.all(np.diff(free) <= eps)
    assert np.all(free <= edges["os_curve"] + eps)  # P4
    assert np.all(edges["on_treatment"] <= 1.0 - dead + eps)
    np.testing.assert_array_equal(free, np.minimum(edges["pfs_curve"], edges["os_curve"]))
    # E18: what flows is what changes
    np.testing.assert_allclose(cycles["deaths"], np.diff(dead), rtol=0, atol=eps)
    exits = cycles["progressions"] + cycles["deaths_progression_free"]
    np.testing.assert_allclose(exits, -np.diff(free), rtol=0, atol=eps)
    into = cycles["progressions"] - (cycles["deaths"] - cycles["deaths_progression_free"])
    np.testing.assert_allclose(into, np.diff(progressed), rtol=0, atol=eps)
    assert np.all(cycles["progressions"][edges["pfs_curve"][1:] > edges["os_curve"][1:]] == 0.0)
    for flow in ("deaths", "progressions", "deaths_progression_free"):
        assert cycles[flow].min() >= -eps, flow
    # E15: nobody outlives the population
    if made.curves[f"strategies.{strategy}.os"].background_mortality == "hazard_floor":
        population = np.exp(-np.concatenate([[0.0], np.cumsum(cycles["population_hazard"])]))
        assert np.all(1.0 - dead <= population + eps)
        assert np.all(cycles["os_hazard"] >= cycles["population_hazard"] * (1 - 1e-9) - 1e-12)
    # E16: nobody is healthier than the population
    population_of = made.file.population
    age, female = row[population_of.start_age], row[population_of.proportion_female]
    grid = Grid.of(made)
    weights = (grid.start_weight, grid.end_weight)
    norm = norm_profile(made.norms, made.life_table, age, female, edges["time_years"], weights)[0]
    for state in ("progression_free", "progressed"):
        gained, years = cycles[f"undiscounted_qalys_{state}"], cycles[f"undiscounted_life_years_{state}"]
        assert np.all(gained <= norm * years * (1 + 1e-12) + 1e-15)
    for column in cycles:  # R4, cycle by cycle
        if column.startswith("undiscounted_") and "adverse" not in column:
            assert np.all(cycles[column.removeprefix("undiscounted_")] <= cycles[column] * (1 + 1e-12) + 1e-12), column


@pytest.mark.parametrize("name", EVERY)
def test_every_draw_adds_up(name):
    """Totals are sums over items, over states, and of the trace; R3, R4, R5, R12 (in 200 draws)."""
    made = scenario(name)
    found = simulate(made, sample(made, 200, seed=10))
    for outcome in found.strategies.values():
        for measure in TOTALS:
            for prefix in ("", "undiscounted_"):
                total = outcome.total(prefix + measure)
                assert np.all(np.isfinite(total))
                assert sum(outcome.by_state(prefix + measure).values()) == pytest.approx(total, **CLOSE)
                assert sum(outcome.by_item(prefix + measure).values()) == pytest.approx(total, **CLOSE)
            assert np.all(outcome.total(measure) <= outcome.total(f"undiscounted_{measure}") * (1 + 1e-12))
        years, qalys = outcome.total("undiscounted_life_years"), outcome.total("undiscounted_qalys")
        assert np.all(qalys < years)
        assert np.all(years <= made.file.settings.horizon_years)
        assert np.all(outcome.total("costs") > 0.0)


@pytest.mark.parametrize("name", EVERY)
def test_the_trace_adds_up_to_the_totals(name):
    made = scenario(name)
    found = simulate(made, base_case(made))
    for strategy, trace in trace_of(made).items():
        for measure in TOTALS:
            for prefix in ("", "undiscounted_"):
                columns = [c for key, c in trace.cycles.items() if key.startswith(f"{prefix}{measure}_")]
                total = float(found.strategies[strategy].total(prefix + measure)[0])
                assert sum(float(np.sum(c)) for c in columns) == pytest.approx(total, rel=1e-11), (strategy, measure)


@pytest.mark.parametrize("name", COHORTS)
def test_nearly_everybody_has_died_at_the_horizon(name):
    """E5"""
    for trace in trace_of(scenario(name)).values():
        assert trace.edges["dead"][-1] > 0.99


# ------------------------------------------------------------------------------------ utilities (E6-E8, R5)
@pytest.mark.parametrize("name", COHORTS)
def test_in_perfect_health_qalys_are_life_years(name):
    for found in outcomes(name, *perfect_health(name)).values():
        for prefix in ("", "undiscounted_"):
            assert found[f"{prefix}qalys"] == pytest.approx(found[f"{prefix}life_years"], rel=1e-13)


@pytest.mark.parametrize("name", COHORTS)
def test_without_utility_no_qalys(name):
    for found in outcomes(name, *perfect_health(name, 0.0)).values():
        assert found["qalys"] == found["undiscounted_qalys"] == 0.0
        assert found["life_years"] > 0.0


@FEW
@given(factor=st.floats(0.3, 0.99))
def test_lower_utilities_fewer_qalys(factor):
    base = outcomes("pnet", "adverse_events.events={}")
    here = scenario("pnet")
    sets = [s for a in utilities_of("pnet") for s in number(a, here.quantities[a].value * factor)]
    for strategy, found in outcomes("pnet", "adverse_events.events={}", *sets).items():
        assert found["qalys"] == pytest.approx(base[strategy]["qalys"] * factor, rel=1e-12)  # E8
        assert found["life_years"] == base[strategy]["life_years"]
        assert found["costs"] == base[strategy]["costs"]


@pytest.mark.parametrize("name", COHORTS)
def test_mean_utility_lies_between_those_of_the_states(name):
    free, decrement = utilities_of(name)
    made = scenario(name)
    high = made.quantities[free].value
    low = high - made.quantities[decrement].value
    plain = ("utilities.age_adjustment=none", "adverse_events.events={}")
    for found in outcomes(name, *plain).values():
        assert low < found["undiscounted_qalys"] / found["undiscounted_life_years"] < high


# ------------------------------------------------------------------------------------ costs (P1, E9, E17, E21, R2, R17)
def money_of(made):
    """Every address of money that the costs and adverse events of a scenario name."""
    blocks = [*made.file.costs.values(), made.file.adverse_events]
    return sorted({use.address for block in blocks for use in addresses_in(block) if "money" in use.kind.dimensions})


@pytest.mark.parametrize("name", COHORTS)
def test_without_prices_no_costs(name):
    """E9: nothing costs anything that does not come from inputs/."""
    money = money_of(scenario(name))
    assert len(money) > 8
    for found in outcomes(name, *(s for address in money for s in number(address, 0.0))).values():
        assert found["costs"] == found["undiscounted_costs"] == 0.0
        assert found["qalys"] > 0.0


@FEW
@given(factor=st.floats(0.1, 3.0))
def test_a_price_moves_only_what_is_bought_at_it(factor):
    """P1: the price of cabozantinib moves its acquisition and what is paid after crossover, in proportion."""
    undispensed = [f"costs.crossover.{name}=null" for name in ("first_dispensing", "later_dispensings")]
    base = outcomes("pnet", *undispensed)
    changed = outcomes("pnet", *undispensed, f"{PRICE}={5143.0 * factor!r}")
    for strategy, found in changed.items():
        for key, value in found["items"].items():
            before = base[strategy]["items"][key]
            bought = key[0].endswith("costs") and key[1] in {DRUG, "crossover"}
            if bought:
                assert value == pytest.approx(before * factor, rel=1e-12)
            else:
                assert value == before, key


def test_every_cost_rises_with_its_own_price():
    """R2, E17: each amount of money, a tenth up, raises costs and leaves health as it is."""
    made = scenario("pnet")
    row, base = base_case(made), outcomes("pnet")
    for address in money_of(made):
        more = Draws(1, {**row.columns, address: row[address] * 1.1})
        found = of(made, more)
        assert sum(s["costs"] for s in found.values()) > sum(s["costs"] for s in base.values()), address
        for strategy in base:
            assert found[strategy]["costs"] >= base[strategy]["costs"]
            assert found[strategy]["qalys"] == base[strategy]["qalys"]


def test_a_later_price_year_costs_more():
    """E17: list prices are not uprated, unit costs are."""
    earlier, now = outcomes("pnet", "settings.price_year=2021/22"), outcomes("pnet")
    for strategy in now:
        assert earlier[strategy]["costs"] < now[strategy]["costs"]
        assert (
            earlier[strategy]["items"]["costs", "consultant_later", "progression_free"]
            < (now[strategy]["items"]["costs", "consultant_later", "progression_free"])
        )
    drug = ("costs", DRUG, "progression_free")
    assert earlier[DRUG]["items"][drug] == now[DRUG]["items"][drug]


@pytest.mark.parametrize("name", COHORTS)
def test_by_time_and_by_pack(name):
    """R17: by time, cost / time on treatment is the price of a year; by pack, about half a pack more is wasted."""
    pack = outcomes(name)[DRUG]["items"]["undiscounted_costs", DRUG, "progression_free"]
    timed = outcomes(name, f"costs.{DRUG}.method=per_time")[DRUG]
    cost = timed["items"]["undiscounted_costs", DRUG, "progression_free"]
    years = timed["items"]["undiscounted_life_years", "state", "progression_free"]
    assert cost / years == pytest.approx(5143.0 * 365.25 / 30, rel=1e-12)
    assert 0.4 * 5143.0 < pack - cost < 0.6 * 5143.0


def test_nothing_is_bought_after_treatment_stops():
    """E21"""
    for name in COHORTS:
        trace = trace_of(scenario(f"{name}_stop_at_24_months"))[DRUG]
        after = trace.edges["time_years"][:-1] >= 2.0
        for column in (f"costs_{DRUG}", "costs_later_dispensings"):
            assert np.all(trace.cycles[column][after] == 0.0)
            assert trace.cycles[column][~after].min() >= 0.0
        assert np.any(trace.cycles["costs_ct_progression_free"][after] > 0.0)


@FEW
@given(share=st.floats(0.3, 0.95))
def test_missed_tablets_save_money(share):
    address = "costs.drug.cabozantinib.share_of_tablets_taken"
    base, found = outcomes("pnet"), outcomes("pnet", f"{address}={share!r}")
    key = ("costs", DRUG, "progression_free")
    assert found[DRUG]["items"][key] < base[DRUG]["items"][key]
    assert found[DRUG]["qalys"] == base[DRUG]["qalys"]


# ------------------------------------------------------------------------------------ adverse events (R16, R20)
def test_events_without_consequences_are_no_events():
    event = scenario("pnet").file.adverse_events.events["any_grade3plus"]
    without = (*number(event.decrement, 0.0), *number(event.unit_cost, 0.0))
    none, base = outcomes("pnet", "adverse_events.events={}"), outcomes("pnet")
    for strategy, found in outcomes("pnet", *without).items():
        for measure in TOTALS:
            assert found[measure] == pytest.approx(none[strategy][measure], rel=1e-14)
        assert base[strategy]["costs"] > none[strategy]["costs"]  # R20
        assert base[strategy]["qalys"] < none[strategy]["qalys"]


def test_timing_of_events():
    """At the start: once, undiscounted. Over time on treatment: the same amount in all, later, so worth less."""
    at_start = outcomes("pnet")
    later = outcomes("pnet", "adverse_events.timing=on_treatment")
    name = "adverse_events.any_grade3plus"
    for strategy in at_start:
        for measure in ("costs", "qalys"):
            key = (measure, name, "progression_free")
            undiscounted = (f"undiscounted_{measure}", *key[1:])
            now, then = at_start[strategy]["items"], later[strategy]["items"]
            assert now[key] == now[undiscounted]
            assert then[undiscounted] == pytest.approx(now[undiscounted], rel=1e-13)
            assert 0.9 < then[key] / then[undiscounted] < 1.0
    first = trace_of(scenario("pnet"))[DRUG].cycles[f"costs_{name}"]
    assert first[0] > 0.0
    assert np.all(first[1:] == 0.0)


# ------------------------------------------------------------------------------------ strategies (E12-E14, R1, R6)
def blocks(name):
    return yaml.safe_load((Path(__file__).parents[1] / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8"))


def same_in_both(name):
    """Overrides that make cabozantinib what best supportive care is."""
    text = {**blocks(name)["strategies"][BSC], "label": "The same again"}
    events = blocks(name)["adverse_events"]["events"]["any_grade3plus"]["incidence"]
    return (
        f"strategies.{DRUG}={json.dumps(text)}",
        f"{EVENT}.incidence.{DRUG}={events[BSC]}",
        "costs.crossover.strategies=all",
    )


@pytest.mark.parametrize("name", COHORTS)
def test_equal_strategies_have_equal_results(name):
    """E12, E13: to the last bit, in every draw."""
    made = scenario(name, *same_in_both(name))
    found = simulate(made, sample(made, 20, seed=3))
    for measure in TOTALS:
        drug, bsc = found.totals(measure)
        np.testing.assert_array_equal(drug, bsc)


@pytest.mark.parametrize("name", COHORTS)
def test_swapped_strategies_swap_their_results(name):
    """E14"""
    file = blocks(name)
    drug, bsc = (json.dumps(file["strategies"][s]) for s in (DRUG, BSC))
    incidence = file["adverse_events"]["events"]["any_grade3plus"]["incidence"]
    sets = [
        f"strategies.{BSC}={drug.replace(BSC, 'TMP').replace('TMP', DRUG)}",
        f"strategies.{DRUG}={bsc}",
        f"{EVENT}.incidence.{DRUG}={incidence[BSC]}",
        f"{EVENT}.incidence.{BSC}={incidence[DRUG]}",
    ]
    other = {DRUG: BSC, BSC: DRUG}
    for item, block in file["costs"].items():
        if block.get("strategies", "all") != "all":
            sets.append(f"costs.{item}.strategies={json.dumps([other[s] for s in block['strategies']])}")
        if "adverse_events_of" in block:
            sets.append(f"costs.{item}.adverse_events_of={other[block['adverse_events_of']]}")
    base, found = outcomes(name), outcomes(name, *sets)
    assert base[DRUG]["costs"] != base[BSC]["costs"]
    for strategy in other:
        assert found[strategy] == base[other[strategy]]


@FEW
@given(ratios=st.lists(st.floats(0.4, 1.6), min_size=2, max_size=2, unique=True))
def test_a_better_hazard_ratio_is_a_better_outcome(ratios):
    """R1, R6, P3"""
    address = scenario("pnet").file.strategies[DRUG].os.hazard_ratio
    better, worse = (outcomes("pnet", *number(address, ratio)) for ratio in sorted(ratios))
    assert better[BSC] == worse[BSC]
    for measure in ("life_years", "qalys"):
        assert better[DRUG][measure] >= worse[DRUG][measure]
    if max(ratios) - min(ratios) > 0.01:
        assert better[DRUG]["life_years"] > worse[DRUG]["life_years"]
        sign = better[DRUG]["life_years"] - better[BSC]["life_years"]
        assert (sign > 0.0) == (min(ratios) < 1.0) or abs(min(ratios) - 1.0) < 0.02


# -------------------------------------------------------------------------------- discounting (R4, R13, R14, R18, R19)
@FEW
@given(rates=st.lists(st.floats(0.0, 0.5), min_size=2, max_size=2, unique=True))
def test_a_higher_rate_lowers_the_totals(rates):
    low, high = sorted(rates)
    one, two = (
        outcomes("pnet", f"settings.discount_rate_costs={r!r}", f"settings.discount_rate_qalys={r!r}")
        for r in (low, high)
    )
    for strategy in one:
        for measure in TOTALS:
            assert one[strategy][measure] >= two[strategy][measure]
            if high - low > 1e-6:
                assert one[strategy][measure] > two[strategy][measure]
            assert one[strategy][f"undiscounted_{measure}"] == two[strategy][f"undiscounted_{measure}"]


@pytest.mark.parametrize("discounting", ["mid_cycle", "cycle_start", "annual"])
@pytest.mark.parametrize("name", COHORTS)
def test_without_a_rate_nothing_is_discounted(name, discounting):
    zero = ("settings.discount_rate_costs=0", "settings.discount_rate_qalys=0", f"settings.discounting={discounting}")
    for found in outcomes(name, *zero).values():
        for measure in TOTALS:
            assert found[measure] == found[f"undiscounted_{measure}"]


@pytest.mark.parametrize("discounting", ["mid_cycle", "cycle_start", "annual"])
def test_the_worth_of_later_cycles(discounting):
    """R13: in each cycle, discounted = undiscounted / (1 + r)^t by the convention; costs and QALYs have own rates."""
    sets = (
        f"settings.discounting={discounting}",
        "settings.cycle_days=36.525",
        "settings.discount_rate_costs=0.05",
        "settings.discount_rate_qalys=0.015",
    )
    for trace in trace_of(scenario("pnet", *sets)).values():
        start = trace.edges["time_years"][:-1]
        years = {"mid_cycle": start + 0.05, "cycle_start": start, "annual": np.floor(start + 1e-9)}[discounting]
        for column, rate in (
            ("costs_ct_progression_free", 0.05),
            ("costs_end_of_life", 0.05),
            ("costs_crossover", 0.05),
            ("qalys_progression_free", 0.015),
            ("life_years_progressed", 0.015),
        ):
            if column in trace.cycles:
                expected = trace.cycles[f"undiscounted_{column}"] * (1.0 + rate) ** -years
                np.testing.assert_allclose(trace.cycles[column], expected, rtol=1e-11, atol=1e-15, err_msg=column)


def test_at_an_enormous_rate_only_the_start_counts():
    """R19: the first packs, the first dispensing and the adverse events at the start are left."""
    made = scenario("pnet")
    rates = {"discount_rate_costs": 1e300, "discount_rate_qalys": 1e300}
    file = made.file.model_copy(update={"settings": made.file.settings.model_copy(update=rates)})
    found = of(replace(made, file=file))
    value = {a: float(c[0, 0]) for a, c in base_case(made).columns.items()}
    analogue = value["costs.care.somatostatin_analogue_share"] * value["costs.drug.lanreotide.price_per_pack"]
    analogue *= 1.0 - value["costs.drug.lanreotide.discount"]
    event = made.file.adverse_events.events["any_grade3plus"]
    for strategy, outcome in found.items():
        expected = analogue + value[event.incidence[strategy]] * value[event.unit_cost]
        if strategy == DRUG:
            expected += value[PRICE] + value["costs.unit.oral_chemotherapy_first"]
        assert outcome["costs"] == pytest.approx(expected, rel=1e-9)
        lost = value[event.incidence[strategy]] * value[event.decrement] * value[event.duration]
        assert outcome["qalys"] == pytest.approx(-lost, rel=1e-7)


# ---------------------------------------------------------------------------------- time (E10, E11, E20, R8, R11, R15)
@FEW
@given(horizons=st.lists(st.floats(0.5, 50.0), min_size=2, max_size=2, unique=True))
def test_a_shorter_horizon_has_less_of_everything(horizons):
    short, long = (outcomes("epnet", f"settings.horizon_years={h!r}") for h in sorted(horizons))
    for strategy in short:
        for measure in TOTALS:
            assert short[strategy][measure] <= long[strategy][measure] * (1 + 1e-12)
        assert short[strategy]["undiscounted_life_years"] <= min(horizons)


@FEW
@given(
    horizon=st.floats(0.3, 60.0), cycle=st.floats(1.0, 366.0), correction=st.sampled_from(["trapezium", "start", "end"])
)
def test_where_nobody_dies_life_years_are_the_horizon(tmp_path_factory, horizon, cycle, correction):
    """E10, R15: the last cycle is cut at the horizon."""
    immortal = {"pfs": exponential(0.0), "os": exponential(0.0)}
    settings_ = {"horizon_years": horizon, "cycle_days": cycle, "half_cycle_correction": correction}
    scenario_ = choices({"new": immortal, "old": immortal}, **settings_, discount_rate_qalys=0.0)
    for found in of(loaded(tmp_path_factory.mktemp("immortal"), scenario_)).values():
        assert found["life_years"] == pytest.approx(horizon, rel=1e-12)
        assert found["items"]["life_years", "state", "progressed"] == 0.0


def test_where_everybody_dies_at_once(tmp_path):
    """E11"""
    strategies = {
        "new": {"pfs": exponential(1.0), "os": exponential(1e5)},
        "old": {"pfs": exponential(1), "os": exponential(1)},
    }
    costs = {"dying": {"kind": "end_of_life", "unit_cost": Number(100, "GBP")}, "care": per_year(1, "progressed")}
    made = loaded(tmp_path, choices(strategies, costs))
    trace = trace_of(made)["new"]
    assert np.all(trace.edges["dead"][1:] == 1.0)
    assert of(made)["new"]["items"]["undiscounted_costs", "dying", "dead"] == 100.0
    assert of(made)["new"]["undiscounted_life_years"] == pytest.approx(14 / 365.25, rel=1e-12)


@pytest.mark.parametrize("name", COHORTS)
def test_half_cycle_corrections(name):
    """R11: start counts most, end least, the trapezium is the mean of both; packs and flows are counted alike."""
    found = {c: outcomes(name, f"settings.half_cycle_correction={c}") for c in ("start", "trapezium", "end")}
    for strategy in (DRUG, BSC):
        for state in ("progression_free", "progressed"):
            key = ("undiscounted_life_years", "state", state)
            start, middle, end = (found[c][strategy]["items"][key] for c in ("start", "trapezium", "end"))
            assert middle == pytest.approx((start + end) / 2, rel=1e-12)
        years = [found[c][strategy]["life_years"] for c in ("start", "trapezium", "end")]
        assert years[0] > years[1] > years[2]
        # start - end = one cycle of those alive at the start less those at the end
        key = "undiscounted_life_years"
        alive = 1.0 - trace_of(scenario(name))[strategy].edges["dead"][-1]
        gap = found["start"][strategy][key] - found["end"][strategy][key]
        assert gap == pytest.approx(28 / 365.25 * (1 - alive), rel=1e-4)
    packs = ("undiscounted_costs", DRUG, "progression_free")
    assert len({found[c][DRUG]["items"][packs] for c in found}) == 1


@pytest.mark.parametrize("name", COHORTS)
def test_shorter_cycles_converge(name):
    """E20: towards the model of one-day cycles. QALYs only as the cycle itself: the norm waits for a cycle's start."""
    days = (56, 28, 14, 7)
    fine = outcomes(name, "settings.cycle_days=1")
    coarse = [outcomes(name, f"settings.cycle_days={d}") for d in days]
    for strategy in (DRUG, BSC):
        error = {m: [abs(c[strategy][m] / fine[strategy][m] - 1.0) for c in coarse] for m in TOTALS}
        assert error["life_years"] == sorted(error["life_years"], reverse=True)
        assert error["qalys"] == sorted(error["qalys"], reverse=True)
        assert error["life_years"][1] < 3e-5
        assert error["life_years"][3] < error["life_years"][1] / 10
        assert error["qalys"][1] < 3e-4
        assert error["qalys"][3] < error["qalys"][1] / 4
        assert max(error["costs"][1:]) < 3e-5


@pytest.mark.parametrize("name", COHORTS)
def test_packs_do_not_depend_on_the_cycle(name):
    key = ("costs", DRUG, "progression_free")
    costs = [outcomes(name, f"settings.cycle_days={days}")[DRUG]["items"][key] for days in (7, 13.3, 28, 30, 90)]
    assert costs == pytest.approx([costs[0]] * len(costs), rel=1e-9)


def test_raising_os_where_curves_cross_gives_no_fewer_life_years():
    for name in ("epnet_pfs_log_normal", "pnet_os_gompertz", "pnet"):
        capped, raised = outcomes(name), outcomes(name, "settings.crossing=raise_os")
        for strategy in capped:
            assert raised[strategy]["life_years"] >= capped[strategy]["life_years"] * (1 - 1e-13)


def test_background_mortality_shortens_life():
    none = tuple(f"strategies.{s}.os.background_mortality=none" for s in (DRUG, BSC))
    without, floored = outcomes("pnet", *none), outcomes("pnet")
    for strategy in floored:
        assert floored[strategy]["life_years"] < without[strategy]["life_years"]


# ------------------------------------------------------------------------------------ every number is linked (U28)
IDLE = {
    "costs.drug.cabozantinib.milligram_intensity": "the price does not follow milligrams",
    "combined_view_weight": "a weight of presentation",
    "os_nejm.median_cabozantinib": "shown beside the curve, not fitted",
    "os_placebo_landmarks.month_": "gives the shape of other families, or is shown beside the curve",
    "pfs_nejm.median_": "fitted: the curve's own parameters are the columns",
    "pfs_nejm.hazard_ratio": "fitted: the curve's own parameters are the columns",
    "pfs_nejm.follow_up_median": "fitted: the curve's own parameters are the columns",
    "decision.method_packs.": "judges results, makes none",
    "decision.value_of_information.": "values further studies",
    "decision.budget_impact.": "budget impact, no result per patient",
    "eligible_per_year": "values further studies",
    "treatments_before_median": "describes the patients, beside the decision problem by prior therapy",
}
"""Part of an address -> why moving its column moves no result."""


@pytest.mark.parametrize("name", COHORTS)
def test_every_number_moves_a_result(name):
    made = scenario(name)
    row = base_case(made)
    base = of(made, row)
    idle = []
    for address, column in row.columns.items():
        moved = column * 0.9 if float(column[0, 0]) != 0.0 else column + 0.1
        if of(made, Draws(1, {**row.columns, address: moved})) == base:
            idle.append(address)
    assert not [a for a in idle if not any(part in a for part in IDLE)]
    assert not [part for part in IDLE if not any(part in a for a in idle)]
    assert len(idle) < len(row.columns) / 2


# ------------------------------------------------------------------------------------ every scenario, every draw (U27)
ALL = sorted(
    path.stem for path in (Path(__file__).parents[1] / "scenarios").rglob("*.yaml") if path.parent.name != "batches"
)


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_every_scenario_in_every_draw(name):
    made = scenario(name)
    draws = sample(made, 150, seed=12)
    for outcome in simulate(made, draws).strategies.values():
        years, qalys = outcome.total("undiscounted_life_years"), outcome.total("undiscounted_qalys")
        assert np.all((years > 0.0) & (years <= made.file.settings.horizon_years))
        assert np.all((qalys > 0.0) & (qalys < years))
        for measure in ("costs", "undiscounted_costs", "life_years", "undiscounted_life_years"):
            for key, column in getattr(outcome, measure).items():
                assert np.all(np.isfinite(column)), key
                assert np.all(column >= -1e-9), key
    if made.norms is not None and made.file.settings.crossing == "cap_pfs":
        for strategy, trace in trace_of(made, draws.rows(3, 4)).items():
            check_partition(made, draws.rows(3, 4), strategy, trace)


@pytest.mark.parametrize("discounting", ["mid_cycle", "cycle_start", "annual"])
@pytest.mark.parametrize(("horizon", "cycle"), [(0.02, 28), (0.5, 366), (40, 366), (110, 1), (1, 365.25), (109.9, 90)])
def test_the_ends_of_the_settings(horizon, cycle, discounting):
    """The shortest and longest horizons and cycles: nothing warns, overflows or is lost."""
    sets = (f"settings.horizon_years={horizon}", f"settings.cycle_days={cycle}", f"settings.discounting={discounting}")
    for strategy, found in outcomes("pnet", *sets).items():
        assert all(np.isfinite(value) for value in found["items"].values()), strategy
        assert 0.0 < found["undiscounted_life_years"] <= horizon
        assert found["costs"] > 0.0


def test_the_ages_of_cohorts():
    """From birth to 109: the general population's QALYs, with which severity is measured, end at 110."""
    address = "population.cohorts.pnet.start_age"
    for age in (0, 16, 109):
        found = run("pnet", [f"{address}={age}"], ledger=False)
        assert found.case.severity.qalys_general_population > 0.0
    for age in (109.5, 110, 111):
        with pytest.raises(InputError, match="109"):
            load("pnet", [f"{address}={age}"])


@pytest.mark.parametrize("sets", [f"decision.comparator={DRUG}", f"decision.intervention={BSC}"])
def test_nothing_is_compared_with_itself(sets):
    with pytest.raises(InputError, match=r"which is the intervention[\s\S]*another strategy"):
        load("pnet", [sets])
