"""Options of a choice: each once, named apart, and what every scenario takes."""

from __future__ import annotations

from netcea import load
from netcea.workbook.choice import Choice, Option
from netcea.workbook.variants import variants_of


def test_the_same_key_is_the_same_option_and_words_are_made_unlike():
    found = [Option("a", 1, "one"), Option("b", 2, "one"), Option("a", 9, "other words"), Option("c", 3, "one")]
    choice = Choice.of("x", "what x is", found)
    assert choice.options == ("one", "one (2)", "one (3)")
    assert choice.keys == ("a", "b", "c")
    assert choice.values == (1, 2, 3)
    assert choice.taken == (0, 1, 0, 2)
    assert choice.differs


def test_a_choice_among_fixed_options_has_those_that_nobody_takes():
    choice = Choice.among("x", "x", {"start": "at the start", "end": "at the end"}, ["end", "end"])
    assert (choice.options, choice.keys) == (("at the start", "at the end"), ("start", "end"))
    assert (choice.taken, choice.differs) == ((1, 1), False)


def test_what_two_scenarios_differ_in():
    variants = variants_of([load("pnet"), load("pnet_discount_0"), load("pnet_comparators")])
    assert [title for title, _ in variants.refused] == [variants.given[2].file.name]
    assert variants.given[:2] == variants.scenarios
    assert not [choice.address for choice in variants.all_choices if choice.differs]
    differing = [address for address in variants.numbers if len(set(variants.values(address))) > 1]
    assert differing == ["settings.discount_rate_costs", "settings.discount_rate_qalys"]
    assert variants.taking(variants.choices["population.norms"]) == [variants.base]


def test_choices_of_curves_name_what_they_refer_to():
    variants = variants_of([load("pnet"), load("pnet_os_lifelong_ratio")])
    curve = variants.curves["strategies.cabozantinib.os"]
    assert curve.relative_to == "strategies.best_supportive_care.os"
    fades = next(f for f in curve.waning.values if f)
    assert curve.fades_to(fades) == "strategies.best_supportive_care.os"
    assert curve.waning.differs
