"""Changes that have no effect: on a number that nothing reads, or to what stood there before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import takewhile
from typing import Final

import numpy as np

from netcea.arrays import Array
from netcea.draws import Draws
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.errors import InputError, ModelWarning
from netcea.loading.merging.draft import DraftScenario
from netcea.loading.merging.override import Override
from netcea.quantities.addresses import Use, addresses_in
from netcea.quantities.key_path import KeyPath, join_address, split_address
from netcea.scenario.scenario import BESIDE_THE_MODEL, Scenario

COMPUTED: Final = ("strategies", "utilities", "adverse_events", "costs")
"""Parts of a scenario whose numbers the engine reads, or else nothing does."""
CHOICES: Final = (*COMPUTED, "settings", "survival")
"""Parts of a scenario whose choices move results of the base case, or else nothing does."""
NAMES: Final = ("label", "value_set", "note")
"""Entries that are read by people."""
COMMAND: Final = ("--set", "changes[")
"""How the place of a change begins that a command line, or Python, makes."""
MEASURES: Final = ("costs", "qalys", "life_years")


def no_effect_warnings(
    draft: DraftScenario, scenario: Scenario, point_estimates: Callable[[DraftScenario], Scenario]
) -> Iterator[ModelWarning]:
    """Yield a warning for each change of the named file, or on top of it, that moves nothing, with the reason.

    Changes by price layers have a warning of their own, so that a confidential value is not spoken of.

    Parameters
    ----------
    draft : DraftScenario
        What was set.
    scenario : Scenario
        What became of it.
    point_estimates : function of a draft
        Resolves it; raises InputError where it cannot be.
    """
    effects = _Effects(draft, scenario, point_estimates)
    extended = draft.files[:-1]
    for override in draft.sets:
        where = override.place.file
        if override.secret or where in extended or where.startswith("--prices"):
            continue
        reason = effects.why_none(override)
        if reason:
            yield ModelWarning("no_effect", override.address, f"setting it has no effect: {reason}")


@dataclass(frozen=True)
class _Effects:
    draft: DraftScenario
    scenario: Scenario
    point_estimates: Callable[[DraftScenario], Scenario]

    def why_none(self, override: Override) -> str:
        """Return why a change has no effect; empty where it has one."""
        if override in self.draft.unchanged:
            return "it is what it was"
        if not self.draft.inputs.exists(override.address):
            return self._why_choice(override)
        numbers = self._numbers_of(override.address)
        if not numbers or any(self._has_effect(number) for number in numbers):
            return ""
        return self._why_number(numbers[0])

    def _why_choice(self, override: Override) -> str:
        """Return why a choice has no effect; empty where it has one, or may have."""
        uses = [use for use in self._uses if join_address(use.path) == override.address]
        if not uses:
            return self._why_none_moves(override)
        if len(uses) != 1 or uses[0].path[0] not in COMPUTED or uses[0].kind.is_group or uses[0].kind.table:
            return ""
        if self._has_effect(uses[0].address):  # there or elsewhere
            return self._why_passed_over(uses[0])
        return self._why_number(uses[0].address)

    def _why_none_moves(self, override: Override) -> str:
        """Return that results are what they were before a choice that a command makes; empty where they are not.

        Nothing is said where prices are confidential: whether results move may be decided by their values.
        """
        path = split_address(override.address)
        asked = override.place.file.startswith(COMMAND) and path[0] in CHOICES and path[-1] not in NAMES
        without = self.draft.without(override) if asked else None
        if without is None or self.scenario.prices.secret or isinstance(override.value, Mapping | list):
            return ""
        try:
            before = self.point_estimates(without)
        except InputError:
            return ""
        now, then = (simulate(scenario, base_case(scenario)) for scenario in (self.scenario, before))
        if now.strategies.keys() != then.strategies.keys() or any(
            not np.array_equal(now.totals(measure), then.totals(measure)) for measure in MEASURES
        ):
            return ""
        return "every result of the base case is what it is without it (draws may differ)"

    def _numbers_of(self, address: str) -> list[str]:
        """Return the numbers and tables at, above or below an address of inputs/; none for what is no number."""
        inputs, path = self.draft.inputs, split_address(address)
        if "about" in path or "arms" in path:
            return []
        for end in range(len(path), 0, -1):
            here = join_address(path[:end])
            try:
                inputs.node(here)
            except KeyError:
                continue
            return [here]
        below = f"{address}."
        return [known for known, _ in inputs.all_addresses() if known.startswith(below)]

    @cached_property
    def _uses(self) -> list[Use]:
        return addresses_in(self.scenario.file)

    def _uses_of(self, number: str) -> list[Use]:
        return [use for use in self._uses if use.address == number or number.startswith(f"{use.address}.")]

    def _has_effect(self, number: str) -> bool:
        """Say whether results rest on a number: it is read, fitted to, or belongs to what is not computed here."""
        scenario = self.scenario
        if number in scenario.used_tables:
            return True
        if number not in scenario.quantities:
            return False
        uses = self._uses_of(number)
        if not uses or any(use.path[0] not in (*COMPUTED, *BESIDE_THE_MODEL) for use in uses):
            return True  # of the method pack, the population, a table
        return number in _read(_Structure.of(scenario)) or any(
            figure.address == number and figure.used for fit in scenario.fits for figure in fit.figures
        )

    def _why_number(self, number: str) -> str:
        """Return why nothing rests on a number."""
        uses = self._uses_of(number)
        computed = [use for use in uses if use.path[0] in COMPUTED and "published" not in use.path]
        if computed:
            return self._why_unread(computed[0])
        if uses:
            names = ", ".join(dict.fromkeys(join_address(use.path) for use in uses))
            return f"only {names} names it, and no result of the base case moves"
        instead = self._instead_of(number)
        return f"no strategy, utility or cost of this scenario uses {number}{instead}"

    def _instead_of(self, number: str) -> str:
        """Return which number of the same name and file is in use in its place: the one whose address is most alike."""
        path = split_address(number)
        alike = {
            address: join_address(use.path)
            for use in self._uses
            if use.path[0] in COMPUTED and "published" not in use.path
            for address in (self.scenario.quantities if use.kind.is_group else [use.address])
            if use.address == address or address.startswith(f"{use.address}.")
            if (split_address(address)[:2], split_address(address)[-1]) == (path[:2], path[-1])
        }
        if path[0] == "costs" or not alike:
            return ""
        nearest = max(sorted(alike), key=lambda address: _alike(address, number))
        return f"; {alike[nearest]} takes {nearest}"

    def _why_unread(self, use: Use) -> str:
        """Return why a number that the scenario names is not read there."""
        at = join_address(use.path)
        if use.kind.fit:
            return f"the curve of {at} takes another arm or another family of the fit"
        if use.kind.trial:
            return f"the curve of {at} is not fitted to it, or it is for correlations that inputs/ states"
        return self._why_passed_over(use) or f"{at} names it, but the other choices there leave it out"

    def _why_passed_over(self, use: Use) -> str:
        """Return why a place of the scenario is passed over, by the choices beside it; empty where it may be read."""
        at, last, above = join_address(use.path), str(use.path[-1]), use.path[:-1]
        if last == "milligram_intensity" and not self._beside(above, "price_follows_milligrams"):
            rule = f"{join_address(above)}.price_follows_milligrams is false"
            return f"{rule}: the price does not follow milligrams"
        if last == "anchor_age" and self._beside(above, "age_adjustment") == "none":
            return "utilities.age_adjustment is none"
        if above[-1:] == ("shape",) and last != (family := self._beside(above[:-1], "distribution")):
            return f"{join_address(above[:-1])}.distribution is {family}, which does not take {at}"
        return ""

    def _beside(self, above: KeyPath, name: str) -> object:
        """Return a choice as the file has it; None where it is left out."""
        try:
            return self.draft.tree.get((*above, name))
        except KeyError:
            return None


def _alike(one: str, other: str) -> int:
    """Return how many characters two addresses share from their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


@dataclass(frozen=True)
class _Structure:
    """What decides which numbers are read: choices, not values. Scenarios of a grid share it."""

    choices: str
    scenario: Scenario = field(compare=False, repr=False)

    @classmethod
    def of(cls, scenario: Scenario) -> _Structure:
        parts = {"strategies", "survival", "utilities", "adverse_events", "costs", "settings"}
        return cls(scenario.file.model_dump_json(include=parts), scenario)


@lru_cache(maxsize=64)
def _read(structure: _Structure) -> frozenset[str]:
    """Return the addresses that the engine reads for a base case."""
    scenario = structure.scenario
    row = _ReadRow(1, base_case(scenario).columns)
    outcomes = simulate(scenario, row)
    for measure in MEASURES:
        outcomes.totals(measure)
    return frozenset(row.read)


@dataclass(frozen=True)
class _ReadRow(Draws):
    """One row of parameters that remembers which were read."""

    read: set[str] = field(default_factory=set)

    def __getitem__(self, address: str) -> Array:
        self.read.add(address)
        return super().__getitem__(address)

    def rows(self, start: int, stop: int) -> Draws:  # noqa: ARG002 - it has one row
        return self
