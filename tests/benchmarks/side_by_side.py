"""Work and the same work by its peers, in one process of its own, one after the other: python -m benchmarks.side_by_side.

A busy moment slows both sides of a pair, so that their ratio stays; the fixed loop runs before and after each round.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.calibration import calibrated, loop_seconds
from benchmarks.case import CannotRunError, Found, Here
from benchmarks.processes import output

Task = Callable[[], object]


@dataclass(frozen=True)
class Sides:
    """One piece of work, by this program and by its peers.

    Attributes
    ----------
    own : function
    peers : mapping of name -> function
        The same work by others.
    per : float
        What a second is divided by: 10,000 rows and 1e6 give microseconds a row.
    """

    own: Task
    peers: Mapping[str, Task] = field(default_factory=dict)
    per: float = 1.0


def cpu_seconds(task: Task) -> float:
    """Return the CPU seconds of one call, its threads included."""
    gc.collect()
    start = time.process_time()
    task()
    return time.process_time() - start


def rounds(sides: Sides, repeats: int) -> dict[str, object]:
    """Return samples, calibrated; a first round, in which memory is fetched and files are read, does not count."""
    tasks = {"": sides.own, **sides.peers}
    for task in tasks.values():
        task()
    samples: dict[str, list[float]] = {name: [] for name in tasks}
    loops, wall = [], []
    for _ in range(repeats):
        before, start = loop_seconds(), time.perf_counter()
        found = {name: cpu_seconds(task) for name, task in tasks.items()}
        wall.append(time.perf_counter() - start)
        beside = (before, loop_seconds())
        loops.append(sum(beside) / 2)
        for name, seconds in found.items():
            samples[name].append(calibrated(seconds, beside) * sides.per)
    own = samples.pop("")
    return {"samples": own, "peers": samples, "loops": loops, "wall": wall}


def measured(name: str, here: Here, **switches: str) -> Found:
    """Return what a process of its own finds for one of the registered pieces of work."""
    command = [sys.executable, "-m", "benchmarks.side_by_side", name, str(max(2, here.repeats)), str(here.folder)]
    found = json.loads(output(command, {**here.env, **switches}))
    if "cannot_run" in found:
        raise CannotRunError(found["cannot_run"])
    peers = {peer: tuple(samples) for peer, samples in found["peers"].items()}
    return Found(tuple(found["samples"]), peers, tuple(found["loops"]), tuple(found["wall"]))


def main() -> None:
    """Print the samples of one piece of work as JSON: NAME REPEATS FOLDER."""
    from benchmarks.work import WORK

    name, repeats, folder = sys.argv[1:]
    try:
        found = rounds(WORK[name](Path(folder)), int(repeats))
    except CannotRunError as reason:
        found = {"cannot_run": str(reason)}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
