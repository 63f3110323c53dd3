"""Malformed scenarios and inputs: exit code 2, file, line, address and words; no traceback, nothing written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from stat import S_ISDIR

import pytest
from click.testing import CliRunner

from helpers.malformed_cases import CASES
from helpers.malformed_project import MINE, PNET, Case, copy_project, edit, line_of, mine, write
from helpers.sample_of import mostly_slow
from netcea.cli.main import main

COUNT = re.compile(r"(\d+) problems?; nothing was run and nothing was written\.")
BY_NAME = {case.name: case for case in CASES}


Stamp = tuple[int, int, int, int]


def stamps(folder: Path) -> dict[str, Stamp]:
    """Path -> what changes when anything is written there: of every file, link and folder."""
    found = {}
    for path in folder.rglob("*"):
        stat = path.lstat()
        is_folder = S_ISDIR(stat.st_mode)  # its own time changes with what comes and goes in it
        found[path.relative_to(folder).as_posix()] = (
            (stat.st_mode, 0, 0, 0) if is_folder else (stat.st_mode, stat.st_ino, stat.st_size, stat.st_mtime_ns)
        )
    return found


class Workshop:
    """One copy of the project that is put back in order after each case."""

    def __init__(self, folder: Path) -> None:
        self.folder = copy_project(folder)
        self.stamps = stamps(folder)
        self.whole = {name: (folder / name).read_bytes() for name in self.stamps if (folder / name).is_file()}

    def put_back(self) -> None:
        now = stamps(self.folder)
        for name in sorted(set(now) - set(self.stamps), reverse=True):
            path = self.folder / name
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        for name, stamp in self.stamps.items():
            path = self.folder / name
            if now.get(name) == stamp:
                continue
            if path.is_symlink() or path.is_file():
                path.unlink()
            if name not in self.whole:
                path.mkdir(exist_ok=True)
                continue
            if path.exists():
                path.rmdir() if path.is_dir() else path.unlink()
            path.write_bytes(self.whole[name])
        self.stamps = stamps(self.folder)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("malformed") / "project")


@pytest.fixture
def project(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(workshop.folder)
    yield workshop.folder
    workshop.put_back()


def assert_told(case: Case, text: str, folder: Path) -> None:
    """The message names the place, says the words, and the count line stands last."""
    line = f":{line_of(folder / case.file, case.at)}" if case.at else ""
    head = "  ".join(part for part in (f"{case.file}{line}", case.address) if part)
    *messages, last = re.split(r"\n(?=\S)", text.rstrip("\n"))
    at_place = [message for message in messages if not head or message.split("\n")[0] == head]
    assert at_place, f"no message at {head} in\n{text}"
    assert any(all(word in message for word in case.words) for message in at_place), text
    count = COUNT.fullmatch(last)
    assert count, text
    assert int(count[1]) == len(messages) == case.count, text
    assert "Traceback" not in text
    assert "0x7f" not in text  # no object of the program is shown


@pytest.mark.parametrize(
    ("case", "command"),
    [
        pytest.param(
            case, command, marks=() if command == "run" or i % 4 == 0 else pytest.mark.slow, id=f"{case.name}-{command}"
        )
        for i, case in enumerate(CASES)
        for command in ("run", "check")
    ],
)
def test_malformed(case, command, project):
    for breaks in case.breaks:
        breaks(project)
    before = stamps(project)
    options = ["--out", "out"] if command == "run" else []
    result = CliRunner().invoke(main, [command, *case.arguments, *options])
    assert isinstance(result.exception, SystemExit), result.exc_info
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert_told(case, result.stderr, project)
    assert stamps(project) == before


def test_enough_cases():
    assert len(CASES) >= 80
    assert len(BY_NAME) == len(CASES)


@pytest.mark.parametrize(
    "name",
    mostly_slow(
        ["negative price", "python object", "extends above", "not UTF-8", "--set tag"], ["python object", "not UTF-8"]
    ),
)
def test_in_a_process_of_its_own(name, tmp_path):
    case = BY_NAME[name]
    folder = copy_project(tmp_path / "project")
    for breaks in case.breaks:
        breaks(folder)
    before = stamps(folder)
    done = subprocess.run(
        [sys.executable, "-m", "netcea", "run", *case.arguments, "--out", "out"],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert_told(case, done.stderr, folder)
    assert stamps(folder) == before


LITTLE = ("--no-ledger", "--no-figures", "--no-workbook")
DROPPED = """
import os, sys
from click.testing import CliRunner
from netcea.cli.main import main
os.chmod(sys.argv[1], 0o644)
assert CliRunner().invoke(main, [*sys.argv[2:-1], "warm"]).exit_code == 0  # everything is imported now
os.chmod(sys.argv[1], 0)
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
main(sys.argv[2:])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
@pytest.mark.parametrize(
    "file",
    mostly_slow(
        [PNET, "inputs/costs/drug.yaml", "inputs/mortality/england_2018_2020.csv"],
        ["inputs/mortality/england_2018_2020.csv"],
    ),
)
def test_a_file_that_may_not_be_read(file):
    with tempfile.TemporaryDirectory() as temporary:  # pytest's own folders are for their owner alone
        folder = copy_project(Path(temporary) / "project")
        for path in (Path(temporary), folder, *folder.rglob("*")):
            path.chmod(0o755)
        done = subprocess.run(
            [sys.executable, "-c", DROPPED, file, "run", PNET, *LITTLE, "--out", "out"],
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 2, done.stderr
        assert file in done.stderr
        assert "found a file you may not read; expected a readable file" in done.stderr
        assert "Traceback" not in done.stderr
        assert not (folder / "out").exists()


def test_a_symbolic_link_to_itself_and_a_pipe(project):
    if sys.platform == "win32":
        pytest.skip("links need rights on Windows")
    (project / MINE).symlink_to(project / MINE)
    result = CliRunner().invoke(main, ["run", MINE])
    assert result.exit_code == 2, result.exception
    (project / MINE).unlink()
    os.mkfifo(project / MINE)
    result = CliRunner().invoke(main, ["run", MINE])
    assert (result.exit_code, "a device or a pipe" in result.stderr) == (2, True)


# ------------------------------------------------------------------------------------------------- security
def test_tags_run_no_code(project):
    for name in ("python object", "python name", "own tag"):
        for breaks in BY_NAME[name].breaks:
            breaks(project)
        assert CliRunner().invoke(main, ["run", MINE]).exit_code == 2
    assert not list(project.rglob("hacked"))


def outside(project: Path) -> Path:
    """Put the project's base case into a folder beside it, and a scenario into the project that extends it."""
    there = project.parent / "elsewhere"
    write("../elsewhere/base.yaml", (project / PNET).read_bytes())(project)
    mine("", "format: 1\nextends: ../../elsewhere/base.yaml\nname: mine\nrationale: a test\ndirection: unclear\n")(
        project
    )
    return there


def test_what_lies_outside_is_read_when_it_is_named(project):
    there = outside(project)
    refused = CliRunner().invoke(main, ["run", MINE, "--no-files", "--quiet"])
    assert refused.exit_code == 2
    assert "--trust ../elsewhere" in refused.stderr
    allowed = CliRunner().invoke(
        main,
        [
            "run",
            MINE,
            "--trust",
            str(there),
            "--no-files",
            "--quiet",
            "--no-ledger",
            "--set",
            "analyses.base_case.beside=[]",
            "--set",
            "analyses.switching.methods={}",
        ],
    )
    assert (allowed.exit_code, allowed.stderr) == (0, "")
    elsewhere = CliRunner().invoke(main, ["run", MINE, "--trust", str(project / "inputs"), "--no-files", "--quiet"])
    assert elsewhere.exit_code == 2


@pytest.mark.parametrize("key", ["analyses.base_case.beside", "assumptions.0.tested_by"])
def test_scenarios_named_inside_a_scenario_stay_in_the_project(key, project):
    secret = project.parent / "secret.yaml"
    secret.write_text("a secret: 1\n", encoding="utf-8")
    mine(f"set:\n  {key}: [../../secret.yaml]\n")(project)
    for command in ("run", "check"):
        result = CliRunner().invoke(main, [command, MINE, *(["--no-files"] if command == "run" else [])])
        assert "a secret" not in result.output
        assert (result.exit_code == 2) == ("beside" in key), result.output


def test_text_of_a_formula_stays_text(project):
    formula = '=HYPERLINK("http://example.org")'
    edit(PNET, "label: Cabozantinib\n", f"label: '{formula}'\n")(project)
    mine("", f"format: 1\nextends: pnet.yaml\nname: '{formula}'\nrationale: '=1+1'\ndirection: unclear\n")(project)
    result = CliRunner().invoke(main, ["run", MINE, "--json", "--no-files", "--no-ledger"])
    assert result.exit_code == 0, result.output
    assert formula.replace('"', '\\"') in result.stdout


def test_unknown_command_with_a_suggestion():
    result = CliRunner().invoke(main, ["rn", "pnet"])
    assert result.exit_code == 2
    assert "did you mean 'run'?" in result.stderr


def test_two_good_scenarios_and_a_bad_one_write_nothing(project):
    mine("set:\n  settings.horizon_years: 0\n")(project)
    before = stamps(project)
    result = CliRunner().invoke(main, ["run", PNET, MINE, "--no-ledger", "--out", "out"])
    assert result.exit_code == 2
    assert stamps(project) == before


@pytest.mark.parametrize("door", ["file", "--set"])
def test_a_renamed_word_is_answered_with_the_new_one(tmp_path, door):
    """Whichever door it comes through."""
    file = tmp_path / "old.yaml"
    sets = "{analyses.probabilistic.draws: 500}" if door == "file" else "{}"
    file.write_text(
        f"format: 1\nextends: pnet\nname: old\nrationale: old words\ndirection: unclear\nset: {sets}\n",
        encoding="utf-8",
    )
    more = [] if door == "file" else ["--set", "analyses.probabilistic.draws=500"]
    ran = CliRunner().invoke(main, ["check", str(file), *more])
    assert ran.exit_code == 2
    assert "'probabilistic' is called 'psa' now" in ran.stderr
