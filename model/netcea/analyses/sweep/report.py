"""The report of `netcea sweep`."""

from __future__ import annotations

from functools import partial

from netcea.analyses.shared.effect_cells import effect_columns, icer_of, other_weight
from netcea.analyses.sweep.figure import sweep_figure
from netcea.analyses.sweep.record import record_of
from netcea.analyses.sweep.result import Combination, SweepResult, curve_words
from netcea.plain_number import read
from netcea.reporting.number_format import icer, plain
from netcea.reporting.report import Report
from netcea.reporting.table import Cell, Column, Table, table_of
from netcea.survival.family_names import family_label, family_words

SHOWN = 12
"""Combinations on the screen where there is no table of two families."""


def report(result: SweepResult) -> Report:
    """Return the combinations as a list and, for two curves, as a table; a figure; JSON."""
    crossed = crossed_table(result)
    return Report(
        analysis="sweep",
        title=f"{result.scenario.file.name}: {len(result.combinations):,} combinations of survival families",
        scenario=result.scenario,
        options=result.options.model_dump(mode="json"),
        record=record_of(result),
        read_first=result.read_first,
        tables=(sweep_table(result), crossed if crossed is not None else first_table(result)),
        on_screen=("sweep_screen",),
        lines=tuple(_sentences(result)),
        figures={"sweep": partial(sweep_figure, result)} if any(c.effect for c in result.combinations) else {},
    )


def sweep_table(result: SweepResult) -> Table:
    """Return every combination with what it means, and why it is implausible or cannot be run."""
    names = list(result.combinations[0].families)
    return table_of(
        "sweep",
        "Every combination of survival families",
        result.combinations,
        (
            *((Column(name, curve_words(name)), lambda c, name=name: c.families[name]) for name in names),
            (Column("plausible", "Plausible"), lambda c: "" if c.effect is None else "yes" if c.plausible else "no"),
            *effect_columns(result.scenario, lambda c: c.effect),
            other_weight(result.base, lambda c: (c.effect,) if c.effect else ()),
            (Column("implausible", "Implausible, because"), lambda c: plain("; ".join(c.implausible))),
            (Column("fault", "Not run, because"), lambda c: plain(c.fault)),
        ),
        RULES,
    )


RULES = (
    "Implausible: PFS above OS by more than half a percentage point while more than 1% are alive; survival, before any "
    "floor, above the general population's; survival at a landmark outside its bounds - where the scenario asks for "
    "these rules."
)


def crossed_table(result: SweepResult) -> Table | None:
    """Return ICERs with the families of one curve down and of the other across; None for other than two curves."""
    names = list(result.combinations[0].families)
    if len(names) != 2:
        return None
    down, across = names
    families = [list(dict.fromkeys(c.families[name] for c in result.combinations)) for name in names]
    found = {(c.families[down], c.families[across]): c for c in result.combinations}
    columns = (
        Column("family", f"{curve_words(down)} \\ {curve_words(across)}"),
        *(Column(f"f{k}", family_label(family)) for k, family in enumerate(families[1])),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (family_label(first), *(_cell(found[first, second]) for second in families[1])) for first in families[0]
    )
    note = f"ICER, unweighted; * implausible by the rules, - not run. Base case: {_current(result)}."
    return Table("sweep_screen", "ICER by survival family", columns, rows, note)


def _cell(combination: Combination) -> str:
    if combination.effect is None:
        return "-"
    return icer(icer_of(combination.effect)) + ("" if combination.plausible else " *")


def _current(result: SweepResult) -> str:
    return ", ".join(f"{curve_words(n)} {family_words(f) or 'differs'}" for n, f in result.current.items())


def first_table(result: SweepResult) -> Table:
    """Return the combinations with the lowest ICERs, those that are plausible first."""
    ranked = sorted(result.combinations, key=lambda c: (not c.plausible, _icer(c)))[:SHOWN]
    return table_of(
        "sweep_screen",
        f"Combinations of survival families: {len(ranked)} of {len(result.combinations):,}, plausible ones first",
        ranked,
        (
            (Column("families", "Families"), lambda c: c.words),
            (Column("icer", "ICER", "£/QALY", "icer"), lambda c: icer_of(c.effect) if c.effect else None),
            (Column("plausible", "Plausible"), lambda c: "" if c.effect is None else "yes" if c.plausible else "no"),
        ),
        f"Base case: {_current(result)}.",
    )


def _icer(combination: Combination) -> float:
    effect = combination.effect
    return float("inf") if effect is None or effect.icer is None else effect.icer


def _sentences(result: SweepResult) -> list[str]:
    run = [c for c in result.combinations if c.effect is not None]
    plausible = [c for c in run if c.plausible]
    ran = f"{len(plausible):,} of {len(run):,} combinations that could be run are plausible by the rules"
    said = [f"{ran}; {len(result.combinations) - len(run):,} could not be run."]
    if not result.scenario.prices.redacted:
        for words, among in (("all", run), ("the plausible", plausible)):
            with_icer = [c for c in among if c.effect is not None and c.effect.icer is not None]
            if with_icer:
                low, high = (choose(with_icer, key=_icer) for choose in (min, max))
                said.append(
                    f"ICERs of {words}: from {icer(icer_of(low.effect))} ({low.words}) to "  # type: ignore[arg-type]
                    f"{icer(icer_of(high.effect))} ({high.words})."  # type: ignore[arg-type]
                )
    if result.base_implausible:
        said.append(f"The base case itself breaks a rule: {plain('; '.join(result.base_implausible))}.")
    weights = sorted({c.effect.severity_weight for c in run if c.effect is not None})
    if len(weights) > 1:
        said.append(f"The severity weight is {' or '.join(read(w) for w in weights)}, depending on the families.")
    return said
