"""The command of every analysis, made from its class: options from the fields of its block, the rest is the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

import click

from netcea.cli.commands.prices import (
    layers_of,
    prices_option,
    redact_option,
    reveal_option,
    say_verdict,
    solved,
    write_and_show,
)
from netcea.cli.commands.shared import (
    all_or_problems,
    exit_if_failed,
    json_option,
    no_figures_option,
    no_files_option,
    out_option,
    quiet_option,
    scenarios_argument,
    set_option,
    trust_option,
    workers_option,
    write_and_print,
)
from netcea.cli.drawing import OVER_THRESHOLDS, drawing, thresholds_option
from netcea.cli.number_types import DecimalNumber, WholeNumber

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from netcea.analyses.analysis import Analysis, Result
    from netcea.confidential.layers import Layers
    from netcea.scenario.option_texts import OnCommandLine
    from netcea.scenario.scenario import Scenario

COMMON = (
    out_option,
    json_option,
    quiet_option,
    no_figures_option,
    no_files_option,
    set_option,
    trust_option,
    workers_option,
    click.option("--scheduler", default="", metavar="ADDRESS", help="Run on the Dask cluster at this address."),
    prices_option,
    redact_option,
    reveal_option,
)
from_option = click.option(
    "--from", "from_folder", is_flag=True, help="SCENARIO is the folder of an earlier run: show it again, run nothing."
)


def command_of(analysis: Analysis[Any, Any, Any]) -> click.Command:
    """Return the command of an analysis."""
    from netcea.analyses.analysis import Analysis as Base
    from netcea.analyses.registry import command_of as called
    from netcea.analyses.registry import summary_of

    def call(scenarios: tuple[str, ...], **given: Any) -> None:
        _run(analysis, scenarios, **given)

    rest = (type(analysis).__doc__ or "").partition("\n")[2].strip()
    call.__doc__ = f"{summary_of(analysis.name)}\n\n    {rest}"
    made: Callable[..., Any] = scenarios_argument(call)
    keeps = type(analysis).again is not Base.again
    drawn: list[Callable[..., Any]] = [thresholds_option] if analysis.name in OVER_THRESHOLDS else []
    for option in reversed((*_options_of(analysis), *COMMON, *drawn, *([from_option] if keeps else []))):
        made = option(made)
    return click.command(called(analysis.name))(made)


def _options_of(analysis: Analysis[Any, Any, Any]) -> list[Callable[..., Any]]:
    """Return an option for each field that can be given on the command line."""
    from netcea.quantities.descriptions import descriptions
    from netcea.scenario.options import flag_of

    texts: dict[str, str] = descriptions(analysis.options)  # type: ignore[arg-type]  # a class can be hashed
    made = []
    for name, field in analysis.options.model_fields.items():
        mark = _mark(field)
        if mark is None or not mark.hidden:
            made.append(_option(name, flag_of(analysis.options, name), field, mark, texts.get(name, "")))
    return made


def _mark(field: FieldInfo) -> OnCommandLine | None:
    from netcea.scenario.option_texts import OnCommandLine

    return next((mark for mark in field.metadata if isinstance(mark, OnCommandLine)), None)


def _option(name: str, flag: str, field: FieldInfo, mark: OnCommandLine | None, text: str) -> Callable[..., Any]:
    """Return the option of one field: a switch, a choice, a number between limits, text, or several texts."""
    metavar = (mark.metavar if mark else "") or None
    more: dict[str, Any] = {"help": text}
    kind = _bare(field.annotation)
    if mark is not None and mark.parse is not None:
        more |= {"multiple": True, "help": f"{text} May be repeated."}
    elif field.annotation is bool:
        switched = f"--no-{flag.removeprefix('--')}" if field.default else flag
        words = text.removeprefix("Whether to ")
        words = f"Do not {words}" if field.default else words[:1].upper() + words[1:]
        return click.option(switched, name, flag_value=not field.default, default=None, is_flag=True, help=words)
    elif get_origin(field.annotation) is Literal:
        more["type"] = click.Choice(list(get_args(field.annotation)))
        metavar = None
    elif kind in (int, float):
        more["type"] = WholeNumber() if kind is int else DecimalNumber()
        metavar = metavar or ("N" if kind is int else None)
    if field.default not in (None, "") and not more.get("multiple"):
        more["help"] = f"{text} [default: the scenario's, else {field.default}]"
    return click.option(flag, name, metavar=metavar, **more)


def _bare(annotation: Any) -> Any:
    """Return the type of a field without None and without its limits."""
    inner = [part for part in get_args(annotation) if part is not type(None)]
    if get_origin(annotation) in (Annotated, Union, UnionType) and inner:
        return _bare(inner[0])
    return annotation


@dataclass(frozen=True)
class Wishes:
    """What every analysis is asked on the command line, besides its own options.

    Attributes
    ----------
    analysis : Analysis
    given : mapping
        Its own options, as they were given.
    sets, trust : tuple
        Changes to scenarios, and folders that they may read from.
    layers : Layers or None
        Price layers.
    """

    analysis: Analysis[Any, Any, Any]
    given: Mapping[str, Any]
    out: Path | None
    sets: tuple[str, ...]
    trust: tuple[Path, ...]
    workers: int | None
    scheduler: str
    layers: Layers | None
    reveal: tuple[str, ...]
    figures: bool
    files: bool
    as_json: bool
    quiet: bool

    def load(self, name: str, layers: Layers | None) -> Scenario:
        """Load a scenario at some prices."""
        from netcea.execution.progress import stage
        from netcea.loading.load import load

        with stage(f"loading {name}"):
            return load(name, self.sets, self.trust, layers)

    def result(self, scenario: Scenario) -> Result:
        """Run the analysis of a scenario."""
        options = self.options(self.analysis.standing(scenario))
        workers = self.workers or self.analysis.workers(options)
        made: Result = self.analysis.run(scenario, options, workers=workers, scheduler=self.scheduler, quiet=self.quiet)
        return made

    def folders(self, scenarios: Sequence[Scenario]) -> list[Path]:
        """Return the folder of each run; what may not be replaced is refused before work begins."""
        from netcea.reporting.report import output_folders

        if not self.files:
            return []
        return output_folders(scenarios, self.analysis.name, self.out, nested=self.analysis.nested)

    def options(self, standing: Any) -> Any:
        """Return the scenario's options with what the command line says on top."""
        from netcea.loading.option_values import options_with
        from netcea.scenario.options import flag_of

        changes = dict(self.given)
        for name, value in self.given.items():
            mark = _mark(self.analysis.options.model_fields[name])
            if mark is not None and mark.parse is not None:
                flag = flag_of(self.analysis.options, name)
                changes[name] = mark.parse(flag, value, getattr(standing, name)) if value else None
        options = options_with(standing, **changes)
        return options if self.files else self.analysis.without_files(options)


def _run(
    analysis: Analysis[Any, Any, Any],
    scenarios: tuple[str, ...],
    *,
    prices: tuple[Path, ...],
    redact: bool,
    reveal: tuple[str, ...],
    from_folder: bool = False,
    **given: Any,
) -> None:
    """Load every scenario, run, write and print; exit code 1 when a result breaks a rule of the model."""
    figures = not given["no_figures"] and not given["no_files"]
    with drawing(given.pop("thresholds_to", None), figures=figures):
        faults = _faults(analysis, scenarios, prices, redact=redact, reveal=reveal, from_folder=from_folder, **given)
    exit_if_failed(faults)


def _faults(
    analysis: Analysis[Any, Any, Any],
    scenarios: tuple[str, ...],
    prices: tuple[Path, ...],
    *,
    redact: bool,
    reveal: tuple[str, ...],
    from_folder: bool,
    **given: Any,
) -> list[str]:
    """Do the same; return the rules that results break."""
    layers = layers_of(prices, redact=redact, reveal=reveal)
    common = {name: given.pop(name) for name in ("out", "sets", "trust", "workers", "scheduler", "as_json", "quiet")}
    figures, files = not given.pop("no_figures"), not given.pop("no_files")
    wishes = Wishes(analysis, given, layers=layers, reveal=reveal, figures=figures, files=files, **common)
    if redact and layers is not None:
        if from_folder:
            raise click.UsageError("--redact runs at several prices: it does not go with --from")
        return _redacted(wishes, layers, scenarios)
    if from_folder:
        from netcea.analyses.saved import read_result

        common_again = (analysis.name, wishes.sets, wishes.trust, layers)
        results = all_or_problems([partial(read_result, Path(name), *common_again) for name in scenarios])
        folders = wishes.folders([result.report.scenario for result in results])
    else:
        loaded = all_or_problems([partial(wishes.load, name, layers) for name in scenarios])
        folders = wishes.folders(loaded)
        results = [wishes.result(scenario) for scenario in loaded]
    write_and_print(
        [result.report for result in results],
        folders,
        lambda: analysis.together(results),
        as_json=wishes.as_json,
        quiet=wishes.quiet,
        figures=wishes.figures,
    )
    if layers is not None and not from_folder:
        for name in scenarios:
            say_verdict(partial(wishes.load, name), layers, name if len(scenarios) > 1 else "")
    return [fault for result in results for fault in result.report.faults]


def _redacted(wishes: Wishes, layers: Layers, scenarios: Sequence[str]) -> list[str]:
    """Run each scenario at every price that redaction takes; return what is wrong: a price that can be solved for."""
    from netcea.confidential.price_points import labels_of
    from netcea.confidential.redact import Made, check_folder
    from netcea.loading.reading.project import stem_of
    from netcea.reporting.report import REPORTS, write_report_into

    if wishes.as_json and len(scenarios) > 1:
        raise click.UsageError("--json with --redact takes one scenario at a time")
    all_or_problems([partial(wishes.load, name, layers) for name in scenarios])
    stems = [stem_of(name) for name in scenarios]
    if len(set(stems)) < len(stems):
        raise click.UsageError("two scenarios of one name: run them one at a time with --out")
    failed: list[str] = []
    inside = f"{wishes.analysis.name}_" if wishes.analysis.nested else ""
    standing = [REPORTS / f"{stem}_{inside}redacted" for stem in stems]
    folders = [wishes.out / stem if len(scenarios) > 1 else wishes.out for stem in stems] if wishes.out else standing
    for folder in folders if wishes.files else ():
        check_folder(folder)
    for name, folder in zip(scenarios, folders, strict=True):

        def write(at: Layers, folder: Path, name: str = name) -> Made:
            report = wishes.result(wishes.load(name, at)).report
            write_report_into(report, folder, figures=wishes.figures)
            return Made(report.scenario.prices, labels_of(report.scenario), report.by_name, report.faults)

        found = write_and_show(
            write, layers, folder, wishes.reveal, no_files=not wishes.files, as_json=wishes.as_json, quiet=wishes.quiet
        )
        failed += [*found.faults, *solved(found)]
    return failed
