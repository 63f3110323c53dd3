"""To add an analysis: a class with its options and its record, one line in the registry. Then it is everywhere."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, ClassVar

import jsonschema
import pytest
import yaml
from click.testing import CliRunner
from pydantic import Field, create_model

import netcea
from netcea.analyses import registry
from netcea.analyses.analysis import Analysis, Result
from netcea.analyses.base_case.analysis import evaluate
from netcea.analyses.functions import function_of
from netcea.blocks import Block
from netcea.cli.main import main
from netcea.cli.schemas import results_schema, scenario_schema
from netcea.errors import InputError
from netcea.loading.load import load
from netcea.reporting.report import Report
from netcea.reporting.table import Column, Table
from netcea.scenario.options import Analyses
from netcea.scenario.scenario import Scenario, ScenarioFile


class TwiceOptions(Block):
    """How often."""

    times: Annotated[int, Field(ge=1)] = 2
    """How often incremental costs are counted."""


@dataclass(frozen=True)
class TwiceRecord:
    """Incremental costs, several times.

    Attributes
    ----------
    costs : list of float
        Each time. [GBP]
    """

    costs: tuple[float, ...]


@dataclass(frozen=True, repr=False)
class TwiceResult(Result):
    scenario: Scenario
    options: TwiceOptions
    costs: tuple[float, ...]


class Twice(Analysis[TwiceOptions, float, TwiceResult]):
    """Incremental costs, counted several times."""

    name: ClassVar = "twice"
    options = TwiceOptions
    record = TwiceRecord

    def parts(self, scenario: Scenario, options: TwiceOptions) -> list[tuple[int]]:
        del scenario
        return [(i,) for i in range(options.times)]

    def work(self, scenario: Scenario, options: TwiceOptions, number: int) -> float:
        del options, number
        return evaluate(scenario).against_comparator().incremental_costs or 0.0

    def summarise(self, scenario: Scenario, options: TwiceOptions, values: Iterable[float]) -> TwiceResult:
        return TwiceResult(scenario, options, tuple(values))

    def report(self, result: TwiceResult) -> Report:
        rows = tuple((float(i), cost) for i, cost in enumerate(result.costs))
        columns = (Column("time", "Time", "", "count"), Column("costs", "Incremental costs", "£", "pounds"))
        table = Table("twice", "Counted twice", columns, rows)
        options = result.options.model_dump(mode="json")
        return Report("twice", "Twice", result.scenario, options, TwiceRecord(result.costs), (table,), ("twice",))


def twice() -> Twice:
    """Twice: incremental costs, counted several times."""
    return Twice()


@pytest.fixture
def added(monkeypatch):
    """The line in the registry, and the field in a scenario's `analyses`."""
    monkeypatch.setitem(registry.LOADERS, "twice", twice)
    before = ScenarioFile.model_fields["analyses"]
    block = create_model("Analyses", __base__=Analyses, twice=(TwiceOptions, TwiceOptions()))
    wider = type(before)(annotation=block, default=block())
    ScenarioFile.model_fields["analyses"] = wider
    ScenarioFile.model_rebuild(force=True)
    yield
    ScenarioFile.model_fields["analyses"] = before
    ScenarioFile.model_rebuild(force=True)


def batch_of(folder, times):
    path = folder / "b.yaml"
    asked = {"twice": {"times": times}}
    whole = {"format": 1, "name": "b", "rationale": "b", "scenarios": ["pnet"], "analyses": asked}
    path.write_text(yaml.safe_dump(whole), encoding="utf-8")
    return path


def call(*arguments):
    return CliRunner().invoke(main, [*map(str, arguments)])


@pytest.mark.usefixtures("added")
def test_it_is_a_command_with_its_options(tmp_path):
    assert "twice" in call("--help").output
    text = call("twice", "--help").output
    assert "--times" in text
    assert "How often incremental costs are counted." in " ".join(text.split())
    ran = call("twice", "pnet", "--times", 3, "--out", tmp_path / "o")
    assert ran.exit_code == 0, ran.output
    assert "Counted twice" in ran.output
    saved = json.loads((tmp_path / "o/results.json").read_text(encoding="utf-8"))
    jsonschema.validate(saved, results_schema("twice"))
    assert len(saved["results"]["costs"]) == 3
    assert saved["options"] == {"times": 3}
    rows = list(csv.reader((tmp_path / "o/tables/twice.csv").read_text(encoding="utf-8").splitlines()))
    assert [float(row[1]) for row in rows[1:]] == saved["results"]["costs"]
    assert "Counted twice" in call("show", tmp_path / "o").output or "Twice" in call("show", tmp_path / "o").output
    assert "twice" in call("runs", tmp_path).output


@pytest.mark.usefixtures("added")
def test_a_wrong_option_is_answered_the_same_through_every_door(tmp_path):
    ran = call("twice", "pnet", "--times", 0)
    assert ran.exit_code == 2
    assert "option --times" in ran.output
    assert "at least 1" in ran.output
    with pytest.raises(InputError, match="at least 1"):
        load("pnet", {"analyses.twice.times": 0})
    batch = batch_of(tmp_path, 0)
    ran = call("batch", batch, "--out", tmp_path / "o")
    assert ran.exit_code == 2
    assert "analyses.twice.times" in ran.output


@pytest.mark.usefixtures("added")
def test_it_is_a_block_of_scenarios_and_batches(tmp_path):
    assert "twice" in json.dumps(scenario_schema())
    assert len(Twice().run(load("pnet", {"analyses.twice.times": 4})).costs) == 4
    batch = batch_of(tmp_path, 3)
    ran = call("batch", batch, "--out", tmp_path / "o", "--workers", 1)
    assert ran.exit_code == 0, ran.output
    assert len(json.loads((tmp_path / "o/pnet/twice/results.json").read_text())["results"]["costs"]) == 3


@pytest.mark.usefixtures("added")
def test_it_is_a_function():
    function = function_of("twice", TwiceOptions, twice)
    found = function("pnet", times=2)
    assert found.frame("twice")["costs"].tolist() == list(found.costs)
    assert repr(found).startswith("<TwiceResult: Twice")
    assert "Counted twice" in found._repr_html_()
    with pytest.raises(InputError, match="one of twice"):
        found.frame("thrice")


def test_it_is_gone_afterwards():
    assert "twice" not in registry.ANALYSES
    assert not hasattr(load("pnet").file.analyses, "twice")
    assert netcea.__all__
