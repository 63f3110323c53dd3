"""Discount rates that change from a year on: in every convention, for costs and QALYs apart, in every analysis."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from helpers.made import Made, assert_made_same
from helpers.sample_of import grid_mostly_slow
from netcea import one_way, run
from netcea.checking.reference_case.rules import reference_case
from netcea.checking.reference_case.standing import Standing
from netcea.cli.main import main
from netcea.cohort.timeline import cycle_discount, moment_discount, timeline
from netcea.decision.severity import general_population
from netcea.errors import InputError
from netcea.loading import load
from netcea.verification.slow_model.mortality import general_population as slowly

CONVENTIONS = ("mid_cycle", "cycle_start", "annual")
STEPS = {
    "both": [{"from_year": 3, "costs": 0.015, "qalys": 0.015}],
    "costs alone": [{"from_year": 2.3, "costs": 0.08}],
    "QALYs alone": [{"from_year": 5, "qalys": 0.0}],
    "several, apart": [
        {"from_year": 1, "costs": 0.03},
        {"from_year": 4.5, "qalys": 0.01},
        {"from_year": 9, "costs": 0.0},
    ],
}
LATER = "settings.later_discount_rates"


def totals(changes, name="pnet"):
    """Costs, QALYs and life years of every strategy."""
    case = run(name, {**changes, "analyses.base_case.ledger": False, "analyses.base_case.beside": []}).case
    return {s: (r.costs, r.qalys, r.life_years) for s, r in case.strategies.items()}


@pytest.mark.parametrize(("convention", "name"), grid_mostly_slow(CONVENTIONS, STEPS))
def test_slow_twin(name, convention):
    made = Made(sets=[f"settings.discounting={convention}"])
    settings = made.scenario.file.settings.model_validate(
        {**made.scenario.file.settings.model_dump(), "later_discount_rates": STEPS[name]}
    )
    assert_made_same(made.file(settings=settings))


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_by_hand(convention):
    """3.5% for two years, then 1.5%: a calculator's factors at the start of each year."""
    steps = ((0.0, 0.035), (2.0, 0.015))
    years = timeline(5.0, 365.25)
    worth = [1.0, 1.035**-1, 1.035**-2, 1.035**-2 / 1.015, 1.035**-2 / 1.015**2]
    if convention == "mid_cycle":
        worth = [1.035**-0.5, 1.035**-1.5, 1.035**-2 * 1.015**-0.5, 1.035**-2 * 1.015**-1.5, 1.035**-2 * 1.015**-2.5]
    assert cycle_discount(years, steps, convention) == pytest.approx(worth, rel=1e-14)
    moments = np.array([0.0, 1.5, 2.0, 3.25])
    at = {"mid_cycle": moments, "cycle_start": np.floor(moments), "annual": np.floor(moments)}[convention]
    wanted = [1.035 ** -min(t, 2.0) * 1.015 ** -max(t - 2.0, 0.0) for t in at]
    assert moment_discount(years, moments, steps, convention) == pytest.approx(wanted, rel=1e-14)


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_the_general_population_is_discounted_alike(convention):
    made = Made(sets=[f"settings.discounting={convention}"])
    settings = made.scenario.file.settings
    made.file(
        settings=settings.model_validate({**settings.model_dump(), "later_discount_rates": STEPS["several, apart"]})
    )
    file, scenario = made.scenario.file, made.scenario
    found = general_population(
        scenario.life_table,
        scenario.severity_norms,
        [(made.values[file.population.start_age], 1.0)],
        made.values[file.population.proportion_female],
        file.settings.cycle_days,
        file.settings.half_cycle_correction,
        convention,
        file.settings.discount_rate("qalys"),
    )
    assert found == pytest.approx(slowly(scenario, made.values), rel=1e-11)


def test_the_same_rate_later_changes_nothing():
    same = totals({LATER: [{"from_year": 5, "costs": 0.035, "qalys": 0.035}]})
    for strategy, found in totals({}).items():
        assert same[strategy] == pytest.approx(found, rel=1e-13)


def test_costs_and_qalys_are_apart():
    base, costs, qalys = (
        totals({LATER: s}) for s in ([], [{"from_year": 2, "costs": 0.0}], [{"from_year": 2, "qalys": 0.0}])
    )
    for strategy in base:
        assert costs[strategy][0] > base[strategy][0]
        assert costs[strategy][1:] == base[strategy][1:]
        assert qalys[strategy][0] == base[strategy][0]
        assert all(x > y for x, y in zip(qalys[strategy][1:], base[strategy][1:], strict=True))


def test_from_the_horizon_on_nothing_changes():
    late, base = (
        totals({"settings.horizon_years": 10, LATER: s}) for s in ([{"from_year": 10, "costs": 0.0, "qalys": 0.0}], [])
    )
    for strategy, found in base.items():
        assert late[strategy] == pytest.approx(found, rel=1e-13)


@pytest.mark.parametrize(
    ("later", "at", "words"),
    [
        ([{"from_year": 30, "costs": 0.015}, {"from_year": 30, "costs": 0.01}], f"{LATER}.1.from_year", "after 30"),
        ([{"from_year": 30}], f"{LATER}.0", "costs"),
        ([{"from_year": 0, "costs": 0.015}], f"{LATER}.0.from_year", "0"),
        ([{"from_year": 30, "costs": 1.5}], f"{LATER}.0.costs", "1"),
        ([{"from_year": 30, "rate": 0.015}], f"{LATER}.0.rate", "costs"),
        ([{"costs": 0.015}], f"{LATER}.0.from_year", ""),
        (0.015, LATER, "list"),
    ],
)
def test_what_is_wrong_is_answered(later, at, words):
    with pytest.raises(InputError) as error:
        load("pnet", {LATER: later})
    problem = next(p for p in error.value.problems if p.address.startswith(at))
    assert words in f"{problem.expected} {problem.suggestion}"


def test_the_reference_case_is_one_rate():
    rows = {row.rule: row for row in reference_case(Standing(load("pnet", {LATER: STEPS["both"]})))}
    assert rows["RC13"].state == "unjustified deviation"
    assert "costs 3.5% (1.5% from year 3)" in rows["RC13"].message
    scenario = load("pnet_discount_1_5_percent_after_30_years")
    rows = {row.rule: row for row in reference_case(Standing(scenario))}
    assert rows["RC13"].state == "justified deviation"


def test_the_screen_says_so(monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[2])
    found = CliRunner().invoke(main, ["run", "pnet_discount_1_5_percent_after_30_years", "--no-files", "--no-ledger"])
    assert "discounted at 3.5% (1.5% from year 30)" in " ".join(found.output.split())


def test_an_odd_later_rate_is_doubted():
    scenario = load("pnet", {LATER: [{"from_year": 30, "costs": 0.15}]})
    assert any(w.address == f"{LATER}.0.costs" for w in scenario.warnings)


# ------------------------------------------------------------------------------------------------ one-way
def test_one_way_moves_each_rate_that_is_asked_for():
    later = {LATER: STEPS["both"]}
    bounds = {
        "settings.discount_rate_costs": {"low": 0.0, "high": 0.06},
        f"{LATER}.0.qalys": {"low": 0.0, "high": 0.05},
    }
    found = one_way("pnet", later, addresses=list(bounds), bounds=bounds)
    moved = {m.quantity.address: m for m in (*found.moved, *found.no_effect)}
    assert set(moved) == set(bounds)
    for address, ends in bounds.items():
        for effect, rate in ((moved[address].low, ends["low"]), (moved[address].high, ends["high"])):
            changed = run(
                "pnet", {**later, address: rate, "analyses.base_case.ledger": False}
            ).case.against_comparator()
            assert (effect.incremental_costs, effect.incremental_qalys) == (
                changed.incremental_costs,
                changed.incremental_qalys,
            )
    assert moved[f"{LATER}.0.qalys"].quantity.label == "Discount rate of QALYs from year 3"


def test_one_way_moves_rates_beside_numbers():
    bounds = {"settings.discount_rate_qalys": {"low": 0.0, "high": 0.06}}
    alone = one_way("pnet", {}).moved
    with_rate = one_way("pnet", {}, bounds=bounds).moved
    assert {m.quantity.address for m in with_rate} - {m.quantity.address for m in alone} == set(bounds)
    same = {m.quantity.address: (m.low, m.high) for m in with_rate if m.quantity.address not in bounds}
    assert same == {m.quantity.address: (m.low, m.high) for m in alone}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"addresses": ["settings.discount_rate_costs"]}, "add --bounds settings.discount_rate_costs=LOW:HIGH"),
        ({"bounds": {"settings.discount_rate_costs": {"low": 0.0, "high": 3.5}}}, "from 0 to 1"),
        ({"addresses": [f"{LATER}.0.costs"]}, "number"),
    ],
)
def test_one_way_of_rates_that_cannot_be(options, words):
    with pytest.raises(InputError) as error:
        one_way("pnet", {}, **options)
    assert any(words in f"{p.found} {p.expected} {p.suggestion}" for p in error.value.problems)
