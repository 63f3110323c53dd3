"""What is known together is worth no less than any part of it: groups and what studies inform, and their members."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from netcea.analyses.voi.result import Estimate, Partial

MEMBERS: Final = "; at least its members"
"""What is said of how such a value was found."""


def no_less_than_members(
    estimates: tuple[Estimate, ...], addresses: Iterable[str], parts: Iterable[Partial]
) -> tuple[Estimate, ...]:
    """Return estimates, none of them below that of quantities that are all among theirs.

    Parameters
    ----------
    estimates : tuple of Estimate
        Of some quantities, in the order of the bases.
    addresses : iterable of str
        The quantities.
    parts : iterable of Partial
        Other quantities, alone or in groups.

    Examples
    --------
    >>> part = Partial("a", "a", ("a",), False, (Estimate(5.0, 1.0, told_from_zero=True),))
    >>> (found,) = no_less_than_members((Estimate(3.0, 2.0, "spline", "good"),), ["a", "b"], [part])
    >>> found.value, found.standard_error, found.method, found.told_from_zero
    (5.0, 2.0, 'spline; at least its members', True)
    """
    known = {*addresses}
    for part in parts:
        if known.issuperset(part.addresses):
            estimates = tuple(_no_less(one, other) for one, other in zip(estimates, part.estimates, strict=True))
    return estimates


def nested(groups: Iterable[Partial], singles: Iterable[Partial]) -> list[Partial]:
    """Return groups, none of them worth less than a single source or a smaller group in it.

    Parameters
    ----------
    groups : iterable of Partial
        In any order, which is kept.
    singles : iterable of Partial
        Single sources.
    """
    found, below = [*groups], [*singles]
    for at in sorted(range(len(found)), key=lambda at: len(found[at].addresses)):
        group = found[at]
        found[at] = replace(group, estimates=no_less_than_members(group.estimates, group.addresses, below))
        below.append(found[at])
    return found


def _no_less(whole: Estimate, part: Estimate) -> Estimate:
    told = whole.told_from_zero or part.told_from_zero
    if part.value <= whole.value:
        return replace(whole, told_from_zero=told)
    error = max(whole.standard_error, part.standard_error)
    method = whole.method if whole.method.endswith(MEMBERS) else whole.method + MEMBERS
    return Estimate(part.value, error, method, whole.fit_check, told)
