"""The model: structure, time, discounting, and what was assumed."""

from __future__ import annotations

from netcea.checking.reference_case.rules import MOST_ALIVE
from netcea.plain_number import read
from netcea.quantities.key_path import join_address
from netcea.reporting.number_format import rate_in_words
from netcea.submission.checklists.answer import (
    Found,
    Place,
    listed,
    missing,
    no,
    not_applicable,
    partly,
    several,
    whether,
    yes,
)
from netcea.submission.checklists.evidence import Evidence, number, rows_of, section, visible
from netcea.submission.checklists.topics.decision import of_rule

LEDGER = ("base_case", "ledger")


def model(evidence: Evidence) -> Found:
    """Return what the model is, why, and that whoever reads can have it."""
    why = [entry for entry in evidence.ledger if entry.address == "strategies"]
    words = "Partitioned survival of three states (progression-free, progressed, dead), from curves of PFS and OS; "
    words += "program, inputs and scenario are open, and `netcea export` writes the model in formulas."
    if not why:
        return partly(
            f"{words} The bias ledger does not say why this structure.", section("B.3.2"), Place("strategies")
        )
    reason = " ".join(why[0].why.split()).rstrip(".")
    return yes(f"{words} Why, and what that leaves out: {reason}.", section("B.3.2"), evidence.place(*LEDGER))


def structure_compared(evidence: Evidence) -> Found:
    """Return through which other structures the same inputs were put."""
    table = evidence.table("structure", "structure")
    if table is None:
        return evidence.not_run("structure")
    others = [str(row["model"]) for row in rows_of(table)][1:]
    words = f"The same inputs through {several(len(others), 'other structure')}."
    words += listed("Structures", filter(visible, others))
    return whether(bool(others), words, section("B.3.14"), evidence.place("structure", "structure"))


def structure_varied(evidence: Evidence) -> Found:
    """Return how structure was varied: other models, and scenarios of the ledger on curves and states."""
    entries = [e for e in evidence.ledger_on("strategies", "survival", "utilities", "costs") if e.tested_by]
    compared = structure_compared(evidence)
    if compared.state == "missing":
        return compared
    words = f"{compared.words} {len(entries)} structural assumptions of the bias ledger have scenarios."
    return whether(bool(entries), words, *compared.places, evidence.place(*LEDGER))


def horizon(evidence: Evidence) -> Found:
    """Return how long the horizon is and how many are alive at its end."""
    years = evidence.file.settings.horizon_years
    alive = evidence.table("base_case", "summary_by_strategy")
    if alive is None:
        return evidence.not_run("base_case")
    most = max(map(number, alive.column("alive_at_horizon")))
    age = evidence.quantities[evidence.file.population.start_age].value + years
    words = f"{read(years)} years, to age {age:.0f}: at its end at most {most:.1%} of any strategy are alive."
    where = (section("B.3.2"), Place("settings.horizon_years"), evidence.place("base_case", "summary_by_strategy"))
    return whether(most <= MOST_ALIVE, words, *where)


def lifetime(evidence: Evidence) -> Found:
    """Return whether the horizon is a lifetime; where not, whether the ledger says why."""
    found = horizon(evidence)
    if found.reply != "no":
        return found
    why = evidence.ledger_on("settings.horizon_years")
    reason = f" Why: {' '.join(why[0].why.split())}" if why else " The bias ledger does not say why."
    return Found("answered", found.words + reason, "explained" if why else "no", found.places)


def duration(evidence: Evidence) -> Found:
    """Return how long horizon, treatment and effect last, and which of the three the ledger gives reasons for."""
    words, places, without = [f"horizon {read(evidence.file.settings.horizon_years)} years"], [], []
    for name, strategy in evidence.file.strategies.items():
        words.append(f"{strategy.label} on treatment: {strategy.time_on_treatment.rule.replace('_', ' ')}")
        at = join_address(("strategies", name, "time_on_treatment"))
        if strategy.time_on_treatment.rule != "none":
            places.append(Place(at))
            without += [] if evidence.ledger_on(at) else [at]
    without += [] if evidence.ledger_on("settings.horizon_years", "settings") else ["settings.horizon_years"]
    words.append(f"effect: {'; '.join(_wanings(evidence)) or 'for as long as the curves say, without waning'}")
    text = f"{'; '.join(words)}."
    if without:
        return partly(f"{text} Without a reason in the bias ledger: {', '.join(without)}.", section("B.3.3"), *places)
    return yes(text, section("B.3.3"), *places, evidence.place(*LEDGER))


def _wanings(evidence: Evidence) -> list[str]:
    """Return when the effect on each curve ends, in words."""
    found = []
    for strategy in evidence.file.strategies.values():
        for endpoint in ("pfs", "os"):
            waning = getattr(strategy, endpoint).waning
            if waning is not None:
                starts, ends = (evidence.quantities[a] for a in (waning.starts, waning.ends))
                time = f"{read(starts.value)} {starts.unit}"
                time += "" if waning.starts == waning.ends else f" to {read(ends.value)} {ends.unit}"
                words = f"{strategy.label}, {endpoint.upper()}, ends at {time} since {waning.since.replace('_', ' ')}"
                found.append(f"{words}, gain {waning.accrued_gain}")
    return found


def continued_effect(evidence: Evidence) -> Found:
    """Return what is assumed of the effect after treatment, and whether the ledger gives a reason."""
    relative = [n for n, s in evidence.file.strategies.items() if s.os.relative_to or s.pfs.relative_to]
    wanings = _wanings(evidence)
    addresses = [join_address(("strategies", n, e, "waning")) for n in relative for e in ("os", "pfs")]
    starts = [s.os.waning.starts for s in evidence.file.strategies.values() if s.os.waning]
    why = evidence.ledger_on(*addresses, *starts) or [e for e in evidence.ledger if e.address.endswith(".waning")]
    if not relative and not wanings:
        return partly("Each strategy has a curve of its own; no effect is said to end.", section("B.3.3"))
    words = "; ".join(wanings) or f"No end of the effect of {', '.join(map(evidence.scenario.label, relative))}"
    if not why:
        return partly(f"{words}; without a reason in the bias ledger.", section("B.3.3"), *map(Place, addresses[:1]))
    return yes(f"{words}. {' '.join(why[0].why.split())}", section("B.3.3"), evidence.place(*LEDGER))


def cycle_length(evidence: Evidence) -> Found:
    """Return how long a cycle is, and whether another length moves results."""
    days = read(evidence.file.settings.cycle_days)
    if "E20" not in evidence.verdicts:
        return evidence.not_run("verify")
    outcome, found = evidence.verdicts["E20"]
    words = f"{days} days. With cycles of half the length: {found}."
    where = (section("B.3.2"), Place("settings.cycle_days"), evidence.place("verify", "passed"))
    return whether(outcome in ("pass", "explained"), words, *where)


def half_cycle(evidence: Evidence) -> Found:
    """Return how person-time of a cycle is counted."""
    method = evidence.file.settings.half_cycle_correction
    if method != "trapezium":
        words = f"No: a cycle counts those who are there at its {method}."
        return no(words, section("B.3.2"), Place("settings.half_cycle_correction"))
    words = "Yes, costs and outcomes by the mean of both ends of a cycle; packs are paid when they are dispensed."
    return yes(words, section("B.3.2"), Place("settings.half_cycle_correction"))


def half_cycle_omitted(evidence: Evidence) -> Found:
    """Return why there is no correction, where there is none."""
    if evidence.file.settings.half_cycle_correction == "trapezium":
        return not_applicable("Costs and outcomes are corrected for the half cycle.")
    why = evidence.ledger_on("settings.half_cycle_correction", "settings")
    if not why:
        return no("The bias ledger gives no reason.", Place("settings.half_cycle_correction"))
    return yes(" ".join(why[0].why.split()), evidence.place(*LEDGER))


def transitions(evidence: Evidence) -> Found:  # noqa: ARG001 - holds of every scenario
    """Return that a partitioned-survival model has no transition probabilities."""
    words = "A partitioned-survival model has no transition probabilities: states follow from two survival curves."
    return not_applicable(words)


def discounting(evidence: Evidence) -> Found:
    """Return the rates, and whether they are the reference case's or have a reason."""
    settings = evidence.file.settings
    costs, qalys = (rate_in_words(settings.discount_rate(measure)) for measure in ("costs", "qalys"))
    found = of_rule(evidence, "RC13", Place("settings.discount_rate_costs"), Place("settings.discount_rate_qalys"))
    words = f"Costs {costs}, QALYs and life years {qalys} a year, {settings.discounting.replace('_', ' ')}."
    if found.state == "missing":
        return missing(f"{words} Whether that is the reference case's: {found.words}")
    return Found(found.state, f"{words} {found.words}", found.reply, (section("B.3.2"), *found.places))


def ledger(evidence: Evidence) -> Found:
    """Return how many assumptions are stated with whom they favour and why."""
    if not evidence.ledger:
        return no("The scenario has no bias ledger.", Place("assumptions"))
    if evidence.table(*LEDGER) is None:
        return evidence.not_run("base_case")
    without = [e.assumption for e in evidence.ledger if not e.why.strip()]
    n = {side: sum(e.bias == side for e in evidence.ledger) for side in ("for", "against", "unclear")}
    words = f"{len(evidence.ledger)} assumptions, each with its reason: {n['for']} favour the intervention, "
    words += f"{n['against']} the comparator, of {n['unclear']} that is unclear."
    where = (section("B.3.9"), evidence.place(*LEDGER))
    return no(f"Without a reason: {'; '.join(without)}.", *where) if without else yes(words, *where)


def ledger_tested(evidence: Evidence) -> Found:
    """Return how many assumptions were tested by scenarios that were run."""
    found = ledger(evidence)
    if found.state == "missing" or not evidence.ledger:
        return found
    rows = list(rows_of(evidence.table(*LEDGER)))
    tested = {str(row["assumption"]) for row in rows if row["scenario"]}
    untested = [e.address for e in evidence.ledger if not e.tested_by]
    run = {str(row["scenario"]) for row in rows if row["scenario"]}
    words = f"{len(tested)} of {len(evidence.ledger)} assumptions are tested, by {several(len(run), 'scenario')}."
    words += listed("Tested by none", untested)
    return (partly if untested else yes)(words, section("B.3.9"), evidence.place(*LEDGER))


def analytics(evidence: Evidence) -> Found:
    """Return how data were turned into the model: fits, extrapolation, validation, assumptions."""
    if not evidence.has("base_case"):
        return evidence.not_run("base_case")
    fits, told = several(len(evidence.scenario.fits), "fit"), ledger(evidence)
    words = f"{fits} of curves to published figures or patients, extrapolated over the horizon. {told.words}"
    where = (section("B.3.3"), evidence.place("base_case", "fits"), *told.places)
    return Found("answered", words, told.reply, where)


def limitations(evidence: Evidence) -> Found:
    """Return what a discussion has to weigh: assumptions in favour of the intervention, and untested ones."""
    found = ledger_tested(evidence)
    if found.state == "missing" or not evidence.ledger:
        return found
    favour = [e.address for e in evidence.ledger if e.bias == "for"]
    words = f"In favour of the intervention: {', '.join(favour) or 'none'}. {found.words}"
    return Found(found.state, words, found.reply, found.places)
