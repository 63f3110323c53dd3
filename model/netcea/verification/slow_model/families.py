"""Cumulative hazards of the slow model: H(t) = -log S(t) of each family."""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from scipy import special


def cumulative_hazard(family: str, t: float, p: Mapping[str, float], structure: Any) -> float:
    """H(t) = -log S(t) of each family; p: parameter -> value, all in one unit of time."""
    if t <= 0.0:
        return 0.0
    if family in SIMPLE:
        return float(SIMPLE[family](t, p))
    if family == "royston_parmar":
        return royston_parmar_hazard(t, p, structure.knots, structure.scale)
    if family == "piecewise_exponential":
        starts = [0.0, *structure.breaks]
        ends = [*structure.breaks, math.inf]
        total = 0.0
        for j in range(len(starts)):
            total += p[f"rate{j}"] * max(min(t, ends[j]) - starts[j], 0.0)
        return total
    not_cured = math.exp(-cumulative_hazard(structure.base, t, p, None))
    if family == "mixture_cure":
        return -math.log(p["cure_fraction"] + (1.0 - p["cure_fraction"]) * not_cured)
    if family == "non_mixture_cure":
        return -math.log(p["cure_fraction"]) * (1.0 - not_cured)
    raise NotImplementedError(family)


def gompertz_hazard(t: float, p: Mapping[str, float]) -> float:
    """Rate / shape (exp(shape t) - 1); rate t at a shape of 0."""
    if p["shape"] == 0.0:
        return p["rate"] * t
    return p["rate"] / p["shape"] * math.expm1(p["shape"] * t)


def generalised_gamma_hazard(t: float, p: Mapping[str, float]) -> float:
    """Of Prentice 1974: log-normal at Q = 0."""
    w = (math.log(t) - p["mu"]) / p["sigma"]
    if p["Q"] == 0.0:
        return minus_log_normal_tail(w)
    k = 1.0 / p["Q"] ** 2
    u = k * math.exp(p["Q"] * w)
    return -math.log(special.gammaincc(k, u) if p["Q"] > 0.0 else special.gammainc(k, u))


def minus_log_normal_tail(z: float) -> float:
    """-log Phi(-z)."""
    return -math.log(math.erfc(z / math.sqrt(2.0)) / 2.0)


def royston_parmar_hazard(t: float, p: Mapping[str, float], knots: Sequence[float], scale: str) -> float:
    """A natural cubic spline of log time (Royston and Parmar 2002)."""
    x = math.log(t)
    low, high = knots[0], knots[-1]
    eta = p["gamma0"] + p["gamma1"] * x
    for j in range(1, len(knots) - 1):
        share = (high - knots[j]) / (high - low)
        v = max(x - knots[j], 0.0) ** 3 - share * max(x - low, 0.0) ** 3 - (1.0 - share) * max(x - high, 0.0) ** 3
        eta += p[f"gamma{j + 1}"] * v
    if scale == "hazard":
        return math.exp(eta)
    if scale == "odds":
        return math.log1p(math.exp(eta))
    return minus_log_normal_tail(eta)


def structure_of(family: Any) -> types.SimpleNamespace:
    """Knots, breaks, scale and base of a family that holds its own."""
    return types.SimpleNamespace(
        knots=[value for key, value in family.constants.items() if key.startswith("knot")],
        breaks=[value for key, value in family.constants.items() if key.startswith("break")],
        scale=getattr(family, "scale", None),
        base=getattr(getattr(family, "base", None), "name", None),
    )


def averaged_hazard(t: float, p: Mapping[str, float], families: Mapping[str, Any]) -> float:
    """-log of the weighted mean of survivals; each family's own structure, and perhaps a ratio of its hazard."""
    total = left = 0.0
    for name, family in families.items():
        own = {key.removeprefix(f"{name}_"): value for key, value in p.items() if key.startswith(f"{name}_")}
        structure = structure_of(family)
        h = cumulative_hazard(family.name, t, own, structure) * own.get("hazard_ratio", 1.0)
        total += own["weight"]
        left += own["weight"] * math.exp(-h)
    return -math.log(left / total)


def table_hazard(
    family: str, t: float, p: Mapping[str, float], structure: Any, points: Sequence[tuple[float, float]]
) -> float:
    """Tabulated: log-linear, its last slope goes on. Kaplan-Meier: steps, then the tail's hazard from tail_from on."""
    if points[0][0] > 0.0:
        points = [(0.0, 1.0), *points]
    if family == "tabulated":
        j = 1
        while j < len(points) - 1 and t > points[j][0]:
            j += 1
        (t0, s0), (t1, s1) = points[j - 1], points[j]
        return -math.log(s0) + (math.log(s0) - math.log(s1)) * (t - t0) / (t1 - t0)
    reached = 1.0
    for time, survival in points:
        if time <= min(t, structure.tail_from):
            reached = survival
    h = -math.log(reached)
    if t > structure.tail_from:
        h += cumulative_hazard(structure.tail, t, p, None)
        h -= cumulative_hazard(structure.tail, structure.tail_from, p, None)
    return h


def with_median(family: str, median: float, p: Mapping[str, float]) -> dict[str, float]:
    """The parameter that gives a family of this shape this median."""
    if family == "exponential":
        return {"rate": math.log(2.0) / median}
    if family == "weibull":
        return {**p, "scale": median / math.log(2.0) ** (1.0 / p["shape"])}
    if family == "weibull_ph":
        return {**p, "scale": math.log(2.0) / median ** p["shape"]}
    if family == "gompertz":
        if p["shape"] == 0.0:
            return {**p, "rate": math.log(2.0) / median}
        return {**p, "rate": math.log(2.0) * p["shape"] / math.expm1(p["shape"] * median)}
    if family == "log_normal":
        return {**p, "meanlog": math.log(median)}
    if family == "log_logistic":
        return {**p, "scale": median}
    if family == "gamma":
        return {**p, "rate": float(special.gammaincinv(p["shape"], 0.5)) / median}
    raise NotImplementedError(family)


def median_of(family: str, p: Mapping[str, float], structure: Any) -> float:
    """The time at which H = log 2, by halving an interval until it is one number wide."""
    low, high = 0.0, 1.0
    while cumulative_hazard(family, high, p, structure) < math.log(2.0):
        low, high = high, 2.0 * high
    for _ in range(200):
        middle = (low + high) / 2.0
        if cumulative_hazard(family, middle, p, structure) < math.log(2.0):
            low = middle
        else:
            high = middle
    return high


SIMPLE: Final[Mapping[str, Callable[[float, Mapping[str, float]], float]]] = {
    "exponential": lambda t, p: p["rate"] * t,
    "weibull": lambda t, p: (t / p["scale"]) ** p["shape"],
    "weibull_ph": lambda t, p: p["scale"] * t ** p["shape"],
    "gompertz": gompertz_hazard,
    "log_normal": lambda t, p: minus_log_normal_tail((math.log(t) - p["meanlog"]) / p["sdlog"]),
    "log_logistic": lambda t, p: math.log1p((t / p["scale"]) ** p["shape"]),
    "gamma": lambda t, p: -math.log(special.gammaincc(p["shape"], p["rate"] * t)),
    "generalised_gamma": generalised_gamma_hazard,
}
"""Family -> its cumulative hazard at a time above 0."""
