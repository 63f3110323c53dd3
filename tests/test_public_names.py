"""The library as a notebook uses it: the documentation's lines run as they stand, in any order of imports."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import netcea
from helpers.sample_of import mostly_slow
from helpers.walk import read

ROOT = Path(__file__).resolve().parents[1]


def notebook():
    """Return the lines of the page on notebooks."""
    [block] = [b for b in read(ROOT / "docs" / "notebook.md").blocks if b.kind == "python"]
    assert block.text.startswith("import netcea\n")
    return block.text


def run(code):
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_the_page_on_notebooks_runs(tmp_path):
    code = notebook().replace("n=10_000", "n=50").replace('"my_psa"', repr(str(tmp_path / "my_psa")))
    assert "n=50" in code
    found = run(code + "\nprint(outcomes.n)")
    assert found.returncode == 0, found.stderr
    assert found.stdout.split() == ["50"]


@pytest.mark.parametrize("name", sorted(netcea.__all__))
def test_public_names_are_listed_and_found(name):
    assert name in dir(netcea) or name in netcea._PUBLIC
    assert getattr(netcea, name) is getattr(netcea, name)
    if name != "__version__":
        assert re.search(rf"`(?:{name})\b", netcea.__doc__ or ""), "the package's documentation names it"
        assert callable(getattr(netcea, name))


@pytest.mark.parametrize(
    "first",
    mostly_slow(
        [
            "",
            "import netcea.engine.simulate",
            "from netcea.engine.simulate import simulate_chunks",
            "netcea.simulate",
            "netcea.run('pnet', ledger=False)",
        ],
        ["import netcea.engine.simulate", "netcea.simulate"],
    ),
)
def test_the_function_is_not_hidden_by_its_module(first):
    """The module netcea.engine.simulate and the function of the same name live side by side."""
    code = f"""
import netcea
{first}
from netcea import simulate
assert callable(simulate) and callable(netcea.simulate), simulate
scenario = netcea.load("pnet")
print(netcea.simulate(scenario, netcea.base_case(scenario)).n)
"""
    found = run(code)
    assert found.returncode == 0, found.stderr
    assert found.stdout.split() == ["1"]


@pytest.mark.parametrize("keep", mostly_slow(["csv", "parquet", "auto"], ["parquet"]))
def test_the_program_ends_in_silence(keep):
    """Draws that nobody wrote to a file leave nothing behind, not even a traceback."""
    if keep == "parquet":
        pytest.importorskip("pyarrow")
    found = run(f"import netcea\nresult = netcea.psa('pnet', draws=50, explain=False, keep_draws={keep!r})")
    assert found.returncode == 0
    assert found.stdout == found.stderr == ""


def test_a_name_that_does_not_exist():
    with pytest.raises(AttributeError, match="has no attribute 'simulation'"):
        _ = netcea.simulation


def test_importing_netcea_imports_nothing_heavy():
    found = run("import sys, netcea; print(*sorted({m.split('.')[0] for m in sys.modules}))")
    assert not set(found.stdout.split()) & {"numpy", "pydantic", "yaml", "scipy", "pandas", "click", "rich"}
