"""The report of `netcea verify`: tables, JSON and a page of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from netcea.reporting.number_format import plain, shown
from netcea.reporting.report import Report
from netcea.reporting.table import Column, Table, table_of
from netcea.storage.atomic import atomic_write_text
from netcea.verification.verdict import Outcome, Verdict
from netcea.verification.verify import Verification
from netcea.version import __version__

ANALYSIS: Final = "verify"
PAGE: Final = "verification.html"
ORDER: Final[tuple[Outcome, ...]] = ("fail", "explained", "pass", "not applicable")
"""Outcomes, what needs a reader first."""
HEADINGS: Final = {"fail": "Failed", "explained": "Explained", "pass": "Passed", "not applicable": "Not applicable"}
ABOUT: Final = (
    "Each test changes the scenario in a way of which the consequence is known, runs it again and looks at what comes "
    "out. Explained: what was found departs from what must hold for a reason, which a reader should judge."
)
STYLE: Final = """body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
body{color:#1b1b1b;background:#fff;overflow-wrap:anywhere}h2{margin:2rem 0 .3rem;padding-left:.6rem}
nav{display:flex;flex-wrap:wrap;gap:.5rem}nav a{padding:.3rem .8rem;color:inherit;text-decoration:none}
nav a,h2{border-left:.35rem solid #999}nav a{background:#f3f3f3}nav b{font-size:1.2rem}
nav .fail,.fail h2{border-color:#b00020}nav .explained,.explained h2{border-color:#b26a00}
nav .pass,.pass h2{border-color:#1b7a3d}
section>table{border-collapse:collapse;table-layout:fixed;width:100%}
section>table>thead th:first-child{width:5.5rem}section>table>thead th:nth-child(2){width:34%}
th,td{border-bottom:1px solid #ccc;padding:.35rem .6rem;vertical-align:top;text-align:left}
details{margin-top:.3rem}summary{cursor:pointer;color:#555}details table{border-collapse:collapse}
details td{border:0;padding:.05rem .8rem .05rem 0;font-size:.9rem}details td:last-child{white-space:nowrap}
footer{margin-top:2rem;color:#555}
@media(max-width:40rem){section>table,section>table>tbody,section>table>tbody>tr{display:block}
section>table>thead{display:none}section>table>tbody>tr{border-bottom:1px solid #ccc;padding:.4rem 0}
section>table>tbody>tr>*{display:block;border:0;padding:.1rem 0}section>table>tbody>tr>td:nth-child(2){font-weight:600}}
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}th,td{border-color:#444}nav a{background:#262626}
summary,footer{color:#aaa}}"""


@dataclass(frozen=True)
class VerifyRecord:
    """What results.json holds of a verification.

    Attributes
    ----------
    draws, seed : int
        Of the sample in which invariants were looked at.
    passed, failed, explained, not_applicable : int
        How many tests.
    verdicts : tuple of Verdict
    """

    draws: int
    seed: int
    passed: int
    failed: int
    explained: int
    not_applicable: int
    verdicts: tuple[Verdict, ...]


def report(found: Verification) -> Report:
    """Return the verdicts as tables, JSON and a page.

    Parameters
    ----------
    found : Verification
        Of one scenario.
    """
    tables = tuple(verdict_table(outcome, found.of(outcome)) for outcome in ORDER)
    shown = tuple(table.name for table in tables if table.rows and table.name in ("failed", "explained"))
    return Report(
        analysis=ANALYSIS,
        title=f"{found.scenario.file.name}: verification",
        scenario=found.scenario,
        options={"draws": found.draws, "seed": found.seed},
        record=VerifyRecord(
            draws=found.draws,
            seed=found.seed,
            passed=len(found.of("pass")),
            failed=len(found.of("fail")),
            explained=len(found.of("explained")),
            not_applicable=len(found.of("not applicable")),
            verdicts=found.verdicts,
        ),
        tables=(*tables, figures_table(found.verdicts)),
        on_screen=shown,
        lines=(counted(found),),
        files={PAGE: lambda path: atomic_write_text(path, page(found), durable=False)},
        faults=tuple(f"{v.test}: {v.asserts}: {v.found}" for v in found.of("fail")),
    )


def counted(found: Verification) -> str:
    """Return how many tests had each outcome, in a sentence.

    Parameters
    ----------
    found : Verification
        Of one scenario.
    """
    n = {outcome: len(found.of(outcome)) for outcome in ORDER}
    return (
        f"{n['pass']} tests passed, {n['fail']} failed, {n['explained']} are explained, {n['not applicable']} do not "
        f"apply; invariants in {found.draws:,} rows of the probabilistic sample."
    )


def verdict_table(outcome: Outcome, verdicts: Sequence[Verdict]) -> Table:
    """Return a row for each verdict of one outcome.

    Parameters
    ----------
    outcome : {'pass', 'fail', 'explained', 'not applicable'}
        Theirs.
    verdicts : sequence of Verdict
        In the order of the tests.
    """
    return table_of(
        HEADINGS[outcome].lower().replace(" ", "_"),
        HEADINGS[outcome],
        verdicts,
        (
            (Column("test", "Test"), lambda v: v.test),
            (Column("asserts", "What must hold"), lambda v: plain(v.asserts)),
            (Column("found", "Why" if outcome == "not applicable" else "What was found"), lambda v: plain(v.found)),
        ),
    )


def figures_table(verdicts: Iterable[Verdict]) -> Table:
    """Return a row for each figure that a verdict rests on.

    Parameters
    ----------
    verdicts : iterable of Verdict
        In the order of the tests.
    """
    rows = [(verdict.test, name, value) for verdict in verdicts for name, value in verdict.figures.items()]
    return table_of(
        "figures",
        "Figures that the verdicts rest on",
        rows,
        (
            (Column("test", "Test"), lambda row: row[0]),
            (Column("figure", "Figure"), lambda row: plain(row[1])),
            (Column("value", "Value", "", "number"), lambda row: row[2]),
        ),
    )


def page(found: Verification) -> str:
    """Return the verdicts as a page that needs nothing else.

    Parameters
    ----------
    found : Verification
        Of one scenario.
    """
    scenario = found.scenario
    name, marking = escape(plain(scenario.file.name)), scenario.prices.marking
    mark = f"<p><strong>{escape(plain(marking))}</strong></p>" if marking else ""
    n = {outcome: len(found.of(outcome)) for outcome in ORDER}
    links = " ".join(
        f'<a class="{_class(o)}" href="#{_class(o)}"><b>{n[o]}</b> {HEADINGS[o].lower()}</a>' for o in ORDER
    )
    body = "".join(_section(outcome, found.of(outcome)) for outcome in ORDER if n[outcome])
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{name}: verification</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head><body><main>'
        f"<h1>{name}: verification</h1>{mark}<p>{ABOUT}</p><nav>{links}</nav>"
        f"<p>Invariants in {found.draws:,} rows of the probabilistic sample, seed {found.seed}.</p>{body}"
        f"<footer><p>Scenario: {escape(plain(scenario.source))}, numbers from {escape(plain(scenario.inputs_folder))}. "
        f"Digest: <code>{escape(scenario.digest)}</code>. netcea {escape(__version__)}.</p></footer>"
        "</main></body></html>\n"
    )


def _class(outcome: Outcome) -> str:
    return outcome.replace(" ", "-")


def _section(outcome: Outcome, verdicts: Sequence[Verdict]) -> str:
    """Return the verdicts of one outcome under a heading."""
    why = "Why" if outcome == "not applicable" else "What was found"
    rows = "".join(
        f"<tr><th scope=row>{escape(v.test)}</th><td>{escape(plain(v.asserts))}</td>"
        f"<td>{escape(plain(v.found))}{_figures(v)}</td></tr>"
        for v in verdicts
    )
    head = f"<thead><tr><th scope=col>Test</th><th scope=col>What must hold</th><th scope=col>{why}</th></tr></thead>"
    return (
        f'<section id="{_class(outcome)}" class="{_class(outcome)}"><h2>{HEADINGS[outcome]}</h2>'
        f"<table>{head}<tbody>{rows}</tbody></table></section>"
    )


def _figures(verdict: Verdict) -> str:
    """Return the figures of a verdict, folded away."""
    if not verdict.figures:
        return ""
    rows = "".join(
        f"<tr><td>{escape(plain(name))}</td><td>{escape(shown(value, 'number'))}</td></tr>"
        for name, value in verdict.figures.items()
    )
    number = len(verdict.figures)
    return f"<details><summary>{number} figure{'s' * (number > 1)}</summary><table>{rows}</table></details>"
