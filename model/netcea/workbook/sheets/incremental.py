"""Fully incremental analysis by formula: order of cost, dominance, extended dominance, ICERs along the frontier."""

from __future__ import annotations

from collections.abc import Mapping

from netcea.decision.incremental import COST_DECIMALS, QALY_DECIMALS
from netcea.reporting.xlsx.page import Page

TOP = 4
"""Row of the first table of steps."""
HEADS = (
    "Strategy",
    "Costs (£)",
    "QALYs",
    "Against",
    "Incremental costs (£)",
    "Incremental QALYs",
    "ICER (£/QALY)",
    "How to read the ICER",
)
STEPS = ("Strategy", "Costs (£)", "QALYs", "Place in order of cost")
SORTED = (
    "Strategy",
    "Costs (£)",
    "QALYs",
    "Dominated by (place)",
    "Equal to (place)",
    "Extendedly dominated",
    "Against (place)",
)


def write_incremental(
    page: Page, row: int, steps: Page, names: Mapping[str, str], cells: Mapping[str, str], same: tuple[str, str, str]
) -> tuple[dict[str, str], int]:
    """Write the table, and the steps that lead to it on a sheet of their own.

    Parameters
    ----------
    page : Page
    row : int
        Of the title.
    steps : Page
    names : mapping of strategy -> label
    cells : mapping of name -> cell
        With costs and QALYs of every strategy.
    same : cells with the tolerances of costs, QALYs and ICERs

    Returns
    -------
    mapping of name -> cell
        ``order.<place>.<what>`` of the table.
    int
        The row after it.
    """
    n = len(names)
    page.put(row, 1, "Fully incremental analysis, in order of cost", "section")
    page.heading(row + 1, HEADS)
    steps.open_with(
        "Fully incremental analysis: how it is found",
        "Order of cost, dominance, extended dominance, the "
        "strategy before on the frontier. The table itself is on the sheet Results.",
    )
    steps.widths(38, *[14.0] * 16)
    steps.landscape()
    _order(steps, TOP, names, cells)
    middle = TOP + n + 2
    _judge(steps, middle, TOP + 1, n, same)
    found: dict[str, str] = {}
    for place in range(1, n + 1):
        found |= _line(page, steps, row + 1 + place, middle, place, n)
    return found, row + n + 3


def _order(page: Page, top: int, names: Mapping[str, str], cells: Mapping[str, str]) -> None:
    """Write strategies with their places: by cost, then falling QALYs, then name."""
    page.heading(top, STEPS)
    keys = list(names)
    for i, name in enumerate(keys):
        at = top + 1 + i
        page.put(at, 1, names[name])
        page.formula(at, 2, cells[f"costs.{name}"], "pounds")
        page.formula(at, 3, cells[f"qalys.{name}"], "qalys")
        cost, qaly = _rounded(page, at)
        before = ["1"]
        for j, other in enumerate(keys):
            if j != i:
                c, q = _rounded(page, top + 1 + j)
                tie = f"{q}>={qaly}" if other < name else f"{q}>{qaly}"
                before.append(f"IF(OR({c}<{cost},AND({c}={cost},{tie})),1,0)")
        page.formula(at, 4, "+".join(before), "integer")


def _rounded(page: Page, at: int) -> tuple[str, str]:
    """Return costs and QALYs by which strategies are put in order: spreadsheet programs compare 15 digits, not all."""
    return f"ROUND({page.at(at, 2)},{COST_DECIMALS})", f"ROUND({page.at(at, 3)},{QALY_DECIMALS})"


def _judge(page: Page, middle: int, first: int, n: int, same: tuple[str, str, str]) -> None:
    """Write strategies in order, who dominates them, and whom they are compared with."""
    small_cost, small_qaly, small_ratio = same
    verdict, gain = len(SORTED) + 1, len(SORTED) + 1 + n
    heads = [
        *SORTED,
        *(f"Against place {j}: 1 dominated, 2 equal" for j in range(1, n + 1)),
        *(f"QALYs of place {j} where it dominates" for j in range(1, n + 1)),
    ]
    page.heading(middle, heads)
    places = page.span(first, first + n - 1, 4)
    for i in range(1, n + 1):
        at = middle + i
        for column, style in ((1, "text"), (2, "pounds"), (3, "qalys")):
            found = f"MATCH({i},{places},0)"
            page.formula(at, column, f"INDEX({page.span(first, first + n - 1, column)},{found})", style)
        cost, qaly = page.at(at, 2), page.at(at, 3)
        for j in range(1, n + 1):
            if j == i:
                page.put(at, verdict + j - 1, 0, "integer")
                continue
            dc, dq = f"({cost}-{page.at(middle + j, 2)})", f"({qaly}-{page.at(middle + j, 3)})"
            worse = f"AND({dc}>=-{small_cost},{dq}<={small_qaly},OR({dc}>{small_cost},{dq}<-{small_qaly}))"
            equal = f"IF(AND(ABS({dc})<={small_cost},ABS({dq})<={small_qaly}),2,0)" if j < i else "0"
            page.formula(at, verdict + j - 1, f"IF({worse},1,{equal})", "integer")
        verdicts = page.span(at, at, verdict, verdict + n - 1)
        gains = page.span(at, at, gain, gain + n - 1)
        kind = f"IF(COUNTIF({verdicts},1)>0,1,2)"
        for j in range(1, n + 1):
            mine = f'IF({page.at(at, verdict + j - 1)}={kind},{_rounded(page, middle + j)[1]},"")'
            page.formula(at, gain + j - 1, mine, "qalys")
        best = f"MATCH(MAX({gains}),{gains},0)"
        page.formula(at, 4, f"IF(COUNTIF({verdicts},1)>0,{best},0)", "integer")
        page.formula(at, 5, f"IF(AND(COUNTIF({verdicts},1)=0,COUNTIF({verdicts},2)>0),{best},0)", "integer")
        page.formula(at, 6, _extended(page, middle, i, n, small_ratio), "integer")
        on = [f"IF({_frontier(page, middle + j)},{j},0)" for j in range(1, i)]
        page.formula(at, 7, f"MAX(0,{','.join(on)})" if on else "0", "integer")


def _undominated(page: Page, at: int) -> str:
    return f"{page.at(at, 4)}+{page.at(at, 5)}=0"


def _frontier(page: Page, at: int) -> str:
    return f"{page.at(at, 4)}+{page.at(at, 5)}+{page.at(at, 6)}=0"


def _extended(page: Page, middle: int, i: int, n: int, small: str) -> str:
    """Return the formula that is 1 above a line between a cheaper and a dearer strategy."""
    at, above = middle + i, []
    for j in range(1, i):
        for k in range(i + 1, n + 1):
            low, high = middle + j, middle + k
            before = f"({page.at(at, 2)}-{page.at(low, 2)})*({page.at(high, 3)}-{page.at(at, 3)})"
            after = f"({page.at(high, 2)}-{page.at(at, 2)})*({page.at(at, 3)}-{page.at(low, 3)})"
            both = f"{_undominated(page, low)},{_undominated(page, high)}"
            above.append(f"AND({both},{before}>{after}*(1+{small}))")
    return f"IF({_undominated(page, at)},IF(OR({','.join(above)}),1,0),0)" if above else "0"


def _line(page: Page, steps: Page, at: int, middle: int, place: int, n: int) -> dict[str, str]:
    """Write one row of the table; return its cells by name."""
    mine = middle + place
    page.formula(at, 1, steps.at(mine, 1), "text")
    page.formula(at, 2, steps.at(mine, 2), "result_pounds")
    page.formula(at, 3, steps.at(mine, 3), "result_qalys")
    dominator, equal, extended = steps.at(mine, 4), steps.at(mine, 5), steps.at(mine, 6)
    versus = f"IF({dominator}>0,{dominator},IF({equal}>0,{equal},{steps.at(mine, 7)}))"

    def of(column: int) -> str:
        return f"INDEX({steps.span(middle + 1, middle + n, column)},{versus})"

    page.formula(at, 4, f'IF({versus}=0,"",{of(1)})', "indented")
    page.formula(at, 5, f'IF({versus}=0,"",{page.at(at, 2)}-{of(2)})', "result_pounds")
    page.formula(at, 6, f'IF({versus}=0,"",{page.at(at, 3)}-{of(3)})', "result_qalys")
    called = f'IF({dominator}>0,"dominated",IF({equal}>0,"equal",IF({extended}=1,"extendedly dominated","")))'
    page.formula(at, 8, called, "result_text")
    ratio = f"{page.at(at, 5)}/{page.at(at, 6)}"
    page.formula(at, 7, f'IF(OR({versus}=0,{page.at(at, 8)}<>""),"",{ratio})', "result_pounds")
    columns = {"name": 1, "versus": 4, "icer": 7, "label": 8}
    return {f"order.{place}.{what}": page.at(at, column) for what, column in columns.items()}
