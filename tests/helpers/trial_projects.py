"""A small project with one trial of any arms: its group in inputs/survival/trial.yaml, a strategy for each arm."""

from __future__ import annotations

import yaml

from helpers.small_project import choices, exponential, write

TRIAL = "survival.trial.pfs"


def number(value, unit, se=None):
    """A number of inputs/; `se` of its logarithm."""
    spread = {"fixed": "a test"} if se is None else {"log_normal": {"se_log": se}}
    stated = {"source": ["netcea_assumptions"], "status": "assumption", "note": "a test"}
    return {"value": value, "unit": unit, "uncertainty": spread, **stated}


def trial_group(medians, ratios, patients=100, follow_up=12, se=0.1, **more):
    """A group of a trial.

    medians : arm -> months (None: not reached), the reference arm first
    ratios : name of the entry -> hazard ratio
    """
    return {
        "arms": list(medians),
        **{f"median_{arm}": number(value, "months", se) for arm, value in medians.items() if value is not None},
        **{name: number(value, "ratio", se) for name, value in ratios.items()},
        "follow_up_median": number(follow_up, "months"),
        **{f"patients_{arm}": number(patients, "patients") for arm in medians},
        **more,
    }


def trial_project(folder, group, family="weibull", strategies=None, utilities=(1.0, 1.0), **curve):
    """Write the project and return the scenario's file; strategies: name -> arm, the arms' own names when left out."""
    named = strategies or {arm: arm for arm in reversed(group["arms"])}
    curves = {
        name: {"pfs": {"distribution": family, "trial": TRIAL, "arm": arm, **curve}, "os": exponential(0.05)}
        for name, arm in named.items()
    }
    path = write(folder, choices(curves, utilities=utilities))
    file = folder / "inputs" / "survival" / "trial.yaml"
    file.parent.mkdir()
    file.write_text(yaml.safe_dump({"pfs": group}, sort_keys=False), encoding="utf-8")
    return path


def told(scenario):
    """Warnings of a scenario but those of what is implausible: the numbers of these projects are made up."""
    return tuple(w for w in scenario.warnings if w.code != "implausible")
