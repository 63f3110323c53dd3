"""The report of `netcea structure`."""

from __future__ import annotations

from functools import partial
from typing import Final

from netcea.analyses.shared.effect_cells import icer_of
from netcea.analyses.structure.figures import mortality_figure, survival_figure
from netcea.analyses.structure.record import record_of
from netcea.analyses.structure.remedies import CANNOT
from netcea.analyses.structure.result import StructureModel, StructureResult
from netcea.analyses.structure.tables import (
    crossing_screen,
    crossing_table,
    models_screen,
    models_table,
    mortality_screen,
    mortality_table,
    parts_table,
    survival_table,
)
from netcea.plain_number import read
from netcea.reporting.number_format import icer, plain
from netcea.reporting.report import Report

DIFFER: Final = 1.5
"""Ratio of two strategies' mortality after progression that is told."""


def report(result: StructureResult) -> Report:
    """Return tables of models, mortality, QALYs gained and crossing; figures and JSON."""
    tables = [models_table(result), survival_table(result), parts_table(result), mortality_table(result)]
    shown = ["structure_screen", "structure_qalys", "structure_mortality_screen"]
    if result.remedies:
        tables += [crossing_table(result), crossing_screen(result)]
        shown.append("structure_crossing_screen")
    return Report(
        analysis="structure",
        title=f"{result.scenario.file.name}: state-transition models of the same inputs",
        scenario=result.scenario,
        options=result.options.model_dump(mode="json"),
        record=record_of(result),
        read_first=result.read_first,
        tables=(*tables, models_screen(result), mortality_screen(result)),
        on_screen=tuple(shown),
        lines=tuple(_sentences(result)),
        figures={
            "survival": partial(survival_figure, result),
            "mortality_after_progression": partial(mortality_figure, result),
        },
    )


def _sentences(result: StructureResult) -> list[str]:
    said = [
        _range(result),
        _mortality(result),
        _weights(result),
        _extrapolated(result),
        _held(result),
        _crossing(result),
    ]
    return [sentence for sentence in said if sentence]


def _range(result: StructureResult) -> str:
    if result.scenario.prices.redacted:
        return ""
    base, *others = result.compared.models
    with_icer = sorted((m for m in others if m.effect.icer is not None), key=_icer)
    if not with_icer:
        return ""
    low, high = with_icer[0], with_icer[-1]
    return (
        f"ICER {icer(icer_of(base.effect))} by partitioned survival; {icer(icer_of(low.effect))} ({low.label}) to "
        f"{icer(icer_of(high.effect))} ({high.label}) by state-transition models."
    )


def _icer(model: StructureModel) -> float:
    return model.effect.icer or 0.0


def _mortality(result: StructureResult) -> str:
    """Say how far apart mortality after progression is between the strategies where a year has passed."""
    decision, label = result.scenario.file.decision, result.scenario.label
    row = next((row for row in result.compared.mortality if row.years >= 1.0), None)
    if row is None:
        return ""
    new, old = row.implied[decision.intervention], row.implied[decision.comparator]
    if not new or not old or 1.0 / DIFFER < new / old < DIFFER:
        return ""
    more, less = (decision.intervention, decision.comparator)[:: 1 if new > old else -1]
    return (
        f"Partitioned survival implies that after progression, {read(row.years)} year after the start, patients given "
        f"{plain(label(more))} die {max(new, old) / min(new, old):.1f} times as fast as those given "
        f"{plain(label(less))}. State-transition models give both one mortality after progression: a longer PFS then "
        "lengthens survival by as much, whatever the trial observed of OS. The difference between the models is what "
        "that assumption is worth."
    )


def _weights(result: StructureResult) -> str:
    weights = sorted({model.effect.severity_weight for model in result.compared.models})
    if len(weights) < 2:
        return ""
    return f"The severity weight is {' or '.join(read(w) for w in weights)}, depending on the model."


def _extrapolated(result: StructureResult) -> str:
    total = result.compared.parts[-1]
    if total.extrapolated is None or total.total <= 0.0:
        return ""
    return f"{total.extrapolated / total.total:.0%} of the QALYs gained by partitioned survival lie beyond follow-up."


def _held(result: StructureResult) -> str:
    below = result.compared.parameters["clock_forward.below_population_cycles"]
    if not below:
        return ""
    return (
        f"In {below:.0f} cycles partitioned survival implies that progressed patients on the comparator die less often "
        "than the general population: the state-transition models raise it to the population's."
    )


def _crossing(result: StructureResult) -> str:
    if not result.remedies or result.scenario.prices.redacted:
        return ""
    base = result.remedies[0]
    name, share = max(base.crossing.items(), key=lambda item: item[1])
    if not share:
        return ""
    rest = [row for row in result.remedies[1:] if row.name not in CANNOT]
    least, most = (choose(row.incremental_qalys for row in (base, *rest)) for choose in (min, max))
    return (
        f"PFS is above OS in {share:.0%} of draws of {plain(result.scenario.label(name))}; mean incremental QALYs are "
        f"{least:.3f} to {most:.3f} by what is done about it in partitioned survival."
    )
