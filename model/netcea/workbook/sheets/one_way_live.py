"""One-way live: a tornado of the workbook as it stands, sorted, by a data table; or one number moved everywhere.

As on the sheet PSA live, the cell that the table changes leads nowhere until the reader types a reference to it, and
each row holds a sum over all that was typed when it was worked out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from netcea.reporting.xlsx.data_table import DataTable
from netcea.reporting.xlsx.page import Page, Rule
from netcea.workbook import charts
from netcea.workbook.construction import Construction
from netcea.workbook.formulas.packed import packed, unpacked
from netcea.workbook.formulas.table_switch import while_on
from netcea.workbook.sheets import choices as choice_columns
from netcea.workbook.sheets import inputs as input_columns
from netcea.workbook.sheets.draw_layout import NUMBER as DRAW
from netcea.workbook.sheets.inputs import Inputs, write_inputs
from netcea.workbook.sheets.one_way_layout import (
    ADDRESS,
    CHOSEN,
    DEVIATE,
    FIRST_SHARE,
    LABEL,
    LOW,
    NUMBER,
    SIDE,
    SORTED,
    TITLE,
    TRIAL,
    WHICH,
    OneWayLayout,
    cell,
)
from netcea.workbook.sheets.results import write_results
from netcea.workbook.sheets.stamp import stamp
from netcea.workbook.sheets.tables import write_tables

STATUS, READY, STAMP, VALUE, NOTES_ROW = (3, 2), (9, 2), (10, 2), (11, 2), 12
LINK: Final = f"=B{TRIAL[0]}"
SHOWN: Final = 15
TEXTS, SAME, FIRST_RESULT = 2, 3, 4
"""Columns of the table beside the number of a row."""
RESULTS: Final = ("value", "icer", "label", "nhb.0", "nhb.1", "weighted_nhb.0", "weighted_nhb.1", "severity_weight")
HEADS: Final = {
    "value": "Its value",
    "icer": "ICER (£/QALY)",
    "label": "How to read the ICER",
    "nhb.0": "Incr. NHB, lower threshold",
    "nhb.1": "Incr. NHB, upper threshold",
    "weighted_nhb.0": "Weighted NHB, lower threshold",
    "weighted_nhb.1": "Weighted NHB, upper threshold",
    "severity_weight": "Severity weight",
}
PAIRS: Final = ("value", "nhb.0", "weighted_nhb.0", "nhb.1", "weighted_nhb.1", "icer")
"""What the sorted table shows at the low and at the high end."""
NOTES: Final = (
    "On paper there is this head alone: the tables below are empty while it is off. Select them to print them.",
    f"Type {LINK} as the row that is shown, where it says 0, and in Excel press F9: every number moves to both ends,",
    "one at a time, around what is typed now. After a change press F9 again: until then nothing is shown. 0 to stop.",
    "LibreOffice, whose data tables leave numbers in other cells, works none out. Ends: 2.5% and 97.5% quantiles",
    "of each number's own distribution, or its range; a figure of a fitted curve with the curve fitted again, others",
    "at conditional means. Sorted by the range of incremental NHB at the lower threshold, unweighted; weighted beside.",
)


@dataclass(frozen=True)
class OneWayLive:
    """The sheet.

    Attributes
    ----------
    page : Page
    table : DataTable
    columns : mapping of name -> column of the table
    """

    page: Page
    table: DataTable
    columns: Mapping[str, int]


def write_one_way_live(construction: Construction) -> OneWayLive:
    """Write what moves, the table, and the tornado."""
    inputs, page = construction.written_by(write_inputs), construction.page(TITLE)
    layout, n = inputs.one_way, len(inputs.one_way.rows)
    page.open_with(
        "One-way sensitivity analysis, live",
        "Of this workbook as it stands; netcea's own, of the scenario that was exported, is on the sheet One-way.",
    )
    top = layout.first + n + 4
    table = DataTable(top, top + 2 * n, NUMBER, TEXTS, *TRIAL)
    columns = {name: column for column, name in enumerate(RESULTS, FIRST_RESULT)}
    _write_controls(page, inputs, table)
    widest = max((len(m.deviates) for m in layout.rows.values()), default=1)
    ranges = FIRST_SHARE + widest
    _write_movers(page, layout, ranges, (table, columns))
    _write_table(page, table, columns, construction)
    if n:
        _write_sorted(page, layout, ranges, (table, columns))
    threshold = construction.written_by(write_tables).thresholds[0]
    page.put(SORTED - 3, 1, "Lower threshold (£/QALY)")
    page.formula(SORTED - 3, 2, threshold, "pounds")
    page.widths(40, 70, 52, *[13.0] * 16)
    page.frozen(f"C{SORTED}")
    page.landscape(last_row=NOTES_ROW + len(NOTES) - 1, last_column=3, with_charts=False)  # empty while off
    return OneWayLive(page, table, columns)


def _write_controls(page: Page, inputs: Inputs, table: DataTable) -> None:
    """Write which row is shown, and what the rows belong to."""
    same = page.span(table.first, table.last, SAME)
    rows, most = f"ROWS({same})", table.last - table.first
    changed = f"MAX({inputs.span(input_columns.COUNT)})+MAX({inputs.choices.span(choice_columns.COUNT)})"
    ready = f'"of the scenario "&selected_scenario&", with "&{changed}&" inputs or choices changed here"'
    shown = f'"the whole workbook shows row "&{cell(CHOSEN)}'
    waiting = f'SUM({same})&" of "&{rows}&" rows are worked out for the present inputs (type {LINK} below, then F9)"'
    off = f'IF(SUM({same})>1,{waiting},"off: nothing is worked out (type {LINK} below, where it says 0)")'
    lines = (
        (STATUS, "The tornado is", f"IF({cell(READY)}=1,{ready},IF({cell(CHOSEN)}>0,{shown},{off}))", "result_text"),
        (WHICH, "Number that moves there (0: none)", f"IF({DRAW}>0,0,INT(({cell(CHOSEN)}+1)/2))", "left_integer"),
        (
            SIDE,
            "To its low end (1), its high end (2)",
            f"IF({cell(WHICH)}=0,0,{cell(CHOSEN)}-2*{cell(WHICH)}+2)",
            "left_integer",
        ),
        (DEVIATE, "Standard normal deviate of that end", f"IF({cell(SIDE)}=1,-1,1)*NORMSINV(0.975)", "small"),
        (READY, "All rows are of these inputs (1: yes)", f"IF(SUM({same})>={rows},1,0)", "left_integer"),
        (STAMP, "Sum by which other inputs are known", stamp(inputs), "small"),
        (VALUE, "Its value there", _value(page, inputs), "number"),
    )
    for place, words, text, style in lines:
        page.put(place[0], 1, words, "note")
        page.formula(*place, text, style)
    page.put(CHOSEN[0], 1, "Row of the table shown (0: as it stands)")
    page.put(*CHOSEN, 0, "input")
    page.restrict(*CHOSEN, Rule("0", str(most), "A row of the table", f"From 0 to {most}; {LINK} for all."))
    page.put(TRIAL[0], 1, "The table's own cell: stays empty")
    page.put(*TRIAL, None, "number")
    page.restrict(*TRIAL, Rule("FALSE", title="This cell stays empty", message=f"Type {LINK} above it.", custom=True))
    for row, note in enumerate(NOTES, NOTES_ROW):
        page.put(row, 1, note, "subtitle")


def _value(page: Page, inputs: Inputs) -> str:
    """Return the formula of the live value of what moves, or the deviate of a block."""
    layout = inputs.one_way
    if not layout.rows:
        return '""'
    found = _input(page, inputs, input_columns.LIVE)
    return f'IF({cell(WHICH)}=0,"",IFERROR({found},{cell(DEVIATE)}))'


def _input(page: Page, inputs: Inputs, column: int) -> str:
    """Return the formula of what a column of Inputs has of the number that moves; an error where it is a block."""
    layout = inputs.one_way
    which = f"INDEX({page.span(layout.first, layout.first + len(layout.rows) - 1, ADDRESS)},{cell(WHICH)})"
    return f"INDEX({inputs.span(column)},MATCH({which},{inputs.span(input_columns.ADDRESS)},0))"


def _write_movers(page: Page, layout: OneWayLayout, ranges: int, where: tuple[DataTable, Mapping[str, int]]) -> None:
    """Write what moves, what moves with it, and how far the result goes."""
    first, last = layout.first, layout.first + len(layout.rows) - 1
    page.put(first - 2, 1, "What moves", "section")
    heads = ["Number", "Quantity", "Address", "Lowest", "Highest"]
    numbers = page.span(first, last, NUMBER)
    heads += [f"Deviate of {i + 1}" for i in range(ranges - FIRST_SHARE)]
    page.heading(first - 1, [*heads, "Range of NHB", "Place"])
    for i, (address, mover) in enumerate(layout.rows.items()):
        row = first + i
        page.put(row, NUMBER, i + 1, "left_integer")
        page.put(row, LABEL, mover.label)
        page.put(row, ADDRESS, address)
        if mover.ends is not None:
            page.row(row, mover.ends, "number4", LOW)
        page.row(row, mover.deviates.values(), "small", FIRST_SHARE)
        number = page.at(row, NUMBER)
        low, high, base = (_of(page, where, "nhb.0", place) for place in (f"2*{number}", f"2*{number}+1", "1"))
        both = f"AND(ISNUMBER({low}),ISNUMBER({high}))"
        page.formula(row, ranges, f"ROUND(IF({both},MAX({low},{high},{base})-MIN({low},{high},{base}),0),12)", "qalys")
        every, mine = page.span(first, last, ranges), page.at(row, ranges)
        ties = f"SUMPRODUCT(({every}=ROUND({mine},12))*({numbers}<{number}))"
        page.formula(row, ranges + 1, f"1+SUMPRODUCT(({every}>{mine})*1)+{ties}", "integer")


def _of(page: Page, where: tuple[DataTable, Mapping[str, int]], name: str, place: str) -> str:
    """Return the formula of a result of the table, in a row counted from 1: the point estimates."""
    table, columns = where
    return f"INDEX({page.span(table.first, table.last, columns[name])},{place})"


def _write_table(page: Page, table: DataTable, columns: Mapping[str, int], construction: Construction) -> None:
    """Write the data table, and its texts taken apart."""
    results, intervention = construction.written_by(write_results).cells, construction.variants.base.file.decision
    names = {
        name: f"{name}.{intervention.intervention}" if "nhb" in name or name in ("icer", "label") else name
        for name in RESULTS
    }
    page.put(table.first - 3, 1, "Worked out", "section")
    heads = ["Row", "All its results (data table)", "Of the present inputs"]
    page.heading(table.first - 2, [*heads, *HEADS.values()])
    sources = [cell(VALUE) if name == "value" else results[names[name]] for name in RESULTS]
    who = [cell(STAMP), cell(CHOSEN)]
    inputs = construction.written_by(write_inputs)
    solved = f"IFERROR({_input(page, inputs, input_columns.SOLVED_NOW)},0)" if inputs.one_way.rows else "0"
    text = f"IF({solved}=1,{packed(who)},IFERROR({packed([*who, *sources])},{packed(who)}))"
    trial = cell(TRIAL)
    page.formula(table.first - 1, TEXTS, while_on(f'{trial}<>""', f'IF({cell(CHOSEN)}={trial},{text},"")'), "note")
    page.data_table(table, "note")
    for row in range(table.first, table.last + 1):
        page.put(row, NUMBER, row - table.first, "left_integer")
    rows, here = (table.first, table.last), page.here(TEXTS)
    same = f"ABS({unpacked(here, 0)}-{cell(STAMP)})<=1E-12*ABS({cell(STAMP)})"
    mine = f"AND(ABS({unpacked(here, 1)}-{page.here(NUMBER)})<0.5,{same})"
    page.fill(*rows, SAME, f'IF({here}="",0,IF({mine},1,0))', "integer")
    for place, name in enumerate(RESULTS, 2):
        part = unpacked(here, place, text=name == "label")
        style = {"icer": "pounds", "label": "text", "value": "number4"}.get(name, "qalys")
        page.fill(*rows, columns[name], f'IF({page.here(SAME)}=1,{part},"")', style)


def _write_sorted(page: Page, layout: OneWayLayout, ranges: int, where: tuple[DataTable, Mapping[str, int]]) -> None:
    """Write the movers in the order of their ranges, and the chart of the widest."""
    first, n = layout.first, len(layout.rows)
    places = page.span(first, first + n - 1, ranges + 1)
    page.put(SORTED - 2, 1, "Widest range of incremental net health benefit first", "section")
    heads = [f"{HEADS[name]}, {end}" for name in PAIRS for end in ("low", "high")]
    page.heading(SORTED - 1, ["Place", "Quantity", "Address", *heads, "Range of NHB", "Bar, low", "Bar, high"])
    bars = 4 + 2 * len(PAIRS)
    base = _of(page, where, "nhb.0", "1")
    for i in range(n):
        row = SORTED + i
        page.put(row, 1, i + 1, "left_integer")
        which = f"MATCH({page.at(row, 1)},{places},0)"

        def shown(text: str) -> str:
            return f'IF({cell(READY)}=1,{text},"")'

        for column in (LABEL, ADDRESS):
            text = f"INDEX({page.span(first, first + n - 1, column)},{which})"
            page.formula(row, column, shown(text), "text")
        for pair, name in enumerate(PAIRS):
            style = {"icer": "pounds", "value": "number4"}.get(name, "qalys")
            for end in (0, 1):
                place = f"2*{which}+{end}"
                text = _of(page, where, name, place)
                if name == "icer":
                    text = f'IF({text}="",{_of(page, where, "label", place)},{text})'
                page.formula(row, 4 + 2 * pair + end, shown(text), style)
        low, high = page.at(row, 6), page.at(row, 7)
        page.formula(row, bars, shown(f"INDEX({page.span(first, first + n - 1, ranges)},{which})"), "qalys")
        for column, bar in ((bars + 1, low), (bars + 2, high)):
            page.formula(row, column, shown(f"IF(ISNUMBER({bar}),{bar}-{base},0)"), "qalys")
    last = min(SORTED + SHOWN, SORTED + n) - 1
    names, low, high = (page.span(SORTED, last, column) for column in (LABEL, bars + 1, bars + 2))
    title = f"Change of incremental NHB at the lower threshold, live, {SHOWN} widest (empty while off)"
    charts.tornado(
        page, (3, bars + 4), title, "Change of incremental NHB (QALYs)", names, (low, high), last - SORTED + 1
    )
