"""`netcea fit`: families of curves from patient data, into inputs/."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netcea.cli.commands.by_arm import files_by_arm, numbers_by_arm, ratios_by_pair
from netcea.cli.commands.fit_reference import curve_of_fit, inputs_around, inputs_that_take
from netcea.cli.commands.fit_summaries import fit_published_figures, published_figures
from netcea.cli.commands.relative_options import Relative, relative_survival_options
from netcea.cli.commands.shared import no_figures_option, no_files_option, quiet_option
from netcea.cli.drawing import drawing
from netcea.cli.say import say

if TYPE_CHECKING:
    from netcea.evidence.fit import PatientFits


def column_words(what: str, words: str) -> str:
    """Return the help of an option that names a column."""
    return f"Column of {words} (default: found by a usual name such as {what})."


@click.command()
@click.argument("data", nargs=-1, metavar="[DATA]")
@click.option(
    "--summaries", type=click.Path(path_type=Path), metavar="FILE", help="Published figures, in place of DATA."
)
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
@relative_survival_options
@click.option("--survival", metavar="COLUMN", help=column_words("survival", "survival, of a curve"))
@click.option("--survival-unit", metavar="UNIT", help="fraction or percent (default: found out, and said).")
@click.option("--at-risk", multiple=True, metavar="[ARM=]FILE", help="Numbers at risk (CSV) of a digitised curve.")
@click.option("--patients", multiple=True, metavar="[ARM=]N", help="At the start; needed without numbers at risk.")
@click.option("--total-events", multiple=True, metavar="[ARM=]N", help="Events in all, where published.")
@click.option("--follow-up", metavar="TIME", help="Median, of --summaries with hazard ratios.")
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
@click.option(
    "--external",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="External information (YAML or CSV) for further terms of the likelihood; may be repeated.",
)
@click.option(
    "--external-weight",
    multiple=True,
    metavar="[SOURCE=]WEIGHT",
    help="Of its sources, 0 to 1000, in place of those in the file.",
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
    summaries: Path | None,
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
    relative: Relative,
    survival: str | None,
    survival_unit: str | None,
    at_risk: tuple[str, ...],
    patients: tuple[str, ...],
    total_events: tuple[str, ...],
    follow_up: str | None,
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
    external: tuple[Path, ...],
    external_weight: tuple[str, ...],
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

    With --summaries FILE (CSV or YAML) curves go through published medians, quantiles, landmark survivals, restricted
    means and hazard ratios: one row each, of figure, value, low, high, arm, time, failed, versus.

    Nineteen families are fitted to each arm; one that cannot be is named with the reason. Estimates and covariance go
    to inputs/survival/NAME.yaml, tables and figures to a folder. With --relative-survival hazards are those in excess
    of the general population's, matched to each patient by age and sex (and year) with --life-table, or stated by a
    column; the model adds its own population's mortality. With --external each family is fitted with further terms in
    its likelihood as well, and both are shown and written.
    """
    from netcea.evidence.beside import check_own_patients
    from netcea.evidence.fit import fit as fit_data
    from netcea.evidence.relative_survival import beside_it
    from netcea.loading.reading.external_file import speaks_of
    from netcea.loading.reading.project import shown
    from netcea.reporting.screen import show_tables

    if published_figures(summaries, data, follow_up):
        fit_published_figures(click.get_current_context())
        return
    check_beside(beside, pairs, bootstrap)
    where = folders_by_endpoint(name, [endpoint] if beside is None else [endpoint, beside[0]], out)
    inputs = (
        inputs_that_take(name, list(where), sources, project, where.values(), overwrite=overwrite)
        if not no_files
        else None
    )
    in_excess, population = relative.of(life_table, (age, female), lambda: inputs_around(project))
    files = files_by_arm(data, "DATA")
    common: dict[str, Any] = {
        "time_unit": time_unit,
        "arm": arm,
        "entry": entry,
        "weight": weight,
        "event_value": event_value,
        "source": sources,
        "population": population,
        "relative_survival": in_excess,
        "joint": joint,
        "bootstrap": bootstrap,
        "seed": seed,
        "covariance": covariance,
    }
    outside = {"external": external, "external_weight": numbers_by_arm(external_weight, "--external-weight")}
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
    if beside is not None:
        common["relative_survival"] = beside_it(in_excess, endpoint, beside[0])
    found = fit_data(files, name, endpoint, time=time, event=event, **common, **curve, **outside)  # type: ignore[arg-type]
    endpoints, both = [found], None
    if beside is not None:
        check_own_patients(found)
        common["relative_survival"] = beside_it(in_excess, beside[0], endpoint)
        also = outside if external and speaks_of(external, beside[0]) else {}
        other = fit_data(files, name, beside[0], time=beside[1], event=beside[2], **common, **also)  # type: ignore[arg-type]
        endpoints, both = [found, other], found.beside(other, pairs)
    lines: list[str] = []
    if inputs is not None:
        path = (both or found).write_inputs(inputs, overwrite=overwrite)
        for one in endpoints:
            with drawing():
                folder = one.write(where[one.endpoint], figures=not no_figures)
            lines += [f"Written to {shown(path)} and {folder}", *_reference(one)]
    if not quiet:
        for one in endpoints:
            _show(one)
        show_tables([] if both is None else [both.table()])
        for line in lines:
            say(line)


def folders_by_endpoint(name: str, endpoints: Sequence[str], out: Path | None) -> dict[str, Path]:
    """Return endpoint -> folder of its tables and figures: the one named, for two one in it each, or in reports/."""
    if out is None:
        return {one: Path("reports", f"fit_{name}_{one}") for one in endpoints}
    return {one: out / one if len(endpoints) > 1 else out for one in endpoints}


def check_beside(beside: tuple[str, str, str] | None, pairs: Sequence[tuple[str, str]], bootstrap: int) -> None:
    """Refuse another endpoint without a bootstrap, and pairs of families without another endpoint."""
    from netcea.errors import Place

    if beside is not None and not bootstrap:
        raise Place("--beside").error("no bootstrap", "--bootstrap N with it", "--bootstrap 1000")
    if pairs and beside is None:
        raise Place("--pair").error("one endpoint", "--beside ENDPOINT TIME EVENT with it")


def _reference(found: PatientFits) -> list[str]:
    """Return how a scenario refers to the fit with the lowest AIC."""
    arm = next((arm for arm in found.fits if found.summaries[arm]), None)
    if arm is None:
        return []
    at = f"survival.{found.name}.{found.endpoint}"
    lines = [f"In a scenario: {found.endpoint}: {curve_of_fit(at, arm, found.summaries[arm][0].fit.candidate)}"]
    if found.joint is not None and found.joint.fitted:
        best = min(found.joint.fitted, key=lambda fit: fit.aic).candidate
        other = curve_of_fit(f"{at}.joint", found.joint.arms[-1], best)
        lines.append(f"All arms together: {found.endpoint}: {other}")
    for arm, of in ({} if found.with_external is None else found.with_external.summaries).items():
        if of and of[0].fit.external is not None:
            other = curve_of_fit(f"{at}.with_external", arm, of[0].fit.candidate)
            lines.append(f"With external information: {found.endpoint}: {other}")
    return lines


def _show(found: PatientFits) -> None:
    """Print which columns were read, a table for each arm, and three sentences."""
    from netcea.evidence.bootstrap_tables import bootstrap_on_screen
    from netcea.evidence.external_tables import external_on_screen
    from netcea.evidence.joint_tables import joint_on_screen
    from netcea.evidence.tables import on_screen, reconstruction_on_screen
    from netcea.reporting.screen import show_tables

    read = ", ".join(f"{what} from '{column}'" for what, column in found.data.columns.items())
    say(f"{found.data.name}: {read}; times in {found.time_unit}")
    tables = [*reconstruction_on_screen(found), *on_screen(found), *joint_on_screen(found)]
    show_tables([*tables, *bootstrap_on_screen(found), *external_on_screen(found)])
    for sentence in found.sentences:
        say(sentence)
