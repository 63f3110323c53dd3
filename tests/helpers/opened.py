"""A workbook opened in LibreOffice, and everything that must be equal in it."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl

from helpers.equal import differences, expected_of, trace_differences
from netcea.workbook.reading.opened import open_workbook


def read_again(workbook):
    """Return the file of a workbook as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(workbook.as_bytes()))


def opened(office, workbook, folder, name="m.xlsx", *, tables=False):
    """Open a workbook in LibreOffice, by default without data tables: it works them out whenever it calculates."""
    path = folder / name
    pages = workbook.book.pages if tables else [replace(page, tables=[]) for page in workbook.book.pages]
    replace(workbook, book=replace(workbook.book, pages=pages)).save(path)
    office.open(path)
    return path


def all_equal(scenario, workbook, office, *, errors=True):
    """Say what differs between a scenario and the workbook as it is, with traces."""
    assert not errors or office.errors() == []
    assert differences(expected_of(workbook, scenario), workbook.results.cells, office.values) == []
    found, missing = trace_differences(scenario, workbook, office.range)
    assert found == []
    assert missing == []


def opened_again(book):
    """Return a workbook of openpyxl as `netcea import` reads it."""
    out = io.BytesIO()
    book.save(out)
    return open_workbook(out.getvalue(), "m.xlsx")
