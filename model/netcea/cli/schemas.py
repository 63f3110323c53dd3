"""The published JSON schemas: of scenario files, of inputs, of results.json, of batch files."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from pydantic import BaseModel, TypeAdapter

from netcea.batch.file import BatchFile
from netcea.quantities.descriptions import describe
from netcea.quantities.quantity import CorrelationTable, DataTable, Quantity
from netcea.quantities.units import UNITS
from netcea.scenario.scenario import ScenarioFile, ScenarioHeader

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def scenario_schema() -> dict[str, Any]:
    """Return the schema of a scenario file: a complete one, or one that extends another."""
    for block in (ScenarioHeader, ScenarioFile):
        describe(block)
    schema = TypeAdapter(ScenarioHeader | ScenarioFile).json_schema()
    schema["$schema"] = DRAFT
    schema["title"] = "netcea scenario"
    choices = schema.pop("anyOf")
    schema["if"] = {"type": "object", "required": ["extends"]}
    schema["then"], schema["else"] = choices
    return schema


def inputs_schema() -> dict[str, Any]:
    """Return the schema of a file of inputs/: groups of quantities, tables and correlations, to any depth."""
    blocks: dict[str, type[BaseModel]] = {
        "Quantity": Quantity,
        "DataTable": DataTable,
        "CorrelationTable": CorrelationTable,
    }
    definitions: dict[str, Any] = {}
    for name, block in blocks.items():
        describe(block)
        schema = block.model_json_schema(ref_template="#/$defs/{model}")
        definitions.update(schema.pop("$defs", {}))
        definitions[name] = schema
    definitions["Quantity"]["properties"]["unit"] = {
        **definitions["Quantity"]["properties"]["unit"],
        "enum": list(UNITS),
    }
    definitions["Node"] = {
        "type": "object",
        "if": {"anyOf": [{"required": [key]} for key in ("value", "unit", "status", "uncertainty")]},
        "then": {
            "if": {"required": ["names"]},
            "then": {"$ref": "#/$defs/CorrelationTable"},
            "else": {
                "if": {"required": ["file"]},
                "then": {"$ref": "#/$defs/DataTable"},
                "else": {"$ref": "#/$defs/Quantity"},
            },
        },
        "else": {
            "properties": {
                "about": {"type": "object", "additionalProperties": {"type": "string"}},
                "arms": {
                    "type": "array",
                    "items": {"type": "string"},
                    "minItems": 1,
                    "uniqueItems": True,
                    "description": "Of a trial: the names of its arms, the reference arm first.",
                },
            },
            "additionalProperties": {"$ref": "#/$defs/Node"},
        },
    }
    return {"$schema": DRAFT, "title": "netcea inputs", "$ref": "#/$defs/Node", "$defs": definitions}


def results_schema() -> dict[str, Any]:
    """Return the schema of results.json."""
    text = resources.files("netcea.reporting").joinpath("results.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def batch_schema() -> dict[str, Any]:
    """Return the schema of a batch file."""
    describe(BatchFile)
    return {**BatchFile.model_json_schema(), "$schema": DRAFT, "title": "netcea batch"}


def schema_text(what: str) -> str:
    """Return a schema as text: 'scenario', 'inputs', 'results' or 'batch'."""
    makers = {"scenario": scenario_schema, "inputs": inputs_schema, "results": results_schema, "batch": batch_schema}
    made = makers[what]()
    return json.dumps(made, indent=2, ensure_ascii=True) + "\n"
