"""Groups set where numbers are meant, values of the wrong form: answered at once, with the addresses to write."""

import pytest
from click.testing import CliRunner

import netcea
from helpers.batch_runs import ROOT, write_batch
from netcea.cli.main import main
from netcea.errors import InputError

DISCOUNT = "costs.drug.cabozantinib.discount"


def problems(changes):
    with pytest.raises(InputError) as refused:
        netcea.load("pnet", changes)
    return refused.value.problems


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"costs": {"drug": {"cabozantinib": {"discount": 0.5}}}}, f"write {DISCOUNT}: 0.5"),
        (["costs={drug: {cabozantinib: {discount: 0.5}}}"], f"write {DISCOUNT}=0.5"),
        ({"costs": {"drug": {"cabozantinib": 5}}}, "below it: costs.drug.cabozantinib.price_per_pack"),
        ({"survival": {"cabinet_pnet": {"os_nejm": {"hazard_ratio": 0.5}}}}, "os_nejm.hazard_ratio: 0.5"),
        ({"costs": {"unit": {"ct_scan": 5}, "cabozantinib": 5}}, "write costs.unit.ct_scan: 5"),
    ],
)
def test_numbers_nested_in_a_group_of_choices_are_answered_with_their_address(changes, words):
    (problem,) = problems(changes)
    assert words in str(problem)


def test_a_file_that_nests_numbers_under_set_is_answered_with_their_address(tmp_path):
    text = "format: 1\nname: n\nrationale: r\ndirection: unclear\nextends: pnet.yaml\nset:\n  costs:\n    drug: {cabozantinib: {discount: 0.5}}\n"
    folder = tmp_path / "m"
    assert CliRunner().invoke(main, ["init", str(folder)]).exit_code == 0
    file = folder / "scenarios" / "nested.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        netcea.load(str(file))
    (problem,) = refused.value.problems
    assert problem.line == 7
    assert f"write {DISCOUNT}: 0.5" in problem.suggestion


def test_a_group_that_replaces_another_names_the_entry_to_set():
    found = problems({"strategies": {"cabozantinib": {"label": "X"}}})
    assert all("to change one entry, set strategies.cabozantinib.label" in p.suggestion for p in found)
    found = problems({"costs.drug": {"cabozantinib": {"discount": 0.5}}})
    assert any(f"to change one number, set {DISCOUNT}" in p.suggestion for p in found)


def test_wrong_forms_everywhere_are_answered_at_once():
    found = problems(
        {
            "settings.cycle_days": [7],
            "strategies.cabozantinib.os": 5,
            "strategies.best_supportive_care": None,
            "costs.end_of_life": "text",
            "costs.cabozantinib.strategies": 5,
            "population": [1],
            "costs.unit.ct_scan": "abc",
            DISCOUNT: 7,
            "nowhere": 1,
        }
    )
    addresses = [problem.address for problem in found]
    assert sorted(addresses) == sorted(
        [
            "settings.cycle_days",
            "strategies.cabozantinib.os",
            "strategies.best_supportive_care",
            "costs.end_of_life",
            "costs.cabozantinib.strategies",
            "population",
            "costs.unit.ct_scan.value",
            f"{DISCOUNT}.value",
            "nowhere",
        ]
    )
    (either,) = [p for p in found if p.address == "costs.cabozantinib.strategies"]
    assert either.expected == "a list (The strategies that bear it), or all"


def test_a_block_in_a_list_of_several_forms_is_answered_as_a_block(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    entries = [5, {"scenario": 5}, {"scenari": "pnet"}, ["pnet"], None]
    file = write_batch(tmp_path / "b.yaml", scenarios=entries, analyses={"base_case": {}})
    ran = CliRunner().invoke(main, ["batch", str(file), "--list"])
    assert ran.exit_code == 2
    assert "found a group of entries" not in ran.output
    assert ran.output.count("expected text, or a group of entries") == 3


def test_a_number_stands_once_in_a_grid_and_in_a_set(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    twice = {DISCOUNT: [0.5], f"{DISCOUNT}.value": [0.2]}
    for more in ({"grids": {"g": {"axes": twice}}}, {"scenarios": [{"scenario": "pnet", "set": twice}]}):
        file = write_batch(tmp_path / "b.yaml", **{"scenarios": ["pnet"], "analyses": {"base_case": {}}, **more})
        ran = CliRunner().invoke(main, ["batch", str(file), "--list"])
        assert ran.exit_code == 2
        assert "the same number; expected one of them" in ran.output


def test_the_list_of_a_batch_has_the_changes_and_says_what_cannot_be_run(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    grids = {"g": {"axes": {DISCOUNT: [0.5, 1.5]}}}
    file = write_batch(tmp_path / "b.yaml", scenarios=["pnet"], analyses={"base_case": {}}, grids=grids)
    ran = CliRunner().invoke(main, ["batch", str(file), "--list"])
    assert ran.exit_code == 1
    assert "found 1.5; expected a value from 0 to 1" in ran.output
    assert "1 of 3 cannot be run." in ran.output
    ran = CliRunner().invoke(main, ["batch", str(file), "--list", "--set", f"{DISCOUNT}=0.1"])
    assert ran.exit_code == 0, ran.output
    ran = CliRunner().invoke(main, ["batch", str(file), "--list", "--set", "settings.cycle_days=x"])
    assert "3 of 3 cannot be run." in ran.output


@pytest.mark.parametrize("command", [("run", "pnet"), ("check", "pnet"), ("batch", "sensitivity", "--list")])
def test_a_folder_to_trust_is_one(tmp_path, command, monkeypatch):
    monkeypatch.chdir(ROOT)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    ran = CliRunner().invoke(main, [*command, "--trust", str(tmp_path / "no"), "--trust", str(tmp_path / "file")])
    assert ran.exit_code == 2
    assert "found no such folder; expected a folder" in ran.output
    assert "found a file; expected a folder" in ran.output
