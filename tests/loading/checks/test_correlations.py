"""Stated rank correlations: refused where they are wrong, dropped with a warning where another scenario took their place."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from netcea.cli.main import main
from netcea.errors import InputError
from netcea.loading import load, overlay, read_draft, resolve

ROOT = Path(__file__).parents[3]
CORRELATED = str(ROOT / "scenarios" / "probabilistic" / "epnet_pfs_os_correlated_0_3.yaml")


def beside():
    """The scenarios shown beside the correlated one."""
    draft = read_draft(CORRELATED)
    named = resolve(draft).file.analyses.base_case.beside
    assert named, "the test needs one"
    return draft, [draft.file_named_at(f"analyses.base_case.beside.{i}", name) for i, name in enumerate(named)]


def test_a_scenario_beside_it_drops_the_correlations_of_what_it_replaces_and_says_so():
    draft, paths = beside()
    stated = resolve(draft).file.analyses.psa.correlations
    found = [resolve(overlay(draft, path)) for path in paths]
    dropped = [w for scenario in found for w in scenario.warnings if w.code == "correlation"]
    assert dropped, "at least one of them replaces what is correlated"
    for scenario in found:
        told = [w for w in scenario.warnings if w.code == "correlation"]
        assert len(scenario.file.analyses.psa.correlations) + len(told) == len(stated)
        assert all("is not drawn" in warning.message for warning in told)


def test_on_its_own_a_correlation_of_a_number_that_is_not_drawn_is_refused():
    with pytest.raises(InputError, match="the address of an uncertain number that this scenario uses"):
        load(CORRELATED, ["analyses.psa.correlations.0.first=costs.drug.cabozantinib.pack_days"])
    assert not [w for w in load(CORRELATED).warnings if w.code == "correlation"]


def test_the_correlated_scenario_runs_with_what_is_shown_beside_it(tmp_path):
    ran = CliRunner().invoke(main, ["run", CORRELATED, "--no-files", "--no-ledger", "--quiet"])
    assert (ran.exit_code, ran.stderr) == (0, "")
