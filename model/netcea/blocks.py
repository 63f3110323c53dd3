"""The base of every block of a file: frozen, strict, unknown keys refused."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Block(BaseModel):
    """A frozen piece of a file; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
