"""Excel's own rules, of every formula, name, rule and text of the file: what it takes, and what it calculates otherwise."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from helpers.excel_rules import MOST_LETTERS, VOLATILE, compared_exactly, has_range, intersections, too_much
from helpers.workbook_values import exported
from netcea import load
from netcea.analyses.registry import ANALYSES
from netcea.loading.option_values import options_with
from netcea.workbook.calculation.calculate import Calculation
from netcea.workbook.calculation.graph import functions, references
from netcea.workbook.calculation.syntax import Name, parse
from netcea.workbook.export import live_workbook

MEGABYTE = 10**6
FEW = ["settings.horizon_years=3"]
NAME = re.compile(r"[A-Za-z_\\][\w.\\]*")
LIKE_A_CELL = re.compile(r"(?:[A-Z]{1,3}\d{1,7}|[rR]\d*[cC]\d*|[rRcC])")
FORMULA = re.compile(rb"<(?:x14:)?(formula[12]?|xm:f)>([^<]*)<")


@pytest.fixture(scope="module")
def short():
    """A base case of few cycles with everything that is exported with it, and names that are long."""
    long = " and so on" * 25
    scenario = load(
        "pnet",
        [
            *FEW,
            f"strategies.cabozantinib.label=Cabozantinib{long[:100]}",
            f"strategies.best_supportive_care.label=Placebo{long[:100]}",
        ],
    )
    options = options_with(scenario.file.analyses.psa, draws=50, keep_draws="no", bcea=True, explain=False)
    psa = ANALYSES["psa"].run(scenario, options)
    one_way = ANALYSES["one_way"].run(scenario, scenario.file.analyses.one_way)
    return live_workbook([scenario, load("pnet_discount_0", FEW)], one_way=one_way, psa=psa)


@pytest.fixture(scope="module")
def three():
    """Three strategies, of which the order and dominance are found."""
    return live_workbook([load("pnet_comparators", FEW)])


@pytest.fixture(scope="module")
def pnet():
    return exported("pnet")


@pytest.fixture(scope="module", params=["short", "three", "pnet"])
def workbook(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def trees(workbook):
    """Every formula once: title of its sheet, its tree."""
    return [(formula.title, formula.tree) for formula in Calculation(workbook.book).formulas]


def texts(workbook):
    return [
        (page.name, cell.value[1:]) for page in workbook.book.pages for cell in page.cells.values() if cell.kind == "f"
    ]


def test_no_formula_is_longer_deeper_or_wider_than_excel_takes(workbook, trees):
    assert {(title, *wrong) for title, tree in trees if (wrong := too_much(tree))} == set()
    assert max(len(text) + 1 for _, text in texts(workbook)) <= MOST_LETTERS


def test_no_formula_needs_implicit_intersection(trees):
    """Excel would show it with @, and take one cell where LibreOffice takes all."""
    assert [(title, wrong) for title, tree in trees if (wrong := intersections(tree))] == []


def test_names_in_formulas_are_of_single_cells(workbook, trees):
    """So that none of them needs an intersection either."""
    names = Calculation(workbook.book).names
    used = {item.name for _, tree in trees for item in references(tree) if isinstance(item, Name)}
    assert len(used) > 50
    assert [name for name in used if name not in names or has_range(names[name])] == []


def test_no_computed_numbers_are_compared_for_equality(workbook, trees):
    """Excel compares 15 digits, LibreOffice nearly so, Python all."""
    whole = {
        (page.name, *place)
        for page in workbook.book.pages
        for place, cell in page.cells.items()
        if cell.kind == "s"
        or (cell.kind == "f" and '&"' in cell.value)  # text that is put together
        or (isinstance(cell.value, int | float) and cell.value == int(cell.value))
    }
    assert [(title, wrong) for title, tree in trees if (wrong := compared_exactly(tree, whole))] == []


def test_nothing_is_volatile(trees):
    """`RAND` and the like have Excel work out everything that follows at every edit."""
    assert {title for title, tree in trees if functions(tree) & VOLATILE} == set()


def test_rules_of_cells_colours_and_names(workbook):
    """Rules and drop-downs take 255 letters of a formula and a message, 32 of a title; sheets 31 of a name."""
    for page in workbook.book.pages:
        assert len(page.name) <= 31
        assert not set(page.name) & set("[]:*?/\\")
        for rule in page.rules:
            assert max(map(len, (rule.first, rule.last, rule.message))) <= 255, rule
            assert len(rule.title) <= 32, rule
        for cell in page.cells.values():
            assert not (isinstance(cell.value, str) and cell.kind != "f" and len(cell.value) > 32_767)
    for name in workbook.book.names:
        assert len(name) <= 255
        assert NAME.fullmatch(name), name
        assert not LIKE_A_CELL.fullmatch(name), name
    assert len({name.lower() for name in workbook.book.names}) == len(workbook.book.names)


def test_formulas_beside_cells(short):
    """Of drop-downs, rules and colours, as the file has them."""
    with zipfile.ZipFile(io.BytesIO(short.as_bytes())) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    found = [text.decode() for sheet in sheets for _, text in FORMULA.findall(sheet)]
    assert len(found) > 100
    assert [text for text in found if len(text) > 255] == []
    assert [text for text in found if "@" in text or "[" in text] == []


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("SUM(A1:A9)", 0),
        ("A1:A9*2", 1),
        ("SUM(A1:A9*2)", 1),
        ("SUMPRODUCT(A1:A9*2)", 0),
        ("SUMPRODUCT(IF(A1:A9>0,1,0))", 1),
        ("SUMPRODUCT(IF(A1>0,A1:A9,B1:B9))", 1),
        ("SUMPRODUCT(MAX(ABS(A1:A9)))", 0),
        ("SUMPRODUCT((A1:A9>0)*INDEX(B1:B9,3))", 0),
        ("SUMPRODUCT(INDEX(B1:B9,A1:A9))", 1),
        ("INDEX(A1:A9,MATCH(B1,C1:C9,0))", 0),
        ("INDEX(A1:A9,B1:B9)", 1),
        ("EXACT(A1,B1:B9)", 1),
        ("IF(A1:A9=1,2,3)", 1),
    ],
)
def test_intersections_are_seen(text, many):
    assert len(intersections(parse(text))) == many


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("A1=B1", 1),
        ("ROUND(A1,6)=ROUND(B1,6)", 0),
        ('A1=""', 0),
        ("A1=2", 0),
        ("A1=0.5", 1),
        ("IF(A1<>B1,1,0)", 1),
        ("IF(A1=B1,0,C1/(B1-A1))", 0),
    ],
)
def test_comparisons_are_seen(text, many):
    assert len(compared_exactly(parse(text))) == many


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("SUM(" + "1," * 254 + "1)", 0),
        ("SUM(" + "1," * 255 + "1)", 1),
        ("ABS(" * 64 + "1" + ")" * 64, 0),
        ("ABS(" * 65 + "1" + ")" * 65, 1),
        ('"' + "a" * 255 + '"', 0),
        ('"' + "a" * 256 + '"', 1),
    ],
)
def test_limits_are_seen(text, many):
    assert len(too_much(parse(text))) == many


@pytest.mark.slow
def test_a_hundred_and_sixty_scenarios_have_less_than_five_megabytes():
    addresses = ("costs.drug.cabozantinib.discount", "costs.unit.ct_scan")
    others = [
        load("pnet", [f"{a}={number / 200 + 1 * (a == addresses[1])}" for a in addresses]) for number in range(160)
    ]
    made = live_workbook([load("pnet"), *others])
    assert len(made.variants.scenarios) == 161
    assert len(made.as_bytes()) < 5 * MEGABYTE
    assert max(len(text) + 1 for _, text in texts(made)) <= MOST_LETTERS
