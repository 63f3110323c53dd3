"""Every sheet of the live workbook, in the order in which a reviewer reads them.

To add one: a function of the `Construction` in `sheets/<name>.py`, and a line here. It makes its page, asks others for
the cells that it needs (`construction.written_by(write_results).cells["icer"]`), and so is written after them.
"""

from __future__ import annotations

from typing import Final

from netcea.workbook.construction import Sheet
from netcea.workbook.sheets.adverse_events import write_adverse_events
from netcea.workbook.sheets.assumptions import write_assumptions
from netcea.workbook.sheets.bias_ledger import write_bias_ledger
from netcea.workbook.sheets.budget_impact import write_budget_impact
from netcea.workbook.sheets.checks import write_checks
from netcea.workbook.sheets.choices import write_choices
from netcea.workbook.sheets.clinical_record import write_clinical_record
from netcea.workbook.sheets.costs import write_costs
from netcea.workbook.sheets.costs_by_year import write_costs_by_year
from netcea.workbook.sheets.cover import write_cover
from netcea.workbook.sheets.cycles import write_cycles
from netcea.workbook.sheets.diagram import write_diagram
from netcea.workbook.sheets.dispensing import write_dispensing
from netcea.workbook.sheets.draw import write_draw
from netcea.workbook.sheets.fit_to_trial import write_fit_to_trial
from netcea.workbook.sheets.inputs import write_inputs
from netcea.workbook.sheets.one_way import write_one_way
from netcea.workbook.sheets.one_way_live import write_one_way_live
from netcea.workbook.sheets.price import write_price
from netcea.workbook.sheets.psa import write_psa
from netcea.workbook.sheets.psa_draws import write_psa_draws
from netcea.workbook.sheets.psa_live import write_psa_live
from netcea.workbook.sheets.results import write_results
from netcea.workbook.sheets.scenario_results import write_scenario_results
from netcea.workbook.sheets.scenarios import RESULTS_TITLE, write_scenarios
from netcea.workbook.sheets.severity import write_severity
from netcea.workbook.sheets.sources import write_sources
from netcea.workbook.sheets.states import write_traces
from netcea.workbook.sheets.survival import write_survival
from netcea.workbook.sheets.tables import write_tables
from netcea.workbook.sheets.uprating import write_uprating
from netcea.workbook.sheets.utilities import write_utilities
from netcea.workbook.sheets.version_log import write_version_log

RESULTS, CHOOSE, MODEL, AMOUNTS, TABLES, ANALYSES, SOURCES = (
    "C00000",
    "FFC000",
    "70AD47",
    "5B9BD5",
    "A6A6A6",
    "7030A0",
    "7F7F7F",
)
"""Colours of tabs: what it comes to, what a reader chooses, the model, what it adds up, tables, analyses, sources."""
SHEETS: Final = {
    "Cover": Sheet(write_cover, "What it is, whether it is right, how to use it", RESULTS, results_only=True),
    "Results": Sheet(
        write_results,
        "Costs, life years, QALYs, ICER, severity, net health benefit, fully incremental analysis",
        RESULTS,
    ),
    "Inputs": Sheet(write_inputs, "Every number: base, scenario, your value, live value, source, status", CHOOSE),
    "Scenarios": Sheet(
        write_scenarios, "Choose a scenario; what each changes; those that do not fit these sheets", CHOOSE
    ),
    RESULTS_TITLE: Sheet(
        write_scenario_results,
        "Costs, QALYs, ICER, net health benefit of every scenario of this cohort, and the change from the base",
        RESULTS,
    ),
    "Choices": Sheet(
        write_choices, "Structure: curves, waning, background mortality, time on treatment, utilities, settings", CHOOSE
    ),
    "Model diagram": Sheet(
        write_diagram, "States, who moves between them, equations, with live numbers", MODEL, results_only=True
    ),
    "Assumptions": Sheet(
        write_assumptions,
        "What is assumed and why, structural choices with their alternatives, comparators here and elsewhere",
        RESULTS,
        results_only=True,
    ),
    "Clinical record": Sheet(
        write_clinical_record,
        "Comparators by prior therapy, validation by clinical experts, data for managed access, subgroups",
        RESULTS,
        results_only=True,
    ),
    "Bias ledger": Sheet(
        write_bias_ledger,
        "Whom each assumption favours, and what the scenarios do that test it",
        RESULTS,
        results_only=True,
    ),
    "Fit to trial": Sheet(
        write_fit_to_trial,
        "Published figures beside what the live curves say; curves drawn over them; numbers at risk",
        RESULTS,
        results_only=True,
    ),
    "Survival": Sheet(write_survival, "Parameters and families of every curve, the live one marked", MODEL),
    "Trace": Sheet(
        write_traces, "Each cycle: time, curves, occupancy, flows, person-time, discount factors, costs, QALYs", MODEL
    ),
    "Dispensing": Sheet(write_dispensing, "Packs and occasions at their own moments", MODEL),
    "Adverse events": Sheet(write_adverse_events, "Incidence, cost and QALYs lost", AMOUNTS),
    "Incremental": Sheet(
        write_results, "Steps of the fully incremental analysis: order, dominance, extended dominance", AMOUNTS
    ),
    "Costs": Sheet(write_costs, "Amounts and units of every cost item", AMOUNTS),
    "Costs by year": Sheet(
        write_costs_by_year, "Undiscounted costs per patient by year since the start, line by line", AMOUNTS
    ),
    "Utilities": Sheet(write_utilities, "Utility by state and treatment, age adjustment", AMOUNTS),
    "Severity": Sheet(write_severity, "QALYs of the general population, on the model's cycles until age 110", AMOUNTS),
    "Cycles": Sheet(write_cycles, "Time, discount factors, population hazard and norm in each cycle", MODEL),
    "Tables": Sheet(write_tables, "Life table, norms, method pack", TABLES),
    "One-way": Sheet(write_one_way, "Low and high value of each quantity, tornado", ANALYSES, results_only=True),
    "One-way live": Sheet(
        write_one_way_live,
        "A tornado of this workbook as it stands, sorted; one number moved",
        ANALYSES,
        results_only=True,
    ),
    "PSA": Sheet(
        write_psa, "Means, intervals, acceptability, expected value of perfect information", ANALYSES, results_only=True
    ),
    "PSA draws": Sheet(write_psa_draws, "Drawn inputs and outcomes as values", ANALYSES, results_only=True),
    "PSA live": Sheet(
        write_psa_live, "A probabilistic run of this workbook as it stands; one draw", ANALYSES, results_only=True
    ),
    "Draw": Sheet(write_draw, "One probabilistic row by formula: each number at its own distribution", ANALYSES),
    "Uprating": Sheet(
        write_uprating, "Costs of other price years: index, factor, product; the price year is live", AMOUNTS
    ),
    "Price": Sheet(write_price, "ICER against the discount; discount at each threshold", ANALYSES),
    "Budget impact": Sheet(
        write_budget_impact,
        "Costs of all patients with and without the technology by year, undiscounted; at list and other prices",
        ANALYSES,
    ),
    "Version log": Sheet(
        write_version_log, "What made this workbook, from what; room for your own entries", SOURCES, results_only=True
    ),
    "Sources": Sheet(write_sources, "The bibliography, with links", SOURCES),
    "Checks": Sheet(
        write_checks, "Every total compared with Python's, and rules that always hold", RESULTS, results_only=True
    ),
}
"""Name -> sheet. One that has no page of its own in a workbook is not in it; Trace has one for each strategy."""
