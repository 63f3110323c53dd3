import pytest

from netcea.reporting.figures.glyphs import drawable
from netcea.reporting.figures.text import one_line, text_width, wrapped


def test_wrapped_text_fits():
    words = "Placebo / best supportive care with a Donaudampfschifffahrtsgesellschaft"
    for width in (0.5, 1.0, 2.0):
        found = wrapped(words, width, lines=3)
        assert len(found) <= 3
        assert all(text_width(line) <= width for line in found)
    assert " ".join(wrapped(words, 3.0)) == words
    assert wrapped("", 1.0) == []
    assert one_line(words, 1.0).endswith("…")
    assert one_line("", 1.0) == ""


@pytest.mark.parametrize("label", ["胰腺神经内分泌肿瘤の治療", "🙂 care"])
def test_a_character_that_no_font_has_takes_room_and_is_left_out_where_text_is_wrapped(label):
    assert text_width(label) > 0.0
    assert "".join(wrapped(label, 1.0)).replace(" ", "") == drawable(label).replace(" ", "")
