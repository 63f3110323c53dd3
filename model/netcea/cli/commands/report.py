"""`netcea report`: the submission of a scenario, as one Word document and what goes with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from netcea.cli.commands.prices import layers_of, prices_option, redact_option, reveal_option, say_verdict
from netcea.cli.commands.shared import (
    draws_option,
    exit_if_failed,
    quiet_option,
    scenario_argument,
    seed_option,
    set_option,
    trust_option,
    workers_option,
)
from netcea.cli.say import say

if TYPE_CHECKING:
    from datetime import datetime

    from netcea.confidential.layers import Layers
    from netcea.scenario.scenario import Scenario
    from netcea.submission.submission import Submission


@click.command()
@scenario_argument
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for the files (default: reports/NAME_report)."
)
@draws_option
@seed_option
@click.option("--voi", is_flag=True, help="Work out the value of information too, which takes long.")
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A company's Word file (.docx): its styles, page, headers and footers are taken, its text is not.",
)
@click.option(
    "--slides", is_flag=True, help="Write slides.pptx too: the dozen figures and tables that a committee sees."
)
@click.option("--author", default="", metavar="NAME", help="Who hands it in, as the properties of the file say it.")
@click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Date of the document (default: today); the same date and inputs give the same bytes.",
)
@set_option
@quiet_option
@trust_option
@workers_option
@prices_option
@redact_option
@reveal_option
def report(
    scenario: str,
    out: Path | None,
    draws: int | None,
    seed: int | None,
    template: Path | None,
    author: str,
    date: datetime | None,
    sets: tuple[str, ...],
    trust: tuple[Path, ...],
    workers: int | None,
    prices: tuple[Path, ...],
    reveal: tuple[str, ...],
    *,
    voi: bool,
    slides: bool,
    redact: bool,
    quiet: bool,
) -> None:
    """Write the submission of a scenario: tables and figures of Document B, section B.3, from one run of everything.

    Base case with the bias ledger, probabilistic, one-way and threshold analyses, severity, other structures, switching
    and budget impact where the scenario has them, every black-box test, NICE's reference case. What depends on a
    confidential price is marked, or with --redact left out.
    """
    from netcea.execution.progress import stage
    from netcea.execution.workers import number_of_processors as processors
    from netcea.loading.load import load
    from netcea.loading.reading.project import stem_of
    from netcea.reporting.report import REPORTS, write_report
    from netcea.submission.report import ANALYSIS, check_folder, folder_of, report_of
    from netcea.submission.submission import gather
    from netcea.submission.wanted import Wanted, check

    layers = layers_of(prices, redact=redact, reveal=reveal)
    wanted = Wanted(template, author, None if date is None else date.date(), slides, _say_missing)
    check(wanted)

    def load_at(at: Layers | None) -> Scenario:
        return load(scenario, sets, trust, at)

    def gathered(loaded: Scenario) -> Submission:
        also = ("voi",) if voi else ()
        return gather(loaded, draws=draws, seed=seed, also=also, workers=workers or processors(), quiet=quiet)

    if redact and layers is not None:
        from netcea.cli.commands.report_redacted import report_redacted

        folder = out or REPORTS / f"{stem_of(scenario)}_{ANALYSIS}_redacted"
        report_redacted(load_at, gathered, layers, reveal, folder, wanted, quiet=quiet)
        return
    with stage(f"loading {scenario}"):
        loaded = load_at(layers)
    folder = out or folder_of(loaded)
    check_folder(folder, loaded)
    submission = gathered(loaded)
    made = report_of(submission, wanted)
    with stage("writing the submission"):
        write_report(made, folder, figures=False)
    if not quiet:
        for name, why in submission.not_run.items():
            say(f"Not run: {name.replace('_', ' ')}: {why}")
        for path in sorted(folder / name for name in made.files):
            say(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
    say_verdict(load_at, layers)
    exit_if_failed(made.faults)


def _say_missing(styles: tuple[str, ...]) -> None:
    say(f"The template has no style {', '.join(styles)}: netcea's own stand in their place.", err=True)
