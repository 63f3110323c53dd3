"""What the benchmark makes of its samples: calibration, ratios, verdicts, comparison. No test is timed."""

import doctest
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks import __main__ as command
from benchmarks import calibration, cases, compare, elsewhere, processes, record, side_by_side, table, work
from benchmarks.calibration import REFERENCE, calibrated
from benchmarks.case import CannotRunError, Found
from benchmarks.processes import DidNotWorkError, environment, spent
from benchmarks.row import Row, spread
from helpers import plain, workload

CASE = cases.CASES[0]
ROOT = Path(__file__).resolve().parents[1]
ROW = Row(
    "Engine",
    "simulate",
    "us a row",
    2.0,
    "bare",
    (30.0, 36.0, 33.0),
    {"bare": (10.0, 18.0, 15.0), "at once": (60.0, 60.0, 60.0)},
)
ABOUT = {
    "date": "2026-11-29T00:00:00+00:00",
    "commit": "abc",
    "machine": {"system": "Linux x86_64", "processor": "P", "processors": 2, "simd": [], "avx512": False},
    "python": "3.11.7",
    "numpy": "2.4",
    "scipy": "1.17",
    "numba": "",
    "reference_loop_seconds": REFERENCE,
    "seconds": "CPU",
}


@pytest.mark.parametrize("module", [table, compare])
def test_examples_in_docstrings(module):
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed


def test_seconds_that_others_took_stand_beside_ours_uncalibrated():
    """Calibrated 0.1 s on a machine of half the speed were 0.2 s: 0.2 / 1.953 of flexsurv's."""
    own = replace(ROW, name="maximum likelihood, 300 patients, families and splines", samples=(0.1,), peers={})
    found = [line for line in elsewhere.lines([replace(own, loops=(2 * REFERENCE,))]) if "; here" in line]
    assert len(found) == 1
    assert found[0].endswith("1.95 s; here 0.2 s, 0.10 x")
    assert not [line for line in elsewhere.lines([own]) if "; here" in line]


def test_a_machine_of_half_the_speed_has_the_same_calibrated_seconds():
    assert calibrated(3.0, (REFERENCE, REFERENCE)) == pytest.approx(3.0)
    assert calibrated(6.0, (2 * REFERENCE, 2 * REFERENCE)) == pytest.approx(3.0)
    assert calibrated(4.5, (REFERENCE, 2 * REFERENCE)) == pytest.approx(3.0)


def test_the_fixed_loop_does_the_same_each_time(monkeypatch):
    monkeypatch.setattr(calibration, "STEPS", 2048)
    monkeypatch.setattr(calibration, "PASSES", 1)
    exponentials = 131_072  # exp(0)
    python = sum(1.5 * abs(place - 512) for place in range(1024))  # (1 + 1/2) |place - 512|: two turns
    assert calibration.fixed_loop() == pytest.approx(python + exponentials)


def test_a_ratio_is_the_median_of_pairs_not_the_ratio_of_medians():
    assert ROW.ratios("bare") == pytest.approx((3.0, 2.0, 2.2))
    assert ROW.ratio("bare") == pytest.approx(2.2)
    assert ROW.measured / 15.0 == pytest.approx(2.2)
    uneven = replace(ROW, samples=(10.0, 20.0, 40.0), peers={"bare": (20.0, 10.0, 10.0)})
    assert uneven.ratio("bare") == 2.0


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (ROW, "missed by 1.10 x"),
        (replace(ROW, limit=2.2), "reached"),
        (replace(ROW, limit=33.0, against=""), "reached"),
        (replace(ROW, limit=30.0, against=""), "missed by 1.10 x"),
        (replace(ROW, limit=None), ""),
        (replace(ROW, samples=(), fault="exit code 2"), "FAULT: exit code 2"),
        (replace(ROW, samples=(), skipped="LibreOffice is not installed"), "not run: LibreOffice is not installed"),
    ],
)
def test_verdicts(row, verdict):
    assert row.verdict() == verdict


def test_the_spread_is_the_range_over_the_median():
    assert spread((9.0, 10.0, 12.0)) == pytest.approx(0.3)
    assert spread((5.0,)) == 0.0


def test_the_limit_and_the_verdict_stand_where_they_belong():
    own, bare, at_once = table.lines_of(ROW)
    assert "33.0 us a row" in own
    assert "missed" not in own
    assert bare.endswith("2.20       2  missed by 1.10 x")
    assert at_once.endswith("0.55")
    (judged_alone,) = table.lines_of(replace(ROW, peers={}, against="", limit=40.0))
    assert judged_alone.endswith("40  reached")


def test_faults_and_what_was_not_run_are_said_at_the_end_too():
    rows = [
        ROW,
        replace(ROW, name="psa", samples=(), fault="exit code 2"),
        replace(ROW, name="x", samples=(), skipped="no R"),
    ]
    said = list(table.closing(rows))
    assert "0 of 1 limits reached." in said
    assert "  FAULT, nothing measured: psa (exit code 2)" in said
    assert "  not run: x (no R)" in said


@pytest.mark.parametrize(("loops", "busy"), [((0.1, 0.1, 0.11), False), ((0.1, 0.1, 0.2), True)])
def test_a_busy_machine_shows(loops, busy):
    assert any(line.startswith("!!") for line in table.closing([replace(ROW, loops=loops)])) == busy


def test_a_record_is_read_as_it_was_written(tmp_path):
    written = record.Record(record.about(), (ROW, replace(ROW, name="other", peers={}, against="", loops=(0.1,))))
    written.write(tmp_path / "a.json")
    assert record.read(tmp_path / "a.json") == written
    assert {"commit", "machine", "numpy", "python", "reference_loop_seconds"} <= set(written.about)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 99}', '{"format": 1, "about": {}, "rows": [{"a": 1}]}'])
def test_what_is_no_record_is_refused(tmp_path, text):
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(record.NotARecordError, match=r"a\.json"):
        record.read(tmp_path / "a.json")


def compared(a, b, **about):
    return list(compare.lines(record.Record(ABOUT, (a,)), record.Record({**ABOUT, **about}, (b,))))


def test_two_runs_side_by_side():
    quicker = replace(ROW, samples=(15.0, 18.0, 16.5))
    said = "\n".join(compared(ROW, quicker))
    assert "0.500" in said
    assert "less" in said
    assert "!!" not in said


def test_a_comparison_says_what_it_cannot_compare():
    assert any(
        "Not the same machine" in line for line in compared(ROW, ROW, machine={**ABOUT["machine"], "avx512": True})
    )
    assert any("different units" in line for line in compared(ROW, ROW, reference_loop_seconds=1.0))
    assert any("only in A" in line for line in compared(ROW, replace(ROW, name="new")))
    assert any("only in B" in line for line in compared(ROW, replace(ROW, name="new")))
    assert any("B: FAULT: gone" in line for line in compared(ROW, replace(ROW, samples=(), fault="gone")))


def test_rounds_measure_each_side_once_a_round_after_one_that_does_not_count(monkeypatch):
    monkeypatch.setattr(side_by_side, "loop_seconds", lambda: REFERENCE)
    done = []
    sides = side_by_side.Sides(lambda: done.append("own"), {"peer": lambda: done.append("peer")}, 1e6)
    found = side_by_side.rounds(sides, 2)
    assert done == ["own", "peer"] * 3
    assert len(found["samples"]) == len(found["peers"]["peer"]) == len(found["loops"]) == 2


def test_cpu_seconds_are_those_of_children_too():
    work_of_a_child = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(3_000_000))'])"
    alone = spent([sys.executable, "-c", "pass"], environment())
    both = spent([sys.executable, "-c", work_of_a_child], environment())
    assert both.cpu > alone.cpu
    if processes.TELLS_CPU:
        assert alone.peak > 1.0


@pytest.mark.parametrize("command", [[sys.executable, "-c", "raise SystemExit('no such thing')"], ["no-such-command"]])
def test_a_command_that_fails_is_a_fault(command):
    with pytest.raises(DidNotWorkError, match=r"no such thing|no-such-command"):
        spent(command, environment())


def test_every_case_has_a_name_of_its_own():
    names = [case.name for case in cases.CASES]
    assert len(names) == len(set(names))


def test_the_peer_with_generalised_gamma_curves_computes_the_same(tmp_path):
    from netcea.engine.simulate import simulate

    coefficients = workload.made_generalised_gammas(20)
    scenario = workload.generalised_gamma_scenario(tmp_path)
    found = workload.outputs(simulate(scenario, workload.draws(scenario, coefficients)))
    expected = plain.by_own_rules(coefficients, 8, survival=plain.generalised_gamma)
    for strategy, columns in expected.items():
        for name, column in columns.items():
            np.testing.assert_allclose(found[strategy][name], column, 1e-9, 0, err_msg=f"{strategy} {name}")


@pytest.mark.parametrize("family", work.BARE)
def test_bare_survival_functions_compute_the_same(family):
    from netcea.survival.distributions import distribution

    values = {name: np.array([[mean]]) for name, (mean, _) in work.PARAMETERS[family].items()}
    t = np.array([0.1, 1.0, 5.0])
    expected = np.exp(-distribution(family).cumulative_hazard(t, values))
    np.testing.assert_allclose(work.BARE[family](t, **values), expected, 1e-12)


def test_the_power_by_logarithms_is_the_power():
    t = np.array([0.0, 0.1, 5.0])
    np.testing.assert_allclose(work.weibull_by_logarithms(t, 1.3, 2.0), work.BARE["weibull"](t, 1.3, 2.0), 1e-13)


def test_one_command_prints_one_row_and_writes_it(tmp_path):
    words = [sys.executable, "tests/benchmarks", "--quick", "--only", "--help", "--json", str(tmp_path / "a.json")]
    found = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert "--help" in found.stdout
    (row,) = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["rows"]
    assert row["limit"] == 0.06
    assert len(row["samples"]) == len(row["loops"]) == 1


def run(*arguments):
    return CliRunner().invoke(command.main, arguments)


def test_a_name_that_nothing_has_is_refused_with_the_names():
    found = run("--only", "no such row")
    assert found.exit_code == 2
    assert "no such row" in found.output
    assert cases.CASES[0].name in found.output


def test_what_takes_minutes_is_measured_only_when_everything_is_asked_for(monkeypatch):
    case = next(case for case in cases.CASES if "1,000,000" in case.name)
    monkeypatch.setattr(command, "CASES", (replace(case, measure=lambda here: Found((40.0,))),))
    assert "takes minutes: --all measures it" in run().output
    assert "takes minutes" in run("--only", "1,000,000").output
    found = run("--all", "--only", "1,000,000")
    assert "40.0" in found.output
    assert "reached" in found.output


def test_a_comparison_measures_nothing(tmp_path):
    record.Record(ABOUT, (ROW,)).write(tmp_path / "a.json")
    both = ("--compare", str(tmp_path / "a.json"), str(tmp_path / "a.json"))
    found = run(*both)
    assert found.exit_code == 0
    assert "1.000" in found.output
    assert run(*both, "--quick").exit_code == 2


def raising(fault):
    def measure(here):
        raise fault

    return measure


@pytest.mark.parametrize(
    ("measure", "code", "words"),
    [
        (
            raising(DidNotWorkError("exit code 2: No such command 'psa'.")),
            1,
            "FAULT: exit code 2: No such command 'psa'.",
        ),
        (raising(CannotRunError("LibreOffice is not installed")), 0, "not run: LibreOffice is not installed"),
        (lambda here: Found((9.0,), {CASE.against: (1.0,)}), 0, "missed by 4.50 x"),
        (lambda here: Found((9.0,)), 1, "no peer is called"),
    ],
)
def test_faults_are_said_and_are_the_exit_code_and_slowness_is_not(monkeypatch, measure, code, words):
    monkeypatch.setattr(command, "CASES", (replace(CASE, measure=measure),))
    found = run()
    assert found.exit_code == code
    assert words in found.output
