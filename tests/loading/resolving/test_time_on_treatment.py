"""A curve of time on treatment takes whatever another curve takes, and its faults stand where they are written."""

from __future__ import annotations

import pytest

from helpers.made import assert_same
from netcea.engine.point_estimates import base_case
from netcea.errors import InputError
from netcea.loading import load

AT = "strategies.cabozantinib.time_on_treatment"
TRIAL = {"trial": "survival.cabinet_pnet.pfs_nejm", "arm": "cabozantinib", "distribution": "weibull"}
LANDMARKS = "survival.radiant3.os_placebo_landmarks"
CURVES = {
    "trial": TRIAL,
    "figures": {"figures": [f"{LANDMARKS}.month_12", f"{LANDMARKS}.month_60"], "distribution": "weibull"},
    "fit": {"fit": "survival.radiant4_fitted.pfs", "arm": "everolimus", "distribution": "log_normal"},
    "average": {
        "fit": "survival.radiant4_fitted.pfs",
        "arm": "everolimus",
        "distribution": {"average": "aic", "of": ["weibull", "log_normal"]},
    },
}


def treated(curve):
    return load("pnet", sets={AT: {"rule": "curve", "curve": curve}})


@pytest.mark.parametrize("name", ["trial", "figures", "fit", "average"])
def test_it_takes_what_others_take(name):
    scenario = treated(CURVES[name])
    assert AT in scenario.curves
    assert_same(scenario, base_case(scenario))


@pytest.mark.parametrize(
    ("curve", "entry"),
    [
        ({**TRIAL, "arm": "nobody"}, "arm"),
        ({**TRIAL, "distribution": "weibul"}, "distribution"),
        ({**CURVES["fit"], "distribution": "generalised_gama"}, "distribution"),
        ({**CURVES["average"], "distribution": {"average": "aic", "of": ["weibull", "weibul"]}}, "distribution.of"),
        ({**CURVES["figures"], "through": ["survival.nothing"]}, "through"),
    ],
)
def test_its_faults_stand_where_they_are_written(curve, entry):
    with pytest.raises(InputError) as caught:
        treated(curve)
    assert all(p.address.startswith(f"{AT}.curve.{entry}") for p in caught.value.problems)
