"""The options of every command, from the program itself, below what its page says."""

from __future__ import annotations

import click
from tables import cell, code, table

from netcea.cli.main import main


def names() -> list[str]:
    """Return every command."""
    return main.list_commands(click.Context(main))


def options(name: str) -> str:
    """Return the section that lists arguments and options of a command."""
    command = main.get_command(click.Context(main), name)
    context = click.Context(command, info_name=f"netcea {name}")
    rows = []
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if isinstance(parameter, click.Argument):
            rows.append([code(parameter.make_metavar(context)), "what it is given"])
        elif record is not None:
            rows.append([code(record[0]), cell(record[1])])
    usage = " ".join(command.collect_usage_pieces(context))
    return f"\n## All options\n\n{code(f'netcea {name} {usage}')}\n\n{table(['option', 'means'], rows)}"
