"""Every analysis, by its name; each is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from netcea.analyses.analysis import Analysis
    from netcea.analyses.base_case.analysis import BaseCase
    from netcea.analyses.budget.analysis import Budget
    from netcea.analyses.one_way.analysis import OneWay
    from netcea.analyses.psa.analysis import Psa
    from netcea.analyses.severity.analysis import Severity
    from netcea.analyses.structure.analysis import Structure
    from netcea.analyses.subgroups.analysis import Subgroups
    from netcea.analyses.sweep.analysis import Sweep
    from netcea.analyses.switching.analysis import Switching
    from netcea.analyses.threshold.analysis import Threshold
    from netcea.analyses.two_way.analysis import TwoWay
    from netcea.analyses.voi.analysis import Voi
    from netcea.analyses.waterfall.analysis import Waterfall


def base_case() -> BaseCase:
    """Base cases: tables on the screen; results, trace, figures, bias ledger and an Excel file in a folder."""
    from netcea.analyses.base_case.analysis import BaseCase

    return BaseCase()


def one_way() -> OneWay:
    """One-way sensitivity: every uncertain quantity at its 2.5% and 97.5% quantile, one at a time, ranked."""
    from netcea.analyses.one_way.analysis import OneWay

    return OneWay()


def two_way() -> TwoWay:
    """Two-way sensitivity: two quantities on a grid, with a heat map of incremental net health benefit."""
    from netcea.analyses.two_way.analysis import TwoWay

    return TwoWay()


def threshold() -> Threshold:
    """Threshold analysis: the price, or the value of any quantity, at which the ICER meets each threshold."""
    from netcea.analyses.threshold.analysis import Threshold

    return Threshold()


def psa() -> Psa:
    """Probabilistic analysis: everything uncertain sampled, run on the same engine as the base case."""
    from netcea.analyses.psa.analysis import Psa

    return Psa()


def voi() -> Voi:
    """Value of information: of knowing everything, some quantities, or what a study of n patients would show."""
    from netcea.analyses.voi.analysis import Voi

    return Voi()


def switching() -> Switching:
    """Treatment switching: the result by each method of adjusting overall survival, beside intention to treat."""
    from netcea.analyses.switching.analysis import Switching

    return Switching()


def sweep() -> Sweep:
    """Every combination of survival families: the result of each, and which are plausible."""
    from netcea.analyses.sweep.analysis import Sweep

    return Sweep()


def severity() -> Severity:
    """Severity: the weight under other choices, its probability over draws, and where it changes."""
    from netcea.analyses.severity.analysis import Severity

    return Severity()


def waterfall() -> Waterfall:
    """Waterfall: from the company's case to the committee's, change by change, on top of one another and alone."""
    from netcea.analyses.waterfall.analysis import Waterfall

    return Waterfall()


def structure() -> Structure:
    """Structural cross-check: state-transition models of the same inputs, and what is done where curves cross."""
    from netcea.analyses.structure.analysis import Structure

    return Structure()


def budget() -> Budget:
    """Budget impact: costs with and without the technology, year by year, undiscounted, and the payer's test."""
    from netcea.analyses.budget.analysis import Budget

    return Budget()


def subgroups() -> Subgroups:
    """Results by subgroup: costs, QALYs, ICER and net health benefit, with the evidence that each rests on."""
    from netcea.analyses.subgroups.analysis import Subgroups

    return Subgroups()


LOADERS: Final[dict[str, Callable[[], Analysis[Any, Any, Any]]]] = {
    "base_case": base_case,
    "one_way": one_way,
    "two_way": two_way,
    "threshold": threshold,
    "psa": psa,
    "voi": voi,
    "switching": switching,
    "sweep": sweep,
    "severity": severity,
    "waterfall": waterfall,
    "structure": structure,
    "budget": budget,
    "subgroups": subgroups,
}
"""Name -> the function that loads its class; its text is the line of help. To add an analysis: its folder, its options
in `netcea.scenario.options`, and its line here."""
OTHERWISE: Final = {"base_case": "run"}
"""Analyses whose command is not their name."""


def command_of(name: str) -> str:
    """Return how an analysis is called on the command line.

    >>> command_of("one_way"), command_of("base_case")
    ('one-way', 'run')
    """
    return OTHERWISE.get(name, name.replace("_", "-"))


def summary_of(name: str) -> str:
    """Return the line of help of an analysis."""
    return LOADERS[name].__doc__ or ""


class _Analyses(Mapping[str, "Analysis[Any, Any, Any]"]):
    """Name -> analysis, in the order of a submission."""

    def __getitem__(self, name: str) -> Analysis[Any, Any, Any]:
        return LOADERS[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(LOADERS)

    def __len__(self) -> int:
        return len(LOADERS)


ANALYSES: Final = _Analyses()
"""Name -> analysis: base_case, one_way, two_way, threshold, psa, voi, switching, sweep, severity, waterfall,
structure, budget, subgroups."""
