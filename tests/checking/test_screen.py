"""The text of `netcea check`: the verdict first, then what needs a decision; the rest is counted until asked for."""

from __future__ import annotations

import json

import pytest

from netcea.checking.findings import CheckReport, Finding, ReferenceCaseRow
from netcea.checking.screen import KINDS, MOST, WIDTH, render, verdict

ERROR = Finding("error", "unverified", "costs.unit.ct", "inputs/costs.yaml", 3, "1 GBP: unverified")
NOTES = tuple(Finding("note", "unused", f"a.{i}", "inputs/a.yaml", i, "no scenario uses it") for i in range(95))
MET = ReferenceCaseRow("RC3", "Outcomes", "aligned", "health effects")
MISSING = ReferenceCaseRow("RC7", "Synthesis", "missing", "single trials")
REASON = ReferenceCaseRow("RC2", "Comparators", "justified deviation", "each with a reason")
NO_REASON = ReferenceCaseRow("RC13", "Discounting", "unjustified deviation", "costs 1.5%")


def warnings(count):
    return tuple(Finding("warning", "implausible", f"x.{i}", "inputs/x.yaml", i, "odd") for i in range(count))


def report(findings=(), rows=(MET,)):
    return CheckReport("A case", "scenarios/a.yaml", "inputs", "0123456789abcdef", tuple(findings), tuple(rows))


@pytest.mark.parametrize(
    ("findings", "rows", "head"),
    [
        ((), (MET, REASON), "passed: 0 errors, 0 warnings; of the reference case no unjustified departure"),
        (warnings(1), (MET,), "passed: 0 errors, 1 warning;"),
        ((), (MET, MISSING), "NOT COMPLETE: 0 errors, 0 warnings; of the reference case missing RC7, no"),
        ((), (MET, NO_REASON), "NOT COMPLETE: 0 errors, 0 warnings; of the reference case departs without a reason"),
        ((ERROR,), (MET,), "FAILED: 1 error,"),
        ((ERROR,), (MISSING,), "FAILED: 1 error,"),
    ],
)
def test_passed_is_said_only_where_nothing_failed_is_missing_or_departs_without_a_reason(findings, rows, head):
    assert verdict(report(findings, rows)).startswith(head)


def test_what_matters_comes_first_and_the_rest_is_counted():
    text = render([report((*NOTES, *warnings(1), ERROR), (MET, REASON, MISSING, NO_REASON))])
    order = ["FAILED", "costs.unit.ct", "x.0", "RC13    ", "RC7     ", "RC2     ", "  95  numbers and sources"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "a.17" not in text
    assert "RC3 " not in text
    assert "1 of 4 elements are aligned: RC3" in text
    assert len(text.splitlines()) < 30


def test_all_lists_every_finding_and_every_element():
    text = render([report((*NOTES, *warnings(30), ERROR), (MET, MISSING))], everything=True)
    assert all(f"  {f.file}:{f.line}  {f.address}\n" in text for f in NOTES[1:])
    assert "x.29" in text
    assert "RC3     aligned" in text
    assert "--all" not in text


def test_many_warnings_of_a_kind_are_counted_from_the_eleventh_on():
    text = render([report(warnings(MOST + 5))])
    assert f"x.{MOST - 1}\n" in text
    assert f"x.{MOST}\n" not in text
    assert "and 5 more (--all lists them)" in text


def test_quiet_is_the_verdict_and_the_errors():
    text = render([report((*NOTES, *warnings(1), ERROR), (MISSING,))], quiet=True)
    assert "costs.unit.ct" in text
    assert "x.0" not in text
    assert "RC7  " not in text


def test_json_has_everything_whatever_is_asked_of_the_text():
    made = report((*NOTES, *warnings(30), ERROR), (MET, MISSING))
    for options in ({}, {"everything": True}, {"quiet": True}):
        (found,) = json.loads(render([made], as_json=True, **options))
        assert len(found["findings"]) == len(made.findings)
        assert [row["rule"] for row in found["reference_case"]] == ["RC3", "RC7"]


def test_every_kind_of_finding_has_words_and_no_line_is_wide():
    findings = [
        Finding(level, rule, "an.address", "a.yaml", 1, "word " * 60) for rule in KINDS for level in ("warning", "note")
    ]
    for everything in (False, True):
        text = render([report(findings, (MET, MISSING))], everything=everything)
        assert max(map(len, text.splitlines())) <= WIDTH
        assert all(kind.counted in text or everything or kind.listed for kind in KINDS.values())
