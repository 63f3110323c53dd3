"""The same tasks on a Dask cluster; needs the extra ``netcea[cluster]``. See docs/cluster.md.

Scenarios are scattered once; tasks are submitted a few for each thread of the cluster, so that results stream back and
memory stays bounded. Dask does a task again when the worker it was on dies.
"""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from netcea.errors import InputError, Problem
from netcea.execution.workers import Done, Task, done
from netcea.version import __version__

if TYPE_CHECKING:
    from distributed import Client

AHEAD: Final = 3
"""Tasks that are handed out for each thread of the cluster."""
RETRIES: Final = 3
ANSWER: Final = 20
"""Time in which a scheduler must answer. [seconds]"""


def completed_on_cluster(tasks: Iterable[Task], scheduler: str) -> Generator[Done]:
    """Yield tasks as a cluster finishes them, in any order.

    Parameters
    ----------
    tasks : iterable of Task
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
        yield from _loop(client, iter(tasks))
    finally:
        client.close()


def _loop(client: Client, tasks: Iterator[Task]) -> Iterator[Done]:
    from distributed import KilledWorker, as_completed

    threads = max(sum(client.nthreads().values()), 1)
    names: dict[str, Task] = {}
    scattered: dict[int, tuple[Any, Any]] = {}
    finished = as_completed()
    for task in tasks:
        _submit(client, task, names, scattered, finished)
        if len(names) >= AHEAD * threads:
            break
    suspects: list[Task] = []
    for future in finished:
        task = names.pop(future.key)
        if future.status == "finished":
            yield future.result()
        elif isinstance(future.exception(), KilledWorker):
            suspects.append(task)
        else:
            yield Done(task.key, error=f"the cluster gave it up: {future.exception()}")
        future.release()
        following = next(tasks, None)
        if following is not None:
            _submit(client, following, names, scattered, finished)
    for task in suspects:  # one by one: which of those that were on a worker when it died is to blame?
        _submit(client, task, names, scattered, finished)
        future = next(finished)
        names.pop(future.key)
        if future.status == "finished":
            yield future.result()
        else:
            yield Done(task.key, error=f"the cluster gave it up: {future.exception()}")


def _submit(
    client: Client, task: Task, names: dict[str, Task], scattered: dict[int, tuple[Any, Any]], finished: Any
) -> None:
    arguments = tuple(_scattered(client, value, scattered) for value in task.arguments)
    future = client.submit(_run, task.key, task.function, *arguments, pure=False, retries=RETRIES)
    names[future.key] = task
    finished.add(future)


def _scattered(client: Client, value: Any, scattered: dict[int, tuple[Any, Any]]) -> Any:
    """Return a reference to a scenario that was sent once; other arguments as they are."""
    from netcea.scenario.scenario import Scenario

    if not isinstance(value, Scenario):
        return value
    if id(value) not in scattered:
        scattered[id(value)] = (client.scatter(value, hash=False), value)  # the value is kept: its id stays its own
    return scattered[id(value)][0]


def _run(key: str, function: Any, *arguments: Any) -> Done:
    return done(Task(key, function, arguments))


def _client(scheduler: str) -> Client:
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            Problem(
                "option --scheduler",
                0,
                "",
                "no Dask",
                "netcea[cluster] installed",
                'python -m pip install "netcea[cluster]"',
            )
        ) from None
    try:
        return Client(_in_file(scheduler) if scheduler.endswith(".json") else scheduler, timeout=ANSWER)
    except (OSError, TimeoutError, ValueError, LookupError, TypeError) as error:
        raise InputError(
            Problem(
                "option --scheduler",
                0,
                "",
                f"{scheduler!r}: {error}",
                "the address of a Dask scheduler, such as tcp://10.0.0.5:8786",
            )
        ) from None


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
        raise InputError(
            Problem(
                "option --scheduler",
                0,
                "",
                f"workers with netcea {versions}",
                f"{__version__}, as here",
                "install the same version everywhere",
            )
        )
