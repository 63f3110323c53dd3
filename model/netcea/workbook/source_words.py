"""What fits, families and tables are called: words that a person would give, from labels and trials of inputs/."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from netcea.scenario.scenario import Scenario
from netcea.survival.family_names import family_words
from netcea.workbook.option_words import labels_of, last_part

YEARS: Final = re.compile(r"\b((?:19|20)\d\d) ((?:19|20)?\d\d)\b")
BEFORE_A_YEAR: Final = re.compile(r"^[a-z ]+(?= (?:19|20)\d\d\b)")
ABBREVIATIONS: Final = re.compile(r"\b(uk|us|eu|hse|dsu|mvh|tto|vas|aldvmm|ons)(?=\d|\b)", re.IGNORECASE)
"""Of countries, surveys, value sets and mappings."""


def table_words(address: str) -> str:
    """Return the name of a table of inputs/ in words.

    >>> table_words("mortality.life_tables.england_2018_2020"), table_words("utilities.norms.hse2014_dsu_published")
    ('England 2018-2020', 'HSE2014 DSU published')
    """
    named = BEFORE_A_YEAR.sub(lambda found: found[0].title(), last_part(address))
    return ABBREVIATIONS.sub(lambda found: found[0].upper(), YEARS.sub(r"\1-\2", named))


def in_common(labels: Sequence[str]) -> list[str]:
    """Return the parts between commas that all labels have.

    >>> in_common(["Median PFS, central review, placebo", "Hazard ratio, PFS, central review"])
    ['central review']
    """
    parts = [label.split(", ") for label in labels]
    return [part for part in parts[0] if all(part in other for other in parts)] if parts else []


@dataclass(frozen=True)
class SourceWords:
    """What groups of numbers are called.

    Attributes
    ----------
    scenarios : sequence of Scenario
    """

    scenarios: Sequence[Scenario]

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Return address -> label of its number."""
        return labels_of(self.scenarios)

    @cached_property
    def _trials(self) -> Mapping[str, str]:
        return {address: name for s in reversed(self.scenarios) for address, name in s.trial_names.items()}

    def group(self, address: str) -> str:
        """Return what a group of numbers is: its trial, and what all their labels have in common; else its address."""
        own = [a for a in self.labels if a.startswith(f"{address}.")]
        trials = {self._trials.get(a, "") for a in own}
        trial = next(iter(trials)) if len(trials) == 1 else ""
        rest = [part for part in in_common([self.labels[a] for a in own]) if part != trial]
        if trial and rest:
            return f"{trial} ({', '.join(rest)})"
        return trial or ", ".join(rest) or address.removeprefix("survival.")

    def fit(self, address: str) -> str:
        """Return what a fit is: its family and the group of its figures.

        Parameters
        ----------
        address : str
            ``survival.<trial>.<endpoint>.<family>``, with what follows it where a parameter was imposed.
        """
        group, family = _parted(address, self._families)
        return f"{family_words(family)}, {self.group(group)}" if family else self.group(address)

    @cached_property
    def _families(self) -> frozenset[str]:
        models = (model for s in self.scenarios for model in s.curves.values())
        fits = {fit.address.rpartition(".")[2] for s in self.scenarios for fit in s.fits}
        return frozenset(fits | {m.distribution.name for m in models if m.distribution is not None})

    def origin(self, family: str, addresses: Iterable[str]) -> str:
        """Return where a curve's numbers come from: groups of fits, labels of numbers that stand in inputs/."""
        return "; ".join(dict.fromkeys(self._source(address, family) for address in addresses))

    def _source(self, address: str, family: str) -> str:
        if address in self.labels:
            return self.labels[address]
        group = address.rpartition(".")[0]
        if group.startswith("strategies."):
            return "the scenario's own figures"
        trial, found, rest = group.partition(f".{family}")
        if not found:
            return self.group(group)
        imposed = rest.removeprefix(".")
        return f"{self.group(trial)} with {self.labels.get(imposed, imposed)}" if imposed else self.group(trial)


def _parted(address: str, families: Iterable[str]) -> tuple[str, str]:
    """Return the group and the family of a fit's address; no family where there is none in it."""
    parts = address.split(".")
    at = next((i for i, part in enumerate(parts) if part in families), len(parts))
    return ".".join(parts[:at]), parts[at] if at < len(parts) else ""
