"""Values laid over a file: what stands where, who says so, and nothing shared is changed."""

import copy

import pytest

from netcea.errors import Place
from netcea.loading.merging.tree import Tree
from netcea.loading.reading.yaml_file import read_yaml

TEXT = "a:\n  b: 1\n  c: [1, 2]\nd: {e: {f: 2}}\n"
SET = Place("mine.yaml", 7)


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "base.yaml").write_text(TEXT)
    return Tree.of(read_yaml(tmp_path / "base.yaml", "base.yaml"))


def where(tree, *path):
    found = tree.place(path)
    return found.file, found.line, found.address


def test_every_entry_knows_its_line_and_address(tree):
    assert where(tree, "a", "b") == ("base.yaml", 2, "a.b")
    assert where(tree, "a", "c", 1) == ("base.yaml", 3, "a.c.1")
    assert where(tree, "a", "missing", "x") == ("base.yaml", 1, "a.missing.x"), "the nearest entry above it"
    assert where(tree) == ("base.yaml", 1, "")


def test_a_value_replaces_what_stood_there_whole(tree):
    changed = tree.with_value(("a",), {"b": 5}, SET, {("b",): Place("mine.yaml", 8)})
    assert changed.data == {"a": {"b": 5}, "d": {"e": {"f": 2}}}
    assert where(changed, "a", "b") == ("mine.yaml", 8, "a.b")
    assert where(changed, "a", "c") == ("mine.yaml", 7, "a.c"), "its own line is gone with it"
    assert where(changed, "d", "e") == ("base.yaml", 4, "d.e")
    again = changed.with_value(("a", "b"), 6, Place("--set a.b=6"))
    assert where(again, "a", "b") == ("--set a.b=6", 0, "a.b")
    assert where(again, "a") == ("mine.yaml", 7, "a")
    assert where(again.with_value(("a",), {}, SET), "a", "b") == ("mine.yaml", 7, "a.b")


def test_groups_are_made_and_lists_are_not(tree):
    assert tree.with_value(("x", "y"), 1, SET).get(("x", "y")) == 1
    assert tree.with_value(("a", "c", "1"), 9, SET).get(("a", "c")) == [1, 9]
    with pytest.raises(KeyError):
        tree.with_value(("a", "c", "5"), 9, SET)


def test_nothing_that_is_shared_is_changed(tree):
    before = copy.deepcopy(tree.data)
    tree.with_value(("a", "c", "0"), 9, SET).with_value(("d", "e", "f"), 9, SET).with_value(("new",), 1, SET)
    assert tree.data == before
    assert not tree.laid


def test_an_entry_of_another_tree_comes_with_its_places_or_takes_away(tree, tmp_path):
    (tmp_path / "other.yaml").write_text("# note\na:\n  c:\n    g: 1\n")
    other = Tree.of(read_yaml(tmp_path / "other.yaml", "other.yaml"))
    taken = tree.with_entry_of(other, ("a", "c"))
    assert taken.get(("a",)) == {"b": 1, "c": {"g": 1}}
    assert where(taken, "a", "c", "g") == ("other.yaml", 4, "a.c.g")
    assert taken.with_entry_of(other, ("d", "e")).data["d"] == {}
    assert taken.with_entry_of(other, ("z", "e")).data == taken.data
