"""The decision problem: who, what, compared with what, for whom, and whose costs and health count."""

from __future__ import annotations

from netcea.checking.findings import ALIGNED, JUSTIFIED
from netcea.costs.payer import is_reference_case
from netcea.plain_number import read
from netcea.reporting.number_format import pounds
from netcea.scenario.comparators import modelled
from netcea.submission.checklists.answer import Found, Place, listed, missing, no, partly, several, shortened, yes
from netcea.submission.checklists.evidence import Evidence, section, visible

PROBLEM = Place("decision_problem")


def of_rule(evidence: Evidence, name: str, *places: Place) -> Found:
    """Return how a rule of the reference case answers: aligned is yes, justified in part, everything else no.

    Parameters
    ----------
    evidence : Evidence
        What is known.
    name : str
        Of the rule.
    *places : Place
        What it rests on, besides the table of rules.
    """
    row = evidence.rule(name)
    if row is None:
        return evidence.not_run("reference_case")
    words = visible(row.message) or "what was found is hidden in this redacted run"
    reply = {ALIGNED: yes, JUSTIFIED: partly}.get(row.state, no)
    where = (*places, evidence.place("reference_case", "rules"))
    return reply(f"{row.element} ({name}): {row.state}; {shortened(words.rstrip('.'))}.", *where)


def title(evidence: Evidence) -> Found:
    """Return what is compared, as a title names it."""
    file = evidence.file
    others = [
        evidence.scenario.label(name) for name in evidence.scenario.strategies if name != file.decision.intervention
    ]
    compared = f"{evidence.scenario.label(file.decision.intervention)} compared with {', '.join(others)}"
    return yes(f"An economic evaluation of {compared}.", PROBLEM)


def decision_problem(evidence: Evidence) -> Found:
    """Return whether population, intervention, comparators and outcomes are stated."""
    problem = evidence.file.decision_problem
    entries = {"population": problem.population, "intervention": problem.intervention, "outcomes": problem.outcomes}
    entries["comparators"] = ", ".join(problem.comparators)
    blank = [name for name, text in entries.items() if not text.strip()]
    if blank:
        return missing(f"decision_problem does not say: {', '.join(blank)}.", PROBLEM)
    words = f"{problem.intervention.rstrip('.')} against {entries['comparators']}: {problem.population.rstrip('.')}."
    return yes(words, section("B.3.2"), PROBLEM)


def objective(evidence: Evidence) -> Found:
    """Return whether the model has the strategies that the decision problem names."""
    problem, labels = evidence.file.decision_problem, [s.label for s in evidence.file.strategies.values()]
    absent = [c for c in (problem.intervention, *problem.comparators) if not _named(c, labels)]
    if absent:
        words = f"No strategy of the model goes by the name of: {', '.join(absent)}."
        return partly(words, PROBLEM, Place("strategies"))
    words = f"Cost per QALY of the strategies that the decision problem names: {', '.join(labels)}."
    return yes(words, section("B.3.2"), PROBLEM, Place("strategies"))


def _named(what: str, labels: list[str]) -> bool:
    return any(label.split()[0].casefold() in what.casefold() for label in labels) or modelled(what, labels)


def decision_maker(evidence: Evidence) -> Found:
    """Return by whose rules results are judged."""
    pack = evidence.scenario.method_pack
    thresholds = " and ".join(pounds(t) for t in pack.thresholds)
    words = f"Judged by the method pack {pack.name} ({thresholds} per QALY), from the perspective of "
    return yes(f"{words}{evidence.file.perspective}.", section("B.3.2"), Place("decision.method_pack"))


def perspective(evidence: Evidence) -> Found:
    """Return whose costs count, and whether that is the reference case's perspective."""
    reference = is_reference_case(evidence.file.decision_problem.perspective)
    why = "that of NICE's reference case" if reference else "outside NICE's reference case"
    return yes(f"{evidence.file.perspective}, {why}.", section("B.3.2"), Place("decision_problem.perspective"))


def payers(evidence: Evidence) -> Found:
    """Return whether every cost that counts is paid by somebody of the perspective."""
    everything = evidence.file.every_payers_costs()
    left_out = [cost.label for name, cost in everything.items() if name not in evidence.costs]
    payers = ", ".join(sorted({cost.paid_by for cost in evidence.costs.values()}))
    words = f"{several(len(evidence.costs), 'cost')} count, paid by {payers}."
    words += listed("Not counted, for others pay them", left_out)
    if not evidence.costs:
        return missing("No cost counts from this perspective.", Place("costs"))
    return yes(words, evidence.place("base_case", "costs_by_payer"), Place("costs"))


def scope(evidence: Evidence) -> Found:
    """Return whether the scenario says why it is as it is."""
    if not evidence.file.rationale.strip():
        return no("The scenario gives no rationale.", Place("rationale"))
    left_out = several(len(evidence.file.decision_problem.not_modelled), "comparator")
    words = f"{evidence.file.rationale.strip().rstrip('.')}. Of the scope {left_out} named as left out."
    return yes(words, section("B.3.2"), Place("rationale"), PROBLEM)


def strategies(evidence: Evidence) -> Found:
    """Return what each strategy is: its curves, its time on treatment, its costs."""
    words = []
    for name, strategy in evidence.file.strategies.items():
        own = sum(cost.applies_to(name) for cost in evidence.costs.values())
        words.append(
            f"{strategy.label} ({own} costs, on treatment: {strategy.time_on_treatment.rule.replace('_', ' ')})"
        )
    return yes(f"{'; '.join(words)}.", section("B.3.2"), Place("strategies"), Place("costs"))


def comparators(evidence: Evidence) -> Found:
    """Return what is compared, and why the rest of the scope is not."""
    reasons = exclusions(evidence)
    told = strategies(evidence)
    return Found(
        "answered", f"{told.words} {reasons.words}", "yes" if reasons.reply == "yes" else "partly", told.places
    )


def all_comparators(evidence: Evidence) -> Found:
    """Return whether every comparator of the scope is a strategy of the model."""
    left_out = [one.comparator for one in evidence.file.decision_problem.not_modelled]
    if left_out:
        with_scenario = [c.comparator for c in evidence.file.decision_problem.not_modelled if c.scenario]
        words = f"Not in this model: {', '.join(left_out)}."
        words += listed("In a scenario of their own", with_scenario)
        return no(words, section("B.3.2"), Place("decision_problem.not_modelled"))
    return of_rule(evidence, "RC2", PROBLEM)


def exclusions(evidence: Evidence) -> Found:
    """Return whether each comparator that is left out has a reason."""
    left_out = evidence.file.decision_problem.not_modelled
    if not left_out:
        return yes("No comparator of the scope is left out.", PROBLEM)
    without = [one.comparator for one in left_out if not one.reason.strip()]
    if without:
        return no(f"Left out without a reason: {', '.join(without)}.", Place("decision_problem.not_modelled"))
    words = "; ".join(f"{one.comparator}: {' '.join(one.reason.split()).rstrip('.')}" for one in left_out)
    return yes(f"Left out, with the reason: {words}.", section("B.3.2"), Place("decision_problem.not_modelled"))


def population(evidence: Evidence) -> Found:
    """Return who the cohort is: words, age at the start, sexes, with the status of these numbers."""
    people = evidence.file.population
    age, women = (evidence.quantities[a] for a in (people.start_age, people.proportion_female))
    assumed = [q.label or a for a, q in ((people.start_age, age), (people.proportion_female, women)) if _weak(q.status)]
    words = f"{evidence.file.decision_problem.population.rstrip('.')}; {read(age.value)} {age.unit} at the start, "
    words += f"{women.value:.0%} women."
    words += listed("Assumed, not read in a source", assumed)
    where = (section("B.3.2"), Place(people.start_age), Place(people.proportion_female))
    return partly(words, *where) if assumed else yes(words, *where)


def _weak(status: str) -> bool:
    return status in ("assumption", "unverified")


def setting(evidence: Evidence) -> Found:
    """Return for which health service and population results are."""
    people, settings = evidence.file.population, evidence.file.settings
    words = f"{evidence.file.perspective}; mortality by {people.life_table}, "
    words += f"prices of {settings.price_year} in {settings.currency}."
    abroad = [entry for entry in evidence.ledger_on("decision_problem") if entry.address == "decision_problem"]
    words += f" Of the setting of the evidence: {' '.join(abroad[0].why.split())}" if abroad else ""
    return yes(words, section("B.3.2"), Place("population.life_table"), Place("settings.price_year"))


def outcomes(evidence: Evidence) -> Found:
    """Return which outcomes count, and whether they are all effects on patients' health."""
    found = of_rule(evidence, "RC3", Place("decision_problem.outcomes"))
    if found.state != "answered":
        return found
    words = f"{evidence.file.decision_problem.outcomes.rstrip('.')}; combined in QALYs. {found.words}"
    return Found(found.state, words, found.reply, (section("B.3.4"), *found.places))


def distribution(evidence: Evidence) -> Found:
    """Return whether the model says who gains: nothing but the severity weight does."""
    severity = evidence.scenario.method_pack.severity
    weights = ", ".join(map(read, severity.weights))
    if evidence.table("base_case", "severity") is None:
        return evidence.not_run("base_case")
    words = f"QALYs are weighted for severity alone ({weights}, by {evidence.scenario.method_pack.name}), shown beside "
    words += "unweighted ones; gains and losses are not told apart by region, ethnicity or deprivation."
    return partly(words, section("B.3.6"), evidence.place("base_case", "severity"))


def heterogeneity(evidence: Evidence) -> Found:
    """Return for which groups of patients there are results."""
    subgroups = evidence.file.analyses.subgroups.subgroups
    if subgroups:
        place = Place("analyses.subgroups")
        words = listed("Subgroups with results", (one.label for one in subgroups if one.gap is None)).strip()
        gaps = listed("Without evidence", (one.label for one in subgroups if one.gap is not None))
        reply = no if not words else partly if gaps else yes
        return reply(f"{words}{gaps}".strip(), section("B.3.12"), place)
    weight = evidence.file.population.combined_view_weight
    if weight is not None:
        words = "Each population is a scenario of its own; within this one no subgroup has results."
        return partly(words, section("B.3.12"), Place("population.combined_view_weight"))
    return no("Results are those of the whole population alone.", section("B.3.12"), Place("population"))
