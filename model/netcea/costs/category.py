"""What a category of costs is called, and where and in which colour it is shown."""

from __future__ import annotations

from typing import NamedTuple


class Category(NamedTuple):
    """A category of costs, or a part of one that figures show by itself.

    Attributes
    ----------
    name : str
        The `kind` of its items in scenario files; in columns of draws.
    label : str
        What tables and figures call it.
    colour : str
        In figures: #RRGGBB, of Okabe and Ito's palette, which any kind of colour vision tells apart.
    order : int
        Its place in tables and figures, from the lowest.
    """

    name: str
    label: str
    colour: str
    order: int
