"""The places of the panel: what is typed, the answer in a sentence, tables and figures that follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from netcea.submission.page.table_html import figure_html, live_table_html, text_html

INCREMENTAL: Final = (
    "Technologies",
    "Total costs (£)",
    "Total LYG",
    "Total QALYs",
    "Versus",
    "Incremental costs (£)",
    "Incremental LYG",
    "Incremental QALYs",
    "ICER versus baseline (£/QALY)",
    "ICER incremental (£/QALY)",
    "Severity weight",
    "Weighted incremental QALYs",
    "Weighted ICER incremental (£/QALY)",
)
BENEFIT: Final = (
    "Technologies",
    "Threshold (£/QALY)",
    "Incremental NHB",
    "Severity weight",
    "Weighted incremental NHB",
)
PRICE: Final = ("Basis", "Threshold (£/QALY)", "Severity weight", "Discount", "Price of a pack")
DRAWS: Final = ("Intervention against comparator", "Deterministic", "Probabilistic", "Monte Carlo SE", "95% interval")
INCREMENTAL_DRAWS: Final = (
    "Technologies",
    "Mean total costs (£)",
    "Mean total QALYs",
    "Versus",
    "Incremental costs (£)",
    "Incremental QALYs",
    "ICER incremental (£/QALY)",
    "Weighted ICER incremental (£/QALY)",
)
PAIR: Final = 2
PROBABILITY: Final = (
    "Strategy",
    "Threshold (£/QALY)",
    "Probability of the highest net benefit",
    "With severity weight",
)
WORDS: Final = (
    "Type a discount for a drug, or what a QALY may cost: everything here follows at once, exactly as a run with that "
    "discount gives it. What is typed stays in this page."
)
LEFT_OUT: Final = "Without a field, since the price or its discount is itself uncertain:"
INCREMENTAL_TITLE: Final = "Fully incremental results at the prices typed"
BENEFIT_TITLE: Final = "Incremental net health benefit (QALYs) against the comparator"
INCREMENTAL_DRAWS_TITLE: Final = "Probabilistic results (fully incremental), means of draws at the prices typed"
DRAWS_TITLE: Final = "Deterministic and probabilistic at the prices typed"
PROBABILITY_TITLE: Final = "Probability of the highest net benefit at the prices typed"
LADDER_TITLE: Final = "Price ladder: ICER or net health benefit over the discount"
CEAC_TITLE: Final = "Acceptability curves (CEAC) and frontier (CEAF): over the thresholds that matter"
PLANE_TITLE: Final = "Cost-effectiveness plane: draws at the prices typed"


def panel_html(about: Mapping[str, Any], marking: str) -> str:
    """Return the panel, empty: the script fills it.

    Parameters
    ----------
    about : mapping
        What the panel works with.
    marking : str
        Of the run.
    """
    tables = [
        live_table_html("live-incremental", INCREMENTAL_TITLE, INCREMENTAL, marking),
        live_table_html("live-benefit", BENEFIT_TITLE, BENEFIT, marking),
    ]
    figures = []
    if about["drugs"]:
        tables.append(live_table_html("live-price", "Price ladder", PRICE, marking))
        figures.append(figure_html("ladder", LADDER_TITLE, said="ladder-none"))
    if about["draws"]:
        if len(about["strategies"]) > PAIR:
            made = live_table_html("live-incremental-draws", INCREMENTAL_DRAWS_TITLE, INCREMENTAL_DRAWS, marking)
            tables.append(made)
        tables.append(live_table_html("live-draws", DRAWS_TITLE, DRAWS, marking))
        tables.append(live_table_html("live-probability", PROBABILITY_TITLE, PROBABILITY, marking))
        figures += [figure_html("ceac", CEAC_TITLE), figure_html("plane", PLANE_TITLE)]
    without = ", ".join(about["left_out"])
    words = f"{WORDS} {LEFT_OUT} {without}." if without else WORDS
    return (
        f"<p>{text_html(words)}</p>"
        '<form id="controls" class="controls js" aria-label="Prices and threshold"></form><p id="answer"></p>'
        f'{tables[0]}<div class="figures">{"".join(figures)}</div>{"".join(tables[1:])}'
    )
