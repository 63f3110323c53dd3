"""The base of every block of a file: frozen, strict, unknown keys refused; and what blocks have in common."""

import math
import re
from typing import Annotated, Any, Self, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
    WithJsonSchema,
    model_validator,
)

from netcea.errors import BlockError, Problem
from netcea.plain_number import read

PositiveFloat: TypeAlias = Annotated[FiniteFloat, Field(gt=0)]
Unbounded = Annotated[
    float,
    BeforeValidator(lambda value: math.inf if value is None else value),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "null"}]}),
]
"""A number of a result that may be infinite, such as a median that is not reached: null in JSON."""


def without_sections(schema: dict[str, Any]) -> None:
    r"""Leave equations, examples and references of a class's docstring out of its description in a JSON schema.

    Parameters
    ----------
    schema : dict of str -> Any
        It is changed.

    Examples
    --------
    >>> schema = {"description": "A mean.\n\nNotes\n-----\nx + y"}
    >>> without_sections(schema)
    >>> schema
    {'description': 'A mean.'}
    """
    if "description" in schema:
        schema["description"] = re.split(r"\n+\w+( \w+)?\n-{3,}\n", schema["description"])[0]


class Block(BaseModel):
    """A frozen piece of a file; unknown keys are refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, json_schema_extra=without_sections, defer_build=True
    )

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """Return the block itself, which never changes: so a default is shared by all that have it."""
        return self


def beyond_defaults(block: Block) -> dict[str, Any]:
    """Return what a block says that its defaults do not, as JSON can hold it: for digests and keys.

    What was left out and what was written as the default are one and the same, so that a digest stays what it is
    when a block gains an entry. Two blocks of one type that differ never agree in it; blocks of several types do not
    either where an entry without a default, such as `kind`, tells them apart.

    Parameters
    ----------
    block : Block
        Of any kind.

    Examples
    --------
    >>> class Test(Block):
    ...     low: float
    ...     high: float | None = None
    ...     steps: int = 11
    >>> beyond_defaults(Test(low=0.0, steps=11)), beyond_defaults(Test(low=0.0, steps=12))
    ({'low': 0.0}, {'low': 0.0, 'steps': 12})
    """
    return block.model_dump(mode="json", exclude_defaults=True)


class Bounds(Block):
    """A lowest and a highest value."""

    low: FiniteFloat
    high: FiniteFloat

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low < self.high:
            raise refused(f"low {read(self.low)} and high {read(self.high)}", "low below high", address="low")
        return self


def refused(found: str, expected: str, *, address: str = "", suggestion: str = "") -> BlockError:
    """Return the error that a block raises about one of its entries, or (without an address) about them together.

    Parameters
    ----------
    found, expected : str
        In the reader's words, with units.
    address : str
        Of the entry, relative to the block.
    suggestion : str
        What to do about it.

    Returns
    -------
    BlockError
        To be raised.
    """
    return BlockError(Problem(address=address, found=found, expected=expected, suggestion=suggestion))


def _seen(text: str, expected: str) -> str:
    if not any(character.isprintable() and not character.isspace() for character in text):
        raise refused("an empty text" if not text else f"{text!r}, of which nothing can be seen", expected)
    return text


Label: TypeAlias = Annotated[str, AfterValidator(lambda text: _seen(text, "what tables call it"))]
"""What tables and figures call something: text of which something can be seen."""
Said: TypeAlias = Annotated[str, Field(min_length=1), AfterValidator(lambda text: _seen(text, "words"))]
"""What has to be said: text of which something can be seen."""
