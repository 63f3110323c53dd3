"""Numbers that were estimated together are drawn by their covariance, whole, or refused: never as if they were apart."""

import numpy as np
import pytest
import yaml
from click.testing import CliRunner

from helpers.small_project import choices, exponential, write
from netcea.analyses.one_way.analysis import OneWay
from netcea.analyses.psa.external_rows import external_columns
from netcea.analyses.shared.moved_blocks import columns_at
from netcea.cli.main import main
from netcea.engine.point_estimates import base_case
from netcea.errors import InputError
from netcea.loading import load
from netcea.sampling.sampler import Sampler
from netcea.sampling.sources import sources_of
from netcea.scenario.options import OneWayOptions

ABOVE = "test.os"
SHAPE, SCALE, UNUSED = (f"{ABOVE}.{name}" for name in ("shape", "scale", "cure"))
COVARIANCE = [[0.01, 0.004, 0.0], [0.004, 0.04, -0.1], [0.0, -0.1, 1.0]]
GIVEN = {"source": ["netcea_assumptions"], "status": "assumption", "note": "a test"}
ALONE = {"normal": {"se": 0.1}}


class Plain(yaml.SafeDumper):
    """Writes no anchors."""

    def ignore_aliases(self, _data):
        return True


def dumped(entries):
    return yaml.dump(entries, Dumper=Plain, sort_keys=False)


def member(value, unit, scale, block="weibull"):
    """A number of inputs/ of a block."""
    return {"value": value, "unit": unit, "uncertainty": {"joint": {"block": block, "scale": scale}}, **GIVEN}


def content():
    """A Weibull curve's shape and scale, estimated with a third number that the curve does not use."""
    return {
        "shape": member(1.2, "ratio", "log"),
        "scale": member(18.0, "months", "log"),
        "cure": member(0.2, "proportion", "logit"),
        "weibull": {"names": ["shape", "scale", "cure"], "covariance": COVARIANCE, **GIVEN},
    }


def project(folder, entries, **analyses):
    """A project whose OS curve takes its shape and scale from the block; returns the scenario's file."""
    os = {"distribution": "weibull", "parameters": {"shape": SHAPE, "scale": SCALE}}
    pfs = {"pfs": exponential(1.5)}
    scenario = choices({"new": {**pfs, "os": os}, "old": {**pfs, "os": exponential(0.5)}})
    path = write(folder, {**scenario, **({"analyses": analyses} if analyses else {})})
    (folder / "inputs" / "test" / "os.yaml").write_text(dumped(entries), encoding="utf-8")
    return str(path)


def refusals(folder, entries, sets=(), **analyses):
    """What loading refuses: (address, found and expected, suggestion)."""
    with pytest.raises(InputError) as caught:
        load(project(folder, entries, **analyses), sets)
    return [(p.address, f"{p.found}; {p.expected}", p.suggestion) for p in caught.value.problems]


@pytest.mark.parametrize("method", ["pseudo_random", "sobol"])
def test_a_block_is_drawn_by_its_covariance_with_its_unused_numbers(method, tmp_path):
    scenario = load(project(tmp_path, content()))
    draws = Sampler(scenario, 3, method).rows(0, 8192)
    back = {SHAPE: np.log, SCALE: np.log, UNUSED: lambda x: np.log(x / (1.0 - x))}
    x = np.array([line(draws[address][:, 0]) for address, line in back.items()])
    expected = [np.log(1.2), np.log(18.0 / 12.0), np.log(0.2 / 0.8)]
    sd = np.sqrt(np.diag(COVARIANCE))
    assert np.all(np.abs(x.mean(axis=1) - expected) < 5 * sd / np.sqrt(8192))
    noise = np.sqrt((np.outer(sd, sd) ** 2 + np.square(COVARIANCE)) / 8192)
    assert np.all(np.abs(np.cov(x) - COVARIANCE) < 5 * noise)
    assert "not_drawn" not in {warning.code for warning in scenario.warnings}


def test_an_identity_scale_is_that_of_the_published_unit(tmp_path):
    entries = content()
    entries["scale"] = member(18.0, "months", "identity")
    draws = Sampler(load(project(tmp_path, entries)), 3).rows(0, 8192)
    assert (draws[SCALE][:, 0] * 12.0).std() == pytest.approx(0.2, rel=0.05)  # months


def test_the_order_of_table_and_numbers_does_not_matter(tmp_path):
    entries = content()
    one = load(project(tmp_path / "one", entries))
    order = [2, 0, 1]
    entries["weibull"]["names"] = [entries["weibull"]["names"][i] for i in order]
    entries["weibull"]["covariance"] = np.array(COVARIANCE)[np.ix_(order, order)].tolist()
    other = load(project(tmp_path / "other", dict(reversed(entries.items()))))
    one, other = (Sampler(scenario, 1).rows(0, 16) for scenario in (one, other))
    assert all((one[address] == other[address]).all() for address in (SHAPE, SCALE, UNUSED))


def test_correlations_with_standard_deviations_are_a_covariance(tmp_path):
    sd = np.sqrt(np.diag(COVARIANCE))
    entries = content()
    del entries["weibull"]["covariance"]
    entries["weibull"] |= {"correlation": (COVARIANCE / np.outer(sd, sd)).tolist(), "sd": sd.tolist()}
    (found,) = load(project(tmp_path / "one", entries)).joint
    (expected,) = load(project(tmp_path / "other", content())).joint
    assert found.covariance == pytest.approx(expected.covariance, abs=1e-12)
    del entries["weibull"]["sd"]
    ((address, words, _),) = refusals(tmp_path / "third", entries)
    assert address == f"{ABOVE}.weibull"
    assert "correlations without standard deviations" in words


def test_the_base_case_has_the_published_numbers(tmp_path):
    row = base_case(load(project(tmp_path, content()), [f"{SCALE}=24"]))
    assert (row[SHAPE][0, 0], row[SCALE][0, 0]) == (1.2, 24 / 12)


def _without(*names):
    def change(entries):
        for name in names:
            del entries[name]

    return change


def _table(**changes):
    def change(entries):
        entries["weibull"] |= changes

    return change


def _shape(**changes):
    def change(entries):
        entries["shape"] |= changes

    return change


def _matrix(i, j, x, *, mirrored=True):
    def change(entries):
        rows = [list(row) for row in COVARIANCE]
        rows[i][j] = x
        rows[j][i] = x if mirrored else rows[j][i]
        entries["weibull"]["covariance"] = rows

    return change


@pytest.mark.parametrize(
    ("change", "address", "words"),
    [
        (_without("weibull"), f"{UNUSED}.uncertainty.joint.block", "found 'weibull'; expected a table {names, cov"),
        (_without("cure"), f"{ABOVE}.weibull.names", "test.os.cure, which inputs/ does not have"),
        (_shape(uncertainty=ALONE), f"{ABOVE}.weibull.names", "test.os.shape, whose uncertainty is normal"),
        (_shape(uncertainty={"fixed": "x"}), f"{ABOVE}.weibull.names", "test.os.shape, whose uncertainty is fixed"),
        (_shape(**member(1.2, "ratio", "log", "gompertz")), f"{ABOVE}.weibull.names", "of the block 'gompertz'"),
        (_shape(**member(1.2, "ratio", "logit")), f"{SHAPE}.value", "1.2, estimated on the logit scale"),
        (_table(names=["shape", "scale"]), f"{ABOVE}.weibull.covariance", "3 rows of 3, 3, 3 numbers"),
        (
            _table(names=["shape", "scale"], covariance=[[0.01, 0.0], [0.0, 0.04]]),
            f"{UNUSED}.uncertainty.joint.block",
            "test.os.cure, which the table test.os.weibull does not name",
        ),
        (_table(names=["shape", "scale", "shape"]), f"{ABOVE}.weibull.names", "'shape' 2 times"),
        (_table(names=["shape", "scale", "weibull"]), f"{ABOVE}.weibull.names", "which is no uncertain number"),
        (_matrix(0, 1, 0.02, mirrored=False), f"{ABOVE}.weibull.covariance", "not symmetric"),
        (_matrix(0, 1, 0.02), f"{ABOVE}.weibull.covariance", "not positive definite"),  # a correlation of 1
        (_matrix(0, 1, 0.03), f"{ABOVE}.weibull.covariance", "not positive definite"),
        (_matrix(2, 2, 0.0), f"{ABOVE}.weibull.covariance", "a variance of 0 for cure"),
        (_matrix(2, 2, -1.0), f"{ABOVE}.weibull.covariance", "a variance of -1 for cure"),
        (_matrix(1, 1, float("nan")), f"{ABOVE}.weibull.covariance.1.1", "finite"),
        (_table(sd=[0.1]), f"{ABOVE}.weibull.sd", "1 standard deviations; expected 3"),
    ],
)
def test_what_cannot_be_drawn_as_it_is_declared_is_refused(change, address, words, tmp_path):
    entries = content()
    change(entries)
    found = refusals(tmp_path, entries)
    expected = words.removeprefix("found ").replace("; expected", ";")
    assert [w for a, w, _ in found if a == address and expected in w], found


def test_a_block_that_names_a_group_is_refused(tmp_path):
    entries = content()
    entries["weibull"]["names"] = ["shape", "scale", "more"]
    entries["more"] = {"cure": entries.pop("cure")}
    assert [
        words for _, words, _ in refusals(tmp_path, entries) if words.startswith("test.os.more, a group of numbers")
    ]


def test_a_misspelt_block_is_told_its_table(tmp_path):
    entries = content()
    entries["covariance"] = entries.pop("weibull")
    ((address, _, hint),) = refusals(tmp_path, entries)
    assert address == f"{UNUSED}.uncertainty.joint.block"
    assert "this group has covariance" in hint


def test_a_change_by_set_is_answered_like_the_file(tmp_path):
    path = project(tmp_path, content())
    with pytest.raises(InputError, match=r"test\.os\.shape, whose uncertainty is normal"):
        load(path, [f"{SHAPE}.uncertainty={{normal: {{se: 0.1}}}}"])
    with pytest.raises(InputError, match=r"0, estimated on the log scale"):
        load(path, [f"{SCALE}=0"])


def test_a_number_of_a_block_is_not_moved_alone(tmp_path):
    path = project(tmp_path, content())
    (source,) = (source for source in sources_of(load(path)) if source.kind == "joint")
    assert (source.name, source.addresses) == (f"{ABOVE}.weibull", tuple(sorted((SHAPE, SCALE, UNUSED))))
    moved = {m.quantity.address: m.quantity for m in OneWay().run(load(path), OneWayOptions()).moved}
    assert set(moved) == {SHAPE, SCALE, f"{ABOVE}.weibull.principal_direction"}  # the unused number moves nothing
    shape = moved[SHAPE]
    ends = 1.2 * np.exp(1.959963984540054 * 0.1 * np.array([-1.0, 1.0]))
    assert (shape.low, shape.high) == pytest.approx(tuple(ends), rel=1e-9)
    assert shape.moves == "others at conditional means"
    columns = columns_at(load(path), {SHAPE: np.array([1.5])})
    assert columns[SHAPE] == pytest.approx([1.5], rel=1e-12)
    assert columns[SCALE] == pytest.approx([1.5 * np.exp(0.004 / 0.01 * np.log(1.5 / 1.2))], rel=1e-9)  # 1.5 years
    ran = CliRunner().invoke(main, ["one-way", path, "--address", UNUSED, "--out", str(tmp_path / "o")])
    assert ran.exit_code == 2
    assert "one alone would break their correlation" in " ".join(ran.output.split())


def test_rows_of_a_file_have_all_numbers_of_a_block_or_none(tmp_path):
    scenario = load(project(tmp_path, content()))
    rows = tmp_path / "rows.csv"
    rows.write_text(f"{SHAPE},{SCALE}\n1,12\n2,24\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"no column of test\.os\.cure, which would stay as it is"):
        external_columns(scenario, rows)
    rows.write_text(f"{SHAPE},{SCALE},{UNUSED}\n1,12,0.1\n2,24,0.2\n", encoding="utf-8")
    assert external_columns(scenario, rows)[SCALE].tolist() == [1.0, 2.0]


def test_a_probabilistic_analysis_of_a_block_runs_and_its_draws_go_back_in(tmp_path):
    path = project(tmp_path, content())
    shown = []
    ran = CliRunner().invoke(main, ["psa", path, "--draws", "200", "--no-figures", "--out", str(tmp_path / "o")])
    assert ran.exit_code == 0, ran.output
    draws = next((tmp_path / "o").rglob("draws*"))
    for more in ([], ["--parameters", str(draws)]):
        again = ["psa", path, "--draws", "200", "--no-figures", "--no-files", *more]
        shown.append(CliRunner().invoke(main, again))
        assert shown[-1].exit_code == 0, shown[-1].output


def _pair(first, second, rho="test.rho.rho"):
    return {"first": first, "second": second, "rank_correlation": rho}


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([_pair(SHAPE, SCALE)], "which were estimated together: their covariance is known"),
        ([_pair(SHAPE, "test.rho.x"), _pair("test.rho.x", SHAPE)], "number 1 of the list correlates already"),
        ([_pair(SHAPE, "test.rho.mix")], "one of several proportions that add up to 1"),
        ([_pair(SHAPE, "test.rho")], "'test.rho'; the address of an uncertain number"),
    ],
)
def test_stated_rank_correlations_are_drawn_as_they_are_or_refused(pairs, words, tmp_path):
    path = project(tmp_path, content(), psa={"correlations": pairs})
    entries = {"rho": {"value": 0.3, "unit": "parameter", "uncertainty": {"fixed": "x"}, **GIVEN}}
    shares = {"dirichlet": {"group": "mix", "effective_n": 20.0}}
    entries |= {n: {"value": 0.5, "unit": "proportion", "uncertainty": shares, **GIVEN} for n in ("mix", "rest")}
    entries["x"] = {"value": 0.5, "unit": "proportion", "uncertainty": {"beta": {"se": 0.1}}, **GIVEN}
    (tmp_path / "inputs" / "test" / "rho.yaml").write_text(dumped(entries), encoding="utf-8")
    used = {"share": "test.rho.mix", "unit_cost": "costs.x"}
    file = tmp_path / "scenarios" / "small.yaml"
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    data["survival"]["share_of_pfs_events_that_are_deaths"] = "test.rho.x"
    data["utilities"]["by"] = "state"
    data["costs"] = {"c": {"kind": "one_off", "label": "c", "share": used["share"], "unit_cost": "test.rho.cost"}}
    entries["cost"] = {"value": 5, "unit": "GBP", "price_year": "2024/25", "uncertainty": {"fixed": "x"}, **GIVEN}
    (tmp_path / "inputs" / "test" / "rho.yaml").write_text(dumped(entries), encoding="utf-8")
    file.write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(path)
    found = [f"{p.found}; {p.expected}" for p in caught.value.problems]
    assert [w for w in found if words in w], found


def test_covariances_of_numbers_that_are_drawn_apart_are_told(tmp_path):
    entries = content()
    for name in ("shape", "scale"):
        entries[name]["uncertainty"] = ALONE
    del entries["cure"]
    entries["weibull"] |= {"names": ["shape", "scale"], "covariance": [[0.01, 0.004], [0.004, 0.04]]}
    (warning,) = (w for w in load(project(tmp_path, entries)).warnings if w.code == "not_drawn")
    assert warning.address == f"{ABOVE}.weibull"
    assert "the covariances of test.os.shape, test.os.scale are not drawn" in warning.message
