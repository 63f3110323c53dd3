"""Curves fitted to mixes of published figures in the live workbook: by formula with their estimates, and chosen among."""

from __future__ import annotations

import math

import numpy as np
import pytest
import yaml

from helpers.equal import differences, expected_of
from helpers.office import Office, needs_office
from helpers.opened import opened
from helpers.trial_projects import TRIAL, number, trial_group, trial_project
from netcea.loading import load
from netcea.workbook.export import live_workbook

pytestmark = needs_office
KNOTS = [math.log(month / 12.0) for month in (3.0, 9.0, 24.0)]
ALONE = {
    "new_log_normal": {"new": {"distribution": "log_normal"}},
    "new_spline": {"new": {"distribution": "royston_parmar", "scale": "odds", "knots": KNOTS}},
    "own_curve": {"new": {"distribution": "exponential", "figures": [f"{TRIAL}.median_new", f"{TRIAL}.survival_new"]}},
}


def project(folder):
    """A trial with landmarks; scenarios in which one arm leaves the trial's Weibull."""
    interval = {"ci95": {"low": 0.21, "high": 0.39, "scale": "complementary_log_log"}}
    landmark = {**number(0.30, "proportion"), "at_months": 24.0, "uncertainty": interval}
    mean = {**number(8.7, "months", 0.05), "at_months": 12.0}
    names = ["median_old", "median_new", "survival_new", "restricted_mean_new", "hazard_ratio"]
    table = {"names": names, "correlation": np.eye(5).tolist(), "source": ["netcea_assumptions"]}
    table |= {"status": "derived", "note": "a test"}
    more = {"survival_new": landmark, "restricted_mean_new": mean, "correlation": table}
    path = trial_project(folder, trial_group({"old": 6.1, "new": 12.7}, {"hazard_ratio": 0.55}, **more))
    made = [load(str(path))]
    for name, sets in ALONE.items():
        header = {"format": 1, "extends": path.name, "rationale": "a test", "direction": "unclear", "name": name}
        curves = {
            f"strategies.{strategy}.pfs": curve if "figures" in curve else {**curve, "trial": TRIAL, "arm": strategy}
            for strategy, curve in sets.items()
        }
        other = path.parent / f"{name}.yaml"
        other.write_text(yaml.safe_dump({**header, "set": curves}), encoding="utf-8")
        made.append(load(str(other)))
    return made


@pytest.fixture(scope="module")
def office():
    with Office() as opened_office:
        yield opened_office


@pytest.mark.slow
def test_every_scenario_is_equal(office, tmp_path):
    made = project(tmp_path)
    workbook = live_workbook(made)
    assert workbook.variants.refused == ()
    opened(office, workbook, tmp_path)
    for title, scenario in zip(workbook.variants.titles, made, strict=True):
        office.change({"Scenarios!B3": title})
        assert office.errors() == []
        found = differences(expected_of(workbook, scenario), workbook.results.cells, office.values)
        # neither strategy costs anything here: which of them is named first is no result
        assert [one for one in found if not one[0].startswith("order.")] == []
