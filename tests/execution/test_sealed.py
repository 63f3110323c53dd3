"""Messages between the processes of one run: whoever has not its secret cannot write one, and nothing of theirs is run."""

from __future__ import annotations

import os
import pickle

import pytest

from netcea import load
from netcea.execution.sealed import BrokenSealError, Sealed
from netcea.execution.task import Done, Task
from netcea.execution.task_files import TaskFolder, read_task, write_result


class Evil:
    def __init__(self, canary):
        self.canary = canary

    def __reduce__(self):
        return os.system, (f"touch '{self.canary}'",)


def double(x):
    return 2 * x


def test_a_message_is_read_by_its_own_run_under_its_own_name(tmp_path):
    mine, path = Sealed(), tmp_path / "0.task"
    mine.write(path, {"a": [1, 2]})
    assert mine.read(path) == {"a": [1, 2]}
    path.rename(tmp_path / "1.task")
    for sealed, name in ((mine, "1.task"), (Sealed(), "1.task")):
        with pytest.raises(BrokenSealError):
            sealed.read(tmp_path / name)
    assert "secret" not in repr(mine)


@pytest.mark.parametrize("kind", ["plain", "other run", "changed", "empty"])
def test_what_others_wrote_is_not_unpickled(tmp_path, kind):
    mine, path, canary = Sealed(), tmp_path / "0.task", tmp_path / "canary"
    if kind == "plain":
        path.write_bytes(pickle.dumps(Evil(canary)))
    elif kind == "empty":
        path.write_bytes(b"")
    else:
        (Sealed() if kind == "other run" else mine).write(path, Evil(canary))
    if kind == "changed":
        path.write_bytes(path.read_bytes()[:-2] + b"..")
    with pytest.raises(BrokenSealError):
        mine.read(path)
    assert not canary.exists()


@pytest.mark.parametrize("kind", ["task", "done", "scenario"])
def test_planted_files_of_tasks_run_nothing(tmp_path, kind):
    files, canary, task = TaskFolder(), tmp_path / "canary", Task("a", double, (load("pnet"),))
    try:
        number = files.put(task)
        assert write_result(files.folder, number, Done("a", 1), files.sealed) == ""
        Sealed().write(files.folder / f"{number}.{kind}", Evil(canary))
        with pytest.raises(BrokenSealError):
            files.take(task) if kind == "done" else read_task(files.folder, number, files.sealed)
    finally:
        files.close()
    assert not canary.exists()
    assert not files.folder.exists()
