"""Every table of a base case, by name. To add one: write a function of a result, and its line in `TABLES`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from netcea.analyses.base_case.breakdown_tables import (
    costs_by_category_and_state,
    costs_by_item,
    costs_by_payer,
    life_years_by_state,
    outcomes,
    qalys_by_state,
)
from netcea.analyses.base_case.evidence_tables import fits, inputs, modelled_and_published
from netcea.analyses.base_case.judgement_tables import bindings, ledger, warnings
from netcea.analyses.base_case.record_tables import expert_validation, managed_access, prior_therapy
from netcea.analyses.base_case.result import BaseCaseResult
from netcea.analyses.base_case.results_tables import base_case, beside, pairwise, weighted
from netcea.analyses.base_case.value_tables import net_health_benefit, severity, summary_by_strategy
from netcea.reporting.table import Cell, Column, Format, Icer, Table, as_frame

__all__ = ["TABLES", "Cell", "Column", "Format", "Icer", "Table", "as_frame"]

TABLES: Final[dict[str, Callable[[BaseCaseResult], Table]]] = {
    "base_case": base_case,
    "beside": beside,
    "net_health_benefit": net_health_benefit,
    "pairwise": pairwise,
    "weighted": weighted,
    "severity": severity,
    "summary_by_strategy": summary_by_strategy,
    "costs_by_category_and_state": costs_by_category_and_state,
    "costs_by_item": costs_by_item,
    "costs_by_payer": costs_by_payer,
    "qalys_by_state": qalys_by_state,
    "life_years_by_state": life_years_by_state,
    "outcomes": outcomes,
    "modelled_and_published": modelled_and_published,
    "fits": fits,
    "bindings": bindings,
    "ledger": ledger,
    "prior_therapy": prior_therapy,
    "managed_access": managed_access,
    "expert_validation": expert_validation,
    "inputs": inputs,
    "warnings": warnings,
}
"""Name of a table (of its CSV file, and in `BaseCaseResult.frame`) -> the function that makes it."""
