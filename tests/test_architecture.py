"""Arrows never go up, what is heavy is imported late, and every room has a name on its door."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "model" / "netcea"
MODULES = sorted(PACKAGE.rglob("*.py"))
ENGINE = (
    "arrays", "timeline", "mortality", "norms", "occupancy", "plan", "exposure", "outline", "block_exposure", "outcomes", "simulate", "trace",
    "utilities", "draws", "sampling", "spread", "correlation", "options", "costs", "decision", "survival", "units", "quantities", "addresses", "scenario",
)  # fmt: skip
ABOVE_THE_ENGINE = ("netcea.loading", "netcea.analyses", "netcea.reporting", "netcea.checking", "netcea.cli", "yaml")


def name_of(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path, *, at_start_only=False):
    """Modules imported by a file when the program runs (not for types only)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    nodes = tree.body if at_start_only else list(ast.walk(tree))
    for node in nodes:
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(module, folders):
    return any(module == folder or module.startswith(f"{folder}.") for folder in folders)


ENGINE_FILES = [p for p in MODULES if within(name_of(p), ENGINE) and name_of(p) != "survival.fitting.bootstrap"]


@pytest.mark.parametrize("path", ENGINE_FILES, ids=name_of)
def test_the_engine_knows_nothing_above_it(path):
    """No YAML, no file, no analysis: `survival.fitting.bootstrap` alone is a command too, and reads inputs/."""
    for module in imports(path):
        assert not within(module, ABOVE_THE_ENGINE), module
        assert module not in ("pathlib", "os", "io"), module
    assert "open(" not in path.read_text(encoding="utf-8").replace("_open(", "")


@pytest.mark.parametrize("path", [p for p in MODULES if name_of(p).startswith("reporting")], ids=name_of)
def test_writers_format_and_never_compute(path):
    for module in imports(path):
        assert not within(module, ("netcea.simulate", "netcea.exposure", "netcea.draws", "netcea.plan")), module


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module(path):
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "a module says what it is"
    found = set(imports(path))
    assert "scipy.stats" not in found or name_of(path) == "sampling", "its Sobol sequence alone"
    assert not any(module == "model" or module.startswith("model.") for module in found)
    if name_of(path) not in ("sampling", "survival.fitting.bootstrap"):
        assert "random" not in found
        assert "np.random" not in text, "sampling.py is the only random source of the model"


def test_the_command_line_imports_inside_its_commands():
    allowed = {"__future__", "collections", "gc", "sys", "pathlib", "typing", "click", "netcea", "importlib"}
    for path in (PACKAGE / "cli.py", *sorted((PACKAGE / "commands").glob("*.py"))):
        modules = list(imports(path, at_start_only=True))
        assert {module.split(".")[0] for module in modules} <= allowed, path
        inside = [m for m in modules if m.startswith("netcea.") and not m.startswith(("netcea.commands", "netcea.__"))]
        assert not inside, (path, inside)


def loaded_after(code):
    script = f"import sys\n{code}\nprint(*sorted(sys.modules))"
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return set(found.stdout.splitlines()[-1].split())


def test_help_is_quick_because_it_loads_little():
    modules = loaded_after("from netcea.cli import main\nmain(['--help'], standalone_mode=False)")
    assert not modules & {"numpy", "pydantic", "yaml", "scipy", "pandas", "matplotlib", "openpyxl", "rich"}


def test_a_base_case_loads_neither_pandas_nor_what_draws_and_writes_workbooks():
    modules = loaded_after("import netcea\nnetcea.run('pnet', ledger=False)")
    assert "numpy" in modules
    assert not modules & {"pandas", "matplotlib", "openpyxl", "scipy.optimize", "scipy.stats"}


def test_registries_are_literals():
    """grep finds every family, table and figure: no auto-discovery."""
    for file, name in (
        ("survival/distributions/__init__.py", "FAMILIES"),
        ("reporting/tables.py", "TABLES"),
        ("reporting/figures/__init__.py", "FIGURES"),
        ("units.py", "UNITS"),
        ("cli.py", "COMMANDS"),
    ):
        tree = ast.parse((PACKAGE / file).read_text(encoding="utf-8"))
        values = [
            node.value
            for node in tree.body
            if isinstance(node, ast.AnnAssign | ast.Assign)
            and name in ast.unparse(node.target if isinstance(node, ast.AnnAssign) else node.targets[0])
        ]
        assert values, (file, name)
        assert isinstance(values[0], ast.Dict), (file, name)
