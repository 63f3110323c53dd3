"""netcea: an open cost-effectiveness model, partitioned survival from YAML to ICER.

The public names, for notebooks and scripts; everything else may change. A scenario is one that was loaded, the name of
one that comes with netcea, or a file; changes are a mapping of address -> value.

- `load(name, changes)` -> Scenario: read and check a scenario
- `run(scenario, changes)` -> BaseCaseResult: its base case, judged, with the bias ledger
- `one_way`, `two_way`, `threshold`, `psa`, `voi`, `switching`, `sweep`, `severity`, `waterfall`,
  `structure`, `budget`, `subgroups` (scenario, changes, **options) -> like it
- ``result.frame("name")`` is a table, ``result.figure("name")`` a figure, ``result.tables`` and ``result.figures``
  their names, ``result.write(folder)`` all that the command writes
- `report(scenario, changes, folder, **options)` -> Submission: run everything, write the Word document of section B.3
- `digitise(figure)` -> DigitisedFigure: Kaplan-Meier curves out of a vector figure
- `fit(data, name, endpoint, **options)` -> PatientFits: families fitted to patients by maximum likelihood, for inputs/
- `fit_summaries(figures, name, endpoint, **options)` -> SummaryFits: families through published medians, landmarks ...
- `adjust_switching(data, control, name, **options)` -> SwitchingEstimates: survival had nobody switched, by method
- `check(scenario, changes)` -> CheckReport: what the numbers rest on, departures from the reference case
- `reference_case(scenario, changes)` -> Linted: each rule of NICE's, what departures do, method packs side by side
- `verify(scenario, changes)` -> Verification: the black-box tests that every model must pass, on this scenario
- `simulate(scenario, draws)` -> Outcomes, with `base_case(scenario)` or `sample(scenario, n, seed)` for the rows
- `distribution(name)` -> a survival family; `fully_incremental`, `pairwise`, `nmb`, `nhb`, `incremental_nmb`,
  `incremental_nhb`, `shortfall`: the decision rules, usable on their own
- `InputError`: what is wrong with the input, all problems at once

Imports happen on first use, so that ``import netcea`` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from netcea.version import __version__

if TYPE_CHECKING:
    from netcea.analyses.functions import (
        budget,
        one_way,
        psa,
        run,
        severity,
        structure,
        subgroups,
        sweep,
        switching,
        threshold,
        two_way,
        voi,
        waterfall,
    )
    from netcea.checking.reference_case.linter import lint as reference_case
    from netcea.checking.report import check_scenario as check
    from netcea.decision.incremental import fully_incremental, pairwise
    from netcea.decision.net_benefit import incremental_nhb, incremental_nmb, nhb, nmb
    from netcea.decision.severity import shortfall
    from netcea.engine.point_estimates import base_case
    from netcea.engine.simulate import simulate
    from netcea.errors import InputError
    from netcea.evidence.fit import fit
    from netcea.evidence.summary_fits import fit_summaries
    from netcea.evidence.switching import adjust_switching
    from netcea.evidence.vector.digitise import digitise
    from netcea.loading.load import load
    from netcea.sampling.sampler import sample
    from netcea.submission.report import report
    from netcea.survival.distributions import distribution
    from netcea.verification.verify import verify

_PUBLIC = {
    "load": "netcea.loading.load",
    "run": "netcea.analyses.functions",
    "one_way": "netcea.analyses.functions",
    "two_way": "netcea.analyses.functions",
    "threshold": "netcea.analyses.functions",
    "psa": "netcea.analyses.functions",
    "voi": "netcea.analyses.functions",
    "sweep": "netcea.analyses.functions",
    "severity": "netcea.analyses.functions",
    "budget": "netcea.analyses.functions",
    "subgroups": "netcea.analyses.functions",
    "switching": "netcea.analyses.functions",
    "structure": "netcea.analyses.functions",
    "waterfall": "netcea.analyses.functions",
    "check": "netcea.checking.report:check_scenario",
    "reference_case": "netcea.checking.reference_case.linter:lint",
    "verify": "netcea.verification.verify",
    "report": "netcea.submission.report",
    "digitise": "netcea.evidence.vector.digitise",
    "fit": "netcea.evidence.fit",
    "fit_summaries": "netcea.evidence.summary_fits",
    "adjust_switching": "netcea.evidence.switching",
    "simulate": "netcea.engine.simulate",
    "base_case": "netcea.engine.point_estimates",
    "sample": "netcea.sampling.sampler",
    "distribution": "netcea.survival.distributions",
    "fully_incremental": "netcea.decision.incremental",
    "pairwise": "netcea.decision.incremental",
    "nmb": "netcea.decision.net_benefit",
    "nhb": "netcea.decision.net_benefit",
    "incremental_nmb": "netcea.decision.net_benefit",
    "incremental_nhb": "netcea.decision.net_benefit",
    "shortfall": "netcea.decision.severity",
    "InputError": "netcea.errors",
}
"""Public name -> the module that has it, and its name there where that is another."""

__all__ = [
    "InputError",
    "__version__",
    "adjust_switching",
    "base_case",
    "budget",
    "check",
    "digitise",
    "distribution",
    "fit",
    "fit_summaries",
    "fully_incremental",
    "incremental_nhb",
    "incremental_nmb",
    "load",
    "nhb",
    "nmb",
    "one_way",
    "pairwise",
    "psa",
    "reference_case",
    "report",
    "run",
    "sample",
    "severity",
    "shortfall",
    "simulate",
    "structure",
    "subgroups",
    "sweep",
    "switching",
    "threshold",
    "two_way",
    "verify",
    "voi",
    "waterfall",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used; an unknown one is answered with the known ones."""
    if name in _PUBLIC:
        module, _, attribute = _PUBLIC[name].partition(":")
        found = getattr(import_module(module), attribute or name)
        globals()[name] = found
        return found
    from netcea.errors import did_you_mean

    hint = did_you_mean(name, __all__) or f"it has {', '.join(__all__)}"
    raise AttributeError(f"module 'netcea' has no attribute '{name}'; {hint}", name=name, obj=None)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
