"""Results: totals, severity, net health benefit, the fully incremental table and its steps, all by formula."""

from __future__ import annotations

from dataclasses import dataclass, field

from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.page import Page
from netcea.workbook.sheets.costs import Costs, item_label
from netcea.workbook.sheets.incremental import incremental_page, write_incremental
from netcea.workbook.sheets.inputs import Inputs
from netcea.workbook.sheets.tables import Tables
from netcea.workbook.sheets.trace import Trace

TOTALS = {"costs": "Costs (£)", "life_years": "Life years", "qalys": "QALYs"}
INCREMENTS = ("Incremental costs (£)", "Incremental life years", "Incremental QALYs")
FIRST = 5
EVENTS = "adverse_events."
"""How the keys of adverse events begin."""
"""Row of the first table."""


@dataclass
class Results:
    """The sheet of results.

    Attributes
    ----------
    cells : mapping of name -> cell
    last_table : int
        Its row; charts stand beside it.
        ``<measure>.<strategy>``, ``icer``, ``incremental_costs``, ``nhb.1.<strategy>`` ...
    """

    page: Page
    inputs: Inputs
    tables: Tables
    traces: dict[str, Trace]
    costs: Costs
    population: str
    cells: dict[str, str] = field(default_factory=dict)
    last_table: int = FIRST

    @property
    def names(self) -> dict[str, str]:
        """Return strategy -> label."""
        return {name: self.inputs.variants.base.label(name) for name in self.traces}

    def write(self, book: Book) -> None:
        """Write every table."""
        page = self.page
        page.open_with("Results", "Per patient, discounted unless it says otherwise. Every number here is a formula.")
        page.put(3, 1, "Scenario", "section")
        page.formula(3, 2, "selected_scenario", "live")
        row = self._base_case(FIRST)
        row = self._severity(row)
        row = self._benefits(row)
        row = write_incremental(page, row, incremental_page(book), self.names, self.cells, self.tables.same)
        row = self._undiscounted(row)
        self.last_table = row
        self._parts(row)
        page.widths(44, 16, 16, 26, *[17.0] * 4, 24, 3)
        page.frozen(f"B{FIRST - 1}")
        page.landscape()
        for name in ("icer", "label", "incremental_costs", "incremental_qalys", "severity_weight"):
            book.name(f"results.{name}", self.cells[name])

    def _base_case(self, row: int) -> int:
        """Write totals and, against the comparator, increments and ICERs."""
        page, cells = self.page, self.cells
        decision = self.inputs.variants.base.file.decision
        versus = decision.comparator
        page.put(row, 1, f"Costs, life years and QALYs, against {self.names[versus]}", "section")
        page.heading(row + 1, ["Strategy", *TOTALS.values(), *INCREMENTS, "ICER (£/QALY)", "What it is called"])
        rows = {name: row + 2 + i for i, name in enumerate(self.traces)}
        for name, at in rows.items():
            page.put(at, 1, self.names[name])
            for column, measure in enumerate(TOTALS, 2):
                page.formula(at, column, self._total(self.traces[name], measure), _style(measure))
                cells[f"{measure}.{name}"] = page.at(at, column)
        for name, at in rows.items():
            if name == versus:
                continue
            for column, measure in enumerate(TOTALS, 5):
                text = f"{cells[f'{measure}.{name}']}-{cells[f'{measure}.{versus}']}"
                page.formula(at, column, text, _style(measure))
                cells[f"incremental_{measure}.{name}"] = page.at(at, column)
            costs, qalys = cells[f"incremental_costs.{name}"], cells[f"incremental_qalys.{name}"]
            page.formula(at, 9, called(costs, qalys, self.tables.same), "result_text")
            page.formula(at, 8, ratio(costs, qalys, page.at(at, 9)), "result_pounds")
            cells[f"icer.{name}"], cells[f"label.{name}"] = page.at(at, 8), page.at(at, 9)
        for what in ("icer", "label", *(f"incremental_{measure}" for measure in TOTALS)):
            cells[what] = cells[f"{what}.{decision.intervention}"]
        return row + 3 + len(rows)

    def _severity(self, row: int) -> int:
        page, tables = self.page, self.tables
        established = self.inputs.variants.base.file.decision.established_practice
        page.put(row, 1, "Severity", "section")
        general, mine, absolute, proportional, one, other = (page.at(row + i, 2) for i in range(1, 7))
        slack = tables.on_the_boundary
        lines = (
            ("QALYs of the general population", "qalys_general_population", self.population, "result_qalys"),
            (
                f"QALYs with {self.names[established]}",
                "qalys_current_care",
                self.cells[f"qalys.{established}"],
                "result_qalys",
            ),
            ("Absolute shortfall (QALYs)", "absolute_shortfall", f"{general}-{mine}", "result_qalys"),
            ("Proportional shortfall", "proportional_shortfall", f"{absolute}/{general}", "result_qalys"),
            (
                "Weight by absolute shortfall",
                "weight_absolute",
                _weight(f"{absolute}+{slack}*{general}", tables.absolute, tables.weights),
                "result_number",
            ),
            (
                "Weight by proportional shortfall",
                "weight_proportional",
                _weight(f"{proportional}+{slack}", tables.proportional, tables.weights),
                "result_number",
            ),
            ("Severity weight", "severity_weight", f"MAX({one},{other})", "result_number"),
        )
        for at, (words, key, text, style) in enumerate(lines, row + 1):
            page.put(at, 1, words)
            page.formula(at, 2, text, style)
            self.cells[key] = page.at(at, 2)
        return row + len(lines) + 2

    def _benefits(self, row: int) -> int:
        """Write net health benefit at each threshold, and ICERs with the severity weight."""
        page, cells = self.page, self.cells
        weight = cells["severity_weight"]
        page.put(row, 1, "Net health benefit (QALYs), and the ICER with the severity weight", "section")
        heads = [
            f"Threshold {i + 1}{words}"
            for i in range(len(self.tables.thresholds))
            for words in ("", ", with severity weight")
        ]
        page.heading(row + 1, ["Strategy", *heads, "ICER with severity weight (£/QALY)"])
        page.put(row + 2, 1, "Threshold (£/QALY)", "note")
        for i, threshold in enumerate(self.tables.thresholds):
            for j in (0, 1):
                page.formula(row + 2, 2 + 2 * i + j, threshold, "pounds")
        at, last = row + 3, 2 + len(heads)
        for name, label in self.names.items():
            if name == self.inputs.variants.base.file.decision.comparator:
                continue
            page.put(at, 1, label)
            costs, qalys, icer = (
                cells[f"{what}.{name}"] for what in ("incremental_costs", "incremental_qalys", "icer")
            )
            for i in range(len(self.tables.thresholds)):
                for j, times in enumerate((qalys, f"{weight}*{qalys}")):
                    column = 2 + 2 * i + j
                    page.formula(at, column, f"{times}-{costs}/{page.at(row + 2, column)}", "result_qalys")
                    cells[f"{('nhb', 'weighted_nhb')[j]}.{i}.{name}"] = page.at(at, column)
            page.formula(at, last, f'IF({icer}="","",{icer}/{weight})', "result_pounds")
            cells[f"weighted_icer.{name}"] = page.at(at, last)
            at += 1
        return at + 1

    def _undiscounted(self, row: int) -> int:
        page = self.page
        page.put(row, 1, "Without discounting", "section")
        page.heading(row + 1, ["Strategy", *TOTALS.values()])
        for at, (name, trace) in enumerate(self.traces.items(), row + 2):
            page.put(at, 1, self.names[name])
            for column, measure in enumerate(TOTALS, 2):
                page.formula(at, column, self._total(trace, f"undiscounted_{measure}"), _style(measure))
                self.cells[f"undiscounted_{measure}.{name}"] = page.at(at, column)
        return row + 3 + len(self.traces)

    def _parts(self, row: int) -> None:
        """Write what totals are made of: costs by item, QALYs and life years by state."""
        page = self.page
        page.put(row, 1, "What the totals are made of", "section")
        page.heading(row + 1, ["Costs by item (£), QALYs and life years by state", *self.names.values()])
        items = dict.fromkeys(item for name in self.traces for item in self.costs.columns[name])
        lines = [(self._item(item), f"costs_{item}", "pounds") for item in items]
        for measure, words in (("qalys", "QALYs"), ("life_years", "Life years")):
            for key in dict.fromkeys(k for t in self.traces.values() for k in t.columns if k.startswith(f"{measure}_")):
                of = key.removeprefix(f"{measure}_")
                of = self._event(of).lower() if of.startswith(EVENTS) else of.replace("_", "-" if "free" in of else " ")
                lines.append((f"{words}, {of}", key, "qalys"))
        for at, (words, key, style) in enumerate(lines, row + 2):
            page.put(at, 1, words)
            for column, (name, trace) in enumerate(self.traces.items(), 2):
                if key in trace.columns:
                    page.formula(at, column, trace.total(key), style)
                    self.cells[f"part.{key}.{name}"] = page.at(at, column)

    def _item(self, key: str) -> str:
        if key.startswith(EVENTS):
            return self._event(key)
        return item_label(self.inputs.variants.choices[f"costs.{key}"].values)

    def _event(self, key: str) -> str:
        """Return what tables call an adverse event."""
        return item_label(self.inputs.variants.choices[f"adverse_events.events.{key.removeprefix(EVENTS)}"].values)

    def _total(self, trace: Trace, measure: str) -> str:
        if measure == "costs":
            return "+".join(trace.total(key) for key in self.costs.columns[trace.strategy].values()) or "0"
        if measure == "undiscounted_costs":
            return "+".join(self.costs.undiscounted.get(trace.strategy, ["0"]))
        return "+".join(trace.total(key) for key in trace.columns if key.startswith(f"{measure}_"))


def _style(measure: str) -> str:
    return "result_pounds" if measure.endswith("costs") else "result_qalys"


def called(costs: str, qalys: str, same: tuple[str, str, str]) -> str:
    """Return the formula of what an ICER is called; '' for a plain one."""
    c, q, _ = same
    return (
        f'IF(AND({costs}>{c},{qalys}>{q}),"",IF(AND({costs}<-{c},{qalys}<-{q}),"cost saved per QALY lost",'
        f'IF(OR({costs}>{c},{qalys}<-{q}),"dominated",IF(OR({costs}<-{c},{qalys}>{q}),"dominant","equal"))))'
    )


def ratio(costs: str, qalys: str, label: str) -> str:
    """Return the formula of an ICER, or '' where it has a name instead."""
    return f'IF(OR({label}="",{label}="cost saved per QALY lost"),{costs}/{qalys},"")'


def _weight(shortfall: str, cuts: tuple[str, ...], weights: tuple[str, ...]) -> str:
    """Return the formula of the weight of the highest cut-off that is reached."""
    formula = weights[0]
    for cut, weight in zip(cuts, weights[1:], strict=True):
        formula = f"IF({shortfall}>={cut},{weight},{formula})"
    return formula
