"""Other programs' models: equal to 1e-6 under the same conventions, and every difference of conventions explained."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.others_models import OTHERS
from validation import table
from validation.external import (
    DAMPACK,
    HEEMOD,
    HESIM,
    NAMES,
    closed_forms,
    dampack,
    defaults,
    heemod,
    hesim,
    integrals,
    steps,
    sums,
)
from validation.figure import TOLERANCE, Figure
from validation.models import Models

HERE = Path(__file__).resolve().parent
EXPLAINED = (HERE / "differences_explained.md").read_text(encoding="utf-8")


@pytest.fixture
def models(tmp_path):
    return Models(tmp_path)


def differing(figures):
    return [f"{f} {f.difference:.1e}" for f in figures if not f.agrees and not f.explained]


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize(("part", "each"), [(hesim, 135), (heemod, 45), (integrals, 42), (sums, 30)])
def test_other_programs_under_the_same_conventions(models, name, part, each):
    """`each`: figures of a strategy; totals of states come beside them."""
    found = list(part(models, name))
    assert not differing(found)
    assert len(found) == each * len(OTHERS[name]["params_months"]) + (2 if part is heemod else 0)
    assert all(f.explained in ("", "10") for f in found)
    assert sum(bool(f.explained) for f in found) == (part is heemod and "crossing" in NAMES[name])
    if part is not integrals:  # the same sums: equal to rounding
        assert max(abs(f.difference) for f in found if not f.explained and "rmst" not in f.convention) < 1e-13


def test_closed_forms(models):
    found = list(closed_forms(models))
    assert len(found) == 3 * (2 * 5 + 1)
    assert not differing(found)


def test_icers_of_dampack():
    found = list(dampack())
    assert not differing(found)
    assert len(found) == 2 * sum(len(x["result"]["Status"]) for name, x in DAMPACK.items() if name != "source")


def test_a_difference_is_seen():
    """Conventions that are not theirs, an ICER where they have none, and a millionth and a half."""
    equal = Figure("a", "b", "c", "d", "e", theirs=2.0, ours=2.0 * (1 + 0.9 * TOLERANCE))
    assert equal.agrees
    nothing = float("nan")
    assert replace(equal, theirs=nothing, ours=nothing).agrees
    for changes in ({"ours": 2.0 * (1 + 1.5 * TOLERANCE)}, {"theirs": nothing}, {"ours": nothing}, {"theirs": 0.0}):
        assert not replace(equal, **changes).agrees
        assert "DIFFERS" in table.totals([replace(equal, **changes)])


@pytest.mark.parametrize(
    "wrong",
    [
        {"crossing": "cap_pfs"},
        {"half_cycle_correction": "end"},
        {"discounting": "mid_cycle"},
        {"discounting": "annual"},
    ],
    ids=str,
)
def test_a_wrong_convention_is_seen(models, wrong, monkeypatch):
    """Each setting matters: with another one, most of heemod's or hesim's totals differ."""
    name, run = "C_gompertz_crossing_3strategies", Models.run
    monkeypatch.setattr(
        Models, "run", lambda self, case, rate=0.0, **settings: run(self, case, rate, **settings | wrong)
    )
    assert len(differing(heemod(models, name))) > 20


@pytest.mark.parametrize(("program", "short"), [(HESIM, "hesim"), (HEEMOD, "heemod")])
def test_differences_of_conventions_are_explained(models, program, short):
    """The file has each program's number, each step, and netcea's, as they are now; steps end where netcea begins."""
    for name, said in NAMES.items():
        shown = {f.strategy: f for f in defaults(models, name) if f.program == program and f.measure == "QALYs"}
        for strategy, values in steps(models, name, program).items():
            row = re.search(rf"^\| {short}, {said}, {strategy} \|(.*)\|$", EXPLAINED, re.MULTILINE)
            *cells, section = [cell.strip() for cell in row.group(1).split("|")]
            assert cells == [f"{value:.5f}" for value in values]
            figure = shown[strategy]
            assert (figure.theirs, figure.ours) == pytest.approx((values[0], values[-1]), rel=1e-12)
            assert section == figure.explained
            assert re.search(rf"^## {section}\. ", EXPLAINED, re.MULTILINE)


@pytest.mark.slow
def test_one_command_prints_the_table(tmp_path):
    """With exit code 0, every figure in a CSV, and a sentence on what is matched."""
    file = tmp_path / "figures.csv"
    command = [sys.executable, str(HERE), "--csv", str(file)]
    found = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    counted = re.search(r"(\d+) figures of matched conventions: 0 differ by more than 1e-06", found.stdout)
    assert int(counted.group(1)) == sum(row["verdict"] == "equal" for row in rows)
    assert {row["verdict"] for row in rows} == {"equal", "see 9", "see 10"}
    for heading in ("hesim 0.5.6: Weibull", "heemod 1.1.0: Gompertz, crossing", "closed form", "dampack 1.0.2"):
        assert heading in found.stdout
