"""Rules that hold whatever is changed: occupancies add up, survival falls, no cell has an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from netcea.workbook.choice import CurveChoices
from netcea.workbook.construction import Construction
from netcea.workbook.curve_choices import BACKGROUNDS, ENDPOINTS
from netcea.workbook.formulas.intervals import CellValues
from netcea.workbook.ratios_of_curves import matching_ratios
from netcea.workbook.sheets import choices as choice_columns
from netcea.workbook.sheets import cycles as grid
from netcea.workbook.sheets import inputs as input_columns
from netcea.workbook.sheets.budget_impact import write_budget_impact
from netcea.workbook.sheets.costs import subsequent_treatments
from netcea.workbook.sheets.cycles import write_cycles
from netcea.workbook.sheets.dispensing import write_dispensing
from netcea.workbook.sheets.inputs import Inputs, write_inputs
from netcea.workbook.sheets.scenarios import TRIAL
from netcea.workbook.sheets.severity import write_severity
from netcea.workbook.sheets.states import write_traces
from netcea.workbook.sheets.trace import Trace
from netcea.workbook.variants import Variants

EXCESS: Final = list(BACKGROUNDS).index("excess") + 1
NOT_CHECKED: Final = ("Cover", "Checks")
"""Sheets that show the verdict: of these no rule says that they have no error."""


class Rule(NamedTuple):
    """A rule: words, the formula of what is found, and what it may be at most."""

    words: str
    found: str
    most: float = 0.0


def rules(construction: Construction) -> Iterator[Rule]:
    """Yield every rule, for the sheets that there are."""
    variants, inputs = construction.variants, construction.written_by(write_inputs)
    yield from _typed(inputs)
    for name, trace in construction.written_by(write_traces).items():
        yield from _of_trace(trace, variants.base.label(name))
        yield from _of_treatments(inputs, trace, variants.base.label(name))
    yield from _one_background(inputs)
    yield from _ratios_that_match(inputs)
    yield from _stops_that_are_there(inputs)
    yield _one_value_set(inputs)
    times = construction.written_by(write_cycles).span(grid.TIME)
    short = f"{inputs.number('settings.horizon_years')}-MAX({times})"
    yield Rule("The cycles reach the horizon (years short)", short, 1e-9)
    budget = construction.written_by(write_budget_impact)
    yield from (Rule(*line) for line in (budget.rules if budget is not None else ()))
    severity = construction.written_by(write_severity)
    gap = f"ABS({severity.until}-{severity.reached})"
    yield Rule("Severity: the general population is followed until age 110 (years missing)", gap, 1e-9)
    yield from (Rule(words, text) for words, text in construction.written_by(write_dispensing).reaches_horizon())
    yield Rule(
        "Scenario results: 0 stands in the cell where its table tries scenarios",
        f"IF(ISNUMBER({TRIAL}),ABS({TRIAL}),1)",
    )
    for _, page in construction.pages():
        if page.last_row > 1 and page.name not in NOT_CHECKED and not page.tables:  # what is seen works out tables too
            span = page.span(1, page.last_row, 1, page.last_column)
            yield Rule(f"No error in the sheet {page.name} (cells)", f"SUMPRODUCT(ISERROR({span})*1)")


def _typed(inputs: Inputs) -> Iterator[Rule]:
    """Yield what may be typed, before what follows from it: the verdict names the first rule that is broken."""
    chosen = f"IF(ISNUMBER({inputs.scenario_number}),0,1)"
    yield Rule("Typed into Scenarios: a name that is not in the list (cells)", chosen)
    options = inputs.choices.span(choice_columns.NUMBER)
    yield Rule("Typed into Choices: what is none of the options (cells)", f"SUMPRODUCT(ISERROR({options})*1)")
    typed = f"MAX({inputs.span(input_columns.COUNT)})-COUNT({inputs.span(input_columns.YOURS)})"
    yield Rule("Typed into Inputs: text in place of a number (cells)", typed)
    outside = f"SUM({inputs.span(input_columns.OUTSIDE)})"
    yield Rule("Typed into Inputs: less or more than is possible, by itself or beside the others (cells)", outside)


def _of_treatments(inputs: Inputs, trace: Trace, label: str) -> Iterator[Rule]:
    """Yield that a subsequent treatment given to a share of all patients is given to no more than progress."""
    more: dict[str, list[str]] = {}
    for _, item, live in subsequent_treatments(inputs, trace.strategy):
        if item.of == "patients":
            share = item.treated(CellValues(inputs)).text
            more.setdefault(item.label, []).append(f"{live}*({share}-{trace.total('progressions')})")
    for treatment, texts in more.items():
        words = f"{label}: share of all patients with {treatment} less those who progress"
        yield Rule(words, f"MAX(0,{','.join(dict.fromkeys(texts))})", 1e-12)


def _called(curve: CurveChoices, variants: Variants) -> str:
    """Return what a curve is called."""
    return f"{variants.base.label(curve.strategy)}, {ENDPOINTS[curve.endpoint]}"


def _one_background(inputs: Inputs) -> Iterator[Rule]:
    """Yield that the general population's mortality comes on top of every relative survival, and by no other way."""
    variants = inputs.variants
    for curve in variants.curves.values():
        of_relative = [i for i, m in enumerate(curve.origin.values, 1) if m is not None and m.relative_survival]
        if of_relative:
            live = "+".join(f"({inputs.index(curve.origin)}={number})" for number in of_relative)
            words = f"{_called(curve, variants)}: the general population's mortality on top of a relative survival"
            yield Rule(words, f"({live})*({inputs.index(curve.background)}<>{EXCESS})")
        others = [variants.curves.get(m.relative_to or "") if m is not None else None for m in curve.origin.values]
        if any(others):
            excess = f"({inputs.index(curve.background)}={EXCESS})"
            tests = [f"({excess}<>({inputs.index(o.background)}={EXCESS}))*1" if o else "0" for o in others]
            words = (
                f"{_called(curve, variants)}: relative survival here, and not of the curve to which this is relative"
            )
            yield Rule(words, inputs.pick(curve.origin, tests))


def _ratios_that_match(inputs: Inputs) -> Iterator[Rule]:
    """Yield that the hazard ratio of each curve that is used is one that a scenario can have with it."""
    variants = inputs.variants
    for curve in variants.curves.values():
        tests = []
        for own in matching_ratios(curve, variants.scenarios):
            there = ",".join(f"{inputs.index(curve.ratio)}={number + 1}" for number in own)
            tests.append("0" if len(own) == len(curve.ratio.options) else f"IF(OR({there}),0,1)")
        if set(tests) != {"0"}:
            rule = variants.choices.get(f"{curve.address}.rule")
            used = "1" if rule is None else inputs.pick(rule, [str(int(kind == "curve")) for kind, _ in rule.values])
            words = f"{_called(curve, variants)}: a hazard ratio that does not go with the curve that was chosen"
            yield Rule(words, f"({used})*({inputs.pick(curve.origin, tests)})")


def _stops_that_are_there(inputs: Inputs) -> Iterator[Rule]:
    """Yield that an effect which wanes since the end of treatment goes with a time at which everybody stops."""
    variants = inputs.variants
    for curve in variants.curves.values():
        since = [str(int(bool(fades) and fades.since == "end_of_treatment")) for fades in curve.waning.values]
        rule = variants.choices.get(f"strategies.{curve.strategy}.time_on_treatment.rule")
        if "1" in since and rule is not None:
            endless = inputs.pick(rule, [str(int(not stops_at)) for _, stops_at in rule.values])
            who = _called(curve, variants)
            words = f"{who}: wanes since the end of treatment, and no time is given at which everybody stops"
            yield Rule(words, f"({inputs.pick(curve.waning, since)})*({endless})")


def _one_value_set(inputs: Inputs) -> Rule:
    """Return the rule that what is chosen for utilities, norms and severity is of one value set, or has a reason."""
    variants = inputs.variants
    utilities, norms, packs = (variants.choices[a] for a in ("utilities", "population.norms", "decision.method_pack"))
    known: list[str] = []

    def number(value_set: str) -> str:
        plain = " ".join(value_set.split()).casefold()
        if plain not in known:
            known.append(plain)
        return str(known.index(plain) + 1) if plain else "0"

    of_utilities = inputs.pick(utilities, [number(u.value_set) for u in utilities.values])
    excused = inputs.pick(utilities, ["1" if u.value_set_exemption.strip() else "0" for u in utilities.values])
    of_norms = inputs.pick(norms, [number(s.severity_norms.value_set) for s in variants.taking(norms)])
    of_pack = inputs.pick(packs, [number(s.method_pack.value_set) for s in variants.taking(packs)])
    others = f"(({of_utilities})<>({of_norms}))+(({of_pack})<>0)*(({of_utilities})<>({of_pack}))"
    return Rule(
        "Utilities, norms and severity of one value set (others, without a reason)", f"(1-({excused}))*({others})"
    )


def _of_trace(trace: Trace, label: str) -> Iterator[Rule]:
    """Yield rules of one strategy's trace."""
    free, progressed, dead, alive, pfs, os = (
        trace.span(key, from_start=True)
        for key in ("progression_free", "progressed", "dead", "alive", "pfs_curve", "os_curve")
    )
    later, earlier = trace.rows_of("alive")
    gap = f"SUMPRODUCT(MAX(ABS({free}+{progressed}+{dead}-1)))"
    negative = "+".join(f"SUMPRODUCT(({state}<0)*1)" for state in (free, progressed, dead))
    outside = f"SUMPRODUCT(({os}>1)+({os}<0)+({pfs}>1)+({pfs}<0))"
    yield Rule(f"{label}: occupancies add up to 1 (largest gap)", gap, 1e-12)
    yield Rule(f"{label}: progression-free never above alive (cycles)", f"SUMPRODUCT(({free}>{alive})*1)")
    yield Rule(f"{label}: no occupancy below 0 (cycles)", negative)
    yield Rule(f"{label}: survival never rises (cycles)", f"SUMPRODUCT(({later}>{earlier}+1E-12)*1)")
    yield Rule(f"{label}: survival between 0 and 1 (cycles)", outside)
