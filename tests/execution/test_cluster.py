"""A Dask cluster gives the same bytes, and a worker that dies costs its task only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from helpers.batch_runs import ROOT, begin, contents, run, write_batch
from helpers.cluster_tasks import Cluster, begin_and_wait, die, digest_after, divide, double_after
from helpers.processes import PATIENCE, children_of, is_alive, kill_group, wait_until
from netcea import load
from netcea.errors import InputError
from netcea.execution import cluster
from netcea.execution.task import Task
from netcea.execution.workers import completed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes and /proc as Linux has them")
dask = pytest.mark.skipif(
    not __import__("importlib.util").util.find_spec("distributed"), reason="needs netcea[cluster]"
)


@pytest.fixture(scope="module")
def steady(tmp_path_factory):
    """A cluster of which nobody kills anything."""
    made = Cluster(tmp_path_factory.mktemp("steady"))
    made.wait_for_workers()
    yield made
    made.close()


@pytest.fixture(params=[False, True], ids=["bare", "nanny"])
def mortal(tmp_path, request):
    made = Cluster(tmp_path, nanny=request.param)
    made.wait_for_workers()
    yield made
    made.close()


def worker_process(made, index=0):
    """Return the process that works: with a nanny, her child."""
    process = made.workers[index]
    if not made.nanny:
        return process.pid
    working = [pid for pid in children_of(process.pid) if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()]
    return working[0]


@dask
@pytest.mark.slow
def test_a_cluster_writes_the_same_bytes(steady, tmp_path):
    file = write_batch(tmp_path / "b.yaml")
    here = run(file, tmp_path / "here", "--workers", "1")
    there = run(file, tmp_path / "there", "--scheduler", steady.address)
    assert (here.returncode, there.returncode) == (0, 0), here.stderr + there.stderr
    assert there.stderr == here.stderr
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


@dask
@pytest.mark.slow
def test_parts_of_a_long_analysis_on_a_cluster_and_after_a_kill_elsewhere(steady, tmp_path):
    """Begun here, killed, and finished on the cluster."""
    file = write_batch(tmp_path / "b.yaml", scenarios=["pnet"], analyses={"psa": {"draws": 50_000, "explain": False}})
    assert run(file, tmp_path / "here", "--workers", "2").returncode == 0
    out = tmp_path / "o"
    process = begin(file, out, "--workers", "2")
    wait_until(lambda: len(list(out.glob(".netcea_parts/*/*.part"))) >= 3 or process.poll() is not None)
    process.kill()
    process.communicate()
    ran = run(file, out, "--scheduler", steady.address)
    assert ran.returncode == 0, ran.stderr
    assert contents(out) == contents(tmp_path / "here")


@dask
def test_what_goes_wrong_in_one_task_is_reported_and_the_others_go_on(steady):
    tasks = [Task("zero", divide, (1, 0)), *[Task(str(i), double_after, (i, 0)) for i in range(20)]]
    found = {item.key: item for item in completed(tasks, scheduler=steady.address)}
    assert "ZeroDivisionError" in found.pop("zero").error
    assert {key: item.value for key, item in found.items()} == {str(i): 2 * i for i in range(20)}


@dask
@pytest.mark.slow
def test_a_worker_that_is_killed_costs_its_task_only(mortal, tmp_path):
    begun = tmp_path / "begun"
    begun.mkdir()
    tasks = [Task(str(i), begin_and_wait, (str(begun), i, 0.2)) for i in range(20)]
    found = []
    with closing(completed(tasks, scheduler=mortal.address)) as done:
        for item in done:
            found.append(item)
            if len(found) == 4:
                os.kill(worker_process(mortal), signal.SIGKILL)
    assert {item.key: item.value for item in found} == {str(i): 2 * i for i in range(20)}
    assert len(found) == 20
    times = [len(list(begun.glob(f"{i}-*"))) for i in range(20)]
    assert max(times) <= 2
    assert sum(times) <= 20 + cluster.AHEAD * 2


@dask
@pytest.mark.slow
@pytest.mark.parametrize("which", [0, 1])
def test_a_scenario_that_was_sent_to_a_worker_that_dies_is_sent_again(mortal, which):
    """One of the two holds the only copy."""
    scenario = load("pnet")
    tasks = [Task(str(i), digest_after, (scenario, 0.1)) for i in range(30)]
    found = []
    with closing(completed(tasks, scheduler=mortal.address)) as done:
        for item in done:
            found.append(item)
            if len(found) == 3:
                os.kill(worker_process(mortal, which), signal.SIGKILL)
    assert [item.error for item in found] == [""] * 30
    assert {item.value for item in found} == {scenario.digest}


@dask
@pytest.mark.slow
@pytest.mark.parametrize("which", [0, 1])
def test_results_that_a_worker_takes_with_it_are_computed_again(mortal, which):
    """All that was handed out is done when the worker dies, its results and what it needs are there alone."""
    scenario = load("pnet")
    tasks = [Task(str(i), digest_after, (scenario, 0.0)) for i in range(30)]
    found = []
    with closing(completed(tasks, scheduler=mortal.address)) as done:
        found.append(next(done))
        time.sleep(2.0)  # the others come meanwhile, and stay where they are
        os.kill(worker_process(mortal, which), signal.SIGKILL)
        time.sleep(1.0)  # for the scheduler to see it
        found.extend(done)
    assert [item.error for item in found] == [""] * 30
    assert sorted(item.key for item in found) == sorted(task.key for task in tasks)
    assert {item.value for item in found} == {scenario.digest}


@dask
@pytest.mark.slow
def test_a_task_that_kills_its_workers_is_given_up(tmp_path):
    made = Cluster(tmp_path, nanny=True)
    try:
        made.wait_for_workers()
        tasks = [Task("dies", die, (str(tmp_path),)), *[Task(str(i), double_after, (i, 0.01)) for i in range(20)]]
        found = {item.key: item for item in completed(tasks, scheduler=made.address)}
    finally:
        made.close()
    assert "the cluster gave it up" in found.pop("dies").error
    assert {key: item.value for key, item in found.items()} == {str(i): 2 * i for i in range(20)}


@dask
@pytest.mark.slow
def test_a_batch_whose_worker_is_killed_has_the_same_bytes(mortal, tmp_path):
    file = write_batch(tmp_path / "b.yaml", analyses={"base_case": {}, "psa": {"draws": 50_000, "explain": False}})
    assert run(file, tmp_path / "here", "--workers", "2").returncode == 0
    process = begin(file, tmp_path / "there", "--scheduler", mortal.address)
    parts = tmp_path / "there" / ".netcea_parts"
    assert wait_until(lambda: len(list(parts.glob("*/*.part"))) >= 2 or process.poll() is not None)
    os.kill(worker_process(mortal), signal.SIGKILL)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


@dask
@pytest.mark.slow
def test_ctrl_c_and_again(steady, tmp_path):
    file = write_batch(tmp_path / "b.yaml", analyses={"base_case": {}, "psa": {"draws": 50_000, "explain": False}})
    assert run(file, tmp_path / "here", "--workers", "2").returncode == 0
    out = tmp_path / "there"
    process = begin(file, out, "--scheduler", steady.address)
    assert wait_until(lambda: list(out.glob(".netcea_parts/*/*.part")) or process.poll() is not None)
    kill_group(process, signal.SIGINT)
    time.sleep(0.1)
    kill_group(process, signal.SIGINT)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, said
    assert "goes on from there" in said
    assert "Traceback" not in said
    ran = run(file, out, "--scheduler", steady.address)
    assert ran.returncode == 0, ran.stderr
    assert contents(out) == contents(tmp_path / "here")


@dask
@pytest.mark.slow
def test_a_scheduler_that_dies_is_said_in_words(tmp_path):
    made = Cluster(tmp_path, workers=1)
    try:
        made.wait_for_workers(1)
        tasks = (Task(str(i), double_after, (i, 0.05)) for i in range(100_000))
        with closing(completed(tasks, scheduler=made.address)) as done:
            next(done)
            os.kill(made.scheduler.pid, signal.SIGKILL)
            with pytest.raises(InputError, match="no longer answers"):
                list(done)
    finally:
        made.close()


@dask
@pytest.mark.slow
def test_a_batch_whose_scheduler_dies_stops_and_goes_on(tmp_path):
    file = write_batch(tmp_path / "b.yaml", scenarios=["pnet"], analyses={"psa": {"draws": 200_000, "explain": False}})
    made, out = Cluster(tmp_path, workers=1), tmp_path / "o"
    try:
        made.wait_for_workers(1)
        process = begin(file, out, "--scheduler", made.address)
        assert wait_until(lambda: list(out.glob(".netcea_parts/*/*.part")) or process.poll() is not None)
        os.kill(made.scheduler.pid, signal.SIGKILL)
        said, _ = process.communicate(timeout=PATIENCE)
    finally:
        made.close()
    assert process.returncode == 2, said
    assert "Traceback" not in said
    assert "Stopped" in said
    assert "the same command goes on" in said


@dask
@pytest.mark.slow
def test_a_cluster_without_workers_says_how_many_it_waits_for(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(cluster, "WORKERS_WITHIN", 1.0)
    monkeypatch.setattr(cluster, "LOOK", 0.2)
    made = Cluster(tmp_path, workers=0)
    try:
        with pytest.raises(InputError, match=r"0 workers at .* after 1 s; expected at least 1; start some: dask"):
            list(completed([Task("a", double_after, (1, 0))], scheduler=made.address))
    finally:
        made.close()
    assert "Waiting for 1 worker" in capfd.readouterr().err


# ------------------------------------------------------------------------------------------------ no cluster


@dask
@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1:9", "nowhere.json"])
def test_an_address_where_nobody_answers(tmp_path, monkeypatch, address):
    monkeypatch.setattr(cluster, "ANSWER", 0.3)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="the address of a Dask scheduler") as raised:
        list(completed([Task("a", divide, (1, 1))], scheduler=address))
    assert raised.value.problems[0].file == "option --scheduler"
    assert address in str(raised.value)


@pytest.mark.parametrize("begun", ["", '{"address": "tcp://', "{}"])
def test_a_scheduler_file_that_is_still_being_written(tmp_path, begun):
    file = tmp_path / "scheduler.json"
    file.write_text(begun)
    later = threading.Timer(0.2, file.write_text, ['{"address": "tcp://10.0.0.5:8786"}'])
    later.start()
    assert cluster._in_file(str(file)) == "tcp://10.0.0.5:8786"
    later.join()


@dask
@pytest.mark.slow
def test_the_command_says_that_nobody_answers(tmp_path):
    ran = run(write_batch(tmp_path / "b.yaml"), tmp_path / "o", "--scheduler", "tcp://127.0.0.1:9")
    assert ran.returncode == 2
    assert "option --scheduler" in ran.stderr
    assert "tcp://127.0.0.1:9" in ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr
    assert not list((tmp_path / "o").glob("*/*"))


def test_without_dask_the_command_says_what_to_install(tmp_path):
    file = write_batch(tmp_path / "b.yaml", scenarios=["pnet"], analyses={"base_case": {}})
    program = "import sys; sys.modules['distributed'] = None; from netcea.cli.main import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", program, "batch", str(file), "--out", str(tmp_path / "o"), "--scheduler", "tcp://h:1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert 'python -m pip install "netcea[cluster]"' in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not list((tmp_path / "o").glob("*/*"))


@dask
@pytest.mark.slow
def test_workers_with_another_version_are_refused(steady, monkeypatch):
    monkeypatch.setattr(cluster, "__version__", "9.9")
    with pytest.raises(InputError, match="workers with netcea"):
        list(completed([Task("a", divide, (1, 1))], scheduler=steady.address))


@dask
@pytest.mark.slow
def test_no_process_of_the_batch_stays(steady, tmp_path):
    process = begin(write_batch(tmp_path / "b.yaml"), tmp_path / "o", "--scheduler", steady.address)
    seen = set()
    while process.poll() is None:
        seen.update(children_of(process.pid))
        time.sleep(0.02)
    process.communicate()
    assert process.returncode == 0
    assert wait_until(lambda: not any(is_alive(pid) for pid in seen))
