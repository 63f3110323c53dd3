"""The result of a sweep over families."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netcea.analyses.analysis import Result
from netcea.analyses.shared.effects import Effect
from netcea.scenario.options import SweepOptions
from netcea.scenario.scenario import Scenario
from netcea.survival.family_names import family_words


@dataclass(frozen=True)
class Combination:
    """Families of the curves, and what they make of the decision.

    Attributes
    ----------
    families : mapping of str -> str
        Endpoint, or address of a curve where strategies may differ -> family.
    effect : Effect or None
        None where a family cannot be fitted.
    implausible : tuple of str
        Rules that the curves break.
    fault : str
        Why it cannot be run.
    """

    families: Mapping[str, str]
    effect: Effect | None
    implausible: tuple[str, ...] = ()
    fault: str = ""

    @property
    def plausible(self) -> bool:
        """Whether it was run and breaks no rule."""
        return self.effect is not None and not self.implausible

    @property
    def words(self) -> str:
        """Its families in words."""
        return ", ".join(f"{curve_words(name)} {family_words(family)}" for name, family in self.families.items())


def curve_words(name: str) -> str:
    """Return what a curve that is changed is called.

    Parameters
    ----------
    name : str
        An endpoint, or the address of a curve.

    Examples
    --------
    >>> curve_words("os"), curve_words("strategies.new_drug.time_on_treatment.curve")
    ('OS', 'time on treatment of new drug')
    """
    _, _, rest = name.rpartition("strategies.")
    strategy, _, endpoint = rest.removesuffix(".curve").rpartition(".")
    words = {"pfs": "PFS", "os": "OS"}.get(endpoint, endpoint.replace("_", " "))
    return f"{words} of {strategy.replace('_', ' ')}" if strategy else words


@dataclass(frozen=True, repr=False)
class SweepResult(Result):
    """Everything that is shown and written of this analysis.

    Attributes
    ----------
    scenario : Scenario
    options : SweepOptions
    base : Effect
        Of the scenario as it is.
    current : mapping of str -> str
        Families that the scenario has; '' where strategies differ.
    base_implausible : tuple of str
        Rules that the scenario's own curves break.
    combinations : tuple of Combination
    """

    scenario: Scenario
    options: SweepOptions
    base: Effect
    current: Mapping[str, str]
    base_implausible: tuple[str, ...]
    combinations: tuple[Combination, ...]
