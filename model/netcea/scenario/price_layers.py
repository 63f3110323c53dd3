"""Which price layers went into a scenario: their names and hashes, never a value of a confidential one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

CONFIDENTIAL: Final = "confidential"
"""What stands in the place of a confidential value."""
MARKING: Final = (
    "CONFIDENTIAL: contains results at confidential prices; a reader can solve for the prices from them. "
    "Use --redact for what leaves the house."
)
REDACTED: Final = (
    "REDACTED: what depends on a confidential price is not shown and reads 'confidential'; the rest holds at any price."
)
MARK: Final = "CONFIDENTIAL"
"""What stands in every file made from a run at confidential prices."""


def mark_of(marking: str) -> str:
    """Return the word that marks numbers at confidential prices; empty where there are none.

    Parameters
    ----------
    marking : str
        Of a run.

    Examples
    --------
    >>> mark_of(MARKING), mark_of(REDACTED), mark_of("")
    ('CONFIDENTIAL', '', '')
    """
    return MARK if marking.startswith(MARK) else ""


@dataclass(frozen=True)
class PriceLayer:
    """A layer as the run record holds it.

    Attributes
    ----------
    name : str
    confidential : bool
    sha256 : str
        Of its content; of a confidential one with its salt, so that it cannot be found by trying every discount.
    """

    name: str
    confidential: bool
    sha256: str


@dataclass(frozen=True)
class Prices:
    """The price layers of a scenario.

    Attributes
    ----------
    layers : tuple of PriceLayer
        In their order; later ones win.
    secret : mapping of address -> str
        Numbers that a confidential layer sets, with the hash of that layer.
    public : mapping of address -> float
        What the same numbers are without the confidential layers, in their own unit.
    redacted : bool
        Whether what is written shows only what no confidential price changes.
    """

    layers: tuple[PriceLayer, ...] = ()
    secret: Mapping[str, str] = field(default_factory=dict)
    public: Mapping[str, float] = field(default_factory=dict)
    redacted: bool = False

    @property
    def marking(self) -> str:
        """What stands at the head of everything that shows results at confidential prices, or is redacted."""
        if not self.secret:
            return ""
        return REDACTED if self.redacted else MARKING

    def as_json(self) -> dict[str, Any]:
        """Return what a run record holds: nothing where there are no layers.

        >>> Prices().as_json()
        {}
        """
        if not self.layers:
            return {}
        layers = [{"name": a.name, "confidential": a.confidential, "sha256": a.sha256} for a in self.layers]
        marked: dict[str, Any] = {"marking": self.marking} if self.secret else {}
        return {"prices": layers, **marked}
