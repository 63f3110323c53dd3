"""Survival and effects: where curves come from, how they are extrapolated, which others were tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from netcea.plain_number import read
from netcea.quantities.addresses import addresses_in
from netcea.submission.checklists.answer import Found, Place, Reply, no, not_applicable, partly, several, whether, yes
from netcea.submission.checklists.evidence import Evidence, number, rows_of, section
from netcea.submission.checklists.topics.decision import of_rule
from netcea.submission.checklists.topics.model import LEDGER
from netcea.survival.curve import Curve

ENDPOINTS = ("pfs", "os")


class OneCurve(NamedTuple):
    """One curve of the model.

    Attributes
    ----------
    address : str
    what : str
        Strategy and endpoint.
    curve : Curve
    """

    address: str
    what: str
    curve: Curve


def curves(evidence: Evidence) -> Iterator[OneCurve]:
    """Yield every curve of progression-free and overall survival.

    Parameters
    ----------
    evidence : Evidence
        What is known.
    """
    for name, strategy in evidence.file.strategies.items():
        for endpoint in ENDPOINTS:
            what = f"{strategy.label}, {endpoint.upper()}"
            yield OneCurve(f"strategies.{name}.{endpoint}", what, getattr(strategy, endpoint))


def numbers_of(evidence: Evidence, one: OneCurve) -> list[str]:
    """Return the addresses of the numbers that a curve names.

    Parameters
    ----------
    evidence : Evidence
        What is known.
    one : OneCurve
        Of its model.
    """
    named = [use.address for use in addresses_in(one.curve, tuple(one.address.split(".")))]
    return [a for n in dict.fromkeys(named) for a in evidence.quantities if a == n or a.startswith(f"{n}.")]


def origin(one: OneCurve) -> str:
    """Return where a curve comes from, in words.

    Parameters
    ----------
    one : OneCurve
        Of a model.
    """
    curve = one.curve
    if curve.relative_to:
        kind = next(
            k for k in ("hazard_ratio", "hazard_ratios", "acceleration_factor") if getattr(curve, k) is not None
        )
        return f"{kind.replace('_', ' ')} on {curve.relative_to.replace('_', ' ')}"
    family = curve.family or "average of families"
    source = next(
        k for k in ("trial", "fit", "median", "figures", "table", "parameters") if getattr(curve, k) is not None
    )
    words = {
        "trial": "a trial's figures",
        "fit": "patients",
        "median": "a median and a shape",
        "figures": "published figures",
    }
    return f"{family.replace('_', ' ')} from {words.get(source, source)}"


def survival_sources(evidence: Evidence) -> Found:
    """Return the sources of the numbers from which curves are made."""
    used = {a for one in curves(evidence) for a in numbers_of(evidence, one)}
    sources = dict.fromkeys(s for a in sorted(used) for s in evidence.quantities[a].source)
    if not sources:
        return no("The curves name no number with a source.", Place("strategies"))
    words = f"Curves rest on {len(used)} numbers of {', '.join(sources)}."
    return yes(words, section("B.3.3"), evidence.place("base_case", "sources"))


def fits(evidence: Evidence) -> Found:
    """Return how well fitted curves meet what they were fitted to."""
    table = evidence.table("base_case", "fits")
    if table is None:
        if not evidence.has("base_case"):
            return evidence.not_run("base_case")
        return not_applicable("No curve is fitted: their parameters are published.")
    farthest = max(map(number, table.column("miss_in_standard_errors")))
    fitted, figures = several(len(evidence.scenario.fits), "fit"), several(len(table.rows), "figure")
    words = f"{fitted} with {figures}, each missed by less than {read(max(abs(farthest), CLOSE), 2)} standard errors."
    by_patients = [one.what for one in curves(evidence) if one.curve.fit is not None]
    words += (
        f" Fitted to patients, with AIC and BIC: {'; '.join(by_patients)}."
        if by_patients
        else " No patient data: families are not compared by AIC or BIC."
    )
    places = (
        section("B.3.3"),
        evidence.place("base_case", "fits"),
        evidence.place("base_case", "modelled_and_published"),
    )
    return (yes if by_patients and farthest < FAR else partly)(words, *places)


CLOSE = 0.01
"""Standard errors below which a miss is not told apart."""
FAR = 2.0
"""Standard errors by which a curve that misses a figure no longer fits it."""


def baseline(evidence: Evidence) -> Found:
    """Return where the comparator's curves come from, and what the ledger says of them."""
    comparator = evidence.file.decision.comparator
    mine = [one for one in curves(evidence) if one.address.startswith(f"strategies.{comparator}.")]
    why = evidence.ledger_on(*(one.address for one in mine), *(a for one in mine for a in numbers_of(evidence, one)))
    words = "; ".join(f"{one.what}: {origin(one)}" for one in mine)
    if not why:
        return partly(f"{words}. The bias ledger has no entry about them.", section("B.3.3"), Place(mine[0].address))
    words = f"{words}. {len(why)} entries of the bias ledger give reasons."
    return yes(words, section("B.3.3"), Place(mine[0].address), evidence.place(*LEDGER))


def relative_effects(evidence: Evidence) -> Found:
    """Return how effects of trials became effects in the model."""
    relative = [one for one in curves(evidence) if one.curve.relative_to]
    own = [one for one in curves(evidence) if not one.curve.relative_to]
    ratios = list(dict.fromkeys(a for one in relative for a in _ratios(one.curve)))
    words = "; ".join(f"{one.what}: {origin(one)}" for one in (*relative, *own))
    trials = {evidence.scenario.trial_names.get(a, "") for a in ratios} - {""}
    words += f". {several(len(ratios), 'ratio')}" + (f" of {', '.join(sorted(trials))}" if trials else "")
    words += ", each of one comparison; nothing was pooled."
    if evidence.rule("RC7") is None:
        return partly(f"{words} Whether a review stands behind them was not looked at.", section("B.3.3"))
    review = of_rule(evidence, "RC7")
    places = (section("B.3.3"), *map(Place, ratios[:MOST]), *review.places)
    return Found("answered", f"{words} {review.words}", "yes" if review.reply == "yes" else "partly", places)


MOST = 3
"""Addresses that an answer names."""


def _ratios(curve: Curve) -> list[str]:
    named = [curve.hazard_ratio, curve.acceleration_factor, *(i.hazard_ratio for i in curve.hazard_ratios or ())]
    return [str(name) for name in named if name is not None]


def ratios_on_fitted_curves(evidence: Evidence) -> Found:
    """Return where a hazard ratio is laid on a curve that was fitted apart from it."""
    found = [one for one in curves(evidence) if one.curve.hazard_ratio or one.curve.hazard_ratios]
    if not found:
        return yes("No hazard ratio is laid on a fitted curve.", Place("strategies"))
    words = [f"{one.what}: {origin(one)}" for one in found]
    why = evidence.ledger_on(*(one.address for one in found), *(a for one in found for a in _ratios(one.curve)))
    places = tuple(Place(one.address) for one in found[:MOST])
    text = f"Proportional hazards are assumed for {'; '.join(words)}."
    if not why:
        return no(f"{text} The bias ledger does not say so.", *places)
    return Found("answered", f"{text} {' '.join(why[0].why.split())}", "explained", (*places, evidence.place(*LEDGER)))


def network_meta_analysis(evidence: Evidence) -> Found:
    """Return whether the ratios come from a network, whose draws would be joint."""
    joint = [j for j in evidence.scenario.joint if j.table and any("hazard_ratio" in a for a in j.addresses)]
    if not joint:
        return not_applicable("No ratio comes from a network meta-analysis: none is estimated together with others.")
    words = f"Ratios estimated together: {', '.join(j.name for j in joint)}; drawn on the log scale, hence positive."
    if "U20-U21" not in evidence.verdicts:
        return evidence.not_run("verify")
    outcome, found = evidence.verdicts["U20-U21"]
    return whether(outcome != "fail", f"{words} {found}.", evidence.place("verify", "passed"))


def extrapolation(evidence: Evidence) -> Found:
    """Return by what every curve is extrapolated, and which lack a reason."""
    words = [f"{one.what}: {origin(one)}" for one in curves(evidence)]
    silent = [one.what for one in curves(evidence) if not _reasons(evidence, one)]
    text = f"{'; '.join(words)}."
    if silent:
        return partly(f"{text} Without an entry in the bias ledger: {'; '.join(silent)}.", section("B.3.3"))
    return yes(f"{text} The bias ledger has the reason of each.", section("B.3.3"), evidence.place(*LEDGER))


def _reasons(evidence: Evidence, one: OneCurve) -> tuple[object, ...]:
    parent = one.address.rpartition(".")[0]
    return evidence.ledger_on(one.address, parent, *numbers_of(evidence, one), *_below(evidence, one))


def _below(evidence: Evidence, one: OneCurve) -> list[str]:
    return [e.address for e in evidence.ledger if e.address.startswith(f"{one.address}.")]


def other_extrapolations(evidence: Evidence) -> Found:
    """Return how many other extrapolations were run, in the ledger and in a sweep of families."""
    return _explored(evidence, "other extrapolations", lambda address: address.startswith("strategies."))


def other_durations(evidence: Evidence) -> Found:
    """Return whether other durations of effect were run, one of them without further benefit after treatment."""
    explored = _explored(evidence, "other durations of effect", _about_duration)
    rule = of_rule(evidence, "RC15")
    if rule.state == "missing" or explored.state == "missing":
        return rule if rule.state == "missing" else explored
    both = explored.reply == rule.reply == "yes"
    reply: Reply = "yes" if both else "partly" if "yes" in (explored.reply, rule.reply) else "no"
    return Found("answered", f"{explored.words} {rule.words}", reply, (*explored.places, *rule.places))


def _about_duration(address: str) -> bool:
    return "waning" in address or "effect_ends" in address


def _explored(evidence: Evidence, what: str, about: Callable[[str], bool]) -> Found:
    """Return how many scenarios of the ledger about some addresses were run."""
    table = evidence.table(*LEDGER)
    if table is None:
        return (
            evidence.not_run("base_case") if not evidence.has("base_case") else no("The bias ledger has no scenario.")
        )
    run = [row for row in rows_of(table) if row["scenario"] and about(str(row["address"]))]
    names = list(dict.fromkeys(str(row["scenario"]) for row in run))
    words = f"{len(names)} scenarios of {what}" + (f", such as {'; '.join(names[:MOST])}." if names else ".")
    return whether(bool(names), words, section("B.3.11"), evidence.scenario_results)


def outcome_measurement(evidence: Evidence) -> Found:
    """Return how survival, adverse events and quality of life were measured."""
    trials = sorted(set(evidence.scenario.trial_names.values()))
    measured = of_rule(evidence, "RC8")
    if measured.state == "missing":
        return measured
    words = f"Survival and adverse events: {', '.join(trials) or 'trials that inputs/ does not name'}. {measured.words}"
    return Found("answered", words, measured.reply, (section("B.3.3"), section("B.3.4"), *measured.places))
