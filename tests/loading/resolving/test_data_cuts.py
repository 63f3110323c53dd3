"""Numbers of one trial from several data cuts are warned of, with both cuts and their numbers, from every door."""

import json

import pytest
from click.testing import CliRunner

from helpers.made import loaded
from helpers.malformed_project import ROOT
from netcea.cli.main import main
from netcea.loading import load

NEJM, FDA, INTERIM = "NEJM, 24 August 2023", "FDA label, later", "interim, ESMO 2023"
CUT_MIXED = {
    "pnet_fda_cut": FDA,
    "pnet_pfs_fda": FDA,
    "pnet_os_fda": FDA,
    "pnet_pfs_investigator": INTERIM,
    "epnet_fda_cut": FDA,
    "epnet_pfs_fda": FDA,
    "epnet_os_fda": FDA,
    "epnet_pfs_investigator": INTERIM,
}
FDA_HR = "survival.cabinet_pnet.os_fda.hazard_ratio"


def warned(scenario):
    return [w.message for w in scenario.warnings if w.code == "data_cuts"]


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios").rglob("*.yaml")), ids=lambda path: path.stem)
def test_the_scenarios_that_mix_are_known_and_say_so(path):
    if "batches" in path.parts:
        return
    scenario = loaded(str(path), ())
    found = warned(scenario)
    assert bool(found) == (path.stem in CUT_MIXED)
    if found:
        assert NEJM in found[0]
        assert CUT_MIXED[path.stem] in found[0]
        assert "mixed" in scenario.file.rationale


@pytest.mark.parametrize(
    ("changes", "numbers"),
    [
        (
            {"strategies.cabozantinib.os.hazard_ratio": FDA_HR},
            [f"{FDA_HR} (1.01)", "os_nejm.median_placebo (31.1 months)"],
        ),
        ({"costs.crossover.share": "survival.cabinet_pnet.crossover_share_fda"}, ["crossover_share_fda (0.52)"]),
        ({"survival.cabinet_pnet.crossover_share.data_cut": FDA}, ["crossover_share (0.41)"]),
        (
            {"adverse_events.cabinet.pnet.any_grade3plus.about.data_cut": "other"},
            ["any_grade3plus.cabozantinib (0.65)"],
        ),
    ],
)
def test_each_kind_of_number(changes, numbers):
    (message,) = warned(load("pnet", changes))
    assert "CABINET, pancreatic cohort" in message
    for number in numbers:
        assert number in message


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"survival.cabinet_pnet.crossover_share.value": 0.5},
        {"strategies.cabozantinib.os.published": ["survival.cabinet_pnet.os_nejm.median_cabozantinib"]},
        {"survival.cabinet_pnet.os_fda.hazard_ratio": 0.9},
    ],
)
def test_no_false_alarm(changes):
    assert not warned(load("pnet", changes))


def test_everolimus_of_two_cuts():
    changes = {"strategies.everolimus.os.hazard_ratio": "survival.radiant4.os_unverified.hazard_ratio"}
    (message,) = warned(load("epnet_comparators", changes))
    assert "RADIANT-4" in message
    assert "digitised, 70 deaths" in message
    assert "interim of 2016, 101 deaths" in message


@pytest.mark.parametrize("command", [("run", "--no-ledger"), ("psa", "--draws", "64"), ("one-way",), ("threshold",)])
def test_the_screen_of_analyses(command, monkeypatch):
    monkeypatch.chdir(ROOT)
    change = f"strategies.cabozantinib.os.hazard_ratio={FDA_HR}"
    result = CliRunner().invoke(main, [command[0], "pnet", "--set", change, "--no-files", *command[1:]])
    assert result.exit_code in (0, 1), result.output  # few draws miss the moments of inputs/
    text = " ".join(result.stdout.split())
    assert NEJM in text
    assert FDA in text
    assert "(31.1 months)" in text


def test_check_and_the_record(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    change = f"strategies.cabozantinib.os.hazard_ratio={FDA_HR}"
    found = json.loads(CliRunner().invoke(main, ["check", "pnet", "--set", change, "--json"]).stdout)[0]["findings"]
    (finding,) = [f for f in found if f["rule"] == "data_cuts"]
    assert finding["level"] == "warning"
    assert finding["file"] == "inputs/survival/cabinet_pnet.yaml"
    out = tmp_path / "psa"
    made = CliRunner().invoke(
        main, ["psa", "pnet", "--set", change, "--draws", "64", "--out", str(out), "--no-figures"]
    )
    assert made.exit_code in (0, 1), made.output
    record = json.loads((out / "results.json").read_text())
    assert any(w["code"] == "data_cuts" for w in record["warnings"])
    assert NEJM in CliRunner().invoke(main, ["show", str(out)]).stdout.replace("\n ", " ")


def test_a_batch(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    file = tmp_path / "batch.yaml"
    text = "format: 1\nname: b\nrationale: b\nscenarios: [%s]\nanalyses: {base_case: {ledger: false}}\n"
    file.write_text(text % ", ".join(str(ROOT / f"scenarios/{n}.yaml") for n in ("sensitivity/pnet_pfs_fda",)))
    result = CliRunner().invoke(
        main, ["batch", str(file), "--out", str(tmp_path / "out"), "--workers", "1", "--trust", str(ROOT)]
    )
    assert result.exit_code == 0, result.output
    assert "Warning (pnet_pfs_fda): survival.cabinet_pnet.pfs_fda" in result.stderr
