"""What the panel of the page needs: costs by drug of the point estimates and of every draw, QALYs, rules, prices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.analyses.psa.external_rows import external_columns, external_rows
from netcea.analyses.shared.totals import general_population_qalys, totals_of
from netcea.arrays import Array
from netcea.draws import Draws
from netcea.engine.point_estimates import base_case
from netcea.plain_number import read
from netcea.reporting.number_format import plain
from netcea.sampling.sampler import Sampler
from netcea.scenario.drug_prices import drug_prices
from netcea.submission.page.packed import COSTS, QALYS, packed
from netcea.submission.page.price_parts import DrugCost, drug_costs, full_price, left_out, price_parts

if TYPE_CHECKING:
    from netcea.analyses.base_case.result import BaseCaseResult
    from netcea.analyses.psa.result import PsaResult
    from netcea.scenario.scenario import Scenario

MOST_DRAWS: Final = 20_000
"""Draws that travel with the page: more would make it too large to send."""
FEW: Final = 8
"""Draws that are simulated again, to see that they are the run's."""
AGREES: Final = 1e-9
"""How far their costs may be from the run's, as a share of them: rounding. [share]"""


@dataclass(frozen=True)
class PanelData:
    """What travels with the page for its panel.

    Attributes
    ----------
    about : mapping
        As JSON.
    draws : str
        Packed columns of the draws; empty without a probabilistic analysis.
    """

    about: Mapping[str, Any]
    draws: str


def panel_of(case: BaseCaseResult, psa: PsaResult | None) -> PanelData:
    """Return what the panel needs of a base case, and of a probabilistic analysis where there is one.

    Parameters
    ----------
    case : BaseCaseResult
        Of the scenario.
    psa : PsaResult or None
        Of the same scenario.

    Raises
    ------
    ValueError
        The draws of the probabilistic analysis are not those of the scenario.
    """
    scenario, judged = case.scenario, case.case
    drugs, names = drug_costs(scenario), scenario.strategies
    parts = price_parts(scenario, base_case(scenario), drugs)[..., 0]
    totals = [judged.strategies[name] for name in names]
    about: dict[str, Any] = {
        "strategies": list(names),
        "intervention": names.index(judged.intervention),
        "comparator": names.index(judged.comparator),
        "thresholds": list(judged.thresholds),
        "severity_weight": judged.severity.severity_weight,
        "weight_at_means": psa.severity_weight_at_means if psa else judged.severity.severity_weight,
        "drugs": [_drug(scenario, drug, part) for drug, part in zip(drugs, parts, strict=True)],
        "left_out": [plain(scenario.quantities[price].label or price) for price in left_out(scenario)],
        "base": {
            "fixed": _fixed(np.array([found.costs for found in totals]), parts, drugs).tolist(),
            "parts": parts.tolist(),
            "qalys": [found.qalys for found in totals],
            "life_years": [found.life_years for found in totals],
        },
        "draws": None,
    }
    if psa is None:
        return PanelData(about, "")
    columns = list(_columns(scenario, psa, drugs))
    made = packed([(values, steps) for _, values, steps in columns])
    about["draws"] = {
        "n": len(columns[0][1]),
        "of": psa.totals.n,
        "columns": [told | how for (told, _, _), how in zip(columns, made.columns, strict=True)],
    }
    return PanelData(about, made.text)


def severity_words(case: BaseCaseResult) -> str:
    """Return where the severity weight comes from, in a sentence.

    Parameters
    ----------
    case : BaseCaseResult
        Of the scenario.
    """
    severity, scenario = case.case.severity, case.scenario
    practice = plain(scenario.label(case.case.established_practice))
    population = float(general_population_qalys(scenario, base_case(scenario))[0])
    return (
        f"Severity weight {read(severity.severity_weight)} by the QALYs of {practice} "
        f"({severity.qalys_current_care:.3f}) and of the general population ({population:.3f}): "
        f"absolute shortfall {severity.absolute_shortfall:.3f} QALYs, "
        f"proportional {severity.proportional_shortfall:.1%}. QALYs depend on no price, so neither does the weight."
    )


def _drug(scenario: Scenario, drug: DrugCost, part: Array) -> dict[str, Any]:
    """Return a drug as the panel shows it; of a confidential price what it costs in this run, which is a result."""
    decision, costs = scenario.file.decision, scenario.file.costs
    paying = [costs[name] for name in drug.items]
    prices = drug_prices(scenario)
    words = "; ".join(dict.fromkeys(prices[price].words.partition(",")[0] for price in drug.prices))
    also = [plain(item.label) for item in paying[1:]]
    note = f"{words[:1].upper()}{words[1:]}; {', '.join(drug.prices)}"
    return {
        "label": plain(drug.label),
        "address": drug.address,
        "paid": None if drug.hidden else drug.paid,
        "now": (drug.paid * part).tolist() if drug.hidden else None,
        "hidden": drug.hidden,
        "own": any(i.applies_to(decision.intervention) and not i.applies_to(decision.comparator) for i in paying),
        "pack": drug.pack,
        "prices": [{"address": price, "value": full_price(scenario, price)} for price in drug.prices],
        "note": note + (f". Also changes: {', '.join(also)}" if also else ""),
    }


def _fixed(costs: Array, parts: Array, drugs: Sequence[DrugCost]) -> Array:
    """Return costs without any of the drugs, Array (strategy, ...). [GBP]"""
    return costs - sum((drug.paid * part for drug, part in zip(drugs, parts, strict=True)), np.zeros_like(costs))


def _columns(
    scenario: Scenario, psa: PsaResult, drugs: Sequence[DrugCost]
) -> Iterator[tuple[dict[str, Any], Array, float]]:
    """Yield what each column of draws is, its numbers, and its steps per unit."""
    n = min(psa.totals.n, MOST_DRAWS)
    rows = _rows(scenario, psa, n)
    costs, qalys = psa.totals.costs[:, :n], psa.totals.qalys[:, :n]
    again = totals_of(scenario, rows.rows(0, FEW)).costs
    if not np.allclose(again, costs[:, :FEW], rtol=AGREES, atol=AGREES):
        raise ValueError("the draws of the probabilistic analysis are not those of this scenario")
    parts = price_parts(scenario, rows, drugs)
    fixed = _fixed(costs, parts, drugs)
    for s in range(len(scenario.strategies)):
        yield {"kind": "fixed", "strategy": s}, fixed[s], COSTS
        yield {"kind": "qalys", "strategy": s}, qalys[s], QALYS
        for k in range(len(drugs)):
            if np.any(parts[k, s]):
                yield {"kind": "part", "drug": k, "strategy": s}, parts[k, s], COSTS


def _rows(scenario: Scenario, psa: PsaResult, n: int) -> Draws:
    """Return the first rows of parameters of a probabilistic analysis."""
    if psa.options.parameters:
        return external_rows(scenario, external_columns(scenario, Path(psa.options.parameters)), 0, n)
    return Sampler(scenario, psa.options.seed, psa.options.sampling).rows(0, n)
