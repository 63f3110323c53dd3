"""What a user chooses families by: hazard ratios over time, the general population, figures, three sentences."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from netcea.cli.main import main
from netcea.cohort.mortality import LifeTable
from netcea.errors import InputError
from netcea.evidence.fit import fit
from netcea.evidence.population import GeneralPopulation, general_population
from netcea.fitting.candidates import Candidate

ROOT = Path(__file__).parents[2]
LUNG = ROOT / "tests" / "reference_data" / "lung.csv"
FEW = [Candidate("exponential"), Candidate("weibull")]
THREE = [*FEW, Candidate("log_normal")]
TABLE = "mortality.life_tables.england_2018_2020"


def flat(qx, age=50.0, female=0.5):
    """People of whom so many die in each year of age."""
    columns = [qx] * 101
    return GeneralPopulation(LifeTable.from_columns(list(range(101)), columns, columns), "flat", age, female)


def text_of(figure):
    """All words of a figure."""
    words = [text.get_text() for text in figure.texts]
    words += [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    return " ".join(words)


def arms(treated, control, names=("new", "control"), **options):
    """Fit two arms whose patients all had the event."""
    columns = {
        "time": np.concatenate([treated, control]),
        "event": np.ones(len(treated) + len(control)),
        "arm": [names[0]] * len(treated) + [names[1]] * len(control),
    }
    return fit(columns, **{"families": FEW, **options})


def weibull_times(shape, n, scale=10.0):
    """Quantiles of a Weibull curve."""
    return scale * (-np.log((np.arange(n) + 0.5) / n)) ** (1.0 / shape)


@pytest.fixture(scope="module")
def lung():
    return fit(LUNG, "lung", time_unit="days", families=THREE, population=flat(0.02))


class TestTables:
    def test_hazard_ratios_are_those_of_the_curves(self, lung):
        frame = lung.frame("hazard_ratios").set_index("family")
        rate = {arm: lung.fitted(arm)[0].estimates["rate"] for arm in ("male", "female")}
        exponential = frame.loc["exponential"]
        assert (exponential["arm"], exponential["control"]) == ("female", "male")
        columns = ["hazard_ratio_end", *(f"hazard_ratio_{y}" for y in (1, 2, 5, 10, 20))]
        assert exponential[columns].astype(float).tolist() == pytest.approx([rate["female"] / rate["male"]] * 6)
        (a, s), (a0, s0) = (lung.fitted(arm)[1].estimates.values() for arm in ("female", "male"))
        t = 5.0 * 365.25
        expected = (a / s * (t / s) ** (a - 1.0)) / (a0 / s0 * (t / s0) ** (a0 - 1.0))
        assert frame.loc["weibull"]["hazard_ratio_5"] == pytest.approx(expected, rel=1e-10)

    def test_differences_are_coxs_and_r_s(self, lung):
        row = lung.frame("differences").iloc[0]
        assert np.log(row["hazard_ratio"]) == pytest.approx(-0.5310235376195065, rel=1e-7)  # R's coxph, male against
        assert row["chi_squared"] == pytest.approx(2.863235149320588, rel=1e-7)
        assert row["p_value"] == pytest.approx(0.0906250642, rel=1e-6)
        assert row["acceleration_low"] < row["acceleration"] < row["acceleration_high"]

    def test_one_arm_has_no_ratios(self):
        found = fit({"time": [1.0, 2.0, 3.0], "event": [1, 1, 0]}, families=FEW)
        assert found.tables == ("choosing", "estimates", "kaplan_meier")
        assert set(found.figures) == {
            *(f"{name}_all" for name in ("fits", "extrapolation", "hazard", "hazard_extrapolation")),
            "log_cumulative_hazard",
        }

    def test_the_control_arm_is_found_by_its_name(self):
        assert arms(weibull_times(1.0, 9), weibull_times(1.2, 9)).control == "control"
        assert arms(weibull_times(1.0, 9), weibull_times(1.2, 9), ("b", "a")).control == "b"
        assert arms(weibull_times(1.0, 9), weibull_times(1.2, 9), ("b", "a"), joint="a").control == "a"

    def test_when_a_hazard_falls_below_the_population(self):
        found = fit({"time": [6.0, 18.0], "event": [1, 1]}, families=FEW[:1], population=flat(0.7))  # 1 a year, 1.2
        assert found.frame("choosing")["below_population"].tolist() == [0.0]
        found = fit({"time": [6.0, 18.0], "event": [1, 1]}, families=FEW[:1], population=flat(0.6))  # 1 a year, 0.92
        assert found.frame("choosing")["below_population"].isna().all()
        assert "flat" in found.table("choosing").note
        assert "no hazard to 40 years" in found.table("choosing").note

    def test_a_falling_hazard_meets_the_population_where_it_should(self):
        """Weibull of shape 1/2, scale 1 year: h = 1 / (2 sqrt t) = 0.1 at 25 years; means of months come half later."""
        time = 12.0 * weibull_times(0.5, 4000, 1.0)
        found = fit({"time": time, "event": np.ones(4000)}, families=FEW[1:], population=flat(1.0 - np.exp(-0.1)))
        shape, scale = found.fitted("all")[0].estimates.values()
        exact = scale / 12.0 * (0.1 * scale / 12.0 / shape) ** (1.0 / (shape - 1.0))
        assert found.frame("choosing")["below_population"].iloc[0] == pytest.approx(exact, abs=1.5 / 12.0)


class TestPopulation:
    def test_from_a_project(self):
        people = general_population(TABLE, "63", "0.4", ROOT / "inputs")
        assert str(people) == "age 63, 40% women, england_2018_2020"
        survival = people.survival(np.array([0.0, 1.0, 30.0]))
        assert survival[0] == 1.0
        assert 0.98 < survival[1] < 0.995
        assert 0.1 < survival[2] < 0.3

    def test_nothing_named(self):
        assert general_population(None, None, None, None) is None

    @pytest.mark.parametrize(
        ("options", "messages"),
        [
            ((TABLE, "63", None), ["--female", "nothing", "--life-table and --age"]),
            ((TABLE, "old", "0.4"), ["--age", "'old'", "such as 63"]),
            ((TABLE, "63", "40%"), ["--female", "'40%'", "0.4"]),
            ((TABLE, "63", "40"), ["female", "write 0.4"]),
            ((TABLE, "-3", "0.4"), ["age", "0 to 120"]),
            ((TABLE, "nan", "0.4"), ["--age"]),
            (("mortality.life_tables.england_2018_2002", "63", "0.4"), ["--life-table", "england_2018_2020"]),
            (("population.norms", "63", "0.4"), ["--life-table"]),
        ],
    )
    def test_bad_options(self, options, messages):
        with pytest.raises(InputError) as error:
            general_population(*options, ROOT / "inputs")
        for message in messages:
            assert message in str(error.value)

    def test_the_command_takes_it(self, tmp_path):
        data = tmp_path / "data.csv"
        rows = [f"{t},{int(t < 12.0)}" for t in np.minimum(weibull_times(0.5, 20), 12.0)]
        data.write_text("\n".join(["time,event", *rows]), encoding="utf-8")
        command = ["fit", str(data), "--name", "x", "--time-unit", "months", "--no-files", "--project", str(ROOT)]
        population = ["--age", "63", "--female", "0.4", "--life-table", TABLE]
        found = CliRunner().invoke(main, [*command, *population])
        assert found.exit_code == 0, found.output
        assert "below the general population's" in found.output
        bad = CliRunner().invoke(main, [*command, "--age", "63"])
        assert bad.exit_code == 2
        assert "--life-table" in bad.output
        assert "--female" in bad.output
        assert [path.name for path in tmp_path.iterdir()] == ["data.csv"]


class TestFigures:
    def test_the_population_is_drawn_where_it_is_named(self, lung):
        figure = lung.figure("extrapolation_male")
        assert "general population" in text_of(figure)
        assert "flat" in text_of(figure)
        years = np.array([1.0, 2.0])
        assert lung.population.survival(years) == pytest.approx([0.98, 0.98**2], rel=1e-12)

        def is_flat(line):
            return np.allclose(line.get_ydata(), 0.98 ** np.asarray(line.get_xdata()))

        drawn = [line for line in figure.axes[0].lines if is_flat(line)]
        assert len(drawn) == 1
        without = fit(LUNG, "lung", time_unit="days", families=FEW)
        for name in ("extrapolation_male", "hazard_extrapolation_male"):
            assert "not shown" in text_of(without.figure(name))

    def test_the_smoothed_hazard_and_its_method(self, lung):
        figure = lung.figure("hazard_male")
        words = text_of(figure)
        assert "Epanechnikov" in words
        assert "95% band" in words
        smooth = lung.smoothed["male"]
        assert any(np.array_equal(line.get_ydata(), smooth.hazard * 365.25) for line in figure.axes[0].lines)

    def test_residuals_with_their_test(self, lung):
        words = text_of(lung.figure("schoenfeld_female"))
        assert "p = 0.091: proportional hazards are not refused" in words
        refused = arms(weibull_times(3.0, 60), weibull_times(0.7, 60))
        assert "p = below 0.001: proportional hazards are refused" in text_of(refused.figure("schoenfeld_new"))

    def test_quantiles_stand_on_the_line_of_the_factor(self):
        control = weibull_times(1.3, 40)
        figure = arms(2.0 * control, control).figure("quantiles_new")
        points = next(line for line in figure.axes[0].lines if line.get_linestyle() == "None")
        assert points.get_ydata() == pytest.approx(2.0 * points.get_xdata(), rel=1e-12)
        assert "times 2 (95%" in text_of(figure)

    def test_log_cumulative_hazard_is_log_minus_log(self):
        figure = arms(weibull_times(1.3, 40), weibull_times(0.8, 40)).figure("log_cumulative_hazard")
        for line in figure.axes[0].lines:
            x, y = line.get_xdata(), line.get_ydata()
            assert len(x) == 39  # the last event leaves nobody
            assert y[19] == pytest.approx(np.log(-np.log(0.5)), abs=1e-9)

    @pytest.mark.parametrize(
        ("columns", "word"),
        [
            ({"time": [1.0, 2.0, 3.0, 4.0], "event": [1, 1, 0, 0], "arm": list("aabb")}, "no event in the second"),
            ({"time": [1.0, 2.0, 3.0], "event": [1, 1, 1], "arm": list("aab")}, "no hazard ratio"),
            ({"time": [5.0] * 8, "event": [1] * 8, "arm": list("aaaabbbb")}, "against"),
        ],
        ids=["no event in an arm", "three patients", "ties everywhere"],
    )
    def test_bad_data_are_answered_in_words(self, columns, word):
        found = fit(columns, families=THREE, population=flat(0.01))
        for name in found.tables:
            found.table(name)
        for name in found.figures:
            found.figure(name)
        assert len(found.sentences) == 3
        assert word in " ".join(found.sentences)


class TestSentences:
    def test_two_arms_in_three_sentences(self, lung):
        fits, beyond, between = lung.sentences
        alone = "weibull has the lowest AIC, and of 2 others none is within 4 of it"
        assert fits == f"What fits: male, {alone}; female, {alone}."
        assert "at 1,022 days, where they end" in beyond
        assert "at 5 years" in beyond
        assert "not refused (Grambsch-Therneau p = 0.091, 165 events), which is no proof" in between
        assert "hazard ratio of 0.588 (95% 0.424 to 0.816)" in between

    def test_how_many_are_within_two_and_four(self):
        """With quantiles of an exponential curve the Weibull is 2 of AIC above it, one parameter for nothing."""
        found = fit({"time": weibull_times(1.0, 300), "event": np.ones(300)}, families=THREE)
        fits, beyond, tail = found.sentences
        assert "all, exponential has the lowest AIC (of 2 others 1 within 2 of it, 1 within 4: " in fits
        assert "hardly told apart by the data; 1 clearly worse)" in fits
        assert "the 2 near ones agree" in beyond
        assert "300 of 300 patients had the event" in tail
        assert "on the family alone" in tail

    def test_tails_that_disagree(self):
        """Few patients, half of them censored early: exponential and log-normal fit alike, and part later."""
        time = np.minimum(weibull_times(1.0, 20), 7.0)
        found = fit({"time": time, "event": (time < 7.0).astype(float)}, families=THREE)
        assert "the 3 near ones disagree" in found.sentences[1]

    def test_proportional_hazards_refused(self):
        found = arms(weibull_times(3.0, 80), weibull_times(0.7, 80))
        assert "new against control, proportional hazards are refused" in found.sentences[2]
        assert "does not describe the data" in found.sentences[2]

    def test_one_that_fits_alone(self):
        found = fit({"time": weibull_times(3.0, 300), "event": np.ones(300)}, families=THREE)
        assert "all, weibull has the lowest AIC, and of 2 others none is within 4 of it" in found.sentences[0]
        assert "weibull alone gives a survival of" in found.sentences[1]

    def test_no_family_could_be_fitted(self):
        found = fit({"time": [5.0, 6.0], "event": [0, 0]}, families=FEW)
        assert "all, no family could be fitted (no event" in found.sentences[0]
