"""Tables of what the results are worth: net benefit, severity (B.3.6), totals by strategy."""

from __future__ import annotations

from netcea.analyses.base_case.result import BaseCaseResult, Case
from netcea.analyses.base_case.results_tables import PER_PATIENT, label
from netcea.reporting.number_format import plain
from netcea.reporting.table import Cell, Column, Table


def net_health_benefit(result: BaseCaseResult) -> Table:
    """Return incremental net benefit of each strategy at each threshold, weighted beside unweighted."""
    case = result.case
    return Table(
        "net_health_benefit",
        f"Net benefit against {label(case, case.comparator)}",
        (
            Column("technologies", "Technologies"),
            Column("threshold", "Threshold", "£/QALY", "pounds"),
            Column("incremental_nmb", "Incremental NMB", "£", "pounds"),
            Column("incremental_nhb", "Incremental NHB", "QALYs", "qalys"),
            Column("severity_weight", "Severity weight", "", "weight"),
            Column("weighted_incremental_nmb", "Weighted incremental NMB", "£", "pounds"),
            Column("weighted_incremental_nhb", "Weighted incremental NHB", "QALYs", "qalys"),
        ),
        tuple(
            (
                label(case, b.strategy),
                b.threshold,
                b.incremental_nmb,
                b.incremental_nhb,
                case.severity.severity_weight,
                b.weighted_incremental_nmb,
                b.weighted_incremental_nhb,
            )
            for b in case.net_benefit
        ),
        f"{PER_PATIENT} NHB = QALYs gained - costs / threshold; NMB = threshold x QALYs gained - costs. Above 0: "
        "cost-effective at that threshold.",
    )


def severity(result: BaseCaseResult) -> Table:
    """Return the summary of QALY shortfall analysis (B.3.6), with the distance to the boundaries."""
    return Table(
        "severity",
        "Summary of QALY shortfall analysis",
        (
            Column("scenario", "Scenario"),
            Column("established_practice", "Current treatment"),
            Column("qalys_general_population", "Expected total QALYs for the general population", "", "qalys"),
            Column("qalys_current_care", "Total QALYs with current treatment", "", "qalys"),
            Column("absolute_shortfall", "Absolute QALY shortfall", "", "qalys"),
            Column("proportional_shortfall", "Proportional QALY shortfall", "", "percent"),
            Column("severity_weight", "QALY weight", "", "weight"),
            Column("weight_absolute", "Weight by the absolute rule", "", "weight"),
            Column("weight_proportional", "Weight by the proportional rule", "", "weight"),
            Column("next_boundary", "Nearest boundary"),
            Column("distance_absolute", "To the nearest absolute boundary", "QALYs", "qalys"),
            Column("distance_proportional", "To the nearest proportional boundary", "", "percent"),
            Column("qalys_for_higher_weight", "Most QALYs with current treatment for a higher weight", "", "qalys"),
            Column("qalys_for_lower_weight", "QALYs with current treatment above which it is lower", "", "qalys"),
        ),
        tuple(_severity_row(case) for case in (result.case, *result.beside)),
        "Discounted. A positive distance: the boundary lies above the shortfall; a negative one: the shortfall is past "
        "it. Exactly on a boundary takes the higher weight.",
    )


def _severity_row(case: Case) -> tuple[Cell, ...]:
    s = case.severity
    return (
        plain(case.name),
        label(case, case.established_practice),
        s.qalys_general_population,
        s.qalys_current_care,
        s.absolute_shortfall,
        s.proportional_shortfall,
        s.severity_weight,
        s.weight_absolute,
        s.weight_proportional,
        s.next_boundary,
        s.distance_absolute,
        s.distance_proportional,
        s.qalys_for_higher_weight,
        s.qalys_for_lower_weight,
    )


def summary_by_strategy(result: BaseCaseResult) -> Table:
    """Return totals by strategy, discounted and not, with medians of the finished curves."""
    return Table(
        "summary_by_strategy",
        "Summary by strategy",
        (
            Column("technologies", "Technologies"),
            Column("costs", "Total costs", "£", "pounds"),
            Column("life_years", "Total life years", "", "years"),
            Column("qalys", "Total QALYs", "", "qalys"),
            Column("undiscounted_costs", "Undiscounted costs", "£", "pounds"),
            Column("undiscounted_life_years", "Undiscounted life years", "", "years"),
            Column("undiscounted_qalys", "Undiscounted QALYs", "", "qalys"),
            Column("median_pfs", "Median PFS", "months", "months"),
            Column("median_os", "Median OS", "months", "months"),
            Column("alive_at_horizon", "Alive at the horizon", "", "percent"),
        ),
        tuple(
            (
                plain(s.label),
                s.costs,
                s.life_years,
                s.qalys,
                s.undiscounted_costs,
                s.undiscounted_life_years,
                s.undiscounted_qalys,
                s.median_pfs,
                s.median_os,
                s.alive_at_horizon,
            )
            for s in result.case.strategies.values()
        ),
        "Per patient. Medians are those of the curves after every adjustment.",
    )
