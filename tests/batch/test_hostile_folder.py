"""A batch folder that somebody hands over runs no code, and makes netcea write and remove nowhere else."""

from __future__ import annotations

import ast
import json
import os
import pickle
import re
import shutil
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from helpers.batch_runs import ROOT, contents, write_batch
from netcea.analyses.psa import analysis as psa_analysis
from netcea.analyses.psa.analysis import Psa
from netcea.batch import run as batch_run
from netcea.batch import units
from netcea.cli.main import main
from netcea.storage.array_file import FIRST_LINE, arrays_as_bytes, arrays_from_bytes
from netcea.storage.file_list import LIST_NAME, list_text

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes as POSIX has them")
DRAWS, ROWS_OF_A_PART = 250, 100
PARTS = 3


class Evil:
    """What runs a command when it is unpickled."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self):
        return os.system, (f"touch '{self.canary}'",)


def evil(canary: Path) -> bytes:
    return pickle.dumps(Evil(canary))


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.chdir(ROOT)
    divide(monkeypatch)


def divide(patch):
    """Divide an analysis of few draws into parts, as one of many draws is."""
    patch.setattr(units, "HEAVY", DRAWS - 1)
    patch.setattr(psa_analysis, "CHUNK", ROWS_OF_A_PART)


def batch(file, out):
    return CliRunner().invoke(main, ["batch", str(file), "--out", str(out), "--workers", "1"])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a batch file, the folder that it ends in, and one in which two parts of the long unit are done."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        divide(patch)
        place = tmp_path_factory.mktemp("made")
        analyses = {"base_case": {}, "psa": {"draws": DRAWS, "explain": False}}
        file = write_batch(place / "b.yaml", scenarios=["pnet"], analyses=analyses, figures=False)
        ran = batch(file, place / "whole")
        assert ran.exit_code == 0, ran.output
        done = []

        def stops(self, *given, keep=batch_run.Store.keep_part):
            keep(self, *given)
            done.append(given)
            if len(done) == 2:
                raise KeyboardInterrupt

        patch.setattr(batch_run.Store, "keep_part", stops)
        stopped = batch(file, place / "stopped")
        assert stopped.exit_code == 130
        assert "goes on from there" in stopped.output
    return file, place / "whole", place / "stopped"


@pytest.fixture
def file(made):
    return made[0]


@pytest.fixture
def undisturbed(made):
    return contents(made[1])


def whole(made, tmp_path):
    """Return a copy of the folder of a batch that is done."""
    return Path(shutil.copytree(made[1], tmp_path / "o"))


def stopped(made, tmp_path):
    """Return a copy of the folder of a batch that was stopped, and its two parts."""
    out = Path(shutil.copytree(made[2], tmp_path / "o"))
    return out, sorted((out / ".netcea_parts").glob("*/*.part"))


@pytest.fixture
def worked(monkeypatch):
    """Return the parts that were worked on."""
    found = []

    def work(self, scenario, options, start, stop, rows=None, *, really=Psa.work):
        if stop - start > 2:
            found.append(start // ROWS_OF_A_PART)
        return really(self, scenario, options, start, stop, rows)

    monkeypatch.setattr(Psa, "work", work)
    return found


# ------------------------------------------------------------------------------------------------ nothing is unpickled


def test_only_one_module_unpickles_and_no_other_loader_that_runs_code_is_used():
    """execution/sealed.py does, after the seal was found right."""
    modules = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "torch", "_pickle"}
    calls = r"\b(eval|exec|compile|__import__)\(|np\.load\(|read_pickle|allow_pickle\s*=\s*True|yaml\.(unsafe_|full_)?load\("
    for path in sorted((ROOT / "model").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        names = set()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names.add((node.module or "").partition(".")[0])
        found = names & modules
        assert not found or path.name == "sealed.py", f"{path}: {found}"
        code = re.sub(r"re\.compile\(", "", text)
        assert not re.search(calls, code), f"{path}: {re.search(calls, code)}"


def test_planted_parts_run_nothing_and_are_done_again(made, file, undisturbed, tmp_path, worked):
    canary, (out, (part, _)) = tmp_path / "canary", stopped(made, tmp_path)
    for index in range(PARTS + 1):
        part.with_name(f"{index:06d}.part").write_bytes(evil(canary))
    ran = batch(file, out)
    assert ran.exit_code == 0, ran.output
    assert not canary.exists()
    assert worked == [0, 1, 2]
    assert {n: d for n, d in contents(out).items() if not n.startswith(".netcea_parts")} == undisturbed


def test_whole_parts_are_not_done_again(made, file, undisturbed, tmp_path, worked):
    out, _ = stopped(made, tmp_path)
    assert batch(file, out).exit_code == 0
    assert worked == [2]
    assert contents(out) == undisturbed
    assert not (out / ".netcea_parts").exists()


def forged(data: bytes, change) -> bytes:
    """Return a part whose SHA-256 is right and whose content somebody changed."""
    about, arrays = arrays_from_bytes(data)
    arrays = {name: array.copy() for name, array in arrays.items()}
    change(about, arrays)
    return arrays_as_bytes(about, arrays)


def cut_rows(about, arrays):
    arrays["costs"] = arrays["costs"][:, :-1]


def not_finite(about, arrays):
    arrays["qalys"][0, 0] = np.nan


def one_more(about, arrays):
    arrays["mine"] = np.zeros(3)


def of_other_strategies(about, arrays):
    about["limits"] = [["other", limit] for _, limit in about["limits"]]


def as_bytes(about, arrays):
    arrays["costs"] = np.frombuffer(arrays["costs"].tobytes(), np.uint8)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data[:100],
        lambda data: b"",
        lambda data: data[:-5] + bytes([data[-5] ^ 1]) + data[-4:],
        lambda data: data + b"\0",
        *(partial(forged, change=f) for f in (cut_rows, not_finite, one_more, of_other_strategies, as_bytes)),
    ],
    ids=["short", "head", "empty", "bit", "long", "rows", "nan", "more", "strategies", "type"],
)
def test_a_damaged_part_is_done_again(made, file, undisturbed, tmp_path, worked, damage):
    out, (first, _) = stopped(made, tmp_path)
    first.write_bytes(damage(first.read_bytes()))
    assert batch(file, out).exit_code == 0
    assert worked == [0, 2]
    assert contents(out) == undisturbed


def test_a_pickle_in_the_place_of_every_file_runs_nothing(made, file, undisturbed, tmp_path):
    out, canary = whole(made, tmp_path), tmp_path / "canary"
    for path in [p for p in out.rglob("*") if p.is_file()]:
        path.write_bytes(evil(canary))
    for command in (
        ["batch", str(file), "--out", str(out), "--workers", "1"],
        ["runs", str(out)],
        *([name, str(out / "pnet" / "psa")] for name in ("show", "psa", "run")),
        ["psa", "--from", str(out / "pnet" / "psa"), "--no-files"],
        ["diff", str(out / "pnet" / "base_case"), "pnet"],
        ["psa", "pnet", "--parameters", str(out / "summary.csv"), "--no-files"],
        ["run", "pnet", "--prices", str(out / "summary.csv"), "--no-files"],
        ["import", str(out / "summary.csv")],
        ["batch", str(out / "summary.csv"), "--out", str(tmp_path / "p")],
    ):
        ran = CliRunner().invoke(main, command)
        assert ran.exit_code in (0, 2), (command, ran.output, ran.exception)
        assert ran.exception is None or isinstance(ran.exception, SystemExit), command
    assert not canary.exists()


# ------------------------------------------------------------------------------------------------ nothing leads elsewhere


def victims(tmp_path) -> Path:
    """Return somebody else's folder, in which names are as netcea's."""
    folder = tmp_path / "victim"
    (folder / "thesis" / "psa").mkdir(parents=True)
    for name in ("thesis/text.txt", "thesis/000000.part", "thesis/psa/unit.json", ".psa.01234567.new", "text.txt"):
        path = folder / name
        if path.suffix == ".new":
            path.mkdir()
            path = path / "text.txt"
        path.write_text("years of work", encoding="utf-8")
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


PLACES = [
    ".netcea_parts",
    ".netcea_parts/KEY",
    "pnet",
    "pnet/psa",
    "pnet/base_case",
    "batch.json",
    "timings.csv",
    "summary.csv",
    "summary.json",
    "failures.csv",
    "manifest.json",
    ".netcea_lock",
]


@pytest.mark.parametrize("kind", ["link", "pipe"])
@pytest.mark.parametrize("place", PLACES)
def test_a_link_or_a_pipe_in_the_folder_is_refused(made, file, tmp_path, place, kind):
    """Both where a batch goes on and where its folder is new but for that."""
    victim, (out, (part, _)) = victims(tmp_path), stopped(made, tmp_path)
    before, key = everything(victim), part.parent.name
    path = out / place.replace("KEY", key)
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.parent.mkdir(exist_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(victim if path.suffix not in (".csv", ".json") and "lock" not in place else victim / "text.txt")
    ran = batch(file, out)
    assert ran.exit_code == 2, ran.output
    assert place.replace("KEY", key) in ran.output or place == "batch.json", ran.output
    assert everything(victim) == before
    assert path.is_symlink() == (kind == "link")


def test_all_links_are_named_at_once(made, file, tmp_path):
    out = whole(made, tmp_path)
    for name in ("summary.csv", "manifest.json", "timings.csv"):
        (out / name).unlink()
        (out / name).symlink_to(tmp_path / "elsewhere")
    ran = batch(file, out)
    assert ran.exit_code == 2
    assert "3 problems" in ran.output
    assert not (tmp_path / "elsewhere").exists()


def test_what_netcea_did_not_write_is_not_removed(made, file, undisturbed, tmp_path):
    """Folders that are named as temporary ones, files among parts, units that somebody added to, linked folders."""
    victim, out = victims(tmp_path), whole(made, tmp_path)
    mine = [
        ".netcea_parts/thesis/text.txt",
        f".netcea_parts/{'0' * 64}/000000.part",
        f".netcea_parts/{'1' * 64}/text.txt",
        "pnet/.thesis.new/text.txt",
        "pnet/.thesis.01234567.new/text.txt",
        "old/.thesis.01234567.new/text.txt",
        "old/psa/text.txt",
        ".netcea-thesis.tmp",
        ".netcea-fedcba9876543210.tmp",
        "pnet/.netcea-fedcba9876543210.tmp",
        ".netcea-0123456789abcdef.tmp/text.txt",
    ]
    for name in mine:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text("years of work", encoding="utf-8")
    (out / "linked").symlink_to(victim)
    (out / ".netcea_parts" / ("2" * 64)).symlink_to(victim / "thesis")
    before = everything(victim)
    ran = batch(file, out)
    assert ran.exit_code == 0, ran.output
    assert [name for name in mine if not (out / name).exists()] == []
    assert everything(victim) == before
    assert (out / "linked").is_symlink()


def gone():
    """Return the number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_what_a_kill_left_is_removed(made, file, undisturbed, tmp_path):
    """Parts of a unit that is not asked for, a file and a folder that were being written, a unit no longer asked for."""
    out = whole(made, tmp_path)
    shutil.copytree(out / "pnet", out / "gone")
    part = out / ".netcea_parts" / ("0" * 64) / "000001.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(FIRST_LINE + b"\nabc")
    (out / ".netcea-0123456789abcdef.tmp").write_text("half")
    lock = {"pid": gone(), "host": socket.gethostname(), "run": "0", "wrote": ["89abcdef", "01234567"]}
    (out / ".netcea_lock").write_text(json.dumps(lock))
    new = out / "pnet" / ".psa.01234567.new"
    (new / "tables").mkdir(parents=True)
    (new / LIST_NAME).write_text(list_text({"tables/a.csv": "0" * 64, "b.csv": "0" * 64}))
    (new / "tables" / "a.csv").write_text("half")
    assert batch(file, out).exit_code == 0
    assert contents(out) == undisturbed
    assert sorted(p.name for p in out.iterdir() if p.is_dir()) == ["pnet"]
    assert not new.exists()


def test_a_file_with_another_name_elsewhere_is_not_written_through(made, file, undisturbed, tmp_path):
    out, victim = whole(made, tmp_path), tmp_path / "diary.csv"
    for name in ("timings.csv", "summary.csv", "batch.json"):
        (out / name).unlink()
    marker = made[1] / "batch.json"
    victim.write_text("mine", encoding="utf-8")
    os.link(victim, out / "timings.csv")
    os.link(victim, out / "summary.csv")
    shutil.copy(marker, tmp_path / "marker")
    os.link(tmp_path / "marker", out / "batch.json")
    shutil.rmtree(out / "pnet" / "base_case")
    assert batch(file, out).exit_code == 0
    assert victim.read_text(encoding="utf-8") == "mine"
    assert contents(out) == undisturbed


@pytest.mark.parametrize("name", ["../../../text.txt", "/etc/passwd", "tables/../../x", "a//b", LIST_NAME])
def test_a_list_that_names_other_places_is_refused(made, file, undisturbed, tmp_path, name):
    out = whole(made, tmp_path)
    (out / "pnet" / "psa" / LIST_NAME).write_text(list_text({name: "0" * 64}))
    ran = batch(file, out)
    assert ran.exit_code == 2
    assert f"the entry {name!r}" in ran.output
    assert (out / "pnet" / "psa" / "results.json").exists()
