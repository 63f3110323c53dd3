"""Speed and memory, as figures and ratios: python tests/benchmarks/speed.py [--quick].

Nothing here fails: numbers depend on the machine. Ratios are taken within one run.
"""

from __future__ import annotations

import gc
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
MEMORY = """
import pathlib, sys
from netcea.sampling.sampler import sample
from netcea.loading import load
from netcea.engine.simulate import simulate_chunks, simulate
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


def bare_survival_functions(rows: int, block: int) -> float:
    """Return the time of the bare survival functions that the pNET base case needs, for some rows [s].

    S(t) = exp(-(t / scale)^shape), as anyone would write it in NumPy: PFS and OS of two strategies at the 523 cycle
    edges, PFS and OS of cabozantinib at its 487 dispensings. In blocks of `block` rows.
    """
    rng = np.random.default_rng(1)
    shape = np.exp(rng.normal(0.25, 0.1, (block, 1)))
    scale = np.exp(rng.normal(0.5, 0.2, (block, 1)))
    edges, packs = np.arange(523) * 28 / 365.25, np.arange(487) * 30 / 365.25

    def calls() -> None:
        for _ in range(rows // block):
            for times in (edges, edges, edges, edges, packs, packs):
                np.exp(-((times / scale) ** shape))

    return best(calls) * rows / (rows // block * block)


def peak_memory(rows: int) -> float:
    """Return the peak memory of a process that simulates some rows of the pNET base case [MB]."""
    found = subprocess.run(
        [sys.executable, "-c", MEMORY, "pnet", str(rows)], check=True, capture_output=True, text=True, cwd=ROOT
    )
    return int(found.stdout) / 1024.0


def watched(*arguments: str) -> tuple[float, float]:
    """Return the time of a cold process [s] and the peak of the memory of it and its workers together [MB]."""
    start, peak = time.perf_counter(), 0.0
    command_line = [sys.executable, "-m", "netcea", *arguments]
    with subprocess.Popen(command_line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT) as process:
        while process.poll() is None:
            peak = max(peak, sum(resident(pid) for pid in family(process.pid)))
            time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"{arguments} ended with {process.returncode}")
    return time.perf_counter() - start, peak


def family(pid: int) -> list[int]:
    """Return a process and its children (Linux)."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [pid, *(int(child) for child in children.read_text().split())]
    except OSError:
        return [pid]


def resident(pid: int) -> float:
    """Return the memory of a process, pages that it shares counted in part (Linux) [MB]; 0 where it cannot be known."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024.0
    except (OSError, StopIteration):
        return 0.0


def external_rows(folder: Path, n: int = 100_000) -> str:
    """Write rows of parameters of the pNET base case as CSV."""
    from netcea.analyses.shared.draw_columns import parameter_columns
    from netcea.loading import load
    from netcea.sampling.sampler import Sampler

    scenario = load("pnet")
    sampler = Sampler(scenario, 5)
    columns = parameter_columns(scenario, sampler.rows(0, n), sampler.uncertain)
    path = folder / "rows.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(columns) + "\n")
        file.writelines(
            ",".join(map(repr, row)) + "\n" for row in zip(*(c.tolist() for c in columns.values()), strict=True)
        )
    return str(path)


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
            (
                "netcea run pnet, no figures, no workbook",
                1.2,
                command("run", "pnet", "--no-figures", "--no-workbook", "--out", out, repeats=repeats),
            ),
            ("netcea run pnet, everything", 4.0, command("run", "pnet", "--out", out, repeats=repeats)),
        ]
    for name, goal, seconds in rows:
        print(f"  {name:<45} {seconds:6.2f}   goal {goal}   ratio {seconds / goal:5.2f}")

    from netcea.engine.simulate import BLOCK_ROWS, simulate
    from netcea.loading import load
    from netcea.sampling.sampler import sample

    print("\nsimulate, pNET base case, 10,000 rows")
    n = 10_000
    scenario = load("pnet")
    draws = sample(scenario, n, 1)
    whole = best(lambda: simulate(scenario, draws), repeats)
    print(f"  simulate                                {1e6 * whole / n:6.1f} us a row")
    for words, block in (("in blocks of the engine's size", BLOCK_ROWS), ("all rows at once", n)):
        bare = bare_survival_functions(n, block)
        print(f"  bare survival functions                 {1e6 * bare / n:6.1f} us a row, {words}")
        print(f"  ratio                                   {whole / bare:6.2f}   goal 2.5")
    weekly = load("pnet", ["settings.cycle_days=7"])
    print(
        f"  weekly cycles                           {1e6 * best(lambda: simulate(weekly, draws), 2) / n:6.1f} us a row"
    )

    if sys.platform != "win32":
        print("\nPeak memory [MB]")
        few = peak_memory(100)
        for rows_ in (10_000,) if quick else (10_000, 100_000):
            print(f"  {rows_:>9,} rows: {peak_memory(rows_) - few:6.1f} above 100 rows ({few:.0f})   goal 100")
    regressions()
    survival_fits()
    analyses(quick=quick)
    workbooks()


def regressions() -> None:
    """Print the time of EVPPI by regression beside that of voi 1.0.3 (R) on as many draws of its own example."""
    from netcea.decision.value_of_information import evppi

    print("\nEVPPI, 10,000 draws, two strategies [s]; voi: gam, on a machine like ours")
    theta = np.random.default_rng(1).standard_normal((10_000, 3))
    nmb = np.array([np.zeros(10_000), -300.0 + theta @ np.array([1000.0, 500.0, 300.0])])
    for k, voi in ((1, 0.080), (2, 0.135), (3, 1.66)):
        seconds = best(lambda k=k: evppi(nmb, theta[:, :k]), 3)
        print(f"  {k} quantities   {seconds:6.3f}   voi {voi:5.3f}   ratio {seconds / voi:5.2f}")


def survival_fits() -> None:
    """Print the time of fits to 300 patients beside that of flexsurv 2.3.2 (R), on a machine like ours."""
    from netcea.fitting.candidates import candidates
    from netcea.fitting.maximum_likelihood import fit_patients
    from netcea.fitting.patients import Patients

    print("\nMaximum likelihood, 300 patients [s]; flexsurv on a machine like ours")
    random = np.random.default_rng(1)
    failing, censored = 10.0 * random.weibull(1.3, 300), random.uniform(0.0, 25.0, 300)
    time_, event = np.minimum(failing, censored), failing <= censored
    families, splines = candidates()[:7], [one for one in candidates() if one.scale is not None]
    for words, chosen, flexsurv in (
        ("7 families", families, 0.61 / 4.0),
        ("9 splines", splines, 7.2 / 4.0),
        ("7 families and 9 splines", (*families, *splines), (0.61 + 7.2) / 4.0),
    ):
        seconds = best(lambda chosen=chosen: fit_patients(Patients.of(time_, event), chosen), 3)
        print(f"  {words:<26} {seconds:6.3f}   flexsurv {flexsurv:5.3f}   ratio {seconds / flexsurv:5.2f}   goal 1.5 s")


def analyses(*, quick: bool) -> None:
    """Print the time and memory of whole commands, cold, files and all."""
    print("\nCommands, with what they write: time [s], memory of all their processes [MB]")
    with tempfile.TemporaryDirectory() as folder:
        out = ("--out", str(Path(folder) / "out"), "--quiet")
        runs = [
            ("psa pnet, 10,000 draws, no figures", 2.0, ("psa", "pnet", "--no-figures", *out)),
            ("psa pnet, 10,000 draws, figures", 4.0, ("psa", "pnet", *out)),
            (
                "psa pnet, weekly cycles, no figures",
                5.0,
                ("psa", "pnet", "--set", "settings.cycle_days=7", "--no-figures", *out),
            ),
            ("voi pnet, 10,000 draws, no figures", None, ("voi", "pnet", "--no-figures", *out)),
            ("one-way pnet", None, ("one-way", "pnet", *out)),
        ]
        if not quick:
            rows = external_rows(Path(folder))
            batch = ("batch", "sensitivity", "--out", str(Path(folder) / "batch"), "--quiet")
            runs += [
                (
                    "psa pnet, 100,000 rows from a CSV file",
                    None,
                    ("psa", "pnet", "--parameters", rows, "--no-figures", *out),
                ),
                ("batch sensitivity: 157 scenarios x 1,000 draws", 30.0, batch),
                ("psa pnet, 1,000,000 draws", 120.0, ("psa", "pnet", "--draws", "1000000", "--no-figures", *out)),
            ]
        for name, goal, arguments in runs:
            seconds, memory = min(watched(*arguments) for _ in range(1 if "batch" in arguments or not quick else 2))
            compared = f"   goal {goal:5.1f}   ratio {seconds / goal:5.2f}" if goal else ""
            print(f"  {name:<48} {seconds:6.2f} s {memory:6.0f} MB{compared}", flush=True)


def workbooks() -> None:
    """Print the time to write live workbooks, their size, and how long LibreOffice takes to open and recalculate them."""
    from netcea.analyses.registry import ANALYSES
    from netcea.loading.load import resolve
    from netcea.loading.merging.draft import read_draft
    from netcea.loading.option_values import options_with
    from netcea.workbook.alternatives import alternatives, unlike
    from netcea.workbook.export import live_workbook

    print("\nLive workbook, pNET base case (28-day cycles, 40 years, 2 strategies)")
    merged = read_draft("pnet")
    base = resolve(merged)
    found = alternatives(merged, base, lambda path: read_draft(str(path), (), (), merged.inputs))
    scenarios = [base, *unlike(found, base)]
    print_ratio("build and write [s]", best(lambda: live_workbook([base]).as_bytes(), 3), 3.0)
    words = f"build and write, {len(scenarios) - 1} structural alternatives [s]"
    print_ratio(words, best(lambda: live_workbook(scenarios).as_bytes(), 3), 3.0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.xlsx"
        subprocess.run(
            [sys.executable, "-m", "netcea", "export", "pnet", "-o", str(path), "--quiet"], check=True, cwd=ROOT
        )
        print_ratio("size, with structural alternatives [MB]", path.stat().st_size / 1e6, 4.0)
        soffice = shutil.which("soffice")
        if soffice:
            home = f"-env:UserInstallation={(Path(folder) / 'home').as_uri()}"
            convert = [soffice, home, "--headless", "--convert-to", "ods", "--outdir", folder]
            nothing = Path(folder) / "nothing.csv"
            nothing.write_text("1\n", encoding="utf-8")
            times = []
            for file in (nothing, nothing, path):
                start = time.perf_counter()
                subprocess.run([*convert, str(file)], check=True, capture_output=True)
                times.append(time.perf_counter() - start)
            print_ratio("LibreOffice: open, recalculate, save; less its start [s]", times[2] - times[1], 10.0)
        else:
            print("  LibreOffice is not installed: recalculation was not timed")
        options = options_with(base.file.analyses.psa, draws=10_000, keep_draws="no", bcea=True, explain=False)
        result = ANALYSES["psa"].run(base, options)
        print_ratio("size with 10,000 draws [MB]", len(live_workbook([base], psa=result).as_bytes()) / 1e6, 12.0)


def print_ratio(name: str, found: float, goal: float) -> None:
    """Print a figure beside its goal."""
    print(f"  {name:<58} {found:6.2f}   goal {goal:5.1f}   ratio {found / goal:5.2f}", flush=True)


if __name__ == "__main__":
    main()
