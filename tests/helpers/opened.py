"""A workbook opened in LibreOffice, and everything that must be equal in it."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl

from helpers.equal import differences, expected, trace_differences
from netcea import load
from netcea.workbook.export import live_workbook
from netcea.workbook.reading.opened import open_workbook

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


def read_again(workbook):
    """Return the file of a workbook as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(workbook.as_bytes()))


def opened(office, workbook, folder, name="m.xlsx"):
    path = folder / name
    workbook.save(path)
    office.open(path)
    return path


def all_equal(scenario, workbook, office, *, errors=True):
    """Say what differs between a scenario and the workbook as it is, with traces."""
    assert not errors or office.errors() == []
    assert differences(expected(scenario), workbook.results.cells, office.values) == []
    found, missing = trace_differences(scenario, workbook, office.range)
    assert found == []
    assert missing == []


def every_scenario_is_equal(base, office, tmp_path):
    """Move the selector of a base case through all its scenarios: results and every column of every trace."""
    paths = sorted(
        p for folder in ("sensitivity", "probabilistic") for p in (SCENARIOS / folder).glob(f"{base}_*.yaml")
    )
    workbook = live_workbook([load(base), *(load(str(path)) for path in paths)])
    assert len(workbook.variants.scenarios) + len(workbook.variants.refused) == 1 + len(paths)
    for name, reason in workbook.variants.refused:
        assert any(words in reason for words in ("strategies", "cycles", "discount rates")), (name, reason)
    opened(office, workbook, tmp_path)
    for title, scenario in zip(workbook.variants.titles, workbook.variants.scenarios, strict=True):
        office.change({"Scenarios!B3": title})
        all_equal(scenario, workbook, office, errors=False)  # Checks counts them
        assert office.value(workbook.checks.verdict).startswith("All checks passed"), scenario.file.name
    assert office.errors() == []


def opened_again(book):
    """Return a workbook of openpyxl as `netcea import` reads it."""
    out = io.BytesIO()
    book.save(out)
    return open_workbook(out.getvalue(), "m.xlsx")
