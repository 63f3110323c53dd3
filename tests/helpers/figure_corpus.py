"""Every figure of every analysis of a scenario with two, three or eight strategies, their names short, long or Chinese."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import netcea
from netcea import load
from netcea.fitting.switching.switchers import Switchers

HERE = Path(__file__).resolve().parents[1]
COUNTS = (2, 3, 8)
FURTHER = {
    "everolimus": ("survival.radiant3.pfs_anchored", "survival.radiant3.os_anchored"),
    "sunitinib": ("survival.sunitinib.pfs_anchored", "survival.sunitinib.os_anchored"),
    "s5": ("survival.cabinet_epnet.pfs_nejm", "survival.cabinet_pnet.os_without_crossover"),
    "s6": ("survival.cabinet_subgroups.grade3", "survival.cabinet_epnet.os_without_crossover"),
    "s7": ("survival.radiant4.pfs_anchored", "survival.radiant4.os_anchored"),
    "s8": ("survival.cabinet_pnet.pfs_fda", "survival.cabinet_epnet.os_nejm"),
}
"""Strategy beside the two of the base case -> the groups of its hazard ratios against the comparator."""
SHORT = {
    "everolimus": "Everolimus",
    "sunitinib": "Sunitinib",
    "s5": "Drug E",
    "s6": "Drug F",
    "s7": "G",
    "s8": "Drug H",
}
LONG = "{} 60 mg by mouth once daily until progression or unacceptable toxicity, then best supportive care ($x_{}$)"
CHINESE = "{}卡博替尼口服每日一次直至疾病进展，随后最佳支持治疗"
LABELS: dict[str, Callable[[str, int], str]] = {
    "short": lambda label, _: label,
    "long": LONG.format,
    "chinese": lambda _, number: CHINESE.format("一二三四五六七八"[number]),
}


def changes_of(count: int, labels: str) -> dict[str, Any]:
    """Return what makes pNET's base case one of so many strategies with labels of a kind."""
    sets: dict[str, Any] = {}
    for number, (name, (pfs, os)) in enumerate(list(FURTHER.items())[: count - 2]):
        sets[f"strategies.{name}"] = {
            "label": SHORT[name],
            "pfs": {"relative_to": "best_supportive_care", "hazard_ratio": f"{pfs}.hazard_ratio"},
            "os": {
                "relative_to": "best_supportive_care",
                "hazard_ratio": f"{os}.hazard_ratio",
                "background_mortality": "hazard_floor",
            },
            "time_on_treatment": {"rule": "until_progression"},
        }
        drug = ("everolimus", "sunitinib", "cabozantinib")[number % 3]
        sets[f"costs.drug_of_{name}"] = {
            "kind": "drug_acquisition",
            "label": SHORT[name],
            "strategies": [name],
            "method": "per_pack",
            "during": "on_treatment",
            "price_per_pack": f"costs.drug.{drug}.price_per_pack",
            "pack_days": f"costs.drug.{drug}.pack_days",
        }
        sets[f"adverse_events.events.any_grade3plus.incidence.{name}"] = (
            "adverse_events.comparators.radiant3.any_grade3plus.everolimus"
        )
    names = {"cabozantinib": "Cabozantinib", "best_supportive_care": "Placebo / best supportive care"} | {
        name: SHORT[name] for name in list(FURTHER)[: count - 2]
    }
    for number, (name, label) in enumerate(names.items()):
        sets[f"strategies.{name}.label"] = LABELS[labels](label, number)
    return {key: value for key, value in sets.items() if key != "strategies"}


@cache
def scenario_of(count: int, labels: str, *more: str) -> Any:
    """Return the scenario."""
    sets = changes_of(count, labels)
    for name in list(FURTHER)[: count - 2]:
        sets[f"strategies.{name}"] = {**sets[f"strategies.{name}"], "label": sets.pop(f"strategies.{name}.label")}
    return load("pnet", sets | {address: float(value) for address, _, value in (one.partition("=") for one in more)})


DRAWS = 150
CHEAP = "costs.drug.cabozantinib.discount=0.9"
STEPS = [
    {"label": "Discount agreed", "by": "company", "reason": "a test", "set": {"costs.drug.cabozantinib.discount": 0.4}},
    {
        "label": "A shorter horizon, since follow-up is short and nobody knows what comes after it in this population",
        "by": "assessment group",
        "reason": "a test",
        "set": {"settings.horizon_years": 10},
    },
    {"label": "QALYs at 1.5%", "by": "committee", "reason": "a test", "set": {"settings.discount_rate_qalys": 0.015}},
]
OPTIONS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "base_case": ({}, ()),
    "one_way": ({}, ()),
    "two_way": (
        {
            "axes": [
                {"address": "costs.drug.cabozantinib.discount", "low": 0.0, "high": 0.9, "steps": 6},
                {"address": "utilities.state_utilities.clarinet.progression_free", "steps": 5},
            ]
        },
        (),
    ),
    "threshold": ({}, ()),
    "psa": ({"draws": DRAWS, "explain": True, "keep_draws": "no"}, ()),
    "voi": ({"draws": 100, "studies": {}}, (CHEAP,)),
    "sweep": ({"families": ["exponential", "weibull", "log_normal"]}, ()),
    "switching": ({"methods": {"a": {"hazard_ratio": "survival.cabinet_pnet.os_without_crossover.hazard_ratio"}}}, ()),
    "severity": ({"draws": 20}, ()),
    "waterfall": ({"steps": STEPS}, ()),
    "structure": ({"draws": 20}, ()),
    "budget": ({}, ()),
}
"""Analysis -> its options, and changes of the scenario."""


@cache
def report_of(analysis: str, count: int, labels: str) -> Any:
    """Return the report of an analysis."""
    options, more = OPTIONS[analysis]
    scenario = scenario_of(count, labels, *more)
    return getattr(netcea, "run" if analysis == "base_case" else analysis)(scenario, **options).report


def figures_of(analysis: str, count: int, labels: str) -> Iterator[tuple[str, Any]]:
    """Yield name and figure of each figure of an analysis."""
    report = report_of(analysis, count, labels)
    for name in report.figures:
        yield name, report.figure(name)


def every_case() -> list[tuple[str, int, str]]:
    """Return every analysis with every count of strategies and every kind of labels.

    Value of information, whose figures name numbers and no strategies, once with few and once with many.
    """
    cases = [(analysis, count, labels) for analysis in OPTIONS for count in COUNTS for labels in LABELS]
    return [case for case in cases if case[0] != "voi" or case[1:] in ((2, "short"), (8, "long"))]


# ------------------------------------------------------------------------------------------------ evidence
ARMS = {
    "short": ("new", "old"),
    "long": tuple(LONG.format(name, number)[:70] for number, name in enumerate(("Cabozantinib", "Placebo"))),
    "chinese": ("卡博替尼 A", "安慰剂 B"),
}
MEDIANS = (
    ("median", 12.7, 10.4, 15.5, "", "", ""),
    ("survival", 0.30, 0.21, 0.39, 24, "", ""),
    ("survival", 0.16, 0.09, 0.25, 48, "", ""),
    ("restricted_mean", 8.7, 7.9, 9.5, 12, "", ""),
    ("quantile", 5.1, 3.8, 6.8, "", 0.25, ""),
)
EVIDENCE = ("fit", "reconstruction", "summaries", "switching")


@cache
def found_of(kind: str, labels: str) -> Any:
    """Return what `netcea fit`, `netcea fit --summaries` or `netcea adjust-switching` finds."""
    new, old = ARMS[labels]
    if kind == "fit":
        external = {
            "mhra_2025": {"arm": new, "time_unit": "years", "terms": [{"time": 5, "a": 6, "b": 34}]},
            "ons_2024": {"arm": new, "time_unit": "years", "terms": [{"start": 3, "stop": 4, "r": 30, "n": 50}]},
        }
        return netcea.fit(_lung(new, old), "lung", time_unit="days", external=external)
    if kind == "reconstruction":
        t = np.arange(0.0, 31.0)
        curve = {"time": t, "survival": np.round(np.exp(-0.06 * t), 3)}
        risk = {"time": t[::3], "at_risk": np.round(200 * np.exp(-0.06 * t[::3]))}
        return netcea.fit({**curve, "arm": [new] * len(t)}, at_risk={**risk, "arm": [new] * len(t[::3])})
    if kind == "summaries":
        names = ("figure", "value", "low", "high", "time", "failed", "versus")
        rows = [{k: v for k, v in zip(names, row, strict=True) if v != ""} | {"arm": new} for row in MEDIANS]
        rows.append({"figure": "median", "value": 6.1, "low": 5.0, "high": 7.4, "arm": old})
        return netcea.fit_summaries(rows, "published", "pfs")
    return netcea.adjust_switching(_switchers(), "control", "trial")


def _lung(new: str, old: str) -> Any:
    with (HERE / "reference_data" / "lung.csv").open(encoding="utf8") as file:
        rows = list(csv.DictReader(file))
    return {
        **{name: [float(row[name]) for row in rows] for name in ("time", "event")},
        "arm": [new if row["group"] == "male" else old for row in rows],
    }


def _switchers() -> Any:
    random = np.random.default_rng(1)
    n = 160
    treated = (np.arange(n) % 2).astype(float)
    time = random.weibull(1.2, n) * np.where(treated == 1.0, 20.0, 12.0)
    cutoff = random.uniform(24.0, 40.0, n)
    switch = np.where((treated == 0.0) & (random.random(n) < 0.4), 0.5 * np.minimum(time, cutoff), np.inf)
    return Switchers.of(np.minimum(time, cutoff), (time <= cutoff).astype(float), treated, switch, cutoff=cutoff)


def evidence_figures(kind: str, labels: str) -> Iterator[tuple[str, Any]]:
    """Yield name and figure of what was found in data."""
    found = found_of(kind, labels)
    for name in found.figures:
        yield name, found.figure(name)
