"""`netcea fit --bootstrap`: the table, what is refused, the command."""

import numpy as np
import pytest
from click.testing import CliRunner

from netcea.cli.main import main
from netcea.errors import InputError
from netcea.evidence.fit import fit
from netcea.fitting.candidates import Candidate

DATA = {
    "time": np.tile(np.arange(1.0, 41.0), 2),
    "event": np.tile([1, 1, 1, 0], 20),
    "arm": np.repeat(["new", "old"], 40),
}


def test_the_table_has_both_ways():
    found = fit(DATA, families=[Candidate("exponential"), Candidate("weibull")], bootstrap=60, seed=3)
    table = found.frame("bootstrap")
    assert set(table["arm"]) == {"new", "old"}
    assert (table["replicates"] == 60).all()
    medians = table[table["quantity"] == "median"]
    assert len(medians) == 4
    assert (medians["low_bootstrap"] < medians["estimate"]).all()
    assert medians["se_bootstrap"].nunique() == 4  # each arm has patients of its own
    same = fit(DATA, families=[Candidate("exponential")], bootstrap=60, seed=3).frame("bootstrap")
    assert same["se_bootstrap"].tolist() == table[table["family"] == "exponential"]["se_bootstrap"].tolist()


@pytest.mark.parametrize(("options", "message"), [({"bootstrap": 10}, "50 to 100,000"), ({"seed": -1}, "seed")])
def test_refused(options, message):
    with pytest.raises(InputError, match=message):
        fit(DATA, **{"bootstrap": 60, **options})


def test_the_command(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("netcea.fitting.maximum_likelihood.candidates", lambda: (Candidate("exponential"),))
    rows = "".join(f"{t},{d}\n" for t, d in zip(DATA["time"][:40], DATA["event"][:40], strict=True))
    (tmp_path / "d.csv").write_text(f"time,event\n{rows}", encoding="utf-8")
    options = ["--name", "x", "--time-unit", "months", "--no-files"]
    found = CliRunner().invoke(main, ["fit", "d.csv", *options, "--bootstrap", "50"])
    assert found.exit_code == 0, found.output
    assert "medians over 50 replicates" in found.output
    wrong = CliRunner().invoke(main, ["fit", "d.csv", *options, "--bootstrap", "5"])
    assert wrong.exit_code == 2
    assert "50 to 100,000" in wrong.output
