"""Tests by a second model: the slow one, written from the equations, and the live workbook's formulas."""

from __future__ import annotations

import math
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from netcea.engine.outcomes import MEASURES, Outcomes
from netcea.engine.simulate import simulate
from netcea.errors import InputError
from netcea.plain_number import read
from netcea.scenario.scenario import Scenario
from netcea.verification.perturbed import Perturbed, near, parts
from netcea.verification.sampled import sample
from netcea.verification.slow_model.curves import SurvivalTables
from netcea.verification.slow_model.model import slow_model
from netcea.verification.verdict import Found, black_box, holds, not_applicable

SAMPLED: Final = 5
"""Rows of the probabilistic sample that the slow model works out as well."""
CLOSE: Final = 1e-9
"""Share of a result by which two models may differ: they add up in another order."""
PATIENCE: Final = 300
"""Seconds after which a spreadsheet program is given up."""


@black_box("X4", "A slow model, written from the equations alone, gives the same")
def slow_model_agrees(here: Perturbed) -> Found:
    """Work the base case and a few sampled rows out by plain loops."""
    tables = _tables(here.scenario)
    found = [("the base case", here.base)]
    found += [
        (f"row {i + 1} of the sample", here.once(sample).draws.rows(i, i + 1)) for i in range(min(SAMPLED, here.draws))
    ]
    faults, worst, compared = [], 0.0, 0
    for words, row in found:
        numbers = {address: float(column[0, 0]) for address, column in row.columns.items()}
        try:
            slow = slow_model(here.scenario, numbers, tables)
        except (ArithmeticError, ValueError) as error:
            return holds([f"{words} is beyond what the slow model can work out: {error}"], "")
        for what, x, y in _pairs(simulate(here.scenario, row), slow):
            compared += 1
            worst = max(worst, abs(x - y) / max(abs(x), abs(y), 1e-6))
            if not near(x, y, CLOSE):
                faults.append(f"{what} in {words}: {read(x, 10)}, {read(y, 10)} by the slow model")
    words = (
        f"{compared:,} amounts of the base case and {len(found) - 1} sampled rows differ by {read(worst, 1)} at most"
    )
    return holds(faults, words, {"compared": float(compared), "largest difference": worst})


def _pairs(outcomes: Outcomes, slow: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, float, float]]:
    for name, found in outcomes.strategies.items():
        for measure in MEASURES:
            mine, theirs = parts(found, measure), slow[name][measure]
            for key in sorted({*mine, *theirs}):
                yield f"{measure} of {name}, {' '.join(key)}", mine.get(key, 0.0), theirs.get(key, 0.0)


def _tables(scenario: Scenario) -> SurvivalTables:
    """Return the survival tables that curves name, by their addresses."""
    found = {}
    for address, model in scenario.curves.items():
        _, name, endpoint = address.split(".")
        strategy: Any = scenario.file.strategies[name]
        block = strategy.time_on_treatment.curve if endpoint == "time_on_treatment" else getattr(strategy, endpoint)
        table, family = getattr(block, "table", None), model.distribution
        if table is not None and family is not None:
            times, survival = (values.tolist() for values in list(family.tables.values())[:2])
            found[table] = list(zip(times, survival, strict=True))
    return found


@black_box("X5", "The formulas of the live workbook give the same")
def workbook_agrees(here: Perturbed) -> Found:
    """Write the workbook, work its formulas out, and look at its own comparison with this program."""
    from netcea.workbook.calculation.calculate import calculated
    from netcea.workbook.export import live_workbook
    from netcea.workbook.formulas.formula import NotInFormulasError

    try:
        workbook = live_workbook([here.scenario])
    except (InputError, NotInFormulasError) as error:
        return not_applicable(f"The scenario has no form in formulas: {' '.join(str(error).split())}")
    values = calculated(workbook.book)

    def worked_out(sheet: str, place: str) -> object:
        return values.value(sheet, *_coordinates(place))

    faults, compared = (
        _unlike(here, workbook, worked_out, "the workbook"),
        len(here.scenario.strategies) * len(MEASURES),
    )
    program = ""
    if not faults and shutil.which("soffice"):
        faults, program = _in_libreoffice(here, workbook)
    return holds(faults, f"{compared} totals by the workbook's formulas{program}", {"compared": float(compared)})


def _unlike(here: Perturbed, workbook: Any, shown: Callable[[str, str], object], where: str) -> list[str]:
    """Return the totals that a workbook shows otherwise; `shown` takes the title of a sheet and a cell."""
    faults = []
    for name in here.scenario.strategies:
        for measure in MEASURES:
            sheet, _, place = workbook.results.cells[f"{measure}.{name}"].rpartition("!")
            found = shown(sheet.strip("'"), place.replace("$", ""))
            stated = sum(parts(here.outcomes.strategies[name], measure).values())
            if not isinstance(found, int | float) or not math.isclose(found, stated, rel_tol=CLOSE, abs_tol=1e-9):
                faults.append(f"{measure.replace('_', ' ')} of {name}: {read(stated, 10)}, {found} in {where}")
    return faults


def _coordinates(cell: str) -> tuple[int, int]:
    from openpyxl.utils.cell import coordinate_to_tuple

    row, column = coordinate_to_tuple(cell.replace("$", ""))
    return row, column


def _in_libreoffice(here: Perturbed, workbook: Any) -> tuple[list[str], str]:
    """Return what differs after a recalculation in LibreOffice, and words for what was done."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.xlsx"
        workbook.save(path)
        try:
            again = recalculated(path, Path(folder))
        except (subprocess.SubprocessError, OSError):
            return [], "; LibreOffice is there and could not be run"
        import openpyxl

        book = openpyxl.load_workbook(again, data_only=True, read_only=True)
        faults = _unlike(here, workbook, lambda sheet, place: book[sheet][place].value, "LibreOffice")
        book.close()
        return faults, ", by netcea's own evaluation of them and after a recalculation in LibreOffice"


def recalculated(path: Path, folder: Path) -> Path:
    """Have LibreOffice work out all formulas of a file, and return the file that it wrote.

    Parameters
    ----------
    path : Path
        A workbook.
    folder : Path
        To write into.

    Raises
    ------
    SubprocessError, OSError
        LibreOffice cannot be run.
    """
    home = folder / "home"
    (home / "user").mkdir(parents=True)
    (home / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    command = ["soffice", f"-env:UserInstallation={home.as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    return folder / "out" / path.name


ALWAYS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""
"""Settings of LibreOffice: work all formulas out on opening, whatever values the file holds."""
