"""A number set to a value that its uncertainty cannot have runs, fixed, with a note; a group is no number."""

import pytest
from click.testing import CliRunner

from netcea import load
from netcea.analyses.base_case.analysis import evaluate
from netcea.cli.main import main
from netcea.errors import FIXED_NOW, InputError

INCIDENCE = "adverse_events.cabinet.pnet.any_grade3plus.cabozantinib"
UTILITY = "utilities.state_utilities.clarinet.progression_free"
DECREMENT = "utilities.state_utilities.clarinet.decrement_on_progression"
END_OF_LIFE, RATIO = "costs.unit.end_of_life", "survival.cabinet_pnet.os_nejm.hazard_ratio"


@pytest.mark.parametrize(
    ("address", "value", "lost"),
    [
        (INCIDENCE, 0, "beta"),
        (INCIDENCE, 1, "beta"),
        (UTILITY, 1, "beta"),
        (UTILITY, 0, "beta"),
        (DECREMENT, 0, "gamma"),
        (END_OF_LIFE, 0, "gamma"),
        (RATIO, 3, "ci95"),
    ],
)
def test_an_extreme_value_runs_and_says_that_the_number_is_fixed(address, value, lost):
    scenario = load("pnet", [f"{address}={value}"])
    assert scenario.quantities[address].value == value
    assert scenario.quantities[address].uncertainty.family == "fixed"
    (note,) = [w for w in scenario.warnings if w.code == FIXED_NOW]
    assert note.address == address
    assert f"its uncertainty {lost} cannot have: the number is fixed now" in note.message
    assert f"add --set '{address}.uncertainty={{" in note.message


def test_no_incidence_of_adverse_events():
    case = evaluate(load("pnet", [f"{INCIDENCE}=0"]))
    assert round(case.strategies["cabozantinib"].costs) == 113_382
    assert round(case.against_comparator().icer) == 724_333


def test_the_interval_that_is_spelt_out_is_as_wide_as_the_published_one():
    (note,) = [w for w in load("pnet", [f"{RATIO}=3"]).warnings if w.code == FIXED_NOW]
    spelt = note.message.partition("--set '")[2].rstrip("'")
    given = load("pnet", [f"{RATIO}=3", spelt]).quantities[RATIO].uncertainty.given
    assert given.high / given.low == pytest.approx(2.0 / 0.45, rel=1e-3)  # published: 0.45 to 2
    assert given.low * given.high == pytest.approx(9.0, rel=1e-3)


def test_both_that_do_not_go_together_are_refused():
    with pytest.raises(InputError, match="found 0 with the uncertainty gamma; expected a value above 0"):
        load("pnet", [f"{END_OF_LIFE}=0", f"{END_OF_LIFE}.uncertainty={{gamma: {{se: 3}}}}"])
    with pytest.raises(InputError, match="found -1; expected a value from 0"):
        load("pnet", [f"{END_OF_LIFE}=-1"])


@pytest.mark.parametrize("command", ["run", "psa", "one-way"])
def test_every_screen_tells(command):
    more = ["--draws", "20"] if command == "psa" else ["--no-ledger"] if command == "run" else []
    ran = CliRunner().invoke(main, [command, "pnet", "--no-files", "--no-figures", "--set", f"{END_OF_LIFE}=0", *more])
    assert ran.exit_code == 0, ran.output
    assert "is a value that its uncertainty gamma cannot have: the number is fixed now" in " ".join(ran.output.split())


@pytest.mark.parametrize(
    ("group", "first"),
    [
        ("costs.drug.cabozantinib", "costs.drug.cabozantinib.price_per_pack"),
        ("costs.drug", "costs.drug.cabozantinib.price_per_pack"),
        ("mortality", "mortality.life_tables.england_2018_2020"),
    ],
)
def test_a_group_that_is_set_as_a_number_is_answered_with_what_is_below_it(group, first):
    with pytest.raises(InputError) as caught:
        load("pnet", [f"{group}=0.5"])
    (problem,) = caught.value.problems
    assert problem.found == f"0.5 for '{group}', a group of numbers"
    assert problem.suggestion.startswith(f"below it: {first}, ")


def test_a_group_that_is_replaced_says_what_it_lacks():
    with pytest.raises(InputError, match=r"because `set` replaces 'costs\.drug\.cabozantinib' as a whole") as caught:
        load("pnet", {"costs.drug.cabozantinib": {"discount": 0.5}})
    assert "set costs.drug.cabozantinib.discount" in str(caught.value)


def test_a_stated_correlation_of_a_number_that_is_fixed_now_is_dropped_with_a_warning():
    pair = {
        "first": END_OF_LIFE,
        "second": UTILITY,
        "rank_correlation": "survival.relative_effect.pfs_os_rank_correlation.rho_0_3",
    }
    scenario = load("pnet", {"analyses.psa.correlations": [pair], END_OF_LIFE: 0})
    assert not scenario.file.analyses.psa.correlations
    assert any(f"{END_OF_LIFE} is not drawn" in warning.message for warning in scenario.warnings)
