"""What every family of uncertainty says: how it reads, which values it refuses, what `netcea check` doubts about it.

A family is one class in one file. It is the block that YAML has below the family's name (``beta: {se: 0.05}``), and all
that the program ever asks about a number with that uncertainty. The block holds what is around a number, not the number
itself, so methods are given the number's value. Families from which numbers are drawn have more to say: see
`netcea.uncertainty.drawn_family`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Final

from netcea.errors import Problem
from netcea.plain_number import read
from netcea.uncertainty.halves import Halves

SET_BOTH: Final = "a changed number may need another uncertainty: set both"
ROUNDING: Final = 0.001
"""By which published shares may miss their total. [1]"""
SMALLEST: Final = 1e-30
LARGEST: Final = 1e30
"""Sizes of an uncertain number, and of the figures around it, that draws and quantiles can be worked out from."""


class Family(ABC):
    """How a number can be uncertain.

    Attributes
    ----------
    name : str
        In full, as YAML and messages have it.
    group_field : str
        For what is drawn with others: the entry that names the others.
    together : str
        For what is drawn with others: what they are, such as proportions that add up to 1.
    total : float or None
        For what is drawn with others: what their values add up to, where they do; to `ROUNDING`.
    unusual_for : frozenset of str
        Dimensions of units for which `netcea check` doubts it: money is sampled as gamma or log-normal, a ratio on the
        log scale.

    References
    ----------
    Briggs A, Claxton K, Sculpher M. Decision Modelling for Health Economic Evaluation. 2006, chapter 4.
    """

    name: ClassVar[str]
    group_field: ClassVar[str] = ""
    together: ClassVar[str] = ""
    total: ClassVar[float | None] = None
    unusual_for: ClassVar[frozenset[str]] = frozenset({"money"})

    @property
    def group_name(self) -> str:
        """What it is drawn with, as the entry `group_field` says; empty for what is drawn alone or never."""
        return str(getattr(self, self.group_field)) if self.group_field else ""

    @abstractmethod
    def words(self, value: float) -> str:
        """Return the uncertainty in words, for tables.

        Parameters
        ----------
        value : float
            Point estimate. [the number's unit]

        Returns
        -------
        str
            With the figures that define it.
        """

    def interval(self, value: float) -> tuple[float | None, float | None]:
        """Return the 95% interval for tables: the published one, or what takes no more than a calculator.

        Parameters
        ----------
        value : float
            Point estimate. [the number's unit]

        Returns
        -------
        tuple of (float, float) or (None, None)
            [the number's unit]
        """
        return None, None

    @property
    def published_interval(self) -> tuple[float, float] | None:
        """The 95% interval where it was published. [the number's unit]."""
        return None

    @property
    def log_standard_error(self) -> float | None:
        """Standard error of the logarithm, or of a survival's complementary log-log; None where there is none. [1]."""
        return None

    def plain_standard_error(self, value: float) -> float | None:
        """Return the standard error on the number's own scale, where it is normal there; None elsewhere.

        Parameters
        ----------
        value : float
            Point estimate. [the number's unit]

        Returns
        -------
        float or None
            [the number's unit]
        """
        return None

    def log_halves(self, value: float) -> Halves | None:
        """Return how the error of the logarithm follows a deviate, where it is not the standard error times it.

        Parameters
        ----------
        value : float
            Point estimate. [the number's unit]

        Returns
        -------
        Halves or None
            For fits, which take what else there is from `log_standard_error`. [log]
        """
        return None

    def refusals(self, value: float) -> Iterable[Problem]:
        """Return why a number of this value cannot have this uncertainty.

        Parameters
        ----------
        value : float
            Point estimate. [the number's unit]

        Returns
        -------
        iterable of Problem
            Addresses are relative to the number: ``value``, ``uncertainty.beta``.
        """
        return ()

    def why_not(self, value: float) -> list[Problem]:
        """Return why a number of this value cannot have this uncertainty: what no arithmetic can hold, then `refusals`.

        Parameters
        ----------
        value : float
            Point estimate. [the number's unit]

        Returns
        -------
        list of Problem
            Addresses are relative to the number.
        """
        figures = {name: entry for name, entry in vars(self).items() if isinstance(entry, float)}
        own = {f"uncertainty.{self.name}.{name}": entry for name, entry in figures.items()}
        given = {"value": value, **own} if own else {}
        return list(_uncountable(given)) or list(self.refusals(value))

    def faults_of_group(self, members: "Mapping[str, tuple[float, Family]]") -> Iterable[tuple[str, Problem]]:
        """Return why the members of a group that is drawn together are no whole.

        Parameters
        ----------
        members : mapping of address -> (value, family)
            All of them. [the numbers' unit]

        Returns
        -------
        iterable of (address, Problem)
            Addresses of problems are relative to the member.
        """
        return ()

    def elsewhere(self, value: float) -> str:
        """Return an uncertainty that a number moved to a value could have, as YAML; numbers to be given in capitals.

        Parameters
        ----------
        value : float
            One that this uncertainty refuses. [the number's unit]

        Returns
        -------
        str
            For ``--set ADDRESS.uncertainty=``.
        """
        return "{uniform: {low: LOW, high: HIGH}}"

    def doubts(self, value: float) -> Iterable[str]:
        """Return what is possible, but looks like a mistake.

        Parameters
        ----------
        value : float
            Point estimate. [the number's unit]

        Returns
        -------
        iterable of str
            For the findings of `netcea check`.
        """
        return ()

    def _above_zero(self, value: float) -> Iterable[Problem]:
        """Refuse 0 and below, for what is defined above 0 only."""
        if value <= 0:
            found = f"{read(value)} with the uncertainty {self.name}"
            yield Problem(address="value", found=found, expected="a value above 0", suggestion=SET_BOTH)


def _uncountable(given: Mapping[str, float]) -> Iterator[Problem]:
    """Yield what is so small or large that its square, or that of a ratio, cannot be told from 0 or infinity."""
    for address, number in given.items():
        if number and not SMALLEST <= abs(number) <= LARGEST:
            expected = f"0, or a size of {read(SMALLEST)} to {read(LARGEST)} where a number is uncertain"
            yield Problem(address=address, found=read(number), expected=expected)


def outside(value: float, family: str, low: float, high: float) -> Iterable[Problem]:
    """Refuse a value that lies outside the bounds of its own uncertainty.

    Parameters
    ----------
    value : float
        Point estimate. [the number's unit]
    family : str
        What the bounds are called.
    low, high : float
        The bounds. [the number's unit]

    Yields
    ------
    Problem
        One, or none.

    Examples
    --------
    >>> [problem.found for problem in outside(0.4, "ci95", 0.5, 0.7)]
    ['0.4, outside its ci95 0.5 to 0.7']
    """
    if not low <= value <= high:
        found = f"{read(value)}, outside its {family} {read(low)} to {read(high)}"
        yield Problem(address="value", found=found, expected="a value inside it", suggestion=SET_BOTH)
