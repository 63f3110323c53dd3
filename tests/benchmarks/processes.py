"""Commands in processes of their own: their CPU seconds, wall seconds and peak memory, children included."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from helpers.processes import children_of, is_alive

ROOT: Final = Path(__file__).resolve().parents[2]
TELLS_CPU: Final = hasattr(os, "wait4")
"""Whether this system says how long a process computed; on others wall seconds stand in for CPU seconds."""
KERNEL: Final = "NETCEA_KERNEL"
"""Of the environment: `numpy` or `compiled`; not set for commands, which choose by themselves."""
EVERY: Final = 0.01
"""Seconds between two looks at memory."""


class DidNotWorkError(Exception):
    """A process ended with an error, or cannot be started."""


@dataclass(frozen=True)
class Spent:
    """What a process and its children took.

    Attributes
    ----------
    cpu, wall : float
        [s]
    peak : float
        Largest memory: of all of them together where it was watched, of the largest one otherwise; 0 where it cannot be
        known. [MB]
    """

    cpu: float
    wall: float
    peak: float


def environment(**more: str) -> dict[str, str]:
    """Return the environment of everything that is measured: this checkout's program, one thread for linear algebra."""
    paths = (str(ROOT / "model"), str(ROOT / "tests"))
    found = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "MPLBACKEND": "Agg", "NETCEA_PROGRESS": "off"}
    found.pop(KERNEL, None)
    return {**found, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", **more}


def netcea(*arguments: str) -> list[str]:
    """Return the command line of one of the program's commands."""
    return [sys.executable, "-m", "netcea", *arguments]


def spent(command: Sequence[str], env: Mapping[str, str], *, watch: bool = False) -> Spent:
    """Return what a command took from start to end.

    Parameters
    ----------
    command : sequence of str
        Program and arguments.
    env : mapping
        Its environment.
    watch : bool
        Look at the memory of it and its children all the time (Linux).

    Raises
    ------
    DidNotWorkError
        The command cannot be started or ends with an error; the last lines that it wrote are in the message.
    """
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        try:
            process = subprocess.Popen(command, cwd=ROOT, env=dict(env), stdout=said, stderr=said)
        except OSError as fault:
            raise DidNotWorkError(f"{command[0]}: {fault.strerror}") from fault
        try:
            together = _watched(process) if watch else 0.0
            cpu, largest = _waited(process)
        except BaseException:
            process.kill()
            process.wait()
            raise
        wall = time.perf_counter() - start
        if process.returncode:
            said.seek(0)
            raise DidNotWorkError(how_it_ended(said.read().decode(errors="replace"), process.returncode))
    return Spent(wall if cpu is None else cpu, wall, max(together, largest))


def output(command: Sequence[str], env: Mapping[str, str]) -> str:
    """Return the last line that a command prints.

    Raises
    ------
    DidNotWorkError
        It ends with an error.
    """
    found = subprocess.run(command, cwd=ROOT, env=dict(env), capture_output=True, text=True, check=False)
    if found.returncode:
        raise DidNotWorkError(how_it_ended(found.stderr, found.returncode))
    return found.stdout.splitlines()[-1]


def how_it_ended(said: str, code: int) -> str:
    """Return how a process ended: its exit code and the last line that it wrote."""
    return ": ".join([f"exit code {code}", *said.strip().splitlines()[-1:]])


def _waited(process: subprocess.Popen[bytes]) -> tuple[float | None, float]:
    """Return CPU seconds of an ended process and its ended children [s], and the memory of the largest [MB]."""
    if not TELLS_CPU:
        process.wait()
        return None, 0.0
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / (1024.0**2 if sys.platform == "darwin" else 1024.0)


def _watched(process: subprocess.Popen[bytes]) -> float:
    """Return the largest memory that a process and those it started had together, until it has ended (Linux) [MB]."""
    peak = 0.0
    while is_alive(process.pid):
        peak = max(peak, sum(resident(pid) for pid in family(process.pid)))
        time.sleep(EVERY)
    return peak


def family(pid: int) -> Iterator[int]:
    """Yield a process, its children and theirs (Linux)."""
    yield pid
    for child in children_of(pid):
        yield from family(child)


def resident(pid: int) -> float:
    """Return the memory of a process, pages that it shares counted in part (Linux) [MB]; 0 where it cannot be known."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024.0
    except (OSError, StopIteration):
        return 0.0
