"""What this process is: a command of its own, or a notebook or program that uses netcea."""

from __future__ import annotations

from typing import ClassVar


class Process:
    """Whether this process is a command: then nobody reads the documentation of what it loads."""

    is_a_command: ClassVar[bool] = False
