"""Writing is done or not done: after errors, kills and second runs."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from netcea.errors import InputError
from netcea.storage.atomic import atomic_folder, atomic_write_bytes, atomic_write_text, remove_unfinished
from netcea.storage.file_list import LIST_NAME, read_list

posix = pytest.mark.skipif(os.name != "posix", reason="users and signals of POSIX")


def write(target: Path, **files: str) -> None:
    with atomic_folder(target) as folder:
        for name, text in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def content(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): p.read_text()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != LIST_NAME
    }


def test_files(tmp_path):
    path = tmp_path / "a.txt"
    atomic_write_text(path, "£\n\udce9")
    assert path.read_bytes() == b"\xc2\xa3\n\\udce9"
    atomic_write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["a.txt"]


@posix
def test_a_file_that_is_only_passing_is_not_waited_for(tmp_path, monkeypatch):
    waited = []
    monkeypatch.setattr(os, "fsync", waited.append)
    atomic_write_text(tmp_path / "passing.txt", "1", durable=False)
    assert not waited
    atomic_write_text(tmp_path / "stays.txt", "1")
    assert waited
    assert sorted(path.name for path in tmp_path.iterdir()) == ["passing.txt", "stays.txt"]


def test_each_file_of_a_folder_is_waited_for_as_the_folder_ends(tmp_path, monkeypatch):
    waited = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: waited.append(os.fstat(descriptor).st_ino))
    with atomic_folder(tmp_path / "run") as folder:
        atomic_write_text(folder / "a.json", "1", durable=False)
        (folder / "b.csv").write_text("2")
        assert not waited
    assert {path.stat().st_ino for path in (tmp_path / "run").iterdir()} <= set(waited)


def test_mode_and_link_survive(tmp_path):
    path, link = tmp_path / "a.txt", tmp_path / "link"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    atomic_write_text(link, "new")
    assert link.is_symlink()
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, step):
    def full(*_args):
        raise OSError(28, "No space left on device")

    path = tmp_path / "a.txt"
    path.write_text("old")
    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), full)
    with pytest.raises(InputError, match="No space left on device"):
        atomic_write_text(path, "new")
    assert content(tmp_path) == {"a.txt": "old"}


@pytest.mark.parametrize(
    ("name", "found"), [("no/a.txt", "no folder"), ("file/a.txt", "a file where a folder"), ("folder", "a folder")]
)
def test_files_that_cannot_be_written(tmp_path, name, found):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError) as raised:
        atomic_write_text(tmp_path / name, "x")
    assert raised.value.problems[0].found.startswith(found)
    assert names(tmp_path) == ["file", "folder"]


def test_new_empty_and_second_folder(tmp_path):
    target = tmp_path / "deep" / "results"
    write(target, a="1", b="2")
    assert content(target) == {"a": "1", "b": "2"}
    write(target, a="3")
    assert content(tmp_path) == {"deep/results/a": "3"}
    (tmp_path / "empty").mkdir()
    write(tmp_path / "empty", a="1")
    assert content(tmp_path / "empty") == {"a": "1"}
    assert list(json.loads((target / LIST_NAME).read_text())["files"]) == ["a"]


def test_foreign_and_edited_files_are_kept(tmp_path):
    target = tmp_path / "results"
    write(target, **{"a.csv": "1", "b.csv": "2", "tables/c.csv": "3"})
    (target / "notes.txt").write_text("mine")
    (target / "tables" / "d.csv").write_text("mine")
    (target / "own" / "deep").mkdir(parents=True)
    (target / "own" / "deep" / "e").write_text("mine")
    (target / "a.csv").write_text("edited")
    (target / "b.csv").write_text("edited")
    for _ in range(2):
        write(target, **{"a.csv": "new"})
        assert content(target) == {
            "a.csv": "new",
            "a.kept-1.csv": "edited",
            "b.csv": "edited",
            "notes.txt": "mine",
            "own/deep/e": "mine",
            "tables/d.csv": "mine",
        }
    assert names(tmp_path) == ["results"]


def test_exception_leaves_the_old_folder(tmp_path):
    write(tmp_path / "results", a="old")
    for error in (ValueError, KeyboardInterrupt):
        for name in ("results", "new/deep"):
            with pytest.raises(error), atomic_folder(tmp_path / name) as folder:  # noqa: PT012 # a block that fails midway
                (folder / "a").write_text("half")
                raise error
    assert content(tmp_path) == {"results/a": "old"}
    assert names(tmp_path) == ["results"]


def test_failed_rename_puts_the_old_folder_back(tmp_path, monkeypatch):
    write(tmp_path / "results", a="old")
    rename = Path.rename

    def refuse(self, goal):
        if self.suffix == ".new":
            raise PermissionError(13, "open in another program")
        return rename(self, goal)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(InputError, match="close the program"):
        write(tmp_path / "results", a="new")
    assert content(tmp_path) == {"results/a": "old"}


def test_folders_that_are_refused(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.txt").write_text("mine")
    for name, found in [
        ("file", "a file"),
        ("file/x", "a file where"),
        ("home", "a folder with files that were not written by netcea"),
    ]:
        with pytest.raises(InputError) as raised:
            write(tmp_path / name, a="1")
        assert raised.value.problems[0].found.startswith(found)
    write(tmp_path / "results", a="1")
    monkeypatch.chdir(tmp_path / "results")
    with pytest.raises(InputError, match="the current folder"):
        write(Path(), a="2")
    assert content(tmp_path) == {"file": "", "home/thesis.txt": "mine", "results/a": "1"}


@pytest.mark.parametrize("moment", ["between the renames", "after them", "almost done"])
def test_the_next_call_finishes_what_a_kill_left(tmp_path, moment):
    target, old = tmp_path / "results", tmp_path / ".results.0123abcd.old"
    other = tmp_path / ".results.b.0123abcd.old"
    write(target, a="old", b="old")
    (target / "notes").write_text("mine")
    target.rename(old)
    other.mkdir()
    if moment != "between the renames":
        write(tmp_path / "aside", a="new")
        (tmp_path / "aside").rename(target)
    if moment == "almost done":
        (old / "a").unlink()
    with pytest.raises(ValueError, match="stop"), atomic_folder(target):
        raise ValueError("stop")
    expected = {"a": "old", "b": "old"} if moment == "between the renames" else {"a": "new"}
    assert content(target) == expected | {"notes": "mine"}
    assert names(tmp_path) == [other.name, "results"]


@posix
def test_kill_leaves_the_old_folder_whole(tmp_path):
    write(tmp_path / "results", a="old", b="old")
    code = (
        "import pathlib, time\n"
        "from netcea.storage.atomic import atomic_folder\n"
        "with atomic_folder(pathlib.Path('results')) as folder:\n"
        "    (folder / 'a').write_text('half'); print('half', flush=True); time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"half\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert content(tmp_path / "results") == {"a": "old", "b": "old"}
    write(tmp_path / "results", a="new")
    assert content(tmp_path / "results") == {"a": "new"}


@posix
def test_kill_at_any_moment_of_the_swap(tmp_path):
    """One process replaces the folder again and again; whatever the moment of its death, one run is whole."""
    code = (
        "import itertools, pathlib\n"
        "from netcea.storage.atomic import atomic_folder\n"
        "for n in itertools.count():\n"
        "    with atomic_folder(pathlib.Path('results')) as folder:\n"
        "        (folder / 'a').write_text(str(n)); (folder / 'b').write_text(str(n))\n"
        "    n or print('begun', flush=True)\n"
    )
    for delay in (0.0, 0.013, 0.029):
        process = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE)
        assert process.stdout.readline() == b"begun\n"
        (tmp_path / "results" / "notes").write_text("mine") if delay == 0 else None
        time.sleep(delay)
        process.kill()
        process.communicate()
        with pytest.raises(ValueError, match="stop"), atomic_folder(tmp_path / "results"):
            raise ValueError("stop")
        found = content(tmp_path / "results")
        assert found["a"] == found["b"]


@posix
def test_no_permission(tmp_path):
    code = (
        "import os, pathlib\n"
        "from netcea.storage.atomic import atomic_folder, atomic_write_text\n"
        "from netcea.errors import InputError\n"
        "os.chmod('.', 0o555); os.getuid() == 0 and os.setuid(65534)\n"
        "for name in ('results', 'deep/results'):\n"
        "    try:\n"
        "        with atomic_folder(pathlib.Path(name)): print('entered')\n"
        "    except InputError as error: print(error)\n"
        "try: atomic_write_text(pathlib.Path('a.txt'), 'x')\n"
        "except InputError as error: print(error)\n"
    )
    try:
        done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    finally:
        tmp_path.chmod(0o755)
    assert done.stdout.count("found a place you may not write to") == 3
    assert "entered" not in done.stdout
    assert names(tmp_path) == []


def test_unreadable_list_is_not_ours(tmp_path):
    for text in ("", "[]", '{"files": 1}', "\xff"):
        (tmp_path / LIST_NAME).write_bytes(text.encode("latin-1"))
        assert read_list(tmp_path) is None


KILLED_IN_A_WRITE = """
import os
import sys
from pathlib import Path
from netcea.storage import atomic

folder, moment = sys.argv[1], int(sys.argv[2])
moments = iter(range(100))


def dies(event, args):
    if event not in ("open", "os.rename") or folder not in str(args[0]) or next(moments) != moment:
        return
    if event == "open" and args[1] and args[1][0] in "wx":
        os.mknod(args[0])  # opened, and nothing written
    os.write(1, atomic.RUN.encode())
    os._exit(9)


sys.addaudithook(dies)
atomic.write_folder(Path(folder, "unit"), {"a.csv": b"1", "tables/b.csv": b"2"})
print(atomic.RUN)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="mknod needs no rights there")
def test_what_a_kill_leaves_of_a_folder_is_removed_whenever_it_came(tmp_path):
    ends = set()
    for moment in range(20):
        folder = tmp_path / str(moment)
        folder.mkdir()
        command = [sys.executable, "-c", KILLED_IN_A_WRITE, str(folder), str(moment)]
        killed = subprocess.run(command, check=False, capture_output=True, text=True)
        ends.add(killed.returncode)
        assert killed.returncode in (0, 9), killed.stderr
        remove_unfinished(folder, {killed.stdout.strip()})
        assert {path.name for path in folder.iterdir()} <= {"unit"}, moment
    assert ends == {0, 9}
