"""Frozen dataclasses of `netcea.frozen` are those of `dataclasses`, twin by twin."""

import copy
import dataclasses
import inspect
import pickle
import typing

import pytest
from pydantic import TypeAdapter, ValidationError

from netcea.frozen import dataclass


def made_by(decorator, **choices):
    @decorator(frozen=True, **choices)
    class Dose:
        """A dose."""

        amount: float
        unit: str = "mg"
        days: list[int] = dataclasses.field(default_factory=list, compare=False)
        source: str = dataclasses.field(default="", repr=False)

        def __post_init__(self):
            object.__setattr__(self, "doubled", 2.0 * self.amount)

    return Dose


CHOICES = [{}, {"eq": False}, {"repr": False}, {"kw_only": True}]


@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_the_twins_agree(choices):
    here, there = made_by(dataclass, **choices), made_by(dataclasses.dataclass, **choices)
    answers = []
    for cls in (here, there):
        one, same, other = cls(amount=1.0), cls(amount=1.0, days=[3]), cls(amount=1.0, unit="g", source="label")
        answers.append(
            {
                "equal": (one == same, one == other, one == (1.0, "mg", ""), one != same),
                "hashes": (hash(one) == hash(same), hash(one) == hash(("mg", 1.0))),
                "shown": [repr(x).split(" object at")[0] for x in (one, same, other)],
                "as_dict": dataclasses.asdict(other),
                "replaced": dataclasses.asdict(dataclasses.replace(one, unit="g")),
                "doubled": dataclasses.replace(one, amount=4.0).doubled,
                "copied": vars(copy.deepcopy(other)),
                "own list": one.days is not cls(amount=1.0).days,
                "parameters": [(p.name, p.kind, p.annotation) for p in inspect.signature(cls).parameters.values()],
                "hints": typing.get_type_hints(cls.__init__),
                "matched": cls.__match_args__,
                "schema": TypeAdapter(cls).json_schema(),
                "read": vars(TypeAdapter(cls).validate_python({"amount": 2.0, "unit": "g"})),
            }
        )
    assert answers[0] == answers[1]


@pytest.mark.parametrize("decorator", [dataclass, dataclasses.dataclass])
def test_what_is_refused(decorator):
    cls = made_by(decorator)
    for wrong in ((), (1.0, "mg", [], "", 5.0)):
        with pytest.raises(TypeError, match=r"__init__\(\)"):
            cls(*wrong)
    with pytest.raises(TypeError, match="unexpected keyword"):
        cls(1.0, dose=3.0)
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'amount'"):
        cls(1.0).amount = 2.0
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'amount'"):
        del cls(1.0).amount
    with pytest.raises(ValidationError):
        TypeAdapter(cls).validate_python({"unit": "g"})


def test_another_class_is_not_equal_though_its_fields_are():
    assert made_by(dataclass)(1.0) != made_by(dataclass)(1.0)


@dataclass(frozen=True)
class Base:
    """Has a method of its own, which stays."""

    low: float

    def __repr__(self):
        return f"from {self.low}"


@dataclass(frozen=True)
class Derived(Base):
    """Adds a field."""

    high: float


@dataclass(frozen=True)
class Empty:
    """Has no field."""


def test_inheritance_own_methods_and_pickles():
    assert repr(Base(1.0)) == "from 1.0"
    assert repr(Derived(1.0, 2.0)) == "Derived(low=1.0, high=2.0)"
    assert pickle.loads(pickle.dumps(Derived(1.0, 2.0))) == Derived(1.0, 2.0) != Base(1.0)  # noqa: S301 - our own
    assert len({Derived(1.0, 2.0), Derived(1.0, 2.0), Derived(1.0, 3.0)}) == 2
    assert Empty() == Empty()
    assert hash(Base(2.0)) == hash((2.0,))


def test_a_class_that_may_change_is_not_made():
    with pytest.raises(TypeError, match=r"dataclasses\.dataclass"):
        dataclass(frozen=False)


def test_it_is_cheaper():
    """By the functions that are compiled: one for a class, not six."""
    methods = ("__init__", "__repr__", "__setattr__", "__delattr__")
    first, second = made_by(dataclass), made_by(dataclass)
    assert [getattr(first, name) is getattr(second, name) for name in methods] == [False, True, True, True]
