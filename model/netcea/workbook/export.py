"""The live workbook: the model a second time, in spreadsheet formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from netcea.reporting.reproducible_xlsx import EPOCH
from netcea.reporting.xlsx.book import Book
from netcea.scenario.scenario import Scenario
from netcea.storage.atomic import atomic_write_bytes
from netcea.workbook.construction import Construction
from netcea.workbook.looks import LOOKS
from netcea.workbook.registry import SHEETS
from netcea.workbook.row_heights import fitted
from netcea.workbook.sheets.checks import Checks, write_checks
from netcea.workbook.sheets.dispensing import Dispensing, write_dispensing
from netcea.workbook.sheets.inputs import Inputs, write_inputs
from netcea.workbook.sheets.price import write_price
from netcea.workbook.sheets.psa import write_psa
from netcea.workbook.sheets.results import Results, write_results
from netcea.workbook.sheets.states import write_traces
from netcea.workbook.sheets.trace import Trace
from netcea.workbook.variants import Variants, variants_of

if TYPE_CHECKING:
    from netcea.analyses.one_way.result import OneWayResult
    from netcea.analyses.psa.result import PsaResult


@dataclass(frozen=True)
class LiveWorkbook:
    """A finished workbook and where its parts are.

    Attributes
    ----------
    results : Results
        Its cells by name, with those of Price and PSA: ``costs.<strategy>``, ``price.0.weighted``, ``psa.evpi.0`` ...
    """

    book: Book
    variants: Variants
    inputs: Inputs
    traces: Mapping[str, Trace]
    dispensing: Dispensing
    results: Results
    checks: Checks

    def as_bytes(self) -> bytes:
        """Return the file."""
        book = Book(LOOKS, [fitted(page) for page in self.book.pages], self.book.names)
        base = self.variants.base
        return book.as_bytes(base.file.name, EPOCH, base.prices.marking)

    def save(self, path: Path) -> None:
        """Write the file at once or not at all."""
        atomic_write_bytes(path, self.as_bytes())


def live_workbook(
    scenarios: Sequence[Scenario],
    cycles: int | None = None,
    one_way: OneWayResult | None = None,
    psa: PsaResult | None = None,
) -> LiveWorkbook:
    """Return the model in formulas.

    Parameters
    ----------
    scenarios : sequence of Scenario
        The first is the base; the others can be selected where they fit its sheets.
    cycles : int, optional
        Rows of the traces; as many as the base has when left out.
    one_way, psa : results of the base scenario, optional
        Shown on sheets of their own.

    Raises
    ------
    NotInFormulasError
        The first scenario has something that cells cannot hold.
    """
    construction = Construction(variants_of(scenarios, cycles), SHEETS, one_way, psa)
    construction.write_all()
    inputs, drawn = construction.written_by(write_inputs), construction.written_by(write_psa)
    inputs.write_uses()
    results, price = construction.written_by(write_results), construction.written_by(write_price)
    cells = {**results.cells, **price.cells, **(drawn.cells if drawn is not None else {})}
    return LiveWorkbook(
        construction.book,
        construction.variants,
        inputs,
        construction.written_by(write_traces),
        construction.written_by(write_dispensing),
        replace(results, cells=cells),
        construction.written_by(write_checks),
    )
