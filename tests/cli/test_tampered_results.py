"""Folders of results that somebody changed are answered as bad input: no traceback, nothing waited for.

``NETCEA_TAMPERINGS=2000 pytest tests/cli/test_tampered_results.py`` tries more.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from helpers.batch_runs import ROOT, write_batch
from helpers.tampering import fresh_copy, tampered
from netcea.cli.main import main

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes as POSIX has them")
SEEDS = range(int(os.environ.get("NETCEA_TAMPERINGS", "12")))
KINDS = ("psa_csv", "psa_parquet", "run", "one_way", "batch")


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Return name -> folder of results."""
    pytest.importorskip("pyarrow")
    place = tmp_path_factory.mktemp("results")
    few = ["--draws", "20", "--no-figures"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        for kind in ("csv", "parquet"):
            ended("psa", "pnet", *few, "--keep-draws", kind, "--out", place / f"psa_{kind}")
        for name in ("run", "one-way"):
            ended(name, "pnet", "--no-figures", "--out", place / name.replace("-", "_"))
        analyses = {"base_case": {}, "psa": {"draws": 20, "explain": False}}
        file = write_batch(place / "b.yaml", scenarios=["pnet"], analyses=analyses, figures=False)
        ended("batch", file, "--out", place / "batch", "--workers", "1")
    return place


def ended(*command) -> str:
    """Run a command; return what it said."""
    ran = CliRunner().invoke(main, list(map(str, command)))
    assert ran.exception is None or isinstance(ran.exception, SystemExit), (command, ran.exception)
    assert ran.exit_code in (0, 1, 2)
    assert ran.exit_code == 0 or ran.output.strip()
    return ran.output


@pytest.mark.parametrize("seed", SEEDS)
def test_no_traceback(folders, tmp_path, seed):
    kind = KINDS[seed % len(KINDS)]
    folder = fresh_copy(folders / kind, tmp_path / "changed")
    what = tampered(folder, seed)
    try:
        for command in commands(kind, folder, folders):
            ended(*command)
    except AssertionError as error:
        raise AssertionError(what) from error


def commands(kind: str, folder: Path, folders: Path) -> list[list[object]]:
    if kind == "batch":
        return [["batch", folders / "b.yaml", "--out", folder, "--workers", "1"], ["runs", folder]]
    found = [["show", folder], ["runs", folder], ["diff", folder, folders / kind]]
    return [["psa", "--from", folder, "--no-files"], *found] if kind.startswith("psa") else found


@pytest.mark.parametrize(
    ("file", "entry", "value", "command"),
    [
        ("inputs.json", "numbers.costs.unit.end_of_life", 3, "diff"),
        ("inputs.json", "numbers.costs.unit.end_of_life.value", "../../x", "diff"),
        ("inputs.json", "tables.utilities.norms.hse2014_dsu_published", 0.5, "diff"),
        ("inputs.json", "choices.settings", 1, "diff"),
        ("results.json", "options", ["x"], "psa"),
        ("results.json", "options.draws", -5, "psa"),
        ("results.json", "results.draws", 10**400, "psa"),
        ("results.json", "results", [], "show"),
    ],
)
def test_what_was_found_is_said_with_its_file(folders, tmp_path, file, entry, value, command):
    import json

    folder = fresh_copy(folders / "psa_csv", tmp_path / "changed")
    data = json.loads((folder / file).read_text())
    top, _, rest = entry.partition(".")
    at, key = (data, top) if not rest else (data[top], rest)
    if key not in at and isinstance(at.get(key.rpartition(".")[0]), dict):
        at, key = at[key.rpartition(".")[0]], key.rpartition(".")[2]
    at[key] = value
    (folder / file).write_text(json.dumps(data))
    given = {"diff": ("diff", folder, folders / "run"), "psa": ("psa", "--from", folder, "--no-files")}
    ran = CliRunner().invoke(main, list(map(str, given.get(command, (command, folder)))))
    assert ran.exit_code == 2, ran.output
    assert file in ran.output


@pytest.mark.parametrize("lines", [0, 1, 10, 40])
def test_draws_that_are_not_those_of_the_run(folders, tmp_path, lines):
    import gzip

    folder = fresh_copy(folders / "psa_csv", tmp_path / "changed")
    path = folder / "draws.csv.gz"
    text = gzip.decompress(path.read_bytes()).decode().splitlines()
    kept = (text + text[1:])[:lines]
    path.write_bytes(gzip.compress("".join(f"{line}\n" for line in kept).encode()))
    ran = CliRunner().invoke(main, ["psa", "--from", str(folder), "--no-files"])
    assert ran.exit_code == 2, ran.output
    assert "draws.csv.gz" in ran.output
