"""Blocks know their keys; text points and cites by marks that can be read again."""

import pytest

from netcea.reporting.table import Column, Table
from netcea.submission.blocks import FigureBlock, Heading, Paragraph, TableBlock, cite, keys_of, parts_of, ref

TABLE = Table("costs", "Costs", (Column("a", "A"), Column("b", "B", "£", "pounds")), (("x", 1.0),))


def test_marks_are_read_again():
    text = f"As {ref('costs')} shows{cite('nice_manual, radiant')}, {ref('figure_ceac')}"
    assert list(parts_of(text)) == [
        ("text", "As "),
        ("ref", "costs"),
        ("text", " shows"),
        ("cite", "nice_manual, radiant"),
        ("text", ", "),
        ("ref", "figure_ceac"),
    ]


def test_braces_and_brackets_of_users_are_text():
    assert list(parts_of("{ref:costs} [1] <ref>")) == [("text", "{ref:costs} [1] <ref>")]


def test_keys():
    blocks = [
        Heading("B.3.10", key="results"),
        Heading("Other"),
        Paragraph("words"),
        TableBlock(TABLE, "Costs"),
        FigureBlock("ceac", lambda: None, "Curve", "It falls."),
    ]
    assert keys_of(blocks) == {"results", "costs", "figure_ceac"}


@pytest.mark.parametrize("wrong", [{"headings": ("one",)}, {"widths": (1.0, 2.0, 3.0)}])
def test_headings_and_widths_are_as_many_as_columns(wrong):
    with pytest.raises(ValueError, match="2 columns"):
        TableBlock(TABLE, "Costs", **wrong)
