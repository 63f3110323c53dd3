"""Which faults are found, and by what: loading, `netcea check`, `netcea verify`, or nothing.

`python tests/seeded_errors` prints the table. A fault is found by `check` where it has an error or a warning, or an
element of the reference case stands otherwise, that the whole project has not; by `verify` where a test fails, or is
explained, that passes there.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.malformed_project import copy_project
from netcea.checking.report import check_scenario
from netcea.errors import InputError, ModelError
from netcea.loading.load import load
from netcea.verification.verdict import TESTS
from netcea.verification.verify import to_be_verified, verdict_of, verify
from seeded_errors.faults import BASE, Fault
from seeded_errors.faults_in_code import CODE, METHODS, put, put_method

DRAWS = 400


@dataclass(frozen=True)
class Outcome:
    """What found a fault."""

    fault: str
    kind: str
    loading: bool = False
    check: bool = False
    verify: bool = False
    words: str = ""

    @property
    def found(self) -> bool:
        return self.loading or self.check or self.verify


@dataclass(frozen=True)
class Whole:
    """What is said of the project without a fault."""

    findings: frozenset[tuple[str, str]]
    reference_case: frozenset[tuple[str, str]]
    verdicts: dict[str, str]


def said_by_check(scenario: str) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
    report = check_scenario(scenario)
    findings = frozenset((f.rule, f.address) for f in report.findings if f.level in ("error", "warning"))
    return findings, frozenset((row.rule, row.state) for row in report.reference_case)


def whole(folder: Path) -> Whole:
    name = str(folder / BASE)
    findings, reference_case = said_by_check(name)
    return Whole(findings, reference_case, {v.test: v.outcome for v in verify(name, draws=DRAWS).verdicts})


def by_verify(name: str, before: Whole) -> str:
    """The first test that fails where it passes without the fault; or that is explained, where none fails."""
    explained = ""
    try:
        here = to_be_verified(name, draws=DRAWS)
        for verdict in (verdict_of(test, here) for test in TESTS):
            earlier = before.verdicts.get(verdict.test)
            if verdict.outcome == "fail" and earlier != "fail":
                return f"{verdict.test}: {verdict.found}"
            if verdict.outcome == "explained" and earlier not in ("explained", "fail"):
                explained = explained or f"{verdict.test}: {verdict.found}"
    except ModelError as error:
        return f"model error: {error}"
    return explained


def outcome_of(fault: Fault, before: Whole, *, both: bool) -> Outcome:
    with tempfile.TemporaryDirectory() as scratch:
        folder = copy_project(Path(scratch) / "project")
        fault.put(folder)
        name = str(folder / BASE)
        try:
            load(name)
        except InputError as error:
            return Outcome(fault.name, fault.kind, loading=True, words=str(error.problems[0]))
        try:
            findings, reference_case = said_by_check(name)
        except InputError as error:
            return Outcome(fault.name, fault.kind, check=True, words=str(error.problems[0]))
        new = sorted(findings - before.findings) + sorted(reference_case - before.reference_case)
        verified = by_verify(name, before) if both or not new else ""
        return Outcome(fault.name, fault.kind, check=bool(new), verify=bool(verified), words=f"{new[:1]} {verified}")


def code_outcomes(before: Whole, name: str) -> Iterator[Outcome]:
    for fault in CODE:
        with put(fault):
            words = by_verify(name, before)
        yield Outcome(fault.name, "code", verify=bool(words), words=words)
    for method in METHODS:
        with put_method(method):
            words = by_verify(name, before)
        yield Outcome(method.name, "code", verify=bool(words), words=words)


def outcomes(faults: Sequence[Fault], *, code: bool = True, both: bool = True) -> Iterator[Outcome]:
    """Yield what found each fault; without `both`, `verify` is asked only where `check` found nothing."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = copy_project(Path(scratch) / "project")
        before = whole(folder)
        for fault in faults:
            yield outcome_of(fault, before, both=both)
        if code:
            yield from code_outcomes(before, str(folder / BASE))


def table(found: Sequence[Outcome]) -> str:
    """A line for each class: faults, and the share found by loading, by check, by verify, by none."""
    lines = [f"{'class':22} {'faults':>6} {'loading':>8} {'check':>8} {'verify':>8} {'none':>8}"]
    kinds = list(dict.fromkeys(o.kind for o in found))
    for kind in (*kinds, "all"):
        mine = [o for o in found if kind in (o.kind, "all")]
        shares = [sum(getattr(o, what) for o in mine) / len(mine) for what in ("loading", "check", "verify")]
        none = sum(not o.found for o in mine) / len(mine)
        lines.append(f"{kind:22} {len(mine):6} " + " ".join(f"{share:8.0%}" for share in (*shares, none)))
    return "\n".join(lines)


def libreoffice_is_left_out() -> None:
    """Faults are not in the spreadsheet program: it is not asked each time."""
    from netcea.verification import independent

    independent.shutil = type("NoProgram", (), {"which": staticmethod(lambda name: None), "rmtree": shutil.rmtree})  # type: ignore[assignment]
