"""netcea: an open cost-effectiveness model for advanced neuroendocrine tumours.

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

__version__ = "0.1.0"

if TYPE_CHECKING:
    from netcea.analyses.base_case import run_base_case as run
    from netcea.analyses.registry import analyse
    from netcea.checking.report import check_scenario as check
    from netcea.draws import base_case
    from netcea.errors import InputError
    from netcea.loading.load import load
    from netcea.sampling import sample
    from netcea.simulate import simulate

_PUBLIC = {
    "load": ("netcea.loading.load", "load"),
    "run": ("netcea.analyses.base_case", "run_base_case"),
    "analyse": ("netcea.analyses.registry", "analyse"),
    "check": ("netcea.checking.report", "check_scenario"),
    "simulate": ("netcea.simulate", "simulate"),
    "base_case": ("netcea.draws", "base_case"),
    "sample": ("netcea.sampling", "sample"),
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
    """Keeps public names what they are: importing the module netcea.simulate does not hide the function `simulate`."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _PUBLIC and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
