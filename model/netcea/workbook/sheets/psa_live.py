"""PSA live: which draw the workbook shows, and a probabilistic run of the workbook as it stands, by a data table.

The table puts the numbers 1, 2, 3 ... into a cell of its own and keeps the results of each in one text. That cell leads
nowhere until the reader types a reference to it as the number of the draw that is shown: so nothing at all is worked
out before, in any program. Each row holds the number of its draw and a sum over all numbers and choices of the time
when it was worked out, so that results of other inputs are never shown as those of the present ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from netcea.reporting.xlsx.data_table import DataTable
from netcea.reporting.xlsx.page import Page, Rule
from netcea.version import __version__
from netcea.workbook import charts
from netcea.workbook.construction import Construction
from netcea.workbook.formulas.packed import packed, unpacked
from netcea.workbook.formulas.random_numbers import LARGEST
from netcea.workbook.formulas.table_switch import while_on
from netcea.workbook.sheets import choices as choice_columns
from netcea.workbook.sheets import inputs as input_columns
from netcea.workbook.sheets.acceptability import THRESHOLDS, write_acceptability
from netcea.workbook.sheets.draw_layout import CHOSEN_NUMBER, CHOSEN_ON, CHOSEN_SEED, NUMBER, SEED
from netcea.workbook.sheets.inputs import Inputs, write_inputs
from netcea.workbook.sheets.psa import write_psa
from netcea.workbook.sheets.psa_tables import MEASURES, PsaTables
from netcea.workbook.sheets.results import write_results
from netcea.workbook.sheets.stamp import stamp
from netcea.workbook.sheets.tables import write_tables

FIRST_SEED: Final = 1
TRIAL, READY_ROW, STATUS_ROW, STAMP_ROW, NOTES_ROW, FIRST = (6, 2), 7, 3, 8, 9, 16
"""Row and column of the cell that the table changes; rows of what is said about the draws."""
LINK: Final = f"=B{TRIAL[0]}"
"""What a reader types as the number of the draw."""
READY: Final = f"'{CHOSEN_ON}'!$B${READY_ROW}"
STAMP: Final = f"'{CHOSEN_ON}'!$B${STAMP_ROW}"
NUMBERS, TEXTS, SAME, OUTCOMES = 1, 2, 3, 4
"""Columns of the table: number of the draw, all its results, whether they are of the present inputs, the results."""
CHART_ROWS: Final = 21
ROWS_OF_TABLES: Final = 29
"""Of all tables together, without those for each strategy and threshold, and with the heads of the draws."""
NOTES: Final = (
    f"To work the draws out: type {LINK} as the number of the draw, where it says 0; in Excel then press F9, as data",
    "tables are not part of automatic calculation here. After a change press F9 again: until then nothing is shown, as",
    "what is there belongs to other inputs. Type 0 to stop. In LibreOffice no draw is worked out here: its data tables",
    "leave other cells with a draw's numbers. A single draw is looked at by its number, there too; the same seed gives",
    "the same draws in any program. netcea export --live-draws has fewer, or none. On paper there is this head alone.",
)


@dataclass(frozen=True)
class PsaLive:
    """The sheet.

    Attributes
    ----------
    page : Page
    cells : mapping of name -> cell
        As on the sheet PSA; none where there is no table.
    table : DataTable or None
    columns : mapping of ``<outcome>.<strategy>`` and of increments -> column of the table
    """

    page: Page
    cells: Mapping[str, str] = field(default_factory=dict)
    table: DataTable | None = None
    columns: Mapping[str, int] = field(default_factory=dict)


def write_psa_live(construction: Construction) -> PsaLive:
    """Write the cells that choose a draw, and the run where one is wanted."""
    page = construction.page(CHOSEN_ON)
    page.open_with(
        "Probabilistic analysis, live",
        "Draws of this workbook as it stands, around its live values (sheet Draw); random numbers are formulas of a "
        "seed and the number of a draw.",
    )
    for (row, column), words, value in (
        (CHOSEN_NUMBER, "Show one draw in the whole workbook: its number (0: the point estimates)", 0),
        (CHOSEN_SEED, "Seed of the draws", FIRST_SEED),
    ):
        page.put(row, 1, words)
        page.put(row, column, value, "input")
        page.restrict(row, column, Rule("0", str(LARGEST), "A whole number", f"From 0 to {LARGEST:,}."))
    page.landscape()
    if not construction.live_draws:
        page.widths(66, 16)
        return PsaLive(page)
    return _write_run(construction, page, construction.live_draws)


def _write_run(construction: Construction, page: Page, n: int) -> PsaLive:
    """Write the switch, the summary, and the table below it."""
    base, results = construction.variants.base, construction.written_by(write_results).cells
    names = {name: base.label(name) for name in base.strategies}
    thresholds = construction.written_by(write_tables).thresholds
    strategies = len(names)
    first = FIRST + strategies + len(thresholds) + THRESHOLDS + ROWS_OF_TABLES
    table = DataTable(first, first + n - 1, NUMBERS, TEXTS, *TRIAL)
    columns = _columns(names)
    spans = {key: page.span(first, table.last, column) for key, column in columns.items()}
    _write_controls(page, construction.written_by(write_inputs), table, n)

    def while_known(text: str) -> str:
        return f'IF({READY}=1,{text},"")'

    tables = PsaTables(page, spans, n, names, results, while_known)
    row = tables.means(FIRST)
    row = tables.increments(row)
    row = tables.at_thresholds(row, thresholds)
    row = _write_beside(construction, page, row, tables.cells)
    found = write_acceptability(page, row, names, spans, thresholds[-1], while_known)
    decision = base.file.decision
    _write_table(page, table, columns, results, names, (decision.intervention, decision.comparator))
    _add_charts(page, row + 2, (names, charts.strategy_colours(base)), spans, table)
    page.widths(66, *[16.0] * strategies, 26, *[16.0] * (strategies + 8))
    page.frozen(f"B{FIRST - 1}")
    page.landscape(last_row=NOTES_ROW + len(NOTES) - 1, last_column=5, with_charts=False)  # empty while off
    return PsaLive(page, {f"live.{name}": cell for name, cell in {**tables.cells, **found}.items()}, table, columns)


def _columns(names: Mapping[str, str]) -> dict[str, int]:
    """Return key of an outcome -> column of the table."""
    keys = [f"{measure}.{name}" for name in names for measure in MEASURES]
    keys += ["severity_weight", "incremental_costs", "incremental_qalys"]
    return {key: column for column, key in enumerate(keys, OUTCOMES)}


def _write_controls(page: Page, inputs: Inputs, table: DataTable, n: int) -> None:
    """Write the switch, whether all draws are of the present inputs, and what they belong to."""
    page.put(TRIAL[0], 1, f"Where the table of {n:,} draws puts each number: stays empty")
    page.put(*TRIAL, None, "number")
    page.restrict(*TRIAL, Rule("FALSE", title="This cell stays empty", message=f"Type {LINK} above it.", custom=True))
    same = page.span(table.first, table.last, SAME)
    page.put(READY_ROW, 1, "All draws are there, of the present inputs (1: yes)")
    page.formula(READY_ROW, 2, f"IF(SUM({same})>=ROWS({same}),1,0)", "left_integer")
    page.put(STATUS_ROW, 1, "What the draws below belong to", "section")
    changed = f"MAX({inputs.span(input_columns.COUNT)})+MAX({inputs.choices.span(choice_columns.COUNT)})"
    words = (
        f'"{n:,} draws with seed "&{SEED}&" of the scenario "&selected_scenario&", with "&{changed}&'
        f'" inputs or choices changed here"'
    )
    waiting = f'SUM({same})&" of {n:,} draws are worked out for the present inputs: press F9"'
    nothing = f'"nothing is worked out (type {LINK} below, where it says 0)"'
    shown = f'"the whole workbook shows draw "&{NUMBER}'
    others = f"IF({NUMBER}>0,{shown},IF(SUM({same})>0,{waiting},{nothing}))"
    page.formula(STATUS_ROW, 2, f"IF({READY}=1,{words},{others})", "result_text")
    page.put(
        STAMP_ROW, 1, "A sum over all numbers, choices and the seed, by which draws of other inputs are known", "note"
    )
    page.formula(STAMP_ROW, 2, f"{stamp(inputs)}+SQRT(2)*{SEED}", "small")
    for row, note in enumerate(NOTES, NOTES_ROW):
        page.put(row, 1, note, "subtitle")


def _write_table(
    page: Page,
    table: DataTable,
    columns: Mapping[str, int],
    results: Mapping[str, str],
    names: Mapping[str, str],
    pair: tuple[str, str],
) -> None:
    """Write the data table, and its texts taken apart."""
    top = table.first - 1
    page.put(top - 2, 1, "The draws", "section")
    words = {
        f"{measure}.{name}": f"{label}: {text}" for name, label in names.items() for measure, text in MEASURES.items()
    }
    words |= {
        "severity_weight": "Severity weight",
        "incremental_costs": "Incremental costs (£)",
        "incremental_qalys": "Incremental QALYs",
    }
    page.heading(
        top - 1, ["Draw", "All its results (data table)", "Of the present inputs", *(words[k] for k in columns)]
    )
    last = max(columns.values())
    page.heading(top - 1, ["Plane: incremental QALYs", "Plane: incremental costs (£)"], last + 1)
    packed_keys = [key for key in columns if not key.startswith("incremental_")]
    text = packed([STAMP, NUMBER, *(results[key] for key in packed_keys)])
    page.formula(top, TEXTS, while_on(f"{NUMBER}>0", text), "note")
    page.data_table(table, "note")
    rows = (table.first, table.last)
    for row in range(table.first, table.last + 1):
        page.put(row, NUMBERS, row - table.first + 1, "left_integer")
    cell = page.here(TEXTS)
    page.fill(*rows, SAME, f'IF({cell}="",0,IF({_same(cell, page.here(NUMBERS))},1,0))', "integer")
    for place, key in enumerate(packed_keys, 2):
        style = "pounds" if key.startswith("costs") else "qalys"
        page.fill(*rows, columns[key], f'IF({page.here(SAME)}=1,{unpacked(cell, place)},"")', style)
    _write_increments(page, rows, columns, pair)


def _same(cell: str, number: str) -> str:
    """Return the formula that says whether a text is of the present inputs, and of its own draw."""
    return f"AND(ABS({unpacked(cell, 1)}-{number})<0.5,ABS({unpacked(cell, 0)}-{STAMP})<=1E-12*ABS({STAMP}))"


def _write_increments(page: Page, rows: tuple[int, int], columns: Mapping[str, int], pair: tuple[str, str]) -> None:
    """Write the increments of each draw, and the points of the plane, at its origin while there are none."""
    intervention, comparator = pair
    plane = max(columns.values()) + 1
    for at, measure in enumerate(("qalys", "costs")):
        one, other = (page.here(columns[f"{measure}.{name}"]) for name in (intervention, comparator))
        column, style = columns[f"incremental_{measure}"], "pounds" if measure == "costs" else "qalys"
        page.fill(*rows, column, f'IF({page.here(SAME)}=1,{one}-{other},"")', style)
        page.fill(*rows, plane + at, f"IF({READY}=1,{page.here(column)},0)", style)


def _write_beside(construction: Construction, page: Page, row: int, live: Mapping[str, str]) -> int:
    """Write the results beside those of netcea's own draws, which are of the scenario that was exported."""
    frozen, result, base = construction.written_by(write_psa), construction.psa, construction.variants.base
    page.put(row, 1, "Beside netcea's own draws", "section")
    if frozen is None or result is None:
        words = "This workbook has none: netcea export --psa writes them, as values, on sheets of their own."
        page.put(row + 1, 1, words, "subtitle")
        return row + 3
    when = f" on {construction.date}" if construction.date else ""
    own = f"netcea {__version__}{when}: {result.totals.n:,} draws of {base.file.name} as exported"
    page.heading(row + 1, ["", "Live", own])
    lines = {
        "said.incremental_costs": ("Incremental costs (£)", "pounds"),
        "said.incremental_qalys": ("Incremental QALYs", "result_said"),
        "said.icer": ("ICER of the means (£/QALY)", "pounds"),
        "nhb.0": ("Mean incremental NHB at the lower threshold (QALYs)", "qalys"),
        "probability.0": ("Probability of the higher net benefit there", "percent"),
    }
    for at, (key, (words, style)) in enumerate(lines.items(), row + 2):
        page.put(at, 1, words)
        page.formula(at, 2, live[key], style)
        page.formula(at, 3, frozen.cells[f"psa.{key}"], style)
    return row + 3 + len(lines)


def _add_charts(
    page: Page,
    row: int,
    strategies: tuple[Mapping[str, str], Mapping[str, str]],
    spans: Mapping[str, str],
    table: DataTable,
) -> None:
    """Add the plane and acceptability, to the right of all tables; `row` is the first of acceptability.

    Of `strategies` the first has the labels, the second the colours.
    """
    names, colours = strategies
    n = len(names)
    column = max(15, 2 * n + 8)
    plane = OUTCOMES + len(spans)
    across, up = (page.span(table.first, table.last, at) for at in (plane, plane + 1))
    axes = ("Incremental QALYs", "Incremental costs (£)")
    charts.cloud(
        page, (FIRST, column), "Cost-effectiveness plane, live (one point at 0 while off)", axes, "draws", (across, up)
    )
    first, last = row, row + THRESHOLDS - 1
    series = [
        charts.Line(label, page.span(first, last, at), colour=colours[name])
        for at, (name, label) in enumerate(names.items(), 2)
    ]
    charts.lines(
        page,
        (FIRST + CHART_ROWS, column),
        "Acceptability, live (empty while off)",
        ("Threshold (£/QALY)", "Probability of the highest net benefit"),
        page.span(first, last, 1),
        series,
        (None, 1.0),
    )
