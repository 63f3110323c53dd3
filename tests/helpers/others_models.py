"""Models that other programs worked out, as scenarios: two of partitioned survival, and Weibulls in closed form."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers.small_project import Number, choices, curve, per_year, weibull
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate

REFERENCE = Path(__file__).parents[1] / "reference_data"
OTHERS: dict[str, Any] = json.loads((REFERENCE / "psm.json").read_text(encoding="utf-8"))["cases"]
CLOSED: list[dict[str, Any]] = json.loads((REFERENCE / "closed_form_psm.json").read_text(encoding="utf-8"))["cases"]
CLOSED_SETTINGS = {
    "exp(-0.03 t), infinite horizon": (math.expm1(0.03), 110),  # nobody is alive after 110 years: exp(-33)
    "1.035^-t, 40 years": (0.035, 40),
    "undiscounted, 40 years": (0.0, 40),
}
"""Discounting of a closed form -> rate a year, horizon in years."""
DAYS = 365.25
PF, PD = ("state", "progression_free"), ("state", "progressed")
MEASURES = ("costs", "undiscounted_costs", "qalys", "undiscounted_qalys", "life_years", "undiscounted_life_years")


def outcome(scenario):
    """Strategy -> measure -> key -> number."""
    found = simulate(scenario, base_case(scenario))
    return {
        name: {m: {key: float(x[0]) for key, x in getattr(strategy, m).items()} for m in MEASURES}
        for name, strategy in found.strategies.items()
    }


def others_choices(name, **settings):
    """The choices of a case of OTHERS: months as cycles; nothing that the other programs do not have."""
    case = OTHERS[name]
    family = case["dist"]

    def of(parameters):
        return curve(family, dict.fromkeys(parameters, "parameter"), "months", **parameters)

    strategies = {s: {"pfs": of(p["pfs"]), "os": of(p["os"])} for s, p in case["params_months"].items()}
    costs = {}
    for strategy in strategies:
        free, progressed = case["drug_cost_per_year"][strategy]
        costs[f"drug_pf_{strategy}"] = per_year(free, "progression_free", strategies=[strategy])
        costs[f"drug_pd_{strategy}"] = per_year(progressed, "progressed", strategies=[strategy])
        once = Number(case["oneoff_cost"][strategy], "GBP")
        costs[f"oneoff_{strategy}"] = {"kind": "one_off", "strategies": [strategy], "unit_cost": once}
    costs["mgmt_pf"], costs["mgmt_pd"] = (
        per_year(gbp, state)
        for gbp, state in zip(case["mgmt_cost_per_year"], ("progression_free", "progressed"), strict=True)
    )
    utilities = (case["utilities"]["pf"], case["utilities"]["pd"])
    months = {"horizon_years": case["horizon_months"] / 12, "cycle_days": DAYS / 12}
    return choices(strategies, costs, utilities, **{**months, **settings})


def closed_choices(discounting, cycle_days):
    """The choices of a case of CLOSED."""
    rate, horizon = CLOSED_SETTINGS[discounting]
    strategies = {
        "intervention": {"pfs": weibull(1.2, 3.9), "os": weibull(1.2, 7.8)},
        "comparator": {"pfs": weibull(1.2, 3), "os": weibull(1.2, 6)},
    }
    costs = {"pf": per_year(1000, "progression_free"), "pd": per_year(2000, "progressed")}
    rates = {"discount_rate_costs": rate, "discount_rate_qalys": rate}
    return choices(strategies, costs, (0.8, 0.6), horizon_years=horizon, cycle_days=cycle_days, **rates)


def closed_truth(case) -> dict[str, Mapping[str, float]]:
    """Strategy -> quantity -> the integral, of a case of CLOSED."""
    return {key.split()[0]: value for key, value in case.items() if isinstance(value, dict)}


def by_closed(mine):
    """What the closed forms are called -> the model's."""
    return {
        "life_years_progression_free": mine["life_years"][PF],
        "life_years_progressed": mine["life_years"][PD],
        "qalys": sum(mine["qalys"].values()),
        "costs": sum(mine["costs"].values()),
    }


def by_truth(mine):
    """What the integrals are called -> the model's."""
    costs = {"drug": 0.0, "mgmt": 0.0, "oneoff": 0.0}
    for (item, _), value in mine["costs"].items():
        costs[item.split("_")[0]] += value
    return {
        "ly_pf": mine["life_years"][PF],
        "ly_pd": mine["life_years"][PD],
        "ly_os": sum(mine["life_years"].values()),
        "qaly_pf": mine["qalys"][PF],
        "qaly_pd": mine["qalys"][PD],
        "qaly": sum(mine["qalys"].values()),
        **{f"cost_{category}": value for category, value in costs.items()},
    }
