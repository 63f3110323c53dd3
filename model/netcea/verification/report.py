"""The report of `netcea verify`: tables, JSON and a page of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from netcea.reporting.html import table_html
from netcea.reporting.number_format import plain
from netcea.reporting.report import Report
from netcea.reporting.table import Column, Table, table_of
from netcea.storage.atomic import atomic_write_text
from netcea.verification.verdict import Outcome, Verdict
from netcea.verification.verify import Verification

ANALYSIS: Final = "verify"
PAGE: Final = "verification.html"
ORDER: Final[tuple[Outcome, ...]] = ("fail", "explained", "pass", "not applicable")
"""Outcomes, what needs a reader first."""
HEADINGS: Final = {"fail": "Failed", "explained": "Explained", "pass": "Passed", "not applicable": "Not applicable"}
STYLE: Final = """body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
body{color:#1b1b1b;background:#fff}
table{border-collapse:collapse;width:100%;margin:1rem 0}caption{font-weight:600;text-align:left;padding:.3rem 0}
th,td{border-bottom:1px solid #ccc;padding:.35rem .6rem;vertical-align:top;text-align:left!important}
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}th,td{border-color:#444}}"""


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
        tables=tables,
        on_screen=shown,
        lines=(counted(found),),
        files={PAGE: lambda path: atomic_write_text(path, page(found, tables), durable=False)},
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


def page(found: Verification, tables: Iterable[Table]) -> str:
    """Return the verdicts as a page that needs nothing else.

    Parameters
    ----------
    found : Verification
        Of one scenario.
    tables : iterable of Table
        Of its verdicts.
    """
    name = escape(plain(found.scenario.file.name))
    body = "".join(table_html(table) for table in tables if table.rows)
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{name}: verification</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body><main>'
        f"<h1>{name}: verification</h1><p>{escape(counted(found))}</p>{body}"
        f"<p>Digest of the scenario: <code>{escape(found.scenario.digest)}</code></p></main></body></html>\n"
    )
