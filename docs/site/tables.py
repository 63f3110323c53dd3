"""Markdown of tables and of text that must stay text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def cell(text: object) -> str:
    """Return text as a cell: one line, nothing of it taken for markup."""
    return _escaped(" ".join(str(text).split()))


def _escaped(text: str) -> str:
    return re.sub(r"([\\|`*_$<>\[\]~])", r"\\\1", text)


def prose(text: object) -> str:
    """Return text of a docstring on one line: what is in backticks is code, nothing else is markup."""
    parts = re.split(r"(``[^`]+``|`[^`]+`)", " ".join(str(text).split()))
    return "".join(
        f"`{part.strip('`')}`".replace("|", "\\|") if part.startswith("`") else _escaped(part) for part in parts
    )


def code(text: object) -> str:
    """Return text as code in a cell."""
    plain = " ".join(str(text).split()).replace("|", "\\|")
    return f"`{plain}`" if plain else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are Markdown already."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines) + "\n"


def anchor(name: str) -> str:
    """Return a line that a link can lead to."""
    return f"({name})=\n"
