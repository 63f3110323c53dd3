"""An instrument: its items, in our own words, and what answers each of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import Field, ValidationError, model_validator

from netcea.blocks import Block, refused
from netcea.errors import InputError, Problem
from netcea.loading.reading.yaml_file import read_yaml

FOLDER: Final = Path(__file__).parent / "instruments"
INSTRUMENTS: Final = ("cheers_2022", "advishe", "tech_ver", "philips")
"""Their names, in the order in which a document has them."""


class Item(Block):
    """One item of an instrument: what it asks, and who answers."""

    id: str
    """As the instrument counts, or as its file says."""
    section: str
    asks: str
    """In our own words."""
    topic: str = ""
    """The topic that answers it (`netcea.submission.checklists.topics.registry`)."""
    tests: list[str] = []
    """The tests of `netcea verify` that answer it."""
    checks: list[str] = []
    """Tests of `netcea verify` whose failure makes the answer of the topic a no."""
    needs: str = ""
    """What a person has to add; with a topic, that brings what there is to be judged."""

    @model_validator(mode="after")
    def _answered(self) -> Self:
        if self.topic and self.tests:
            raise refused(f"a topic and tests for item {self.id}", "one of them")
        if self.checks and not self.topic:
            raise refused(f"`checks` without a topic for item {self.id}", "`tests`")
        if not (self.topic or self.tests or self.needs):
            raise refused(f"nothing that answers item {self.id}", "`topic`, `tests` or `needs`")
        return self


class Instrument(Block):
    """A published checklist."""

    name: str
    title: str
    about: str
    """What it asks about, in a sentence."""
    citation: str
    doi: str
    scope: str
    """How its items were compared with the publication."""
    items: Annotated[list[Item], Field(min_length=1)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        ids = [item.id for item in self.items]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise refused(f"{', '.join(twice)} twice in {self.name}", "each item once")
        return self


@cache
def instrument(name: str) -> Instrument:
    """Return an instrument by its name.

    Parameters
    ----------
    name : str
        One of `INSTRUMENTS`.

    Raises
    ------
    InputError
        Its file is damaged.

    Examples
    --------
    >>> len(instrument("cheers_2022").items), len(instrument("advishe").items)
    (28, 13)
    """
    path = FOLDER / f"{name}.yaml"
    file = read_yaml(path)
    try:
        return Instrument.model_validate(file.data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError(Problem(str(path), 0, where, str(first.get("input")), str(first["msg"]))) from None
