"""The compiled kernel gives the bits of NumPy: function by function, and in whole models."""

import os
import subprocess
import sys
from contextlib import contextmanager

import numpy as np
import pytest

from netcea.cohort.timeline import person_time_weights, timeline
from netcea.engine.partition import Partition, partition
from netcea.engine.simulate import simulate
from netcea.kernel.choice import KERNEL
from netcea.loading import load
from netcea.sampling.sampler import sample
from netcea.survival.background import floored
from netcea.survival.moments import Moments, hazard_at

pytest.importorskip("numba", reason="the extra 'fast' is not installed")
from netcea.kernel import compiled

TIME = timeline(10.0, 91.0)
N = TIME.n_cycles


@contextmanager
def computed_by(module):
    """Let NumPy (None) or the compiled functions compute."""
    before = vars(KERNEL).copy()
    vars(KERNEL).update(_module=module, _wanted="numpy")
    try:
        yield
    finally:
        vars(KERNEL).update(before)


def by_both(task):
    found = []
    for module in (None, compiled):
        with computed_by(module), np.errstate(all="ignore"):
            found.append(task())
    return found


def assert_same_bits(pairs):
    for pair in pairs:
        assert np.array_equal(*np.broadcast_arrays(*pair), equal_nan=True)


def cases():
    """Name -> PFS, OS and population hazard: curves that cross, limits that bind, what is no number, nobody left."""
    rng = np.random.default_rng(3)

    def curve(rows):
        return np.exp(-((TIME.edges / rng.uniform(0.3, 8.0, (rows, 1))) ** rng.uniform(0.4, 2.5, (rows, 1))))

    strange = curve(6)
    strange[0, 5:], strange[1, 3], strange[2, 9:], strange[3] = np.nan, np.nan, 0.0, 1.0
    rising = curve(6)
    rising[1, 7] = rising[1, 6] + 0.01
    low, high = rng.uniform(0.0, 0.05, (1, N)), rng.uniform(0.0, 2.0, (6, N))
    return {
        "crossing": (curve(70), curve(70), low),
        "population high": (curve(6), curve(6), high),
        "one pfs": (curve(1), curve(6), low),
        "one os": (curve(6), curve(1), high),
        "one of both": (curve(1), curve(1), high),
        "strange pfs": (strange, curve(6), low),
        "strange os": (curve(6), strange, low),
        "rising": (rising, rising * 0.9, low),
    }


@pytest.mark.parametrize("correction", ["trapezium", "start", "end"])
@pytest.mark.parametrize("name", cases())
def test_partition(name, correction):
    pfs, os_, population = cases()[name]
    rate = population / TIME.lengths
    start, end = (rate * weight for weight in person_time_weights(TIME, correction))
    share = np.random.default_rng(1).uniform(0.0, 1.0, (max(len(pfs), len(os_)), 1))
    plain, quick = by_both(lambda: partition(pfs, os_, share, start, end))
    assert_same_bits(zip(plain[:4], quick[:4], strict=True))
    assert np.array_equal(plain.cycles, quick.cycles)
    assert np.array_equal(plain.first, quick.first)
    assert isinstance(quick, Partition)


def test_floored():
    rng = np.random.default_rng(2)
    hazard = np.cumsum(rng.uniform(0.0, 0.2, (90, N + 1)), axis=1)
    gone = hazard.copy()
    gone[:, 30:] = np.inf
    for own, population in (
        (hazard, rng.uniform(0.0, 0.1, (1, N))),
        (hazard, rng.uniform(0.0, 0.1, (90, N))),
        (hazard[:1], rng.uniform(0.0, 0.1, (90, N))),
        (hazard, np.zeros((1, N))),
        (gone, np.full((1, N), 0.1)),
        (gone, np.append(np.zeros((1, N - 1)), [[np.inf]], axis=1)),
    ):
        assert_same_bits(zip(*by_both(lambda own=own, population=population: floored(own, population)), strict=True))


def test_between_edges():
    rng = np.random.default_rng(4)
    hazard = np.cumsum(rng.uniform(0.0, 0.2, (9, N + 1)), axis=1)
    moments = Moments.between(TIME.edges, np.arange(40) * 0.3)
    assert_same_bits([by_both(lambda: hazard_at(hazard, moments))])
    hazard[:, 20:] = np.inf
    assert_same_bits([by_both(lambda: hazard_at(hazard, moments))])


MODELS = {
    "pnet": (),
    "epnet": (),
    "pnet_comparators": (),
    "pnet_os_gamma": (),
    "weekly": ("settings.cycle_days=7",),
    "daily": ("settings.cycle_days=1", "settings.horizon_years=3"),
    "no floor, OS raised": (
        "strategies.best_supportive_care.os.background_mortality=none",
        "settings.crossing=raise_os",
    ),
    "at the start": ("settings.half_cycle_correction=start",),
}


@pytest.mark.parametrize("name", MODELS)
def test_models_have_the_same_bits(name):
    sets = MODELS[name]
    scenario = load("pnet" if sets else name, list(sets))
    draws = sample(scenario, 13, seed=2)
    plain, quick = by_both(lambda: simulate(scenario, draws))
    with computed_by(compiled):
        others = [simulate(scenario, draws, block_rows=rows) for rows in (1, 5)]
    for found in (quick, *others):
        for strategy, expected in plain.strategies.items():
            for measure in ("costs", "undiscounted_costs", "qalys", "life_years", "audit"):
                columns = getattr(found.strategies[strategy], measure)
                for key, column in getattr(expected, measure).items():
                    assert columns[key].tobytes() == column.tobytes(), (strategy, measure, key)


def test_where_nothing_can_be_written_it_is_compiled_for_the_process(monkeypatch):
    asked = []

    def njit(**options):
        asked.append(options)
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return lambda function: function

    monkeypatch.setattr(compiled.numba, "njit", njit)
    assert compiled._compiled(len) is len
    assert [options.get("cache", False) for options in asked] == [True, False]
    assert not any(options.get("fastmath") for options in asked)


@pytest.mark.slow
def test_processes_that_compile_at_once_have_the_same_bits(tmp_path):
    code = (
        "import netcea; from netcea.engine.simulate import simulate; from netcea.sampling.sampler import sample\n"
        "s = netcea.load('pnet'); o = simulate(s, sample(s, 20, 1))\n"
        "from netcea.kernel.choice import KERNEL; print(KERNEL.words, o.totals('costs').tobytes().hex())"
    )

    def begin(kernel):
        environment = {**os.environ, "NETCEA_KERNEL": kernel, "NUMBA_CACHE_DIR": str(tmp_path)}
        return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment)

    running = [begin("compiled"), begin("compiled"), begin("numpy")]
    words, numbers = zip(*(process.communicate()[0].rsplit(maxsplit=1) for process in running), strict=True)
    assert [one.startswith("compiled") for one in words] == [True, True, False]
    assert len(set(numbers)) == 1
    assert any(tmp_path.rglob("*.nbc"))
