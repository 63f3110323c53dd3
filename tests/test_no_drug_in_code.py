"""The code serves any disease: no drug, disease or trial stands in it, and no arm of a trial has a fixed name."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "model" / "netcea"
NAMES = re.compile(
    r"(?i:cabozantinib|cabometyx|cabinet|pnet|neuroendocrine|radiant|everolimus|sunitinib|lanreotide|octreotide"
    r"|somatostatin|clarinet|capecitabine|lutetium|nejm(?!oa)|ipsen)|\bNETs?\b"
)
ARMS = re.compile(r"placebo|cabozantinib", re.IGNORECASE)
"""Names of arms: in an example a trial may well have a placebo arm, in code none has."""
EXAMPLES = {
    "analyses/functions.py": "a call by the name of a scenario",
    "engine/by_year.py": "a doctest on a scenario of the project",
    "engine/structures.py": "a doctest on a scenario of the project",
    "engine/block_exposure.py": "a doctest on a scenario of the project",
    "engine/deferred_streams.py": "a doctest on a scenario of the project",
    "engine/clock.py": "a doctest on a scenario of the project",
    "engine/grid.py": "a doctest on a scenario of the project",
    "analyses/difference/analysis.py": "a doctest that compares a scenario of the project",
    "analyses/one_way/discount_rates.py": "a doctest on a scenario of the project",
    "engine/simulate.py": "a doctest on a scenario of the project",
    "analyses/budget/analysis.py": "a doctest on a scenario of the project",
    "engine/waning_in_favour.py": "a doctest on a scenario of the project",
    "engine/strategy_rows.py": "a doctest on a scenario of the project",
    "cli/main.py": "the first screen of help names the project's base cases",
    "loading/load.py": "what a bare name is",
    "loading/reading/project.py": "what a bare name is",
}
"""Where a docstring names the project's own scenarios, and why."""
USUAL = {"evidence/arms.py": "what data usually call the control's arm: a guess where the user does not say"}
"""Where arms are guessed by what data call them, and why."""


def constants(path):
    """(whether it is a docstring, text) of every text in a module, and every name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(statement.value)
        for node in ast.walk(tree)
        for statement in (node.body if isinstance(getattr(node, "body", None), list) else [])
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield id(node) in docstrings, node.value
        for field in ("id", "attr", "name", "arg"):
            if isinstance(getattr(node, field, None), str):
                yield False, getattr(node, field)


def found_in(path):
    for is_docstring, text in constants(path):
        for line in text.splitlines():
            if NAMES.search(line) or (not is_docstring and ARMS.search(line)):
                yield is_docstring, line


def named_in(path):
    """Lines of a module that name a drug, a disease or a trial."""
    allowed = path.relative_to(PACKAGE).as_posix() in EXAMPLES
    guesses = path.relative_to(PACKAGE).as_posix() in USUAL
    found = [line for is_docstring, line in found_in(path) if not (is_docstring and allowed)]
    return [line for line in found if NAMES.search(line) or not guesses]


@pytest.mark.parametrize("room", sorted({path.relative_to(PACKAGE).parts[0] for path in PACKAGE.rglob("*.py")}))
def test_no_drug_disease_or_trial(room):
    place = PACKAGE / room
    paths = [place] if place.is_file() else sorted(place.rglob("*.py"))
    assert paths
    found = {path.relative_to(PACKAGE).as_posix(): named_in(path) for path in paths}
    assert not {name: lines for name, lines in found.items() if lines}


def test_the_examples_are_still_there():
    for name in EXAMPLES:
        assert list(found_in(PACKAGE / name)), name


@pytest.mark.parametrize("path", sorted((PACKAGE / "loading" / "blank").rglob("*.yaml")), ids=lambda p: p.stem)
def test_the_blank_model_names_none(path):
    assert not NAMES.search(path.read_text(encoding="utf-8"))
    assert not ARMS.search(path.read_text(encoding="utf-8"))
