"""Numbers of options have limits at both ends, and every door answers beyond them alike: with what more would take."""

import pytest
from click.testing import CliRunner

from helpers.batch_runs import write_batch
from netcea.analyses.registry import ANALYSES
from netcea.blocks import Block
from netcea.cli.main import main
from netcea.errors import InputError
from netcea.loading import load
from netcea.loading.option_values import options_with
from netcea.scenario.options import Analyses, PsaOptions

BEYOND = {
    ("psa", "draws"): (999999999999, "at most 10,000,000; results of all draws are kept in memory"),
    ("psa", "seed"): (10**30, "at most"),
    ("voi", "draws"): (10**7, "at most 200,000; every number of every draw is kept in memory"),
    ("threshold", "probabilistic_draws"): (10**7, "at most 200,000; totals of every draw are kept in memory"),
    ("threshold", "ladder_step"): (1e-9, "at least 0.001; a step of 0.001 makes a thousand rungs"),
    ("psa", "until_mcse"): (1e300, "at most 1,000"),
}


@pytest.mark.parametrize(("analysis", "name"), BEYOND)
def test_every_door_refuses_alike(tmp_path, analysis, name):
    value, words = BEYOND[analysis, name]
    with pytest.raises(InputError) as raised:
        options_with(ANALYSES[analysis].options(), **{name: value})
    assert words in str(raised.value)
    with pytest.raises(InputError) as raised:
        load("pnet", {f"analyses.{analysis}.{name}": value})
    assert words in str(raised.value)
    file = write_batch(tmp_path / "b.yaml", scenarios=["pnet"], analyses={analysis: {name: value}})
    ran = CliRunner().invoke(main, ["batch", str(file), "--out", str(tmp_path / "o"), "--quiet"])
    assert ran.exit_code == 2
    assert words in ran.output


def test_the_size_is_said():
    with pytest.raises(InputError, match="these would take about 100,000 GB"):
        options_with(PsaOptions(), draws=10**12)
    with pytest.raises(InputError, match="at most 1,000,000 draws with bcea"):
        options_with(PsaOptions(), draws=2_000_000, bcea=True)


def numbers_in(schema, path=""):
    """Yield every number of a schema: where it is, its own schema."""
    if schema.get("type") in ("integer", "number"):
        yield path, schema
    for key, child in schema.get("properties", {}).items():
        yield from numbers_in(child, f"{path}.{key}")
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from numbers_in(schema[key], path)
    for child in schema.get("anyOf", []):
        yield from numbers_in(child, path)


VALUES = ("Bounds", "Axis", "Curve")
"""Blocks of values of the model, which have limits of their own."""


def test_every_number_of_options_has_an_upper_limit():
    schema = Analyses.model_json_schema()
    blocks = {name: block for name, block in schema["$defs"].items() if name not in VALUES}
    open_ended = [
        f"{name}{path}"
        for name, block in blocks.items()
        for path, number in numbers_in(block)
        if not {"maximum", "exclusiveMaximum"} & set(number)
    ]
    assert open_ended == []
    assert issubclass(Analyses, Block)
