"""Frozen dataclasses that are made in a quarter of the time: a command makes some hundred before it computes."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, eq: bool = True, repr: bool = True, kw_only: bool = False) -> Callable[[type], type]:  # noqa: A002 - as there
        """Return a decorator that does what `dataclasses.dataclass` does with `frozen=True`.

        That one writes and compiles six methods for each class; this one compiles the one that makes an instance. A
        dataclass and those that derive from it are all made by this one, or all by `dataclasses.dataclass`.

        Parameters
        ----------
        frozen : bool
            True: said where the class stands, as for `dataclasses.dataclass`.
        eq : bool
            Instances of the class are equal, and have the same hash, whose compared fields are.
        repr : bool
            Instances are shown with their fields.
        kw_only : bool
            Fields are given by name.

        Returns
        -------
        callable (type) -> type
            The decorator.

        Raises
        ------
        TypeError
            Not frozen.

        Examples
        --------
        >>> @dataclass(frozen=True)
        ... class Dose:
        ...     amount: float
        ...     unit: str = "mg"
        >>> Dose(60.0)
        Dose(amount=60.0, unit='mg')
        >>> Dose(60.0) == Dose(60.0, "mg")
        True
        """
        if not frozen:
            raise TypeError("a class that may change is made by dataclasses.dataclass")

        def made(cls: type) -> type:
            own = {name for name, method in vars(cls).items() if method is not None}
            dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=kw_only)(cls)
            methods = {"__init__": _init_of(cls), "__setattr__": _setattr, "__delattr__": _delattr}
            if repr:
                methods["__repr__"] = _repr
            if eq:
                methods["__eq__"], methods["__hash__"] = _equality_of(cls)
            for name, method in methods.items():
                if name not in own:
                    setattr(cls, name, method)
            return cls

        return made


def _init_of(cls: type) -> Any:
    """Return the method that makes an instance of a class: the one whose text differs between classes."""
    space: dict[str, Any] = {"put": object.__setattr__, "missing": dataclasses.MISSING}
    by_place, by_name = ["self"], list[str]()
    lines = []
    for field in dataclasses.fields(cls):
        name = parameter = value = field.name
        if field.default is not dataclasses.MISSING:
            space[f"default_{name}"] = field.default
            parameter = f"{name}=default_{name}"
        elif field.default_factory is not dataclasses.MISSING:
            space[f"make_{name}"] = field.default_factory
            parameter, value = f"{name}=missing", f"make_{name}() if {name} is missing else {name}"
        (by_name if field.kw_only else by_place).append(parameter)
        lines.append(f"  put(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("  self.__post_init__()")
    parameters = ", ".join([*by_place, *(["*", *by_name] if by_name else [])])
    body = "\n".join(lines) or "  pass"
    found: dict[str, Any] = {}
    text = f"def within({', '.join(space)}):\n def __init__({parameters}):\n{body}\n return __init__"
    exec(text, vars(sys.modules[cls.__module__]), found)  # noqa: S102 - of names of fields, as dataclasses does it
    init = found["within"](**space)
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__annotations__ = {field.name: field.type for field in dataclasses.fields(cls)} | {"return": None}
    return init


def _equality_of(cls: type) -> tuple[Callable[[Any, object], bool], Callable[[Any], int]]:
    """Return `__eq__` and `__hash__` of a class, of the tuple of its compared fields."""
    names = [field.name for field in dataclasses.fields(cls) if field.compare]
    compared: Callable[[Any], Any] = attrgetter(*names) if len(names) > 1 else _tuple_of(names)

    def __eq__(self: Any, other: object) -> bool:  # noqa: N807 - a method
        return compared(self) == compared(other) if self.__class__ is other.__class__ else NotImplemented

    def __hash__(self: Any) -> int:  # noqa: N807 - a method
        return hash(compared(self))

    return __eq__, __hash__


def _tuple_of(names: list[str]) -> Callable[[Any], Any]:
    return lambda instance: tuple([getattr(instance, name) for name in names])


def _repr(self: Any) -> str:
    shown = [f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr]
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _setattr(self: Any, name: str, value: object) -> None:  # noqa: ARG001 - Python's signature
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _delattr(self: Any, name: str) -> None:  # noqa: ARG001 - Python's signature
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
