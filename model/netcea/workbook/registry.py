"""Every sheet of the live workbook, in the order in which a reviewer reads them.

To add one: a function of the `Construction` in `sheets/<name>.py`, and a line here. It makes its page, asks others for
the cells that it needs (`construction.written_by(write_results).cells["icer"]`), and so is written after them.
"""

from __future__ import annotations

from typing import Final

from netcea.workbook.construction import Sheet
from netcea.workbook.sheets.adverse_events import write_adverse_events
from netcea.workbook.sheets.checks import write_checks
from netcea.workbook.sheets.choices import write_choices
from netcea.workbook.sheets.costs import write_costs
from netcea.workbook.sheets.cover import write_cover
from netcea.workbook.sheets.cycles import write_cycles
from netcea.workbook.sheets.dispensing import write_dispensing
from netcea.workbook.sheets.draw import write_draw
from netcea.workbook.sheets.inputs import write_inputs
from netcea.workbook.sheets.one_way import write_one_way
from netcea.workbook.sheets.price import write_price
from netcea.workbook.sheets.psa import write_psa
from netcea.workbook.sheets.psa_draws import write_psa_draws
from netcea.workbook.sheets.results import write_results
from netcea.workbook.sheets.scenarios import write_scenarios
from netcea.workbook.sheets.severity import write_severity
from netcea.workbook.sheets.sources import write_sources
from netcea.workbook.sheets.states import write_traces
from netcea.workbook.sheets.survival import write_survival
from netcea.workbook.sheets.tables import write_tables
from netcea.workbook.sheets.utilities import write_utilities

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
    "Choices": Sheet(
        write_choices, "Structure: curves, waning, background mortality, time on treatment, utilities, settings", CHOOSE
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
    "Utilities": Sheet(write_utilities, "Utility by state and treatment, age adjustment", AMOUNTS),
    "Severity": Sheet(write_severity, "QALYs of the general population on the model's cycles", AMOUNTS),
    "Cycles": Sheet(write_cycles, "Time, discount factors, population hazard and norm in each cycle", MODEL),
    "Tables": Sheet(write_tables, "Life table, norms, method pack", TABLES),
    "One-way": Sheet(write_one_way, "Low and high value of each quantity, tornado", ANALYSES, results_only=True),
    "PSA": Sheet(
        write_psa, "Means, intervals, acceptability, expected value of perfect information", ANALYSES, results_only=True
    ),
    "PSA draws": Sheet(write_psa_draws, "Drawn inputs and outcomes as values", ANALYSES, results_only=True),
    "Draw": Sheet(write_draw, "One probabilistic row by formula: switch on, press F9", ANALYSES),
    "Price": Sheet(write_price, "ICER against the discount; discount at each threshold", ANALYSES),
    "Sources": Sheet(write_sources, "The bibliography, with links", SOURCES),
    "Checks": Sheet(
        write_checks, "Every total compared with Python's, and rules that always hold", RESULTS, results_only=True
    ),
}
"""Name -> sheet. One that has no page of its own in a workbook is not in it; Trace has one for each strategy."""
