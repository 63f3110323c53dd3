"""The report of `netcea threshold`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from netcea.analyses.shared.effects import thresholds_of
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
        tables = (price_table(result), price_on_screen(result), ladder_table(result), ladder_on_screen(result))
        on_screen = ("price_screen", "price_ladder_screen")
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
    drugs = [price.drug for price in result.prices]
    own = {address for drug in drugs for address in (drug.price, drug.discount)}
    if len(drugs) != 1 or not set(result.scenario.prices.secret) <= own:
        return frozenset()
    names = ("price", "price_screen", "price_ladder", "price_ladder_screen")
    return frozenset({*names, "prices", "lines"})


def _sentences(result: ThresholdResult) -> list[str]:
    found = []
    for price in result.prices:
        label = plain(price.drug.label)
        if all(s.status == "not even when free" for s in price.ladder.solutions):
            free = price.ladder.effects[-1]
            what = f"ICER {pounds(free.icer)}" if free.icer is not None and not free.label else free.label
            found.append(f"No price of {label} meets a threshold: not even when free ({what}).")
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
    return list(dict.fromkeys(found))


def _figures(result: ThresholdResult) -> dict[str, Callable[[], Figure]]:
    several = len(result.prices) > 1
    return {
        f"price_ladder_{price.drug.items[0]}" if several else "price_ladder": partial(price_ladder, result, price)
        for price in result.prices
    }
