"""How options that are lists or mappings are written as text on the command line: one form, one parser, one message."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from netcea.errors import InputError, Problem
from netcea.scenario.scalar import NotDecimalError, decimal_number, whole_number

Parse = Callable[[str, Sequence[str], Any], Any]


@dataclass(frozen=True)
class OnCommandLine:
    """How a field of options is given on the command line, where its type does not say.

    Attributes
    ----------
    flag : str
        '--address'; empty: '--' and the name of the field.
    metavar : str
        What stands for its value in the help.
    parse : function of (flag, texts, the scenario's own value) -> value, or None
        Of an option that may be repeated.
    hidden : bool
        Only files have it.
    """

    flag: str = ""
    metavar: str = ""
    parse: Parse | None = None
    hidden: bool = False


@dataclass(frozen=True)
class Why:
    """Why a field of options has a limit: what more (or a smaller step) would take.

    Attributes
    ----------
    text : str
        Ends the message that refuses more.
    low : bool
        Whether it is the lower limit that it explains.
    bytes_each : int
        Memory that one of what is counted takes. [bytes]
    """

    text: str
    low: bool = False
    bytes_each: int = 0

    def of(self, value: Any) -> str:
        """Return why a value is refused.

        Parameters
        ----------
        value : object
            That lies beyond the limit.

        Examples
        --------
        >>> Why("all draws are kept in memory", bytes_each=400).of(10**12)
        'all draws are kept in memory: these would take about 400,000 GB'
        """
        if not self.bytes_each or not isinstance(value, int | float) or abs(value) > MOST_SHOWN:
            return self.text
        return f"{self.text}: these would take about {value * self.bytes_each / 1e9:,.0f} GB"


@dataclass(frozen=True)
class Absent:
    """How a choice says that there is none of something, where no word of its own does.

    Attributes
    ----------
    words : str
        Answers `none`, `no`, `off` and the like.
    """

    words: str


MOST_SHOWN: Final = 10**15
"""Numbers beyond it are not turned into gigabytes."""
FILE_ONLY = OnCommandLine(hidden=True)


def read_list(_: str, texts: Sequence[str], __: Any) -> list[str]:
    """Return texts as they are; they replace the scenario's own."""
    return list(texts)


def _each(
    flag: str, texts: Sequence[str], read: Callable[[str], Any], expected: str, suggestion: str
) -> Iterator[tuple[Any, Any]]:
    """Yield what is read of each text; all texts that cannot be read are shown at once."""
    problems, found = [], []
    for text in texts:
        try:
            found.append(read(text))
        except NotDecimalError as error:
            hint = error.suggestion or suggestion
            problems.append(Problem(flag, 0, "", f"{error.found}, in {text!r}", expected, hint))
        except ValueError:
            problems.append(Problem(flag, 0, "", repr(text), expected, suggestion))
    if problems:
        raise InputError(problems)
    yield from found


def _parts(text: str, least: int, most: int) -> list[str]:
    """Return what stands between colons.

    Raises
    ------
    ValueError
        Fewer or more of them, or an empty one.
    """
    parts = text.split(":")
    if not least <= len(parts) <= most or not all(map(str.strip, parts)):
        raise ValueError
    return parts


def read_bounds(flag: str, texts: Sequence[str], standing: Mapping[str, Any]) -> dict[str, Any]:
    """Return address -> bounds of ``ADDRESS=LOW:HIGH``, on top of the scenario's own.

    >>> read_bounds("--bounds", ["costs.unit.ct_scan=50:150"], {})
    {'costs.unit.ct_scan': {'low': 50.0, 'high': 150.0}}
    """

    def read(text: str) -> tuple[str, dict[str, float]]:
        address, _, ends = text.partition("=")
        low, high = (float(decimal_number(end)) for end in _parts(ends, 2, 2))
        if not low < high:
            raise ValueError
        return address.strip(), {"low": low, "high": high}

    example = "such as --bounds costs.drug.NAME.discount=0:0.5"
    return {**standing, **dict(_each(flag, texts, read, "ADDRESS=LOW:HIGH, two numbers, the low first", example))}


def read_axes(flag: str, texts: Sequence[str], _: Any) -> list[dict[str, Any]]:
    """Return the axes of ``ADDRESS``, ``ADDRESS=LOW:HIGH`` or ``ADDRESS=LOW:HIGH:STEPS``; there are two.

    >>> read_axes("--axis", ["costs.unit.ct_scan=50:150:3", "costs.unit.nurse_hour"], [])[0]
    {'address': 'costs.unit.ct_scan', 'low': 50.0, 'high': 150.0, 'steps': 3}
    """

    def read(text: str) -> dict[str, Any]:
        address, equals, rest = text.partition("=")
        if not equals:
            return {"address": address.strip()}
        low, high, *steps = _parts(rest, 2, 3)
        ends = {"low": float(decimal_number(low)), "high": float(decimal_number(high))}
        found: dict[str, Any] = {"address": address.strip(), **ends}
        return found | {"steps": whole_number(steps[0])} if steps else found

    example = "such as --axis costs.drug.NAME.discount=0:1:21"
    found: list[Any] = list(_each(flag, texts, read, "ADDRESS, ADDRESS=LOW:HIGH or ADDRESS=LOW:HIGH:STEPS", example))
    if len(found) != 2:
        raise InputError(Problem(flag, 0, "", f"{len(found)} of them", "two"))
    return found


def read_groups(flag: str, texts: Sequence[str], standing: Mapping[str, Any]) -> dict[str, Any]:
    """Return name -> members of ``NAME=ADDRESS,ADDRESS``, on top of the scenario's own.

    >>> read_groups("--group", ["survival=survival.pfs, survival.os"], {})
    {'survival': ['survival.pfs', 'survival.os']}
    """

    def read(text: str) -> tuple[str, list[str]]:
        name, _, addresses = text.partition("=")
        members = [address.strip() for address in addresses.split(",") if address.strip()]
        if not name.strip() or not members:
            raise ValueError
        return name.strip(), members

    example = "such as --group survival=survival.TRIAL.os"
    return {**standing, **dict(_each(flag, texts, read, "NAME=ADDRESS,ADDRESS", example))}
