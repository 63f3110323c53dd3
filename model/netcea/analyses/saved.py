"""The result of an earlier run, from its folder and the scenario as it still is: nothing is run again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from netcea.analyses.analysis import Result
from netcea.analyses.registry import ANALYSES, command_of
from netcea.errors import InputError, Problem
from netcea.loading.load import load
from netcea.loading.merging.draft import PriceTransform
from netcea.loading.reading.project import on_record
from netcea.scenario.price_layers import REDACTED
from netcea.storage.saved_run import read_saved_run


def read_result(
    folder: Path | str,
    analysis: str = "",
    sets: Sequence[str] = (),
    trusted: Sequence[Path] = (),
    prices: PriceTransform | None = None,
) -> Result:
    """Return the result that a folder holds.

    Parameters
    ----------
    folder : Path or str
    analysis : str
        The one that must have written it; any when empty.
    sets : sequence of str
        The changes that the run was made with, where they differ from those on record.
    trusted : sequence of Path
        Folders outside the project that `extends` may read from.
    prices : PriceTransform, optional
        The price layers that the run was made with.

    Raises
    ------
    InputError
        It is no such folder, it is redacted, its draws were not kept, or the scenario is no longer what it was.
    """
    saved = read_saved_run(Path(folder))
    if analysis and saved.analysis != analysis:
        found, expected = f"results of {saved.analysis!r}", f"those of {analysis}"
        raise InputError(Problem(str(folder), found=found, expected=expected))
    if saved.marking == REDACTED:
        expected, hint = "results that are whole", "what is hidden cannot be worked with again: run it anew"
        raise InputError(Problem(str(folder), 0, "", "redacted results", expected, hint))
    scenario = load(on_record(saved.scenario["source"], saved.folder), sets or saved.command_line, trusted, prices)
    if scenario.digest != saved.digest:
        expected = f"{scenario.digest[:12]}, that of {scenario.source} today"
        hint = f"its inputs or --prices are others now: run `netcea {command_of(saved.analysis)}` again"
        raise InputError(Problem(str(folder), 0, "", f"draws of digest {saved.digest[:12]}", expected, hint))
    chosen = ANALYSES[saved.analysis]
    result: Result = chosen.again(saved, scenario)
    return replace(result, reporter=chosen.report)
