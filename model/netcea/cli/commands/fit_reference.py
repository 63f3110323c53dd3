"""Where `netcea fit` writes its fits, and how a scenario refers to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netcea.fitting.candidates import Candidate


def inputs_around(project: Path | None) -> Path:
    """Return inputs/ of the project that is named, or of the one around the current folder."""
    from netcea.errors import Place
    from netcea.loading.reading.project import project_around

    around = project_around(project or Path.cwd())
    if around is None:
        hint = "name one with --project DIR, make one with `netcea init DIR`, or use --no-files"
        raise Place(str(project or ".")).error("no project", "a folder with inputs/ and scenarios/", hint)
    return around.inputs


def inputs_that_take(
    name: str,
    groups: Sequence[str],
    sources: Sequence[str],
    project: Path | None,
    folders: Iterable[Path],
    *,
    overwrite: bool,
) -> Path:
    """Return inputs/ of a project, once it and the folders of tables and figures are known to take what will be found.

    Parameters
    ----------
    name : str
        Of the trial.
    groups : sequence of str
        Names in its file that numbers will have.
    sources : sequence of str
        Keys of sources.yaml.
    project : Path or None
        That is named.
    folders : iterable of Path
        Of tables and figures.
    overwrite : bool
        Whether groups of these names are replaced.

    Raises
    ------
    InputError
        What writing would be refused for, before anything is computed.
    """
    from netcea.evidence.inputs_file import sections_to_be
    from netcea.storage.atomic import check_target

    inputs = inputs_around(project)
    sections_to_be(name, dict.fromkeys(groups, ""), sources, inputs, overwrite=overwrite)
    for folder in folders:
        check_target(folder)
    return inputs


def curve_of_fit(address: str, arm: str, candidate: Candidate) -> str:
    """Return a fitted curve as it stands in a scenario."""
    more = {"scale": candidate.scale, "internal_knots": candidate.internal_knots, "base": candidate.base}
    words = "".join(f", {key}: {value}" for key, value in more.items() if value is not None)
    return f"{{fit: {address}, arm: {arm}, distribution: {candidate.family}{words}}}"
