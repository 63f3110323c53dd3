"""Loading goes one way: a stage imports from those before it, and none from the page that puts them together."""

import ast
from pathlib import Path

import pytest

LOADING = Path(__file__).parents[2] / "model" / "netcea" / "loading"
STAGES = ("messages", "reading", "merging", "checks", "resolving")


def imported(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_imports_from_those_before_it(stage):
    allowed = {f"netcea.loading.{name}" for name in STAGES[: STAGES.index(stage) + 1]}
    for path in (LOADING / stage).glob("*.py"):
        inside = [module for module in imported(path) if module.startswith("netcea.loading")]
        assert not [m for m in inside if ".".join(m.split(".")[:3]) not in allowed], path


def test_every_folder_of_code_is_a_stage():
    assert {path.parent.name for path in LOADING.glob("*/*.py")} == set(STAGES)


def test_loading_knows_no_price_layers():
    assert not [p for p in LOADING.rglob("*.py") if any(m.startswith("netcea.confidential") for m in imported(p))]
