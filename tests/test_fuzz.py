"""What a user may write by mistake, or on purpose, is answered: a result without nan, or what was found and expected.

``NETCEA_FUZZ=5000 pytest tests/test_fuzz.py`` tries more; ``python -m helpers.fuzzing`` does so outside of pytest.
"""

from __future__ import annotations

import os

import pytest

from helpers.fuzzing import Project, fault_of, mutated

SEEDS = range(int(os.environ.get("NETCEA_FUZZ", "60")))


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
    cases = [mutated(project, seed) for seed in range(100)]
    assert cases == [mutated(project, seed) for seed in range(100)]
    assert len({case.said for case in cases}) > 90
