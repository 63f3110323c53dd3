"""Addresses of numbers in inputs/, and what kind of number each place of a scenario accepts.

An address is the folder, the file and the YAML path of a number (``costs.drug.new.price_per_pack``). Blocks of
the scenario declare their fields as `Money`, `Duration`, `Ratio` and so on; loading checks that the quantity found
there has a unit of that dimension.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, NamedTuple, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, Field

from netcea.blocks import Block
from netcea.quantities.key_path import KeyPath
from netcea.quantities.units import Dimension


@dataclass(frozen=True)
class Kind:
    """What an address must lead to: a quantity of one of these dimensions, a table, a trial's figures, or a fit."""

    dimensions: tuple[Dimension, ...] = ()
    table: str = ""
    trial: bool = False
    fit: bool = False

    @property
    def is_group(self) -> bool:
        """Whether it leads to a group of numbers: of a trial, or of a fit to patients."""
        return self.trial or self.fit

    def __str__(self) -> str:
        """Describe it in the reader's words."""
        if self.table:
            return f"the address of a {self.table.replace('_', ' ')} in inputs/"
        if self.trial:
            return "the address of a trial's medians and hazard ratios in inputs/"
        if self.fit:
            return "the address of an endpoint that `netcea fit` has written to inputs/"
        words = " or ".join(WORDS[dimension] for dimension in self.dimensions)
        return f"the address of {words} in inputs/" if words else "the address of a number in inputs/"

    @property
    def example(self) -> str:
        """An address of this kind."""
        group = "trial" if self.trial else "fit" if self.fit else ""
        key = self.table or group or next(iter(self.dimensions), "ratio")
        return EXAMPLES.get(key, EXAMPLES["ratio"])


WORDS: Mapping[Dimension, str] = {
    "duration": "a duration (years, months, weeks, days)",
    "frequency": "a frequency (per year, per month, per week, per day)",
    "money": "an amount of money (GBP)",
    "money_per_qaly": "an amount per QALY (GBP/QALY)",
    "proportion": "a proportion",
    "ratio": "a ratio",
    "utility": "a utility",
    "number": "a count",
    "parameter": "a parameter",
    "dose": "a dose (mg, mg/m2, mg/kg, kg, m2)",
}
"""Dimension -> how a message says it."""
EXAMPLES: Mapping[str, str] = {
    "duration": "survival.trial.os.median_control",
    "frequency": "costs.care.progressed.nurse_frequency",
    "money": "costs.unit.ct_scan",
    "proportion": "survival.trial.crossover_share",
    "ratio": "survival.trial.os.hazard_ratio",
    "utility": "utilities.states.progression_free",
    "trial": "survival.trial.pfs",
    "fit": "survival.my_trial.os",
    "life_table": "mortality.life_tables.england_2018_2020",
    "utility_norms": "utilities.norms.hse2014_dsu_published",
}
"""Dimension or kind of table -> an address that messages name as an example."""


Address: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-]+(\.[A-Za-z0-9_\-]+)+$")]
Money: TypeAlias = Annotated[Address, Kind(("money",))]
Duration: TypeAlias = Annotated[Address, Kind(("duration",))]
Frequency: TypeAlias = Annotated[Address, Kind(("frequency",))]
Proportion: TypeAlias = Annotated[Address, Kind(("proportion",))]
Ratio: TypeAlias = Annotated[Address, Kind(("ratio",))]
UtilityValue: TypeAlias = Annotated[Address, Kind(("utility",))]
Dose: TypeAlias = Annotated[Address, Kind(("dose",))]
ShapeParameter: TypeAlias = Annotated[Address, Kind(("parameter", "ratio", "frequency"))]
AnyParameter: TypeAlias = Annotated[Address, Kind(("parameter", "ratio", "frequency", "duration", "proportion"))]
Figure: TypeAlias = Annotated[Address, Kind(("duration", "proportion"))]
Landmark: TypeAlias = Annotated[Address, Kind(("proportion",))]
AnyNumber: TypeAlias = Annotated[Address, Kind()]
RankCorrelation: TypeAlias = Annotated[Address, Kind(("parameter",))]
PopulationSize: TypeAlias = Annotated[Address, Kind(("number",))]
Count: TypeAlias = Annotated[Address, Kind(("number",))]
TrialFigures: TypeAlias = Annotated[Address, Kind(trial=True)]
FitAddress: TypeAlias = Annotated[Address, Kind(fit=True)]
LifeTableAddress: TypeAlias = Annotated[Address, Kind(table="life_table")]
NormsAddress: TypeAlias = Annotated[Address, Kind(table="utility_norms")]
SurvivalTable: TypeAlias = Annotated[Address, Kind(table="survival_table")]


class Use(NamedTuple):
    """One place where a scenario names an address."""

    path: KeyPath
    address: str
    kind: Kind


DEEPEST_KEPT: Final = 2
"""Blocks no deeper than this are gone through once: the settings, a strategy, a cost."""
MOST_KEPT: Final = 4000
"""Blocks of which the addresses are kept."""
Path: TypeAlias = KeyPath
Finder: TypeAlias = Callable[[Any, Path, list[Use]], None]
"""Value, path, list -> the addresses in the value are added to the list."""


def addresses_in(block: BaseModel, path: Path = ()) -> list[Use]:
    """Return every address that a block of a scenario names, with its place and what it must lead to.

    Parameters
    ----------
    block : BaseModel
        A scenario file, or a part of one.
    path : tuple of str and int
        Where the block stands.

    Returns
    -------
    list of Use
        In the order of the block's fields.
    """
    found: list[Use] = []
    _add_addresses(block, path, found)
    return found


def addresses_by_block(file: Block, only: str = "") -> Iterator[tuple[Use, ...]]:
    """Yield the addresses of a scenario file by its blocks: of the same block at the same place the same tuple.

    Parameters
    ----------
    file : Block
        A scenario file.
    only : str
        The field whose blocks are wanted; of all fields when empty.

    Yields
    ------
    tuple of Use
        Of the settings, a strategy, a cost: together what `addresses_in` returns, in the same order.
    """
    for name, find in _finders(type(file)):
        if only not in ("", name):
            continue
        value = getattr(file, name)
        if isinstance(value, Block):
            yield _uses(value, (name,))
        elif name in _named_blocks(type(file)):
            yield from (_uses(item, (name, str(key))) for key, item in value.items())
        elif value is not None:
            found: list[Use] = []
            find(value, (name,), found)
            yield tuple(found)


_KEPT: dict[tuple[int, Path], tuple[Block, tuple[Use, ...]]] = {}
"""Identity of a block, which never changes, and its place -> the block, so that its identity stays its; its uses."""


def _add_addresses(block: BaseModel, path: Path, found: list[Use]) -> None:
    if not isinstance(block, BaseModel):  # a word in place of the block, such as a family
        return
    if not 1 <= len(path) <= DEEPEST_KEPT or not isinstance(block, Block):
        _look_for_addresses(block, path, found)
    else:
        found.extend(_uses(block, path))


def _uses(block: Block, path: Path) -> tuple[Use, ...]:
    """Return the addresses of a block, gone through once."""
    kept = _KEPT.get((id(block), path))
    if kept is None:
        uses: list[Use] = []
        _look_for_addresses(block, path, uses)
        if len(_KEPT) > MOST_KEPT:
            _KEPT.clear()
        kept = _KEPT[id(block), path] = (block, tuple(uses))
    return kept[1]


def _look_for_addresses(block: BaseModel, path: Path, found: list[Use]) -> None:
    for name, find in _finders(type(block)):
        value = getattr(block, name)
        if value is not None:
            find(value, (*path, name), found)


@cache
def _named_blocks(file: type[BaseModel]) -> frozenset[str]:
    """Return the fields whose entries are blocks with names of their own, and nothing else."""
    mappings = {
        name: get_args(f.annotation) for name, f in file.model_fields.items() if get_origin(f.annotation) is dict
    }
    return frozenset(name for name, arguments in mappings.items() if _is_block(arguments[1]))


def _is_block(annotation: Any) -> bool:
    """Say whether a type is a block, or one of several blocks."""
    if get_origin(annotation) is Annotated:
        return _is_block(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return all(map(_is_block, get_args(annotation)))
    return isinstance(annotation, type) and issubclass(annotation, Block)


@cache
def _finders(block: type[BaseModel]) -> tuple[tuple[str, Finder], ...]:
    """Return field -> finder, for the fields of a block that can hold addresses."""
    found = []
    for name, field in block.model_fields.items():
        kinds = [item for item in field.metadata if isinstance(item, Kind)]
        finder = _address_finder(kinds[0]) if kinds else _finder(field.annotation)
        if finder is not None:
            found.append((name, finder))
    return tuple(found)


def _finder(annotation: Any) -> Finder | None:
    """Return the finder of an annotation; None where no address can be."""
    for item in getattr(annotation, "__metadata__", ()):
        if isinstance(item, Kind):
            return _address_finder(item)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _finder(arguments[0])
    if origin in (Union, types.UnionType):
        return next((finder for finder in map(_finder, arguments) if finder is not None), None)
    if origin is dict:
        return _items_finder(_finder(arguments[1]), lambda value: ((str(key), item) for key, item in value.items()))
    if origin is list:
        return _items_finder(_finder(arguments[0]), enumerate)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _add_addresses
    return None


def _address_finder(kind: Kind) -> Finder:
    def find(value: Any, path: Path, found: list[Use]) -> None:
        if isinstance(value, str):
            found.append(Use(path, value, kind))

    return find


def _items_finder(inner: Finder | None, items: Callable[[Any], Iterable[tuple[str | int, Any]]]) -> Finder | None:
    if inner is None:
        return None

    def find(value: Any, path: Path, found: list[Use]) -> None:
        if isinstance(value, str):  # a word in place of the list, such as `all`
            return
        for key, item in items(value):
            inner(item, (*path, key), found)

    return find
