"""Streams: what is filled block by block is what the blocks compute; each is computed once; rows stand alone."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from functools import cache

import numpy as np
import pytest

from netcea.engine.block_exposure import BlockExposure
from netcea.engine.deferred_streams import DeferredExposure
from netcea.engine.grid import Grid
from netcea.engine.simulate import exposures
from netcea.engine.streams import DeferredStream, Stream
from netcea.loading import load
from netcea.sampling.sampler import sample

N, BLOCK = 12, 5
WHENS = ("on_treatment", "progression_free", "progressed", "alive")
PACK = np.array([30.0]) / 365.25
OWN_PACKS = np.linspace(20.0, 40.0, N) / 365.25
FROM, TO = np.linspace(0.1, 1.0, N), np.array([2.5])


@cache
def drawn(name="pnet"):
    scenario = load(name)
    return scenario, sample(scenario, N, seed=5)


def part(x, rows):
    return x if len(x) == 1 else x[rows]


ASKED = {
    "start": lambda e, rows: {"": e.at_start()},
    "deaths": lambda e, rows: {"": e.flow("deaths")},
    "progressions": lambda e, rows: {"": e.flow("progressions")},
    "once": lambda e, rows: {"": e.once_over_treatment("qalys")},
    **{f"time {w}": lambda e, rows, w=w: e.person_time(w) for w in WHENS},
    **{f"window {w}": lambda e, rows, w=w: e.person_time(w, part(FROM, rows), TO) for w in WHENS},
    **{f"packs {w}": lambda e, rows, w=w: e.dispensings(w, PACK, "later") for w in WHENS},
    "own packs": lambda e, rows: e.dispensings("on_treatment", part(OWN_PACKS, rows)),
    **{f"at norm {w}": lambda e, rows, w=w: e.time_at_norm(w) for w in WHENS},
    "to death": lambda e, rows: e.time_by_time_to_death([(TO, np.array([0.5]))], part(FROM, rows)),
}


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("strategy", ["cabozantinib", "best_supportive_care"])
def test_what_is_filled_later_is_what_a_block_of_all_rows_computes(asked, strategy):
    scenario, draws = drawn()
    grid = Grid.of(scenario)
    deferred = DeferredExposure(draws, strategy, grid)
    streams = ASKED[asked](deferred, slice(None))
    assert all(not stream.discounted.any() for stream in streams.values())
    for start, block in draws.blocks(BLOCK):
        [mine] = [e for e in exposures(grid, block) if e.strategy == strategy]
        deferred.fill(slice(start, start + block.n), mine)
    [whole] = [e for e in exposures(grid, draws) if e.strategy == strategy]
    expected = ASKED[asked](whole, slice(None))
    assert list(streams) == list(expected)
    for name, stream in streams.items():
        assert isinstance(stream, DeferredStream)
        assert isinstance(expected[name], Stream)
        for kind in ("discounted", "undiscounted"):
            filled, computed = getattr(stream, kind), getattr(expected[name], kind)
            assert filled.shape == (N,)
            assert np.array_equal(filled, np.broadcast_to(computed, N))


@pytest.mark.parametrize("asked", ASKED)
def test_cycles_add_up_to_the_stream(asked):
    scenario, draws = drawn()
    for exposure in exposures(Grid.of(scenario), draws):
        for stream in ASKED[asked](exposure, slice(None)).values():
            for total, cycles in zip((stream.discounted, stream.undiscounted), stream.per_cycle(), strict=True):
                assert cycles.sum(axis=1) == pytest.approx(total, rel=1e-12, abs=1e-15)


def test_the_same_question_is_answered_once():
    scenario, draws = drawn()
    grid = Grid.of(scenario)
    deferred, block = DeferredExposure(draws, "cabozantinib", grid), next(exposures(grid, draws))
    for exposure in (deferred, block):
        assert exposure.flow("deaths") is exposure.flow("deaths")
        times = exposure.person_time("alive", FROM)["progressed"], exposure.person_time("alive", FROM.copy())
        assert times[0] is times[1]["progressed"]
        assert times[0] is not exposure.person_time("alive", FROM + 1.0)["progressed"]
    # on treatment until progression is progression-free time, and both rates are 3.5%
    free = block.person_time("progression_free")["progression_free"]
    assert free is block.person_time("on_treatment")["progression_free"]
    assert free is block.person_time("alive", rate="qalys")["progression_free"]


def test_other_rates_and_rules_are_other_streams():
    scenario = load("pnet", sets=["settings.discount_rate_qalys=0.015"])
    block = next(exposures(Grid.of(scenario), sample(scenario, N, seed=5)))
    costs, qalys = (block.person_time("alive", rate=rate)["progressed"] for rate in ("costs", "qalys"))
    assert np.all(costs.discounted < qalys.discounted)
    assert np.array_equal(costs.undiscounted, qalys.undiscounted)


def test_a_row_of_a_block_is_that_row():
    scenario, draws = drawn()
    whole = next(exposures(Grid.of(scenario), draws))
    alone = whole.row(7)
    assert isinstance(alone, BlockExposure)
    assert alone.draws.n == 1
    for asked in ("deaths", "time alive", "packs on_treatment", "at norm alive"):
        for name, stream in ASKED[asked](alone, slice(7, 8)).items():
            assert np.array_equal(stream.discounted, ASKED[asked](whole, slice(None))[name].discounted[7:8])


def test_what_is_computed_is_frozen():
    scenario, draws = drawn()
    grid = Grid.of(scenario)
    block = next(exposures(grid, draws))
    for thing, name in ((grid, "discount"), (block, "occupancy"), (block.flow("deaths"), "discounted")):
        with pytest.raises(FrozenInstanceError):
            setattr(thing, name, None)
