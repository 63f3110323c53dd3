"""Everything that went into a scenario, by address: enough to compare two runs later, without their project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from netcea.scenario.scenario import Scenario

RECORD_FORMAT: Final = 1


@dataclass(frozen=True)
class InputsRecord:
    """What went into a scenario.

    Attributes
    ----------
    choices : mapping of address -> value
        Every choice, defaults included; lists are kept whole; what was left out is absent.
    numbers : mapping of address -> mapping
        Every quantity in use: value, unit, uncertainty, source, status, and what else inputs/ says of it.
    tables : mapping of address -> str
        SHA-256 of every table and correlation in use; for a confidential price, the salted one of its layer.
    """

    choices: Mapping[str, Any]
    numbers: Mapping[str, Mapping[str, Any]]
    tables: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {
            "format": RECORD_FORMAT,
            "choices": dict(self.choices),
            "numbers": dict(self.numbers),
            "tables": dict(self.tables),
        }

    @classmethod
    def from_json(cls, saved: Any) -> InputsRecord:
        """Return what `as_json` made.

        Raises
        ------
        ValueError
            It is something else.
        """
        if not isinstance(saved, Mapping) or saved.get("format") != RECORD_FORMAT:
            raise ValueError("not a record of inputs")
        parts = [part for name in ("choices", "numbers", "tables") if isinstance(part := saved.get(name), Mapping)]
        if len(parts) < 3:
            raise ValueError("a record of inputs that is not complete")
        choices, numbers, tables = parts
        found = cls(choices, numbers, tables)
        found._check()
        return found

    def _check(self) -> None:
        """Raise ValueError for what `as_json` does not make."""
        groups = {address.rpartition(".")[0] for address in self.choices}
        groups |= {above for group in groups for above in _groups_above(group)}
        twice = sorted(groups & set(self.choices))
        if twice:
            raise ValueError(f"a choice below another choice, {twice[0]}")
        for address, number in self.numbers.items():
            if not _is_number(number):
                raise ValueError(f"no number with its unit at {address}")
        wrong = [address for address, digest in self.tables.items() if not isinstance(digest, str)]
        if wrong:
            raise ValueError(f"no SHA-256 of the table {wrong[0]}")

    def number(self, address: object) -> float | None:
        """Return the value of a quantity in its own unit; None where there is no such quantity in use."""
        found = self.numbers.get(address) if isinstance(address, str) else None
        return None if found is None else float(found["value"])

    def unit(self, address: object) -> str:
        """Return the unit of a quantity; empty where there is no such quantity in use."""
        found = self.numbers.get(address) if isinstance(address, str) else None
        return "" if found is None else str(found["unit"])


def _groups_above(address: str) -> Iterator[str]:
    while "." in address:
        address = address.rpartition(".")[0]
        yield address


def _is_number(saved: object) -> bool:
    """Say whether an entry is a quantity as `as_json` writes it: value and unit, and what else it says."""
    if not isinstance(saved, Mapping) or not isinstance(saved.get("unit"), str):
        return False
    numbers = [saved.get("value"), saved.get("at_months", 0.0)]
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in numbers)


def record_of(scenario: Scenario) -> InputsRecord:
    """Return what went into a scenario."""
    return InputsRecord(
        dict(sorted(_flat(scenario.file.model_dump(mode="json"), ""))),
        {
            address: quantity.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
            for address, quantity in sorted(scenario.quantities.items())
            if address not in scenario.prices.secret
        },
        {**scenario.table_digests, **scenario.prices.secret},
    )


def nested(choices: Mapping[str, Any]) -> dict[str, Any]:
    """Return choices by address as the tree they came from.

    >>> nested({"settings.horizon_years": 20.0, "name": "x"})
    {'settings': {'horizon_years': 20.0}, 'name': 'x'}
    """
    tree: dict[str, Any] = {}
    for address, value in choices.items():
        *above, last = address.split(".")
        node = tree
        for key in above:
            node = node.setdefault(key, {})
        node[last] = value
    return tree


def _flat(node: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for key, value in node.items():
        address = f"{above}.{key}" if above else str(key)
        if isinstance(value, Mapping) and value:
            yield from _flat(value, address)
        elif value is not None:
            yield address, value
