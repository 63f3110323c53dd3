"""Check that the rank correlations a scenario states are between numbers that are drawn, and can hold together."""

from __future__ import annotations

from collections.abc import Callable

from netcea.errors import InputError, Problem, did_you_mean
from netcea.loading.tree import Place
from netcea.sampling.correlation import correlated_groups
from netcea.scenario.scenario import Scenario


def check_correlations(scenario: Scenario, place: Callable[[str], Place]) -> None:
    """Refuse correlations of numbers that are not drawn, that are not in use, or that cannot hold together.

    Raises
    ------
    InputError
        With every problem.
    """
    problems = []
    known = {address for address, quantity in scenario.quantities.items() if quantity.is_uncertain}
    known |= {address for joint in scenario.joint for address in joint.addresses}
    for index, pair in enumerate(scenario.file.analyses.psa.correlations):
        above = f"analyses.psa.correlations.{index}"
        for name, address in (("first", pair.first), ("second", pair.second)):
            if address not in known:
                where = place(f"{above}.{name}")
                problems.append(
                    Problem(
                        where.file,
                        where.line,
                        f"{above}.{name}",
                        repr(address),
                        "the address of an uncertain number that this scenario uses",
                        did_you_mean(address, sorted(known)),
                    )
                )
        rho = scenario.quantities[pair.rank_correlation].value
        if not -1.0 < rho < 1.0 or pair.first == pair.second:
            where = place(above)
            found = f"a rank correlation of {rho:g} between {pair.first} and {pair.second}"
            problems.append(Problem(where.file, where.line, above, found, "one between -1 and 1, of two numbers"))
    if not problems:
        try:
            correlated_groups(scenario)
        except ValueError as error:
            where = place("analyses.psa.correlations")
            problems.append(
                Problem(
                    where.file,
                    where.line,
                    "analyses.psa.correlations",
                    str(error),
                    "correlations of which a positive definite matrix can be made",
                    "make them weaker, or state the missing ones",
                )
            )
    if problems:
        raise InputError(problems)
