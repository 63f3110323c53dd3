"""The tables of `netcea structure`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from netcea.analyses.shared.effect_cells import effect_columns, icer_of, other_weight
from netcea.analyses.shared.effects import thresholds_of
from netcea.analyses.structure.remedies import RAISED
from netcea.analyses.structure.result import (
    MortalityAt,
    QalyPart,
    Remedy,
    StrategyInModel,
    StructureModel,
    StructureResult,
)
from netcea.plain_number import read
from netcea.reporting.number_format import plain, pounds
from netcea.reporting.table import Column, ColumnOf, Format, Icer, Table, table_of

MODELS_TITLE: Final = "The same inputs through other structures"


def versus(result: StructureResult) -> str:
    """Return which strategy stands against which."""
    decision, label = result.scenario.file.decision, result.scenario.label
    return f"{plain(label(decision.intervention))} against {plain(label(decision.comparator))}"


def models_table(result: StructureResult) -> Table:
    """Return a row for each model: what it assumes and what it means."""
    return table_of(
        "structure",
        MODELS_TITLE,
        result.compared.models,
        (
            (Column("model", "Model"), lambda row: row.label),
            (Column("incremental_life_years", "Incremental life years", "", "years"), _gained),
            *effect_columns(result.scenario, lambda row: row.effect),
            other_weight(result.base, lambda row: (row.effect,)),
            (Column("assumes", "Mortality after progression"), lambda row: plain(row.assumes)),
        ),
        f"{versus(result)}, at the point estimates; life years discounted. Progression, death before progression, "
        "utilities and costs are the same in every row; only survival after progression differs.",
    )


def models_screen(result: StructureResult) -> Table:
    """Return the columns of the same table that fit on a screen."""
    return table_of(
        "structure_screen",
        MODELS_TITLE,
        result.compared.models,
        (
            (Column("model", "Model"), lambda row: row.label),
            (Column("incremental_life_years", "Incremental life years", "", "years"), _gained),
            (Column("incremental_qalys", "Incremental QALYs", "", "qalys"), lambda row: row.effect.incremental_qalys),
            (Column("incremental_costs", "Incremental costs", "£", "pounds"), _costs),
            (Column("icer", "ICER", "£/QALY", "icer"), lambda row: icer_of(row.effect)),
            (Column("severity_weight", "Severity weight", "", "weight"), lambda row: row.effect.severity_weight),
        ),
        f"{versus(result)}. Only survival after progression differs; table `structure` says what each row assumes.",
    )


def _gained(row: StructureModel) -> float:
    return row.incremental_life_years


def _costs(row: StructureModel) -> float:
    return row.effect.incremental_costs


def survival_table(result: StructureResult) -> Table:
    """Return a row for each model and strategy: survival, years by state, totals, and what was observed of them."""
    label = result.scenario.label

    def of(name: str, heading: str, unit: str, kind: Format) -> ColumnOf[tuple[StructureModel, StrategyInModel]]:
        return Column(name, heading, unit, kind), lambda row: getattr(row[1], name)

    follow_up = result.compared.follow_up_years
    said = "not said" if follow_up is None else f"{read(round(follow_up, 3))} years"
    return table_of(
        "structure_survival",
        "Survival, QALYs and costs of each strategy by structure",
        [(model, one) for model in result.compared.models for one in model.strategies],
        (
            (Column("model", "Model"), lambda row: row[0].label),
            (Column("strategy", "Strategy"), lambda row: plain(label(row[1].strategy))),
            of("at_two_years", "Alive at 2 years", "", "percent"),
            of("at_five_years", "Alive at 5 years", "", "percent"),
            of("progression_free_years", "Years progression-free", "", "years"),
            of("progressed_years", "Years after progression", "", "years"),
            of("life_years", "Life years, undiscounted", "", "years"),
            of("observed_life_years", "of them within follow-up", "", "years"),
            of("qalys", "QALYs", "", "qalys"),
            of("observed_qalys", "of them within follow-up (QALYs)", "", "qalys"),
            of("costs", "Costs", "£", "pounds"),
        ),
        f"QALYs and costs discounted. End of follow-up: {said}.",
    )


def mortality_table(result: StructureResult) -> Table:
    """Return mortality after progression that partitioned survival implies, over time, beside the population's."""
    return _mortality("structure_mortality", result, result.scenario.strategies, every=True)


def mortality_screen(result: StructureResult) -> Table:
    """Return the columns of the same table that fit on a screen."""
    decision = result.scenario.file.decision
    return _mortality("structure_mortality_screen", result, (decision.intervention, decision.comparator), every=False)


def _mortality(name: str, result: StructureResult, strategies: Sequence[str], *, every: bool) -> Table:
    columns: list[ColumnOf[MortalityAt]] = [
        (Column("years", "Years since start", "", "number"), lambda row: row.years),
        (Column("population", "General population", "", "number"), lambda row: _rounded(row.population)),
    ]
    for strategy in strategies:
        columns += _of_strategy(strategy, plain(result.scenario.label(strategy)), every=every)
    return table_of(
        name,
        "Mortality after progression that partitioned survival implies, per year",
        result.compared.mortality,
        tuple(columns),
        "Hazard of death of progressed patients in the cycle that ends at, or holds, that time; nothing where fewer "
        "than one in a million are progressed.",
    )


def _of_strategy(strategy: str, label: str, *, every: bool) -> list[ColumnOf[MortalityAt]]:
    """Return the columns of a strategy; all of them, or its hazard alone."""
    found: list[ColumnOf[MortalityAt]] = [
        (Column(f"{strategy}_implied", label, "", "number"), lambda row: _rounded(row.implied[strategy]))
    ]
    if every:
        found += [
            (
                Column(f"{strategy}_ratio", f"{label}: times the population's", "", "number"),
                lambda row: _times(row, strategy),
            ),
            (
                Column(f"{strategy}_progressed", f"{label}: progressed", "", "percent"),
                lambda row: row.progressed[strategy],
            ),
        ]
    return found


def _rounded(x: float | None) -> float | None:
    return None if x is None else float(f"{x:.3g}")


def _times(row: MortalityAt, name: str) -> float | None:
    implied = row.implied[name]
    return None if implied is None or row.population <= 0.0 else _rounded(implied / row.population)


def parts_table(result: StructureResult) -> Table:
    """Return what the QALYs gained are made of, within follow-up and extrapolated."""
    follow_up = result.compared.follow_up_years
    if follow_up is None:
        said = "the scenario does not say how long follow-up was (analyses.structure.follow_up)"
    else:
        said = f"follow-up to {read(round(follow_up, 3))} years"
    columns: tuple[ColumnOf[QalyPart], ...] = (
        (Column("part", "Part"), lambda row: row.label),
        (Column("observed", "Within follow-up", "", "qalys"), lambda row: row.observed),
        (Column("extrapolated", "Extrapolated", "", "qalys"), lambda row: row.extrapolated),
        (Column("total", "Total", "", "qalys"), lambda row: row.total),
    )
    return table_of(
        "structure_qalys",
        "What the QALYs gained by partitioned survival are made of",
        result.compared.parts,
        columns,
        f"{versus(result)}, discounted; {said}. Both rows after progression add up to that state's.",
        total_last=True,
    )


def crossing_table(result: StructureResult) -> Table:
    """Return each way of dealing with draws in which PFS is above OS, over the same random numbers."""
    scenario, thresholds = result.scenario, thresholds_of(result.scenario)
    columns: list[ColumnOf[Remedy]] = [(Column("way", "Where PFS would be above OS"), lambda row: plain(row.label))]
    for name in scenario.strategies:
        columns += _crossing_of_strategy(result, name)
    columns += [
        (Column("incremental_costs", "Incremental costs", "£", "pounds"), lambda row: row.incremental_costs),
        (Column("incremental_qalys", "Incremental QALYs", "", "qalys"), lambda row: row.incremental_qalys),
        (Column("qalys_low", "2.5%", "QALYs", "qalys"), lambda row: row.qalys_low),
        (Column("qalys_high", "97.5%", "QALYs", "qalys"), lambda row: row.qalys_high),
        (Column("icer", "ICER of the means", "£/QALY", "icer"), lambda row: Icer(row.icer, row.icer_label)),
        *(_nhb(i, threshold, weighted=False) for i, threshold in enumerate(thresholds)),
        *(_nhb(i, threshold, weighted=True) for i, threshold in enumerate(thresholds)),
    ]
    draws = result.remedies[0].draws if result.remedies else 0
    return table_of(
        "structure_crossing",
        "What is done where PFS is above OS, and what it costs",
        result.remedies,
        tuple(columns),
        f"{versus(result)}; means of {draws:,} draws with the same random numbers (seed {result.options.seed}). Draws "
        "with crossing: PFS above OS at the end of a cycle. In a state-transition model nobody is progression-free and "
        "dead.",
    )


def _crossing_of_strategy(result: StructureResult, strategy: str) -> list[ColumnOf[Remedy]]:
    """Return in how many draws a strategy's curves cross, and what the cap takes."""
    label = plain(result.scenario.label(strategy))
    return [
        (
            Column(f"{strategy}_crossing", f"Draws that cross: {label}", "", "percent"),
            lambda row: crossing_of(result, row).crossing[strategy],
        ),
        (
            Column(f"{strategy}_crossing_early", f"of them first within 3 months: {label}", "", "percent"),
            lambda row: crossing_of(result, row).crossing_early[strategy],
        ),
        (
            Column(f"{strategy}_capped", f"Life years that the cap takes from PF: {label}", "", "years"),
            lambda row: row.life_years_capped[strategy],
        ),
    ]


def crossing_of(result: StructureResult, row: Remedy) -> Remedy:
    """Return the row that tells in how many draws the curves cross: where OS is raised, that of the cap.

    Parameters
    ----------
    result : StructureResult
    row : Remedy
    """
    return result.remedies[0] if row.name == RAISED else row


def _nhb(i: int, threshold: float, *, weighted: bool) -> ColumnOf[Remedy]:
    name, heading = ("weighted_nhb", "Weighted incremental NHB") if weighted else ("nhb", "Incremental NHB")
    column = Column(f"{name}_{threshold:.0f}", f"{heading} at {pounds(threshold)}", "QALYs", "qalys")
    return column, lambda row: (row.weighted_nhb if weighted else row.nhb)[i]


def crossing_screen(result: StructureResult) -> Table:
    """Return the columns of the table of crossing that fit on a screen."""
    decision = result.scenario.file.decision
    columns: list[ColumnOf[Remedy]] = [(Column("way", "Where PFS would be above OS"), lambda row: plain(row.label))]
    for name in (decision.intervention, decision.comparator):
        columns += _crossing_of_strategy(result, name)[:1]
    columns += [
        (Column("incremental_qalys", "Incremental QALYs", "", "qalys"), lambda row: row.incremental_qalys),
        (Column("icer", "ICER of the means", "£/QALY", "icer"), lambda row: Icer(row.icer, row.icer_label)),
    ]
    return table_of(
        "structure_crossing_screen",
        "What is done where PFS is above OS, and what it costs",
        result.remedies,
        tuple(columns),
        f"{versus(result)}; means of draws with the same random numbers.",
    )
