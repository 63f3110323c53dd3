"""How a scenario stands to NICE's reference case (PMG36, table 4.1), rule by rule, by what its inputs say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from netcea.analyses.base_case.experts import expert_comparisons
from netcea.checking.findings import ALIGNED, JUSTIFIED, MISSING, UNJUSTIFIED, ReferenceCaseRow
from netcea.checking.prices import prices_row
from netcea.checking.reference_case.benefit import benefit_row
from netcea.checking.reference_case.health import health_rows
from netcea.checking.reference_case.in_force import PACKS, later_pack
from netcea.checking.reference_case.standing import Standing
from netcea.checking.reference_case.synthesis import synthesis_row
from netcea.costs.payer import NHS, is_reference_case
from netcea.engine.grid import Grid
from netcea.engine.point_estimates import base_case
from netcea.engine.trace import traces
from netcea.plain_number import read
from netcea.reporting.number_format import rate_in_words
from netcea.scenario.comparators import comparator_labels, modelled, places_by_line, words_of
from netcea.scenario.drug_prices import drug_prices
from netcea.scenario.method_pack import SeverityRules
from netcea.scenario.scenario import ScenarioFile

MOST_ALIVE: Final = 0.01
"""Share of the cohort that may be alive at the horizon before it is too short."""
RATE: Final = 0.035
"""Discount rate of costs and of QALYs (PMG36, 4.5.1). [per year]"""
SEVERITY: Final = SeverityRules(absolute=(12.0, 18.0), proportional=(0.85, 0.95), weights=(1.0, 1.2, 1.7))
"""The only weights of QALYs, and from which shortfall on (PMG36, 6.2.12-6.2.21)."""
PACK: Final = "decision.method_pack"
RATES: Final = ("settings.discount_rate_costs", "settings.discount_rate_qalys", "settings.later_discount_rates")
PERSPECTIVE: Final = "decision_problem.perspective"
HORIZON: Final = "settings.horizon_years"


def reference_case(standing: Standing) -> Iterator[ReferenceCaseRow]:
    """Yield one row for each rule, RC1 to RC16.

    Parameters
    ----------
    standing : Standing
        The scenario before the rules.
    """
    yield _problem(standing.scenario.file)
    yield _comparators(standing.scenario.file)
    yield _outcomes(standing)
    yield _perspective(standing)
    yield _type(standing.scenario.file)
    yield _horizon(standing)
    yield synthesis_row(standing)
    yield from health_rows(standing)
    yield _equity(standing)
    yield _prices(standing)
    yield _discounting(standing)
    yield _uncertainty(standing)
    yield benefit_row(standing)
    yield _validation(standing)


def _validation(standing: Standing) -> ReferenceCaseRow:
    """Return what tests and clinical experts say; a judgement that the model contradicts asks for an answer."""
    row, record = standing.validation.row, standing.scenario.file.expert_validation
    if record is None:
        words = "the scenario has no record of clinical experts (expert_validation)"
    elif not record.reviews:
        words = "no clinical expert has judged it, and expert_validation says so"
    else:
        found = list(expert_comparisons(standing.scenario))
        against = [one for one in found if one.agrees == "no"]
        unanswered = [one.question for one in against if not one.follow_up.strip()]
        blinded = sum(review.experts for review in record.reviews if review.blinded)
        words = f"{record.experts} clinical experts, {blinded} of them blinded to results, judged {len(found)} things; "
        words += f"the model contradicts {len(against)}"
        if unanswered:
            text = f"{row.message}; {words}, of which nothing was done about: {'; '.join(unanswered)}"
            return replace(row, state=MISSING if row.state == MISSING else UNJUSTIFIED, message=text)
    return replace(row, message=f"{row.message}; {words}")


def _problem(file: ScenarioFile) -> ReferenceCaseRow:
    problem = file.decision_problem
    blank = [n for n in ("population", "intervention", "outcomes") if not getattr(problem, n).strip()]
    blank += [] if any(c.strip() for c in problem.comparators) else ["comparators"]
    if blank:
        text = f"decision_problem does not say: {', '.join(blank)}"
        return ReferenceCaseRow("RC1", "Decision problem", MISSING, text)
    lines = len(problem.prior_therapy.lines) if problem.prior_therapy is not None else 0
    by_line = f"by prior therapy in {lines} line{'s' if lines > 1 else ''}" if lines else "not by prior therapy"
    return ReferenceCaseRow(
        "RC1", "Decision problem", ALIGNED, f"population, intervention, outcomes stated; comparators {by_line}"
    )


def _comparators(file: ScenarioFile) -> ReferenceCaseRow:
    """Return whether each comparator of the scope is a strategy, or left out with a reason."""
    problem, element = file.decision_problem, "Comparators"
    labels = comparator_labels(file)
    left_out = [c for c in problem.not_modelled if not modelled(c.comparator, labels)]
    named = {words_of(c.comparator) for c in left_out}
    lost = [c for c in problem.comparators if not modelled(c, labels) and words_of(c) not in named]
    unexplained = [c.comparator for c in left_out if not c.reason.strip()]
    names, of_lines = [c.comparator for c in left_out], dict[str, bool]()
    for _, line_comparator, place in places_by_line(file):
        if not place.strategy and words_of(line_comparator.comparator) not in named:
            of_lines[line_comparator.comparator] = of_lines.get(line_comparator.comparator, False) or bool(place.reason)
    lost += [c for c, explained in of_lines.items() if not explained and c not in lost]
    names += [c for c, explained in of_lines.items() if explained]
    if lost:
        text = f"no strategy, and not left out for a reason: {', '.join(lost)}"
        return ReferenceCaseRow("RC2", element, MISSING, text)
    if unexplained:
        text = f"not modelled, without a reason: {', '.join(unexplained)}"
        return ReferenceCaseRow("RC2", element, UNJUSTIFIED, text)
    if names:
        text = f"not modelled, each with a reason: {', '.join(names)}"
        return ReferenceCaseRow("RC2", element, JUSTIFIED, text)
    return ReferenceCaseRow("RC2", element, ALIGNED, f"every comparator is modelled: {', '.join(labels)}")


def _outcomes(standing: Standing) -> ReferenceCaseRow:
    file, element = standing.scenario.file, "Outcomes"
    losing = [u for u in standing.utilities if u.place.startswith("adverse_events.")]
    if not losing:
        text = "QALYs of patients by state; no adverse event loses utility, so that not all health effects are counted"
        return ReferenceCaseRow("RC3", element, MISSING, text)
    text = f"QALYs of patients: states, and losses by {len(file.all_events())} adverse events; no carers are counted"
    return ReferenceCaseRow("RC3", element, ALIGNED, text)


def _perspective(standing: Standing) -> ReferenceCaseRow:
    file = standing.scenario.file
    aligned = is_reference_case(file.decision_problem.perspective)
    return standing.row("RC4", "Cost perspective", _payers(file), *(() if aligned else (PERSPECTIVE,)))


def _payers(file: ScenarioFile) -> str:
    """Return whose costs count, and which items of other payers do and do not."""
    others = {name: cost for name, cost in file.every_payers_costs().items() if cost.paid_by != NHS}
    counted = [f"{name} ({cost.paid_by})" for name, cost in others.items() if file.counts(cost.paid_by)]
    left_out = [f"{name} ({cost.paid_by})" for name, cost in others.items() if not file.counts(cost.paid_by)]
    words = [file.perspective if counted or left_out else f"{file.perspective}; no productivity"]
    words += [f"costs of other payers: {', '.join(counted)}"] if counted else []
    words += [f"not counted: {', '.join(left_out)}"] if left_out else []
    return "; ".join(words)


def _type(file: ScenarioFile) -> ReferenceCaseRow:
    text = f"cost-utility, fully incremental over {len(file.strategies)} strategies"
    return ReferenceCaseRow("RC5", "Type of analysis", ALIGNED, text)


def _horizon(standing: Standing) -> ReferenceCaseRow:
    scenario = standing.scenario
    row = base_case(scenario)
    alive = {name: 1.0 - trace.edges["dead"][-1] for name, trace in traces(Grid.of(scenario), row).items()}
    most = max(alive.values())
    age = float(row[scenario.file.population.start_age][0, 0]) + scenario.file.settings.horizon_years
    text = (
        f"{read(scenario.file.settings.horizon_years)} years, to age {age:.0f}; at most {most:.1%} alive at the horizon"
    )
    return standing.row("RC6", "Time horizon", text, *(() if most <= MOST_ALIVE else (HORIZON,)))


def _equity(standing: Standing) -> ReferenceCaseRow:
    pack = standing.scenario.method_pack
    weights = ", ".join(map(read, pack.severity.weights))
    if pack.severity == SEVERITY:
        text, later = f"a QALY is a QALY but for the severity weights {weights} of {pack.name}", later_pack(standing)
        replaced = f"; {pack.name}, its thresholds too, was replaced by {later}" if later else ""
        return standing.row("RC11", "Equity", text + replaced, *((PACK,) if later else ()))
    text = f"{pack.name} weighs QALYs by {weights}, from shortfalls of {', '.join(map(read, pack.severity.absolute))} "
    text += f"QALYs and {', '.join(map(read, pack.severity.proportional))}; not those of the manual"
    return standing.row("RC11", "Equity", text, f"{PACKS}.{pack.name}")


def _prices(standing: Standing) -> ReferenceCaseRow:
    discounts = [d for price in drug_prices(standing.scenario).values() for d in price.discounts]
    return prices_row(standing.scenario, JUSTIFIED if standing.reason(*discounts) else UNJUSTIFIED)


def _discounting(standing: Standing) -> ReferenceCaseRow:
    settings = standing.scenario.file.settings
    rates = (settings.discount_rate("costs"), settings.discount_rate("qalys"))
    text = f"costs {rate_in_words(rates[0])}, QALYs {rate_in_words(rates[1])} (reference case {RATE:.1%}, {RATE:.1%})"
    return standing.row("RC13", "Discounting", text, *(() if rates == (RATE, RATE) else RATES))


def _uncertainty(standing: Standing) -> ReferenceCaseRow:
    quantities, tests = standing.scenario.quantities.values(), standing.tests.number
    fixed = sum(q.uncertainty.family == "fixed" for q in quantities)
    text = f"{len(quantities) - fixed} quantities have a distribution, {fixed} are fixed with a reason; "
    text += f"{tests} scenarios test structure and sources"
    complete = fixed < len(quantities) and tests
    return ReferenceCaseRow("RC14", "Uncertainty", ALIGNED if complete else MISSING, text)
