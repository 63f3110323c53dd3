"""How a scenario stands to NICE's reference case (PMG36, table 4.1), element by element."""

from __future__ import annotations

from collections.abc import Iterator

from netcea.checking.findings import ALIGNED, JUSTIFIED, MISSING, UNJUSTIFIED, ReferenceCaseRow
from netcea.checking.prices import prices_row
from netcea.costs.payer import NHS, is_reference_case
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.engine.trace import traces
from netcea.plain_number import read
from netcea.reporting.number_format import rate_in_words
from netcea.scenario.scenario import Scenario, ScenarioFile

MOST_ALIVE = 0.01
"""Share of the cohort that may be alive at the horizon before it is too short."""


def reference_case(scenario: Scenario, tags_of_tests: set[str]) -> Iterator[ReferenceCaseRow]:
    """Yield one row for each element.

    Parameters
    ----------
    scenario : Scenario
    tags_of_tests : set of str
        Tags of the sensitivity scenarios that the bias ledger names.
    """
    file = scenario.file
    reason = "" if "base_case" in file.tags else file.rationale
    departure = JUSTIFIED if reason else UNJUSTIFIED

    def row(rule: str, element: str, holds: bool, message: str, otherwise: str = departure) -> ReferenceCaseRow:
        text = message if holds or not reason else f"{message}. Reason given: {reason}"
        return ReferenceCaseRow(rule, element, ALIGNED if holds else otherwise, text)

    problem = file.decision_problem
    missing = [c.comparator for c in problem.not_modelled]
    yield ReferenceCaseRow(
        "RC1-2",
        "Decision problem, comparators",
        JUSTIFIED if missing else ALIGNED,
        f"not modelled, each with a reason: {', '.join(missing)}" if missing else "every comparator is modelled",
    )
    yield row("RC3", "Outcomes", True, "health effects on patients; no carer effects are counted")
    yield row("RC4", "Cost perspective", is_reference_case(problem.perspective), _payers(file))
    yield row("RC5", "Type of analysis", True, "cost-utility, fully incremental")
    yield _horizon(scenario, departure)
    yield ReferenceCaseRow(
        "RC7",
        "Synthesis of evidence",
        MISSING,
        "single trials are used; no systematic review stands behind the numbers",
    )
    yield _utilities(scenario)
    yield row("RC11", "Equity", True, "a QALY is a QALY; severity weights of the method pack are reported separately")
    yield prices_row(scenario, departure)
    settings, pack = file.settings, scenario.method_pack
    rates = (settings.discount_rate("costs"), settings.discount_rate("qalys"))
    wanted = (pack.discount_rate_costs, pack.discount_rate_qalys)
    yield row(
        "RC13",
        "Discounting",
        rates == wanted,
        f"costs {rate_in_words(rates[0])}, QALYs {rate_in_words(rates[1])} "
        f"(reference case {wanted[0]:.1%}, {wanted[1]:.1%})",
    )
    fixed = sum(q.uncertainty.family == "fixed" for q in scenario.quantities.values())
    yield row(
        "RC14",
        "Uncertainty",
        True,
        f"{len(scenario.quantities) - fixed} quantities have a distribution, {fixed} are fixed with a reason",
    )
    if "base_case" in file.tags:
        found = "no_further_benefit" in tags_of_tests
        yield ReferenceCaseRow(
            "RC15",
            "No further benefit after treatment",
            ALIGNED if found else MISSING,
            "a scenario of the bias ledger has it" if found else "no scenario tagged no_further_benefit",
        )
    yield ReferenceCaseRow("RC16", "Validation", MISSING, "no validation report is attached to this scenario")


def _payers(file: ScenarioFile) -> str:
    """Return whose costs count, and which items of other payers do and do not."""
    others = {name: cost for name, cost in file.every_payers_costs().items() if cost.paid_by != NHS}
    counted = [f"{name} ({cost.paid_by})" for name, cost in others.items() if file.counts(cost.paid_by)]
    left_out = [f"{name} ({cost.paid_by})" for name, cost in others.items() if not file.counts(cost.paid_by)]
    words = [file.perspective if counted or left_out else f"{file.perspective}; no productivity"]
    words += [f"costs of other payers: {', '.join(counted)}"] if counted else []
    words += [f"not counted: {', '.join(left_out)}"] if left_out else []
    return "; ".join(words)


def _utilities(scenario: Scenario) -> ReferenceCaseRow:
    """Return how utilities stand: by the value set of each number in use, not by what the scenario says of them."""
    utilities, sets = scenario.file.utilities, scenario.value_sets
    declared, pack = utilities.value_set, scenario.method_pack
    reasons = {item.address: item.reason for item in utilities.value_set_exemptions}
    others = {address: found for address, found in sorted(sets.items()) if found != declared}
    of_pack = not pack.value_set or declared == pack.value_set
    aligned = declared.startswith("EQ-5D") and of_pack and not others
    texts = [f"value set: {declared}"]
    if not of_pack:
        texts.append(f"{pack.name} is of {pack.value_set}")
    if utilities.by_strategy:
        texts.append(f"by strategy: {', '.join(map(scenario.label, utilities.by_strategy))}")
    if pack.applies:
        texts.append(f"{pack.name}: {pack.applies}")
    if utilities.value_set_exemption:
        texts.append(f"exemption: {utilities.value_set_exemption}")
    texts += [
        f"{address} is of {found}" + (f": {reasons[address]}" if address in reasons else "")
        for address, found in others.items()
    ]
    given = utilities.value_set_exemption or (declared.startswith("EQ-5D") and set(others) <= set(reasons))
    state = ALIGNED if aligned else JUSTIFIED if given else UNJUSTIFIED
    return ReferenceCaseRow("RC8-10", "Health-related quality of life", state, "; ".join(texts))


def _horizon(scenario: Scenario, departure: str) -> ReferenceCaseRow:
    row = base_case(scenario)
    alive = {name: 1.0 - trace.edges["dead"][-1] for name, trace in traces(Grid.of(scenario), row).items()}
    most = max(alive.values())
    age = float(row[scenario.file.population.start_age][0, 0]) + scenario.file.settings.horizon_years
    fits = most <= MOST_ALIVE
    return ReferenceCaseRow(
        "RC6",
        "Time horizon",
        ALIGNED if fits else departure,
        f"{read(scenario.file.settings.horizon_years)} years, to age "
        f"{age:.0f}; at most {most:.1%} alive at the horizon",
    )
