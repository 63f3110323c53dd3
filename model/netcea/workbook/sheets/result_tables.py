"""Tables of the sheet Results: totals, severity, net health benefit, and what totals are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from netcea.costs.adverse_events import TimedEvent
from netcea.reporting.xlsx.page import Page
from netcea.workbook.formulas.icer import called, ratio, severity_weight
from netcea.workbook.sheets.costs import Costs, item_label
from netcea.workbook.sheets.tables import Tables
from netcea.workbook.sheets.trace import Trace
from netcea.workbook.variants import Variants

TOTALS: Final = {"costs": "Costs (£)", "life_years": "Life years", "qalys": "QALYs"}
INCREMENTS: Final = ("Incremental costs (£)", "Incremental life years", "Incremental QALYs")
EVENTS: Final = f"{TimedEvent.category.name}."
"""How the keys of adverse events begin."""


@dataclass(frozen=True)
class ResultTables:
    """The tables of the sheet; each takes its first row and returns the next one's."""

    page: Page
    variants: Variants
    rules: Tables
    traces: Mapping[str, Trace]
    costs: Costs
    cells: dict[str, str]

    @property
    def names(self) -> dict[str, str]:
        """Return strategy -> label."""
        return {name: self.variants.base.label(name) for name in self.traces}

    @property
    def same(self) -> tuple[str, str, str]:
        """Return cells with differences that are rounding."""
        return self.rules.same

    def base_case(self, row: int) -> int:
        """Write totals and, against the comparator, increments and ICERs."""
        page, cells, decision = self.page, self.cells, self.variants.base.file.decision
        versus = decision.comparator
        page.put(row, 1, f"Costs, life years and QALYs, against {self.names[versus]}", "section")
        page.heading(row + 1, ["Strategy", *TOTALS.values(), *INCREMENTS, "ICER (£/QALY)", "How to read the ICER"])
        rows = {name: row + 2 + i for i, name in enumerate(self.traces)}
        for name, at in rows.items():
            page.put(at, 1, self.names[name])
            for column, measure in enumerate(TOTALS, 2):
                self._formula(at, column, self._total(name, measure), _style(measure), f"{measure}.{name}")
        for name, at in rows.items():
            if name != versus:
                self._against(at, name, versus)
        for what in ("icer", "label", *(f"incremental_{measure}" for measure in TOTALS)):
            cells[what] = cells[f"{what}.{decision.intervention}"]
        return row + 3 + len(rows)

    def _against(self, at: int, name: str, versus: str) -> None:
        """Write increments of a strategy and its ICER."""
        cells = self.cells
        for column, measure in enumerate(TOTALS, 5):
            text = f"{cells[f'{measure}.{name}']}-{cells[f'{measure}.{versus}']}"
            self._formula(at, column, text, _style(measure), f"incremental_{measure}.{name}")
        costs, qalys = cells[f"incremental_costs.{name}"], cells[f"incremental_qalys.{name}"]
        self._formula(at, 9, called(costs, qalys, self.same), "result_text", f"label.{name}")
        self._formula(at, 8, ratio(costs, qalys, cells[f"label.{name}"]), "result_pounds", f"icer.{name}")

    def severity(self, row: int, population: str) -> int:
        """Write both shortfalls and the weight, from the cell with the general population's QALYs."""
        page, rules = self.page, self.rules
        established = self.variants.base.file.decision.established_practice
        page.put(row, 1, "Severity", "section")
        general, mine, absolute, proportional, one, other = (page.at(row + i, 2) for i in range(1, 7))
        slack = rules.on_the_boundary
        by_absolute = severity_weight(f"{absolute}+{slack}*{general}", rules.absolute, rules.weights)
        by_proportional = severity_weight(f"{proportional}+{slack}", rules.proportional, rules.weights)
        current = self.cells[f"qalys.{established}"]
        lines = (
            ("QALYs of the general population", "qalys_general_population", population, "result_qalys"),
            (f"QALYs with {self.names[established]}", "qalys_current_care", current, "result_qalys"),
            ("Absolute shortfall (QALYs)", "absolute_shortfall", f"{general}-{mine}", "result_qalys"),
            ("Proportional shortfall", "proportional_shortfall", f"{absolute}/{general}", "result_qalys"),
            ("Weight by absolute shortfall", "weight_absolute", by_absolute, "result_number"),
            ("Weight by proportional shortfall", "weight_proportional", by_proportional, "result_number"),
            ("Severity weight", "severity_weight", f"MAX({one},{other})", "result_number"),
        )
        for at, (words, key, text, style) in enumerate(lines, row + 1):
            page.put(at, 1, words)
            self._formula(at, 2, text, style, key)
        return row + len(lines) + 2

    def benefits(self, row: int) -> int:
        """Write net health benefit at each threshold, and ICERs with the severity weight."""
        page, cells, weight = self.page, self.cells, self.cells["severity_weight"]
        page.put(row, 1, "Net health benefit (QALYs), and the ICER with the severity weight", "section")
        kinds = [(i, weighted) for i in range(len(self.rules.thresholds)) for weighted in (False, True)]
        heads = [f"Threshold {i + 1}{', with severity weight' if weighted else ''}" for i, weighted in kinds]
        page.heading(row + 1, ["Strategy", *heads, "ICER with severity weight (£/QALY)"])
        page.put(row + 2, 1, "Threshold (£/QALY)", "note")
        for column, (i, _) in enumerate(kinds, 2):
            page.formula(row + 2, column, self.rules.thresholds[i], "pounds")
        others = [name for name in self.names if name != self.variants.base.file.decision.comparator]
        for at, name in enumerate(others, row + 3):
            page.put(at, 1, self.names[name])
            costs, qalys, icer = (
                cells[f"{what}.{name}"] for what in ("incremental_costs", "incremental_qalys", "icer")
            )
            for column, (i, weighted) in enumerate(kinds, 2):
                text = f"{f'{weight}*' if weighted else ''}{qalys}-{costs}/{page.at(row + 2, column)}"
                self._formula(at, column, text, "result_qalys", f"{'weighted_' if weighted else ''}nhb.{i}.{name}")
            text = f'IF({icer}="","",{icer}/{weight})'
            self._formula(at, 2 + len(kinds), text, "result_pounds", f"weighted_icer.{name}")
        return row + 4 + len(others)

    def undiscounted(self, row: int) -> int:
        """Write totals without discounting."""
        page = self.page
        page.put(row, 1, "Without discounting", "section")
        page.heading(row + 1, ["Strategy", *TOTALS.values()])
        for at, name in enumerate(self.traces, row + 2):
            page.put(at, 1, self.names[name])
            for column, measure in enumerate(TOTALS, 2):
                key = f"undiscounted_{measure}"
                self._formula(at, column, self._total(name, key), _style(measure), f"{key}.{name}")
        return row + 3 + len(self.traces)

    def parts(self, row: int) -> None:
        """Write what totals are made of: costs by item, QALYs and life years by state."""
        page = self.page
        page.put(row, 1, "What the totals are made of", "section")
        page.heading(row + 1, ["Costs by item (£), QALYs and life years by state", *self.names.values()])
        for at, (words, key, style) in enumerate(self._parts(), row + 2):
            page.put(at, 1, words)
            for column, (name, trace) in enumerate(self.traces.items(), 2):
                if key in trace.columns:
                    self._formula(at, column, trace.total(key), style, f"part.{key}.{name}")

    def _parts(self) -> Iterable[tuple[str, str, str]]:
        """Yield words, key of the column and style of each part."""
        for item in dict.fromkeys(item for name in self.traces for item in self.costs.columns[name]):
            yield self._item(item), f"costs_{item}", "pounds"
        for measure, words in (("qalys", "QALYs"), ("life_years", "Life years")):
            for key in dict.fromkeys(k for t in self.traces.values() for k in t.columns if k.startswith(f"{measure}_")):
                of = key.removeprefix(f"{measure}_")
                of = self._item(of).lower() if of.startswith(EVENTS) else of.replace("_", "-" if "free" in of else " ")
                yield f"{words}, {of}", key, "qalys"

    def _item(self, key: str) -> str:
        """Return what tables call a cost item or an adverse event."""
        event = key.startswith(EVENTS)
        address = f"adverse_events.events.{key.removeprefix(EVENTS)}" if event else f"costs.{key}"
        return item_label(self.variants.choices[address].values)

    def _total(self, strategy: str, measure: str) -> str:
        """Return the formula of a total."""
        trace = self.traces[strategy]
        if measure == "costs":
            return "+".join(trace.total(key) for key in self.costs.columns[strategy].values()) or "0"
        if measure == "undiscounted_costs":
            return "+".join(self.costs.undiscounted.get(strategy, ["0"]))
        return "+".join(trace.total(key) for key in trace.columns if key.startswith(f"{measure}_"))

    def _formula(self, row: int, column: int, text: str, style: str, name: str) -> None:
        """Write a formula into a cell that others know by a name."""
        self.page.formula(row, column, text, style)
        self.cells[name] = self.page.at(row, column)


def _style(measure: str) -> str:
    return "result_pounds" if measure.endswith("costs") else "result_qalys"
