"""Shares that add up to 1: the whole group takes part, used or not; each share alone is a beta."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import stats

import netcea
from helpers.small_project import Number, choices, exponential, write
from netcea.analyses.psa.external_rows import external_columns
from netcea.cli.main import main
from netcea.errors import InputError
from netcea.sampling.sampler import Sampler

N = 22.0
USED = "test.mix.a"


def project(folder, shares, *, used=("a",), sizes=None):
    """A project of which a curve's share of deaths, and costs, use members of a group."""
    os = exponential(0.4)
    costs = {
        name: {
            "kind": "subsequent_treatment",
            "of": "progressions",
            "share": f"test.mix.{name}",
            "duration": Number(3, "months"),
            "price_per_pack": Number(100, "GBP"),
            "pack_days": Number(30, "days"),
        }
        for name in used
    }
    scenario = choices({"new": {"pfs": exponential(1.0), "os": os}, "old": {"pfs": exponential(1.5), "os": os}}, costs)
    path = write(folder, scenario)
    lines = [
        f"{name}: {{value: {value}, unit: proportion, uncertainty: {{dirichlet: {{group: mix, "
        f"effective_n: {(sizes or {}).get(name, N)}}}}}, source: [netcea_assumptions], status: assumption, note: a test}}\n"
        for name, value in shares.items()
    ]
    (Path(folder) / "inputs" / "test" / "mix.yaml").write_text("".join(lines), encoding="utf-8")
    return str(path)


def columns(path, method, n=4096):
    draws = Sampler(netcea.load(path), 3, method).rows(0, n)
    return {address: x[:, 0] for address, x in draws.columns.items() if address.startswith("test.mix.")}


@pytest.mark.parametrize("method", ["pseudo_random", "sobol"])
@pytest.mark.parametrize("used", [("a",), ("a", "b"), ("a", "b", "c")])
def test_each_share_is_a_beta_whatever_is_used(method, used, tmp_path):
    shares = {"a": 0.2, "b": 0.5, "c": 0.3}
    found = columns(project(tmp_path, shares, used=used), method)
    for name in used:
        beta = stats.beta(N * shares[name], N * (1.0 - shares[name]))
        assert stats.kstest(found[f"test.mix.{name}"], beta.cdf).pvalue > 1e-3
        assert found[f"test.mix.{name}"].mean() == pytest.approx(shares[name], abs=0.006)
    assert np.sum(list(found.values()), axis=0) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("method", ["pseudo_random", "sobol"])
def test_a_share_that_nobody_had_is_zero_in_every_draw(method, tmp_path):
    found = columns(project(tmp_path, {"a": 0.55, "b": 0.45, "c": 0}, used=("a", "b", "c")), method)
    assert not found["test.mix.c"].any()
    assert found["test.mix.a"].mean() == pytest.approx(0.55, abs=0.006)
    assert found["test.mix.b"].mean() == pytest.approx(0.45, abs=0.006)


@pytest.mark.parametrize("shares", [{"a": 0.55}, {"a": 0.6, "b": 0.5}, {"a": 0.33, "b": 0.33, "c": 0.33}])
def test_a_group_that_is_no_whole_is_refused(shares, tmp_path):
    with pytest.raises(InputError) as caught:
        netcea.load(project(tmp_path, shares))
    assert "mix.yaml:1  test.mix.a.value" in str(caught.value)
    assert "shares that add up to 1 (to 0.001, for rounding) over test.mix.a" in str(caught.value)


def test_rounding_is_allowed(tmp_path):
    netcea.load(project(tmp_path, {"a": 0.333, "b": 0.333, "c": 0.333}))


def test_one_number_of_patients_for_all(tmp_path):
    with pytest.raises(InputError, match=r"found 30, while others of 'mix' have 22"):
        netcea.load(project(tmp_path, {"a": 0.55, "b": 0.45}, sizes={"b": 30.0}))


def test_a_faulty_member_that_is_not_used_is_found(tmp_path):
    path = project(tmp_path, {"a": 0.55, "b": 0.45})
    mix = tmp_path / "inputs" / "test" / "mix.yaml"
    mix.write_text(mix.read_text(encoding="utf-8").replace("value: 0.45", "value: x"), encoding="utf-8")
    with pytest.raises(InputError, match=r"mix\.yaml:2"):
        netcea.load(path)


def test_rows_of_a_file_have_all_shares_and_add_up(tmp_path):
    scenario = netcea.load(project(tmp_path, {"a": 0.55, "b": 0.45}))
    rows = tmp_path / "rows.csv"
    rows.write_text("test.mix.a\n0.5\n0.6\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"no column of test\.mix\.b"):
        external_columns(scenario, rows)
    rows.write_text("test.mix.a,test.mix.b\n0.5,0.5\n0.6,0.5\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"rows\.csv:3  test\.mix\.a\n  found a sum of 1\.1; expected 1 \(to 0\.001"):
        external_columns(scenario, rows)


def test_a_share_is_no_share_outside_0_to_1(tmp_path):
    path = project(tmp_path, {"a": 0.55, "b": 0.45})
    mix = tmp_path / "inputs" / "test" / "mix.yaml"
    text = mix.read_text(encoding="utf-8").replace("unit: proportion", "unit: ratio")
    mix.write_text(text.replace("0.55", "1.55").replace("0.45", "-0.55"), encoding="utf-8")
    with pytest.raises(InputError, match=r"1\.55 with the uncertainty dirichlet"):
        netcea.load(path)


@pytest.mark.parametrize(
    "change", ["test.mix.a=0.6", "test.mix.a.uncertainty={fixed: x}", "test.mix.a.uncertainty={beta: {se: 0.1}}"]
)
def test_a_set_that_breaks_the_whole_is_refused(change, tmp_path):
    with pytest.raises(InputError, match="shares that add up to 1"):
        netcea.load(project(tmp_path, {"a": 0.55, "b": 0.45}, used=("a", "b")), [change])


@pytest.mark.parametrize("option", [["--bounds", "test.mix.a=0.1:0.9"], ["--address", "test.mix.a"]])
def test_a_share_is_not_moved_singly(option, tmp_path):
    path = project(tmp_path, {"a": 0.55, "b": 0.45})
    ran = CliRunner().invoke(main, ["one-way", path, *option, "--out", str(tmp_path / "o")])
    assert ran.exit_code == 2
    assert "one of several proportions that add up to 1" in " ".join(ran.output.split())
