"""One test of many small things: thousands of cases cost more to name and report than to try."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


def every(items: Iterable[Any]) -> Callable[[Callable[[Any], None]], Callable[[], None]]:
    """Make a test of one item a test of all, which says of each that fails which it is and why.

    Parameters
    ----------
    items : iterable
        What the test is given, one at a time; at least one.
    """
    items = list(items)

    def decorate(check: Callable[[Any], None]) -> Callable[[], None]:
        def test() -> None:
            assert items, "nothing to test"
            wrong = []
            for item in items:
                try:
                    check(item)
                except Exception as error:  # noqa: BLE001 # every fault is told, whatever it is
                    wrong.append(f"{item}: {type(error).__name__}: {error}")
            assert not wrong, "\n".join(wrong)

        test.__name__, test.__qualname__, test.__doc__ = check.__name__, check.__qualname__, check.__doc__
        test.__module__ = check.__module__
        return test

    return decorate
