"""netcea: an open cost-effectiveness model, partitioned survival from YAML to ICER.

The public names, for notebooks and scripts; everything else may change:

- `load(name, sets)` -> Scenario: read and check a scenario
- `run(name, sets)` -> BaseCaseResult: its base case, judged, with the bias ledger; ``result.frame("base_case")`` is
  a table
- `analyse(name, analysis, sets, **options)` -> AnalysisReport: one-way, two-way, threshold, psa or voi;
  ``report.frame("...")`` is a table
- `check(name, sets)` -> CheckReport: what the numbers rest on, departures from the reference case
- `simulate(scenario, draws)` -> Outcomes, with `base_case(scenario)` or `sample(scenario, n, seed)` for the rows
- `InputError`: what is wrong with the input, all problems at once

Imports happen on first use, so that ``import netcea`` is quick.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from netcea.version import __version__

if TYPE_CHECKING:
    from netcea.analyses.base_case.analysis import run_base_case as run
    from netcea.analyses.registry import analyse
    from netcea.checking.report import check_scenario as check
    from netcea.engine.point_estimates import base_case
    from netcea.engine.simulate import simulate
    from netcea.errors import InputError
    from netcea.loading.load import load
    from netcea.sampling.sampler import sample

_PUBLIC = {
    "load": ("netcea.loading.load", "load"),
    "run": ("netcea.analyses.base_case.analysis", "run_base_case"),
    "analyse": ("netcea.analyses.registry", "analyse"),
    "check": ("netcea.checking.report", "check_scenario"),
    "simulate": ("netcea.engine.simulate", "simulate"),
    "base_case": ("netcea.engine.point_estimates", "base_case"),
    "sample": ("netcea.sampling.sampler", "sample"),
    "InputError": ("netcea.errors", "InputError"),
}

__all__ = ["InputError", "__version__", "analyse", "base_case", "check", "load", "run", "sample", "simulate"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name in _PUBLIC:
        module, attribute = _PUBLIC[name]
        return getattr(import_module(module), attribute)
    raise AttributeError(f"module 'netcea' has no attribute '{name}'")


class _Package(ModuleType):
    """Keeps public names what they are: importing a module `simulate` hides no function."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _PUBLIC and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
