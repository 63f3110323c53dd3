"""A place that cannot be written is found before anything is computed, by every command that writes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import netcea.evidence.fit
import netcea.evidence.summary_fits
import netcea.evidence.switching
import netcea.evidence.vector.digitise
import netcea.verification.verify
import netcea.workbook.reading.read_back
from helpers.batch_runs import ROOT, write_batch
from helpers.price_layers import DISCOUNT, SECRET, written
from netcea.analyses.difference import analysis as difference
from netcea.analyses.registry import ANALYSES, command_of
from netcea.batch.store import Store
from netcea.checking.reference_case import linter
from netcea.cli.main import EXIT_BAD_INPUT, analysis_commands, main
from netcea.errors import InputError
from netcea.storage.atomic import check_target
from netcea.storage.writable import check_file, check_folder
from netcea.submission import submission

COMPUTING = (
    (netcea.evidence.fit, "fit"),
    (netcea.evidence.summary_fits, "fit_summaries"),
    (netcea.evidence.switching, "adjust_switching"),
    (netcea.evidence.vector.digitise, "digitise"),
    (netcea.verification.verify, "verify"),
    (netcea.workbook.reading.read_back, "read_workbook"),
    (difference, "difference"),
    (linter, "lint"),
    (submission, "gather"),
    (Store, "locked"),
)
"""What must not be called where the place for its results cannot be written."""
INPUTS = ("--name", "unwritable", "--time-unit", "months", "--project", ROOT, "--source", "mhra_2025")
COMMANDS = {
    **{name: (name, "pnet") for name in analysis_commands()},
    "several": ("run", "pnet", "epnet"),
    "run --redact": ("run", "pnet", "--redact", "--prices", "LAYER"),
    "verify": ("verify", "pnet"),
    "reference case": ("check", "pnet", "--reference-case"),
    "checklists": ("check", "pnet", "--checklists"),
    "report": ("report", "pnet"),
    "report --redact": ("report", "pnet", "--redact", "--prices", "LAYER"),
    "export": ("export", "pnet"),
    "export --redact": ("export", "pnet", "--redact", "--prices", "LAYER"),
    "import": ("import", "no.xlsx"),
    "batch": ("batch", "BATCH"),
    "diff": ("diff", "pnet", "epnet"),
    "fit": ("fit", "no.csv", *INPUTS),
    "fit of two": ("fit", "no.csv", *INPUTS, "--bootstrap", "50", "--beside", "pfs", "time", "event"),
    "fit --summaries": ("fit", "--summaries", "no.csv", *INPUTS),
    "adjust": ("adjust", "no.csv", "--control", "placebo", *INPUTS),
    "digitise": ("digitise", "no.svg"),
    "init": ("init",),
}
WITH_A_FILE = ("export", "import")
ENDING = {"export": ".xlsx", "import": ".yaml"}
NOWHERE = pytest.param("/proc/x", marks=pytest.mark.skipif(not sys.platform.startswith("linux"), reason="has no /proc"))


@pytest.fixture(autouse=True)
def nothing_is_computed(monkeypatch):
    def computed(*_given, **_more):
        pytest.fail("something was computed")

    monkeypatch.chdir(ROOT)
    for where, name in COMPUTING:
        monkeypatch.setattr(where, name, computed)
    for analysis in ANALYSES.values():
        monkeypatch.setattr(type(analysis), "run", computed)


def content(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def refused(words, out):
    """Run a command that is to write to a place, and return what it says, once it is known to be refused."""
    option = {"init": ()}.get(words[0], ("-o",) if words[0] in WITH_A_FILE else ("--out",))
    said = CliRunner().invoke(main, [*map(str, words), *option, str(out)])
    assert said.exit_code == EXIT_BAD_INPUT, said.output
    return said.output


@pytest.mark.parametrize("where", ["file.txt/results", "file.txt/a/b", NOWHERE])
@pytest.mark.parametrize("command", COMMANDS)
def test_an_unwritable_place_is_found_first(tmp_path, command, where):
    (tmp_path / "file.txt").write_text("mine")
    layer, batch = written(tmp_path, {DISCOUNT: SECRET}), write_batch(tmp_path / "batch.yaml")
    words = [{"LAYER": layer, "BATCH": batch}.get(word, word) for word in COMMANDS[command]]
    before, out = content(tmp_path), tmp_path / (where + ENDING.get(words[0], ""))
    said = refused(words, out)
    assert str(out) in said
    assert ("/proc" if where.startswith("/") else "a file where a folder should be") in said
    assert "name another" in said
    assert content(tmp_path) == before


def test_every_command_that_writes_is_looked_at():
    """A command with an option for a place stands in the table above."""
    for name in main.list_commands(None):
        options = {option for param in main.get_command(None, name).params for option in param.opts}
        if options & {"--out", "--output"}:
            assert any(words[0] == name for words in COMMANDS.values()), name
    assert {command_of(name) for name in ANALYSES} <= set(COMMANDS)


@pytest.mark.parametrize("check", [check_target, check_folder, check_file])
def test_a_place_that_can_be_written_is_left_as_it_is(tmp_path, check):
    for name in ("new", "new/deep/er", "there"):
        (tmp_path / "there").mkdir(exist_ok=True)
        check(tmp_path / name if check is not check_file else tmp_path / name / "a.csv")
    assert [path.name for path in tmp_path.rglob("*")] == ["there"]


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="permissions of POSIX, which bind all but root"
)
def test_a_folder_without_permission(tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    for check in (check_target, check_folder, check_file):
        with pytest.raises(InputError, match="a place you may not write to"):
            check(tmp_path / "locked" / "new")


@pytest.mark.skipif(not Path("/proc").is_mount(), reason="nothing is mounted at /proc")
def test_where_a_drive_is_mounted_no_folder_is_replaced(monkeypatch):
    monkeypatch.setattr("netcea.storage.atomic.checked_list", lambda _folder: {})
    with pytest.raises(InputError, match="a drive, which is not replaced; expected a folder; name a folder in it"):
        check_target(Path("/proc"))


def test_a_missing_drive(tmp_path, monkeypatch):
    def missing(path, **_more):
        raise FileNotFoundError(2, "No such file or directory", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "stat", missing)
        with pytest.raises(InputError, match="no drive"):
            check_folder(tmp_path / "results")
