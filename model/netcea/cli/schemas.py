"""The published JSON schemas: of scenario files, of inputs, of results.json, of batch files."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, TypeAdapter

from netcea.analyses.registry import ANALYSES
from netcea.batch.file import batch_file
from netcea.quantities.descriptions import describe
from netcea.quantities.fitted import FittedEndpoint, FittedFamily
from netcea.quantities.quantity import Quantity
from netcea.quantities.tables import CorrelationTable, DataTable
from netcea.quantities.units import UNITS
from netcea.reporting.json_text import schema_of
from netcea.reporting.run_record import RunRecord
from netcea.scenario.scenario import ScenarioFile, ScenarioHeader

DRAFT = "https://json-schema.org/draft/2020-12/schema"
OPTIONAL = ("prices", "marking", "warnings")
"""Entries of the run record that are there only where there is something to say."""
ABOUT = (
    "One result, or a list of several (--json with several scenarios). Per patient; discounted unless a name says "
    "undiscounted; GBP of the scenario's price year. What is not finite is null. Names are stable: one that "
    "changes its meaning or goes away raises `format`."
)


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
        "FittedEndpoint": FittedEndpoint,
        "FittedFamily": FittedFamily,
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
                "fitted": {
                    "description": "Written by `netcea fit`: where a fit to patients comes from, or how a family fits.",
                    "anyOf": [{"$ref": "#/$defs/FittedEndpoint"}, {"$ref": "#/$defs/FittedFamily"}],
                },
            },
            "additionalProperties": {"$ref": "#/$defs/Node"},
        },
    }
    return {"$schema": DRAFT, "title": "netcea inputs", "$ref": "#/$defs/Node", "$defs": definitions}


def results_schema(analysis: str = "base_case") -> dict[str, Any]:
    """Return the schema of results.json of an analysis: the run record, and the record of the analysis."""
    chosen = ANALYSES[analysis]
    schema, found = schema_of(RunRecord), schema_of(chosen.record)
    schema["$defs"] = {**schema.get("$defs", {}), **found.pop("$defs", {})}
    if chosen.nested:
        schema["$defs"][chosen.record.__name__] = found
        schema["properties"]["results"] = {
            "$ref": f"#/$defs/{chosen.record.__name__}",
            "description": "What the analysis found.",
        }
        schema["required"].append("results")
    else:
        schema["properties"] |= found["properties"]
        schema["required"] += found["required"]
    for name in OPTIONAL:
        schema["required"] = [key for key in schema["required"] if key != name]
    schema["properties"]["analysis"] = {**schema["properties"]["analysis"], "const": analysis}
    schema["$defs"]["Result"] = {k: v for k, v in schema.items() if k != "$defs"}
    title = f"netcea results: {analysis}"
    one_or_several = {"oneOf": [{"$ref": "#/$defs/Result"}, {"type": "array", "items": {"$ref": "#/$defs/Result"}}]}
    return {"$schema": DRAFT, "title": title, "description": ABOUT, **one_or_several, "$defs": schema["$defs"]}


def batch_schema() -> dict[str, Any]:
    """Return the schema of a batch file."""
    block = batch_file()
    describe(block)
    return {**block.model_json_schema(), "$schema": DRAFT, "title": "netcea batch"}


def schema_text(what: str, analysis: str = "base_case") -> str:
    """Return a schema as text: 'scenario', 'inputs', 'batch', or 'results' of an analysis."""
    makers = {"scenario": scenario_schema, "inputs": inputs_schema, "batch": batch_schema}
    made = results_schema(analysis) if what == "results" else makers[what]()
    return json.dumps(made, indent=2, ensure_ascii=True) + "\n"
