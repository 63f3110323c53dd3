"""Results that `--reveal` leaves visible: to what they are rounded, and what they would be at other prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from netcea.confidential.audit import RevealedResult
from netcea.confidential.price_points import REVEALABLE, STEPS
from netcea.errors import InputError, Place, did_you_mean
from netcea.scenario.scalar import NotDecimalError, decimal_number

OPTION = Place("--reveal")


def steps_of(reveal: Sequence[str]) -> dict[str, float]:
    """Return name -> step of ``NAME`` or ``NAME=STEP``.

    Parameters
    ----------
    reveal : sequence of str
        As the command line has them.

    Raises
    ------
    InputError
        An unknown name, or a step that is no number above 0.

    Examples
    --------
    >>> steps_of(["icer=10000", "costs"])
    {'icer': 10000.0, 'costs': 1.0}
    """
    found, problems = {}, []
    for text in reveal:
        name, equals, step = text.partition("=")
        if name not in REVEALABLE:
            hint = did_you_mean(name, REVEALABLE)
            problems.append(OPTION.problem(repr(name), f"one of {', '.join(REVEALABLE)}", hint))
            continue
        found[name], hint = _step(step) if equals else (STEPS[name], "")
        if not 0.0 < found[name] < float("inf"):
            expected = "NAME=STEP, a number above 0"
            problems.append(OPTION.problem(repr(text), expected, hint or "such as --reveal icer=10000"))
    if problems:
        raise InputError(problems)
    return found


def _step(text: str) -> tuple[float, str]:
    """Return a number above 0 as it is, and 0 for what is none, with how to write it."""
    try:
        return float(decimal_number(text)), ""
    except NotDecimalError as error:
        return 0.0, error.suggestion


def revealed_results(
    steps: Mapping[str, float],
    actual: Mapping[str, float],
    public: Mapping[str, float],
    free: Mapping[str, Mapping[str, float]],
) -> list[RevealedResult]:
    """Return the results that are to be left visible.

    Parameters
    ----------
    steps : mapping of name -> float
        What `steps_of` made of the names that were asked for.
    actual, public : mapping of name -> float
        Results at the confidential and at public prices.
    free : mapping of drug -> results
        The same with one drug alone for free.

    Raises
    ------
    InputError
        One of them is not there: an ICER that is no plain one, or an analysis that has none.
    """
    plain = {name: value for name, value in actual.items() if name != "icer" or value > 0.0}
    missing = [name for name in steps if not any(_is_part_of(found, name) for found in plain)]
    if missing:
        which = "which this result does not have as a number"
        raise InputError(OPTION.problem(f"'{name}', {which}", "a result that is one") for name in missing)
    found = []
    for name, value in sorted(plain.items()):
        step = next((step for asked, step in steps.items() if _is_part_of(name, asked)), None)
        if step is not None:
            found.append(revealed_result(name, value, step, public, free))
    return found


def revealed_result(
    name: str, value: float, step: float, public: Mapping[str, float], free: Mapping[str, Mapping[str, float]]
) -> RevealedResult:
    """Return a result as a reader sees it, and what it would be at other prices.

    Parameters
    ----------
    name : str
        Such as ``costs.new``.
    value, step : float
        At the confidential prices; to what it is rounded.
    public : mapping of name -> float
        Results at public prices.
    free : mapping of drug -> results
        The same with one drug alone for free.
    """
    at_no_cost = {drug: results[name] for drug, results in free.items()}
    return RevealedResult(name, round(value / step) * step, step, public[name], at_no_cost)


def _is_part_of(name: str, asked: str) -> bool:
    """Say whether a result is meant by a name: costs are those of every strategy.

    >>> _is_part_of("costs.new", "costs"), _is_part_of("costs", "icer")
    (True, False)
    """
    return name == asked or name.startswith(f"{asked}.")
