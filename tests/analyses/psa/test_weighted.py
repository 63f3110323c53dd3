"""The severity weight of means of draws: one weight, by the mean QALYs, beside the unweighted result."""

import pytest

import netcea
from netcea.analyses.psa.tables import icers, is_weighted, summary, weighted_icers
from netcea.reporting.runs_tables import headline_words


@pytest.fixture(scope="module", params=["pnet", "epnet"])
def result(request):
    return netcea.psa(request.param, draws=256, explain=False)


def test_the_weighted_icer_is_the_unweighted_over_the_weight_of_the_means(result):
    weight = result.severity_weight_at_means
    assert is_weighted(result) == (weight != 1.0)
    (_, plain), (still, moved) = icers(result), weighted_icers(result)
    assert moved.value == pytest.approx(plain.value / weight)
    assert moved.error == pytest.approx(plain.error / weight)
    assert still.value == pytest.approx(icers(result)[0].value / float(result.deterministic.severity_weight[0]))


def test_the_summary_has_a_weighted_row_where_a_weight_is_above_1(result):
    measures = [str(row[0]) for row in summary(result).rows]
    assert any(words.startswith("ICER, with severity weight 1.2") for words in measures) == is_weighted(result)


def test_the_headline_has_both(result):
    found = result.report.headline
    costs, qalys = (result.intervals["", f"incremental_{m}"].mean for m in ("costs", "qalys"))
    weight = result.severity_weight_at_means
    assert found.incremental_nhb == pytest.approx(qalys - costs / 25_000.0)
    assert found.weighted_incremental_nhb == pytest.approx(weight * qalys - costs / 25_000.0)
    words = headline_words(found)
    assert f"; severity weight {weight:g}" in words
    assert (": ICER £" in words) == (weight != 1.0)
