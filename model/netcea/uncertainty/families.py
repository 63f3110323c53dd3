"""The families of uncertainty, and the block `uncertainty` of a number: exactly one of them.

To add a family, write its class in a file of its own and one line in `FAMILIES`.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

from pydantic import Field, create_model, model_validator

from netcea.blocks import Block, refused
from netcea.uncertainty.beta import Beta
from netcea.uncertainty.centred_log_normal import CentredLogNormal
from netcea.uncertainty.ci95 import Ci95
from netcea.uncertainty.dirichlet import Dirichlet
from netcea.uncertainty.family import Family
from netcea.uncertainty.fixed import Fixed
from netcea.uncertainty.gamma import Gamma
from netcea.uncertainty.joint import Joint
from netcea.uncertainty.log_normal import LogNormal
from netcea.uncertainty.normal import Normal
from netcea.uncertainty.one_of import OneOf
from netcea.uncertainty.split_log_normal import SplitLogNormal
from netcea.uncertainty.uniform import Uniform

FAMILIES: Final[dict[str, type[Family]]] = {
    "normal": Normal,
    "log_normal": LogNormal,
    "beta": Beta,
    "gamma": Gamma,
    "uniform": Uniform,
    "dirichlet": Dirichlet,
    "one_of": OneOf,
    "joint": Joint,
    "ci95": Ci95,
    "split_log_normal": SplitLogNormal,
    "centred_log_normal": CentredLogNormal,
    "fixed": Fixed,
}
"""Name in YAML -> family."""


class OneFamily(Block):
    """How far a quantity may be from its value: exactly one family."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        names = type(self).model_fields
        given = [name for name in names if getattr(self, name) is not None]
        if len(given) != 1:
            raise refused(" and ".join(given) or "no distribution", f"exactly one of {', '.join(names)}")
        return self

    @cached_property
    def given(self) -> Family:
        """The family that was given, with its entries."""
        given: Family = next(family for _, family in self if family is not None)
        return given

    @property
    def family(self) -> str:
        """Name of the family that was given."""
        return self.given.name


def uncertainty_block(families: Mapping[str, type[Family]]) -> type[OneFamily]:
    """Return the block `uncertainty` of a number, with a field for each family.

    Parameters
    ----------
    families : mapping of name -> type of Family
        The name is the entry in YAML.

    Returns
    -------
    type of OneFamily
        Its `given` is the family that a number has.

    Examples
    --------
    >>> block = uncertainty_block(FAMILIES)
    >>> block.model_validate({"beta": {"se": 0.05}}).given
    Beta(se=0.05, effective_n=None)
    """
    fields: dict[str, Any] = {
        name: (family | None, Field(default=None, description=(family.__doc__ or "").split("\n")[0]))
        for name, family in families.items()
    }
    return create_model("Uncertainty", __base__=OneFamily, __doc__=OneFamily.__doc__, __module__=__name__, **fields)


if TYPE_CHECKING:
    Uncertainty: TypeAlias = OneFamily
else:
    Uncertainty = uncertainty_block(FAMILIES)
