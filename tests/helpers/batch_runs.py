"""Batches in processes of their own, so that they can be killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
VARYING = ("timings.csv", ".netcea_lock")
"""Files that may differ between two runs of the same batch."""


def write_batch(path: Path, *, scenarios=("pnet", "epnet"), analyses=None, **more) -> Path:
    """Write a batch file and return it."""
    data = {
        "format": 1,
        "name": "test",
        "rationale": "made for a test",
        "scenarios": list(scenarios),
        "seed": 1,
        "analyses": {"base_case": {}, "psa": {"draws": 200, "explain": False}} if analyses is None else analyses,
        **more,
    }
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return path


def command(file: Path, out: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "netcea", "batch", str(file), "--out", str(out), *options]


def begin(file: Path, out: Path, *options: str, **more) -> subprocess.Popen:
    """Start a batch in a process group of its own, as a terminal does."""
    return subprocess.Popen(
        command(file, out, *options),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        **more,
    )


def run(file: Path, out: Path, *options: str, **more) -> subprocess.CompletedProcess:
    """Run a batch to its end."""
    return subprocess.run(command(file, out, *options), cwd=ROOT, capture_output=True, text=True, check=False, **more)


def contents(folder: Path) -> dict[str, bytes]:
    """Return path -> bytes of everything that must be the same whatever happened."""
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    return {name: data for name, data in found.items() if name not in VARYING}


def finished_units(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*/unit.json"))


def wait_until(holds, *, seconds: float = 60.0) -> bool:
    """Wait for a condition, for a minute at most."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.005)
    return False


def children_of(pid: int) -> list[int]:
    """Return the processes that a process started (Linux)."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in task.read_text().split()]
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (OSError, IndexError):
        return False


def kill(process: subprocess.Popen, number: int = signal.SIGKILL) -> None:
    """Send a signal to the process alone, not to its workers."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, number)


def kill_group(process: subprocess.Popen, number: int) -> None:
    """Send a signal to the process and its workers, as Ctrl-C in a terminal does."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
