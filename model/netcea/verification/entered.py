"""Tests of how numbers enter the model: units, price years, the record, figures that curves are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from netcea.engine.simulate import simulate
from netcea.plain_number import read
from netcea.survival.curve import CurveModel
from netcea.survival.family_names import family_words
from netcea.verification.perturbed import Perturbed, near, total, unlike
from netcea.verification.verdict import Found, black_box, explained, holds, not_applicable

A_YEAR_IN_DAYS: Final = 365.25
TO_MODEL: Final = {
    "months": 1.0 / 12.0,
    "weeks": 7.0 / A_YEAR_IN_DAYS,
    "days": 1.0 / A_YEAR_IN_DAYS,
    "per month": 12.0,
    "per week": A_YEAR_IN_DAYS / 7.0,
    "per day": A_YEAR_IN_DAYS,
}
"""Unit -> the factor to years or per year, written out again; 1 of every other."""
ONE_HALF: Final = 0.5
IN_A_CYCLE: Final = 0.01
"""Share by which a median read from the edges of cycles may differ from that of the curve itself."""
MISSED: Final = 2.0
"""Standard errors by which a curve may miss a figure that it was made to meet without that being said."""
BETTER: Final = "verification.better"
ONE: Final = "verification.one"
"""Columns of what the hazards of all baseline curves are multiplied and divided by."""


@black_box("X10", "Numbers enter the model in years, per year and in pounds of its price year")
def entered(here: Perturbed) -> Found:
    """Convert every number again."""
    scenario, faults, uprated = here.scenario, [], 0
    for address, quantity in scenario.quantities.items():
        factor = TO_MODEL.get(quantity.unit, 1.0)
        if quantity.index:
            uprated += 1
            factor *= _index(here, quantity.index, quantity.price_year)
        used = float(here.base[address][0, 0])
        if not near(used, quantity.value * factor):
            faults.append(
                f"{address} enters as {read(used, 8)}, {read(quantity.value * factor, 8)} by its unit and year"
            )
    n = len(scenario.quantities)
    return holds(faults, f"{n} numbers by their units, {uprated} of them uprated", {"uprated": float(uprated)})


def _index(here: Perturbed, name: str, year: str) -> float:
    """Return what money of a year is in money of the scenario's price year, by an index."""
    wanted, values = here.scenario.file.settings.price_year, here.scenario.price_indices[name].values
    return 1.0 if year == wanted else float(values[wanted]) / float(values[year])


@black_box("E17", "Higher inflation makes costs dearer, and nothing else")
def inflation(here: Perturbed) -> Found:
    """Raise every cost that is uprated, as an index a tenth higher would."""
    quantities = here.scenario.quantities
    year = here.scenario.file.settings.price_year
    uprated = [a for a in here.money() if quantities[a].index and quantities[a].price_year != year]
    if not uprated:
        return not_applicable("No cost is uprated: every price is of the scenario's price year, or has no index.")
    found = here.at(here.scaled(uprated, 1.1))
    faults, figures = [], {}
    for name in here.scenario.strategies:
        before, after = (total(o, "costs", name) for o in (here.outcomes, found))
        figures[name] = after - before
        if after < before - 1e-9 or after > before * 1.1 + 1e-9:
            faults.append(f"costs of {name} move from {read(before, 8)} to {read(after, 8)}")
        if not near(total(found, "qalys", name), total(here.outcomes, "qalys", name)):
            faults.append(f"QALYs of {name} move")
    if not faults and not any(figures.values()):
        return explained(f"none of {len(uprated)} uprated costs is paid at the point estimates", figures)
    return holds(faults, f"{len(uprated)} uprated costs a tenth higher: dearer by at most that", figures)


@black_box("R7", "Results come again from what was recorded: the files, the changes and the digest")
def comes_again(here: Perturbed) -> Found:
    """Load the scenario again, from its files and its changes, and run it."""
    again = here.again()
    faults = list(
        unlike(here.outcomes, simulate(again, here.row({}, again)), {n: n for n in here.scenario.strategies}, 0.0)
    )
    if again.digest != here.scenario.digest:
        faults.append(f"the digest is {again.digest[:12]}, recorded {here.scenario.digest[:12]}")
    return holds(faults, f"to the last bit, with the digest {here.scenario.digest[:12]}")


@black_box("R6", "A better baseline means longer life and more QALYs with every strategy")
def better_baseline(here: Perturbed) -> Found:
    """Lower the hazard of death of every curve that is not made of another by a fifth."""
    curves = {a: _better(a, model) for a, model in here.scenario.curves.items()}
    if all(curves[a] is model for a, model in here.scenario.curves.items()):
        return not_applicable("Every curve of overall survival has crossover removed: its hazard has a factor already.")
    found = here.at({BETTER: 0.8, ONE: 1.0}, replace(here.scenario, curves=curves))
    faults, figures = [], {}
    for name in here.scenario.strategies:
        for measure in ("life_years", "qalys"):
            gain = total(found, f"undiscounted_{measure}", name) - total(here.outcomes, f"undiscounted_{measure}", name)
            figures[f"{name}: {measure}"] = gain
            if gain < -1e-9:
                faults.append(f"{name}: {read(gain, 4)} {measure.replace('_', ' ')} where fewer die at the baseline")
    if not faults and not any(abs(gain) > 1e-9 for gain in figures.values()):
        faults.append("the hazard of death of the baseline moves nothing")
    return holds(faults, "more life years and QALYs of every strategy at a hazard of death a fifth lower", figures)


def _better(address: str, model: CurveModel) -> CurveModel:
    if not address.endswith(".os") or model.relative_to or model.ratio_with_crossover:
        return model
    return replace(model, ratio_with_crossover=BETTER, ratio_without_crossover=ONE)


def _named(here: Perturbed, address: str) -> str:
    """Return a curve as people call it: its endpoint and strategy."""
    _, strategy, endpoint = address.split(".", 2)
    called = endpoint.upper() if endpoint in ("pfs", "os") else endpoint.replace("_", " ").replace(".", ", ")
    return f"{called} of {here.scenario.label(strategy)}"


@black_box("P6", "A hazard ratio is laid on a curve that it was estimated with")
def ratio_goes_with_its_curve(here: Perturbed) -> Found:
    """Look for hazard ratios on curves that were fitted by themselves."""
    apart = []
    for address, model in here.scenario.curves.items():
        if model.relative_to is None or not (model.hazard_ratio or model.hazard_ratios):
            continue
        reference = here.scenario.curves[model.relative_to].distribution
        family = "" if reference is None else f" ({family_words(reference.name)})"
        apart.append(f"{_named(here, address)} is {_named(here, model.relative_to)}{family} times a hazard ratio")
    if not apart:
        return not_applicable("No curve is another times a hazard ratio.")
    return explained(
        f"{'; '.join(apart)}: the ratio is of a Cox model, the curve was made without it, so that proportional hazards "
        "are an assumption; other ratios, families and an end of the effect are for scenarios to show"
    )


@black_box("X11", "Curves go through the published figures that they are made of")
def curves_meet_their_figures(here: Perturbed) -> Found:
    """Read medians and survival from the curves, between the edges of cycles."""
    fitted = {figure.address: figure for fit in here.scenario.fits for figure in fit.figures}
    faults, missed, figures = [], [], {}
    for name, endpoint, address in _figures_of_curves(here):
        found, figure = _read_again(here, name, endpoint, address), fitted.get(address)
        if found is None:
            continue
        figures[f"{name} {endpoint}: {address}"] = found
        unit = here.scenario.quantities[address].unit
        stated = here.scenario.quantities[address].value if figure is None else figure.modelled
        if not near(found, stated, IN_A_CYCLE):
            faults.append(f"{address} is {read(found, 4)} {unit} in the curve, {read(stated, 4)} by what it is made of")
        miss = None if figure is None or not figure.used else figure.miss_in_standard_errors
        if figure is not None and miss is not None and abs(miss) > MISSED:
            missed.append(
                f"{address}: {read(figure.published, 4)} {unit} is {read(figure.modelled, 4)} in the curve, "
                f"{abs(miss):.1f} standard errors away"
            )
    if not figures:
        return not_applicable("No curve is made of published medians or survival that lie within the horizon.")
    if faults or not missed:
        return holds(faults, f"{len(figures)} medians and survivals, read from the curves cycle by cycle", figures)
    return explained(f"{'; '.join(missed)}: the other figures of the fit do not allow it", figures)


def _figures_of_curves(here: Perturbed) -> Iterator[tuple[str, str, str]]:
    """Yield strategy, endpoint and address of each figure that a curve is made of, unless something else moves it."""
    for name, strategy in here.scenario.file.strategies.items():
        for endpoint, curve in (("pfs", strategy.pfs), ("os", strategy.os)):
            model = here.scenario.curves[f"strategies.{name}.{endpoint}"]
            if model.background_mortality == "excess" or model.ratio_with_crossover or model.waning_towards:
                continue
            named = (
                [f"{curve.trial}.median_{curve.arm}"] if curve.trial else [curve.median or "", *(curve.figures or [])]
            )
            yield from ((name, endpoint, address) for address in named if address in here.scenario.quantities)


def _read_again(here: Perturbed, name: str, endpoint: str, address: str) -> float | None:
    """Return a median or a survival as the curve has it, in the figure's unit; None of others, and beyond the horizon.

    Where mortality of the population raises a curve's hazard, its figures are not those it was made of either.
    """
    quantity, trace = here.scenario.quantities[address], here.traces[name]
    t = trace.edges["time_years"]
    logs = np.log(np.maximum(trace.edges[f"{endpoint}_curve"], 1e-300))
    floor = here.scenario.curves[f"strategies.{name}.{endpoint}"].background_mortality != "none"
    if quantity.figure_kind == "survival_at" and quantity.at_months is not None:
        years = quantity.at_months / 12.0
        return None if years > t[-1] or floor else float(np.exp(np.interp(years, t, logs)))
    if quantity.figure_kind != "median" or logs[-1] > np.log(ONE_HALF):
        return None
    years = float(np.interp(-np.log(ONE_HALF), -logs, t))
    held = floor and _on_the_floor(here, name, years)
    return None if held else years / TO_MODEL.get(quantity.unit, 1.0)


def _on_the_floor(here: Perturbed, name: str, until: float) -> bool:
    """Say whether the hazard of death is the population's in a cycle before a time."""
    trace = here.traces[name]
    before = trace.edges["time_years"][1:] <= until
    own = -np.diff(np.log(np.maximum(trace.edges["os_curve"], 1e-300)))
    return bool(np.any(own[before] <= trace.cycles["population_hazard"][before] * (1.0 + FLOORED)))


FLOORED: Final = 1e-9
"""Share of the population's hazard by which one on the floor may be above it by rounding."""
