"""PFS and OS of the same patients: drawn again together, written together, drawn together by the analysis."""

from dataclasses import replace

import numpy as np
import pytest
import yaml
from click.testing import CliRunner

import netcea
from helpers import small_project
from helpers.small_project import choices
from netcea.cli.main import main
from netcea.errors import InputError
from netcea.evidence.fit import fit
from netcea.fitting.candidates import Candidate
from netcea.loading import load
from netcea.sampling.sampler import sample

FAMILIES = [Candidate("weibull"), Candidate("log_normal")]


def columns(n=150):
    """Patients of two arms who progress, then die."""
    random = np.random.default_rng(8)
    progression = 8.0 * random.weibull(1.2, n) + 0.05
    death = progression + 6.0 * random.weibull(1.0, n)
    end = random.uniform(10.0, 40.0, n)
    return {
        "pfs": np.minimum(progression, end),
        "pfs_event": progression <= end,
        "os": np.minimum(death, end),
        "os_event": death <= end,
        "arm": np.where(np.arange(n) % 2, "new", "old"),
    }


def fitted(endpoint, **options):
    given = {"time_unit": "months", "families": FAMILIES, "bootstrap": 200, "source": "mhra_2025", **options}
    return fit(columns(), "trial", endpoint, time=endpoint, event=f"{endpoint}_event", **given)


PAIRS = [("weibull", "weibull"), ("weibull", "log_normal")]


@pytest.fixture(scope="module")
def both():
    return fitted("pfs").beside(fitted("os"), PAIRS)


@pytest.fixture(scope="module")
def over_replicates(both):
    first, second = (replace(one, covariance="bootstrap") for one in (both.first, both.second))
    return first.beside(second, PAIRS)


def project(folder, os="weibull", pfs="weibull"):
    strategies = {
        arm: {
            "pfs": {"fit": "survival.trial.pfs", "arm": arm, "distribution": pfs},
            "os": {"fit": "survival.trial.os", "arm": arm, "distribution": os},
        }
        for arm in ("new", "old")
    }
    return small_project.write(folder, choices(strategies, utilities=(0.8, 0.6)))


def log_medians(rows, arm, endpoint, family):
    group = f"survival.trial.{endpoint}.{arm}.{family}"
    if family == "log_normal":
        return rows[f"{group}.meanlog"].reshape(-1)
    return (np.log(rows[f"{group}.scale"]) + np.log(np.log(2.0)) / rows[f"{group}.shape"]).reshape(-1)


@pytest.mark.parametrize("os", ["weibull", "log_normal"])
def test_medians_are_drawn_with_the_bootstraps_correlation(over_replicates, tmp_path, os):
    both = over_replicates
    path = project(tmp_path, os)
    both.write_inputs(tmp_path / "inputs")
    rows = sample(load(str(path)), 20_000, 1)
    table = both.frame().set_index(["arm", "first", "second"])["medians"]
    for arm in ("new", "old"):
        drawn = np.corrcoef(log_medians(rows, arm, "pfs", "weibull"), log_medians(rows, arm, "os", os))[0, 1]
        assert table[arm, "weibull", os] > 0.3
        assert drawn == pytest.approx(table[arm, "weibull", os], abs=0.02)
    apart = np.corrcoef(log_medians(rows, "new", "pfs", "weibull"), log_medians(rows, "old", "os", os))[0, 1]
    assert abs(apart) < 0.03


def test_drawn_by_the_information_it_is_near(both, tmp_path):
    path = project(tmp_path)
    both.write_inputs(tmp_path / "inputs")
    rows = sample(load(str(path)), 20_000, 1)
    table = both.frame().set_index(["arm", "first", "second"])["medians"]
    for arm in ("new", "old"):
        drawn = np.corrcoef(log_medians(rows, arm, "pfs", "weibull"), log_medians(rows, arm, "os", "weibull"))[0, 1]
        assert drawn == pytest.approx(table[arm, "weibull", "weibull"], abs=0.05)
        columns = [np.log(rows[f"survival.trial.os.{arm}.weibull.{name}"]).reshape(-1) for name in ("shape", "scale")]
        covariance = both.second.fitted(arm)[0].covariance
        np.testing.assert_allclose(np.cov(columns), covariance, atol=0.03 * covariance.max())


def test_a_pair_without_a_table_is_drawn_apart(both, tmp_path):
    path = project(tmp_path, "weibull", "log_normal")
    both.write_inputs(tmp_path / "inputs")
    rows = sample(load(str(path)), 20_000, 1)
    drawn = np.corrcoef(log_medians(rows, "new", "pfs", "log_normal"), log_medians(rows, "new", "os", "weibull"))
    assert abs(drawn[0, 1]) < 0.03


def test_analyses_run(both, tmp_path):
    path = project(tmp_path)
    both.write_inputs(tmp_path / "inputs")
    scenario = load(str(path))
    assert np.isfinite(netcea.psa(scenario, draws=40, seed=1).frame("totals")["mean_qalys"]).all()
    assert len(netcea.one_way(scenario).frame("one_way"))


def test_a_table_that_does_not_go_with_the_fits(both, tmp_path):
    path = project(tmp_path)
    file = both.write_inputs(tmp_path / "inputs")
    fitted("os", bootstrap=0).write_inputs(tmp_path / "inputs", overwrite=True)
    load(str(path))  # the same fit again
    text = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert {"pfs", "os", "pfs_and_os_new_weibull", "pfs_and_os_old_weibull_and_log_normal"} <= set(text)
    correlation = text["pfs_and_os_new_weibull"]["correlation"]
    correlation[0][1] = correlation[1][0] = correlation[0][1] + 0.01
    file.write_text(yaml.safe_dump(text), encoding="utf-8")
    with pytest.raises(InputError, match="netcea fit --beside"):
        load(str(path))


@pytest.mark.parametrize(
    ("other", "pairs", "message"),
    [
        ({"bootstrap": 0}, (), "no bootstrap"),
        ({"seed": 2}, (), "another bootstrap"),
        ({}, [("weibul", "weibull")], "did you mean 'weibull'"),
    ],
)
def test_refused(both, other, pairs, message):
    with pytest.raises(InputError, match=message):
        both.first.beside(fitted("os", **{"families": FAMILIES[:1], **other}), pairs)


def test_the_command(tmp_path, monkeypatch):
    monkeypatch.setattr("netcea.fitting.maximum_likelihood.candidates", lambda: (Candidate("exponential"),))
    path = project(tmp_path)
    given = columns()
    given = {name: np.asarray(x, dtype=int) if x.dtype == bool else x for name, x in given.items()}
    rows = "".join(",".join(map(str, row)) + "\n" for row in zip(*given.values(), strict=True))
    data = tmp_path / "d.csv"
    data.write_text(",".join(given) + "\n" + rows, encoding="utf-8")
    monkeypatch.chdir(path.parent.parent)
    options = ["--name", "trial", "--endpoint", "pfs", "--time", "pfs", "--event", "pfs_event", "--time-unit", "months"]
    options += ["--source", "mhra_2025", "--beside", "os", "os", "os_event", "--no-figures"]
    found = CliRunner().invoke(main, ["fit", str(data), *options, "--bootstrap", "60"])
    assert found.exit_code == 0, found.output
    assert "PFS and OS of the same patients" in found.output
    text = (tmp_path / "inputs" / "survival" / "trial.yaml").read_text(encoding="utf-8")
    assert "pfs_and_os_new_exponential:" in text
    without = CliRunner().invoke(main, ["fit", str(data), *options, "--overwrite"])
    assert without.exit_code == 2
    assert "--bootstrap 1000" in without.output
