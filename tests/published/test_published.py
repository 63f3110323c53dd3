"""The committed run is what the model gives today; README and documentation quote it."""

import json

import pytest

from published.published_run import NAMES, PUBLISHED, pages, probabilistic, results


@pytest.fixture(scope="module")
def found():
    return results()


@pytest.fixture(scope="module")
def drawn():
    return probabilistic()


def leaves(node, path=()):
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from leaves(value, (*path, index))
    else:
        yield path, node


@pytest.mark.parametrize("index", range(len(NAMES)))
def test_the_committed_results_are_todays(found, index):
    stored = json.loads((PUBLISHED / NAMES[index] / "results.json").read_text(encoding="utf-8"))
    now = json.loads(found[index].as_json())
    stored_leaves, now_leaves = dict(leaves(stored)), dict(leaves(now))
    changing = ("versions",)
    assert {p for p in stored_leaves if p[0] not in changing} == {p for p in now_leaves if p[0] not in changing}
    for path, value in stored_leaves.items():
        if path[0] in changing:
            continue
        if isinstance(value, float):
            rounding = 1e-6 if "icer" in str(path[-1]) else 1e-9  # its change: a small difference of large numbers
            assert now_leaves[path] == pytest.approx(value, rel=1e-9, abs=rounding), path
        else:
            assert now_leaves[path] == value, path


def test_the_readme_and_the_documentation_quote_them(found, drawn):
    for path, text in pages(found, drawn).items():
        assert path.read_text(encoding="utf-8") == text, path


@pytest.mark.parametrize("index", range(len(NAMES)))
def test_the_committed_draws_are_todays(drawn, index):
    stored = json.loads((PUBLISHED / f"{NAMES[index]}_psa" / "results.json").read_text(encoding="utf-8"))
    assert stored["digest"] == drawn[index].scenario.digest
    for interval in stored["results"]["intervals"]:
        now = drawn[index].intervals[interval["strategy"], interval["measure"]]
        for name in ("deterministic", "mean", "mcse", "low", "high"):
            assert getattr(now, name) == pytest.approx(interval[name], rel=1e-9, abs=1e-9), (interval, name)
