"""The result of an earlier probabilistic analysis, made again from its record and its file of draws."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from netcea.analyses.psa.record import PsaRecord
from netcea.analyses.psa.result import PsaResult
from netcea.analyses.psa.summary import result_of
from netcea.analyses.shared.draw_columns import OUTCOME, SEVERITY
from netcea.analyses.shared.totals import Totals, totals_of
from netcea.arrays import Array
from netcea.engine.point_estimates import base_case
from netcea.errors import Place
from netcea.loading.option_values import options_with
from netcea.scenario.options import PsaOptions
from netcea.scenario.scenario import Scenario
from netcea.storage.draws_file import FILE_NAMES, read_columns
from netcea.storage.saved_run import SavedRun


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
        options_with(PsaOptions(), **{**saved.options, "keep_draws": "no"}),
        totals_of(scenario, base_case(scenario)),
        _totals(saved.folder, scenario),
        explained=(record.contributions, record.remainder),
        stopped=record.convergence.stopped,
        only_fitted=record.only_fitted,
        moments=record.moments,
        limits=record.limits,
        held=record.held,
    )


def _totals(folder: Path, scenario: Scenario) -> Totals:
    paths = [folder / name for name in FILE_NAMES.values() if (folder / name).is_file()]
    if not paths:
        hint = "run `netcea psa` again, without --keep-draws no"
        raise Place(str(folder)).error("no file of draws", " or ".join(FILE_NAMES.values()), hint)
    wanted = [f"{OUTCOME}{s}.{m}" for m in ("costs", "qalys", "life_years") for s in scenario.strategies]
    parts: dict[str, list[Array]] = {name: [] for name in (*wanted, SEVERITY)}
    for chunk in read_columns(paths[0], list(parts)):
        for name, values in chunk.items():
            parts[name].append(values)
    whole = {name: np.concatenate(arrays) for name, arrays in parts.items()}
    n = len(scenario.strategies)
    costs, qalys, years = (np.array([whole[name] for name in wanted[i * n : (i + 1) * n]]) for i in range(3))
    decision = scenario.file.decision
    return Totals(scenario.strategies, decision.intervention, decision.comparator, costs, qalys, years, whole[SEVERITY])
