from __future__ import annotations

import io
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from netcea.analyses.base_case.analysis import BaseCase
from netcea.analyses.base_case.combined import combined_view
from netcea.analyses.base_case.screen import severity_words
from netcea.analyses.base_case.screen_evidence import ledger_table
from netcea.reporting.screen import rendered_reports, rich_table, show_reports


@pytest.fixture(scope="module")
def both(real):
    """Two populations whose weights add up to 1."""
    address = real.scenario.file.population.combined_view_weight
    weight = real.scenario.quantities[address]
    other = weight.model_copy(update={"value": 1.0 - weight.value})
    scenario = replace(real.scenario, quantities={**real.scenario.quantities, address: other})
    return real, replace(real, scenario=scenario)


def rendered(results, width=100, *, colour=False):
    reports = [result.report for result in results]
    return rendered_reports(reports, BaseCase().together(results), width, colour=colour)


def show_base_cases(results, file=None, width=None):
    show_reports([result.report for result in results], BaseCase().together(results), file, width)


def widest(text: str) -> int:
    return max(map(len, text.splitlines()))


@pytest.mark.parametrize("width", [80, 100])
def test_nothing_is_wider_than_the_screen_or_cut(real, any_case, width):
    for result in (real, any_case):
        text = rendered([result], width)
        assert widest(text) <= width
        assert "…" not in text
        assert "\x1b" not in text
        assert not re.search(r"[0-9]\.[0-9]{6,}", text)


def test_no_negative_icer_and_no_minus_nothing(any_case):
    text = rendered([any_case])
    assert not re.search(r"-0\.0+\b(?!\d)", text)
    assert "-£0" not in text
    icers = [line for line in text.splitlines() if "per QALY" in line and "-£" in line]
    assert not icers


def test_results_read_at_a_glance(real):
    text = rendered([real], 80)
    row = real.case.against_comparator()
    assert f"£{row.incremental_costs:,.0f}" in text
    assert f"{row.incremental_qalys:.3f}" in text
    assert f"£{row.icer:,.0f}" in text
    assert real.case.digest[:12] in text
    assert real.case.source in text
    for case in real.beside:
        assert case.name.split()[0] in text
    assert f"{real.case.nhb(25_000.0):.3f}" in text


def test_severity_is_said_in_words(made):
    words = severity_words(made({"drug": (50_000.0, 2.0), "care": (20_000.0, 1.5)}).case)
    assert words.startswith("Weight 1.2: absolute shortfall 10.500 of 12.000 QALYs")
    assert "the proportional one 2.5 percentage points above its own" in words
    assert "the weight is higher at 0.600 or fewer; the weight is lower above 1.800." in words


def test_warnings_with_addresses_and_hostile_text(with_warning):
    text = rendered([with_warning], 100)
    assert r"@SUM(1): +1+1\x1b[31m" in text
    assert "\x1b" not in text


def test_limits_that_bind_say_what_they_moved(made):
    text = " ".join(rendered([made({"drug": (5e4, 2.0), "care": (2e4, 1.5)})], 100).split())
    assert (
        "PFS capped at OS in 3 cycles (0.6%), first at 0.5 years; it moves 0.010 life years, 0.020 QALYs, £1,234"
        in text
    )
    assert "it moves 0.000 life years, 0.000 QALYs, £0" in text


@pytest.mark.parametrize(("encoding", "pounds"), [("ascii", "GBP "), ("cp1252", "£"), ("utf-8", "£"), ("cp437", "£")])
def test_a_file_without_the_pound_sign_gets_gbp(real, encoding, pounds):
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    show_base_cases([real], file, 80)
    file.flush()
    text = raw.getvalue().decode(encoding)
    assert f"{pounds}{real.case.pairwise[0].icer:,.0f}" in text
    assert "?" not in text


def test_the_whole_ledger_can_be_printed(made):
    from rich.console import Console

    out = io.StringIO()
    Console(file=out, width=150).print(rich_table(ledger_table(made({"drug": (5e4, 2.0), "care": (2e4, 1.5)}))))
    text = " ".join(out.getvalue().split())
    for word in ("price halved", "£21,000", "-£4,000", "0.300", "(dominated)", "found x;", "Untested."):
        assert word in text


def test_populations_together_are_weighted(both):
    view = combined_view(both)
    assert view is not None
    row = both[0].case.against_comparator()
    assert view.row.incremental_costs == pytest.approx(row.incremental_costs)
    assert view.row.icer == pytest.approx(row.icer)
    assert sum(weight for _, weight in view.weights) == pytest.approx(1.0)
    assert [b.incremental_nhb for b in view.net_benefit] == pytest.approx([both[0].case.nhb(t) for t in (25e3, 35e3)])
    assert "Weighted view" in rendered(both, 80)
    assert widest(rendered(both, 80)) <= 80


def test_each_population_keeps_its_severity_weight(both):
    one, other = both
    heavy = replace(other, case=replace(other.case, severity=replace(other.case.severity, severity_weight=1.7)))
    view = combined_view([one, heavy])
    share = view.weights[1][1]
    qalys = one.case.against_comparator().incremental_qalys
    assert view.weighted_row.incremental_qalys == pytest.approx((1 + 0.7 * share) * qalys)
    assert view.row.incremental_qalys == pytest.approx(qalys)


def test_populations_that_do_not_belong_together_stay_apart(real, both):
    assert combined_view([real]) is None
    assert combined_view([real, real]) is None
    other = replace(both[1], case=replace(both[1].case, comparator="cabozantinib"))
    assert combined_view([real, other]) is None


def test_importing_the_screen_loads_neither_rich_nor_pandas():
    code = "import sys, netcea.analyses.base_case.screen; print([m for m in ('rich', 'pandas', 'openpyxl') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_warning_of_a_scenario_shown_with_the_base_case_names_it(real):
    text = " ".join(rendered([real], 100).split())
    assert "in 'pNET: everything from the FDA cut" in text
    assert "in 'pNET base case'" not in text
