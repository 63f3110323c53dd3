"""Which of the two computes: NumPy, or the compiled kernel where numba is installed and there is enough to do."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from netcea.errors import InputError, Problem

SWITCH: Final = "NETCEA_KERNEL"
"""Of the environment: `numpy` or `compiled`; where it is not set, compiled once that pays."""
PAYS: Final = 100_000_000
"""Numbers (rows x edges x strategies), 100,000 draws of a base case, after which compiled loops have been missed for
longer than they take to load; and which is worth the 120 MB that they take."""


class Kernel:
    """Chooses once, for the whole process; the bits of results do not depend on it.

    Until it is known how much there is to do NumPy computes. When that has gone on for as long as loading the compiled
    kernel takes, it is loaded: at worst, both have been paid once.

    Parameters
    ----------
    pays : int
        Numbers that NumPy computes before.

    Examples
    --------
    >>> kernel = Kernel(pays=100)
    >>> kernel.compiled(10) is None, kernel.words
    (True, 'NumPy')
    """

    def __init__(self, pays: int = PAYS) -> None:
        self._pays = pays
        self._done = 0
        self._wanted: str | None = None
        self._module: Any = None

    @property
    def words(self) -> str:
        """What has computed in this process so far."""
        return "NumPy" if self._module is None else f"compiled kernel (numba {self._module.NUMBA})"

    @property
    def compiled_was_used(self) -> bool:
        """Whether the compiled kernel has computed in this process."""
        return self._module is not None

    def compiled(self, numbers: int = 0) -> Any:
        """Return the module of compiled functions; None where NumPy is to compute.

        Parameters
        ----------
        numbers : int
            That are to be computed now.

        Returns
        -------
        module or None
            `netcea.kernel.compiled`.

        Raises
        ------
        InputError
            The environment asks for what does not exist, or is not installed.
        """
        if self._module is not None:
            return self._module
        if self._wanted is None:
            self._wanted = _wanted()
        self._done += numbers
        if self._wanted == "compiled" or (self._wanted == "" and self._done > self._pays):
            self._module = _load(asked=self._wanted == "compiled")
            if self._module is None:
                self._wanted = "numpy"
        return self._module


def _wanted() -> str:
    """Return what the environment asks for: numpy, compiled or nothing."""
    wanted = os.environ.get(SWITCH, "").strip().lower()
    if wanted in ("", "numpy", "compiled"):
        return wanted
    raise InputError([Problem(address=SWITCH, found=repr(wanted), expected="numpy, compiled, or not set")])


def _load(*, asked: bool) -> Any:
    """Return the module of compiled functions; None where numba is not there, unless it was asked for."""
    try:
        if find_spec("numba") is not None:
            return import_module("netcea.kernel.compiled")
        why = "it is not installed"
    except Exception as error:  # noqa: BLE001 - whatever a numba that does not go with this NumPy says
        why = str(error)
    if not asked:
        return None
    problem = Problem(
        address=SWITCH,
        found=f"compiled, which needs numba: {why}",
        expected="numba, or numpy",
        suggestion="pip install 'netcea[fast]'",
    )
    raise InputError([problem])


def kernels() -> str:
    """Return what computes: NumPy, the compiled kernel, or the one until the other pays.

    Returns
    -------
    str
        With the version of numba where that is installed.
    """
    wanted = _wanted()
    if wanted == "numpy" or find_spec("numba") is None:
        return "NumPy"
    from importlib.metadata import version

    kernel = f"the compiled kernel (numba {version('numba')})"
    return kernel if wanted == "compiled" else f"NumPy, and {kernel} where there is much to compute"


KERNEL: Final = Kernel()
"""Of this process."""
