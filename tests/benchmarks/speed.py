"""Speed and memory, as figures and ratios: python tests/benchmarks/speed.py [--quick].

Nothing here fails: numbers depend on the machine. Ratios are taken within one run.
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

ROOT = Path(__file__).resolve().parents[2]
BLOCK = 64
MEMORY = """
import pathlib, sys
from netcea.sampling import sample
from netcea.loading import load
from netcea.simulate import simulate_chunks, simulate
scenario = load(sys.argv[1])
rows = int(sys.argv[2])
draws = sample(scenario, min(rows, 10_000), 1)
if rows <= 10_000:
    simulate(scenario, draws)
else:  # what a probabilistic analysis does: chunk after chunk, nothing kept but sums
    total = 0.0
    for _ in range(rows // 10_000):
        for chunk in simulate_chunks(scenario, draws):
            total += float(chunk.totals("costs").sum())
status = pathlib.Path("/proc/self/status")  # the peak of this process alone, not of the one that started it
if status.exists():
    print(next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")))
else:
    import resource
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def best(task: Callable[[], object], repeats: int = 5) -> float:
    """Return the shortest of some timings [s]."""
    times = []
    for _ in range(repeats):
        gc.collect()
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return min(times)


def command(*arguments: str, repeats: int = 5) -> float:
    """Return the median time of a cold process [s]."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "netcea", *arguments], check=True, capture_output=True, cwd=ROOT)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def transcendental_calls(rows: int) -> float:
    """Return the time of the bare calls that the curves of the pNET base case need, for some rows [s].

    At the 523 cycle edges: one exponential for the hazard of each of the two Weibulls (PFS, OS) and one for the survival of
    each of the four curves. At the 487 dispensings of cabozantinib: one for the hazard of PFS, one for each of two survivals.
    On arrays of the block's size, with the arguments that occur.
    """
    rng = np.random.default_rng(1)
    shape = np.exp(rng.normal(0.25, 0.1, (BLOCK, 1)))
    edges = np.log(np.maximum(np.arange(523) * 28 / 365.25, 1e-9))[np.newaxis]
    packs = np.log(np.maximum(np.arange(487) * 30 / 365.25, 1e-9))[np.newaxis]
    log_h = [shape * edges - 1.0, shape * packs - 1.0]
    minus_h = [-np.exp(x) for x in log_h]
    out = [np.empty_like(x) for x in log_h]

    def calls() -> None:
        for _ in range(rows // BLOCK):
            for _ in range(2):
                np.exp(log_h[0], out=out[0])
            for _ in range(4):
                np.exp(minus_h[0], out=out[0])
            np.exp(log_h[1], out=out[1])
            for _ in range(2):
                np.exp(minus_h[1], out=out[1])

    return best(calls)


def peak_memory(rows: int) -> float:
    """Return the peak memory of a process that simulates some rows of the pNET base case [MB]."""
    found = subprocess.run(
        [sys.executable, "-c", MEMORY, "pnet", str(rows)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    return int(found.stdout) / 1024.0


def main() -> None:
    """Print every figure."""
    quick = "--quick" in sys.argv
    repeats = 2 if quick else 5
    print(f"python {sys.version.split()[0]}, numpy {np.__version__}")
    print("\nCold processes [s]")
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "out")
        rows = [
            ("netcea --help", 0.2, command("--help", repeats=repeats)),
            ("netcea run pnet, no figures, no workbook", 1.2,
             command("run", "pnet", "--no-figures", "--no-workbook", "--out", out, repeats=repeats)),
            ("netcea run pnet, everything", 4.0, command("run", "pnet", "--out", out, repeats=repeats)),
        ]  # fmt: skip
    for name, goal, seconds in rows:
        print(f"  {name:<45} {seconds:6.2f}   goal {goal}   ratio {seconds / goal:5.2f}")

    from netcea.loading import load
    from netcea.sampling import sample
    from netcea.simulate import simulate

    print("\nsimulate, pNET base case, 10,000 rows")
    n = 10_000
    scenario = load("pnet")
    draws = sample(scenario, n, 1)
    whole = best(lambda: simulate(scenario, draws), repeats)
    bare = transcendental_calls(n)
    print(f"  simulate                        {1e6 * whole / n:6.1f} us a row")
    print(f"  bare transcendental calls       {1e6 * bare / n:6.1f} us a row")
    print(f"  ratio                           {whole / bare:6.2f}   goal 2.5")
    weekly = load("pnet", ["settings.cycle_days=7"])
    print(f"  weekly cycles                   {1e6 * best(lambda: simulate(weekly, draws), 2) / n:6.1f} us a row")

    if sys.platform != "win32":
        print("\nPeak memory [MB]")
        few = peak_memory(100)
        for rows_ in (10_000,) if quick else (10_000, 100_000):
            print(f"  {rows_:>9,} rows: {peak_memory(rows_) - few:6.1f} above 100 rows ({few:.0f})   goal 100")


if __name__ == "__main__":
    main()
