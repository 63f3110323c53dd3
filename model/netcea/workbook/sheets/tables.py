"""Life table, norms and method pack: tables of inputs/, and the ones that are live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from netcea.cohort.mortality import LifeTable
from netcea.cohort.norms import UtilityNorms
from netcea.decision.incremental import COST_TOLERANCE, ICER_TOLERANCE, QALY_TOLERANCE
from netcea.decision.severity import ON_THE_BOUNDARY
from netcea.reporting.xlsx.page import Page
from netcea.scenario.scenario import Scenario
from netcea.workbook.construction import Construction
from netcea.workbook.sheets.inputs import Inputs, write_inputs

FIRST: Final = 7
QX: Final = {"female": 2, "male": 3}
HAZARD: Final = {"female": 4, "male": 5}
BIRTHDAY: Final = {"female": 6, "male": 7}
"""Sex -> column of the live life table: qx, the hazard within a year, the cumulative hazard at its birthday."""
SMALLEST: Final = "2.2250738585072014E-308"
"""The smallest number a cell can hold: nobody survives a year with qx = 1."""
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
    first_age, rows : cells
        With the first age of the life table, and the number of its rows.
    norm : mapping of sex -> range
    first_norm, norm_rows : cells
    thresholds : tuple of cells
        Lower and upper.
    absolute, proportional, weights : tuple of cells
    same : tuple of cells
        Differences of costs, of QALYs and (relative) of ICERs that are rounding.
    on_the_boundary : cell
        Relative rounding at a cut-off of severity.
    """

    hazard: Mapping[str, str]
    birthday: Mapping[str, str]
    first_age: str
    rows: str
    norm: Mapping[str, str]
    first_norm: str
    norm_rows: str
    thresholds: tuple[str, ...]
    absolute: tuple[str, ...]
    proportional: tuple[str, ...]
    weights: tuple[str, ...]
    same: tuple[str, str, str]
    on_the_boundary: str


def write_tables(construction: Construction) -> Tables:
    """Write the sheet of tables."""
    inputs, page = construction.written_by(write_inputs), construction.page("Tables")
    page.open_with(
        "Life table, norms of the general population, method pack",
        "Tables of inputs/; the live columns follow the choices.",
    )
    variants = inputs.variants
    choices = (variants.choices[a] for a in ("population.life_table", "population.norms", "decision.method_pack"))
    life, norm, pack = (variants.taking(choice) for choice in choices)
    lives, norms = [s.life_table for s in life], [s.severity_norms for s in norm]
    first_norm = _life_tables(page, inputs, lives) + 1
    norm_columns = _norms(page, inputs, norms, first_norm)
    pack_column = norm_columns["male"] + 2 + 2 * len(norms)
    rules = _method_pack(page, inputs, pack, pack_column)
    same, on_the_boundary = _rounding(page, pack_column, FIRST + 14)
    page.frozen(f"A{FIRST}")
    page.landscape(repeat_rows="6:6", wide=2)
    last, last_norm = (FIRST + max(len(t.age) for t in tables) - 1 for tables in (lives, norms))
    return Tables(
        hazard={sex: page.span(FIRST, last, column) for sex, column in HAZARD.items()},
        birthday={sex: page.span(FIRST, last, column) for sex, column in BIRTHDAY.items()},
        first_age=page.at(FIRST, 1),
        rows=page.at(4, 2),
        norm={sex: page.span(FIRST, last_norm, column) for sex, column in norm_columns.items()},
        first_norm=page.at(FIRST, first_norm),
        norm_rows=page.at(4, first_norm + 1),
        thresholds=rules["threshold"],
        absolute=rules["absolute"],
        proportional=rules["proportional"],
        weights=rules["weight"],
        same=same,
        on_the_boundary=on_the_boundary,
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
        for i_sex, sex in enumerate(QX):
            live = inputs.pick(choice, [page.at(row, 8 + 2 * j + i_sex) for j in range(len(tables))])
            page.formula(row, QX[sex], live, "small")
            qx = page.at(row, QX[sex])
            # LN(1-qx) has few digits where qx is small: its series takes over
            small = f"{qx}*(1+{qx}*(1/2+{qx}*(1/3+{qx}*(1/4+{qx}/5))))"
            hazard = f"IF({qx}>=1,-LN({SMALLEST}),IF({qx}<0.001,{small},-LN(1-{qx})))"
            page.formula(row, HAZARD[sex], hazard, "small")
            before = f"{page.at(row - 1, BIRTHDAY[sex])}+{page.at(row - 1, HAZARD[sex])}" if i else "0"
            page.formula(row, BIRTHDAY[sex], before, "small")
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


def _method_pack(page: Page, inputs: Inputs, scenarios: list[Scenario], column: int) -> dict[str, tuple[str, ...]]:
    """Write thresholds and severity rules of every pack and the live ones; return kind of a rule -> its live cells."""
    choice = inputs.variants.choices["decision.method_pack"]
    page.put(3, column, "Method pack", "section")
    page.heading(FIRST - 1, ["Rule", "Live", *choice.options], column)
    found: dict[str, tuple[str, ...]] = {}
    for row, (kind, name, words, style) in enumerate(PACK, FIRST):
        page.put(row, column, words)
        for j, scenario in enumerate(scenarios):
            number = inputs.number(f"decision.method_packs.{scenario.file.decision.method_pack}.{name}")
            page.formula(row, column + 2 + j, number, style)
        options = [page.at(row, column + 2 + j) for j in range(len(scenarios))]
        page.formula(row, column + 1, inputs.pick(choice, options), style)
        found[kind] = (*found.get(kind, ()), page.at(row, column + 1))
    page.column_widths[column] = 36
    return found


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
