"""The command line: commands are loaded when they are asked for, and errors become messages."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import click

from netcea.cli.say import say, say_lines, usage_errors_visible
from netcea.version import __version__

if TYPE_CHECKING:
    from netcea.errors import InputError

EXIT_RULE_FAILED: Final = 1
EXIT_BAD_INPUT: Final = 2

COMMANDS: Final[dict[str, str]] = {
    "digitise": "netcea.cli.commands.digitise:digitise",
    "fit": "netcea.cli.commands.fit:fit",
    "adjust": "netcea.cli.commands.adjust:adjust",
    "check": "netcea.cli.commands.check:check",
    "verify": "netcea.cli.commands.verify:verify",
    "report": "netcea.cli.commands.report:report",
    "batch": "netcea.cli.commands.batch:batch",
    "export": "netcea.cli.commands.export:export",
    "import": "netcea.cli.commands.import_:import_",
    "diff": "netcea.cli.commands.diff:diff",
    "runs": "netcea.cli.commands.runs:runs",
    "show": "netcea.cli.commands.runs:show",
    "list": "netcea.cli.commands.project:list_scenarios",
    "init": "netcea.cli.commands.project:init",
    "schema": "netcea.cli.commands.project:schema",
}
"""Name of a command -> the module and function that hold it; those of analyses come from their classes."""


def analysis_commands() -> dict[str, str]:
    """Return command -> name of its analysis."""
    from netcea.analyses.registry import LOADERS, command_of

    return {command_of(name): name for name in LOADERS}


class _Group(click.Group):
    """Loads commands late, turns bad input into its message and exit code 2, suggests a command for a misspelt one."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return [*analysis_commands(), *COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        analyses = analysis_commands()
        if cmd_name in analyses:
            from netcea.analyses.registry import ANALYSES
            from netcea.cli.commands.analysis import command_of

            return command_of(ANALYSES[analyses[cmd_name]])
        if cmd_name not in COMMANDS:
            return None
        module, _, function = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), function)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List every command with its first line; commands of analyses are not made for that: numpy takes its time."""
        from netcea.analyses.registry import summary_of

        analyses = analysis_commands()
        lines = []
        for name in self.list_commands(ctx):
            command = None if name in analyses else self.get_command(ctx, name)
            limit = formatter.width - 6 - max(map(len, self.list_commands(ctx)))
            text = summary_of(analyses[name]) if command is None else command.get_short_help_str(limit)
            lines.append((name, click.Command(name, help=text).get_short_help_str(limit)))
        with formatter.section("Commands"):
            formatter.write_dl(lines)

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        from netcea.execution.terminal import reader_may_leave

        with reader_may_leave(), usage_errors_visible():
            return super().make_context(*args, **more)

    def main(self, *args: Any, **more: Any) -> Any:
        from netcea.blas import one_thread_from_the_start
        from netcea.execution.of_a_command import Process
        from netcea.execution.terminal import reader_may_leave

        one_thread_from_the_start()
        _collect_less_garbage()
        _look_for_no_plugins()
        Process.is_a_command = True
        with reader_may_leave():  # what is wrong with the arguments is printed there
            return super().main(*args, **more)

    def invoke(self, ctx: click.Context) -> Any:
        from netcea.execution.interruption import interruptible
        from netcea.execution.terminal import reader_may_leave

        with reader_may_leave(), interruptible():
            return self._invoke(ctx)

    def _invoke(self, ctx: click.Context) -> Any:
        from netcea.errors import InputError, ModelError, Problem
        from netcea.execution.progress import watched

        try:
            with usage_errors_visible(), watched("netcea"):
                result = super().invoke(ctx)
                _say_what_computed()
                return result
        except KeyboardInterrupt:
            from netcea.cli.commands.shared import EXIT_INTERRUPTED

            say("Interrupted: what was not finished was not written.", err=True)
            ctx.exit(EXIT_INTERRUPTED)
        except InputError as error:
            _print_problems(error)
            ctx.exit(EXIT_BAD_INPUT)
        except ModelError as error:
            say(f"FAILED: {error}", err=True)
            ctx.exit(EXIT_RULE_FAILED)
        except BrokenPipeError:
            raise  # the reader has seen enough
        except OSError as error:
            import errno

            if error.errno == errno.ENAMETOOLONG:
                path = str(error.filename)
                found = f"a path of {len(path):,} characters, too long for this system"
                _print_problems(InputError(Problem(path, found=found, expected="a shorter path")))
                ctx.exit(EXIT_BAD_INPUT)
            where = f"{error.filename}: " if error.filename else ""
            say(f"netcea: {where}{error.strerror or error}", err=True)
            ctx.exit(EXIT_BAD_INPUT)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from netcea.errors import did_you_mean
        from netcea.execution.progress import called

        called(args[0] if args else "")
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            hint = did_you_mean(args[0], self.list_commands(ctx)) if args else ""
            raise click.UsageError(f"{error.message} {hint}".strip(), ctx) from None


def _collect_less_garbage() -> None:
    """Collect garbage less often, from the first import on: a process of a second spends a seventh of it on that."""
    import atexit

    gc.set_threshold(1_000_000, 20, 20)
    atexit.register(gc.freeze)  # at its end what is left needs no collecting


def _look_for_no_plugins() -> None:
    """Let pydantic not go through all packages that are installed for plugins of its own, unless the user says so."""
    import os

    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def _say_what_computed() -> None:
    """Say so where the compiled kernel has computed in this process; to load it only for that would take time."""
    choice = sys.modules.get("netcea.kernel.choice")
    if choice is not None and choice.KERNEL.compiled_was_used:
        from netcea.execution.progress import note

        note(f"Computed by the {choice.KERNEL.words}.")


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from netcea.kernel.choice import kernels

        say(f"netcea, version {__version__}")
        say(f"numbers are computed by {kernels()}")
        ctx.exit()


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def main() -> None:
    """netcea: an open cost-effectiveness model.

    A partitioned-survival model that reads YAML scenarios and computes life years, QALYs, costs and ICERs.

    \b
    netcea run pnet epnet            the two base cases
    netcea run pnet --set settings.horizon_years=20
    netcea init my-model             a working copy of inputs/ and scenarios/
    """  # noqa: D301 - click reads the backspace as "keep these lines"


def _print_problems(error: InputError) -> None:
    count = error.count
    for problem in error.listed:
        say_lines(str(problem), err=True)
    say(f"{count:,} problem{'s' if count != 1 else ''}; nothing was run and nothing was written.", err=True)


if __name__ == "__main__":
    main()
