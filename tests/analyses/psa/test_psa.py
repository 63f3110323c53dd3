"""The probabilistic analysis: the same bytes however it is cut, rows brought from outside, what is checked and explained."""

from __future__ import annotations

import csv
import gzip
import json
import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from click.testing import CliRunner

from helpers.sample_of import mostly_slow
from helpers.small_project import Number, choices, exponential, loaded
from netcea import load
from netcea.analyses.psa import analysis as probabilistic
from netcea.analyses.psa.contributions import _with_mean
from netcea.analyses.psa.external_rows import external_columns
from netcea.analyses.registry import ANALYSES
from netcea.analyses.saved import read_result
from netcea.analyses.shared.draw_columns import published
from netcea.analyses.shared.one_source import _curves_moved, _stacked, rows_of_source, simulated
from netcea.analyses.shared.totals import totals_of
from netcea.cli.main import main
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import simulate
from netcea.errors import InputError
from netcea.reporting.csv_tables import table_bytes
from netcea.reporting.number_format import known, shown
from netcea.reporting.report import write_report
from netcea.sampling.sampler import Sampler
from netcea.sampling.sources import sources_of
from netcea.scenario.options import PsaOptions
from netcea.storage.draws_file import read_columns

PSA = ANALYSES["psa"]
HAZARD_RATIO = "survival.cabinet_pnet.os_nejm.hazard_ratio"
COMPARATORS = "pnet_comparators"
SHAPE = "survival.cabinet_pnet.pfs_nejm.weibull.shape"


def options(**changes):
    return PsaOptions(**{"draws": 300, "keep_draws": "csv", **changes})


@cache
def pnet():
    return load("pnet")


@cache
def result(name="pnet", draws=2000, **changes):
    return PSA.run(load(name), options(draws=draws, **changes))


def written(folder, found):
    write_report(PSA.report(found), folder, figures=False)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def psa(*arguments):
    return CliRunner().invoke(main, ["psa", *map(str, arguments)])


def draws_in(folder):
    with gzip.open(folder / "draws.csv.gz", "rt", encoding="utf-8", newline="") as file:
        names, *rows = list(csv.reader(file))
    return {name: np.array([float(row[i]) for row in rows]) for i, name in enumerate(names)}


# ------------------------------------------------------------------------------------------------ the same bytes


@pytest.mark.parametrize(
    "changes", [{}, *(pytest.param(c, marks=pytest.mark.slow) for c in ({"sampling": "sobol"}, {"bcea": True}))]
)
def test_any_number_of_workers_writes_the_same_bytes(tmp_path, changes):
    asked = options(draws=5000, explain=False, **changes)
    alone, together = (written(tmp_path / f"{n}", PSA.run(pnet(), asked, workers=n)) for n in (1, 3))
    assert "draws.csv.gz" in alone
    assert alone == together


@pytest.mark.parametrize("chunk", [pytest.param(1, marks=pytest.mark.slow), 77, 1000])
def test_any_cut_of_the_draws_gives_the_same_numbers(tmp_path, monkeypatch, chunk):
    """Parts have a fixed size, so bytes of the file are fixed; its rows do not depend on that size either."""
    written(tmp_path / "whole", PSA.run(pnet(), options(explain=False)))
    monkeypatch.setattr(probabilistic, "CHUNK", chunk)
    written(tmp_path / "cut", PSA.run(pnet(), options(explain=False)))
    whole, cut = draws_in(tmp_path / "whole"), draws_in(tmp_path / "cut")
    assert list(whole) == list(cut)
    assert all(np.array_equal(whole[name], cut[name]) for name in whole)


def test_fewer_draws_are_the_first_of_more():
    few, many = result(draws=300), result()
    assert np.array_equal(many.totals.costs[:, :300], few.totals.costs)
    assert np.array_equal(many.totals.qalys[:, :300], few.totals.qalys)


def test_another_seed_gives_other_draws():
    one, two = result(draws=300), result(draws=300, seed=2)
    assert not np.any(one.totals.costs == two.totals.costs)


def test_the_engine_is_that_of_the_base_case():
    found = result(draws=300)
    outcomes = simulate(pnet(), Sampler(pnet(), 1).rows(0, 300))
    assert np.array_equal(found.totals.costs, outcomes.totals("costs"))
    assert np.array_equal(found.totals.qalys, outcomes.totals("qalys"))
    still = simulate(pnet(), base_case(pnet()))
    assert np.array_equal(found.deterministic.costs, still.totals("costs"))


# ------------------------------------------------------------------------------------------------ what is shown


def test_means_are_shown_to_the_digits_that_their_errors_leave():
    found = result(draws=2000)
    table = next(t for t in PSA.report(found).tables if t.name == "summary")
    shown = {row[0]: row[2:4] for row in table.rows}
    costs, icer = found.intervals["", "incremental_costs"], shown["ICER (£/QALY)"]
    assert shown["Incremental costs (£)"] == (f"£{round(costs.mean, -2):,.0f}", f"£{round(costs.mcse, -1):.0f}")
    assert icer[0].endswith("00,000")  # hundreds of thousands are what an error above 100,000 leaves
    assert icer[1] == f"£{float(f'{found.icer_mcse:.2g}'):,.0f}"
    saved = PSA.report(found).record.icer
    assert (saved.icer, saved.mcse) == (costs.mean / found.intervals["", "incremental_qalys"].mean, found.icer_mcse)


def test_an_icer_that_the_draws_do_not_tell_is_not_shown():
    found = result(draws=50)
    assert found.icer_mcse == math.inf
    report = PSA.report(found)
    table = next(t for t in report.tables if t.name == "summary")
    at = table.column("measure").index("ICER (£/QALY)")
    assert table.column("probabilistic")[at] == "not known from so few draws"
    assert any("50 draws tell neither the ICER" in line for line in report.lines)


@pytest.mark.parametrize("name", ["pnet", "epnet", "pnet_comparators"])
def test_intervals_and_probabilities_are_those_of_the_draws(name):
    found = result(name)
    t, n = found.totals, 2000
    gain, cost = t.increment("qalys"), t.increment("costs")
    i = found.intervals["", "incremental_qalys"]
    assert (i.mean, i.low, i.high) == pytest.approx((gain.mean(), *np.quantile(gain, [0.025, 0.975])), rel=1e-12)
    assert i.mcse == pytest.approx(gain.std(ddof=1) / math.sqrt(n), rel=1e-12)
    ratio = cost.mean() / gain.mean()
    assert found.icer_mcse == pytest.approx(np.std(cost - ratio * gain, ddof=1) / math.sqrt(n) / gain.mean(), rel=1e-12)
    for threshold in (25_000.0, 35_000.0):
        benefit = t.qalys * threshold - t.costs
        best = np.array(t.strategies)[np.argmax(benefit, axis=0)]
        for strategy in t.strategies:
            p = found.probability_cost_effective[strategy, threshold, False]
            assert p == np.mean(best == strategy)
        nhb = found.intervals["", f"incremental_nhb_{threshold:.0f}"]
        assert nhb.mean == pytest.approx(gain.mean() - cost.mean() / threshold, rel=1e-12)
        at = list(found.curves.thresholds).index(threshold)
        perfect = benefit.max(axis=0).mean() - benefit.mean(axis=1).max()
        assert found.curves.evpi[at] == pytest.approx(perfect, rel=1e-9, abs=1e-9)
        assert found.curves.expected_loss[:, at].min() == pytest.approx(perfect, rel=1e-9, abs=1e-9)
    assert found.curves.ceac.sum(axis=0) == pytest.approx(1.0)
    assert sum(found.quadrants.values()) == pytest.approx(1.0)
    assert sum(found.severity_probabilities.values()) == pytest.approx(1.0)


def test_the_weight_of_each_draw_is_that_of_its_own_shortfall():
    found = result("epnet", 400)
    by_draw = found.totals.severity_weight
    assert set(np.unique(by_draw)) <= {1.0, 1.2, 1.7}
    assert len(np.unique(by_draw)) > 1
    assert found.severity_probabilities[1.2] == np.mean(by_draw == 1.2)


def test_the_difference_adds_up():
    """Contributions and what is left are the probabilistic minus the deterministic result."""
    found = result("pnet")
    parts = [*found.contributions, found.remainder]
    for measure in ("costs", "qalys"):
        moved = found.totals.increment(measure).mean() - found.deterministic.increment(measure)[0]
        assert sum(getattr(c, f"incremental_{measure}") for c in parts) == pytest.approx(moved, abs=1e-9)


def test_the_share_of_losses_of_all_sources_stands_in_the_row_of_all():
    """Not in that of interactions, which is no distribution of its own."""
    found = result("pnet")
    losses = float(np.mean(found.totals.increment("qalys") < 0.0))
    for name in ("contributions", "contributions_largest"):
        table = PSA.report(found).table(name)
        shares = dict(zip(table.column("source"), table.column("share_of_losses"), strict=True))
        assert shares["Interactions and Monte Carlo error"] is None
        assert shares["Probabilistic minus deterministic"] == losses > 0.0


def test_the_means_are_compared_fully_incrementally():
    """Of four strategies: by rising mean costs, with the ratios of mean increments, never a mean of ratios."""
    found = result(COMPARATORS, 200)
    table = PSA.report(found).table("incremental_of_means")
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, row, strict=True)) for row in table.rows]
    costs, qalys = found.totals.costs.mean(axis=1), found.totals.qalys.mean(axis=1)
    order = np.argsort(costs)
    assert [r["technologies"] for r in rows] == [found.scenario.label(found.totals.strategies[i]) for i in order]
    assert [r["costs"] for r in rows] == pytest.approx(costs[order].tolist())
    by_label = {found.scenario.label(n): i for i, n in enumerate(found.totals.strategies)}
    assert any(r["icer"].label == "dominated" for r in rows[1:])
    for row in rows[1:]:
        i, j = by_label[row["technologies"]], by_label[row["versus"]]
        assert row["incremental_costs"] == pytest.approx(costs[i] - costs[j])
        if row["icer"].value is None:
            assert row["weighted_icer"].value is None
        else:
            assert row["icer"].value == pytest.approx((costs[i] - costs[j]) / (qalys[i] - qalys[j]))
            assert row["weighted_icer"].value == pytest.approx(row["icer"].value / row["severity_weight"])


@pytest.mark.parametrize("name", ["incremental_of_means", "totals"])
def test_means_are_shown_no_finer_than_their_errors(name):
    """On the screen, in the document and on the page; files hold them in full."""
    found = result(COMPARATORS, 200)
    table = PSA.report(found).table(name)
    of_draws = [column for column in table.columns if column.format in ("pounds", "qalys", "years")]
    of_draws = [column for column in of_draws if not column.name.startswith("deterministic")]
    assert len(of_draws) == {"incremental_of_means": 6, "totals": 3}[name]
    for column in of_draws:
        for cell in filter(None, table.column(column.name)):
            assert cell.error > 0.0
            assert shown(cell, column.format) == known(float(cell), cell.error, column.format)
            assert repr(float(cell)) in table_bytes(table).decode()
        assert any(shown(c, column.format) != shown(float(c), column.format) for c in table.column(column.name) if c)


def test_a_contribution_is_what_that_source_alone_does():
    """Draws of the OS ratio and its placebo median, everything else at its point estimate, give what quadrature says."""
    (c,) = (c for c in result().contributions if HAZARD_RATIO in c.addresses)
    assert len(c.addresses) == 2
    n = 20_000
    rows = Sampler(pnet(), 11).rows(0, n)
    columns = {address: rows[address][:, 0] for address in c.addresses}
    from netcea.analyses.shared.totals import totals_of, varied

    alone = totals_of(pnet(), varied(base_case(pnet()), columns))
    gain = alone.increment("qalys") - result().deterministic.increment("qalys")[0]
    assert c.incremental_qalys == pytest.approx(gain.mean(), abs=5 * gain.std() / math.sqrt(n))
    assert c.share_of_losses == pytest.approx(np.mean(alone.increment("qalys") < 0), abs=0.02)
    mean = totals_of(pnet(), varied(base_case(pnet()), {a: np.array([x.mean()]) for a, x in columns.items()}))
    by_mean = mean.increment("qalys")[0] - result().deterministic.increment("qalys")[0]
    assert c.by_mean_qalys == pytest.approx(by_mean, abs=0.01)
    assert c.incremental_qalys > c.by_mean_qalys  # the gain is convex in them
    assert 0.3 < c.share_of_losses < 0.5


def test_in_a_linear_model_nothing_is_left_to_explain(tmp_path):
    """QALYs are linear in utilities and costs in prices: their contributions are zero, but for a median that is no mean."""
    spread = {"log_normal": {"se_log": 0.5}}
    strategies = {n: {"pfs": exponential(1.0), "os": exponential(0.5)} for n in ("new", "old")}
    costs = {
        "a": {"kind": "one_off", "strategies": ["new"], "unit_cost": Number(100, "GBP", spread)},
        "b": {"kind": "one_off", "strategies": ["new"], "unit_cost": Number(50, "GBP", {"gamma": {"se": 20.0}})},
    }
    found = PSA.run(loaded(tmp_path, choices(strategies, costs)), options(draws=4000))
    by_name = {c.name.rpartition(".")[2]: c for c in found.contributions}
    assert by_name["costs_a_unit_cost"].incremental_costs == pytest.approx(100 * math.expm1(0.125), rel=1e-6)
    assert by_name["costs_b_unit_cost"].incremental_costs == pytest.approx(0.0, abs=1e-5)
    assert all(c.incremental_qalys == 0.0 for c in found.contributions)
    assert abs(found.remainder.incremental_costs) < 5 * 60 / math.sqrt(4000)


def test_sampled_moments_are_compared_and_a_wrong_sampler_is_found(monkeypatch):
    assert len(result().moments) > 30
    assert not result().faults
    from netcea.sampling.streams import Streams

    def wrong_variates(streams, name, quantities, right=Streams.variates):
        drawn = right(streams, name, quantities)
        return [x * (1.3 if q.unit == "GBP" else 1) for x, q in zip(drawn, quantities.values(), strict=True)]

    monkeypatch.setattr(Streams, "variates", wrong_variates)
    wrong = PSA.run(pnet(), options(draws=2000, explain=False))
    assert wrong.faults
    assert all("sampled mean" in fault for fault in wrong.faults)


def test_an_invariant_that_breaks_in_one_draw_is_reported(monkeypatch, tmp_path):
    right = probabilistic.simulate

    def broken(scenario, draws):
        found = right(scenario, draws)
        if draws.n == 1:  # the point estimates
            return found
        one = dict(found.strategies)
        name = next(iter(one))
        audit = {**one[name].audit, "violations": one[name].audit["violations"].copy()}
        audit["violations"][5] = 1.0
        one[name] = replace(one[name], audit=audit)
        return replace(found, strategies=one)

    monkeypatch.setattr(probabilistic, "simulate", broken)
    ran = psa("pnet", "--draws", 100, "--no-figures", "--workers", 1, "--out", tmp_path / "o")
    assert ran.exit_code == 1
    assert "1.00% of draws break an invariant" in ran.output
    results = json.loads((tmp_path / "o" / "results.json").read_text())["results"]
    assert results["breach"].startswith("strategy 'cabozantinib'")
    assert "; in draw 6, with " in results["breach"]
    assert results["breach"] in results["faults"][0]
    again = psa("--from", tmp_path / "o", "--no-figures", "--no-files")
    assert results["breach"] in " ".join(again.output.split())


def test_the_draw_that_breaks_an_invariant_is_numbered_over_all_parts(monkeypatch):
    wanted, right = 1500, probabilistic.simulate

    def broken(scenario, draws):
        found = right(scenario, draws)
        name, one = next(iter(found.strategies.items()))
        at = np.isclose(draws[address][:, 0], all_draws[wanted - 1]) if draws.n > 1 else np.array([False])
        return replace(
            found, strategies={**found.strategies, name: replace(one, audit={**one.audit, "violations": 1.0 * at})}
        )

    scenario = pnet()
    address = next(a for a, q in scenario.quantities.items() if q.is_uncertain and q.unit == "GBP")
    all_draws = Sampler(scenario, 1).rows(0, 2000)[address][:, 0]
    monkeypatch.setattr(probabilistic, "simulate", broken)
    found = PSA.run(scenario, options(draws=2000, seed=1, explain=False))
    assert f"; in draw {wanted:,}, with" in found.breach


def test_until_the_standard_error_is_small_enough():
    stopped = PSA.run(pnet(), options(draws=50_000, until_mcse=0.04, explain=False))
    assert stopped.convergence.stopped == "mcse"
    assert stopped.totals.n < 50_000
    assert stopped.intervals["", "incremental_nhb_25000"].mcse <= 0.04
    more = PSA.run(pnet(), options(draws=300, until_mcse=1e-9, explain=False))
    assert (more.totals.n, more.convergence.stopped) == (300, "draws")


def test_convergence_is_the_running_mean():
    found = PSA.run(load("epnet", ["costs.drug.cabozantinib.discount=0.94"]), options(draws=2000, explain=False))
    c, nhb = found.convergence, found.totals.incremental_nhb(25_000.0)
    assert 0.1 < c.probability[-1] < 0.9
    for n, mean, mcse, p in zip(c.draws.astype(int), c.mean, c.mcse, c.probability, strict=True):
        assert p == pytest.approx(np.mean(nhb[:n] > 0), abs=1e-12)
        assert mean == pytest.approx(nhb[:n].mean(), rel=1e-9)
        assert mcse == pytest.approx(nhb[:n].std(ddof=1) / math.sqrt(n), rel=1e-9)
    assert c.draws[-1] == 2000


def test_limits_are_counted_per_draw():
    (crossing,) = (x for x in result().limits if x.strategy == "cabozantinib" and x.what == "crossing")
    audit = simulate(pnet(), Sampler(pnet(), 1).rows(0, 2000)).strategies["cabozantinib"].audit
    assert crossing.share_of_draws == np.mean(audit["crossing_cycles"] > 0)
    assert crossing.share_of_draws > 0.3


# ------------------------------------------------------------------------------------------------ rows from outside


@pytest.mark.parametrize("name", ["pnet", "epnet_pfs_os_correlated_0_5", "pnet_comparators"])
def test_its_own_draws_given_back_are_the_same_result_to_the_last_bit(tmp_path, name):
    first = PSA.run(load(name), options(explain=False))
    written(tmp_path, first)
    again = PSA.run(load(name), options(parameters=str(tmp_path / "draws.csv.gz")))
    assert np.array_equal(first.totals.costs, again.totals.costs)
    assert np.array_equal(first.totals.qalys, again.totals.qalys)


@pytest.mark.parametrize("factor", [1 / 12, 28 / 365.25, 7 / 365.25, 1 / 365.25, 0.01, 1000.0])
def test_values_in_units_of_inputs_give_the_draws_again(factor):
    values = np.random.default_rng(1).lognormal(0.0, 3.0, 20_000) * factor  # as draws are made
    assert np.array_equal(published(values, factor) * factor, values)


def test_rows_of_some_numbers_leave_the_others_at_their_point_estimates(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text(f"{HAZARD_RATIO},costs.unit.ct_scan\n0.5,100\n1.0,100\n1.5,200\n", encoding="utf-8")
    found = PSA.run(pnet(), options(parameters=str(file)))
    assert found.totals.n == 3
    for i, (ratio, scan) in enumerate([(0.5, 100), (1.0, 100), (1.5, 200)]):
        alone = load("pnet", [f"{HAZARD_RATIO}={ratio}", f"costs.unit.ct_scan={scan}"])
        expected = simulate(alone, base_case(alone))
        assert found.totals.costs[:, i] == pytest.approx(expected.totals("costs")[:, 0], rel=1e-12)
        assert found.totals.qalys[:, i] == pytest.approx(expected.totals("qalys")[:, 0], rel=1e-12)


def test_columns_that_move_nothing_are_named(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("survival.cabinet_pnet.pfs_nejm.median_cabozantinib,costs.unit.ct_scan\n10,1\n12,2\n")
    ran = psa("pnet", "--parameters", file, "--no-files")
    assert ran.exit_code == 0
    assert "move nothing, because they only feed a fit" in " ".join(ran.output.split())


def test_a_large_external_set_is_run_as_it_is(tmp_path):
    n = 10_000
    rng = np.random.default_rng(1)
    file = tmp_path / "rows.csv"
    ratio = np.exp(rng.normal(-0.5, 0.3, n))
    file.write_text(f"{HAZARD_RATIO}\n" + "".join(f"{x!r}\n" for x in ratio.tolist()), encoding="utf-8")
    found = PSA.run(pnet(), options(parameters=str(file), keep_draws="no"), workers=2)
    assert found.totals.n == n
    lower = np.argsort(ratio)
    assert np.all(np.diff(found.totals.increment("qalys")[lower]) <= 1e-9)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "an empty file"),
        (f"{HAZARD_RATIO}\n", "at least two draws"),
        (f"{HAZARD_RATIO}\n0.5\n", "at least two draws"),
        (f"{HAZARD_RATIO}\n0.5\nhello\n", ":3"),
        (f"{HAZARD_RATIO}\n0.5\n\n0.6\nnan\n", "nan"),
        (f"{HAZARD_RATIO}\n0.5\ninf\n", "inf"),
        (f"{HAZARD_RATIO}\n0.5\n-1\n", "-1"),
        (f"{HAZARD_RATIO},costs.unit.ct_scan\n0.5,1\n0.5\n", "1 values"),
        (f"{HAZARD_RATIO},costs.unit.ct_scan\n0.5,1\n0.5,1,2\n", "3 values"),
        ("os_hazard_ratio\n1\n2\n", "does not use"),
        ("costs.unit.ct_scam\n1\n2\n", "did you mean 'costs.unit.ct_scan'"),
        (f"{HAZARD_RATIO},{HAZARD_RATIO}\n1,1\n1,1\n", "2 columns of this name"),
        (f"{SHAPE}\n1\n-2\n", "above 0"),
        ("draw\n1\n2\n", "no column of a parameter"),
    ],
)
def test_malformed_rows_are_refused_with_their_place(tmp_path, text, expected):
    file = tmp_path / "rows.csv"
    file.write_text(text, encoding="utf-8")
    ran = psa("pnet", "--parameters", file, "--out", tmp_path / "o")
    assert ran.exit_code == 2, ran.output
    assert expected in ran.output
    assert "Traceback" not in ran.output
    assert "nothing was written" in ran.output
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rows.csv", b"\xff\xfe\x00bad"),
        ("rows.csv.gz", b"not gzip at all"),
        ("rows.csv.gz", gzip.compress(f"{HAZARD_RATIO}\n1\n2\n".encode(), mtime=0)[:-12]),
        ("rows.parquet", b"PAR1 not"),
        ("missing.csv", None),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    ran = psa("pnet", "--parameters", tmp_path / name, "--out", tmp_path / "o")
    assert ran.exit_code == 2, ran.output
    assert name in ran.output
    assert "Traceback" not in ran.output


def test_every_fault_of_a_file_is_shown_at_once(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text(f"{HAZARD_RATIO},costs.unit.ct_scan\n-1,x\ny,2\n" + "z,1\n" * 40, encoding="utf-8")
    ran = psa("pnet", "--parameters", file)
    assert ran.output.count("rows.csv") == 42
    assert "42 problems" in ran.output
    file.write_text(f"{HAZARD_RATIO},costs.unit.ct_scan\n" + "z,1\n" * 4000, encoding="utf-8")
    ran = psa("pnet", "--parameters", file)
    assert ran.output.count("rows.csv") == 51
    assert "and 3,950 more like it, lines 52-4001" in ran.output


PLAIN_ROWS = f"{HAZARD_RATIO},costs.unit.ct_scan\n0.9,100.5\n0.95,1200.25\n1.1,99.5\n"
SEMICOLONS = PLAIN_ROWS.replace(",", ";").replace(".5", ",5").replace(".25", ",25").replace("0.9", "0,9")
SEMICOLONS = SEMICOLONS.replace("1.1", "1,1")
NUMBERED = '"",' + PLAIN_ROWS.replace("\n0.9,", '\n"1",0.9,').replace("\n0.95,", '\n"2",0.95,').replace(
    "\n1.1", '\n"3",1.1'
)
ROWS_OF = {
    "mark": PLAIN_ROWS.encode("utf-8-sig"),
    "UTF-16": PLAIN_ROWS.encode("utf-16"),
    "German": SEMICOLONS.encode(),
    "tabs": PLAIN_ROWS.replace(",", "\t").encode(),
    "R": NUMBERED.encode(),
    "capitals and blanks": PLAIN_ROWS.replace("costs.unit.ct_scan", "Costs.Unit.CT_scan")
    .replace("\n", "\n\n,\n")
    .encode(),
    "thousands": PLAIN_ROWS.replace("1200.25", '"1,200.25"').encode(),
    "packed": gzip.compress(SEMICOLONS.encode("utf-16")),
}


@pytest.mark.parametrize("way", ROWS_OF)
def test_rows_mean_the_same_however_they_were_written(tmp_path, way):
    file, plain = tmp_path / ("rows.csv.gz" if way == "packed" else "rows.csv"), tmp_path / "plain.csv"
    file.write_bytes(ROWS_OF[way])
    plain.write_text(PLAIN_ROWS, encoding="utf-8")
    found, expected = (external_columns(load("pnet"), path) for path in (file, plain))
    assert {a: c.tolist() for a, c in found.items()} == {a: c.tolist() for a, c in expected.items()}
    assert list(found) == [HAZARD_RATIO, "costs.unit.ct_scan"]


def test_what_a_unit_cannot_have_is_named_by_its_own_line(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text(f"# made by hand\n{HAZARD_RATIO}\n\n0.9\n\n-1\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        external_columns(load("pnet"), file)
    assert [problem.line for problem in raised.value.problems] == [6]


def test_the_header_of_rows_is_not_guessed(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("0.9,100\n0.95,120\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"no header, but '0\.9, 100'"):
        external_columns(load("pnet"), file)


# ------------------------------------------------------------------------------------------------ files


def test_draws_on_disk_are_the_draws(tmp_path):
    found = result(draws=300)
    written(tmp_path, found)
    table = draws_in(tmp_path)
    assert table["draw"].tolist() == list(range(1, 301))
    for i, strategy in enumerate(found.totals.strategies):
        for measure in ("costs", "qalys", "life_years"):
            assert np.array_equal(table[f"strategies.{strategy}.{measure}"], getattr(found.totals, measure)[i])
        items = [v for k, v in table.items() if k.startswith(f"strategies.{strategy}.costs.")]
        assert np.sum(items, axis=0) == pytest.approx(table[f"strategies.{strategy}.costs"], rel=1e-12)
        states = [v for k, v in table.items() if k.startswith(f"strategies.{strategy}.life_years.")]
        assert np.sum(states, axis=0) == pytest.approx(table[f"strategies.{strategy}.life_years"], rel=1e-12)
    rows = Sampler(pnet(), 1).rows(0, 300)
    factor = pnet().factors[HAZARD_RATIO]
    assert np.array_equal(table[HAZARD_RATIO] * factor, rows[HAZARD_RATIO][:, 0])


def test_parquet_holds_the_same_numbers(tmp_path):
    pytest.importorskip("pyarrow")
    written(tmp_path / "csv", PSA.run(pnet(), options(explain=False)))
    written(tmp_path / "parquet", PSA.run(pnet(), options(explain=False, keep_draws="parquet")))
    table = draws_in(tmp_path / "csv")
    (whole,) = read_columns(tmp_path / "parquet" / "draws.parquet")
    assert list(whole) == list(table)
    assert all(np.array_equal(whole[name], table[name]) for name in table)
    again = PSA.run(pnet(), options(parameters=str(tmp_path / "parquet" / "draws.parquet")))
    first = PSA.run(pnet(), options(explain=False))
    assert np.array_equal(again.totals.costs, first.totals.costs)


def test_the_layout_of_bcea(tmp_path):
    found = PSA.run(pnet(), options(bcea=True, explain=False))
    written(tmp_path, found)
    for name, measure in (("costs", "costs"), ("effects", "qalys")):
        with (tmp_path / f"bcea_{name}.csv").open(encoding="utf-8") as file:
            names, *rows = list(csv.reader(file))
        assert names == list(found.totals.strategies)
        assert np.array_equal(np.array(rows, dtype=float).T, getattr(found.totals, measure))
    with (tmp_path / "bcea_parameters.csv").open(encoding="utf-8") as file:
        names, *rows = list(csv.reader(file))
    assert names == list(Sampler(pnet(), 1).uncertain)
    assert len(rows) == 300


@pytest.mark.parametrize(
    "changes", mostly_slow([{}, {"until_mcse": 0.2}, {"sampling": "sobol"}], [{"until_mcse": 0.2}])
)
def test_everything_is_shown_again_without_running(tmp_path, monkeypatch, changes):
    first = PSA.run(pnet(), options(draws=2500, **changes))
    before = written(tmp_path / "first", first)
    monkeypatch.setattr(probabilistic, "simulate", None)
    monkeypatch.setattr(probabilistic, "contributions", None)
    again = read_result(tmp_path / "first")
    after = written(tmp_path / "again", again)
    assert "draws.csv.gz" not in after
    same = [name for name in before if name.startswith("tables/")]
    assert len(same) > 5
    assert all(before[name] == after[name] for name in same)
    one, two = (json.loads(files["results.json"])["results"] for files in (before, after))
    assert one == two


def test_again_refuses_what_is_no_such_folder(tmp_path):
    assert psa(tmp_path, "--from").exit_code == 2
    written(tmp_path / "a", PSA.run(pnet(), options(keep_draws="no", explain=False)))
    ran = psa(tmp_path / "a", "--from")
    assert ran.exit_code == 2
    assert "no file of draws" in ran.output
    written(tmp_path / "b", PSA.run(load("pnet", ["costs.unit.ct_scan=1"]), options(explain=False)))
    saved = json.loads((tmp_path / "b" / "results.json").read_text())
    saved["scenario"]["changes"] = []
    (tmp_path / "b" / "results.json").write_text(json.dumps(saved))
    ran = psa(tmp_path / "b", "--from")
    assert ran.exit_code == 2
    assert "run `netcea psa` again" in ran.output


def test_the_command_writes_prints_and_gives_json(tmp_path):
    ran = psa("pnet", "--draws", 200, "--out", tmp_path / "o", "--no-figures", "--set", "costs.unit.ct_scan=1")
    assert ran.exit_code == 0, ran.output
    assert "200 draws (seed 1, pseudo-random)" in " ".join(ran.output.split())
    assert {p.name for p in (tmp_path / "o").iterdir()} >= {"results.json", "run.json", "inputs.json", "tables"}
    printed = psa("pnet", "--draws", 200, "--no-files", "--json", "--set", "costs.unit.ct_scan=1")
    assert json.loads(printed.output)["results"] == json.loads((tmp_path / "o" / "results.json").read_text())["results"]
    assert json.loads(result(draws=300).as_json())["analysis"] == "psa"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--draws", 1),
        ("--draws", "many"),
        ("--seed", -1),
        ("--until-mcse", 0),
        ("--sampling", "halton"),
        ("--workers", 0),
    ],
)
def test_impossible_options_are_refused(arguments):
    ran = psa("pnet", *arguments)
    assert ran.exit_code == 2
    assert "Traceback" not in ran.output


def test_sources_that_move_the_same_curves_are_simulated_together_to_the_same_bits():
    """Their own columns alone vary; beside all the others, in columns of every row, nothing else comes out."""
    groups = [_with_mean(rows_of_source(pnet(), source)) for source in sources_of(pnet())[20:30]]
    assert len({_curves_moved(pnet(), rows.source) for rows in groups}) > 1
    found = {rows.source.name: totals for rows, totals in simulated(pnet(), groups)}
    whole, start = totals_of(pnet(), _stacked(base_case(pnet()), groups)), 0
    for rows in groups:
        beside = whole.rows(start, start + len(rows.weights))
        start += len(rows.weights)
        for measure in ("costs", "qalys", "life_years"):
            assert np.array_equal(getattr(found[rows.source.name], measure), getattr(beside, measure))
    assert start == whole.n
