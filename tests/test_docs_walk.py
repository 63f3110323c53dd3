"""Every page of the documentation is walked: its commands run in their order, its files written, its output compared."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from helpers.walk import ROOT, Walk, read

PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "model" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
OTHER_PAGES = {
    "examples/everolimus/README.md": "tests/examples/test_everolimus.py",
    "examples/ta174/README.md": "tests/examples/test_ta174.py",
}
"""Walked by a test of their own."""
NOT_RUN = 20
"""Blocks that cannot be run, each with its reason in the page: a new one is a decision."""
KINDS = {"sh", "text", "yaml", "csv", "json", "python"}
PICTURE = ROOT / "docs" / "from_a_picture_to_an_icer.md"
DIRECT = "£288,005"
"""Of the patients themselves; tests/evidence/test_external_trial.py checks it where docs/radiant4.md says it."""


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def walked(path: Path, folder: Path) -> Walk:
    place = folder / "walk"
    place.mkdir()
    found = Walk(read(path), place).go()
    assert not found.wrong, "\n".join(found.wrong)
    return found


@pytest.mark.parametrize("page", [p for p in PAGES if not read(p).slow], ids=name)
def test_what_a_page_says_happens(page, tmp_path):
    walked(page, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("page", [p for p in PAGES if read(p).slow], ids=name)
def test_what_a_longer_page_says_happens(page, tmp_path):
    found = walked(page, tmp_path)
    if page == PICTURE:
        assert found.compared > 35
        assert (tmp_path / "walk" / "walk" / "model.xlsx").is_file()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_blocks_are_of_a_kind_that_is_run_or_compared(page):
    for block in read(page).blocks:
        place = f"{name(page)}:{block.line}"
        assert block.kind in KINDS or block.reason, f"{place}: {block.kind or 'no kind'}: fence it and say what it is"
        assert block.kind in {"sh", "python", "text"} or block.path or block.reason or block.said, place


def test_blocks_that_are_not_run_have_a_reason_and_are_counted():
    reasons = [(name(page), block.reason) for page in PAGES for block in read(page).blocks if block.reason]
    assert all(len(reason.split()) > 4 for _, reason in reasons), reasons
    assert len(reasons) == NOT_RUN, "\n".join(f"{page}: {reason}" for page, reason in reasons)


@pytest.mark.parametrize(("page", "test"), OTHER_PAGES.items())
def test_other_pages_have_a_test_that_reads_them(page, test):
    assert Path(page).name in (ROOT / test).read_text(encoding="utf-8")


def test_the_walk_fails_where_a_page_is_wrong(tmp_path):
    """Another output, another exit code, an unknown address, a block of no kind."""
    page = tmp_path / "page.md"
    page.write_text(
        "```sh\nnetcea list\n```\n\n```text\nno such scenario\n```\n\n```sh\nnetcea run nothing\n```\n\n"
        "<!-- walk: in analyses.nothing of pnet -->\n```yaml\nanalyses: {nothing: {a: 1}}\n```\n\n```yaml\na: 1\n```\n",
        encoding="utf-8",
    )
    wrong = Walk(read(page), tmp_path).go().wrong
    assert len(wrong) == 4
    for said, words in zip(wrong, ("do not print", "ended with 2, not 0", "not loaded", "neither a file"), strict=True):
        assert words in said


def test_lines_of_output_stand_below_one_another(tmp_path):
    """A line that was left out without `...` is found."""
    page = tmp_path / "page.md"
    page.write_text('```python\nprint("a\\nb\\nc")\n```\n\n```text\na\nc\n```\n', encoding="utf-8")
    assert len(Walk(read(page), tmp_path).go().wrong) == 1
    page.write_text('```python\nprint("a\\nb\\nc")\n```\n\n```text\na\n...\nc\n```\n', encoding="utf-8")
    assert not Walk(read(page), tmp_path).go().wrong


def test_the_patients_themselves_give_what_both_pages_say():
    for page in (PICTURE, ROOT / "docs" / "radiant4.md"):
        assert DIRECT in page.read_text(encoding="utf-8")


def test_the_figure_is_drawn_from_the_digitised_patients():
    """What is read off it are the Kaplan-Meier estimates, the censoring and the numbers at risk of the patients in inputs/."""
    from netcea.evidence.vector.digitise import digitise
    from netcea.fitting.kaplan_meier import kaplan_meier

    with (ROOT / "inputs" / "survival" / "radiant4_os_digitised.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for curve in digitise(ROOT / "docs" / "figures" / "radiant4_os.svg").curves:
        own = [(float(row["time"]), float(row["event"])) for row in rows if row["arm"] == curve.name]
        time, event = (np.array(column) for column in zip(*own, strict=True))
        km = kaplan_meier(time, event)
        for t in np.linspace(0.5, 27.0, 50):
            assert curve.survival[np.searchsorted(curve.time, t, side="right") - 1] == pytest.approx(km.at(t), abs=1e-4)
        assert len(curve.censored) == len(np.unique(time[event == 0]))
