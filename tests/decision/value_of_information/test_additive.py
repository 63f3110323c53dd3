"""What sources explain one by one and in pairs: sums and products are found, noise is not."""

from __future__ import annotations

import numpy as np
import pytest

from netcea.decision.value_of_information import AdditiveParts, Regressors

N = 2000
X = np.random.default_rng(3).standard_normal((N, 4))
Y = 5.0 * X[:, 0] + X[:, 1] ** 2 + 2.0 * X[:, 0] * X[:, 1] + 0.5 * np.random.default_rng(4).standard_normal(N)


def parts_of(responses):
    return AdditiveParts.of(lambda sources: Regressors.of(X[:, list(sources)].T).design, 4, responses)


def test_sums_and_products_are_found_and_what_has_no_effect_is_nothing():
    found = parts_of(np.stack([Y, 100.0 - 3.0 * X[:, 2]]))
    part = {sources: found.part(sources) for sources in found.parts}
    assert part[(0,)][0] == pytest.approx(5.0 * X[:, 0], abs=0.7)
    assert np.corrcoef(part[(0, 1)][0], X[:, 0] * X[:, 1])[0, 1] > 0.98
    assert part[(2,)][1] == pytest.approx(3.0 * (X[:, 2].mean() - X[:, 2]), abs=0.01)
    assert not part[(3,)].any()
    assert (2, 3) not in part
    assert np.array([*part.values()]).mean(axis=2) == pytest.approx(0.0, abs=1e-9)
    assert found.explained == pytest.approx(sum(part.values()), abs=1e-9)


def test_what_others_explain_leaves_out_every_pair_with_the_sources():
    found = parts_of(Y[np.newaxis])
    assert found.without({0, 1, 2, 3}).tolist() == np.zeros((1, N)).tolist()
    rest = Y - Y.mean() - found.without({3})[0]
    assert rest.std() == pytest.approx(0.5, rel=0.1)
    part = {sources: found.part(sources) for sources in found.parts}
    for left_out in range(4):
        expected = sum(p for s, p in part.items() if left_out not in s)
        assert np.allclose(found.without({left_out}), expected)


def test_noise_explains_nothing():
    noise = np.random.default_rng(5).standard_normal((20, N))
    parts = parts_of(noise).parts
    assert np.mean([~parts[(at,)].explains for at in range(4)]) > 0.97
