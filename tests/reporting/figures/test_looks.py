"""Strategies are told apart: where colours start again, lines and points differ."""

from netcea.reporting.figures.style import looks


def test_twenty_strategies_look_different():
    names = [f"s{i}" for i in range(20)]
    found = looks(names, "s3")
    assert len({(look.colour, look.marker) for look in found.values()}) == len(names)
    assert len({(look.colour, look.linestyle) for look in found.values()}) == len(names)
    assert {found[name].marker for name in names[:7]} == {"o"}
