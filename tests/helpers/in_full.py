"""Whatever a scenario holds as plain content that `==` compares: arrays by their bytes, functions by name and arguments."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import partial

import numpy as np
from pydantic import BaseModel

PLAIN = (str, int, float, bool, bytes, type(None))


def in_full(value):
    """Return a value's content; mappings in their order."""
    if isinstance(value, PLAIN):
        return type(value).__name__, repr(value)
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    if isinstance(value, partial):
        return value.func.__qualname__, in_full(value.args), in_full(value.keywords)
    if isinstance(value, BaseModel):
        return type(value).__name__, in_full({name: getattr(value, name) for name in type(value).model_fields})
    if is_dataclass(value):
        return type(value).__name__, in_full({field.name: getattr(value, field.name) for field in fields(value)})
    if hasattr(value, "items"):
        return [(in_full(key), in_full(item)) for key, item in value.items()]
    if isinstance(value, list | tuple):
        return type(value).__name__, [in_full(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(map(in_full, value))
    return type(value).__name__, in_full(vars(value)) if hasattr(value, "__dict__") else repr(value)


def scenario_in_full(scenario):
    """Return field of a scenario -> its content, without the way to other files."""
    names = [field.name for field in fields(scenario) if field.name != "related"]
    return {name: in_full(getattr(scenario, name)) for name in names}
