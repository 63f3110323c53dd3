"""Fixed: a number that is not uncertain, with the reason."""

from typing import ClassVar, Self

from pydantic import ConfigDict, RootModel, model_validator

from netcea.blocks import refused, without_sections
from netcea.uncertainty.family import Family


class Fixed(RootModel[str], Family):
    """Why this quantity is not uncertain.

    Examples
    --------
    >>> Fixed("list price").words(5143.0)
    'fixed: list price'
    """

    model_config = ConfigDict(frozen=True, strict=True, json_schema_extra=without_sections)

    name: ClassVar[str] = "fixed"
    unusual_for: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="after")
    def _with_a_reason(self) -> Self:
        if not self.root.strip():
            raise refused("no reason", "why the number is not uncertain")
        return self

    @property
    def log_standard_error(self) -> float:
        """None is needed: it is known. [1]."""
        return 0.0

    def words(self, value: float) -> str:
        """Return the reason."""
        return f"fixed: {self.root}"
