"""The result of an earlier probabilistic analysis, made again from its record and its file of draws."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from netcea.analyses.psa.record import PsaRecord
from netcea.analyses.psa.result import PsaResult
from netcea.analyses.psa.summary import result_of
from netcea.analyses.shared.draw_columns import OUTCOME, SEVERITY
from netcea.analyses.shared.totals import Totals, totals_of
from netcea.arrays import Array
from netcea.engine.point_estimates import base_case
from netcea.errors import InputError, Place
from netcea.loading.option_values import options_with
from netcea.plain_number import read
from netcea.scenario.options import PsaOptions
from netcea.scenario.scenario import Scenario
from netcea.storage.draws_file import FILE_NAMES, header, read_columns
from netcea.storage.saved_run import SavedRun

LARGEST: Final = 1e15
"""Largest total of a draw that is read. [GBP]"""


def result_again(saved: SavedRun, record: PsaRecord, scenario: Scenario) -> PsaResult:
    """Return the result of a folder that `netcea psa` wrote, without running a draw.

    Parameters
    ----------
    saved : SavedRun
    record : PsaRecord
        What its results.json holds.
    scenario : Scenario
        As it was when the folder was written.

    Raises
    ------
    InputError
        Its draws were not kept, or cannot be read.
    """
    return result_of(
        scenario,
        _options(saved),
        totals_of(scenario, base_case(scenario)),
        _totals(saved.folder, scenario, record.draws),
        explained=(record.contributions, record.remainder),
        stopped=record.convergence.stopped,
        only_fitted=record.only_fitted,
        moments=record.moments,
        limits=record.limits,
        held=record.held,
        breach=record.breach,
    )


def _options(saved: SavedRun) -> PsaOptions:
    try:
        return options_with(PsaOptions(), **{**saved.options, "keep_draws": "no"})
    except InputError as error:
        file = str(saved.folder / "results.json")
        raise InputError(replace(problem, file=file, address="options") for problem in error.problems) from None


def _totals(folder: Path, scenario: Scenario, draws: int) -> Totals:
    paths = [folder / name for name in FILE_NAMES.values() if (folder / name).is_file()]
    if not paths:
        hint = "run `netcea psa` again, without --keep-draws no"
        raise Place(str(folder)).error("no file of draws", " or ".join(FILE_NAMES.values()), hint)
    wanted = [f"{OUTCOME}{s}.{m}" for m in ("costs", "qalys", "life_years") for s in scenario.strategies]
    parts: dict[str, list[Array]] = {name: [] for name in (*wanted, SEVERITY)}
    place = Place(str(paths[0]))
    missing = [name for name in parts if name not in header(paths[0])]
    if missing:
        raise place.error(f"no column {missing[0]}", "the draws of this run", "run `netcea psa` again")
    found = 0
    for chunk in read_columns(paths[0], list(parts)):
        for name, values in chunk.items():
            parts[name].append(values)
        found += len(chunk[SEVERITY])
        if found > draws:
            break
    if found != draws:
        more = "more than " if found > draws else ""
        raise place.error(f"{more}{min(found, draws)} draws", f"{draws}, as in results.json", "run `netcea psa` again")
    whole = {name: np.concatenate(arrays) for name, arrays in parts.items()}
    if max(float(np.abs(values).max()) for values in whole.values()) > LARGEST:
        raise place.error("a value beyond any result", f"at most {read(LARGEST)}", "run `netcea psa` again")
    n = len(scenario.strategies)
    costs, qalys, years = (np.array([whole[name] for name in wanted[i * n : (i + 1) * n]]) for i in range(3))
    decision = scenario.file.decision
    return Totals(scenario.strategies, decision.intervention, decision.comparator, costs, qalys, years, whole[SEVERITY])
