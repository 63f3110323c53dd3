"""What must be equal between a workbook and Python, and how nearly."""

from __future__ import annotations

import math

import numpy as np

from netcea.analyses.base_case.analysis import case_alone
from netcea.workbook.python_budget import budget_values

MEASURES = ("costs", "qalys", "life_years", "undiscounted_costs", "undiscounted_qalys", "undiscounted_life_years")
NEAR = 1e-9
FIRST_ROW = 6


def expected(scenario):
    """Return name of a cell of Results -> what Python has."""
    case = case_alone(scenario).case
    found = {}
    for strategy, totals in case.strategies.items():
        found |= {f"{m}.{strategy}": getattr(totals, m) for m in MEASURES}
    for row in case.pairwise:
        found[f"icer.{row.strategy}"], found[f"label.{row.strategy}"] = row.icer, row.label
    for row in case.weighted_pairwise:
        found[f"weighted_icer.{row.strategy}"] = row.icer
    thresholds = sorted({benefit.threshold for benefit in case.net_health_benefit})
    for benefit in case.net_health_benefit:
        which = f"{thresholds.index(benefit.threshold)}.{benefit.strategy}"
        found[f"nhb.{which}"], found[f"weighted_nhb.{which}"] = (
            benefit.incremental_nhb,
            benefit.weighted_incremental_nhb,
        )
    severity = case.severity
    for name in ("qalys_general_population", "absolute_shortfall", "proportional_shortfall"):
        found[name] = getattr(severity, name)
    found["severity_weight"] = severity.severity_weight
    for place, row in enumerate(case.incremental, 1):
        found[f"order.{place}.icer"], found[f"order.{place}.label"] = row.icer, row.label
        found[f"order.{place}.name"] = scenario.label(row.strategy)
        found[f"order.{place}.versus"] = scenario.label(row.versus) if row.versus else ""
    return found


def expected_of(workbook, scenario):
    """Return the same, and what each year of the budget costs where the workbook has one."""
    if "budget_costs_with.1" not in workbook.results.cells:
        return expected(scenario)
    years = budget_values(workbook.variants.base, scenario)
    return expected(scenario) | {name: value for name, value in years.items() if name.startswith("budget_costs")}


def differences(expected_values, cells, read):
    """Return (name, in the workbook, in Python) wherever they differ."""
    names = list(expected_values)
    values = read([cells[name] for name in names])
    return [(n, v, expected_values[n]) for n, v in zip(names, values, strict=True) if not same(v, expected_values[n])]


def same(value, wanted):
    """Say whether a cell holds what is wanted, to 1e-9 relative."""
    if wanted is None or isinstance(wanted, str):
        return (value or "") == (wanted or "")
    return isinstance(value, int | float) and math.isclose(value, wanted, rel_tol=NEAR, abs_tol=1e-12)


def trace_differences(scenario, workbook, read_range):
    """Return (strategy, column, worst row) of trace columns that differ, and names of columns that are not there."""
    from openpyxl.utils import get_column_letter

    found, missing = [], []
    for strategy, trace in case_alone(scenario, traces=True).traces.items():
        frame, sheet = trace.frame(), workbook.traces[strategy]
        last = get_column_letter(len(sheet.columns))
        rows = read_range(f"{sheet.page.title}!A{FIRST_ROW}:{last}{FIRST_ROW + len(frame) - 1}")
        table = np.array([[np.nan if isinstance(v, str) else v for v in row] for row in rows], dtype=float)
        for column in frame.columns:
            if column.startswith("undiscounted_costs"):
                continue
            if column not in sheet.columns:
                missing.append((strategy, column))
                continue
            mine, its = table[:, sheet.columns[column] - 1], frame[column].to_numpy(float)
            gap = np.abs(mine - its)
            wrong = ~((gap <= 1e-12) | (gap <= NEAR * np.abs(its)))
            if wrong.any():
                i = int(np.argmax(wrong))
                found.append((strategy, column, i, float(mine[i]), float(its[i])))
    return found, missing
