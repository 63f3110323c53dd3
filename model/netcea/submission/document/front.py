"""What stands before the sections: title, what was run, what to know first; and what every page says of itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from netcea.reporting.number_format import plain
from netcea.reporting.table import Column, Table
from netcea.submission.blocks import Block, Heading, Paragraph, TableBlock
from netcea.submission.document.markup import field, paragraph, run
from netcea.submission.submission import Submission
from netcea.version import __version__

TITLE: Final = "Document B, section B.3: cost effectiveness"
DIGITS: Final = 12
"""Of the digest, where it identifies a run to the eye."""


def title_blocks(submission: Submission, date: dt.date) -> list[Block]:
    """Return title, the record of the run, what to know before reading the numbers, and the contents.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    date : date
        Of the document.
    """
    scenario = submission.scenario
    marking = scenario.prices.marking
    first = submission.read_first
    return [
        Heading(TITLE, 0, "title"),
        Heading(plain(scenario.file.decision_problem.population), 0, "subtitle"),
        *([Paragraph(marking, "to_be_completed")] if marking else []),
        Paragraph(
            "Every table and figure of this document was made from one run of the model, whose digest stands at the "
            "foot of every page: text and model cannot differ. What only a person can write is marked so."
        ),
        TableBlock(_record(submission, date), "The run that this document was made from", "run"),
        *([Heading("Read first", 1, "read_first")] if first else []),
        *(Paragraph(plain(line), "list") for line in first),
        Heading("Contents", 1, "contents"),
    ]


def _record(submission: Submission, date: dt.date) -> Table:
    """Return what was run, with what, by which versions."""
    scenario = submission.scenario
    run = submission.reports["base_case"].run
    psa = submission.reports.get("psa")
    draws = f"{psa.options.get('draws'):,} draws, seed {psa.options.get('seed')}" if psa else "not run"
    layers = ", ".join(
        f"{layer.name}{' (confidential)' if layer.confidential else ''}" for layer in scenario.prices.layers
    )
    rows = (
        ("Scenario", f"{plain(scenario.file.name)} ({plain(scenario.source)})"),
        ("Digest (SHA-256 of everything that went in)", scenario.digest),
        ("netcea", f"{__version__}, NumPy {run.versions['numpy']}, SciPy {run.versions['scipy']}"),
        ("Date of this document", _in_words(date)),
        ("Method pack", scenario.method_pack.name),
        ("Probabilistic analysis", draws),
        ("Price layers", layers or "none: public prices"),
        *((f"Not run: {name.replace('_', ' ')}", plain(why)) for name, why in submission.not_run.items()),
    )
    return Table("run", "The run", (Column("what", "What"), Column("value", "Of this document")), rows)


def _in_words(date: dt.date) -> str:
    return f"{date.day} {date:%B} {date.year}"


def head_xml(submission: Submission, ids: Mapping[str, str]) -> str:
    """Return the header of every page: the scenario, and the marking of a confidential run.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    ids : mapping of name -> id
        Of styles.
    """
    marking = submission.scenario.prices.marking
    mark = paragraph(ids["header"], run(marking, bold=True)) if marking else ""
    return paragraph(ids["header"], run(plain(submission.scenario.file.title))) + mark


def foot_xml(submission: Submission, date: dt.date, ids: Mapping[str, str]) -> str:
    """Return the footer of every page: version, digest, date, page number.

    Parameters
    ----------
    submission : Submission
        Everything that was run.
    date : date
        Of the document.
    ids : mapping of name -> id
        Of styles.
    """
    digest = submission.scenario.digest[:DIGITS]
    words = run(f"netcea {__version__} | digest {digest} | {_in_words(date)} | page ")
    pages = field("PAGE", "1") + run(" of ") + field("NUMPAGES", "1")
    return paragraph(ids["footer"], words + pages)
