"""Scenarios made for a test from a loaded one, and the comparison of the engine with the slow model."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np

from netcea.draws import Draws
from netcea.engine.outcomes import MEASURES
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import BLOCK_ROWS, simulate
from netcea.loading import load
from netcea.survival.curve import Curve, CurveModel, RatioInterval
from netcea.survival.distributions import distribution
from netcea.verification.slow_model.model import slow_model

STRUCTURE = ("knots", "scale", "breaks", "base", "tail", "tail_from")


@cache
def loaded(name, sets):
    """Load a scenario once; it is frozen."""
    return load(name, sets=list(sets))


class Made:
    """A loaded scenario that can be changed piece by piece; numbers given as numbers get addresses of their own."""

    def __init__(self, name="pnet", sets=()):
        self.scenario = loaded(str(name), tuple(sets))
        self.values = {a: float(c[0, 0]) for a, c in base_case(self.scenario).columns.items()}
        self.tables = {}

    def number(self, x):
        """Address of a new number; an address stays what it is."""
        if isinstance(x, str):
            return x
        address = f"made.number_{len(self.values)}"
        self.values[address] = x
        return address

    def file(self, **update):
        """Replace blocks of the file."""
        self.scenario = replace(self.scenario, file=self.scenario.file.model_copy(update=update))
        return self

    def settings(self, **update):
        """Replace settings."""
        return self.file(settings=self.scenario.file.settings.model_copy(update=update))

    def strategy(self, name, **update):
        """Replace parts of a strategy's block."""
        strategies = dict(self.scenario.file.strategies)
        strategies[name] = strategies[name].model_copy(update=update)
        return self.file(strategies=strategies)

    def model(self, address, **changes):
        """Replace parts of a curve model; numbers get addresses."""
        for name in ("hazard_ratio", "acceleration_factor", "median", "waning_starts", "waning_ends"):
            if name in changes and changes[name] is not None:
                changes[name] = self.number(changes[name])
        if "hazard_ratios" in changes:
            changes["hazard_ratios"] = tuple(
                RatioInterval(self.number(ratio), None if until is None else self.number(until))
                for until, ratio in changes["hazard_ratios"]
            )
        curves = dict(self.scenario.curves)
        curves[address] = replace(curves.get(address, CurveModel(address, None, {})), **changes)
        self.scenario = replace(self.scenario, curves=curves)
        return self

    def curve(self, strategy, endpoint, family, parameters, points=None, **changes):
        """Give a strategy a curve of its own."""
        structure = {name: changes.pop(name) for name in STRUCTURE if name in changes}
        made = dict(structure)
        if points is not None:
            structure["table"] = f"made.table_{len(self.tables)}"
            self.tables[structure["table"]] = points
            made["times"], made["survival"] = ([float(p[i]) for p in points] for i in (0, 1))
        for name in ("base", "tail"):
            if name in made:
                made[name] = distribution(made[name])
        block = Curve.model_construct(**structure)
        if endpoint == "time_on_treatment":
            treatment = self.scenario.file.strategies[strategy].time_on_treatment
            self.strategy(strategy, time_on_treatment=treatment.model_copy(update={"rule": "curve", "curve": block}))
        else:
            self.strategy(strategy, **{endpoint: block})
        address = f"strategies.{strategy}.{endpoint}"
        background = changes.pop("background_mortality", None)
        if background is None:
            old = self.scenario.curves.get(address)
            background = "none" if old is None else old.background_mortality
        plain = CurveModel(
            address,
            distribution(family, **made),
            {name: self.number(x) for name, x in parameters.items()},
            background_mortality=background,
        )
        self.scenario = replace(self.scenario, curves={**self.scenario.curves, address: plain})
        return self.model(address, **changes)

    def treatment(self, strategy, rule, time_ratio=None, stops_at=None):
        """Who is on treatment: any rule but a curve."""
        block = self.scenario.file.strategies[strategy].time_on_treatment
        update = {
            "rule": rule,
            "curve": None,
            "stops_at": None if stops_at is None else self.number(stops_at),
            "time_ratio": None if time_ratio is None else self.number(time_ratio),
        }
        self.strategy(strategy, time_on_treatment=block.model_copy(update=update))
        if time_ratio is not None:
            address = f"strategies.{strategy}.time_on_treatment"
            self.model(address, relative_to=f"strategies.{strategy}.pfs", acceleration_factor=update["time_ratio"])
        return self

    def cost(self, name, block, **fields):
        """Add a cost item; numbers get addresses."""
        given = {key: self.number(x) if isinstance(x, float) else x for key, x in fields.items()}
        kind = "".join("_" + c.lower() if c.isupper() else c for c in block.__name__).lstrip("_")
        item = block.model_construct(kind=kind, label=name, **given)
        return self.file(costs={**self.scenario.file.costs, name: item})

    def utilities(self, **fields):
        """Replace fields of the utilities; numbers get addresses."""
        update = {key: self.number(x) if isinstance(x, float) else x for key, x in fields.items()}
        return self.file(utilities=self.scenario.file.utilities.model_copy(update=update))

    def draws(self, **columns):
        """Rows: the base case, with some columns (address with '__' for '.') replaced by lists."""
        rows = {address: np.array([[x]]) for address, x in self.values.items()}
        for name, column in columns.items():
            rows[name.replace("__", ".")] = np.array(column, dtype=np.float64)[:, np.newaxis]
        return Draws(max(len(c) for c in rows.values()), rows)


def row_of(draws, i):
    """One row: address -> number."""
    return {address: float(c[i if len(c) > 1 else 0, 0]) for address, c in draws.columns.items()}


def assert_same(scenario, draws, tables=None, rows=None, rel=1e-12, block_rows=BLOCK_ROWS):
    """The engine, all rows at once, equals the slow model row by row, for every key of every measure."""
    found = simulate(scenario, draws, block_rows)
    different = []
    for i in range(draws.n) if rows is None else rows:
        expected = slow_model(scenario, row_of(draws, i), tables)
        for strategy, outcomes in found.strategies.items():
            for measure in MEASURES:
                fast = {key: float(column[i]) for key, column in getattr(outcomes, measure).items()}
                slow = expected[strategy][measure]
                total = sum(abs(x) for x in slow.values())
                for key in sorted(set(fast) | set(slow)):
                    a, b = fast.get(key, 0.0), slow.get(key, 0.0)
                    if not math.isclose(a, b, rel_tol=rel, abs_tol=1e-3 * rel * total):
                        different.append(f"row {i} {strategy} {measure} {key}: engine {a!r}, slow {b!r}")
    assert not different, "\n".join(different)


def assert_made_same(made, rel=1e-12, **columns):
    """`assert_same` for a made scenario."""
    assert_same(made.scenario, made.draws(**columns), made.tables, rel=rel)
