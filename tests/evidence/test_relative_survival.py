"""Relative survival from data to inputs: matching to life tables, what is shown, faults with their place."""

from dataclasses import replace

import numpy as np
import pytest
import yaml
from click.testing import CliRunner

from helpers import relative_trial
from helpers.relative_trial import (
    AGES,
    COLUMNS,
    FAMILIES,
    OF,
    TABLE,
    YEARS,
    another,
    by_year,
    csv_text,
    slow_expected,
    trial,
)
from helpers.relative_trial import fitted_project as project
from netcea.cli.main import main
from netcea.cohort.matched import People, expected_at
from netcea.errors import InputError
from netcea.evidence.fit import fit
from netcea.evidence.population import GeneralPopulation
from netcea.evidence.relative_options import relative_survival
from netcea.evidence.relative_survival import RelativeSurvival
from netcea.loading import load


class TestFits:
    def test_background_of_each_patient(self):
        data = trial(40)
        found = fit(data, "mine", relative_survival=OF, **COLUMNS)
        patients = found.data.arms["new"]
        chosen = data["arm"] == "new"
        for i, (age, sex, t) in enumerate(
            zip(data["age"][chosen], data["sex"][chosen], data["months"][chosen] / 12.0, strict=True)
        ):
            if i % 5 == 0:
                then, _ = slow_expected(age, sex, None, t)
                people = People(np.array([age]), np.array([float(sex == "female")]))
                assert patients.background.hazard[i] == pytest.approx(then / 12.0, rel=1e-12)
                assert patients.background.cumulative[i] == pytest.approx(
                    expected_at(TABLE, people, np.array([t])).cumulative[0], rel=1e-12
                )

    def test_a_file_and_values_in_memory_and_stated_hazards_are_one(self, tmp_path):
        data = trial(120)
        (tmp_path / "data.csv").write_text(csv_text(data), encoding="utf-8")
        by_file = fit(tmp_path / "data.csv", relative_survival=OF, **COLUMNS)
        in_memory = fit(data, relative_survival=OF, **COLUMNS)
        hazards = np.zeros(120)
        cumulative = np.zeros(120)
        for arm, patients in in_memory.data.arms.items():
            hazards[data["arm"] == arm] = patients.background.hazard
            cumulative[data["arm"] == arm] = patients.background.cumulative
        stated = {**data, "bh": hazards, "ch": cumulative}
        by_hazard = RelativeSurvival(background="bh", background_cumulative="ch")
        of_hazard = fit(stated, relative_survival=by_hazard, **COLUMNS)
        without = fit(stated, relative_survival=replace(by_hazard, background_cumulative=None), **COLUMNS)
        for arm in in_memory.fits:
            for one, two, three, four in zip(
                *(f.fitted(arm) for f in (by_file, in_memory, of_hazard, without)), strict=True
            ):
                assert one.real_line == pytest.approx(two.real_line, abs=1e-9)
                assert two.real_line == pytest.approx(three.real_line, abs=1e-9)
                assert four.log_likelihood - in_memory.data.arms[arm].expected == pytest.approx(two.log_likelihood)
        assert by_file.data.columns["sex"] == "sex"

    def test_the_cured_are_found(self):
        found = fit(trial(3000, seed=5), relative_survival=OF, **COLUMNS)
        plain = fit(trial(3000, seed=5), **COLUMNS)
        for arm, cured in relative_trial.CURED.items():
            one, other = (f.fitted(arm)[1] for f in (found, plain))
            truth = [np.log(cured / (1 - cured)), np.log(relative_trial.SHAPE), np.log(relative_trial.SCALE)]
            assert np.all(np.abs(one.real_line - truth) < 3.0 * np.sqrt(np.diag(one.covariance)))
            assert other.estimates["cure_fraction"] < cured - 0.03
            assert one.aic < other.aic  # log-likelihoods have what was expected in them, so that they compare

    def test_mean_age_and_sexes(self):
        mean = GeneralPopulation(TABLE, "simulated", 66.0, 0.45)
        found = fit(trial(60), relative_survival=RelativeSurvival(mean=mean), **COLUMNS)
        patients = found.data.arms["old"]
        assert np.diff(patients.background.cumulative[np.argsort(patients.time)]).min() >= 0.0
        assert patients.background.cumulative == pytest.approx(mean.cumulative_hazard(patients.time / 12.0), rel=1e-12)
        first = found.summaries["old"][0]
        relative = float(first.fit.curve().survival(24.0))
        assert first.survival[1] == pytest.approx(relative * float(mean.survival(np.array([2.0]))[0]), rel=1e-9)
        assert float(found.shown("old", first.fit).survival(12.0 * first.median)) == pytest.approx(0.5, abs=1e-9)

    def test_entry_times_begin_what_is_expected(self):
        data = {**trial(60), "entry": np.full(60, 0.5)}
        data["months"] = data["months"] + 1.0
        late, early = (fit(x, relative_survival=OF, **COLUMNS) for x in (data, {**data, "entry": np.zeros(60)}))
        a, b = (f.data.arms["new"].background for f in (late, early))
        assert np.all(a.cumulative < b.cumulative)
        assert a.hazard.tolist() == b.hazard.tolist()

    def test_calendar_years_and_dates(self):
        data = {**trial(60), "year": ["2009-04-02" if k % 2 else 2009.25 for k in range(60)]}
        found = fit(data, relative_survival=RelativeSurvival(by_year(), "years"), **COLUMNS)
        one = fit(trial(60), relative_survival=OF, **COLUMNS)
        share = found.data.arms["new"].background.hazard / one.data.arms["new"].background.hazard
        assert np.all((share < 0.98**8) & (share > 0.98**18))
        assert found.matched.of.by_year

    def test_arms_together_and_the_bootstrap(self):
        found = fit(
            trial(120), relative_survival=OF, joint="old", bootstrap=50, **{**COLUMNS, "families": FAMILIES[:1]}
        )
        assert found.joint.patients.background is not None
        assert found.replicates["new"][0].failed == 0
        assert found.frame("joint").iloc[0, 0] == "weibull"


@pytest.fixture(scope="module")
def found():
    return fit(trial(200), "mine", relative_survival=OF, **COLUMNS)


class TestShown:
    def test_all_causes_beside_the_data(self, found):
        best = found.summaries["new"][0].fit
        shown = found.shown("new", best)
        t = np.array([6.0, 30.0, 120.0])
        patients = found.data.people["new"]
        each = [
            np.exp(
                -expected_at(
                    TABLE, People(patients["age"], patients["sex"]), np.full(len(patients["age"]), years)
                ).cumulative
            ).mean()
            for years in t / 12.0
        ]
        assert shown.survival(t) == pytest.approx(np.array(each) * np.asarray(best.curve().survival(t)), rel=1e-9)
        assert float(shown.survival(shown.median)) == pytest.approx(0.5, abs=1e-9)
        step = 1e-3
        slope = (shown.cumulative_hazard(30.0 + step) - shown.cumulative_hazard(30.0 - step)) / (2 * step)
        assert float(shown.hazard(30.0)) == pytest.approx(float(slope), rel=0.02)

    def test_tables_say_what_they_are(self, found):
        table = found.frame("relative_survival")
        rows = {tuple(row[1:3]): row for row in table.itertuples(index=False) if row[0] == "new"}
        assert rows["Kaplan-Meier", "all causes"][3] == found.data.arms["new"].events
        assert rows["general population", "all causes"][3] == pytest.approx(found.data.arms["new"].expected)
        for family in ("weibull", "mixture_cure_weibull"):
            relative, whole = (np.array(rows[family, what][4:10]) for what in ("relative survival", "all causes"))
            assert np.all(whole < relative)
            people = np.array(rows["general population", "all causes"][4:10])
            assert whole == pytest.approx(relative * people, rel=1e-9)
        for name in ("choosing", "estimates", "relative_survival"):
            assert "relative survival" in found.table(name).title
        assert "deaths were expected of the general population" in found.sentences[0]

    def test_hazards_that_are_stated_give_relative_survival(self):
        data = {**trial(80), "bhazard": np.full(80, 1e-3)}
        stated = fit(data, relative_survival=RelativeSurvival(), **COLUMNS)
        assert stated.people("new") is None
        first = stated.summaries["new"][0]
        assert first.survival[1] == pytest.approx(float(first.fit.curve().survival(24.0)), rel=1e-12)
        assert "compare among themselves" in stated.table("choosing").note
        words = " ".join(t.get_text() for t in stated.figure("fits_new").findobj(lambda o: hasattr(o, "get_text")))
        assert "lies above the data's survival" in " ".join(words.split())

    def test_figures(self, found):
        assert {"fits_new", "extrapolation_new", "hazard_new"} <= set(found.figures)
        words = " ".join(
            t.get_text() for t in found.figure("extrapolation_new").findobj(lambda o: hasattr(o, "get_text"))
        )
        assert "general population" in words
        assert "matched to each patient" in words


FAULTS = [
    ("sex", "3", "--female-value"),
    ("age", "-1", "0 to 120"),
    ("age", "24000", "365.25"),
    ("age", "old", "number"),
    ("sex", "", "sex"),
]


@pytest.mark.parametrize(("column", "cell", "words"), FAULTS)
def test_faults_of_people_have_their_line(column, cell, words, tmp_path):
    data = trial(20)
    data[column] = [cell if k == 3 else value for k, value in enumerate(data[column])]
    (tmp_path / "data.csv").write_text(csv_text(data), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        fit(tmp_path / "data.csv", relative_survival=OF, **COLUMNS)
    assert words in str(caught.value)
    assert ":5" in str(caught.value)


def test_negative_hazards_are_refused_at_every_door(tmp_path):
    data = {**trial(20), "bh": np.where(np.arange(20) == 2, -0.1, 0.01)}
    (tmp_path / "data.csv").write_text(csv_text(data), encoding="utf-8")
    for given in (tmp_path / "data.csv", data):
        with pytest.raises(InputError, match="expected 0 or more"):
            fit(given, relative_survival=RelativeSurvival(background="bh"), **COLUMNS)


def test_words_for_women():
    data = {**trial(20), "sex": np.where(trial(20)["sex"] == "female", 2, 1)}
    found = fit(data, relative_survival=replace(OF, female_value="2"), **COLUMNS)
    assert found.data.people["new"]["sex"].tolist() == (data["sex"][data["arm"] == "new"] == 2).astype(float).tolist()
    with pytest.raises(InputError, match="--female-value"):
        fit(data, relative_survival=OF, **COLUMNS)
    with pytest.raises(InputError, match="no 'F' in the column"):
        fit(data, relative_survival=replace(OF, female_value="F"), **COLUMNS)


def test_progression_is_refused():
    with pytest.raises(InputError, match="neither progression nor the end of treatment"):
        fit(trial(20), "mine", "pfs", relative_survival=OF, **COLUMNS)


def test_true_does_not_say_over_what():
    with pytest.raises(InputError, match="a RelativeSurvival, which says over what"):
        fit(trial(20), relative_survival=True, **COLUMNS)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((None, {"age_column": "age"}), "life table of the general population"),
        ((None, {"age_column": "age", "background": "bh"}), "one of both"),
        (("a.b", {"age_column": "age"}, (60.0, 0.4)), "mean age and sexes"),
        (("a.b", {}, (60.0, None)), "--female"),
        (("a.b", {}), "no project"),
    ],
)
def test_options_that_do_not_go_together(given, words):
    with pytest.raises(InputError) as caught:
        relative_survival(*given)
    assert words in str(caught.value)


class TestCommand:
    def run(self, folder, *more):
        started = ["2009-04-02", "2011-10-30"] * 30
        (folder / "data.csv").write_text(csv_text({**trial(60), "started": started}), encoding="utf-8")
        words = ["fit", str(folder / "data.csv"), "--name", "trial", "--time-unit", "months", "--time", "months"]
        words += ["--event", "died", "--no-figures", "--project", str(folder), "--out", str(folder / "out")]
        return CliRunner().invoke(main, [*words, "--source", "mhra_2025", *more])

    def test_a_life_table_of_inputs(self, tmp_path):
        path = project(tmp_path)
        ran = self.run(tmp_path, "--relative-survival", "--life-table", "test.life_tables.flat")
        assert ran.exit_code == 0, ran.output
        assert "deaths were expected of the general population" in ran.output
        assert (tmp_path / "out" / "tables" / "relative_survival.csv").is_file()
        curve = {"fit": "survival.trial.os", "arm": "new", "distribution": "weibull"}
        scenario = load(str(another(path, "by_command", {"strategies.new.os": curve})))
        assert scenario.curves["strategies.new.os"].relative_survival

    def test_life_tables_by_calendar_year(self, tmp_path):
        project(tmp_path)
        table = by_year()
        rows = [
            f"{year},{age:.0f},{float(table.tables[k].qx_male[int(age)])!r},{float(table.tables[k].qx_female[int(age)])!r}"
            for k, year in enumerate(YEARS)
            for age in AGES
        ]
        (tmp_path / "inputs/test/years.csv").write_text(
            "year,age,qx_male,qx_female\n" + "\n".join(rows) + "\n", "utf-8"
        )
        node = {
            "file": "years.csv",
            "kind": "life_tables_by_year",
            "columns": {"year": "y", "age": "y", "qx_male": "q", "qx_female": "q"},
            "source": ["netcea_assumptions"],
            "status": "assumption",
            "note": "a test",
        }
        (tmp_path / "inputs/test/by_year.yaml").write_text(yaml.safe_dump({"years": node}), "utf-8")
        table_option = ("--relative-survival", "--life-table", "test.by_year.years")
        missing = self.run(tmp_path, *table_option)
        assert missing.exit_code == 2
        assert "--year-column" in missing.output
        ran = self.run(tmp_path, *table_option, "--year-column", "started")
        assert ran.exit_code == 0, ran.output
        said = yaml.safe_load((tmp_path / "inputs/survival/trial.yaml").read_text("utf8"))["os"]["fitted"]
        assert said["background"]["calendar_years"] is True
        assert said["columns"]["year"] == "started"

    def test_columns_without_the_wish(self, tmp_path):
        project(tmp_path)
        ran = self.run(tmp_path, "--age-column", "age", "--background", "bh")
        assert ran.exit_code == 2
        assert "--age-column" in ran.output
        assert "--background" in ran.output

    def test_a_digitised_curve_by_its_mean_age_and_sexes(self, tmp_path):
        path = project(tmp_path)
        (tmp_path / "curve.csv").write_text("time,survival\n0,1\n3,0.9\n6,0.8\n12,0.6\n18,0.45\n24,0.35\n", "utf-8")
        words = ["fit", str(tmp_path / "curve.csv"), "--name", "curve", "--time-unit", "months", "--patients", "100"]
        words += ["--relative-survival", "--life-table", "test.life_tables.flat", "--keep-failed", "--source"]
        words += ["mhra_2025", "--project", str(tmp_path), "--out", str(tmp_path / "out"), "--no-figures"]
        alone = CliRunner().invoke(main, words)
        assert alone.exit_code == 2
        assert "without age and sex" in alone.output
        ran = CliRunner().invoke(main, [*words, "--age", "66", "--female", "0.45"])
        assert ran.exit_code == 0, ran.output
        said = yaml.safe_load((tmp_path / "inputs/survival/curve.yaml").read_text("utf8"))["os"]["fitted"]
        assert (said["background"]["matched_by"], said["background"]["age"]) == ("mean_age_and_sexes", 66.0)
        curve = {"fit": "survival.curve.os", "arm": "all", "distribution": "exponential"}
        scenario = load(str(another(path, "of_a_curve", {"strategies.new.os": curve})))
        assert scenario.curves["strategies.new.os"].background_mortality == "excess"
