"""The report of `netcea check --reference-case`: tables and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from netcea.checking.findings import ALIGNED, MISSING, UNJUSTIFIED, ReferenceCaseRow
from netcea.checking.reference_case.effects import Effect, Results
from netcea.checking.reference_case.linter import Linted
from netcea.checking.reference_case.packs import PackResults
from netcea.reporting.number_format import plain, pounds
from netcea.reporting.report import Report
from netcea.reporting.table import Cell, Column, Table

ANALYSIS: Final = "reference_case"
AS_IT_STANDS: Final = "as it stands"


@dataclass(frozen=True)
class ReferenceCaseRecord:
    """What results.json holds.

    Attributes
    ----------
    rules : tuple of ReferenceCaseRow
    as_it_stands : Results
    effects : tuple of Effect
        Of each departure under the reference case.
    method_packs : tuple of PackResults
    """

    rules: tuple[ReferenceCaseRow, ...]
    as_it_stands: Results
    effects: tuple[Effect, ...]
    method_packs: tuple[PackResults, ...]


def report(found: Linted) -> Report:
    """Return the rules, what each departure does, and the method packs, as tables and JSON.

    Parameters
    ----------
    found : Linted
        Of one scenario.
    """
    tables = (rules_table(found), effects_table(found), benefit_table(found), packs_table(found), moved_table(found))
    departs = [row.rule for row in found.rows if row.state == UNJUSTIFIED]
    return Report(
        analysis=ANALYSIS,
        title=f"{found.scenario.file.name}: NICE's reference case",
        scenario=found.scenario,
        options={},
        record=ReferenceCaseRecord(found.rows, found.own, found.effects, found.packs),
        tables=tables,
        on_screen=tuple(table.name for table in tables),
        lines=(counted(found), *not_run(found.effects), *said_of_packs(found.packs)),
        faults=(f"departs without a reason in {', '.join(departs)}",) if departs else (),
    )


def counted(found: Linted) -> str:
    """Return how many rules are in which state, in a sentence.

    Parameters
    ----------
    found : Linted
        Of one scenario.
    """
    states = [row.state for row in found.rows]
    n = {state: states.count(state) for state in dict.fromkeys(states)}
    return f"Of {len(states)} rules: {', '.join(f'{count} {state}' for state, count in n.items())}."


def not_run(effects: Sequence[Effect]) -> tuple[str, ...]:
    """Return a sentence for each departure that was not run.

    Parameters
    ----------
    effects : sequence of Effect
        Of one scenario.
    """
    return tuple(f"{e.rule}: {plain(e.words)}." for e in effects if e.results is None)


def said_of_packs(packs: Sequence[PackResults]) -> tuple[str, ...]:
    """Return what the packs are refused with, alone or at all.

    Parameters
    ----------
    packs : sequence of PackResults
        Of one scenario.
    """
    refused = [f"{p.pack}: {plain(p.words)}." for p in packs if p.results is None]
    return (*refused, *(f"{p.pack} alone, without what moves with it: {plain(p.alone)}." for p in packs if p.alone))


def rules_table(found: Linted) -> Table:
    """Return a row for each rule, what departs first; in their own order where the order could tell of a price.

    Parameters
    ----------
    found : Linted
        Of one scenario.
    """
    rows = list(found.rows)
    if not found.scenario.prices.redacted:
        rows.sort(key=lambda r: (r.state == ALIGNED, r.state != UNJUSTIFIED, r.state != MISSING))
    columns = (
        Column("rule", "Rule"),
        Column("element", "Element"),
        Column("state", "State"),
        Column("message", "Found"),
    )
    cells = tuple((r.rule, r.element, r.state, plain(r.message)) for r in rows)
    return Table("rules", "Rules of the reference case (PMG36, table 4.1)", columns, cells)


def effects_table(found: Linted) -> Table:
    """Return the scenario as it stands, then each departure that was run under the reference case.

    Parameters
    ----------
    found : Linted
        Of one scenario.
    """
    rows: list[tuple[Cell, ...]] = [("", AS_IT_STANDS, *_ratios(found.own))]
    rows += [(key, plain(e.words), *_ratios(e.results)) for key, e in _run(found) if e.results]
    columns = (Column("run", "Run"), Column("words", "Under the reference case"), *RATIOS)
    title = "What each departure does: the scenario under the reference case"
    note = "Weight: of severity; weighted: incremental QALYs times that weight."
    return Table("effects", title, columns, tuple(rows), note)


def benefit_table(found: Linted) -> Table:
    """Return the net health benefit of the same, and how much it is more than that of the scenario as it stands.

    Parameters
    ----------
    found : Linted
        Of one scenario.
    """
    at = [pounds(t) for t in found.own.thresholds]
    rows: list[tuple[Cell, ...]] = [(AS_IT_STANDS, *_benefits(found.own), *(None,) * 2 * len(at))]
    rows += [(key, *_benefits(e.results), *e.nhb, *e.weighted_nhb) for key, e in _run(found) if e.results]
    columns = (Column("run", "Run"), *_nhb_columns(at), *_nhb_columns(at, "_change", "change, "))
    title = "Net health benefit (NHB) under the reference case, and its change"
    note = "In QALYs, against the best other strategy; weighted: incremental QALYs times the severity weight."
    return Table("net_benefit", title, columns, tuple(rows), note)


def packs_table(found: Linted) -> Table:
    """Return the scenario under each method pack; each at its own thresholds.

    Parameters
    ----------
    found : Linted
        Of one scenario.
    """
    rows: list[tuple[Cell, ...]] = []
    for pack in found.packs:
        thresholds = " and ".join(map(pounds, pack.results.thresholds)) if pack.results else ""
        nothing = (None,) * (len(RATIOS) + 4)
        cells = (*_ratios(pack.results), *_benefits(pack.results)) if pack.results else nothing
        rows.append((_name(pack), thresholds, *cells))
    columns = (
        Column("pack", "Method pack"),
        Column("thresholds", "Thresholds"),
        *RATIOS,
        *_nhb_columns(("lower", "upper")),
    )
    note = "* the scenario's own. NHB in QALYs at the pack's own thresholds, against the best other strategy."
    return Table("method_packs", "Method packs side by side", columns, tuple(rows), note)


def moved_table(found: Linted) -> Table:
    """Return what moves with each method pack.

    Parameters
    ----------
    found : Linted
        Of one scenario.
    """
    rows = tuple(
        (_name(p), f"from {p.valid_from}" if p.valid_from else "", p.value_set, plain(p.words)) for p in found.packs
    )
    columns = (
        Column("pack", "Method pack"),
        Column("valid_from", "Valid"),
        Column("value_set", "Value set"),
        Column("words", "What moves"),
    )
    return Table("method_packs_moved", "What moves with each method pack", columns, rows)


RATIOS: Final = (
    Column("icer", "ICER", "", "icer"),
    Column("severity_weight", "Weight", "", "weight"),
    Column("weighted_icer", "Weighted ICER", "", "icer"),
)


def _name(pack: PackResults) -> str:
    return f"{pack.pack} *" if pack.own else pack.pack


def _run(found: Linted) -> list[tuple[str, Effect]]:
    """Return what was run, each with a name that is its own: its rules, numbered where they are run twice."""
    rules = [e.rule for e in found.effects if e.results]
    seen = dict[str, int]()
    named = []
    for effect in (e for e in found.effects if e.results):
        seen[effect.rule] = seen.get(effect.rule, 0) + 1
        several = rules.count(effect.rule) > 1
        named.append((f"{effect.rule} ({seen[effect.rule]})" if several else effect.rule, effect))
    return named


def _nhb_columns(at: Sequence[str], suffix: str = "", start: str = "") -> tuple[Column, ...]:
    return tuple(
        Column(f"{name}_{end}{suffix}", f"{start}{words} at {t}", "", "qalys")
        for name, words in (("nhb", "NHB"), ("weighted_nhb", "weighted NHB"))
        for t, end in zip(at, ("lower", "upper"), strict=True)
    )


def _ratios(found: Results) -> tuple[Cell, ...]:
    return found.icer, found.severity_weight, found.weighted_icer


def _benefits(found: Results) -> tuple[Cell, ...]:
    return (*found.nhb, *found.weighted_nhb)
