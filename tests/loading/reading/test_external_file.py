"""External information from YAML, CSV, Parquet and memory: the same terms, and every fault with its place."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from netcea.errors import InputError
from netcea.fitting.external.beliefs import Counted, Judged
from netcea.loading.reading.external_file import Wish, read_external, speaks_of

WISH = Wish(("old", "new"), "os", "months")
YAML = """\
registry:
  arm: old
  time_unit: years
  weight: 0.5
  note: Matched by age.
  terms:
    - {start: 5, stop: 6, r: 325, n: 358}
    - {start: 6, stop: 7, r: 285, n: 308}
experts:
  arm: new
  terms:
    - {time: 60, a: 6, b: 34}
    - {time: 120, mean: -2.2, se: 0.4}
    - {time: 120, quantiles: {p05: 0.02, p50: 0.08, p95: 0.2}}
paper:
  arm: old
  terms:
    - {time: 24, survival: 0.4, low: 0.3, high: 0.5}
"""
CSV = """\
source;arm;time_unit;weight;start;stop;r;n;a;b;mean;se;p05;p50;p95;survival;low;high
registry;old;years;0.5;5;6;325;358;;;;;;;;;;
registry;old;years;0.5;6;7;285;308;;;;;;;;;;
experts;new;months;1;;60;;;6;34;;;;;;;;
experts;new;months;1;;120;;;;;-2.2;0.4;;;;;;
experts;new;months;1;;120;;;;;;;0.02;0.08;0.2;;;
paper;old;months;1;0;24;;;;;;;;;;0.4;0.3;0.5
"""


def written(folder, text, name):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_read(tmp_path):
    found = read_external([written(tmp_path, YAML, "outside.yaml")], WISH)
    assert found.sources == ("registry", "paper", "experts")
    assert found.notes == {"registry": "Matched by age."}
    first, _, paper = found.arms["old"].terms
    assert (first.start, first.stop, first.weight, first.kind) == (60.0, 72.0, 0.5, "counts")
    assert first.belief == Counted.counts(325.0, 358.0)
    assert first.patients == 179.0
    assert paper.kind == "landmark"
    assert paper.belief.scale == "log_minus_log"
    assert paper.belief.mode == pytest.approx(0.4, rel=1e-12)
    half = np.diff(np.log(-np.log([0.5, 0.3])))[0] / 2.0
    assert paper.belief.se == pytest.approx(half / stats.norm.ppf(0.975), rel=1e-12)
    beta, normal, quantiles = found.arms["new"].terms
    assert beta.belief == Counted.beta(6.0, 34.0)
    assert normal.belief == Judged("logit", -2.2, 0.4)
    a, b = quantiles.belief.kept, quantiles.belief.lost
    np.testing.assert_allclose(stats.beta.cdf([0.02, 0.08, 0.2], a, b), [0.05, 0.5, 0.95], atol=0.02)
    assert "as beta(" in quantiles.stated


def test_every_door_gives_the_same_terms(tmp_path):
    by_yaml = read_external([written(tmp_path, YAML, "outside.yaml")], WISH)
    by_csv = read_external([written(tmp_path, CSV, "outside.csv")], WISH)
    import yaml

    in_memory = read_external([yaml.safe_load(YAML)], WISH)
    parquet = tmp_path / "outside.parquet"
    pd.read_csv(tmp_path / "outside.csv", sep=";").drop(columns=["p05", "p50", "p95"]).dropna(
        how="all", subset=["r", "a", "mean", "survival"]
    ).to_parquet(parquet)
    by_parquet = read_external([parquet], WISH)
    for arm in ("old", "new"):
        assert by_csv.arms[arm].terms == by_yaml.arms[arm].terms == in_memory.arms[arm].terms
        assert by_parquet.arms[arm].terms == by_yaml.arms[arm].terms[: len(by_parquet.arms[arm].terms)]
    assert len(by_parquet.arms["new"].terms) == 2


def test_a_registrys_file_as_it_is(tmp_path):
    path = written(tmp_path, "start,stop,r,n,treat,haz\n5,6,325,358,Old,0.0967\n6,7,285,308,Old,0.0776\n", "seer.csv")
    found = read_external([path], Wish(("Old", "New"), "os", "years"))
    assert found.sources == ("seer",)
    assert [term.stop for term in found.arms["Old"].terms] == [6.0, 7.0]


def test_one_arm_needs_no_name_and_other_endpoints_are_left_out():
    outside = {
        "a": {"terms": [{"time": 60, "r": 3, "n": 10}]},
        "b": {"endpoint": "pfs", "terms": [{"time": 60, "r": 1, "n": 10}]},
    }
    found = read_external([outside], Wish(("all",), "os", "months"))
    assert found.sources == ("a",)
    assert speaks_of([outside], "pfs")
    assert not speaks_of([outside], "ttd")
    with pytest.raises(InputError, match="something that is said of ttd"):
        read_external([{"b": outside["b"]}], Wish(("all",), "ttd", "months"))


def test_weights_of_all_and_of_each(tmp_path):
    path = written(tmp_path, YAML, "outside.yaml")
    found = read_external([path], Wish(("old", "new"), "os", "months", 0.25))
    assert {term.weight for of in found.arms.values() for term in of.terms} == {0.25}
    found = read_external([path], Wish(("old", "new"), "os", "months", {"experts": 2.0}))
    assert {term.source: term.weight for of in found.arms.values() for term in of.terms} == {
        "registry": 0.5,
        "paper": 1.0,
        "experts": 2.0,
    }


ROWS = {
    "{time: 60, survival: 45, low: 40, high: 50}": ("survival", "found 45; expected a share", "write 0.45"),
    "{time: 60, survival: 0.2, low: 0.3, high: 0.5}": ("survival", "between low, 0.3, and high, 0.5"),
    "{time: 60, survival: 0.2}": ("low", "found nothing", "because survival stands there"),
    "{start: 6, stop: 5, r: 3, n: 10}": ("stop", "found 5; expected a time after start, 6", "other way round"),
    "{start: -1, time: 5, r: 3, n: 10}": ("start", "found -1; expected 0 or more"),
    "{time: 5, r: 11, n: 10}": ("r", "found 11; expected between 0 and n, 10", "other way round"),
    "{time: 5, r: 0, n: 0}": ("n", "found 0; expected above 0"),
    "{time: 5000, r: 3, n: 10}": ("time", "at most 1,200 (months)", "time_unit"),
    "{time: 60, a: 0, b: 4}": ("a", "found 0; expected above 0"),
    "{time: 60, a: 3, r: 4}": ("a", "found r; a", "row of its own"),
    "{time: 60}": ("time", "nothing that is said of this time", "r and n; survival and low and high"),
    "{time: 60, mean: 0.3, se: 0.1, scale: log}": ("mean", "below 0"),
    "{time: 60, mean: 30, se: 0.1, scale: survival}": ("mean", "a share", "write 0.3"),
    "{time: 60, mean: 0, se: 0}": ("se", "above 0"),
    "{time: 60, mean: 0, se: 1, scale: logitt}": ("scale", "did you mean 'logit'"),
    "{time: 60, quantiles: {p05: 0.3, p50: 0.2}}": ("quantiles", "p05 0.3, p50 0.2", "rises with the probability"),
    "{time: 60, quantiles: {p05: 3, p50: 20}}": ("quantiles", "a share", "write 0.03"),
    "{time: 60, quantiles: {low: 0.1, p50: 0.2}}": ("quantiles", "'low'", "such as p05"),
    "{time: soon, r: 1, n: 2}": ("time", "'soon'", "a number"),
    "{time: 5, r: 1, n: 2, N: 3}": ("N", "unknown key 'N'"),
}


@pytest.mark.parametrize("row", list(ROWS))
def test_rows_that_cannot_be(tmp_path, row):
    path = written(tmp_path, f"source:\n  arm: old\n  terms:\n    - {row}\n", "bad.yaml")
    with pytest.raises(InputError) as caught:
        read_external([path], WISH)
    entry, *words = ROWS[row]
    text = str(caught.value)
    assert f"bad.yaml:4  source.terms.0.{entry}" in text
    for word in words:
        assert word in text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("s:\n  arm: odl\n  terms: [{time: 5, r: 1, n: 2}]\n", "did you mean 'old'"),
        ("s:\n  terms: [{time: 5, r: 1, n: 2}]\n", "the arm that it speaks of, one of old, new"),
        ("s:\n  arm: old\n  weight: -1\n  terms: [{time: 5, r: 1, n: 2}]\n", "at least 0"),
        ("s:\n  arm: old\n  weight: 1e6\n  terms: [{time: 5, r: 1, n: 2}]\n", "at most 1,000"),
        ("s:\n  arm: old\n  time_unit: month\n  terms: [{time: 5, r: 1, n: 2}]\n", "one of years, months, weeks, days"),
        ("s:\n  arm: old\n  terms: []\n", "at least one entry"),
        ("s:\n  arm: old\n", "'terms'"),
        ("s: 3\n", "a group of entries"),
        ("- 3\n", "a list at the top"),
        ("", "an empty file"),
    ],
)
def test_sources_that_cannot_be(tmp_path, text, message):
    with pytest.raises(InputError) as caught:
        read_external([written(tmp_path, text, "bad.yaml")], WISH)
    assert message in str(caught.value)
    assert "bad.yaml" in str(caught.value)


def test_all_faults_at_once(tmp_path):
    text = "s:\n  arm: odl\n  wieght: 1\n  terms:\n    - {time: 5, r: 3, n: 2}\n    - {time: x, r: 1, n: 2}\n"
    with pytest.raises(InputError) as caught:
        read_external([written(tmp_path, text, "bad.yaml")], WISH)
    for line in (2, 3, 5, 6):
        assert f"bad.yaml:{line}  s." in str(caught.value)


def test_faults_of_columns_have_line_and_column(tmp_path):
    text = "source,arm,time,survival,low,high,r,n\na,old,12,45,40,50,,\nb,x,12,,,,5,4\nc,old,twelve,,,,1,2\n"
    with pytest.raises(InputError, match="'twelve'"):
        read_external([written(tmp_path, text, "bad.csv")], WISH)
    with pytest.raises(InputError) as caught:
        read_external([written(tmp_path, text.rsplit("\n", 2)[0] + "\n", "bad.csv")], WISH)
    for place in ("bad.csv:2  survival", "bad.csv:2  low", "bad.csv:3  arm", "bad.csv:3  r"):
        assert place in str(caught.value)


def test_weights_that_cannot_be(tmp_path):
    path = written(tmp_path, YAML, "outside.yaml")
    with pytest.raises(InputError, match="did you mean 'experts'"):
        read_external([path], Wish(("old", "new"), "os", "months", {"expert": 2.0}))
    with pytest.raises(InputError, match="0 to 1,000"):
        read_external([path], Wish(("old", "new"), "os", "months", 1e9))


def test_no_such_file(tmp_path):
    for name in ("none.yaml", "none.csv"):
        with pytest.raises(InputError, match="none"):
            read_external([tmp_path / name], WISH)
