"""Batches that are killed, interrupted, or have no room: started again, they end in the bytes of an undisturbed run."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from helpers.batch_runs import ROOT, begin, command, contents, finished_units, run, write_batch
from helpers.processes import PATIENCE, children_of, is_alive, kill, kill_group, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and /proc as Linux has them")

SCENARIOS = [f"../sensitivity/pnet_{name}.yaml" for name in ("os_no_effect", "horizon_5_years")]
DRAWS = "3000"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    names = ["pnet", "epnet", *(str(ROOT / "scenarios" / "batches" / name) for name in SCENARIOS)]
    return write_batch(tmp_path_factory.mktemp("faults") / "b.yaml", scenarios=names)


@pytest.fixture(scope="module")
def whole(file, tmp_path_factory):
    """The folder that an undisturbed run ends in; tests copy it."""
    out = tmp_path_factory.mktemp("undisturbed") / "o"
    ran = run(file, out, "--draws", DRAWS, "--workers", "2")
    assert ran.returncode == 0, ran.stderr
    assert len(finished_units(out)) == 8
    return out


@pytest.fixture(scope="module")
def undisturbed(whole):
    return contents(whole)


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """A batch of one unit, for what does not depend on the number."""
    return write_batch(tmp_path_factory.mktemp("short") / "b.yaml", scenarios=["pnet"], analyses={"base_case": {}})


def ends_the_same(file, out, undisturbed, *options):
    ran = run(file, out, "--draws", DRAWS, "--workers", "2", *options)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert contents(out) == undisturbed
    assert not [p for p in out.rglob("*") if p.name.endswith((".new", ".old", ".tmp"))]
    return ran


def kill_again_and_again(file, out, moments):
    """Kill the main process at some moments; return how many units each new start found done."""
    found = []
    for moment in moments:
        done = {p: p.stat().st_ino for p in finished_units(out)}
        process = begin(file, out, "--draws", DRAWS, "--workers", "2")
        if callable(moment):
            wait_until(lambda p=process, m=moment: m() or p.poll() is not None)
        else:
            time.sleep(moment)
        workers = children_of(process.pid)
        kill(process)
        process.communicate()
        assert wait_until(lambda w=workers: not any(is_alive(pid) for pid in w)), "workers without a master"
        assert {p: p.stat().st_ino for p in done} == done, "what was finished is done again or gone"
        found.append(len(done))
    return found


@pytest.mark.slow
def test_killed_when_some_units_are_done_it_goes_on(file, undisturbed, tmp_path):
    out = tmp_path / "o"
    found = kill_again_and_again(
        file, out, [lambda: len(finished_units(out)) >= 2, lambda: len(finished_units(out)) >= 5]
    )
    assert found[1] >= 2
    ran = ends_the_same(file, out, undisturbed)
    assert " had been done before" in ran.stdout
    assert "0 had been done before" not in ran.stdout


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_killed_at_random_moments_it_ends_in_the_same_bytes(file, undisturbed, tmp_path, seed):
    moments = np.random.default_rng(seed).uniform(0.3, 2.5, 5)
    kill_again_and_again(file, tmp_path / "o", list(moments))
    ends_the_same(file, tmp_path / "o", undisturbed)


@pytest.mark.slow
def test_killed_amid_the_parts_of_a_long_analysis(tmp_path):
    file = write_batch(tmp_path / "b.yaml", scenarios=["pnet"], analyses={"psa": {"draws": 60_000, "explain": False}})
    assert run(file, tmp_path / "whole", "--workers", "2").returncode == 0
    out = tmp_path / "o"

    def parts():
        return list((out / ".netcea_parts").glob("*/*.part"))

    for least in (1, 8):
        process = begin(file, out, "--workers", "2")
        wait_until(lambda n=least, p=process: len(parts()) >= n or p.poll() is not None)
        kill(process)
        process.communicate()
    kept = {p: p.stat().st_ino for p in parts()}
    assert kept
    assert run(file, out, "--workers", "2").returncode == 0
    assert contents(out) == contents(tmp_path / "whole")
    assert not (out / ".netcea_parts").exists()


@pytest.mark.slow
@pytest.mark.parametrize("which", [0, 1])
def test_a_worker_that_is_killed_costs_its_task_only(file, undisturbed, tmp_path, which):
    out = tmp_path / "o"
    process = begin(file, out, "--draws", DRAWS, "--workers", "2")
    assert wait_until(lambda: len(children_of(process.pid)) == 2)
    time.sleep(0.05 + 0.2 * which)
    os.kill(children_of(process.pid)[which], signal.SIGKILL)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert contents(out) == undisturbed


@pytest.mark.slow
@pytest.mark.parametrize("again", [False, True])
def test_ctrl_c_ends_it_and_it_goes_on(file, undisturbed, tmp_path, again):
    out = tmp_path / "o"
    process = begin(file, out, "--draws", DRAWS, "--workers", "2")
    wait_until(lambda: len(finished_units(out)) >= 1)
    workers = children_of(process.pid)
    kill_group(process, signal.SIGINT)
    if again:
        time.sleep(0.02)
        kill_group(process, signal.SIGINT)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode in ((130,) if not again else (130, -signal.SIGINT)), said
    assert "Traceback" not in said
    if not again:
        assert "goes on from there" in said
    assert wait_until(lambda: not any(is_alive(pid) for pid in workers))
    ends_the_same(file, out, undisturbed)


def limited_files(size):
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@pytest.mark.slow
def test_a_full_disk_is_said_and_nothing_is_half_written(file, undisturbed, tmp_path):
    """Files can grow to 12 kB only: writing fails as on a full disk."""
    out = tmp_path / "o"
    ran = run(file, out, "--draws", DRAWS, "--workers", "2", preexec_fn=limited_files(12_000))
    assert ran.returncode != 0
    assert "Traceback" not in ran.stdout + ran.stderr
    assert "too large" in ran.stderr.lower() or "no space" in ran.stderr.lower(), ran.stderr
    assert not [p for p in finished_units(out) if len(list(p.parent.iterdir())) < 4]
    ends_the_same(file, out, undisturbed)


@pytest.mark.slow
def test_a_really_full_disk(file, undisturbed, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no right to mount a small disk")
    try:
        ran = run(file, disk / "o", "--draws", DRAWS, "--workers", "2")
        assert ran.returncode != 0
        assert "Traceback" not in ran.stdout + ran.stderr
        assert "no space left" in ran.stderr.lower(), ran.stderr
        subprocess.run(["mount", "-o", "remount,size=50m", str(disk)], check=True)
        ends_the_same(file, disk / "o", undisturbed)
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def without_privileges(program):
    """Return the command that runs a program for which what may not be written may not be written, root or not."""
    if os.geteuid():
        return program
    if not shutil.which("setpriv"):
        pytest.skip("root, and no setpriv to run without privileges")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *program]


@pytest.mark.parametrize("new", [pytest.param(True, marks=pytest.mark.slow), False])
def test_a_folder_that_may_not_be_written_to(file, whole, tmp_path, new):
    out = tmp_path / "locked"
    if new:
        out.mkdir()
    else:
        shutil.copytree(whole, out)
    before = contents(out)
    out.chmod(0o555)
    try:
        program = without_privileges(command(file, out / "o" if new else out, "--draws", "101"))
        ran = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    finally:
        out.chmod(0o755)
    assert ran.returncode == 2, ran.stdout + ran.stderr
    assert "may not write" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert contents(out) == before
    assert not (out / ".netcea_lock").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["summary.csv", "manifest.json", "pnet", "timings.csv"])
def test_something_else_in_the_place_of_an_output(file, whole, undisturbed, tmp_path, name):
    """A folder where a file should be, or a file where a folder should be."""
    out = shutil.copytree(whole, tmp_path / "o")
    place = out / name
    if place.is_dir():
        shutil.rmtree(place)
        place.write_text("mine", encoding="utf-8")
    else:
        place.unlink()
        place.mkdir()
        (place / "mine.txt").write_text("mine", encoding="utf-8")
    ran = run(file, out, "--draws", "2999" if name == "timings.csv" else DRAWS, "--workers", "2")
    assert ran.returncode in (1, 2), ran.stdout + ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr
    assert name in ran.stderr
    assert (place.read_text(encoding="utf-8") if place.is_file() else (place / "mine.txt").read_text()) == "mine"
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    ends_the_same(file, out, undisturbed)


def test_two_at_once_in_one_folder(short, tmp_path):
    out = tmp_path / "o"
    first = begin(short, out)
    assert wait_until((out / ".netcea_lock").exists)
    kill(first, signal.SIGSTOP)  # still at work, however slow the second is
    second = run(short, out)
    kill(first, signal.SIGCONT)
    assert second.returncode == 2
    assert "at work in it" in second.stderr
    said, _ = first.communicate(timeout=PATIENCE)
    assert first.returncode == 0, said
    assert len(finished_units(out)) == 1


def test_the_lock_of_a_process_that_is_gone_is_not_in_the_way(short, tmp_path):
    out = tmp_path / "o"
    process = begin(short, out)
    wait_until((out / ".netcea_lock").exists)
    kill(process)
    process.communicate()
    assert (out / ".netcea_lock").exists()
    ran = run(short, out)
    assert ran.returncode == 0, ran.stderr
    assert len(finished_units(out)) == 1
    assert not (out / ".netcea_lock").exists()
