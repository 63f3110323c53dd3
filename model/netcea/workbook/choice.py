"""A choice that cells hold: its options, each once, and which of them every scenario takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple


class Option(NamedTuple):
    """What one scenario has.

    Attributes
    ----------
    key : str
        Scenarios with the same key take the same option.
    content : object
    words : str
        What the drop-down calls it.
    """

    key: str
    content: Any
    words: str


@dataclass(frozen=True)
class Choice:
    """A choice.

    Attributes
    ----------
    address, label : str
    options : tuple of str
        As the drop-down shows them; no two are alike.
    keys : tuple of str
    values : tuple
        What each option is.
    taken : tuple of int
        For each scenario the number of its option, from 0.
    """

    address: str
    label: str
    options: tuple[str, ...]
    keys: tuple[str, ...]
    values: tuple[Any, ...]
    taken: tuple[int, ...]

    @classmethod
    def of(cls, address: str, label: str, found: Iterable[Option]) -> Choice:
        """Return the choice between what scenarios have.

        >>> Choice.of("a", "a", [Option("x", 1, "one"), Option("y", 2, "one"), Option("x", 1, "one")]).options
        ('one', 'one (2)')
        """
        known: dict[str, Option] = {}
        taken = []
        for option in found:
            if option.key not in known:
                known[option.key] = option._replace(words=_unlike(option.words, [o.words for o in known.values()]))
            taken.append(list(known).index(option.key))
        options = tuple(option.words for option in known.values())
        return cls(address, label, options, tuple(known), tuple(o.content for o in known.values()), tuple(taken))

    @classmethod
    def among(cls, address: str, label: str, options: Sequence[str], taken: Iterable[str]) -> Choice:
        """Return a choice with all options that there are, whether a scenario takes them or not."""
        every = tuple(options)
        return cls(address, label, every, every, every, tuple(every.index(t) for t in taken))

    @property
    def differs(self) -> bool:
        """Say whether scenarios take different options."""
        return len(set(self.taken)) > 1


def _unlike(words: str, others: Sequence[str]) -> str:
    """Return words that no other option has."""
    found, number = words, 2
    while found in others:
        found, number = f"{words} ({number})", number + 1
    return found


@dataclass(frozen=True)
class CurveChoices:
    """Everything about one curve of one strategy that can be switched.

    Attributes
    ----------
    address, strategy, endpoint : str
    origin : Choice
        Of CurveModel: a family with its parameters, or another strategy's curve.
    ratio : Choice
        Of the RatioIntervals of a hazard ratio, one without an end where it is one for all time; () for none.
    crossover : Choice
        Of the ratios with and without crossover, where it is removed; () where it is not.
    waning : Choice
        Of (starts, ends, towards), or ().
    background : Choice
        Of 'none', 'hazard_floor', 'excess'.
    """

    address: str
    strategy: str
    endpoint: str
    origin: Choice
    ratio: Choice
    crossover: Choice
    waning: Choice
    background: Choice

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Return all five."""
        return self.origin, self.ratio, self.crossover, self.waning, self.background

    @property
    def relative_to(self) -> str:
        """Return the address of the curve that an option is relative to; '' if none is."""
        return next((m.relative_to for m in self.origin.values if m is not None and m.relative_to), "")

    def fades_to(self, fades: tuple[str | None, ...]) -> str:
        """Return the address of the curve towards which the hazard moves when an effect wanes."""
        return fades[2] or self.relative_to
