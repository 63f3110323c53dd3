"""The live workbook: the model a second time, in spreadsheet formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from netcea.reporting.reproducible_xlsx import EPOCH
from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.page import Page
from netcea.scenario.scenario import Scenario
from netcea.storage.atomic import atomic_write_bytes
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.calculation.syntax import FormulaSyntaxError
from netcea.workbook.construction import Construction
from netcea.workbook.looks import LOOKS
from netcea.workbook.registry import SHEETS
from netcea.workbook.row_heights import fitted
from netcea.workbook.sheets.allowed_values import solved_while, write_allowed_values
from netcea.workbook.sheets.checks import Checks, cells_of_results, write_checks
from netcea.workbook.sheets.dispensing import Dispensing, write_dispensing
from netcea.workbook.sheets.inputs import Inputs, write_inputs
from netcea.workbook.sheets.one_way_live import OneWayLive, write_one_way_live
from netcea.workbook.sheets.price import write_price
from netcea.workbook.sheets.psa import write_psa
from netcea.workbook.sheets.psa_live import PsaLive, write_psa_live
from netcea.workbook.sheets.results import Results, write_results
from netcea.workbook.sheets.scenario_columns import Layout
from netcea.workbook.sheets.scenario_results import write_scenario_results
from netcea.workbook.sheets.states import write_traces
from netcea.workbook.sheets.trace import Trace
from netcea.workbook.variants import Variants, variants_of

if TYPE_CHECKING:
    from netcea.analyses.base_case.result import LedgerEntry
    from netcea.analyses.one_way.result import OneWayResult
    from netcea.analyses.psa.result import PsaResult


LONGEST_FOOTER: Final = 80
"""Letters of a scenario's name at the foot of a page."""


@dataclass(frozen=True)
class LiveWorkbook:
    """A finished workbook and where its parts are.

    Attributes
    ----------
    results : Results
        Its cells by name, with those of Price, PSA, PSA live and Budget impact: ``costs.<strategy>``,
        ``price.0.weighted``, ``psa.evpi.0``, ``live.icer``, ``budget_costs_with.1`` ...
    live : PsaLive
    one_way : OneWayLive
    """

    book: Book
    variants: Variants
    inputs: Inputs
    traces: Mapping[str, Trace]
    dispensing: Dispensing
    results: Results
    scenario_results: Layout
    checks: Checks
    live: PsaLive
    one_way: OneWayLive

    def as_bytes(self) -> bytes:
        """Return the file, with what every formula comes to.

        Should a formula have what `netcea.workbook.calculation` does not know, the file holds formulas alone: a
        spreadsheet program works them out when it opens it, as it does with any other.
        """
        base = self.variants.base
        pages = [_with_footer(fitted(page), base.file.name) for page in self.book.pages]
        book = Book(LOOKS, pages, self.book.names)
        try:
            results = calculated(self.book).of_sheet
        except FormulaSyntaxError:
            results = None
        return book.as_bytes(base.file.name, EPOCH, base.prices.marking, results)

    def save(self, path: Path) -> None:
        """Write the file at once or not at all."""
        atomic_write_bytes(path, self.as_bytes())


def _with_footer(page: Page, name: str) -> Page:
    """Return a sheet whose printed pages say of which scenario, sheet and page they are."""
    if any(page.print_setup.footer):
        return page
    left = name[:LONGEST_FOOTER].replace("&", "&&")
    return replace(page, print_setup=replace(page.print_setup, footer=(left, "&A, page &P of &N")))


def live_workbook(
    scenarios: Sequence[Scenario],
    cycles: int | None = None,
    one_way: OneWayResult | None = None,
    psa: PsaResult | None = None,
    ledger: Sequence[LedgerEntry] = (),
    date: str = "",
    live_draws: int = 0,
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
    ledger : sequence of LedgerEntry, optional
        What the scenarios of the bias ledger do to the base scenario's result.
    date : str, optional
        Of the export, for the reader.
    live_draws : int
        Rows of the probabilistic run that the workbook works out itself; a data table, for which Excel is quick and
        LibreOffice slow.

    Raises
    ------
    NotInFormulasError
        The first scenario has something that cells cannot hold.
    """
    construction = Construction(variants_of(scenarios, cycles), SHEETS, one_way, psa, ledger, date, live_draws)
    construction.write_all()
    inputs, drawn = construction.written_by(write_inputs), construction.written_by(write_psa)
    write_allowed_values(construction)
    inputs.write_uses(solved_while(inputs))
    results, price = construction.written_by(write_results), construction.written_by(write_price)
    run = construction.written_by(write_psa_live)
    cells = {**cells_of_results(construction), **price.cells, **(drawn.cells if drawn is not None else {}), **run.cells}
    return LiveWorkbook(
        construction.book,
        construction.variants,
        inputs,
        construction.written_by(write_traces),
        construction.written_by(write_dispensing),
        replace(results, cells=cells),
        construction.written_by(write_scenario_results),
        construction.written_by(write_checks),
        run,
        construction.written_by(write_one_way_live),
    )
