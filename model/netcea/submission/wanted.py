"""What is asked of a submission's files, and what is refused before anything is run: template, author, date, slides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from netcea.errors import InputError, Place, Problem
from netcea.loading.reading.python_value import shown_object
from netcea.submission.document.layout import Page
from netcea.submission.document.package import LONGEST_PROPERTY, opened
from netcea.submission.slides.write import check_installed
from netcea.visible_text import visible

LEAST_ROOM: Final = 10.0
"""Width and height of a page's text in which tables can be read. [cm]"""


@dataclass(frozen=True)
class Wanted:
    """What is to be written of a submission.

    Attributes
    ----------
    template : Path or None
        A company's .docx file.
    author : str
        Who hands it in.
    date : date or None
        Of the document; today when None.
    slides : bool
        Whether slides are written too.
    say_missing : function or None
        Told the styles that the template has not.
    """

    template: Path | None = None
    author: str = ""
    date: dt.date | None = None
    slides: bool = False
    say_missing: Callable[[tuple[str, ...]], None] | None = None


def check(wanted: Wanted) -> None:
    """Refuse, before anything is run, what could not be written afterwards.

    Parameters
    ----------
    wanted : Wanted
        What is to be written.

    Raises
    ------
    InputError
        With everything that is wrong: the template is no Word document, or its pages leave no room; the author or the
        date is none; what writes slides is not installed.
    """
    problems = [*_author(wanted.author), *_date(wanted.date)]
    for needed, test in ((wanted.template is not None, _template), (wanted.slides, _slides)):
        if needed:
            try:
                test(wanted)
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError(problems)


def _author(author: object) -> list[Problem]:
    place, expected = Place("--author"), f"a name, up to {LONGEST_PROPERTY} characters that can be seen"
    if not isinstance(author, str):
        return [place.problem(shown_object(author), expected)]
    if len(author) > LONGEST_PROPERTY:
        return [place.problem(f"{len(author):,} characters", expected)]
    return [] if visible(author) == author else [place.problem(repr(author), expected)]


def _date(date: object) -> list[Problem]:
    if date is None or isinstance(date, dt.date):
        return []
    return [Place("--date").problem(shown_object(date), "a date", "such as datetime.date(2026, 11, 30)")]


def _template(wanted: Wanted) -> None:
    page = Page.of(opened(wanted.template), of_template=True)
    for lying in (False, True):
        wide, high = page.room(lying=lying)
        if wide < LEAST_ROOM or high < LEAST_ROOM:
            found = f"pages with {wide:.1f} x {high:.1f} cm between their margins{' when they lie' if lying else ''}"
            hint = "change size or margins of its last section in Word, or leave --template out"
            raise Place(str(wanted.template)).error(found, f"at least {LEAST_ROOM:.0f} x {LEAST_ROOM:.0f} cm", hint)


def _slides(_: Wanted) -> None:
    check_installed()
