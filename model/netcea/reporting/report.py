"""What an analysis shows of its result: tables, sentences, figures, files, JSON; written as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from netcea.decision.incremental import compare
from netcea.decision.net_benefit import incremental_nhb
from netcea.errors import InputError, Problem, did_you_mean
from netcea.loading.reading.project import stem_of
from netcea.plain_number import typed
from netcea.reporting.first_lines import TITLE, FirstLine
from netcea.reporting.json_text import plain, text_of
from netcea.reporting.table import Table, as_frame
from netcea.storage.headline import Headline

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from netcea.reporting.run_record import RunRecord
    from netcea.scenario.scenario import Scenario

T = TypeVar("T")
REPORTS: Final = Path("reports")


@dataclass(frozen=True)
class Section:
    """Sentences under a heading on the screen.

    Attributes
    ----------
    title : str
        Empty for sentences that need none.
    lines : tuple of str
    style : str
        Of the terminal: 'yellow' for warnings.
    """

    title: str
    lines: tuple[str, ...]
    style: str = ""


@dataclass(frozen=True)
class Report:
    """An analysis of one scenario, ready to be shown and written.

    Attributes
    ----------
    analysis : str
        Its name: 'base_case', 'one_way', 'psa'.
    title : str
        What the screen prints above the tables.
    scenario : Scenario
    options : mapping
        What the analysis was given, as JSON can hold it: enough to run it again.
    record : dataclass
        Everything at full precision under stable names.
    tables : tuple of Table
        Each a CSV file.
    on_screen : tuple of str
        Names of the tables that the screen shows, in order, now and when the folder is shown again.
    read_first : tuple of FirstLine
        Sentences above the tables: what to know before reading the numbers.
    lines : tuple of str
        Sentences below the tables on the screen.
    screen : tuple of Table or Section
        What the screen shows now in place of these, where it has a form of its own.
    about : str
        One more line below the title on the screen.
    figures : mapping of name -> function that draws it
    files : mapping of name -> function that writes it to a path
        Other files, such as draws; written last.
    headline : Headline or None
        What it came to; None where the analysis has no single answer.
    faults : tuple of str
        Rules of the model that the result breaks, in words.
    by_name : mapping of name -> float
        Results that a redacted run can leave visible: 'costs.drug', 'icer', 'incremental_nhb.25000'.
    nested : bool
        Whether the record stands below `results` in results.json; the base case's stands beside the run record.
    stated : frozenset of str
        Tables, figures and entries at prices that they state themselves: no confidential price goes into them.
    left_out : tuple of str
        Files that a redacted run does not write, whatever is in them.
    """

    analysis: str
    title: str
    scenario: Scenario
    options: Mapping[str, Any]
    record: Any
    tables: tuple[Table, ...]
    on_screen: tuple[str, ...]
    read_first: tuple[FirstLine, ...] = ()
    lines: tuple[str, ...] = ()
    screen: tuple[Table | Section, ...] = ()
    about: str = ""
    figures: Mapping[str, Callable[[], Figure]] = field(default_factory=dict)
    files: Mapping[str, Callable[[Path], None]] = field(default_factory=dict)
    headline: Headline | None = None
    faults: tuple[str, ...] = ()
    by_name: Mapping[str, float] = field(default_factory=dict)
    nested: bool = True
    stated: frozenset[str] = frozenset()
    left_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Mark every table of a confidential run; hide what depends on a price where the run is redacted."""
        prices = self.scenario.prices
        if not prices.marking:
            return
        made: dict[str, Any] = {"tables": self.tables, "screen": self.screen}
        if prices.redacted:
            made = self._redacted()
        for name in ("tables", "screen"):
            made[name] = tuple(replace(p, marking=prices.marking) if isinstance(p, Table) else p for p in made[name])
        for name, value in made.items():
            object.__setattr__(self, name, value)

    def _redacted(self) -> dict[str, Any]:
        """Return the fields that differ in a redacted run; its screen shows the tables that are written."""
        from netcea.reporting.redaction import ROWS_BY_RANK, Redaction

        hide = Redaction.of(self.scenario, self.stated)
        figures = [name for name in self.figures if not hide.keeps_figure(name)]
        return {
            "left_out": (
                *(f"tables/{table.name}.csv" for table in self.tables if table.name in ROWS_BY_RANK),
                *(f"figures/{name}.{end}" for name in figures for end in ("png", "svg")),
            ),
            "tables": tuple(hide.table(table) for table in self.tables if table.name not in ROWS_BY_RANK),
            "on_screen": tuple(name for name in self.on_screen if name not in ROWS_BY_RANK),
            "screen": (),
            "lines": tuple(hide.lines(self.lines)),
            "figures": {name: self.figures[name] for name in self.figures if name not in figures},
            "headline": None,
        }

    def table(self, name: str) -> Table:
        """Return a table by its name.

        Raises
        ------
        InputError
            There is none of that name: with those there are.
        """
        return _known({table.name: table for table in self.tables}, name, "a table")

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table as a tidy pandas frame."""
        return as_frame(self.table(name))

    def figure(self, name: str) -> Figure:
        """Return a figure, drawn in the house style."""
        from netcea.reporting.figures.files import marked
        from netcea.reporting.figures.glyphs import named, names_of
        from netcea.reporting.figures.style import styled

        draw = _known(self.figures, name, "a figure")
        with styled(), named(names_of(self.scenario)):
            return marked(draw(), self.scenario.prices.marking)

    @property
    def first_section(self) -> Section:
        """What to know before reading the numbers, as a section above the tables; empty where there is nothing."""
        return Section(TITLE, tuple(f"- {line.message}" for line in self.read_first), style="bold yellow")

    @property
    def run(self) -> RunRecord:
        """What was run, with what, by which versions."""
        from netcea.reporting.run_record import record_of_run

        return record_of_run(self.analysis, self.scenario, self.options, self.read_first)

    @property
    def results(self) -> dict[str, Any]:
        """What results.json holds."""
        run, record = without_none(plain(self.run)), plain(self.record)
        if self.scenario.prices.redacted:
            from netcea.reporting.redaction import Redaction

            record = Redaction.of(self.scenario, self.stated).record(record)
        return {**run, "results": record} if self.nested else {**run, **record}

    @property
    def default_folder(self) -> Path:
        """reports/<scenario>_<analysis>; of a base case reports/<scenario>."""
        return default_folder(self.scenario, self.analysis, nested=self.nested)


def _known(found: Mapping[str, T], name: str, what: str) -> T:
    if name not in found:
        expected = f"one of {', '.join(found)}" if found else f"nothing: this result has not {what}"
        hint = did_you_mean(name, list(found))
        raise InputError(Problem(found=f"{what} called {name!r}", expected=expected, suggestion=hint))
    return found[name]


def without_none(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record without what is not there."""
    return {name: value for name, value in record.items() if value is not None}


def results_text(reports: Sequence[Report]) -> str:
    """Return results.json of one report, or a list of several."""
    made = [report.results for report in reports]
    return text_of(made[0] if len(made) == 1 else made)


def headline_of(
    of: str, costs: float, qalys: float, threshold: float, weight: float, icer_mcse: float | None = None
) -> Headline:
    """Return the headline of increments, with incremental net health benefit at the lower threshold.

    Parameters
    ----------
    of : str
        'point estimates' or 'means of draws'.
    costs, qalys : float
        Increments, unweighted. [GBP], [QALYs]
    threshold : float
        The lower one. [GBP/QALY]
    weight : float
        The severity weight.
    icer_mcse : float, optional
        Monte Carlo standard error of an ICER of draws. [GBP/QALY]
    """
    icer, label = compare(costs, qalys)
    nhb, weighted = (float(incremental_nhb(costs, qalys, threshold, w)) for w in (1.0, weight))
    return Headline(of, costs, qalys, icer, label, threshold, nhb, icer_mcse, weight, weighted)


def named_results(
    costs: Mapping[str, float], more: float, qalys: float, thresholds: Sequence[float]
) -> dict[str, float]:
    """Return what a redacted run can leave visible, by name.

    Parameters
    ----------
    costs : mapping of strategy -> float
        [GBP]
    more, qalys : float
        Incremental costs and QALYs. [GBP], [QALYs]
    thresholds : sequence of float
        [GBP/QALY]

    Examples
    --------
    >>> found = named_results({"drug": 30_000.0}, 10_000.0, 0.5, [20_000.0])
    >>> found["icer"], found["incremental_nhb.20000"]
    (20000.0, 0.0)
    """
    found = {f"costs.{strategy}": value for strategy, value in costs.items()}
    found["incremental_costs"] = more
    found |= {f"incremental_nhb.{typed(t)}": qalys - more / t for t in thresholds}
    if qalys != 0.0:
        found["icer"] = more / qalys
    return found


def write_report(report: Report, folder: Path, *, figures: bool = True) -> None:
    """Write run.json, inputs.json, results.json, tables, figures and other files; everything or nothing.

    The folder is replaced as a whole: a run that fails leaves the old one. Files that were not written by netcea stay.

    Raises
    ------
    InputError
        The folder holds a run of another scenario, several runs or files of others, or cannot be written.
    """
    from netcea.storage.atomic import atomic_folder
    from netcea.storage.run_folder import refuse_others

    refuse_others(folder, report.scenario.file.name, report.scenario.source, report.default_folder.name)
    with atomic_folder(folder, marking=report.scenario.prices.marking) as new:
        write_report_into(report, new, figures=figures)


def write_report_into(report: Report, folder: Path, *, figures: bool) -> None:
    """Write the same into an existing empty folder, which the caller makes durable."""
    from netcea.reporting.inputs_record import write_inputs_record
    from netcea.storage.atomic import atomic_write_text
    from netcea.storage.run_folder import RUN_RECORD

    lines = (*report.lines, *(f"Warning: {warning}" for warning in report.scenario.warnings))
    shown: dict[str, Any] = {"headline": report.headline or {}, "on_screen": report.on_screen, "lines": lines}
    if report.left_out:
        shown["left_out"] = [name for name in report.left_out if figures or not name.startswith("figures/")]
    atomic_write_text(folder / RUN_RECORD, text_of({**without_none(plain(report.run)), **shown}), durable=False)
    write_inputs_record(report.scenario, folder)
    atomic_write_text(folder / "results.json", results_text([report]), durable=False)
    write_tables(report, folder / "tables")
    if figures and report.figures:
        from netcea.reporting.figures.files import save_figures
        from netcea.reporting.figures.glyphs import names_of

        save_figures(report.figures, folder / "figures", report.scenario.prices.marking, names_of(report.scenario))
    for name, write in report.files.items():
        write(folder / name)


def write_tables(report: Report, folder: Path) -> list[Path]:
    """Write every table as a CSV file into a folder, which is made if need be; return the files."""
    from netcea.reporting.csv_tables import table_bytes

    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{table.name}.csv" for table in report.tables]
    for path, table in zip(paths, report.tables, strict=True):
        path.write_bytes(table_bytes(table))
    return paths


def default_folder(scenario: Scenario, analysis: str, *, nested: bool) -> Path:
    """Return reports/<scenario>_<analysis>; of a base case, which is not nested, reports/<scenario>."""
    stem = stem_of(scenario.source)
    return REPORTS / (f"{stem}_{analysis}" if nested else stem)


def output_folders(
    scenarios: Sequence[Scenario], analysis: str, out: Path | None, *, nested: bool = True
) -> list[Path]:
    """Return the folder of each run: `out` itself for one, a folder in it for each of several.

    Raises
    ------
    InputError
        Two scenarios would be written to one folder, or a folder holds what a run may not replace.
    """
    from netcea.storage.atomic import check_target
    from netcea.storage.run_folder import refuse_others

    standing = [default_folder(scenario, analysis, nested=nested) for scenario in scenarios]
    names = [folder.name for folder in standing]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        found = f"two scenarios named {', '.join(twice)}"
        hint = "run them one at a time with --out"
        raise InputError(Problem(found=found, expected="a folder of its own for each", suggestion=hint))
    folders = standing
    if out is not None:
        folders = [out] if len(scenarios) == 1 else [out / name for name in names]
    for scenario, folder, name in zip(scenarios, folders, names, strict=True):
        refuse_others(folder, scenario.file.name, scenario.source, name)
        check_target(folder)
    return folders
