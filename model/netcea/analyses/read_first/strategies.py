"""First lines on more than two strategies: what the comparison of two does not say."""

from __future__ import annotations

from collections.abc import Iterator

from netcea.analyses.read_first.facts import Facts
from netcea.analyses.shared.frontier import Judged, frontier_words
from netcea.reporting.first_lines import FirstLine
from netcea.reporting.number_format import icer, plain
from netcea.reporting.table import Icer


def frontier(facts: Facts) -> Iterator[FirstLine]:
    """Say that the intervention is dominated, or displaces another strategy than the comparator.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    case = facts.case
    words = frontier_words(case)
    if not words:
        return
    comparator = plain(case.strategies[case.comparator].label)
    pairwise = icer(Icer.of(case.against_comparator()))
    hint = f"What stands below against {comparator} alone ({pairwise}) is not what to decide by"
    yield FirstLine("frontier", f"In the full incremental analysis {words}. {hint}.")


def further_strategies(facts: Facts) -> Iterator[FirstLine]:
    """Say what becomes of the intervention where comparators are added that this scenario leaves out.

    A scenario names them in `decision_problem.not_modelled`; only those with a scenario of more strategies can tell.

    Parameters
    ----------
    facts : Facts
        Of the scenario.
    """
    told: set[str] = set()
    for number, left_out in enumerate(facts.scenario.file.decision_problem.not_modelled):
        if not left_out.scenario or left_out.scenario in told or facts.scenario.related is None:
            continue
        told.add(left_out.scenario)
        other = facts.other(f"decision_problem.not_modelled.{number}.scenario", left_out.scenario)
        if other.scenario is not None and set(other.scenario.strategies) <= set(facts.scenario.strategies):
            continue
        name = plain(other.name)
        if other.case is None:
            text = (
                f"{plain(left_out.comparator)} is left out here, and {name!r}, which has it, cannot be run with these"
            )
            yield FirstLine("further_strategies", f"{text} changes.", depends_on_prices=False)
            continue
        words = frontier_words(other.case)
        judged = Judged.of(other.case)
        if not words:
            words = f"{plain(other.case.strategies[other.case.intervention].label)} is on the frontier, against "
            words += f"{judged.versus} as here"
        added = [
            plain(found.label) for key, found in other.case.strategies.items() if key not in facts.scenario.strategies
        ]
        text = f"Left out here: {' and '.join(added)}. With {'them' if len(added) > 1 else 'it'} ({other.source})"
        yield FirstLine("further_strategies", f"{text} {words}.")
