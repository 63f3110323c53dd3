"""One change of a scenario: a choice or a number set by a file, by a price layer or on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from netcea.errors import InputError, Place, Problem, ProblemCollector
from netcea.loading.reading.python_value import plain_changes
from netcea.loading.reading.yaml_file import YamlFile, parse_value
from netcea.quantities.key_path import KeyPath

NO_WIDTH: Final = "\u200b"
"""What an address has after its dots that was copied from a document."""


@dataclass(frozen=True)
class Override:
    """A value for an address, and who says so.

    Attributes
    ----------
    address : str
    value : Any
    place : Place
    inner : mapping of KeyPath -> Place
        Where the entries of the value stand, when it is a group or a list.
    secret : str
        Hash of the confidential price layer that it comes from: its value is never shown. Empty: not confidential.
    """

    address: str
    value: Any
    place: Place
    inner: Mapping[KeyPath, Place] = field(default_factory=dict)
    secret: str = ""

    def problem(self, found: str, expected: str, suggestion: str = "") -> Problem:
        """Return what is wrong with it, where it was set.

        Parameters
        ----------
        found : str
            What was set.
        expected : str
            What can be set.
        suggestion : str
            What to do.
        """
        return Problem(self.place.file, self.place.line, self.address, found, expected, suggestion)

    def touches(self, address: str) -> bool:
        """Say whether it changes an address, what is above it or what is below it.

        Parameters
        ----------
        address : str
            Dotted address.

        Examples
        --------
        >>> change = Override("costs.drug.x", {}, Place())
        >>> [change.touches(address) for address in ("costs.drug.x.price", "costs.drug", "costs.drug.y")]
        [True, True, False]
        """
        return (
            address == self.address or address.startswith(f"{self.address}.") or self.address.startswith(f"{address}.")
        )


def overrides_of(file: YamlFile) -> list[Override]:
    """Return what a scenario file sets, in its order.

    Parameters
    ----------
    file : YamlFile
        One that extends another.
    """
    places: dict[str, dict[KeyPath, Place]] = {}
    for key in file.lines:
        if key[:1] == ("set",) and len(key) > 2:
            places.setdefault(str(key[1]), {})[key[2:]] = file.place(key)
    return [
        Override(str(address), value, file.place(("set", address)), places.get(address, {}))
        for address, value in (file.data.get("set") or {}).items()
    ]


def parse_command_line(items: Iterable[str] | Mapping[str, object] | None) -> list[Override]:
    r"""Return the overrides of ``--set ADDRESS=VALUE``, or of a mapping.

    Parameters
    ----------
    items : iterable of str, or mapping of address -> value; None for no change
        In their order; values of a mapping may be whatever Python calls a number or a text.

    Raises
    ------
    InputError
        With every one that cannot be read.

    Examples
    --------
    >>> parse_command_line(["settings.horizon_years=20"])[0].value
    20
    >>> parse_command_line(["settings.\u200bhorizon_years=20"])[0].address  # copied from a document
    'settings.horizon_years'
    """
    given = plain_changes(items)
    if isinstance(given, Mapping):
        return [Override(address, value, Place(f"changes[{address!r}]")) for address, value in given.items()]
    faults = ProblemCollector()
    overrides = []
    for item in given:
        name, equals, text = item.partition("=")
        address, file = name.strip().replace(NO_WIDTH, ""), f"--set {item}"
        if not equals or not address:
            hint = "for example settings.horizon_years=20"
            faults.add(Place(file).problem(repr(item), "ADDRESS=VALUE", hint))
            continue
        try:
            overrides.append(Override(address, parse_value(text, file), Place(file)))
        except InputError as error:
            faults.extend(replace(problem, address=address) for problem in error.problems)
    faults.raise_if_any()
    return overrides
