"""Results: totals, the fully incremental table, net health benefit and severity, all by formula."""

from __future__ import annotations

from dataclasses import dataclass

from netcea.decision.incremental import COST_TOLERANCE, QALY_TOLERANCE
from netcea.decision.severity import ON_THE_BOUNDARY
from netcea.workbook.book import Book, Page
from netcea.workbook.costs_sheet import Accounts
from netcea.workbook.inputs_sheet import Inputs
from netcea.workbook.tables_sheet import Tables
from netcea.workbook.trace_sheet import Trace

MEASURES = ("costs", "qalys", "life_years", "undiscounted_costs", "undiscounted_qalys", "undiscounted_life_years")
HEADS = (
    "Costs (£)",
    "QALYs",
    "Life years",
    "Costs, undiscounted (£)",
    "QALYs, undiscounted",
    "Life years, undiscounted",
)


@dataclass
class Results:
    """Cells of results.

    Attributes
    ----------
    page : Page
    cells : mapping of name -> cell
        ``<measure>.<strategy>``, ``icer``, ``incremental_costs``, ``nhb.1`` ...
    """

    page: Page
    cells: dict[str, str]


def write_results(
    book: Book,
    page: Page,
    inputs: Inputs,
    tables: Tables,
    traces: dict[str, Trace],
    accounts: Accounts,
    population: str,
) -> Results:
    """Write the sheet of results."""
    base = inputs.variants.base
    decision = base.file.decision
    cells: dict[str, str] = {}
    page.open_with("Results", "Per patient, discounted unless it says otherwise. Every cell is a formula.")
    page.put(3, 1, "Scenario", "section")
    page.formula(3, 2, "selected_scenario", "live")
    page.put(5, 1, "Totals", "section")
    page.heading(6, ["Strategy", *HEADS])
    for row, (strategy, trace) in enumerate(traces.items(), 7):
        page.put(row, 1, base.label(strategy))
        for column, measure in enumerate(MEASURES, 2):
            style = "result_pounds" if measure.endswith("costs") else "result_qalys"
            page.formula(row, column, _total(trace, accounts, measure), style)
            cells[f"{measure}.{strategy}"] = page.at(row, column)
    row = 7 + len(traces) + 1
    row = _pairwise(page, row, inputs, traces, cells, decision.comparator, decision.intervention)
    row = _severity(page, row, tables, cells, population, decision.established_practice)
    row = _benefits(page, row, base, tables, traces, cells, decision.comparator)
    row = _incremental(page, row, base, traces, cells)
    page.widths(38, 16, 16, 16, 18, 18, 20, 22)
    page.frozen("B5")
    page.landscape()
    for name in ("icer", "incremental_costs", "incremental_qalys", "severity_weight"):
        book.name(f"results.{name}", cells[name])
    return Results(page, cells)


def _total(trace: Trace, accounts: Accounts, measure: str) -> str:
    if measure == "costs":
        return "+".join(trace.total(key) for key in accounts.items[trace.strategy].values()) or "0"
    if measure == "undiscounted_costs":
        return "+".join(accounts.undiscounted.get(trace.strategy, ["0"]))
    keys = [key for key in trace.columns if key.startswith(f"{measure}_")]
    return "+".join(trace.total(key) for key in keys)


def called(costs: str, qalys: str) -> str:
    """Return the formula of what an ICER is called; '' for a plain one."""
    c, q = f"{COST_TOLERANCE:g}", f"{QALY_TOLERANCE:g}"
    return (
        f'IF(AND({costs}>{c},{qalys}>{q}),"",IF(AND({costs}<-{c},{qalys}<-{q}),"cost saved per QALY lost",'
        f'IF(OR({costs}>{c},{qalys}<-{q}),"dominated",IF(OR({costs}<-{c},{qalys}>{q}),"dominant","equal"))))'
    )


def ratio(costs: str, qalys: str, label: str) -> str:
    """Return the formula of an ICER, or '' where it has a name instead."""
    return f'IF(OR({label}="",{label}="cost saved per QALY lost"),{costs}/{qalys},"")'


def _pairwise(
    page: Page,
    row: int,
    inputs: Inputs,
    traces: dict[str, Trace],
    cells: dict[str, str],
    comparator: str,
    intervention: str,
) -> int:
    base = inputs.variants.base
    page.put(row, 1, f"Each strategy against {base.label(comparator)}", "section")
    page.heading(row + 1, ["Strategy", "Incremental costs (£)", "Incremental QALYs", "Incremental life years", "ICER (£/QALY)",
                           "What it is called"])  # fmt: skip
    row += 2
    for strategy in traces:
        if strategy == comparator:
            continue
        page.put(row, 1, base.label(strategy))
        for column, measure in enumerate(("costs", "qalys", "life_years"), 2):
            text = f"{cells[f'{measure}.{strategy}']}-{cells[f'{measure}.{comparator}']}"
            page.formula(row, column, text, "result_pounds" if measure == "costs" else "result_qalys")
            cells[f"incremental_{measure}.{strategy}"] = page.at(row, column)
        costs, qalys = page.at(row, 2), page.at(row, 3)
        page.formula(row, 6, called(costs, qalys), "result_text")
        page.formula(row, 5, ratio(costs, qalys, page.at(row, 6)), "result_pounds")
        cells[f"icer.{strategy}"], cells[f"label.{strategy}"] = page.at(row, 5), page.at(row, 6)
        if strategy == intervention:
            cells |= {"icer": page.at(row, 5), "label": page.at(row, 6), "incremental_costs": costs,
                      "incremental_qalys": qalys, "incremental_life_years": page.at(row, 4)}  # fmt: skip
        row += 1
    return row + 1


def _severity(page: Page, row: int, tables: Tables, cells: dict[str, str], population: str, established: str) -> int:
    page.put(row, 1, "Severity", "section")
    lines = [
        ("QALYs of the general population", "qalys_general_population", population, "result_qalys"),
        ("QALYs with established practice", "qalys_current_care", cells[f"qalys.{established}"], "result_qalys"),
        ("Absolute shortfall", "absolute_shortfall", "{0}-{1}", "result_qalys"),
        ("Proportional shortfall", "proportional_shortfall", "{2}/{0}", "result_qalys"),
        ("Weight by absolute shortfall", "weight_absolute", "", "result_number"),
        ("Weight by proportional shortfall", "weight_proportional", "", "result_number"),
        ("Severity weight", "severity_weight", "MAX({4},{5})", "result_number"),
    ]
    where = [page.at(row + i, 2) for i in range(1, len(lines) + 1)]
    for i, (words, key, text, style) in enumerate(lines):
        page.put(row + 1 + i, 1, words)
        if key.startswith("weight_"):
            cuts = tables.absolute if key == "weight_absolute" else tables.proportional
            shortfall = where[2] if key == "weight_absolute" else where[3]
            slack = f"{ON_THE_BOUNDARY:g}*{where[0]}" if key == "weight_absolute" else f"{ON_THE_BOUNDARY:g}"
            text = tables.weights[0]
            for cut, weight in zip(cuts, tables.weights[1:], strict=True):
                text = f"IF({shortfall}+{slack}>={cut},{weight},{text})"
        page.formula(row + 1 + i, 2, text.format(*where), style)
        cells[key] = where[i]
    return row + len(lines) + 2


def _benefits(
    page: Page, row: int, base: object, tables: Tables, traces: dict[str, Trace], cells: dict[str, str], comparator: str
) -> int:
    page.put(row, 1, "Net health benefit (QALYs) and weighted ICER", "section")
    heads = ["Strategy"]
    for i in range(len(tables.thresholds)):
        heads += [f"NHB at threshold {i + 1}", f"NHB at threshold {i + 1}, weighted"]
    page.heading(row + 1, [*heads, "ICER, weighted (£/QALY)"])
    page.put(row + 2, 1, "Threshold (£/QALY)", "subtitle")
    for i, threshold in enumerate(tables.thresholds):
        for j in (0, 1):
            page.formula(row + 2, 2 + 2 * i + j, threshold, "pounds")
    row += 3
    for strategy in traces:
        if strategy == comparator:
            continue
        page.put(row, 1, base.label(strategy))  # type: ignore[attr-defined]
        costs, qalys = cells[f"incremental_costs.{strategy}"], cells[f"incremental_qalys.{strategy}"]
        for i, threshold in enumerate(tables.thresholds):
            page.formula(row, 2 + 2 * i, f"{qalys}-{costs}/{threshold}", "result_qalys")
            page.formula(row, 3 + 2 * i, f"{cells['severity_weight']}*{qalys}-{costs}/{threshold}", "result_qalys")
            cells[f"nhb.{i}.{strategy}"] = page.at(row, 2 + 2 * i)
            cells[f"weighted_nhb.{i}.{strategy}"] = page.at(row, 3 + 2 * i)
        last = 2 + 2 * len(tables.thresholds)
        icer = cells[f"icer.{strategy}"]
        page.formula(row, last, f'IF({icer}="","",{icer}/{cells["severity_weight"]})', "result_pounds")
        cells[f"weighted_icer.{strategy}"] = page.at(row, last)
        row += 1
    return row + 1


def _incremental(page: Page, row: int, base: object, traces: dict[str, Trace], cells: dict[str, str]) -> int:
    """Write the fully incremental table: dominance and extended dominance by formula, in order of cost."""
    names = list(traces)
    n = len(names)
    page.put(row, 1, "Fully incremental analysis, in order of cost", "section")
    page.heading(row + 1, ["Strategy", "Costs (£)", "QALYs", "Against", "Incremental costs (£)", "Incremental QALYs",
                           "ICER (£/QALY)", "What it is called"])  # fmt: skip
    first, work = row + 2, row + 2 + n + 3
    page.put(
        work - 2,
        1,
        "How it is found: order, dominance, extended dominance, the strategy before on the frontier",
        "note",
    )
    page.heading(work - 1, ["Strategy", "Costs (£)", "QALYs", "Place in order of cost", "Dominated by (row)",
                            "Extendedly dominated", "On the frontier", "Against (row)"])  # fmt: skip
    costs, qalys = page.span(work, work + n - 1, 2), page.span(work, work + n - 1, 3)
    c, q = f"{COST_TOLERANCE:g}", f"{QALY_TOLERANCE:g}"
    for i, name in enumerate(names):
        at = work + i
        page.put(at, 1, base.label(name))  # type: ignore[attr-defined]
        page.formula(at, 2, cells[f"costs.{name}"], "pounds")
        page.formula(at, 3, cells[f"qalys.{name}"], "qalys")
        mine = (page.at(at, 2), page.at(at, 3))
        order = "+".join(
            f"IF(OR({page.at(work + j, 2)}<{mine[0]},AND({page.at(work + j, 2)}={mine[0]},"
            f"OR({page.at(work + j, 3)}>{mine[1]},AND({page.at(work + j, 3)}={mine[1]},{int(names[j] < name)}=1)))),1,0)"
            for j in range(n) if j != i
        )  # fmt: skip
        page.formula(at, 4, f"1+{order}", "integer")
        best = "0"
        for j in range(n):
            if j == i:
                continue
            dc, dq = f"({mine[0]}-{page.at(work + j, 2)})", f"({mine[1]}-{page.at(work + j, 3)})"
            worse = f"AND({dc}>=-{c},{dq}<={q},OR({dc}>{c},{dq}<-{q}))"
            same = f"AND(ABS({dc})<={c},ABS({dq})<={q},{page.at(work + j, 4)}<{page.at(at, 4)})"
            best = f"MAX({best},IF(OR({worse},{same}),{page.at(work + j, 3)}*1000+{n - j}/100+1E6,0))"
        page.formula(at, 5, best, "integer")
        above = [
            f"AND({page.at(work + j, 5)}=0,{page.at(work + k, 5)}=0,{page.at(work + j, 2)}<{mine[0]},"
            f"{page.at(work + j, 3)}<{mine[1]},{page.at(work + k, 3)}>{mine[1]},"
            f"({mine[0]}-{page.at(work + j, 2)})*({page.at(work + k, 3)}-{page.at(work + j, 3)})>"
            f"({page.at(work + k, 2)}-{page.at(work + j, 2)})*({mine[1]}-{page.at(work + j, 3)})*(1+1E-12))"
            for j in range(n) for k in range(n) if len({i, j, k}) == 3
        ]  # fmt: skip
        page.formula(at, 6, f"IF({page.at(at, 5)}>0,0,IF(OR({','.join(above)}),1,0))" if above else "0", "integer")
        page.formula(at, 7, f"IF(AND({page.at(at, 5)}=0,{page.at(at, 6)}=0),1,0)", "integer")
        before = "0"
        for j in range(n):
            if j != i:
                ahead = f"AND({page.at(work + j, 7)}=1,{page.at(work + j, 4)}<{page.at(at, 4)})"
                before = f"MAX({before},IF({ahead},{page.at(work + j, 4)},0))"
        dominator = "+".join(
            f"IF(AND({page.at(at, 5)}>0,ABS({page.at(at, 5)}-({page.at(work + j, 3)}*1000+{n - j}/100+1E6))<1E-9),"
            f"{page.at(work + j, 4)},0)" for j in range(n) if j != i
        )  # fmt: skip
        page.formula(at, 8, f"IF({page.at(at, 5)}>0,{dominator},{before})", "integer")
    order = page.span(work, work + n - 1, 4)
    labels = page.span(work, work + n - 1, 1)
    for place in range(1, n + 1):
        at = first + place - 1
        found = f"MATCH({place},{order},0)"
        page.formula(at, 1, f"INDEX({labels},{found})", "text")
        page.formula(at, 2, f"INDEX({costs},{found})", "result_pounds")
        page.formula(at, 3, f"INDEX({qalys},{found})", "result_qalys")
        versus = f"INDEX({page.span(work, work + n - 1, 8)},{found})"
        its = f"MATCH({versus},{order},0)"
        page.formula(at, 4, f'IF({versus}=0,"",INDEX({labels},{its}))', "text")
        page.formula(at, 5, f'IF({versus}=0,"",{page.at(at, 2)}-INDEX({costs},{its}))', "result_pounds")
        page.formula(at, 6, f'IF({versus}=0,"",{page.at(at, 3)}-INDEX({qalys},{its}))', "result_qalys")
        dominated = f"INDEX({page.span(work, work + n - 1, 5)},{found})>0"
        extended = f"INDEX({page.span(work, work + n - 1, 6)},{found})=1"
        page.formula(at, 8, f'IF({dominated},"dominated",IF({extended},"extendedly dominated",""))', "result_text")
        page.formula(
            at, 7, f'IF(OR({versus}=0,{page.at(at, 8)}<>""),"",{page.at(at, 5)}/{page.at(at, 6)})', "result_pounds"
        )
        cells[f"order.{place}.name"], cells[f"order.{place}.icer"] = page.at(at, 1), page.at(at, 7)
        cells[f"order.{place}.label"], cells[f"order.{place}.versus"] = page.at(at, 8), page.at(at, 4)
    return work + n + 1
