"""What a run writes is the same wherever the project lies and whatever folder it is run from; it holds no path of the machine."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import netcea
from helpers.batch_runs import contents
from helpers.walk import ROOT
from netcea.analyses.difference.analysis import difference
from netcea.analyses.saved import read_result
from netcea.cli.main import main
from netcea.loading import load

CHANGE = """format: 1
extends: ../pnet.yaml
name: "pNET: my case"
rationale: A discount
direction: for
set:
  costs.drug.cabozantinib.discount: 0.5
"""
NAME = "scenarios/mine/my_case.yaml"
DISCOUNT = {"costs.drug.cabozantinib.discount": 0.6}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with a scenario of its own, which names others as every base case does."""
    root = tmp_path_factory.mktemp("somewhere") / "my model"
    for folder in ("inputs", "scenarios"):
        shutil.copytree(ROOT / folder, root / folder)
    (root / NAME).parent.mkdir()
    (root / NAME).write_text(CHANGE)
    return root


@pytest.fixture(scope="module")
def runs(project, tmp_path_factory):
    """The same scenario from its project and from far away, by the folder it was run from."""
    outside = tmp_path_factory.mktemp("out")
    far = outside / Path(*"abcdefghijklmnopqrstuvwxyz")
    far.mkdir(parents=True)
    found = {}
    with pytest.MonkeyPatch.context() as patched:
        for at, (folder, name) in enumerate({project: NAME, far: project / NAME}.items()):
            patched.chdir(folder)
            netcea.run(name, ledger=True).write(outside / f"run_{at}")
            found[folder] = outside / f"run_{at}"
    return found


def test_every_file_is_the_same(runs, project):
    first, other = (contents(folder) for folder in runs.values())
    assert len(first) > 20
    assert other == first
    for name, data in first.items():
        assert str(project).encode() not in data, name
        assert b"../" not in data or name.endswith((".png", ".xlsx")), name


def test_read_first_and_changes_name_files_of_the_project(runs):
    *_, far = runs.values()
    text = (far / "results.json").read_text()
    assert "With them (scenarios/sensitivity/pnet_comparators.yaml)" in text
    assert f'"{NAME}:7"' in text
    assert f'"source": "{NAME}"' in text


def test_the_screen_says_in_which_folder_they_lie(runs, project, monkeypatch):
    *_, far = runs
    for folder, said in ((project, f"{NAME}, numbers from inputs, digest"), (far, f"both in {project}, digest")):
        monkeypatch.chdir(folder)
        done = CliRunner().invoke(main, ["run", str(project / NAME), "--no-ledger", "--no-files"])
        assert said.replace(" ", "") in "".join(done.output.split())
        assert f"Changed by {NAME}:" in done.output


def test_a_scenario_is_changed_again_from_anywhere(runs, project, monkeypatch):
    *_, far = runs
    monkeypatch.chdir(far)
    scenario = load(str(project / NAME))
    assert Path(scenario.path).samefile(project / NAME)
    assert load(scenario.path, DISCOUNT).digest != load(scenario.path).digest == scenario.digest


def test_results_find_their_scenario_again(project, monkeypatch, tmp_path):
    monkeypatch.chdir(project)
    for folder in (project / "reports" / "mine", tmp_path / "mine"):
        netcea.psa(NAME, draws=200, keep_draws="parquet").write(folder, figures=False)
    monkeypatch.chdir(tmp_path)
    inside, outside, named = project / "reports" / "mine", tmp_path / "mine", str(project / NAME)
    assert read_result(inside).scenario.source == NAME
    assert not difference(str(inside), named).a.not_loaded
    assert NAME in difference(str(outside), named).a.not_loaded
    monkeypatch.chdir(project / "scenarios")
    assert not difference(str(outside), named).a.not_loaded
