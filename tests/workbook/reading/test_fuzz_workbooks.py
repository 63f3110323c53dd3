"""What a workbook that somebody sent may hold is answered: changes that are listed, or what was found and expected.

``NETCEA_FUZZ=5000 pytest tests/workbook/reading/test_fuzz_workbooks.py`` tries more; ``python -m
helpers.workbook_fuzzing`` does so outside of pytest.
"""

from __future__ import annotations

import json
import os
import random

import pytest
from click.testing import CliRunner

from helpers.fuzzing import Case, Project
from helpers.workbook_fuzzing import ARGUMENTS, NAME, exported, fault_of, mutated, packed, remembered, unpacked
from netcea.cli.main import main
from netcea.workbook.reading import compared

SEEDS = range(int(os.environ.get("NETCEA_FUZZ", "8")))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return Project(tmp_path_factory.mktemp("fuzz") / "project")


@pytest.fixture(scope="module")
def data(project):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.folder)
        return exported(project)


@pytest.fixture(scope="module")
def memory():
    with remembered():
        yield


@pytest.fixture(autouse=True)
def here(project, memory, monkeypatch):
    monkeypatch.chdir(project.folder)


def assert_answered(project, data, seed):
    case = mutated(data, seed)
    fault = fault_of(project, case)
    assert not fault, f"seed {seed}: {case.said}\n  {fault}"


@pytest.mark.parametrize("seed", SEEDS)
def test_every_mutated_workbook_is_answered(project, data, seed):
    assert_answered(project, data, seed)


@pytest.mark.slow
@pytest.mark.parametrize("fifty", range(2))
def test_more_mutated_workbooks_are_answered(project, data, fifty):
    for seed in range(1000 + 50 * fifty, 1050 + 50 * fifty):
        assert_answered(project, data, seed)


def test_the_same_seed_is_the_same_mutation(data):
    cases = [mutated(data, seed) for seed in range(12)]
    assert [case.said for case in cases[:4]] == [mutated(data, seed).said for seed in range(4)]
    assert len({case.said for case in cases}) > 9


def with_price(data, content):
    """Return a workbook whose first yellow cell holds something."""
    parts = unpacked(data)
    sheet = parts["xl/worksheets/sheet3.xml"]
    begin = sheet.index(b'<c r="E7"')
    end = sheet.index(b">", begin) + 1
    if not sheet[begin:end].endswith(b"/>"):
        end = sheet.index(b"</c>", begin) + 4
    return parts | {"xl/worksheets/sheet3.xml": sheet[:begin] + b'<c r="E7">' + content + b"</c>" + sheet[end:]}


def test_the_verdict_sees_a_value_that_is_passed_over(project, data, monkeypatch):
    """A reader that takes no cell as changed is found out."""
    case = Case("", ARGUMENTS, {NAME: packed(with_price(data, b"<v>0.5</v>"), random.Random(1))})
    assert fault_of(project, case) == ""
    with project.changed(case):
        told = json.loads(CliRunner().invoke(main, case.arguments).stdout)
    assert [change["cell"] for change in told["changes"]] == ["Inputs!E7"]
    monkeypatch.setattr(compared, "same_content", lambda one, other: True)
    assert "Inputs!E7 holds" in fault_of(project, case)
