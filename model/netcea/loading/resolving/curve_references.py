"""What the curves of a scenario say of each other: arms of trials, strategies they are relative to, waning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from netcea.errors import NOT_DRAWN, ModelWarning, did_you_mean
from netcea.loading.resolving.fits_together import KeptFit
from netcea.loading.resolving.numbers import Numbers
from netcea.loading.resolving.trials import arms_of
from netcea.plain_number import read
from netcea.quantities.key_path import join_address, split_address
from netcea.scenario.scenario import Strategy
from netcea.survival.curve import Curve, CurveModel, IntervalRatio, WithoutCrossover
from netcea.survival.waning_choice import Waning


class Wrong(Protocol):
    """A function that notes a fault at an address of the scenario."""

    def __call__(self, address: str, found: str, expected: str = "", suggestion: str = "") -> None:
        """Note what was found, what was expected and what to do."""


def check_arms(strategies: Mapping[str, Strategy], numbers: Numbers, wrong: Wrong) -> None:
    """Note curves that take an arm which their trial does not have.

    Parameters
    ----------
    strategies : mapping of str -> Strategy
        Of the scenario.
    numbers : Numbers
        In which the trials are looked up.
    wrong : Wrong
        Notes a fault.
    """
    for name, strategy in strategies.items():
        curves = {"pfs": strategy.pfs, "os": strategy.os, "time_on_treatment.curve": strategy.time_on_treatment.curve}
        for endpoint, curve in curves.items():
            if curve is None or curve.trial is None or curve.arm is None:
                continue
            arms = arms_of(numbers, curve.trial)
            if arms and curve.arm not in arms:
                expected = f"one of the arms of {curve.trial}: {', '.join(arms)}"
                wrong(f"strategies.{name}.{endpoint}.arm", repr(curve.arm), expected, did_you_mean(curve.arm, arms))


def check_waning(address: str, waning: Waning, numbers: Numbers, wrong: Wrong) -> None:
    """Note a waning of a curve that ends before it starts.

    Parameters
    ----------
    address : str
        Of the curve.
    waning : Waning
        Of the curve.
    numbers : Numbers
        Where its times were looked up.
    wrong : Wrong
        Notes a fault.
    """
    begin, end = (numbers.quantities.get(number) for number in (waning.starts, waning.ends))
    if begin is None or end is None:
        return
    years = [q.value * numbers.factors[a] for q, a in ((begin, waning.starts), (end, waning.ends))]
    if years[0] > years[1]:
        period = f"{read(begin.value)} {begin.unit} to {read(end.value)} {end.unit}"
        wrong(f"{address}.waning.ends", f"waning from {period}", "an end at or after the start")


def check_intervals(address: str, intervals: Sequence[IntervalRatio], numbers: Numbers, wrong: Wrong) -> None:
    """Note intervals of a hazard ratio that do not follow each other.

    Parameters
    ----------
    address : str
        Of the curve.
    intervals : sequence of IntervalRatio
        Of the curve; their own ends are checked already.
    numbers : Numbers
        Where their times were looked up.
    wrong : Wrong
        Notes a fault.
    """
    reached, words = 0.0, "the start"
    for number, interval in enumerate(intervals):
        quantity = numbers.quantities.get(interval.until or "")
        if quantity is None or interval.until is None:
            continue
        years = quantity.value * numbers.factors[interval.until]
        if years <= reached:
            where = join_address((*split_address(address), "hazard_ratios", number, "until"))
            found = f"an interval from {words} to {read(quantity.value)} {quantity.unit}"
            hint = "list the intervals in order of time, each with an end of its own"
            wrong(where, found, f"a time after {words}", hint)
        reached, words = years, f"{read(quantity.value)} {quantity.unit}"


def check_crossover(address: str, removed: WithoutCrossover, strategies: Mapping[str, Strategy], wrong: Wrong) -> None:
    """Note a ratio without crossover that no strategy relative to the curve has: one would move without the other.

    Parameters
    ----------
    address : str
        Of the curve from which crossover is removed.
    removed : WithoutCrossover
        Of the curve.
    strategies : mapping of str -> Strategy
        Of the scenario.
    wrong : Wrong
        Notes a fault.
    """
    _, of, endpoint = map(str, split_address(address))
    curves = {name: getattr(strategy, endpoint, None) for name, strategy in strategies.items()}
    relative = {name: curve for name, curve in curves.items() if isinstance(curve, Curve) and curve.relative_to == of}
    ratios = {
        join_address(("strategies", name, endpoint, "hazard_ratio")): c.hazard_ratio for name, c in relative.items()
    }
    by_interval = {interval.hazard_ratio for curve in relative.values() for interval in curve.hazard_ratios or ()}
    if removed.hazard_ratio in {*ratios.values(), *by_interval}:
        return
    place = f"{address}.without_crossover.hazard_ratio"
    which = next(iter(ratios), "")
    found = f"{removed.hazard_ratio}, while {which} is {ratios[which]}" if which else f"{removed.hazard_ratio}"
    hint = f"set {which} to {removed.hazard_ratio} too" if which else f"no {endpoint} is relative to '{of}'"
    wrong(place, found, "the hazard_ratio of a strategy relative to this curve", hint)


def refuse_circles(models: Mapping[str, CurveModel], wrong: Wrong) -> None:
    """Note the first curve that comes back to itself through the curves it is relative to or wanes towards.

    Parameters
    ----------
    models : mapping of str -> CurveModel
        Address -> curve.
    wrong : Wrong
        Notes a fault.
    """
    for address in models:
        seen = [address]
        queue = [address]
        while queue:
            model = models.get(queue.pop())
            for reference in (model.relative_to, model.waning_towards, model.waning_treatment) if model else ():
                if reference == address:
                    by = _what_refers(models[address])
                    way = " -> ".join([*seen, reference])
                    found = f"a curve that comes back to itself: {way}"
                    wrong(f"{address}.{by}", found, "references that end in a curve of its own")
                    return
                if reference is not None and reference not in seen:
                    seen.append(reference)
                    queue.append(reference)


def _what_refers(model: CurveModel) -> str:
    """Return the entry of a curve that is to be looked at where it comes back to itself."""
    if model.waning_treatment is not None:
        return "waning.since"
    return "waning.towards" if model.relative_to is None else "relative_to"


def medians_drawn_apart(models: Mapping[str, CurveModel], kept: Mapping[str, KeptFit]) -> Iterator[ModelWarning]:
    """Yield a warning for each curve with a median of its own that another curve is fitted to as well.

    Parameters
    ----------
    models : mapping of str -> CurveModel
        Address -> curve.
    kept : mapping of str -> KeptFit
        Fits of published figures, by key.
    """
    for address, model in models.items():
        fits = [key for key, one in kept.items() if model.median in one.shared]
        if model.median is not None and fits:
            message = (
                f"{model.median} is drawn by itself for {address} and with its error in {' and '.join(fits)}: both are "
                f"the same figure, and their correlation is lost; `figures: [{model.median}]` in place of `median` "
                "keeps it"
            )
            yield ModelWarning(NOT_DRAWN, model.median, message)
