"""What the documents say exists, and the project speaks of itself alone."""

import re
import subprocess
from pathlib import Path

import click
import pytest

from netcea.analyses.base_case.tables import TABLES
from netcea.cli.main import main

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "NOTICE.md",
    "model/README.md",
    "docs/cluster.md",
    "docs/survival_evidence.md",
    "examples/everolimus/README.md",
    "docs/confidential_prices.md",
    "docs/survival_diagnostics.md",
    "docs/survival_fits.md",
    "docs/treatment_switching.md",
    "docs/survival_sweep.md",
    "docs/vector_figures.md",
]


def tracked():
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    found = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in found.splitlines() if (ROOT / name).is_file()]


@pytest.mark.parametrize("command", sorted(main.list_commands(None)))
def test_every_command_is_in_the_readme_and_every_option_there_or_in_docs(command):
    assert f"netcea {command}" in README
    text = README + "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md")))
    for parameter in main.get_command(None, command).params:
        if isinstance(parameter, click.Option):
            assert any(f"`{o}" in text or f"{o} " in text or f"{o}`" in text for o in parameter.opts), parameter.opts


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document):
    path = ROOT / document
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_addresses_and_scenarios_of_the_readme_exist():
    from netcea.loading import load

    examples = re.findall(r"--set (\S+=\S+)", README)
    examples = [example for example in examples if "ADDRESS" not in example]
    assert examples
    for example in examples:
        load("pnet", [example])


def test_tables_of_the_readme_exist():
    for name in (*re.findall(r'result\.frame\("(\w+)"\)', README), "ledger", "inputs", "modelled_and_published"):
        assert name in TABLES


def test_the_glossary_uses_the_words_of_the_code():
    glossary = (ROOT / "model" / "README.md").read_text(encoding="utf-8")
    for word in (
        "strategy",
        "comparator",
        "occupancy",
        "address",
        "quantity",
        "crossing",
        "floor",
        "waning",
        "bias ledger",
    ):
        assert f"| {word}" in glossary or f"{word}," in glossary or f", {word}" in glossary, word


def test_the_project_speaks_of_itself_alone():
    words = (f"{ROOT}/", "pypi" + ".org", "python" + "hosted")
    for path in tracked():
        if path.suffix in (".png", ".csv", ".gz"):
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        for word in words:
            assert word not in text, (path, word)
