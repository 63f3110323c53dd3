"""Formulas that are worked out without a spreadsheet program: grammar, functions, order, errors.

Expected values are those of Excel's and LibreOffice's documentation and of closed forms, not of this code.
"""

from __future__ import annotations

import math

import pytest

from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.cells import Cells
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.calculation.operands import CellError
from netcea.workbook.calculation.syntax import FormulaSyntaxError, parse
from netcea.workbook.looks import LOOKS


def worked_out(formula, cells=(), names=()):
    book = Book(LOOKS)
    page = book.page("Sheet")
    for (row, column), value in dict(cells).items():
        if isinstance(value, str) and value.startswith("="):
            page.formula(row, column, value[1:])
        else:
            page.put(row, column, value)
    for name, reference in dict(names).items():
        book.name(name, reference)
    page.formula(50, 1, formula)
    return calculated(book).value("Sheet", 50, 1)


NUMBERS = {(1, 1): 3.0, (2, 1): 1.0, (3, 1): 2.0, (4, 1): None, (5, 1): "text", (6, 1): "=A1+A2"}
RISING = {(row, 1): float(row * 10) for row in range(1, 6)} | {(row, 2): float(row) for row in range(1, 6)}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("1+2*3^2", 19.0),
        ("-2^2", 4.0),  # a sign binds more than a power
        ("2-3-4", -5.0),
        ("2^3^2", 64.0),  # from the left
        ("50%+1", 1.5),
        ("1e-06*1E6+1.5e1", 16.0),
        ('1&2&"x"', "12x"),
        ("(1<2)=(3<>4)", True),
        ('"a"="A"', True),  # case does not count
        ('1="1"', False),
        ('"a">2', True),  # text is more than any number
        ("IF(1>2,1/0,7)", 7.0),  # what is not wanted is not worked out
        ("IF(1>2,7)", False),
        ("IFERROR(1/0,5)", 5.0),
        ("ISERROR(LN(0))", True),
        ("CHOOSE(2,1/0,8,9)", 8.0),
        ("AND(TRUE,1,2>1)", True),
        ("OR(FALSE,0)", False),
        ("ROUND(2.5,0)", 3.0),
        ("ROUND(-2.5,0)", -3.0),
        ("ROUND(1.005,2)", 1.01),
        ("ROUNDUP(2.1,0)", 3.0),
        ("INT(-1.5)", -2.0),
        ("MOD(-1,3)", 2.0),
        ("SUM(1,2,3)", 6.0),
        ('LEFT("Inputs",3)', "Inp"),
        ('MID("Inputs",3,2)', "pu"),
        ('MID("Inputs",7,2)', ""),
        ('MID(0.5&"",2,1)', "."),
        ('SUBSTITUTE("1,2,3",",","|")', "1|2|3"),
        ('REPT("ab",2)', "abab"),
        ('TRIM("  two  words ")', "two words"),
        ('VALUE("-1.5E-3")', -0.0015),
        ('LEN("four")', 4.0),
        ("NORMSDIST(0)", 0.5),
        ("NORMSINV(0.975)", 1.959963984540054),
        ("GAMMADIST(1,1,1,TRUE)", 1 - math.exp(-1)),
        ("GAMMADIST(3,2,2,FALSE)", 0.75 * math.exp(-1.5)),
        ("GAMMADIST(0,1,4,FALSE)", 0.25),
        ("GAMMADIST(3,2,4,FALSE)", 3 * math.exp(-3 / 4) / 16),
        ("GAMMAINV(0.5,1,2)", 2 * math.log(2)),
        ("BETAINV(0.25,1,1)", 0.25),
        ("EXP(GAMMALN(5))", 24.0),
        ("SQRT(16)+ABS(-1)+PI()", 5 + math.pi),
        ("RAND()", 0.5),
    ],
)
def test_values_without_cells(formula, expected):
    found = worked_out(formula)
    assert found == (pytest.approx(expected, rel=1e-14) if isinstance(expected, float) else expected)
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("SUM(A1:A6)", 10.0),  # 3 + 1 + 2 + 4: text and nothing do not count
        ("COUNT(A1:A6)", 4.0),
        ("MAX(A1:A6)-MIN(A1:A6)", 3.0),
        ("A4+1", 1.0),  # nothing is 0
        ('A4=""', True),
        ("A4=0", True),
        ("A4>0", False),
        ("A4<1", True),
        ("A4=FALSE", True),
        ("A4=A7", True),
        ('A4&"x"', "x"),
        ("SMALL(A1:A3,2)", 2.0),
        ("INDEX(A1:A3,2)", 1.0),
        ("INDEX(A1:B3,3,1)", 2.0),
        ("MATCH(2,A1:A3,0)", 3.0),
        ('MATCH("TEXT",A1:A6,0)', 5.0),
        ("ISNUMBER(A5)", False),
        ("ISTEXT(A5)", True),
        ("SUMPRODUCT((A1:A3>1)*A1:A3)", 5.0),
        ('COUNTIF(A1:A3,">1")', 2.0),
        ('COUNTIF(A1:A6,"text")', 1.0),
        ('EXACT("Text",A5)', False),
        ('SUMPRODUCT(EXACT("text",A1:A6)*1)', 1.0),
        ("SUMPRODUCT(COLUMN(B1:D1)*1)", 9.0),
        ("SUMPRODUCT(ROW($1:$4)*1)", 10.0),
        ("ROW(A3)+ROW()", 53.0),
        ("Sheet!$A$1*'Sheet'!A2", 3.0),
    ],
)
def test_values_of_cells(formula, expected):
    found = worked_out(formula, NUMBERS)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("MATCH(10,A1:A5,1)", 1.0),
        ("MATCH(29.9,A1:A5,1)", 2.0),
        ("MATCH(1E9,A1:A5)", 5.0),
        ('SUMIF(A1:A5,">=40",B1:B5)', 9.0),
        ("SUMIF(A1:A5,30,B1:B5)", 3.0),
        ("SUMPRODUCT(A1:A2,B1:B2)", 50.0),
        ("AVERAGE(A1:A5)", 30.0),
        ("PERCENTILE(A1:A5,0.1)", 14.0),
        ("STDEV(B1:B5)", 2.5**0.5),
        ("ROWS(A1:B5)", 5.0),
        ("SUMPRODUCT((A1:A5>20)*(B1:B5))/ROWS(A1:A5)", 2.4),
    ],
)
def test_values_of_rising_cells(formula, expected):
    assert worked_out(formula, RISING) == expected


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("1/0", "#DIV/0!"),
        ("LN(0)", "#NUM!"),
        ("EXP(1000)", "#NUM!"),
        ("(-8)^(1/3)", "#NUM!"),
        ("0^0", "#NUM!"),
        ('"a"+1', "#VALUE!"),
        ('VALUE("1.5x")', "#VALUE!"),
        ('VALUE("")', "#VALUE!"),
        ('MID("a",0,1)', "#VALUE!"),
        ("MATCH(5,A1:A5,1)", "#N/A"),
        ('MATCH("no",A1:A5,0)', "#N/A"),
        ("INDEX(A1:A5,6)", "#REF!"),
        ("NA()", "#N/A"),
        ("nobody.knows", "#NAME?"),
        ("SUM(C1:C2)", "#DIV/0!"),  # an error in a range
    ],
)
def test_errors(formula, code):
    found = worked_out(formula, RISING | {(1, 3): "=1/0"})
    assert isinstance(found, CellError)
    assert found.code == code


def test_an_unknown_function_is_no_error_value():
    with pytest.raises(FormulaSyntaxError, match="UNHEARD"):
        worked_out("1+UNHEARD(1)")


def test_names():
    assert worked_out("a.price*2", NUMBERS, {"a.price": "Sheet!$A$1"}) == 6.0


@pytest.mark.parametrize("text", ["1+", "(1", "IF(1,2", "1 2", "#REF!+1", "{1}", "1+*2", ")"])
def test_what_is_no_formula(text):
    with pytest.raises(FormulaSyntaxError):
        parse(text)


class TestColumns:
    """A formula of many rows gives what it gives row by row."""

    def made(self, *columns, rows=30):
        book = Book(LOOKS)
        page = book.page("Grid")
        for row in range(1, rows + 1):
            page.put(row, 1, float(row % 7))
        for number, (start, text) in enumerate(columns, 2):
            page.put(1, number, start)
            page.fill(2, rows, number, text)
        return book

    def one_by_one(self, book):
        """The same workbook with a formula in each cell."""
        apart = Book(LOOKS)
        page = apart.page("Grid")
        page.cells = Cells(book.pages[0].cells)
        return calculated(apart)

    @pytest.mark.parametrize(
        "columns",
        [
            [(0.0, "$A§*2+$A¤")],
            [(1.0, "IF($A§=0,0,1/$A§)")],  # an error in rows that are not wanted
            [(1.0, "IFERROR(LN($A§),-1)")],
            [(1.0, "CHOOSE($A§+1,1,2,3,4,5,6,LN($A§))")],
            [(1.0, "IF($A§<=0,0,IF(LN($A§)<1,1,LN(LN($A§))))")],  # a comparison that is an error in rows of the other
            [(1.0, "IFERROR(IF(AND(LN($A§)>0,NOT(LN($A§)>1)),1,0),9)")],
            [(1.0, "$A§>3")],
            [(0.0, "$B¤+$A§")],  # needs itself
            [(1.0, "$C¤*0.9+$A§"), (2.0, "$B§+1")],  # two that need each other
            [(1.0, "SUMIF($A$1:$A$30,$A§,$A$1:$A$30)")],
            [(1.0, "INDEX($A$1:$A$30,$A§+1)+MATCH($A§,$A$1:$A$7,0)")],
            [(1.0, 'IF($A§>3,"high","low")')],
            [(1.0, "MIN($A§,3)+MAX($A§,$A¤,1)+INT($A§/2)+AND($A§>1,$A¤>1)*1")],
            [(1.0, "SUM($A$1:$A§)")],  # a range that grows
            [(1.0, "LN($A§)"), (1.0, "IF(ISERROR($B§),1,2)")],
        ],
    )
    def test_as_row_by_row(self, columns):
        book = self.made(*columns)
        together, apart = calculated(book), self.one_by_one(book)
        for row in range(1, 31):
            for column in range(1, 2 + len(columns)):
                found, expected = together.value("Grid", row, column), apart.value("Grid", row, column)
                if isinstance(expected, CellError):
                    assert isinstance(found, CellError)
                else:
                    assert found == (pytest.approx(expected, rel=1e-15) if isinstance(expected, float) else expected)
