"""Tables of what the results are worth: net benefit, severity (B.3.6), totals by strategy."""

from __future__ import annotations

from netcea.analyses.base_case.result import BaseCaseResult
from netcea.analyses.base_case.results_tables import PER_PATIENT, label, with_not_applicable
from netcea.reporting.number_format import plain
from netcea.reporting.table import Column, Table, columns_of, table_of


def net_health_benefit(result: BaseCaseResult) -> Table:
    """Return incremental net benefit of each strategy at each threshold, weighted beside unweighted."""
    case = result.case
    return table_of(
        "net_health_benefit",
        f"Net benefit against {label(case, case.comparator)}",
        case.net_health_benefit,
        (
            (Column("technologies", "Technologies"), lambda benefit: label(case, benefit.strategy)),
            Column("threshold", "Threshold", "£/QALY", "pounds"),
            Column("incremental_nmb", "Incremental NMB", "£", "pounds"),
            Column("incremental_nhb", "Incremental NHB", "QALYs", "qalys"),
            (Column("severity_weight", "Severity weight", "", "weight"), lambda _: case.severity.severity_weight),
            Column("weighted_incremental_nmb", "Weighted incremental NMB", "£", "pounds"),
            Column("weighted_incremental_nhb", "Weighted incremental NHB", "QALYs", "qalys"),
        ),
        f"{PER_PATIENT} NHB = QALYs gained - costs / threshold; NMB = threshold x QALYs gained - costs. "
        f"{benefit_words(len(case.strategies), label(case, case.comparator))}",
    )


def benefit_words(strategies: int, comparator: str) -> str:
    """Say what a net benefit against the comparator means: with more than two strategies not that it is the best.

    >>> benefit_words(2, "Placebo")
    'Above 0: cost-effective at that threshold.'
    >>> benefit_words(3, "Placebo")
    'Above 0: better than Placebo at that threshold; of all strategies the one of the highest is cost-effective.'
    """
    if strategies == 2:
        return "Above 0: cost-effective at that threshold."
    best = "of all strategies the one of the highest is cost-effective"
    return f"Above 0: better than {comparator} at that threshold; {best}."


_SHORTFALL = (
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
)


def severity(result: BaseCaseResult) -> Table:
    """Return the summary of QALY shortfall analysis (B.3.6), with the distance to the boundaries."""
    table = table_of(
        "severity",
        "Summary of QALY shortfall analysis",
        (result.case, *result.beside),
        (
            (Column("scenario", "Scenario"), lambda case: plain(case.name)),
            (Column("established_practice", "Current treatment"), lambda case: label(case, case.established_practice)),
            *columns_of(lambda case: case.severity, _SHORTFALL),
        ),
        "Discounted. A positive distance: the boundary lies above the shortfall; a negative one: the shortfall is past "
        "it. Exactly on a boundary takes the higher weight.",
    )
    return with_not_applicable(table, result)


def summary_by_strategy(result: BaseCaseResult) -> Table:
    """Return totals by strategy, discounted and not, with medians of the finished curves."""
    return table_of(
        "summary_by_strategy",
        "Summary by strategy",
        result.case.strategies.values(),
        (
            (Column("technologies", "Technologies"), lambda strategy: plain(strategy.label)),
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
        "Per patient. Medians are those of the curves after every adjustment.",
    )
