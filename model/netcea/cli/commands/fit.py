"""`netcea fit`: families of curves from patient data, into inputs/."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netcea.cli.commands.by_arm import files_by_arm, numbers_by_arm, ratios_by_pair
from netcea.cli.commands.shared import no_figures_option, no_files_option, quiet_option
from netcea.cli.say import say

if TYPE_CHECKING:
    from netcea.evidence.fit import PatientFits
    from netcea.fitting.candidates import Candidate


def column_words(what: str, words: str) -> str:
    """Return the help of an option that names a column."""
    return f"Column of {words} (default: found by a usual name such as {what})."


@click.command()
@click.argument("data", nargs=-1, required=True, metavar="DATA")
@click.option("--name", required=True, metavar="NAME", help="Of the trial: inputs/survival/NAME.yaml.")
@click.option("--endpoint", default="os", show_default=True, metavar="NAME", help="Of the curve: os, pfs, ttd ...")
@click.option("--time-unit", required=True, metavar="UNIT", help="Unit of the times: years, months, weeks or days.")
@click.option("--time", metavar="COLUMN", help=column_words("time", "times"))
@click.option("--event", metavar="COLUMN", help=column_words("event", "events: 1 or 0, yes or no"))
@click.option("--arm", metavar="COLUMN", help=column_words("arm", "arms, each fitted by itself"))
@click.option("--entry", metavar="COLUMN", help=column_words("entry", "times from which patients were at risk"))
@click.option("--weight", metavar="COLUMN", help=column_words("weight", "weights"))
@click.option("--event-value", metavar="VALUE", help="What stands in the event column for an event.")
@click.option("--age", metavar="YEARS", help="Mean age at time 0, for the general population in figures and tables.")
@click.option("--female", metavar="SHARE", help="Share of women at time 0, 0 to 1, for the same.")
@click.option("--life-table", metavar="ADDRESS", help="Of the general population's life table in inputs/.")
@click.option("--survival", metavar="COLUMN", help=column_words("survival", "survival, of a curve"))
@click.option("--survival-unit", metavar="UNIT", help="fraction or percent (default: found out, and said).")
@click.option("--at-risk", multiple=True, metavar="[ARM=]FILE", help="Numbers at risk (CSV) of a digitised curve.")
@click.option("--patients", multiple=True, metavar="[ARM=]N", help="At the start; needed without numbers at risk.")
@click.option("--total-events", multiple=True, metavar="[ARM=]N", help="Events in all, where published.")
@click.option("--clicked", metavar="WHERE", help="steps, corners or anywhere: what was clicked (default: found out).")
@click.option("--median", "medians", multiple=True, metavar="[ARM=]TIME", help="As published, for the audit.")
@click.option(
    "--hazard-ratio", "ratios", multiple=True, metavar="ARM/ARM=RATIO", help="As published, treated/reference."
)
@click.option("--digitiser", metavar="TEXT", help="Who digitised the curve, or with what.")
@click.option("--figure", metavar="TEXT", help="Which figure was digitised.")
@click.option("--digitised-on", metavar="DATE", help="When.")
@click.option("--keep-failed", is_flag=True, help="Go on where the audit of a reconstruction fails.")
@click.option("--joint", metavar="ARM", help="Also fit all arms together, with effects against this control arm.")
@click.option("--bootstrap", type=int, default=0, metavar="N", help="Draw patients again N times, from 50.")
@click.option("--seed", type=int, default=1, show_default=True, metavar="N", help="Of the bootstrap.")
@click.option(
    "--covariance",
    default="information",
    show_default=True,
    metavar="FROM",
    help="What a probabilistic analysis draws from: information, or bootstrap.",
)
@click.option(
    "--beside",
    nargs=3,
    metavar="ENDPOINT TIME EVENT",
    help="Another endpoint of the same patients and its columns: both drawn again together.",
)
@click.option(
    "--pair",
    "pairs",
    nargs=2,
    multiple=True,
    metavar="FAMILY FAMILY",
    help="Of this endpoint and of --beside (default: the same family of both).",
)
@click.option("--source", "sources", multiple=True, metavar="KEY", help="Key of sources.yaml; may be repeated.")
@click.option("--project", type=click.Path(path_type=Path), metavar="DIR", help="Whose inputs/ is written.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder of tables and figures.")
@click.option("--overwrite", is_flag=True, help="Replace fits of the same endpoint.")
@no_figures_option
@no_files_option
@quiet_option
def fit(
    data: tuple[str, ...],
    name: str,
    endpoint: str,
    time_unit: str,
    time: str | None,
    event: str | None,
    arm: str | None,
    entry: str | None,
    weight: str | None,
    event_value: str | None,
    age: str | None,
    female: str | None,
    life_table: str | None,
    survival: str | None,
    survival_unit: str | None,
    at_risk: tuple[str, ...],
    patients: tuple[str, ...],
    total_events: tuple[str, ...],
    clicked: str | None,
    medians: tuple[str, ...],
    ratios: tuple[str, ...],
    digitiser: str | None,
    figure: str | None,
    digitised_on: str | None,
    keep_failed: bool,
    joint: str | None,
    bootstrap: int,
    seed: int,
    covariance: str,
    beside: tuple[str, str, str] | None,
    pairs: tuple[tuple[str, str], ...],
    sources: tuple[str, ...],
    project: Path | None,
    out: Path | None,
    *,
    overwrite: bool,
    no_figures: bool,
    no_files: bool,
    quiet: bool,
) -> None:
    """Fit curves to the patients of DATA (CSV or Parquet) by maximum likelihood, for scenarios to refer to.

    DATA may be a digitised Kaplan-Meier curve (CSV of times and survival; for several arms a column of arms, or
    ARM=FILE for each): its patients are reconstructed with --at-risk, --patients and --total-events, and audited
    against the curve and what was published. A reconstruction that fails its audit is refused, with exit code 2.

    Nineteen families are fitted to each arm; one that cannot be is named with the reason. Estimates and covariance go
    to inputs/survival/NAME.yaml, tables and figures to a folder.
    """
    from netcea.evidence.beside import check_own_patients
    from netcea.evidence.fit import fit as fit_data
    from netcea.evidence.population import general_population
    from netcea.reporting.screen import show_tables

    check_beside(beside, pairs, bootstrap)
    named = {age, female, life_table} != {None}
    population = general_population(life_table, age, female, inputs_around(project) if named else None)
    files = files_by_arm(data, "DATA")
    common: dict[str, Any] = {
        "time_unit": time_unit,
        "arm": arm,
        "entry": entry,
        "weight": weight,
        "event_value": event_value,
        "source": sources,
        "population": population,
        "joint": joint,
        "bootstrap": bootstrap,
        "seed": seed,
        "covariance": covariance,
    }
    curve: dict[str, Any] = {
        "survival": survival,
        "survival_unit": survival_unit,
        "at_risk": files_by_arm(at_risk, "--at-risk"),
        "patients": numbers_by_arm(patients, "--patients"),
        "total_events": numbers_by_arm(total_events, "--total-events"),
        "clicked": clicked,
        "medians": numbers_by_arm(medians, "--median"),
        "hazard_ratios": ratios_by_pair(ratios, "--hazard-ratio") or None,
        "digitiser": digitiser,
        "figure": figure,
        "digitised_on": digitised_on,
        "keep_failed": keep_failed,
    }
    found = fit_data(files, name, endpoint, time=time, event=event, **common, **curve)  # type: ignore[arg-type]
    endpoints, both = [found], None
    if beside is not None:
        check_own_patients(found)
        other = fit_data(files, name, beside[0], time=beside[1], event=beside[2], **common)  # type: ignore[arg-type]
        endpoints, both = [found, other], found.beside(other, pairs)
    lines: list[str] = []
    if not no_files:
        inputs = inputs_around(project)
        path = (both or found).write_inputs(inputs, overwrite=overwrite)
        for one in endpoints:
            folder = out or Path("reports", f"fit_{name}_{one.endpoint}")
            folder = folder / one.endpoint if out and both else folder
            one.write(folder, figures=not no_figures)
            lines += [f"Written to {path} and {folder}", *_reference(one)]
    if not quiet:
        for one in endpoints:
            _show(one)
        show_tables([] if both is None else [both.table()])
        for line in lines:
            say(line)


def check_beside(beside: tuple[str, str, str] | None, pairs: Sequence[tuple[str, str]], bootstrap: int) -> None:
    """Refuse another endpoint without a bootstrap, and pairs of families without another endpoint."""
    from netcea.errors import Place

    if beside is not None and not bootstrap:
        raise Place("--beside").error("no bootstrap", "--bootstrap N with it", "--bootstrap 1000")
    if pairs and beside is None:
        raise Place("--pair").error("one endpoint", "--beside ENDPOINT TIME EVENT with it")


def inputs_around(project: Path | None) -> Path:
    """Return inputs/ of the project that is named, or of the one around the current folder."""
    from netcea.errors import Place
    from netcea.loading.reading.project import project_around

    around = project_around(project or Path.cwd())
    if around is None:
        hint = "name one with --project DIR, make one with `netcea init DIR`, or use --no-files"
        raise Place(str(project or ".")).error("no project", "a folder with inputs/ and scenarios/", hint)
    return around.inputs


def _reference(found: PatientFits) -> list[str]:
    """Return how a scenario refers to the fit with the lowest AIC."""
    arm = next((arm for arm in found.fits if found.summaries[arm]), None)
    if arm is None:
        return []
    at = f"survival.{found.name}.{found.endpoint}"
    lines = [f"In a scenario: {found.endpoint}: {_curve(at, arm, found.summaries[arm][0].fit.candidate)}"]
    if found.joint is not None and found.joint.fitted:
        best = min(found.joint.fitted, key=lambda fit: fit.aic).candidate
        other = _curve(f"{at}.joint", found.joint.arms[-1], best)
        lines.append(f"All arms together: {found.endpoint}: {other}")
    return lines


def _curve(address: str, arm: str, candidate: Candidate) -> str:
    """Return a fitted curve as it stands in a scenario."""
    more = {"scale": candidate.scale, "internal_knots": candidate.internal_knots, "base": candidate.base}
    words = "".join(f", {key}: {value}" for key, value in more.items() if value is not None)
    return f"{{fit: {address}, arm: {arm}, distribution: {candidate.family}{words}}}"


def _show(found: PatientFits) -> None:
    """Print which columns were read, a table for each arm, and three sentences."""
    from netcea.evidence.bootstrap_tables import bootstrap_on_screen
    from netcea.evidence.joint_tables import joint_on_screen
    from netcea.evidence.tables import on_screen, reconstruction_on_screen
    from netcea.reporting.screen import show_tables

    read = ", ".join(f"{what} from '{column}'" for what, column in found.data.columns.items())
    say(f"{found.data.name}: {read}; times in {found.time_unit}")
    show_tables(
        [*reconstruction_on_screen(found), *on_screen(found), *joint_on_screen(found), *bootstrap_on_screen(found)]
    )
    for sentence in found.sentences:
        say(sentence)
