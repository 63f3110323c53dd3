"""Everything that is measured, in the order of the table."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from benchmarks.calibration import calibrated, loop_seconds
from benchmarks.case import CannotRunError, Case, Found, Here
from benchmarks.processes import KERNEL, ROOT, netcea, output, spent
from benchmarks.side_by_side import measured
from benchmarks.work import BARE, IN_BLOCKS, REPLICATED

Command = Callable[[Path], Sequence[str]]
"""Of a folder for what is written: the arguments of a command."""


def in_process(work: str) -> Callable[[Here], Found]:
    """Measure a registered piece of work beside its peers, by NumPy alone."""
    return partial(measured, work, **{KERNEL: "numpy"})


def compiled(work: str, here: Here) -> Found:
    """Measure a registered piece of work beside its peers, by the compiled kernel."""
    if find_spec("netcea.kernel") is None:
        raise CannotRunError("this program has no compiled kernel")
    if find_spec("numba") is None:
        raise CannotRunError("numba is not installed: pip install 'netcea[fast]'")
    return measured(work, here, **{KERNEL: "compiled"})


def writing(*arguments: str) -> Command:
    """Return a command that writes into a folder of its own and prints nothing."""
    return lambda folder: [*arguments, "--out", str(folder / "out"), "--quiet"]


def as_it_is(*arguments: str) -> Command:
    """Return a command that writes nothing."""
    return lambda folder: arguments


def cold(command: Command, here: Here, *, by_wall: bool = False) -> Found:
    """Measure a command in fresh processes, each with a new folder: calibrated CPU seconds, or wall seconds.

    Of several samples the first one, which reads and compiles what the others find, does not count.
    """
    if here.repeats > 1:
        spent(netcea(*command(here.folder / "warm")), here.env)
    samples, loops, wall = [], [], []
    for number in range(here.repeats):
        folder = here.folder / str(number)
        before = loop_seconds()
        took = spent(netcea(*command(folder)), here.env)
        beside = (before, loop_seconds())
        shutil.rmtree(folder, ignore_errors=True)
        samples.append(calibrated(took.wall if by_wall else took.cpu, beside))
        loops.append(sum(beside) / 2)
        wall.append(took.wall)
    return Found(tuple(samples), loops=tuple(loops), wall=tuple(wall))


def memory(command: Command, here: Here) -> Found:
    """Measure the largest memory of a command and its workers together [MB]."""
    if sys.platform == "win32":
        raise CannotRunError("Windows does not tell the memory of ended processes")
    took = [spent(netcea(*command(here.folder / str(n))), here.env, watch=True) for n in range(here.repeats)]
    return Found(tuple(one.peak for one in took), wall=tuple(one.wall for one in took))


def from_rows(here: Here) -> Found:
    """Measure `psa` of 100,000 rows of parameters of the pNET base case from a CSV file, which is made first."""
    rows = here.folder / "rows.csv"
    output([sys.executable, "-m", "benchmarks.external_rows", str(rows), "100000"], here.env)
    return cold(writing("psa", "pnet", "--parameters", str(rows), "--no-figures"), here)


def exported(here: Here, *more: str) -> Path:
    """Return a live workbook of the pNET base case."""
    path = here.folder / "model.xlsx"
    spent(netcea("export", "pnet", "-o", str(path), "--quiet", *more), here.env)
    return path


def size(here: Here, *more: str) -> Found:
    """Measure the size of a live workbook [MB]."""
    return Found((exported(here, *more).stat().st_size / 1e6,))


def recalculated(here: Here) -> Found:
    """Measure LibreOffice: open, recalculate and save a live workbook, less the same with a file of one number."""
    soffice = shutil.which("soffice")
    if not soffice:
        raise CannotRunError("LibreOffice is not installed")
    path, nothing = exported(here), here.folder / "nothing.csv"
    nothing.write_text("1\n", encoding="utf-8")
    home = f"-env:UserInstallation={(here.folder / 'home').as_uri()}"
    convert = [soffice, home, "--headless", "--convert-to", "ods", "--outdir", str(here.folder)]
    spent([*convert, str(nothing)], here.env)
    samples, loops, wall = [], [], []
    for _ in range(here.repeats):
        before = loop_seconds()
        empty, whole = (spent([*convert, str(file)], here.env) for file in (nothing, path))
        beside = (before, loop_seconds())
        samples.append(calibrated(whole.cpu - empty.cpu, beside))
        loops.append(sum(beside) / 2)
        wall.append(whole.wall - empty.wall)
    return Found(tuple(samples), loops=tuple(loops), wall=tuple(wall))


ENGINE, CURVES, COMMANDS, MEMORY, PIECES, WORKBOOK = (
    "Engine [calibrated CPU microseconds a row]",
    "Survival functions [calibrated CPU microseconds a row]",
    "Commands, cold, with what they write [calibrated CPU seconds]",
    "Peak memory of a command and its workers [MB]",
    "Statistics [calibrated CPU seconds]",
    "Live workbook, pNET base case [calibrated CPU seconds, MB]",
)
CALLS = f"bare curve calls, {IN_BLOCKS}"
WEEKLY, DAILY = ("--set", "settings.cycle_days=7"), ("--set", "settings.cycle_days=1")
NO_FIGURES = "--no-figures"
BATCH = 2 + len([*(ROOT / "scenarios" / "sensitivity").glob("*.yaml")])
"""Scenarios of the batch: the base cases and those that test them."""
OF_BATCH = round(20.0 * BATCH / 157, 1)
"""Its limit, which was 20 s when there were 157."""


def command(name: str, limit: float | None, what: Command, **more) -> Case:
    """Return a case of a cold command."""
    return Case(COMMANDS, name, "s", partial(cold, what), limit, **more)


def once(name: str, limit: float, what: Command, *, by_wall: bool = False) -> Case:
    """Return a case of a command that takes minutes: measured once, and only by `--all`."""
    measure = partial(cold, what, by_wall=by_wall)
    return Case(COMMANDS, name, "s (wall)" if by_wall else "s", measure, limit, repeats=1, quick=False, on_demand=True)


def engine(name: str, work: str, limit: float, limit_compiled: float, peer: str) -> Iterator[Case]:
    """Yield the case of a piece of work by NumPy and that by the compiled kernel, which is optional."""
    yield Case(ENGINE, name, "us a row", in_process(work), limit, peer)
    yield Case(ENGINE, f"{name}, compiled", "us a row", partial(compiled, work), limit_compiled, peer)


CASES = (
    *engine("simulate pNET, 28-day cycles, 10,000 rows", "simulate_28", 2.0, 1.4, CALLS),
    *engine("simulate pNET, 7-day cycles, 2,500 rows", "simulate_7", 2.5, 2.5, CALLS),
    *engine("simulate pNET, 1-day cycles, 400 rows", "simulate_1", 2.5, 2.5, CALLS),
    *engine("common workload, 10,000 x 480 months", "common_workload", 1.0, 1.0, f"plain NumPy, {IN_BLOCKS}"),
    *engine("generalised gamma model, 2,000 rows", "generalised_gamma_model", 1.0, 1.0, f"plain SciPy, {IN_BLOCKS}"),
    *(
        Case(
            CURVES,
            f"survival at 523 times: {family.replace('_', ' ')}",
            "us a row",
            in_process(f"survival_{family}"),
            1.5,
            f"bare function, {IN_BLOCKS}",
        )
        for family in BARE
    ),
    command("--help", 0.06, as_it_is("--help")),
    command("run pnet, no figures, no workbook", 0.7, writing("run", "pnet", NO_FIGURES, "--no-workbook")),
    command("run pnet, everything", 2.0, writing("run", "pnet")),
    command("run pnet epnet, everything", 3.5, writing("run", "pnet", "epnet"), quick=False),
    command("psa pnet, 10,000 draws, no figures", 1.0, writing("psa", "pnet", NO_FIGURES)),
    command("psa pnet, 10,000 draws, figures", 2.2, writing("psa", "pnet")),
    command("psa pnet, 10,000 draws, 7-day cycles, no figures", 2.5, writing("psa", "pnet", *WEEKLY, NO_FIGURES)),
    once("psa pnet, 1,000,000 draws, no figures", 50.0, writing("psa", "pnet", "--draws", "1000000", NO_FIGURES)),
    Case(COMMANDS, "psa pnet, 100,000 rows from a CSV file", "s", from_rows, repeats=1, quick=False, on_demand=True),
    command("voi pnet, 10,000 draws, no figures", 3.0, writing("voi", "pnet", NO_FIGURES), repeats=3),
    command("export pnet", 2.2, lambda folder: ("export", "pnet", "-o", str(folder / "m.xlsx"), "--quiet")),
    command("check pnet", 0.8, as_it_is("check", "pnet", "--quiet")),
    command("sweep pnet, 7 x 7 families", 10.0, writing("sweep", "pnet"), repeats=1),
    command("one-way pnet", None, writing("one-way", "pnet"), repeats=3),
    once(
        f"batch sensitivity: {BATCH} scenarios x 1,000 draws", OF_BATCH, writing("batch", "sensitivity"), by_wall=True
    ),
    Case(MEMORY, "psa pnet, 10,000 draws", "MB", partial(memory, writing("psa", "pnet", NO_FIGURES)), 130.0, repeats=3),
    Case(
        MEMORY,
        "psa pnet, 1,000 draws, 1-day cycles",
        "MB",
        partial(memory, writing("psa", "pnet", "--draws", "1000", *DAILY, NO_FIGURES)),
        150.0,
        repeats=1,
    ),
    Case(
        MEMORY,
        "voi pnet, 50,000 draws",
        "MB",
        partial(memory, writing("voi", "pnet", "--draws", "50000", NO_FIGURES)),
        200.0,
        repeats=1,
        quick=False,
    ),
    *(
        Case(PIECES, f"EVPPI by regression, 10,000 draws, {words}", "s", in_process(f"evppi_{k}"))
        for k, words in ((1, "1 quantity"), (2, "2 quantities"), (3, "3 quantities"))
    ),
    *(
        Case(PIECES, f"maximum likelihood, 300 patients, {words}", "s", in_process(f"fit_{work}"), limit)
        for words, work, limit in (
            ("7 families", "families", None),
            ("9 splines", "splines", None),
            ("families and splines", "all", 1.5),
        )
    ),
    *(
        Case(
            PIECES,
            f"1,000 bootstrap replicates, 300 patients, {family.replace('_', ' ')}",
            "s",
            in_process(f"bootstrap_{family}"),
            10.0,
            repeats=3,
        )
        for family in REPLICATED
    ),
    Case(WORKBOOK, "build and write", "s", in_process("workbook"), 3.0, repeats=3),
    Case(WORKBOOK, "the same with structural alternatives", "s", in_process("workbook_structural"), 3.0, repeats=3),
    Case(WORKBOOK, "size, with structural alternatives", "MB", size, 4.0, repeats=1),
    Case(WORKBOOK, "size with 10,000 draws", "MB", lambda here: size(here, "--psa"), 12.0, repeats=1, quick=False),
    Case(WORKBOOK, "LibreOffice: open, recalculate, save; less its start", "s", recalculated, 10.0, repeats=2),
)
