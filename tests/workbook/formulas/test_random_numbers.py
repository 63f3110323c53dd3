"""Random numbers by formula: uniform, independent from draw to draw, from address to address and from seed to seed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from netcea.reporting.xlsx.book import Book
from netcea.workbook.calculation.calculate import calculated
from netcea.workbook.formulas.random_numbers import LARGEST, PARTS, deviate_formula, deviates, keys, rank_formula, ranks
from netcea.workbook.looks import LOOKS

ADDRESSES = [f"costs.item_{i}.unit_cost" for i in range(60)]
DRAWS = np.arange(1, 10_001)


@pytest.fixture(scope="module", params=[0, 1, 2, 999_999])
def table(request):
    """Array (address, draw) of random numbers."""
    return np.array([ranks(request.param, DRAWS, address) for address in ADDRESSES])


def uniform_between(values, edges):
    return stats.kstest(values, stats.uniform(edges[0], edges[1] - edges[0]).cdf).pvalue


def test_each_address_is_uniform(table):
    found = [uniform_between(row, (0.0, 1.0)) for row in table]
    assert min(found) > 1e-4
    assert uniform_between(found, (0.0, 1.0)) > 1e-3


def test_addresses_are_independent(table):
    z = stats.norm.ppf(table)
    for values in (z, z**2, np.abs(z)):
        away = np.corrcoef(values)[np.triu_indices(len(values), 1)] * np.sqrt(len(DRAWS))
        assert away.std() == pytest.approx(1.0, abs=0.06)
        assert np.abs(away).max() < 5.5


def test_draws_are_independent(table):
    z = stats.norm.ppf(table)
    for lag in (1, 2, 7):
        across = z[:, :-lag] @ z[:, lag:].T / np.sqrt(len(DRAWS) - lag)
        assert across.std() == pytest.approx(1.0, abs=0.06)
        assert np.abs(across).max() < 5.0


def test_pairs_fill_the_square(table):
    found = []
    for row, other in zip(table, np.roll(table, 1, axis=0), strict=True):
        for x, y in ((row[:-1], row[1:]), (row, other)):
            counts, *_ = np.histogram2d(x, y, bins=10, range=[[0, 1], [0, 1]])
            found.append(stats.chisquare(counts.ravel()).pvalue)
    assert min(found) > 1e-5
    assert uniform_between(found, (0.0, 1.0)) > 1e-3


def test_seeds_are_independent():
    one, other = (np.array([ranks(seed, DRAWS, a) for a in ADDRESSES]) for seed in (1, 2))
    away = [np.corrcoef(x, y)[0, 1] * 100.0 for x, y in zip(one, other, strict=True)]
    assert np.abs(away).max() < 4.5


def test_no_number_comes_twice():
    assert len(np.unique(ranks(3, np.arange(1, 200_001), "a"))) == 200_000


def test_an_address_does_not_depend_on_others():
    assert ranks(1, 5, "b") == ranks(1, 5, "b")
    assert keys("a") != keys("b")


def test_parts_are_primes_of_which_every_remainder_has_one_cube_root():
    for part in PARTS:
        assert part.modulus % 3 == 2
        assert all(part.modulus % i for i in range(2, int(part.modulus**0.5) + 1))
        assert (part.modulus - 1 + LARGEST) ** 2 < 2**44


def test_formulas_are_the_same_numbers():
    book = Book(LOOKS)
    page = book.page("A")
    for row, (seed, draw, address) in enumerate([(0, 1, "a"), (1, 1000, "b"), (LARGEST, LARGEST, "c")], 1):
        page.put(row, 1, seed)
        page.put(row, 2, draw)
        for i, (part, key) in enumerate(zip(PARTS, keys(address), strict=True)):
            page.formula(row, 3 + i, part.state_formula(page.at(row, 1), page.at(row, 2)))
            page.formula(row, 5 + i, part.remainder_formula(page.at(row, 3 + i), key))
        cells = page.at(row, 5), page.at(row, 6)
        page.formula(row, 7, rank_formula(cells))
        page.formula(row, 8, deviate_formula(cells))
    found = calculated(book)
    for row, (seed, draw, address) in enumerate([(0, 1, "a"), (1, 1000, "b"), (LARGEST, LARGEST, "c")], 1):
        assert found.value("A", row, 7) == ranks(seed, draw, address)[0]
        assert found.value("A", row, 8) == pytest.approx(deviates(seed, draw, address)[0], rel=1e-12)
