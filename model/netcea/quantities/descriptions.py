"""The descriptions of blocks' fields: the text below each field in the source, for schemas and messages.

They are read when they are wanted, not when the program starts: reading the source of every block takes 0.2 s.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import cache
from itertools import pairwise
from typing import get_args

from pydantic import BaseModel


@cache
def descriptions(block: type[BaseModel]) -> dict[str, str]:
    """Return the descriptions of a block's fields, those of its bases included.

    Parameters
    ----------
    block : type of BaseModel
        The text below each field of its source is the description.

    Returns
    -------
    dict of str -> str
        Name of the field -> description; fields without one are absent.

    Examples
    --------
    >>> from netcea.scenario.scenario import Population
    >>> descriptions(Population)["life_table"]
    'Background mortality, and survival of the general population.'
    """
    found = {name: field.description for name, field in block.model_fields.items() if field.description}
    for cls in reversed(block.__mro__):
        if issubclass(cls, BaseModel) and cls is not BaseModel:
            found.update(_in_source(cls))
    return found


def describe(block: type[BaseModel]) -> None:
    """Write the descriptions into a block's fields, and into the blocks below it, for its JSON schema.

    Parameters
    ----------
    block : type of BaseModel
        Its schema is built anew.
    """
    blocks = _below(block, set())
    for cls in blocks:
        for name, field in cls.model_fields.items():
            if field.description is None:
                field.description = descriptions(cls).get(name)
    for cls in [*blocks, *blocks]:  # twice: a block is built from those below it, in whatever order they come
        cls.model_rebuild(force=True)


def _in_source(cls: type[BaseModel]) -> dict[str, str]:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    except (OSError, TypeError, SyntaxError):  # no source at hand
        return {}
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    found = {}
    for field, text in pairwise(body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
            and isinstance(text.value.value, str)
        ):
            found[field.target.id] = inspect.cleandoc(text.value.value)
    return found


def _below(block: type[BaseModel], seen: set[type[BaseModel]]) -> list[type[BaseModel]]:
    """Return the blocks that a block is made of, the innermost first, itself last."""
    if block in seen:
        return []
    seen.add(block)
    inner = [model for field in block.model_fields.values() for model in _in_annotation(field.annotation)]
    return [*(below for model in inner for below in _below(model, seen)), block]


def _in_annotation(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in _in_annotation(argument)]
