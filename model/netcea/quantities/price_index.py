"""A price index: what money of one year is in another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

GROUP: Final = "costs.price_index"
"""Where inputs/ has its price indices."""


@dataclass(frozen=True)
class PriceIndex:
    """One price index.

    Attributes
    ----------
    address : str
        Of its table in inputs/.
    values : mapping of price year -> float
        In the order of the table. [any level]
    source : tuple of str
        Keys of sources.yaml.
    note : str

    Examples
    --------
    >>> PriceIndex("costs.price_index.x", {"2021/22": 100.0, "2024/25": 125.0}).factor("2021/22", "2024/25")
    1.25
    """

    address: str
    values: Mapping[str, float]
    source: tuple[str, ...] = ()
    note: str = ""

    def factor(self, own: str, wanted: str) -> float:
        """Return what money of one year is multiplied by to be money of another.

        index(wanted) / index(own); 1 for the same year, whether the table has it or not.

        Parameters
        ----------
        own, wanted : str
            Price years, such as 2021/22.

        Returns
        -------
        float
            [money of the wanted year / money of its own]

        Raises
        ------
        KeyError
            Years that differ, of which the table lacks one.
        """
        return 1.0 if own == wanted else float(self.values[wanted]) / float(self.values[own])


def address_of(index: str) -> str:
    """Return the address of the table of an index.

    Parameters
    ----------
    index : str
        As a number names it.

    Returns
    -------
    str
        In inputs/.
    """
    return f"{GROUP}.{index}"
