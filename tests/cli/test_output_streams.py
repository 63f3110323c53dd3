"""Whoever reads the output may leave, standard output may be closed, and a terminal may want no styles."""

import io
import os
import subprocess
import sys
import time
from itertools import product

import pytest

import netcea
from helpers.batch_runs import ROOT
from helpers.sample_of import mostly_slow
from netcea.execution import progress
from netcea.execution.progress import counted
from netcea.reporting.screen import show_reports

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and terminals as POSIX has them")
COMMANDS = (("list",), ("psa", "--help"), ("run", "pnet", "--no-files", "--no-ledger"), ("nothing",), ("run", "pnett"))


def environment(**more):
    return {**os.environ, "PYTHONPATH": str(ROOT / "model"), **more}


@pytest.mark.parametrize(
    ("command", "lines"),
    mostly_slow([*((command, 0) for command in COMMANDS), (("list",), 1)], [(COMMANDS[2], 0), (("list",), 1)]),
)
def test_whoever_reads_may_leave(command, lines):
    ran = subprocess.Popen(
        [sys.executable, "-m", "netcea", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=ROOT,
        env=environment(),
    )
    for _ in range(lines):
        ran.stdout.readline()
    ran.stdout.close()
    assert ran.wait() in (141, 0, 2)  # 0 and 2 where all was written before
    if not lines:
        assert ran.returncode == 141


@pytest.mark.parametrize(
    "command", [pytest.param(c, marks=[] if c in (("list",), ("nothing",)) else pytest.mark.slow) for c in COMMANDS]
)
def test_nothing_is_said_of_it(command, tmp_path):
    read, write = os.pipe()
    os.close(read)
    with (tmp_path / "err").open("wb") as errors:
        subprocess.run(
            [sys.executable, "-m", "netcea", *command],
            stdout=write,
            stderr=errors,
            cwd=ROOT,
            env=environment(),
            check=False,
        )
    os.close(write)
    said = (tmp_path / "err").read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert "Exception ignored" not in said
    assert "BrokenPipe" not in said


RUN = "run pnet --no-files --no-ledger"


@pytest.mark.parametrize(
    ("command", "closed"),
    mostly_slow(product((RUN, f"{RUN} --json", "list"), ("1", "2", "12")), [(RUN, "12"), ("list", "1"), ("list", "2")]),
)
def test_standard_streams_may_be_closed(command, closed):
    shut = " ".join(f"{number}>&-" for number in closed)
    ran = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m netcea {command} {shut}"],
        capture_output=True,
        cwd=ROOT,
        env=environment(),
        check=False,
    )
    assert ran.returncode == 0
    assert b"Traceback" not in ran.stderr


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("variables", "styled"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": ""}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "unknown"}, False),
    ],
)
def test_a_terminal_may_want_no_styles(variables, styled, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    shown, watched = Terminal(), Terminal()
    show_reports([netcea.run("pnet", ledger=False).report], file=shown, width=100)
    assert ("\x1b" in shown.getvalue()) is styled
    monkeypatch.setattr(sys, "stderr", watched)
    monkeypatch.delenv(progress.SWITCH, raising=False)
    monkeypatch.setattr(progress, "BAR_AFTER", 0.01)
    monkeypatch.setattr(progress, "BAR_EVERY", 0.01)
    with counted("x") as begin:
        begin(3)()
        time.sleep(0.1)
    assert ("\x1b" in watched.getvalue()) is styled
