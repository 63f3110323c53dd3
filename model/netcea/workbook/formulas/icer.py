"""Formulas of an ICER, of what it is called where it is none, and of the severity weight."""

from __future__ import annotations

from collections.abc import Sequence


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


def severity_weight(shortfall: str, cuts: Sequence[str], weights: Sequence[str]) -> str:
    """Return the formula of the weight of the highest cut-off that is reached.

    >>> severity_weight("B1", ["12", "18"], ["1", "1.2", "1.7"])
    'IF(B1>=18,1.7,IF(B1>=12,1.2,1))'
    """
    formula = weights[0]
    for cut, weight in zip(cuts, weights[1:], strict=True):
        formula = f"IF({shortfall}>={cut},{weight},{formula})"
    return formula
