"""What matplotlib writes about its own classes as it is loaded: a command, in which nobody reads it, does without."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Final

from netcea.execution.of_a_command import Process

DECORATORS: Final = ("Substitution", "_ArtistPropertiesSubstitution")
"""Of matplotlib: they fill in documentation."""


def load_matplotlib() -> None:
    """Load matplotlib; in a command without its documentation: that is two fifths of the time.

    Where a version of matplotlib has none of these names, it is loaded as it is. Nothing is drawn otherwise.
    """
    import_module("matplotlib")
    if not Process.is_a_command or "matplotlib.figure" in sys.modules:
        return
    writing: Any = import_module("matplotlib._docstring")
    for name in DECORATORS:
        if hasattr(writing, name):
            getattr(writing, name).__call__ = _as_it_is
    artist: Any = import_module("matplotlib.artist")
    if hasattr(artist.Artist, "_update_set_signature_and_docstring"):
        artist.Artist._update_set_signature_and_docstring = classmethod(_nothing)  # noqa: SLF001 - it writes it
    artist.kwdoc = _no_words


def _as_it_is(_: object, documented: object) -> object:
    return documented


def _nothing(_: object) -> None:
    """Write no signature and no documentation."""


def _no_words(_: object) -> str:
    return ""
