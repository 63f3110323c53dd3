"""A choice that cells hold: its options, each once, and which of them every scenario takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from netcea.survival.waning_choice import Since
from netcea.workbook.option_words import told_apart


class Option(NamedTuple):
    """What one scenario has.

    Attributes
    ----------
    key : str
        Scenarios with the same key take the same option.
    content : object
    words : str
        What the drop-down calls it.
    details : function
        Returns its entries in words, by name; those that differ are said where another option has the same words.
    """

    key: str
    content: Any
    words: str
    details: Callable[[], Mapping[str, str]] = dict


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
        >>> Choice.of("a", "a", [Option(v, v, "one", lambda v=v: {"size": v}) for v in "12"]).options
        ('one', 'one; size: 2')
        """
        known: dict[str, Option] = {}
        taken = []
        for option in found:
            known.setdefault(option.key, option)
            taken.append(list(known).index(option.key))
        options = told_apart([o.words for o in known.values()], [o.details for o in known.values()])
        return cls(address, label, tuple(options), tuple(known), tuple(o.content for o in known.values()), tuple(taken))

    @classmethod
    def among(cls, address: str, label: str, options: Mapping[str, str], taken: Iterable[str]) -> Choice:
        """Return a choice with all options that there are -> words, whether a scenario takes them or not."""
        every, words = tuple(options), tuple(options.values())
        return cls(address, label, words, every, every, tuple(every.index(t) for t in taken))

    @property
    def differs(self) -> bool:
        """Say whether scenarios take different options."""
        return len(set(self.taken)) > 1


class Fades(NamedTuple):
    """How an effect wanes.

    Attributes
    ----------
    starts, ends : str
        Addresses of times.
    towards : str or None
        Address of a curve; the one that the curve is relative to where there is none.
    since : str
        From when both times count.
    loses_gain : bool
        Survival, and not the hazard, moves to the other's.
    """

    starts: str
    ends: str
    towards: str | None
    since: Since = "baseline"
    loses_gain: bool = False


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
        Of Fades, or ().
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

    def fades_to(self, fades: Fades) -> str:
        """Return the address of the curve towards which the hazard moves when an effect wanes."""
        return fades.towards or self.relative_to
