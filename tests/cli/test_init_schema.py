"""`netcea init`, `netcea schema`, `netcea list`: a copy that runs, and schemas that every file satisfies."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from netcea.cli.main import main
from netcea.loading.reading.yaml_file import read_yaml

ROOT = Path(__file__).parents[2]
SCENARIOS = [path for path in sorted((ROOT / "scenarios").rglob("*.yaml")) if "batches" not in path.parts]
WORDS = ("sources.yaml", "abbreviations.yaml")
"""Files of inputs/ that hold no numbers, and have a form of their own."""
INPUTS = [path for path in sorted((ROOT / "inputs").rglob("*.yaml")) if path.name not in WORDS]


def run(*arguments: str):
    return CliRunner().invoke(main, list(arguments))


@cache
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
    assert {path.parts[0] for path in copied} == {"inputs", "scenarios"}
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
    for arguments in (("model",), ("model", "--blank")):
        refused = run("init", *arguments)
        assert refused.exit_code == 2
        assert "a folder that already has inputs/" in refused.stderr
    assert [path.name for path in (tmp_path / "model").rglob("*.yaml")] == ["mine.yaml"]
    (tmp_path / "file").write_text("x", encoding="utf-8")
    refused = run("init", "file")
    assert refused.exit_code == 2
    assert "found a file; expected a new or empty folder" in refused.stderr


def test_a_folder_that_cannot_be_written_is_left_as_it_was(tmp_path, monkeypatch):
    """The second of the two folders fails to appear: the first goes away again, and what was made above it."""
    monkeypatch.chdir(tmp_path)
    rename = Path.rename

    def fails(self, target):
        if self.name == "scenarios":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    for arguments in (("new/deep",), ("new/deep", "--blank")):
        refused = run("init", *arguments)
        assert refused.exit_code == 2
        assert "No space left on device" in refused.stderr
        assert list(tmp_path.rglob("*")) == []


def test_a_blank_model_runs_and_check_lists_every_number(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = run("init", "--blank", "mine")
    assert made.exit_code == 0, made.output
    for line in made.stdout.splitlines()[1:]:  # what it says to do next
        command = line.partition("netcea ")[2].split()[:2]
        found = run(*command, *(["--no-figures", "--no-workbook"] if command[0] == "run" else []))
        assert found.exit_code == (1 if command[0] == "check" else 0), found.output
    numbers = [
        address
        for path in sorted((tmp_path / "mine" / "inputs").rglob("*.yaml"))
        for address in _placeholders(path, tmp_path / "mine" / "inputs")
    ]
    assert len(numbers) == 15
    (report,) = json.loads(run("check", "mine/scenarios/base.yaml", "--json").stdout)
    assert sorted(f["address"] for f in report["findings"] if f["level"] == "error") == sorted(numbers)
    assert not [f for f in report["findings"] if f["rule"] in ("range", "spread", "ledger")]


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [("psa", "--draws", "50"), ("one-way",), ("threshold",), ("export",)])
def test_analyses_of_a_blank_model(tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    run("init", "--blank", "mine")
    found = run(arguments[0], "mine/scenarios/base.yaml", *arguments[1:], "--quiet")
    assert found.exit_code == 0, found.output


def test_filling_in_a_blank_model_passes_the_check(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("init", "--blank", "mine")
    for path in (tmp_path / "mine" / "inputs").rglob("*.yaml"):
        text = path.read_text("utf8").replace("status: unverified", "status: assumption")
        path.write_text(text, encoding="utf-8")
    assert run("check", "mine/scenarios/base.yaml").exit_code == 0


def test_the_blank_model_satisfies_the_schemas_and_names_no_drug(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("init", "--blank", "mine")
    for path in (tmp_path / "mine").rglob("*.yaml"):
        check = validator("scenario" if path.parent.name == "scenarios" else "inputs")
        if path.name != "sources.yaml":
            assert not [error.message for error in check.iter_errors(read_yaml(path, path.name).data)], path
        # what it has in common with netcea's own inputs/ is the same
        own = ROOT / path.relative_to(tmp_path / "mine")
        if path.parent.name in ("mortality", "decision") or path.name == "norms.yaml":
            assert path.read_text("utf8") in own.read_text("utf8")


def _placeholders(path, inputs):
    def walk(node, address):
        if isinstance(node, dict) and node.get("status") == "unverified":
            assert node["source"] == ["placeholder"]
            assert node["note"].startswith("Placeholder: ")
            yield address
        elif isinstance(node, dict):
            for key, child in node.items():
                yield from walk(child, f"{address}.{key}")

    yield from walk(yaml.safe_load(path.read_text("utf8")), ".".join(path.relative_to(inputs).with_suffix("").parts))


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
