"""What every analysis is: options, parts that can be done apart, work on a part, a typed result, a report, a record.

A command, a block of a scenario's `analyses`, a unit of a batch and a function in Python come from one class in a
folder of its own, ``analyses/<name>/``, and its line in `netcea.analyses.registry.LOADERS`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeAlias, TypeVar

from netcea.blocks import Block
from netcea.errors import InputError, ModelError, Problem
from netcea.execution.progress import progress
from netcea.loading.reading.python_value import path_of
from netcea.reporting.first_lines import FirstLine
from netcea.reporting.json_text import read_as
from netcea.reporting.report import Report, results_text, write_report
from netcea.reporting.table import Table
from netcea.scenario.price_layers import mark_of
from netcea.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from netcea.storage.saved_run import SavedRun

O = TypeVar("O", bound=Block)  # noqa: E741 - options
V = TypeVar("V")
R = TypeVar("R", bound="Result")

PartReader: TypeAlias = Callable[..., Any]
"""Of the bytes of a part and its arguments."""


class Analysis(ABC, Generic[O, V, R]):
    """One analysis of one scenario.

    Attributes
    ----------
    name : str
        Of its folder, its block in a scenario's `analyses` and in a batch, its function in Python: 'one_way'.
    options : type of Block
        What it can be asked; options of the command line are made from its fields.
    record : type
        A dataclass: what results.json holds, and the JSON schema that `netcea schema results NAME` prints.
    nested : bool
        Whether the record stands below `results` in results.json.
    """

    name: ClassVar[str]
    options: type[O]
    record: type
    nested: ClassVar[bool] = True

    @abstractmethod
    def parts(self, scenario: Scenario, options: O) -> Sequence[tuple[Any, ...]]:
        """Return the arguments of each part that can be done apart.

        Raises
        ------
        InputError
            The options do not fit the scenario.
        """

    @abstractmethod
    def work(self, scenario: Scenario, options: O, *part: Any) -> V:
        """Do one part, in any process."""

    def part_as_bytes(self, value: V) -> bytes:
        """Return what a part yielded, as data for a file; only where parts are kept."""
        raise NotImplementedError

    def parts_from_bytes(self, scenario: Scenario, options: O) -> PartReader:
        """Return what reads a part again: from bytes that anybody may have written, and the part's arguments.

        It raises `netcea.storage.array_file.DamagedError` for what is damaged or a part of something else.
        """
        raise NotImplementedError

    @abstractmethod
    def summarise(self, scenario: Scenario, options: O, values: Iterable[V]) -> R:
        """Return the result; values come in the order of the parts, and are taken one at a time."""

    @abstractmethod
    def report(self, result: R) -> Report:
        """Return what is shown of a result."""

    def together(self, results: Sequence[R]) -> Sequence[Table]:  # noqa: ARG002 - most analyses have nothing to add
        """Return tables that several results have together; none unless an analysis says otherwise."""
        return ()

    def workers(self, options: O) -> int:  # noqa: ARG002 - most analyses are too short
        """Return how many processes it takes unless told otherwise."""
        return 1

    def without_files(self, options: O) -> O:
        """Return options for a run of which nothing is written."""
        return options

    def in_batch(self, *, figures: bool) -> dict[str, Any]:  # noqa: ARG002 - for analyses that write less without
        """Return options that a batch sets unless its file says otherwise."""
        return {}

    def row(self, result: R) -> Mapping[str, Any]:  # noqa: ARG002 - most analyses have no single answer
        """Return the line of a result in the table of a batch."""
        return {}

    def batch_files(self, result: R) -> Mapping[str, bytes]:  # noqa: ARG002 - most analyses have none
        """Return files that a batch needs to compare results."""
        return {}

    def standing(self, scenario: Scenario) -> O:
        """Return the scenario's own options."""
        return getattr(scenario.file.analyses, self.name, None) or self.options()

    def again(self, saved: SavedRun, scenario: Scenario) -> R:
        """Return the result of a folder that this analysis wrote, without running.

        Raises
        ------
        InputError
            This analysis keeps too little for that, or the folder does.
        """
        found = f"results of {self.name} with the digest {scenario.digest[:12]}"
        hint = "`netcea show` prints the tables of any earlier result"
        raise InputError(Problem(str(saved.folder), 0, "", found, "results that keep their draws", hint))

    def saved_record(self, saved: SavedRun) -> Any:
        """Return what results.json of a folder holds, as the type that wrote it."""
        return read_as(self.record, saved.results, str(saved.folder / "results.json"))

    def run(
        self, scenario: Scenario, options: O | None = None, *, workers: int = 1, scheduler: str = "", quiet: bool = True
    ) -> R:
        """Do every part, in order or by several workers, and summarise; the result does not depend on who did it.

        Parameters
        ----------
        scenario : Scenario
        options : Block, optional
            The scenario's own when left out.
        workers : int
            Processes, at most one a part and four a processor; 1 works in this one.
        scheduler : str
            Address of a Dask scheduler; local when empty.
        quiet : bool
            Show no progress.

        Raises
        ------
        InputError
            The options do not fit, or a part failed: with the reason.
        ModelError
            The model broke a rule of its own: there is no result.
        """
        options = self.standing(scenario) if options is None else options
        parts = self.parts(scenario, options)
        with progress(len(parts), self.name.replace("_", "-"), quiet=quiet) as advance:
            if (workers == 1 or len(parts) == 1) and not scheduler:
                values: Iterator[Any] = (self.work(scenario, options, *part) for part in parts)
            else:
                from netcea.execution.task import Task
                from netcea.execution.workers import completed

                tasks = (Task(str(i), self.work, (scenario, options, *part)) for i, part in enumerate(parts))
                values = _in_order(completed(tasks, workers, scheduler))
            return replace(self.summarise(scenario, options, advance(values)), reporter=self.report)


def _in_order(done: Iterator[Any]) -> Iterator[Any]:
    """Yield values in the order of their numbers, whatever the order in which they come."""
    waiting: dict[int, Any] = {}
    following = 0
    for item in done:
        if item.broke_rule:
            raise ModelError(item.error)
        if item.error:
            raise InputError(Problem(found=f"a part that failed ({item.error})", expected="every part done"))
        waiting[int(item.key)] = item.value
        while following in waiting:
            yield waiting.pop(following)
            following += 1


@dataclass(frozen=True, kw_only=True, repr=False)
class Result:
    """What an analysis yields; it shows itself in a notebook.

    Attributes
    ----------
    reporter : function of a result, or None
        Of the analysis that made it.
    read_first : tuple of FirstLine
        What to know before reading its numbers; see `netcea.analyses.read_first.registry`.
    """

    reporter: Callable[[Any], Report] | None = field(default=None, compare=False)
    read_first: tuple[FirstLine, ...] = ()

    @cached_property
    def report(self) -> Report:
        """Tables, figures, sentences and JSON of this result."""
        if self.reporter is None:
            raise ValueError("a result made by hand: call the report of its analysis")
        return self.reporter(self)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of its tables, for `frame`."""
        return tuple(table.name for table in self.report.tables)

    @property
    def figures(self) -> tuple[str, ...]:
        """Names of its figures, for `figure`."""
        return tuple(self.report.figures)

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table as a tidy pandas frame; an unknown name is answered with the known ones."""
        return self.report.frame(name)

    def figure(self, name: str) -> Figure:
        """Return a matplotlib figure; an unknown name is answered with the known ones."""
        return self.report.figure(name)

    def as_json(self) -> str:
        """Return results.json as text."""
        return results_text([self.report])

    def write(self, folder: str | Path, *, figures: bool = True) -> None:
        """Write everything that the command writes into a folder."""
        write_report(self.report, path_of(folder, "folder", "a folder"), figures=figures)

    def __repr__(self) -> str:
        from netcea.reporting.runs_tables import headline_words

        report = self.report
        headline = headline_words(report.headline) if report.headline is not None else ""
        name = ", ".join(filter(None, (type(self).__name__, mark_of(report.scenario.prices.marking))))
        return f"<{name}: {report.title}{f'; {headline}' if headline else ''}>"

    def _repr_html_(self) -> str:
        from netcea.reporting.html import report_html

        return report_html(self.report)
