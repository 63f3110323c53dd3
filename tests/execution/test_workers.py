"""Tasks in processes: whatever dies, every task is done once or reported once, and no process outlives its master."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing

import pytest

from helpers.processes import PATIENCE, children_of, is_alive, wait_until
from helpers.sample_of import mostly_slow
from netcea import load
from netcea.analyses import analysis as core
from netcea.analyses.registry import ANALYSES
from netcea.errors import InputError, Problem
from netcea.execution import workers
from netcea.execution.task import Done, Task
from netcea.execution.workers import AHEAD, ATTEMPTS, completed
from netcea.scenario.options import PsaOptions

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="processes and /proc as Linux has them"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]


LONG = 3600.0
"""Seconds that nobody waits for."""


def dice_of(seed):
    return random.Random(seed)


def double(x):
    return 2 * x


def digest_of(scenario, _number):
    return scenario.digest


def wait_and_double(x, seconds):
    time.sleep(seconds)
    return 2 * x


def note(path, text):
    """Add a line to a file, from any process."""
    descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    os.write(descriptor, f"{text}\n".encode())
    os.close(descriptor)


def die(path, times):
    """Kill the process that works on this, the first so many times."""
    note(path, "begun")
    if len(path.read_text().splitlines()) <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def noted_double(path, x):
    note(path, x)
    return 2 * x


def divide(x, y):
    return x / y


def refuse(address):
    raise InputError(Problem("a.yaml", 3, address, "nothing", "something"))


def by_key(done):
    done = list(done)
    assert len({item.key for item in done}) == len(done), "a task is reported twice"
    return {item.key: item for item in done}


def doubles(n):
    return [Task(str(i), double, (i,)) for i in range(n)]


@pytest.mark.parametrize("workers", mostly_slow([1, 2, 3], [1, 2]))
def test_every_task_is_done_once(workers):
    found = by_key(completed(doubles(50), workers))
    assert {key: item.value for key, item in found.items()} == {str(i): 2 * i for i in range(50)}
    assert by_key(completed([], workers)) == {}


@pytest.mark.parametrize("workers", [1, 2])
def test_what_goes_wrong_in_one_task_is_reported_and_the_others_go_on(workers):
    tasks = [
        *doubles(5),
        Task("zero", divide, (1, 0)),
        Task("refused", refuse, ("x.y",)),
        Task("absent", os.stat, ("/nowhere/at/all",)),
        *[Task(f"z{i}", double, (i,)) for i in range(5)],
    ]
    found = by_key(completed(tasks, workers))
    assert len(found) == 13
    assert "ZeroDivisionError in test_workers.py:" in found["zero"].error
    assert "a.yaml:3  x.y" in found["refused"].error
    assert found["refused"].problems[0].line == 3
    assert "FileNotFoundError" in found["absent"].error
    assert sum(not item.error for item in found.values()) == 10


def test_tasks_are_taken_as_workers_become_free():
    taken = []

    def tasks():
        for i in range(1000):
            taken.append(i)
            yield Task(str(i), double, (i,))

    with closing(completed(tasks(), 2)) as done:
        for count in range(1, 4):
            next(done)
            assert len(taken) <= AHEAD * 2 + 2 * count


def test_a_process_that_dies_costs_its_task_only(tmp_path):
    tasks = [*doubles(6), Task("dies", die, (tmp_path / "begun", 1)), *[Task(f"z{i}", double, (i,)) for i in range(20)]]
    found = by_key(completed(tasks, 2))
    assert found["dies"] == Done("dies", "alive")
    assert len((tmp_path / "begun").read_text().splitlines()) == 2
    assert not any(item.error for item in found.values())
    assert len(found) == 27


@pytest.mark.parametrize("workers", mostly_slow([2, 3], [2]))
def test_a_task_that_kills_its_process_every_time_is_given_up(tmp_path, workers):
    tasks = [Task(f"a{i}", noted_double, (tmp_path / "a", i)) for i in range(10)]
    for name in ("one", "two"):
        tasks.insert(3, Task(name, die, (tmp_path / name, 99)))
    found = by_key(completed(tasks, workers))
    for name in ("one", "two"):
        assert found.pop(name) == Done(name, error=f"the process that worked on it died, {ATTEMPTS} times")
        assert len((tmp_path / name).read_text().splitlines()) <= ATTEMPTS
    assert {key: item.value for key, item in found.items()} == {f"a{i}": 2 * i for i in range(10)}


def test_processes_that_die_while_nobody_waits_for_them():
    """The next task is handed to a pool that is broken already."""
    with closing(completed([Task(str(i), double, (i,)) for i in range(30)], 2)) as done:
        found = [next(done)]
        for child in multiprocessing.active_children():
            os.kill(child.pid, signal.SIGKILL)
        assert wait_until(lambda: not multiprocessing.active_children())
        time.sleep(0.3)  # until the pool knows
        found += done
    assert {key: item.value for key, item in by_key(found).items()} == {str(i): 2 * i for i in range(30)}


@pytest.mark.parametrize("seed", mostly_slow(range(9), [0]))
def test_processes_that_are_killed_at_random_moments(seed):
    dice = dice_of(seed)
    tasks = [Task(str(i), wait_and_double, (i, dice.uniform(0.0, 0.02))) for i in range(80)]
    kills = set(dice.sample(range(80), 4))
    found = []
    with closing(completed(tasks, 2)) as done:
        for item in done:
            found.append(item)
            if len(found) in kills:
                time.sleep(dice.uniform(0.0, 0.01))
                children = multiprocessing.active_children()
                with contextlib.suppress(ProcessLookupError, IndexError):
                    os.kill(dice.choice(children).pid, signal.SIGKILL)
    assert {key: item.value for key, item in by_key(found).items()} == {str(i): 2 * i for i in range(80)}


def test_closed_it_ends_its_processes_whatever_they_do():
    done = completed([Task("quick", double, (1,)), *[Task(str(i), time.sleep, (LONG,)) for i in range(5)]], 2)
    assert next(done).value == 2
    children = multiprocessing.active_children()
    assert len(children) == 2
    start = time.monotonic()
    done.close()
    assert time.monotonic() - start < PATIENCE
    assert wait_until(lambda: not any(is_alive(child.pid) for child in children))


SLEEPERS = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background of a shell ignores it
from netcea.execution.task import Task
from netcea.execution.workers import completed
print("ready", flush=True)
try:
    list(completed([Task(str(i), time.sleep, (3600,)) for i in range(9)], 2))
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


def sleepers(**environment):
    process = subprocess.Popen(
        [sys.executable, "-c", SLEEPERS],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, **environment},
    )
    assert process.stdout.readline() == "ready\n"
    return process


def test_processes_end_when_their_master_is_killed():
    with sleepers() as process:
        assert wait_until(lambda: len(children_of(process.pid)) == 2)
        workers = children_of(process.pid)
        process.kill()
        process.wait()
        assert wait_until(lambda: not any(is_alive(pid) for pid in workers))


@pytest.mark.parametrize("seed", mostly_slow([None, *range(20)], [None]))
def test_ctrl_c_is_left_to_the_master(seed):
    """As a terminal does: everybody in the group is told, also while processes are being made."""
    with sleepers() as process:
        if seed is None:
            assert wait_until(lambda: len(children_of(process.pid)) == 2)
        else:
            time.sleep(dice_of(seed).uniform(0.0, 0.03))
        workers = children_of(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        said, wrong = process.communicate(timeout=PATIENCE)
        assert (said, wrong, process.returncode) == ("stopped\n", "", 0)
        assert wait_until(lambda: not any(is_alive(pid) for pid in workers))


# ------------------------------------------------------------------------------------------------ what passes between


def large(x):
    return bytes([x]) * 30_000_000


def refuses(_x):
    return lambda: None  # cannot be sent


LARGE = """
from contextlib import closing
from netcea.execution.task import Task
from netcea.execution.workers import completed
from execution.test_workers import large
with closing(completed([Task(str(i), large, (i,)) for i in range(20)], 2)) as done:
    print(len(next(done).value), flush=True)
"""


@pytest.mark.parametrize("_again", mostly_slow(range(3), [0]))
def test_closed_in_the_midst_of_large_results_it_ends(tmp_path, _again):
    """A process that is ended while it sends half a result must not leave the other side waiting."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", LARGE], env=environment, timeout=PATIENCE, capture_output=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"30000000\n", b"")
    assert not list(tmp_path.iterdir())


def test_processes_that_are_killed_while_they_send_large_results():
    dice = dice_of(5)
    found = []
    with closing(completed([Task(str(i), large, (i,)) for i in range(12)], 2)) as done:
        for item in done:
            found.append((item.key, len(item.value), item.value[:1]))
            if len(found) in (2, 5):
                time.sleep(dice.uniform(0.0, 0.01))
                with contextlib.suppress(ProcessLookupError, IndexError):
                    os.kill(dice.choice(multiprocessing.active_children()).pid, signal.SIGKILL)
    assert sorted(found) == sorted((str(i), 30_000_000, bytes([i])) for i in range(12))


def test_a_result_that_cannot_be_sent_is_reported_and_the_others_go_on():
    found = by_key(completed([Task("odd", refuses, (1,)), *[Task(str(i), double, (i,)) for i in range(9)]], 2))
    assert "lambda" in found.pop("odd").error
    assert {key: item.value for key, item in found.items()} == {str(i): 2 * i for i in range(9)}


def test_a_scenario_is_written_once_and_nothing_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    scenario = load("pnet")
    tasks = [Task(str(i), digest_of, (scenario, i)) for i in range(9)]
    with closing(completed(tasks, 2)) as done:
        assert next(done).value == scenario.digest
        assert len(list(tmp_path.glob("netcea_*/*.scenario"))) == 1
        assert all(item.value == scenario.digest for item in done)
    assert not list(tmp_path.iterdir())


def test_a_master_that_is_killed_leaves_nothing_behind(tmp_path):
    with sleepers(TMPDIR=str(tmp_path)) as process:
        assert wait_until(lambda: len(children_of(process.pid)) == 2)
        assert list(tmp_path.glob("netcea_*"))
        process.kill()
        process.wait()
        assert wait_until(lambda: not list(tmp_path.iterdir()))


def test_no_room_for_tasks_or_results(tmp_path, monkeypatch):
    """Files can grow to 1 MB only: a result of 30 MB is reported, small ones are done."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        tasks = [Task("large", large, (1,)), *[Task(str(i), double, (i,)) for i in range(9)]]
        found = by_key(completed(tasks, 2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert "File too large" in found.pop("large").error
    assert {key: item.value for key, item in found.items()} == {str(i): 2 * i for i in range(9)}


# ------------------------------------------------------------------------------------------------ one analysis in parts


def shuffled(tasks, workers=1, scheduler=""):
    done = list(completed(tasks))
    dice_of(3).shuffle(done)
    yield from done


@pytest.mark.slow
def test_the_order_of_finishing_does_not_matter(monkeypatch):
    scenario = load("pnet")
    analysis, options = ANALYSES["psa"], PsaOptions(draws=9000, explain=False, keep_draws="no")
    assert len(analysis.parts(scenario, options)) >= 3
    here = analysis.run(scenario, options)
    there = analysis.run(scenario, options, workers=2)
    monkeypatch.setattr("netcea.execution.workers.completed", shuffled)
    late = analysis.run(scenario, options, workers=2)
    for other in (there, late):
        for name in ("costs", "qalys"):
            assert (here.totals.increment(name) == other.totals.increment(name)).all()
        assert here.intervals == other.intervals


def test_values_come_in_the_order_of_their_numbers():
    done = [Done(str(i), i) for i in range(100)]
    dice_of(1).shuffle(done)
    assert list(core._in_order(iter(done))) == list(range(100))
    with pytest.raises(InputError, match="no room"):
        list(core._in_order(iter([Done("0", 0), Done("1", error="no room")])))


def test_there_are_never_more_processes_than_tasks_or_four_a_processor(monkeypatch):
    made = []

    class Crew:
        def __init__(self, tasks, number, _files):
            made.append((len(list(tasks)), number))

        def completed(self):
            return iter(())

    monkeypatch.setattr(workers, "_Crew", Crew)
    monkeypatch.setattr(workers, "number_of_processors", lambda: 2)
    for tasks in (3, 50):
        list(completed((Task(str(i), abs, (i,)) for i in range(tasks)), 100_000))
    assert made == [(3, 3), (50, 8)]
    monkeypatch.undo()
    assert [done.value for done in completed([Task("0", abs, (-1,))], 100_000)] == [1]
