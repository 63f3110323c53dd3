"""Results, their uncertainty, and what was done to verify and validate them."""

from __future__ import annotations

from collections import Counter

from netcea.submission.checklists.answer import Found, Place, listed, missing, no, partly, several, whether, yes
from netcea.submission.checklists.evidence import Evidence, number, rows_of, section
from netcea.submission.checklists.topics.decision import heterogeneity
from netcea.submission.checklists.topics.model import LEDGER, structure_varied


def main_results(evidence: Evidence) -> Found:
    """Return where mean costs and outcomes stand, by category and state, and how strategies are compared."""
    names = ("base_case", "costs_by_category_and_state", "qalys_by_state", "net_health_benefit")
    lacking = [name for name in names if evidence.table("base_case", name) is None]
    if lacking:
        return evidence.not_run("base_case")
    words = f"Costs, life years and QALYs of {len(evidence.scenario.strategies)} strategies, fully incremental, with "
    words += "and without severity weight, discounted and not, by category, item and health state; net health benefit "
    words += "at each threshold."
    return yes(words, section("B.3.10"), *(evidence.place("base_case", name) for name in names))


def summary_results(evidence: Evidence) -> Found:
    """Return where an abstract finds its results."""
    found = main_results(evidence)
    if found.state == "missing":
        return found
    return yes("Results and alternative analyses are there to be summarised.", *found.places[:1])


def uncertainty_methods(evidence: Evidence) -> Found:
    """Return which analyses of uncertainty were run."""
    wanted = {"one_way": "one-way", "psa": "probabilistic", "structure": "structural"}
    lacking = [name for name in wanted if not evidence.has(name)]
    if lacking:
        return evidence.not_run(*lacking)
    tests = len({str(row["scenario"]) for row in rows_of(evidence.table(*LEDGER)) if row["scenario"]})
    words = f"Analyses: {', '.join(wanted.values())}; {tests} scenarios of the bias ledger."
    places = (evidence.place("one_way", "one_way"), evidence.place("psa", "probabilistic"), evidence.scenario_results)
    return yes(words, section("B.3.11"), *places)


def uncertainty_effect(evidence: Evidence) -> Found:
    """Return where it is shown what uncertainty does to the findings; discount rate and horizon too."""
    found = uncertainty_methods(evidence)
    if found.state == "missing":
        return found
    varied = {str(row["address"]) for row in rows_of(evidence.table(*LEDGER)) if row["scenario"]}
    told = {"discount rate": _on(varied, "settings.discount", "settings"), "horizon": _on(varied, "settings.horizon")}
    words = f"{found.words} By scenarios: {', '.join(n for n, v in told.items() if v) or 'neither rate nor horizon'}."
    without = [name for name, shown in told.items() if not shown]
    words += f" Not varied: {', '.join(without)}." if without else ""
    places = (section("B.3.11"), evidence.place("psa", "probabilities"), *found.places[1:])
    return (partly if without else yes)(words, *places)


def _on(varied: set[str], *beginnings: str) -> bool:
    return any(a == b or (a.startswith(b) and b != "settings") for a in varied for b in beginnings)


def methods_varied(evidence: Evidence) -> Found:
    """Return which choices of method have scenarios that were run."""
    if evidence.table(*LEDGER) is None:
        return evidence.not_run("base_case") if not evidence.has("base_case") else no("There is no bias ledger.")
    rows = [r for r in rows_of(evidence.table(*LEDGER)) if r["scenario"] and _method(str(r["address"]))]
    names = list(dict.fromkeys(str(row["scenario"]) for row in rows))
    words = f"{len(names)} scenarios of method: {'; '.join(names[:MOST])}{' ...' if len(names) > MOST else ''}"
    return whether(bool(names), words, section("B.3.11"), evidence.scenario_results)


MOST = 4
"""Scenarios that an answer names."""


def _method(address: str) -> bool:
    return address.split(".", maxsplit=1)[0] in ("settings", "decision")


def probabilistic(evidence: Evidence) -> Found:
    """Return how uncertain numbers were sampled, and whether every row kept the rules of the model."""
    if not evidence.has("psa"):
        return evidence.not_run("psa")
    draws = evidence.submission.reports["psa"].options.get("draws")
    drawn = sum(q.uncertainty.family != "fixed" for q in evidence.quantities.values())
    words = (
        f"{drawn} numbers with a distribution, {several(len(evidence.scenario.joint), 'group')} of them drawn together"
    )
    words += f"; {draws:,} draws." if isinstance(draws, int) else "."
    outcome, found = evidence.verdicts.get("U27", ("not applicable", ""))
    words += f" {found[:1].upper()}{found[1:]}." if found else " Whether every draw keeps the rules was not looked at."
    places = (section("B.3.11"), evidence.place("psa", "probabilistic"))
    return no(words, *places) if outcome == "fail" else (yes if found else partly)(words, *places)


def ranges(evidence: Evidence) -> Found:
    """Return what bounds of the one-way analysis are."""
    if not evidence.has("one_way"):
        return evidence.not_run("one_way")
    table = evidence.table("one_way", "one_way")
    bounds = Counter(str(row.get("bounds", "")) for row in rows_of(table))
    listed = ", ".join(f"{n} {words}" for words, n in bounds.items() if words)
    words = f"Bounds of {len(table.rows) if table else 0} numbers: {listed or 'as the table says'}."
    outcome, found = evidence.verdicts.get("U3-U5", ("not applicable", ""))
    words += f" {found[:1].upper()}{found[1:]}." if found else " Whether bounds are quantiles was not looked at."
    places = (section("B.3.11"), evidence.place("one_way", "one_way"))
    return no(words, *places) if outcome == "fail" else (yes if found else partly)(words, *places)


def four_kinds(evidence: Evidence) -> Found:
    """Return which kinds of uncertainty are addressed: method, structure, heterogeneity, parameters."""
    parts = {
        "method": methods_varied(evidence),
        "structure": structure_varied(evidence),
        "heterogeneity": heterogeneity(evidence),
        "parameters": probabilistic(evidence),
    }
    lacking = [found for found in parts.values() if found.state == "missing"]
    if lacking:
        return lacking[0]
    done = [name for name, found in parts.items() if found.reply == "yes"]
    rest = [f"{name} ({found.reply})" for name, found in parts.items() if found.reply != "yes"]
    words = f"Addressed: {', '.join(done) or 'none'}.{listed('Not, or in part', rest)}"
    places = tuple(dict.fromkeys(place for found in parts.values() for place in found.places))
    return (partly if rest else yes)(words, *places)


# -------------------------------------------------------------------------------------------------------- validation
def verified(evidence: Evidence) -> Found:
    """Return how many black-box tests passed."""
    if not evidence.verdicts:
        return evidence.not_run("verify")
    n = Counter(outcome for outcome, _ in evidence.verdicts.values())
    failed = [test for test, (outcome, _) in evidence.verdicts.items() if outcome == "fail"]
    words = f"{n['pass']} black-box tests passed, {n['explained']} are explained, {n['not applicable']} do not apply, "
    words += f"{n['fail']} failed.{listed('Failed', failed)}"
    table = "failed" if failed else "passed"
    return whether(not failed, words, section("B.3.14"), evidence.place("verify", table))


def surprises(evidence: Evidence) -> Found:
    """Return what departs from what one would expect, and whether each is explained."""
    if not evidence.verdicts or not evidence.has("base_case"):
        return evidence.not_run("verify", "base_case")
    told = [test for test, (outcome, _) in evidence.verdicts.items() if outcome == "explained"]
    failed = [test for test, (outcome, _) in evidence.verdicts.items() if outcome == "fail"]
    first = len(evidence.submission.read_first)
    words = f"{len(told)} departures found by the tests are explained ({', '.join(told) or 'none'}); {first} sentences "
    words += f"say what to know before reading the numbers.{listed('Not explained', failed)}"
    return whether(not failed, words, section("B.3.14"), evidence.place("verify", "explained" if told else "passed"))


def observations(evidence: Evidence) -> Found:
    """Return how modelled figures stand beside published ones: those that curves were fitted to, and others."""
    table = evidence.table("base_case", "modelled_and_published")
    if table is None:
        if not evidence.has("base_case"):
            return evidence.not_run("base_case")
        return no("No published figure stands beside the model's.", Place("strategies"))
    rows = list(rows_of(table))
    n = Counter(str(row["status"]) for row in rows)
    beyond = [row for row in rows if "outside" in str(row["verdict"]).lower()]
    words = f"{len(rows)} figures beside published ones: {', '.join(f'{k} {s}' for s, k in n.items())}; "
    words += f"{len(beyond)} lie outside of the published interval. What was fitted is no independent test."
    places = (section("B.3.14"), evidence.place("base_case", "modelled_and_published"))
    return partly(words, *places)


def other_data(evidence: Evidence) -> Found:
    """Return which scenarios take other input data, and that their results stand beside the base case's."""
    if evidence.table(*LEDGER) is None:
        return evidence.not_run("base_case") if not evidence.has("base_case") else no("There is no bias ledger.")
    rows = [r for r in rows_of(evidence.table(*LEDGER)) if r["scenario"] and not _method(str(r["address"]))]
    beside = [str(row["scenario"]) for row in rows_of(evidence.table("base_case", "beside"))][1:]
    names = {str(row["scenario"]) for row in rows}
    words = f"{len(names)} scenarios of the bias ledger change data or curves."
    words += f" Beside the base case in its main table: {'; '.join(beside)}." if beside else ""
    return whether(bool(names), words, section("B.3.11"), evidence.scenario_results)


def published_models(evidence: Evidence) -> Found:
    """Return that comparisons with other models are none of the scenario's."""
    words = "Neither the scenario nor inputs/ names results of other models."
    return missing(words, section("B.3.1"), Place(evidence.scenario.source))


def regenerates(evidence: Evidence) -> Found:
    """Return by what anybody can make the same numbers again."""
    if not evidence.has("base_case"):
        return evidence.not_run("base_case")
    digests = {report.scenario.digest for report in evidence.submission.reports.values()}
    words = (
        f"Every table is written by the run; its digest {evidence.scenario.digest[:12]} is of scenario, inputs/ and "
    )
    words += f"program, and the same in all {len(evidence.submission.reports)} analyses."
    same = digests == {evidence.scenario.digest}
    outcome, found = evidence.verdicts.get("X1", ("not applicable", ""))
    words += f" Run again: {found}." if found else " That a second run gives the same was not tested."
    return whether(same and outcome != "fail", words, evidence.place("base_case", "inputs"))


def scenario_balance(evidence: Evidence) -> Found:
    """Return how many scenarios of the ledger favour which side, as they declare it."""
    if evidence.table(*LEDGER) is None:
        return evidence.not_run("base_case") if not evidence.has("base_case") else no("There is no bias ledger.")
    sides = {str(r["scenario"]): str(r["direction"]) for r in rows_of(evidence.table(*LEDGER)) if r["scenario"]}
    n = Counter(sides.values())
    listed = ", ".join(f"{k} {side}" for side, k in n.most_common())
    largest = max(n.values(), default=0) / max(len(sides), 1)
    words = f"Of {len(sides)} scenarios, whom they favour by the bias ledger: {listed}."
    return whether(largest < ONE_SIDED, words, section("B.3.11"), evidence.scenario_results)


ONE_SIDED = 0.9
"""Share of scenarios from which on all favour one side."""


def information_order(evidence: Evidence) -> Found:
    """Return whether values of information stand in their order, basis by basis: perfect, partial, of a sample."""
    table = evidence.table("voi", "evpi")
    if table is None:
        return evidence.not_run("voi")
    bases = {str(row["basis"]): row["evpi"] for row in rows_of(table)}
    perfect = {basis: value for basis, value in bases.items() if isinstance(value, float)}
    if not perfect:
        return missing("Values of information are hidden in this redacted run.", evidence.place("voi", "evpi"))
    partial = dict(zip(bases, (_most(evidence, f"evppi_{end}") for end in ENDS), strict=False))
    studies = [row for row in rows_of(evidence.table("voi", "studies")) if isinstance(row["evsi"], float)]
    wrong = [b for b, most in perfect.items() if (partial.get(b) or 0.0) > most * (1.0 + NOISE)]
    wrong += [str(r["study"]) for r in studies if number(r["evsi"]) > perfect[str(r["basis"])] * (1.0 + NOISE)]
    words = f"At {len(perfect)} bases no partial value of perfect information is above the whole, and no value of "
    words += f"{len(studies)} samples is."
    words = f"{words} But: {', '.join(wrong)}." if wrong else words
    return whether(not wrong, words, evidence.place("voi", "evpi"), evidence.place("voi", "evppi"))


ENDS = ("lower", "upper", "switch")
"""Columns of partial values, in the order of the bases."""
NOISE = 0.02
"""Share by which an estimate by regression may be above what bounds it."""


def _most(evidence: Evidence, column: str) -> float | None:
    """Return the largest partial value in a column; None where it holds none."""
    cells = [row.get(column) for row in rows_of(evidence.table("voi", "evppi"))]
    return max((cell for cell in cells if isinstance(cell, float)), default=None)
