"""Threshold analysis: the value of a quantity, or the price, at which the ICER meets each threshold.

Quantities that are asked for are solved for numerically (`threshold_values`); without any, the discount and the pack
price of the drugs that the intervention alone takes, in closed form, with a ladder from list price to free
(`threshold_price`), and on request for means over the draws of a probabilistic analysis.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, TypeAlias

from netcea.analyses.analysis import Analysis
from netcea.analyses.read_first.registry import read_first
from netcea.analyses.shared.effects import effects_of
from netcea.analyses.shared.totals import totals_of
from netcea.analyses.shared.varied_quantities import VariedQuantity, varied_quantities
from netcea.analyses.threshold.price import (
    CHUNK,
    DrawsAtEnds,
    draws_at_ends,
    drugs_of,
    ladder_of,
    ladder_steps,
    probabilistic_ladder,
)
from netcea.analyses.threshold.record import ThresholdRecord
from netcea.analyses.threshold.result import Drug, DrugPrice, Ladder, ThresholdResult
from netcea.analyses.threshold.unmet import no_price_lines
from netcea.analyses.threshold.values import TAIL, values_meeting
from netcea.engine.point_estimates import base_case
from netcea.errors import Place
from netcea.reporting.report import Report
from netcea.scenario.options import ThresholdOptions
from netcea.scenario.scenario import Scenario

Part: TypeAlias = tuple[str, int, int, int]
"""'values', 'ladder' or 'draws'; the number of the drug; first and last draw (not included)."""
WHERE = "--address (or analyses.threshold.addresses)"
WHERE_DRAWS = "--draws (or analyses.threshold.probabilistic_draws)"


class Threshold(Analysis[ThresholdOptions, Any, ThresholdResult]):
    """The value of a quantity, or the price, at which the ICER meets each threshold."""

    name: ClassVar = "threshold"
    options = ThresholdOptions
    record = ThresholdRecord

    def parts(self, scenario: Scenario, options: ThresholdOptions) -> list[Part]:
        """Return the values; or a ladder for each drug, and ranges of draws.

        Raises
        ------
        InputError
            An address or a bound is wrong, there is no drug to price, or draws were asked for with quantities.
        """
        if options.addresses or options.bounds:
            quantities_of(scenario, options)
            if options.probabilistic_draws:
                found = f"{options.probabilistic_draws:,} draws together with addresses"
                hint = "leave out --address to solve for the price"
                raise Place(WHERE_DRAWS).error(found, "draws for the price alone", hint)
            return [("values", 0, 0, 0)]
        drugs = drugs_of(scenario)
        if not drugs:
            found = "no drug that the intervention takes and the comparator does not"
            raise Place(WHERE).error(found, "quantities to solve for", "add --address ADDRESS")
        if options.probabilistic_draws == 1:
            raise Place(WHERE_DRAWS).error("1 draw", "at least 2")
        made: list[Part] = []
        for number in range(len(drugs)):
            made.append(("ladder", number, 0, 0))
            n = options.probabilistic_draws
            made += [("draws", number, start, min(start + CHUNK, n)) for start in range(0, n, CHUNK)]
        return made

    def work(self, scenario: Scenario, options: ThresholdOptions, kind: str, number: int, start: int, stop: int) -> Any:
        """Solve for the quantities, make a drug's ladder, or simulate a range of draws at list price and for free."""
        if kind == "values":
            return values_meeting(scenario, quantities_of(scenario, options))
        drug = drugs_of(scenario)[number]
        if kind == "ladder":
            return ladder_of(scenario, drug, options.ladder_step)
        return draws_at_ends(scenario, drug, options.seed, start, stop)

    def summarise(self, scenario: Scenario, options: ThresholdOptions, values: Iterable[Any]) -> ThresholdResult:
        """Return every solution."""
        (base,) = effects_of(scenario, totals_of(scenario, base_case(scenario)))
        known = read_first(scenario)
        if options.addresses or options.bounds:
            (solutions,) = values
            return ThresholdResult(scenario, options, base, solutions, (), read_first=known)
        done = list(zip(self.parts(scenario, options), values, strict=True))
        prices = []
        for number, drug in enumerate(drugs_of(scenario)):
            mine = [(kind, value) for (kind, at, _, _), value in done if at == number]
            ladder: Ladder = mine[0][1]
            drawn: list[DrawsAtEnds] = [value for kind, value in mine if kind == "draws"]
            prices.append(DrugPrice(drug, ladder, _over_draws(scenario, options, drug, drawn) if drawn else None))
        first = (*no_price_lines(scenario, prices), *known)
        return ThresholdResult(scenario, options, base, (), tuple(prices), read_first=first)

    def report(self, result: ThresholdResult) -> Report:
        """Return tables, figures and JSON."""
        from netcea.analyses.threshold.report import report

        return report(result)


def quantities_of(scenario: Scenario, options: ThresholdOptions) -> tuple[VariedQuantity, ...]:
    """Return the quantities to solve for; those with given bounds when no other is named."""
    addresses = options.addresses or list(options.bounds)
    return varied_quantities(scenario, addresses, options.bounds, tail=TAIL, anything=True, where=WHERE)


def _over_draws(scenario: Scenario, options: ThresholdOptions, drug: Drug, drawn: list[DrawsAtEnds]) -> Ladder:
    steps = ladder_steps(options.ladder_step)
    return probabilistic_ladder(scenario, drug, steps, DrawsAtEnds.joined(drawn), options.seed)
