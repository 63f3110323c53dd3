"""Results made by hand, to draw figures from, with everything that can go wrong with a label."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from netcea.analyses.base_case.result import (
    BaseCaseResult,
    Case,
    Comparison,
    LedgerEntry,
    LedgerTest,
    NetBenefit,
    StrategyResult,
)
from netcea.costs.administration import Administration
from netcea.costs.adverse_events import TimedEvent
from netcea.costs.drug_acquisition import DrugAcquisition
from netcea.costs.end_of_life import EndOfLife
from netcea.costs.resource_use import ResourceUse
from netcea.costs.subsequent_treatment import SubsequentTreatment
from netcea.decision.incremental import pairwise
from netcea.engine.trace import Trace
from netcea.quantities.quantity import Quantity

HORIZON = 40.0
EDGES = np.append(np.arange(0.0, HORIZON, 28 / 365.25), HORIZON)
THRESHOLDS = (25_000.0, 35_000.0)
PRICES = {"drug": 38_000.0, "lanreotide": 9_000.0, "ct": 450.0, "capecitabine": 900.0}


def quantity(value: float, unit: str, at_months: float | None = None) -> Quantity:
    return Quantity.model_validate(
        {"value": value, "unit": unit, "uncertainty": {"fixed": "a test"}, "source": ["test"], "status": "published"}
        | ({} if at_months is None else {"at_months": at_months})
    )


def weibull(median_months: float, shape: float) -> np.ndarray:
    return np.exp(-np.log(2.0) * (EDGES / (median_months / 12.0)) ** shape)


def made_trace(name: str, pfs: np.ndarray, os: np.ndarray, *, treated: bool) -> Trace:
    free = np.minimum(pfs, os)
    population = np.diff(0.006 * (np.exp(0.09 * EDGES) - 1) / 0.09)
    edges = {
        "time_years": EDGES,
        "pfs_curve": pfs,
        "os_curve": os,
        "progression_free": free,
        "progressed": os - free,
        "dead": 1.0 - os,
        "on_treatment": free if treated else np.zeros_like(free),
    }
    cycles = {"population_hazard": population, "os_hazard": -np.diff(np.log(os))}
    return Trace(name, edges, cycles)


def made_strategy(label: str, trace: Trace, *, treated: bool, share: float = 1.0) -> StrategyResult:
    weight = np.diff(EDGES)
    years = {
        state: float(np.sum((trace.edges[state][1:] + trace.edges[state][:-1]) / 2 * weight))
        for state in ("progression_free", "progressed")
    }
    qalys = {"progression_free": 0.75 * years["progression_free"], "progressed": 0.65 * years["progressed"]}
    items = {
        ("lanreotide", "progression_free"): PRICES["lanreotide"] * years["progression_free"],
        ("ct", "progression_free"): PRICES["ct"] * 4 * years["progression_free"],
        ("ct", "progressed"): PRICES["ct"] * 2 * years["progressed"],
        ("capecitabine", "progressed"): PRICES["capecitabine"],
        ("adverse_events.any_grade3plus", "progression_free"): 700.0,
        ("end_of_life", "dead"): 9_100.0,
    }
    if treated:
        items["drug", "progression_free"] = share * PRICES["drug"] * years["progression_free"]
        items["first_dispensing", "progression_free"] = 215.0
    total = sum(items.values())
    return StrategyResult(
        label=label,
        costs=total,
        qalys=sum(qalys.values()),
        life_years=sum(years.values()),
        undiscounted_costs=total,
        undiscounted_qalys=sum(qalys.values()),
        undiscounted_life_years=sum(years.values()),
        costs_by_item=items,
        undiscounted_costs_by_item=items,
        qalys_by_state=qalys,
        undiscounted_qalys_by_state=qalys,
        life_years_by_state=years,
        undiscounted_life_years_by_state=years,
        median_pfs=0.0,
        median_os=0.0,
        alive_at_horizon=float(1 - trace.edges["dead"][-1]),
    )


def made_case(name: str, strategies: dict[str, StrategyResult], intervention: str, comparator: str) -> Case:
    benefits = []
    for key, one in strategies.items():
        if key != comparator:
            costs, qalys = one.costs - strategies[comparator].costs, one.qalys - strategies[comparator].qalys
            for threshold in THRESHOLDS:
                nhb = qalys - costs / threshold
                benefits.append(NetBenefit(key, threshold, nhb * threshold, nhb, nhb * threshold, nhb))
    rows = pairwise(
        names=list(strategies),
        costs=[one.costs for one in strategies.values()],
        life_years=[one.life_years for one in strategies.values()],
        qalys=[one.qalys for one in strategies.values()],
        comparator=comparator,
    )
    return Case(
        name=name,
        rationale="",
        source=f"{name}.yaml",
        digest="",
        direction=None,
        tags=(),
        intervention=intervention,
        comparator=comparator,
        established_practice=comparator,
        strategies=strategies,
        incremental=(),
        pairwise=tuple(rows),
        weighted_incremental=(),
        weighted_pairwise=(),
        net_health_benefit=tuple(benefits),
        severity=None,
        warnings=(),
    )


def made_scenario(name: str, labels: dict[str, str], rules: dict[str, str], quantities: dict, curves: dict):
    items = {
        "drug": DrugAcquisition.model_construct(strategies=["cabozantinib"]),
        "lanreotide": DrugAcquisition.model_construct(strategies="all"),
        "first_dispensing": Administration.model_construct(strategies=["cabozantinib"]),
        "ct": ResourceUse.model_construct(strategies="all"),
        "capecitabine": SubsequentTreatment.model_construct(strategies="all"),
        "end_of_life": EndOfLife.model_construct(strategies="all"),
        "adverse_events.any_grade3plus": TimedEvent(None, "at_start"),
    }
    file = SimpleNamespace(
        name=name,
        settings=SimpleNamespace(horizon_years=HORIZON, price_year="2024/25"),
        strategies={
            key: SimpleNamespace(label=label, time_on_treatment=SimpleNamespace(rule=rules[key], stops_at=None))
            for key, label in labels.items()
        },
        all_costs=lambda: items,
        costs={},
        decision=SimpleNamespace(intervention="cabozantinib", comparator="bsc"),
    )
    return SimpleNamespace(
        file=file,
        quantities=quantities,
        curves=curves,
        strategies=tuple(labels),
        label=lambda key: labels[key],
        trial_names={address: "A trial" for address in quantities if "os." in address},
    )


def no_waning(name: str) -> dict:
    return {
        f"strategies.{name}.{e}": SimpleNamespace(waning_starts=None, waning_ends=None, waning_since="baseline")
        for e in ("pfs", "os")
    }


def waning(starts: str, ends: str) -> SimpleNamespace:
    return SimpleNamespace(waning_starts=starts, waning_ends=ends, waning_since="baseline")


def made_ledger(intervention_changes: dict[str, float]) -> tuple[LedgerEntry, ...]:
    directions = ("for", "against", "unclear", None)
    tests = [
        LedgerTest(
            name,
            f"sensitivity/{i}.yaml",
            directions[i % 4],
            None if i % 5 == 4 else 112_345.0 + 1000 * i,
            "dominated" if i % 5 == 4 else "",
            None,
            change,
        )
        for i, (name, change) in enumerate(intervention_changes.items())
    ]
    broken = LedgerTest("broken", "sensitivity/broken.yaml", "for", None, "", None, 0.0, fault="cannot be combined")
    return (
        LedgerEntry("Overall survival", "strategies.cabozantinib.os", "for", "why", tuple(tests)),
        LedgerEntry("Costs", "costs", "against", "why", (*tests[:2], broken)),
    )


def assembled(scenario, traces, case, *, beside=(), comparisons=(), ledger=()) -> BaseCaseResult:
    return BaseCaseResult(
        scenario=scenario,
        case=case,
        beside=tuple(beside),
        ledger=tuple(ledger),
        bindings=(),
        comparisons=tuple(comparisons),
        fits=(),
        traces=traces,
    )


def two_strategies() -> BaseCaseResult:
    """Return something like the pNET base case: an effect that ends, figures with and without intervals."""
    labels = {"cabozantinib": "Cabozantinib", "bsc": "Placebo / best supportive care"}
    os_placebo = weibull(31.1, 1.03)
    os_drug = np.exp(0.95 * np.log(os_placebo))
    after = EDGES >= 3.0
    os_drug[after] = os_placebo[after] * os_drug[after][0] / os_placebo[after][0]
    traces = {
        "cabozantinib": made_trace("cabozantinib", weibull(13.8, 1.29), os_drug, treated=True),
        "bsc": made_trace("bsc", weibull(4.4, 1.29), os_placebo, treated=False),
    }
    quantities = {
        "m36": quantity(36.0, "months"),
        "pfs.cabo": quantity(13.8, "months"),
        "pfs.placebo": quantity(4.4, "months"),
        "pfs.hr": quantity(0.23, "ratio"),
        "os.placebo": quantity(31.1, "months"),
        "os.hr": quantity(0.95, "ratio"),
        "os.cabo": quantity(40.0, "months"),
        "os.12": quantity(0.74, "proportion", 12.0),
    }
    comparisons = [
        Comparison("cabozantinib", "pfs", "median", "pfs.cabo", 13.8, 13.8, "months", 9.2, 18.5, "fitted"),
        Comparison("bsc", "pfs", "median", "pfs.placebo", 4.4, 4.4, "months", 3.0, 5.9, "fitted"),
        Comparison("cabozantinib", "pfs", "hazard ratio", "pfs.hr", 0.23, 0.231, "ratio", 0.12, 0.42, "fitted"),
        Comparison("bsc", "os", "median", "os.placebo", 31.1, 31.1, "months", 19.7, 43.6, "fitted"),
        Comparison("cabozantinib", "os", "median", "os.cabo", 40.0, 32.5, "months", 26.9, 50.0, "external"),
        Comparison("bsc", "os", "survival at 12 months", "os.12", 0.74, 0.77, "proportion", 0.6, 0.85, "external"),
        Comparison("cabozantinib", "os", "hazard ratio", "os.hr", 0.95, 0.95, "ratio", 0.45, 2.0, "fitted"),
    ]
    curves = no_waning("bsc") | no_waning("cabozantinib") | {"strategies.cabozantinib.os": waning("m36", "m36")}
    rules = {"cabozantinib": "until_progression", "bsc": "none"}
    scenario = made_scenario("pNET base case", labels, rules, quantities, curves)

    def strategies(gain: float, share: float = 1.0) -> dict[str, StrategyResult]:
        bsc = made_strategy(labels["bsc"], traces["bsc"], treated=False)
        drug = made_strategy(labels["cabozantinib"], traces["cabozantinib"], treated=True, share=share)
        return {"cabozantinib": StrategyResult(**{**vars(drug), "qalys": bsc.qalys + gain}), "bsc": bsc}

    case = made_case("pNET base case", strategies(0.24), "cabozantinib", "bsc")
    beside = [
        made_case("pNET, FDA cut of overall survival", strategies(0.11), "cabozantinib", "bsc"),
        made_case("pNET, no effect on overall survival", strategies(0.13, 0.98), "cabozantinib", "bsc"),
    ]
    changes = {f"pNET, assumption number {i}": 0.9 * (-0.82) ** i for i in range(22)}
    return assembled(scenario, traces, case, beside=beside, comparisons=comparisons, ledger=made_ledger(changes))


def four_strategies() -> BaseCaseResult:
    """Return four strategies with medians close together, long labels with mathtext, and fewer QALYs."""
    labels = {
        "cabozantinib": "Cabozantinib 60 mg once daily until progression or unacceptable toxicity ($x_1$)",
        "everolimus": "Everolimus (RADIANT-3, anchored through placebo by the method of Bucher)",
        "sunitinib": "Sunitinib",
        "bsc": "Placebo / best supportive care, with a somatostatin analogue for $every_patient$ & <others>",
    }
    medians = {"cabozantinib": (13.8, 40.0), "everolimus": (11.0, 44.0), "sunitinib": (11.4, 20.5), "bsc": (4.6, 31.0)}
    traces = {
        name: made_trace(name, weibull(pfs, 1.2), weibull(os, 1.05), treated=name != "bsc")
        for name, (pfs, os) in medians.items()
    }
    quantities = {
        "m24": quantity(24.0, "months"),
        "m60": quantity(60.0, "months"),
        "at": quantity(0.6, "proportion", 24.0),
    }
    comparisons = []
    for name, (pfs, os) in medians.items():
        for endpoint, value in (("pfs", pfs), ("os", os)):
            quantities[f"{endpoint}.{name}"] = quantity(value, "months")
            comparisons.append(
                Comparison(
                    name,
                    endpoint,
                    "median",
                    f"{endpoint}.{name}",
                    value,
                    value,
                    "months",
                    value * 0.7,
                    value * 1.4,
                    "fitted",
                )
            )
    comparisons.append(
        Comparison("bsc", "os", "survival at 24 months", "at", 0.6, 0.58, "proportion", None, None, "fitted")
    )
    curves: dict = {}
    for name in labels:
        curves |= no_waning(name)
    curves["strategies.cabozantinib.os"] = waning("m24", "m60")
    curves["strategies.everolimus.os"] = waning("m60", "m60")
    rules = {"cabozantinib": "until_progression", "everolimus": "curve", "sunitinib": "pfs_time_ratio", "bsc": "none"}
    scenario = made_scenario("pNET with everolimus and sunitinib", labels, rules, quantities, curves)
    shares = {"cabozantinib": 1.0, "everolimus": 0.4, "sunitinib": 0.3, "bsc": 0.0}

    def strategies(factor: float) -> dict[str, StrategyResult]:
        return {
            name: made_strategy(labels[name], trace, treated=name != "bsc", share=factor * shares[name])
            for name, trace in traces.items()
        }

    case = made_case("four", strategies(1.0), "cabozantinib", "bsc")
    beside = [
        made_case(f"A rather long name of scenario {i} beside it", strategies(0.9 - 0.2 * i), "cabozantinib", "bsc")
        for i in range(2)
    ]
    changes = {
        f"Scenario {i} with a name that is far too long for the room at the left": 0.01 * (i - 20) for i in range(55)
    }
    return assembled(scenario, traces, case, beside=beside, comparisons=comparisons, ledger=made_ledger(changes))


def never_reached() -> BaseCaseResult:
    """Return curves that stay above one half to the horizon, nobody on treatment, PFS above OS."""
    labels = {"cabozantinib": "Watch_and_wait", "bsc": "Care"}
    high = np.full_like(EDGES, 0.0) + np.exp(-0.012 * EDGES)
    traces = {
        "cabozantinib": made_trace("cabozantinib", np.exp(-0.008 * EDGES), high, treated=False),
        "bsc": made_trace("bsc", 0.3 + 0.7 * np.exp(-0.2 * EDGES), np.exp(-0.011 * EDGES), treated=False),
    }
    rules = {"cabozantinib": "none", "bsc": "none"}
    curves = no_waning("cabozantinib") | no_waning("bsc")
    scenario = made_scenario("nobody dies", labels, rules, {}, curves)
    strategies = {name: made_strategy(labels[name], trace, treated=False) for name, trace in traces.items()}
    return assembled(scenario, traces, made_case("nobody dies", strategies, "cabozantinib", "bsc"))


def worse_and_cheaper() -> BaseCaseResult:
    """Return an intervention that saves money and loses QALYs."""
    result = two_strategies()
    bsc = result.case.strategies["bsc"]
    drug = StrategyResult(**{**vars(bsc), "label": "Less care", "costs": bsc.costs - 4_000, "qalys": bsc.qalys - 0.08})
    case = made_case("less care", {"cabozantinib": drug, "bsc": bsc}, "cabozantinib", "bsc")
    return assembled(result.scenario, result.traces, case)


def identical() -> BaseCaseResult:
    """Return two strategies with the same results."""
    result = two_strategies()
    bsc = result.case.strategies["bsc"]
    traces = {"cabozantinib": result.traces["bsc"], "bsc": result.traces["bsc"]}
    case = made_case("same", {"cabozantinib": bsc, "bsc": bsc}, "cabozantinib", "bsc")
    return assembled(result.scenario, traces, case)


CASES = {
    "two": two_strategies,
    "four": four_strategies,
    "never": never_reached,
    "worse": worse_and_cheaper,
    "identical": identical,
}
