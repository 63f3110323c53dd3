"""Price: ICER against the discount, and the discount at which each threshold is met, in closed form.

Cost is linear in the price of a pack. With D0 the live discount, dC the live incremental costs and L the incremental
cost at list price of what is paid for that drug: dC(d) = dC + L (D0 - d), and the ICER meets a threshold T (with
severity weight w) where dC(d) = T w dQ, that is at d = D0 + (dC - T w dQ) / L. The same stands below it without the
background therapy that both strategies take: with dC less its incremental cost B.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from netcea.analyses.threshold.left_out import background_therapy
from netcea.analyses.threshold.price import drugs_of
from netcea.analyses.threshold.result import Drug
from netcea.reporting.figures.style import BLUE, GREY, SILVER
from netcea.reporting.xlsx.page import Page
from netcea.workbook import charts
from netcea.workbook.construction import Construction
from netcea.workbook.sheets.costs import write_costs
from netcea.workbook.sheets.inputs import write_inputs
from netcea.workbook.sheets.results import write_results
from netcea.workbook.sheets.tables import write_tables

STEPS: Final = 20
"""Of the ladder from list price to free."""
NO_ROUNDING: Final = "1E-9"
LAST: Final = 7
"""Last column of the tables; charts stand to the right of it."""
LADDER_ICER: Final = 4
"""Column of the ladder with the ICER."""


@dataclass(frozen=True)
class Price:
    """The sheet.

    Attributes
    ----------
    page : Page
    cells : mapping of name -> cell
        ``price.<threshold>.<basis>``: the discount at which a threshold is met; the same without background therapy
        as ``price.without_background.<threshold>.<basis>``; how much of it would have to go as ``price.to_go...``.
    """

    page: Page
    cells: Mapping[str, str]


def write_price(construction: Construction) -> Price:
    """Write the sheet: one block for each drug that the intervention alone takes."""
    page, drugs = construction.page("Price"), drugs_of(construction.variants.base)
    page.open_with(
        "Price",
        "Cost is linear in the price of a pack, so what the ICER is at any discount, and which "
        "discount meets a threshold, follow exactly from the live results.",
    )
    row = 4
    cells: dict[str, str] = {}
    for number, drug in enumerate(drugs, 1):
        found, row = _write_drug(construction, page, row, drug)
        cells |= {f"price{f'_{number}' if number > 1 else ''}.{name}": cell for name, cell in found.items()}
    if not drugs:
        page.put(row, 1, "No drug is taken by the intervention alone.", "note")
    page.widths(66, *[17.0] * 9)
    page.landscape(last_column=LAST)
    return Price(page, cells)


def _write_drug(construction: Construction, page: Page, row: int, drug: Drug) -> tuple[dict[str, str], int]:
    """Write what is live, the discounts that meet thresholds, and the ladder; return cells and the row after."""
    inputs, costs = construction.written_by(write_inputs), construction.written_by(write_costs)
    cells, thresholds = construction.written_by(write_results).cells, construction.written_by(write_tables).thresholds
    price, discount = inputs.number(drug.price), inputs.number(drug.discount) if drug.discount else ""
    paid = {strategy: costs.at_list_price(price, discount, strategy) for strategy in costs.columns}
    decision = inputs.variants.base.file.decision
    page.put(row, 1, drug.label, "section")
    mine, its = ("+".join(paid[s]) or "0" for s in (decision.intervention, decision.comparator))
    lines = (
        (f"List price of a {drug.pack} (£)", inputs.name(drug.price), "pence"),
        ("Live discount", discount or "0", "percent"),
        ("Incremental cost of it at list price (£), L", f"({mine})-({its})", "pounds"),
        ("Live incremental costs (£)", cells["incremental_costs"], "pounds"),
        ("Live incremental QALYs", cells["incremental_qalys"], "qalys"),
        ("Severity weight", cells["severity_weight"], "result_number"),
    )
    for at, (words, text, style) in enumerate(lines, row + 1):
        page.put(at, 1, words)
        page.formula(at, 2, text, style)
    live = _Live(*(page.at(row + i, 2) for i in range(1, 7)))
    found, row = _write_solutions(page, row + 8, live, thresholds, drug.pack)
    without, row = _write_without_background(construction, page, row, live, drug)
    return found | without, _write_ladder(page, row + 1, live, thresholds, drug)


def _write_without_background(
    construction: Construction, page: Page, row: int, live: _Live, drug: Drug
) -> tuple[dict[str, str], int]:
    """Write the discounts that meet thresholds without the drugs that both strategies take; return cells, row after."""
    inputs, costs = construction.written_by(write_inputs), construction.written_by(write_costs)
    scenarios, thresholds = inputs.variants.scenarios, construction.written_by(write_tables).thresholds
    labels = {n: s.file.costs[n].label for s in scenarios for n in background_therapy(s, drug)}
    decision = inputs.variants.base.file.decision
    mine, its = (
        "+".join(cell for name in labels for cell in costs.discounted.get(strategy, {}).get(name, [])) or "0"
        for strategy in (decision.intervention, decision.comparator)
    )
    if not labels:
        return {}, row
    page.put(row, 1, f"Without background therapy: {', '.join(dict.fromkeys(labels.values()))}", "section")
    page.put(row + 1, 1, "Live incremental cost of it (£), B: left out of the live incremental costs")
    page.formula(row + 1, 2, f"({mine})-({its})", "pounds")
    less = replace(live, costs=f"({live.costs}-{page.at(row + 1, 2)})")
    heading = row + 2
    found, row = _write_solutions(page, heading, less, thresholds, drug.pack)
    cells = {f"without_background.{name}": cell for name, cell in found.items()}
    page.put(heading, 6, "Share of B that would have to go, where no price meets it with B", "heading")
    for at, name in enumerate(found, heading + 1):
        weight = live.weight if name.endswith(".weighted") else "1"
        excess = f"({live.costs}+{live.at_list}*({live.discount}-1)-{page.at(at, 2)}*{weight}*{live.qalys})"
        share = f"{excess}/{page.at(heading - 1, 2)}"
        page.formula(at, 6, f'IF(OR({excess}<=0,{excess}>{page.at(heading - 1, 2)}),"",{share})', "percent")
        cells[f"to_go.{name}"] = page.at(at, 6)
    return cells, row


@dataclass(frozen=True)
class _Live:
    """Cells with what is live."""

    list_price: str
    discount: str
    at_list: str
    costs: str
    qalys: str
    weight: str


def _write_ladder(page: Page, top: int, live: _Live, thresholds: Sequence[str], drug: Drug) -> int:
    """Write ICERs at every discount from none to all, and a chart of them; return the row after."""
    names = [f"Threshold {i}" for i in range(1, len(thresholds) + 1)]
    page.heading(
        top,
        [
            "Discount",
            f"Price of a {drug.pack} (£)",
            "Incremental costs (£)",
            "ICER (£/QALY)",
            "ICER with severity weight (£/QALY)",
            *(f"{name} (£/QALY)" for name in names),
        ],
    )
    page.page_breaks.append(top - 1)
    first, last = top + 1, top + 1 + STEPS
    for i, at in enumerate(range(first, last + 1)):
        page.put(at, 1, i / STEPS, "percent")
        d, costs = page.at(at, 1), page.at(at, 3)
        page.formula(at, 2, f"{live.list_price}*(1-{d})", "pounds")
        page.formula(at, 3, f"{live.costs}+{live.at_list}*({live.discount}-{d})", "pounds")
        for column, qalys in ((4, live.qalys), (5, f"({live.weight}*{live.qalys})")):
            page.formula(at, column, f'IF({live.qalys}>{NO_ROUNDING},{costs}/{qalys},"")', "result_pounds")
        for column, threshold in enumerate(thresholds, 6):
            page.formula(at, column, threshold, "pounds")
    ladder = {"ICER": BLUE, "ICER with severity weight": BLUE, **dict(zip(names, (GREY, SILVER), strict=True))}
    charts.lines(
        page,
        (top, LAST + 2),
        f"ICER against the discount: {drug.label}",
        ("Discount", "£ per QALY"),
        page.span(first, last, 1),
        [
            charts.Line(name, page.span(first, last, column), dashed=column > LADDER_ICER, colour=colour)
            for column, (name, colour) in enumerate(ladder.items(), LADDER_ICER)
        ],
        (1.0, None),
    )
    return last + 3


def _write_solutions(
    page: Page, row: int, live: _Live, thresholds: Sequence[str], pack: str
) -> tuple[dict[str, str], int]:
    """Write the discount at which each threshold is met; return its cells by name and the row after."""
    heads = ("The ICER meets", "Threshold (£/QALY)", "at a discount of", f"that is a {pack} at (£)", "Verdict")
    page.heading(row, heads)
    found, at = {}, row + 1
    for i, threshold in enumerate(thresholds):
        for basis, words, w in (("unweighted", "", "1"), ("weighted", ", with severity weight", live.weight)):
            page.put(at, 1, f"Threshold {i + 1}{words}")
            page.formula(at, 2, threshold, "pounds")
            root = f"{live.discount}+({live.costs}-{page.at(at, 2)}*{w}*{live.qalys})/{live.at_list}"
            page.formula(at, 3, f'IF(ABS({live.at_list})<{NO_ROUNDING},"",{root})', "percent")
            d = page.at(at, 3)
            page.formula(at, 4, f'IF(OR({d}="",{d}>1),"",{live.list_price}*(1-{d}))', "pounds")
            verdict = (
                f'IF({d}="","price has no effect",IF({d}>1,"not even when free",'
                f'IF({d}<0,"met at list price","solved")))'
            )
            page.formula(at, 5, verdict, "result_indented")
            found[f"{i}.{basis}"] = d
            at += 1
    return found, at + 1
