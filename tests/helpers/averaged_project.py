"""A small project whose curves are fitted to the patients of R's `lung`, for tests of averages of families."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from helpers import small_project
from helpers.small_project import choices, per_year, weibull
from netcea.evidence.fit import fit
from netcea.fitting.candidates import Candidate

LUNG = Path(__file__).parents[1] / "reference_data" / "lung.csv"
FAMILIES = [
    Candidate("exponential"),
    Candidate("weibull"),
    Candidate("log_normal"),
    Candidate("gompertz"),
    Candidate("royston_parmar", scale="odds", internal_knots=2),
]
ARMS = {"new": "female", "old": "male"}
FIT = "survival.lung.os"


@cache
def lung():
    """The fits, worked out once."""
    return fit(LUNG, "lung", "os", time_unit="days", source="mhra_2025", families=FAMILIES, joint="male")


def project(folder, distribution, fit=FIT, *, arms=ARMS, pfs=None, **more):
    """Write a project whose strategies take OS from the fit; return the scenario's file.

    distribution : of both OS curves, or strategy -> its own.
    """
    own = distribution if set(distribution) == set(arms) and not isinstance(distribution, str) else {}
    curves = {
        name: {"fit": fit, "arm": arm, "distribution": own.get(name, distribution), **more}
        for name, arm in arms.items()
    }
    strategies = {name: {"pfs": pfs or weibull(1.1, 0.5), "os": curves[name]} for name in arms}
    costs = {
        "care": per_year(5000, "progressed"),
        "drug": {**per_year(20000, "progression_free"), "strategies": ["new"]},
    }
    scenario = choices(strategies, costs, utilities=(0.8, 0.6), horizon_years=6)
    path = small_project.write(folder, scenario, yearly_risk=0.02)
    lung().write_inputs(folder / "inputs")
    return str(path)
