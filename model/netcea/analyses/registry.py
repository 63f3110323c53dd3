"""Every analysis of one scenario, by the name of its command: how it is cut into parts, done, and shown.

To add an analysis: `analyses/<name>.py` with `parts`, `work` and `summarise`, `reporting/<name>_report.py` with
`report`, its options in `netcea.scenario.options`, and its line in `ANALYSES`. A command and a batch run it alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from netcea.blocks import Block
    from netcea.reporting.report import AnalysisReport
    from netcea.scenario.scenario import Scenario

    Part = tuple[Any, ...]


@dataclass(frozen=True)
class Analysis:
    """One analysis.

    Attributes
    ----------
    name : str
        Its command: 'one-way', 'psa'.
    field : str
        Its block in a scenario's `analyses`, which holds its options.
    module : str
        Module with ``parts(scenario, options) -> list of tuples``: what can be done apart (all rows of a one-way
        analysis are one part; a probabilistic analysis has one part for some thousands of draws);
        ``work(scenario, options, *part) -> value``: does one part, in any process (a value can be pickled);
        ``summarise(scenario, options, values) -> result``: values in the order of the parts, taken one at a time.
    report_module : str
        Module with ``report(result) -> AnalysisReport``.
    """

    name: str
    field: str
    module: str
    report_module: str

    def parts(self, scenario: Scenario, options: Block) -> list[Part]:
        """Return the arguments of each part."""
        found: list[Part] = import_module(self.module).parts(scenario, options)
        return found

    def work(self, scenario: Scenario, options: Block, part: Part) -> Any:
        """Do one part."""
        return import_module(self.module).work(scenario, options, *part)

    def summarise(self, scenario: Scenario, options: Block, values: Iterable[Any]) -> Any:
        """Return the result."""
        return import_module(self.module).summarise(scenario, options, values)

    def report(self, result: Any) -> AnalysisReport:
        """Return what is shown of a result."""
        made: AnalysisReport = import_module(self.report_module).report(result)
        return made

    def run(self, scenario: Scenario, options: Block) -> Any:
        """Do every part in this process and summarise."""
        return self.summarise(
            scenario, options, (self.work(scenario, options, part) for part in self.parts(scenario, options))
        )


def _analysis(name: str, field: str) -> Analysis:
    package = f"netcea.analyses.{name.replace('-', '_')}"
    return Analysis(name, field, f"{package}.analysis", f"{package}.report")


ANALYSES: Final[dict[str, Analysis]] = {
    "one-way": _analysis("one-way", "one_way"),
    "two-way": _analysis("two-way", "two_way"),
    "threshold": _analysis("threshold", "threshold"),
    "psa": _analysis("psa", "psa"),
    "voi": _analysis("voi", "voi"),
}
"""Name of a command -> its analysis."""


def analyse(
    name: str, analysis: str, sets: Sequence[str] = (), trusted: Sequence[Path] = (), **options: Any
) -> AnalysisReport:
    """Run an analysis of a scenario and return its report, for notebooks: ``report.frame("tornado")``.

    Parameters
    ----------
    name : str
        A scenario file, or the bare name of one that comes with netcea.
    analysis : str
        As its command is called: one of `ANALYSES`.
    sets : sequence of str
        ``ADDRESS=VALUE``
    trusted : sequence of Path
        Folders outside the project that `extends` may read from.
    **options
        Fields of the analysis' options, such as ``draws=1000``; the scenario's own otherwise.

    Raises
    ------
    InputError
        With every problem found.
    """
    from netcea.errors import InputError, Problem, did_you_mean
    from netcea.loading.load import load
    from netcea.loading.option_values import options_with

    if analysis not in ANALYSES:
        raise InputError(
            Problem(
                found=f"an analysis called {analysis!r}",
                expected=f"one of {', '.join(ANALYSES)}",
                suggestion=did_you_mean(analysis, list(ANALYSES)),
            )
        )
    chosen = ANALYSES[analysis]
    scenario = load(name, sets, trusted)
    return chosen.report(chosen.run(scenario, options_with(getattr(scenario.file.analyses, chosen.field), **options)))
