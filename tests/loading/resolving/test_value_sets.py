"""Value sets are read of each utility in use: mixing them is refused, or said where a reason is given."""

import pytest

from netcea.checking.reference_case.rules import reference_case
from netcea.checking.reference_case.standing import Standing
from netcea.errors import InputError
from netcea.loading import load

EQ5D, VIGNETTES = "EQ-5D-3L UK (MVH TTO)", "UK general-public TTO vignettes"
SWINBURN = "utilities.state_utilities.swinburn"
CLARINET = "utilities.state_utilities.clarinet"
ANY = "utilities.adverse_events.decrements.any_grade3plus"
REASON = "a reason"


def warned(scenario):
    return {w.address: w.message for w in scenario.warnings if w.code == "value_sets"}


def health(scenario):
    return next(row for row in reference_case(Standing(scenario)) if row.rule == "RC10")


@pytest.mark.parametrize(
    ("name", "changes", "at"),
    [
        ("pnet", {"utilities.progression_free": f"{SWINBURN}.progression_free"}, "utilities.progression_free"),
        ("epnet", {"utilities.on_treatment_disutility": f"{SWINBURN}.decrement_on_progression"}, ""),
        ("pnet_utilities_swinburn", {"utilities.decrement_on_progression": f"{CLARINET}.decrement_on_progression"}, ""),
        ("pnet", {f"{CLARINET}.about.value_set": "EQ-5D-5L UK (Rowen 2026)"}, "utilities.decrement_on_progression"),
    ],
)
def test_mixed_states_are_refused_wherever_the_entry_comes_from(name, changes, at):
    with pytest.raises(InputError) as error:
        load(name, changes)
    found = {problem.address: problem for problem in error.value.problems}
    problem = found[at or next(iter(changes))]
    assert "valued by" in problem.found
    assert "value_set_exemptions" in problem.suggestion


def test_the_scenarios_word_does_not_make_a_vignette_an_eq5d():
    """Both states from vignettes, the scenario still says EQ-5D."""
    changes = {f"utilities.{n}": f"{SWINBURN}.{n}" for n in ("progression_free", "decrement_on_progression")}
    with pytest.raises(InputError) as error:
        load("pnet", changes)
    assert len(error.value.problems) == 2


@pytest.mark.parametrize(
    "exemption",
    [
        {"utilities.value_set_exemption": REASON},
        {"utilities.value_set_exemptions": [{"address": f"{SWINBURN}.progression_free", "reason": REASON}]},
    ],
)
def test_a_reason_lets_them_through_and_is_said(exemption):
    scenario = load("pnet", {"utilities.progression_free": f"{SWINBURN}.progression_free", **exemption})
    message = warned(scenario)["utilities.progression_free"]
    assert VIGNETTES in message
    assert EQ5D in message
    assert REASON in message
    row = health(scenario)
    assert row.state != "aligned"
    assert f"{SWINBURN}.progression_free is of {VIGNETTES}" in row.message


def test_a_reason_without_words_is_none():
    change = {"utilities.value_set_exemptions": [{"address": ANY, "reason": " "}]}
    with pytest.raises(InputError, match="reason"):
        load("pnet", change)


@pytest.mark.parametrize("name", ["pnet", "epnet"])
def test_the_base_cases_say_that_their_decrement_is_of_vignettes(name):
    scenario = load(name)
    assert scenario.value_sets[ANY] == VIGNETTES
    assert not warned(scenario)
    row = health(scenario)
    assert row.state == "justified deviation"
    assert f"{ANY} is of {VIGNETTES}: The only decrements" in row.message


def test_a_decrement_without_a_reason_is_warned_of():
    scenario = load("pnet", {"utilities.value_set_exemptions": []})
    assert list(warned(scenario)) == ["adverse_events.events.any_grade3plus.decrement"]
    assert health(scenario).state == "unjustified deviation"


def test_swinburn_is_one_set_with_a_reason_for_the_norms():
    assert list(warned(load("pnet_utilities_swinburn"))) == ["utilities.value_set"]


def test_what_inputs_does_not_state_raises_no_alarm():
    scenario = load(
        "pnet", {"utilities.on_treatment_disutility": "utilities.state_utilities.on_treatment_disutility.low"}
    )
    assert not warned(scenario)
    assert "utilities.state_utilities.on_treatment_disutility.low" not in scenario.value_sets


# ------------------------------------------------------------------------------------------------ the method pack's value set
FIVE = "EQ-5D-5L UK (Rowen 2026)"
PACK = {"decision.method_pack": "nice-2026-08-5l"}
NORMS = {"population.norms": "utilities.norms.uk_5l_assumed"}
CLARINET_5L = {
    f"utilities.{n}": f"utilities.state_utilities.clarinet_5l.{n}"
    for n in ("progression_free", "decrement_on_progression")
}
UTILITIES = {"utilities.value_set": FIVE, **CLARINET_5L}


@pytest.mark.parametrize("name", ["pnet", "epnet"])
def test_utilities_norms_and_severity_move_together(name):
    scenario = load(name, {**PACK, **NORMS, **UTILITIES})
    assert scenario.method_pack.value_set == scenario.severity_norms.value_set == FIVE
    assert scenario.method_pack.thresholds == load(name).method_pack.thresholds
    assert scenario.method_pack.severity == load(name).method_pack.severity


@pytest.mark.parametrize("name", ["pnet", "epnet"])
@pytest.mark.parametrize(
    ("changes", "at"),
    [
        (PACK, "decision.method_pack"),
        (NORMS, "utilities.value_set"),
        (UTILITIES, "utilities.value_set"),
        (NORMS | UTILITIES, "decision.method_pack"),
        (PACK | NORMS, "utilities.value_set"),
        (PACK | UTILITIES, "utilities.value_set"),
        (PACK | NORMS | {"utilities.value_set": FIVE}, "utilities.decrement_on_progression"),
    ],
)
def test_what_moves_alone_is_refused(name, changes, at):
    with pytest.raises(InputError) as error:
        load(name, changes)
    problem = next(p for p in error.value.problems if p.address == at)
    assert FIVE in problem.found + problem.expected
    assert "utilities.value_set_exemption" in problem.suggestion


def test_3l_under_the_5l_pack_needs_a_reason_which_is_said():
    changes = {**PACK, "utilities.value_set_exemption": REASON}
    scenario = load("pnet", changes)
    message = warned(scenario)["decision.method_pack"]
    assert FIVE in message
    assert EQ5D in message
    assert REASON in message
    row = health(scenario)
    assert row.state == "justified deviation"
    assert f"nice-2026-08-5l is of {FIVE}" in row.message


def test_norms_that_nobody_published_are_said_to_be_assumed():
    scenario = load("pnet", {**PACK, **NORMS, **UTILITIES})
    assert "no published table" in warned(scenario)["population.norms"]
    row = health(scenario)
    assert "Topics whose invitation to participate came after 27 August 2026" in row.message


def test_a_pack_without_a_value_set_asks_for_none():
    scenario = load("pnet", {"decision.method_packs.nice-2026-03.about.value_set": ""})
    assert scenario.method_pack.value_set == ""
    assert not warned(scenario)
