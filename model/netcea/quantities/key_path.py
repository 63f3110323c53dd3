"""Key paths: where an entry stands in nested data, and the dotted address by which people name it."""

from __future__ import annotations

from typing import TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]


def split_address(address: str) -> KeyPath:
    """Return the key path of a dotted address.

    Parameters
    ----------
    address : str
        Such as ``strategies.new.os``.

    Returns
    -------
    KeyPath
        Its parts.

    Examples
    --------
    >>> split_address("strategies.new.os")
    ('strategies', 'new', 'os')
    """
    return tuple(address.split("."))


def join_address(path: KeyPath) -> str:
    """Return the dotted address of a key path.

    Parameters
    ----------
    path : KeyPath
        Names of entries, and indices of lists.

    Returns
    -------
    str
        The parts with dots between them.

    Examples
    --------
    >>> join_address(("assumptions", 0, "why"))
    'assumptions.0.why'
    """
    return ".".join(map(str, path))
