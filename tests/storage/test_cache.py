"""What is kept in the user's folder of caches."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from netcea.storage.cache import cache_folder, read_cached, write_cached


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("NETCEA_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_what_was_kept_is_found_by_its_content(folder):
    assert read_cached("things", {"a": 1}) is None
    write_cached("things", {"a": 1, "b": [2.5, "£"]}, {"x": [0.1]})
    assert read_cached("things", {"b": [2.5, "£"], "a": 1}) == {"x": [0.1]}
    assert read_cached("things", {"a": 1, "b": [2.6, "£"]}) is None
    assert read_cached("others", {"a": 1, "b": [2.5, "£"]}) is None
    write_cached("things", {"a": 1, "b": [2.5, "£"]}, 2)
    assert read_cached("things", {"a": 1, "b": [2.5, "£"]}) == 2
    assert len(list(folder.rglob("*.json"))) == 1


def test_a_file_of_another_content_is_not_taken(folder):
    write_cached("things", 1, "one")
    (kept,) = folder.rglob("*.json")
    kept.write_text(kept.read_text("utf8").replace('"content": "1"', '"content": "2"'), encoding="utf-8")
    assert read_cached("things", 1) is None


@pytest.mark.skipif(sys.platform == "win32", reason="XDG is of Unix")
def test_where_it_is(tmp_path, monkeypatch):
    assert cache_folder() == tmp_path / "cache"
    monkeypatch.delenv("NETCEA_CACHE")
    if sys.platform != "darwin":
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
        assert cache_folder() == tmp_path / "xdg" / "netcea"
        monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder().is_relative_to(tmp_path)
    monkeypatch.setattr(Path, "expanduser", lambda _: (_ for _ in ()).throw(RuntimeError("no home")))
    write_cached("things", 1, 2)
    assert read_cached("things", 1) is None
