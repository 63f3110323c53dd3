"""What to know before reading the numbers: the sentences of every analysis, wherever a submission is read."""

import datetime as dt
from types import SimpleNamespace

from helpers.submissions import submission
from netcea.reporting.first_lines import FirstLine
from netcea.submission.document.front import title_blocks
from netcea.submission.sections.narrative import interpretation
from netcea.submission.slides.standing import limits
from netcea.submission.submission import Submission

OF_PRICES = FirstLine("a", "No price meets the threshold.")
OF_CURVES = FirstLine("b", "A curve misses its figures.", depends_on_prices=False)


def of(reports, *, redacted=False):
    scenario = SimpleNamespace(prices=SimpleNamespace(redacted=redacted))
    return Submission(scenario, {name: SimpleNamespace(read_first=lines) for name, lines in reports.items()}).read_first


def test_each_sentence_of_every_analysis_once_in_their_order():
    reports = {"base_case": (OF_CURVES,), "threshold": (OF_CURVES, OF_PRICES)}
    assert of(reports) == (OF_CURVES.message, OF_PRICES.message)
    assert of(reports, redacted=True) == (OF_CURVES.message,)


def test_document_and_slides_say_what_the_page_says():
    made = submission("pnet")
    of_threshold = {line.message for line in made.reports["threshold"].read_first}
    assert of_threshold - {line.message for line in made.reports["base_case"].read_first}
    for blocks in (title_blocks(made, dt.date(2026, 1, 1)), interpretation(made), limits(made).parts):
        said = {getattr(block, "text", "") for block in blocks}
        assert of_threshold <= said
