"""`netcea fit --summaries`: families of curves through published figures, into inputs/."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from netcea.cli.commands.by_arm import numbers_by_arm
from netcea.cli.commands.fit_reference import curve_of_fit, inputs_that_take
from netcea.cli.drawing import drawing
from netcea.cli.say import say

ALL: Final = "all"
"""The arm of figures that name none."""

if TYPE_CHECKING:
    from netcea.evidence.summary_fits import SummaryFits

OPTIONS: Final = (
    *("summaries", "name", "endpoint", "time_unit", "patients", "follow_up", "sources", "project", "out"),
    *("overwrite", "no_figures", "no_files", "quiet"),
)
"""Options of `netcea fit` that go with published figures."""


def published_figures(summaries: Path | None, data: tuple[str, ...], follow_up: str | None) -> bool:
    """Say whether `netcea fit` is asked for published figures, or for nothing that it could fit."""
    from netcea.evidence.summaries_file import is_summaries

    return summaries is not None or not data or follow_up is not None or (len(data) == 1 and is_summaries(data[0]))


def fit_published_figures(context: click.Context) -> None:
    """Fit the figures that the options of `netcea fit` name, write and show what is found.

    Parameters
    ----------
    context : click.Context
        Of the command.

    Raises
    ------
    InputError
        No data at all; options that belong to patients; figures that cannot be.
    """
    from netcea.evidence.summary_fits import fit_summaries
    from netcea.loading.reading.project import shown

    given, file = context.params, _file(context)
    folder = given["out"] or Path("reports", f"fit_{given['name']}_{given['endpoint']}")
    inputs = None if given["no_files"] else _inputs(given, folder)
    found = fit_summaries(
        file,
        given["name"],
        given["endpoint"],
        time_unit=given["time_unit"],
        patients=_by_arm(given["patients"], "--patients"),
        follow_up=_follow_up(given["follow_up"]),
        source=given["sources"],
    )
    lines = []
    if inputs is not None:
        path = found.write_inputs(inputs, overwrite=given["overwrite"])
        with drawing():
            found.write(folder, figures=not given["no_figures"])
        lines = [f"Written to {shown(path)} and {folder}", _reference(found)]
    if not given["quiet"]:
        _show(found)
        for line in lines:
            say(line)


def _inputs(given: Mapping[str, Any], folder: Path) -> Path:
    """Return inputs/ of the project, once it and the folder are known to take what will be found."""
    name, sources, project = given["name"], given["sources"], given["project"]
    return inputs_that_take(name, [given["endpoint"]], sources, project, [folder], overwrite=given["overwrite"])


def _file(context: click.Context) -> Path:
    """Return the file of figures; refuse no data, both kinds of data, and options that say nothing of figures."""
    from netcea.errors import InputError, Place
    from netcea.evidence.summaries_file import is_summaries

    given, files = context.params, list(context.params["data"])
    if given["summaries"] is not None:
        files.insert(0, str(given["summaries"]))
    elif not files:
        raise Place("DATA").error("nothing", "a file of patients or of a curve, or --summaries FILE")
    elif not is_summaries(files[0]):
        raise Place("--follow-up").error(given["follow_up"], "it with --summaries", "patients have follow-up times")
    flags = {param.name: param.opts[0] for param in context.command.params}
    others = [
        name
        for name in given
        if name not in (*OPTIONS, "data") and context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
    problems = [
        Place(str(flags[name])).problem("it with --summaries", "options of published figures") for name in others
    ]
    if len(files) > 1:
        problems.append(Place("DATA").problem(", ".join(files), "one file of published figures"))
    if problems:
        raise InputError(problems)
    return Path(files[0])


def _by_arm(texts: tuple[str, ...], option: str) -> dict[str, float]:
    numbers = numbers_by_arm(texts, option)
    if numbers is None or isinstance(numbers, dict):
        return numbers or {}
    return {ALL: numbers}


def _follow_up(text: str | None) -> float | None:
    from netcea.errors import Place
    from netcea.storage.delimited.numbers import number

    if text is None:
        return None
    value = number(text)
    if value is None or value <= 0.0:
        raise Place("--follow-up").error(repr(text), "a time above 0")
    return float(value)


def _reference(found: SummaryFits) -> str:
    """Return how a scenario refers to the first family."""
    group = next(iter(found.fits))
    candidate = found.fitted(group)[0].candidate
    arm = found.data.arms[-1] if found.is_together else group
    at = f"survival.{found.name}.{found.endpoint}"
    return f"In a scenario: {found.endpoint}: {curve_of_fit(at, arm, candidate)}"


def _show(found: SummaryFits) -> None:
    """Print a table for each arm, or for all together, and the sentences."""
    from netcea.evidence.summary_tables import on_screen
    from netcea.reporting.screen import show_tables

    say(f"{found.data.name}: {len(found.published)} published figures; times in {found.time_unit}")
    show_tables(on_screen(found))
    for sentence in found.sentences:
        say(sentence)
