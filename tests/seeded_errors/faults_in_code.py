"""Faults of the program itself: each replaces a function while a scenario is verified."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np


@dataclass(frozen=True)
class CodeFault:
    """One fault: the function that is replaced, and by what."""

    name: str
    module: str
    function: str
    instead: Callable[[Callable[..., Any]], Callable[..., Any]]


def factor(module: str, function: str, name: str, change: Callable[..., Any]) -> CodeFault:
    """Change what a function returns; `change` gets the result and the arguments."""

    def instead(whole: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **more: change(whole(*args, **more), *args, **more)

    return CodeFault(name, module, function, instead)


TIMELINE = "netcea.cohort.timeline"


def _linear(found: Any, time: Any, rate: Any, convention: Any) -> Any:
    middle = (time.edges[:-1] + time.edges[1:]) / 2.0
    return found if isinstance(rate, tuple) else 1.0 / (1.0 + rate * middle)


def _twice(found: Any, time: Any, how: Any) -> Any:
    start, end = found
    return start / 2.0, end


def _without_zero(found: Any, *args: Any) -> Any:
    return found * 1.01


def _upside_down(found: Any, costs: float, qalys: float) -> Any:
    icer, label = found
    return (None if icer is None else qalys / costs), label


CODE = (
    factor(TIMELINE, "cycle_discount", "simple interest in place of compound", _linear),
    factor(TIMELINE, "cycle_discount", "discounted twice", lambda found, *a: found**2),
    factor(TIMELINE, "cycle_discount", "not discounted", lambda found, *a: np.ones_like(found)),
    factor(
        TIMELINE,
        "cycle_discount",
        "discounted from the first cycle's end on",
        lambda found, time, rate, c: found * 0.997,
    ),
    factor(TIMELINE, "person_time_weights", "half-cycle correction twice", _twice),
    factor(
        TIMELINE,
        "person_time_weights",
        "half-cycle correction left out",
        lambda found, time, how: (found[0] * 2, found[1] * 0),
    ),
    factor(TIMELINE, "window_fraction", "windows ignored", lambda found, *a: np.ones_like(found)),
    factor(
        "netcea.cohort.mortality",
        "population_cumulative_hazard",
        "mortality of the population halved",
        lambda found, *a: found * 0.5,
    ),
    factor("netcea.cohort.norms", "norm_profile", "norms a tenth too low", lambda found, *a: found * 0.9),
    factor(
        "netcea.decision.severity", "severity_weight", "severity weight of nobody", lambda found, *a: found * 0 + 1.0
    ),
    factor(
        "netcea.decision.severity", "severity_weight", "severity weight always 1.7", lambda found, *a: found * 0 + 1.7
    ),
    factor(
        "netcea.decision.severity",
        "general_population",
        "severity: population 5% too low",
        lambda found, *a: (found[0] * 0.95, found[1]),
    ),
    factor(
        "netcea.decision.net_benefit",
        "incremental_nhb",
        "net health benefit without costs",
        lambda found, costs, qalys, threshold, weight=1.0: qalys * weight,
    ),
    factor(
        "netcea.decision.net_benefit",
        "incremental_nmb",
        "severity weight on the whole net benefit",
        lambda found, costs, qalys, threshold, weight=1.0: (qalys * threshold - costs) * weight,
    ),
    factor("netcea.decision.incremental", "compare", "ICER upside down", _upside_down),
    factor(
        "netcea.decision.incremental", "weighted", "severity left out of ICERs", lambda found, rows, weight: list(rows)
    ),
    factor(
        "netcea.decision.value_of_information.perfect",
        "evpi",
        "EVPI too high",
        lambda found, *a: (found[0] + 5, found[1]),
    ),
    factor(
        "netcea.sampling.streams",
        "stream",
        "one stream for all numbers",
        lambda found, seed, address, block=0: np.random.default_rng([seed, block]),
    ),
    factor(
        "netcea.decision.acceptability",
        "probability_best",
        "acceptability of costs alone",
        lambda found, costs, *a: (costs == costs.min(axis=0)).mean(axis=1),
    ),
    factor("netcea.engine.invariants", "first_breach", "rules of the model never looked at", lambda found, *a: None),
)
"""Functions of the engine."""


@contextmanager
def put(fault: CodeFault) -> Iterator[None]:
    """Have the fault in every module that uses the function, while the context is open."""
    whole = getattr(sys.modules[fault.module], fault.function)
    wrong = fault.instead(whole)
    places = [
        m for n, m in list(sys.modules.items()) if n.startswith("netcea") and getattr(m, fault.function, None) is whole
    ]
    for module in places:
        setattr(module, fault.function, wrong)
    try:
        yield
    finally:
        for module in places:
            setattr(module, fault.function, whole)


def accruals(kind: str, change: Callable[[Any], Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Replace a class's accruals: kind is the class's module and name."""

    def instead(whole: Callable[..., Any]) -> Callable[..., Any]:
        def accrue(self: Any, exposure: Any) -> Iterator[Any]:
            for accrual in whole(self, exposure):
                yield change(accrual)

        return accrue

    return instead


@dataclass(frozen=True)
class MethodFault:
    """A fault of a method of a class."""

    name: str
    module: str
    owner: str
    method: str
    instead: Callable[[Callable[..., Any]], Callable[..., Any]]


def returned(change: Callable[[Any], Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Change what a method returns."""
    return lambda whole: lambda *args, **more: change(whole(*args, **more))


def doubled(accrual: Any) -> Any:
    return replace(accrual, amount=accrual.amount * 2.0)


METHODS = (
    MethodFault("cost of death twice", "netcea.costs.end_of_life", "EndOfLife", "accrue", accruals("", doubled)),
    MethodFault(
        "drug at 101%",
        "netcea.costs.drug_acquisition",
        "DrugAcquisition",
        "accrue",
        accruals("", lambda a: replace(a, amount=a.amount * 1.01)),
    ),
    MethodFault(
        "resource use negative",
        "netcea.costs.resource_use",
        "ResourceUse",
        "accrue",
        accruals("", lambda a: replace(a, amount=-a.amount)),
    ),
    MethodFault("adverse events twice", "netcea.costs.adverse_events", "TimedEvent", "accrue", accruals("", doubled)),
    MethodFault(
        "subsequent treatment in the wrong state",
        "netcea.costs.subsequent_treatment",
        "SubsequentTreatment",
        "accrue",
        accruals("", lambda a: replace(a, state="dead")),
    ),
    MethodFault(
        "administration free",
        "netcea.costs.administration",
        "Administration",
        "accrue",
        accruals("", lambda a: replace(a, amount=a.amount * 0.0)),
    ),
    MethodFault(
        "correlations left out",
        "netcea.sampling.correlation",
        "CorrelatedGroup",
        "correlate",
        lambda whole: lambda self, deviates: {address: deviates[address] for address in self.addresses},
    ),
    MethodFault(
        "intervals taken as of 90%",
        "netcea.uncertainty.ci95",
        "Ci95",
        "standard_error",
        returned(lambda error: error * 1.96 / 1.645),
    ),
    MethodFault(
        "standard errors taken as variances",
        "netcea.uncertainty.around_mean",
        "AroundMean",
        "sd",
        returned(lambda error: error**0.5 if error < 1.0 else error),
    ),
    MethodFault(
        "beta of three times the patients",
        "netcea.uncertainty.beta",
        "Beta",
        "alpha_beta",
        returned(lambda found: (found[0] * 3.0, found[1] * 3.0)),
    ),
    MethodFault(
        "log-normal around its mean",
        "netcea.uncertainty.log_normal",
        "LogNormal",
        "at_deviate",
        returned(lambda found: found * 0.8),
    ),
    MethodFault(
        "costs not uprated", "netcea.loading.resolving.numbers", "Numbers", "_uprating", returned(lambda found: 1.0)
    ),
    MethodFault(
        "price index upside down",
        "netcea.quantities.price_index",
        "PriceIndex",
        "factor",
        returned(lambda found: 1.0 / found),
    ),
)
"""Methods of costs."""


@contextmanager
def put_method(fault: MethodFault) -> Iterator[None]:
    """Have the fault while the context is open."""
    owner = getattr(sys.modules[fault.module], fault.owner)
    whole = getattr(owner, fault.method)
    setattr(owner, fault.method, fault.instead(whole))
    try:
        yield
    finally:
        setattr(owner, fault.method, whole)
