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
