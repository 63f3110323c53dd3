"""Options of an analysis as asked on the command line, in a batch or in a notebook: checked like the scenario's own."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import ValidationError

from netcea.blocks import Block
from netcea.errors import InputError, Place
from netcea.loading.messages.block_problems import problems_of
from netcea.loading.reading.python_value import plain_value
from netcea.quantities.key_path import KeyPath, join_address
from netcea.scenario.options import flag_of

B = TypeVar("B", bound=Block)


def options_with(options: B, **changes: Any) -> B:
    """Return options with some changed; what is None stays as it is.

    Parameters
    ----------
    options : Block
        What stands without changes.
    **changes : Any
        Field -> value.

    Raises
    ------
    InputError
        With every option that is wrong.

    Examples
    --------
    >>> from netcea.scenario.options import PsaOptions
    >>> options_with(PsaOptions(), draws=500, seed=None).draws
    500
    """
    block = type(options)
    given = {name: _plain(block, name, value) for name, value in changes.items() if value is not None}
    raw = {**options.model_dump(), **given}
    try:
        return block.model_validate(raw)
    except ValidationError as error:

        def place(path: KeyPath) -> Place:
            option = f"option {flag_of(block, str(path[0]))}" if path else "options"
            return Place(option, address=join_address(path))

        raise InputError(problems_of(error, block, raw, place)) from None


def _plain(block: type[Block], name: str, value: object) -> Any:
    """Return the value of an option as a file would hold it; blocks are blocks already."""
    if isinstance(value, Block):
        return value
    return plain_value(value, Place(f"option {flag_of(block, name)}", address=name))
