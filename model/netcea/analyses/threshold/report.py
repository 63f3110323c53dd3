"""The report of `netcea threshold`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from netcea.analyses.shared.effects import thresholds_of
from netcea.analyses.threshold import unmet
from netcea.analyses.threshold.left_out_tables import without_on_screen, without_table
from netcea.analyses.threshold.price import drugs_of
from netcea.analyses.threshold.price_ladder import price_ladder
from netcea.analyses.threshold.record import record_of
from netcea.analyses.threshold.result import ThresholdResult
from netcea.analyses.threshold.tables import (
    ladder_on_screen,
    ladder_table,
    price_on_screen,
    price_table,
    values_on_screen,
    values_table,
)
from netcea.reporting.number_format import plain, pounds
from netcea.reporting.report import Report
from netcea.reporting.table import Table
from netcea.sampling.held import sentences

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def report(result: ThresholdResult) -> Report:
    """Return tables, price ladder and JSON of threshold analysis."""
    tables: tuple[Table, ...] = (values_table(result), values_on_screen(result))
    on_screen: tuple[str, ...] = ("threshold_values_screen",)
    if result.prices:
        tables = (
            price_table(result),
            price_on_screen(result),
            without_table(result),
            without_on_screen(result),
            ladder_table(result),
            ladder_on_screen(result),
        )
        on_screen = ("price_screen", "price_without_screen", "price_ladder_screen")
    thresholds = " and ".join(pounds(t) for t in thresholds_of(result.scenario))
    return Report(
        analysis="threshold",
        title=f"{result.scenario.file.name}: where the ICER meets {thresholds}",
        scenario=result.scenario,
        options=result.options.model_dump(mode="json"),
        record=record_of(result),
        read_first=result.read_first,
        tables=tables,
        on_screen=on_screen,
        lines=tuple(_sentences(result)),
        figures=_figures(result),
        stated=_stated(result),
    )


def _stated(result: ThresholdResult) -> frozenset[str]:
    """Return what states its prices itself: ladders of the only drug that has a confidential one."""
    if not unmet.states_its_prices(result.scenario, [price.drug for price in result.prices]):
        return frozenset()
    names = ("price", "price_screen", "price_without", "price_without_screen", "price_ladder", "price_ladder_screen")
    return frozenset({*names, "prices", "lines"})


def _sentences(result: ThresholdResult) -> list[str]:
    found: list[str] = []
    for price in result.prices:
        label = plain(price.drug.label)
        found += unmet.sentences(result.scenario, price)
        if price.drug.also_paid_by:
            paid = ", ".join(plain(text) for text in price.drug.also_paid_by)
            found.append(f"The same price is paid for: {paid}; it changes with the discount too.")
        if price.drug.discount_now > 0.0:
            found.append(f"The scenario's own discount on {label} is {price.drug.discount_now:.1%}.")
        if price.probabilistic is not None:
            found += sentences(result.scenario, price.probabilistic.held, price.probabilistic.draws)
    if not result.prices:
        found.append(
            "Cost-effective above (below): incremental net health benefit is above 0 at higher (lower) values. "
            "Looked for between the 0.1% and 99.9% quantiles, over the range, or between the bounds given."
        )
        found += [f"{plain(s.quantity.label)}: {s.quantity.note}." for s in result.values if s.quantity.note]
        found += _prices_without_meeting(result)
    return list(dict.fromkeys(found))


def _prices_without_meeting(result: ThresholdResult) -> Iterator[str]:
    """Yield where to find what stands in the way, for each price or discount of a drug that never meets a threshold."""
    of = {address: drug for drug in drugs_of(result.scenario) for address in (drug.price, drug.discount)}
    for solution in result.values:
        drug = of.get(solution.quantity.address)
        if drug is not None and not solution.meetings and max(solution.nhb_low, solution.nhb_high) < 0.0:
            yield (
                f"{plain(solution.quantity.label)}: a threshold is met nowhere between these bounds; `netcea "
                f"threshold` without --address says what stands in the way of a price of {plain(drug.label)}."
            )


def _figures(result: ThresholdResult) -> dict[str, Callable[[], Figure]]:
    several = len(result.prices) > 1
    return {
        f"price_ladder_{price.drug.items[0]}" if several else "price_ladder": partial(price_ladder, result, price)
        for price in result.prices
    }
