"""What single rules say, and what they leave alone."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from helpers.malformed_project import copy_project
from helpers.price_layers import PRICE, layers, written
from netcea import load
from netcea.cli.main import main
from netcea.confidential.layer_file import read_layer
from netcea.confidential.layers import Layers
from netcea.plausibility.facts import Facts
from netcea.plausibility.implausible import CODE, RULES, implausible
from netcea.plausibility.labelled import LABELLED
from netcea.plausibility.ranges import RANGES
from netcea.quantities.units import UNITS
from plausibility.seeded_faults import DRUG, OS, PFS, UNIT, number

HR = f"{PFS}.hazard_ratio"
CLARINET = "utilities.state_utilities.clarinet"


def told(sets, name="pnet", **more):
    scenario = load(name, sets, **more)
    return {w.address: w.message for w in scenario.warnings if w.code == CODE}


def test_a_price_per_tablet_says_what_a_pack_would_be():
    message = told({f"{DRUG}.price_per_pack": 171.43})[f"{DRUG}.price_per_pack"]
    assert "GBP 171.4 for 30 days is GBP 5.714 a day" in message
    assert "price per tablet; a pack of 30 would be GBP 5,143" in message


@pytest.mark.parametrize(
    ("sets", "address", "words"),
    [
        ({f"{UNIT}.blood_test": 239}, f"{UNIT}.blood_test", "pence typed as pounds: GBP 2.39"),
        ({f"{DRUG}.pack_days": 210}, f"{DRUG}.pack_days", "days taken for weeks: 30 days"),
        ({"settings.discount_rate_costs": 0.35}, "settings.discount_rate_costs", "too far right: 0.035"),
        ({f"{OS}.hazard_ratio": 1.9}, f"{OS}.hazard_ratio", "inverted it would be 0.5263"),
        ({f"{DRUG}.discount": 0.005}, f"{DRUG}.discount", "a percentage divided by 100 twice: 0.5"),
        (
            {"utilities.adverse_events.duration.any_grade3plus.unit": "years"},
            "utilities.adverse_events.duration.any_grade3plus",
            "3 years replaces 3 weeks: the same number in another unit",
        ),
    ],
)
def test_the_usual_slip_is_named(sets, address, words):
    assert words in told(sets)[address]


def test_an_interval_says_where_the_value_would_be_central():
    message = told({f"{HR}.uncertainty.ci95.high": 4.2})[HR]
    assert "0.23 is not central in its interval of 0.12 to 4.2 on the log scale" in message
    assert "central in 0.12 to 0.441" in message
    assert "4.2 may be 0.42" in message


@pytest.mark.parametrize(("low", "high"), [(0.12, 0.42), (0.1, 0.5), (0.15, 0.35), (0.13, 0.41)])
def test_a_central_value_is_left_alone(low, high):
    assert HR not in told({f"{HR}.uncertainty": {"ci95": {"low": low, "high": high, "scale": "log"}}})


@pytest.mark.parametrize(
    "sets",
    [
        {f"{DRUG}.discount": 0.5},
        {f"{DRUG}.discount": 0.9},
        {f"{DRUG}.price_per_pack": 2571.5},
        {"settings.horizon_years": 10},
        {"costs.care.somatostatin_analogue_share": 0},
        {"costs.care.somatostatin_analogue_share": 1},
        {f"{OS}.hazard_ratio": 0.6},
        {f"{OS}.hazard_ratio": number(0.6, "ratio", uncertainty={"log_normal": {"se_log": 0.3}})},
        {"strategies.cabozantinib.os.hazard_ratio": "survival.relative_effect.no_effect"},
        {"utilities.state_utilities.clarinet.progression_free": 0.7},
        {"population.cohorts.pnet.start_age": 70},
        {"strategies.best_supportive_care.os.distribution": "log_normal"},
    ],
    ids=lambda sets: next(iter(sets)),
)
def test_what_a_reviewer_would_try_is_no_doubt(sets):
    assert told(sets) == {}


def test_a_minus_sign_is_told_with_the_value_without_it():
    sets = {
        "utilities.adverse_events.decrements.any_grade3plus": number(-0.2, "utility"),
        "utilities.state_utilities.on_treatment_disutility.none": number(-0.05, "utility"),
    }
    found = told(sets)
    assert len(found) == 2
    assert all("minus sign" in message for message in found.values())


def test_a_confidential_price_is_never_doubted():
    secret = load("pnet", prices=layers({PRICE: 171.43}))
    assert PRICE in secret.prices.secret
    assert not [w for w in secret.warnings if w.code == CODE]


def test_a_confidential_price_of_nothing_is_not_told():
    found = [load("pnet", prices=layers({PRICE: price})).warnings for price in (0.0, 5143.0, 5e5)]
    assert found[0] == found[1] == found[2]


def test_a_confidential_discount_that_is_not_applied_is_not_told():
    """Not even that there is one: what is said of a number must not depend on it."""
    discount, without = "costs.drug.cabozantinib.discount", {"costs.cabozantinib.discount": None}
    found = [load("pnet", without, prices=layers({discount: share})).warnings for share in (0.0, 0.4)]
    assert found[0] == found[1]
    assert not [w for w in found[1] if w.address == "costs.cabozantinib.discount"]


# ---------------------------------------------------------------------------------------------------- a working copy
@pytest.fixture
def project(tmp_path, monkeypatch):
    folder = copy_project(tmp_path / "project")
    monkeypatch.chdir(folder)
    return folder


def edited(folder: Path, file: str, before: str, after: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_a_number_changed_in_a_working_copy_is_compared_with_the_shipped_one(project):
    edited(project, "inputs/costs/unit.yaml", "value: 2.39", "value: 23.9")
    message = told({}, "scenarios/pnet.yaml")[f"{UNIT}.blood_test"]
    assert "stands where the shipped inputs have GBP 2.39" in message
    assert "decimal point" in message


DOORS = [
    ("inputs/costs/unit.yaml", "value: 53", "value: 5300", f"{UNIT}.nurse_hour", "pence"),
    ("inputs/costs/drug.yaml", "value: 5143.00", "value: 171.43", f"{DRUG}.price_per_pack", "price per tablet"),
    ("inputs/costs/drug.yaml", "unit: days", "unit: weeks", f"{DRUG}.pack_days", "in another unit"),
    ("inputs/survival/cabinet_pnet.yaml", "low: 0.45", "low: 0.045", f"{OS}.hazard_ratio", "0.045 may be 0.45"),
    ("inputs/survival/cabinet_pnet.yaml", "value: 31.1", "value: 135.2", f"{OS}.median_placebo", "weeks"),
    ("inputs/population/cohorts.yaml", "value: 60", "value: 6", "population.cohorts.pnet.start_age", "decimal"),
    ("inputs/utilities/state_utilities.yaml", "value: 0.776", "value: 0.224", f"{CLARINET}.progression_free", "compl"),
    ("inputs/utilities/state_utilities.yaml", "se: 0.02", "se: 0.0004", f"{CLARINET}.progression_free", "variance"),
]


@pytest.mark.parametrize(("file", "before", "after", "address", "words"), DOORS)
def test_a_slip_in_a_file_of_inputs_is_told_as_one_that_is_set(project, file, before, after, address, words):
    edited(project, file, before, after)
    assert words in told({}, "scenarios/pnet.yaml")[address]


def test_a_slip_in_a_scenario_is_told(project):
    text = "format: 1\nextends: pnet.yaml\nname: mine\nrationale: mine\ndirection: unclear\nset:\n"
    Path("scenarios/mine.yaml").write_text(f"{text}  {DRUG}.price_per_pack: 514300\n", encoding="utf-8")
    assert "in pence it would be GBP 5,143" in told({}, "scenarios/mine.yaml")[f"{DRUG}.price_per_pack"]


@pytest.mark.parametrize("value", [514300, 171.43])
def test_a_slip_in_a_public_price_layer_is_told(tmp_path, value):
    path = written(tmp_path, {PRICE: value}, confidential=False, salt=None)
    words = {514300: "pence", 171.43: "price per tablet"}[value]
    assert words in told({}, prices=Layers((read_layer(path),)))[PRICE]


def test_a_price_index_times_ten(project):
    edited(project, "inputs/costs/nhscii.csv", "2024/25,114.3916", "2024/25,1143.916")
    assert "costs rise 11.4 times" in told({}, "scenarios/pnet.yaml")["costs.price_index.nhscii"]


def test_a_life_table_per_month(project):
    path = project / "inputs/mortality/england_2018_2020.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    halved = [",".join([row.split(",")[0], *(str(float(x) / 12) for x in row.split(",")[1:])]) for row in rows]
    path.write_text("\n".join([head, *halved]) + "\n", encoding="utf-8")
    assert "life expectancy" in told({}, "scenarios/pnet.yaml")["mortality.life_tables.england_2018_2020"]


def test_check_and_run_tell_it(project):
    sets = ["--set", f"{DRUG}.pack_days=210"]
    checked = CliRunner().invoke(main, ["check", "scenarios/pnet.yaml", "--json", *sets])
    found = [f for f in json.loads(checked.stdout)[0]["findings"] if f["rule"] == CODE]
    assert [(f["level"], f["address"]) for f in found] == [("warning", f"{DRUG}.pack_days")]
    options = [
        "--no-figures",
        "--no-workbook",
        "--no-ledger",
        "--no-traces",
        "--out",
        "out",
        "--set",
        f"{DRUG}.pack_days=210",
    ]
    run = CliRunner().invoke(main, ["run", "scenarios/pnet.yaml", *options])
    assert run.exit_code == 0, run.output
    assert "210 days replaces 30 days" in " ".join(run.stdout.split())
    results = next(Path("out").rglob("results.json")).read_text(encoding="utf-8")
    assert "210 days replaces 30 days" in results
    shutil.rmtree("out")


# ---------------------------------------------------------------------------------------------------- the tables
def test_every_range_has_words_a_source_and_a_unit():
    for role, wanted in RANGES.items():
        assert wanted.low <= wanted.high, role
        assert wanted.words, role
        assert len(wanted.source) > 10, role
        assert wanted.unit in {*UNITS, "a year"}, role
    assert all(kind.cost[0] < kind.cost[1] and kind.frequency[0] < kind.frequency[1] for kind in LABELLED)


def test_rules_say_nothing_of_a_base_case():
    facts = Facts(load("pnet"))
    assert list(implausible(facts)) == []
    assert len(RULES) > 20


@pytest.mark.parametrize(
    ("sets", "address", "words"),
    [
        (
            {"costs.nurse_progression_free.frequency": "costs.care.progressed.nurse_frequency"},
            "costs.nurse_progression_free.frequency",
            "the other state",
        ),
        (
            {"costs.nurse_progressed.frequency": "costs.care.progressed.ct_frequency"},
            "costs.nurse_progressed.frequency",
            "another item's",
        ),
    ],
)
def test_names_of_other_states_and_other_care(sets, address, words):
    warnings = {w.address: w.message for w in load("pnet", sets).warnings if w.code == CODE}
    assert words in warnings[address]


def test_men_who_outlive_women():
    from netcea.plausibility import survival_rules
    from netcea.plausibility.facts import Facts

    scenario = load("pnet")
    table = scenario.life_table
    turned = replace(table, qx_male=table.qx_female, qx_female=table.qx_male)
    said = dict(survival_rules.population(Facts(replace(scenario, life_table=turned))))
    assert "exchanged" in said[scenario.file.population.life_table]
    assert dict(survival_rules.population(Facts(scenario))) == {}


def test_a_price_without_the_index_that_others_of_its_source_have():
    sets = {"costs.unit.nurse_hour.index": ""}
    warnings = {w.address: w.message for w in load("pnet", sets).warnings if w.code == CODE}
    assert "`index` missing" in warnings["costs.unit.nurse_hour"]
