"""Every number, table and trial that a block of a scenario names, looked up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from netcea.errors import Place
from netcea.loading.resolving.numbers import Numbers
from netcea.loading.resolving.taken_over import taken_over
from netcea.loading.resolving.trials import TrialGroup, trial_group
from netcea.quantities.addresses import Use
from netcea.quantities.key_path import KeyPath, join_address


def looked_up(
    uses: tuple[Use, ...], numbers: Numbers, place: Callable[[KeyPath], Place]
) -> dict[str, TrialGroup | None]:
    """Look up what a block names; return the trials by the entries that name them.

    Parameters
    ----------
    uses : tuple of Use
        See `addresses_by_block`.
    numbers : Numbers
        To which they are added, or what is wrong.
    place : callable
        Key path of an entry -> where it stands.
    """

    def work(into: Numbers) -> dict[str, TrialGroup | None]:
        trials = {}
        for use in uses:
            where = partial(place, use.path)
            if use.kind.table:
                into.table(use.address, use.kind, where)
            elif use.kind.trial:
                trials[join_address(use.path)] = trial_group(into, use.address, where())
            elif not use.kind.fit:  # its numbers depend on arm and family: see `fitted_curve`
                into.quantity(use.address, use.kind, where)
                into.check_limits(use.address, use.path)
        return trials

    return taken_over(numbers, (uses,), ("looked up",), work) if uses else {}
