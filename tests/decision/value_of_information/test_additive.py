"""What sources explain one by one and in pairs: sums and products are found, noise is not."""

from __future__ import annotations

import numpy as np
import pytest

from netcea.decision.value_of_information import AdditiveParts, Regressors

N = 2000
X = np.random.default_rng(3).standard_normal((N, 4))
Y = 5.0 * X[:, 0] + X[:, 1] ** 2 + 2.0 * X[:, 0] * X[:, 1] + 0.5 * np.random.default_rng(4).standard_normal(N)


def parts_of(responses):
    return AdditiveParts.of(lambda sources: Regressors.of(X[:, list(sources)]).design, 4, responses)


def test_sums_and_products_are_found_and_what_has_no_effect_is_nothing():
    found = parts_of(np.stack([Y, 100.0 - 3.0 * X[:, 2]]))
    part = dict(zip(found.sources, found.parts, strict=True))
    assert part[(0,)][0] == pytest.approx(5.0 * X[:, 0], abs=0.7)
    assert np.corrcoef(part[(0, 1)][0], X[:, 0] * X[:, 1])[0, 1] > 0.98
    assert part[(2,)][1] == pytest.approx(3.0 * (X[:, 2].mean() - X[:, 2]), abs=0.01)
    assert not part[(3,)].any()
    assert (2, 3) not in part
    assert found.parts.mean(axis=2) == pytest.approx(0.0, abs=1e-9)


def test_what_others_explain_leaves_out_every_pair_with_the_sources():
    found = parts_of(Y[np.newaxis])
    assert found.without({0, 1, 2, 3}).tolist() == np.zeros((1, N)).tolist()
    rest = Y - Y.mean() - found.without({3})[0]
    assert rest.std() == pytest.approx(0.5, rel=0.1)
    part = dict(zip(found.sources, found.parts, strict=True))
    for left_out in range(4):
        expected = sum(p for s, p in part.items() if left_out not in s)
        assert np.allclose(found.without({left_out}), expected)


def test_noise_explains_nothing():
    noise = np.random.default_rng(5).standard_normal((20, N))
    assert np.mean([not part.any() for part in parts_of(noise).parts.reshape(-1, N)[: 4 * 20]]) > 0.97
