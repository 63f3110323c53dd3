"""What is known together is worth no less than any part of it."""

from __future__ import annotations

from netcea.analyses.voi.members import nested, no_less_than_members
from netcea.analyses.voi.result import Estimate, Partial


def partial(name, addresses, value, told=False, error=1.0):
    estimate = Estimate(value, error, "spline", "good", told)
    return Partial(name, name, tuple(addresses), len(addresses) > 1, (estimate,))


SINGLES = [partial("a", "a", 8.0, told=True), partial("b", "b", 3.0, error=5.0), partial("c", "c", 9.0)]


def test_groups_are_raised_to_members_and_to_groups_within_them_in_any_order():
    groups = [partial("abd", "abd", 2.0), partial("ab", "ab", 4.0), partial("bd", "bd", 12.0)]
    found = nested(groups, SINGLES)
    assert [group.name for group in found] == ["abd", "ab", "bd"]
    assert [group.estimates[0].value for group in found] == [12.0, 8.0, 12.0]
    assert [group.estimates[0].told_from_zero for group in found] == [True, True, False]


def test_what_is_higher_already_stays_but_is_told_from_zero_where_a_member_is():
    (found,) = nested([partial("ab", "ab", 20.0)], SINGLES)
    assert (found.estimates[0].value, found.estimates[0].method) == (20.0, "spline")
    assert found.estimates[0].told_from_zero


def test_part_of_a_source_is_no_member():
    joint = partial("joint", ["a", "z"], 50.0, told=True)
    (found,) = no_less_than_members((Estimate(1.0, 1.0),), ["a", "b"], [joint, SINGLES[1]])
    assert (found.value, found.standard_error) == (3.0, 5.0)
