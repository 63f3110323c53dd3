"""Numbers of options: what text is one is the same as in files, so `1_0` and digits of other scripts are none."""

from __future__ import annotations

from typing import Any

import click


class DecimalNumber(click.types.FloatParamType):
    """A number of an option."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number that was given, or fail with what to write.

        Parameters
        ----------
        value : str or float
            As it was given; a default is a number already.
        param : click.Parameter
            The option.
        ctx : click.Context
            The command.
        """
        from netcea.scenario.scalar import NotDecimalError, decimal_number

        if not isinstance(value, str):
            return value
        try:
            return float(decimal_number(value))
        except NotDecimalError as error:
            self.fail(error.message("a decimal number"), param, ctx)


class WholeNumber(click.types.IntParamType):
    """A whole number of an option; its block has the limits."""

    name = "whole number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number that was given, or fail with what to write.

        Parameters
        ----------
        value : str or int
            As it was given; a default is a number already.
        param : click.Parameter
            The option.
        ctx : click.Context
            The command.
        """
        from netcea.scenario.scalar import NotDecimalError, whole_number

        try:
            return whole_number(value) if isinstance(value, str) else value
        except NotDecimalError as error:
            self.fail(error.message("a whole number"), param, ctx)


class WholeNumberFrom(click.IntRange):
    """A whole number of an option, between limits of its own."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number that was given, or fail with what to write.

        Parameters
        ----------
        value : str or int
            As it was given; a default is a number already.
        param : click.Parameter
            The option.
        ctx : click.Context
            The command.
        """
        return super().convert(WholeNumber().convert(value, param, ctx), param, ctx)
