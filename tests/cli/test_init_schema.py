"""`netcea init`, `netcea schema`, `netcea list`: a copy that runs, and schemas that every file satisfies."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from netcea.cli.main import main
from netcea.loading.reading.yaml_file import read_yaml

ROOT = Path(__file__).parents[2]
SCENARIOS = [path for path in sorted((ROOT / "scenarios").rglob("*.yaml")) if "batches" not in path.parts]
INPUTS = [path for path in sorted((ROOT / "inputs").rglob("*.yaml")) if path.name != "sources.yaml"]


def run(*arguments: str):
    return CliRunner().invoke(main, list(arguments))


def validator(what: str) -> Draft202012Validator:
    result = run("schema", what)
    assert result.exit_code == 0
    schema = json.loads(result.stdout)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    return Draft202012Validator(schema)


@pytest.mark.parametrize("what", ["scenario", "inputs", "results", "batch"])
def test_schemas_are_schemas(what):
    schema = validator(what).schema
    assert schema["title"].startswith("netcea")


def test_schema_of_scenarios_is_the_default():
    assert run("schema").stdout == run("schema", "scenario").stdout


def test_every_scenario_satisfies_the_schema():
    check = validator("scenario")
    for path in SCENARIOS:
        faults = [error.message for error in check.iter_errors(read_yaml(path, path.name).data)]
        assert not faults, path


def test_every_file_of_inputs_satisfies_the_schema():
    check = validator("inputs")
    for path in INPUTS:
        faults = [error.message for error in check.iter_errors(read_yaml(path, path.name).data)]
        assert not faults, path


def test_every_batch_satisfies_the_schema():
    check = validator("batch")
    batches = sorted((ROOT / "scenarios" / "batches").glob("*.yaml"))
    assert len(batches) >= 3
    for path in batches:
        data = read_yaml(path, path.name).data
        assert not [error.message for error in check.iter_errors(data)], path
        assert not check.is_valid({**data, "scenario": "x"})


def test_schemas_refuse_what_loading_refuses():
    base = read_yaml(ROOT / "scenarios" / "pnet.yaml", "pnet.yaml").data
    check = validator("scenario")
    assert not check.is_valid({**base, "unknown": 1})
    assert not check.is_valid({**base, "settings": {**base["settings"], "horizon_years": 0}})
    assert not check.is_valid({**base, "extends": "other.yaml"})
    assert not check.is_valid({"format": 1, "extends": "pnet.yaml", "name": "x"})
    number = {"value": 1, "unit": "months", "uncertainty": {"fixed": "x"}, "source": ["x"], "status": "published"}
    check = validator("inputs")
    assert check.is_valid({"group": {"number": number}})
    assert not check.is_valid({"group": {"number": {**number, "unit": "month"}}})
    assert not check.is_valid({"group": {"number": {**number, "statu": "x"}}})
    assert not check.is_valid({"group": {"number": {k: v for k, v in number.items() if k != "source"}}})


def test_every_entry_of_a_scenario_is_described():
    """Editors show the descriptions: each field that a reader could misread has one."""
    schema = validator("scenario").schema
    for name in ("Curve", "Waning", "Decision", "Population"):
        properties = schema["$defs"][name]["properties"]
        described = [key for key, value in properties.items() if value.get("description")]
        assert len(described) >= len(properties) // 2, name


def test_init_makes_a_copy_that_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = run("init", "my model")
    assert made.exit_code == 0, made.output
    assert "my model/scenarios/pnet.yaml" in made.stdout
    copied = {path.relative_to(tmp_path / "my model") for path in (tmp_path / "my model").rglob("*") if path.is_file()}
    assert {path.relative_to(ROOT) for path in (*SCENARIOS, *INPUTS)} <= copied
    assert not [path for path in copied if path.name.startswith(".") or path.name.endswith(".secret.yaml")]
    path = tmp_path / "my model" / "scenarios" / "pnet.yaml"
    text = path.read_text(encoding="utf-8").replace("name: pNET base case", "name: my base case")
    path.write_text(text, encoding="utf-8")
    result = run("run", "my model/scenarios/pnet.yaml", "--json", "--no-files", "--no-ledger")
    assert result.exit_code == 0, result.output
    assert "my base case" in result.stdout
    monkeypatch.chdir(tmp_path / "my model")  # a bare name is that of the copy
    assert "my base case" in run("list").stdout


def test_init_refuses_what_is_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model" / "inputs").mkdir(parents=True)
    (tmp_path / "model" / "inputs" / "mine.yaml").write_text("mine: 1\n", encoding="utf-8")
    refused = run("init", "model")
    assert refused.exit_code == 2
    assert "a folder that already has inputs/" in refused.stderr
    assert [path.name for path in (tmp_path / "model").rglob("*.yaml")] == ["mine.yaml"]
    (tmp_path / "file").write_text("x", encoding="utf-8")
    refused = run("init", "file")
    assert refused.exit_code == 2
    assert "found a file; expected a new or empty folder" in refused.stderr


def test_list_names_what_can_be_run(monkeypatch):
    monkeypatch.chdir(ROOT)
    result = run("list")
    lines = dict(line.split(maxsplit=1) for line in result.stdout.splitlines())
    assert result.exit_code == 0
    assert set(lines) == {path.stem for path in SCENARIOS}
    assert lines["pnet"] == "pNET base case"
    assert all(title.strip() for title in lines.values())


def test_list_says_which_scenarios_do_not_load(tmp_path, monkeypatch):
    (tmp_path / "inputs").mkdir()
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "broken.yaml").write_text("a: [1\n", encoding="utf-8")
    (tmp_path / "scenarios" / "sound.yaml").write_text("name: Sound\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    lines = dict(line.split(maxsplit=1) for line in run("list").stdout.splitlines())
    assert lines == {"broken": "(does not load: netcea check says why)", "sound": "Sound"}


def test_other_yaml_readers_see_the_same_files():
    """The files hold nothing that YAML readers disagree on, so editors and other tools read what netcea reads."""
    for path in (*SCENARIOS, *INPUTS):
        assert yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) == read_yaml(path, path.name).data, path


def test_help_of_every_command():
    assert sys.version_info >= (3, 11)
    listed = run("--help")
    assert listed.exit_code == 0
    for command in main.list_commands(None):
        assert command in listed.stdout
        assert run(command, "--help").exit_code == 0
