"""`netcea verify`: every black-box test on the user's own scenario.

References
----------
Buyukkaramikli NC, Rutten-van Molken MPMH, Severens JL, Al M. TECH-VER: a verification checklist to reduce errors in
models and improve their credibility. PharmacoEconomics 2019;37:1391-1408. The words of the tests are our own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from netcea.errors import InputError, ModelError, Place
from netcea.execution.progress import progress
from netcea.loading.reading.python_value import path_of, whole_number
from netcea.loading.scenarios import AnyScenario, Changes, scenario_of
from netcea.scenario.options import LARGEST_SEED
from netcea.scenario.scenario import Scenario
from netcea.verification import (
    decided,
    drawn,
    effects,
    entered,
    independent,
    inputs,
    sampled,
    states,
    totals,
    transcription,
)
from netcea.verification import published as published_table
from netcea.verification.perturbed import Perturbed
from netcea.verification.verdict import TESTS, BlackBoxTest, Found, Outcome, Verdict

FEWEST_DRAWS: Final = 100
MOST_DRAWS: Final = 200_000
"""Rows of the sample: of fewer nothing can be told, of more every state would take long to look at."""
MODULES: Final = (states, effects, totals, inputs, entered, sampled, drawn, decided, independent, transcription)
"""Those that hold the tests, in the order in which these are shown."""
NOT_OF_THIS_MODEL: Final = {
    "E19": ("Flows into and out of tunnel states are equal", "A partitioned-survival model has no tunnel states."),
    "E22-E24": (
        "Patient-level and population items",
        "The model is of a cohort: no patients are simulated one by one.",
    ),
    "P5": (
        "Families that contain others give their curves",
        "Shown of the library itself, by the program's own tests: generalised gamma, gamma, Weibull, exponential.",
    ),
}
"""Tests of the checklist that no scenario of this program can be put to -> what they assert, and why not."""


@dataclass(frozen=True)
class Verification:
    """Verdicts on one scenario.

    Attributes
    ----------
    scenario : Scenario
    draws, seed : int
        Of the sample in which invariants were looked at.
    verdicts : tuple of Verdict
    """

    scenario: Scenario
    draws: int
    seed: int
    verdicts: tuple[Verdict, ...]

    def of(self, outcome: Outcome) -> tuple[Verdict, ...]:
        """Return the verdicts of one outcome.

        Parameters
        ----------
        outcome : {'pass', 'fail', 'explained', 'not applicable'}
            Which.
        """
        return tuple(verdict for verdict in self.verdicts if verdict.outcome == outcome)

    @cached_property
    def failed(self) -> bool:
        """Whether a test failed."""
        return bool(self.of("fail"))


def verify(
    scenario: AnyScenario,
    changes: Changes | None = None,
    draws: int = 1000,
    seed: int = 1,
    published: str | Path = "",
    *,
    quiet: bool = True,
) -> Verification:
    """Put a scenario to every test.

    Parameters
    ----------
    scenario : Scenario, str or Path
        One that was loaded in this process, the name of one that comes with netcea, or a file.
    changes : mapping of address -> value, or sequence of ADDRESS=VALUE, optional
        On top of what the scenario has.
    draws : int
        Rows of the probabilistic sample in which invariants are looked at, 100 to 200,000.
    seed : int
        Of its random numbers.
    published : str or Path
        A table of published values; ``published_values.csv`` of its inputs/, if it is there, when left out.
    quiet : bool
        Show no progress.

    Returns
    -------
    Verification

    Raises
    ------
    InputError
        The scenario or the table of published values cannot be read, or fewer or more rows were asked for.
    ModelError
        The base case itself breaks a rule of the model: there is nothing to be verified.
    """
    here = to_be_verified(scenario, changes, draws, seed, published)
    with progress(len(TESTS), "verify", quiet=quiet) as advance:
        verdicts = list(advance(verdict_of(test, here) for test in in_order()))
    verdicts += [
        Verdict(name, asserts, "not applicable", why, {}) for name, (asserts, why) in NOT_OF_THIS_MODEL.items()
    ]
    return Verification(here.scenario, here.draws, here.seed, tuple(verdicts))


def to_be_verified(
    scenario: AnyScenario, changes: Changes | None = None, draws: int = 1000, seed: int = 1, published: str | Path = ""
) -> Perturbed:
    """Return a scenario as tests take it; see `verify`.

    Parameters
    ----------
    scenario : Scenario, str or Path
        One that was loaded in this process, the name of one that comes with netcea, or a file.
    changes : mapping of address -> value, or sequence of ADDRESS=VALUE, optional
        On top of what the scenario has.
    draws : int
        Rows of the probabilistic sample, 100 to 200,000.
    seed : int
        Of its random numbers.
    published : str or Path
        A table of published values.

    Raises
    ------
    InputError
        The scenario or the table of published values cannot be read, or fewer or more rows were asked for.
    """
    draws = whole_number(draws, Place("draws"), FEWEST_DRAWS, MOST_DRAWS)
    seed = whole_number(seed, Place("seed"), 0, LARGEST_SEED)
    loaded = scenario_of(scenario, changes)
    return Perturbed(loaded, draws, seed, _published(loaded, published))


def _published(scenario: Scenario, named: str | Path) -> dict[str, published_table.Published] | None:
    if str(named):
        return published_table.published_values(path_of(named, "published"))
    path = Path(scenario.project, scenario.inputs_folder) / published_table.NAME
    return published_table.published_values(path) if path.is_file() else None


def verdict_of(test: BlackBoxTest, here: Perturbed) -> Verdict:
    """Return the verdict of one test; a perturbation that cannot be run is a failure, with its message.

    Parameters
    ----------
    test : BlackBoxTest
        One of `netcea.verification.verdict.TESTS`.
    here : Perturbed
        The scenario.
    """
    try:
        found = test.run(here)
    except InputError as error:
        found = Found("fail", f"the perturbed scenario is refused: {' '.join(str(error.problems[0]).split())}")
    except ModelError as error:
        found = Found("fail", f"the perturbed scenario breaks a rule of the model: {error}")
    return Verdict(test.name, test.asserts, found.outcome, found.words, found.figures)


def in_order() -> list[BlackBoxTest]:
    """Return every test: states first, then utilities and costs, totals, numbers, draws, decisions, other models."""
    place = {module.__name__: i for i, module in enumerate(MODULES)}
    return sorted(TESTS, key=lambda test: place[test.run.__module__])


def names() -> Iterator[str]:
    """Yield the name of every test, in order."""
    yield from (test.name for test in in_order())
    yield from NOT_OF_THIS_MODEL
