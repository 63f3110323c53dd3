"""The same tasks on a Dask cluster; needs the extra ``netcea[cluster]``. See docs/cluster.md.

Scenarios are scattered once; tasks are submitted a few for each thread of the cluster, so that results stream back and
memory stays bounded. Dask does a task again when the worker it was on dies.
"""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from netcea.errors import Place
from netcea.execution.task import Done, SentOnce, Task, perform
from netcea.scenario.scenario import Scenario
from netcea.version import __version__

if TYPE_CHECKING:
    from distributed import Client

AHEAD: Final = 3
"""Tasks that are handed out for each thread of the cluster."""
RETRIES: Final = 3
OPTION: Final = Place("option --scheduler")
ANSWER: Final = 20
"""Time in which a scheduler must answer. [seconds]"""


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
        Dask is not installed, nobody answers at the address, or a worker has another version of netcea.
    """
    client = _client(scheduler)
    try:
        _check_versions(client)
        yield from _Submitted(client).completed(iter(tasks))
    finally:
        client.close()


class _Submitted:
    """Tasks that were handed to a cluster and are not finished."""

    def __init__(self, client: Client) -> None:
        from distributed import as_completed

        self.client = client
        self.tasks: dict[str, Task] = {}
        self.finished = as_completed()
        self.scenarios: SentOnce[Any] = SentOnce(lambda scenario: client.scatter(scenario, hash=False))

    def completed(self, tasks: Iterator[Task]) -> Iterator[Done]:
        """Yield tasks as they finish; those that were on a worker when it died once more at the end, one by one."""
        threads = max(sum(self.client.nthreads().values()), 1)
        for task in islice(tasks, AHEAD * threads):
            self._submit(task)
        suspects: list[Task] = []
        for future in self.finished:
            task = self.tasks.pop(future.key)
            if _died(future):
                suspects.append(task)
            else:
                yield _done(future, task)
            future.release()
            for following in islice(tasks, 1):
                self._submit(following)
        for task in suspects:  # which of those that were on a worker when it died is to blame?
            self._submit(task)
            future = next(self.finished)
            yield _done(future, self.tasks.pop(future.key))

    def _submit(self, task: Task) -> None:
        arguments = tuple(self.scenarios.of(a) if isinstance(a, Scenario) else a for a in task.arguments)
        future = self.client.submit(_run, task.key, task.function, *arguments, pure=False, retries=RETRIES)
        self.tasks[future.key] = task
        self.finished.add(future)


def _died(future: Any) -> bool:
    """Say whether a task was given up because the workers that it was on died."""
    from distributed import KilledWorker

    return future.status != "finished" and isinstance(future.exception(), KilledWorker)


def _done(future: Any, task: Task) -> Done:
    if future.status == "finished":
        done: Done = future.result()
        return done
    return Done(task.key, error=f"the cluster gave it up: {future.exception()}")


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
    """Return the address in a scheduler file, which may come a little later than we do."""
    path, end = Path(name), time.monotonic() + ANSWER
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.05)
    return str(json.loads(path.read_text(encoding="utf-8"))["address"])


def _version() -> str:
    return __version__


def _check_versions(client: Client) -> None:
    """Refuse workers with another version of netcea: their numbers might differ."""
    found = {address: version for address, version in client.run(_version).items() if version != __version__}
    if found:
        versions = ", ".join(sorted(set(found.values())))
        hint = "install the same version everywhere"
        raise OPTION.error(f"workers with netcea {versions}", f"{__version__}, as here", hint)
