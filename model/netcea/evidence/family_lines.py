"""A family that was fitted, as lines of YAML in inputs/: every number with unit, uncertainty, source and status."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from netcea.draws import from_real_line
from netcea.fitting.joint_fit import AllArms
from netcea.fitting.trial import RATIO
from netcea.quantities.fit_keys import FITTED
from netcea.quantities.fitted import FittedFamily

COVARIANCE: Final = "covariance"
UNKNOWN: Final = "a figure that the curve meets was published without an interval"
"""Why parameters have no uncertainty."""


class Told(NamedTuple):
    """What the numbers of a family say of themselves.

    Attributes
    ----------
    label : str
        Endpoint, trial and arm.
    source : sequence of str
        Keys of sources.yaml.
    note : str
        What they were estimated from.
    covariance : str
        What their covariance is; empty where it is not known.
    """

    label: str
    source: Sequence[str]
    note: str
    covariance: str


def family_lines(name: str, about: FittedFamily, group: AllArms, told: Told, indent: int) -> Iterator[str]:
    """Yield a family's group as lines of YAML: what it is, its parameters, their covariance.

    Parameters
    ----------
    name : str
        Of the family with its structure.
    about : FittedFamily
        What is said of it.
    group : AllArms
        Its parameters.
    told : Told
        What is said of each number.
    indent : int
        Spaces before the group.

    Yields
    ------
    str
        A line.
    """
    lead, source = " " * indent, yaml_text(list(told.source))
    yield f"{lead}{name}:"
    yield f"{lead}  {FITTED}:"
    yield from yaml_lines(about.model_dump(mode="json", exclude_none=True), indent + 4)
    for parameter, scale, x in zip(group.names, group.scales, group.real_line, strict=True):
        label = f"{name.replace('_', ' ')}: {parameter.replace('_', ' ')}, {told.label}"
        yield f"{lead}  {parameter}:"
        yield f"{lead}    value: {yaml_text(float(from_real_line(np.array(x), scale)))}"
        yield f"{lead}    unit: {'ratio' if parameter.startswith(RATIO) else 'parameter'}"
        drawn = f"joint: {{block: {COVARIANCE}, scale: {scale}}}" if told.covariance else f"fixed: {yaml_text(UNKNOWN)}"
        yield f"{lead}    uncertainty: {{{drawn}}}"
        yield f"{lead}    source: {source}"
        yield f"{lead}    status: derived"
        yield f"{lead}    label: {yaml_text(label[0].upper() + label[1:])}"
        yield f"{lead}    note: {yaml_text(told.note)}"
    if told.covariance:
        yield f"{lead}  {COVARIANCE}:"
        yield f"{lead}    names: {yaml_text(list(group.names))}"
        yield f"{lead}    covariance: {yaml_text(group.covariance.tolist())}"
        yield f"{lead}    source: {source}"
        yield f"{lead}    status: derived"
        yield f"{lead}    note: {yaml_text(f'{told.covariance}, on the scale of each parameter')}"


def yaml_lines(data: dict[str, Any], indent: int) -> Iterator[str]:
    """Yield a mapping as lines of YAML; mappings stand in blocks, everything else as JSON, which YAML is.

    Parameters
    ----------
    data : dict of str -> Any
        Numbers, texts, sequences and mappings.
    indent : int
        Spaces before each line.

    Yields
    ------
    str
        A line.

    Examples
    --------
    >>> list(yaml_lines({"a": {"b": 1.5}, "c": ["x"]}, 2))
    ['  a:', '    b: 1.5', '  c: ["x"]']
    """
    for key, value in data.items():
        if isinstance(value, dict) and value:
            yield f"{' ' * indent}{key_text(key)}:"
            yield from yaml_lines(value, indent + 2)
        else:
            yield f"{' ' * indent}{key_text(key)}: {yaml_text(value)}"


def key_text(key: str) -> str:
    """Return a key as it stands in YAML: in quotes where some readers take it for something else.

    Parameters
    ----------
    key : str

    Examples
    --------
    >>> key_text("placebo"), key_text("no")
    ('placebo', '"no"')
    """
    return key if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key) and key.lower() not in WORDS else json.dumps(key)


WORDS: Final = ("true", "false", "null", "yes", "no", "on", "off")
"""Keys that some readers of YAML take for something else."""


def yaml_text(value: float | str | Sequence[Any] | dict[str, Any]) -> str:
    """Return a value as it stands in YAML: as JSON, which YAML is.

    Parameters
    ----------
    value : float, str, sequence or dict
    """
    return json.dumps(value, ensure_ascii=False)
