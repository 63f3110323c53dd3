"""Price: ICER against the discount, and the discount at which each threshold is met, in closed form.

Cost is linear in the price of a pack. With D0 the live discount, dC the live incremental costs and L the incremental
cost at list price of what is paid for that drug: dC(d) = dC + L (D0 - d), and the ICER meets a threshold T (with
severity weight w) where dC(d) = T w dQ, that is at d = D0 + (dC - T w dQ) / L.
"""

from __future__ import annotations

from typing import Final

from netcea.analyses.threshold.price import drugs_of
from netcea.analyses.threshold.result import Drug
from netcea.reporting.xlsx.book import Book
from netcea.reporting.xlsx.page import Page
from netcea.workbook.sheets import charts
from netcea.workbook.sheets.costs import Costs
from netcea.workbook.sheets.inputs import Inputs
from netcea.workbook.sheets.tables import Tables

STEPS: Final = 20
"""Of the ladder from list price to free."""
NO_ROUNDING: Final = "1E-9"


def write_price(book: Book, inputs: Inputs, costs: Costs, tables: Tables, cells: dict[str, str]) -> Page:
    """Write the sheet: one block for each drug that the intervention alone takes."""
    page = book.page("Price", "7030A0")
    page.open_with(
        "Price",
        "Cost is linear in the price of a pack, so what the ICER is at any discount, and which "
        "discount meets a threshold, follow exactly from the live results.",
    )
    row = 4
    drugs = drugs_of(inputs.variants.base)
    for number, drug in enumerate(drugs, 1):
        row = _drug(page, row, inputs, costs, tables, cells, drug, number)
    if not drugs:
        page.put(row, 1, "No drug is taken by the intervention alone.", "note")
    page.widths(52, *[17.0] * 9)
    page.landscape()
    return page


def _drug(
    page: Page, row: int, inputs: Inputs, costs: Costs, tables: Tables, cells: dict[str, str], drug: Drug, number: int
) -> int:
    price, discount = inputs.number(drug.price), inputs.number(drug.discount) if drug.discount else ""
    paid = {strategy: costs.at_list_price(price, discount, strategy) for strategy in costs.columns}
    decision = inputs.variants.base.file.decision
    page.put(row, 1, drug.label, "section")
    mine, its = ("+".join(paid[s]) or "0" for s in (decision.intervention, decision.comparator))
    weight, delta_costs, delta_qalys = (cells[k] for k in ("severity_weight", "incremental_costs", "incremental_qalys"))
    lines = (
        (f"List price of a {drug.pack} (£)", inputs.name(drug.price), "pence"),
        ("Live discount", discount or "0", "percent"),
        ("Incremental cost of it at list price (£), L", f"({mine})-({its})", "pounds"),
        ("Live incremental costs (£)", delta_costs, "pounds"),
        ("Live incremental QALYs", delta_qalys, "qalys"),
        ("Severity weight", weight, "result_number"),
    )
    for at, (words, text, style) in enumerate(lines, row + 1):
        page.put(at, 1, words)
        page.formula(at, 2, text, style)
    list_price, now, linear, costs_now, qalys, w = (page.at(row + i, 2) for i in range(1, 7))
    row = _solutions(page, row + 8, (list_price, now, linear, costs_now, qalys, w), tables, drug.pack)
    top = row + 1
    page.heading(
        top,
        [
            "Discount",
            f"Price of a {drug.pack} (£)",
            "Incremental costs (£)",
            "ICER (£/QALY)",
            "ICER with severity weight (£/QALY)",
            *(f"Threshold {i + 1} (£/QALY)" for i in range(len(tables.thresholds))),
        ],
    )
    for i in range(STEPS + 1):
        at = top + 1 + i
        page.put(at, 1, i / STEPS, "percent")
        d = page.at(at, 1)
        page.formula(at, 2, f"{list_price}*(1-{d})", "pounds")
        page.formula(at, 3, f"{costs_now}+{linear}*({now}-{d})", "pounds")
        page.formula(at, 4, f'IF({qalys}>{NO_ROUNDING},{page.at(at, 3)}/{qalys},"")', "result_pounds")
        page.formula(at, 5, f'IF({qalys}>{NO_ROUNDING},{page.at(at, 3)}/({w}*{qalys}),"")', "result_pounds")
        for j, threshold in enumerate(tables.thresholds, 6):
            page.formula(at, j, threshold, "pounds")
    heads = ["ICER", "ICER with severity weight", *(f"Threshold {i + 1}" for i in range(len(tables.thresholds)))]
    charts.lines(
        page,
        f"I{row - 8}",
        f"ICER against the discount: {drug.label}",
        ("Discount", "£ per QALY"),
        (page, 1, top + 1, top + 1 + STEPS),
        [(name, page, 4 + i, i > 1) for i, name in enumerate(heads)],
        (1.0, None),
    )
    book_name = "price" if number == 1 else f"price_{number}"
    cells |= {
        f"{book_name}.{k}": page.at(row - len(tables.thresholds) * 2 - 1 + i, 3) for i, k in enumerate(_bases(tables))
    }
    return top + STEPS + 4


def _bases(tables: Tables) -> list[str]:
    return [f"{i}.{basis}" for i in range(len(tables.thresholds)) for basis in ("unweighted", "weighted")]


def _solutions(page: Page, row: int, live: tuple[str, ...], tables: Tables, pack: str) -> int:
    """Write the discount at which each threshold is met; return the row after."""
    list_price, now, linear, costs, qalys, weight = live
    page.heading(
        row, ["The ICER meets", "Threshold (£/QALY)", "at a discount of", f"that is a {pack} at (£)", "Verdict"]
    )
    at = row + 1
    for i, threshold in enumerate(tables.thresholds):
        for words, w in (("", "1"), (", with severity weight", weight)):
            page.put(at, 1, f"Threshold {i + 1}{words}")
            page.formula(at, 2, threshold, "pounds")
            root = f"{now}+({costs}-{page.at(at, 2)}*{w}*{qalys})/{linear}"
            page.formula(at, 3, f'IF(ABS({linear})<{NO_ROUNDING},"",{root})', "percent")
            d = page.at(at, 3)
            page.formula(at, 4, f'IF(OR({d}="",{d}>1),"",{list_price}*(1-{d}))', "pounds")
            page.formula(
                at,
                5,
                f'IF({d}="","price has no effect",IF({d}>1,"not even when free",'
                f'IF({d}<0,"met at list price","solved")))',
                "result_text",
            )
            at += 1
    return at + 1
