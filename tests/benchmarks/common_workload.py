"""The common workload, netcea beside plain NumPy, R and hesim: python tests/benchmarks/common_workload.py.

10,000 rows of coefficients come from the folder NETCEA_REFERENCE (data/psa_weibull_coefs.csv.gz); where it is not set
they are drawn from the same fits. Nothing here fails: numbers depend on the machine.
"""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from helpers import plain, workload
from netcea.engine.simulate import BLOCK_ROWS, simulate

ROWS = 10_000
R_SECONDS, R_MEMORY = 0.654, 132.0
"""Vectorised base R 4.2.2, 10,000 draws x 480 months: median time [s], peak memory of the process [MB]."""
HESIM_SECONDS, HESIM_MEMORY = 36.8, 5900.0
"""hesim 0.5.6 (C++) on the same draws and machine."""


def median(task: Callable[[], object], repeats: int = 5) -> float:
    """Return the median of some timings after a first one that does not count [s]."""
    task()
    times = []
    for _ in range(repeats):
        gc.collect()
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def tasks(coefficients) -> dict[str, Callable[[], object]]:
    """Return name -> what computes every output of every row by netcea's rules."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = workload.scenario(Path(folder))
    draws = workload.draws(scenario, coefficients)
    return {
        "netcea simulate": lambda: workload.outputs(simulate(scenario, draws)),
        "plain NumPy, all rows at once": lambda: plain.by_own_rules(coefficients),
        f"plain NumPy, blocks of {BLOCK_ROWS} rows": lambda: plain.by_own_rules(coefficients, BLOCK_ROWS),
    }


def peak_memory(name: str) -> float | None:
    """Return the peak memory of a process that does one task [MB]; None where it cannot be known."""
    found = subprocess.run([sys.executable, __file__, name], check=True, capture_output=True, text=True)
    return float(found.stdout) / 1024.0 if found.stdout.strip() else None


def own_peak() -> int | None:
    """Return the peak memory of this process, not of the one that started it [kB]."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


def main() -> None:
    """Print every figure; with the name of a task, do it once and print this process's peak memory."""
    coefficients = workload.all_coefficients()
    origin = "recorded" if coefficients else "drawn from the fits, as NETCEA_REFERENCE is not set"
    coefficients = coefficients or workload.made_coefficients(ROWS)
    if len(sys.argv) > 1:
        tasks(coefficients)[sys.argv[1]]()
        print(own_peak() or "")
        return
    print(f"python {sys.version.split()[0]}, numpy {np.__version__}")
    print(f"\n{len(coefficients['new_os_shape']):,} rows x {workload.MONTHS} months, two strategies; rows {origin}")
    named = tasks(coefficients)
    seconds = {name: median(task) for name, task in named.items()}
    netcea, *others = named
    print("\nTime [s], median of 5; R and hesim on 2 cores, recorded")
    for name in named:
        print(f"  {name:<36} {seconds[name]:7.3f}")
    print(f"  {'vectorised base R':<36} {R_SECONDS:7.3f}")
    print(f"  {'hesim':<36} {HESIM_SECONDS:7.3f}")
    print("\nTime of netcea as a share of")
    for name in others:
        print(f"  {name:<36} {seconds[netcea] / seconds[name]:7.3f}" + ("   goal 1" if name == others[0] else ""))
    print(f"  {'vectorised base R':<36} {seconds[netcea] / R_SECONDS:7.3f}   goal 1")
    print(f"  {'hesim':<36} {seconds[netcea] / HESIM_SECONDS:7.4f}   goal {1 / 30:.4f}")
    print(f"\nhesim's time is {HESIM_SECONDS / seconds[netcea]:.0f} times netcea's   goal 30")
    memory = {name: peak_memory(name) for name in named}
    if all(memory.values()):
        print("\nPeak memory of a process [MB], and as a share of hesim's 5.9 GB")
        for name, peak in memory.items():
            print(f"  {name:<36} {peak:7.0f} {peak / HESIM_MEMORY:7.4f}" + ("   goal 0.1" if name == netcea else ""))
        print(f"  {'vectorised base R':<36} {R_MEMORY:7.0f} {R_MEMORY / HESIM_MEMORY:7.4f}")
    found, expected = (named[name]() for name in (netcea, others[0]))
    apart = max(
        float(np.abs(found[strategy][output] / column - 1).max())
        for strategy, columns in expected.items()
        for output, column in columns.items()
    )
    print(f"\nnetcea and plain NumPy are apart by at most {apart:.1e} of any output")


if __name__ == "__main__":
    main()
