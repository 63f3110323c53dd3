"""Correlations of trials' figures: those that inputs/ states, simulated again; those it lacks, as YAML to put there."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from netcea.checking.cut_correlations import checked_cut, cut_tables
from netcea.errors import InputError, Problem
from netcea.execution.progress import steps
from netcea.fitting import NotIdentified
from netcea.fitting.trial_correlation import REPLICATES
from netcea.loading.merging.draft import read_draft
from netcea.loading.merging.inputs import Inputs
from netcea.loading.resolving.numbers import Numbers
from netcea.loading.resolving.trial_correlations import DECIMALS, WorkedOut, simulated
from netcea.loading.resolving.trials import TrialGroup, published_trial, trial_group, trial_groups

NOTE = (
    "Trials simulated from the Weibull through these figures, with the patients and the median follow-up of this set; "
    "in each the medians were estimated by Kaplan-Meier and the ratios by the Cox model; correlations of their "
    "logarithms. Replicates in which a median was not reached were left out"
)


def check_correlations(
    names: Sequence[str], sets: Sequence[str] = (), trusted: Sequence[Path] = ()
) -> tuple[list[str], bool]:
    """Return a line or a block of YAML for each trial and data cut of the scenarios' inputs/, and whether one differs.

    A table is simulated again with its own `settings.seed` and `settings.replicates`; one without a seed was not
    simulated and is left as it is.

    Raises
    ------
    InputError
        A trial's figures are wrong, or cannot be simulated.
    """
    lines, differs, seen = [], False, set()
    for name in names:
        inputs = read_draft(name, sets, trusted).inputs
        if inputs.folder not in seen:
            seen.add(inputs.folder)
            for line, same in (*_trials(inputs), *_cuts(inputs)):
                lines.append(line)
                differs |= not same
    return lines, differs


def _trials(inputs: Inputs) -> Iterator[tuple[str, bool]]:
    numbers = Numbers(inputs, "", inputs.place)
    for address in steps(trial_groups(numbers), "simulating the correlations of trials"):
        group = trial_group(numbers, address, inputs.place(address))
        numbers.faults.raise_if_any()
        if group is not None:
            yield _checked(numbers, group)


def _cuts(inputs: Inputs) -> Iterator[tuple[str, bool]]:
    numbers = Numbers(inputs, "", inputs.place)
    tables = list(cut_tables(numbers))
    numbers.faults.raise_if_any()
    for address, table in tables:
        yield checked_cut(numbers, address, table)


def _checked(numbers: Numbers, group: TrialGroup) -> tuple[str, bool]:
    table, address = group.correlation, f"{group.address}.correlation"
    settings = {} if table is None else table.settings
    if table is not None and "seed" not in settings:
        return f"{address}: stated without a seed, not simulated", True
    try:
        trial = published_trial(numbers, group)
        found = simulated(trial, int(settings.get("replicates", REPLICATES)), settings.get("seed"))
    except NotIdentified as error:
        place = numbers.inputs.place(group.address)
        expected = "a trial that can be simulated"
        raise InputError(Problem(place.file, place.line, group.address, str(error), expected)) from None
    if table is None:
        return f"{address}: not in inputs/, worked out\n{_yaml(numbers, group, found)}", True
    rounded = [np.array(stated).round(DECIMALS).tolist() for stated in (table.correlation, table.sd or found.sd)]
    if rounded == [list(map(list, found.correlation)), list(found.sd)]:
        return f"{address}: as simulated", True
    return f"{address}: DIFFERS\n{_yaml(numbers, group, found)}", False


def _yaml(numbers: Numbers, group: TrialGroup, found: WorkedOut) -> str:
    """Return the table as it would stand in inputs/."""
    quantities = [numbers.quantities[f"{group.address}.{name}"] for name in group.figures]
    rows = [", ".join("1" if x == 1.0 else f"{x:.{DECIMALS}f}" for x in row) for row in found.correlation]
    return "\n".join(
        [
            "  correlation:",
            f"    names: [{', '.join(group.figures)}]",
            "    correlation:",
            *(f"      - [{row}]" for row in rows),
            f"    sd: [{', '.join(f'{x:.{DECIMALS}f}' for x in found.sd)}]",
            "    settings:",
            "      method: parametric bootstrap",
            f"      replicates: {found.replicates}",
            f"      replicates_used: {found.replicates_used}",
            f"      weibull_shape: {found.weibull_shape:.{DECIMALS}f}",
            "      censoring: uniform from 0 to twice the median follow-up",
            f"      seed: {found.seed}",
            f"    source: [{', '.join(dict.fromkeys(key for quantity in quantities for key in quantity.source))}]",
            "    status: derived",
            "    note: >-",
            *textwrap.wrap(NOTE, 100, initial_indent=" " * 6, subsequent_indent=" " * 6),
        ]
    )
