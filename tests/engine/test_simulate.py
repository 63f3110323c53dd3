"""Rows of parameters: results do not depend on how they are cut, ordered or named; draws are what inputs say."""

from __future__ import annotations

import gc
import math
import pickle
import tracemalloc
import weakref
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from helpers.sample_of import grid_mostly_slow, mostly_slow
from helpers.small_project import Number, choices, exponential, loaded, per_year
from netcea.draws import Draws, from_real_line
from netcea.engine.grid import Grid
from netcea.engine.outcomes import MEASURES, joined
from netcea.engine.point_estimates import base_case
from netcea.engine.simulate import BLOCK_BYTES, exposures, rows_together, simulate, simulate_chunks
from netcea.loading import load
from netcea.quantities.quantity import Quantity
from netcea.sampling.sampler import sample
from netcea.sampling.streams import stream
from netcea.survival.evaluate import Curves

SCENARIOS = ("pnet", "epnet", "pnet_comparators", "pnet_os_log_normal", "pnet_adverse_events_over_treatment")
ROWS = 500


@cache
def scenario(name, sets=()):
    return load(name, sets=list(sets))


@cache
def rows(name):
    return sample(scenario(name), ROWS, seed=7)


@cache
def whole(name):
    return simulate(scenario(name), rows(name))


def assert_identical(found, expected, take=slice(None)):
    """Every number of every key is the same, to the last bit."""
    assert set(found.strategies) == set(expected.strategies)
    for name, mine in found.strategies.items():
        theirs = expected.strategies[name]
        for measure in (*MEASURES, "audit"):
            a, b = getattr(mine, measure), getattr(theirs, measure)
            assert set(a) == set(b)
            for key, column in a.items():
                assert column.tobytes() == b[key][take].tobytes(), (name, measure, key)


# ------------------------------------------------------------------------------------ blocks, chunks, single rows
@pytest.mark.parametrize(("block_rows", "name"), grid_mostly_slow([1, 7, 32, 128, 1000], SCENARIOS))
def test_blocks_do_not_matter(name, block_rows):
    assert rows_together(Grid.of(scenario(name))) < ROWS  # so that the run it is compared with has more than one block
    assert_identical(simulate(scenario(name), rows(name), block_rows=block_rows), whole(name))


@pytest.mark.parametrize("name", ["pnet", "pnet_cycle_7_days", "pnet_horizon_10_years", "pnet_comparators"])
def test_blocks_take_as_many_bytes_as_they_may(name, monkeypatch):
    asked = []
    monkeypatch.setattr(Draws, "blocks", lambda self, size: asked.append(size) or iter([(0, self)]))
    simulate(scenario(name), base_case(scenario(name)))
    row = 8 * len(Grid.of(scenario(name)).time.edges) * (len(scenario(name).curves) + 12)
    assert set(asked) == {BLOCK_BYTES // row}
    assert BLOCK_BYTES < 40e6


def peak_of_a_block(cycle_days):
    """Megabytes while one block and a row are simulated."""
    made = scenario("pnet", (f"settings.cycle_days={cycle_days}",))
    draws = sample(made, rows_together(Grid.of(made)) + 1, seed=3)
    gc.collect()
    tracemalloc.start()
    try:
        simulate(made, draws)
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_cycles():
    monthly, daily = peak_of_a_block(28), peak_of_a_block(1)
    assert daily < 1.3 * monthly, (daily, monthly)
    assert monthly < 1.1 * BLOCK_BYTES / 1e6 + 24.0, "and an array that is never touched"


def test_what_one_strategy_alone_needs_is_let_go_of_before_the_next():
    made, seen = scenario("pnet"), []
    for exposure in exposures(Grid.of(made), rows("pnet").rows(0, 9)):
        assert [array() for array in seen] == [None] * len(seen), "nothing holds them any more"
        pfs = exposure.curves.survival_at_edges(f"strategies.{exposure.strategy}.pfs")
        packs = exposure.dispensings("progression_free", np.array([30 / 365.25]))
        assert packs["progression_free"].undiscounted.shape == (9,)
        seen += [weakref.ref(pfs), weakref.ref(exposure.occupancy.progressed)]
        del exposure, pfs, packs
    assert len(seen) == 4


def test_what_was_let_go_of_is_worked_out_again():
    made = scenario("pnet")
    both = {one.strategy: one for one in exposures(Grid.of(made), rows("pnet").rows(0, 9))}
    for strategy, exposure in both.items():
        for endpoint in ("pfs", "os"):
            address = f"strategies.{strategy}.{endpoint}"
            fresh = Curves(made.curves, exposure.draws, exposure.grid.time.edges, exposure.curves.population_hazard)
            assert np.array_equal(exposure.curves.survival_at_edges(address), fresh.survival_at_edges(address))


def test_rows_that_go_to_another_process_leave_the_others_behind():
    part = rows("pnet").rows(3, 400).rows(1, 3)
    sent = pickle.dumps(part)
    again = pickle.loads(sent)  # noqa: S301 - made the line before
    assert len(sent) < len(pickle.dumps(Draws(ROWS, rows("pnet").columns))) / 10
    assert again.n == 2
    assert {a: c.tobytes() for a, c in again.columns.items()} == {
        a: (c[4:6] if len(c) > 1 else c).tobytes() for a, c in rows("pnet").columns.items()
    }


@pytest.mark.parametrize(
    ("chunk_rows", "block_rows"),
    mostly_slow([(1, 128), (13, 5), (64, 128), (100, 32), (499, 7), (8192, 31)], [(64, 128), (499, 7)]),
)
def test_chunks_do_not_matter(chunk_rows, block_rows):
    name = "pnet"
    chunks = list(simulate_chunks(scenario(name), rows(name), chunk_rows, block_rows))
    assert len(chunks) == math.ceil(ROWS / chunk_rows)
    together = joined(chunks)
    assert_identical(together, whole(name))
    assert together.n == ROWS
    assert all(outcomes.n == ROWS and len(outcomes.total("qalys")) == ROWS for outcomes in together.strategies.values())


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_row_alone_is_the_row_among_others(name):
    for row in (0, 1, 77, ROWS - 1):
        alone = simulate(scenario(name), rows(name).rows(row, row + 1))
        assert_identical(alone, whole(name), slice(row, row + 1))


def test_the_order_of_rows_does_not_matter():
    order = np.random.default_rng(1).permutation(ROWS)
    columns = {a: c[order] if len(c) > 1 else c for a, c in rows("pnet").columns.items()}
    found = simulate(scenario("pnet"), Draws(ROWS, columns))
    assert_identical(found, whole("pnet"), order)


def test_running_something_else_between_changes_nothing():
    simulate(scenario("epnet"), rows("epnet"))
    simulate(scenario("pnet", ("settings.horizon_years=5",)), rows("pnet"))
    assert_identical(simulate(scenario("pnet"), rows("pnet")), whole("pnet"))


def test_the_base_case_is_one_row():
    """Rows that hold the point estimates give the base case."""
    point = base_case(scenario("pnet"))
    columns = {a: np.repeat(c, 3, axis=0) for a, c in point.columns.items()}
    among = simulate(scenario("pnet"), Draws(3, columns))
    alone = simulate(scenario("pnet"), point)
    for strategy in among.strategies:
        for measure in MEASURES:
            assert among.strategies[strategy].total(measure) == pytest.approx(
                float(alone.strategies[strategy].total(measure)[0]), rel=1e-13
            )


# ------------------------------------------------------------------------------------ strategies
def test_the_order_of_strategies_does_not_matter():
    loaded_ = scenario("pnet_comparators")
    turned = dict(reversed(loaded_.file.strategies.items()))
    other = replace(loaded_, file=loaded_.file.model_copy(update={"strategies": turned}))
    assert other.strategies == loaded_.strategies[::-1]
    assert_identical(simulate(other, rows("pnet_comparators")), whole("pnet_comparators"))


def test_names_of_strategies_do_not_matter(tmp_path):
    def made(folder, first, second):
        folder.mkdir()
        strategies = {
            first: {"pfs": exponential(0.9), "os": {"relative_to": second, "hazard_ratio": Number(0.7, "ratio")}},
            second: {"pfs": exponential(1.5), "os": exponential(0.4)},
        }
        strategies[first]["time_on_treatment"] = {"rule": "until_progression"}
        return loaded(folder, choices(strategies, {"care": per_year(900, "alive", strategies=[first])}, (0.8, 0.6)))

    plain, renamed = made(tmp_path / "a", "new", "old"), made(tmp_path / "b", "zebra", "aardvark")
    one, two = (simulate(s, base_case(s)) for s in (plain, renamed))
    for a, b in (("new", "zebra"), ("old", "aardvark")):
        for measure in MEASURES:
            mine, theirs = getattr(one.strategies[a], measure), getattr(two.strategies[b], measure)
            assert {key: x.tobytes() for key, x in mine.items()} == {key: x.tobytes() for key, x in theirs.items()}
    assert one.strategies["new"].total("costs") > 0.0


# ------------------------------------------------------------------------------------ memory
def peak_megabytes(n):
    draws = sample(scenario("pnet"), n, seed=3)
    gc.collect()
    tracemalloc.start()
    try:
        for chunk in simulate_chunks(scenario("pnet"), draws, chunk_rows=1000):
            assert chunk.n
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_memory_does_not_grow():
    few, many = peak_megabytes(2_000), peak_megabytes(8_000)
    assert many < few + 2.0, (few, many)


@pytest.mark.slow
def test_memory_does_not_grow_with_twenty_thousand_rows():
    few, many = peak_megabytes(2_000), peak_megabytes(20_000)
    assert many < few + 2.0, (few, many)


# ------------------------------------------------------------------------------------ draws: streams
def test_same_seed_same_bytes():
    again = sample(load("pnet"), ROWS, seed=7)
    assert {a: c.tobytes() for a, c in again.columns.items()} == {
        a: c.tobytes() for a, c in rows("pnet").columns.items()
    }


def test_another_seed_other_draws():
    other = sample(scenario("pnet"), ROWS, seed=8)
    for address, column in rows("pnet").columns.items():
        if len(column) > 1:
            assert np.mean(column == other[address]) < 0.05, address


def test_only_what_is_uncertain_is_drawn():
    draws = rows("pnet")
    joint = {address for estimate in scenario("pnet").joint for address in estimate.addresses}
    for address, quantity in scenario("pnet").quantities.items():
        random = quantity.uncertainty.fixed is None and quantity.uncertainty.joint is None
        if random and address not in joint:
            assert draws[address].shape == (ROWS, 1)
            assert len(np.unique(draws[address])) > 1, address
        elif quantity.uncertainty.fixed is not None and address not in joint:
            assert draws[address].shape == (1, 1), address


def test_adding_a_parameter_changes_no_other_column():
    """Scenarios share random numbers: what both use is drawn alike, whatever else they hold."""
    for name in ("pnet_comparators", "pnet_adverse_events_by_term", "pnet_utilities_swinburn"):
        mine, theirs = rows(name), rows("pnet")
        shared = set(mine.columns) & set(theirs.columns)
        assert len(shared) > 20
        assert set(mine.columns) != set(theirs.columns)
        for address in shared:
            assert mine[address].tobytes() == theirs[address].tobytes(), (name, address)


def test_a_number_used_in_two_places_is_drawn_once():
    """The unit cost of a scan is one column, whoever has the scan."""
    draws = rows("pnet")
    items = scenario("pnet").file.costs
    assert items["ct_progression_free"].unit_cost == items["ct_progressed"].unit_cost
    assert len(draws[items["ct_progressed"].unit_cost]) == ROWS


def test_streams_of_different_addresses_are_independent():
    addresses = [f"a.b{i}" for i in range(40)]
    pairs = np.triu_indices(len(addresses), 1)
    blocks = [np.array([stream(seed, a, seed % 3).standard_normal(2000) for a in addresses]) for seed in range(10)]
    off = math.sqrt(2000) * np.concatenate([np.corrcoef(z)[pairs] for z in blocks])
    assert np.std(off) == pytest.approx(1.0, rel=0.05)
    assert np.mean(np.abs(off) > 3.0) < 0.006, "0.0027 expected of independent ones"
    assert np.abs(off).max() < 6.0
    assert not np.array_equal(stream(11, "a").random(3), stream(12, "a").random(3))


# ------------------------------------------------------------------------------------ draws: moments
N = 40_000
FAMILIES = {  # family -> (value, unit, uncertainty, mean, standard deviation, on which scale)
    "normal": (-0.3, "parameter", {"normal": {"se": 0.2}}, -0.3, 0.2, None),
    "log_normal": (0.7, "ratio", {"log_normal": {"se_log": 0.3}}, math.log(0.7), 0.3, np.log),
    "beta": (0.08, "proportion", {"beta": {"effective_n": 100}}, 0.08, math.sqrt(0.08 * 0.92 / 101), None),
    "beta_se": (0.4, "proportion", {"beta": {"se": 0.05}}, 0.4, 0.05, None),
    "gamma": (250.0, "number", {"gamma": {"se": 60}}, 250, 60, None),
    "uniform": (0.5, "ratio", {"uniform": {"low": 0.2, "high": 0.9}}, 0.55, 0.7 / math.sqrt(12), None),
    "ci95 log": (
        0.95,
        "ratio",
        {"ci95": {"low": 0.45, "high": 2.0, "scale": "log"}},
        math.log(0.95),
        math.log(2 / 0.45) / 3.92,
        np.log,
    ),
    "ci95 identity": (
        0.1,
        "utility",
        {"ci95": {"low": 0.05, "high": 0.16, "scale": "identity"}},
        0.1,
        0.11 / 3.92,
        None,
    ),
    "ci95 survival": (
        0.6,
        "proportion",
        {"ci95": {"low": 0.5, "high": 0.7, "scale": "complementary_log_log"}},
        math.log(-math.log(0.6)),
        (math.log(-math.log(0.5)) - math.log(-math.log(0.7))) / 3.92,
        lambda x: np.log(-np.log(x)),
    ),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_moments_of_a_family(family):
    """Means within five standard errors of what was put in; standard deviations within five of theirs."""
    value, unit, uncertainty, mean, sd, scale = FAMILIES[family]
    quantity = Quantity(value=value, unit=unit, uncertainty=uncertainty, source=["x"], status="published", label="x")
    drawn = quantity.distribution.draw(quantity.value, stream(5, f"test.{family}"), N)
    x = drawn if scale is None else scale(drawn)
    assert x.mean() == pytest.approx(mean, abs=5 * sd / math.sqrt(N))
    kurtosis = np.mean((x - x.mean()) ** 4) / x.var() ** 2
    assert x.std() == pytest.approx(sd, abs=5 * sd * math.sqrt((kurtosis - 1) / 4 / N))
    if unit == "proportion":
        assert drawn.min() >= 0.0
        assert drawn.max() <= 1.0


def spread_of(quantity):
    """Mean and standard deviation that a quantity's draws should have, on the scale on which they are symmetric."""
    u, value = quantity.uncertainty, quantity.value
    if u.normal is not None:
        return value, u.normal.sd(value), None
    if u.log_normal is not None:
        return math.log(value), u.log_normal.se_log, np.log
    if u.beta is not None:
        a, b = u.beta.alpha_beta(value)
        return value, math.sqrt(a * b / (a + b) ** 2 / (a + b + 1)), None
    if u.gamma is not None:
        return value, u.gamma.sd(value), None
    if u.uniform is not None:
        return (u.uniform.low + u.uniform.high) / 2, (u.uniform.high - u.uniform.low) / math.sqrt(12), None
    if u.ci95 is not None and u.ci95.scale == "log":
        return math.log(value), u.ci95.standard_error(), np.log
    if u.ci95 is not None and u.ci95.scale == "identity":
        return value, u.ci95.standard_error(), None
    return None


@pytest.mark.parametrize("name", SCENARIOS)
def test_moments_of_every_input(name):
    """Sampled columns, brought back to published units, have the mean and standard error of inputs/."""
    n = 20_000
    draws, here = sample(scenario(name), n, seed=2), scenario(name)
    joint = {address for estimate in here.joint for address in estimate.addresses}
    tested = 0
    for address, quantity in here.quantities.items():
        expected = None if address in joint else spread_of(quantity)
        if expected is None:
            continue
        mean, sd, scale = expected
        x = draws[address][:, 0] / here.factors[address]
        x = x if scale is None else scale(x)
        kurtosis = np.mean((x - x.mean()) ** 4) / x.var() ** 2
        assert x.mean() == pytest.approx(mean, abs=5 * sd / math.sqrt(n)), address
        assert x.std() == pytest.approx(sd, abs=5 * sd * math.sqrt((kurtosis - 1) / 4 / n)), address
        tested += 1
    assert tested > 10


@pytest.mark.parametrize("name", SCENARIOS)
def test_joint_estimates_keep_their_covariance(name):
    """On the real line: mean, standard deviations and every correlation."""
    n = 40_000
    draws = sample(scenario(name), n, seed=4)
    back = {"log": np.log, "identity": lambda x: x, "logit": lambda x: np.log(x / (1 - x))}
    assert scenario(name).joint
    for joint in scenario(name).joint:
        x = np.array([back[s](draws[a][:, 0]) for a, s in zip(joint.addresses, joint.scales, strict=True)])
        sd = np.sqrt(np.diag(joint.covariance))
        found = np.cov(x) if len(x) > 1 else np.array([[x.var(ddof=1)]])
        assert np.all(np.abs(x.mean(axis=1) - joint.estimates) <= 5 * sd / math.sqrt(n))
        noise = np.sqrt((np.outer(sd, sd) ** 2 + joint.covariance**2) / n)
        assert np.all(np.abs(found - joint.covariance) <= 5 * noise), joint.addresses


def test_estimates_from_different_trials_are_independent():
    """The same covariance under other addresses is drawn from other streams."""
    n = 20_000
    [joint] = scenario("pnet").joint
    other = replace(joint, addresses=tuple(f"elsewhere.{i}" for i in range(len(joint.addresses))))
    draws = sample(replace(scenario("pnet"), joint=(joint, other)), n, seed=4)
    found = np.corrcoef([draws[address][:, 0] for address in (*joint.addresses, *other.addresses)])
    across = found[: len(joint.addresses), len(joint.addresses) :]
    assert np.abs(across).max() < 5 / math.sqrt(n)


def test_trials_published_figures_are_correlated_in_the_draws():
    """The placebo arm is in the median and in the ratio: drawn apart, the shape's uncertainty would be wrong."""
    [joint] = [j for j in scenario("pnet").joint if any("pfs" in address for address in j.addresses)]
    correlation = joint.covariance / np.sqrt(np.outer(np.diag(joint.covariance), np.diag(joint.covariance)))
    assert np.abs(correlation[np.triu_indices(len(correlation), 1)]).max() > 0.2


def test_real_lines():
    x = np.array([-2.0, 0.0, 1.5])
    assert from_real_line(x, "log") == pytest.approx(np.exp(x))
    assert from_real_line(x, "logit") == pytest.approx(np.exp(x) / (1 + np.exp(x)))
    assert from_real_line(x, "identity") is x


def test_proportions_of_a_whole_sum_to_one(tmp_path):
    """A Dirichlet: shares of a mix, drawn together; means and variances by their formulas."""
    shares, size = {"a": 0.5, "b": 0.3, "c": 0.2}, 40
    strategies = {"new": {"pfs": exponential(1), "os": exponential(0.4)}}
    strategies["old"] = {"pfs": exponential(2), "os": exponential(0.5)}
    together = {"dirichlet": {"group": "mix", "effective_n": size}}
    costs = {name: per_year(100, "progressed", share=Number(x, "proportion", together)) for name, x in shares.items()}
    made = loaded(tmp_path, choices(strategies, costs))
    n = 20_000
    draws = sample(made, n, seed=1)
    columns = {name: draws[made.file.costs[name].share][:, 0] for name in shares}
    assert sum(columns.values()) == pytest.approx(np.ones(n), abs=1e-12)
    for name, share in shares.items():
        sd = math.sqrt(share * (1 - share) / (size + 1))
        assert columns[name].mean() == pytest.approx(share, abs=5 * sd / math.sqrt(n))
        assert columns[name].std() == pytest.approx(sd, rel=0.03)
    assert np.corrcoef(columns["a"], columns["b"])[0, 1] == pytest.approx(-math.sqrt(0.5 * 0.3 / 0.5 / 0.7), abs=0.03)


# ------------------------------------------------------------------------------------ seeds and strategies together
def test_another_seed_similar_means():
    """Means of 1,000 rows from two seeds differ by no more than their Monte Carlo error."""
    a, b = (simulate(scenario("pnet"), sample(scenario("pnet"), 1000, seed)) for seed in (1, 2))
    for measure in ("costs", "qalys", "life_years"):
        x, y = a.totals(measure), b.totals(measure)
        error = np.sqrt((x.var(axis=1) + y.var(axis=1)) / 1000)
        assert np.all(np.abs(x.mean(axis=1) - y.mean(axis=1)) < 5 * error), measure


def test_strategies_share_their_random_numbers():
    """What both strategies rest on moves both, so that the increment is less uncertain than the totals."""
    qalys = whole("pnet").totals("qalys")
    assert np.corrcoef(qalys)[0, 1] > 0.5
