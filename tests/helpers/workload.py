"""The common workload in netcea's own terms: two strategies, Weibull PFS and OS, 480 months, rows of coefficients.

A workload on which established packages were timed, with the outputs of each row recorded: see "source" in
tests/reference_data/common_workload.json. Coefficients are the logarithms of shape and scale, time in months.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
from pathlib import Path

import numpy as np

from helpers.small_project import Number, choices, curve, loaded
from netcea.draws import Draws
from netcea.engine.point_estimates import base_case

TESTS = Path(__file__).parents[1]
IN_LOGARITHMS = ("shape", "scale", "sigma")
"""Parameters whose coefficients are their logarithms."""
STRATEGIES, ENDPOINTS, PARAMETERS = ("new", "standard"), ("pfs", "os"), ("shape", "scale")
MONTHS = 480
RATE = 0.035
UTILITIES = {"progression_free": 0.78, "progressed": 0.62}
YEARLY = {
    ("drug", "standard"): (24_000.0, 0.0),
    ("drug", "new"): (60_000.0, 6_000.0),
    ("management", "standard"): (3_000.0, 5_000.0),
    ("management", "new"): (3_000.0, 5_000.0),
}
"""(category, strategy) -> GBP a year progression-free, GBP a year progressed."""
ONE_OFF = {"standard": 500.0, "new": 1_500.0}


def recorded():
    """What is carried along: "fits", "coefficients", "outputs" (strategy -> output -> list) of 200 rows."""
    return json.loads((TESTS / "reference_data" / "common_workload.json").read_text(encoding="utf-8"))


def all_coefficients():
    """Name -> Array (10,000,) from the folder NETCEA_REFERENCE; None where it is not set."""
    table = _table("psa_weibull_coefs")
    return None if table is None else {name: np.array(column, dtype=float) for name, column in table.items()}


def all_outputs():
    """Strategy -> output -> Array (10,000,) from the folder NETCEA_REFERENCE; None where it is not set."""
    table = _table("psa_weibull_monthly_outputs")
    if table is None:
        return None
    strategy = np.array(table.pop("strategy"))
    del table["draw"]
    return {s: {name: np.array(x)[strategy == s].astype(float) for name, x in table.items()} for s in STRATEGIES}


def made_coefficients(n, seed=1):
    """Name -> Array (n,), drawn from the normal distribution of each fit."""
    rng, columns = np.random.default_rng(seed), {}
    for name, fit in recorded()["fits"].items():
        drawn = rng.multivariate_normal(fit["estimate"], fit["covariance"], n)
        columns |= {f"{name}_{parameter}": drawn[:, i] for i, parameter in enumerate(PARAMETERS)}
    return columns


def made_generalised_gammas(n, seed=1):
    """Name -> Array (n,): the Weibull fits as generalised gammas (mu, log sigma; log time in months), Q from 0.2 to 1.4."""
    random, columns = np.random.default_rng(seed), {}
    for name, drawn in made_coefficients(n, seed).items():
        curve_, _, parameter = name.rpartition("_")
        columns[f"{curve_}_{'mu' if parameter == 'scale' else 'sigma'}"] = drawn if parameter == "scale" else -drawn
    return columns | {f"{name}_Q": random.uniform(0.2, 1.4, n) for name in recorded()["fits"]}


def generalised_gamma_scenario(folder):
    """Load the workload with generalised gamma curves, for rows of `made_generalised_gammas`."""
    return scenario(folder, curve_of=_generalised_gamma)


def scenario(folder, *sets, curve_of=None):
    """Write the workload as a project and load its scenario; curve_of: function of strategy and endpoint."""
    curve_of = curve_of or _weibull
    strategies = {
        strategy: {
            **{endpoint: curve_of(strategy, endpoint) for endpoint in ENDPOINTS},
            "time_on_treatment": {"rule": "until_progression"},
        }
        for strategy in STRATEGIES
    }
    costs = {f"one_off_{s}": {"kind": "one_off", "strategies": [s], "unit_cost": _gbp(ONE_OFF[s])} for s in STRATEGIES}
    for strategy in STRATEGIES:
        for during, yearly in zip(("on_treatment", "progressed"), YEARLY["drug", strategy], strict=True):
            if yearly:
                costs[f"drug_{strategy}_{during}"] = {
                    "kind": "drug_acquisition",
                    "method": "per_time",
                    "during": during,
                    "strategies": [strategy],
                    "price_per_pack": _gbp(yearly / 12),
                    "pack_days": Number(1, "months"),
                }
    for during, yearly in zip(UTILITIES, YEARLY["management", "new"], strict=True):
        costs[f"management_{during}"] = {
            "kind": "resource_use",
            "during": during,
            "frequency": Number(1, "per year"),
            "unit_cost": _gbp(yearly),
        }
    settings = {
        "horizon_years": MONTHS / 12,
        "cycle_days": 365.25 / 12,
        "discount_rate_costs": RATE,
        "discount_rate_qalys": RATE,
    }
    return loaded(folder, choices(strategies, costs, tuple(UTILITIES.values()), **settings), sets)


def draws(loaded_scenario, coefficients):
    """Rows of parameters: each curve's addresses are fed by columns of coefficients, all else is as in the scenario."""
    columns, n = dict(base_case(loaded_scenario).columns), len(next(iter(coefficients.values())))
    for strategy in STRATEGIES:
        for endpoint in ENDPOINTS:
            model = loaded_scenario.curves[f"strategies.{strategy}.{endpoint}"]
            for parameter, address in model.parameters.items():
                drawn = np.asarray(coefficients[f"{strategy}_{endpoint}_{parameter}"], dtype=float)
                if parameter in IN_LOGARITHMS:
                    drawn = np.exp(drawn)
                columns[address] = drawn.reshape(n, 1) * loaded_scenario.factors[address]
    return Draws(n, columns)


def outputs(outcomes):
    """Strategy -> output -> Array (draw,) of a simulation, named as the recorded ones."""
    found = {}
    for name, strategy in outcomes.strategies.items():
        items = strategy.by_item("costs")
        found[name] = {
            "ly_pf": strategy.undiscounted_life_years["state", "progression_free"],
            "ly_pd": strategy.undiscounted_life_years["state", "progressed"],
            "dly_pf": strategy.life_years["state", "progression_free"],
            "dly_pd": strategy.life_years["state", "progressed"],
            "qaly": strategy.total("qalys"),
        }
        for output, category in (("drug", "drug"), ("mgmt", "management"), ("oneoff", "one_off")):
            found[name][output] = sum(paid for item, paid in items.items() if item.startswith(category))
    return found


def _generalised_gamma(strategy, endpoint):
    shape, scale = recorded()["fits"][f"{strategy}_{endpoint}"]["estimate"]
    units = dict.fromkeys(("mu", "sigma", "Q"), "parameter")
    return curve("generalised_gamma", units, "months", mu=scale, sigma=float(np.exp(-shape)), Q=1.0)


def _weibull(strategy, endpoint):
    estimate = recorded()["fits"][f"{strategy}_{endpoint}"]["estimate"]
    values = dict(zip(PARAMETERS, np.exp(estimate).tolist(), strict=True))
    return curve("weibull", {"shape": "ratio", "scale": "months"}, **values)


def _gbp(value):
    return Number(value, "GBP")


def _table(name):
    path = Path(os.environ.get("NETCEA_REFERENCE", ""), "data", f"{name}.csv.gz")
    if not os.environ.get("NETCEA_REFERENCE") or not path.is_file():
        return None
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        names, *rows = csv.reader(file)
    return dict(zip(names, zip(*rows, strict=True), strict=True))
