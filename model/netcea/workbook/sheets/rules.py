"""Rules that hold whatever is changed: occupancies add up, survival falls, no cell has an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from netcea.workbook.construction import Construction
from netcea.workbook.formulas.intervals import CellValues
from netcea.workbook.sheets import cycles as grid
from netcea.workbook.sheets.costs import subsequent_treatments
from netcea.workbook.sheets.cycles import write_cycles
from netcea.workbook.sheets.dispensing import write_dispensing
from netcea.workbook.sheets.inputs import Inputs, write_inputs
from netcea.workbook.sheets.states import write_traces
from netcea.workbook.sheets.trace import Trace

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
    for name, trace in construction.written_by(write_traces).items():
        yield from _of_trace(trace, variants.base.label(name))
        yield from _of_treatments(inputs, trace, variants.base.label(name))
    yield _one_value_set(inputs)
    times = construction.written_by(write_cycles).span(grid.TIME)
    short = f"{inputs.number('settings.horizon_years')}-MAX({times})"
    yield Rule("The cycles reach the horizon (years short)", short, 1e-9)
    yield from (Rule(words, text) for words, text in construction.written_by(write_dispensing).reaches_horizon())
    for _, page in construction.pages():
        if page.last_row > 1 and page.name not in NOT_CHECKED:
            span = page.span(1, page.last_row, 1, page.last_column)
            yield Rule(f"No error in the sheet {page.name} (cells)", f"SUMPRODUCT(ISERROR({span})*1)")


def _of_treatments(inputs: Inputs, trace: Trace, label: str) -> Iterator[Rule]:
    """Yield that a subsequent treatment given to a share of all patients is given to no more than progress."""
    for address, item, live in subsequent_treatments(inputs, trace.strategy):
        if item.of == "patients":
            share = item.treated(CellValues(inputs)).text
            words = f"{label}: {address}, share of all patients less those who progress"
            yield Rule(words, f"MAX(0,{live}*({share}-{trace.total('progressions')}))", 1e-12)


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
