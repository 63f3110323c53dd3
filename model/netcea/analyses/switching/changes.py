"""What a method of adjusting for switching changes in a scenario: the comparator's overall survival, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netcea.errors import Place
from netcea.scenario.options import SwitchingMethod, SwitchingOptions
from netcea.scenario.scenario import Scenario


def changes_of(scenario: Scenario, options: SwitchingOptions, name: str) -> Mapping[str, Any]:
    """Return address -> value of what a method changes.

    The strategy whose patients switched gets the curve that it had without; a strategy that is relative to it keeps
    its own curve, because its ratio changes by as much.

    Parameters
    ----------
    scenario : Scenario
        As the trial observed it, switching included.
    options : SwitchingOptions
    name : str
        Of the method.

    Raises
    ------
    InputError
        The scenario does not say what ratio was observed; it takes switching out already; a strategy that is relative
        to the curve and would move with it.
    """
    method, at = options.methods[name], f"analyses.switching.methods.{name}"
    strategy = switching_strategy(scenario, options)
    found: dict[str, Any] = dict(options.without_switching)
    if method.os is not None:
        _refuse_relatives(scenario, strategy, at)
        return {f"strategies.{strategy}.os": method.os.model_dump(mode="json", exclude_unset=True), **found}
    observed = observed_ratio(scenario, options, at)
    without = {"hazard_ratio_observed": observed, "hazard_ratio": method.hazard_ratio}
    found[f"strategies.{strategy}.os.without_crossover"] = without
    for other in relatives(scenario, strategy):
        curve = scenario.file.strategies[other].os
        if curve.hazard_ratio != observed:
            expected = f"{observed}, the observed ratio, so that the curve of {other} can stay where it is"
            raise Place(f"strategies.{other}.os.hazard_ratio").error(
                str(curve.hazard_ratio or "none"), expected, f"give {at} a curve (os) in place of a ratio"
            )
        found[f"strategies.{other}.os.hazard_ratio"] = method.hazard_ratio
    return found


def switching_strategy(scenario: Scenario, options: SwitchingOptions) -> str:
    """Return the strategy whose patients switched: the comparator where the options do not say.

    Parameters
    ----------
    scenario : Scenario
    options : SwitchingOptions

    Raises
    ------
    InputError
        There is no such strategy, or its curve has switching taken out already.
    """
    strategy = options.strategy or scenario.file.decision.comparator
    if strategy not in scenario.file.strategies:
        expected = f"one of {', '.join(scenario.strategies)}"
        raise Place("analyses.switching.strategy").error(repr(strategy), expected)
    if scenario.file.strategies[strategy].os.without_crossover is not None:
        hint = "run it on the scenario that has overall survival as observed"
        found = "a curve that has switching taken out already"
        raise Place(f"strategies.{strategy}.os.without_crossover").error(found, "survival as observed", hint)
    return strategy


def relatives(scenario: Scenario, strategy: str) -> list[str]:
    """Return the strategies whose overall survival is relative to that of another.

    Parameters
    ----------
    scenario : Scenario
    strategy : str
    """
    return [name for name, found in scenario.file.strategies.items() if found.os.relative_to == strategy]


def observed_ratio(scenario: Scenario, options: SwitchingOptions, at: str) -> str:
    """Return the address of the hazard ratio that the trial observed, switching included.

    Parameters
    ----------
    scenario : Scenario
    options : SwitchingOptions
    at : str
        Address of what needs it.

    Raises
    ------
    InputError
        Neither the options say it, nor the curve of the intervention.
    """
    curve = scenario.file.strategies[scenario.file.decision.intervention].os
    found = options.observed or curve.hazard_ratio
    if found is None:
        expected = "observed: the address of the hazard ratio of the trial as randomised"
        raise Place("analyses.switching.observed").error("nothing", expected, f"{at} is relative to it")
    return str(found)


def _refuse_relatives(scenario: Scenario, strategy: str, at: str) -> None:
    moving = relatives(scenario, strategy)
    if moving:
        expected = f"curves of their own for {', '.join(moving)}, which would move with that of {strategy}"
        raise Place(at).error("a curve (os)", expected, "or give the method a hazard_ratio")


def what_is(method: SwitchingMethod) -> str:
    """Return where the survival of a method comes from, as an address or a file.

    Parameters
    ----------
    method : SwitchingMethod
    """
    if method.hazard_ratio is not None:
        return str(method.hazard_ratio)
    return method.scenario or str(getattr(method.os, "fit", None) or "a curve of its own")
