"""inputs.json: every choice and every number that went into a run, written beside its results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from netcea.scenario.inputs_record import record_of
from netcea.scenario.scenario import Scenario
from netcea.storage.atomic import atomic_write_text

INPUTS_RECORD: Final = "inputs.json"


def write_inputs_record(scenario: Scenario, folder: Path) -> None:
    """Write inputs.json into a folder that is made durable as a whole: the same bytes for the same scenario."""
    marking = {"marking": scenario.prices.marking} if scenario.prices.marking else {}
    text = json.dumps({**record_of(scenario).as_json(), **marking}, indent=1, sort_keys=True, ensure_ascii=True)
    atomic_write_text(folder / INPUTS_RECORD, text + "\n", durable=False)
