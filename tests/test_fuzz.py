"""What a user may write by mistake, or on purpose, is answered: a result without nan, or what was found and expected.

``NETCEA_FUZZ=5000 pytest tests/test_fuzz.py`` tries more; ``python -m helpers.fuzzing`` does so outside of pytest.
"""

from __future__ import annotations

import os

import pytest
from click.testing import CliRunner

from helpers.fuzzing import ALWAYS, LAYER, LAYER_TEXT, PNET, Case, Project, fault_of, mutated
from helpers.malformed_project import HEADER
from netcea.cli.main import main

SEEDS = range(int(os.environ.get("NETCEA_FUZZ", "30")))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return Project(tmp_path_factory.mktemp("fuzz") / "project")


@pytest.fixture(autouse=True)
def here(project, monkeypatch):
    monkeypatch.chdir(project.folder)


def assert_answered(project, seed):
    case = mutated(project, seed)
    fault = fault_of(project, case)
    assert not fault, f"seed {seed}: {case.said}\n  {case.arguments}\n  {fault}"


@pytest.mark.parametrize("seed", SEEDS)
def test_every_mutation_is_answered(project, seed):
    assert_answered(project, seed)


@pytest.mark.slow
@pytest.mark.parametrize("hundred", range(4))
def test_more_mutations_are_answered(project, hundred):
    for seed in range(1000 + 100 * hundred, 1100 + 100 * hundred):
        assert_answered(project, seed)


def test_the_same_seed_is_the_same_mutation(project):
    cases = [mutated(project, seed) for seed in range(40)]
    assert cases[:20] == [mutated(project, seed) for seed in range(20)]
    assert len({case.said for case in cases}) > 35


def chain(length):
    """Scenario files of which each extends the next, the last a base case."""
    return {
        f"scenarios/f{at}.yaml": HEADER.replace("pnet", f"f{at + 1}" if at + 1 < length else "pnet").encode()
        for at in range(length)
    }


FOUND = {
    "a chain too long": (
        Case("", ["check", "scenarios/f0.yaml", "--json"], chain(31)),
        2,
        "a chain of more than 30 files",
    ),
    "a long chain": (Case("", ["run", "scenarios/f0.yaml", *ALWAYS["run"]], chain(20)), 0, ""),
    "draws beyond floats": (Case("", ["threshold", PNET, "--draws", "9" * 400]), 2, "too large for a number"),
    "a name too long": (Case("", ["run", "x" * 20_000]), 2, "a path of 20,000 characters"),
    "prices of an unused drug": (
        Case(
            "",
            ["run", PNET, *ALWAYS["run"], "--prices", LAYER],
            {LAYER: LAYER_TEXT.replace("  costs.drug.cabozantinib.discount: 0.3\n", "").encode()},
        ),
        0,
        "does not depend on the confidential prices",
    ),
    "a standard error too small": (
        Case("", ["psa", PNET, *ALWAYS["psa"], "--set", "costs.unit.end_of_life.uncertainty={gamma: {se: 1.0e-300}}"]),
        2,
        "found 1e-300; expected 0, or a size of 1e-30",
    ),
    "an arm that lacks": (
        Case("", ["run", PNET, "--no-files", "--set", "strategies.cabozantinib.pfs.arm=null"]),
        2,
        "found no 'arm'; expected entries that go together; goes with trial and fit, always",
    ),
}
"""Mutations that were answered with a traceback, or not at all."""


@pytest.mark.parametrize("name", FOUND)
def test_what_mutations_found(project, name):
    case, code, words = FOUND[name]
    with project.changed(case):
        ran = CliRunner().invoke(main, case.arguments)
    assert ran.exit_code == code, (ran.output, ran.exception)
    assert words in ran.stderr
