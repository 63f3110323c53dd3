"""PSA draws: drawn inputs and outcomes of a probabilistic analysis, as values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from netcea.analyses.psa.result import PsaResult
from netcea.arrays import Array
from netcea.reporting.xlsx.look import GENERAL
from netcea.reporting.xlsx.page import Block
from netcea.workbook.construction import Construction
from netcea.workbook.sheets.inputs import LABEL, write_inputs

FIRST: Final = 5
"""First row of draws."""
OUTCOMES: Final = {"costs": "costs (£)", "qalys": "QALYs", "life_years": "life years"}
DIGITS: Final = 7
"""Of drawn inputs; outcomes have all theirs."""
PRINTED: Final = 35
"""Draws on paper: nobody reads them all there."""
OF_COSTS, OF_OTHERS = "#,##0.00", "0.0000"
"""Formats of outcomes."""
COLUMNS_A_PAGE: Final = 14
MOST_POINTS: Final = 2000
"""Of the plane: more make a chart slow and no clearer."""


@dataclass(frozen=True)
class Draws:
    """The sheet.

    Attributes
    ----------
    result : PsaResult
    spans : mapping of ``<outcome>.<strategy>`` and of increments -> range of all draws
    plane : (range, range)
        Incremental QALYs and costs of the draws that a chart shows.
    shown : int
        How many these are.
    """

    result: PsaResult
    spans: Mapping[str, str]
    plane: tuple[str, str]
    shown: int


def write_psa_draws(construction: Construction) -> Draws | None:
    """Write the sheet, where there is an analysis."""
    result = construction.psa
    if result is None:
        return None
    page, n = construction.page("PSA draws"), result.totals.n
    columns = list(_columns(result, construction))
    drawn = sorted((result.parameters or {}).items())
    inputs = construction.written_by(write_inputs)
    labels = {a: str(inputs.page.value(row, LABEL)) for a, row in inputs.rows.items()}
    heads = ["Draw", *(words for _, words, _ in columns), *(labels.get(address, address) for address, _ in drawn)]
    page.open_with(
        "Draws and outcomes",
        "One row a draw, values from Python. Inputs in the units of the sheet Inputs, "
        f"{DIGITS} digits; estimated parameters in the model's units.",
    )
    page.heading(FIRST - 1, heads)
    values = [list(range(1, n + 1)), *(array.tolist() for *_, array in columns), *(_short(a) for _, a in drawn)]
    formats = [GENERAL, *(OF_COSTS if "costs" in key else OF_OTHERS for key, *_ in columns), *[GENERAL] * len(drawn)]
    page.block = Block(FIRST, list(zip(*values, strict=True)), "number", formats)
    page.widths(8, *[14.0] * (len(heads) - 1))
    page.frozen(f"B{FIRST}")
    page.landscape(
        repeat_rows=f"{FIRST - 1}:{FIRST - 1}",
        repeat_columns="A:A",
        columns_a_page=COLUMNS_A_PAGE,
        last_row=FIRST - 1 + min(n, PRINTED),
    )
    spans = {key: page.span(FIRST, FIRST + n - 1, at) for at, (key, _, _) in enumerate(columns, 2)}
    shown, keys = min(n, MOST_POINTS), [key for key, _, _ in columns]
    across, up = (page.span(FIRST, FIRST + shown - 1, keys.index(f"incremental_{m}") + 2) for m in ("qalys", "costs"))
    return Draws(result, spans, (across, up), shown)


def _columns(result: PsaResult, construction: Construction) -> Iterator[tuple[str, str, Array]]:
    """Yield key, heading and values of every outcome."""
    totals = result.totals
    for name in totals.strategies:
        for measure, words in OUTCOMES.items():
            label = construction.variants.base.label(name)
            yield f"{measure}.{name}", f"{label}: {words}", totals.of(measure, name)
    yield "incremental_qalys", "Incremental QALYs", totals.increment("qalys")
    yield "incremental_costs", "Incremental costs (£)", totals.increment("costs")
    yield "severity_weight", "Severity weight", totals.severity_weight


def _short(values: Array) -> list[float]:
    return [float(f"{v:.{DIGITS}g}") for v in values.ravel().tolist()]
