"""`netcea check`: what the numbers rest on, what departs from the reference case, and when it fails."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from helpers.malformed_project import MINE, PNET, copy_project, edit, mine
from netcea.cli.main import main

EPNET = "scenarios/epnet.yaml"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return copy_project(tmp_path_factory.mktemp("check") / "project", (PNET, EPNET))


@pytest.fixture
def project(tmp_path, monkeypatch):
    folder = copy_project(tmp_path / "project")
    # a ledger without scenarios: what is checked here does not depend on them
    text = (folder / PNET).read_text(encoding="utf-8")
    (folder / PNET).write_text(text[: text.index("\nassumptions:")] + "\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def check(*arguments: str):
    return CliRunner().invoke(main, ["check", *arguments])


def findings(*arguments: str) -> list[dict]:
    result = check(*arguments, "--json")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return json.loads(result.stdout)[0]["findings"]


def rules(found: list[dict], rule: str) -> dict[str, dict]:
    return {finding["address"]: finding for finding in found if finding["rule"] == rule}


@pytest.fixture(scope="module")
def text(small):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(small)
        result = check(PNET, EPNET)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_both_base_cases_pass(text):
    assert text.count("NOT COMPLETE: 0 errors, ") == 2
    assert " ".join(text.split()).count("of the reference case missing RC7, ") == 2
    assert "passed" not in text
    assert "FAILED" not in text


def test_text_is_readable(text):
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "  numbers in use that are assumptions" in text
    assert "  numbers and sources of inputs/ that no scenario of the project uses" in text
    assert "\nNICE's reference case\n" in text
    assert "\t" not in text


@pytest.mark.slow
@pytest.mark.parametrize(("name", "warnings"), [("pnet", "0 warnings"), ("epnet", "1 warning")])
def test_base_case_of_the_project(name, warnings, tmp_path, monkeypatch):
    """The warning: the interval of epNET's median PFS is lopsided; scenarios show what its two ends do."""
    monkeypatch.chdir(tmp_path)  # no record of a verification
    result = check(name)
    assert result.exit_code == 0, result.output
    said = " ".join(result.stdout.split())
    assert f"0 errors, {warnings}; of the reference case missing RC7 and RC16, no unjustified departure" in said
    assert ("22% of draws fall below 7.6" in said) == (name == "epnet")
    assert "cannot be applied" not in result.stdout


def test_lists_by_address_with_places(project):
    found = findings(PNET)
    assumption = rules(found, "assumption")["costs.subsequent.crossover_months"]
    assert assumption["file"] == "inputs/costs/subsequent.yaml"
    line = (project / assumption["file"]).read_text(encoding="utf-8").splitlines()[assumption["line"] - 1]
    assert line.startswith("crossover_months:")
    assert assumption["message"].startswith("6 months: ")
    unused = rules(found, "unused")
    assert "costs.drug.cabozantinib.price_per_pack" not in unused
    assert "adverse_events.cabinet.pnet.by_term.hypertension.cabozantinib" in unused
    assert not rules(found, "unverified")


def test_unused_source(project):
    path = project / "inputs" / "sources.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\nnobody_1999:\n  title: Nobody\n", encoding="utf-8")
    assert rules(findings(PNET), "unused")["nobody_1999"]["file"] == "inputs/sources.yaml"


def test_an_unverified_number_fails_a_base_case_and_warns_elsewhere(project):
    edit("inputs/costs/subsequent.yaml", "status: assumption", "status: unverified", "crossover_months:")(project)
    result = check(PNET)
    assert result.exit_code == 1
    assert "ERROR inputs/costs/subsequent.yaml:" in result.stdout
    assert "costs.subsequent.crossover_months" in result.stdout
    assert "a base case holds no unverified number" in result.stdout
    assert "FAILED: 1 error, " in result.stdout
    quiet = check(PNET, "--quiet")
    assert quiet.exit_code == 1
    assert "Assumptions" not in quiet.stdout
    assert "costs.subsequent.crossover_months" in quiet.stdout
    mine("")(project)
    assert check(MINE).exit_code == 0
    assert rules(findings(MINE), "unverified")["costs.subsequent.crossover_months"]["level"] == "warning"


def test_a_cost_of_another_payer_does_not_count_or_fails_a_base_case(project):
    edit(PNET, "    kind: end_of_life\n", "    kind: end_of_life\n    payer: patient\n")(project)
    result = check(PNET)
    assert result.exit_code == 0
    assert "paid by patient: not counted (NHS and PSS)" in " ".join(result.stdout.split())
    edit(PNET, "  perspective: NHS and PSS\n", "  perspective: societal\n")(project)
    result = check(PNET)
    assert result.exit_code == 1
    assert "costs.end_of_life.payer" in result.stdout
    assert "costs of other payers: end_of_life (patient)" in " ".join(result.stdout.split())


def test_departures_from_the_reference_case(project):
    mine("set:\n  settings.horizon_years: 5\n  settings.discount_rate_costs: 0\n")(project)
    result = check(MINE, "--json")
    assert result.exit_code == 0
    rows = {row["rule"]: row for row in json.loads(result.stdout)[0]["reference_case"]}
    assert rows["RC6"]["state"] == "justified deviation"
    assert rows["RC13"]["state"] == "justified deviation"
    assert "costs 0.0%" in rows["RC13"]["message"]
    assert "Reason given: a test" in rows["RC13"]["message"]
    base = check(PNET, "--set", "settings.discount_rate_costs=0.015", "--json")
    rows = {row["rule"]: row for row in json.loads(base.stdout)[0]["reference_case"]}
    assert rows["RC13"]["state"] == "unjustified deviation"


def test_plausibility(project):
    edit("inputs/costs/unit.yaml", "  status:", "  range: [1, 2]\n  status:", "ct_scan:")(project)
    wide = "{normal: {se: 1.5}}"
    edit("inputs/survival/cabinet_pnet.yaml", "{ci95: {low: 0.45, high: 2.00, scale: log}}", wide)(project)
    found = findings(PNET)
    assert "outside its plausible range 1 to 2" in rules(found, "range")["costs.unit.ct_scan"]["message"]
    spreads = [f["message"] for f in found if f["address"] == "survival.cabinet_pnet.os_nejm.hazard_ratio"]
    assert any("is it a standard deviation?" in message for message in spreads)
    assert any("a ratio is sampled on the log scale" in message for message in spreads)


def test_a_ledger_scenario_that_does_not_apply(small, monkeypatch):
    monkeypatch.chdir(small)
    ledger = [f for f in findings(PNET) if f["rule"] == "ledger" and f["level"] == "warning"]
    assert ledger
    assert all("cannot be applied here" in finding["message"] for finding in ledger)
    assert all(finding["file"] == PNET and finding["line"] for finding in ledger)


def test_command_line_overrides_are_checked(project):
    assert check(PNET, "--set", "settings.horizon_years=0").exit_code == 2
    assert check(PNET, "--set", "settings.horizon_years=20").exit_code == 0


# ------------------------------------------------------------------------------------------------ prices of drugs


def prices_row(*arguments: str) -> dict:
    result = check(*arguments, "--json")
    assert result.exit_code in (0, 1), result.output
    return next(row for row in json.loads(result.stdout)[0]["reference_case"] if row["rule"] == "RC12")


LIST = "    price_type: list\n"


def test_a_list_price_departs_from_the_reference_case(project):
    row = prices_row(PNET)
    assert row["state"] == "justified deviation"
    assert row["message"].startswith("list price: costs.drug.cabozantinib.price_per_pack; Drug Tariff: costs.drug.lan")
    found = rules(findings(PNET), "price_type")
    assert found.keys() == {"costs.drug.cabozantinib.price_per_pack"}
    assert "5,143.00 GBP, paid by costs.cabozantinib, costs.crossover: list price" in str(found)
    assert "Prices of drugs that are not what the NHS pays (1)" in check(PNET).stdout


def test_prices_that_the_nhs_pays_are_aligned(project):
    edit("inputs/costs/drug.yaml", LIST, "    price_type: contract\n", "cabozantinib:")(project)
    assert prices_row(PNET)["state"] == "aligned"
    assert rules(findings(PNET), "price_type") == {}


def test_a_price_that_does_not_say_what_it_is_is_missing(project):
    edit("inputs/costs/drug.yaml", LIST, "", "cabozantinib:")(project)
    row = prices_row(PNET)
    assert row["state"] == "missing"
    assert "type of price not stated: costs.drug.cabozantinib.price_per_pack" in row["message"]
    (found,) = rules(findings(PNET), "price_type").values()
    assert "add price_type: list, drug_tariff, emit or contract" in found["message"]


def test_a_discount_that_no_reason_is_given_for_is_a_departure(project):
    discounted = ("--set", "costs.drug.lanreotide.discount=0.5")
    row = prices_row(PNET, *discounted)
    assert row["state"] == "unjustified deviation"
    assert "Drug Tariff, discounted: costs.drug.lanreotide.price_per_pack" in row["message"]
    mine("set:\n  costs.drug.lanreotide.discount: 0.5\n")(project)
    assert prices_row(MINE)["state"] == "justified deviation"


def test_only_money_is_a_price(project):
    edit("inputs/costs/drug.yaml", "    unit: days\n", "    unit: days\n    price_type: list\n", "cabozantinib:")(
        project
    )
    result = check(PNET)
    assert result.exit_code == 2
    assert "costs.drug.cabozantinib.pack_days.price_type" in result.output
    assert "an amount of money (GBP)" in result.output
