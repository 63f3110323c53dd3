"""Numbers with overrides: what is shared, what is not, and nodes that come from another folder."""

import shutil
from pathlib import Path

import pytest

from netcea.errors import InputError, Place
from netcea.loading.merging.inputs import Inputs
from netcea.loading.merging.override import Override
from netcea.loading.resolving.tables import content_of

ROOT = Path(__file__).parents[3]
PRICE = "costs.drug.cabozantinib.price_per_pack"
TABLE = "mortality.life_tables.england_2018_2020"


@pytest.fixture
def inputs():
    return Inputs(ROOT / "inputs")


@pytest.fixture
def elsewhere(tmp_path):
    """A copy with another price, another life table, and a source of its own."""
    folder = tmp_path / "inputs"
    shutil.copytree(ROOT / "inputs", folder)
    drug = folder / "costs" / "drug.yaml"
    drug.write_text(drug.read_text().replace("5143.00", "4000.00"))
    table = next((folder / "mortality").glob("*.csv"))
    lines = [
        line.replace("0.", "0.1", 1) if line.startswith("70,") else line for line in table.read_text().splitlines()
    ]
    table.write_text("\n".join(lines) + "\n")
    with (folder / "sources.yaml").open("a") as file:
        file.write("elsewhere_only: {title: A source, licence: none}\n")
    return Inputs(folder)


def life_table(inputs):
    return next(a for a, raw in inputs.all_addresses() if isinstance(raw, dict) and raw.get("kind") == "life_table")


def test_a_number_alone_keeps_the_rest_of_its_quantity(inputs):
    changed = inputs.with_overrides([Override(PRICE, 1.0, Place("--set"))])
    assert (changed.node(PRICE).value, changed.node(PRICE).unit) == (1.0, inputs.node(PRICE).unit)
    assert changed.place(f"{PRICE}.value").file == "--set"
    assert inputs.node(PRICE).value == 5143.0
    other = "costs.drug.cabozantinib.pack_days"
    assert changed.node(other) is inputs.node(other), "what is not changed is checked once"


def test_what_stands_where(inputs):
    assert inputs.exists(PRICE)
    assert inputs.exists("costs.drug.cabozantinib")
    assert not inputs.exists("costs.drug.cabozantinb")
    assert inputs.knows_file_of("costs.drug.nothing.at.all")
    assert not inputs.knows_file_of("settings.horizon_years")
    with pytest.raises(KeyError):
        inputs.node("costs.drug.cabozantinib")
    place = inputs.place(f"{PRICE}.unit")
    assert (Path(place.file).name, place.address) == ("drug.yaml", f"{PRICE}.unit")
    assert place.path.read_text().splitlines()[place.line - 1].lstrip().startswith("unit:")


def test_a_fault_of_a_number_stands_at_its_own_line(inputs):
    changed = inputs.with_overrides([Override(PRICE, {"value": "x", "unit": "GBP"}, Place("mine.yaml", 4))])
    with pytest.raises(InputError) as raised:
        changed.node(PRICE)
    assert {(p.file, p.line) for p in raised.value.problems} == {("mine.yaml", 4)}
    assert f"{PRICE}.value" in {p.address for p in raised.value.problems}


def test_nodes_of_another_folder_come_with_their_tables_and_sources(inputs, elsewhere):
    table = life_table(inputs)
    brought = inputs.with_nodes_of(elsewhere, [PRICE, table])
    assert brought.node(PRICE).value == 4000.0
    assert inputs.node(PRICE).value == 5143.0
    own, theirs = content_of(inputs, table, inputs.node(table)), content_of(elsewhere, table, elsewhere.node(table))
    assert own.sha256 != theirs.sha256
    assert content_of(brought, table, brought.node(table)).sha256 == theirs.sha256
    assert "elsewhere_only" in brought.sources()
    assert "elsewhere_only" not in inputs.sources()
    with pytest.raises(InputError, match="same folder of inputs/"):  # without being brought it lies elsewhere
        content_of(inputs.with_overrides([elsewhere.as_override(table)]), table, elsewhere.node(table))


def test_a_suggestion_for_an_address_that_is_misspelt(inputs):
    assert inputs.suggestion("costs.drug.cabozantinb.price_per_pack") == f"did you mean '{PRICE}'?"
    assert inputs.suggestion("price_per_pack").startswith("an address is given in full, such as costs.")
