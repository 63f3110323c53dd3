"""What `netcea adjust` writes beside tables and figures: hazard ratios for inputs/, adjusted times of patients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from netcea.evidence.family_lines import key_text, yaml_lines, yaml_text
from netcea.fitting.switching.estimate import Estimate
from netcea.fitting.switching.methods import METHODS, NoEstimate
from netcea.plain_number import read

if TYPE_CHECKING:
    from netcea.evidence.adjusted_trial import AdjustedTrial


def group_name(endpoint: str) -> str:
    """Return the name of the group of hazard ratios of an endpoint in the file of inputs/."""
    return f"{endpoint}_by_switching_method"


def section(found: AdjustedTrial) -> str:
    """Return the hazard ratio of each method as YAML, with its uncertainty, source and what it rests on."""
    return "\n".join([f"{key_text(group_name(found.endpoint))}:", *_ratios(found)]) + "\n"


def _ratios(found: AdjustedTrial) -> Iterator[str]:
    data = found.data
    refused = {name: one.reason for name, one in found.estimates.items() if isinstance(one, NoEstimate)}
    told: dict[str, object] = {
        "data": data.name,
        "sha256": data.sha256,
        "control": data.arms[0],
        "treatment": data.arms[1],
        "date": found.date,
        "refused": refused,
    }
    yield f"  about: {yaml_text(f'Hazard ratio of {data.arms[1]} against {data.arms[0]} by method; {_facts(told)}')}"
    for name, one in found.estimates.items():
        if isinstance(one, Estimate):
            se, basis = found.standard_error(name) or (one.standard_error, one.interval_from)
            method = METHODS[name]
            note = f"{method.label}. Assumes: {method.assumption}. Standard error: {basis}"
            yield f"  {key_text(name)}:"
            yield "    hazard_ratio:"
            number = {
                "value": one.hazard_ratio,
                "unit": "ratio",
                "uncertainty": {"log_normal": {"se_log": se}},
                "source": list(found.source),
                "status": "derived",
                "label": f"Hazard ratio, {found.endpoint.upper()}, {method.label}, {found.name}",
                "note": f"{note}. {one.note}" if one.note else note,
            }
            yield from yaml_lines(number, 6)


def _facts(told: Mapping[str, object]) -> str:
    return "; ".join(f"{key}: {value}" for key, value in told.items() if value)


def adjusted_times(found: AdjustedTrial) -> dict[str, str]:
    """Return path -> text of a file for each method: every patient's time had nobody switched."""
    made = {}
    for name, one in found.estimates.items():
        if isinstance(one, Estimate) and one.times is not None:
            lines = [
                f"{read(t, 17)},{int(e)},{found.data.arms[int(arm)]}\n"
                for t, e, arm in zip(one.times.time, one.times.event, found.patients.treated, strict=True)
            ]
            made[f"patients/{name}.csv"] = "time,event,arm\n" + "".join(lines)
    return made
