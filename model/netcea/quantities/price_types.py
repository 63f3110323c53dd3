"""What kind of price a number of inputs/ is: what the NHS pays, or a list price for want of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

PriceType: TypeAlias = Literal["list", "drug_tariff", "emit", "contract"]
PRICE_WORDS: Final[Mapping[str, str]] = {
    "list": "list price",
    "drug_tariff": "Drug Tariff",
    "emit": "national price paid (eMIT)",
    "contract": "published contract price",
}
"""Type of a price -> what tables call it."""
PAID_BY_NHS: Final = frozenset(PRICE_WORDS) - {"list"}
"""Types of prices that the NHS pays (PMG36, 4.4: prices relevant to the NHS); a list price is what a company asks."""
