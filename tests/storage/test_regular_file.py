"""Ordinary files only, of a limited size; nothing in a folder of results leads out of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from netcea.errors import InputError
from netcea.storage.atomic import atomic_folder, atomic_write_bytes, recover
from netcea.storage.file_list import LIST_NAME, is_unchanged, list_text, remove_listed
from netcea.storage.regular_file import all_inside, inside, read_regular

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes as POSIX has them")


def test_reads_ordinary_files_only_and_waits_for_none(tmp_path):
    path, pipe, link = tmp_path / "a", tmp_path / "pipe", tmp_path / "link"
    path.write_bytes(b"12345")
    os.mkfifo(pipe)
    link.symlink_to(path)
    assert read_regular(path, 5) == b"12345"
    assert read_regular(link) == b"12345"
    for wrong, most, follow in ((path, 4, True), (pipe, 5, True), (tmp_path, 5, True), (link, 5, False)):
        with pytest.raises(OSError):
            read_regular(wrong, most, follow=follow)
    with pytest.raises(OSError, match="a device"):
        read_regular(tmp_path / "/dev/zero", 5)


def test_a_path_inside_a_folder_leads_nowhere_else(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").touch()
    (tmp_path / "link").symlink_to("/")
    assert inside(tmp_path, "a/file") == tmp_path / "a" / "file"
    assert inside(tmp_path, "new/file") == tmp_path / "new" / "file"
    for name, kind in (("link/etc", "a folder"), ("link", "a file"), ("a", "a file"), ("a/file", "a folder")):
        with pytest.raises(InputError):
            inside(tmp_path, name, kind)
    with pytest.raises(InputError) as caught:
        all_inside(tmp_path, ("a", "link"), ("link", "a/file", "a"))
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize("place", ["/dev/null", "pipe"])
def test_no_device_and_no_pipe_is_replaced(tmp_path, place):
    path = tmp_path / place
    if place == "pipe":
        os.mkfifo(path)
    with pytest.raises(InputError, match="an ordinary file"):
        atomic_write_bytes(path, b"x")
    assert not path.is_file()
    assert not [p for p in tmp_path.iterdir() if p.name.endswith(".tmp")]


def results(folder, **files):
    with atomic_folder(folder) as new:
        for name, text in files.items():
            (new / name).write_text(text, encoding="utf-8")
    return folder


def test_a_link_in_the_place_of_what_a_kill_left_is_not_followed(tmp_path):
    """Neither emptied into the results nor moved into their place."""
    victim = results(tmp_path / "victim", thesis="years of work")
    (victim / "more.txt").write_text("of work")
    goal = results(tmp_path / "reports", a="1")
    (tmp_path / ".reports.01234567.old").symlink_to(victim)
    (tmp_path / ".other.01234567.old").symlink_to(victim)
    recover(goal)
    recover(tmp_path / "other")
    results(goal, a="2")
    assert sorted(p.name for p in victim.iterdir()) == [LIST_NAME, "more.txt", "thesis"]
    assert not (tmp_path / "other").exists()


def test_what_is_kept_of_a_replaced_folder_goes_nowhere_else(tmp_path):
    """A folder that was interrupted while it was replaced, into which somebody put a link."""
    victim = tmp_path / "victim"
    victim.mkdir()
    goal = results(tmp_path / "reports", a="1")
    (goal / "tables").symlink_to(victim)
    old = tmp_path / ".reports.01234567.old"
    (old / "tables").mkdir(parents=True)
    (old / "tables" / "mine.csv").write_text("mine")
    recover(goal)
    assert list(victim.iterdir()) == []
    assert (goal / "tables.kept-1" / "mine.csv").read_text() == "mine"
    assert not old.exists()


def test_a_pipe_that_a_list_names_is_not_waited_for(tmp_path):
    folder = results(tmp_path / "reports", a="1")
    (folder / "a").unlink()
    os.mkfifo(folder / "a")
    assert not is_unchanged(folder)
    results(folder, b="2")
    assert sorted(p.name for p in folder.iterdir()) == [LIST_NAME, "a", "b"]


@pytest.mark.parametrize("name", ["../mine", "/etc/passwd", "", "a/../../b", "./a", "a\x00b", LIST_NAME])
def test_a_list_that_names_other_places_is_nobodys(tmp_path, name):
    folder = results(tmp_path / "reports", a="1")
    (folder / LIST_NAME).write_text(list_text({name: "0" * 64}))
    assert not is_unchanged(folder)
    remove_listed(folder)
    assert (folder / "a").exists()
    with pytest.raises(InputError, match="the entry"):
        results(folder, a="2")


def test_only_what_a_list_names_is_removed(tmp_path):
    folder, elsewhere = results(tmp_path / "reports", a="1", b="2", c="3"), tmp_path / "elsewhere"
    elsewhere.write_text("3")
    (folder / "b").write_text("changed")
    (folder / "c").unlink()
    (folder / "c").symlink_to(elsewhere)
    (folder / "mine").write_text("mine")
    remove_listed(folder)
    assert sorted(p.name for p in folder.iterdir()) == [LIST_NAME, "b", "c", "mine"]
    assert elsewhere.exists()


def test_links_in_a_folder_of_results_are_set_aside_and_not_followed(tmp_path):
    victim = results(tmp_path / "victim", thesis="years of work")
    folder = results(tmp_path / "reports", a="1", b="1")
    for name, goal in (("a", victim / "thesis"), ("tables", victim), ("figures", "/")):
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(goal)
    with atomic_folder(folder) as new:
        (new / "tables").mkdir()
        for name in ("a", "tables/a.csv"):
            (new / name).write_text("2")
    assert sorted(p.name for p in victim.iterdir()) == [LIST_NAME, "thesis"]
    assert (victim / "thesis").read_text() == "years of work"
    assert [(folder / name).is_symlink() for name in ("a", "tables", "a.kept-1", "tables.kept-1")] == [
        False,
        False,
        True,
        True,
    ]


def test_a_null_character_in_a_path_is_an_error_of_the_file_as_any_other():
    with pytest.raises(OSError, match="a null character in the path"):
        read_regular(Path("a\0b"))
