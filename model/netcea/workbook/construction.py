"""A workbook under construction: a sheet is written when another first asks for it, or when its turn comes."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from netcea.execution.progress import steps
from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.page import Page
from netcea.workbook.looks import LOOKS
from netcea.workbook.variants import Variants

if TYPE_CHECKING:
    from netcea.analyses.base_case.result import LedgerEntry
    from netcea.analyses.one_way.result import OneWayResult
    from netcea.analyses.psa.result import PsaResult

Written = TypeVar("Written")


@dataclass(frozen=True)
class Sheet:
    """A kind of sheet.

    Attributes
    ----------
    write : function of the construction
        Writes it, and returns what others may ask of it: cells by name, mostly.
    about : str
        What is on it, for the list on the cover.
    colour : str
        Of its tab.
    results_only : bool
        Nothing of the model reads it: it is not compared when a workbook is read back.
    """

    write: Callable[[Construction], object]
    about: str
    colour: str
    results_only: bool = False


@dataclass
class Construction:
    """Sheets of one workbook.

    A sheet's function asks `written_by` for what it needs of others; so each is written before the first that needs
    it, whatever their order in the workbook.

    Attributes
    ----------
    variants : Variants
    sheets : mapping of name -> Sheet
        In the order of the workbook.
    one_way, psa : results of the base scenario, or None
    ledger : sequence of LedgerEntry
        Of the base scenario; empty where it was not worked out.
    date : str
        Of the export; '' where nobody says it.
    live_draws : int
        Rows of the live probabilistic run; 0 for none.
    book : Book
    """

    variants: Variants
    sheets: Mapping[str, Sheet]
    one_way: OneWayResult | None = None
    psa: PsaResult | None = None
    ledger: Sequence[LedgerEntry] = ()
    date: str = ""
    live_draws: int = 0
    book: Book = field(default_factory=lambda: Book(LOOKS))
    _pages: dict[str, list[Page]] = field(default_factory=dict)
    _returned: dict[Callable[..., object], Any] = field(default_factory=dict)
    _begun: list[Callable[..., object]] = field(default_factory=list)

    def written_by(self, write: Callable[[Construction], Written]) -> Written:
        """Return what a sheet's function returns; it is called when somebody first asks.

        Raises
        ------
        RuntimeError
            Sheets that ask for each other.
        """
        if write not in self._returned:
            if write in self._begun:
                circle = [*self._begun[self._begun.index(write) :], write]
                msg = f"sheets that ask for each other: {' -> '.join(f.__name__ for f in circle)}"
                raise RuntimeError(msg)
            self._begun.append(write)
            self._returned[write] = write(self)
            self._begun.remove(write)
        return cast("Written", self._returned[write])

    def page(self, sheet: str, name: str = "") -> Page:
        """Add a page: of a kind of sheet, under its name or one of its own."""
        page = self.book.page(name or sheet, self.sheets[sheet].colour)
        self._pages.setdefault(sheet, []).append(page)
        self.book.pages = [page for _, page in self.pages()]
        return page

    def pages(self) -> Iterator[tuple[Sheet, Page]]:
        """Yield the pages that there are so far, in the order of the workbook."""
        for name, sheet in self.sheets.items():
            yield from ((sheet, page) for page in self._pages.get(name, ()))

    def write_all(self, but: Container[str] = ()) -> None:
        """Write every sheet that is not written yet."""
        for name, sheet in steps(self.sheets.items(), "writing the sheets"):
            if name not in but:
                self.written_by(sheet.write)
