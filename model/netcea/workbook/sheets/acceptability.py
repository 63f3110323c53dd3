"""Acceptability on the sheet PSA: who has the highest net benefit, the frontier, the value of perfect information."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from netcea.reporting.xlsx.page import Page
from netcea.workbook.sheets.psa_tables import as_it_is

THRESHOLDS: Final = 41
"""Of the curves, from 0 to three times the highest of the method pack."""


def write_acceptability(
    page: Page,
    row: int,
    labels: Mapping[str, str],
    spans: Mapping[str, str],
    highest: str,
    while_known: Callable[[str], str] = as_it_is,
) -> dict[str, str]:
    """Write a row for each threshold, with unweighted QALYs.

    Parameters
    ----------
    page : Page
    row : int
        Of the title.
    labels : mapping of strategy -> label
    spans : mapping of ``<outcome>.<strategy>`` -> range of all draws
    highest : cell
        The highest threshold of the method pack.
    while_known : function of a formula
        Returns what is written in its place, where the draws may not be there.

    Returns
    -------
    mapping of name -> cell
        ``threshold``, ``evpi`` and ``frontier`` with the number of the row; ``ceac.<number>.<strategy>``.
    """
    n, names = len(labels), list(labels)
    page.put(row, 1, "Acceptability and the expected value of perfect information, unweighted QALYs", "section")
    page.heading(
        row + 1,
        [
            "Threshold (£/QALY)",
            *(f"{label}: probability" for label in labels.values()),
            "Highest mean net benefit",
            "Its probability (frontier)",
            "EVPI per patient (£)",
            *(f"{label}: mean net benefit (£)" for label in labels.values()),
        ],
    )
    step = f"ROUNDUP(3*{highest}/{THRESHOLDS - 1},-3)"
    found = {}
    for i, at in enumerate(range(row + 2, row + 2 + THRESHOLDS)):
        page.formula(at, 1, f"{i}*{step}" if i else "0", "pounds")
        _write_threshold(page, at, labels, spans, while_known)
        for what, column in (("evpi", n + 4), ("frontier", n + 3), ("threshold", 1)):
            found[f"{what}.{i}"] = page.at(at, column)
        for column, name in enumerate(names, 2):
            found[f"ceac.{i}.{name}"] = page.at(at, column)
    return found


def _write_threshold(
    page: Page, at: int, labels: Mapping[str, str], spans: Mapping[str, str], while_known: Callable[[str], str]
) -> None:
    """Write one row: in each draw the strategy with the highest net benefit counts, the first of several."""
    n, names, cut = len(labels), list(labels), page.at(at, 1)

    def write(row: int, column: int, text: str, style: str) -> None:
        page.formula(row, column, while_known(text), style)

    benefit = [f"({cut}*{spans[f'qalys.{name}']}-{spans[f'costs.{name}']})" for name in names]
    best = [
        "*".join(f"({mine}>{'=' if a < b else ''}{other})" for b, other in enumerate(benefit) if b != a) or "1"
        for a, mine in enumerate(benefit)
    ]
    count = f"COUNT({spans[f'costs.{names[0]}']})"
    for a, name in enumerate(names):
        mean = f"{cut}*AVERAGE({spans[f'qalys.{name}']})-AVERAGE({spans[f'costs.{name}']})"
        write(at, 2 + a, f"SUMPRODUCT({best[a]}*1)/{count}", "percent")
        write(at, n + 5 + a, mean, "pounds")
    means = page.span(at, at, n + 5, n + 4 + n)
    first = f"MATCH(MAX({means}),{means},0)"
    heads = ",".join(f'"{label.replace(chr(34), chr(39))}"' for label in labels.values())
    write(at, n + 2, f"CHOOSE({first},{heads})", "indented")
    write(at, n + 3, f"INDEX({page.span(at, at, 2, n + 1)},1,{first})", "percent")
    perfect = "+".join(f"SUMPRODUCT({best[a]}*{benefit[a]})" for a in range(n))
    write(at, n + 4, f"MAX(0,({perfect})/{count}-MAX({means}))", "pence")
