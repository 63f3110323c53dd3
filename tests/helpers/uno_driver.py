"""Runs under the Python that LibreOffice knows: one LibreOffice, asked by lines of JSON.

Each line on standard input is {"do": ..., ...}; each answer is one line on standard output.
"""

import contextlib
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ERRORS = 4
"""com.sun.star.sheet.FormulaResult.ERROR"""
CONTENTS = 1 | 2 | 4 | 16
"""com.sun.star.sheet.CellFlags: numbers, dates, text, formulas; not what cells look like."""


MANY = 20
"""Cells of one sheet that are read at once."""


def started(program, home):
    import uno

    pipe = f"netcea{time.time_ns()}"
    office = subprocess.Popen(
        [
            program,
            f"-env:UserInstallation={Path(home).as_uri()}",
            "--headless",
            "--norestore",
            "--nologo",
            f"--accept=pipe,name={pipe};urp;",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(3000):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return office, context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except Exception:  # noqa: BLE001 # what UNO raises is none of Python's exceptions
            time.sleep(0.1)
    raise SystemExit("LibreOffice does not answer")


def options(**values):
    from com.sun.star.beans import PropertyValue

    found = []
    for name, value in values.items():
        option = PropertyValue()
        option.Name, option.Value = name, value
        found.append(option)
    return tuple(found)


def cell(document, reference):
    sheet, _, where = reference.rpartition("!")
    return document.Sheets.getByName(sheet.strip("'")).getCellRangeByName(where.replace("$", ""))


def content(found):
    if found.getError():
        return f"#{found.getError()}"
    kind = found.FormulaResultType2 if found.Type.value == "FORMULA" else None
    if found.Type.value == "TEXT" or kind == 2:
        return found.String
    return None if found.Type.value == "EMPTY" else found.Value


def values(document, references):
    """Return what cells hold; many of one sheet are read at once, where an error is None."""
    sheets = {reference.rpartition("!")[0] for reference in references}
    if len(references) < MANY or len(sheets) > 1:
        return [content(cell(document, reference)) for reference in references]
    places = [place(reference) for reference in references]
    sheet = document.Sheets.getByName(sheets.pop().strip("'"))
    rows = sheet.getCellRangeByPosition(0, 0, max(p[1] for p in places), max(p[0] for p in places)).getDataArray()
    return [None if rows[row][column] == "" else rows[row][column] for row, column in places]


def place(reference):
    """Return row and column of a cell, from 0."""
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", reference.rpartition("!")[2].replace("$", "")).groups()
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(digits) - 1, column - 1


def insert_sheet(document, name, at):
    document.Sheets.insertNewByName(name, at)


def move_sheet(document, name, at):
    document.Sheets.moveByName(name, at)


def hide_sheet(document, name):
    document.Sheets.getByName(name).IsVisible = False


def protect_sheet(document, name):
    document.Sheets.getByName(name).protect("")


def rename_sheet(document, name, new):
    document.Sheets.getByName(name).Name = new


def insert_row(document, name, row):
    document.Sheets.getByName(name).Rows.insertByIndex(row - 1, 1)


def annotate(document, reference, text):
    place = cell(document, reference)
    place.Spreadsheet.Annotations.insertNew(place.CellAddress, text)


def paint(document, reference, colour):
    cell(document, reference).CellBackColor = colour


WORK = {
    f.__name__: f for f in (insert_sheet, move_sheet, hide_sheet, protect_sheet, rename_sheet, insert_row, annotate)
}
WORK["paint"] = paint


def answer(document, asked):
    do = asked["do"]
    if do == "work":
        WORK[asked["what"]](document, *asked["arguments"])
        document.calculate()
        return None
    if do == "change":
        document.lockControllers()
        for reference, value in asked["cells"].items():
            place = cell(document, reference)
            if isinstance(value, str) and value.startswith("="):
                place.Formula = value
            elif isinstance(value, str):
                place.String = value
            elif value is None:
                place.clearContents(CONTENTS)
            else:
                place.Value = value
        document.calculate()
        document.unlockControllers()
        return None
    if do == "values":
        return values(document, asked["cells"])
    if do == "range":
        return [list(row) for row in cell(document, asked["cells"]).getDataArray()]
    if do == "errors":
        found = []
        for sheet in document.Sheets:
            ranges = sheet.queryFormulaCells(ERRORS)
            if ranges.Count:
                found.append(ranges.RangeAddressesAsString)
        return found
    if do == "save":
        document.storeToURL(Path(asked["path"]).as_uri(), options(FilterName="Calc MS Excel 2007 XML"))
        return None
    if do == "recalculate":
        document.calculateAll()
        return None
    raise SystemExit(f"cannot {do}")


def main():
    with tempfile.TemporaryDirectory() as home:
        office, desktop = started(sys.argv[1], home)
        document = None
        try:
            for line in sys.stdin:
                asked = json.loads(line)
                if asked["do"] == "open":
                    if document is not None:
                        document.close(True)
                    document = desktop.loadComponentFromURL(
                        Path(asked["path"]).as_uri(), "_blank", 0, options(Hidden=True)
                    )
                    document.calculateAll()  # whatever values the file holds
                    found = None
                else:
                    found = answer(document, asked)
                print(json.dumps(found), flush=True)
        finally:
            if document is not None:
                document.close(True)
            with contextlib.suppress(Exception):
                desktop.terminate()
            office.wait(30)


if __name__ == "__main__":
    main()
