"""What the figures of the page are drawn from: survival curves, numbers at risk, the tornado, how strategies look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from netcea.analyses.base_case.comparisons import published_figures
from netcea.analyses.base_case.evidence_tables import ENDPOINTS
from netcea.analyses.base_case.figures.published import published
from netcea.analyses.base_case.figures.time_axis import time_axis
from netcea.arrays import Array
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.engine.trace import Trace, traces
from netcea.fitting.kaplan_meier import kaplan_meier
from netcea.quantities.units import MONTHS_PER_YEAR
from netcea.reporting.amounts import amount
from netcea.reporting.figures.style import HIGH_COLOUR, LOW_COLOUR, Look, looks
from netcea.reporting.number_format import plain
from netcea.reporting.table import Cell, Column, Table
from netcea.scenario.trial_record import NOTHING, ObservedArm

if TYPE_CHECKING:
    from netcea.analyses.base_case.result import BaseCaseResult
    from netcea.analyses.one_way.result import Moved, OneWayResult
    from netcea.analyses.shared.effects import Effect
    from netcea.scenario.scenario import Scenario

DASHES: Final = {"-": "", "--": "7 4", "-.": "8 3 2 3", ":": "2 3"}
"""Line style of matplotlib -> the same of SVG."""
TITLES: Final = {
    "pfs": ("Progression-free survival", "Progression-free"),
    "os": ("Overall survival", "Alive"),
    "ttd": ("Time on treatment", "On treatment"),
}
COLUMNS: Final = {"pfs": "progression_free", "ttd": "on_treatment"}
DIGITS: Final = 9
"""Decimals of shares of patients that travel with the page."""
AT_RISK_EVERY, MOST_TIMES = 6, 13
"""Months between numbers at risk; how many at most."""
LANDMARKS: Final = (0, 3, 6, 9, 12, 18, 24, 36, 48, 60, 84, 120, 180, 240)
"""Months at which the tables below the curves read them."""


def strategy_looks(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """Return strategy -> its name and how it is drawn: as in every figure, and in the workbook.

    Parameters
    ----------
    scenario : Scenario
        As loaded.
    """
    found = looks(scenario.strategies, scenario.file.decision.comparator)
    return {
        name: {
            "name": plain(scenario.label(name)),
            "colour": look.colour,
            "dash": _dashes(look),
            "width": look.linewidth,
        }
        for name, look in found.items()
    }


def _dashes(look: Look) -> str:
    """Return dashes and gaps as SVG has them; empty for a solid line. [pixels]"""
    if isinstance(look.linestyle, str):
        return DASHES[look.linestyle]
    return " ".join(f"{length * look.linewidth:.1f}" for length in look.linestyle[1])


class Survival:
    """Survival curves of a scenario and what was observed.

    Attributes
    ----------
    scenario : Scenario
    case : BaseCaseResult or None
        For published figures; None where they are not shown.
    """

    def __init__(self, scenario: Scenario, case: BaseCaseResult | None) -> None:
        self.scenario, self.case = scenario, case
        self.traces = traces(Grid.of(scenario), base_case(scenario))
        self.times: Array = next(iter(self.traces.values())).edges["time_years"]
        addresses = [figure.address for figure in published_figures(scenario)]
        record = NOTHING if scenario.related is None else scenario.related.trial_record(addresses)
        self.arms = [arm for arm in record.arms if _is_named(arm, addresses, scenario)]

    def curve(self, endpoint: str, name: str) -> Array:
        """Return a strategy's curve after every adjustment, Array (edge,). [share]

        Parameters
        ----------
        endpoint : {'pfs', 'os', 'ttd'}
            Which.
        name : str
            The strategy.
        """
        edges = self.traces[name].edges
        return 1.0 - edges["dead"] if endpoint == "os" else edges[COLUMNS[endpoint]]

    def drawn(self, endpoint: str) -> list[str]:
        """Return the strategies whose curve is drawn: all, but of time on treatment those that treat.

        Parameters
        ----------
        endpoint : {'pfs', 'os', 'ttd'}
            Which.
        """
        return [name for name in self.traces if endpoint != "ttd" or np.any(self.curve("ttd", name) > 0.0)]

    @property
    def endpoints(self) -> list[str]:
        """Endpoints of which there is a curve."""
        return [endpoint for endpoint in TITLES if self.drawn(endpoint)]

    @property
    def population(self) -> Array:
        """Survival of the general population, Array (edge,). [share]"""
        hazard = next(iter(self.traces.values())).cycles["population_hazard"]
        return np.asarray(np.exp(-np.concatenate([[0.0], np.cumsum(hazard)])), np.float64)

    def as_json(self) -> dict[str, Any]:
        """Return what the figures are drawn from."""
        return {
            "times": _listed(self.times, 12),
            "endpoints": [self._endpoint(endpoint) for endpoint in self.endpoints],
            "occupancy": {name: _occupancy(trace) for name, trace in self.traces.items()},
            "arms": [
                {"name": self.name_of(arm), "endpoint": ENDPOINTS[arm.endpoint], "times": _listed(np.sort(arm.times))}
                for arm in self.arms
            ],
        }

    def _endpoint(self, endpoint: str) -> dict[str, Any]:
        marks = [] if self.case is None else [mark for mark in self._marks(endpoint) if mark["strategy"] in self.traces]
        curves = [self.curve(endpoint, name) for name in self.drawn(endpoint)]
        marked = [m["x"] for m in marks] + [m["xRange"][1] for m in marks if m["xRange"]]
        axis = time_axis(self.times, curves, self.scenario.file.settings.horizon_years, marked)
        return {
            "shown_years": axis.end / axis.factor,
            "id": endpoint,
            "axis": f"{TITLES[endpoint][1]} (% of patients)",
            "curves": [{"strategy": name, "y": _listed(self.curve(endpoint, name))} for name in self.drawn(endpoint)],
            "population": _listed(self.population) if endpoint == "os" else None,
            "steps": [self._steps(arm) for arm in self.arms if arm.endpoint == endpoint],
            "marks": marks,
            "markLegend": [
                {"name": name, "mark": kind, "filled": filled}
                for name, kind, filled in dict.fromkeys((m["name"], m["kind"], m["filled"]) for m in marks)
            ],
        }

    def _marks(self, endpoint: str) -> Iterator[dict[str, Any]]:
        """Yield the published medians and landmarks of an endpoint."""
        assert self.case is not None  # noqa: S101 - asked before
        for point in published(self.case, endpoint):
            whose = f"Another trial, {plain(point.trial)}" if point.trial else "Published"
            used = "used" if point.fitted else "not used"
            yield {
                "strategy": point.strategy,
                "x": point.x,
                "y": point.y,
                "xRange": point.x_range,
                "yRange": point.y_range,
                "kind": "diamond" if point.trial else "circle",
                "filled": point.fitted,
                "name": f"{whose}, {used} for the curve",
                "text": f"{plain(self.scenario.label(point.strategy))}: {point.text}; {whose}, {used} for the curve",
            }

    def _steps(self, arm: ObservedArm) -> dict[str, Any]:
        found = kaplan_meier(arm.times, arm.events)
        at = found.events > 0
        times, shares = np.append(found.times[at], found.times[-1]), np.append(found.survival[at], found.survival[-1])
        return {"name": f"Kaplan-Meier: {self.name_of(arm)}", "x": [0.0, *_listed(times)], "y": [1.0, *_listed(shares)]}

    def name_of(self, arm: ObservedArm) -> str:
        """Return what the patients of an arm are called: the trial, where inputs/ says which, and the arm.

        Parameters
        ----------
        arm : ObservedArm
            Of a trial.
        """
        file = _file_of(arm.address)
        named = (name for a, name in self.scenario.trial_names.items() if a.startswith(f"{file}.") and name)
        return plain(f"{next(named, file)}, {arm.arm.replace('_', ' ')}")

    def at_risk(self, endpoint: str) -> Table | None:
        """Return the numbers at risk of the arms of an endpoint; None where inputs/ holds no times of patients.

        Parameters
        ----------
        endpoint : {'pfs', 'os', 'ttd'}
            Which.
        """
        arms = [arm for arm in self.arms if arm.endpoint == endpoint]
        if not arms:
            return None
        longest = max(float(arm.times.max()) for arm in arms) * MONTHS_PER_YEAR
        months = [AT_RISK_EVERY * k for k in range(min(MOST_TIMES, int(longest // AT_RISK_EVERY) + 1))]
        columns = (
            Column("arm", "Trial and arm"),
            *(Column(f"at_{m}", f"{m} months", "", "count") for m in months),
            Column("address", "Table of inputs/"),
        )
        rows: list[tuple[Cell, ...]] = [
            (self.name_of(arm), *(float(np.sum(arm.times >= m / MONTHS_PER_YEAR - 1e-9)) for m in months), arm.address)
            for arm in arms
        ]
        return Table(f"at_risk_{endpoint}", f"Numbers at risk: {TITLES[endpoint][0].lower()}", columns, tuple(rows))

    def table(self, endpoint: str) -> Table:
        """Return the curves of an endpoint read at some months.

        Parameters
        ----------
        endpoint : {'pfs', 'os', 'ttd'}
            Which.
        """
        horizon = float(self.times[-1]) * MONTHS_PER_YEAR
        names = self.drawn(endpoint)
        columns = [Column("months", "Months since the start", "", "count")]
        columns += [Column(name, plain(self.scenario.label(name)), "", "percent") for name in names]
        curves = [self.curve(endpoint, name) for name in names]
        if endpoint == "os":
            columns.append(Column("population", "General population", "", "percent"))
            curves.append(self.population)
        rows: list[tuple[Cell, ...]] = [
            (float(m), *(float(np.interp(m / MONTHS_PER_YEAR, self.times, curve)) for curve in curves))
            for m in LANDMARKS
            if m <= horizon
        ]
        note = "Of the curves after every adjustment, linear between the edges of cycles."
        return Table(f"curve_{endpoint}", f"{TITLES[endpoint][0]} in numbers", tuple(columns), tuple(rows), note)


def tornado_of(result: OneWayResult, sources: Sequence[str]) -> dict[str, Any]:
    """Return what the tornado is drawn from.

    Parameters
    ----------
    result : OneWayResult
        With the numbers that move something.
    sources : sequence of str
        Where each of them comes from, in their order.
    """
    return {
        "thresholds": sorted(result.scenario.method_pack.thresholds),
        "base": _effect(result.base),
        "colours": {"low": LOW_COLOUR, "high": HIGH_COLOUR},
        "rows": [_moved(moved, source) for moved, source in zip(result.moved, sources, strict=True)],
    }


def _moved(moved: Moved, source: str) -> dict[str, Any]:
    quantity = moved.quantity
    return {
        "label": plain(quantity.label),
        "at_low": amount(quantity.low, quantity.unit),
        "at_high": amount(quantity.high, quantity.unit),
        "low": _effect(moved.low),
        "high": _effect(moved.high),
        "source": source,
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {"nhb": list(effect.nhb), "weighted": list(effect.weighted_nhb)}


def _occupancy(trace: Trace) -> dict[str, list[float]]:
    return {name: _listed(trace.edges[name]) for name in ("progression_free", "progressed", "dead", "on_treatment")}


def _listed(values: Array, digits: int = DIGITS) -> list[float]:
    return [round(value, digits) for value in values.tolist()]


def _file_of(address: str) -> str:
    return ".".join(address.split(".")[:2])


def _is_named(arm: ObservedArm, addresses: Sequence[str], scenario: Scenario) -> bool:
    """Say whether a figure of a curve, or a strategy, names an arm."""
    file = _file_of(arm.address)
    words = {w for a in addresses if a.startswith(f"{file}.") for w in a.replace(".", "_").split("_")}
    return arm.arm in words or arm.arm in scenario.strategies
