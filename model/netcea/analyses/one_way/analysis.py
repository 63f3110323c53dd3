"""One-way sensitivity: each quantity at a low and a high value while all others keep their point estimates.

Figures of a fitted curve move with the curve fitted again, and blocks as a whole: `shared.moved_blocks`.

For quantity q with bounds q_low, q_high the model is run at (base with q = q_low) and (base with q = q_high): one base
row and two rows a quantity, all in one simulation. Quantities are ranked by the range of incremental net health benefit
at the lower threshold, max - min over (low, base, high): NHB is linear in costs and QALYs, has no pole where
incremental QALYs are near 0, and falls where the decision gets worse, none of which holds for an ICER. Beside it
stands what each source explains of the variance of NHB: `netcea.analyses.one_way.variance`.

References
----------
TECH-VER checklist (Buyukkaramikli et al. 2019, PharmacoEconomics 37:1391-1408): bounds of one-way analysis are
quantiles of the probabilistic analysis' own distributions, jointly estimated parameters are not moved alone, low <=
base <= high.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, TypeAlias

import numpy as np

from netcea.analyses.analysis import Analysis
from netcea.analyses.one_way.discount_rates import rates_of, varied_rates, with_rate
from netcea.analyses.one_way.record import OneWayRecord
from netcea.analyses.one_way.result import Moved, OneWayResult
from netcea.analyses.one_way.variance import Explained, explained, source_of, with_ranges
from netcea.analyses.read_first.registry import read_first
from netcea.analyses.shared.effects import effects_of
from netcea.analyses.shared.moved_blocks import stacked
from netcea.analyses.shared.totals import Totals, joined, totals_of, varied
from netcea.analyses.shared.varied_quantities import VariedQuantity, not_moved, varied_quantities
from netcea.draws import Draws
from netcea.engine.point_estimates import base_case
from netcea.reporting.report import Report
from netcea.scenario.options import OneWayOptions
from netcea.scenario.scenario import Scenario

WHERE = "--address (or analyses.one_way.addresses)"


Moves: TypeAlias = tuple[VariedQuantity, ...]
Worked: TypeAlias = tuple[Moves, Totals, tuple[Explained, ...]]


class OneWay(Analysis[OneWayOptions, Worked, OneWayResult]):
    """Each quantity at a low and a high value, one at a time."""

    name: ClassVar = "one_way"
    options = OneWayOptions
    record = OneWayRecord

    def parts(self, scenario: Scenario, options: OneWayOptions) -> list[tuple[Moves]]:
        """Return one part: every quantity, with its bounds.

        Raises
        ------
        InputError
            An address or a bound is wrong.
        """
        return [(quantities_of(scenario, options),)]

    def work(
        self,
        scenario: Scenario,
        options: OneWayOptions,  # noqa: ARG002 - the quantities follow from them
        quantities: Moves,
    ) -> Worked:
        """Simulate the base row and two rows a quantity; of a discount rate, the base row with either rate; sources."""
        rates = rates_of(scenario)
        parts = [totals_of(scenario, rows_of(scenario, (q for q in quantities if q.address not in rates)))]
        for rate in (q for q in quantities if q.address in rates):
            ends = (with_rate(scenario, rate.address, end) for end in (rate.low, rate.high))
            parts += [totals_of(changed, base_case(changed)) for changed in ends]
        return quantities, joined(parts), explained(scenario)

    def summarise(self, scenario: Scenario, options: OneWayOptions, values: Iterable[Worked]) -> OneWayResult:
        """Return every quantity, ranked; in order of address where what is written is redacted."""
        ((quantities, totals, sources),) = values
        base, *ends = effects_of(scenario, totals)
        same = unchanged(totals)
        found = [
            Moved(quantity, ends[2 * i], ends[2 * i + 1], base, not (same[2 * i + 1] and same[2 * i + 2]))
            for i, quantity in enumerate(quantities)
        ]
        ranges = {m.quantity.address: m.nhb_range() for m in sorted(found, key=_widest_first) if m.has_effect}
        variance = with_ranges(sources, source_of(scenario, sources), ranges)
        if scenario.prices.redacted:  # rank and effect depend on confidential prices
            variance = tuple(sorted(variance, key=lambda source: source.name))
            moved, idle = sorted(found, key=lambda m: m.quantity.address), []
        else:
            ranked = (m for m in found if m.has_effect)
            moved = sorted(ranked, key=_widest_first)
            idle = [m for m in found if not m.has_effect]
            variance = tuple(source for source in variance if source.sd_nhb > 0.0)
        return OneWayResult(
            scenario=scenario,
            read_first=read_first(scenario),
            options=options,
            base=base,
            moved=tuple(moved),
            no_effect=tuple(idle),
            not_moved=not_moved(scenario),
            variance=variance,
        )

    def report(self, result: OneWayResult) -> Report:
        """Return tables, figures and JSON."""
        from netcea.analyses.one_way.report import report

        return report(result)


def _widest_first(moved: Moved) -> tuple[float, str]:
    return -moved.nhb_range(), moved.quantity.address


def quantities_of(scenario: Scenario, options: OneWayOptions) -> Moves:
    """Return the quantities to move, with their bounds: numbers of inputs/, then the discount rates asked for."""
    rates = rates_of(scenario)
    bounds = {address: ends for address, ends in options.bounds.items() if address not in rates}
    addresses = [address for address in options.addresses if address not in rates]
    asked = dict.fromkeys(a for a in (*options.addresses, *options.bounds) if a in rates)
    found: Moves = ()
    if addresses or bounds or not options.addresses:
        found = varied_quantities(scenario, addresses, bounds, where=WHERE)
    return (*found, *varied_rates(scenario, {a: options.bounds.get(a) for a in asked}, WHERE))


def rows_of(scenario: Scenario, quantities: Iterable[VariedQuantity]) -> Draws:
    """Return the base row, then for each quantity a row at its low and one at its high value."""
    base, chosen = base_case(scenario), list(quantities)
    moves = []
    for i, quantity in enumerate(chosen):
        values = np.full(1 + 2 * len(chosen), np.nan)
        values[1 + 2 * i : 3 + 2 * i] = quantity.low, quantity.high
        moves.append((quantity.address, values))
    return varied(base, stacked(scenario, moves, base.columns)) if moves else base


def unchanged(totals: Totals) -> list[bool]:
    """Say of each row whether it has the costs, QALYs and severity weight of the first, of every strategy.

    Bit for bit: a quantity that the model does not use leaves every sum as it was.
    """
    same = np.all((totals.costs == totals.costs[:, :1]) & (totals.qalys == totals.qalys[:, :1]), axis=0)
    return [bool(x) for x in same & (totals.severity_weight == totals.severity_weight[0])]
