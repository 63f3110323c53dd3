"""`netcea adjust`: overall survival had nobody switched treatment, by every method, into inputs/."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from netcea.cli.commands.fit import column_words
from netcea.cli.commands.fit_reference import inputs_that_take
from netcea.cli.commands.shared import no_figures_option, no_files_option, quiet_option, seed_option
from netcea.cli.drawing import drawing
from netcea.cli.number_types import DecimalNumber, WholeNumberFrom
from netcea.cli.say import say

if TYPE_CHECKING:
    from netcea.evidence.switching import SwitchingEstimates

COLUMNS = ("time", "event", "arm", "switch", "switched", "progression", "progressed", "cutoff", "patient")


@click.command()
@click.argument("data", type=click.Path(path_type=Path), metavar="DATA")
@click.option("--control", required=True, metavar="ARM", help="The arm of the control, as it stands in the data.")
@click.option("--name", required=True, metavar="NAME", help="Of the trial: inputs/survival/NAME.yaml.")
@click.option("--endpoint", default="os", show_default=True, metavar="NAME", help="Of the survival that is adjusted.")
@click.option("--time-unit", required=True, metavar="UNIT", help="Unit of the times: years, months, weeks or days.")
@click.option("--time", metavar="COLUMN", help=column_words("time", "times from randomisation"))
@click.option("--event", metavar="COLUMN", help=column_words("event", "deaths: 1 or 0, yes or no"))
@click.option("--arm", metavar="COLUMN", help=column_words("arm", "arms as randomised"))
@click.option("--switch", metavar="COLUMN", help=column_words("switch", "times of switching, empty for never"))
@click.option("--switched", metavar="COLUMN", help=column_words("switched", "who switched: 1 or 0"))
@click.option(
    "--progression", metavar="COLUMN", help=column_words("progression", "times of progression, empty for never")
)
@click.option("--progressed", metavar="COLUMN", help=column_words("progressed", "who progressed: 1 or 0"))
@click.option("--cutoff", metavar="COLUMN", help=column_words("cutoff", "times from randomisation to the data cut"))
@click.option("--patient", metavar="COLUMN", help=column_words("patient", "patients' numbers, needed with visits"))
@click.option("--event-value", metavar="VALUE", help="What stands in the event column for a death.")
@click.option("--covariate", multiple=True, metavar="COLUMN", help="Known at randomisation; may be repeated.")
@click.option("--at-progression", multiple=True, metavar="COLUMN", help="Known at progression; may be repeated.")
@click.option(
    "--visits",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A row from each visit to the next: patient, start, stop.",
)
@click.option("--visit-covariate", multiple=True, metavar="COLUMN", help="Known at visits; may be repeated.")
@click.option("--method", multiple=True, metavar="METHOD", help="In place of all; may be repeated.")
@click.option("--family", default="weibull", show_default=True, metavar="FAMILY", help="Of accelerated failure times.")
@click.option(
    "--switching-model",
    type=click.Choice(["cox", "logistic"]),
    default="cox",
    show_default=True,
    help="Of the weights: Cox, or logistic where visits are at regular intervals.",
)
@click.option(
    "--from-switch", is_flag=True, help="The simple two-stage effect acts from the switch, not from progression."
)
@click.option("--offset", type=DecimalNumber(), default=0.0, metavar="TIME", help="Added to times after progression.")
@click.option(
    "--bootstrap",
    "replicates",
    type=WholeNumberFrom(min=0),
    default=0,
    metavar="N",
    help="Replicates of the whole; 0: none.",
)
@seed_option
@click.option("--source", "sources", multiple=True, metavar="KEY", help="Key of sources.yaml; may be repeated.")
@click.option("--project", type=click.Path(path_type=Path), metavar="DIR", help="Whose inputs/ is written.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder of tables and figures.")
@click.option("--overwrite", is_flag=True, help="Replace ratios of the same endpoint.")
@no_figures_option
@no_files_option
@quiet_option
def adjust(
    data: Path,
    control: str,
    name: str,
    endpoint: str,
    time_unit: str,
    event_value: str | None,
    covariate: tuple[str, ...],
    at_progression: tuple[str, ...],
    visits: Path | None,
    visit_covariate: tuple[str, ...],
    method: tuple[str, ...],
    family: str,
    switching_model: str,
    offset: float,
    replicates: int,
    seed: int | None,
    sources: tuple[str, ...],
    project: Path | None,
    out: Path | None,
    *,
    from_switch: bool,
    overwrite: bool,
    no_figures: bool,
    no_files: bool,
    quiet: bool,
    **columns: str | None,
) -> None:
    """Adjust overall survival in DATA (CSV or Parquet) for treatment switching, by every method.

    Hazard ratios had nobody switched go to inputs/survival/NAME.yaml, keyed by method; tables, each patient's times
    had nobody switched, and figures to a folder. A method without an estimate is named with the reason.
    """
    from netcea.evidence.switching import adjust_switching
    from netcea.evidence.switching_written import group_name
    from netcea.fitting.switching.methods import Settings
    from netcea.loading.reading.project import shown

    folder = out or Path("reports", f"adjust_{name}_{endpoint}")
    group = [group_name(endpoint)]
    inputs = None if no_files else inputs_that_take(name, group, sources, project, [folder], overwrite=overwrite)
    found = adjust_switching(
        data,
        control,
        name,
        endpoint,
        time_unit=time_unit,  # type: ignore[arg-type]
        columns={what: column for what in COLUMNS if (column := columns[what]) is not None},
        covariates=covariate,
        covariates_at_progression=at_progression,
        visits=visits,
        visit_covariates=visit_covariate,
        event_value=event_value,
        settings=Settings(family, switching_model, not from_switch, offset),  # type: ignore[arg-type]
        methods=method,
        replicates=replicates,
        seed=1 if seed is None else seed,
        source=sources,
    )
    lines: list[str] = []
    if inputs is not None:
        path = found.write_inputs(inputs, overwrite=overwrite)
        with drawing():
            found.write(folder, figures=not no_figures)
        lines = [f"Written to {shown(path)} and {folder}", *_reference(found)]
    if not quiet:
        _show(found)
        for line in lines:
            say(line)


def _reference(found: SwitchingEstimates) -> list[str]:
    """Return how a scenario refers to the ratios."""
    from netcea.evidence.switching_written import group_name
    from netcea.fitting.switching.estimate import Estimate
    from netcea.fitting.switching.methods import METHODS

    first = next((n for n, one in found.estimates.items() if isinstance(one, Estimate) and METHODS[n].adjusts), None)
    if first is None:
        return []
    return [f"In a scenario: hazard_ratio: survival.{found.name}.{group_name(found.endpoint)}.{first}.hazard_ratio"]


def _show(found: SwitchingEstimates) -> None:
    """Print which columns were read, the tables, and what to know."""
    from netcea.evidence.switching_tables import on_screen
    from netcea.reporting.screen import show_tables

    read = ", ".join(f"{what} from '{column}'" for what, column in found.data.columns.items())
    say(f"{found.data.name}: {read}; times in {found.time_unit}")
    show_tables(on_screen(found))
    for sentence in found.sentences:
        say(sentence)
