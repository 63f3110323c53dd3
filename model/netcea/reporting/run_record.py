"""The record of a run: what was run, with what, by which versions; at the head of run.json and of results.json."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from netcea.errors import ModelWarning
from netcea.reporting.first_lines import FirstLine
from netcea.scenario.price_layers import PriceLayer
from netcea.scenario.scenario import FORMAT, Change, Direction, Scenario
from netcea.version import __version__

RESULTS_FORMAT: Final = 1
"""Version of results.json; a name that changes its meaning or goes away raises it."""
_X86: Final = (("AVX512", ("X86_V4", "AVX512_SKX")), ("AVX2", ("X86_V3", "AVX2")))
"""How an instruction set is recorded, the best first, and what NumPy calls it: the first name that it knows."""


@dataclass(frozen=True)
class ScenarioRecord:
    """The scenario that was run.

    Attributes
    ----------
    name : str
        What the scenario calls itself.
    rationale : str
        Why anyone should look at it.
    source : str
        The file, relative to its project.
    inputs_folder : str
        The inputs/ that was used, relative to the project too.
    direction : str
        Whom the scenario favours, compared with its base: for or against the intervention, or unclear.
    tags : list of str
        Tags of the scenario.
    population : str
        For whom it is decided.
    intervention : str
        The strategy that is appraised.
    comparator : str
        The strategy of pairwise comparisons.
    established_practice : str
        The strategy against which severity is measured.
    changes : list
        What a scenario that extends another, and the command line, changed; in their order.
    """

    name: str
    rationale: str
    source: str
    inputs_folder: str
    direction: Direction | None
    tags: tuple[str, ...]
    population: str
    intervention: str
    comparator: str
    established_practice: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class RunRecord:
    """What was run, with what, by which versions.

    Attributes
    ----------
    format : int
        Version of this format.
    analysis : str
        Its name: base_case, one_way, two_way, threshold, psa, voi.
    scenario : ScenarioRecord
        The scenario that was run.
    digest : str
        SHA-256 of everything that went in.
    options : mapping
        What the analysis was given.
    versions : mapping
        Of netcea, of the format of scenario files, of Python and of the libraries that compute; the instruction set.
    prices : list
        Price layers, by name and hash; only where there are any.
    marking : str
        That results are at confidential prices, or redacted; only where they are.
    warnings : list
        What the reader must know of the scenario and its numbers; only where there is something.
    read_first : list
        What to know before reading the numbers, in sentences; only where there is something.
    """

    format: int
    analysis: str
    scenario: ScenarioRecord
    digest: str
    options: Mapping[str, Any]
    versions: Mapping[str, str]
    prices: tuple[PriceLayer, ...] | None = None
    marking: str | None = None
    warnings: tuple[ModelWarning, ...] | None = None
    read_first: tuple[FirstLine, ...] | None = None


def record_of_run(
    analysis: str, scenario: Scenario, options: Mapping[str, Any], read_first: Sequence[FirstLine] = ()
) -> RunRecord:
    """Return the record of a run."""
    file, prices = scenario.file, scenario.prices
    return RunRecord(
        RESULTS_FORMAT,
        analysis,
        ScenarioRecord(
            file.name,
            file.rationale,
            scenario.source,
            scenario.inputs_folder,
            file.direction,
            tuple(file.tags),
            file.decision_problem.population,
            file.decision.intervention,
            file.decision.comparator,
            file.decision.established_practice,
            scenario.changes,
        ),
        scenario.digest,
        options,
        versions(),
        prices.layers or None,
        (prices.marking if prices.secret else None) if prices.layers else None,
        scenario.warnings or None,
        tuple(read_first) or None,
    )


def versions() -> dict[str, str]:
    """Return the versions of what computed the result."""
    import numpy as np
    import scipy

    libraries = {"numpy": np.__version__, "scipy": scipy.__version__}
    ours = {"netcea": __version__, "scenario_format": str(FORMAT), "python": platform.python_version()}
    return {**ours, **libraries, "instruction_set": instruction_set()}


def _first_of(features: Mapping[str, bool], names: Sequence[str]) -> bool:
    return next((features[name] for name in names if name in features), False)


def instruction_set() -> str:
    """Return the processor's instructions that NumPy computes with: among machines with the same, bytes are the same.

    On others the last digits may differ: without AVX2 by 6e-9 of a result.
    """
    try:
        features: Mapping[str, bool] = import_module("numpy._core._multiarray_umath").__cpu_features__
    except (ImportError, AttributeError):  # not among NumPy's public names
        features = {}
    machine = platform.machine()
    if "AVX2" not in features or machine.lower() not in ("x86_64", "amd64"):
        return machine
    used = next((words for words, names in _X86 if _first_of(features, names)), "without AVX2")
    return f"x86_64 {used}"
