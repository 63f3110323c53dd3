"""What ends a program (Ctrl-C, SIGTERM, a closed terminal) leaves nothing behind, and its exit code is 130."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from helpers.batch_runs import ROOT, write_batch
from helpers.price_layers import text_of
from helpers.processes import PATIENCE, kill_group, wait_until
from helpers.sample_of import mostly_slow
from netcea.cli.main import main
from netcea.execution.interruption import ENDING, interruptible
from netcea.loading.reading import text_file

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
SIGNALS = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT]


def begin(temporary, *arguments, **more):
    """Start a command whose temporary files go to a folder of their own."""
    temporary.mkdir()
    return subprocess.Popen(
        [sys.executable, "-m", "netcea", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        **more,
    )


@pytest.mark.parametrize("number", mostly_slow(SIGNALS, [signal.SIGTERM]))
def test_a_redacted_run_leaves_nothing_unredacted(tmp_path, number):
    prices, temporary, out = tmp_path / "own.secret.yaml", tmp_path / "temporary", tmp_path / "out"
    prices.write_text(text_of({"costs.drug.cabozantinib.discount": 0.37}), encoding="utf-8")
    process = begin(temporary, "run", "pnet", "--prices", prices, "--redact", "--out", out, "--no-figures")
    assert wait_until(lambda: list(temporary.rglob("results.json")) or process.poll() is not None)
    kill_group(process, number)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, said
    assert "Interrupted" in said
    assert "Traceback" not in said
    assert not out.exists()
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_batch_takes_away_its_lock_and_what_its_workers_wrote(tmp_path, number):
    file, temporary, out = write_batch(tmp_path / "b.yaml"), tmp_path / "temporary", tmp_path / "out"
    process = begin(temporary, "batch", file, "--out", out, "--draws", "1000000", "--workers", "2", "--no-figures")
    assert wait_until(lambda: list(temporary.glob("netcea_*/*.task")) or process.poll() is not None)
    kill_group(process, number)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, said
    assert "goes on from there" in said
    assert not (out / ".netcea_lock").exists()
    assert list(temporary.iterdir()) == []


def test_what_was_ignored_before_stays_ignored():
    """As `nohup` has it."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in ENDING}
    try:
        with interruptible():
            assert {signal.getsignal(number) for number in ENDING} == {signal.SIG_IGN}
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_afterwards_signals_are_as_they_were():
    earlier = {number: signal.signal(number, signal.SIG_DFL) for number in ENDING}  # a test may have left others
    try:
        before = {number: signal.getsignal(number) for number in ENDING}
        with interruptible():
            assert all(signal.getsignal(number) != before[number] for number in ENDING)
        assert {number: signal.getsignal(number) for number in ENDING} == before
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


def test_one_that_python_swallows_comes_again():
    """An exception is ignored in `__del__`, in what runs before a fork, and in callbacks of weak references."""

    class Leaving:
        def __del__(self):
            signal.raise_signal(signal.SIGTERM)
            time.sleep(0.001)

    def leave_and_wait():
        Leaving()
        went_on.append(True)
        time.sleep(10.0)

    went_on = []
    with pytest.raises(KeyboardInterrupt), interruptible():
        leave_and_wait()
    assert went_on == [True]


def test_what_else_python_swallows_is_said_as_before(monkeypatch):
    class Leaving:
        def __del__(self):
            raise ValueError("left")

    said = []
    monkeypatch.setattr(sys, "unraisablehook", lambda what: said.append(str(what.exc_value)))
    with interruptible():
        Leaving()
    assert said == ["left"]


@pytest.mark.parametrize("command", [["run", "pnet"], ["check", "pnet"], ["export", "pnet", "-o", "x.xlsx"]])
def test_every_command_ends_with_130(monkeypatch, tmp_path, command):
    def interrupted(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(text_file, "read_bytes", interrupted)
    ran = CliRunner().invoke(main, command)
    assert ran.exit_code == 130, ran.output
    assert "Interrupted" in ran.output
    assert list(tmp_path.iterdir()) == []
