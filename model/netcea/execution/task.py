"""A piece of work, what became of it, and what is sent along with many of them."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from netcea.blas import ONE_THREAD
from netcea.errors import InputError, ModelError, Problem
from netcea.scenario.scenario import Scenario

V = TypeVar("V")


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
    """A finished task: what it returned, or why it failed.

    Attributes
    ----------
    key : str
    value : object
    error : str
        Empty when it was done.
    problems : tuple of Problem
        Where bad input was the reason.
    broke_rule : bool
        The model broke a rule of its own.
    """

    key: str
    value: Any = None
    error: str = ""
    problems: tuple[Problem, ...] = ()
    broke_rule: bool = False


@ONE_THREAD
def perform(task: Task) -> Done:
    """Do a task; whatever goes wrong becomes its error, so that the others go on.

    Parameters
    ----------
    task : Task
        What is done.

    Examples
    --------
    >>> perform(Task("sum", sum, ([1, 2],))).value
    3
    """
    try:
        return Done(task.key, task.function(*task.arguments))
    except InputError as error:
        return Done(task.key, error=str(error), problems=error.problems)
    except ModelError as error:
        return Done(task.key, error=str(error), broke_rule=True)
    except (OSError, MemoryError) as error:
        return Done(task.key, error=named(error))
    except Exception as error:  # noqa: BLE001 - one task of thousands must not stop the others
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno}"
        return Done(task.key, error=f"a fault of netcea ({type(error).__name__} in {where}: {error}); please report it")


def named(error: BaseException) -> str:
    """Return the kind and the words of an error.

    Parameters
    ----------
    error : BaseException
        Any.

    Examples
    --------
    >>> named(OSError("no room"))
    'OSError: no room'
    """
    return f"{type(error).__name__}: {error}"


class SentOnce(Generic[V]):
    """What stands for a scenario where tasks are done: each is sent once, however many tasks have it.

    A scenario is known by itself, not by its content; it is kept, so that no other takes its place.

    Parameters
    ----------
    send : callable
        Sends a scenario and returns what stands for it.
    """

    def __init__(self, send: Callable[[Scenario], V]) -> None:
        self._send = send
        self._sent: dict[int, tuple[Scenario, V]] = {}

    def of(self, scenario: Scenario) -> V:
        """Return what stands for a scenario.

        Parameters
        ----------
        scenario : Scenario
            What is to be sent.
        """
        if id(scenario) not in self._sent:
            self._sent[id(scenario)] = (scenario, self._send(scenario))
        return self._sent[id(scenario)][1]

    def keep(self, is_there: Callable[[V], bool]) -> None:
        """Forget what was lost on the way: it is sent again when it is asked for.

        Parameters
        ----------
        is_there : callable
            Says of what stands for a scenario whether it still does.
        """
        self._sent = {key: sent for key, sent in self._sent.items() if is_there(sent[1])}

    def __len__(self) -> int:
        return len(self._sent)
