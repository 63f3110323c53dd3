"""The same tasks on a Dask cluster; needs the extra ``netcea[cluster]``. See docs/cluster.md.

Scenarios are scattered once; tasks are submitted a few for each thread of the cluster, so that results stream back and
memory stays bounded. Dask does a task again when the worker it was on dies.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from netcea.errors import Place
from netcea.execution.task import Done, SentOnce, Task, perform
from netcea.scenario.scenario import Scenario
from netcea.storage.regular_file import read_regular
from netcea.version import __version__
from netcea.visible_text import visible

if TYPE_CHECKING:
    from distributed import Client

AHEAD: Final = 3
"""Tasks that are handed out for each thread of the cluster."""
RETRIES: Final = 3
OPTION: Final = Place("option --scheduler")
ANSWER: Final = 20
"""Time in which a scheduler must answer. [seconds]"""
WORKERS_WITHIN: Final = 60.0
"""Time in which a first worker must be there, and another one when all are gone. [seconds]"""
LOOK: Final = 2.0
"""Between two looks at whether there are workers; after so much waiting it is said. [seconds]"""
CLOSING: Final = 2
"""[seconds]"""


def completed_on_cluster(tasks: Iterable[Task], scheduler: str) -> Generator[Done]:
    """Yield tasks as a cluster finishes them, in any order.

    Parameters
    ----------
    tasks : iterable of Task
        Taken one by one as workers become free.
    scheduler : str
        Address such as tcp://10.0.0.5:8786, or the path of a scheduler file.

    Raises
    ------
    InputError
        Dask is not installed, nobody answers at the address or no longer does, no worker comes, or one has another
        version of netcea.
    """
    client = _client(scheduler)
    with _dask_silent():
        try:
            with _lost_as_problem(scheduler):
                _wait_for_a_worker(client, scheduler)
                _check_versions(client)
                yield from _Submitted(client, scheduler).completed(iter(tasks))
        finally:
            with contextlib.suppress(Exception):  # it may be gone
                client.close(timeout=CLOSING)


class _Submitted:
    """Tasks that were handed to a cluster and are not finished."""

    def __init__(self, client: Client, scheduler: str) -> None:
        from distributed import as_completed

        self.client, self.scheduler = client, scheduler
        self.tasks: dict[str, Task] = {}
        self.forgotten: Counter[str] = Counter()
        self.finished = as_completed()
        self.scenarios: SentOnce[Any] = SentOnce(lambda scenario: client.scatter(scenario, hash=False))

    def completed(self, tasks: Iterator[Task]) -> Iterator[Done]:
        """Yield tasks as they finish; those that were on a worker when it died once more at the end, one by one."""
        threads = max(sum(self.client.nthreads().values()), 1)
        for task in islice(tasks, AHEAD * threads):
            self._submit(task)
        suspects: list[Task] = []
        while (future := self._next()) is not None:
            done = self._result(future)
            if done is None:
                continue
            task = self.tasks.pop(future.key)
            if _died(future):
                suspects.append(task)
            else:
                yield done
            future.release()
            for following in islice(tasks, 1):
                self._submit(following)
        for task in suspects:  # which of those that were on a worker when it died is to blame?
            self._submit(task)
            while (future := self._next()) is not None:
                done = self._result(future)
                if done is not None:
                    del self.tasks[future.key]
                    yield done

    def _next(self) -> Any | None:
        """Return what is finished next, None where nothing is at work; see meanwhile that somebody works at all."""
        looked = time.monotonic()
        while not self.finished.has_ready():
            if self.finished.is_empty():
                return None
            with self.finished.thread_condition:
                self.finished.thread_condition.wait(timeout=0.1)
            if time.monotonic() > looked + LOOK:
                _wait_for_a_worker(self.client, self.scheduler)
                looked = time.monotonic()
        return next(self.finished)

    def _result(self, future: Any) -> Done | None:
        """Return what became of a task; None where it went with a worker, and is at work again."""
        task = self.tasks[future.key]
        if future.status == "error":
            return Done(task.key, error=f"the cluster gave it up: {future.exception()}")
        try:
            if future.status == "finished":
                done: Done = future.result(timeout=ANSWER)
                return done
        except (TimeoutError, CancelledError):
            _wait_for_a_worker(self.client, self.scheduler)
        if future.status == "cancelled":  # what it needs was on that worker alone
            self._submit_again(future, task)
        else:  # the scheduler does it once more by itself
            self.finished.add(future)
        return None

    def _submit_again(self, future: Any, task: Task) -> None:
        """Hand out a task that the scheduler forgot, with its scenario, unless it does so each time."""
        self.forgotten[task.key] += 1
        if self.forgotten[task.key] > RETRIES:
            raise ConnectionError("its scheduler forgot the tasks")
        _wait_for_a_worker(self.client, self.scheduler)
        del self.tasks[future.key]
        self.scenarios.keep(lambda sent: sent.status == "finished")
        self._submit(task)

    def _submit(self, task: Task) -> None:
        arguments = tuple(self.scenarios.of(a) if isinstance(a, Scenario) else a for a in task.arguments)
        future = self.client.submit(_run, task.key, task.function, *arguments, pure=False, retries=RETRIES)
        self.tasks[future.key] = task
        self.finished.add(future)


def _died(future: Any) -> bool:
    """Say whether a task was given up because the workers that it was on died."""
    from distributed import KilledWorker

    return future.status == "error" and isinstance(future.exception(), KilledWorker)


def _run(key: str, function: Any, *arguments: Any) -> Done:
    return perform(Task(key, function, arguments))


def _client(scheduler: str) -> Client:
    try:
        from distributed import Client
    except ImportError:
        hint = 'python -m pip install "netcea[cluster]"'
        raise OPTION.error("no Dask", "netcea[cluster] installed", hint) from None
    try:
        return Client(_in_file(scheduler) if scheduler.endswith(".json") else scheduler, timeout=ANSWER)
    except (OSError, TimeoutError, ValueError, LookupError, TypeError) as error:
        expected = "the address of a Dask scheduler, such as tcp://10.0.0.5:8786"
        raise OPTION.error(f"{scheduler!r}: {error}", expected) from None


def _in_file(name: str) -> str:
    """Return the address in a scheduler file, which may come, or be filled, a little later than we do."""
    path, end = Path(name), time.monotonic() + ANSWER
    while True:
        try:
            return str(json.loads(read_regular(path))["address"])
        except (OSError, ValueError, LookupError, TypeError):
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


@contextlib.contextmanager
def _lost_as_problem(scheduler: str) -> Iterator[None]:
    """Turn a scheduler that goes away into a problem with words."""
    try:
        yield
    except (OSError, TimeoutError, CancelledError) as error:
        found = f"a scheduler at {scheduler} that no longer answers ({str(error) or type(error).__name__})"
        hint = "start it again, then the same command"
        raise OPTION.error(found, "one that is there until the end", hint) from None


@contextlib.contextmanager
def _dask_silent() -> Iterator[None]:
    """Leave out Dask's own lines and tracebacks about connections that break: netcea says what it means."""
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def _wait_for_a_worker(client: Client, scheduler: str) -> None:
    """Wait until there is a worker, and say so."""
    start, said = time.monotonic(), False
    while not client.sync(client.scheduler.ncores, workers=None, callback_timeout=ANSWER):
        waited = time.monotonic() - start
        if waited > WORKERS_WITHIN:
            found = f"0 workers at {scheduler} after {WORKERS_WITHIN:.0f} s"
            raise OPTION.error(found, "at least 1", f"start some: dask worker {client.scheduler.address} --nthreads 1")
        if waited > LOOK and not said:
            said = True
            place = visible(scheduler)
            sys.stderr.write(f"Waiting for 1 worker at {place}, at most {WORKERS_WITHIN:.0f} s; 0 are there.\n")
            sys.stderr.flush()
        time.sleep(0.2)


def _version() -> str:
    return __version__


def _check_versions(client: Client) -> None:
    """Refuse workers with another version of netcea: their numbers might differ."""
    found = {address: version for address, version in client.run(_version).items() if version != __version__}
    if found:
        versions = ", ".join(sorted(set(found.values())))
        hint = "install the same version everywhere"
        raise OPTION.error(f"workers with netcea {versions}", f"{__version__}, as here", hint)
