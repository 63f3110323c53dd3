"""Addresses of numbers in inputs/, and what kind of number each place of a scenario accepts.

An address is the folder, the file and the YAML path of a number (``costs.drug.cabozantinib.price_per_pack``). Blocks of
the scenario declare their fields as `Money`, `Duration`, `Ratio` and so on; loading checks that the quantity found
there has a unit of that dimension.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, Field

from netcea.units import Dimension


@dataclass(frozen=True)
class Kind:
    """What an address must lead to: a quantity of one of these dimensions, a table of a kind, or a trial's figures."""

    dimensions: tuple[Dimension, ...] = ()
    table: str = ""
    trial: bool = False

    def __str__(self) -> str:
        """Describe it in the reader's words."""
        if self.table:
            return f"the address of a {self.table.replace('_', ' ')} in inputs/"
        if self.trial:
            return "the address of a trial's medians and hazard ratio in inputs/"
        words = " or ".join(dimension.replace("_", " ") for dimension in self.dimensions)
        return f"the address of a {words} in inputs/" if words else "the address of a number in inputs/"


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
TrialFigures: TypeAlias = Annotated[Address, Kind(trial=True)]
LifeTableAddress: TypeAlias = Annotated[Address, Kind(table="life_table")]
NormsAddress: TypeAlias = Annotated[Address, Kind(table="utility_norms")]
SurvivalTable: TypeAlias = Annotated[Address, Kind(table="survival_table")]


@dataclass(frozen=True)
class Use:
    """One place where a scenario names an address."""

    path: tuple[str | int, ...]
    address: str
    kind: Kind


def addresses_in(block: BaseModel, path: tuple[str | int, ...] = ()) -> Iterator[Use]:
    """Yield every address that a block of a scenario names, with its place and what it must lead to."""
    for name, field in type(block).model_fields.items():
        metadata = [item for item in field.metadata if isinstance(item, Kind)]
        annotation: Any = Annotated[field.annotation, *metadata] if metadata else field.annotation
        yield from _walk(getattr(block, name), annotation, (*path, name))


def _walk(value: Any, annotation: Any, path: tuple[str | int, ...]) -> Iterator[Use]:
    if value is None:
        return
    if isinstance(value, BaseModel):
        yield from addresses_in(value, path)
    elif isinstance(value, str):
        kind = _kind_of(annotation)
        if kind is not None:
            yield Use(path, value, kind)
    elif isinstance(value, Mapping):
        inner = _item_annotation(annotation, dict, 1)
        for key, item in value.items():
            yield from _walk(item, inner, (*path, str(key)))
    elif isinstance(value, Sequence):
        inner = _item_annotation(annotation, list, 0)
        for index, item in enumerate(value):
            yield from _walk(item, inner, (*path, index))


def _kind_of(annotation: Any) -> Kind | None:
    for item in getattr(annotation, "__metadata__", ()):
        if isinstance(item, Kind):
            return item
    if get_origin(annotation) in (Union, types.UnionType, Annotated):
        for argument in get_args(annotation):
            found = _kind_of(argument) if not isinstance(argument, str) else None
            if found is not None:
                return found
    return None


def _item_annotation(annotation: Any, container: type, index: int) -> Any:
    if get_origin(annotation) is Annotated:
        return _item_annotation(get_args(annotation)[0], container, index)
    if get_origin(annotation) is container:
        return get_args(annotation)[index]
    if get_origin(annotation) in (Union, types.UnionType):
        for argument in get_args(annotation):
            found = _item_annotation(argument, container, index)
            if found is not None:
                return found
    return None
