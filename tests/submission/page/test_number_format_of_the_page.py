"""The page prints numbers as netcea does, digit for digit, and adds up as NumPy does, bit for bit."""

import math

import numpy as np
import pytest

from helpers.chromium import Browser, needs_chromium
from helpers.submissions import submission_of
from netcea.decision.acceptability import acceptability_curves
from netcea.decision.incremental import compare, fully_incremental
from netcea.loading.load import load
from netcea.plain_number import read
from netcea.reporting.number_format import error_shown, fixed, icer, known, pounds, shown
from netcea.reporting.table import Icer
from netcea.submission.page.page import write_page

pytestmark = [pytest.mark.slow, needs_chromium]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "page.html"
    write_page(submission_of(load("pnet"), ("base_case",)), path)
    with Browser() as browser:
        yield browser.open(path)


def numbers():
    """Numbers of every size and sign, exact halves of every digit, ends of ranges."""
    rng = np.random.default_rng(7)
    found = (rng.choice([-1.0, 1.0], 6000) * 10.0 ** rng.uniform(-11, 17, 6000)).tolist()
    halves = [n / 2 for n in range(-41, 42)] + [n / 8 for n in range(-41, 42)] + [n / 16 for n in range(1000, 1100)]
    halves += [1234.5, 12345.5, 123450.0, 2.5e-3, 0.0625, 1e15, 1e15 - 0.5, 999999.5, 9999.995, 1e21, 1e22, 5e-10]
    powers = [10.0**k for k in range(-9, 17)] + [math.nextafter(10.0**k, 0.0) for k in range(-9, 17)]
    return [*found, *halves, *powers, 0.0, -0.0, -0.3, 0.1 + 0.2]


def said(page, function, *arguments):
    return page.evaluate(
        f"rows => rows.map(row => netcea.{function}(...row))", [list(row) for row in zip(*arguments, strict=True)]
    )


def test_numbers_read_alike(page):
    values = numbers()
    assert said(page, "pounds", values) == [pounds(v) for v in values]
    for decimals in (0, 1, 2, 3):
        assert said(page, "fixed", values, [decimals] * len(values)) == [fixed(v, decimals) for v in values]
    for digits in (3, 4, 6, 10):
        assert said(page, "read", values, [digits] * len(values)) == [read(v, digits) for v in values]
    for kind in ("pounds", "qalys", "years", "months", "percent", "count", "number", "weight"):
        assert said(page, "shown", values, [kind] * len(values)) == [shown(v, kind) for v in values]


def test_means_of_draws_read_alike(page):
    rng = np.random.default_rng(8)
    values = [v for v in numbers() if abs(v) < 1e15]
    errors = (10.0 ** rng.uniform(-8, 7, len(values))).tolist()
    errors[:6] = [0.0, 1000.0, 0.001, 1.0, 3.6e-14, 1.1e-18]
    for kind in ("pounds", "qalys"):
        kinds = [kind] * len(values)
        expected = [known(v, e, kind) for v, e in zip(values, errors, strict=True)]
        assert said(page, "known", values, errors, kinds) == expected
        assert said(page, "errorShown", errors, kinds) == [error_shown(e, kind) for e in errors]


def test_ratios_read_alike(page):
    cells = [
        Icer(20_000.4, ""),
        Icer(None, "dominated"),
        Icer(None, "extendedly dominated"),
        Icer(None, "dominant"),
        Icer(None, "equal"),
        Icer(30_000.0, "cost saved per QALY lost"),
        Icer(1_135_804.0, "", 68_388.0),
        Icer(5.0, "", math.inf),
    ]
    given = [{"value": c.value, "label": c.label} | ({} if c.error is None else {"error": c.error}) for c in cells]
    script = "rows => rows.map(r => netcea.icer(r.error === 'inf' ? {...r, error: Infinity} : r))"
    given[-1]["error"] = "inf"
    assert page.evaluate(script, given) == [icer(cell) for cell in cells]


@pytest.mark.parametrize("n", [1, 5, 7, 8, 9, 127, 128, 129, 1000, 10_000])
def test_sums_have_the_same_bits(page, n):
    values = np.random.default_rng(n).normal(80_000.0, 20_000.0, n)
    script = "v => { const x = Float64Array.from(v); return [netcea.sum(x), netcea.mean(x), netcea.deviation(x)] }"
    total, centre, spread = page.evaluate(script, values.tolist())
    assert total == float(values.sum())
    assert centre == float(values.mean())
    if n > 1:
        assert spread == pytest.approx(float(values.std(ddof=1)), rel=1e-14)
    quantiles = page.evaluate(
        "v => [0.025, 0.5, 0.975].map(p => netcea.quantile(Float64Array.from(v).sort(), p))", values.tolist()
    )
    assert quantiles == pytest.approx(np.quantile(values, [0.025, 0.5, 0.975]).tolist(), rel=1e-15)


def test_incremental_analysis_is_the_same(page):
    """Eight strategies, many of them equal in costs or QALYs: order, dominance, ICERs, what each is compared with."""
    rng = np.random.default_rng(5)
    names = list("abcdefgh")
    for _ in range(300):
        costs = (rng.integers(0, 6, 8) * 1000.0).tolist()
        qalys = (rng.integers(0, 6, 8) * 0.25).tolist()
        expected = [
            (row.strategy, row.versus, row.icer, row.label) for row in fully_incremental(names, costs, qalys, [1.0] * 8)
        ]
        rows = [
            {"name": n, "costs": c, "qalys": q, "lifeYears": 1.0} for n, c, q in zip(names, costs, qalys, strict=True)
        ]
        script = "r => netcea.fullyIncremental(r).map(x => [x.name, x.versus, x.icer && x.icer.value, x.icer ? x.icer.label : ''])"
        assert [tuple(row) for row in page.evaluate(script, rows)] == expected


def test_what_an_icer_is_called_is_the_same(page):
    sizes = [-10.0, -2e-6, -1e-6, -1e-9, 0.0, 1e-9, 2e-9, 1e-6, 2e-6, 10.0]
    pairs = [(c, q) for c in sizes for q in sizes]
    found = [(x["value"], x["label"]) for x in said(page, "compare", *zip(*pairs, strict=True))]
    assert found == [compare(c, q) for c, q in pairs]


def test_acceptability_is_the_same(page):
    """Draws of which many are equal in costs and QALYs: shares, the best on average, what perfect information is worth."""
    rng = np.random.default_rng(6)
    thresholds = np.union1d(np.linspace(0.0, 100_000.0, 101), [25_000.0, 35_000.0, 12_345.0])
    for strategies, draws, coarse in ((2, 400, False), (3, 300, True), (8, 200, True), (5, 500, False)):
        costs, qalys = rng.normal(60_000.0, 30_000.0, (strategies, draws)), rng.normal(2.0, 0.6, (strategies, draws))
        if coarse:
            costs, qalys = np.round(costs, -4), np.round(qalys, 0)
        expected = acceptability_curves(costs, qalys, thresholds)
        script = (
            "([c, q, t]) => netcea.acceptability(c.map(x => Float64Array.from(x)), q.map(x => Float64Array.from(x)), t)"
        )
        read_out = (
            f"given => {{ const f = ({script})(given); return [f.ceac.map(x => [...x]), f.optimal, [...f.evpi]] }}"
        )
        ceac, optimal, evpi = page.evaluate(read_out, [costs.tolist(), qalys.tolist(), thresholds.tolist()])
        assert np.allclose(ceac, expected.ceac, rtol=0.0, atol=1e-12)
        assert np.allclose(evpi, expected.evpi, rtol=1e-9, atol=1e-6)
        assert np.allclose(expected.expected_loss[optimal, range(len(thresholds))], expected.evpi, atol=1e-6)
    assert expected.ceac.max() < 1.0
