"""Landmarks through which a curve goes: those of one Kaplan-Meier curve are correlated, and are weighed so."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

from helpers.small_project import Number, choices, exponential, write
from helpers.trial_projects import number
from netcea.errors import InputError
from netcea.fitting import Figure, fit_curve, landmark_correlation
from netcea.loading import load


def project(folder, errors, curve=None):
    """A curve through landmarks at 12, 24 and 36 months with these errors of log(-log S)."""
    names = [f"month_{m}" for m in (12, 24, 36)]
    addresses = [f"survival.trial.{name}" for name in names]
    own = curve(addresses) if curve else {"distribution": "weibull", "figures": addresses}
    path = write(
        folder,
        choices({"a": {"pfs": exponential(0.5), "os": own}, "b": {"pfs": exponential(0.5), "os": exponential(0.1)}}),
    )
    entries = {}
    for name, survival, months, se in zip(names, (0.8, 0.6, 0.4), (12, 24, 36), errors, strict=True):
        middle = np.log(-np.log(survival))
        low, high = (float(np.exp(-np.exp(middle + z * se))) for z in (1.959964, -1.959964))
        interval = {"ci95": {"low": low, "high": high, "scale": "complementary_log_log"}}
        entries[name] = {**number(survival, "proportion"), "uncertainty": interval, "at_months": months}
    file = folder / "inputs" / "survival" / "trial.yaml"
    file.parent.mkdir()
    file.write_text(yaml.safe_dump(entries), encoding="utf-8")
    return str(path)


def figures(errors):
    return [
        Figure("survival_at", s, se, months / 12)
        for s, months, se in zip((0.8, 0.6, 0.4), (12, 24, 36), errors, strict=True)
    ]


def test_landmarks_of_one_curve_are_weighed_with_their_correlation(tmp_path):
    errors = (0.20, 0.15, 0.12)
    (found,) = load(project(tmp_path, errors)).joint
    alike = figures(errors)
    expected = fit_curve("weibull", alike, None, landmark_correlation(alike))
    assert found.estimates == pytest.approx(expected.real_line, rel=1e-6)
    assert found.covariance == pytest.approx(expected.covariance, rel=1e-4)
    assert found.covariance != pytest.approx(fit_curve("weibull", alike).covariance, rel=0.05)


def test_landmarks_that_are_not_of_one_curve_are_taken_as_independent(tmp_path):
    errors = (0.30, 0.10, 0.02)
    (found,) = load(project(tmp_path, errors)).joint
    assert found.covariance == pytest.approx(fit_curve("weibull", figures(errors)).covariance, rel=1e-4)


def test_a_shape_is_taken_from_one_curve_alone(tmp_path):
    def shape_from(addresses):
        return {"distribution": "weibull", "median": Number(20, "months"), "shape_from": [addresses[0], addresses[2]]}

    load(project(tmp_path / "one", (0.20, 0.15, 0.12), shape_from))
    with pytest.raises(InputError, match="not of one Kaplan-Meier curve"):
        load(project(tmp_path / "two", (0.30, 0.10, 0.02), shape_from))


def test_other_landmarks_of_a_group_do_not_stand_in_for_the_first(tmp_path):
    """A fit is known by its group and family: a second pair of landmarks would get the first pair's curve."""

    def shape_from(addresses):
        return {"distribution": "weibull", "median": Number(20, "months"), "shape_from": [addresses[0], addresses[2]]}

    path = project(tmp_path, (0.20, 0.15, 0.12), shape_from)
    file = tmp_path / "scenarios" / "small.yaml"
    scenario = yaml.safe_load(file.read_text("utf8"))
    pair = ["survival.trial.month_12", "survival.trial.month_24"]
    scenario["strategies"]["b"]["os"] = {**scenario["strategies"]["a"]["os"], "shape_from": pair}
    file.write_text(yaml.safe_dump(scenario), encoding="utf-8")
    with pytest.raises(InputError, match="a group of their own"):
        load(path)
