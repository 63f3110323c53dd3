"""A project of its own for one test: the fewest choices that make a scenario, and its numbers in one file of inputs/.

A `Number` anywhere among the choices becomes an entry of inputs/test/numbers.yaml; its address stands in the scenario.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path

import yaml

from netcea.loading import load
from netcea.quantities.units import UNITS

ROOT = Path(__file__).parents[2]
COPIED = ("decision/method_packs.yaml", "utilities/norms.yaml", "utilities/eq5d_norms_by_age_sex.csv", "sources.yaml")
"""Files of inputs/ that every scenario needs."""


@dataclass(frozen=True)
class Number:
    """A number of inputs/."""

    value: float
    unit: str
    uncertainty: object = None


def exponential(rate):
    """A curve with one rate [per year]."""
    return {"distribution": "exponential", "parameters": {"rate": Number(rate, "per year")}}


def curve(family, units, time_unit="years", **parameters):
    """A curve of parameters; units: parameter -> unit ('parameter': in `time_unit`)."""
    numbers = {name: Number(value, units[name]) for name, value in parameters.items()}
    return {"distribution": family, "parameters": numbers, "time_unit": time_unit}


def weibull(shape, scale):
    """A Weibull curve; scale in years."""
    return curve("weibull", {"shape": "ratio", "scale": "years"}, shape=shape, scale=scale)


def choices(strategies, costs=None, utilities=(1.0, 1.0), **settings):
    """The choices of a scenario in which nothing is adjusted: no age adjustment, adverse events or background deaths.

    strategies : name -> {"pfs": curve, "os": curve, ...}; the first is the intervention, the last the comparator.
    utilities : of the two states.
    """
    names = list(strategies)
    return {
        "format": 1,
        "name": "small",
        "rationale": "made for a test",
        "decision_problem": {
            "population": "anybody",
            "intervention": names[0],
            "comparators": names[1:],
            "outcomes": "all",
        },
        "settings": {
            "horizon_years": 10,
            "cycle_days": 28,
            "discount_rate_costs": 0.035,
            "discount_rate_qalys": 0.035,
            "price_year": "2024/25",
            **settings,
        },
        "population": {
            "start_age": Number(60, "years"),
            "proportion_female": Number(0.5, "proportion"),
            "life_table": "test.life_tables.flat",
            "norms": "utilities.norms.hse2014_dsu_published",
        },
        "survival": {"share_of_pfs_events_that_are_deaths": Number(0.1, "proportion")},
        "strategies": {
            name: {"label": name, "time_on_treatment": {"rule": "none"}, **parts} for name, parts in strategies.items()
        },
        "utilities": {
            "by": "state",
            "progression_free": Number(utilities[0], "utility"),
            "progressed": Number(utilities[1], "utility"),
            "age_adjustment": "none",
            "value_set": "EQ-5D-3L UK (MVH TTO)",
        },
        "adverse_events": {"timing": "at_start", "events": {}},
        "costs": {name: {"label": name, **item} for name, item in (costs or {}).items()},
        "decision": {
            "method_pack": "nice-2022",
            "intervention": names[0],
            "comparator": names[-1],
            "established_practice": names[-1],
        },
    }


def per_year(gbp, during, **more):
    """A cost of so many GBP for each year in a state."""
    return {
        "kind": "resource_use",
        "during": during,
        "frequency": Number(1, "per year"),
        "unit_cost": Number(gbp, "GBP"),
        **more,
    }


def write(folder, scenario, *, yearly_risk=1e-9):
    """Write the project and return the scenario's file; `yearly_risk` of death is the population's at every age."""
    inputs, scenarios = folder / "inputs", folder / "scenarios"
    for name in COPIED:
        (inputs / name).parent.mkdir(parents=True, exist_ok=True)
        (inputs / name).write_bytes((ROOT / "inputs" / name).read_bytes())
    (inputs / "test").mkdir()
    scenarios.mkdir()
    ages = "".join(f"{age},{yearly_risk!r},{yearly_risk!r}\n" for age in range(101))
    (inputs / "test" / "flat.csv").write_text("age,qx_male,qx_female\n" + ages, encoding="utf-8")
    table = {
        "file": "flat.csv",
        "kind": "life_table",
        "columns": {"age": "y", "qx_male": "q", "qx_female": "q"},
        "source": ["netcea_assumptions"],
        "status": "assumption",
        "note": "a test",
    }
    numbers: dict[str, object] = {}
    tree = _addressed(copy.deepcopy(scenario), (), numbers)
    _dump(inputs / "test" / "life_tables.yaml", {"flat": table})
    _dump(inputs / "test" / "numbers.yaml", numbers)
    path = scenarios / "small.yaml"
    _dump(path, tree)
    return path


def loaded(folder, scenario, sets=(), **more):
    """Write a project and load its scenario."""
    return load(str(write(folder, scenario, **more)), sets=list(sets))


def _addressed(node, path, numbers):
    if isinstance(node, Number):
        name = "_".join(map(str, path))
        numbers[name] = {
            "value": node.value,
            "unit": node.unit,
            "uncertainty": copy.deepcopy(node.uncertainty) or {"fixed": "a test"},
            "source": ["netcea_assumptions"],
            "status": "assumption",
            "note": "a test",
            **({"price_year": "2024/25"} if UNITS[node.unit].dimension == "money" else {}),
        }
        return f"test.numbers.{name}"
    if isinstance(node, dict):
        return {key: _addressed(child, (*path, key), numbers) for key, child in node.items()}
    if isinstance(node, list):
        return [_addressed(child, (*path, index), numbers) for index, child in enumerate(node)]
    return node


def _dump(path: Path, data: object) -> None:
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
