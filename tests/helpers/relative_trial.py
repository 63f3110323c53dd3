"""A simulated trial with some patients cured, whose other deaths are those of a Gompertz population; its project."""

from __future__ import annotations

import math

import numpy as np
import yaml

from helpers import small_project
from helpers.small_project import choices, weibull
from netcea.cohort.mortality import LifeTable, cumulative_hazard
from netcea.cohort.mortality_by_year import LifeTablesByYear
from netcea.evidence.fit import fit
from netcea.evidence.relative_survival import RelativeSurvival
from netcea.fitting.candidates import Candidate

AGES = np.arange(101.0)
RISK = {"male": np.minimum(3e-5 * np.exp(0.1 * AGES), 1.0), "female": np.minimum(2e-5 * np.exp(0.1 * AGES), 1.0)}
TABLE = LifeTable.from_columns(AGES, RISK["male"], RISK["female"])
CURED = {"new": 0.4, "old": 0.25}
FAMILIES = [Candidate("weibull"), Candidate("mixture_cure", base="weibull")]
COLUMNS = {"time": "months", "event": "died", "source": "mhra_2025", "families": FAMILIES}
OF = RelativeSurvival(TABLE, "simulated")
CURVES = {
    arm: {"fit": "survival.mine.os", "arm": arm, "distribution": "mixture_cure", "base": "weibull"} for arm in CURED
}
SHAPE, SCALE = 1.2, 20.0
"""Of those not cured. [1, months]"""


def trial(n=300, seed=3):
    """Columns of a trial: months, died, arm, age, sex."""
    rng = np.random.default_rng(seed)
    age = np.round(rng.normal(66.0, 8.0, n), 1)
    women = rng.uniform(size=n) < 0.45
    arm = np.where(np.arange(n) % 2 == 0, "new", "old")
    grid = np.arange(0.0, 60.0, 1.0 / 24.0)
    of_others = np.array(
        [
            np.interp(level, cumulative_hazard(TABLE, "female" if w else "male", a, grid), grid)
            for a, w, level in zip(age, women, rng.exponential(size=n), strict=True)
        ]
    )
    cured = rng.uniform(size=n) < np.array([CURED[one] for one in arm])
    own = np.where(cured, np.inf, SCALE * rng.weibull(SHAPE, n))
    end = rng.uniform(60.0, 96.0, n)
    months = np.minimum(np.minimum(own, 12.0 * of_others), end)
    return {
        "months": months,
        "died": (months < end).astype(int),
        "arm": arm,
        "age": age,
        "sex": np.where(women, "female", "male"),
    }


def csv_text(columns):
    """The columns as a CSV file."""
    rows = zip(*columns.values(), strict=True)
    return "\n".join([",".join(columns), *(",".join(str(cell) for cell in row) for row in rows)]) + "\n"


def project(folder, strategies, **more):
    """Write a small project whose life table is that of the simulated population; return its scenario's file."""
    path = small_project.write(folder, choices(strategies, utilities=(0.8, 0.6), horizon_years=8), **more)
    rows = "".join(
        f"{age:.0f},{m!r},{f!r}\n" for age, m, f in zip(AGES, *map(np.ndarray.tolist, RISK.values()), strict=True)
    )
    (folder / "inputs" / "test" / "flat.csv").write_text("age,qx_male,qx_female\n" + rows, encoding="utf-8")
    return path


def strategies(new, old):
    """Two strategies with these curves of overall survival."""
    return {"new": {"pfs": weibull(1.1, 0.9), "os": new}, "old": {"pfs": weibull(1.2, 0.6), "os": old}}


def another(path, name, sets):
    """Write a scenario that changes the project's own."""
    header = {"format": 1, "extends": path.name, "rationale": "a test", "direction": "unclear", "name": name}
    other = path.parent / f"{name}.yaml"
    other.write_text(yaml.safe_dump({**header, "set": sets}), encoding="utf-8")
    return other


YEARS = np.arange(2000, 2041)


def by_year(falling=0.98):
    """Life tables that fall by so much from one calendar year to the next."""
    return LifeTablesByYear.from_columns(
        np.repeat(YEARS, 101),
        np.tile(AGES, 41),
        np.concatenate([RISK["male"] * falling**k for k in range(41)]),
        np.concatenate([RISK["female"] * falling**k for k in range(41)]),
    )


def slow_expected(age, sex, year, t):
    """Hazard then and cumulative hazard, day by thousandth of a year, as one would by hand; years fall by 2%."""
    steps = 1000
    total = 0.0
    for k in range(round(t * steps)):
        middle = (k + 0.5) / steps
        total += hazard_then(age, sex, year, middle) / steps
    return hazard_then(age, sex, year, t), total


def hazard_then(age, sex, year, t):
    risk = RISK[sex][min(int(age + t), 100)]
    if year is not None:
        risk *= 0.98 ** (min(max(int(year + t), 2000), 2040) - 2000)
    return -math.log1p(-risk)


def fitted_project(folder, new=None, old=None, **more):
    """A project with a fit of relative survival and one of all causes, and its scenario's file."""
    path = project(folder, strategies(new or CURVES["new"], old or CURVES["old"]), **more)
    fit(trial(), "mine", relative_survival=OF, **COLUMNS).write_inputs(folder / "inputs")
    fit(trial(), "mine", "all_causes", **COLUMNS).write_inputs(folder / "inputs")
    return path
