"""At least 95% of realistic faults are found by loading, `check` and `verify` together."""

from __future__ import annotations

import openpyxl
import pytest

from netcea.loading import load
from netcea.verification import independent
from netcea.workbook.export import live_workbook
from seeded_errors.benchmark import outcomes, table
from seeded_errors.faults_in_code import CODE, METHODS
from seeded_errors.faults_in_workbooks import WORKBOOKS, said, words_of
from seeded_errors.further_faults import FAULTS

LEAST = 0.95


@pytest.fixture(autouse=True)
def _without_libreoffice(monkeypatch):
    monkeypatch.setattr(independent.shutil, "which", lambda name: None)


def missed(found):
    return [f"{one.kind}: {one.fault}" for one in found if not one.found]


def test_there_are_enough_of_different_kinds():
    assert len(FAULTS) + len(CODE) + len(METHODS) + len(WORKBOOKS) >= 130
    names = [fault.name for fault in FAULTS]
    assert len(set(names)) == len(names)
    assert len({fault.kind for fault in FAULTS}) >= 6


def test_some_of_every_kind_are_found():
    assert missed(outcomes(FAULTS[4::16], code=False, both=False)) == []


@pytest.mark.slow
def test_nearly_all_are_found():
    found = list(outcomes(FAULTS, both=False))
    assert len(missed(found)) <= (1.0 - LEAST) * len(found), (missed(found), table(found))
    assert [one for one in missed(found) if one.startswith("code")] == []


@pytest.mark.slow
def test_faults_in_cells_of_a_workbook_are_found(tmp_path):
    workbook = live_workbook([load("pnet", ["settings.horizon_years=4"])])
    whole, path = tmp_path / "whole.xlsx", tmp_path / "fault.xlsx"
    workbook.save(whole)
    book = openpyxl.load_workbook(whole)
    found = {fault.name: words_of(fault, workbook, book, path) for fault in WORKBOOKS}
    assert [name for name, words in found.items() if not words] == []
    book.save(path)
    assert said(path) == "", "each fault was taken back"
