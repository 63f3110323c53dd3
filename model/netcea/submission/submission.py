"""Everything that a submission is made of, run once: analyses of a scenario, verification, the reference case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from netcea.analyses.registry import ANALYSES
from netcea.checking.reference_case.linter import lint
from netcea.checking.reference_case.report import report as of_reference_case
from netcea.checking.reference_case.validation import validation_by
from netcea.errors import InputError, ModelError, Problem
from netcea.execution.task import Done, Task
from netcea.execution.workers import meanwhile
from netcea.loading.option_values import options_with
from netcea.reporting.first_lines import that_may_be_shown
from netcea.scenario.price_layers import mark_of
from netcea.verification.report import report as of_verification
from netcea.verification.verify import verify

if TYPE_CHECKING:
    from netcea.analyses.base_case.result import BaseCaseResult
    from netcea.checking.reference_case.linter import Linted
    from netcea.reporting.report import Report
    from netcea.reporting.table import Table
    from netcea.scenario.scenario import Scenario
    from netcea.verification.verdict import Outcome
    from netcea.verification.verify import Verification

RUN: Final = ("base_case", "psa", "one_way", "threshold", "severity", "structure", "switching", "budget", "subgroups")
"""Analyses that a submission is made of, in the order in which they run."""
NEEDS_OPTIONS: Final = frozenset({"switching", "budget", "voi", "subgroups"})
"""Analyses that run only where the scenario says how."""
APART: Final = ("voi", "structure", "severity", "psa")
"""Analyses that another process can run meanwhile, the longest first: they need no other scenario's files."""
VERIFY: Final = "verify"
JUDGED: Final[tuple[Outcome, ...]] = ("pass", "fail", "explained")
REFERENCE_CASE: Final = "reference_case"


@dataclass(frozen=True)
class Submission:
    """A scenario and everything that was run of it.

    Whoever prints a number takes it from `reports`: what a redacted run hides is hidden there, and `results` is empty.

    Attributes
    ----------
    scenario : Scenario
    reports : mapping of name -> Report
        Of each analysis that was run, by its name (base_case, psa, one_way, ...); and verify and reference_case.
    results : mapping of name -> Result
        What the analyses yielded, at full precision; empty where the run is redacted.
    verification : Verification or None
    reference_case : Linted or None
        Both None where they were not run, or the run is redacted.
    not_run : mapping of name -> str
        Analyses that were not run, with the reason in a sentence.
    """

    scenario: Scenario
    reports: Mapping[str, Report]
    results: Mapping[str, Any] = field(default_factory=dict)
    verification: Verification | None = None
    reference_case: Linted | None = None
    not_run: Mapping[str, str] = field(default_factory=dict)

    @property
    def redacted(self) -> bool:
        """Whether what depends on a confidential price is hidden."""
        return self.scenario.prices.redacted

    @property
    def mark(self) -> str:
        """The word that marks a run at confidential prices; empty otherwise."""
        return mark_of(self.scenario.prices.marking)

    @property
    def read_first(self) -> tuple[str, ...]:
        """What to know before reading the numbers: the sentences of every analysis, each once."""
        lines = (line for report in self.reports.values() for line in report.read_first)
        return tuple(dict.fromkeys(line.message for line in that_may_be_shown(lines, redacted=self.redacted)))

    @property
    def base_case(self) -> BaseCaseResult:
        """The result of the base case; there is none where the run is redacted."""
        found: BaseCaseResult = self.results["base_case"]
        return found

    def table(self, analysis: str, name: str) -> Table | None:
        """Return a table of an analysis; None where the analysis was not run, or has no such table or no rows in it.

        Parameters
        ----------
        analysis : str
            Its name.
        name : str
            Of the table.
        """
        if analysis not in self.reports:
            return None
        found = [table for table in self.reports[analysis].tables if table.name == name]
        return found[0] if found and found[0].rows else None


def gather(
    scenario: Scenario,
    *,
    draws: int | None = None,
    seed: int | None = None,
    also: Sequence[str] = (),
    verified: bool = True,
    workers: int = 1,
    quiet: bool = True,
) -> Submission:
    """Run every analysis of a scenario once, put it to the tests that every model must pass, and to the reference case.

    Parameters
    ----------
    scenario : Scenario
        One that was loaded in this process.
    draws, seed : int, optional
        Of the probabilistic analysis; the scenario's own when left out.
    also : sequence of str
        Further analyses, such as voi, which takes long.
    verified : bool
        Whether to verify the model.
    workers : int
        Processes; the result does not depend on it.
    quiet : bool
        Show no progress.

    Returns
    -------
    Submission

    Raises
    ------
    InputError
        An analysis that every submission needs cannot be run.
    ModelError
        The model breaks a rule of its own.
    """
    runs = _Runs(scenario, {"psa": {"draws": draws, "seed": seed, "keep_draws": "no"}}, quiet=quiet)
    apart, here = runs.shared(also)
    with meanwhile(apart, workers - 1) as collected:
        for name in here:
            runs.run(name)
        verification = verify(scenario, quiet=quiet) if verified else None
        linted = _validated(lint(scenario), verification)
        for done in collected:
            runs.take(done)
    results = {name: runs.results[name] for name in (*RUN, *also) if name in runs.results}
    not_run = dict(runs.not_run)
    reports = {name: result.report for name, result in results.items()}
    reports[REFERENCE_CASE] = of_reference_case(linted)
    if verification is not None:
        reports[VERIFY] = of_verification(verification)
    else:
        not_run[VERIFY] = "it was not asked for"
    if scenario.prices.redacted:
        return Submission(scenario, reports, not_run=not_run)
    return Submission(scenario, reports, results, verification, linted, not_run)


def _validated(linted: Linted, verification: Verification | None) -> Linted:
    """Return the rules with what the verification of this very run says of validation (RC16)."""
    if verification is None:
        return linted
    passed, failed, explained = (verification.of(outcome) for outcome in JUDGED)
    row = validation_by(len(passed), len(failed), len(explained), "this run").row
    return replace(linted, rows=tuple(row if old.rule == row.rule else old for old in linted.rows))


@dataclass
class _Runs:
    """The analyses of a scenario: those that take long in another process, the others here."""

    scenario: Scenario
    given: Mapping[str, Mapping[str, Any]]
    quiet: bool
    results: dict[str, Any] = field(default_factory=dict)
    not_run: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)

    def shared(self, also: Sequence[str]) -> tuple[list[Task], list[str]]:
        """Return the tasks for other processes, and the analyses that are run here."""
        tasks, here = [], []
        for name in (*RUN, *also):
            analysis = ANALYSES[name]
            self.options[name] = options_with(analysis.standing(self.scenario), **self.given.get(name, {}))
            if name in NEEDS_OPTIONS and self.options[name] == analysis.options():
                self.not_run[name] = f"the scenario does not say how: it has no block `analyses.{name}`"
            elif name in APART:
                tasks += self._task(name)
            else:
                here.append(name)
        return sorted(tasks, key=lambda task: APART.index(task.key)), here

    def _task(self, name: str) -> list[Task]:
        try:
            parts = ANALYSES[name].parts(self.scenario, self.options[name])
        except InputError as error:
            self._failed(name, error.problems)
            return []
        return [Task(name, work_through, (name, self.scenario, self.options[name], parts))]

    def run(self, name: str) -> None:
        """Run an analysis here."""
        try:
            self.results[name] = ANALYSES[name].run(self.scenario, self.options[name], quiet=self.quiet)
        except InputError as error:
            if name == "base_case":
                raise
            self._failed(name, error.problems)

    def take(self, done: Done) -> None:
        """Take what another process yielded."""
        if done.broke_rule:
            raise ModelError(done.error)
        if done.error:
            self._failed(done.key, done.problems or (Problem(found=done.error),))
            return
        analysis, options = ANALYSES[done.key], self.options[done.key]
        self.results[done.key] = replace(
            analysis.summarise(self.scenario, options, iter(done.value)), reporter=analysis.report
        )

    def _failed(self, name: str, problems: Sequence[Problem]) -> None:
        self.not_run[name] = " ".join(str(problems[0]).split())


def work_through(name: str, scenario: Scenario, options: Any, parts: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Do every part of an analysis, in whichever process this is.

    Parameters
    ----------
    name : str
        Of the analysis.
    scenario : Scenario
        What is analysed.
    options : Block
        Of the analysis.
    parts : sequence of tuple
        As the analysis gave them.
    """
    return [ANALYSES[name].work(scenario, options, *part) for part in parts]
