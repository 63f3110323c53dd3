"""Life table, norms and method pack: tables of inputs/, and the ones that are live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from netcea.cohort.mortality import LifeTable
from netcea.cohort.norms import UtilityNorms
from netcea.decision.incremental import COST_TOLERANCE, ICER_TOLERANCE, QALY_TOLERANCE
from netcea.decision.severity import ON_THE_BOUNDARY
from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.page import Page
from netcea.scenario.scenario import Scenario
from netcea.workbook.sheets.inputs import Inputs

FIRST = 7
CERTAIN_DEATH = 708.396418532264
"""Hazard in a year of age with qx = 1. [per year] It is -LN of the smallest number a cell can hold."""


PACK: Final = (
    ("threshold", "threshold_lower", "Threshold 1 (£/QALY)", "pounds"),
    ("threshold", "threshold_upper", "Threshold 2 (£/QALY)", "pounds"),
    ("absolute", "severity.absolute_1_2", "Absolute shortfall, first cut-off (QALYs)", "qalys"),
    ("absolute", "severity.absolute_1_7", "Absolute shortfall, second cut-off (QALYs)", "qalys"),
    ("proportional", "severity.proportional_1_2", "Proportional shortfall, first cut-off", "share"),
    ("proportional", "severity.proportional_1_7", "Proportional shortfall, second cut-off", "share"),
    ("weight", "severity.weight_1_0", "Severity weight below both", "share"),
    ("weight", "severity.weight_1_2", "Severity weight at the first", "share"),
    ("weight", "severity.weight_1_7", "Severity weight at the second", "share"),
)
"""Kind, last part of the address in a method pack, words, style."""


@dataclass(frozen=True)
class Tables:
    """Ranges that formulas look into.

    Attributes
    ----------
    hazard, birthday : mapping of sex -> range
        Hazard within each year of age; cumulative hazard at its birthday.
    first_age, last_row : str
        Cell with the first age of the life table; number of its rows.
    norm : mapping of sex -> range
    first_norm, norm_rows : str
    thresholds : tuple of cells
        Lower and upper.
    absolute, proportional, weights : tuple of cells
    same : tuple of cells
        Differences of costs, of QALYs and (relative) of ICERs that are rounding.
    on_the_boundary : cell
        Relative rounding at a cut-off of severity.
    """

    hazard: dict[str, str]
    birthday: dict[str, str]
    first_age: str
    rows: str
    norm: dict[str, str]
    first_norm: str
    norm_rows: str
    severity_norm: dict[str, str]
    thresholds: tuple[str, ...]
    absolute: tuple[str, ...]
    proportional: tuple[str, ...]
    weights: tuple[str, ...]
    same: tuple[str, str, str]
    on_the_boundary: str


def write_tables(book: Book, inputs: Inputs) -> Tables:
    """Write the sheet of tables."""
    page = book.page("Tables", "A6A6A6")
    page.open_with(
        "Life table, norms of the general population, method pack",
        "Tables of inputs/; the live columns follow the choices.",
    )
    variants = inputs.variants
    life = variants.choices["population.life_table"]
    norms = variants.choices["population.norms"]
    packs = variants.choices["decision.method_pack"]

    def of(choice_taken: list[int], number: int) -> Scenario:
        return variants.scenarios[choice_taken.index(number)]

    lives = [of(life.taken, i).life_table for i in range(len(life.options))]
    severity = [of(norms.taken, i).severity_norms for i in range(len(norms.options))]
    column = _life_tables(page, inputs, lives)
    hazard = {"female": 4, "male": 5}
    n = max(len(t.age) for t in lives)
    last = FIRST + n - 1
    start = column + 1
    rows = max(len(s.age) for s in severity)
    norm_columns = _norms(page, inputs, severity, start)
    pack_column = norm_columns["male"] + 2 + 2 * len(severity)
    rules = _method_pack(page, inputs, [of(packs.taken, i) for i in range(len(packs.options))], pack_column)
    end = FIRST + rows - 1
    spans = {sex: page.span(FIRST, end, c) for sex, c in norm_columns.items()}
    page.frozen(f"A{FIRST}")
    page.landscape(repeat_rows="1:6")
    return Tables(
        {sex: page.span(FIRST, last, c) for sex, c in hazard.items()},
        {"female": page.span(FIRST, last, 6), "male": page.span(FIRST, last, 7)},
        page.at(FIRST, 1),
        page.at(4, 2),
        spans,
        page.at(FIRST, start),
        page.at(4, start + 1),
        spans,
        *rules,
        *_rounding(page, pack_column, FIRST + 14),
    )


def _life_tables(page: Page, inputs: Inputs, tables: list[LifeTable]) -> int:
    """Write ages, live qx and hazards, then every table; return the first free column."""
    choice = inputs.variants.choices["population.life_table"]
    page.put(3, 1, "Life table: probability of dying within a year of age", "section")
    page.put(4, 1, "Ages", "text")
    n = max(len(t.age) for t in tables)
    page.put(4, 2, n, "integer")
    heads = [
        "Age",
        "qx, women, live",
        "qx, men, live",
        "Hazard, women (per year)",
        "Hazard, men (per year)",
        "Cumulative hazard at the birthday, women",
        "Cumulative hazard at the birthday, men",
    ]
    for option in choice.options:
        heads += [f"qx women: {option.rpartition('.')[2]}", f"qx men: {option.rpartition('.')[2]}"]
    page.heading(FIRST - 1, heads)
    for i in range(n):
        row = FIRST + i
        page.put(row, 1, float(tables[0].age[0] + i), "integer")
        for j, table in enumerate(tables):
            k = min(i, len(table.age) - 1)
            page.put(row, 8 + 2 * j, float(table.qx_female[k]), "small")
            page.put(row, 9 + 2 * j, float(table.qx_male[k]), "small")
        for sex in (0, 1):
            live = inputs.pick(choice, [page.at(row, 8 + 2 * j + sex) for j in range(len(tables))])
            page.formula(row, 2 + sex, live, "small")
            qx = page.at(row, 2 + sex)
            # LN(1-qx) has few digits where qx is small: its series takes over
            small = f"{qx}*(1+{qx}*(1/2+{qx}*(1/3+{qx}*(1/4+{qx}/5))))"
            page.formula(
                row, 4 + sex, f"IF({qx}>=1,-LN(2.2250738585072014E-308),IF({qx}<0.001,{small},-LN(1-{qx})))", "small"
            )
            before = "0" if i == 0 else f"{page.at(row - 1, 6 + sex)}+{page.at(row - 1, 4 + sex)}"
            page.formula(row, 6 + sex, before, "small")
    page.widths(8, *[13.0] * (6 + 2 * len(tables)))
    return 8 + 2 * len(tables)


def _norms(page: Page, inputs: Inputs, norms: list[UtilityNorms], start: int) -> dict[str, int]:
    choice = inputs.variants.choices["population.norms"]
    page.put(3, start, "Norms: mean utility of the general population", "section")
    page.put(4, start, "Ages")
    n = max(len(s.age) for s in norms)
    page.put(4, start + 1, n, "integer")
    heads = ["Age", "Women, live", "Men, live"]
    for option in choice.options:
        heads += [f"women: {option.rpartition('.')[2]}", f"men: {option.rpartition('.')[2]}"]
    page.heading(FIRST - 1, heads, start)
    for i in range(n):
        row = FIRST + i
        page.put(row, start, float(norms[0].age[0] + i), "integer")
        for j, table in enumerate(norms):
            k = min(max(int(norms[0].age[0] + i - table.age[0]), 0), len(table.age) - 1)
            page.put(row, start + 3 + 2 * j, float(table.female[k]), "share")
            page.put(row, start + 4 + 2 * j, float(table.male[k]), "share")
        for sex in (0, 1):
            live = inputs.pick(choice, [page.at(row, start + 3 + 2 * j + sex) for j in range(len(norms))])
            page.formula(row, start + 1 + sex, live, "share")
    return {"female": start + 1, "male": start + 2}


def _method_pack(
    page: Page, inputs: Inputs, scenarios: list[Scenario], column: int
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Write thresholds and severity rules of every pack and the live ones; return their cells."""
    choice = inputs.variants.choices["decision.method_pack"]
    page.put(3, column, "Method pack", "section")
    page.heading(FIRST - 1, ["Rule", "Live", *choice.options], column)
    found: dict[str, list[str]] = {"threshold": [], "absolute": [], "proportional": [], "weight": []}
    for row, (kind, name, words, style) in enumerate(PACK, FIRST):
        page.put(row, column, words)
        for j, scenario in enumerate(scenarios):
            number = inputs.number(f"decision.method_packs.{scenario.file.decision.method_pack}.{name}")
            page.formula(row, column + 2 + j, number, style)
        options = [page.at(row, column + 2 + j) for j in range(len(scenarios))]
        page.formula(row, column + 1, inputs.pick(choice, options), style)
        found[kind].append(page.at(row, column + 1))
    page.column_widths[column] = 36
    return tuple(tuple(cells) for cells in found.values())  # type: ignore[return-value]


def _rounding(page: Page, column: int, row: int) -> tuple[tuple[str, str, str], str]:
    """Write which differences are rounding; return their cells."""
    page.heading(row, ["Differences that are rounding", "Value"], column)
    lines = (
        ("Costs closer than this are the same (£)", COST_TOLERANCE),
        ("QALYs closer than this are the same", QALY_TOLERANCE),
        ("ICERs closer than this share are the same", ICER_TOLERANCE),
        ("Shortfalls closer than this share are on a cut-off", ON_THE_BOUNDARY),
    )
    for i, (words, value) in enumerate(lines, row + 1):
        page.put(i, column, words)
        page.put(i, column + 1, value, "difference")
    costs, qalys, ratios, boundary = (page.at(row + i, column + 1) for i in range(1, 5))
    return (costs, qalys, ratios), boundary
