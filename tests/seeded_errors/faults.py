"""Realistic faults, each put into a copy of a project: what reviewers of company models have found, and the like."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

BASE = "scenarios/pnet.yaml"


@dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes
    ----------
    name : str
        What is wrong, in words.
    kind : str
        Of its class.
    put : callable (folder of a project) -> None
    """

    name: str
    kind: str
    put: Callable[[Path], None]


FAULTS: list[Fault] = []


def fault(kind: str, name: str, *puts: Callable[[Path], None]) -> None:
    def put(folder: Path) -> None:
        for one in puts:
            one(folder)

    FAULTS.append(Fault(name, kind, put))


# ------------------------------------------------------------------------------------------ how a fault is put in
def edited(path: Path, change: Callable[[Any], None]) -> None:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=1000), encoding="utf-8")


def node_of(folder: Path, address: str) -> tuple[Path, list[str]]:
    keys = address.split(".")
    for n in range(len(keys), 0, -1):
        path = folder.joinpath("inputs", *keys[:n]).with_suffix(".yaml")
        if path.is_file():
            return path, keys[n:]
    raise KeyError(address)


def number(address: str, *, drop: str = "", **entries: Any) -> Callable[[Path], None]:
    """Give entries of a number of inputs/ other values."""

    def put(folder: Path) -> None:
        path, keys = node_of(folder, address)

        def change(data: Any) -> None:
            for key in keys:
                data = data[key]
            data |= entries
            if drop:
                del data[drop]

        edited(path, change)

    return put


def times(address: str, factor: float) -> Callable[[Path], None]:
    """Multiply a value."""

    def put(folder: Path) -> None:
        path, keys = node_of(folder, address)

        def change(data: Any) -> None:
            for key in keys:
                data = data[key]
            data["value"] *= factor

        edited(path, change)

    return put


def exchange(one: str, other: str, *entries: str) -> Callable[[Path], None]:
    """Exchange entries of two numbers of one file."""

    def put(folder: Path) -> None:
        path, first = node_of(folder, one)
        _, second = node_of(folder, other)

        def change(data: Any) -> None:
            a, b = data, data
            for key in first:
                a = a[key]
            for key in second:
                b = b[key]
            for entry in entries or ("value", "uncertainty"):
                a[entry], b[entry] = b[entry], a[entry]

        edited(path, change)

    return put


def ci(low: float, high: float, scale: str = "log") -> dict[str, Any]:
    return {"ci95": {"low": low, "high": high, "scale": scale}}


def at(path: str, value: Any) -> Callable[[Path], None]:
    """Put something at a dotted path of the scenario; None takes it away."""

    def change(data: Any) -> None:
        *above, last = path.split(".")
        for key in above:
            data = data[key]
        if value is None:
            del data[last]
        else:
            data[last] = value

    return lambda folder: edited(folder / BASE, change)


def swapped(one: str, other: str) -> Callable[[Path], None]:
    """Exchange what stands at two paths of the scenario."""

    def change(data: Any) -> None:
        places = []
        for path in (one, other):
            node, (*above, last) = data, path.split(".")
            for key in above:
                node = node[key]
            places.append((node, last))
        (a, i), (b, k) = places
        a[i], b[k] = b[k], a[i]

    return lambda folder: edited(folder / BASE, change)


def table(name: str, change: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> Callable[[Path], None]:
    """Change the rows of a CSV file of inputs/."""

    def put(folder: Path) -> None:
        path = folder / "inputs" / name
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        columns = list(rows[0])
        rows = change(rows)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    return put


# ------------------------------------------------------------------------------------------ units and scales
PNET = "survival.cabinet_pnet"
OS, PFS = f"{PNET}.os_nejm", f"{PNET}.pfs_nejm"
DRUG, CARE, UNIT = "costs.drug.cabozantinib", "costs.care", "costs.unit"
CLARINET = "utilities.state_utilities.clarinet"
EVENTS = "adverse_events.cabinet.pnet.any_grade3plus"
UNITS = "units and scales"
fault(UNITS, "median survival: years for months", number(f"{OS}.median_placebo", unit="years"))
fault(UNITS, "median survival: weeks for months", number(f"{OS}.median_placebo", unit="weeks"))
fault(UNITS, "median PFS: years for months", number(f"{PFS}.median_cabozantinib", unit="years"))
fault(UNITS, "price per tablet as that of a pack", times(f"{DRUG}.price_per_pack", 1 / 30))
fault(UNITS, "price per milligram as that of a pack", times(f"{DRUG}.price_per_pack", 1 / 1800))
fault(UNITS, "pence for pounds", times(f"{UNIT}.nurse_hour", 100))
fault(UNITS, "thousands lost: a price of GBP 5.143", times(f"{DRUG}.price_per_pack", 0.001))
fault(
    UNITS, "visits per month in place of per week", number(f"{CARE}.progression_free.nurse_frequency", unit="per month")
)
fault(UNITS, "visits per week in place of per year", number(f"{CARE}.progressed.ct_frequency", value=4.0))
fault(UNITS, "cost per cycle used per month", times(f"{CARE}.progressed.consultant_frequency", 12 / 13.04))
fault(UNITS, "a share in percent of percent", times(f"{PNET}.crossover_share", 0.01))
fault(UNITS, "share of women and of men exchanged", number("population.cohorts.pnet.proportion_female", value=0.55))
fault(UNITS, "age in months", number("population.cohorts.pnet.start_age", value=720.0))
fault(
    UNITS,
    "an event that lasts months in place of weeks",
    number("utilities.adverse_events.duration.any_grade3plus", unit="months"),
)
fault(UNITS, "horizon in months", at("settings.horizon_years", 3.33))
fault(UNITS, "cycle in weeks", at("settings.cycle_days", 4))
fault(UNITS, "discount rate in percent of a percent", at("settings.discount_rate_costs", 0.00035))
fault(UNITS, "discount rate of 35%", at("settings.discount_rate_qalys", 0.35))
fault(UNITS, "capecitabine for years in place of months", number("costs.subsequent.capecitabine_months", unit="years"))
fault(UNITS, "waning after 36 years", number("survival.relative_effect.os_effect_ends.month_36", unit="years"))
fault(UNITS, "pack of 30 tablets taken as 60 days", number(f"{DRUG}.pack_days", value=60.0))

# ------------------------------------------------------------------------------------------ signs and inversions
SIGNS = "signs and inversions"
fault(
    SIGNS,
    "hazard ratio of PFS inverted",
    number(f"{PFS}.hazard_ratio", value=round(1 / 0.23, 3), uncertainty=ci(2.38, 8.33)),
)
fault(SIGNS, "hazard ratio of OS inverted", number(f"{OS}.hazard_ratio", value=1.053, uncertainty=ci(0.5, 2.22)))
fault(SIGNS, "decrement with a minus sign", number(f"{CLARINET}.decrement_on_progression", value=-0.05))
fault(
    SIGNS,
    "decrement of events with a minus sign",
    number("utilities.adverse_events.decrements.any_grade3plus", value=-0.2),
)
fault(SIGNS, "cost with a minus sign", number(f"{UNIT}.ct_scan", value=-99.88))
fault(SIGNS, "discount of -20%", number(f"{DRUG}.discount", value=-0.2))
fault(SIGNS, "utility lost in place of utility", number(f"{CLARINET}.progression_free", value=0.224))
fault(SIGNS, "share taken in place of share missed", number(f"{DRUG}.share_of_tablets_taken", value=0.02))
fault(SIGNS, "coefficient on the log scale as hazard ratio", number(f"{OS}.hazard_ratio", value=-0.0513))
fault(
    SIGNS,
    "log of the hazard ratio without its sign",
    number(f"{OS}.hazard_ratio", value=0.0513, uncertainty=ci(0.024, 0.11)),
)
fault(SIGNS, "probability of dying as survival", number("survival.radiant3.os_placebo_landmarks.month_60", value=0.645))

# ------------------------------------------------------------------------------------------ exchanged
SWAPS = "exchanged"
fault(SWAPS, "medians of the arms", exchange(f"{PFS}.median_placebo", f"{PFS}.median_cabozantinib"))
fault(SWAPS, "medians of OS of the arms", exchange(f"{OS}.median_placebo", f"{OS}.median_cabozantinib"))
fault(SWAPS, "incidences of the arms", exchange(f"{EVENTS}.cabozantinib", f"{EVENTS}.placebo"))
fault(
    SWAPS,
    "arms of the PFS curves",
    swapped("strategies.cabozantinib.pfs.arm", "strategies.best_supportive_care.pfs.arm"),
)
fault(
    SWAPS,
    "incidences in the scenario",
    swapped(
        "adverse_events.events.any_grade3plus.incidence.cabozantinib",
        "adverse_events.events.any_grade3plus.incidence.best_supportive_care",
    ),
)
fault(SWAPS, "intervention and comparator", swapped("decision.intervention", "decision.comparator"))
fault(
    SWAPS, "ratio of PFS in place of that of OS", at("strategies.cabozantinib.os.hazard_ratio", f"{PFS}.hazard_ratio")
)
fault(
    SWAPS,
    "the other cohort's trial",
    at("strategies.cabozantinib.pfs.trial", "survival.cabinet_epnet.pfs_nejm"),
    at("strategies.best_supportive_care.pfs.trial", "survival.cabinet_epnet.pfs_nejm"),
)
fault(SWAPS, "the other cohort's age", at("population.start_age", "population.cohorts.epnet.start_age"))
fault(
    SWAPS,
    "the other cohort's incidences",
    at(
        "adverse_events.events.any_grade3plus.incidence.cabozantinib",
        "adverse_events.cabinet.epnet.any_grade3plus.cabozantinib",
    ),
)
fault(
    SWAPS,
    "median PFS in place of median OS",
    at("strategies.best_supportive_care.os.median", f"{PFS}.median_cabozantinib"),
)
fault(
    SWAPS,
    "care before and after progression",
    swapped("costs.nurse_progression_free.frequency", "costs.bloods_progressed.frequency"),
)
fault(SWAPS, "price of another drug", at("costs.somatostatin_analogue.price_per_pack", f"{DRUG}.price_per_pack"))
fault(SWAPS, "unit cost of another item", at("costs.ct_progressed.unit_cost", f"{UNIT}.blood_test"))
fault(SWAPS, "frequency of another item", at("costs.nurse_progressed.frequency", f"{CARE}.progressed.ct_frequency"))
fault(
    SWAPS,
    "men's and women's mortality",
    table(
        "mortality/england_2018_2020.csv",
        lambda rows: [{**r, "qx_male": r["qx_female"], "qx_female": r["qx_male"]} for r in rows],
    ),
)
fault(
    SWAPS,
    "thresholds",
    exchange(
        "decision.method_packs.nice-2026-03.threshold_lower",
        "decision.method_packs.nice-2026-03.threshold_upper",
        "value",
    ),
)

# ------------------------------------------------------------------------------------------ uncertainty
SPREAD = "uncertainty"
fault(SPREAD, "interval ten times too wide", number(f"{OS}.hazard_ratio", uncertainty=ci(0.045, 20.0)))
fault(SPREAD, "interval with a slipped decimal point", number(f"{PFS}.hazard_ratio", uncertainty=ci(0.12, 4.2)))
fault(SPREAD, "ends of an interval exchanged", number(f"{PFS}.hazard_ratio", uncertainty=ci(0.42, 0.12)))
fault(SPREAD, "interval of the other arm", number(f"{PFS}.median_cabozantinib", uncertainty=ci(3.0, 5.9)))
fault(
    SPREAD,
    "SD in place of SE of a unit cost",
    number(f"{UNIT}.consultant_follow_up", uncertainty={"gamma": {"se": 164.19 * 2.2}}),
)
fault(
    SPREAD, "SD in place of SE of a utility", number(f"{CLARINET}.progression_free", uncertainty={"beta": {"se": 0.3}})
)
fault(SPREAD, "standard error of 0", number(f"{UNIT}.nurse_hour", uncertainty={"gamma": {"se": 0.0}}))
fault(SPREAD, "variance in place of SE", number(f"{CLARINET}.progression_free", uncertainty={"beta": {"se": 0.00002}}))
fault(SPREAD, "ratio on a normal distribution", number(f"{OS}.hazard_ratio", uncertainty={"normal": {"se": 0.4}}))
fault(SPREAD, "cost on a normal distribution", number(f"{UNIT}.end_of_life", uncertainty={"normal": {"se": 6000.0}}))
fault(
    SPREAD,
    "utility on a gamma distribution",
    number(f"{CLARINET}.progression_free", uncertainty={"gamma": {"se": 0.2}}),
)
fault(SPREAD, "half of an interval as if it was the whole", number(f"{PFS}.hazard_ratio", uncertainty=ci(0.175, 0.31)))
fault(SPREAD, "hazard ratio fixed without a reason", number(f"{OS}.hazard_ratio", uncertainty={"fixed": ""}))
fault(SPREAD, "interval not around its value", number(f"{OS}.median_placebo", uncertainty=ci(32.0, 60.0)))
fault(
    SPREAD,
    "interval on the natural scale for a ratio",
    number(f"{PFS}.hazard_ratio", uncertainty=ci(0.12, 0.42, "identity")),
)

# ------------------------------------------------------------------------------------------ typing
TYPED = "typing"
fault(TYPED, "digits transposed: 41.3 for 31.1 months", number(f"{OS}.median_placebo", value=41.3))
fault(TYPED, "digits transposed: GBP 5,413", number(f"{DRUG}.price_per_pack", value=5413.0))
fault(TYPED, "a digit too many: 138 months", number(f"{PFS}.median_cabozantinib", value=138.0))
fault(TYPED, "a utility of 0.667 for 0.776", number(f"{CLARINET}.progression_free", value=0.667))
fault(TYPED, "a unit cost of GBP 8,741.03 for 8,714.03", number(f"{UNIT}.end_of_life", value=8741.03))
fault(TYPED, "the wrong row of a table", number(f"{UNIT}.ct_scan", value=164.19))
fault(TYPED, "a misspelt address", at("costs.end_of_life.unit_cost", f"{UNIT}.end_of_live"))
fault(TYPED, "a misspelt key", at("settings.dicounting", "annual"))
fault(TYPED, "a missing entry", at("costs.ct_progressed.frequency", None))
fault(TYPED, "a number without a source", number(f"{UNIT}.nurse_hour", source=[]))
fault(TYPED, "a source that is not listed", number(f"{UNIT}.nurse_hour", source=["nobody_2020"]))
fault(TYPED, "an old price year", number(f"{UNIT}.nurse_hour", price_year="2011/12"))
fault(TYPED, "a cost without its index", number(f"{UNIT}.nurse_hour", drop="index"))

# ------------------------------------------------------------------------------------------ structure
STRUCTURE = "structure"
fault(STRUCTURE, "drug paid after progression", at("costs.cabozantinib.during", "alive"))
fault(STRUCTURE, "drug paid by everybody", at("costs.cabozantinib.strategies", "all"))
fault(STRUCTURE, "cost of death forgotten", at("costs.end_of_life", None))
fault(STRUCTURE, "adverse events forgotten", at("adverse_events.events", {}))
fault(STRUCTURE, "drug forgotten", at("costs.cabozantinib", None))
fault(STRUCTURE, "crossover's cost forgotten", at("costs.crossover", None))
fault(
    STRUCTURE,
    "care after progression counted twice",
    lambda folder: edited(
        folder / BASE,
        lambda d: d["costs"].update(nurse_again={**d["costs"]["nurse_progressed"], "label": "Nurse again"}),
    ),
)
fault(STRUCTURE, "care of the intervention only", at("costs.ct_progression_free.strategies", ["cabozantinib"]))
fault(STRUCTURE, "progressed care while progression-free", at("costs.nurse_progressed.during", "progression_free"))
fault(STRUCTURE, "no half-cycle correction", at("settings.half_cycle_correction", "start"))
fault(STRUCTURE, "rates of costs and QALYs differ", at("settings.discount_rate_qalys", 0.015))
fault(STRUCTURE, "a horizon of five years", at("settings.horizon_years", 5))
fault(STRUCTURE, "no background mortality", at("strategies.best_supportive_care.os.background_mortality", "none"))
fault(STRUCTURE, "utilities not adjusted for age", at("utilities.age_adjustment", "none"))
fault(
    STRUCTURE,
    "another value set for the states",
    at("utilities.progression_free", "utilities.state_utilities.clarinet_5l.progression_free"),
)
fault(
    STRUCTURE, "two data cuts mixed", at("strategies.best_supportive_care.os.median", f"{PNET}.os_fda.median_placebo")
)
fault(STRUCTURE, "an old method pack", at("decision.method_pack", "nice-2022"))
fault(STRUCTURE, "established practice is the new drug", at("decision.established_practice", "cabozantinib"))
fault(
    STRUCTURE,
    "waning ends before it starts",
    at("strategies.cabozantinib.os.waning.ends", "survival.relative_effect.os_effect_ends.month_12"),
)
fault(STRUCTURE, "effect of the drug for life", at("strategies.cabozantinib.os.waning", None))
fault(STRUCTURE, "share of patients applied to those who progress", at("costs.crossover.of", "progressions"))
fault(STRUCTURE, "price follows milligrams", at("costs.cabozantinib.price_follows_milligrams", True))
fault(STRUCTURE, "a life table that is too short", table("mortality/england_2018_2020.csv", lambda rows: rows[:70]))
fault(STRUCTURE, "a life table that starts late", table("mortality/england_2018_2020.csv", lambda rows: rows[65:]))
fault(
    STRUCTURE,
    "a life table in percent",
    table(
        "mortality/england_2018_2020.csv",
        lambda rows: [
            {
                **r,
                "qx_male": str(min(float(r["qx_male"]) * 100, 1.0)),
                "qx_female": str(min(float(r["qx_female"]) * 100, 1.0)),
            }
            for r in rows
        ],
    ),
)
fault(
    STRUCTURE,
    "OS drawn as a curve of PFS",
    at("strategies.best_supportive_care.os", {"distribution": "weibull", "trial": PFS, "arm": "placebo"}),
)
fault(
    STRUCTURE,
    "treatment until death",
    at(
        "strategies.cabozantinib.time_on_treatment",
        {
            "rule": "curve",
            "curve": {
                "distribution": "weibull",
                "median": f"{OS}.median_placebo",
                "shape": {"weibull": "survival.radiant3.os_shape"},
            },
        },
    ),
)
fault(
    STRUCTURE,
    "the comparator is treated, too",
    at("strategies.best_supportive_care.time_on_treatment", {"rule": "until_progression"}),
)
fault(
    STRUCTURE,
    "deaths at progression: 80% in place of 8%",
    number("survival.relative_effect.share_of_pfs_events_that_are_deaths", value=0.8),
)
fault(STRUCTURE, "a cost of employers counted", at("decision_problem.perspective", "societal"))
