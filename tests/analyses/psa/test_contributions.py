"""What each source of uncertainty adds to the probabilistic result."""

from __future__ import annotations

from netcea import psa
from netcea.loading import load


def test_what_the_model_is_linear_in_adds_nothing_and_is_not_ranked_by_rounding():
    made = psa(load("pnet"), draws=50, explain=True).contributions
    by_name = {one.name: one for one in made}
    for name in ("costs.unit.end_of_life", "costs.unit.blood_test", "costs.care.progressed.ct_frequency"):
        assert (by_name[name].incremental_costs, by_name[name].incremental_nhb) == (0.0, 0.0)
    zeros = [one.name for one in made if one.incremental_nhb == 0.0]
    assert len(zeros) > 10
    assert zeros == sorted(zeros) == [one.name for one in made][-len(zeros) :]
    assert made[0].incremental_nhb != 0.0
