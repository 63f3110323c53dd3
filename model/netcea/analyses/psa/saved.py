"""The result of an earlier probabilistic analysis, read again from its folder without running a draw."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from netcea.analyses.psa.analysis import result_of
from netcea.analyses.psa.result import Contribution, LimitCount, MomentCheck, PsaResult
from netcea.analyses.shared.draw_columns import OUTCOME, SEVERITY
from netcea.analyses.shared.totals import Totals, totals_of
from netcea.arrays import Array
from netcea.engine.point_estimates import base_case
from netcea.errors import InputError, Problem
from netcea.loading.load import load
from netcea.loading.option_values import options_with
from netcea.scenario.options import PsaOptions
from netcea.scenario.scenario import Scenario
from netcea.storage.draws_file import FILE_NAMES, read_columns

if TYPE_CHECKING:
    from netcea.confidential.layers import Layers


def result_again(
    folder: Path, sets: Sequence[str] = (), trusted: Sequence[Path] = (), prices: Layers | None = None
) -> PsaResult:
    """Return the result of a folder that `netcea psa` wrote.

    Parameters
    ----------
    folder : Path
    sets : sequence of str
        The changes that the run was made with, if they were given on the command line.
    trusted : sequence of Path
    prices : Layers, optional
        The price layers that the run was made with.

    Raises
    ------
    InputError
        It is no such folder, its draws were not kept, or the scenario is no longer what it was.
    """
    saved = _saved(folder)
    again = tuple(f"{c['address']}={c['value']}" for c in saved["scenario"]["changes"] if _was_option(c["where"]))
    scenario = load(saved["scenario"]["source"], sets or again, trusted, prices)
    if scenario.digest != saved["digest"]:
        raise InputError(
            Problem(
                str(folder),
                0,
                "",
                f"draws of digest {saved['digest'][:12]}",
                f"{scenario.digest[:12]}, that of {scenario.source} today",
                "its inputs or --prices are others now: run `netcea psa` again",
            )
        )
    found = saved["results"]
    return result_of(
        scenario,
        options_with(PsaOptions(), **{**saved["options"], "keep_draws": "no"}),
        totals_of(scenario, base_case(scenario)),
        _totals(folder, scenario),
        explained=(tuple(_contribution(c) for c in found["contributions"]), _contribution(found["remainder"])),
        stopped=found["convergence"]["stopped"],
        only_fitted=tuple(found["only_fitted"]),
        moments=tuple(MomentCheck(**m) for m in found["moments"]),
        limits=tuple(LimitCount(**{**limit, "first_year": _number(limit["first_year"])}) for limit in found["limits"]),
    )


def _was_option(where: str) -> bool:
    return where.startswith("--set")


def _number(value: float | None) -> float:
    return float("inf") if value is None else value


def _contribution(saved: dict[str, Any]) -> Contribution:
    return Contribution(**{**saved, "addresses": tuple(saved["addresses"])})


def _saved(folder: Path) -> dict[str, Any]:
    path = folder / "results.json"
    try:
        saved: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            Problem(str(path), 0, "", f"no results ({error})", "a folder that `netcea psa` wrote")
        ) from None
    if saved.get("analysis") != "psa":
        raise InputError(Problem(str(path), 0, "", f"results of {saved.get('analysis')!r}", "those of psa"))
    return saved


def _totals(folder: Path, scenario: Scenario) -> Totals:
    paths = [folder / name for name in FILE_NAMES.values() if (folder / name).is_file()]
    if not paths:
        raise InputError(
            Problem(
                str(folder),
                0,
                "",
                "no file of draws",
                " or ".join(FILE_NAMES.values()),
                "run `netcea psa` again, without --keep-draws no",
            )
        )
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
