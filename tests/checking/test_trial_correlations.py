"""`netcea check --correlations`: simulated again, printed where inputs/ has none, and what is printed can be pasted."""

from __future__ import annotations

import textwrap

import pytest
import yaml
from click.testing import CliRunner

from helpers.trial_projects import TRIAL, number, told, trial_group, trial_project
from netcea.checking.trial_correlations import check_correlations
from netcea.cli.main import main
from netcea.loading import load

GROUP = trial_group({"placebo": 4.4, "drug": 13.8}, {"hazard_ratio": 0.23})


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("NETCEA_CACHE", str(tmp_path / "cache"))


def test_what_is_printed_stands_for_what_is_worked_out(tmp_path):
    path = trial_project(tmp_path / "without", GROUP)
    (block,), differs = check_correlations([str(path)])
    assert not differs
    first, _, text = block.partition("\n")
    assert first == f"{TRIAL}.correlation: not in inputs/, worked out"
    table = yaml.safe_load(textwrap.dedent(text))["correlation"]
    with_table = trial_project(tmp_path / "with", {**GROUP, "correlation": table})
    assert check_correlations([str(with_table)]) == ([f"{TRIAL}.correlation: as simulated"], False)
    one, other = load(str(path)), load(str(with_table))
    assert one.joint[0].covariance.tolist() == other.joint[0].covariance.tolist()
    assert (len(told(one)), told(other)) == (1, ())


def test_a_table_that_is_not_what_its_seed_gives(tmp_path):
    path = trial_project(tmp_path / "without", GROUP)
    table = yaml.safe_load(textwrap.dedent(check_correlations([str(path)])[0][0].partition("\n")[2]))["correlation"]
    table["settings"]["seed"] += 1
    path = trial_project(tmp_path / "other", {**GROUP, "correlation": table})
    found = CliRunner().invoke(main, ["check", str(path), "--correlations"])
    assert found.exit_code == 1
    assert f"{TRIAL}.correlation: DIFFERS" in found.stdout
    table["settings"] = {}
    path = trial_project(tmp_path / "stated", {**GROUP, "correlation": table})
    assert check_correlations([str(path)]) == ([f"{TRIAL}.correlation: stated without a seed, not simulated"], False)


def test_a_trial_that_cannot_be_simulated(tmp_path):
    path = trial_project(tmp_path, {**GROUP, "follow_up_median": number(0.3, "months")})
    found = CliRunner().invoke(main, ["check", str(path), "--correlations"])
    assert found.exit_code == 2
    assert "too few to correlate" in found.stderr


def test_the_check_of_a_scenario_lists_what_was_worked_out(tmp_path):
    found = CliRunner().invoke(main, ["check", str(trial_project(tmp_path, GROUP)), "--all"])
    assert "Worked out by simulation (1)" in found.stdout, found.output
    assert f"{TRIAL}.correlation" in found.stdout


CUT = "survival.cabinet_pnet.os_nejm"


FEW = [
    f"survival.{other}correlation.settings.replicates=60"
    for other in (
        *(f"cabinet_{cohort}.pfs_{cut}." for cohort in ("pnet", "epnet") for cut in ("fda", "investigator", "nejm")),
        *(f"cabinet_subgroups.{subgroup}." for subgroup in ("gastrointestinal", "grade3", "lung_thymic")),
        *("cabinet_epnet.os_fda_", "cabinet_epnet.os_nejm.", "cabinet_pnet.os_fda_"),
    )
]
"""Of the others, which are simulated on the way: what stands in inputs/ is of thousands."""


def checked(*sets):
    """Lines on the pNET data cuts."""
    lines, _ = check_correlations(["pnet"], [*FEW, f"{CUT}.correlation.settings.replicates=300", *sets])
    return {line.partition(":")[0]: line for line in lines}


def test_a_data_cut_is_simulated_again_with_its_own_numbers():
    found = checked()[f"{CUT}.correlation"]
    assert "DIFFERS" in found  # of 300 replicates, not 20,000
    entries = yaml.safe_load(textwrap.dedent(found.partition("\n")[2]))
    assert entries["correlation"][0][1] == entries["settings"]["correlation_maximum_likelihood"]
    assert entries["correlation"][0][1] == pytest.approx(0.817, abs=0.06)
    sets = [f"{CUT}.correlation.{name}={entries[name]}" for name in ("correlation", "sd")]
    sets += [f"{CUT}.correlation.settings.{name}={value}" for name, value in entries["settings"].items()]
    assert checked(*sets)[f"{CUT}.correlation"].endswith("as simulated")
    assert "DIFFERS" in checked(*sets, f"{CUT}.deaths=40")[f"{CUT}.correlation"]
    assert "DIFFERS" in checked(*sets, f"{CUT}.correlation.settings.medians=kaplan_meier")[f"{CUT}.correlation"]


@pytest.mark.slow
def test_every_data_cut_that_is_stored_is_what_its_seed_gives():
    lines, differs = check_correlations(["pnet"])
    assert not differs
    assert sum("os_" in line for line in lines) == 4


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("settings.medians=other", "medians: other; expected settings {method, medians, shape"),
        ("settings.deaths=[survival.cabinet_pnet.os_nejm.death]", "which inputs/ does not have"),
        ("settings.patients=[survival.cabinet_pnet.os_nejm.deaths]", "not enough values to unpack"),
    ],
)
def test_settings_that_cannot_be_simulated_are_answered(change, words):
    few = [part for text in FEW for part in ("--set", text)]
    found = CliRunner().invoke(main, ["check", "pnet", "--correlations", "--set", f"{CUT}.correlation.{change}", *few])
    assert found.exit_code == 2, found.output
    assert words in " ".join(found.stderr.split())
