"""A scenario beside, or of the ledger, that cannot be combined with a change says so everywhere and fails nothing."""

import json

import pytest
from click.testing import CliRunner

from netcea.cli.main import main

CHANGE = (
    "strategies.cabozantinib.pfs={distribution: exponential, time_unit: months, "
    "parameters: {rate: survival.radiant3.os_placebo_landmarks.month_12}}"
)
"""The curve has another origin than its trial, which scenarios with another data cut or family of the trial change."""
SAID = "not applicable to this change"


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    out = tmp_path_factory.mktemp("run") / "o"
    return CliRunner().invoke(main, ["run", "pnet", "--set", CHANGE, "--out", str(out), "--no-workbook"]), out


def test_the_run_ends_well_and_the_screen_says_so(ran):
    found, _ = ran
    assert found.exit_code == 0, found.output
    shown = " ".join(found.output.split())
    assert f"pnet_fda_cut: {SAID}" in shown
    assert f"pnet_fda_cut.yaml: {SAID}: scenarios/sensitivity/pnet_fda_cut.yaml:" in shown.replace("file ", "")


def test_every_table_figure_and_record_says_so(ran):
    _, out = ran
    for table in ("beside", "severity", "ledger", "warnings"):
        assert SAID in (out / "tables" / f"{table}.csv").read_text(encoding="utf-8"), table
    for figure in ("plane", "ledger"):
        assert SAID[1:] in (out / "figures" / f"{figure}.svg").read_text(encoding="utf-8"), figure
    record = json.loads((out / "results.json").read_text(encoding="utf-8"))
    (told,) = record["not_applicable"]
    assert told["address"].endswith("pnet_fda_cut.yaml")
    assert told["message"].startswith(f"{SAID}: ")
    faults = [test["fault"] for entry in record["ledger"] for test in entry["tests"] if test["fault"]]
    assert faults
    assert all(fault.startswith(SAID) for fault in faults)
