"""What the documents say exists, and the project speaks of itself alone."""

import re
import subprocess
import tomllib
from pathlib import Path

import click
import pytest
import yaml

from helpers.walk import read
from netcea.analyses.base_case.tables import TABLES
from netcea.cli.main import main
from netcea.loading import load

ROOT = Path(__file__).resolve().parents[1]
DOCS = sorted((ROOT / "docs").rglob("*.md"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands" / "index.md").read_text(encoding="utf-8")
ELSEWHERE = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "NOTICE.md",
    "model/README.md",
    "examples/everolimus/README.md",
    "examples/ta174/README.md",
    "tests/validation/differences_explained.md",
]
GENERATED = re.compile(
    r"(evidence|scenarios|reference)/\w+\.md|(schemas|gallery|validation|differences|contributing)\.md"
)
"""Pages of the site that are made when it is built; docs/site checks links to them."""


def tracked():
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    found = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in found.splitlines() if (ROOT / name).is_file()]


@pytest.mark.parametrize("command", sorted(main.list_commands(None)))
def test_every_command_has_a_page_and_every_option_is_in_docs(command):
    assert f"netcea {command}" in COMMANDS, "a row of docs/commands/index.md"
    page = ROOT / "docs" / "commands" / f"{command}.md"
    assert page.is_file(), f"{page.name}: an example, and what it prints"
    assert any(f"netcea {command}" in block.text for block in read(page).blocks if block.kind == "sh"), page.name
    text = README + "".join(path.read_text(encoding="utf-8") for path in DOCS)
    for parameter in main.get_command(None, command).params:
        if isinstance(parameter, click.Option):
            assert any(f"`{o}" in text or f"{o} " in text or f"{o}`" in text for o in parameter.opts), parameter.opts


def test_every_page_of_a_command_shows_what_it_prints():
    for path in (ROOT / "docs" / "commands").glob("*.md"):
        if path.stem not in ("index", "schema"):  # which prints thousands of lines
            assert any(block.kind == "text" and block.text.strip() for block in read(path).blocks), path.name


@pytest.mark.parametrize("document", [*ELSEWHERE, *(path.relative_to(ROOT).as_posix() for path in DOCS)])
def test_links_lead_somewhere(document):
    path = ROOT / document
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        if "://" not in target and not GENERATED.fullmatch(target.replace("../", "")):
            assert (path.parent / target).exists(), target


def test_every_page_is_in_the_navigation_once():
    order = yaml.safe_load((ROOT / "docs" / "site" / "navigation.yaml").read_text(encoding="utf-8"))
    named = [page if isinstance(page, str) else next(iter(page)) for pages in order.values() for page in pages]
    assert len(named) == len(set(named))
    pages = {path.relative_to(ROOT / "docs").with_suffix("").as_posix() for path in DOCS}
    assert {page for page in pages if not page.startswith("commands/")} <= set(named), "docs/site/navigation.yaml"


def test_the_readme_is_a_screen_and_a_half():
    assert len(README.splitlines()) <= 90
    for command in (
        "python -m pip install . && python -m netcea run pnet epnet",
        'python -m pip install -e ".[dev]" && python -m pytest',
    ):
        assert f"\n{command}\n" in README


def test_the_citation_is_of_this_version():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert str(cited["version"]) == project["version"]
    assert cited["license"] == project["license"]
    assert cited["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(cited)
    assert f"Version {project['version']}." in (ROOT / "docs" / "citing.md").read_text(encoding="utf-8")


def test_addresses_that_pages_set_exist():
    examples = re.findall(r"--set (\S+=\S+)", (ROOT / "docs" / "change_an_assumption.md").read_text(encoding="utf-8"))
    examples = [e for e in examples if "weibul" not in e.split("=")[1][-6:] and not e.startswith("ADDRESS")]
    assert len(examples) > 3
    for example in examples:
        load("pnet", [example])


def test_tables_that_the_notebook_names_exist():
    page = (ROOT / "docs" / "notebook.md").read_text(encoding="utf-8")
    for name in (*re.findall(r'result\.frame\("(\w+)"\)', page), "ledger", "inputs", "modelled_and_published"):
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
