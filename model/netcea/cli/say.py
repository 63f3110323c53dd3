"""Where a command prints: nothing of a name, a path or a message acts on the terminal."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import click

from netcea.execution.progress import hide
from netcea.visible_text import visible, visible_lines


def say(line: str, *, err: bool = False) -> None:
    """Print one line, on standard error if asked."""
    hide()
    click.echo(visible(line), err=err)


def say_lines(text: str, *, err: bool = False) -> None:
    """Print text of several lines, ended by one end of line, on standard error if asked."""
    hide()
    click.echo(visible_lines(text.removesuffix("\n")), err=err)


@contextlib.contextmanager
def usage_errors_visible() -> Iterator[None]:
    """Let what is wrong with a command's arguments be printed without acting on the terminal, too."""
    try:
        yield
    except click.ClickException as error:
        vars(error)["message"] = visible_lines(error.message)
        raise
