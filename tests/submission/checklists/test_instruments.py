"""The instruments: whole, in our own words, and nothing in them but questions."""

import pytest
import yaml

from netcea.errors import InputError
from netcea.submission.checklists import instrument as module
from netcea.submission.checklists.instrument import FOLDER, INSTRUMENTS, Item, instrument
from netcea.submission.checklists.topics.registry import TOPICS
from netcea.verification.verify import names

EVERY = [pytest.param(name, id=name) for name in INSTRUMENTS]


def test_every_file_is_an_instrument():
    assert {path.stem for path in FOLDER.iterdir()} == set(INSTRUMENTS)


def test_cheers_has_its_28_items_in_order():
    items = instrument("cheers_2022").items
    assert [item.id for item in items] == [str(n) for n in range(1, 29)]
    sections = dict.fromkeys(item.section for item in items)
    assert list(sections) == ["Title", "Abstract", "Introduction", "Methods", "Results", "Discussion", "Other"]
    assert sum(item.section == "Methods" for item in items) == 18


def test_advishe_has_its_13_items_in_five_parts():
    assert [item.id for item in instrument("advishe").items] == [
        "A1",
        "A2",
        "B1",
        "B2",
        "C1",
        "C2",
        "C3",
        "C4",
        "D1",
        "D2",
        "D3",
        "D4",
        "E1",
    ]


def test_philips_has_every_dimension():
    found = dict.fromkeys(item.id.partition(".")[0] for item in instrument("philips").items)
    dimensions = "S1 S2 S3 S4 S5 S6 S7 S8 S9 D1 D2 D2a D2b D2c D2d D3 D4 D4a D4b D4c D4d C1 C2"
    assert list(found) == dimensions.split()


@pytest.mark.parametrize("name", EVERY)
def test_an_item_holds_a_question_and_no_answer(name):
    """An answer that is typed into the file is refused: nothing but these entries is read."""
    allowed = {"id", "section", "asks", "topic", "tests", "checks", "needs"}
    for item in yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))["items"]:
        assert set(item) <= allowed, item
    with pytest.raises(ValueError, match="answer"):
        Item.model_validate({"id": "1", "section": "a", "asks": "b", "topic": "model", "answer": "yes"})


@pytest.mark.parametrize("name", EVERY)
def test_every_instrument_is_cited_and_says_how_it_was_compared(name):
    found = instrument(name)
    assert found.doi.startswith("10.")
    assert any(word in found.scope for word in ("compared with", "our own words"))
    assert all(len(item.asks) < 110 for item in found.items)


def test_every_topic_answers_something_and_every_item_names_one():
    named = {item.topic for name in INSTRUMENTS for item in instrument(name).items if item.topic}
    assert named == set(TOPICS)


def test_every_test_of_the_checklist_is_asked_for_and_there():
    asked = {test for name in INSTRUMENTS for item in instrument(name).items for test in (*item.tests, *item.checks)}
    known = set(names())
    assert asked <= known
    of_tech_ver = {test for item in instrument("tech_ver").items for test in (*item.tests, *item.checks)}
    assert {test for test in known if not test.startswith("X")} <= of_tech_ver


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"id": "1", "section": "a", "asks": "b"}, "topic"),
        ({"id": "1", "section": "a", "asks": "b", "topic": "model", "tests": ["E6"]}, "one of them"),
        ({"id": "1", "section": "a", "asks": "b", "needs": "c", "checks": ["E6"]}, "expected `tests`"),
    ],
)
def test_an_item_is_answered_in_one_way(wrong, words):
    with pytest.raises(ValueError, match=words):
        Item.model_validate(wrong)


def test_a_damaged_file_is_told(tmp_path, monkeypatch):
    (tmp_path / "torn.yaml").write_text("name: torn\n", encoding="utf-8")
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    with pytest.raises(InputError, match=r"torn\.yaml"):
        instrument("torn")
